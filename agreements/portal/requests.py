"""A partner asks a library to cooperate, follows what becomes of it, and answers what a library asks (A6, P1)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from agreements.asking import DeclineForm, MessageForm, WishesForm
from agreements.choices import OPEN_REQUESTS, AgreementStatus
from agreements.conversation import messages_of, steps_of
from agreements.lifecycle import REQUEST
from agreements.models import CooperationRequest
from agreements.services.requesting.deciding import decline_request, show_interest, withdraw_request
from agreements.services.requesting.opening import ask_in_portal
from agreements.services.requesting.stepping import roles_of
from agreements.services.requesting.talking import SPOKEN_OF, write_message
from kerjasama.domain.errors import DomainError
from libraries.desk import StepWords, refuse, status_of
from libraries.models import Institution
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried

PAGE = 30
VERBS = {"show_interest": show_interest, "decline": decline_request, "withdraw": withdraw_request}
WORDS = {
    "show_interest": StepWords(
        title=gettext_lazy("You are interested?"),
        text=gettext_lazy("The library is told, and comes back to you. Nothing is agreed by that yet."),
        done=gettext_lazy("Thank you. The library knows that you are interested."),
        kind="primary",
    ),
    "decline": StepWords(
        title=gettext_lazy("Decline the invitation?"),
        text=gettext_lazy("The library reads your reason, and the matter is closed."),
        done=gettext_lazy("The library knows that you do not take part."),
        kind="danger-solid",
    ),
    "withdraw": StepWords(
        title=gettext_lazy("Withdraw the request?"),
        text=gettext_lazy("The library is told that nothing more is needed. You can ask again at any time."),
        done=gettext_lazy("You have withdrawn your request."),
        kind="danger-solid",
    ),
}


class AskForm(WishesForm):
    office = forms.ModelChoiceField(
        label=gettext_lazy("Which library do you ask?"),
        queryset=Institution.objects.none(),
        empty_label=gettext_lazy("Choose …"),
    )
    field_order = ("office", *WishesForm.field_order)

    def __init__(self, *args: Any, school: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Institution.objects.offices().filter(is_active=True).exclude(pk=school.pk)
        self.fields["office"].queryset = offices
        known = list(offices[:2])
        if len(known) == 1:
            # There is only one answer, so it is not asked (U9).
            self.fields["office"].initial = known[0].pk
            self.fields["office"].widget = forms.HiddenInput()


@require_safe
@portal_page
def requests(request: PortalRequest) -> HttpResponse:
    """All requests of the school and all invitations to it, what waits for it first."""
    mine = _requests(request).filter(institution=request.acting.school)
    still_open = Case(
        When(status__in=OPEN_REQUESTS, turn="partner", then=Value(0)),
        When(status__in=OPEN_REQUESTS, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    page = Paginator(mine.order_by(still_open, "-asked_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    return show(request, "portal/requests/list.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def request_new(request: PortalRequest) -> HttpResponse:
    school = request.acting.school
    typed = request.POST if request.method == "POST" else carried(request)
    form = AskForm(typed, school=school) if typed is not None else AskForm(school=school)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                row = ask_in_portal(
                    office=form.cleaned_data["office"],
                    institution=school,
                    actor=request.user,
                    **form.wishes_given(),
                )
            except (DomainError, ValidationError) as error:
                refuse(form, error)
                status = status_of(error)
            else:
                messages.success(request, _("Thank you. The library has your request and will answer."))
                return redirect("portal:request", row.pk)
    context = {"form": form, "carried": request.method != "POST" and typed is not None}
    return show(request, "portal/requests/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def request_page(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One request: what was asked and written; what is sent here is the next message."""
    row = get_object_or_404(_requests(request), pk=pk)
    typed = request.POST if request.method == "POST" else carried(request)
    form = MessageForm(typed, request.FILES) if request.method == "POST" else MessageForm(typed)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                write_message(request=row, actor=request.user, **form.said())
            except DomainError as error:
                refuse(form, error)
                status = error.status
            else:
                messages.success(request, _("Your message is on its way to the library."))
                return redirect("portal:request", row.pk)
    agreement = row.agreement
    return show(
        request,
        "portal/requests/page.html",
        {
            "row": row,
            "form": form,
            "carried": request.method != "POST" and typed is not None,
            "thread": messages_of(row, "partner"),
            "events": steps_of(row, names=False),
            "may": REQUEST.available(row.status, roles_of(request.user, row)),
            "may_write": row.status in SPOKEN_OF,
            # A draft is the library's own until it is sent for signature.
            "agreement": agreement
            if agreement is not None
            and agreement.status not in (AgreementStatus.DRAFT, AgreementStatus.CANCELLED)
            else None,
        },
        school_id=row.institution_id,
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def request_step(request: PortalRequest, pk: UUID, action: str) -> HttpResponse:
    """A step with a question before it."""
    row = get_object_or_404(_requests(request), pk=pk)
    if action not in VERBS:
        raise Http404
    form = (DeclineForm if action == "decline" else forms.Form)(
        request.POST if request.method == "POST" else None
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                VERBS[action](request=row, actor=request.user, **form.cleaned_data)
            except DomainError as error:
                refuse(form, error)
                status = error.status
            else:
                messages.success(request, WORDS[action].done)
                return redirect("portal:request", row.pk)
    context = {"row": row, "form": form, "words": WORDS[action], "label": REQUEST.transition(action).label}
    return show(request, "portal/requests/step.html", context, school_id=row.institution_id, status=status)


def _requests(request: PortalRequest) -> Any:
    return (
        CooperationRequest.objects.visible_to(request.user)
        .filter(institution__in=request.acting.keys)
        .select_related("office", "institution", "agreement")
    )
