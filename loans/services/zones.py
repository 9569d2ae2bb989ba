"""Where in the house the books of a delivery stand, and who fetches which part of them (L3)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import roles_toward
from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.choices import LineStatus, Subject
from loans.lifecycle import CONSIGNMENT, DESK
from loans.models import Consignment, LoanLine, ShelfZone, ZoneClaim
from loans.services.locking import hold_consignment
from loans.services.stepping import roles_of

_RANGE = re.compile(r"(\d{1,3})\s*[-–]\s*(\d{1,3})")
_CLASS = re.compile(r"\d{3}")
NOWHERE = "?"


@dataclass(frozen=True, slots=True)
class Zone:
    """``key`` is stable for programs and addresses; zones sort by ``order``."""

    key: str
    name: str
    order: tuple[int, str]


@dataclass(slots=True)
class Part:
    """One zone of one delivery: its lines in shelf order, how many are in the box, and who fetches them."""

    zone: Zone
    lines: list[LoanLine] = field(default_factory=list)
    claimed_by: User | None = None

    @property
    def picked(self) -> int:
        return sum(line.status == LineStatus.PICKED for line in self.lines)

    @property
    def waiting(self) -> list[LoanLine]:
        return [line for line in self.lines if line.status == LineStatus.PROPOSED]

    @property
    def fetched(self) -> list[LoanLine]:
        return [line for line in self.lines if line.status == LineStatus.PICKED]


class House:
    """The zones of one library. One query, whatever is asked of it afterwards."""

    def __init__(self, office_id: UUID) -> None:
        self.zones = list(ShelfZone.objects.filter(office=office_id))

    def zone_of(self, copy: Copy) -> Zone:
        """The first zone that names where the copy stands; else its location; else the hundred of its class."""
        for row in self.zones:
            if _stands_in(row.shelves, copy):
                return Zone(f"z-{row.pk}", row.name, (row.position, row.name))
        if copy.location:
            return Zone(f"l-{copy.location}"[:80], copy.location, (1000, copy.location))
        number = class_of(copy)
        if number is None:
            return Zone(NOWHERE, _("Without a number"), (3000, ""))
        hundred = Subject(f"{number // 100}00")
        return Zone(f"d-{hundred}", f"{hundred} {hundred.label}", (2000, str(hundred)))

    def parts(self, lines: Iterable[LoanLine]) -> list[Part]:
        """Lines by zone, the zones in the order of the round, the lines as they stand on the shelf."""
        found: dict[str, Part] = {}
        for line in lines:
            zone = self.zone_of(line.copy)
            found.setdefault(zone.key, Part(zone)).lines.append(line)
        for part in found.values():
            part.lines.sort(key=lambda line: (line.copy.call_number, line.copy.barcode))
        return sorted(found.values(), key=lambda part: part.zone.order)


def class_of(copy: Copy) -> int | None:
    """The three digits of its class: from the label on its back, else from its title."""
    for text in (copy.call_number, copy.title.ddc):
        if found := _CLASS.search(text):
            return int(found[0])
    return None


def _stands_in(shelves: str, copy: Copy) -> bool:
    number, label = class_of(copy), copy.call_number.casefold()
    for entry in (part.strip() for part in shelves.split(",")):
        if not entry:
            continue
        if found := _RANGE.fullmatch(entry):
            if number is not None and int(found[1]) <= number <= int(found[2]):
                return True
        elif entry.casefold() == copy.location.casefold() or re.match(
            rf"{re.escape(entry.casefold())}(\b|(?<=\d))", label
        ):
            return True
    return False


def parts_of(consignment: Consignment) -> list[Part]:
    """What is to be fetched for a delivery, zone by zone. Three queries."""
    lines = consignment.lines.filter(status__in=[LineStatus.PROPOSED, LineStatus.PICKED]).in_shelf_order()
    parts = House(consignment.lender_id).parts(lines.select_related("picked_by"))
    claims = {row.zone: row.user for row in consignment.zone_claims.select_related("user")}
    for part in parts:
        part.claimed_by = claims.get(part.zone.key)
    return parts


@transaction.atomic
def claim_zone(*, consignment: Consignment, zone: str, actor: User) -> ZoneClaim:
    """“I fetch these”: the others see the name. Raises Conflict (``zone_taken``), InvalidInput (``unknown_zone``)."""
    fresh = hold_consignment(consignment)
    CONSIGNMENT.ask("dispatch", fresh.status, roles_of(actor, fresh))
    names = {part.zone.key: part.zone.name for part in parts_of(fresh)}
    if zone not in names:
        raise InvalidInput("unknown_zone", _("No book of this delivery stands in that zone."), field="zone")
    claim = fresh.zone_claims.filter(zone=zone).select_related("user").first()
    if claim is not None and claim.user_id != actor.pk:
        raise Conflict(
            "zone_taken",
            _("%(who)s is fetching the books of %(zone)s. Take another zone, or ask them to leave it to you.")
            % {"who": claim.user, "zone": names[zone]},
        )
    if claim is None:
        claim = ZoneClaim.objects.create(consignment=fresh, zone=zone, user=actor, at=clock.now())
    return claim


@transaction.atomic
def leave_zone(*, consignment: Consignment, zone: str, actor: User) -> None:
    """Nobody fetches this zone any more; whoever works at the desk may say so, the one who went home cannot."""
    fresh = hold_consignment(consignment)
    CONSIGNMENT.ask("dispatch", fresh.status, roles_of(actor, fresh))
    fresh.zone_claims.filter(zone=zone).delete()


@transaction.atomic
def keep_zone(
    *,
    office: Institution,
    actor: User,
    name: str,
    shelves: str,
    position: int = 1,
    zone: ShelfZone | None = None,
) -> ShelfZone:
    """Add a zone, or change one. Raises NotPermitted, InvalidInput (``no_shelves``), ValidationError for a name in use."""
    require_desk(office.pk, actor)
    if not [part for part in shelves.split(",") if part.strip()]:
        raise InvalidInput(
            "no_shelves", _("Say what stands there: class numbers, letters or a room."), field="shelves"
        )
    row = zone or ShelfZone(office=office)
    row.name, row.shelves, row.position = name.strip(), shelves.strip(), position
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def remove_zone(*, zone: ShelfZone, actor: User) -> None:
    """Its shelves are found by their location or class again. Raises NotPermitted."""
    require_desk(zone.office_id, actor)
    zone.delete()


def require_desk(office_id: UUID, actor: User) -> None:
    if not roles_toward(actor, lender=office_id) & DESK:
        raise NotPermitted("role_missing", _("Only the circulation desk or an officer keeps the zones."))


def chosen_part(parts: Sequence[Part], key: str, user: User | None = None) -> Part | None:
    """The part with this key; without one, the one that ``user`` fetches, else the first with something to fetch."""
    own = [part for part in parts if user is not None and part.claimed_by == user]
    return next((part for part in parts if part.zone.key == key), None) or next(
        iter([*own, *(part for part in parts if part.waiting), *parts]), None
    )
