"""The expiry board: which agreements end in which of the next twelve months, and which reviews are overdue (A10)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementKind, AgreementStatus
from agreements.models import Agreement
from agreements.terms import last_notice_on
from kerjasama.domain import clock
from libraries.desk import SHEET_ROWS, DeskPage, chosen

# This month, and the twelve after it.
MONTHS = 13
# A month with more than this shows the first few; the list has them all.
SHOWN = 30


@dataclass
class Month:
    """One column: its first day, and the agreements that end in it, each with the last day to give notice."""

    first: date
    rows: list[tuple[Agreement, date | None]] = field(default_factory=list)

    @property
    def shown(self) -> list[tuple[Agreement, date | None]]:
        return self.rows[:SHOWN]

    @property
    def hidden(self) -> int:
        return max(0, len(self.rows) - SHOWN)


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
        ending = mine.filter(ends_on__lt=beyond).select_related("partner", "office").order_by("ends_on", "pk")
        if self.wants_sheet:
            return self.as_sheet(ending)
        months = [Month(clock.add_months(start, number)) for number in range(MONTHS)]
        for row in ending:
            # What ended before this month and still counts as in force waits for tonight's clock: it is due now.
            number = max(0, (row.ends_on.year - start.year) * 12 + row.ends_on.month - start.month)
            months[number].rows.append((row, notice_on(row)))
        reviews = (
            mine.filter(kind=AgreementKind.IMPLICIT, review_on__lte=today + timedelta(days=30))
            .select_related("partner")
            .order_by("review_on", "pk")
        )
        return self.show(
            "admin/agreements/board.html",
            months=months,
            reviews=list(reviews[:SHOWN]),
            total=sum(len(month.rows) for month in months),
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


def notice_on(row: Agreement) -> date | None:
    return last_notice_on(row.ends_on, row.notice_days) if row.ends_on and row.notice_days else None
