"""A van that comes: on Sundays to the villages, on school days to the schools; a quarter behind it, a quarter planned."""

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kerjasama.domain import clock
from kerjasama.house import DemoCast
from mobile_service.choices import StopKind, TripStatus, VisitorKind, VisitStatus, Weekday
from mobile_service.models import Stop, Tally, Trip, TripEvent, Vehicle, Visit, VisitEvent
from mobile_service.recurrence import weekly
from mobile_service.services.scheduling import cancel_visit, look_at, move_visit
from mobile_service.services.series import make_series
from mobile_service.services.surroundings import STANDING

WEEKS = 13
EVERY = 4
SUNDAYS = (time(8, 15), time(9, 50), time(11, 25))
MORNINGS = (time(8, 15), time(10, 15))
SCHOOLS = 20
DRIVERS = {"payakumbuh": "petugas.payakumbuh"}


def load(cast: DemoCast) -> None:
    for slug, name in DRIVERS.items():
        vehicle, actor = cast.made["vans"][slug], cast.made["users"][name]
        stops = list(Stop.objects.filter(office=cast.made[slug], is_demo=True).prefetch_related("windows"))
        with clock.pretend(clock.now() - timedelta(weeks=WEEKS)):
            _begin(vehicle, actor, stops)
        _tell_the_past(vehicle, cast)
        _change_the_coming(vehicle, actor, cast)


def _begin(vehicle: Vehicle, actor: Any, stops: list[Stop]) -> None:
    """Series of four weeks: begun a quarter ago, so that half a year of them stands in the calendar."""
    today = clock.today(vehicle.office.zone)
    monday = today + timedelta(days=7 - today.weekday())
    for stop, week, weekday, begins_at in _slots(stops):
        make_series(
            actor=actor,
            stop=stop,
            vehicle=vehicle,
            rule=weekly([weekday], EVERY),
            starts_on=monday + timedelta(weeks=week, days=weekday),
            begins_at=begins_at,
            tell=False,
        )


def _slots(stops: list[Stop]) -> Iterator[tuple[Stop, int, int, time]]:
    villages = [stop for stop in stops if stop.kind == StopKind.VILLAGE]
    schools = [stop for stop in stops if stop.kind == StopKind.SCHOOL][:SCHOOLS]
    sundays = [(week, hour) for week in range(EVERY) for hour in SUNDAYS]
    for stop, (week, hour) in zip(villages, sundays, strict=False):
        yield stop, week, Weekday.SUNDAY, hour
    free = [(week, day, hour) for hour in MORNINGS for week in range(EVERY) for day in range(Weekday.FRIDAY)]
    for stop in schools:
        open_on = {window.weekday for window in stop.windows.all()}
        slot = next((it for it in free if it[1] in open_on), None)
        if slot:
            free.remove(slot)
            yield stop, *slot


def _tell_the_past(vehicle: Vehicle, cast: DemoCast) -> None:
    """What no verb can make any more: visits that took place, with whom they served. A few were missed."""
    luck = random.Random(7)
    trips = list(Trip.objects.filter(vehicle=vehicle, on__lt=cast.today).order_by("on"))
    odometer = 41_250
    for trip in trips:
        trip.status = TripStatus.DONE
        trip.odometer_start, trip.odometer_end = odometer, odometer + luck.randint(18, 46)
        odometer = trip.odometer_end
        trip.started_at = _at(vehicle, trip, time(7, 40))
        trip.finished_at = _at(vehicle, trip, time(13, 30))
    Trip.objects.bulk_update(trips, ["status", "odometer_start", "odometer_end", "started_at", "finished_at"])
    visits = list(Visit.objects.filter(trip__in=trips).select_related("stop", "trip"))
    tallies = []
    for number, visit in enumerate(visits):
        if number % 23 == 11:
            visit.status, visit.reason = VisitStatus.MISSED, "Jalan tertutup longsor."
            continue
        visit.status = VisitStatus.DONE
        visit.arrived_at = visit.begins_at + timedelta(minutes=luck.randint(-4, 12))
        visit.left_at = visit.ends_at + timedelta(minutes=luck.randint(-8, 10))
        tallies.append(_tally(visit, luck))
    Visit.objects.bulk_update(visits, ["status", "reason", "arrived_at", "left_at"])
    Tally.objects.bulk_create(tallies)
    VisitEvent.objects.bulk_create(
        VisitEvent(
            subject=visit,
            action="leave" if visit.status == VisitStatus.DONE else "skip",
            from_state="arrived" if visit.status == VisitStatus.DONE else "planned",
            to_state=visit.status,
            at=visit.left_at or visit.ends_at,
            note=visit.reason,
        )
        for visit in visits
    )
    TripEvent.objects.bulk_create(
        TripEvent(subject=trip, action="finish", from_state="under_way", to_state="done", at=trip.finished_at)
        for trip in trips
    )


def _tally(visit: Visit, luck: random.Random) -> Tally:
    if visit.stop.kind == StopKind.SCHOOL:
        visitors = {VisitorKind.PUPILS: luck.randint(38, 120), VisitorKind.TEACHERS: luck.randint(2, 7)}
    else:
        visitors = {
            VisitorKind.CHILDREN: luck.randint(12, 45),
            VisitorKind.ADULTS: luck.randint(5, 22),
            VisitorKind.ELDERLY: luck.randint(0, 6),
        }
    count = sum(visitors.values())
    lent = round(count * luck.uniform(0.5, 0.9))
    return Tally(
        visit=visit,
        visitors={str(kind.value): number for kind, number in visitors.items()},
        visitor_count=count,
        lent=lent,
        returned=round(lent * luck.uniform(0.7, 1.0)),
    )


def _change_the_coming(vehicle: Vehicle, actor: Any, cast: DemoCast) -> None:
    """One coming visit is called off and one is moved."""
    coming = list(
        Visit.objects.filter(
            vehicle=vehicle, status__in=STANDING, trip__on__gt=cast.today + timedelta(days=9)
        )
        .select_related("stop__office", "stop__partner", "vehicle", "trip")
        .order_by("begins_at")[:6]
    )
    if len(coming) < 6:
        return
    cancel_visit(
        visit=coming[1], actor=actor, note="Ada rapat dinas; kunjungan berikutnya tetap sesuai jadwal."
    )
    visit = coming[4]
    free = look_at(
        stop=visit.stop, vehicle=vehicle, begins_at=visit.begins_at + timedelta(days=1), ignoring=[visit.pk]
    )
    next_day = visit.begins_at + timedelta(days=1)
    elsewhere = (moment for moment in free.free if moment != visit.begins_at)
    begins_at = next(elsewhere, next_day) if free.clashes else next_day
    move_visit(
        visit=visit, actor=actor, begins_at=begins_at, reason="Sekolah mengadakan ujian pada hari itu."
    )


def _at(vehicle: Vehicle, trip: Trip, clock_time: time) -> datetime:
    return datetime.combine(trip.on, clock_time, ZoneInfo(vehicle.office.zone))
