"""What a phone sends, read with care: one malformed entry never holds up the others.

Of an entry whose frame (id, number, kind, moment) cannot be read nothing can be kept; one whose frame is whole is kept even
when its data is not, and a person looks at it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from libraries.catalogue.choices import Condition
from mobile_service.choices import EntryKind, VisitorKind

MOST_AT_ONCE = 1000
MOST_COUNTED = 2000
LONGEST_NOTE = 2000
# A phone whose battery was empty begins in 1970, a day earlier by some offsets: its own clock sets that right.
YEARS = range(1969, 2101)
# What no text has: PostgreSQL keeps neither NUL nor half a sign.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")

# What happens at a stop and cannot be told without saying which.
AT_A_STOP = frozenset(
    {
        EntryKind.ARRIVE,
        EntryKind.COUNT,
        EntryKind.STOCK_LEND,
        EntryKind.STOCK_RETURN,
        EntryKind.LEND,
        EntryKind.TAKE_BACK,
        EntryKind.HAND_OVER,
        EntryKind.LEAVE,
        EntryKind.SKIP,
    }
)
# Of these, what is done there besides coming and going.
DONE_THERE = AT_A_STOP - {EntryKind.ARRIVE, EntryKind.LEAVE, EntryKind.SKIP}


@dataclass(frozen=True, slots=True)
class Told:
    """One entry whose frame is whole. ``data`` None: what it says cannot be understood; it stands in ``raw``."""

    client_id: UUID
    counter: int
    kind: str
    at: datetime
    trip: UUID | None
    visit: UUID | None
    data: dict[str, Any] | None
    raw: dict[str, Any]


def read_entry(sent: Any) -> Told | None:
    """The entry, or None when not even its frame can be read."""
    if not isinstance(sent, Mapping):
        return None
    client_id, kind = key_of(sent.get("id")), sent.get("kind")
    counter, at = sent.get("counter"), moment_of(sent.get("at"))
    if client_id is None or at is None or kind not in EntryKind.values or not _is_count(counter):
        return None
    assert isinstance(counter, int)
    raw = sent.get("data") if isinstance(sent.get("data"), Mapping) else {}
    assert isinstance(raw, Mapping)
    data = READERS[kind](raw)
    return Told(
        client_id, counter, kind, at, key_of(sent.get("trip")), key_of(sent.get("visit")), data, kept(raw)
    )


def key_of(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def moment_of(value: Any) -> datetime | None:
    """A moment with its offset; one without says nothing, for nobody knows where the phone believed to be. Nor does one with
    which nobody can reckon."""
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None or found.tzinfo is None or found.year not in YEARS:
        return None
    return found


def kept(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What cannot be understood, cut to what a person can read."""
    return {_text(str(name), 40): _text(str(value), 200) for name, value in list(raw.items())[:10]}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _text(value: Any, longest: int) -> str:
    return _NO_TEXT.sub("", value).strip()[:longest] if isinstance(value, str) else ""


def _nothing(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    return {}


def _odometer(name: str) -> Callable[[Mapping[str, Any]], dict[str, Any] | None]:
    def read(raw: Mapping[str, Any]) -> dict[str, Any] | None:
        value = raw.get(name)
        if value is None:
            return {}
        return {name: value} if _is_count(value) else None

    return read


def _count(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    delta = _delta(raw)
    return {"kind": raw["kind"], **delta} if delta and raw.get("kind") in VisitorKind.values else None


def _delta(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    value = raw.get("delta")
    if not isinstance(value, int) or isinstance(value, bool) or not value or abs(value) > MOST_COUNTED:
        return None
    return {"delta": value}


def _barcode(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    barcode = _text(raw.get("barcode"), 80)
    return {"barcode": barcode} if barcode else None


def _take_back(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    found, condition = _barcode(raw), raw.get("condition") or Condition.GOOD
    return {**found, "condition": condition} if found and condition in Condition.values else None


def _hand_over(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    found: dict[str, Any] = {"received_by": _text(raw.get("received_by"), 120)}
    for name in ("consignment", "school_signature", "crew_signature"):
        value = raw.get(name)
        if value and key_of(value) is None:
            return None
        found[name] = str(key_of(value)) if value else None
    return found


def _said(name: str, longest: int) -> Callable[[Mapping[str, Any]], dict[str, Any] | None]:
    def read(raw: Mapping[str, Any]) -> dict[str, Any] | None:
        said = _text(raw.get(name), longest)
        return {name: said} if said else None

    return read


def _key(name: str) -> Callable[[Mapping[str, Any]], dict[str, Any] | None]:
    def read(raw: Mapping[str, Any]) -> dict[str, Any] | None:
        key = key_of(raw.get(name))
        return {name: str(key)} if key else None

    return read


READERS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any] | None]] = {
    EntryKind.START: _odometer("odometer"),
    EntryKind.ARRIVE: _nothing,
    EntryKind.COUNT: _count,
    EntryKind.STOCK_LEND: _delta,
    EntryKind.STOCK_RETURN: _delta,
    EntryKind.LEND: _barcode,
    EntryKind.TAKE_BACK: _take_back,
    EntryKind.HAND_OVER: _hand_over,
    EntryKind.NOTE: _said("text", LONGEST_NOTE),
    EntryKind.PHOTOGRAPH: _key("file"),
    EntryKind.LEAVE: _nothing,
    EntryKind.SKIP: _said("reason", 200),
    EntryKind.ODOMETER: _odometer("kilometres"),
    EntryKind.FINISH: _odometer("odometer"),
    EntryKind.UNDO: _key("of"),
}
