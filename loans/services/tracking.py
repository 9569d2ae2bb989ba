"""What the clock notices about books that are out: not back in time (L7), or not confirmed (L5)."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kerjasama.domain import clock
from libraries.services.ladders import zones_by_day
from libraries.services.notices import announce_all, settle
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep
from loans.choices import ConsignmentStatus, LineStatus, PeriodStatus
from loans.lifecycle import CONSIGNMENT, PERIOD
from loans.models import Consignment, LoanLine, Period
from loans.services.stepping import take_step
from loans.services.telling import RECEIPT, SWAP, of_silent_receipt, of_swap


def track_returns(*, batch: int = BATCH) -> Swept:
    """Mark periods whose last day has passed with books still out, and tell both sides."""
    return sweep("loans.track_returns", partial(_track_returns, batch))


def _track_returns(batch: int) -> Swept:
    swept = Swept()
    for today, zones in zones_by_day().items():
        late = late_periods(today).filter(programme__lender__zone__in=zones)
        swept += row_by_row(partial(keys_after, late), mark_late, batch=batch)
    return swept


def late_periods(today: date) -> QuerySet[Period]:
    """Periods past their last day with books out that are not marked since; a moved last day is marked anew."""
    return (
        Period.objects.overdue(today)
        .filter(Q(overdue_since__isnull=True) | Q(overdue_since__lte=F("ends_on")))
        .filter(Exists(lines_out(consignment__period=OuterRef("pk"))))
    )


@transaction.atomic
def mark_late(key: UUID) -> bool:
    """Mark one period as late since the day after its last, and tell both sides. Returns whether it was to be marked."""
    period = lock_period_with_books(key)
    today = clock.today(period.programme.lender.zone)
    books = period.books_out  # type: ignore[attr-defined]
    if not books or not _is_late(period, today):
        return False
    take_step(PERIOD, "mark_overdue", period, actor=None, overdue_since=period.ends_on + clock.days(1))
    rung = SWAP.reached(period.ends_on, today)
    assert rung is not None
    announce_all(of_swap(period, books=books, final=not period.has_next, rung=rung, today=today))  # type: ignore[attr-defined]
    return True


def _is_late(period: Period, today: date) -> bool:
    marked = period.overdue_since is not None and period.overdue_since > period.ends_on
    return period.days_late(today) > 0 and not marked


def flag_silent_receipts(*, batch: int = BATCH) -> Swept:
    """Flag deliveries that nobody confirmed in time: silence is not a receipt. Both sides are told."""
    return sweep("loans.flag_silent_receipts", partial(_flag_silent_receipts, batch))


def _flag_silent_receipts(batch: int) -> Swept:
    swept = Swept()
    for today, zones in zones_by_day().items():
        silent = Consignment.objects.filter(
            status=ConsignmentStatus.DISPATCHED, confirm_by__lt=today, lender__zone__in=zones
        )
        swept += row_by_row(partial(keys_after, silent), flag_silent, batch=batch)
    return swept


@transaction.atomic
def flag_silent(key: UUID) -> bool:
    """Flag one delivery and tell both sides. Returns whether it was to be flagged."""
    consignment = lock_consignment_with_books(key)
    today = clock.today(consignment.lender.zone)
    rung = RECEIPT.reached(consignment.confirm_by, today) if consignment.confirm_by else None
    if consignment.status != ConsignmentStatus.DISPATCHED or rung is None:
        return False
    take_step(CONSIGNMENT, "flag", consignment, actor=None)
    # The school was asked when the books came; from now on this is the latest word about it.
    settle(consignment.pk, rules=["delivered"])
    announce_all(of_silent_receipt(consignment, books=consignment.books_out, rung=rung, today=today))  # type: ignore[attr-defined]
    return True


def lines_out(**of: Any) -> QuerySet[LoanLine]:
    """Lines of books that are with the partner; lost ones are the matter of their cases."""
    return LoanLine.objects.filter(status=LineStatus.OUT, **of)


def lock_period_with_books(key: UUID) -> Period:
    """The period, locked, with both sides, ``books_out`` and ``has_next``. One statement."""
    following = Period.objects.filter(
        programme=OuterRef("programme"), sequence__gt=OuterRef("sequence"), status=PeriodStatus.PLANNED
    )
    return (
        Period.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme__lender", "programme__partner")
        .annotate(
            books_out=_counted(lines_out(consignment__period=OuterRef("pk"))), has_next=Exists(following)
        )
        .get(pk=key)
    )


def lock_consignment_with_books(key: UUID) -> Consignment:
    """The delivery, locked, with both sides and ``books_out``. One statement."""
    return (
        Consignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lender", "partner")
        .annotate(books_out=_counted(lines_out(consignment=OuterRef("pk"))))
        .get(pk=key)
    )


def _counted(lines: QuerySet[LoanLine]) -> Coalesce:
    counts = lines.order_by().values("status").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)
