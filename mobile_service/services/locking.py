"""Fresh rows under lock, in the one order that all verbs keep: trips by id, visits by id; then what lending locks.

The locks are of the weaker kind (NO KEY): a foreign key is checked at the end of a transaction and would otherwise wait.
"""

from mobile_service.models import Trip, Visit


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
        Trip.objects.select_for_update(of=("self",), no_key=True).get(pk=seen)
        fresh = (
            Visit.objects.select_for_update(of=("self",), no_key=True)
            .select_related("trip", "stop__office", "stop__partner", "vehicle", "series")
            .get(pk=visit.pk)
        )
        if fresh.trip_id == seen:
            return fresh
        seen = fresh.trip_id
