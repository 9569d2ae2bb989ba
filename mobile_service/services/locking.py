"""Fresh rows under lock, in the one order that all verbs keep: trips by id, visits by id, the stop; then what lending locks.

The locks are of the weaker kind (NO KEY): a foreign key is checked at the end of a transaction and would otherwise wait.
"""

from uuid import UUID

from django.db import connection

from mobile_service.models import Stop, Trip, Visit


def lock_trip(trip: Trip) -> Trip:
    """The fresh trip under lock, with its vehicle and office."""
    fresh: Trip = (
        Trip.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vehicle", "office")
        .get(pk=trip.pk)
    )
    return fresh


def lock_visit(visit: Visit) -> Visit:
    """The trip first, then the visit, fresh, with its stop and series. A visit that changed its trip meanwhile is followed."""
    seen = visit.trip_id
    while True:
        # Gone, where the visit was its last one and has left it.
        Trip.objects.select_for_update(of=("self",), no_key=True).filter(pk=seen).first()
        fresh = lock_on_trip(visit.pk, seen)
        if fresh is not None:
            return fresh
        seen = Visit.objects.values_list("trip", flat=True).get(pk=visit.pk)


def lock_on_trip(key: UUID, trip: UUID) -> Visit | None:
    """The visit, fresh, if it still belongs to that locked trip. Else it is not locked: its own trip comes first."""
    return (
        Visit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("trip", "stop__office", "stop__partner", "vehicle", "series")
        .filter(pk=key, trip=trip)
        .first()
    )


def lock_stop(stop: Stop) -> Stop:
    """The fresh stop under lock: two vehicles are placed there one after the other, and none where a colleague has closed it meanwhile."""
    fresh: Stop = (
        Stop.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "partner")
        .get(pk=stop.pk)
    )
    return fresh


def hold_constraints(when: str) -> None:
    """``DEFERRED``: visits may overlap for a while. ``IMMEDIATE``: now they are looked at, and never again later."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS visit_vehicle_at_one_place, visit_stop_one_vehicle {when}")
