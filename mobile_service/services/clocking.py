"""When it happened, by our clock, where a phone's clock is wrong (M5).

The phone says when it wrote an entry and when it sent it, by the same clock: the difference between the sending and our own
time sets the entry right. A clock that was put right in between is off by whole days most often; then the day of the trip
decides, and the time of the day stays. Within a phone its own counting decides what came first.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# The network's own delay is no error of a clock.
EXACT = timedelta(minutes=2)
# How long before and after its day a trip may tell of itself (loading the evening before, home after midnight).
EARLY, LATE = timedelta(hours=12), timedelta(hours=12)


def our_time(told: datetime, sent: datetime | None, now: datetime) -> datetime:
    """``told`` by our clock, where ``sent`` is the same phone's time of sending; never later than ``now``."""
    error = now - sent if sent is not None else timedelta()
    return min(told + error if abs(error) > EXACT else told, now)


def within_day(at: datetime, on: date, zone: str, now: datetime) -> datetime:
    """``at`` when it lies in the trip's day or near it; else the same time of day on that day, and never in the future."""
    place = ZoneInfo(zone)
    begins = datetime.combine(on, time(), place)
    if begins - EARLY <= at <= begins + timedelta(days=1) + LATE:
        return at
    return min(datetime.combine(on, at.astimezone(place).time(), place), now)
