"""Where the books are: per school, per delivery, per copy, due when and late by how many days (L7)."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from libraries.catalogue.models import Copy
from libraries.desk import SHEET_ROWS, DeskPage, chosen
from loans.choices import OPEN_LINES, CaseStatus, LineStatus
from loans.models import Case, Consignment, CustodyMove, LoanLine


class Tracking(DeskPage):
    """Two views of the same: school by school, or book by book. A barcode in the box leads to its copy at once."""

    def get(self, request: HttpRequest) -> HttpResponse:
        words = self.words()
        if words:
            hits = list(Copy.objects.visible_to(request.user).filter(barcode__iexact=words)[:2])
            if len(hits) == 1:
                return redirect("work:copy", hits[0].pk)
        view = chosen(request.GET.get("tampilan"), {"eksemplar"})
        cut = chosen(request.GET.get("bagian"), {"terlambat", "hilang"})
        today = clock.today()
        out = LoanLine.objects.visible_to(request.user).filter(status__in=[LineStatus.OUT, LineStatus.LOST])
        figures = out.aggregate(
            out=Count("pk", filter=Q(status=LineStatus.OUT)),
            late=Count("pk", filter=Q(status=LineStatus.OUT, consignment__due_on__lt=today)),
            lost=Count("pk", filter=Q(status=LineStatus.LOST)),
            schools=Count("consignment__partner", distinct=True),
        )
        rows = self.copies(out, words, cut, today) if view else self.deliveries(words, cut, today)
        if self.wants_sheet:
            return self.sheet(
                "posisi-buku", *(self.copy_sheet(rows, today) if view else self.delivery_sheet(rows, today))
            )
        page = self.page_of(rows)
        for row in page:
            row.late = (row.consignment if view else row).days_late(today)
        return self.show(
            "admin/loans/tracking.html",
            page_obj=page,
            figures=figures,
            words=words,
            view=view,
            cut=cut,
            tabs=[("", _("All"), None), ("terlambat", _("Late"), None), ("hilang", _("Lost"), None)],
            today=today,
        )

    def deliveries(self, words: str, cut: str, today: Any) -> Any:
        rows = Consignment.objects.visible_to(self.request.user).out().for_list().with_counts()
        if words:
            rows = rows.filter(
                Q(partner__name__icontains=words)
                | Q(partner__short_name__icontains=words)
                | Q(partner__npsn=words)
                | Q(code__iexact=words)
            )
        if cut == "terlambat":
            rows = rows.filter(due_on__lt=today, out_count__gt=0)
        elif cut == "hilang":
            rows = rows.filter(lost_count__gt=0)
        return rows.order_by("due_on", "pk")

    def copies(self, out: Any, words: str, cut: str, today: Any) -> Any:
        if words:
            out = out.filter(
                Q(copy__barcode__istartswith=words)
                | Q(copy__title__title__icontains=words)
                | Q(consignment__partner__name__icontains=words)
                | Q(consignment__partner__short_name__icontains=words)
            )
        if cut == "terlambat":
            out = out.filter(status=LineStatus.OUT, consignment__due_on__lt=today)
        elif cut == "hilang":
            out = out.filter(status=LineStatus.LOST)
        return out.select_related("copy__title", "consignment__partner").order_by(
            "consignment__due_on", "copy__barcode", "pk"
        )

    def copy_sheet(self, rows: Any, today: Any) -> tuple[Any, Any]:
        heads = (
            _("Barcode"),
            _("Title"),
            _("With"),
            _("Delivery"),
            _("Due back"),
            _("days late"),
            _("Status"),
        )
        return heads, (
            (
                row.copy.barcode,
                row.copy.title,
                row.consignment.partner.name,
                row.consignment.code,
                row.consignment.due_on,
                row.consignment.days_late(today),
                row.get_status_display(),
            )
            for row in rows[:SHEET_ROWS]
        )

    def delivery_sheet(self, rows: Any, today: Any) -> tuple[Any, Any]:
        heads = (
            _("School"),
            _("Delivery"),
            _("Out"),
            _("Came back"),
            _("Lost"),
            _("Due back"),
            _("days late"),
        )
        return heads, (
            (
                row.partner.name,
                row.code,
                row.out_count,
                row.returned_count,
                row.lost_count,
                row.due_on,
                row.days_late(today),
            )
            for row in rows[:SHEET_ROWS]
        )


class CopyPage(DeskPage):
    """Where is this book? One copy, what binds it now, and its whole custody ledger."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        copy = self.find(Copy.objects.select_related("title", "owner", "holder"), pk)
        line = (
            LoanLine.objects.filter(copy=copy, status__in=OPEN_LINES)
            .select_related("consignment__partner", "consignment__lender")
            .first()
        )
        today = clock.today(copy.owner.zone)
        moves = (
            CustodyMove.objects.visible_to(request.user)
            .filter(copy=copy)
            .select_related("from_holder", "to_holder", "actor", "line__consignment")
            .order_by("-sequence")
        )
        return self.show(
            "admin/loans/copy.html",
            copy=copy,
            line=line,
            late=line.consignment.days_late(today) if line else 0,
            case=copy.cases.open().first(),
            missing=copy.missed.filter(found_at__isnull=True).first(),
            ended=copy.cases.filter(status__in=[CaseStatus.SETTLED, CaseStatus.WRITTEN_OFF])
            .select_related("replacement_copy__title", "settlement_record")
            .defer("settlement_record__content")
            .last(),
            replaces=Case.objects.filter(replacement_copy=copy).select_related("copy__title").first(),
            page_obj=self.page_of(moves),
            today=today,
        )
