"""What the desk had called off and the crew made all the same: it is put back as a fact, not as a plan (U21).

None of the rules for days to come is asked: the van was there. And nobody is told that it comes.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict
from libraries.models import User
from mobile_service.choices import TripStatus, VisitStatus
from mobile_service.lifecycle import TRIP, VISIT
from mobile_service.models import Trip, Visit
from mobile_service.services.scheduling import explained
from mobile_service.services.stepping import take_step
from mobile_service.services.telling import hush_visits
from mobile_service.services.trips import put_usual_crew


def trip_that_took_place(trip: Trip, *, actor: User) -> Trip:
    """``trip`` under lock, put back when it was called off; where its vehicle has another trip of that day by now, that one.

    Raises Conflict (``stale``).
    """
    rows = list(
        Trip.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vehicle", "office")
        .filter(vehicle=trip.vehicle_id, on=trip.on)
        .order_by("pk")
    )
    own = next(row for row in rows if row.pk == trip.pk)
    going = next((row for row in rows if row.status != TripStatus.CANCELLED), None)
    if own.status != TripStatus.CANCELLED or going is not None:
        return own if going is None else going
    try:
        with transaction.atomic():
            take_step(TRIP, "restore", own, actor=actor)
    except IntegrityError as error:
        # Somebody has made another trip of that day at this very moment.
        raise Conflict(
            "stale", _("Somebody else has changed this meanwhile. Read it again, then change it.")
        ) from error
    put_usual_crew([own])
    return own


def put_visits_back(keys: Collection[UUID], *, of: Collection[UUID], trip: Trip, actor: User) -> None:
    """The called-off visits among ``keys`` that belong to one of the trips ``of`` stand on the locked ``trip`` again.

    Raises Conflict where the desk has given the time of one to another visit (``vehicle_busy``, ``stop_busy``).
    """
    rows = list(
        Visit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("stop__office", "stop__partner")
        .filter(pk__in=keys, trip__in=of, status=VisitStatus.CANCELLED)
        .order_by("pk")
    )
    for visit in rows:
        with explained():
            take_step(VISIT, "restore", visit, actor=actor, trip=trip, reason="", sequence=visit.sequence + 1)
    hush_visits(rows)
