"""The frame of a librarian's work page: who may open it, how an act is asked for, and how a refusal is shown.

Upper apps build their pages under /admin/kerja/ on these classes. A page never decides anything: it reads what the reader
may see, asks a service, and shows the service's own sentence when the answer is no.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from kerjasama.domain.errors import DomainError, Sentence
from kerjasama.domain.lifecycle import Life
from kerjasama.domain.models import StatusEvent
from libraries.access import Access, access_of
from libraries.models import User
from libraries.spreadsheets import FORMATS, spreadsheet

PER_PAGE = 50
# A sheet is for people; who needs more rows takes the API.
SHEET_ROWS = 10_000


class DeskPage(View):
    """A page for staff. Anybody else learns nothing, not even that it exists (404)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (request.user.is_active and request.user.is_staff and self.access.is_office):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def access(self) -> Access:
        return access_of(self.request.user)

    @property
    def actor(self) -> User:
        """Who acts; ``dispatch`` has let in nobody but signed-in staff."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def find(self, rows: "models.QuerySet[Any]", pk: UUID) -> Any:
        """One row that the reader may see. ``rows`` belong to a model whose queryset has ``visible_to``."""
        return get_object_or_404(rows.visible_to(self.request.user), pk=pk)

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, template, context, status=status)

    def words(self) -> str:
        """What is searched for."""
        return plain(self.request.GET.get("q", ""))

    def page_of(self, rows: Any, per_page: int = PER_PAGE) -> Any:
        """The page of a list that ``?page=`` asks for; a number out of range gives the nearest page."""
        return Paginator(rows, per_page).get_page(self.request.GET.get("page"))

    @property
    def wants_sheet(self) -> bool:
        """``?bentuk=csv`` or ``xlsx`` asks for the whole filtered list as a file for a spreadsheet (U25)."""
        return self.request.GET.get("bentuk") in FORMATS

    def sheet(self, name: str, heads: Sequence[Sentence], rows: Iterable[Sequence[Any]]) -> HttpResponse:
        """The list as the file that was asked for."""
        return spreadsheet(name, heads, rows, self.request.GET["bentuk"])


class ActPage(DeskPage):
    """An act with a question before it. GET shows the question as a page, POST does it.

    A subclass sets ``rows`` (a manager or queryset with ``visible_to``), ``form_class``, and says what is asked, done and
    where to go afterwards. Without script the page is the whole way; with script the same address answers a dialog.

    A subclass whose act is one step of a life names it (``life``, ``action``): nobody is then asked about a step that the
    subject's present state does not allow. An address kept in a tab, or in a mail, outlives the state that offered it.
    """

    template_name = "admin/work/act.html"
    form_class: type[forms.Form] = forms.Form
    kind = "primary"
    life: Life | None = None
    action = ""
    subject: Any
    # The refusal that is being shown, for pages that offer another way.
    refusal: DomainError | ValidationError | None = None

    def subject_of(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    def title(self) -> Sentence:
        raise NotImplementedError

    def label(self) -> Sentence:
        """The words on the button; the title when nothing else is said."""
        return self.title()

    def text(self) -> Sentence:
        return ""

    def about(self) -> str:
        """Of what it is, above the title, where the crumbs name only a number."""
        return ""

    def back(self) -> str:
        """The address of the page that the act belongs to."""
        raise NotImplementedError

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        """Do it, and say in a sentence what was done."""
        raise NotImplementedError

    def crumbs(self) -> Sequence[tuple[Any, str]]:
        return [(str(self.subject), self.back())]

    def initial(self) -> dict[str, Any]:
        return {}

    def make_form(self, *data: Any) -> Any:
        return self.form_class(*data, initial=self.initial())

    def more(self) -> dict[str, Any]:
        """Further context of the page."""
        return {}

    def too_late(self) -> Sentence:
        """Why nobody can be asked in the present state; empty when the act is possible."""
        if self.life is None or self.subject.status in self.life.transition(self.action).sources:
            return ""
        return gettext("“%(action)s” is not possible now: the status is “%(state)s”.") % {
            "action": self.life.transition(self.action).label,
            "state": self.life.states[self.subject.status],
        }

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.subject = self.subject_of(**kwargs)
        if said := self.too_late():
            messages.warning(request, said)
            return redirect(self.back())
        return self.ask(self.make_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.subject = self.subject_of(**kwargs)
        form = self.make_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.ask(form, status=422)
        try:
            said = self.act(form.cleaned_data)
        except (DomainError, ValidationError) as error:
            self.refusal = error
            refuse(form, error)
            return self.ask(form, status=status_of(error))
        if said:
            messages.success(request, said)
        return redirect(self.back())

    def ask(self, form: forms.Form, status: int = 200) -> HttpResponse:
        return self.show(
            self.template_name,
            status,
            form=form,
            subject=self.subject,
            title=self.title(),
            about=self.about(),
            label=self.label(),
            text=self.text(),
            kind=self.kind,
            crumbs=self.crumbs(),
            cancel_url=self.back(),
            has_file=form.is_multipart(),
            **self.more(),
        )


def refuse(form: forms.BaseForm, error: DomainError | ValidationError) -> None:
    """Show a refusal beside its field, or above the form when it is about no field of it. Nothing typed is lost."""
    if isinstance(error, DomainError):
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, sentences in error.error_dict.items():
        form.add_error(name if name in form.fields else None, sentences)


def status_of(error: DomainError | ValidationError) -> int:
    return error.status if isinstance(error, DomainError) else 422


def day_field(
    label: Sentence, *, required: bool = True, help_text: Sentence = "", **kwargs: Any
) -> forms.DateField:
    """A date: the browser's own picker, and typing as 23/11/2026 or 2026-11-23 (U28)."""
    kwargs.setdefault("error_messages", {"required": _("Choose the day.")})
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **kwargs,
    )


