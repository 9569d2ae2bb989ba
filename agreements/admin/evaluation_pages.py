"""The pages on which a cooperation is judged: all evaluations, the aims of one agreement, and the four steps of one (A11)."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from agreements.admin.evaluation_forms import ConclusionForm, TimeForm, within
from agreements.choices import AgreementStatus, MeasurementSource
from agreements.evaluation_paper import figure_words, number
from agreements.lifecycle import EVALUATION, KEEPS
from agreements.models import Agreement, Evaluation
from agreements.services.evaluating import (
    BEGUN,
    draft_pdf,
    evaluation_due_on,
    figures_of,
    finish_evaluation,
    missing,
    obstacles_of,
    revise_evaluation,
)
from agreements.services.prompting import to_evaluate
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.access import roles_toward
from libraries.desk import SHEET_ROWS, DeskPage, NoteForm, Offer, chosen, refuse, status_of, timeline

ALSO = {"begin": gettext_lazy("Evaluation begun")}


class EvaluationList(DeskPage):
    """Every evaluation of the reader's office, and the agreements that are due for one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        words = self.words()
        rows = Evaluation.objects.visible_to(request.user)
        due = to_evaluate(self.actor, today)
        if words:
            rows = rows.filter(
                Q(agreement__title__icontains=words)
                | Q(agreement__number__icontains=words)
                | Q(agreement__partner__name__icontains=words)
                | Q(number__icontains=words)
            )
            due = due.filter(
                Q(title__icontains=words) | Q(number__icontains=words) | Q(partner__name__icontains=words)
            )
        cuts = {"": Q(), "konsep": Q(status="draft"), "selesai": Q(status="finished"), "perlu": Q()}
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            all=Count("pk"),
            draft=Count("pk", filter=cuts["konsep"]),
            done=Count("pk", filter=cuts["selesai"]),
        )
        tabs = [
            ("", _("All"), counts["all"]),
            ("perlu", _("To be evaluated"), due.count()),
            ("konsep", _("Being written"), counts["draft"]),
            ("selesai", _("Finished"), counts["done"]),
        ]
        listed = due if cut == "perlu" else rows.filter(cuts[cut]).select_related("agreement__partner")
        if self.wants_sheet:
            return self.as_sheet(listed[:SHEET_ROWS], cut)
        return self.show(
            "admin/evaluations/list.html",
            page_obj=self.page_of(listed),
            tabs=tabs,
            cut=cut,
            words=words,
            today=today,
        )

    def as_sheet(self, rows: Any, cut: str) -> HttpResponse:
        if cut == "perlu":
            heads = (_("Partner"), _("Agreement"), _("Evaluation due"), _("Ends"))
            return self.sheet(
                "perlu-dievaluasi",
                heads,
                ((row.partner.name, str(row), row.evaluate_by, row.ends_on) for row in rows),
            )
        heads = (
            _("Partner"),
            _("Agreement"),
            _("Number"),
            _("From"),
            _("Until"),
            _("Status"),
            _("Recommendation"),
        )
        return self.sheet(
            "evaluasi",
            heads,
            (
                (
                    row.agreement.partner.name,
                    str(row.agreement),
                    row.number,
                    row.starts_on,
                    row.ends_on,
                    row.get_status_display(),
                    row.get_recommendation_display(),
                )
                for row in rows
            ),
        )


def keeps(user: Any, agreement: Agreement) -> bool:
    return bool(roles_toward(user, office=agreement.office_id) & KEEPS)


