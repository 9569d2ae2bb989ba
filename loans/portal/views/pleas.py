"""What a school says to a demand: it offers a book, it objects, or it takes its report back (L8). One thing per page (U7)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kerjasama.domain.errors import DomainError
from libraries.access import roles_toward
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried
from libraries.services.drafts import draft_of, drop_draft, keep_draft
from loans.lifecycle import CASE
from loans.models import Case
from loans.portal.forms import AppealForm, OfferBookForm, OfferConditionForm, RetractForm
from loans.portal.photographs import photographs_of, take_photograph
from loans.services.ending_cases import retract_report
from loans.services.pleading import appeal_case, offer_replacement

OFFER, APPEAL = "case_offer", "case_appeal"


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def offer(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Which book? Kept as a draft; nothing is sent before the last page."""
    return _ask(
        request, pk, "offer", OFFER, OfferBookForm, "portal/loss/offer.html", "portal:offer_condition"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def offer_condition(request: PortalRequest, pk: UUID) -> HttpResponse:
    """In what condition, with a photograph."""
    return _ask(
        request,
        pk,
        "offer",
        OFFER,
        OfferConditionForm,
        "portal/loss/offer_condition.html",
        "portal:offer_check",
        after=(OfferBookForm, "portal:offer"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def offer_check(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The offer once more; the button here sends it."""
    return _check(
        request,
        pk,
        "offer",
        OFFER,
        [(OfferBookForm, "portal:offer"), (OfferConditionForm, "portal:offer_condition")],
        "portal/loss/offer_check.html",
        offer_replacement,
        _("Your offer is with the library. Nothing is due until it has answered."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def appeal(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Why the demand should be looked at again."""
    return _ask(request, pk, "appeal", APPEAL, AppealForm, "portal/loss/appeal.html", "portal:appeal_check")


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def appeal_check(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The objection once more; the button here sends it."""
    return _check(
        request,
        pk,
        "appeal",
        APPEAL,
        [(AppealForm, "portal:appeal")],
        "portal/loss/appeal_check.html",
        appeal_case,
        _("Your objection is with the library. Nothing is due until it has decided."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def retract(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The book was never gone: one page, since nothing else is asked."""
    case = _case(request, pk)
    if not _may(request, case, "retract"):
        return _past(request, case)
    form = RetractForm(request.POST or None)
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            retract_report(case=case, actor=request.user, note=form.cleaned_data["note"])
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Good. The book stands on your list again."))
            return redirect("portal:case", case.pk)
    return _page(
        request, case, "portal/loss/retract.html", {"form": form, "refusal": refusal}, refusal=refusal
    )


def _ask(
    request: PortalRequest,
    pk: UUID,
    action: str,
    name: str,
    form_class: type[forms.Form],
    template: str,
    onward: str,
    after: tuple[type[forms.Form], str] | None = None,
) -> HttpResponse:
    """One page of questions: what is typed is kept, and the next page follows."""
    case = _case(request, pk)
    if not _may(request, case, action):
        return _past(request, case)
    draft = draft_of(user=request.user, form=name, subject_id=case.pk)
    if after is not None and not after[0](draft).is_valid():
        return redirect(after[1], case.pk)
    typed = carried(request)
    if request.method == "POST":
        form = form_class(request.POST, request.FILES)
        if form.is_valid():
            answers = {**draft, **form.cleaned_data}
            if "photograph" in form.fields:
                answers["photograph"] = take_photograph(
                    form, case.line.consignment, request.user, _photograph_in(draft)
                )
                answers.pop("drop_photograph", None)
            if not form.errors:
                keep_draft(user=request.user, form=name, subject_id=case.pk, answers=answers)
                return redirect(onward, case.pk)
    else:
        form = form_class(initial=typed.dict() if typed is not None else draft)
    kept = photographs_of(request.user, [_photograph_in(draft)])
    return _page(
        request,
        case,
        template,
        {"form": form, "photograph": kept.get(_photograph_in(draft)), "carried": typed is not None},
    )


def _check(
    request: PortalRequest,
    pk: UUID,
    action: str,
    name: str,
    pages: list[tuple[type[forms.Form], str]],
    template: str,
    send: Callable[..., Case],
    said: str,
) -> HttpResponse:
    """All answers once more. One that is missing leads back to its page."""
    case = _case(request, pk)
    if not _may(request, case, action):
        return _past(request, case)
    draft = draft_of(user=request.user, form=name, subject_id=case.pk)
    answers: dict[str, Any] = {}
    choices: dict[str, str] = {}
    for form_class, address in pages:
        form = form_class(draft)
        if not form.is_valid():
            return redirect(address, case.pk)
        answers |= form.cleaned_data
        for field in form:
            if isinstance(field.field, forms.ChoiceField):
                choices[field.name] = str(dict(field.field.choices)[answers[field.name]])
    answers.pop("drop_photograph", None)
    key = _photograph_in(draft)
    answers["photograph"] = photographs_of(request.user, [key]).get(key)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            with transaction.atomic():
                send(case=case, actor=request.user, **answers)
                drop_draft(user=request.user, form=name, subject_id=case.pk)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, said)
            return redirect("portal:case", case.pk)
    return _page(
        request,
        case,
        template,
        {"answers": answers, "choices": choices, "refusal": refusal},
        refusal=refusal,
    )


def _page(
    request: PortalRequest,
    case: Case,
    template: str,
    context: dict[str, Any],
    refusal: DomainError | None = None,
) -> HttpResponse:
    return show(
        request,
        template,
        {"case": case, **context},
        school_id=case.partner_id,
        status=refusal.status if refusal else 200,
    )


def _case(request: PortalRequest, pk: UUID) -> Case:
    row: Case = get_object_or_404(
        Case.objects.visible_to(request.user)
        .filter(partner__in=request.acting.keys)
        .select_related(
            "lender", "partner", "copy__title", "line__consignment__lender", "line__consignment__partner"
        ),
        pk=pk,
    )
    return row


def _may(request: PortalRequest, case: Case, action: str) -> bool:
    roles = roles_toward(request.user, lender=case.lender_id, partner=case.partner_id)
    return action in CASE.available(case.status, roles)


def _past(request: PortalRequest, case: Case) -> HttpResponse:
    """The matter has moved on, in another window or by the library: its page says how it stands."""
    messages.info(request, _("Here is how the matter stands now."))
    return redirect("portal:case", case.pk)


def _photograph_in(draft: Any) -> str:
    return str(draft.get("photograph", "") or "")
