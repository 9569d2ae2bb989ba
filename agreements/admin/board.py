"""The expiry board: which agreements end in which of the next twelve months, and which reviews are overdue (A10)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DateField, F, Q, Value, Window
from django.db.models.functions import Greatest, RowNumber, TruncMonth
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementKind, AgreementStatus, Factor
from agreements.models import Agreement
from agreements.terms import last_notice_on
from kerjasama.domain import clock
from libraries.desk import SHEET_ROWS, DeskPage, chosen

# This month, and the twelve after it.
MONTHS = 13
# A month with more than this shows the first few; the list has them all.
SHOWN = 20


@dataclass
class Month:
    """One column: its first day, the first agreements that end in it with the last day to give notice, and how many do."""

    first: date
    rows: list[tuple[Agreement, date | None]] = field(default_factory=list)
    total: int = 0

    @property
    def hidden(self) -> int:
        return self.total - len(self.rows)


class ExpiryBoard(DeskPage):
    """Two queries: what ends within a year, and what was to be reviewed and was not."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        kind = chosen(request.GET.get("jenis"), AgreementKind.values)
        words = self.words()
        mine: Any = Agreement.objects.visible_to(request.user).filter(status=AgreementStatus.ACTIVE)
        if kind:
            mine = mine.filter(kind=kind)
        if words:
            mine = mine.filter(
                Q(partner__name__icontains=words)
                | Q(partner__short_name__icontains=words)
                | Q(partner__npsn=words)
            )
        start = today.replace(day=1)
        beyond = clock.add_months(start, MONTHS)
        ending = mine.filter(ends_on__lt=beyond).select_related("partner").order_by("ends_on", "pk")
        if self.wants_sheet:
            return self.as_sheet(ending)
        months = [Month(clock.add_months(start, number)) for number in range(MONTHS)]
        for row in first_of_each_month(ending, start):
            # What ended before this month and still counts as in force waits for tonight's clock: it is due now.
            month = months[(row.month.year - start.year) * 12 + row.month.month - start.month]
            month.rows.append((row, notice_on(row)))
            month.total = row.in_month
        reviews = (
            mine.filter(kind=AgreementKind.IMPLICIT, review_on__lte=today + timedelta(days=30))
            .select_related("partner")
            .order_by("review_on", "pk")
        )
        return self.show(
            "admin/agreements/board.html",
            months=months,
            reviews=list(reviews[:SHOWN]),
            total=sum(month.total for month in months),
            words=words,
            kind=kind,
            kinds=AgreementKind.choices,
            today=today,
        )

    def as_sheet(self, rows: Any) -> HttpResponse:
        heads = (
            _("Last day"),
            _("Partner"),
            _("About"),
            _("Number"),
            _("Kind"),
            _("Last day to give notice"),
            _("To be reviewed on"),
        )
        return self.sheet(
            "perjanjian-berakhir",
            heads,
            (
                (
                    row.ends_on,
                    row.partner.name,
                    row.title,
                    row.number,
                    row.get_kind_display(),
                    notice_on(row),
                    row.review_on,
                )
                for row in rows[:SHEET_ROWS]
            ),
        )


def first_of_each_month(rows: Any, start: date) -> Any:
    """The first few that end in each month, each with how many there are: one query, however many agreements end."""
    of_month = {"partition_by": [F("month")]}
    month = TruncMonth(Greatest("ends_on", Value(start, DateField())))
    return (
        rows.annotate(month=month)
        .annotate(
            place=Window(RowNumber(), order_by=["ends_on", "pk"], **of_month),
            in_month=Window(Count("pk"), **of_month),
        )
        .filter(place__lte=SHOWN)
        .defer(*Factor.values, "recitals", "further_provisions")
    )


def notice_on(row: Agreement) -> date | None:
    return last_notice_on(row.ends_on, row.notice_days) if row.ends_on and row.notice_days else None
