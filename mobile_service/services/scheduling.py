"""Visits on the calendar: placed, moved, called off, put back; never two at once, and everyone concerned told once (M2).

Before anything is saved it is looked at, so that a person reads what is in the way and what is free instead. What two desks do at
the same moment the database decides; who comes second is told the same sentence.

Two visits at once are impossible in the database. A closed day is refused here alone: whom it closes stands in other tables (the
kind of the partner, the scope of the day), and it may be kept when visits stand on it already; those wait in a list until somebody
has moved or called off each of them (``days_off``).
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.models import User
from mobile_service.choices import SeriesStatus
from mobile_service.lifecycle import DESK, SERIES, VISIT
from mobile_service.models import RoutePlan, Series, Stop, Trip, Vehicle, Visit
from mobile_service.services.bounds import require_near_moment
from mobile_service.services.checking import (
    SEARCHED_DAYS,
    Clash,
    clashes_of,
    hour,
    nearest_free,
    require_possible,
)
from mobile_service.services.locking import lock_on_trip, lock_stop, lock_visit
from mobile_service.services.stepping import roles_of, take_step, write_event
from mobile_service.services.surroundings import Surroundings, read_surroundings
from mobile_service.services.telling import hush_visits, tell_visits
from mobile_service.services.trips import drop_if_empty, ensure_trips, open_trips, require_desk

# What the database refuses, and the clash that it is.
CONSTRAINTS = {
    "visit_vehicle_at_one_place": "vehicle_busy",
    "visit_stop_one_vehicle": "stop_busy",
    "visit_once_per_day_of_series": "day_of_series_taken",
}
# So much of a reason is published: what the row of the visit has room for.
LONGEST_REASON = 200


@dataclass(frozen=True)
class Look:
    """What is in the way of a visit, and the nearest times with nothing in the way."""

    clashes: Sequence[Clash]
    free: Sequence[datetime]

    @property
    def possible(self) -> bool:
        return not any(clash.hard for clash in self.clashes)


def look_at(
    *,
    stop: Stop,
    vehicle: Vehicle,
    begins_at: datetime,
    ends_at: datetime | None = None,
    ignoring: Collection[UUID] = (),
) -> Look:
    """Whether the van can be there then. ``ignoring``: visits that are to be moved themselves."""
    ends_at = ends_at or begins_at + timedelta(minutes=stop.minutes)
    around = read_around(stop, vehicle, begins_at, ignoring=ignoring)
    clashes = _in_the_way(begins_at, ends_at, around)
    return Look(clashes, nearest_free(begins_at, ends_at, around) if clashes else [])


def read_around(
    stop: Stop, vehicle: Vehicle, moment: datetime, *, ignoring: Collection[UUID] = ()
) -> Surroundings:
    """The four weeks before and after, in which another day is looked for."""
    day = moment.date()
    span = timedelta(days=SEARCHED_DAYS + 1)
    return read_surroundings(stop, vehicle, day - span, day + span, ignoring=ignoring)


@transaction.atomic
def place_visit(
    *,
    actor: User | None,
    stop: Stop,
    vehicle: Vehicle,
    begins_at: datetime,
    ends_at: datetime | None = None,
    series: Series | None = None,
    series_on: date | None = None,
    plan: RoutePlan | None = None,
    is_pinned: bool = True,
    careful: bool = False,
    tell: bool = True,
) -> Visit:
    """Put the van at ``stop``, on the trip of the vehicle and day, which is made where there is none.

    ``careful``: warnings that nobody has accepted refuse too. Raises NotPermitted (``role_missing``), InvalidInput
    (``other_office``, ``in_the_past``, ``too_far``, ``turned_round``) and Conflict by the code of what is in the way, with
    ``clashes`` and ``free`` (times that suit) among its facts.
    """
    require_desk(stop.office, actor)
    require_near_moment(begins_at, field="begins_at")
    ends_at = ends_at or begins_at + timedelta(minutes=stop.minutes)
    _require_sane(stop, vehicle, begins_at, ends_at)
    on = civil(begins_at, stop)
    trip = open_trips([(vehicle, on)], actor=actor)[vehicle.pk, on]
    stop, vehicle = lock_stop(stop), _as_it_is(vehicle)
    _require_free(stop, vehicle, begins_at, ends_at, careful=careful)
    visit = Visit(
        trip=trip,
        vehicle=vehicle,
        stop=stop,
        begins_at=begins_at,
        ends_at=ends_at,
        series=series,
        series_on=series_on,
        plan=plan,
        is_pinned=is_pinned,
        is_demo=stop.is_demo,
    )
    with explained():
        visit.save(force_insert=True)
    write_event(visit, "plan", actor=actor, before="")
    if tell:
        tell_visits([visit], "planned")
    return visit


@transaction.atomic
def move_visit(
    *,
    visit: Visit,
    actor: User | None,
    begins_at: datetime,
    ends_at: datetime | None = None,
    vehicle: Vehicle | None = None,
    reason: str = "",
    sequence: int | None = None,
    careful: bool = False,
    tell: bool = True,
) -> Visit:
    """Another time, day or vehicle. It stays as long as it was where ``ends_at`` is not given, and keeps its day of the series.

    ``sequence``: that of the visit as it was read; see ``require_seen``. Raises what ``place_visit`` raises, and InvalidInput
    (``nothing_changed``, ``reason_too_long``).
    """
    vehicle = vehicle or visit.vehicle
    require_near_moment(begins_at, field="begins_at")
    on = civil(begins_at, visit.stop)
    fresh, trip, old = _lock_for_move(visit, vehicle, on, actor)
    VISIT.ask("move", fresh.status, _roles(actor, fresh))
    require_short(reason, field="reason")
    ends_at = ends_at or begins_at + (fresh.ends_at - fresh.begins_at)
    _require_sane(fresh.stop, vehicle, begins_at, ends_at)
    if (fresh.begins_at, fresh.ends_at, fresh.vehicle_id) == (begins_at, ends_at, vehicle.pk):
        drop_if_empty(trip, actor=actor)
        raise InvalidInput(
            "nothing_changed",
            _("It is planned for that time already. Choose another one."),
            field="begins_at",
        )
    # Whoever only sent the same form twice has been told so by now: it is no colleague who was faster.
    require_seen(fresh, sequence)
    stop, vehicle = lock_stop(fresh.stop), _as_it_is(vehicle)
    _require_free(stop, vehicle, begins_at, ends_at, careful=careful, ignoring=[fresh.pk])
    before = fresh.begins_at
    with explained():
        take_step(
            VISIT,
            "move",
            fresh,
            actor=actor,
            note=reason.strip(),
            roles=_roles(actor, fresh),
            trip=trip,
            vehicle=vehicle,
            begins_at=begins_at,
            ends_at=ends_at,
            reason=reason.strip(),
            is_pinned=True,
            sequence=fresh.sequence + 1,
        )
    if old.pk != trip.pk:
        drop_if_empty(old, actor=actor)
    hush_visits([fresh])
    if tell:
        tell_visits([fresh], "moved", reason=reason.strip(), before={fresh.pk: before})
    return fresh


@transaction.atomic
def cancel_visit(
    *, visit: Visit, actor: User | None, note: str, sequence: int | None = None, tell: bool = True
) -> Visit:
    """The van does not come, with a reason that is published. ``sequence``: see ``require_seen``.

    Raises InvalidInput (``reason_missing``, ``reason_too_long``).
    """
    fresh = lock_visit(visit)
    VISIT.ask("cancel", fresh.status, _roles(actor, fresh))
    require_reason(note)
    require_seen(fresh, sequence)
    cancel_locked([fresh], actor=actor, note=note.strip(), tell=tell)
    drop_if_empty(_trip_of(fresh), actor=actor)
    return fresh


def cancel_locked(visits: Sequence[Visit], *, actor: User | None, note: str, tell: bool) -> None:
    """Call off locked visits; whoever is concerned gets one message about all of them."""
    for fresh in visits:
        take_step(
            VISIT,
            "cancel",
            fresh,
            actor=actor,
            note=note,
            roles=_roles(actor, fresh),
            reason=note[:LONGEST_REASON],
            sequence=fresh.sequence + 1,
        )
        # What was to ride with it stays at the library and may ride another day.
        fresh.loads.all().delete()
    hush_visits(visits)
    if tell:
        tell_visits(visits, "cancelled", reason=note)


@transaction.atomic
def restore_visit(
    *,
    visit: Visit,
    actor: User,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    vehicle: Vehicle | None = None,
    is_pinned: bool | None = None,
    sequence: int | None = None,
    careful: bool = False,
    tell: bool = True,
) -> Visit:
    """A visit that was called off takes place after all, if nothing has come in its way meanwhile: as it was planned, but for
    what is given. ``sequence``: see ``require_seen``."""
    seen = Visit.objects.select_related("stop__office", "vehicle").get(pk=visit.pk)
    vehicle, begins_at, ends_at = (
        vehicle or seen.vehicle,
        begins_at or seen.begins_at,
        ends_at or seen.ends_at,
    )
    fresh, trip, _old = _lock_for_move(seen, vehicle, civil(begins_at, seen.stop), actor)
    VISIT.ask("restore", fresh.status, _roles(actor, fresh))
    require_seen(fresh, sequence)
    _require_sane(fresh.stop, vehicle, begins_at, ends_at)
    stop, vehicle = lock_stop(fresh.stop), _as_it_is(vehicle)
    _require_free(stop, vehicle, begins_at, ends_at, careful=careful, ignoring=[fresh.pk])
    with explained():
        take_step(
            VISIT,
            "restore",
            fresh,
            actor=actor,
            trip=trip,
            vehicle=vehicle,
            begins_at=begins_at,
            ends_at=ends_at,
            is_pinned=fresh.is_pinned if is_pinned is None else is_pinned,
            reason="",
            sequence=fresh.sequence + 1,
        )
    _make_day_again(fresh, actor)
    hush_visits([fresh])
    if tell:
        tell_visits([fresh], "restored")
    return fresh


@transaction.atomic
def pin_visit(*, visit: Visit, actor: User) -> Visit:
    """Fix it where it is: a later plan keeps it there."""
    fresh = lock_visit(visit)
    take_step(VISIT, "pin", fresh, actor=actor, is_pinned=True)
    return fresh


@transaction.atomic
def unpin_visit(*, visit: Visit, actor: User) -> Visit:
    """A later plan may move it."""
    fresh = lock_visit(visit)
    take_step(VISIT, "unpin", fresh, actor=actor, is_pinned=False)
    return fresh


def _make_day_again(visit: Visit, actor: User | None) -> None:
    """What was left out of a series is a day of it again, now that its visit takes place."""
    if visit.series_id is None:
        return
    series = (
        Series.objects.select_for_update(of=("self",), no_key=True)
        .select_related("stop__office", "stop__partner")
        .get(pk=visit.series_id)
    )
    if series.status == SeriesStatus.ACTIVE and visit.series_on in series.left_out:
        take_step(
            SERIES,
            "include",
            series,
            actor=actor,
            note=str(visit.series_on),
            roles=_roles(actor, visit),
            left_out=[day for day in series.left_out if day != visit.series_on],
            sequence=series.sequence + 1,
        )


def civil(moment: datetime, stop: Stop) -> date:
    """The day of a moment on the clock of the stop's library."""
    return moment.astimezone(ZoneInfo(stop.office.zone)).date()


