"""What a plan gives one school, period by period, copy by copy; and the plan on paper (L2)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from loans.admin.consignments import pdf
from loans.admin.planning import PlannerPage, school_row
from loans.choices import PlanStatus
from loans.models import RotationPlan
from loans.services.planning_papers import books_of, dropped_by, plan_pdf


class PlanSchool(PlannerPage):
    """Each delivery with its books, those that are new to it marked; and what it would lose. Seven statements, however many books."""

    def get(self, request: HttpRequest, pk: UUID, programme: UUID) -> HttpResponse:
        plan, row = self.of_school(pk, programme)
        shown: dict[UUID, dict[str, Any]] = {}
        for book in books_of(plan, programme):
            delivery = shown.setdefault(book.period.pk, {"period": book.period, "kit": book.kit, "books": []})
            delivery["books"].append(book)
        ready = plan.status == PlanStatus.READY
        return self.show(
            "admin/loans/plan_school.html",
            plan=plan,
            school=school_row(row),
            deliveries=list(shown.values()),
            compared=ready and row["earlier"] > 0,
            dropped=dropped_by(plan, programme) if ready else [],
            crumbs=[*self.crumbs(), (str(plan), reverse("work:plan", args=[plan.pk]))],
        )

    def of_school(self, pk: UUID, programme: UUID) -> tuple[RotationPlan, dict[str, Any]]:
        plan: RotationPlan = self.find(RotationPlan.objects.for_list(), pk)
        row = next((row for row in plan.schools if row["programme"] == str(programme)), None)
        if row is None or plan.result is None:
            raise Http404
        return plan, row


class PlanPaper(PlannerPage):
    """The whole plan on paper: numbers, gaps, purchases, wishes."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        plan: RotationPlan = self.find(RotationPlan.objects.for_list(), pk)
        if plan.result is None:
            raise Http404
        return pdf(plan_pdf(plan, language=get_language() or "id"), f"rencana-{plan.starts_on:%Y-%m-%d}")


class PlanSchoolPaper(PlanSchool):
    """The list of one school, delivery by delivery."""

    def get(self, request: HttpRequest, pk: UUID, programme: UUID) -> HttpResponse:
        plan, _row = self.of_school(pk, programme)
        paper = plan_pdf(plan, programme=programme, language=get_language() or "id")
        return pdf(paper, f"rencana-{plan.starts_on:%Y-%m-%d}-sekolah")
