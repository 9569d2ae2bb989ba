"""How ready our partners are, at the desk: asked of many at once, seen side by side, followed up (D6)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError, NotPermitted, Sentence
from kerjasama.house import collect
from libraries import questions
from libraries.admin.networks import KEEPERS, NetworkAct, own_offices, require_keeper
from libraries.answering import Sheet
from libraries.choices import AnswerValue, AssessmentStatus, InstitutionKind
from libraries.desk import (
    SHEET_ROWS,
    ActPage,
    DeskPage,
    NoteForm,
    StepWords,
    chosen,
    day_field,
    note_field,
    offer_step,
    refuse,
    timeline,
)
from libraries.lifecycle import ASSESSMENT, FOLLOW_UP
from libraries.models import Assessment, Institution
from libraries.reading_answers import TONES, result_of
from libraries.services import readiness
from libraries.services.printing import readiness_pdf
from libraries.services.stepping import roles_of

# As long as a school needs to talk it over once.
ANSWER_WITHIN = timedelta(days=14)
# After this it is worth asking again.
FRESH_FOR = timedelta(days=365)
MOST_AT_ONCE = 200

STEPS = {
    "review": StepWords(
        title=gettext_lazy("Close the assessment?"),
        text=gettext_lazy("The answers were talked over, and the follow-ups are as they should be."),
        done=gettext_lazy("The assessment is closed. Its follow-ups go on."),
        kind="primary",
        icon="check",
    ),
    "cancel": StepWords(
        title=gettext_lazy("Take the questions back?"),
        text=gettext_lazy("The partner is no longer reminded. What was filled in so far is not kept."),
        done=gettext_lazy("The questions are taken back."),
        kind="danger",
        icon="cross",
    ),
}
ALSO = {"send": gettext_lazy("Questions sent")}


class ReadinessList(DeskPage):
    """Partners against conditions: the latest answers of each, in words and colour; and what is still waited for."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        about = chosen(request.GET.get("tentang"), ("jaringan",))
        asked = questions.CURRENT["network" if about else "partner"]
        rows = Assessment.objects.visible_to(request.user).filter(questions=asked.code)
        words = self.words()
        if words:
            rows = rows.filter(
                Q(respondent__name__icontains=words)
                | Q(respondent__short_name__icontains=words)
                | Q(respondent__city__icontains=words)
                | Q(network__name__icontains=words)
            )
        key = "network_id" if about else "respondent_id"
        latest = rows.counted().order_by(key, "-answered_on", "-created_at").distinct(key)
        cuts = {
            "": Q(pk__in=latest.values("pk")),
            "menunggu": Q(status=AssessmentStatus.SENT),
            "terlambat": Q(status=AssessmentStatus.SENT, due_on__lt=today),
            "ditinjau": Q(status=AssessmentStatus.ANSWERED),
        }
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=part) for n, part in enumerate(cuts.values())}
        )
        labels = (_("Latest answers"), _("Waiting"), _("Late"), _("To be reviewed"))
        tabs = [
            (value, label, counts[f"cut{n}"])
            for n, (value, label) in enumerate(zip(cuts, labels, strict=True))
        ]
        waiting = cut in ("menunggu", "terlambat")
        order = ("due_on", "pk") if waiting else ("respondent__name", "pk")
        found = rows.filter(cuts[cut]).for_list().order_by(*order)
        if self.wants_sheet:
            return self.as_sheet(asked, found)
        page = self.page_of(found)
        return self.show(
            "admin/libraries/readiness.html",
            page_obj=page,
            lines=[self.line(row, asked) for row in page],
            asked=asked,
            tabs=tabs,
            cut=cut,
            waiting=waiting,
            words=words,
            about=about,
            today=today,
            may_send=self.access.everything or bool(self.access.having(KEEPERS)),
        )

    def line(self, row: Any, asked: questions.QuestionSet) -> dict[str, Any]:
        """One row of the table: whom it is about, the figure, and a cell for each condition."""
        values = {answer.question: answer for answer in row.given}
        return {
            "row": row,
            "share": questions.readiness({code: it.value for code, it in values.items()}, asked),
            "cells": [
                (question.label, values.get(question.code), _tone(values.get(question.code)))
                for question in asked.questions
            ],
        }

    def as_sheet(self, asked: questions.QuestionSet, rows: Any) -> HttpResponse:
        words = dict(AnswerValue.choices)
        heads = (
            _("Partner"),
            _("City"),
            _("Status"),
            _("Asked on"),
            _("Answered on"),
            _("Readiness"),
            *(question.label for question in asked.questions),
        )
        lines = []
        for row in rows[:SHEET_ROWS]:
            values = {answer.question: answer.value for answer in row.given}
            lines.append(
                (
                    row.about,
                    row.respondent.city,
                    row.get_status_display(),
                    row.asked_on,
                    row.answered_on,
                    questions.readiness(values, asked) if values else "",
                    *(words[values[code]] if code in values else "" for code in asked.codes),
                )
            )
        return self.sheet("kesiapan", heads, lines)


