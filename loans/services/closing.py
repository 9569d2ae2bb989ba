"""A delivery of which nothing is out any more closes, and its period with it, whichever verb took the last book home."""

from django.db.models import Q
from django.utils.translation import gettext as _

from libraries.models import User
from libraries.services.notices import settle_where
from loans.choices import ConsignmentStatus, LineStatus, PeriodStatus, ProgrammeStatus, VisitStatus
from loans.lifecycle import CONSIGNMENT, DESK, PERIOD, PROGRAMME
from loans.models import Consignment, LoanLine, Programme
from loans.services.stepping import take_step


def close_consignment(consignment: Consignment, *, actor: User | None) -> None:
    """Close a locked delivery and its period; their reminders fall silent. One that is closed already stays so.

    Who may do what takes the last book off the list, the school that reports it lost included, closes with it.
    """
    if consignment.status == ConsignmentStatus.CLOSED:
        return
    take_step(CONSIGNMENT, "close", consignment, actor=actor, roles=DESK)
    period = consignment.period
    if period.status == PeriodStatus.RUNNING:
        take_step(PERIOD, "close", period, actor=actor, roles=DESK, overdue_since=None)
    settle_where(Q(subject_id__in=[consignment.pk, period.pk]))
    if period.programme.status == ProgrammeStatus.RETURNING:
        finish_if_home(period.programme)


def close_when_home(consignment: Consignment, *, actor: User | None) -> None:
    """Close a locked delivery if its last book has just left the list outside a return visit.

    While a visit is under way its scans can still be taken back, so closing is left to the end of the visit.
    """
    waiting = Q(status=LineStatus.OUT) | Q(returned_to__status=VisitStatus.OPEN)
    if not consignment.lines.filter(waiting).exists():
        close_consignment(consignment, actor=actor)


def finish_if_home(programme: Programme) -> bool:
    """End a locked programme that is being brought home when nothing of it is out, nor lost and unsettled."""
    if programme.status != ProgrammeStatus.RETURNING:
        return False
    waiting = LoanLine.objects.filter(
        consignment__period__programme=programme, status__in=[LineStatus.OUT, LineStatus.LOST]
    )
    if waiting.exists():
        return False
    take_step(PROGRAMME, "end", programme, actor=None, note=_("All books are back or settled."))
    return True
