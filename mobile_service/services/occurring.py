"""From the rule of a series to visits in the calendar, day by day, for half a year ahead (M2).

A day on which the van cannot come (a holiday, a vehicle in the workshop, another stop at that time) is left out of the series,
and why stands in its history: the rule as phones read it and the calendar never differ.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F, Q

from kerjasama.domain import clock
from libraries.models import User
from mobile_service.choices import SeriesStatus
from mobile_service.models import Series, Stop, Trip, Vehicle, Visit, VisitEvent
from mobile_service.recurrence import Rule, days_of, parse
from mobile_service.services.checking import Clash, clashes_of
from mobile_service.services.locking import lock_stop
from mobile_service.services.scheduling import explained
from mobile_service.services.stepping import write_event
from mobile_service.services.surroundings import read_surroundings
from mobile_service.services.trips import drop_if_empty, open_trips

# So far ahead a series stands in the calendar; every night it grows by what has come nearer.
HORIZON = timedelta(weeks=26)


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day of a series, and what is in the way of it."""

    on: date
    begins_at: datetime
    ends_at: datetime
    clashes: Sequence[Clash]

    @property
    def possible(self) -> bool:
        return not any(clash.hard for clash in self.clashes)


def in_force(today: date) -> Q:
    """Series by whose rule the van comes, or is to come. The last day says so: what was decided for later leaves a series as it is
    until then, also one that was called ended at once. One that was ended before it began has only its first day, left out."""
    running = Q(status=SeriesStatus.ACTIVE) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    return running | Q(status=SeriesStatus.ENDED, ends_on__gt=today) & Q(ends_on__gt=F("starts_on"))


def plan_days(
    *,
    stop: Stop,
    vehicle: Vehicle,
    rule: Rule,
    starts_on: date,
    ends_on: date | None,
    begins_at: time,
    minutes: int,
    first: date | None = None,
    ignoring: Collection[UUID] = (),
) -> list[PlannedDay]:
    """The days of the rule up to the horizon, each with what is in its way; nothing is saved."""
    today = clock.today(stop.office.zone)
    first = max(first or starts_on, starts_on, today)
    last = max(min(today + HORIZON, ends_on or date.max), first)
    days = days_of(rule, starts_on, first, min(last, ends_on or last))
    if not days:
        return []
    around = read_surroundings(stop, vehicle, days[0], days[-1], ignoring=ignoring)
    planned = []
    for on in days:
        begins = around.at(on, begins_at)
        ends = begins + timedelta(minutes=minutes)
        planned.append(PlannedDay(on, begins, ends, clashes_of(begins, ends, around)))
    return planned


def plan_of(series: Series) -> list[PlannedDay]:
    """The days of a series that have neither a visit nor been left out yet."""
    settled = {*series.left_out, *series.visits.values_list("series_on", flat=True)}
    days = plan_days(
        stop=series.stop,
        vehicle=series.vehicle,
        rule=parse(series.rule),
        starts_on=series.starts_on,
        ends_on=series.ends_on,
        begins_at=series.begins_at,
        minutes=series.minutes,
    )
    return [day for day in days if day.on not in settled]


def materialise(series: Series, *, actor: User | None) -> tuple[list[Visit], list[PlannedDay]]:
    """Put the days of a saved series that are not there yet into the calendar. Returns its new visits, and the days left out.

    None from the day on from which it was ended meanwhile. Must be called inside a transaction.
    """
    trips = open_trips([(series.vehicle, day.on) for day in plan_of(series) if day.possible], actor=actor)
    lock_stop(series.stop)
    fresh = Series.objects.select_for_update(of=("self",), no_key=True).get(pk=series.pk)
    for name in ("left_out", "ends_on", "status", "sequence"):
        setattr(series, name, getattr(fresh, name))
    # Once more, now that nobody can come between.
    days = plan_of(series)
    going = [day for day in days if day.possible and (series.vehicle_id, day.on) in trips]
    visits = [_visit(series, day, trips[series.vehicle_id, day.on]) for day in going]
    with explained():
        Visit.objects.bulk_create(visits)
    now = clock.now()
    VisitEvent.objects.bulk_create(
        VisitEvent(subject=visit, action="plan", to_state=visit.status, actor=actor, at=now)
        for visit in visits
    )
    used = {visit.trip_id for visit in visits}
    for trip in trips.values():
        if trip.pk not in used:
            drop_if_empty(trip, actor=actor)
    out = [day for day in days if not day.possible]
    _leave_out(series, out, actor=actor)
    if visits or out:
        # Calendars read from these days until when the rule holds and what it leaves out (UNTIL, EXDATE); phones believe another
        # word of it only when the number has grown (RFC 5545 3.8.7.4).
        series.sequence += 1
        series.save(update_fields=["left_out", "sequence", "updated_at"])
    return visits, out


def _leave_out(series: Series, days: Iterable[PlannedDay], *, actor: User | None) -> None:
    """Take days out of a series, with the reason in its history. Not saved."""
    for day in days:
        series.left_out = sorted({*series.left_out, day.on})
        why = next((clash.sentence for clash in day.clashes if clash.hard), "")
        write_event(series, "except", actor=actor, note=f"{day.on}: {why}")


def _visit(series: Series, day: PlannedDay, trip: Trip) -> Visit:
    return Visit(
        trip=trip,
        vehicle=series.vehicle,
        stop=series.stop,
        begins_at=day.begins_at,
        ends_at=day.ends_at,
        series=series,
        series_on=day.on,
        is_demo=series.is_demo,
    )
