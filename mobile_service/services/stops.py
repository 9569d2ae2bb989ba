"""The places where the van stands: opened, changed, closed, corrected by the school itself (M1)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import time
from itertools import pairwise
from typing import Any, TypedDict

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agreements.models import Agreement, Party
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted, refuse_unknown
from libraries.access import roles_toward
from libraries.choices import InstitutionKind, PersonFunction
from libraries.models import Institution, Opening, Person, User
from libraries.services.notices import settle
from mobile_service.choices import SeriesStatus, StopKind, VisitStatus
from mobile_service.lifecycle import SCHOOL
from mobile_service.models import HoursProposal, Stop, StopWindow
from mobile_service.services.examining import doubts_of_point, point_of
from mobile_service.services.keeping import one_line, require_desk, require_fresh, save_changes
from mobile_service.services.locking import lock_stop
from mobile_service.telephones import can_be_dialled, require_telephone

STOP_FIELDS = frozenset(
    {
        "partner",
        "name",
        "kind",
        "address",
        "community",
        "postcode",
        "latitude",
        "longitude",
        "minutes",
        "every_weeks",
        "same_weekday",
        "vehicle",
        "closed_on",
        "contact_name",
        "contact_phone",
        "hint",
        "is_public",
    }
)
SCHOOLS = (InstitutionKind.SCHOOL, InstitutionKind.MADRASAH)
# Whom a crew asks for at a school, the first that there is.
ASKED_FOR = (
    PersonFunction.TEACHER_LIBRARIAN,
    PersonFunction.LIBRARIAN,
    PersonFunction.PRINCIPAL,
    PersonFunction.HEAD,
)


# Pages below /jadwal/ that are no stop's.
RESERVED_SLUGS = frozenset({"bulan", "data", "minta"})


class WindowInput(TypedDict):
    weekday: int
    opens_at: time
    closes_at: time


@transaction.atomic
def add_stop(
    *,
    office: Institution,
    actor: User,
    windows: Sequence[WindowInput] = (),
    careful: bool = False,
    **fields: Any,
) -> Stop:
    """A new stop of ``office``. ``careful``: a place that looks mistyped refuses (Conflict ``place_doubtful``). Raises NotPermitted (``role_missing``), InvalidInput (``windows_overlap``,
    ``vehicle_elsewhere``, ``telephone_unusable``, ``unknown_field``), and ValidationError for what a row refuses.
    """
    require_desk(office, actor)
    refuse_unknown(fields, STOP_FIELDS)
    stop = Stop(office=office, **fields)
    stop.name = one_line(stop.name)
    stop.closed_on = sorted(set(stop.closed_on))
    _require_own_vehicle(stop)
    _require_telephone(stop.contact_phone)
    stop.slug = free_slugs([stop.name])[0]
    stop.full_clean()
    if careful:
        _require_likely_place(stop)
    stop.save(force_insert=True)
    _put_windows(stop, windows)
    return stop


@transaction.atomic
def revise_stop(
    *,
    stop: Stop,
    actor: User,
    version: int | None = None,
    windows: Sequence[WindowInput] | None = None,
    careful: bool = False,
    **changes: Any,
) -> Stop:
    """Change a stop; ``windows``, where given, are all of them. Visits that are planned stay where they are.

    Raises Conflict (``stale``), and what ``add_stop`` raises.
    """
    fresh = lock_stop(stop)
    require_desk(fresh.office, actor)
    require_fresh(fresh, version)
    refuse_unknown(changes, STOP_FIELDS)
    if "closed_on" in changes:
        changes["closed_on"] = sorted(set(changes["closed_on"]))
    if "name" in changes:
        changes["name"] = one_line(changes["name"])
    _require_own_vehicle(fresh, *([changes["vehicle"]] if "vehicle" in changes else []))
    _require_telephone(changes.get("contact_phone"), fresh)
    if careful:
        _require_likely_place(fresh, changes)
    other = windows is not None and spans_of(windows) != windows_of(fresh)
    if other and windows is not None:
        fresh.windows.all().delete()
        _put_windows(fresh, windows)
    save_changes(fresh, changes, anyway=other)
    return fresh


@transaction.atomic
def close_stop(*, stop: Stop, actor: User) -> Stop:
    """The van comes here no more; what was, stays. Raises Conflict (``stop_has_series``, ``stop_has_visits``)."""
    fresh = lock_stop(stop)
    require_desk(fresh.office, actor)
    if fresh.series.filter(status=SeriesStatus.ACTIVE).exists():
        raise Conflict(
            "stop_has_series", _("A series of visits to this stop is running. End it, then close the stop.")
        )
    ahead = fresh.visits.filter(status=VisitStatus.PLANNED, begins_at__gte=clock.now()).count()
    if ahead:
        raise Conflict(
            "stop_has_visits",
            _("%(count)s visits to this stop are still planned. Cancel them, then close the stop.")
            % {"count": ahead},
            facts={"count": ahead},
        )
    for proposal in HoursProposal.objects.filter(stop=fresh):
        # Nobody can answer or withdraw it any more.
        settle(proposal.pk)
        proposal.delete()
    save_changes(fresh, {"is_active": False})
    return fresh


@transaction.atomic
def reopen_stop(*, stop: Stop, actor: User) -> Stop:
    """The van comes here again."""
    fresh = lock_stop(stop)
    require_desk(fresh.office, actor)
    save_changes(fresh, {"is_active": True})
    return fresh


@transaction.atomic
def correct_stop(
    *,
    stop: Stop,
    actor: User,
    contact_name: str | None = None,
    contact_phone: str | None = None,
    hint: str | None = None,
) -> Stop:
    """A school puts right whom the crew asks for and how the gate is found. Raises NotPermitted (``role_missing``),
    InvalidInput (``telephone_unusable``).
    """
    fresh = lock_stop(stop)
    if not roles_toward(actor, partner=fresh.partner_id) & SCHOOL:
        raise NotPermitted("role_missing", _("Only people of this school may change what is said of it."))
    _require_telephone(contact_phone, fresh)
    given = {"contact_name": contact_name, "contact_phone": contact_phone, "hint": hint}
    save_changes(fresh, {name: value for name, value in given.items() if value is not None})
    return fresh


def proposal_for(partner: Institution) -> dict[str, Any]:
    """What the directory knows of a partner, as fields of its stop."""
    return proposals_for([partner])[partner.pk]


def proposals_for(partners: Sequence[Institution]) -> dict[Any, dict[str, Any]]:
    """The same for many, by their keys; one statement."""
    contacts: dict[Any, Person] = {}
    people = Person.objects.filter(
        institution__in=partners, function__in=ASKED_FOR, erased_at__isnull=True
    ).order_by("name", "pk")
    for person in people:
        known = contacts.get(person.institution_id)
        if known is None or _rank(person) < _rank(known):
            contacts[person.institution_id] = person
    found = {}
    for partner in partners:
        contact = contacts.get(partner.pk)
        region = partner.region if partner.region_id else None
        found[partner.pk] = {
            "partner": partner,
            "kind": StopKind.SCHOOL if partner.kind in SCHOOLS else StopKind.OTHER,
            "name": one_line(partner.name)[:120],
            "address": one_line(partner.address)[:200],
            "community": region.name[:80] if region is not None and region.level == "village" else "",
            "latitude": partner.latitude,
            "longitude": partner.longitude,
            "contact_name": contact.name if contact else "",
            "contact_phone": next(
                (
                    phone
                    for phone in (contact.phone if contact else "", partner.phone)
                    if can_be_dialled(phone)
                ),
                "",
            ),
            # A school's yard is no public place unless somebody says so.
            "is_public": False,
        }
    return found


def usual_windows(partner: Institution) -> list[WindowInput]:
    """The hours at which a partner is open, as time windows of its stop."""
    return _opening_windows(Opening.objects.filter(institution=partner))


def schools_without_stop(office: Institution) -> list[Institution]:
    """Schools with an agreement in force with ``office`` at which no stop of it stands, open or closed."""
    running = Agreement.objects.filter(office=office).in_force(clock.today(office.zone))
    parties = Party.objects.filter(agreement__in=running)
    return list(
        Institution.objects.filter(
            pk__in=parties.exclude(institution=office).values("institution"),
            kind__in=SCHOOLS,
            is_active=True,
        )
        .exclude(van_stops__office=office)
        .select_related("region")
        .order_by("name")
    )


@transaction.atomic
def make_stops_of_partners(*, office: Institution, actor: User) -> list[Stop]:
    """A stop for every school with a running agreement that has none, from what the directory knows of it."""
    require_desk(office, actor)
    # Whoever presses the button a second time waits here, and then finds nothing left to do.
    Institution.objects.select_for_update(no_key=True).get(pk=office.pk)
    schools = schools_without_stop(office)
    proposals = proposals_for(schools)
    taken = set(Stop.objects.filter(office=office).values_list("name", flat=True))
    stops = []
    for school in schools:
        fields = proposals[school.pk]
        if fields["name"] in taken:
            fields["name"] = f"{fields['name'][:100]} ({school.npsn or school.slug})"[:120]
        taken.add(fields["name"])
        stops.append(Stop(office=office, **fields))
    for stop, slug in zip(stops, free_slugs([stop.name for stop in stops]), strict=True):
        stop.slug = slug
    Stop.objects.bulk_create(stops)
    openings: dict[Any, list[Opening]] = {}
    for row in Opening.objects.filter(institution__in=schools):
        openings.setdefault(row.institution_id, []).append(row)
    StopWindow.objects.bulk_create(
        StopWindow(stop=stop, **window)
        for stop in stops
        for window in _opening_windows(openings.get(stop.partner_id, ()))
    )
    return stops


def windows_of(stop: Stop) -> list[tuple[int, time, time]]:
    """(weekday, from, until), in order."""
    return sorted((row.weekday, row.opens_at, row.closes_at) for row in stop.windows.all())


def free_slugs(names: Sequence[str], taken: Collection[str] = ()) -> list[str]:
    """An address name that no stop has yet for each of ``names``, all different: ``balai-talang``, ``balai-talang-2``."""
    starts = [slugify(name)[:70].strip("-") or "titik" for name in names]
    used = {*RESERVED_SLUGS, *taken}
    if starts:
        used |= set(Stop.objects.filter(slug__regex=_begins_with(starts)).values_list("slug", flat=True))
    found = []
    for start in starts:
        slug, number = start, 2
        while slug in used:
            slug, number = f"{start}-{number}", number + 1
        used.add(slug)
        found.append(slug)
    return found


def _begins_with(starts: Sequence[str]) -> str:
    """Slugs are letters, digits and hyphens, so nothing of them means anything in a pattern."""
    return f"^({'|'.join(sorted(set(starts)))})(-[0-9]+)?$"


def _rank(person: Person) -> int:
    return ASKED_FOR.index(PersonFunction(person.function))


def _opening_windows(openings: Iterable[Opening]) -> list[WindowInput]:
    return [
        {"weekday": row.weekday, "opens_at": row.opens, "closes_at": row.closes}
        for row in sorted(openings, key=lambda row: (row.weekday, row.opens))
    ]


def spans_of(windows: Sequence[WindowInput]) -> list[tuple[int, time, time]]:
    """As ``windows_of`` has them, in order. Raises InvalidInput (``windows_overlap``)."""
    spans = sorted((row["weekday"], row["opens_at"], row["closes_at"]) for row in windows)
    for (day, _from, until), (next_day, following, _until) in pairwise(spans):
        if day == next_day and following < until:
            raise InvalidInput(
                "windows_overlap",
                _("Two time windows of one weekday overlap. Make one of them, or leave time between them."),
                field="windows",
            )
    return spans


def _put_windows(stop: Stop, windows: Sequence[WindowInput]) -> None:
    rows = [
        StopWindow(stop=stop, weekday=day, opens_at=opens, closes_at=closes)
        for day, opens, closes in spans_of(windows)
    ]
    for row in rows:
        row.full_clean()
    StopWindow.objects.bulk_create(rows)


def _require_own_vehicle(stop: Stop, *vehicle: Any) -> None:
    wanted = vehicle[0] if vehicle else (stop.vehicle if stop.vehicle_id else None)
    if wanted is not None and wanted.office_id != stop.office_id:
        raise InvalidInput("vehicle_elsewhere", _("Choose a vehicle of this library."), field="vehicle")


def _require_telephone(phone: str | None, stop: Stop | None = None) -> None:
    """One that stands there from before stays until somebody types another."""
    if phone and (stop is None or phone.strip() != stop.contact_phone):
        require_telephone(phone, "contact_phone")


def _require_likely_place(stop: Stop, changes: dict[str, Any] | None = None) -> None:
    """Raise Conflict (``place_doubtful``) where the place, new or moved, looks mistyped: whoever means it says so."""
    meant = stop
    if changes is not None:
        place = {name: changes.get(name, getattr(stop, name)) for name in ("latitude", "longitude")}
        meant = Stop(office=stop.office, vehicle=changes.get("vehicle", stop.vehicle), **place)
        if point_of(meant) == point_of(stop):
            return
    for doubt in doubts_of_point(meant):
        raise Conflict(
            "place_doubtful",
            doubt.sentence,
            facts={"doubts": [{"code": doubt.code, "sentence": doubt.sentence}]},
            field="latitude",
        )
