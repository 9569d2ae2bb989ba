"""The year on one board: programmes down, months across, each delivery with its day and state (L1)."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from libraries.desk import SHEET_ROWS, DeskPage
from loans.choices import PeriodStatus, ProgrammeStatus
from loans.models import Period, Programme

MONTHS = 12


class YearBoard(DeskPage):
    """Twelve months from ``?dari=`` on. Four statements, whatever the number of programmes on the page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        months = _months(request.GET.get("dari", ""))
        words = self.words()
        rows = Programme.objects.visible_to(request.user).for_list().exclude(status=ProgrammeStatus.ENDED)
        if words:
            rows = rows.filter(
                Q(partner__name__icontains=words)
                | Q(partner__short_name__icontains=words)
                | Q(agreement__number__icontains=words)
            )
        rows = rows.order_by("partner__name", "pk")
        if self.wants_sheet:
            return self._sheet(rows, months)
        page = self.page_of(rows)
        cells = _cells(list(page.object_list), months)
        return self.show(
            "admin/loans/board.html",
            page_obj=page,
            board=[(row, [cells[row.pk, month] for month in months]) for row in page.object_list],
            months=months,
            earlier=_shift(months[0], -MONTHS),
            later=_shift(months[0], MONTHS),
            words=words,
            today=clock.today(),
        )

    def _sheet(self, rows: Any, months: list[date]) -> HttpResponse:
        shown = list(rows[:SHEET_ROWS])
        cells = _cells(shown, months)
        heads = [_("Partner"), _("Agreement"), *(f"{month:%Y-%m}" for month in months)]
        return self.sheet(
            "papan",
            heads,
            (
                (
                    row.partner.name,
                    row.agreement,
                    *(", ".join(f"{it.starts_on:%d}" for it in cells[row.pk, month]) for month in months),
                )
                for row in shown
            ),
        )


def _cells(rows: list[Programme], months: list[date]) -> dict[Any, list[Period]]:
    """The deliveries of each programme in each month, with how many books are planned for them."""
    cells: dict[Any, list[Period]] = defaultdict(list)
    periods = (
        Period.objects.filter(
            programme__in=[row.pk for row in rows],
            starts_on__gte=months[0],
            starts_on__lt=_shift(months[-1], 1),
        )
        .exclude(status=PeriodStatus.CANCELLED)
        .annotate(planned=Count("planned_books"))
        .order_by("starts_on")
    )
    for row in periods:
        cells[row.programme_id, row.starts_on.replace(day=1)].append(row)
    return cells


def _months(given: str) -> list[date]:
    try:
        first = date.fromisoformat(f"{given}-01")
    except ValueError:
        first = clock.today().replace(day=1)
    if not 2000 <= first.year <= 2200:
        first = clock.today().replace(day=1)
    return [_shift(first, number) for number in range(MONTHS)]


def _shift(month: date, by: int) -> date:
    years, number = divmod(month.month - 1 + by, 12)
    return date(month.year + years, number + 1, 1)
