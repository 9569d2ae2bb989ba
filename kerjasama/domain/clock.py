"""The one clock. UTC in the database; a civil date is only ever asked for in a library's own zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

# WIB, WITA, WIT: the three zones of Indonesia.
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _pretended.get() or timezone.now()


@contextmanager
def pretend(moment: datetime) -> Iterator[None]:
    """Within the block it is ``moment``: how the demo data tells a past that the verbs themselves have made."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)


def today(zone: str | None = None) -> date:
    """The civil date in ``zone`` (an IANA name); the installation's own zone when none is given."""
    return now().astimezone(ZoneInfo(zone or settings.TIME_ZONE)).date()


def days(count: int) -> timedelta:
    return timedelta(days=count)


def add_months(start: date, months: int) -> date:
    """The same day ``months`` later; the last day of the month where that day does not exist (31 Jan + 1 = 28 Feb)."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    for day in range(start.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(start.day, 28))
