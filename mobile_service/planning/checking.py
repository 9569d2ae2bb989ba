"""Replays a plan from the problem alone, visit by visit, and says what is wrong. It shares nothing with the planner but the shapes.

Nothing is taken from the plan but who is visited when: ways, ends, loads, rhythm and figures are reckoned anew.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from mobile_service.planning.faults import Fault
from mobile_service.planning.plan import Plan, Tour, Visit
from mobile_service.planning.problem import Pin, Problem, Stop, Vehicle
from mobile_service.planning.refitting import could_come, every_of, hours_of, in_pattern, wanted

# Planners count in whole parts of a minute.
TINY = 1e-5


@dataclass(frozen=True, slots=True)
class Checked:
    """``faults``: codes and facts, as ``BadProblem`` has them. ``travel``, ``met`` and ``missed`` are the checker's own count."""

    faults: tuple[Fault, ...]
    visits: int
    travel: float
    distance: float
    met: int
    missed: int


def check(problem: Problem, plan: Plan) -> Checked:
    """Rules: known rows, one visit a day, drive, window, shift, length, way, room, break, days, rhythm, pins, and what is said to be missed:
    a stop that is missed altogether fits in no tour as they are.
    """
    look = _Look(problem, plan)
    faults = [*look.visits(), *look.tours(), *look.rhythm(), *look.pins(), *look.said(), *look.needless()]
    travel = sum(look.driven.values())
    return Checked(
        tuple(faults), len(plan.visits), travel, sum(look.gone.values()), len(plan.visits), look.lacking
    )


