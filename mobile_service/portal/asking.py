"""A school asks for a visit of the van, follows what becomes of it, and agrees to another day with one tap (M7, P1)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from agreements.models import Party
from kerjasama.domain.errors import DomainError
from libraries.desk import StepWords, refuse, status_of
from libraries.models import Institution
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried
from mobile_service.asking_form import AskAgainForm, SchoolWishForm
from mobile_service.choices import RequestStatus
from mobile_service.lifecycle import REQUEST
from mobile_service.models import Stop, VisitRequest
from mobile_service.services.answering import agree_to_day, withdraw_request
from mobile_service.services.asking import ask_again, ask_in_portal
from mobile_service.services.asking_links import roles_toward_request

PAGE = 30
WORDS = {
    "agree": StepWords(
        title=gettext_lazy("Does this day suit you?"),
        text=gettext_lazy("The visit is placed in the calendar at once, and the library is told."),
        done=gettext_lazy("Agreed: the van comes on that day."),
        kind="primary",
    ),
    "ask_again": StepWords(
        title=gettext_lazy("Which days suit better?"),
        text=gettext_lazy("The library looks what it can do, and answers."),
        done=gettext_lazy("The library knows which days suit you."),
        kind="primary",
    ),
    "withdraw": StepWords(
        title=gettext_lazy("Take the request back?"),
        text=gettext_lazy("The library is told that nothing more is needed. You can ask again at any time."),
        done=gettext_lazy("You have taken your request back."),
        kind="danger-solid",
    ),
}


@require_safe
@portal_page
def visit_requests(request: PortalRequest) -> HttpResponse:
    """What the school asked for: what waits for it first."""
    first = Case(
        When(status=RequestStatus.PROPOSED, then=Value(0)),
        When(status=RequestStatus.OPEN, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = _requests(request).filter(partner=request.acting.school).order_by(first, "-created_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return show(request, "portal/visits/list.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def visit_request_new(request: PortalRequest) -> HttpResponse:
    school = request.acting.school
    stops = list(Stop.objects.filter(partner=school, is_active=True).select_related("office"))
    office = stops[0].office if stops else _office_with_van(school)
    if office is None:
        return show(request, "portal/visits/nobody.html", {})
    typed = request.POST if request.method == "POST" else carried(request)
    initial = {"minutes": stops[0].minutes} if stops else {}
    form = (
        SchoolWishForm(typed, stops=stops)
        if typed is not None
        else SchoolWishForm(stops=stops, initial=initial)
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            stop = form.cleaned_data.get("stop") or (stops[0] if stops else None)
            where = {"stop": stop} if stop is not None else {}
            try:
                row = ask_in_portal(
                    office=stop.office if stop is not None else office,
                    partner=school,
                    actor=request.user,
                    **where,
                    **form.wishes_given(),
                )
            except (DomainError, ValidationError) as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, _("Thank you. The library has your request and will answer."))
                return redirect("portal:visit_request", row.pk)
    context = {
        "form": form,
        "office": office,
        "where": stops[0] if len(stops) == 1 else None if stops else school,
        "carried": request.method != "POST" and typed is not None,
    }
    return show(request, "portal/visits/new.html", context, status=status)


@require_safe
@portal_page
def visit_request(request: PortalRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(_requests(request), pk=pk)
    context = {"row": row, "may": REQUEST.available(row.status, roles_toward_request(request.user, row))}
    return show(request, "portal/visits/page.html", context, school_id=row.partner_id)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def visit_request_step(request: PortalRequest, pk: UUID, action: str) -> HttpResponse:
    """A step, with a question before it where somebody comes by its address; the day proposed is agreed to with one tap."""
    row = get_object_or_404(_requests(request), pk=pk)
    if action not in WORDS:
        raise Http404
    typed = request.POST if request.method == "POST" else None
    form = AskAgainForm(typed) if action == "ask_again" else forms.Form(typed)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _do(action, row, request.user, form)
            except DomainError as error:
                if action == "agree" and (instead := AskAgainForm.after(error, row.office.zone)):
                    # Agreeing would be refused again; another day can be asked for right here.
                    return _ask(request, row, "ask_again", instead, error.status, str(error.message))
                form.refuse(error) if isinstance(form, AskAgainForm) else refuse(form, error)
                status = error.status
            else:
                messages.success(request, WORDS[action].done)
                return redirect("portal:visit_request", row.pk)
    return _ask(request, row, action, form, status)


def _ask(
    request: PortalRequest, row: VisitRequest, action: str, form: Any, status: int, refusal: str = ""
) -> HttpResponse:
    """The page that asks before a step. ``refusal``: why the step that was wanted cannot be, and this one is offered."""
    context = {
        "row": row,
        "form": form,
        "refusal": refusal,
        "words": WORDS[action],
        "url": reverse("portal:visit_request_step", args=[row.pk, action]),
        "label": REQUEST.transition(action).label,
    }
    return show(request, "portal/visits/step.html", context, school_id=row.partner_id, status=status)


def _do(action: str, row: VisitRequest, user: Any, form: Any) -> None:
    acts: dict[str, Callable[[], Any]] = {
        "agree": lambda: agree_to_day(request=row, actor=user),
        "withdraw": lambda: withdraw_request(request=row, actor=user),
        "ask_again": lambda: ask_again(
            request=row, actor=user, wanted_on=form.days_given(), note=form.cleaned_data["note"]
        ),
    }
    acts[action]()


def _requests(request: PortalRequest) -> Any:
    return VisitRequest.objects.visible_to(request.user).filter(partner__in=request.acting.keys).for_list()


def _office_with_van(school: Institution) -> Institution | None:
    """The library that a school without a stop asks: one that has a van, and rather one with which it has agreed on something."""
    rows = Institution.objects.offices().filter(is_active=True, vehicles__is_active=True).distinct()
    agreed = Party.objects.filter(institution=school).values("agreement__office")
    return rows.filter(pk__in=agreed).first() or rows.first()
