"""Values of a timetable file as people write them: days, times, places and hours. Pure: text in, values out."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from mobile_service.stop_sheet_words import DAYS

DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Span = tuple[int, str, str]  # weekday, "07:30", "12:00"


def windows_from(text: str) -> list[Span] | None:
    """ "MO 07:30-12:00; TU 07:30-12:00" as spans; None when it cannot be read."""
    spans = []
    for part in re.split(r"[;|\n]+", text):
        if not part.strip():
            continue
        found = re.fullmatch(r"\s*([^\d\s]+)\.?\s+(\d{1,2}[.:]\d{2})\s*[-–]\s*(\d{1,2}[.:]\d{2})\s*", part)
        day = weekday_of(found[1]) if found else None
        begin, end = (time_of(found[2]), time_of(found[3])) if found else (None, None)
        if day is None or begin is None or end is None or begin >= end:
            return None
        spans.append((day, f"{begin:%H:%M}", f"{end:%H:%M}"))
    return sorted(set(spans))


def windows_text(spans: Sequence[tuple[int, time, time]]) -> str:
    return "; ".join(f"{DAY_CODES[day]} {begin:%H:%M}-{end:%H:%M}" for day, begin, end in spans)


def weekday_of(text: str) -> int | None:
    return DAYS.get(re.sub(r"[^a-z]", "", text.casefold()))


def time_of(text: str) -> time | None:
    found = re.fullmatch(
        r"(\d{1,2})[.:](\d{2})(?:[.:]\d{2})?\s*(am|pm|wib|wita|wit)?", text.strip().casefold()
    )
    if not found:
        return None
    hour = int(found[1]) % 12 + (12 if found[3] == "pm" else 0) if found[3] in ("am", "pm") else int(found[1])
    return time(hour, int(found[2])) if hour < 24 and int(found[2]) < 60 else None


_WEEKS = r"(?P<often>\d{1,2}|satu|dua|tiga|empat|one|two|three|four)"
_OFTEN = re.compile(
    rf"(?:tiap|setiap|every) +(?:{_WEEKS} +)?(?:minggu|pekan|weeks?)"
    rf"|(?:se|{_WEEKS.replace('often', 'times')} +)(?:minggu|pekan) +sekali"
    r"|sekali +se(?:minggu|pekan)|mingguan|weekly"
)
_COUNTED = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "one": 1, "two": 2, "three": 3, "four": 4}


def rule_of(text: str) -> str:
    """ "dua minggu sekali", "every 2 weeks" as the rule that they mean; anything else as it is, in capitals."""
    said = _OFTEN.fullmatch(" ".join(text.casefold().split()))
    if said is None:
        return text.upper().removeprefix("RRULE:").strip().rstrip(";")
    word = said["often"] or said["times"] or "1"
    return f"FREQ=WEEKLY;INTERVAL={_COUNTED.get(word) or int(word) or 1}"


MONTHS = (
    "januari", "februari", "maret", "april", "mei", "juni",
    "juli", "agustus", "september", "oktober", "november", "desember",
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def day_from(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return _day_in_words(text)


def _day_in_words(text: str) -> date | None:
    """ "24 Des 2026", "24 December 2026": as our own pages print a day, in full or shortened, in both languages."""
    said = re.fullmatch(r"(\d{1,2}) +([A-Za-z]{3,9})\.? +(\d{4})", text.strip())
    if said is None:
        return None
    word = said[2].casefold()
    number = next((at % 12 + 1 for at, month in enumerate(MONTHS) if month.startswith(word)), None)
    try:
        return date(int(said[3]), number, int(said[1])) if number else None
    except ValueError:
        return None


def decimal_of(text: str) -> Decimal:
    found = Decimal(text.replace(",", ".").rstrip("°"))
    if not found.is_finite():
        raise InvalidOperation
    return found
