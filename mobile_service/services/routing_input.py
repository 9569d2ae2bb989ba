"""What the route planner is told of a library's van service: its rows as plain data (M3). A constant number of statements.

Visits that a person fixed, placed or repeats by a series are pinned, with their hour; those of an earlier plan are kept where that
costs little. Where somebody has put a visit against the hours of a van or a stop, the hours of that day give way: people decide.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from kerjasama.domain import clock
from libraries.choices import ClosureScope
from libraries.models import Closure
from libraries.models.closure import SCHOOLS
from mobile_service.choices import HOLDING_VISITS
from mobile_service.driving import Point
from mobile_service.models import Outage, RoutePlan, Stop, Vehicle, Visit
from mobile_service.planning.faults import Fault
from mobile_service.planning.problem import (
    Day,
    Earlier,
    Hours,
    Limits,
    Matrix,
    Pin,
    Problem,
    Rest,
    Weights,
    hours_on,
    weekday,
)
from mobile_service.planning.problem import Stop as PlannedStop
from mobile_service.planning.problem import Vehicle as PlannedVehicle
from mobile_service.services.driving import Drives, depots_of, drives_between, known_drives
from mobile_service.services.routing_days import (
    Calendar,
    as_minutes,
    barred_by_last,
    calendar_of,
    drift_of,
    patterns_around,
)

# The rest of the crew begins within these hours of the middle of the day; a van that is home before needs none.
REST_FROM, REST_UNTIL = 11 * 60, 13 * 60 + 30
# Minutes of driving that it must save to move a visit of the present calendar to another day; and to send a van out at all.
STAY, TOUR = 30.0, 10.0
# A van with some days that have no such middle is two to the planner; this marks the second.
NO_NOON = "/pendek"


@dataclass(frozen=True, slots=True)
class House:
    """``left_out``: stops that the plan cannot or need not visit, with why: a code of ``routing_words.LEFT_OUT`` or of the planner with
    its facts; ``idle``: vehicles in use that it cannot send out,
    with the code why. ``kept``: visits that stay whatever the plan says."""

    problem: Problem
    calendar: Calendar
    drives: Drives
    stops: Sequence[Stop]
    vehicles: Sequence[Vehicle]
    kept: Sequence[Visit]
    left_out: Sequence[tuple[Stop, Fault]]
    depots: Mapping[str, Point]
    idle: Sequence[tuple[Vehicle, str]]


def vehicle_key(key: str) -> UUID:
    """The vehicle that a key of the planner means."""
    return UUID(key.removesuffix(NO_NOON))


def house_of(
    plan: RoutePlan, *, ask_engine: bool = True, without: Mapping[str, Fault] = MappingProxyType({})
) -> House:
    """Everything the planner needs to know for ``plan``, as the house is now. ``without``: stops, by key, that it has refused, and why."""
    return _Reader(plan, ask_engine, without).read()


class _Reader:
    def __init__(self, plan: RoutePlan, ask_engine: bool, without: Mapping[str, Fault]) -> None:
        self.plan, self.office, self.ask_engine, self.without = plan, plan.office, ask_engine, without
        self.zone = ZoneInfo(plan.office.zone)
        self.calendar = calendar_of(plan, clock.today(plan.office.zone))

    def read(self) -> House:
        vehicles, depots, starts, idle = self._fleet()
        stops, left_out = self._stops()
        last = self._last(stops)
        kept, earlier, elsewhere = self._visits(stops, vehicles)
        not_due = {
            row.pk for row in stops if row.pk not in {it.stop_id for it in kept} and not self._due(row, last)
        }
        served = {row.pk for row in stops if len(elsewhere[row.pk]) >= self._asked(row)} - not_due
        left_out += [(row, Fault("not_due")) for row in stops if row.pk in not_due]
        left_out += [(row, Fault("elsewhere")) for row in stops if row.pk in served]
        stops = [row for row in stops if row.pk not in not_due | served]
        drives = (drives_between if self.ask_engine else known_drives)(self.office, depots, stops)
        closed = self._closed()
        fleet = self._shifts(vehicles, starts, kept, stops, drives, len(depots), closed)
        kept_of: dict[UUID, list[Visit]] = defaultdict(list)
        for visit in kept:
            if self._number(visit) not in closed:
                kept_of[visit.stop_id].append(visit)
        shut = self._shut(stops)
        rows = [
            self._stop(
                stop,
                len(depots) + at,
                fleet,
                closed,
                shut[stop.pk] | elsewhere[stop.pk],
                kept_of[stop.pk],
                last.get(stop.pk),
            )
            for at, stop in enumerate(stops)
        ]
        keys = {row.pk for row in stops}
        problem = Problem(
            stops=tuple(rows),
            vehicles=tuple(fleet),
            days=tuple(Day(number, number in closed) for number in self.calendar.numbers),
            matrices=(
                Matrix(
                    tuple(tuple(it.minutes for it in row) for row in drives.table),
                    tuple(tuple(it.kilometres for it in row) for row in drives.table),
                ),
            )
            if drives.table
            else (),
            pins=tuple(self._pins(kept_of, fleet)),
            earlier=tuple(
                Earlier(str(it.stop_id), self._number(it), self._engine_key(it, fleet))
                for it in earlier
                if it.stop_id in keys and self._number(it) in self.calendar.numbers
            ),
            weights=Weights(tour=TOUR, stay=STAY if self.plan.keeps_calendar else 0.0),
            limits=Limits(seconds=float(self.plan.seconds)),
            seed=self.plan.seed,
        )
        where = {str(row.pk): depots[starts[row.pk]] for row in vehicles}
        return House(problem, self.calendar, drives, stops, vehicles, kept, left_out, where, idle)

    def _number(self, visit: Visit) -> int:
        return self.calendar.number(visit.begins_at.astimezone(self.zone).date())

    def _fleet(self) -> tuple[list[Vehicle], list[Point], dict[UUID, int], list[tuple[Vehicle, str]]]:
        """Vehicles that have hours and a start, the places where they start, and which starts where, the library first; and those
        that lack one of the two."""
        fleet = list(
            Vehicle.objects.filter(office=self.office, is_active=True)
            .prefetch_related("hours")
            .order_by("name", "pk")
        )
        rows = [row for row in fleet if row.hours.all()]
        depots, where, _depot = depots_of(self.office, rows)
        idle = [(row, "no_start" if row.hours.all() else "no_hours") for row in fleet if row.pk not in where]
        return [row for row in rows if row.pk in where], depots, where, idle

    def _stops(self) -> tuple[list[Stop], list[tuple[Stop, Fault]]]:
        rows = list(
            Stop.objects.filter(office=self.office, is_active=True)
            .select_related("office", "partner", "vehicle")
            .prefetch_related("windows")
            .order_by("name", "pk")
        )
        left_out = [(row, Fault("no_place")) for row in rows if row.latitude is None]
        left_out += [(row, self.without[str(row.pk)]) for row in rows if str(row.pk) in self.without]
        out = {row.pk for row, _why in left_out}
        return [row for row in rows if row.pk not in out], left_out

    def _last(self, stops: Sequence[Stop]) -> dict[UUID, date]:
        """When the van was, or will have been, at each stop last before the plan begins."""
        begins = datetime.combine(self.calendar.first, time(), self.zone)
        rows = Visit.objects.filter(stop__in=stops, status__in=HOLDING_VISITS, begins_at__lt=begins)
        found = rows.values("stop").annotate(last=Max("begins_at")).values_list("stop", "last")
        return {key: moment.astimezone(self.zone).date() for key, moment in found}

    def _due(self, stop: Stop, last: dict[UUID, date]) -> bool:
        """A stop that is wanted more rarely than the plan is long may have its turn after it."""
        every = stop.every_weeks * 7
        if every <= self.calendar.span or stop.pk not in last:
            return True
        return last[stop.pk] + timedelta(days=every) <= self.calendar.last

    def _asked(self, stop: Stop) -> int:
        """How many visits a stop is to have in these days, at least one."""
        return max(1, self.calendar.span // (stop.every_weeks * 7))

    def _visits(
        self, stops: Sequence[Stop], vehicles: Sequence[Vehicle]
    ) -> tuple[list[Visit], list[Visit], dict[UUID, set[int]]]:
        """Visits of the span: those that stay, those of earlier plans that this one may move, and for each stop the days on which a
        vehicle comes that this plan cannot send out: nobody else is to come on them as well."""
        begins = datetime.combine(self.calendar.first, time(), self.zone)
        ends = datetime.combine(self.calendar.last + timedelta(days=1), time(), self.zone)
        rows = Visit.objects.filter(
            stop__in=stops, status__in=HOLDING_VISITS, begins_at__gte=begins, begins_at__lt=ends
        ).order_by("begins_at", "pk")
        kept, loose, seen, sent = [], [], set(), {row.pk for row in vehicles}
        elsewhere: dict[UUID, set[int]] = defaultdict(set)
        for visit in rows:
            if visit.vehicle_id not in sent:
                elsewhere[visit.stop_id].add(self._number(visit))
                continue
            by_hand = visit.is_pinned or visit.series_id or visit.plan_id is None
            spot = (visit.stop_id, self._number(visit))
            if by_hand and spot not in seen:
                seen.add(spot)
                kept.append(visit)
            elif not by_hand:
                loose.append(visit)
        return kept, loose, elsewhere

    def _closed(self) -> set[int]:
        """Days on which nobody works: public holidays, and the library's own closed days."""
        rows = Closure.objects.shutting([self.office]).between(self.calendar.first, self.calendar.last)
        return {day for row in rows for day in self._days(row.starts_on, row.ends_on)}

    def _days(self, first: date, last: date) -> range:
        numbers = self.calendar.numbers
        return range(
            max(self.calendar.number(first), numbers.start), min(self.calendar.number(last) + 1, numbers.stop)
        )

    def _shut(self, stops: Sequence[Stop]) -> dict[UUID, set[int]]:
        """Days on which a stop cannot be: its own, and those on which its school is closed."""
        found: dict[UUID, set[int]] = {
            row.pk: {
                self.calendar.number(day)
                for day in row.closed_on
                if self.calendar.first <= day <= self.calendar.last
            }
            for row in stops
        }
        of_partner: dict[UUID, list[UUID]] = defaultdict(list)
        for row in stops:
            if row.partner_id:
                of_partner[row.partner_id].append(row.pk)
        schools = {row.partner_id for row in stops if row.partner and row.partner.kind in SCHOOLS}
        for closure in Closure.objects.between(self.calendar.first, self.calendar.last).filter(
            Q(institution__in=of_partner) | Q(institution=None, scope=ClosureScope.SCHOOLS)
        ):
            # Days off of all schools are no days off of villages.
            partners = [closure.institution_id] if closure.institution_id else schools
            for partner in partners:
                for key in of_partner[partner]:
                    found[key].update(self._days(closure.starts_on, closure.ends_on))
        return found

    def _shifts(
        self,
        vehicles: Sequence[Vehicle],
        starts: dict[UUID, int],
        kept: Sequence[Visit],
        stops: Sequence[Stop],
        drives: Drives,
        depots: int,
        closed: set[int],
    ) -> list[PlannedVehicle]:
        """Each vehicle with its hours; the days that have a midday to rest in apart from those that have none.

        Where somebody placed a visit that the hours or the rest of a day do not allow, the day gets hours of its own, without a rest.
        """
        off: dict[UUID, set[int]] = defaultdict(set)
        outages = Outage.objects.filter(
            vehicle__in=vehicles, starts_on__lte=self.calendar.last, ends_on__gte=self.calendar.first
        )
        for outage in outages:
            off[outage.vehicle_id].update(self._days(outage.starts_on, outage.ends_on))
        place = {stop.pk: depots + at for at, stop in enumerate(stops)}
        found = []
        for vehicle in vehicles:
            at = starts[vehicle.pk]
            usual = [
                Hours(as_minutes(row.starts_at), as_minutes(row.ends_at), weekdays=(row.weekday + 1,))
                for row in vehicle.hours.all()
            ]
            long = [row for row in usual if vehicle.rest_minutes and _has_noon(row)]
            days: dict[int, Hours] = {}
            for visit in kept:
                number = self._number(visit)
                if visit.vehicle_id != vehicle.pk or number in closed or visit.stop_id not in place:
                    continue
                there = drives.table[at][place[visit.stop_id]].minutes
                back = drives.table[place[visit.stop_id]][at].minutes
                begins, ends = self._span(visit)
                hours = days.get(number) or next(iter(hours_on(tuple(usual), number)), None)
                # A rest comes after a visit: whoever is fixed for the afternoon may be the first of the day.
                if (
                    hours is not None
                    and number not in off[vehicle.pk]
                    and begins <= REST_FROM
                    and begins - there > hours.opens
                    and ends + back < hours.closes
                ):
                    continue
                days[number] = _widened(hours, begins - there - 1, ends + back + 1)
            own = tuple(sorted(days))
            if long:
                found.append(
                    PlannedVehicle(
                        key=str(vehicle.pk),
                        shifts=tuple(long),
                        start=at,
                        end=at,
                        rest=Rest(vehicle.rest_minutes, REST_FROM, REST_UNTIL),
                        off=tuple(sorted({*off[vehicle.pk], *own})),
                    )
                )
            short = [
                *(row for row in usual if row not in long),
                *(replace(days[it], days=(it,)) for it in own),
            ]
            if short:
                found.append(
                    PlannedVehicle(
                        key=f"{vehicle.pk}{NO_NOON}",
                        shifts=tuple(short),
                        start=at,
                        end=at,
                        off=tuple(sorted(off[vehicle.pk] - set(own))),
                    )
                )
        return found

    def _span(self, visit: Visit) -> tuple[int, int]:
        """From when to when, in minutes of its day."""
        begins = as_minutes(visit.begins_at.astimezone(self.zone).time())
        return begins, begins + round((visit.ends_at - visit.begins_at).total_seconds() / 60)

    def _stop(
        self,
        stop: Stop,
        place: int,
        fleet: Sequence[PlannedVehicle],
        closed: set[int],
        shut: set[int],
        kept: Sequence[Visit],
        last: date | None,
    ) -> PlannedStop:
        every = stop.every_weeks * 7
        windows = [
            Hours(as_minutes(row.opens_at), as_minutes(row.closes_at), weekdays=(row.weekday + 1,))
            for row in stop.windows.all()
        ]
        weekdays = () if windows or not stop.partner else tuple(it + 1 for it in stop.partner.closed_weekdays)
        kept_days = sorted({self._number(it) for it in kept})
        if kept and not windows:
            # A window of one day must not close all the others.
            windows.append(Hours(0, 24 * 60))
        windows += [
            Hours(begins, begins + stop.minutes, days=(self._number(it),))
            for it in kept
            for begins, _ends in [self._span(it)]
        ]
        shut = shut - set(kept_days)
        vehicles = tuple(
            it.key
            for it in fleet
            if stop.vehicle_id is None
            or vehicle_key(it.key) == stop.vehicle_id
            or vehicle_key(it.key) in {visit.vehicle_id for visit in kept}
        )
        numbers = self.calendar.numbers
        first_barred = barred_by_last(
            None if last is None else self.calendar.number(last), every, numbers[0]
        ) - set(kept_days)
        row = PlannedStop(
            key=str(stop.pk),
            place=place,
            service=float(stop.minutes),
            windows=tuple(windows),
            every=every if every <= self.calendar.span else 0,
            times=0 if every <= self.calendar.span else 1,
            drift=drift_of(every, stop.same_weekday) if every <= self.calendar.span else 0,
            banned_weekdays=tuple(sorted(set(weekdays) - {weekday(it) for it in kept_days})),
            banned_days=tuple(sorted(shut | {it for it in first_barred if it in numbers})),
            vehicles=() if stop.vehicle_id is None else vehicles,
        )
        wanted = max(1, self.calendar.span // every)
        if len(kept_days) >= wanted:
            return replace(row, every=0, times=0, drift=0, patterns=(tuple(kept_days),))
        if shut and row.every:
            coming = [it for it in fleet if not row.vehicles or it.key in row.vehicles]
            off = _put_out(coming, set(numbers) - closed)
            patterns = patterns_around(
                self.calendar, every, _may_on(row, coming, closed | shut), closed | shut | off, first_barred
            )
            if patterns:
                return replace(row, every=0, drift=0, patterns=patterns, banned_days=tuple(sorted(shut)))
        return row

    def _pins(self, kept_of: dict[UUID, list[Visit]], fleet: Sequence[PlannedVehicle]) -> Iterator[Pin]:
        for visits in kept_of.values():
            for visit in visits:
                yield Pin(str(visit.stop_id), self._number(visit), self._engine_key(visit, fleet))

    def _engine_key(self, visit: Visit, fleet: Sequence[PlannedVehicle]) -> str:
        return engine_key(fleet, visit.vehicle_id, self._number(visit))


def engine_key(fleet: Sequence[PlannedVehicle], vehicle: UUID, number: int) -> str:
    """By which key the planner knows a vehicle on a day; "" when it is not out then."""
    mine = (it for it in fleet if vehicle_key(it.key) == vehicle)
    return next((it.key for it in mine if number not in it.off and hours_on(it.shifts, number)), "")


def _put_out(fleet: Sequence[PlannedVehicle], numbers: Collection[int]) -> set[int]:
    """Days on which a vehicle would be out, had it not been taken out of service, and no other is: as good as closed."""
    return {
        number
        for number in numbers
        if any(number in it.off and hours_on(it.shifts, number) for it in fleet)
        and not any(number not in it.off and hours_on(it.shifts, number) for it in fleet)
    }


def _has_noon(hours: Hours) -> bool:
    return hours.opens < REST_UNTIL - 60 and hours.closes > REST_UNTIL


def _widened(row: Hours | None, opens: float, closes: float) -> Hours:
    """The hours of a day, so wide that a visit which somebody has placed fits."""
    if row is None:
        return Hours(max(0, opens), closes)
    return Hours(max(0, min(opens, row.opens)), max(closes, row.closes))


def _may_on(stop: PlannedStop, fleet: Sequence[PlannedVehicle], shut: set[int]) -> Callable[[int], bool]:
    def may(number: int) -> bool:
        return (
            number not in shut
            and weekday(number) not in stop.banned_weekdays
            and bool(not stop.windows or hours_on(stop.windows, number))
            and any(number not in it.off and hours_on(it.shifts, number) for it in fleet)
        )

    return may
