"""The school's hundred, swapped at its gate: the old books come back, the new ones stay, both sides sign on the glass (M6).

It is the swap of lending, with both papers; the signatures stand on them. A school that has signed has received: nobody asks
it again in the portal.
"""

import base64
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict
from libraries.models import User
from loans.choices import ConsignmentStatus
from loans.models import Consignment
from loans.papers import Drawn
from loans.services.receiving import confirm_receipt
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