class IndicatorsPage(DeskPage):
    """The aims of one agreement with what was measured, its obstacles, and its evaluations."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        rows = Agreement.objects.select_related("office", "partner").prefetch_related(
            "indicators__measurements__entered_by", "obstacles__owner", "evaluations"
        )
        agreement = self.find(rows, pk)
        today = clock.today(agreement.office.zone)
        may_keep = keeps(request.user, agreement) and agreement.status != AgreementStatus.CANCELLED
        evaluations = list(agreement.evaluations.all())
        return self.show(
            "admin/evaluations/indicators.html",
            agreement=agreement,
            indicators=[indicator_words(row) for row in agreement.indicators.all()],
            obstacles=list(agreement.obstacles.all()),
            evaluations=evaluations,
            may_keep=may_keep,
            may_begin=may_keep and agreement.status in BEGUN and all(row.is_finished for row in evaluations),
            count=count_offer(agreement, within(agreement, today))
            if may_keep and agreement.status in BEGUN
            else None,
            due_on=evaluation_due_on(agreement) if agreement.status == AgreementStatus.ACTIVE else None,
            today=today,
        )


def indicator_words(row: Any) -> dict[str, Any]:
    language = get_language() or "id"
    return {
        "row": row,
        "before": number(row.baseline_value, language),
        "target": number(row.target_value, language),
        "values": [
            {
                "row": each,
                "value": number(each.value, language),
                "counted": each.source == MeasurementSource.COUNTED,
            }
            for each in row.measurements.all()
        ],
    }


def count_offer(agreement: Agreement, time: dict[str, Any]) -> Offer:
    return Offer(
        id="count",
        url=reverse("work:count_now", args=[agreement.pk]),
        label=_("Count now"),
        title=_("Count now"),
        text=_(
            "What the system knows about this time is written to the aims. Values that somebody entered stay."
        ),
        icon="chart",
        form=TimeForm(auto_id="count_%s", initial=time),
    )


class EvaluationStepPage(DeskPage):
    """One step of an evaluation being written; a finished one has a single page."""

    step = 1
    template = ""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        evaluation = self.find_evaluation(pk)
        if evaluation.is_finished and self.step != 1:
            return redirect("work:evaluation", pk)
        return self.answer(evaluation)

    def find_evaluation(self, pk: UUID) -> Evaluation:
        rows = Evaluation.objects.select_related(
            "agreement__office", "agreement__partner", "document"
        ).prefetch_related("agreement__indicators__measurements", "agreement__obstacles__owner")
        found: Evaluation = self.find(rows, pk)
        return found

    def answer(self, evaluation: Evaluation, status: int = 200, **more: Any) -> HttpResponse:
        agreement = evaluation.agreement
        return self.show(
            self.template,
            status,
            evaluation=evaluation,
            agreement=agreement,
            steps=[_("Figures"), _("Obstacles"), _("Conclusion"), _("Finish")],
            step=self.step,
            may_keep=keeps(self.request.user, agreement),
            today=clock.today(agreement.office.zone),
            **more,
        )


class EvaluationPage(EvaluationStepPage):
    """Step 1, the figures; and, once it is finished, all of it as it was frozen."""

    def answer(self, evaluation: Evaluation, status: int = 200, **more: Any) -> HttpResponse:
        lines = [figure_words(line, get_language() or "id") for line in figures_of(evaluation)]
        if evaluation.is_finished:
            self.template = "admin/evaluations/finished.html"
            may = EVALUATION.available(
                evaluation.status, roles_toward(self.request.user, office=evaluation.agreement.office_id)
            )
            return super().answer(
                evaluation,
                lines=lines,
                obstacles=obstacles_of(evaluation),
                reopen=Offer(
                    id="reopen",
                    url=reverse("work:evaluation_reopen", args=[evaluation.pk]),
                    label=_("Open it again"),
                    title=_("Open the evaluation again?"),
                    text=_(
                        "Its paper is withdrawn and the partner no longer sees it until it is finished again."
                    ),
                    icon="back",
                    form=NoteForm(auto_id="reopen_%s"),
                )
                if "reopen" in may
                else None,
                events=timeline(evaluation.events.select_related("actor"), EVALUATION, ALSO),
            )
        self.template = "admin/evaluations/figures.html"
        time = {"starts_on": evaluation.starts_on, "ends_on": evaluation.ends_on}
        return super().answer(
            evaluation,
            lines=[
                line | {"row": row}
                for line, row in zip(lines, evaluation.agreement.indicators.all(), strict=True)
            ],
            count=count_offer(evaluation.agreement, time),
        )


class EvaluationObstacles(EvaluationStepPage):
    step = 2
    template = "admin/evaluations/obstacles.html"

    def answer(self, evaluation: Evaluation, status: int = 200, **more: Any) -> HttpResponse:
        return super().answer(evaluation, obstacles=list(evaluation.agreement.obstacles.all()))


class EvaluationWords(EvaluationStepPage):
    step = 3
    template = "admin/evaluations/words.html"

    def answer(self, evaluation: Evaluation, status: int = 200, **more: Any) -> HttpResponse:
        return super().answer(
            evaluation, status, form=more.pop("form", None) or ConclusionForm(evaluation=evaluation), **more
        )

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        evaluation = self.find_evaluation(pk)
        form = ConclusionForm(request.POST, evaluation=evaluation)
        if not form.is_valid():
            return self.answer(evaluation, 422, form=form)
        try:
            revise_evaluation(evaluation=evaluation, actor=self.actor, **form.cleaned_data)
        except (DomainError, ValidationError) as error:
            theirs = ""
            if getattr(error, "code", "") == "stale":
                # Their words are shown; saving once more is then a choice made knowingly.
                evaluation.refresh_from_db(fields=["version", "conclusion", "recommendation"])
                theirs = evaluation.conclusion
                form.data = form.data.copy()
                form.data["version"] = str(evaluation.version)
            refuse(form, error)
            return self.answer(evaluation, status_of(error), form=form, theirs=theirs)
        return redirect("work:evaluation_finish", pk)


class EvaluationFinish(EvaluationStepPage):
    """Everything once more, what lacks, the paper as a draft, and the button."""

    step = 4
    template = "admin/evaluations/check.html"

    def answer(self, evaluation: Evaluation, status: int = 200, **more: Any) -> HttpResponse:
        figures = figures_of(evaluation)
        return super().answer(
            evaluation,
            status,
            lines=[figure_words(line, get_language() or "id") for line in figures],
            obstacles=obstacles_of(evaluation),
            gaps=missing(evaluation, figures),
            **more,
        )

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        evaluation = self.find_evaluation(pk)
        try:
            finish_evaluation(evaluation=evaluation, actor=self.actor)
        except DomainError as error:
            if evaluation.is_finished:
                return redirect("work:evaluation", pk)
            return self.answer(evaluation, error.status, refusal=error.message)
        return redirect("work:evaluation", pk)


class EvaluationDraftPdf(EvaluationStepPage):
    """The paper as it would be now, with a watermark."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        evaluation = self.find_evaluation(pk)
        if evaluation.document_id:
            return redirect("document", evaluation.document_id)
        response = HttpResponse(draft_pdf(evaluation), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="evaluasi-{evaluation.pk}.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response
