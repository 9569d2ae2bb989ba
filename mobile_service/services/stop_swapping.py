"""The school's hundred, swapped at its gate: the old books come back, the new ones stay, both sides sign on the glass (M6).

It is the swap of lending, with both papers; the signatures stand on them. A school that has signed has received: nobody asks
it again in the portal.
"""

import base64
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agreements.services.permits import require_in_force, require_within
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.catalogue.choices import CopyPlace
from libraries.catalogue.models import Copy
from libraries.choices import PaperKind
from libraries.models import Document, User
from libraries.services.documents import issue_document
from loans.choices import ConsignmentStatus, LineStatus, MoveKind
from loans.lifecycle import CONSIGNMENT
from loans.models import Consignment, LoanLine
from loans.papers import Drawn
from loans.services.custody import Move, move_copies
from loans.services.locking import lock_for_handover
from loans.services.printing import compose_handover
from loans.services.receiving import confirm_receipt
from loans.services.serving import serve_wishes
from loans.services.stepping import roles_of, write_event
from loans.services.swapping import Swapped, swap_at, visit_between
from mobile_service.models import Entry, TripFile, Visit

SIGNATURES = ("school_signature", "crew_signature")


def missing_files(entry: Entry) -> list[str]:
    """Signatures that the entry names and that are still on their way."""
    wanted = {UUID(entry.data[name]) for name in SIGNATURES if entry.data.get(name)}
    here = set(_signatures(entry).values_list("client_id", flat=True)) if wanted else set()
    return sorted(str(key) for key in wanted - here)


def _signatures(entry: Entry) -> "QuerySet[TripFile]":
    """Of this library alone."""
    return TripFile.objects.filter(
        trip__office=entry.office_id,
        client_id__in=[entry.data[name] for name in SIGNATURES if entry.data.get(name)],
    )


def hand_over(*, entry: Entry, visit: Visit, actor: User, on: date) -> dict[str, Any]:
    """Do the swap that ``entry`` tells of, inside the caller's transaction; the facts of what came of it.

    Raises Conflict (``no_delivery``, ``handed_over_at_desk``, ``nothing_to_swap``) and whatever lending refuses.
    """
    consignment = _delivery(entry, visit)
    assert visit.stop.partner is not None
    done: Swapped = swap_at(
        visit=visit_between(visit.stop.office, visit.stop.partner),
        consignment=consignment,
        actor=actor,
        leave_out_missing=True,
        on=on,
        drawn=_drawn(entry, actor),
    )
    facts: dict[str, Any] = {}
    if done.visit is not None and done.visit.document is not None:
        facts["returned"] = done.visit.document.number
    if done.consignment is not None and done.consignment.handover_document is not None:
        facts["handed_over"] = done.consignment.handover_document.number
        facts["consignment"] = done.consignment.code
        if entry.data.get("school_signature"):
            confirm_receipt(
                consignment=done.consignment,
                actor=actor,
                received_by=entry.data.get("received_by", ""),
                on_the_spot=True,
            )
    return facts


def _delivery(entry: Entry, visit: Visit) -> Consignment | None:
    """The delivery that was handed over; None where books only came back."""
    key = entry.data.get("consignment")
    if key is None:
        return None
    found = Consignment.objects.filter(pk=key, lender=visit.stop.office, partner=visit.stop.partner).first()
    if found is None or found.status == ConsignmentStatus.CANCELLED:
        raise Conflict("no_delivery", _("The delivery that was handed over is not one for this school."))
    if found.status != ConsignmentStatus.PICKING:
        raise Conflict(
            "handed_over_at_desk",
            _("Delivery %(code)s was handed over at the desk already.") % {"code": found.code},
            facts={"code": found.code},
        )
    return found


def same_hand(first: str, second: str) -> bool:
    """Whether both names are of one receiver, whoever typed them. Who names nobody contradicts nobody."""
    one, other = (" ".join(name.split()).casefold() for name in (first, second))
    return not other or one == other


def delivery_at_school(visit: Visit) -> Consignment | None:
    """The delivery that was handed over at ``visit``, else the last one that its school has and that is not due yet."""
    rows = Consignment.objects.out().filter(
        lender=visit.stop.office_id, partner=visit.stop.partner_id, due_on__gte=visit.trip.on
    )
    rode = rows.filter(pk__in=visit.loads.values("consignment")).order_by("pk").first()
    return rode or rows.order_by("-dispatched_on", "-pk").first()


