"""The visits of a calendar, read so that a van's three thousand cost no more than they must (M4)."""

from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum

from mobile_service.models import Series, Stop, Vehicle, Visit

COLUMNS = (
    "pk",
    "begins_at",
    "ends_at",
    "status",
    "reason",
    "sequence",
    "updated_at",
    "series_on",
    "stop_id",
    "vehicle_id",
    "series_id",
)


class FeedRow(NamedTuple):
    """A visit, with its stop, vehicle and series, which it shares with all others of theirs."""

    pk: UUID
    begins_at: datetime
    ends_at: datetime
    status: str
    reason: str
    sequence: int
    updated_at: datetime
    series_on: date | None
    stop: Stop
    vehicle: Vehicle
    series: Series | None


def feed_rows(visits: QuerySet[Visit], zone: str, span: tuple[date, date]) -> list[FeedRow]:
    """Those of ``span``, the second day not included. Three statements, one more where visits repeat: joined into each visit, the same
    stops and vehicles would be read and made anew for every one of them."""
    begin, end = (datetime.combine(day, time.min, ZoneInfo(zone)) for day in span)
    found = list(
        visits.filter(begins_at__gte=begin, begins_at__lt=end, stop__is_active=True)
        .order_by("begins_at", "pk")
        .values_list(*COLUMNS)
    )
    if not found:
        return []
    stops = Stop.objects.select_related("office").in_bulk({row[8] for row in found})
    rules = {row[10] for row in found} - {None}
    series = Series.objects.annotate(changes=Sum("visits__sequence")).in_bulk(rules) if rules else {}
    used = {row[9] for row in found} | {row.vehicle_id for row in series.values()}
    vehicles = Vehicle.objects.in_bulk(used)
    for row in series.values():
        row.vehicle = vehicles[row.vehicle_id]
        # A day that goes to another van is left out of this one's calendar (EXDATE): phones believe that only when the number of the
        # series has grown too (RFC 5545 3.8.7.4).
        row.sequence += row.changes  # type: ignore[attr-defined]
    # A stop that was deleted between two statements takes its visits with it.
    return [
        FeedRow(*facts, stops[stop], vehicles[vehicle], series[rule] if rule else None)  # type: ignore[call-arg]
        for *facts, stop, vehicle, rule in found
        if stop in stops and vehicle in vehicles and (rule is None or rule in series)
    ]
