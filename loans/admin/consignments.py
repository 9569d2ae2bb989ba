"""Deliveries: the list, and the page of one from the proposal to the last book back (L2–L5)."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from kerjasama.house import collect
from libraries.access import roles_toward
from libraries.desk import SHEET_ROWS, ActPage, DeskPage, NoteForm, chosen, plain, refuse, status_of, timeline
from loans.admin.forms import AddLineForm, DispatchForm, ReportLossForm, ResolveForm
from loans.admin.wording import (
    CONSIGNMENT_ALSO,
    SUBJECTS,
    reasons_short,
    resolution_words,
    shortfall_sentences,
)
from loans.choices import ConsignmentStatus, LineStatus
from loans.lifecycle import CONSIGNMENT
from loans.models import Consignment, Discrepancy, LoanLine
from loans.services.claiming import report_loss
from loans.services.crating import boxes_of
from loans.services.dispatching import dispatch_consignment
from loans.services.missing import without_substitute
from loans.services.planned import planned_left_out
from loans.services.printing import box_labels_pdf, pick_list_pdf
from loans.services.proposing import add_line, cancel_consignment, drop_line
from loans.services.receiving import resolve_discrepancy

S = ConsignmentStatus
NUMBER = re.compile(r"[0-9]{1,4}")
CUTS: dict[str, tuple[Any, Q]] = {
    "": (gettext_lazy("Now"), Q(status__in=[S.PICKING, S.DISPATCHED, S.FLAGGED, S.RECEIVED])),
    "disiapkan": (gettext_lazy("Being picked"), Q(status=S.PICKING)),
    "di-mitra": (gettext_lazy("With partners"), Q(status__in=[S.DISPATCHED, S.FLAGGED, S.RECEIVED])),
    "selesai": (gettext_lazy("Ended"), Q(status__in=[S.CLOSED, S.CANCELLED])),
}


class ConsignmentList(DeskPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Consignment.objects.visible_to(request.user)
        words = self.words()
        if words:
            rows = rows.filter(
                Q(code__iexact=words)
                | Q(partner__name__icontains=words)
                | Q(partner__short_name__icontains=words)
                | Q(partner__npsn=words)
                | Q(handover_document__number__icontains=words)
            )
        cut = chosen(request.GET.get("bagian"), CUTS)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=q) for n, (_label, q) in enumerate(CUTS.values())}
        )
        tabs = [(key, label, counts[f"cut{n}"]) for n, (key, (label, _q)) in enumerate(CUTS.items())]
        rows = rows.filter(CUTS[cut][1]).for_list()
        order = ("-created_at", "-pk") if cut == "selesai" else ("due_on", "pk")
        today = clock.today()
        if self.wants_sheet:
            heads = (
                _("Partner"),
                _("Code"),
                _("Status"),
                _("Books per delivery"),
                _("Handed over"),
                _("Due back"),
                _("Handover record (BAST)"),
            )
            return self.sheet(
                "kiriman",
                heads,
                (
                    (
                        row.partner.name,
                        row.code,
                        row.get_status_display(),
                        row.quantity,
                        row.dispatched_on,
                        row.due_on,
                        row.handover_document.number if row.handover_document else "",
                    )
                    for row in rows.order_by(*order)[:SHEET_ROWS]
                ),
            )
        # Counting lines costs a join, so only the rows of this page are counted.
        page = self.page_of(rows.order_by(*order))
        figures = Consignment.objects.filter(pk__in=[row.pk for row in page]).with_counts().in_bulk()
        for row in page:
            row.figures = figures[row.pk]
            row.late = row.days_late(today)
        return self.show(
            "admin/loans/consignments.html", page_obj=page, tabs=tabs, cut=cut, words=words, today=today
        )


class ConsignmentPage(DeskPage):
    """One delivery. While it is picked: the list in shelf order. Afterwards: what is where, differences, papers."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self.answer(self.find(Consignment.objects.for_list().select_related("period__programme"), pk))

    def answer(self, consignment: Consignment, status: int = 200, form: Any = None) -> HttpResponse:
        roles = roles_toward(self.request.user, lender=consignment.lender_id)
        may = CONSIGNMENT.available(consignment.status, roles)
        lines = list(consignment.lines.exclude(status=LineStatus.DROPPED).in_shelf_order())
        at = Counter(line.status for line in lines)
        today = clock.today(consignment.lender.zone)
        short = max(0, consignment.quantity - len(lines))
        not_gone = consignment.status in (S.PICKING, S.CANCELLED)
        differences = [
            {"row": row, "words": resolution_words(row.resolution) if row.resolved_at else ""}
            for row in consignment.discrepancies.select_related("line__copy__title", "resolved_by")
        ]
        return self.show(
            "admin/loans/consignment.html",
            status,
            consignment=consignment,
            may=may,
            may_pick="dispatch" in may,
            lines=lines,
            picked=at[LineStatus.PICKED],
            waiting=at[LineStatus.PROPOSED],
            out=at[LineStatus.OUT],
            lost=at[LineStatus.LOST],
            back=at[LineStatus.RETURNED],
            short=short,
            stayed=planned_left_out(consignment) if short and not not_gone else [],
            shortfall=shortfall_sentences(consignment.shortfall) if consignment.status == S.PICKING else [],
            gone=without_substitute(consignment)
            if any(row.get("reason") == "not_on_shelf" for row in consignment.shortfall)
            else [],
            planned_away=any(row.get("reason") == "planned_not_back" for row in consignment.shortfall),
            spread=spread_of(lines),
            late=consignment.days_late(today),
            differences=differences,
            open_differences=sum(1 for row in differences if row["row"].resolved_at is None),
            form=form,
            add_form=form or AddLineForm(),
            events=timeline(consignment.events.select_related("actor"), CONSIGNMENT, CONSIGNMENT_ALSO),
            today=today,
            packed=boxes_of(consignment),
            carriage=collect("carriage_of", self.request.user, consignment),
        )


