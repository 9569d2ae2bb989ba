"""Events of a calendar as lines of text (RFC 5545, 3.1 and 3.6.1): escaped, folded, in one order. Pure.

A van's calendar has a thousand events, and building each of them out of objects takes most of a second; here each is joined out of
its lines. The head of a calendar and its time zones are the icalendar library's.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

# A line has at most 75 octets beside its break.
LONGEST = 74
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def line(name: str, value: str) -> str:
    """``name`` may carry parameters; ``value`` is escaped already."""
    whole = f"{name}:{value}"
    return whole if len(whole) <= LONGEST and whole.isascii() else _folded(whole)


def _folded(whole: str) -> str:
    """Broken between characters, never within one, nor between a backslash and what it escapes."""
    parts: list[str] = []
    begin = octets = 0
    for at, character in enumerate(whole):
        size = len(character.encode())
        if octets + size > LONGEST:
            cut = at
            while cut > begin + 1 and whole[cut - 1] == "\\" and _odd_backslashes(whole, cut):
                cut -= 1
            parts.append(whole[begin:cut])
            begin = cut
            octets = 1 + len(whole[cut:at].encode())
        octets += size
    parts.append(whole[begin:])
    return "\r\n ".join(parts)


def _odd_backslashes(whole: str, end: int) -> bool:
    return (end - len(whole[:end].rstrip("\\"))) % 2 == 1


def text(said: str) -> str:
    """What people read, escaped; control characters have no place in a calendar."""
    clean = _CONTROL.sub("", said.replace("\r\n", "\n").replace("\r", "\n"))
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def moment(name: str, at: date) -> str:
    """A day, or a moment on the clock of its zone; a moment in UTC as such."""
    if not isinstance(at, datetime):
        return f"{name};VALUE=DATE:{at:%Y%m%d}"
    if isinstance(at.tzinfo, ZoneInfo):
        return f"{name};TZID={at.tzinfo.key}:{local(at)}"
    return f"{name}:{in_utc(at)}"


def moments(name: str, days: Sequence[datetime]) -> str:
    """Several of one zone in one line."""
    zone = days[0].tzinfo
    assert isinstance(zone, ZoneInfo)
    return line(f"{name};TZID={zone.key}", ",".join(map(local, days)))


def local(at: datetime) -> str:
    return f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}{at.minute:02}{at.second:02}"


def in_utc(at: datetime) -> str:
    return f"{local(at.astimezone(UTC))}Z"
