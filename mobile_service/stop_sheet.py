"""Timetables of mobile libraries as files, in the open-data schema of LibrariesHacked (mobile-library-stops). Pure.

A row is one stop on one weekday: https://schema.librarydata.uk/mobile-library-stops. Beside its columns we read and write a
few of our own (``OWN``), so that what is kept here comes back whole; whoever knows only the schema may leave them out.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import InvalidOperation
from itertools import islice
from typing import IO, Any, TypedDict

from libraries.sheets.reading import Formula, rows_of
from mobile_service.coordinates import Point
from mobile_service.stop_sheet_names import spelling
from mobile_service.stop_sheet_rhythm import Told, joined, overlapping, weeks_of, weeks_together
from mobile_service.stop_sheet_values import (
    DAY_CODES,
    Span,
    day_from,
    decimal_of,
    rule_of,
    time_of,
    weekday_of,
    windows_from,
)
from mobile_service.stop_sheet_words import ALIASES, SCHEMA, Finding, SheetUnreadable
from mobile_service.telephones import can_be_dialled

MOST_ROWS = 3_000
HEADS_WITHIN = 10
LONGEST_HEAD = 60
# Of one stop so many pairs of rows that overlap are named: who has put these right hands the list over again.
MOST_OVERLAPS = 3
LONGEST = {
    "stop": 120, "community": 80, "address": 200, "postcode": 10, "contact_name": 120, "contact_phone": 30, "hint": 200,
}  # fmt: skip
RULE_PARTS = re.compile(r"^(FREQ|INTERVAL|BYDAY|BYMONTHDAY|BYSETPOS|BYMONTH|WKST|COUNT|UNTIL)=[A-Z0-9,+:-]+$")


class SeriesRow(TypedDict):
    """What one row says of visits that repeat. Days are written as 2026-11-23; "" is not given."""

    row: int
    mobile: str
    rule: str
    day: int | None
    starts_on: str
    ends_on: str
    begins_at: str
    minutes: int
    left_out: list[str]


@dataclass(slots=True)
class Read:
    """What one row says, or all rows of one stop together. ``values`` are as JSON keeps them; empty cells are left out."""

    rows: list[int]
    values: dict[str, Any] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    series: list[SeriesRow] = field(default_factory=list)
    bad: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "values": self.values,
            "spans": [list(span) for span in self.spans],
            "series": self.series,
            "bad": [list(finding) for finding in self.bad],
            "remarks": [list(finding) for finding in self.remarks],
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Read":
        return cls(
            rows=list(kept["rows"]),
            values=dict(kept["values"]),
            spans=[(int(day), str(begin), str(end)) for day, begin, end in kept["spans"]],
            # Lists that were handed over before series were read have none.
            series=list(kept.get("series", ())),
            bad=[(code, facts) for code, facts in kept["bad"]],
            remarks=[(code, facts) for code, facts in kept["remarks"]],
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """``reads``: every row that cannot be used by itself, and what the others say of each stop. ``passed_over``: the heads of the
    columns that nobody here understands, as they are written."""

    reads: list[Read]
    passed_over: list[str]


def read_sheet(stream: IO[bytes], *, apart: Collection[str] = ()) -> Sheet:
    """``apart``: names of stops that capitals tell apart (``stop_sheet_names.same``). Raises SheetUnreadable, SheetRefused."""
    reads: list[Read] = []
    columns: dict[str, int] = {}
    passed_over: list[str] = []
    for number, cells in rows_of(stream):
        if not columns:
            columns = columns_of(cells)
            if not columns and number > HEADS_WITHIN:
                raise SheetUnreadable("no_heads")
            passed_over = [
                " ".join(head.split())[:LONGEST_HEAD] for head in cells if head.strip() and not _meant(head)
            ]
            continue
        reads.append(read_row(number, cells, columns))
        if len(reads) > MOST_ROWS:
            raise SheetUnreadable("too_many_rows", limit=MOST_ROWS)
    if not columns:
        raise SheetUnreadable("no_heads")
    if not reads:
        raise SheetUnreadable("no_rows")
    return Sheet(together(reads, often="every_weeks" in columns, apart=apart), passed_over)


def columns_of(heads: Sequence[str]) -> dict[str, int]:
    """Field to column, where the heads name at least the stop; empty when this is no row of heads."""
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        name = _meant(head)
        if name and name not in found:
            found[name] = at
    return found if "stop" in found and len(found) > 1 else {}


def _meant(head: str) -> str | None:
    return ALIASES.get(re.sub(r"[^a-z0-9]+", "", head.casefold()))


def together(reads: Sequence[Read], *, often: bool = False, apart: Collection[str] = ()) -> list[Read]:
    """Rows of one stop (same name, same community) become one; a row that cannot be used stays by itself. ``often``: the file itself
    says how often a stop is wanted; else that is what its rows make together. A row that says what an earlier one says adds nothing."""
    found: list[Read] = []
    stops: dict[tuple[str, str], Read] = {}
    told: dict[int, list[Told]] = {}
    words: dict[int, dict[str, int]] = {}
    for read in reads:
        if read.bad:
            found.append(read)
            continue
        key = (
            spelling(read.values["stop"], apart),
            str(read.values.get("community", "")).casefold(),
        )
        first = stops.setdefault(key, read)
        number, said = read.rows[0], words.setdefault(id(first), {})
        earlier = said.setdefault(_words_of(read), number)
        if earlier != number:
            first.rows += read.rows
            first.remarks.append(("row_twice", {"row": number, "first": earlier}))
            continue
        told.setdefault(id(first), []).extend((span, number) for span in read.spans)
        if first is read:
            found.append(read)
        else:
            _join(first, read)
    for read in stops.values():
        if not often and len(read.series) > 1:
            read.values["every_weeks"] = min(
                read.values["every_weeks"], weeks_together(read.series) or read.values["every_weeks"]
            )
        overlaps = list(islice(overlapping(told.get(id(read), ()), read.series), MOST_OVERLAPS))
        read.bad += [_overlap(*each) for each in overlaps]
        if not overlaps:
            # Hours that overlap all the same are those of different weeks.
            read.spans = joined(read.spans)
    return found


def _words_of(read: Read) -> str:
    """All that a row says, but for its number."""
    series = [{**row, "row": 0} for row in read.series]
    return json.dumps([read.values, read.spans, series, read.remarks], sort_keys=True, default=str)


def _join(first: Read, read: Read) -> None:
    """What another row says of the same stop."""
    first.rows += read.rows
    first.spans = sorted({*first.spans, *read.spans})
    first.series += read.series
    first.remarks += [remark for remark in read.remarks if remark not in first.remarks]
    for name, value in read.values.items():
        first.values.setdefault(name, value)
    for name in ("minutes", "every_weeks"):
        if name in read.values:
            # The longest visit must fit, and the van is wanted as often as the most frequent row says.
            pick = max if name == "minutes" else min
            first.values[name] = pick(first.values[name], read.values[name])
    days = {*first.values.get("closed_on", ()), *read.values.get("closed_on", ())}
    if days:
        first.values["closed_on"] = sorted(days)


def _overlap(day: int, first: int, second: int) -> Finding:
    if first == second:
        return "row_overlaps", {"row": first, "day": day}
    return "rows_overlap", {"first": first, "second": second, "day": day}


def read_row(number: int, cells: Sequence[str], columns: Mapping[str, int]) -> Read:
    """One row by the ``columns`` of its file."""
    read = Read([number])
    said: dict[str, str] = {}
    for name, at in columns.items():
        text = cells[at] if at < len(cells) else ""
        if isinstance(text, Formula) and name not in ("latitude", "longitude"):
            read.bad.append(("formula", {"head": name}))
        elif text.strip() and text.strip() not in ("-", "–", "#N/A", "NULL"):
            # An apostrophe before what would be a formula is how our own files keep it text.
            said[name] = re.sub(r"^'(?=[=+\-@])", "", text.strip())
    if not said.get("stop"):
        read.bad.append(("stop_missing", {}))
    for name, limit in LONGEST.items():
        if len(said.get(name, "")) > limit:
            read.bad.append(("too_long", {"head": name, "limit": limit}))
        elif name in said:
            read.values[name] = " ".join(said[name].split())
    if "contact_phone" in read.values and not can_be_dialled(read.values["contact_phone"]):
        read.remarks.append(("phone_left_out", {"text": read.values.pop("contact_phone")}))
    for name in ("organisation", "mobile", "route", "timetable"):
        if name in said:
            read.values[name] = said[name][:200]
    _place(read, said)
    _times(read, said, own="windows" in columns)
    _often(read, said)
    # Beside our own column of closed days, exceptions are those of the visits alone.
    exceptions = _dates(read, said, closes="closed_on" not in columns)
    _kind(read, said)
    _series(read, said, exceptions)
    return read


def _place(read: Read, said: Mapping[str, str]) -> None:
    given = [said[name] for name in ("latitude", "longitude") if name in said]
    if not given:
        return
    if len(given) == 1:
        read.bad.append(("place_half", {}))
        return
    try:
        latitude, longitude = (decimal_of(text) for text in given)
    except InvalidOperation:
        read.bad.append(("place_wrong", {"text": ", ".join(given)[:60]}))
        return
    if abs(latitude) > 90 >= abs(longitude):
        latitude, longitude = longitude, latitude
        read.remarks.append(("place_turned", {}))
    if abs(latitude) > 90 or abs(longitude) > 180:
        read.bad.append(("place_wrong", {"text": ", ".join(given)[:60]}))
    elif latitude or longitude:
        read.values["latitude"], read.values["longitude"] = f"{latitude:.6f}", f"{longitude:.6f}"
        if not Point(latitude, longitude).in_indonesia:
            read.remarks.append(("place_abroad", {}))


def _times(read: Read, said: Mapping[str, str], *, own: bool) -> None:
    """The weekday with arrival and departure; a column of windows, where there is one (``own``), says when the stop may be visited:
    left empty beside visits that repeat, at any time."""
    day = weekday_of(said.get("day", ""))
    if "day" in said and day is None:
        read.bad.append(("day_unknown", {"text": said["day"][:40]}))
    clock: dict[str, time | None] = {}
    for name in ("arrival", "departure"):
        clock[name] = time_of(said.get(name, ""))
        if name in said and clock[name] is None:
            read.bad.append(("time_wrong", {"text": said[name][:40]}))
    begin, end = clock["arrival"], clock["departure"]
    whole = day is not None and begin is not None and end is not None
    if "windows" in said:
        spans = windows_from(said["windows"])
        if spans is None:
            read.bad.append(("windows_wrong", {"text": said["windows"][:80]}))
        read.spans = spans or []
    elif own and "frequency" in said:
        pass
    elif whole and begin is not None and end is not None and day is not None:
        read.spans = [(day, f"{begin:%H:%M}", f"{end:%H:%M}")] if begin < end else []
    if begin is not None and end is not None and begin >= end:
        read.bad.append(("departure_first", {}))
    if "minutes" in said:
        minutes = int(said["minutes"]) if said["minutes"].isdigit() else 0
    elif begin is not None and end is not None:
        minutes = (end.hour - begin.hour) * 60 + end.minute - begin.minute
    else:
        minutes = None
        if not read.bad and "windows" not in said:
            read.bad.append(("times_missing", {}))
    if minutes is not None and not any(code == "departure_first" for code, _facts in read.bad):
        read.values["minutes"] = minutes
        if not 5 <= minutes <= 480:
            read.bad.append(("minutes_wrong", {"minutes": minutes}))


def _often(read: Read, said: Mapping[str, str]) -> None:
    rule = rule_of(said.get("frequency", ""))
    if "every_weeks" in said:
        weeks = int(said["every_weeks"]) if said["every_weeks"].isdigit() else 0
        if not 1 <= weeks <= 52:
            read.bad.append(("weeks_wrong", {"text": said["every_weeks"][:20]}))
        else:
            read.values["every_weeks"] = weeks
    if not rule:
        return
    if "FREQ=" not in rule or not all(RULE_PARTS.match(part) for part in rule.split(";")):
        read.bad.append(("frequency_wrong", {"text": said["frequency"][:60]}))
        return
    read.values["frequency"] = rule
    if "every_weeks" not in said:
        weeks = weeks_of(rule)
        read.values["every_weeks"] = max(1, min(52, weeks))
        if weeks > 52:
            read.remarks.append(("seldom", {}))
    days = re.findall(r"BYDAY=([^;]+)", rule)
    day = weekday_of(said.get("day", ""))
    if days and day is not None and DAY_CODES[day] not in {part[-2:] for part in days[0].split(",")}:
        read.remarks.append(("day_differs", {"day": day}))


def _series(read: Read, said: Mapping[str, str], exceptions: list[str]) -> None:
    """A frequency with an arrival and a departure is a series of visits; a frequency alone is a wish."""
    begin, end = time_of(said.get("arrival", "")), time_of(said.get("departure", ""))
    if read.bad or begin is None or end is None or "frequency" not in read.values:
        return
    read.series = [
        {
            "row": read.rows[0],
            "mobile": str(read.values.get("mobile", "")),
            "rule": str(read.values["frequency"]),
            "day": weekday_of(said.get("day", "")),
            "starts_on": str(read.values.get("start", "")),
            "ends_on": str(read.values.get("end", "")),
            "begins_at": f"{begin:%H:%M}",
            "minutes": (end.hour - begin.hour) * 60 + end.minute - begin.minute,
            "left_out": exceptions,
        }
    ]


def _dates(read: Read, said: Mapping[str, str], *, closes: bool) -> list[str]:
    """First and last day, days on which the stop is closed; and the exceptions, which close it where ``closes``."""
    days: dict[str, date] = {}
    for name in ("start", "end"):
        if name in said:
            day = day_from(said[name])
            if day is None:
                read.bad.append(("date_wrong", {"text": said[name][:40]}))
            else:
                days[name] = day
                read.values[name] = day.isoformat()
    if len(days) == 2 and days["end"] < days["start"]:
        read.bad.append(("end_first", {}))
    exceptions = _days(read, said, "exceptions")
    closed = exceptions if closes else _days(read, said, "closed_on")
    if closed:
        read.values["closed_on"] = closed
    return exceptions


def _days(read: Read, said: Mapping[str, str], name: str) -> list[str]:
    found = [day_from(text) for text in re.split(r"[,;|\s]+", said.get(name, "")) if text]
    if None in found:
        read.remarks.append(("exceptions_left_out", {"text": said[name][:60]}))
        return []
    return sorted({day.isoformat() for day in found if day})


def _kind(read: Read, said: Mapping[str, str]) -> None:
    kind = said.get("type", "").casefold()
    if kind in ("public", "publik", "umum"):
        read.values["is_public"] = True
    elif kind:
        read.values["is_public"] = False
        if kind not in ("private", "pribadi", "tertutup", "sekolah", "other", "dynamic"):
            read.remarks.append(("type_unknown", {"text": said["type"][:40]}))


# --- writing ----------------------------------------------------------------------------------------------------------


def schema_row(values: Mapping[str, Any], heads: Sequence[str] = SCHEMA) -> list[str]:
    """``values`` in the order of ``heads``, as text that no spreadsheet takes for a formula."""
    return [_cell(head, values.get(head)) for head in heads]


def _cell(head: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    text = str(value)
    # Numbers of a place begin with a minus and are no formula; they stay what the schema wants.
    return (
        f"'{text}" if head not in ("geox", "geoy") and text.startswith(("=", "+", "-", "@", "\t")) else text
    )
