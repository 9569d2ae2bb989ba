"""What a stranger sees who asks for the van: the form, what comes next, and the page behind the secret link (M7).

Nothing changes by opening an address: mail programs open links on their own to look for viruses. Every page behind the link
keeps its address from other sites and from caches.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kerjasama.brakes import address_of, too_often
from kerjasama.domain.errors import DomainError
from kerjasama.domain.links import token_of
from kerjasama.pages.secret_links import behind_link
from libraries.desk import status_of
from mobile_service.asking_form import AskAgainForm
from mobile_service.choices import RequestStatus
from mobile_service.lifecycle import REQUEST
from mobile_service.limits import (
    ASKED_PER_ADDRESS,
    ASKED_PER_CONTACT,
    CLOSED_CONTACT_DAYS,
    GUESSED_PER_ADDRESS,
    STEPS_PER_LINK,
    UNCALLED_DAYS,
    UNCONFIRMED_DAYS,
)
from mobile_service.models import VisitRequest
from mobile_service.public.forms import PublicVisitForm
from mobile_service.services.answering import agree_to_day, withdraw_request
from mobile_service.services.asking import ask_again, ask_in_public, confirm_request
from mobile_service.services.asking_links import LinkHolder, holder_of, roles_toward_request

by_link = behind_link(holder_of, guesses="guess visit link", limit=GUESSED_PER_ADDRESS)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form. A robot that fell into the trap is told the same as a person whose request was taken."""
    if request.method != "POST":
        return _form(request, PublicVisitForm())
    form = PublicVisitForm(request.POST)
    if form.is_trapped:
        return redirect("visit_sent")
    if not form.is_valid():
        return _form(request, form, 422)
    if stopped := _braked(request, form):
        form.add_error(None, stopped)
        return _form(request, form, 429)
    try:
        row = ask_in_public(language=get_language() or "id", **form.given())
    except (DomainError, ValidationError) as error:
        form.refuse(error)
        return _form(request, form, status_of(error))
    if row.asker_email:
        return redirect("visit_sent")
    # Whoever gave no mailbox gets the link at once: it confirms nothing, the library calls.
    return redirect("visit_follow", token_of(row.link_seed))


def _braked(request: HttpRequest, form: PublicVisitForm) -> str:
    """Why it is to be tried again later, and when (S25); empty: it may go on."""
    if too_often("ask visit", address_of(request), ASKED_PER_ADDRESS):
        return _("So many requests came from here that we stop for now. Please try again in an hour.")
    contact = (form.cleaned_data["asker_email"] or form.cleaned_data["asker_phone"]).lower()
    if too_often("ask visit contact", contact, ASKED_PER_CONTACT):
        return _("Several requests with this e-mail or telephone came already. Please try again tomorrow.")
    return ""


def _form(request: HttpRequest, form: PublicVisitForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "days": UNCONFIRMED_DAYS,
        "kept_days": CLOSED_CONTACT_DAYS,
        "has_library": form.fields["office"].queryset.exists(),
    }
    return render(request, "public/visits/ask.html", context, status=status)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "public/visits/sent.html", {"days": UNCONFIRMED_DAYS})


@by_link
@require_safe
def follow(request: HttpRequest, row: VisitRequest, holder: LinkHolder, token: str) -> HttpResponse:
    """How the matter stands, and what can be done."""
    return _follow(request, row, holder, token, AskAgainForm())


@by_link
@require_POST
def step(
    request: HttpRequest, row: VisitRequest, holder: LinkHolder, token: str, action: str
) -> HttpResponse:
    """Confirm, agree, name other days, or take it back: each one press."""
    form = AskAgainForm(request.POST)
    if too_often("visit step by link", str(row.pk), STEPS_PER_LINK):
        messages.error(request, _("That was a lot at once. Please go on in an hour."))
        return redirect("visit_follow", token)
    if action == "confirm" and row.status != RequestStatus.UNCONFIRMED:
        return redirect("visit_follow", token)  # pressed twice is pressed once
    if action == "ask_again" and not form.is_valid():
        return _follow(request, row, holder, token, form, 422)
    acts = {
        "confirm": lambda: confirm_request(request=row, actor=holder),
        "agree": lambda: agree_to_day(request=row, actor=holder),
        "withdraw": lambda: withdraw_request(request=row, actor=holder),
        "ask_again": lambda: ask_again(
            request=row, actor=holder, wanted_on=form.days_given(), note=form.cleaned_data["note"]
        ),
    }
    if action not in acts:
        raise Http404
    done = {
        "confirm": _("Thank you. The library has your request now."),
        "agree": _("Agreed: the van comes on that day."),
        "withdraw": _("You have taken your request back."),
        "ask_again": _("The library knows which days suit you."),
    }
    try:
        acts[action]()
    except DomainError as refusal:
        if refusal.field == "wanted_on":
            form.refuse(refusal)
            return _follow(request, row, holder, token, form, refusal.status)
        if action == "agree" and (instead := AskAgainForm.after(refusal, row.office.zone)):
            return _follow(request, row, holder, token, instead, refusal.status, str(refusal))
        messages.error(request, str(refusal))
    else:
        messages.success(request, done[action])
    return redirect("visit_follow", token)


def _follow(
    request: HttpRequest,
    row: VisitRequest,
    holder: LinkHolder,
    token: str,
    form: AskAgainForm,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    """``refusal``: the day proposed has gone meanwhile, so the form for other days stands open with the next best."""
    context = {
        "row": row,
        "token": token,
        "form": form,
        "refusal": refusal,
        "may": REQUEST.available(row.status, roles_toward_request(holder, row)),
        "days": UNCONFIRMED_DAYS,
        "call_days": UNCALLED_DAYS,
    }
    return render(request, "public/visits/follow.html", context, status=status)