def require_reason(note: str) -> None:
    """Raises InvalidInput (``reason_missing``, ``reason_too_long``)."""
    if not note.strip():
        raise InvalidInput(
            "reason_missing", _("Give the reason; those who expected the van read it."), field="note"
        )
    require_short(note, field="note")


def require_short(reason: str, *, field: str) -> None:
    """What is published stands in calendars and on papers. Raises InvalidInput (``reason_too_long``)."""
    if len(reason.strip()) > LONGEST_REASON:
        raise InvalidInput(
            "reason_too_long",
            _("The reason is published: say it in %(most)d characters.") % {"most": LONGEST_REASON},
            field=field,
        )


def require_seen(fresh: Visit, sequence: int | None) -> None:
    """Raise Conflict (``stale``) when ``sequence``, where it is given, is not the one of the locked row (R15).

    It grows with every change that is published, so a form that was opened before a colleague's move neither takes the visit
    back to where it stood then, nor calls off what its reader has not seen.
    """
    if sequence is not None and sequence != fresh.sequence:
        raise Conflict(
            "stale",
            _("Somebody else has changed this meanwhile. Read it again, then change it."),
            facts={"sequence": fresh.sequence, "begins_at": fresh.begins_at, "ends_at": fresh.ends_at},
        )


@contextmanager
def explained() -> Iterator[None]:
    """What somebody else did at the same moment, as a sentence instead of a fault of the database."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        sentences = {
            "vehicle_busy": _("The vehicle is at another stop at that time."),
            "stop_busy": _("A vehicle is at this stop at that time already."),
            "day_of_series_taken": _("This day of the series has its visit already."),
        }
        code = CONSTRAINTS.get(name or "")
        if code is None:
            raise
        raise Conflict(code, sentences[code], field="begins_at") from error


def _lock_for_move(visit: Visit, vehicle: Vehicle, on: date, actor: User | None) -> tuple[Visit, Trip, Trip]:
    """The visit, the trip it goes to and the one it is on, fresh under lock: both trips by id, then the visit."""
    seen = visit.trip_id
    while True:
        (target,) = ensure_trips([(vehicle, on)], actor=actor)
        rows = {
            row.pk: row
            for row in Trip.objects.select_for_update(of=("self",), no_key=True)
            .select_related("vehicle", "office")
            .filter(pk__in={seen, target})
            .order_by("pk")
        }
        trip = open_trips([(vehicle, on)], actor=actor)[vehicle.pk, on]
        fresh = lock_on_trip(visit.pk, seen)
        if fresh is not None:
            return fresh, trip, rows[seen]
        seen = Visit.objects.values_list("trip", flat=True).get(pk=visit.pk)


def _as_it_is(vehicle: Vehicle) -> Vehicle:
    """Read anew after the locks: whoever waited for them may hold a vehicle that was taken out of use meanwhile."""
    fresh: Vehicle = Vehicle.objects.select_related("office").get(pk=vehicle.pk)
    return fresh


def _trip_of(visit: Visit) -> Trip:
    trip: Trip = Trip.objects.select_related("vehicle", "office").get(pk=visit.trip_id)
    return trip


def _roles(actor: User | None, visit: Visit) -> Any:
    return DESK if actor is None else roles_of(actor, visit)


def _require_free(
    stop: Stop,
    vehicle: Vehicle,
    begins_at: datetime,
    ends_at: datetime,
    *,
    careful: bool,
    ignoring: Collection[UUID] = (),
) -> None:
    around = read_around(stop, vehicle, begins_at, ignoring=ignoring)
    clashes = _in_the_way(begins_at, ends_at, around)
    refused = any(clash.hard for clash in clashes) or (careful and clashes)
    free = nearest_free(begins_at, ends_at, around) if refused else ()
    require_possible(clashes, careful=careful, free=free)


def _in_the_way(begins_at: datetime, ends_at: datetime, around: Surroundings) -> list[Clash]:
    """What is in the way of a visit that a person places; of the days of a rule the hour of today is no matter.

    An hour that has passed is a warning alone: the crew may be standing there, and the desk writes down what takes place.
    """
    clashes = clashes_of(begins_at, ends_at, around)
    if begins_at < clock.now() and around.local(begins_at).date() == around.today:
        passed = Clash(
            "hour_passed",
            _("It is past %(time)s already.") % {"time": hour(around.local(begins_at))},
            hard=False,
        )
        clashes.append(passed)
    return clashes


def _require_sane(stop: Stop, vehicle: Vehicle, begins_at: datetime, ends_at: datetime) -> None:
    if vehicle.office_id != stop.office_id:
        raise InvalidInput(
            "other_office", _("Choose a vehicle of the library that the stop belongs to."), field="vehicle"
        )
    if ends_at <= begins_at:
        raise InvalidInput("turned_round", _("A visit ends after it begins."), field="ends_at")
    require_near_moment(ends_at, field="ends_at")
    if civil(begins_at, stop) < clock.today(stop.office.zone):
        raise InvalidInput("in_the_past", _("This day has passed. Choose another one."), field="begins_at")
