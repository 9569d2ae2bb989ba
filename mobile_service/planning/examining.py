"""What is wrong with a problem, found before anything is planned: each mistake a code with the facts of its sentence."""

from collections import Counter
from collections.abc import Iterator
from math import inf, isfinite

from mobile_service.planning.faults import BadProblem, Fault
from mobile_service.planning.problem import Hours, Matrix, Problem, Stop, Vehicle, hours_on, weekday
from mobile_service.planning.rhythm import asked, may_drive, possible_days, shift_on, span

MOST_DAYS = 400
MOST_STOPS = 2_000
LARGEST = 1e7


def examine(problem: Problem) -> None:
    """Raises BadProblem with every fault that was found, the broad ones alone where the narrow ones would only follow from them."""
    for look in (_shapes, _rows, _pins, _possible):
        faults = list(look(problem))
        if faults:
            raise BadProblem(faults)


def _shapes(problem: Problem) -> Iterator[Fault]:
    if not problem.days:
        yield Fault("no_days")
    if not problem.vehicles:
        yield Fault("no_vehicles")
    if not problem.matrices:
        yield Fault("no_matrix")
    if len(problem.days) > MOST_DAYS:
        yield Fault("too_many_days", {"days": len(problem.days), "most": MOST_DAYS})
    if len(problem.stops) > MOST_STOPS:
        yield Fault("too_many_stops", {"stops": len(problem.stops), "most": MOST_STOPS})
    for name, keys in (
        ("stop", [it.key for it in problem.stops]),
        ("vehicle", [it.key for it in problem.vehicles]),
        ("matrix", [it.key for it in problem.matrices]),
        ("day", [str(it.number) for it in problem.days]),
    ):
        for key, count in sorted(Counter(keys).items()):
            if count > 1:
                yield Fault(f"{name}_twice", {"key": key})
            if not key and name in ("stop", "vehicle"):
                yield Fault("key_empty")
    if any(not 1 <= it.number <= 10**6 for it in problem.days):
        yield Fault("day_out_of_range")
    if problem.windows not in ("visit", "start"):
        yield Fault("unknown_windows", {"windows": problem.windows})
    if problem.cycle and (problem.cycle < 0 or problem.cycle % 7):
        yield Fault("cycle_not_weeks", {"cycle": problem.cycle})
    sizes = {len(it.minutes) for it in problem.matrices}
    for matrix in problem.matrices:
        yield from _matrix(matrix)
    if len(sizes) > 1:
        yield Fault("matrices_differ")
    it = problem.weights
    if any(not 0 <= value <= LARGEST for value in (it.minutes, it.distance, it.tour, it.stay, it.missed)):
        yield Fault("weight_out_of_range")
    if not 0 < problem.limits.seconds <= 86_400 or not 0 <= problem.limits.iterations <= 10**8:
        yield Fault("limit_out_of_range")
    if not 0 <= problem.seed < 2**31:
        yield Fault("seed_out_of_range")


def _matrix(matrix: Matrix) -> Iterator[Fault]:
    size = len(matrix.minutes)
    for rows in filter(None, (matrix.minutes, matrix.distances)):
        for number, row in enumerate(rows, start=1):
            if len(row) != size or len(rows) != size:
                yield Fault("matrix_not_square", {"row": number, "size": size})
                return
            if any(not 0 <= it <= LARGEST for it in row):
                yield Fault("matrix_value", {"row": number})
                return
    if not size:
        yield Fault("matrix_not_square", {"row": 0, "size": 0})


