"""Calling off many visits in one act: a vehicle's whole day, or what stands on days that turn out to be closed (M2)."""

from collections.abc import Sequence

from django.db import transaction

from libraries.models import User
from mobile_service.choices import VisitStatus
from mobile_service.lifecycle import DESK, TRIP
from mobile_service.models import Trip, Visit
from mobile_service.services.locking import lock_trip
from mobile_service.services.scheduling import cancel_locked, require_reason
from mobile_service.services.stepping import roles_of
from mobile_service.services.trips import drop_if_empty, end_trip, require_desk


@transaction.atomic
def cancel_trip(*, trip: Trip, actor: User | None, note: str, tell: bool = True) -> Trip:
    """Call off a whole day: all its visits, with the reason. Each school gets one message, however many stops it has."""
    fresh = lock_trip(trip)
    TRIP.ask("cancel", fresh.status, DESK if actor is None else roles_of(actor, fresh))
    require_reason(note)
    cancel_locked(_lock_planned(trip=fresh), actor=actor, note=note.strip(), tell=tell)
    end_trip(fresh, actor=actor, note=note.strip())
    return fresh


@transaction.atomic
def cancel_visits(
    *, visits: Sequence[Visit], actor: User | None, note: str, tell: bool = True
) -> list[Visit]:
    """Call off several visits of one office, whatever their days. Those that are not planned any more stay as they are."""
    require_reason(note)
    for visit in visits:
        require_desk(visit.stop.office, actor)
    trips = list(
        Trip.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vehicle", "office")
        .filter(visits__in=[visit.pk for visit in visits])
        .order_by("pk")
    )
    fresh = _lock_planned(pk__in=[visit.pk for visit in visits], trip__in=trips)
    cancel_locked(fresh, actor=actor, note=note.strip(), tell=tell)
    for trip in {row.pk: row for row in trips}.values():
        drop_if_empty(trip, actor=actor)
    return fresh


def _lock_planned(**which: object) -> list[Visit]:
    return list(
        Visit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("trip", "stop__office", "stop__partner", "vehicle", "series")
        .filter(status=VisitStatus.PLANNED, **which)
        .order_by("pk")
    )
