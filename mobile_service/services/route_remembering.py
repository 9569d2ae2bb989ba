"""What the calendar was before a route plan was adopted, kept for the minutes in which that can be taken back (M3)."""

import json
import zlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from kerjasama.domain import clock
from mobile_service.choices import RoutePlanStatus, TripStatus
from mobile_service.models import Duty, RoutePlan, Trip, TripLoad, Visit

WINDOW = timedelta(minutes=10)


def may_undo(plan: RoutePlan) -> bool:
    """Whether the time to take the adoption back has not passed; what else stands against it is said when it is tried."""
    return bool(
        plan.status == RoutePlanStatus.ADOPTED and plan.adopted_at and clock.now() < plan.adopted_at + WINDOW
    )


def trips_there(plan: RoutePlan, first: date) -> set[UUID]:
    """The trips of the plan's days that stand in the calendar now, with stops or without."""
    rows = Trip.objects.filter(office=plan.office_id, on__range=(first, plan.ends_on))
    return set(rows.exclude(status=TripStatus.CANCELLED).values_list("pk", flat=True))


def snapshot(first: date, trips: Iterable[Trip], there: Collection[UUID], visits: Sequence[Visit]) -> bytes:
    """From ``first`` on: the ``trips`` of them that were ``there``, and ``visits``, as they stand before anything is written."""
    known = {trip.pk: trip for trip in trips if trip.pk in there}
    crew: dict[UUID, list[str]] = {}
    for trip, member in Duty.objects.filter(trip__in=known).order_by("pk").values_list("trip", "member"):
        crew.setdefault(trip, []).append(str(member))
    loads: dict[UUID, list[str]] = {}
    riding = TripLoad.objects.filter(visit__in=[row.pk for row in visits]).order_by("pk")
    for visit, consignment in riding.values_list("visit", "consignment"):
        loads.setdefault(visit, []).append(str(consignment))
    kept = {
        "first": first.isoformat(),
        "trips": [
            {
                "vehicle": str(row.vehicle_id),
                "on": row.on.isoformat(),
                "leaves_at": row.leaves_at and row.leaves_at.isoformat(),
                "back_at": row.back_at and row.back_at.isoformat(),
                "planned_km": None if row.planned_km is None else str(row.planned_km),
                "note": row.note,
                "crew": crew.get(row.pk, []),
            }
            for row in known.values()
        ],
        "visits": {
            str(row.pk): {
                "vehicle": str(row.vehicle_id),
                "on": row.trip.on.isoformat(),
                "begins_at": row.begins_at.isoformat(),
                "ends_at": row.ends_at.isoformat(),
                "plan": row.plan_id and str(row.plan_id),
                "reason": row.reason,
                "loads": loads.get(row.pk, []),
            }
            for row in visits
        },
    }
    return zlib.compress(json.dumps(kept).encode(), 6)


def remembered(plan: RoutePlan) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(zlib.decompress(bytes(plan.before or b"")))
    return found
