"""Calendars that phones subscribe to (RFC 5545): plain data in, bytes out. Knows no Django, no row and no clock.

A series is written as one event with its rule wherever the rule says exactly what its occasions are: days on which nothing
takes place are left out (EXDATE), what was moved, called off or has a word of its own is written beside it (RECURRENCE-ID).
Where a rule is not exact (the series was changed on the way), each occasion is an event of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar as Component
from icalendar import Event, Timezone, vDDDTypes, vDuration, vRecur, vText

MAKER = "-//Kerjasama//Pusling//ID"
# How often a phone should look again.
REFRESH = timedelta(hours=6)
# A rule for fewer occasions is more to read than the occasions themselves.
WORTH_A_RULE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What people read of an event."""

    title: str
    place: str = ""
    text: str = ""
    url: str = ""
    point: tuple[float, float] | None = None
    """Latitude and longitude."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Something from one moment to another, both in the zone of the place."""

    uid: str
    begins_at: datetime
    ends_at: datetime
    words: Words
    changed_at: datetime
    sequence: int = 0
    cancelled: bool = False
    slot: date | None = None
    """The day that the rule of its series gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A rule, and what became of each of its days. ``rule`` has no DTSTART and no UNTIL."""

    uid: str
    rule: str
    starts_on: date
    begins_at: time
    minutes: int
    zone: str
    words: Words
    changed_at: datetime
    occasions: Sequence[Occasion]
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeDay:
    """Something on a day, at no particular time."""

    uid: str
    on: date
    words: Words
    changed_at: datetime
    sequence: int = 0
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    name: str
    zone: str
    text: str = ""
    url: str = ""
    series: Sequence[Series] = ()
    single: Sequence[Occasion] = ()
    days: Sequence[WholeDay] = ()


def calendar_bytes(calendar: Calendar) -> bytes:
    """The calendar as a file: folded, escaped, with CRLF and its time zones. The same data gives the same bytes."""
    whole = Component()
    whole.add("prodid", MAKER)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    # The library escapes the text of names that it knows; of these it must be told that they are text.
    for name in ("name", "x-wr-calname"):
        whole.add(name, vText(calendar.name))
    whole.add("x-wr-timezone", calendar.zone)
    if calendar.text:
        for name in ("description", "x-wr-caldesc"):
            whole.add(name, vText(calendar.text))
    if calendar.url:
        whole.add("url", calendar.url)
    whole.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", vDuration(REFRESH))
    events = [*_events(calendar)]
    for name in sorted({calendar.zone} | {zone for zone, _event in events if zone}):
        whole.add_component(_zone(name))
    for _name, event in events:
        whole.add_component(event)
    return bytes(whole.to_ical())


def days_of(rule: str, starts_on: date, first: date, last: date) -> list[date]:
    """The days of ``rule``, which begins on ``starts_on``, from ``first`` to ``last``, both included."""
    found = rrulestr(rule, dtstart=datetime.combine(starts_on, time.min))
    begin, end = (datetime.combine(day, time.min) for day in (first, last))
    return [moment.date() for moment in found.between(begin, end, inc=True)]


def _events(calendar: Calendar) -> Iterator[tuple[str, Event]]:
    """Every event with the name of its zone; none for a whole day."""
    for series in calendar.series:
        yield from _of_series(series)
    for occasion in calendar.single:
        yield _zone_of(occasion), _single(occasion)
    for day in calendar.days:
        yield "", _whole_day(day)


def _of_series(series: Series) -> Iterator[tuple[str, Event]]:
    plan = _exact(series)
    if plan is None:
        for occasion in series.occasions:
            yield _zone_of(occasion), _single(occasion)
        return
    first, last, left_out, followed = plan
    zone = ZoneInfo(series.zone)
    slots = {day: datetime.combine(day, series.begins_at, zone) for day in (first, last, *left_out)}
    length = timedelta(minutes=series.minutes)
    master = _event(
        series.uid, slots[first], slots[first] + length, series.words, series.changed_at, series.sequence
    )
    rule = vRecur.from_ical(series.rule)
    for name in ("COUNT", "UNTIL"):
        rule.pop(name, None)
    rule["UNTIL"] = [slots[last].astimezone(UTC)]
    master.add("rrule", rule)
    if left_out:
        master.add("exdate", [slots[day] for day in left_out])
    yield series.zone, master
    for occasion in series.occasions:
        if occasion.slot is None or occasion.slot not in followed:
            yield _zone_of(occasion), _single(occasion)
            continue
        slot = datetime.combine(occasion.slot, series.begins_at, zone)
        if not _as_planned(series, occasion, slot, length):
            event = _single(occasion, uid=series.uid)
            event.add("recurrence-id", slot)
            yield series.zone, event


def _exact(series: Series) -> tuple[date, date, list[date], set[date]] | None:
    """First and last day of the rule as it is to be written, the days left out between, and those that follow it.

    None where the occasions are too few or the rule, begun on that first day, would not give the same days.
    """
    slots = {occasion.slot for occasion in series.occasions if occasion.slot is not None}
    if len(slots) < WORTH_A_RULE:
        return None
    given = days_of(series.rule, series.starts_on, min(slots), max(slots))
    followed = slots.intersection(given)
    if len(followed) < WORTH_A_RULE:
        return None
    first, last = min(followed), max(followed)
    wanted = [day for day in given if first <= day <= last]
    bare = ";".join(
        part for part in series.rule.split(";") if not part.upper().startswith(("COUNT=", "UNTIL="))
    )
    if days_of(bare, first, first, last) != wanted:
        return None
    return first, last, [day for day in wanted if day not in followed], followed


def _as_planned(series: Series, occasion: Occasion, slot: datetime, length: timedelta) -> bool:
    return (
        not occasion.cancelled
        and occasion.begins_at == slot
        and occasion.ends_at - occasion.begins_at == length
        and occasion.words == series.words
    )


def _single(occasion: Occasion, *, uid: str = "") -> Event:
    return _event(
        uid or occasion.uid,
        occasion.begins_at,
        occasion.ends_at,
        occasion.words,
        occasion.changed_at,
        occasion.sequence,
        cancelled=occasion.cancelled,
    )


def _whole_day(day: WholeDay) -> Event:
    return _event(
        day.uid,
        day.on,
        day.on + timedelta(days=1),
        day.words,
        day.changed_at,
        day.sequence,
        cancelled=day.cancelled,
    )


def _event(
    uid: str,
    begins: date,
    ends: date,
    words: Words,
    changed_at: datetime,
    sequence: int,
    *,
    cancelled: bool = False,
) -> Event:
    event = Event()
    event.add("uid", uid)
    # When it was last changed, not when it was asked for: an unchanged calendar stays the same to the byte.
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("last-modified", changed_at.astimezone(UTC))
    event.add("sequence", sequence)
    event.add("dtstart", vDDDTypes(begins))
    event.add("dtend", vDDDTypes(ends))
    event.add("summary", words.title)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    # It tells of a visit; it does not say that its reader is busy.
    event.add("transp", "TRANSPARENT")
    for name, value in (("location", words.place), ("description", words.text), ("url", words.url)):
        if value:
            event.add(name, value)
    if words.point:
        event.add("geo", words.point)
    return event


def _zone_of(occasion: Occasion) -> str:
    zone = occasion.begins_at.tzinfo
    return zone.key if isinstance(zone, ZoneInfo) else ""


@cache
def _zone(name: str) -> Timezone:
    """VTIMEZONE of one of the three zones, which have had no summer time within living calendars."""
    return Timezone.from_tzid(name, first_date=date(2020, 1, 1), last_date=date(2038, 1, 1))
