"""The first page: what we hold, when it goes back, what to do now (U12)."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kerjasama.house import PortalTask, collect
from libraries.models import Institution
from libraries.portal.acting import PortalRequest, portal_page, show
from loans.choices import CaseStatus, PeriodStatus, ProgrammeStatus
from loans.models import Case, Period, Programme
from loans.portal.tasks import out_at
from loans.services.pausing import books_of

URGENCY = {"late": 0, "due": 1, "calm": 2}


@require_safe
@portal_page
def home(request: PortalRequest) -> HttpResponse:
    acting = request.acting
    deliveries = out_at(request.user, acting.school)
    holding = [row for row in deliveries if row.held_count]
    coming = (
        Period.objects.visible_to(request.user)
        .filter(
            programme__partner=acting.school,
            programme__status=ProgrammeStatus.RUNNING,
            status=PeriodStatus.PLANNED,
            starts_on__gte=acting.today,
        )
        .select_related("programme__lender")
        .order_by("starts_on")
        .first()
    )
    reported = (
        Case.objects.visible_to(request.user)
        .filter(
            partner=acting.school, status__in=[CaseStatus.REPORTED, CaseStatus.OFFERED, CaseStatus.APPEALED]
        )
        .count()
    )
    told = in_order(collect("portal_tasks", request.user, acting.school, acting.today))
    return show(
        request,
        "portal/home.html",
        {
            "tasks": [task for task in told if not task.is_news],
            "news": [task for task in told if task.is_news],
            "holding": holding,
            "held": sum(row.held_count for row in holding),
            "coming": coming,
            "stopped": stopped_at(request.user, acting.school),
            "reported": reported,
        },
    )


def stopped_at(user: object, school: Institution) -> list[dict[str, Any]]:
    """Programmes that pause or are brought home, with how many books are back of how many. One query where there are none."""
    rows = (
        Programme.objects.visible_to(user)
        .filter(partner=school, status__in=[ProgrammeStatus.PAUSED, ProgrammeStatus.RETURNING])
        .select_related("lender")
        .order_by("label", "pk")
    )
    return [
        {"programme": row, "home": books_of(row) if row.status == ProgrammeStatus.RETURNING else None}
        for row in rows
    ]


def in_order(tasks: list[PortalTask]) -> list[PortalTask]:
    """The latest first, then what is due soonest; what has no day comes by the nature of the task."""
    return sorted(tasks, key=lambda task: (URGENCY[task.tone], task.due_on is None, task.due_on, task.order))
