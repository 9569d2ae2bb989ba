"""Pure date rules of lending: dates, closed days and terms in, dates out. No rows, no clock (L1)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kerjasama.domain.clock import add_months

# A stay shorter than this is not worth two journeys: the period before it is stretched to the end instead.
SHORTEST_STAY = timedelta(days=28)
# A long closure may push a swap onto the next one. Closer together than this, only the first takes place.
SOONEST_SWAP = timedelta(days=14)
# So long after the first open day a preferred weekday is waited for; when both have passed closed, any open day does.
LONGEST_WAIT = 14
# Nobody is closed for longer than this; looking further would only hide a mistyped closure.
LONGEST_SEARCH = 120


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """When lender or partner is closed: weekdays (0 is Monday) and ranges of dates, both ends included.

    ``preferred``: the weekdays on which the partner would have the van; empty is any. They are no closed days: where none
    of them is open in time, another open day is taken.
    """

    weekdays: frozenset[int] = frozenset()
    ranges: tuple[tuple[date, date], ...] = ()
    preferred: frozenset[int] = frozenset()

    def __contains__(self, day: date) -> bool:
        return day.weekday() in self.weekdays or any(start <= day <= end for start, end in self.ranges)


@dataclass(frozen=True, slots=True)
class PlannedPeriod:
    """``nominal_on`` is the date by the interval; ``starts_on`` and ``ends_on`` lie on open days."""

    sequence: int
    nominal_on: date
    starts_on: date
    ends_on: date


def next_open_day(day: date, closed: ClosedDays, *, step: int = 1) -> date:
    """``day`` itself, or the nearest open day after it (before it for ``step=-1``).

    When everything within four months is closed, ``day`` is returned as it is: a wrong calendar must not lose a date.
    """
    for offset in range(LONGEST_SEARCH):
        candidate = day + timedelta(days=offset * step)
        if candidate not in closed:
            return candidate
    return day


def swap_day(day: date, closed: ClosedDays, *, step: int = 1, only_if_shut: bool = False) -> date:
    """The nearest open day from ``day`` on that is a preferred weekday; any open day where none comes in time.

    ``only_if_shut``: an open ``day`` is kept, whatever its weekday: somebody may have chosen it.
    """
    if only_if_shut and day not in closed:
        return day
    open_day = next_open_day(day, closed, step=step)
    if not closed.preferred or open_day in closed:
        return open_day
    for offset in range(LONGEST_WAIT):
        candidate = open_day + timedelta(days=offset * step)
        if candidate.weekday() in closed.preferred and candidate not in closed:
            return candidate
    return open_day


def plan_periods(
    *, first_on: date, ends_on: date, interval_months: int, closed: ClosedDays
) -> Sequence[PlannedPeriod]:
    """The periods of a programme: a swap every ``interval_months`` from ``first_on``, moved off closed days (L1)
    and onto preferred weekdays.

    Each period ends on the day of the swap that begins the next; the last ends on the last open day of the agreement.
    Empty when the agreement is over before the first delivery can be made.
    """
    last_day = swap_day(ends_on, closed, step=-1)
    swaps: list[tuple[date, date]] = []
    turn = 0
    while (nominal := add_months(first_on, turn * interval_months)) < ends_on:
        start = swap_day(nominal, closed)
        if not swaps or start - swaps[-1][1] >= SOONEST_SWAP:
            swaps.append((nominal, start))
        turn += 1
    while len(swaps) > 1 and last_day - swaps[-1][1] < SHORTEST_STAY:
        swaps.pop()
    if not swaps or swaps[0][1] >= last_day:
        return []
    ends = [start for _nominal, start in swaps[1:]] + [last_day]
    return [
        PlannedPeriod(sequence=number, nominal_on=nominal, starts_on=start, ends_on=end)
        for number, ((nominal, start), end) in enumerate(zip(swaps, ends, strict=True), start=1)
    ]


def confirm_by(handed_over_on: date, receipt_days: int) -> date:
    """The last day on which a school may confirm; silence after it is flagged, not taken as received (L5)."""
    return handed_over_on + timedelta(days=receipt_days)


def replacement_due(reported_on: date, replacement_days: int) -> date:
    """By when a lost item is to be replaced (A9)."""
    return reported_on + timedelta(days=replacement_days)


def merged(
    weekdays: Collection[Collection[int]],
    ranges: Sequence[tuple[date, date]],
    preferred: Collection[int] = (),
) -> ClosedDays:
    """Closed when either side is closed. A pair that together never opens keeps no closed weekdays."""
    together = frozenset(day for side in weekdays for day in side)
    shut = frozenset() if never_open(weekdays) else together
    return ClosedDays(shut, tuple(ranges), frozenset(preferred))


def never_open(weekdays: Collection[Collection[int]]) -> bool:
    """Whether the sides together are closed on every day of the week."""
    return {day for side in weekdays for day in side} >= set(range(7))
