"""A month as rows of weeks, for calendars. Pure: things with days in, weeks out."""

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from kerjasama.domain import clock


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that lasts from ``first`` to ``last``, both included. ``when`` is its time in words."""

    first: date
    last: date
    title: str
    url: str
    when: str = ""
    sub: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    inside: bool
    """Whether it belongs to the month, not to the week that the month begins or ends in."""
    entries: Sequence[Entry] = field(default_factory=tuple)


def month_of(given: str, today: date) -> date:
    """The first day of the month that an address names as ``2026-11``; of this month when it names none."""
    year, _dash, month = given.partition("-")
    if year.isascii() and year.isdigit() and month.isascii() and month.isdigit() and len(year) == 4:
        try:
            found = date(int(year), int(month[:2]), 1)
        except ValueError:
            return today.replace(day=1)
        if 1990 <= found.year <= 2190:
            return found
    return today.replace(day=1)


def last_day(first: date) -> date:
    return clock.add_months(first, 1) - clock.days(1)


def weeks_of(first: date, entries: Iterable[Entry]) -> list[list[Day]]:
    """Weeks from Monday to Sunday; each day with what takes place on it, in the order given."""
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    # Day by day, not entry by entry for each day: a month of a city's van has hundreds of them.
    taking_place: dict[date, list[Entry]] = {on: [] for week in weeks for on in week}
    for entry in entries:
        on, last = max(entry.first, weeks[0][0]), min(entry.last, weeks[-1][-1])
        while on <= last:
            taking_place[on].append(entry)
            on += clock.days(1)
    return [[Day(on, on.month == first.month, taking_place[on]) for on in week] for week in weeks]
