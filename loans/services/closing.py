"""A delivery of which nothing is out any more closes, and its period with it, whichever verb took the last book home."""

from django.db.models import Q

from libraries.models import User
from libraries.services.notices import settle_where
from loans.choices import ConsignmentStatus, LineStatus, PeriodStatus, VisitStatus
from loans.lifecycle import CONSIGNMENT, DESK, PERIOD
from loans.models import Consignment
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


def close_when_home(consignment: Consignment, *, actor: User | None) -> None:
    """Close a locked delivery if its last book has just left the list outside a return visit.

    While a visit is under way its scans can still be taken back, so closing is left to the end of the visit.
    """
    waiting = Q(status=LineStatus.OUT) | Q(returned_to__status=VisitStatus.OPEN)
    if not consignment.lines.filter(waiting).exists():
        close_consignment(consignment, actor=actor)
