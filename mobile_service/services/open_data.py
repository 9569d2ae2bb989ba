"""The stops and visits of the mobile library as data, for whoever builds upon them: only what the public pages show (M4)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from kerjasama.domain import clock
from mobile_service.choices import SeriesStatus
from mobile_service.feeds import days_of
from mobile_service.models import Series, Stop, Visit

# What was published is worth keeping for a month, and plans are firm for about a quarter.
DAYS_BACK, DAYS_AHEAD = 31, 122
# The schema is read by programs of any country.
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def span() -> tuple[date, date]:
    """The first and the last day of the visits that are told."""
    today = clock.today()
    return today - clock.days(DAYS_BACK), today + clock.days(DAYS_AHEAD)


def stops_and_visits(site: str) -> list[dict[str, Any]]:
    """Every public stop with its visits. Two statements, however many there are; ``site`` begins full addresses."""
    first, last = span()
    visits: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    stops = {row.pk: row for row in Stop.objects.public().select_related("office").order_by("name", "pk")}
    rows = (
        Visit.objects.public()
        .filter(begins_at__gte=_midnight(first), begins_at__lt=_midnight(last + clock.days(1)))
        .order_by("begins_at", "pk")
        .values_list("pk", "stop_id", "begins_at", "ends_at", "status", "reason", "vehicle__name")
    )
    for pk, stop_id, begins_at, ends_at, status, reason, vehicle in rows:
        stop = stops.get(stop_id)
        if stop is None:
            continue
        zone = ZoneInfo(stop.office.zone)
        visits[stop_id].append(
            {
                "id": str(pk),
                "begins_at": begins_at.astimezone(zone).isoformat(),
                "ends_at": ends_at.astimezone(zone).isoformat(),
                "status": status,
                "reason": reason,
                "vehicle": vehicle,
            }
        )
    return [_stop(row, visits[pk], site) for pk, row in stops.items()]


def timetable(site: str) -> Iterator[dict[str, Any]]:
    """The series of public stops in the columns of the schema: a row for each weekday of a series. One statement."""
    rows = (
        Series.objects.filter(status=SeriesStatus.ACTIVE, stop__is_public=True, stop__is_active=True)
        .select_related("stop__office", "vehicle")
        .order_by("stop__name", "starts_on", "pk")
    )
    today = clock.today()
    for row in rows:
        stop = row.stop
        begins = datetime.combine(today, row.begins_at)
        for weekday in weekdays_of(row):
            yield {
                "organisation": stop.office.name,
                "mobile": row.vehicle.name,
                "route": row.vehicle.name,
                "community": stop.community,
                "stop": stop.name,
                "address": stop.address,
                "postcode": stop.postcode,
                "geox": stop.longitude,
                "geoy": stop.latitude,
                "day": ENGLISH_DAYS[weekday],
                "type": "Public",
                "arrival": row.begins_at,
                "departure": (begins + timedelta(minutes=row.minutes)).time(),
                "frequency": row.rule,
                "start": row.starts_on,
                "end": row.ends_on,
                "exceptions": ";".join(f"{day:%Y-%m-%d}" for day in sorted(row.left_out) if day >= today),
                "timetable": f"{site}/jadwal/{stop.slug}/",
            }


def weekdays_of(series: Series) -> list[int]:
    """On which weekdays the rule falls within a year of its beginning; a rule by the day of a month falls on all."""
    end = min(series.ends_on or date.max, series.starts_on + clock.days(366))
    return sorted({day.weekday() for day in days_of(series.rule, series.starts_on, series.starts_on, end)})


def _stop(row: Stop, visits: list[dict[str, Any]], site: str) -> dict[str, Any]:
    page = f"{site}/jadwal/{row.slug}/"
    return {
        "id": row.slug,
        "name": row.name,
        "kind": row.kind,
        "library": row.office.name,
        "address": row.address,
        "community": row.community,
        "postcode": row.postcode,
        "latitude": None if row.latitude is None else float(row.latitude),
        "longitude": None if row.longitude is None else float(row.longitude),
        "hint": row.hint,
        "time_zone": row.office.zone,
        "page": page,
        "calendar": f"{page}kalender.ics",
        "visits": visits,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(settings.TIME_ZONE))
