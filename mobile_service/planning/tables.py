"""A problem as whole numbers and arrays. Everything that plans works on these; nothing that checks does."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, floor, inf
from typing import Any

import numpy as np

from mobile_service.planning.problem import Hours, Problem, Rest, Vehicle, hours_on
from mobile_service.planning.reading import sorted_problem
from mobile_service.planning.rhythm import asked, may_drive, parts_of, patterns_of, shift_on

Array = Any
# Later than any time of a day; whole numbers of this size stay exact as floats.
NEVER = 2**40
SCALES = (1, 10, 100, 1_000)
FINEST = 10_000


@dataclass(frozen=True)
class Kind:
    """What makes tours alike: the same driving times, places, shift, room and windows. ``signature`` numbers the windows of the day."""

    matrix: int
    start: int
    end: int
    opens: int
    closes: int
    capacity: int
    most_minutes: int
    most_distance: float
    rest: tuple[int, int, int] | None
    signature: int


@dataclass(frozen=True)
class Slot:
    """A tour that may be driven: this day (its place among the days), this vehicle."""

    number: int
    day: int
    vehicle: int
    kind: int


class Tables:
    """``minutes`` are whole numbers, ``scale`` to the problem's unit; ``costs`` is what driving costs, unscaled.

    Without ``rhythm`` no patterns are made: for plans that are made already.
    """

    def __init__(self, problem: Problem, *, rhythm: bool = True) -> None:
        self.problem = problem = sorted_problem(problem)
        self.stops = problem.stops
        self.days = [it.number for it in problem.days]
        self.day_at = {number: at for at, number in enumerate(self.days)}
        self.scale = _scale(problem)
        self.places = np.array([it.place for it in self.stops], dtype=np.int64)
        self.service = np.array([self.up(it.service) for it in self.stops], dtype=np.int64)
        self.demand = np.array([it.demand for it in self.stops], dtype=np.int64)
        self.minutes = [_times(it.minutes, self.scale) for it in problem.matrices]
        self.plain_minutes = [np.array(it.minutes, dtype=float) for it in problem.matrices]
        self.distances = [
            np.array(it.distances, dtype=float) if it.distances else None for it in problem.matrices
        ]
        weights = problem.weights
        self.costs = [
            weights.minutes * minutes + (weights.distance * distances if distances is not None else 0.0)
            for minutes, distances in zip(self.plain_minutes, self.distances, strict=True)
        ]
        self.matrix_at = {it.key: at for at, it in enumerate(problem.matrices)}
        self.windows: list[list[list[tuple[int, int]]]] = []
        self.kinds: list[Kind] = []
        self.slots: list[Slot] = []
        self.slots_of_day: list[list[int]] = [[] for _day in self.days]
        self._make_slots()
        self.allowed = self._allowed()
        self.asked = [asked(problem, it) for it in self.stops]
        self.patterns = [self._at(patterns_of(problem, it)) if rhythm else [] for it in self.stops]
        # For pinned stops: what the hand wants, and as much else as there is room for.
        self.parts = [self._at(parts_of(problem, it)) if rhythm else [] for it in self.stops]
        self.missed = self._missed()
        pinned = {it.stop for it in problem.pins}
        # What it costs beside that when a pinned stop is not visited at all: a hand's day goes before whatever others miss by it.
        self.held = np.array(
            [
                100 * cost * visits if it.key in pinned else 0.0
                for it, cost, visits in zip(self.stops, self.missed, self.asked, strict=True)
            ],
            dtype=float,
        )
        self.extra = self._extra()

    def _at(self, patterns: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        return [tuple(self.day_at[day] for day in days) for days in patterns]

    def up(self, value: float) -> int:
        """Rounded so that nothing takes less time than it does."""
        return min(NEVER, ceil(value * self.scale - 1e-6)) if value < inf else NEVER

    def down(self, value: float) -> int:
        if value == inf:
            return NEVER
        return max(-NEVER, floor(value * self.scale + 1e-6)) if value > -inf else -NEVER

    def plain(self, value: int | float) -> float:
        """A time in the problem's unit."""
        found = float(value) / self.scale
        return int(found) if found.is_integer() else found

    def _make_slots(self) -> None:
        signatures: dict[Any, int] = {}
        kinds: dict[Kind, int] = {}
        for at, day in enumerate(self.problem.days):
            if day.closed:
                continue
            windows = [self._windows(stop.windows, stop.service, day.number) for stop in self.stops]
            key = tuple(tuple(it) if it is not None else None for it in windows)
            if key not in signatures:
                signatures[key] = len(self.windows)
                self.windows.append([[(-NEVER, NEVER)] if it is None else it for it in windows])
            for number, vehicle in enumerate(self.problem.vehicles):
                shift = shift_on(vehicle, day.number)
                if shift is None:
                    continue
                kind = self._kind(vehicle, shift, signatures[key])
                where = kinds.setdefault(kind, len(kinds))
                if where == len(self.kinds):
                    self.kinds.append(kind)
                self.slots_of_day[at].append(len(self.slots))
                self.slots.append(Slot(len(self.slots), at, number, where))

    def _windows(self, rows: tuple[Hours, ...], service: float, day: int) -> list[tuple[int, int]] | None:
        """When a visit may begin; None: at any time."""
        if not rows:
            return None
        whole = self.problem.windows == "visit"
        found = sorted(
            (
                -NEVER if it.opens == -inf else self.up(it.opens),
                self.down(it.closes) - (self.up(service) if whole else 0),
            )
            for it in hours_on(rows, day)
        )
        return [it for it in found if it[0] <= it[1]]

    def _kind(self, vehicle: Vehicle, shift: Hours, signature: int) -> Kind:
        opens = -NEVER if shift.opens == -inf else self.up(shift.opens)
        closes = self.down(shift.closes)
        most = NEVER if vehicle.most_minutes is None else self.down(vehicle.most_minutes)
        free = opens == -NEVER
        if free:
            opens = min([0, *(it[0] for rows in self.windows[signature] for it in rows if it[0] > -NEVER)])
        if all(it == (-NEVER, NEVER) for rows in self.windows[signature] for it in rows):
            # Without windows nobody waits: a bound on the time is a shorter shift.
            closes, most = min(closes, opens + most), NEVER
        elif most >= closes - opens:
            most = NEVER
        return Kind(
            self.matrix_at[vehicle.matrix],
            vehicle.start,
            vehicle.end,
            opens,
            closes,
            2**31 if vehicle.capacity is None else vehicle.capacity,
            most,
            inf if vehicle.most_distance is None else vehicle.most_distance,
            None if vehicle.rest is None else self._rest(vehicle.rest),
            signature,
        )

    def _rest(self, rest: Rest) -> tuple[int, int, int]:
        return self.up(rest.minutes), self.up(rest.earliest), self.down(rest.latest)

    def _allowed(self) -> Array:
        """Whether a slot's vehicle may come to a stop on that day."""
        fleets = [{it.key for it in may_drive(self.problem, stop)} for stop in self.stops]
        found = np.zeros((len(self.slots), len(self.stops)), dtype=bool)
        pins = {(it.stop, it.day): it.vehicle for it in self.problem.pins if it.vehicle}
        for slot in self.slots:
            key, day = self.problem.vehicles[slot.vehicle].key, self.days[slot.day]
            for at, stop in enumerate(self.stops):
                pinned = pins.get((stop.key, day), "")
                found[slot.number, at] = pinned == key if pinned else key in fleets[at]
        return found

    def _missed(self) -> Array:
        """What each stop costs when it is not visited, for each of its visits: more than any way that could be saved."""
        longest = max((float(it.max()) for it in self.costs if it.size), default=0.0)
        base = self.problem.weights.missed or 20 * longest + self.problem.weights.tour + 1
        base = max(base, 2 * self.problem.weights.stay)
        return np.array([base * it.priority for it in self.stops], dtype=float)

    def _extra(self) -> Array | None:
        """What a visit costs in a slot beside its way: leaving the day, or the vehicle, of an earlier plan."""
        stay = self.problem.weights.stay
        if not stay or not self.problem.earlier:
            return None
        found = np.zeros((len(self.slots), len(self.stops)))
        was: dict[str, dict[int, str]] = {}
        for it in self.problem.earlier:
            was.setdefault(it.stop, {})[it.day] = it.vehicle
        for slot in self.slots:
            key, day = self.problem.vehicles[slot.vehicle].key, self.days[slot.day]
            for at, stop in enumerate(self.stops):
                if stop.key in was:
                    vehicle = was[stop.key].get(day)
                    found[slot.number, at] = (
                        stay if vehicle is None else stay / 2 if vehicle not in ("", key) else 0.0
                    )
        return found

    def steady(self, stop: int) -> list[tuple[int, ...]]:
        """The patterns of a stop without its drift."""
        row = replace(self.stops[stop], drift=0)
        if row == self.stops[stop]:
            return self.patterns[stop]
        return self._at(patterns_of(self.problem, row))

    @cached_property
    def single(self) -> bool:
        """Whether no stop is visited twice: then the days can be chosen together with the ways."""
        return all(len(it) <= 1 for rows in self.patterns for it in rows)


def _scale(problem: Problem) -> int:
    """The smallest of some scales at which every time is a whole number."""
    values: list[float] = []
    for stop in problem.stops:
        values += [stop.service, *(it for row in stop.windows for it in (row.opens, row.closes))]
    for vehicle in problem.vehicles:
        values += [
            vehicle.most_minutes or 0,
            *(it for row in vehicle.shifts for it in (row.opens, row.closes)),
        ]
        if vehicle.rest is not None:
            values += [vehicle.rest.minutes, vehicle.rest.earliest, vehicle.rest.latest]
    rows = [np.array([it for it in values if abs(it) < inf], dtype=float)]
    rows += [np.array(it.minutes, dtype=float) for it in problem.matrices]
    for scale in SCALES:
        if all(bool(np.all(np.abs(it * scale - np.round(it * scale)) < 1e-6)) for it in rows):
            return scale
    return FINEST


def _times(rows: tuple[tuple[float, ...], ...], scale: int) -> Array:
    return np.ceil(np.array(rows, dtype=float) * scale - 1e-6).astype(np.int64)