def note_field(
    label: Sentence,
    *,
    required: bool = True,
    rows: int = 3,
    help_text: Sentence = "",
    missing: Sentence = "",
    max_length: int | None = None,
) -> forms.CharField:
    """Some lines of words. ``missing``: what to do, for whoever left it empty."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=max_length,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing} if missing else None,
    )


def plain(text: str) -> str:
    """Typed or scanned text without what no text has: PostgreSQL keeps no NUL."""
    return text.replace("\x00", "").strip()


def chosen(given: str | None, known: Iterable[str]) -> str:
    """A filter's value from the address, or "" when it is none of the known ones."""
    return given if given in set(known) else ""


@dataclass(frozen=True, slots=True)
class StepWords:
    """How a page speaks of one step of a life: the question, what it means, and what is said afterwards.

    ``title`` asks, ``text`` explains, ``done`` is the message after it. The words on the button come from the life's table.
    """

    title: Sentence
    text: Sentence
    done: Sentence
    kind: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A button for something that can be done now, with the question it asks first (components/_confirm.html)."""

    id: str
    url: str
    label: Sentence
    title: Sentence
    text: Sentence = ""
    kind: str = ""
    act_kind: str = "primary"
    icon: str = ""
    form: forms.BaseForm | None = None


def offer_step(
    life: Life, action: str, words: StepWords, url: str, form: forms.BaseForm | None = None
) -> Offer:
    """The button for one step of a life. A dangerous step is red only where it is confirmed."""
    return Offer(
        id=f"step-{action}",
        url=url,
        label=life.transition(action).label,
        title=words.title,
        text=words.text,
        kind=words.kind,
        act_kind="danger-solid" if words.kind == "danger" else "primary",
        icon=words.icon,
        form=form,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a timeline."""

    what: Sentence
    at: datetime
    actor: Any
    note: str
    tone: str = ""
    # What the thing was then, where the step changed that: an act's name alone reads like something still to be done.
    state: Sentence = ""


def timeline(
    events: Iterable[StatusEvent], life: Life, also: Mapping[str, Sentence] | None = None
) -> list[Told]:
    """The events of a thing in words, newest first. ``also`` names what happened outside its table of steps."""
    labels = {step.action: step.label for step in life.steps} | dict(also or {})
    told = [
        Told(
            labels.get(event.action, event.action),
            event.at,
            event.actor,
            event.note,
            state=_become(event, life, str(labels.get(event.action, ""))),
        )
        for event in events
    ]
    return sorted(told, key=lambda line: line.at)[::-1]


def _become(event: StatusEvent, life: Life, said: str) -> Sentence:
    """Empty for a beginning, and where the act is called like what came of it."""
    state = life.states.get(event.to_state, "")
    changed = event.from_state not in ("", event.to_state)
    return state if changed and str(state).casefold() != said.casefold() else ""


class NoteForm(forms.Form):
    note = note_field(_("Reason"), help_text=_("Kept in the history, and shown to colleagues."))