def _rows(problem: Problem) -> Iterator[Fault]:
    size = len(problem.matrices[0].minutes)
    matrices = {it.key: it for it in problem.matrices}
    vehicles = {it.key for it in problem.vehicles}
    for vehicle in problem.vehicles:
        facts: dict[str, str | int] = {"vehicle": vehicle.key}
        if vehicle.matrix not in matrices:
            yield Fault("unknown_matrix", {**facts, "matrix": vehicle.matrix})
        elif vehicle.most_distance is not None and not matrices[vehicle.matrix].distances:
            yield Fault("no_distances", facts)
        if not (0 <= vehicle.start < size and 0 <= vehicle.end < size):
            yield Fault("depot_outside_matrix", facts)
        yield from _vehicle(vehicle)
    if problem.weights.distance and any(not it.distances for it in problem.matrices):
        yield Fault("no_distances", {"vehicle": ""})
    for stop in problem.stops:
        facts = {"stop": stop.key}
        if not 0 <= stop.place < size:
            yield Fault("stop_outside_matrix", {**facts, "place": stop.place, "size": size})
        if not (0 <= stop.service <= LARGEST and 0 <= stop.demand <= LARGEST and 0 < stop.priority <= 1_000):
            yield Fault("stop_out_of_range", facts)
        if stop.every < 0 or stop.times < 0 or stop.drift < 0 or any(not it for it in stop.patterns):
            yield Fault("stop_out_of_range", facts)
        for name in (*stop.vehicles, *stop.banned_vehicles):
            if name not in vehicles:
                yield Fault("stop_unknown_vehicle", {**facts, "vehicle": name})
        if _bad_hours(stop.windows):
            yield Fault("window_backwards", facts)
        if stop.every and stop.every > span(problem):
            yield Fault("rarer_than_horizon", {**facts, "every": stop.every, "days": span(problem)})
        if problem.cycle and (stop.patterns or (stop.every and problem.cycle % stop.every)):
            yield Fault("does_not_fit_cycle", {**facts, "cycle": problem.cycle})
        if asked(problem, stop) > max(1, len(problem.days)):
            yield Fault("more_visits_than_days", {**facts, "times": asked(problem, stop)})


def _vehicle(vehicle: Vehicle) -> Iterator[Fault]:
    facts: dict[str, str | int] = {"vehicle": vehicle.key}
    bounds = (vehicle.capacity, vehicle.most_minutes, vehicle.most_distance)
    if any(it is not None and not 0 <= it <= 1e9 for it in bounds):
        yield Fault("vehicle_out_of_range", facts)
    if _bad_hours(vehicle.shifts):
        yield Fault("shift_backwards", facts)
    rest = vehicle.rest
    if rest is not None and not (
        0 < rest.minutes <= LARGEST and -LARGEST <= rest.earliest <= rest.latest <= LARGEST
    ):
        yield Fault("rest_backwards", facts)


def _bad_hours(rows: tuple[Hours, ...]) -> bool:
    return any(
        not (isfinite(it.opens) and isfinite(it.closes) and it.opens >= 0 and it.closes <= LARGEST)
        or it.opens > it.closes
        or any(not 1 <= day <= 7 for day in it.weekdays)
        for it in rows
    )


def _pins(problem: Problem) -> Iterator[Fault]:
    stops = {it.key: it for it in problem.stops}
    vehicles = {it.key: it for it in problem.vehicles}
    days = {it.number: it for it in problem.days}
    taken: dict[tuple[int, str, int], str] = {}
    seen: set[tuple[str, int]] = set()
    for pin in problem.pins:
        facts: dict[str, str | int] = {"stop": pin.stop, "day": pin.day, "vehicle": pin.vehicle}
        stop, vehicle, day = stops.get(pin.stop), vehicles.get(pin.vehicle), days.get(pin.day)
        if stop is None or day is None or (pin.vehicle and vehicle is None) or pin.position < 0:
            yield Fault("pin_unknown", facts)
            continue
        if (pin.stop, pin.day) in seen:
            yield Fault("pin_twice", facts)
        seen.add((pin.stop, pin.day))
        if day.closed:
            yield Fault("pin_on_closed_day", facts)
        elif pin.day not in possible_days(problem, stop):
            yield Fault("pin_on_banned_day", facts)
        elif vehicle is not None and vehicle not in may_drive(problem, stop):
            yield Fault("pin_banned_vehicle", facts)
        elif vehicle is not None and shift_on(vehicle, pin.day) is None:
            yield Fault("pin_vehicle_off", facts)
        if pin.position and not pin.vehicle:
            yield Fault("pin_position_without_vehicle", facts)
        elif pin.position:
            other = taken.setdefault((pin.day, pin.vehicle, pin.position), pin.stop)
            if other != pin.stop:
                yield Fault("pin_position_twice", {**facts, "other": other, "position": pin.position})
    for key, count in sorted(Counter(it.stop for it in problem.pins).items()):
        times = asked(problem, stops[key]) * _cycles(problem) if key in stops else count
        if count > times:
            yield Fault("pins_above_visits", {"stop": key, "pins": count, "times": times})
    yield from _pinned_tours(problem, stops, vehicles)


