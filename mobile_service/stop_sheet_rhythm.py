"""How often the rows of a timetable file come, alone and together. Pure: rules as text in, weeks and days out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from itertools import takewhile
from typing import Any

from kerjasama.domain.errors import InvalidInput
from mobile_service.recurrence import days_of, parse
from mobile_service.stop_sheet_values import DAY_CODES, Span

# Every interval up to a year has passed in it, and months have evened out.
LOOKED_AT = 104
# Rows that name no first day are counted from one day, whichever it is; it is a Monday.
SOME_DAY = date(2024, 1, 1)
# Hours on a weekday, and the row that says them.
Told = tuple[Span, int]


def weeks_of(rule: str) -> int:
    """About how many weeks lie between two visits of a rule."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    step = int(parts["INTERVAL"]) if parts.get("INTERVAL", "").isdigit() else 1
    if parts["FREQ"] == "YEARLY":
        return 52 * step
    if parts["FREQ"] == "MONTHLY":
        days = parts.get("BYDAY", "").split(",")
        if (
            days[0]
            and "BYSETPOS" not in parts
            and not any(day[0].isdigit() or day[0] in "+-" for day in days)
        ):
            # "Tuesdays of the month" are all of them.
            return step
        times = len(
            (parts.get("BYSETPOS") or parts.get("BYDAY") or parts.get("BYMONTHDAY") or "1").split(",")
        )
        return max(1, 4 * step // times)
    return step if parts["FREQ"] == "WEEKLY" else 1


def weeks_together(rows: Sequence[Mapping[str, Any]]) -> int | None:
    """About how many weeks lie between two weeks in which any of these series comes; None where a rule is none of ours.

    A stop that is visited in the first and in the third week of four has two rows of four weeks, and is visited every second week.
    """
    first = max((_start(row) for row in rows), default=SOME_DAY)
    weeks = set()
    for row in rows:
        days = _days(row, first)
        if days is None:
            return None
        weeks |= {day - timedelta(days=day.weekday()) for day in days}
    return max(1, round(LOOKED_AT / len(weeks))) if weeks else None


def overlapping(told: Iterable[Told], rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int, int]]:
    """Rows that would have the van at one place at one time: (weekday, row, row); twice the same row where its own hours overlap.

    ``told``: hours with the row that says them. Two rows with series of different weeks do not meet; where a row has hours of no
    series, or a rule that is none of ours, it counts as coming every week. The same hours said twice are one.
    """
    first = max((_start(row) for row in rows), default=SOME_DAY)
    comes: dict[int, tuple[Span, set[date] | None]] = {}
    for row in rows:
        days = _days(row, first)
        span = (row["day"], row["begins_at"], _later(row["begins_at"], row["minutes"]))
        comes[row["row"]] = (span, None if days is None or row["day"] is None else set(days))
    places = sorted(told)
    for at, (one, row) in enumerate(places):
        for other, another in takewhile(partial(_runs_into, one), places[at + 1 :]):
            if one != other and not _in_other_weeks((one, row), (other, another), comes):
                yield one[0], min(row, another), max(row, another)


def _runs_into(one: Span, later: Told) -> bool:
    return later[0][0] == one[0] and later[0][1] < one[2]


def _in_other_weeks(one: Told, other: Told, comes: Mapping[int, tuple[Span, set[date] | None]]) -> bool:
    days = []
    for span, row in (one, other):
        hours, coming = comes.get(row, (None, None))
        if hours != span or coming is None:
            return False
        days.append(coming)
    return days[0].isdisjoint(days[1])


def joined(spans: Sequence[Span]) -> list[Span]:
    """Spans, sorted, as those that overlap on a weekday make one."""
    found: list[Span] = []
    for day, begin, end in spans:
        if found and found[-1][0] == day and begin < found[-1][2]:
            found[-1] = (day, found[-1][1], max(end, found[-1][2]))
        else:
            found.append((day, begin, end))
    return found


def bounds(text: str, day: int | None) -> tuple[str, date | None, int]:
    """A rule as we keep it, and its end, which others write into it: (rule, last day, how many). A rule by weeks that names no
    weekday has that of its row."""
    kept, until, count = [], None, 0
    for part in text.split(";"):
        name, _is, value = part.partition("=")
        if name == "COUNT" and value.isdigit():
            count = int(value)
        elif name == "UNTIL" and value[:8].isdigit():
            with suppress(ValueError):
                until = date.fromisoformat(f"{value[:4]}-{value[4:6]}-{value[6:8]}")
        else:
            kept.append(part)
    names = {part.partition("=")[0] for part in kept}
    if day is not None and "FREQ=WEEKLY" in kept and "BYDAY" not in names:
        kept.append(f"BYDAY={DAY_CODES[day]}")
    return ";".join(kept), until, count


def _days(row: Mapping[str, Any], first: date) -> list[date] | None:
    """From ``first`` on, for as long as is looked at; none of a timetable that is over by then."""
    starts = _start(row, first)
    text, until, _count = bounds(row["rule"], row["day"])
    ends = date.fromisoformat(row["ends_on"]) if row["ends_on"] else until
    if ends is not None and ends < first:
        return []
    try:
        return days_of(parse(text, starts), starts, first, first + timedelta(weeks=LOOKED_AT, days=-1))
    except (InvalidInput, OverflowError):
        return None


def _start(row: Mapping[str, Any], else_on: date = SOME_DAY) -> date:
    return date.fromisoformat(row["starts_on"]) if row["starts_on"] else else_on


def _later(begins_at: str, minutes: int) -> str:
    hour, minute = divmod(int(begins_at[:2]) * 60 + int(begins_at[3:]) + minutes, 60)
    return f"{hour:02}:{minute:02}"