@transaction.atomic
def lend_after(*, visit: Visit, barcode: str, actor: User, on: date) -> dict[str, Any]:
    """A book that was given after its delivery was handed over is lent with it, on a record of its own (L4): the one that
    both sides have signed is never written over. What came of it, as facts.

    Raises NotPermitted, TransitionRefused, LimitReached (``more_than_agreed``), InvalidInput (``unknown_barcode``), Conflict.
    """
    found = delivery_at_school(visit)
    if found is None:
        raise Conflict(
            "no_delivery_at_school",
            _("This school has no delivery with which the book could be lent. Propose its next one."),
        )
    fresh = lock_for_handover(found)
    # As long as its books may come back, the delivery lives.
    CONSIGNMENT.ask("take_back", fresh.status, roles_of(actor, fresh))
    agreement = fresh.period.programme.agreement
    require_in_force(agreement, on)
    require_within(agreement, fresh.lines.filter(status=LineStatus.OUT).count() + 1)
    line = _line_for(fresh, barcode)
    for kind in (MoveKind.PICK, MoveKind.DISPATCH):
        move_copies(
            [Move(line.copy_id, line.pk, line.copy.condition)],
            kind=kind,
            partner_id=fresh.partner_id,
            actor=actor,
            on=on,
        )
    record = _record_besides(fresh, line, actor, on)
    serve_wishes(fresh, [line.copy.title_id], actor=actor, on=on)
    title = str(line.copy.title.title)
    write_event(fresh, "dispatch", actor=actor, note=f"{title} ({barcode}): {record.number}")
    return {"title": title, "code": fresh.code, "number": record.number}


def _line_for(consignment: Consignment, barcode: str) -> LoanLine:
    """A fresh line of the locked delivery for the locked copy. That the book was given is a fact: only where it would have to
    be at two places is it refused."""
    copy = (
        Copy.objects.select_for_update(of=("self",), no_key=True)
        .select_related("title")
        .filter(owner_id=consignment.lender_id, barcode=barcode)
        .first()
    )
    if copy is None:
        raise InvalidInput(
            "unknown_barcode",
            _("No copy of this library has the barcode %(barcode)s.") % {"barcode": barcode},
            field="barcode",
        )
    if copy.place != CopyPlace.SHELF:
        raise Conflict("copy_not_free", _("%(barcode)s is not free to be lent now.") % {"barcode": barcode})
    back = consignment.lines.filter(copy=copy, status__in=[LineStatus.RETURNED, LineStatus.SETTLED])
    if back.exists():
        raise Conflict(
            "came_back_before",
            _("“%(title)s” was lent with delivery %(code)s and came back. Lend it with the next one.")
            % {"title": copy.title, "code": consignment.code},
        )
    try:
        with transaction.atomic():
            line, _created = LoanLine.objects.update_or_create(
                consignment=consignment, copy=copy, defaults={"status": LineStatus.PROPOSED}
            )
    except IntegrityError:
        raise Conflict("on_other_list", _("%(barcode)s is already on a list.") % {"barcode": barcode})
    line.copy = copy
    return line


def _record_besides(consignment: Consignment, line: LoanLine, actor: User, on: date) -> Document:
    return issue_document(
        issuer=consignment.lender,
        recipient=consignment.partner,
        kind=PaperKind.HANDOVER,
        title=lambda: (
            _("Handover of %(count)s books to %(partner)s") % {"count": 1, "partner": consignment.partner}
        ),
        template="handover",
        compose=lambda number, verification: compose_handover(consignment, [line], number, verification, on),
        on=on,
        actor=actor,
        item_count=1,
    )


def _drawn(entry: Entry, actor: User) -> Drawn | None:
    files = {file.purpose: file for file in _signatures(entry).select_related("file")}
    if not files:
        return None
    member = entry.device.member.name if entry.device is not None else actor.name
    return Drawn(
        library=_picture(files.get("crew_signature")),
        library_name=member,
        partner=_picture(files.get("school_signature")),
        partner_name=entry.data.get("received_by", ""),
    )


def _picture(file: TripFile | None) -> str:
    """An SVG that holds the picture: papers are frozen as text."""
    if file is None:
        return ""
    with file.file.file.open("rb") as stream:
        content = base64.b64encode(stream.read()).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100">'
        f'<image width="300" height="100" href="data:{file.file.content_type};base64,{content}"/></svg>'
    )
