"""Reminders of what is due between a lender and its partners (L9): swaps, first deliveries, receipts, replacements.

What is due is the latest rung reached and not yet recorded. A night that was missed is made up by one reminder, a
second run adds nothing, and what is settled falls silent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from kerjasama.domain import clock
from kerjasama.domain.rungs import Ladder
from libraries.models import Notice
from libraries.services.ladders import unrecorded, zones_by_day
from libraries.services.notices import announce_all, settle, settle_where
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep
from loans.choices import OWED_CASES, ConsignmentStatus, PeriodStatus, ProgrammeStatus
from loans.models import Case, Consignment, Period
from loans.services.telling import (
    DELIVERY,
    RECEIPT,
    REPLACEMENT,
    SWAP,
    of_delivery,
    of_replacement,
    of_silent_receipt,
    of_swap,
)
from loans.services.tracking import lines_out, lock_consignment_with_books, lock_period_with_books

# What is only told, with nothing to do about it, leaves the page after a while.
NEWS = ("received", "returned", "returned_elsewhere", "case_settled", "wishes_answered", "programme_changed")
NEWS_DAYS = 30


@dataclass(frozen=True)
class Rule:
    """One kind of reminder: which rows it is about, by which date, on which ladder, and how one row is done.

    ``lender`` is the path to the institution in whose zone "today" is; ``rows()`` are those the matter is open for.
    """

    name: str
    ladder: Ladder
    due: str
    lender: str
    rows: Callable[[], QuerySet[Any]]
    remind: Callable[[UUID], bool]

    def waiting(self, today: date) -> QuerySet[Any]:
        return unrecorded(self.rows(), rule=self.name, due=self.due, ladder=self.ladder, today=today)


def send_due_reminders(*, batch: int = BATCH) -> Swept:
    """One reminder for every matter that has reached a new rung."""
    return sweep("loans.send_due_reminders", partial(_send_due_reminders, batch))


def _send_due_reminders(batch: int) -> Swept:
    swept = Swept()
    settle_where(Q(rule__in=NEWS, created_at__lt=clock.now() - clock.days(NEWS_DAYS)))
    for rule in RULES:
        hush(rule)
        for today, zones in zones_by_day().items():
            waiting = rule.waiting(today).filter(**{f"{rule.lender}__zone__in": zones})
            swept += row_by_row(partial(keys_after, waiting), rule.remind, batch=batch)
    return swept


def hush(rule: Rule) -> int:
    """Settle notices whose matter is over or has another date now, whichever way that came about."""
    still_open = rule.rows().filter(**{"pk": OuterRef("subject_id"), rule.due: OuterRef("due_on")})
    over = Notice.objects.open().filter(~Exists(still_open), rule=rule.name)
    return settle_where(Q(pk__in=list(over.values_list("pk", flat=True))))


def periods_with_books() -> QuerySet[Period]:
    return Period.objects.filter(
        Exists(lines_out(consignment__period=OuterRef("pk"))), status=PeriodStatus.RUNNING
    )


def first_deliveries() -> QuerySet[Period]:
    """Planned periods with nothing at the partner before them; later ones come with the swap."""
    running = Period.objects.filter(programme=OuterRef("programme"), status=PeriodStatus.RUNNING)
    earlier = Period.objects.filter(
        programme=OuterRef("programme"), sequence__lt=OuterRef("sequence"), status=PeriodStatus.PLANNED
    )
    return Period.objects.filter(
        ~Exists(running),
        ~Exists(earlier),
        status=PeriodStatus.PLANNED,
        programme__status=ProgrammeStatus.RUNNING,
    )


def unconfirmed() -> QuerySet[Consignment]:
    return Consignment.objects.filter(status=ConsignmentStatus.FLAGGED)


def replacements_due() -> QuerySet[Case]:
    return Case.objects.filter(status__in=OWED_CASES)


@transaction.atomic
def remind_of_swap(key: UUID) -> bool:
    period = lock_period_with_books(key)
    today = clock.today(period.programme.lender.zone)
    rung = SWAP.reached(period.ends_on, today)
    books = period.books_out  # type: ignore[attr-defined]
    if period.status != PeriodStatus.RUNNING or not books or rung is None:
        return False
    final = not period.has_next  # type: ignore[attr-defined]
    return announce_all(of_swap(period, books=books, final=final, rung=rung, today=today)) > 0


@transaction.atomic
def remind_of_delivery(key: UUID) -> bool:
    period = (
        Period.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme__lender", "programme__partner")
        .get(pk=key)
    )
    today = clock.today(period.programme.lender.zone)
    rung = DELIVERY.reached(period.starts_on, today)
    if period.status != PeriodStatus.PLANNED or rung is None:
        return False
    return announce_all(of_delivery(period, rung=rung, today=today)) > 0


@transaction.atomic
def remind_of_receipt(key: UUID) -> bool:
    consignment = lock_consignment_with_books(key)
    today = clock.today(consignment.lender.zone)
    if consignment.status != ConsignmentStatus.FLAGGED or consignment.confirm_by is None:
        return False
    rung = RECEIPT.reached(consignment.confirm_by, today)
    if rung is None:
        return False
    books = consignment.books_out  # type: ignore[attr-defined]
    return announce_all(of_silent_receipt(consignment, books=books, rung=rung, today=today)) > 0


@transaction.atomic
def remind_of_replacement(key: UUID) -> bool:
    case = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lender", "partner", "copy__title")
        .get(pk=key)
    )
    today = clock.today(case.lender.zone)
    rung = REPLACEMENT.reached(case.due_on, today)
    if case.status not in OWED_CASES or rung is None:
        return False
    # The letter said it first; from now on the reminder is the latest word about it.
    settle(case.pk, rules=["case_assessed", "case_answered", "case_warned"])
    return announce_all(of_replacement(case, rung=rung, today=today)) > 0


RULES = (
    Rule("swap", SWAP, "ends_on", "programme__lender", periods_with_books, remind_of_swap),
    Rule("delivery", DELIVERY, "starts_on", "programme__lender", first_deliveries, remind_of_delivery),
    Rule("receipt", RECEIPT, "confirm_by", "lender", unconfirmed, remind_of_receipt),
    Rule("replacement", REPLACEMENT, "due_on", "lender", replacements_due, remind_of_replacement),
)
