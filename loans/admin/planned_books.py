"""The planned books of one delivery, and what a person decides about them: this copy here, never that title there (L2)."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.errors import DomainError
from kerjasama.pages.templatetags.house import plain_date
from libraries.access import roles_toward
from libraries.catalogue.models import Copy, Title
from libraries.catalogue.searching import find_titles
from libraries.desk import ActPage, DeskPage, plain, refuse, status_of
from libraries.models import Institution
from loans.admin.planning_wording import BOOK_STEPS
from loans.choices import ConsignmentStatus, PeriodStatus
from loans.lifecycle import DESK
from loans.models import Consignment, Period, PlannedBook
from loans.models.wish import TRAVELLING, counted, free_of
from loans.services.fixing import fix_book, lock_book, remove_book, replace_book, unlock_book
from loans.services.foreseeing import missing_on_its_day, not_back_words

# Of a search; who sees more than this searches for more words.
FOUND = 20


class BookForm(forms.Form):
    barcode = forms.CharField(
        label=gettext_lazy("Barcode of the copy"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "input input--barcode", "autocomplete": "off"}),
    )
    title = forms.UUIDField(required=False, widget=forms.HiddenInput)
    book = forms.UUIDField(required=False, widget=forms.HiddenInput)


def titles_found(office: Institution, words: str) -> "QuerySet[Title] | list[Title]":
    """Titles of which ``office`` has a copy: by words, ISBN or the barcode of a copy, with ``stock`` and ``free``."""
    if not words:
        return []
    own = Copy.objects.filter(title=OuterRef("pk"), owner=office)
    rows = Title.objects.filter(Exists(own))
    by_barcode = rows.filter(Exists(own.filter(barcode=words)))
    rows = by_barcode if by_barcode.exists() else find_titles(rows, words)
    travelling = Copy.objects.filter(TRAVELLING, title=OuterRef("pk"), owner=office)
    return rows.annotate(stock=counted(travelling), free=counted(free_of(travelling))).order_by(
        "title", "pk"
    )[:FOUND]


class PeriodBooks(DeskPage):
    """What a delivery is to bring. A barcode or a title puts a book there, ``?ganti=`` in the place of another."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        period = self.period(pk)
        given = request.GET.get("ganti", "")
        return self.answer(period, BookForm(initial={"book": given}), given=given)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        period = self.period(pk)
        form = BookForm(request.POST)
        if not form.is_valid():
            return self.answer(period, form, 422)
        told: dict[str, Any] = {"barcode": plain(form.cleaned_data["barcode"])}
        if form.cleaned_data["title"]:
            told["title"] = self.find(Title.objects.all(), form.cleaned_data["title"])
        try:
            if form.cleaned_data["book"]:
                book = self.find(
                    PlannedBook.objects.for_list().filter(period=period), form.cleaned_data["book"]
                )
                done = replace_book(book=book, actor=self.actor, **told)
            else:
                done = fix_book(period=period, actor=self.actor, **told)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(period, form, status_of(error), given=str(form.cleaned_data["book"] or ""))
        return redirect(f"{reverse('work:period_books', args=[pk])}#buku-{done.pk}")

    def period(self, pk: UUID) -> Period:
        found: Period = self.find(Period.objects.for_list(), pk)
        return found

    def answer(self, period: Period, form: BookForm, status: int = 200, given: str = "") -> HttpResponse:
        programme = period.programme
        rows = list(
            PlannedBook.objects.for_list()
            .filter(period=period)
            .order_by("copy__call_number", "copy__barcode", "pk")
        )
        delivery = (
            Consignment.objects.filter(period=period).exclude(status=ConsignmentStatus.CANCELLED).first()
        )
        away = missing_on_its_day(period, [row.copy_id for row in rows]) if delivery is None else 0
        may_work = bool(roles_toward(self.request.user, lender=programme.lender_id) & DESK)
        words = self.words()
        return self.show(
            "admin/loans/period_books.html",
            status,
            period=period,
            programme=programme,
            rows=rows,
            fixed=sum(row.is_locked for row in rows),
            away=not_back_words(away, len(rows)) if away else "",
            full=len(rows) >= programme.quantity,
            delivery=delivery,
            may_change=may_work and delivery is None and period.status == PeriodStatus.PLANNED,
            may_work=may_work,
            replaced=next((row for row in rows if str(row.pk) == given), None),
            form=form,
            words=words,
            found=titles_found(programme.lender, words),
            crumbs=[
                (_("Programmes"), reverse("work:programmes")),
                (str(programme.partner), reverse("work:programme", args=[programme.pk])),
            ],
        )


class PlannedBookStep(ActPage):
    """Fix, release or take out one planned book."""

    VERBS = {"lock": lock_book, "unlock": unlock_book, "remove": remove_book}
    action: str

    def subject_of(self, pk: UUID, action: str) -> PlannedBook:
        if action not in self.VERBS:
            raise Http404
        self.action = action
        self.kind = "danger-solid" if action == "remove" else "primary"
        found: PlannedBook = self.find(PlannedBook.objects.for_list(), pk)
        return found

    def title(self) -> str:
        return str(BOOK_STEPS[self.action].title) % {"title": self.subject.title}

    def text(self) -> str:
        return str(BOOK_STEPS[self.action].text)

    def label(self) -> str:
        return {"lock": _("Fix"), "unlock": _("Release"), "remove": _("Take out")}[self.action]

    def back(self) -> str:
        return reverse("work:period_books", args=[self.subject.period_id])

    def crumbs(self) -> list[tuple[Any, str]]:
        period = self.subject.period
        return [
            (str(period.programme.partner), reverse("work:programme", args=[period.programme_id])),
            (f"{period} · {plain_date(period.starts_on)}", self.back()),
        ]

    def act(self, cleaned: dict[str, Any]) -> str:
        self.VERBS[self.action](book=self.subject, actor=self.actor)
        return str(BOOK_STEPS[self.action].done) % {"title": self.subject.title}
