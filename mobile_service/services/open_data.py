"""The stops and visits of the mobile library as data, for whoever builds upon them: only what the public pages show (M4)."""

from collections import defaultdict
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from kerjasama.domain import clock
from mobile_service.models import Stop, Visit

# What was published is worth keeping for a month, and plans are firm for about a quarter.
DAYS_BACK, DAYS_AHEAD = 31, 122


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
