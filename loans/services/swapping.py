"""The old hundred for the new one, at the door: one confirmation gives both records (L6)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict
from libraries.models import Institution, User
from loans.choices import ConsignmentStatus, LineStatus, VisitStatus
from loans.models import Consignment, Programme, ReturnVisit
from loans.papers import Drawn
from loans.services.dispatching import dispatch_consignment
from loans.services.locking import hold_visit, lock_consignment
from loans.services.returning import finish_return_visit


@dataclass(frozen=True, slots=True)
class Swapped:
    """What the swap brought to paper: the finished visit, the delivery handed over; one of them may be missing."""

    visit: ReturnVisit | None
    consignment: Consignment | None


def visit_of(programme: Programme) -> ReturnVisit | None:
    """The visit in which this partner's books are coming back now."""
    return visit_between(programme.lender_id, programme.partner_id)


def visit_between(lender: Institution | UUID, partner: Institution | UUID) -> ReturnVisit | None:
    """The same, of a library and whoever brings books back."""
    return ReturnVisit.objects.filter(lender=lender, partner=partner, status=VisitStatus.OPEN).first()


def delivery_of(programme: Programme) -> Consignment | None:
    """The delivery that lies ready for the next period."""
    return (
        Consignment.objects.filter(period__programme=programme, status=ConsignmentStatus.PICKING)
        .order_by("period__sequence")
        .first()
    )


def swap(*, programme: Programme, actor: User, leave_out_missing: bool = False) -> Swapped:
    """Finish the return and hand over the new books in one act: both records, or neither.

    What was not scanned stays with the partner; what is not in the box stays here if ``leave_out_missing`` says so. Where
    nothing came back yet, or nothing new goes, the other half is done alone. Raises Conflict (``nothing_to_swap``), and
    whatever either half refuses, in which case neither is done.
    """
    return swap_at(
        visit=visit_of(programme),
        consignment=delivery_of(programme),
        actor=actor,
        leave_out_missing=leave_out_missing,
    )


@transaction.atomic
def swap_at(
    *,
    visit: ReturnVisit | None,
    consignment: Consignment | None,
    actor: User,
    leave_out_missing: bool = False,
    on: date | None = None,
    drawn: Drawn | None = None,
) -> Swapped:
    """The swap of this visit and this delivery. ``on``: the day of the handover, today when not given; ``drawn``: what both
    sides have signed with their fingers, where they stood together."""
    if visit is not None:
        visit = hold_visit(visit)
        if not visit.lines.exists():
            visit = None
    if consignment is not None and not consignment.lines.filter(status=LineStatus.PICKED).exists():
        consignment = None
    if visit is None and consignment is None:
        raise Conflict(
            "nothing_to_swap", _("Nothing has come back yet and nothing is in the box. Scan the books first.")
        )
    # Everything either half locks, in the one order, before the first half locks any copy.
    touched = Consignment.objects.filter(lines__returned_to=visit) if visit else Consignment.objects.none()
    keys = {row.pk: row for row in [*touched.distinct(), *([consignment] if consignment else [])]}
    for _key, row in sorted(keys.items()):
        lock_consignment(row)
    done = finish_return_visit(visit=visit, actor=actor, drawn=drawn) if visit else None
    gone = (
        dispatch_consignment(
            consignment=consignment, actor=actor, on=on, leave_out_missing=leave_out_missing, drawn=drawn
        )
        if consignment
        else None
    )
    return Swapped(done, gone)
