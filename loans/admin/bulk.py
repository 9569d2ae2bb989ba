"""Acts on many at the desk (U14): the ticked rows once more, one press, what became of each, and ten minutes to take it back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.access import roles_toward
from libraries.catalogue.models import Copy
from libraries.desk import ActPage, DeskPage, StepWords, day_field, note_field
from libraries.models import Institution
from loans.admin.case_forms import NUMBER_MISSING
from loans.choices import BulkKind
from loans.lifecycle import DESK
from loans.models import BulkAct, Case, Consignment, LoanLine
from loans.services.bulk import KINDS, MOST, do_many, ids_of, undo_many


class WriteOffForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number of the list or decision"),
        max_length=120,
        help_text=gettext_lazy("By which the copy leaves the inventory, for example SK 12/PBH/2027."),
        error_messages={"required": NUMBER_MISSING},
    )
    note = note_field(
        gettext_lazy("Reason"),
        rows=2,
        help_text=gettext_lazy("It holds for all of them."),
        missing=gettext_lazy("Give the reason; it is kept in the history."),
    )


class ReportLostForm(forms.Form):
    account = note_field(
        gettext_lazy("How did it happen?"),
        rows=2,
        help_text=gettext_lazy("It holds for all of them."),
        missing=gettext_lazy("Write in a sentence how the books were lost."),
    )


class ExtendForm(forms.Form):
    due_on = day_field(gettext_lazy("New day"))


# By kind: the form, the words, what the ids are of with the path to its library, and the list that one comes back to.
PAGES: dict[str, tuple[type[forms.Form], StepWords, Any, str, str]] = {
    BulkKind.WRITE_OFF: (
        WriteOffForm,
        StepWords(
            title=gettext_lazy("Write several copies off"),
            text=gettext_lazy(
                "Each leaves the stock by the same decision. What cannot be written off is listed with its reason."
            ),
            done=gettext_lazy("Write them all off"),
            kind="danger",
        ),
        Copy,
        "owner",
        "work:write_off",
    ),
    BulkKind.REPORT_LOST: (
        ReportLostForm,
        StepWords(
            title=gettext_lazy("Report several books lost"),
            text=gettext_lazy("A case is opened for each, and the schools are told."),
            done=gettext_lazy("Report them lost"),
            kind="danger",
        ),
        LoanLine,
        "consignment__lender",
        "work:late_books",
    ),
    BulkKind.REMIND: (
        forms.Form,
        StepWords(
            title=gettext_lazy("Remind several schools"),
            text=gettext_lazy("Each is asked once more whether the books came, once a day."),
            done=gettext_lazy("Remind them"),
        ),
        Consignment,
        "lender",
        "work:silent_deliveries",
    ),
    BulkKind.EXTEND: (
        ExtendForm,
        StepWords(
            title=gettext_lazy("Give several schools more time"),
            text=gettext_lazy("The same new day for each case; the schools are told."),
            done=gettext_lazy("Give more time"),
        ),
        Case,
        "lender",
        "work:cases",
    ),
}


class DoMany(ActPage):
    """The ticked rows with one form for all of them. Nothing happens before the press."""

    template_name = "admin/loans/bulk_ask.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if kwargs["kind"] not in PAGES:
            raise Http404
        self.act_kind = kwargs.pop("kind")
        self.form_class, self.words_of, self.model, self.owner, self.list_name = PAGES[self.act_kind]
        self.kind = "danger-solid" if self.words_of.kind == "danger" else "primary"
        self.made: BulkAct | None = None
        return super().dispatch(request, *args, **kwargs)

    def subject_of(self, **kwargs: Any) -> str:
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        self.keys = ids_of(given.getlist("id"))[:MOST]
        seen = self.model.objects.visible_to(self.request.user).filter(pk__in=self.keys)
        offices = Institution.objects.filter(pk__in=seen.values(self.owner))
        self.office = next(
            (row for row in offices if roles_toward(self.request.user, lender=row.pk) & DESK), offices.first()
        )
        return str(self.words_of.title)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.subject = self.subject_of(**kwargs)
        if not self.office:
            messages.warning(request, _("Tick at least one row."))
            return redirect(self.back())
        return self.ask(self.make_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.subject = self.subject_of(**kwargs)
        if not self.office:
            messages.warning(request, _("Tick at least one row."))
            return redirect(self.back())
        return super().post(request, **kwargs)

    def back(self) -> str:
        return reverse("work:bulk", args=[self.made.pk]) if self.made else reverse(self.list_name)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Where the books are"), reverse("work:tracking")), (_("Back to the list"), self.back())]

    def title(self) -> Any:
        return self.words_of.title

    def text(self) -> Any:
        return self.words_of.text

    def label(self) -> Any:
        return self.words_of.done

    def more(self) -> dict[str, Any]:
        assert self.office is not None
        label = KINDS[self.act_kind].label
        return {"chosen": [(key, label(key, self.office)) for key in self.keys]}

    def act(self, cleaned: dict[str, Any]) -> str:
        assert self.office is not None
        self.made = do_many(
            office=self.office, actor=self.actor, kind=self.act_kind, ids=self.keys, facts=cleaned
        )
        n = self.made.done
        return ngettext("Done for %(n)s row.", "Done for %(n)s rows.", n) % {"n": n}


class BulkPage(DeskPage):
    """What became of each row, and the button that takes it back while it can be."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        act = self.find(BulkAct.objects.select_related("office", "made_by", "undone_by"), pk)
        order = ("refused", "kept", "done", "undone")
        rows = sorted(act.rows, key=lambda row: (order.index(row["outcome"]), row["label"]))
        may = bool(roles_toward(request.user, lender=act.office_id) & DESK)
        return self.show(
            "admin/loans/bulk.html",
            act=act,
            rows=rows,
            may_undo=may and act.may_be_undone(clock.now()),
            list_url=reverse(PAGES[act.kind][4]),
        )


class UndoMany(DeskPage):
    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        act = self.find(BulkAct.objects.all(), pk)
        try:
            done = undo_many(act=act, actor=self.actor)
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        else:
            kept = sum(row["outcome"] == "kept" for row in done.rows)
            if kept:
                messages.warning(
                    request,
                    ngettext(
                        "Taken back, but for %(n)s row: it says why.",
                        "Taken back, but for %(n)s rows: each says why.",
                        kept,
                    )
                    % {"n": kept},
                )
            else:
                messages.success(request, _("Taken back. Everything is as it was."))
        return redirect("work:bulk", pk)


class BulkList(DeskPage):
    """What was done to many at once, the latest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = BulkAct.objects.visible_to(request.user).defer("rows").select_related("made_by")
        return self.show("admin/loans/bulk_list.html", page_obj=self.page_of(rows), now=clock.now())
