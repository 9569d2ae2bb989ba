"""Days of a route plan as the planner counts them, and the rhythms of a stop that cannot be visited on some of them (M3)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, time, timedelta

from mobile_service.models import RoutePlan

# As far as a visit goes whose day is closed; further away the next one is as near.
FAR = 6


@dataclass(frozen=True, slots=True)
class Calendar:
    """Day 1 is the Monday of the week in which the plan begins."""

    monday: date
    first: date
    last: date

    def number(self, day: date) -> int:
        return (day - self.monday).days + 1

    def day(self, number: int) -> date:
        return self.monday + timedelta(days=number - 1)

    @property
    def numbers(self) -> range:
        """From the first day that can still be planned to the last."""
        return range(self.number(self.first), self.number(self.last) + 1)

    @property
    def span(self) -> int:
        """In whole weeks, as days."""
        return -(-len(self.numbers) // 7) * 7


def calendar_of(plan: RoutePlan, today: date) -> Calendar:
    """What is past is not planned, nor is today: the crew has its list."""
    monday = plan.starts_on - timedelta(days=plan.starts_on.weekday())
    return Calendar(monday, max(plan.starts_on, today + timedelta(days=1)), plan.ends_on)


def as_minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def as_time(minutes: float) -> time:
    """Whole minutes; a tour that would end after midnight ends before it, and the check says what is wrong with it."""
    whole = min(max(round(minutes), 0), 24 * 60 - 1)
    return time(whole // 60, whole % 60)


def slack_of(every: int) -> int:
    """By how much the first visit may come earlier or later than the rhythm asks after the last one before the plan."""
    return max(3, every // 4)


def drift_of(every: int, same_weekday: bool) -> int:
    """By how many days a gap may be off where the weekday does not matter."""
    return 0 if same_weekday else min(4, every // 3)


def barred_by_last(last: int | None, every: int, first: int) -> set[int]:
    """First days that would lie too near to the last visit before the plan, or too far from it. ``last`` is a day's number, below ``first``.

    A stop that is overdue already may begin on any day.
    """
    if last is None or last + every < first:
        return set()
    due, slack = last + every, slack_of(every)
    return {day for day in range(first, first + every) if abs(day - due) > slack}


def patterns_around(
    calendar: Calendar,
    every: int,
    may: Callable[[int], bool],
    barred: Collection[int],
    first_barred: Collection[int],
) -> tuple[tuple[int, ...], ...]:
    """Rhythms of a stop with days that are closed for it: a visit of such a day goes to a near one, in long holidays it falls out.

    Of all rhythms those with the most visits.
    """
    numbers = calendar.numbers
    count = max(1, calendar.span // every)
    found = set()
    for start in range(numbers[0], min(numbers[0] + every, numbers[-1] + 1)):
        if start in first_barred or (not may(start) and start not in barred):
            continue
        days: list[int] = []
        for at in range(count):
            day = start + at * every
            near = (
                next(
                    (
                        it
                        for it in sorted(range(day - FAR, day + FAR + 1), key=lambda it: (abs(it - day), it))
                        if it in numbers and may(it) and all(abs(it - other) > every // 2 for other in days)
                    ),
                    None,
                )
                if day in barred
                else (day if day in numbers and may(day) else None)
            )
            if near is not None:
                days.append(near)
        if days:
            found.add(tuple(days))
    most = max(map(len, found), default=0)
    return tuple(sorted(row for row in found if len(row) == most))