def _cycles(problem: Problem) -> int:
    """How often the cycle begins within the days; without one all days are one."""
    numbers = [it.number for it in problem.days]
    return -(-(max(numbers) - min(numbers) + 1) // problem.cycle) if problem.cycle else 1


def _pinned_tours(problem: Problem, stops: dict[str, Stop], vehicles: dict[str, Vehicle]) -> Iterator[Fault]:
    """Pinned visits of one vehicle on one day that cannot all fit: their services alone are longer than the shift, or too much to carry."""
    rows: dict[tuple[int, str], list[Stop]] = {}
    for pin in problem.pins:
        if pin.vehicle in vehicles and pin.stop in stops:
            rows.setdefault((pin.day, pin.vehicle), []).append(stops[pin.stop])
    for (day, key), found in sorted(rows.items()):
        shift, capacity = shift_on(vehicles[key], day), vehicles[key].capacity
        if shift is None:
            continue
        too_long = sum(it.service for it in found) > shift.closes - shift.opens
        if too_long or (capacity is not None and sum(it.demand for it in found) > capacity):
            yield Fault("pins_do_not_fit", {"day": day, "vehicle": key, "pins": len(found)})


def _possible(problem: Problem) -> Iterator[Fault]:
    """Stops that no tour could ever serve, be it empty otherwise: why, in the first of the reasons that holds."""
    minutes = {it.key: it.minutes for it in problem.matrices}
    for stop in problem.stops:
        facts: dict[str, str | int] = {"stop": stop.key}
        fleet = may_drive(problem, stop)
        # What may happen to a single date is not the stop's fault: a week without closed days is asked.
        numbers = [it.number for it in problem.days]
        open_days = [
            it for it in numbers if weekday(it) not in stop.banned_weekdays and it not in stop.banned_days
        ]
        need = stop.service if problem.windows == "visit" else 0.0
        if not fleet:
            yield Fault("no_vehicle_may_come", facts)
        elif not open_days:
            yield Fault("all_days_banned", facts)
        elif stop.windows and all(it.closes - it.opens < need for it in stop.windows):
            longest = max(it.closes - it.opens for it in stop.windows)
            yield Fault(
                "window_too_short", {**facts, "service": _whole(stop.service), "window": _whole(longest)}
            )
        elif all(it.capacity is not None and it.capacity < stop.demand for it in fleet):
            yield Fault("demand_above_capacity", {**facts, "demand": stop.demand})
        elif not any(_reach(problem, stop, it, day, minutes[it.matrix]) for it in fleet for day in open_days):
            best = min(
                minutes[it.matrix][it.start][stop.place] + minutes[it.matrix][stop.place][it.end]
                for it in fleet
            )
            yield Fault("too_far", {**facts, "minutes": _whole(best), "service": _whole(stop.service)})


def _reach(
    problem: Problem, stop: Stop, vehicle: Vehicle, day: int, minutes: tuple[tuple[float, ...], ...]
) -> bool:
    """Whether the vehicle could go there and back on that day with nothing else to do."""
    shift = shift_on(vehicle, day)
    if shift is None:
        return False
    there, back = minutes[vehicle.start][stop.place], minutes[stop.place][vehicle.end]
    most = inf if vehicle.most_minutes is None else vehicle.most_minutes
    if there + stop.service + back > most + 1e-9:
        return False
    windows = hours_on(stop.windows, day) if stop.windows else (Hours(-inf, inf),)
    lasts = stop.service if problem.windows == "visit" else 0.0
    for it in windows:
        start = max(shift.opens + there, it.opens)
        if start + lasts <= it.closes + 1e-9 and start + stop.service + back <= shift.closes + 1e-9:
            return True
    return False


def _whole(value: float) -> int:
    return round(value)
