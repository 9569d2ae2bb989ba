"""Timetables of mobile libraries as files, in the open-data schema of LibrariesHacked (mobile-library-stops). Pure.

A row is one stop on one weekday: https://schema.librarydata.uk/mobile-library-stops. Beside its columns we read and write a
few of our own (``OWN``), so that what is kept here comes back whole; whoever knows only the schema may leave them out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import IO, Any

from libraries.sheets.reading import Formula, rows_of
from mobile_service.stop_sheet_words import ALIASES, DAYS, SCHEMA, Finding, SheetUnreadable

MOST_ROWS = 3_000
HEADS_WITHIN = 10
LONGEST = {
    "stop": 120, "community": 80, "address": 200, "postcode": 10, "contact_name": 120, "contact_phone": 30, "hint": 200,
}  # fmt: skip
RULE_PARTS = re.compile(r"^(FREQ|INTERVAL|BYDAY|BYMONTHDAY|BYSETPOS|BYMONTH|WKST|COUNT|UNTIL)=[A-Z0-9,+:-]+$")
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

Span = tuple[int, str, str]  # weekday, "07:30", "12:00"


@dataclass(slots=True)
class Read:
    """What one row says, or all rows of one stop together. ``values`` are as JSON keeps them; empty cells are left out."""

    rows: list[int]
    values: dict[str, Any] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    bad: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "values": self.values,
            "spans": [list(span) for span in self.spans],
            "bad": [list(finding) for finding in self.bad],
            "remarks": [list(finding) for finding in self.remarks],
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Read":
        return cls(
            rows=list(kept["rows"]),
            values=dict(kept["values"]),
            spans=[(int(day), str(begin), str(end)) for day, begin, end in kept["spans"]],
            bad=[(code, facts) for code, facts in kept["bad"]],
            remarks=[(code, facts) for code, facts in kept["remarks"]],
        )


def read_sheet(stream: IO[bytes]) -> list[Read]:
    """Every row that cannot be used by itself, and what the others say of each stop. Raises SheetUnreadable, SheetRefused."""
    reads: list[Read] = []
    columns: dict[str, int] = {}
    for number, cells in rows_of(stream):
        if not columns:
            columns = columns_of(cells)
            if not columns and number > HEADS_WITHIN:
                raise SheetUnreadable("no_heads")
            continue
        reads.append(read_row(number, cells, columns))
        if len(reads) > MOST_ROWS:
            raise SheetUnreadable("too_many_rows", limit=MOST_ROWS)
    if not columns:
        raise SheetUnreadable("no_heads")
    if not reads:
        raise SheetUnreadable("no_rows")
    return together(reads)


def columns_of(heads: Sequence[str]) -> dict[str, int]:
    """Field to column, where the heads name at least the stop; empty when this is no row of heads."""
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        name = ALIASES.get(re.sub(r"[^a-z0-9]+", "", head.casefold()))
        if name and name not in found:
            found[name] = at
    return found if "stop" in found and len(found) > 1 else {}


def together(reads: Sequence[Read]) -> list[Read]:
    """Rows of one stop (same name, same community) become one; a row that cannot be used stays by itself."""
    found: list[Read] = []
    stops: dict[tuple[str, str], Read] = {}
    for read in reads:
        if read.bad:
            found.append(read)
            continue
        key = (str(read.values["stop"]).casefold(), str(read.values.get("community", "")).casefold())
        first = stops.get(key)
        if first is None:
            stops[key] = read
            found.append(read)
            continue
        first.rows += read.rows
        first.spans = sorted({*first.spans, *read.spans})
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
    for read in stops.values():
        overlapping = _overlap(read.spans)
        if overlapping:
            read.bad.append(("windows_overlap", {"day": overlapping[0]}))
    return found


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
    for name in ("organisation", "mobile", "route", "timetable"):
        if name in said:
            read.values[name] = said[name][:200]
    _place(read, said)
    _times(read, said)
    _often(read, said)
    _dates(read, said)
    _kind(read, said)
    return read


def _place(read: Read, said: Mapping[str, str]) -> None:
    given = [said[name] for name in ("latitude", "longitude") if name in said]
    if not given:
        return
    if len(given) == 1:
        read.bad.append(("place_half", {}))
        return
    try:
        latitude, longitude = (_decimal(text) for text in given)
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


def _times(read: Read, said: Mapping[str, str]) -> None:
    """The weekday with arrival and departure; a column of windows, where there is one, says when the stop may be visited."""
    day = _weekday(said.get("day", ""))
    if "day" in said and day is None:
        read.bad.append(("day_unknown", {"text": said["day"][:40]}))
    clock: dict[str, time | None] = {}
    for name in ("arrival", "departure"):
        clock[name] = _time(said.get(name, ""))
        if name in said and clock[name] is None:
            read.bad.append(("time_wrong", {"text": said[name][:40]}))
    begin, end = clock["arrival"], clock["departure"]
    whole = day is not None and begin is not None and end is not None
    if "windows" in said:
        spans = windows_from(said["windows"])
        if spans is None:
            read.bad.append(("windows_wrong", {"text": said["windows"][:80]}))
        read.spans = spans or []
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
    rule = said.get("frequency", "").upper().removeprefix("RRULE:").strip().rstrip(";")
    if "every_weeks" in said:
        weeks = int(said["every_weeks"]) if said["every_weeks"].isdigit() else 0
        if not 1 <= weeks <= 52:
            read.bad.append(("weeks_wrong", {"text": said["every_weeks"][:20]}))
        else:
            read.values["every_weeks"] = weeks
    if not rule:
        return
    if "FREQ=" not in rule or not all(RULE_PARTS.match(part) for part in rule.split(";")):
        read.bad.append(("frequency_wrong", {"text": rule[:60]}))
        return
    read.values["frequency"] = rule
    if "every_weeks" not in said:
        weeks = weeks_of(rule)
        read.values["every_weeks"] = max(1, min(52, weeks))
        if weeks > 52:
            read.remarks.append(("seldom", {}))
    days = re.findall(r"BYDAY=([^;]+)", rule)
    day = _weekday(said.get("day", ""))
    if days and day is not None and DAY_CODES[day] not in {part[-2:] for part in days[0].split(",")}:
        read.remarks.append(("day_differs", {"day": day}))


def weeks_of(rule: str) -> int:
    """About how many weeks lie between two visits of a rule."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    step = int(parts["INTERVAL"]) if parts.get("INTERVAL", "").isdigit() else 1
    if parts["FREQ"] == "YEARLY":
        return 52 * step
    if parts["FREQ"] == "MONTHLY":
        times = len(parts["BYDAY"].split(",")) if "BYDAY" in parts else 1
        return max(1, 4 * step // times)
    return step if parts["FREQ"] == "WEEKLY" else 1


def _dates(read: Read, said: Mapping[str, str]) -> None:
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
    if "exceptions" in said:
        found = [day_from(text) for text in re.split(r"[,;|\s]+", said["exceptions"]) if text]
        if None in found:
            read.remarks.append(("exceptions_left_out", {"text": said["exceptions"][:60]}))
        else:
            read.values["closed_on"] = sorted({day.isoformat() for day in found if day})


def _kind(read: Read, said: Mapping[str, str]) -> None:
    kind = said.get("type", "").casefold()
    if kind in ("public", "publik", "umum"):
        read.values["is_public"] = True
    elif kind:
        read.values["is_public"] = False
        if kind not in ("private", "pribadi", "tertutup", "sekolah", "other", "dynamic"):
            read.remarks.append(("type_unknown", {"text": said["type"][:40]}))


# --- small things -----------------------------------------------------------------------------------------------------


def windows_from(text: str) -> list[Span] | None:
    """ "MO 07:30-12:00; TU 07:30-12:00" as spans; None when it cannot be read."""
    spans = []
    for part in re.split(r"[;|\n]+", text):
        if not part.strip():
            continue
        found = re.fullmatch(r"\s*([^\d\s]+)\.?\s+(\d{1,2}[.:]\d{2})\s*[-–]\s*(\d{1,2}[.:]\d{2})\s*", part)
        day = _weekday(found[1]) if found else None
        begin, end = (_time(found[2]), _time(found[3])) if found else (None, None)
        if day is None or begin is None or end is None or begin >= end:
            return None
        spans.append((day, f"{begin:%H:%M}", f"{end:%H:%M}"))
    return sorted(set(spans))


def windows_text(spans: Sequence[tuple[int, time, time]]) -> str:
    return "; ".join(f"{DAY_CODES[day]} {begin:%H:%M}-{end:%H:%M}" for day, begin, end in spans)


def _overlap(spans: Sequence[Span]) -> Span | None:
    for one, other in pairwise(spans):
        if one[0] == other[0] and other[1] < one[2]:
            return other
    return None


def _weekday(text: str) -> int | None:
    return DAYS.get(re.sub(r"[^a-z]", "", text.casefold()))


def _time(text: str) -> time | None:
    found = re.fullmatch(
        r"(\d{1,2})[.:](\d{2})(?:[.:]\d{2})?\s*(am|pm|wib|wita|wit)?", text.strip().casefold()
    )
    if not found:
        return None
    hour = int(found[1]) % 12 + (12 if found[3] == "pm" else 0) if found[3] in ("am", "pm") else int(found[1])
    return time(hour, int(found[2])) if hour < 24 and int(found[2]) < 60 else None


def day_from(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None


def _decimal(text: str) -> Decimal:
    found = Decimal(text.replace(",", ".").rstrip("°"))
    if not found.is_finite():
        raise InvalidOperation
    return found


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
