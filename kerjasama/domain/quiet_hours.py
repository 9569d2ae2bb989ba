"""When not to write to people: from eight in the evening until six in the morning of where they live. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM = time(20)
QUIET_UNTIL = time(6)


def earliest(moment: datetime, zone: str) -> datetime:
    """``moment``, or the end of the quiet hours that it falls into. Aware in, aware and in the same zone out."""
    local = moment.astimezone(ZoneInfo(zone))
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return moment
    morning = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(morning, QUIET_UNTIL, ZoneInfo(zone)).astimezone(moment.tzinfo)
