"""Stocktaking at a school by the library's own people: begin, scan, finish, report what is not there (L7)."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kerjasama.domain import clock
from libraries.access import roles_toward
from libraries.choices import Role
from libraries.desk import ActPage, DeskPage, chosen, day_field
from libraries.models import Institution
from loans.admin.scan_page import ManyMixin, ScanPage
from loans.choices import ScanDesk, StocktakeStatus
from loans.countings import besides, not_seen, not_seen_yet
from loans.lifecycle import STOCKTAKE
from loans.models import Consignment, Stocktake
from loans.services.counting import (
    cancel_stocktake,
    close_stocktake,
    missing_lines,
    open_stocktake,
    report_missing,
)
from loans.services.places import counts_of

WORKERS = {Role.CIRCULATION, Role.OFFICER, Role.ADMINISTRATOR}


class StocktakeList(DeskPage):
    """What has been counted where, the newest first; those still open stand above."""

    def get(self, request: HttpRequest) -> HttpResponse:
        state = chosen(request.GET.get("status"), StocktakeStatus.values)
        words = self.words()
        rows = Stocktake.objects.visible_to(request.user).for_list()
        if state:
            rows = rows.filter(status=state)
        if words:
            rows = rows.filter(partner__name__icontains=words)
        rows = rows.order_by("-on", "-id")
        return self.show(
            "admin/loans/stocktakes.html",
            page_obj=self.page_of(rows),
            words=words,
            state=state,
            states=StocktakeStatus.choices,
        )


class OpenStocktakeForm(forms.Form):
    partner = forms.ModelChoiceField(
        label=gettext_lazy("Whose shelf is counted?"),
        queryset=Institution.objects.none(),
        help_text=gettext_lazy("Schools that hold books of ours now."),
    )
    on = day_field(gettext_lazy("Date"))


class OpenStocktake(ActPage):
    stocktake: Stocktake | None = None
    form_class = OpenStocktakeForm

    def subject_of(self, **kwargs: Any) -> Any:
        if not self.access.everything and not self.access.having(WORKERS):
            raise PermissionDenied
        return None

    def make_form(self, *data: Any) -> forms.Form:
        form = OpenStocktakeForm(
            *data, initial={"on": clock.today(), "partner": self.request.GET.get("mitra") or None}
        )
        out = Consignment.objects.visible_to(self.request.user).out()
        holders = Institution.objects.visible_to(self.request.user).filter(pk__in=out.values("partner"))
        partner: Any = form.fields["partner"]
        partner.queryset = holders
        return form

    def title(self) -> str:
        return _("Count the books of a school")

    def label(self) -> str:
        return _("Begin to count")

    def text(self) -> str:
        return _(
            "Scan every book of ours that stands at the school. Nothing is moved; at the end you see what is missing."
        )

    def back(self) -> str:
        if self.stocktake:
            return reverse("work:stocktake", args=[self.stocktake.pk])
        return reverse("work:stocktakes")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Stocktaking"), reverse("work:stocktakes"))]

    def act(self, cleaned: dict[str, Any]) -> str:
        partner = cleaned["partner"]
        row = (
            Consignment.objects.visible_to(self.request.user)
            .out()
            .filter(partner=partner)
            .select_related("lender")
            .order_by("due_on")
            .first()
        )
        assert row is not None  # the form offered only partners that hold books
        self.stocktake = open_stocktake(
            lender=row.lender, partner=partner, actor=self.actor, on=cleaned["on"]
        )
        return ""


class CountDesk(ScanPage):
    """While it is open, the scan desk; afterwards its result."""

    template_name = "admin/loans/count_desk.html"
    desk = ScanDesk.COUNT
    place_name = "stocktake"
    route = "work:stocktake"
    place: Stocktake

    def place_of(self, pk: UUID) -> Stocktake:
        stocktake: Stocktake = self.find(Stocktake.objects.for_list(), pk)
        return stocktake

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.place = self.place_of(pk)
        return self.page(None) if self.place.status == StocktakeStatus.OPEN else self.result()

    def figures(self) -> tuple[int, int]:
        return counts_of(self.place)

    def context(self) -> dict[str, Any]:
        return {"stocktake": self.place, "missing": not_seen_yet(self.place)[:500]}

    def result(self) -> HttpResponse:
        rows = not_seen(self.place)
        if self.wants_sheet:
            heads = (_("Barcode"), _("Title"), _("Delivery"), _("Seen"), _("Status"))
            every = self.place.lines.select_related("line__copy__title", "line__consignment")
            return self.sheet(
                "hasil-hitung",
                heads,
                (
                    (
                        row.line.copy.barcode,
                        row.line.copy.title.title,
                        row.line.consignment.code,
                        row.seen_at,
                        row.line.get_status_display(),
                    )
                    for row in every.order_by("line__copy__barcode")
                ),
            )
        roles = roles_toward(self.request.user, lender=self.place.lender_id, partner=self.place.partner_id)
        return self.show(
            "admin/loans/stocktake.html",
            stocktake=self.place,
            not_seen=rows,
            besides=besides(self.place),
            to_report=missing_lines(self.place).count(),
            actions=STOCKTAKE.available(self.place.status, roles),
        )


class CountMany(ManyMixin, CountDesk):
    pass


class StocktakeAct(ActPage):
    """What the three acts share."""

    subject: Stocktake

    def subject_of(self, pk: UUID) -> Stocktake:
        stocktake: Stocktake = self.find(Stocktake.objects.for_list(), pk)
        return stocktake

    def back(self) -> str:
        return reverse("work:stocktake", args=[self.subject.pk])

    def about(self) -> str:
        return str(self.subject.partner)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Stocktaking"), reverse("work:stocktakes")), (str(self.subject.partner), self.back())]


class CloseStocktake(StocktakeAct):
    def title(self) -> str:
        return _("Finish counting?")

    def label(self) -> str:
        return _("Finish counting")

    def text(self) -> str:
        done, total = counts_of(self.subject)
        return (
            ngettext("%(done)d of %(count)d book was seen.", "%(done)d of %(count)d books were seen.", total)
            % {"done": done, "count": total}
            + " "
            + _(
                "The result is kept as it is now. What was not seen can be reported as lost on the next page."
            )
        )

    def act(self, cleaned: dict[str, Any]) -> str:
        done = close_stocktake(stocktake=self.subject, actor=self.actor)
        return _("Counted: %(seen)s of %(expected)s books were seen.") % {
            "seen": done.seen_count,
            "expected": done.expected_count,
        }


class CancelStocktake(StocktakeAct):
    kind = "danger-solid"

    def title(self) -> str:
        return _("Cancel this stocktake?")

    def label(self) -> str:
        return _("Cancel the stocktake")

    def text(self) -> str:
        return _("What was scanned says nothing about the books then. This cannot be undone.")

    def act(self, cleaned: dict[str, Any]) -> str:
        cancel_stocktake(stocktake=self.subject, actor=self.actor)
        return _("The stocktake is cancelled.")


class ReportMissing(StocktakeAct):
    """Every book that was not seen, ticked; those that turned up elsewhere are unticked."""

    kind = "danger-solid"

    def make_form(self, *data: Any) -> forms.Form:
        rows = missing_lines(self.subject).select_related("copy__title").order_by("copy__title__title", "pk")
        form = forms.Form(*data)
        choices = [(str(row.pk), f"{row.copy.title.title} · {row.copy.barcode}") for row in rows]
        form.fields["lines"] = forms.MultipleChoiceField(
            label=_("Books that were not seen"),
            choices=choices,
            initial=[key for key, _words in choices],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Tick the books that are to be reported.")},
        )
        form.fields["account"] = forms.CharField(
            label=_("What happened"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("Stands in every case. No names of pupils."),
        )
        return form

    def title(self) -> str:
        return _("Report as lost what was not seen?")

    def label(self) -> str:
        return _("Report as lost")

    def text(self) -> str:
        return _(
            "Each book gets a case of its own. If one turns up later, its case is closed by scanning it."
        )

    def act(self, cleaned: dict[str, Any]) -> str:
        cases = report_missing(
            stocktake=self.subject,
            actor=self.actor,
            lines=[UUID(key) for key in cleaned["lines"]],
            account=cleaned["account"],
        )
        return ngettext(
            "%(count)d book is reported as lost.", "%(count)d books are reported as lost.", len(cases)
        ) % {"count": len(cases)}