class _Look:
    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.stops: dict[str, Stop] = {it.key: it for it in problem.stops}
        self.vehicles: dict[str, Vehicle] = {it.key: it for it in problem.vehicles}
        self.matrices = {it.key: it for it in problem.matrices}
        self.open = {it.number for it in problem.days if not it.closed}
        self.by_tour: dict[tuple[int, str], list[Visit]] = {}
        self.by_stop: dict[str, list[int]] = {}
        for it in plan.visits:
            self.by_tour.setdefault((it.day, it.vehicle), []).append(it)
            self.by_stop.setdefault(it.stop, []).append(it.day)
        self.driven: dict[tuple[int, str], float] = {}
        self.gone: dict[tuple[int, str], float] = {}
        self.lacking = 0

    def visits(self) -> Iterator[Fault]:
        seen = set()
        for it in self.plan.visits:
            facts: dict[str, str | int] = {"stop": it.stop, "day": it.day, "vehicle": it.vehicle}
            stop, vehicle = self.stops.get(it.stop), self.vehicles.get(it.vehicle)
            if stop is None or vehicle is None:
                yield Fault("plan_unknown", facts)
                continue
            if (it.stop, it.day) in seen:
                yield Fault("plan_visit_twice", facts)
            seen.add((it.stop, it.day))
            if it.day not in self.open or it.day in vehicle.off:
                yield Fault("plan_closed_day", facts)
            if it.day in stop.banned_days or (it.day - 1) % 7 + 1 in stop.banned_weekdays:
                yield Fault("plan_banned_day", facts)
            if it.vehicle in stop.banned_vehicles or (stop.vehicles and it.vehicle not in stop.vehicles):
                yield Fault("plan_banned_vehicle", facts)
            if abs(it.end - it.start - stop.service) > TINY or it.start < it.arrival - TINY:
                yield Fault("plan_service", facts)
            last = it.end if self.problem.windows == "visit" else it.start
            rows = hours_of(stop.windows, it.day)
            inside = any(row.opens - TINY <= it.start and last <= row.closes + TINY for row in rows)
            if stop.windows and not inside:
                yield Fault("plan_window", facts)

    def tours(self) -> Iterator[Fault]:
        told: dict[tuple[int, str], Tour] = {}
        for it in self.plan.tours:
            if (it.day, it.vehicle) in told:
                yield Fault("plan_tour_twice", {"day": it.day, "vehicle": it.vehicle})
            told[it.day, it.vehicle] = it
        if set(told) != set(self.by_tour):
            yield Fault("plan_tours_differ", {"tours": len(told), "driven": len(self.by_tour)})
        for key, rows in sorted(self.by_tour.items()):
            if key in told and key[1] in self.vehicles and all(it.stop in self.stops for it in rows):
                yield from self._tour(told[key], sorted(rows, key=lambda it: it.position))

    def _tour(self, tour: Tour, rows: list[Visit]) -> Iterator[Fault]:
        facts: dict[str, str | int] = {"day": tour.day, "vehicle": tour.vehicle}
        vehicle = self.vehicles[tour.vehicle]
        matrix = self.matrices[vehicle.matrix]
        if [it.position for it in rows] != list(range(1, len(rows) + 1)):
            yield Fault("plan_positions", facts)
        places = [vehicle.start, *(self.stops[it.stop].place for it in rows), vehicle.end]
        legs = [matrix.minutes[a][b] for a, b in itertools.pairwise(places)]
        way = sum(matrix.distances[a][b] for a, b in itertools.pairwise(places)) if matrix.distances else 0.0
        self.driven[tour.day, tour.vehicle], self.gone[tour.day, tour.vehicle] = sum(legs), way
        leaves = [tour.departs, *(it.end for it in rows)]
        arrives = [*(it.arrival for it in rows), tour.returns]
        rested = vehicle.rest is None or tour.rest < 0
        for number, leg in enumerate(legs):
            room = arrives[number] - leaves[number] - leg
            if not rested and vehicle.rest and number and leaves[number] <= tour.rest + TINY:
                begins = max(leaves[number], tour.rest)
                if begins + vehicle.rest.minutes + leg <= arrives[number] + TINY:
                    rested = True
            if room < -TINY:
                stop = rows[number].stop if number < len(rows) else ""
                yield Fault("plan_too_fast", {**facts, "stop": stop})
        if vehicle.rest is not None:
            late = tour.returns > vehicle.rest.latest + TINY
            outside = tour.rest >= 0 and not (
                vehicle.rest.earliest - TINY <= tour.rest <= vehicle.rest.latest + TINY
            )
            if (late and tour.rest < 0) or not rested or outside:
                yield Fault("plan_rest", facts)
        if vehicle.shifts:
            shift = hours_of(vehicle.shifts, tour.day)
            if not shift or tour.departs < shift[0].opens - TINY or tour.returns > shift[0].closes + TINY:
                yield Fault("plan_shift", facts)
        if vehicle.most_minutes is not None and tour.returns - tour.departs > vehicle.most_minutes + TINY:
            yield Fault("plan_too_long", facts)
        if vehicle.most_distance is not None and way > vehicle.most_distance + TINY:
            yield Fault("plan_too_far", facts)
        carried = sum(self.stops[it.stop].demand for it in rows)
        if vehicle.capacity is not None and carried > vehicle.capacity:
            yield Fault("plan_capacity", facts)
        if abs(tour.travel - sum(legs)) > TINY or abs(tour.distance - way) > TINY or tour.demand != carried:
            yield Fault("plan_tour_figures", facts)

    def rhythm(self) -> Iterator[Fault]:
        """A stop has one of its patterns whole, but for days on which nobody can come; what else differs must be said: as missed, as a gap,
        as moved, or be pinned.
        """
        said = {it.stop for it in self.plan.missed} | {it.stop for it in self.plan.moved}
        said |= {it.stop for it in self.problem.pins}
        gaps = {(it.stop, it.first, it.second) for it in self.plan.gaps}
        for stop in self.problem.stops:
            days = sorted(self.by_stop.get(stop.key, ()))
            lacks = max(0, wanted(self.problem, stop) - len(days))
            self.lacking += lacks
            if stop.patterns:
                if stop.key not in said and not in_pattern(self.problem, stop, days):
                    yield Fault("plan_pattern", {"stop": stop.key})
                continue
            if len(days) > wanted(self.problem, stop, up=True):
                yield Fault("plan_too_often", {"stop": stop.key})
            every = every_of(self.problem, stop)
            for a, b in itertools.pairwise(days):
                odd = abs(b - a - every) > stop.drift
                if odd and (stop.key, a, b) not in gaps:
                    yield Fault("plan_gap", {"stop": stop.key, "first": a, "second": b})

    def _places(self) -> dict[Pin, int]:
        """Where in its tour each pin with a position is to be: there, or, behind its end, in the last places that are left."""
        wanted: dict[tuple[int, str], list[Pin]] = {}
        for pin in sorted(self.problem.pins, key=lambda it: it.position):
            if pin.position and any(
                it.stop == pin.stop for it in self.by_tour.get((pin.day, pin.vehicle), ())
            ):
                wanted.setdefault((pin.day, pin.vehicle), []).append(pin)
        found: dict[Pin, int] = {}
        for key, rows in wanted.items():
            places = range(1, len(self.by_tour[key]) + 1)
            found |= {it: it.position for it in rows if it.position in places}
            late = [it for it in rows if it.position not in places]
            taken = {it.position for it in rows}
            free = [it for it in places if it not in taken]
            found |= dict(zip(late, free[len(free) - len(late) :], strict=True))
        return found

    def pins(self) -> Iterator[Fault]:
        made = {(it.stop, it.day): it for it in self.plan.visits}
        places = self._places()
        for pin in self.problem.pins:
            facts: dict[str, str | int] = {"stop": pin.stop, "day": pin.day, "vehicle": pin.vehicle}
            visit = made.get((pin.stop, pin.day))
            if visit is None:
                if pin.stop not in {it.stop for it in self.plan.missed}:
                    yield Fault("plan_pin_lost", facts)
            elif (pin.vehicle and visit.vehicle != pin.vehicle) or visit.position != places.get(
                pin, visit.position
            ):
                yield Fault("plan_pin_lost", facts)

    def said(self) -> Iterator[Fault]:
        """Every missed visit is told, with as many as there are; the figures are the plan's."""
        told: dict[str, int] = {}
        for it in self.plan.missed:
            told[it.stop] = told.get(it.stop, 0) + it.visits
        for stop in self.problem.stops:
            lacks = max(0, wanted(self.problem, stop) - len(self.by_stop.get(stop.key, ())))
            # What lies in a last cycle that is not whole depends on where in it the stop is.
            most = max(0, wanted(self.problem, stop, up=True) - len(self.by_stop.get(stop.key, ())))
            if not stop.patterns and not lacks <= told.get(stop.key, 0) <= most:
                yield Fault(
                    "plan_missed_untold", {"stop": stop.key, "missed": lacks, "told": told.get(stop.key, 0)}
                )
        it_is = self.plan.figures
        if it_is.met != len(self.plan.visits) or abs(it_is.travel - sum(self.driven.values())) > 1e-3:
            yield Fault("plan_figures", {"met": it_is.met})

    def needless(self) -> Iterator[Fault]:
        if any(it.position for it in self.problem.pins):
            # Tours are put in that order at the very end, and what that makes room for is not looked for again.
            return
        for it in self.plan.missed:
            days = could_come(self.problem, self.plan, it.stop) if it.reason not in ("holiday", "pin") else ()
            if days:
                yield Fault("plan_missed_needless", {"stop": it.stop, "day": days[0]})
