"""What a stranger sees: the form, the page that says "look into your mailbox", and the page behind the secret link.

Nothing changes by opening an address: mail programs open links on their own to look for viruses. Every page behind the link
keeps its address from other sites and from caches.
"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.asking import MessageForm
from agreements.choices import RequestStatus
from agreements.conversation import messages_of, steps_of
from agreements.lifecycle import REQUEST
from agreements.limits import (
    ASKED_PER_ADDRESS,
    ASKED_PER_MAILBOX,
    CLOSED_CONTACT_DAYS,
    GUESSED_PER_ADDRESS,
    SENT_PER_LINK,
    UNCONFIRMED_DAYS,
)
from agreements.models import CooperationRequest
from agreements.public.forms import PublicRequestForm
from agreements.services.requesting.deciding import withdraw_request
from agreements.services.requesting.opening import ask_in_public, confirm_request
from agreements.services.requesting.stepping import LinkHolder, holder_of, roles_of
from agreements.services.requesting.talking import SPOKEN_OF, write_message
from kerjasama.brakes import address_of, too_often
from kerjasama.domain.errors import DomainError
from kerjasama.pages.secret_links import behind_link
from libraries.desk import refuse, status_of
from libraries.models import StoredFile
from libraries.pages import send

by_link = behind_link(holder_of, guesses="guess link", limit=GUESSED_PER_ADDRESS)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form. A robot that fell into the trap is told the same as a person whose request was taken."""
    if request.method != "POST":
        return _form(request, PublicRequestForm())
    form = PublicRequestForm(request.POST)
    if form.is_trapped:
        return redirect("ask_sent")
    if not form.is_valid():
        return _form(request, form, 422)
    if why := _braked(request, form):
        form.add_error(None, why)
        return _form(request, form, 429)
    try:
        ask_in_public(
            office=form.cleaned_data["office"],
            language=get_language() or "id",
            **form.self_given(),
            **form.wishes_given(),
        )
    except (DomainError, ValidationError) as error:
        refuse(form, error)
        return _form(request, form, status_of(error))
    return redirect("ask_sent")


def _braked(request: HttpRequest, form: PublicRequestForm) -> str:
    """Why it is to be tried again later, and when (S25); empty: it may go on."""
    if too_often("ask", address_of(request), ASKED_PER_ADDRESS):
        return _("So many requests came from here that we stop for now. Please try again in an hour.")
    if too_often("ask mailbox", form.cleaned_data["contact_email"].lower(), ASKED_PER_MAILBOX):
        return _("Several requests from this mailbox came already. Please try again tomorrow.")
    return ""


def _form(request: HttpRequest, form: PublicRequestForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "days": UNCONFIRMED_DAYS, "kept_days": CLOSED_CONTACT_DAYS}
    return render(request, "public/asking/ask.html", context, status=status)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "public/asking/sent.html", {"days": UNCONFIRMED_DAYS})


@by_link
@require_safe
def follow(request: HttpRequest, row: CooperationRequest, holder: LinkHolder, token: str) -> HttpResponse:
    """How the matter stands. One that waits to be confirmed shows the button for it."""
    return _follow(request, row, holder, token, MessageForm())


@by_link
@require_POST
def confirm(request: HttpRequest, row: CooperationRequest, holder: LinkHolder, token: str) -> HttpResponse:
    if row.status == RequestStatus.UNCONFIRMED:  # pressed twice is pressed once
        try:
            confirm_request(request=row, actor=holder)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Thank you. The library has your request now."))
    return redirect("ask_follow", token)


@by_link
@require_POST
def message(request: HttpRequest, row: CooperationRequest, holder: LinkHolder, token: str) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _follow(request, row, holder, token, form, 422)
    if too_often("write by link", str(row.pk), SENT_PER_LINK):
        form.add_error(None, _("That was a lot at once. Please go on in an hour."))
        return _follow(request, row, holder, token, form, 429)
    try:
        write_message(request=row, actor=holder, **form.said())
    except DomainError as error:
        refuse(form, error)
        return _follow(request, row, holder, token, form, error.status)
    messages.success(request, _("Your message is on its way to the library."))
    return redirect("ask_follow", token)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, row: CooperationRequest, holder: LinkHolder, token: str) -> HttpResponse:
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            withdraw_request(request=row, actor=holder)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("You have withdrawn your request."))
            return redirect("ask_follow", token)
    context = {"row": row, "token": token, "refusal": refusal}
    return render(request, "public/asking/withdraw.html", context, status=refusal.status if refusal else 200)


@by_link
@require_safe
def attachment(
    request: HttpRequest, row: CooperationRequest, holder: LinkHolder, token: str, pk: UUID
) -> HttpResponseBase:
    """A file of this very thread."""
    own = row.messages.filter(attachment__isnull=False).values("attachment")
    return send(get_object_or_404(StoredFile.objects.filter(pk__in=own), pk=pk))


def _follow(
    request: HttpRequest,
    row: CooperationRequest,
    holder: LinkHolder,
    token: str,
    form: MessageForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "row": row,
        "token": token,
        "form": form,
        "thread": messages_of(row, "partner"),
        "events": steps_of(row, names=False),
        "may": REQUEST.available(row.status, roles_of(holder, row)),
        "may_write": row.status in SPOKEN_OF,
        "days": UNCONFIRMED_DAYS,
    }
    return render(request, "public/asking/follow.html", context, status=status)