def _tone(answer: Any) -> str:
    return TONES[AnswerValue(answer.value)] if answer else "quiet"


class SendForm(forms.Form):
    """Whom, until when, with which words. The institutions are ticked in the list above it."""

    respondents = forms.ModelMultipleChoiceField(
        queryset=Institution.objects.none(),
        error_messages={"required": gettext_lazy("Tick at least one institution.")},
    )
    office = forms.ModelChoiceField(label=gettext_lazy("Our library"), queryset=Institution.objects.none())
    due_on = day_field(gettext_lazy("Answers wanted by"))
    message = note_field(
        gettext_lazy("A word to the partners"),
        required=False,
        rows=2,
        help_text=gettext_lazy("Stands in the mail and above the questions."),
    )

    def __init__(self, *args: Any, offices: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["respondents"].queryset = candidates
        self.fields["office"].queryset = offices
        known = list(offices[:2])
        if len(known) == 1:
            self.fields["office"].initial = known[0].pk
            self.fields["office"].widget = forms.HiddenInput()


class SendQuestions(DeskPage):
    """Ask many partners at once: narrowed by name, kind and how long ago they were asked, ticked, sent."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require_keeper(self)
        form = self.form(initial={"due_on": clock.today() + ANSWER_WITHIN})
        return self.answer(form)

    def post(self, request: HttpRequest) -> HttpResponse:
        require_keeper(self)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.answer(form, 422)
        try:
            report = readiness.send_assessments(actor=self.actor, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
            return self.answer(form, refusal.status)
        sent = len(report.sent)
        said = ngettext("Asked %(n)s institution.", "Asked %(n)s institutions.", sent) % {"n": sent}
        messages.success(request, said)
        if report.waiting:
            names = ", ".join(str(row) for row in report.waiting)
            messages.info(request, _("Still have questions to answer: %(names)s.") % {"names": names})
        return redirect(reverse("work:readiness") + "?bagian=menunggu")

    def form(self, *data: Any, **kwargs: Any) -> SendForm:
        everybody = self.partners()
        return SendForm(*data, offices=own_offices(self), candidates=everybody, **kwargs)

    def partners(self) -> Any:
        """Who can be asked: everybody the reader's offices have, or had, an agreement with, and libraries of their own."""
        seen = Institution.objects.visible_to(self.request.user).filter(is_active=True)
        if self.access.everything:
            return seen
        offices = self.access.having(KEEPERS)
        return seen.filter(pk__in=collect("partners", offices)).exclude(pk__in=offices)

    def candidates(self) -> Any:
        request, today = self.request, clock.today()
        mine = Assessment.objects.visible_to(request.user).filter(
            respondent=OuterRef("pk"), network__isnull=True
        )
        rows = self.partners().annotate(
            answered_on=Subquery(mine.counted().order_by("-answered_on").values("answered_on")[:1]),
            is_waiting=Exists(mine.filter(status=AssessmentStatus.SENT)),
        )
        words, kind = self.words(), chosen(request.GET.get("jenis"), InstitutionKind.values)
        if words:
            rows = rows.filter(
                Q(name__icontains=words) | Q(short_name__icontains=words) | Q(city__icontains=words)
            )
        if kind:
            rows = rows.filter(kind=kind)
        asked = chosen(request.GET.get("terakhir"), ("belum", "lama"))
        if asked == "belum":
            rows = rows.filter(answered_on__isnull=True)
        elif asked == "lama":
            rows = rows.filter(Q(answered_on__isnull=True) | Q(answered_on__lt=today - FRESH_FOR))
        return rows

    def answer(self, form: SendForm, status: int = 200) -> HttpResponse:
        request = self.request
        found = list(self.candidates()[: MOST_AT_ONCE + 1])
        ticked = set(form.data.getlist("respondents")) if form.is_bound else set()
        return self.show(
            "admin/libraries/readiness_send.html",
            status,
            form=form,
            found=[
                (row, not row.is_waiting and (not form.is_bound or str(row.pk) in ticked))
                for row in found[:MOST_AT_ONCE]
            ],
            more=len(found) > MOST_AT_ONCE,
            most=MOST_AT_ONCE,
            words=self.words(),
            kind=request.GET.get("jenis", ""),
            kinds=InstitutionKind.choices,
            last=request.GET.get("terakhir", ""),
        )


class NetworkAskForm(forms.Form):
    due_on = day_field(gettext_lazy("Answers wanted by"))
    message = note_field(gettext_lazy("A word to the focal point"), required=False, rows=2)


class NetworkAsk(NetworkAct):
    """Ask the focal point about the network as a whole."""

    form_class = NetworkAskForm

    def initial(self) -> dict[str, Any]:
        return {"due_on": clock.today(self.network.office.zone) + ANSWER_WITHIN}

    def title(self) -> str:
        return _("Ask how ready the network is")

    def text(self) -> str:
        return _("Seven short questions go to the focal point.")

    def label(self) -> str:
        return _("Send the questions")

    def act(self, cleaned: dict[str, Any]) -> str:
        row = readiness.send_assessment(
            actor=self.actor, office=self.network.office, network=self.network, **cleaned
        )
        return _("%(respondent)s has been asked.") % {"respondent": row.respondent}


class AssessmentPage(DeskPage):
    """One assessment: what was answered, beside the time before, and what follows from it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        rows = Assessment.objects.select_related("office", "respondent", "network", "answered_by")
        row = self.find(rows, pk)
        roles = roles_of(self.actor, row)
        may = ASSESSMENT.available(row.status, roles)
        today = clock.today(row.office.zone)
        return self.show(
            "admin/libraries/assessment.html",
            assessment=row,
            asked=row.question_set,
            result=result_of(row),
            follow_ups=[
                (it, FOLLOW_UP.available(it.status, roles)) for it in row.follow_ups.order_by("due_on", "pk")
            ],
            may=may,
            may_add=row.answered_on is not None and bool(self.access.at(row.office_id) & KEEPERS),
            steps=[
                offer_step(
                    ASSESSMENT,
                    action,
                    STEPS[action],
                    reverse("work:assessment_step", args=[row.pk, action]),
                    step_form(action)(auto_id=f"{action}_%s"),
                )
                for action in may
                if action in STEPS
            ],
            events=timeline(row.events.select_related("actor"), ASSESSMENT, ALSO),
            today=today,
        )


class ReviewForm(forms.Form):
    note = note_field(
        gettext_lazy("What came of it"),
        required=False,
        help_text=gettext_lazy(
            "For example with whom it was talked over, and what was agreed. The partner reads it too."
        ),
    )


def step_form(action: str) -> type[forms.Form]:
    return NoteForm if ASSESSMENT.transition(action).needs else ReviewForm


class AssessmentAct(ActPage):
    assessment: Assessment

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.assessment = self.find(Assessment.objects.select_related("office", "respondent", "network"), pk)
        return self.assessment

    def back(self) -> str:
        return reverse("work:assessment", args=[self.assessment.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Readiness"), reverse("work:readiness")), (str(self.assessment.about), self.back())]


class AssessmentStep(AssessmentAct):
    action: str

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        if self.action not in STEPS:
            raise Http404
        self.form_class = step_form(self.action)
        self.kind = "danger-solid" if STEPS[self.action].kind == "danger" else "primary"
        return super().subject_of(pk)

    def title(self) -> Sentence:
        return STEPS[self.action].title

    def text(self) -> Sentence:
        return STEPS[self.action].text

    def label(self) -> Sentence:
        return ASSESSMENT.transition(self.action).label

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        verb: Any = readiness.cancel_assessment if self.action == "cancel" else readiness.review_assessment
        verb(assessment=self.assessment, actor=self.actor, **cleaned)
        return STEPS[self.action].done


class AnswerAtDesk(DeskPage):
    """For what a partner says on the telephone, and for focal points that work at a desk themselves."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = self.row(pk)
        if row.status != AssessmentStatus.SENT:
            return redirect("work:assessment", pk)
        return self.answer(Sheet(row, self.actor))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = self.row(pk)
        try:  # before a file is written to the disk
            ASSESSMENT.ask("answer", row.status, roles_of(self.actor, row))
        except NotPermitted as refusal:
            raise PermissionDenied from refusal
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
            return redirect("work:assessment", pk)
        sheet = Sheet(row, self.actor, request.POST, request.FILES)
        if "simpan" in request.POST:
            sheet.keep(request.POST.dict())
            messages.success(request, _("What you have filled in is kept. You can go on later."))
            return redirect("work:assessment", pk)
        if not sheet.send(request.POST.dict()):
            return self.answer(sheet, sheet.refusal.status if sheet.refusal else 422)
        messages.success(request, _("The answers are recorded."))
        return redirect("work:assessment", pk)

    def row(self, pk: UUID) -> Assessment:
        row: Assessment = self.find(Assessment.objects.select_related("office", "respondent", "network"), pk)
        return row

    def may(self, row: Assessment) -> bool:
        return "answer" in ASSESSMENT.available(row.status, roles_of(self.actor, row))

    def answer(self, sheet: Sheet, status: int = 200) -> HttpResponse:
        return self.show(
            "admin/libraries/assessment_answer.html",
            status,
            assessment=sheet.assessment,
            form=sheet.form,
            sheet=sheet,
            refusal=sheet.refusal,
            may=self.may(sheet.assessment),
        )


class AssessmentPdf(DeskPage):
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = self.find(Assessment.objects.select_related("office", "respondent", "network"), pk)
        response = HttpResponse(readiness_pdf(row), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="kesiapan-{row.pk}.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response
