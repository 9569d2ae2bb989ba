"""A vehicle's day out, as the desk keeps it: made with its first visit, its crew changed, called off as a whole (M2, M3)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted, refuse_unknown
from libraries.access import roles_toward
from libraries.models import Institution, User
from libraries.services.notices import settle
from mobile_service.choices import TripStatus, VisitStatus
from mobile_service.lifecycle import DESK, TRIP
from mobile_service.models import CrewMember, Duty, Trip, TripEvent, Vehicle, Visit
from mobile_service.services.bounds import require_near_moment
from mobile_service.services.checking import said
from mobile_service.services.locking import lock_trip
from mobile_service.services.stepping import take_step, write_event

OPEN_TRIPS = (TripStatus.PLANNED, TripStatus.UNDER_WAY)
CHANGEABLE = ("leaves_at", "back_at", "note")


def require_desk(office: Institution, actor: User | None) -> None:
    """Raises NotPermitted (``role_missing``). The clock may what the desk may."""
    if actor is not None and not roles_toward(actor, office=office.pk) & DESK:
        raise NotPermitted(
            "role_missing",
            _("Only the circulation desk or an officer of %(office)s plans the trips of its vehicles.")
            % {"office": office},
        )


def ensure_trips(wanted: Iterable[tuple[Vehicle, date]], *, actor: User | None) -> set[UUID]:
    """The trips of these vehicles and days; made, with the usual crew on duty, where there are none. What is found is not locked."""
    days = {(vehicle.pk, on): vehicle for vehicle, on in wanted}
    living = Trip.objects.filter(
        vehicle__in={key for key, _on in days}, on__in={on for _key, on in days}
    ).exclude(status=TripStatus.CANCELLED)
    while True:
        found = {(key, on): pk for pk, key, on in living.values_list("pk", "vehicle_id", "on")}
        missing = [key for key in days if key not in found]
        if not missing:
            return {found[key] for key in days}
        new = [
            Trip(office_id=days[key].office_id, vehicle=days[key], on=key[1], is_demo=days[key].is_demo)
            for key in sorted(missing)
        ]
        # Somebody else may make one at this very moment: then theirs stands, and ours is not inserted.
        Trip.objects.bulk_create(new, ignore_conflicts=True)
        ours = set(Trip.objects.filter(pk__in=[trip.pk for trip in new]).values_list("pk", flat=True))
        made = [trip for trip in new if trip.pk in ours]
        now = clock.now()
        TripEvent.objects.bulk_create(
            TripEvent(subject=trip, action="plan", to_state=trip.status, actor=actor, at=now) for trip in made
        )
        put_usual_crew(made)


def open_trips(
    wanted: Iterable[tuple[Vehicle, date]], *, actor: User | None
) -> dict[tuple[UUID, date], Trip]:
    """The trips of these vehicles and days, made where missing, locked in the order of their ids.

    Raises Conflict (``trip_over``) for a day from which the vehicle is back.
    """
    vehicles = list(wanted)
    while True:
        keys = ensure_trips(vehicles, actor=actor)
        rows = list(
            Trip.objects.select_for_update(of=("self",), no_key=True)
            .select_related("vehicle", "office")
            .filter(pk__in=keys)
            .order_by("pk")
        )
        # One that was emptied or called off while we waited for its lock is made anew.
        if len(rows) == len(keys) and all(row.status != TripStatus.CANCELLED for row in rows):
            break
    for row in rows:
        if row.status not in OPEN_TRIPS:
            raise Conflict(
                "trip_over",
                _("%(vehicle)s is back from its trip of %(day)s already.")
                % {"vehicle": row.vehicle, "day": said(row.on)},
            )
    return {(row.vehicle_id, row.on): row for row in rows}


def take_trips(
    visits: QuerySet[Visit], *, to: Iterable[tuple[Vehicle, date]] = (), actor: User | None
) -> list[Trip]:
    """The trips on which ``visits`` stand, and those of the vehicles and days ``to``, made where missing: all locked by id.

    Whoever changes many visits takes them at once, before the first visit: two desks never wait for each other.
    """
    days = list(to)
    taken: dict[UUID, Trip] = {}
    while True:
        # Once more after the locks: a visit may have come or moved, and a trip may have gone.
        wanted = ensure_trips(days, actor=actor) | set(visits.values_list("trip", flat=True))
        if wanted <= taken.keys():
            return [taken[key] for key in sorted(wanted)]
        rows = Trip.objects.select_for_update(of=("self",), no_key=True).select_related("vehicle", "office")
        taken = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}


def put_usual_crew(trips: Sequence[Trip]) -> None:
    """Who is usually on the vehicle and on no other one that day."""
    members: dict[UUID, list[CrewMember]] = {}
    usual = CrewMember.objects.filter(vehicle__in={trip.vehicle_id for trip in trips}, is_active=True)
    for member in usual.order_by("pk"):
        if member.vehicle_id:
            members.setdefault(member.vehicle_id, []).append(member)
    Duty.objects.bulk_create(
        [
            Duty(trip=trip, member=member, on=trip.on)
            for trip in trips
            for member in members.get(trip.vehicle_id, ())
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def make_trip(
    *,
    actor: User | None,
    vehicle: Vehicle,
    on: date,
    leaves_at: time | None = None,
    back_at: time | None = None,
    note: str = "",
) -> Trip:
    """A day out with no stops yet. Raises Conflict (``trip_taken``, ``vehicle_inactive``), InvalidInput (``too_far``,
    ``in_the_past``, ``turned_round``)."""
    require_desk(vehicle.office, actor)
    # The bounds of a visit, which is never put on a day beyond them.
    require_near_moment(datetime.combine(on, time(), ZoneInfo(vehicle.office.zone)), field="on")
    if not vehicle.is_active:
        raise Conflict("vehicle_inactive", _("%(vehicle)s is not in use any more.") % {"vehicle": vehicle})
    _require_order(leaves_at, back_at)
    taken = Trip.objects.filter(vehicle=vehicle, on=on).exclude(status=TripStatus.CANCELLED)
    refusal = Conflict(
        "trip_taken",
        _("%(vehicle)s has a trip on %(day)s already. Add the stop to it.")
        % {"vehicle": vehicle, "day": said(on)},
        field="on",
    )
    if taken.exists():
        raise refusal
    trip = Trip(
        office_id=vehicle.office_id,
        vehicle=vehicle,
        on=on,
        leaves_at=leaves_at,
        back_at=back_at,
        note=note.strip(),
    )
    try:
        with transaction.atomic():
            trip.save(force_insert=True)
    except IntegrityError as error:
        raise refusal from error
    write_event(trip, "plan", actor=actor, before="")
    put_usual_crew([trip])
    return trip


@transaction.atomic
def revise_trip(*, trip: Trip, actor: User, version: int | None = None, **changes: Any) -> Trip:
    """Change when it leaves and is back, and its note. Raises Conflict (``stale``, ``trip_over``)."""
    refuse_unknown(changes, CHANGEABLE)
    fresh = lock_trip(trip)
    require_desk(fresh.office, actor)
    require_open_trip(fresh)
    if version is not None and version != fresh.version:
        raise Conflict(
            "stale",
            _("Somebody else has changed this meanwhile. Read it again, then change it."),
            facts={"version": fresh.version},
        )
    for name, value in changes.items():
        setattr(fresh, name, value)
    _require_order(fresh.leaves_at, fresh.back_at)
    fresh.version += 1
    fresh.save(update_fields=[*changes, "version", "updated_at"])
    write_event(fresh, "revise", actor=actor)
    return fresh


@transaction.atomic
def change_crew(*, trip: Trip, actor: User, members: Iterable[CrewMember]) -> Trip:
    """Put exactly ``members`` on duty. Raises Conflict (``crew_elsewhere``) and InvalidInput (``crew_of_another``)."""
    fresh = lock_trip(trip)
    require_desk(fresh.office, actor)
    require_open_trip(fresh)
    wanted = {row.pk: row for row in members}
    if any(row.office_id != fresh.office_id or not row.is_active for row in wanted.values()):
        raise InvalidInput(
            "crew_of_another", _("Choose crew members of this library who are on duty."), field="members"
        )
    fresh.duties.exclude(member__in=wanted).delete()
    have = set(fresh.duties.values_list("member_id", flat=True))
    new = sorted(set(wanted) - have)
    Duty.objects.bulk_create(
        [Duty(trip=fresh, member=wanted[key], on=fresh.on) for key in new], ignore_conflicts=True
    )
    lost = set(wanted) - set(fresh.duties.values_list("member_id", flat=True))
    if lost:
        busy = Duty.objects.filter(member__in=lost, on=fresh.on).select_related("member", "trip__vehicle")
        raise Conflict(
            "crew_elsewhere",
            " ".join(
                _("%(member)s is on %(other)s on %(day)s. Take the person off that trip first.")
                % {"member": row.member, "other": row.trip.vehicle, "day": said(fresh.on)}
                for row in busy
            ),
            field="members",
        )
    fresh.touch()
    write_event(fresh, "crew", actor=actor, note=", ".join(sorted(str(row) for row in wanted.values())))
    return fresh


def end_trip(fresh: Trip, *, actor: User | None, note: str) -> None:
    """The locked trip does not take place; its crew is free for another vehicle."""
    take_step(TRIP, "cancel", fresh, actor=actor, note=note, roles=DESK)
    fresh.duties.all().delete()
    settle(fresh.pk)


def drop_if_empty(trip: Trip, *, actor: User | None) -> None:
    """A locked trip from which the last visit has gone vanishes; one that still tells of called-off visits is called off."""
    if trip.status != TripStatus.PLANNED or trip.visits.exclude(status=VisitStatus.CANCELLED).exists():
        return
    if trip.visits.exists():
        end_trip(trip, actor=actor, note=_("No stops are left."))
    elif not trip.entries.exists() and not trip.files.exists():
        trip.delete()


def require_open_trip(trip: Trip) -> None:
    if trip.status not in OPEN_TRIPS:
        raise Conflict(
            "trip_over", _("The trip is over or called off, so nothing of it is changed any more.")
        )


def _require_order(leaves_at: time | None, back_at: time | None) -> None:
    if leaves_at and back_at and back_at <= leaves_at:
        raise InvalidInput("turned_round", _("The vehicle must be back after it leaves."), field="back_at")