def spread_of(lines: Sequence[LoanLine]) -> list[tuple[Any, int]]:
    """How the list spreads over the subjects, in the order of the shelves."""
    found = Counter(line.copy.title.ddc[:1] if line.copy.title.ddc[:1].isdigit() else "" for line in lines)
    return [(label, found[digit]) for digit, label in SUBJECTS.items() if found[digit]]


class AddLine(ConsignmentPage):
    """A copy is put on the list by its barcode; a refusal is shown on the page of the delivery, with what was typed."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        consignment = self.find(Consignment.objects.for_list().select_related("period__programme"), pk)
        form = AddLineForm(request.POST)
        if not form.is_valid():
            return self.answer(consignment, 422, form)
        try:
            add_line(consignment=consignment, actor=self.actor, **form.cleaned_data)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(consignment, status_of(error), form)
        return redirect(reverse("work:consignment", args=[pk]) + "#daftar")


class ConsignmentAct(ActPage):
    consignment: Consignment

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.consignment = self.find(Consignment.objects.for_list().select_related("period__programme"), pk)
        return self.consignment

    def back(self) -> str:
        return reverse("work:consignment", args=[self.consignment.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Deliveries"), reverse("work:consignments")),
            (f"{self.consignment.code} · {self.consignment.partner}", self.back()),
        ]


class Dispatch(ConsignmentAct):
    """The last look before the books leave: what was scanned, what is missing, and whose choice that is (L4)."""

    template_name = "admin/loans/dispatch.html"

    def counts(self) -> Counter[str]:
        return Counter(self.consignment.lines.values_list("status", flat=True))

    def make_form(self, *data: Any) -> DispatchForm:
        today = clock.today(self.consignment.lender.zone)
        return DispatchForm(*data, waiting=self.counts()[LineStatus.PROPOSED], initial={"on": today})

    def title(self) -> str:
        return _("Hand over to %(partner)s") % {"partner": self.consignment.partner}

    def label(self) -> str:
        return _("Hand over and make the record")

    def text(self) -> str:
        return _("The handover record gets its number, and the school is told. This cannot be undone.")

    def more(self) -> dict[str, Any]:
        at = self.counts()
        waiting = (
            self.consignment.lines.filter(status=LineStatus.PROPOSED).in_shelf_order()[:30]
            if at[LineStatus.PROPOSED]
            else []
        )
        picked, listed = at[LineStatus.PICKED], at[LineStatus.PICKED] + at[LineStatus.PROPOSED]
        short = max(0, self.consignment.quantity - listed)
        return {
            "picked": picked,
            "waiting": at[LineStatus.PROPOSED],
            "waiting_lines": waiting,
            "whole": self.consignment.quantity,
            "short": short,
            "reasons": reasons_short(self.consignment.shortfall, short) if short else [],
            "stayed": planned_left_out(self.consignment) if short else [],
        }

    def act(self, cleaned: dict[str, Any]) -> str:
        done = dispatch_consignment(consignment=self.consignment, actor=self.actor, **cleaned)
        number = done.handover_document.number if done.handover_document else ""
        return _("Handed over. The record is %(number)s; print it for both signatures.") % {"number": number}


class CancelConsignment(ConsignmentAct):
    form_class = NoteForm
    kind = "danger-solid"

    def title(self) -> str:
        return _("Give up delivery %(code)s?") % {"code": self.consignment.code}

    def text(self) -> str:
        return _("All its books go back to the shelf and may be proposed elsewhere. Empty the box.")

    def label(self) -> str:
        return _("Give up the delivery")

    def back(self) -> str:
        return reverse("work:programme", args=[self.consignment.period.programme_id])

    def act(self, cleaned: dict[str, Any]) -> str:
        cancel_consignment(consignment=self.consignment, actor=self.actor, **cleaned)
        return _("The delivery is given up; its books are free again.")


class LineAct(ActPage):
    def subject_of(self, pk: UUID, **kwargs: Any) -> LoanLine:
        rows = LoanLine.objects.select_related("copy__title", "consignment__partner", "consignment__lender")
        line: LoanLine = self.find(rows, pk)
        return line

    def back(self) -> str:
        return reverse("work:consignment", args=[self.subject.consignment_id])

    def crumbs(self) -> list[tuple[Any, str]]:
        consignment = self.subject.consignment
        return [
            (_("Deliveries"), reverse("work:consignments")),
            (f"{consignment.code} · {consignment.partner}", self.back()),
        ]


class DropLine(LineAct):
    def title(self) -> str:
        return _("Take “%(title)s” off the list?") % {"title": self.subject.copy.title}

    def text(self) -> str:
        return _("It stays here. If it lies in the box already, take it out.")

    def label(self) -> str:
        return _("Take off the list")

    def act(self, cleaned: dict[str, Any]) -> str:
        drop_line(line=self.subject, actor=self.actor)
        return _("“%(title)s” stays here.") % {"title": self.subject.copy.title}


class ReportLoss(LineAct):
    form_class = ReportLossForm

    def title(self) -> str:
        return _("Report “%(title)s”") % {"title": self.subject.copy.title}

    def text(self) -> str:
        return _(
            "Barcode %(barcode)s, with %(partner)s. A case is opened, in which you then say what is asked for."
        ) % {
            "barcode": self.subject.copy.barcode,
            "partner": self.subject.consignment.partner,
        }

    def label(self) -> str:
        return _("Open a case")

    def act(self, cleaned: dict[str, Any]) -> str:
        case = report_loss(line=self.subject, actor=self.actor, **cleaned)
        return _("Case %(code)s is open. Assess it next.") % {"code": case.code}


class Resolve(ActPage):
    def subject_of(self, pk: UUID, **kwargs: Any) -> Discrepancy:
        rows = Discrepancy.objects.visible_to(self.request.user).select_related(
            "consignment__partner", "line__copy__title"
        )
        return get_object_or_404(rows, pk=pk)

    def make_form(self, *data: Any) -> ResolveForm:
        return ResolveForm(*data, kind=self.subject.kind)

    def title(self) -> str:
        named = self.subject.line.copy.title if self.subject.line else self.subject.description
        return f"{self.subject.get_kind_display()}: {named}"

    def text(self) -> str:
        return str(self.subject.description) if self.subject.line else ""

    def label(self) -> str:
        return _("Resolve")

    def back(self) -> str:
        return reverse("work:consignment", args=[self.subject.consignment_id]) + "#selisih"

    def crumbs(self) -> list[tuple[Any, str]]:
        consignment = self.subject.consignment
        return [
            (_("Deliveries"), reverse("work:consignments")),
            (
                f"{consignment.code} · {consignment.partner}",
                reverse("work:consignment", args=[consignment.pk]),
            ),
        ]

    def act(self, cleaned: dict[str, Any]) -> str:
        resolve_discrepancy(discrepancy=self.subject, actor=self.actor, **cleaned)
        return _("Resolved.")


class PickList(DeskPage):
    """The whole list, or with ``?zona=`` one picker's part of it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        consignment = self.find(Consignment.objects.for_list(), pk)
        zone = plain(request.GET.get("zona", ""))
        return pdf(
            pick_list_pdf(consignment, language=get_language() or "id", zone=zone),
            f"daftar-ambil-{consignment.code}",
        )


class BoxLabels(DeskPage):
    """``?kotak=`` says how many boxes; without it, one box for every thirty books. ``?nomor=``: the label of one box."""

    MOST = 50

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        consignment = self.find(Consignment.objects.for_list(), pk)
        asked = request.GET.get("kotak", "")
        boxes = int(asked) if asked.isdigit() else -(-consignment.quantity // 30)
        boxes = max(1, min(boxes, self.MOST))
        number = request.GET.get("nomor", "")
        only = (
            get_object_or_404(consignment.boxes, number=number).number if NUMBER.fullmatch(number) else None
        )
        return pdf(
            box_labels_pdf(consignment, boxes=boxes, only=only, language=get_language() or "id"),
            f"label-{consignment.code}",
        )


def pdf(content: bytes, name: str) -> HttpResponse:
    """Our own PDF, opened in the browser and kept by nobody on the way."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
