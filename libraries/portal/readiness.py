"""Questions about our own readiness, answered on a phone, and what we have taken on (D6)."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.answering import Sheet
from libraries.choices import AssessmentStatus, FollowUpStatus
from libraries.desk import note_field
from libraries.models import Assessment, FollowUp
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried
from libraries.reading_answers import result_of
from libraries.services.follow_ups import complete_follow_up
from libraries.services.printing import readiness_pdf

SHOWN = 30


@require_safe
@portal_page
def assessments(request: PortalRequest) -> HttpResponse:
    """What waits for our answers, what we answered, and what is still to be done about it."""
    school = request.acting.school
    rows = (
        Assessment.objects.visible_to(request.user)
        .filter(respondent=school)
        .exclude(status=AssessmentStatus.CANCELLED)
        .select_related("office", "respondent", "network")[:SHOWN]
    )
    todo = (
        FollowUp.objects.visible_to(request.user)
        .filter(assessment__respondent=school)
        .open()
        .for_list()
        .order_by("due_on", "pk")[:SHOWN]
    )
    return show(
        request,
        "portal/readiness/list.html",
        {
            "waiting": [row for row in rows if row.status == AssessmentStatus.SENT],
            "answered": [row for row in rows if row.status != AssessmentStatus.SENT],
            "todo": todo,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def assessment(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The questions while they wait, what was answered afterwards: one address for both (U11)."""
    row = _own(request, pk)
    if row.status == AssessmentStatus.CANCELLED:
        messages.info(request, _("The library has taken these questions back. There is nothing to do."))
        return redirect("portal:assessments")
    if row.status != AssessmentStatus.SENT:
        if request.method == "POST":
            messages.info(request, _("These questions are answered already. Here is what was answered."))
            return redirect("portal:assessment", row.pk)
        return _answered(request, row)
    typed = carried(request)
    if request.method == "POST":
        sheet = Sheet(row, request.user, request.POST, request.FILES)
        if "simpan" in request.POST:
            sheet.keep(request.POST.dict())
            messages.success(request, _("What you have filled in is kept. You can go on later."))
            return redirect("portal:assessments")
        if sheet.send(request.POST.dict()):
            messages.success(request, _("Thank you. The library has your answers."))
            return redirect("portal:assessment", row.pk)
    else:
        sheet = Sheet(row, request.user, carried=typed.dict() if typed is not None else None)
    return show(
        request,
        "portal/readiness/form.html",
        {
            "assessment": row,
            "asked": row.question_set,
            "sheet": sheet,
            "form": sheet.form,
            "refusal": sheet.refusal,
            "carried": typed is not None,
        },
        school_id=row.respondent_id,
        status=sheet.refusal.status if sheet.refusal else 422 if sheet.form.errors else 200,
    )


def _answered(request: PortalRequest, row: Assessment) -> HttpResponse:
    return show(
        request,
        "portal/readiness/result.html",
        {
            "assessment": row,
            "asked": row.question_set,
            "result": result_of(row),
            "follow_ups": row.follow_ups.order_by("status", "due_on", "pk"),
        },
        school_id=row.respondent_id,
    )


@require_POST
@portal_page
def keep_answers(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Asked by the page itself after each choice: keeps what is there, and says so."""
    row = _own(request, pk)
    if row.status != AssessmentStatus.SENT:
        return HttpResponse(status=204)
    sheet = Sheet(row, request.user)
    sheet.keep(request.POST.dict())
    facts = {"sheet": sheet, "asked": row.question_set, "at": clock.now(), "kept": True}
    return render(request, "portal/readiness/_kept.html", facts)


@require_safe
@portal_page
def assessment_pdf(request: PortalRequest, pk: UUID) -> HttpResponse:
    row = _own(request, pk)
    response = HttpResponse(readiness_pdf(row), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="kesiapan-{row.asked_on.isoformat()}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


class DoneForm(forms.Form):
    note = note_field(
        gettext_lazy("What was done"),
        required=False,
        rows=3,
        help_text=gettext_lazy("A sentence is enough. Please name no pupil."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def follow_up_done(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Say that something is done; the library sees it at once."""
    row = get_object_or_404(
        FollowUp.objects.visible_to(request.user)
        .filter(assessment__respondent__in=request.acting.keys)
        .for_list(),
        pk=pk,
    )
    if row.status != FollowUpStatus.OPEN:
        messages.info(request, _("This is closed already."))
        return redirect("portal:assessment", row.assessment_id)
    typed = request.POST if request.method == "POST" else carried(request)
    form = DoneForm(typed)
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            complete_follow_up(follow_up=row, actor=request.user, note=form.cleaned_data["note"])
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Well done. The library sees that it is finished."))
            return redirect("portal:assessment", row.assessment_id)
    return show(
        request,
        "portal/readiness/follow_up.html",
        {
            "follow_up": row,
            "form": form,
            "refusal": refusal,
            "carried": request.method != "POST" and bool(typed),
        },
        school_id=row.assessment.respondent_id,
        status=refusal.status if refusal else 200,
    )


def _own(request: PortalRequest, pk: UUID) -> Assessment:
    rows = Assessment.objects.visible_to(request.user).filter(respondent__in=request.acting.keys)
    return get_object_or_404(rows.select_related("office", "respondent", "network"), pk=pk)
