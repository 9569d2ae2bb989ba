"""What another day of one swap does to the plan that was adopted: shorter stays, books that are not back, others that wait (L2)."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loans.choices import PeriodStatus
from loans.models import LoanLine, Period, PlannedBook
from loans.services.planned import HELD
from loans.services.planning_rounds import SAME_DAYS


def upsets(period: Period, day: date, before: Period | None) -> list[str]:
    """A sentence for each thing that a swap on ``day`` breaks and on its present day does not. Six statements at most.

    ``before``: the period whose books go back on that day.
    """
    if day == period.starts_on:
        return []
    said = []
    if before is not None:
        said += _stay(before, day - before.starts_on, period.starts_on - before.starts_on)
    said += _stay(period, period.ends_on - day, period.ends_on - period.starts_on)
    promised = _promised(period)
    away = not_back_by(period, day, promised) - not_back_by(period, period.starts_on, promised)
    if away:
        said.append(not_back_words(len(away), len(promised)))
    waiting = _wanted_between(period, (promised - away), day, period.starts_on)
    if before is not None:
        waiting |= _wanted_between(period, _copies_of(before), period.starts_on, day)
    if waiting:
        said.append(
            ngettext(
                "%(count)s book that is promised to another school comes back too late for it. Choose a day nearer to "
                "the planned one, or make a new rotation plan after the move.",
                "%(count)s books that are promised to other schools come back too late for them. Choose a day nearer "
                "to the planned one, or make a new rotation plan after the move.",
                len(waiting),
            )
            % {"count": len(waiting)}
        )
    return said


def not_back_by(
    period: Period, day: date, copies: Collection[UUID], *, slack: timedelta = timedelta(0)
) -> set[UUID]:
    """Which of the copies another school still has on ``day``, by what it holds now and by what it is promised."""
    if not copies:
        return set()
    others = PlannedBook.objects.filter(
        copy__in=copies,
        period__status=PeriodStatus.PLANNED,
        period__starts_on__lte=day,
        period__ends_on__gt=day + slack,
    ).exclude(period__programme=period.programme_id)
    held = LoanLine.objects.filter(
        copy__in=copies, status__in=HELD, consignment__due_on__gt=day + slack
    ).exclude(consignment__period__programme=period.programme_id)
    return {*others.values_list("copy_id", flat=True), *held.values_list("copy_id", flat=True)}


def not_back_words(away: int, promised: int) -> str:
    return ngettext(
        "%(count)s of the %(all)s books promised for this delivery is still at another school on that day. Choose a later "
        "day, or make a new rotation plan.",
        "%(count)s of the %(all)s books promised for this delivery are still at other schools on that day. Choose a later "
        "day, or make a new rotation plan.",
        away,
    ) % {"count": away, "all": promised}


def missing_on_its_day(period: Period, copies: Collection[UUID]) -> int:
    """How many of the planned copies are not back when the delivery goes out; a round's few days of swapping do not count."""
    if period.status != PeriodStatus.PLANNED:
        return 0
    return len(not_back_by(period, period.starts_on, copies, slack=SAME_DAYS))


def _stay(period: Period, now: timedelta, planned: timedelta) -> list[str]:
    if abs(now - planned) <= SAME_DAYS:
        return []
    facts = {"number": period.sequence, "now": now.days, "planned": planned.days}
    if now > planned:
        return [
            _(
                "The books of period %(number)s then stay at the school for %(now)s days instead of %(planned)s."
            )
            % facts
        ]
    return [
        ngettext(
            "The books of period %(number)s then stay at the school for only %(now)s day instead of %(planned)s.",
            "The books of period %(number)s then stay at the school for only %(now)s days instead of %(planned)s.",
            now.days,
        )
        % facts
    ]


def _promised(period: Period) -> set[UUID]:
    return set(PlannedBook.objects.filter(period=period).values_list("copy_id", flat=True))


def _copies_of(period: Period) -> set[UUID]:
    """What the school has in that period: promised as long as it is planned, afterwards what went out."""
    if period.status == PeriodStatus.PLANNED:
        return _promised(period)
    rows = LoanLine.objects.filter(consignment__period=period, status__in=HELD)
    return set(rows.values_list("copy_id", flat=True))


def _wanted_between(period: Period, copies: Collection[UUID], first: date, until: date) -> set[UUID]:
    """Which of the copies another school is to get after ``first`` began and before ``until``."""
    if not copies or first >= until:
        return set()
    rows = PlannedBook.objects.filter(
        copy__in=copies,
        period__starts_on__gte=first,
        period__starts_on__lt=until,
        period__status=PeriodStatus.PLANNED,
    ).exclude(period__programme=period.programme_id)
    return set(rows.values_list("copy_id", flat=True))
