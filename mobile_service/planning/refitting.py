"""What the checker reckons for itself: hours and rhythms, and whether what is missed could have been fitted in. Shares nothing with the
planner but the shapes.
"""

import itertools
from collections.abc import Collection

from mobile_service.planning.plan import Plan
from mobile_service.planning.problem import Hours, Problem, Stop, Vehicle

# What is missed must not fit with so much room to spare.
ROOM = 0.05
# Days that a visit may be put off where nobody can come on its own.
FAR = 6


def could_come(problem: Problem, plan: Plan, key: str) -> tuple[int, ...]:
    """Days of one rhythm on all of which a stop without any visit fits in a tour as the tours are, in their order; () without any.

    What is not easily seen (a break that would have to move) counts as not fitting.
    """
    stop = next((it for it in problem.stops if it.key == key), None)
    if (
        stop is None
        or any(it.stop == key for it in plan.visits)
        or any(it.stop == key for it in problem.pins)
    ):
        return ()
    stops = {it.key: it for it in problem.stops}
    rows: dict[tuple[int, str], list[Stop]] = {}
    for visit in sorted(plan.visits, key=lambda it: it.position):
        rows.setdefault((visit.day, visit.vehicle), []).append(stops[visit.stop])
    open_days = sorted(it.number for it in problem.days if not it.closed)
    fleet = _fleet(problem, stop)
    known: dict[int, bool] = {}

    def fits(day: int) -> bool:
        if day not in known:
            known[day] = (
                day in open_days
                and day not in stop.banned_days
                and (day - 1) % 7 + 1 not in stop.banned_weekdays
                and any(
                    _drivable(problem, vehicle, day, [*row[:at], stop, *row[at:]])
                    for vehicle in fleet
                    for row in [rows.get((day, vehicle.key), [])]
                    for at in range(len(row) + 1)
                )
            )
        return known[day]

    every, count = every_of(problem, stop), wanted(problem, stop)
    sets = stop.patterns or (
        [tuple(range(day, day + every * count, every)) for day in open_days if day < open_days[0] + every]
        if count > 1
        else [(day,) for day in open_days]
    )
    return next((days for days in sets if all(fits(day) for day in days)), ())


def in_pattern(problem: Problem, stop: Stop, days: Collection[int]) -> bool:
    """Whether these are the days of one of the stop's patterns. One on which nobody can come is put off to a near one, or left out where
    there is none.
    """
    fleet, made = _fleet(problem, stop), set(days)
    allowed = {
        it.number
        for it in problem.days
        if it.number not in stop.banned_days and (it.number - 1) % 7 + 1 not in stop.banned_weekdays
    }
    closed = {it.number for it in problem.days if it.closed}
    driven = {day for day in allowed - closed if any(_is_out(it, day) for it in fleet)}
    out = {day for day in allowed - driven if day in closed or any(day in it.off for it in fleet)}
    free = {day for day in driven - made if not stop.windows or hours_of(stop.windows, day)}
    for pattern in stop.patterns:
        gone, new = set(pattern) - made, made - set(pattern)
        nowhere = [day for day in gone if not any(abs(it - day) <= FAR for it in free | new)]
        if (
            gone <= out
            and len(gone) - len(nowhere) <= len(new) <= len(gone)
            and all(any(abs(it - day) <= FAR for day in gone) for it in new)
        ):
            return True
    return False


def _fleet(problem: Problem, stop: Stop) -> list[Vehicle]:
    return [
        it
        for it in problem.vehicles
        if it.key not in stop.banned_vehicles and (not stop.vehicles or it.key in stop.vehicles)
    ]


def _is_out(vehicle: Vehicle, day: int) -> bool:
    return day not in vehicle.off and (not vehicle.shifts or bool(hours_of(vehicle.shifts, day)))


def _drivable(problem: Problem, vehicle: Vehicle, day: int, stops: list[Stop]) -> bool:
    shift = hours_of(vehicle.shifts, day)
    if not _is_out(vehicle, day):
        return False
    if vehicle.capacity is not None and sum(it.demand for it in stops) > vehicle.capacity:
        return False
    matrix = next(it for it in problem.matrices if it.key == vehicle.matrix)
    places = [vehicle.start, *(it.place for it in stops), vehicle.end]
    if vehicle.most_distance is not None:
        way = sum(matrix.distances[a][b] for a, b in itertools.pairwise(places))
        if way > vehicle.most_distance - ROOM:
            return False
    clock = shift[0].opens if shift else 0.0
    left: float | None = None
    for before, stop in zip(places, stops, strict=False):
        leg = matrix.minutes[before][stop.place]
        lasts = stop.service if problem.windows == "visit" else 0.0
        rows = sorted(hours_of(stop.windows, day), key=lambda it: it.opens) if stop.windows else []
        begins = [
            max(clock + leg, it.opens)
            for it in rows
            if max(clock + leg, it.opens) + lasts <= it.closes - ROOM
        ]
        if stop.windows and not begins:
            return False
        start = begins[0] if begins else clock + leg
        left = start - leg if left is None else left
        clock = start + stop.service
    back = clock + matrix.minutes[places[-2]][vehicle.end]
    if vehicle.rest is not None and back > vehicle.rest.latest - ROOM:
        return False
    if vehicle.most_minutes is not None and left is not None and back - left > vehicle.most_minutes - ROOM:
        return False
    return not shift or back <= shift[0].closes - ROOM


def hours_of(rows: tuple[Hours, ...], day: int) -> list[Hours]:
    mine = [it for it in rows if day in it.days]
    weekly = [it for it in rows if not it.days and (day - 1) % 7 + 1 in it.weekdays]
    return mine or weekly or [it for it in rows if not it.days and not it.weekdays]


def _length(problem: Problem) -> int:
    numbers = [it.number for it in problem.days]
    return -(-(max(numbers) - min(numbers) + 1) // 7) * 7


def wanted(problem: Problem, stop: Stop, *, up: bool = False) -> int:
    """How many visits the stop is to have over all days; with a cycle, what its whole repetitions bring (``up``: the last, cut off one too)."""
    if stop.patterns:
        return min(len(it) for it in stop.patterns)
    whole = _length(problem)
    if problem.cycle:
        a_cycle = stop.times or (max(1, problem.cycle // stop.every) if stop.every else 1)
        return a_cycle * (-(-whole // problem.cycle) if up else whole // problem.cycle)
    return stop.times or (max(1, whole // stop.every) if stop.every else 1)


def every_of(problem: Problem, stop: Stop) -> int:
    if stop.every:
        return stop.every
    whole = problem.cycle or _length(problem)
    count = stop.times or 1
    if count == 1:
        return whole
    return 7 * (whole // 7 // count) if whole // 7 >= count else max(1, whole // count)
