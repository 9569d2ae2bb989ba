"""Invitations: what we are invited to, our answer, and what came of it (A12, F9, F12)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.choices import ActivityStatus, InvitationAnswer
from agreements.models import Activity, Cohort, Participation
from agreements.portal.forms import AnswerForm
from agreements.services.inviting import accept_invitation, decline_invitation
from kerjasama.domain.errors import DomainError
from libraries.pages import send
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried
from libraries.services.documents import note_view, pdf_of

PAGE = 30
OPEN = (ActivityStatus.PLANNED, ActivityStatus.INVITED)


@require_safe
@portal_page
def activities(request: PortalRequest) -> HttpResponse:
    """What is still to come first, then what was; and of a campus the interns that it sends."""
    rows = (
        Participation.objects.filter(institution=request.acting.school)
        .select_related("activity__office")
        .order_by("-activity__begins_at", "-pk")
    )
    coming = rows.filter(activity__status__in=OPEN, activity__ends_on__gte=request.acting.today)
    past = rows.exclude(pk__in=coming.values("pk"))
    page = Paginator(past, PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "portal/activities.html",
        {
            "coming": coming.order_by("activity__begins_at", "pk"),
            "page_obj": page,
            "cohorts": Cohort.objects.filter(sender=request.acting.school)
            .select_related("activity__office")
            .order_by("-activity__begins_at", "-pk")[:PAGE],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def activity(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One activity; the answer is given on it, and can be changed as long as it has not taken place."""
    row, own, cohort = _found(request, pk)
    may_answer = own is not None and row.status == ActivityStatus.INVITED
    typed = request.POST if request.method == "POST" else carried(request)
    form = AnswerForm(typed) if typed is not None else AnswerForm(initial=_said(own))
    refusal: DomainError | None = None
    if request.method == "POST" and own is not None:
        if form.is_valid():
            try:
                _answer(request, row, own, form.cleaned_data)
            except DomainError as error:
                refusal = error
                if error.field in form.fields:
                    form.add_error(error.field, str(error.message))
                    refusal = None
            else:
                messages.success(request, _("Thank you. The library knows your answer."))
                return redirect("portal:activity", pk)
    elif request.method == "POST":
        raise Http404
    wrong = bool(refusal or (request.method == "POST" and form.errors))
    return show(
        request,
        "portal/activity.html",
        {
            "activity": row,
            "own": own,
            "cohort": cohort,
            "form": form if may_answer else None,
            "refusal": refusal,
            "carried": request.method != "POST" and typed is not None,
            "others": row.participations.count() - (own is not None),
        },
        school_id=own.institution_id if own else cohort.sender_id if cohort else None,
        status=(refusal.status if refusal else 422) if wrong else 200,
    )


@require_safe
@portal_page
def minutes(request: PortalRequest, pk: UUID) -> FileResponse:
    """The issued minutes, for everybody who was invited."""
    row, own, _cohort = _found(request, pk)
    if own is None or row.minutes_document is None:
        raise Http404
    note_view(document=row.minutes_document, user=request.user)
    return send(pdf_of(row.minutes_document), inline=True)


def _found(request: PortalRequest, pk: UUID) -> tuple[Activity, Participation | None, Cohort | None]:
    """The activity, with the invitation and the cohort of the person's own institutions."""
    row = get_object_or_404(
        Activity.objects.visible_to(request.user).select_related("office", "minutes_document"), pk=pk
    )
    own = row.participations.filter(institution__in=request.acting.keys).select_related("institution").first()
    cohort = (
        Cohort.objects.filter(activity=row, sender__in=request.acting.keys)
        .select_related("sender", "acceptance")
        .first()
    )
    if own is None and cohort is None:
        raise Http404
    return row, own, cohort


def _answer(request: PortalRequest, row: Activity, own: Participation, given: dict[str, Any]) -> None:
    if given["comes"] == "yes":
        accept_invitation(
            activity=row,
            actor=request.user,
            institution=own.institution,
            expected=given["expected"],
            note=given["note"],
        )
    else:
        decline_invitation(activity=row, actor=request.user, institution=own.institution, note=given["note"])


def _said(own: Participation | None) -> dict[str, Any]:
    """The answer given so far, for the form."""
    if own is None or own.answer == InvitationAnswer.WAITING:
        return {}
    comes = "yes" if own.answer == InvitationAnswer.ACCEPTED else "no"
    return {"comes": comes, "expected": own.expected, "note": own.note}
