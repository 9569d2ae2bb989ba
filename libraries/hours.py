"""Opening hours as people write and read them: “08.00–12.00, 13.00–16.00”, “Monday–Friday 08.00–16.00” (D1). Pure.

A week is a list of seven days from Monday on; a day is a list of intervals; an interval is (opens, closes).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import time
from itertools import groupby

from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from kerjasama.domain.errors import InvalidInput
from kerjasama.domain.wording import hour

Interval = tuple[time, time]
Day = tuple[Interval, ...]
Week = tuple[Day, ...]

WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
MOST_INTERVALS = 4
# 08.00-12.00, 08:00 – 12:00, 8-12, 08.00 s.d. 12.00, 08.00 s/d 12.00, 08.00 sampai 12.00
_SPAN = re.compile(
    r"(\d{1,2})(?:[.:](\d{2}))?\s*(?:-|–|—|s\.?\s?d\.?|s/d|sampai|hingga|to|until)\s*(\d{1,2})(?:[.:](\d{2}))?",
    re.IGNORECASE,
)
_CLOSED = frozenset({"", "-", "–", "tutup", "libur", "closed"})


def read_day(text: str, *, field: str | None = None, once: bool = False) -> Day:
    """The intervals of one day as somebody typed them, in order; nothing, “tutup” and “-” mean closed. ``once``: the example has one span.

    Raises InvalidInput (``hours_unreadable``, ``hours_turned_round``, ``hours_overlap``, ``hours_too_many``).
    """
    said = " ".join(text.split())
    if said.casefold().strip(".") in _CLOSED:
        return ()
    rest = _SPAN.sub("", said)
    if re.sub(r"[\s,;/&+]|dan|and|wib|wita|wit|jam|pukul", "", rest, flags=re.IGNORECASE):
        words = (
            _("“%(text)s” cannot be read as hours. Type one span like this: 07.30–15.00")
            if once
            else _("“%(text)s” cannot be read as hours. Type them like this: 08.00–12.00, 13.00–16.00")
        )
        raise InvalidInput("hours_unreadable", words % {"text": said[:60]}, field=field)
    return in_order([_interval(found.groups(), said, field) for found in _SPAN.finditer(said)], field=field)


def in_order(intervals: Iterable[Interval], *, field: str | None = None) -> Day:
    """The intervals of a day, sorted and checked: each ends after it begins, none overlaps the next. Touching ones are one."""
    found: list[Interval] = []
    for opens, closes in sorted(intervals):
        if closes <= opens:
            raise InvalidInput(
                "hours_turned_round",
                _("%(closes)s is not after %(opens)s. Type the opening first, on the 24-hour clock.")
                % {"opens": _hour(opens), "closes": _hour(closes)},
                field=field,
            )
        if found and opens < found[-1][1]:
            raise InvalidInput(
                "hours_overlap",
                _("%(one)s and %(other)s overlap. Write the hours so that one ends before the next begins.")
                % {"one": interval_words(found[-1]), "other": interval_words((opens, closes))},
                field=field,
            )
        if found and opens == found[-1][1]:
            found[-1] = (found[-1][0], closes)
        else:
            found.append((opens, closes))
    if len(found) > MOST_INTERVALS:
        raise InvalidInput("hours_too_many", _("A day can have at most four spans of hours."), field=field)
    return tuple(found)


def _interval(parts: Sequence[str | None], said: str, field: str | None) -> Interval:
    numbers = [int(part or 0) for part in parts]
    try:
        # 24.00 is how a sign says “until midnight”.
        closes = time(23, 59) if numbers[2:] == [24, 0] else time(numbers[2], numbers[3])
        return time(numbers[0], numbers[1]), closes
    except ValueError:
        raise InvalidInput(
            "hours_unreadable",
            _("“%(text)s” names an hour that no clock has. Hours go from 00.00 to 23.59.")
            % {"text": said[:60]},
            field=field,
        )


def week_of(rows: Iterable[tuple[int, time, time]]) -> Week:
    """(weekday, opens, closes) rows as a week."""
    days: list[list[Interval]] = [[] for _day in range(7)]
    for weekday, opens, closes in rows:
        days[weekday].append((opens, closes))
    return tuple(tuple(sorted(day)) for day in days)


def interval_words(interval: Interval) -> str:
    """ "08.00–16.00", in English "08:00–16:00"."""
    return f"{_hour(interval[0])}–{_hour(interval[1])}"


def day_words(day: Day) -> str:
    """ "08.00–12.00, 13.00–16.00"; "" for a closed day."""
    return ", ".join(interval_words(interval) for interval in day)


def week_lines(week: Week) -> list[tuple[str, str]]:
    """Days of the same hours together: [("Monday–Thursday", "08.00–16.00"), …, ("Sunday", "closed")]; [] for no hours at all."""
    if not any(week):
        return []
    lines = []
    for hours, days in groupby(range(7), key=lambda weekday: week[weekday]):
        span = list(days)
        name = str(WEEKDAYS[span[0]])
        if len(span) > 1:
            name = f"{name}–{WEEKDAYS[span[-1]]}"
        lines.append((name, day_words(hours) or pgettext("opening hours", "closed")))
    return lines


def open_lines(rows: Iterable[tuple[int, time, time]]) -> list[tuple[str, str]]:
    """The same of (weekday, from, until) rows, without the days that have no hours."""
    closed = pgettext("opening hours", "closed")
    return [(days, hours) for days, hours in week_lines(week_of(rows)) if hours != closed]


def week_words(week: Week) -> str:
    """The week in one line, closed days left out: "Monday–Friday 08.00–16.00, Saturday 08.00–12.00"."""
    closed = pgettext("opening hours", "closed")
    return "; ".join(f"{days} {hours}" for days, hours in week_lines(week) if hours != closed)


def _hour(moment: time) -> str:
    return hour(moment, get_language() or "id")
