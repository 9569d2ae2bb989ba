"""The year on one board: programmes down, months across, each delivery with its day and state, to be moved there (L1)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Sentence
from libraries.access import roles_toward
from libraries.desk import SHEET_ROWS, DeskPage, chosen
from loans.choices import PeriodStatus, ProgrammeStatus
from loans.lifecycle import DESK
from loans.models import Period, Programme

MONTHS = 12
# What the board can be narrowed to: address, words.
CUTS = (
    ("", _("All")),
    ("running", _("Running")),
    ("paused", _("Paused")),
    ("returning", _("Being brought home")),
    ("late", _("Late")),
    ("unplanned", _("Nothing planned")),
)


class Cell(list[Period]):
    """The deliveries of one programme in one month, and which month it is."""

    def __init__(self, periods: list[Period], month: str, label: str) -> None:
        super().__init__(periods)
        self.month, self.label = month, label


class YearBoard(DeskPage):
    """Twelve months from ``?dari=`` on. Five statements, whatever the number of programmes on the page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        months = _months(request.GET.get("dari", ""))
        words = self.words()
        cut = chosen(request.GET.get("bagian"), [name for name, _label in CUTS])
        rows = _narrowed(Programme.objects.visible_to(request.user), words, cut)
        rows = rows.order_by("partner__name", "label", "pk")
        if self.wants_sheet:
            return self._sheet(rows, months)
        # Two thousand schools are put in order by their keys alone; only one page of them is read.
        page = self.page_of(rows.values_list("pk", flat=True))
        read = Programme.objects.for_list().in_bulk(list(page.object_list))
        shown = [read[key] for key in page.object_list]
        cells = _cells(shown, months)
        # Said once for the page: a cell of six hundred must not format its month again.
        heads = [(month, f"{month:%Y-%m}", date_format(month, "M Y")) for month in months]
        lenders = {row.lender_id for row in shown}
        mine = {key for key in lenders if roles_toward(request.user, lender=key) & DESK}
        return self.show(
            "admin/loans/board.html",
            page_obj=page,
            board=[
                (row, [Cell(cells[row.pk, month], key, label) for month, key, label in heads])
                for row in shown
            ],
            mine=mine,
            months=months,
            earlier=_shift(months[0], -MONTHS),
            later=_shift(months[0], MONTHS),
            words=words,
            cut=cut,
            cuts=CUTS,
            here=f"{request.path}?{urlencode(self._here(months))}",
            moved=self._moved(),
            may_move=bool(mine),
            today=clock.today(),
        )

    def _here(self, months: Sequence[date]) -> dict[str, str]:
        """Where the reader is, to come back to after a move."""
        kept = {"dari": f"{months[0]:%Y-%m}"}
        for name in ("q", "bagian", "page"):
            if self.request.GET.get(name):
                kept[name] = self.request.GET[name]
        return kept

    def _moved(self) -> dict[str, Any] | None:
        """The move that was just made, with the day to which it can be taken back."""
        try:
            key = UUID(self.request.GET.get("geser", ""))
            before = date.fromisoformat(self.request.GET.get("dari_hari", ""))
        except ValueError:
            return None
        period = Period.objects.visible_to(self.request.user).for_list().filter(pk=key).first()
        if period is None or period.starts_on == before:
            return None
        return {"period": period, "before": before, "undo": period.status == PeriodStatus.PLANNED}

    def _sheet(self, rows: Any, months: list[date]) -> HttpResponse:
        shown = list(rows.for_list()[:SHEET_ROWS])
        cells = _cells(shown, months)
        heads: list[Sentence] = [_("Partner"), _("Agreement"), *(f"{month:%Y-%m}" for month in months)]
        return self.sheet(
            "papan",
            heads,
            (
                (
                    row.for_whom,
                    row.agreement,
                    *(
                        ", ".join(
                            it.iso if it.earlier else f"{it.starts_on:%d}" for it in cells[row.pk, month]
                        )
                        for month in months
                    ),
                )
                for row in shown
            ),
        )


def _narrowed(rows: Any, words: str, cut: str) -> Any:
    rows = rows.exclude(status=ProgrammeStatus.ENDED)
    if words:
        rows = rows.filter(
            Q(partner__name__icontains=words)
            | Q(partner__short_name__icontains=words)
            | Q(agreement__number__icontains=words)
            | Q(label__icontains=words)
        )
    periods = Period.objects.filter(programme=OuterRef("pk"))
    if cut == "late":
        return rows.filter(Exists(periods.overdue(clock.today())))
    if cut == "unplanned":
        return rows.filter(~Exists(periods.filter(status=PeriodStatus.PLANNED)))
    return rows.filter(status=cut) if cut else rows


def _cells(rows: list[Programme], months: list[date]) -> dict[Any, list[Period]]:
    """The deliveries of each programme in each month, with how many books are planned for them.

    What went out before the first month and is still with the partner in it stands there.
    """
    cells: dict[Any, list[Period]] = defaultdict(list)
    first, today = months[0], clock.today()
    still_there = Q(status=PeriodStatus.RUNNING, starts_on__lt=first)
    if first > today:
        still_there &= Q(ends_on__gte=first)
    periods = (
        Period.objects.filter(
            Q(starts_on__gte=first, starts_on__lt=_shift(months[-1], 1)) | still_there,
            programme__in=[row.pk for row in rows],
        )
        .exclude(status=PeriodStatus.CANCELLED)
        .annotate(planned=Count("planned_books"))
        .order_by("starts_on")
    )
    for row in periods:
        row.iso = row.starts_on.isoformat()
        row.earlier = row.starts_on < first
        row.late = row.days_late(today) > 0
        cells[row.programme_id, max(first, row.starts_on.replace(day=1))].append(row)
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
