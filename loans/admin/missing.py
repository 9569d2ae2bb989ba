"""Books that are not on their shelf: said from a list, a substitute chosen, found again (L3)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.errors import DomainError
from libraries.access import roles_toward
from libraries.desk import SHEET_ROWS, ActPage, DeskPage, chosen, plain, status_of
from loans.admin.consignments import LineAct
from loans.lifecycle import CONSIGNMENT, DESK
from loans.models import LoanLine, MissingCopy
from loans.services.missing import (
    find_missing,
    put_substitute,
    report_missing,
    substitutes_for,
)

# Where the picker was, and goes on: ``?ke=``.
CAME_FROM = {"pindai": "work:scan", "ambil": "work:pick"}
CUTS: dict[str, tuple[Any, Q]] = {
    "": (gettext_lazy("Looked for"), Q(found_at__isnull=True)),
    "ditemukan": (gettext_lazy("Turned up"), Q(found_at__isnull=False)),
}


def way_on(request: HttpRequest, missing: MissingCopy) -> str:
    """Back to where the picker was."""
    if missing.consignment_id is None:
        return reverse("work:missing_copies")
    name = CAME_FROM.get(request.GET.get("ke", ""), "work:consignment")
    return reverse(name, args=[missing.consignment_id])


class MissingNoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("If you know something: “the shelf was being moved”."),
    )


class NotOnShelf(LineAct):
    """One press on a line: the book is not there. What could go instead is shown at once."""

    form_class = MissingNoteForm
    subject: LoanLine
    missing: MissingCopy | None = None

    def title(self) -> str:
        return _("“%(title)s” is not on its shelf?") % {"title": self.subject.copy.title}

    def about(self) -> str:
        copy = self.subject.copy
        return " · ".join(filter(None, (copy.call_number, copy.location, copy.barcode)))

    def text(self) -> str:
        return _(
            "It leaves this list and is looked for from now on; as soon as anybody scans it, it counts as found. "
            "Next you are shown what could go instead."
        )

    def label(self) -> str:
        return _("It is not there")

    def back(self) -> str:
        way = self.request.GET.get("ke", "")
        if self.missing is not None:
            address = reverse("work:missing_copy", args=[self.missing.pk])
            return f"{address}?ke={way}" if way in CAME_FROM else address
        return reverse(CAME_FROM.get(way, "work:consignment"), args=[self.subject.consignment_id])

    def act(self, cleaned: dict[str, Any]) -> str:
        self.missing = report_missing(line=self.subject, actor=self.actor, **cleaned)
        return ""


class MissingPage(DeskPage):
    """One book that is looked for: what goes instead, or where it turned up."""

    def rows(self) -> Any:
        return MissingCopy.objects.for_list().select_related("consignment__period__programme")

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self.answer(self.find(self.rows(), pk))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The chosen copy goes in its place."""
        missing = self.find(self.rows(), pk)
        try:
            line = put_substitute(
                missing=missing, barcode=plain(request.POST.get("barcode", "")), actor=self.actor
            )
        except (DomainError, ValidationError) as error:
            said = str(error.message) if isinstance(error, DomainError) else " ".join(error.messages)
            messages.error(request, said)
            return self.answer(missing, status_of(error))
        messages.success(request, _("“%(title)s” is on the list now.") % {"title": line.copy.title})
        return redirect(way_on(request, missing))

    def answer(self, missing: MissingCopy, status: int = 200) -> HttpResponse:
        roles = roles_toward(self.request.user, lender=missing.office_id)
        may_choose = missing.consignment is not None and "dispatch" in CONSIGNMENT.available(
            missing.consignment.status, roles
        )
        return self.show(
            "admin/loans/missing_copy.html",
            status,
            missing=missing,
            may_choose=may_choose and missing.substitute is None,
            may_find=bool(roles & DESK) and missing.found_at is None,
            offered=substitutes_for(missing) if may_choose else [],
            way_on=way_on(self.request, missing),
            way=self.request.GET.get("ke", ""),
        )


class MissingList(DeskPage):
    """All that is looked for, the longest missing first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = MissingCopy.objects.visible_to(request.user)
        words = self.words()
        if words:
            rows = rows.filter(
                Q(copy__barcode__iexact=words)
                | Q(copy__title__title__icontains=words)
                | Q(copy__call_number__istartswith=words)
            )
        cut = chosen(request.GET.get("bagian"), CUTS)
        tabs = [(key, label, None) for key, (label, _q) in CUTS.items()]
        order = ("-found_at", "-pk") if cut else ("missed_at", "pk")
        rows = rows.filter(CUTS[cut][1]).for_list().order_by(*order)
        if self.wants_sheet:
            heads = (
                _("Barcode"), _("Title"), _("Call number"), _("Shelf location"), _("Missing since"), _("Looked for by"),
                _("Remark"), _("Turned up"),
            )  # fmt: skip
            return self.sheet(
                "tidak-di-rak",
                heads,
                (
                    (
                        row.copy.barcode,
                        row.copy.title.title,
                        row.copy.call_number,
                        row.copy.location,
                        row.missed_at,
                        str(row.missed_by or ""),
                        row.note,
                        row.found_at,
                    )
                    for row in rows[:SHEET_ROWS]
                ),
            )
        return self.show(
            "admin/loans/missing_copies.html", page_obj=self.page_of(rows), tabs=tabs, cut=cut, words=words
        )


class FoundAgain(ActPage):
    """The book has turned up, and nobody has a scanner at hand."""

    def subject_of(self, pk: UUID) -> Any:
        return self.find(MissingCopy.objects.for_list(), pk)

    def title(self) -> str:
        return _("“%(title)s” has turned up?") % {"title": self.subject.copy.title}

    def text(self) -> str:
        return _("It stands on its shelf again and may be chosen for deliveries.")

    def label(self) -> str:
        return _("It has turned up")

    def back(self) -> str:
        return reverse("work:missing_copies")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Not on their shelf"), self.back())]

    def act(self, cleaned: dict[str, Any]) -> str:
        find_missing(missing=self.subject, actor=self.actor)
        return _("“%(title)s” is not looked for any more.") % {"title": self.subject.copy.title}
