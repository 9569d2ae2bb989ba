"""A cycle as a calendar: the plan of its weeks repeated over the whole horizon, and what closed days, days off and pins change in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from mobile_service.planning.problem import Earlier, Hours, Pin, Problem, Stop, week
from mobile_service.planning.rhythm import FAR, nearest, possible_days, shift_on

# What a visit that nothing has happened to is worth to stay on its day, in legs of the longest way.
STAY = 1.0
Tours = dict[tuple[int, str], list[str]]


def template(problem: Problem) -> Problem:
    """The first stretch of the calendar as it is when nothing special happens."""
    days = sorted(problem.days, key=lambda it: it.number)
    places = {_place(problem, it.number): it for it in reversed(days)}
    return replace(
        problem,
        days=tuple(replace(it, number=number, closed=False) for number, it in sorted(places.items())),
        vehicles=tuple(replace(it, off=(), shifts=_usual(it.shifts)) for it in problem.vehicles),
        stops=tuple(
            replace(it, banned_days=(), windows=_usual(it.windows), patterns=()) for it in problem.stops
        ),
        pins=(),
        earlier=tuple(
            dict.fromkeys(Earlier(it.stop, _place(problem, it.day), it.vehicle) for it in problem.earlier)
        ),
    )


def _place(problem: Problem, day: int) -> int:
    """Which day of the first cycle a day repeats."""
    first = min(it.number for it in problem.days)
    begins = first - (first - 1) % 7
    return begins + (day - begins) % problem.cycle


def _usual(rows: tuple[Hours, ...]) -> tuple[Hours, ...]:
    """Without what holds on single dates, as long as something is left."""
    return tuple(it for it in rows if not it.days) or rows


class Displaced(NamedTuple):
    """A visit that cannot be where the cycle has it, and the days on which it could be."""

    stop: str
    day: int
    days: tuple[int, ...]


def repeated(
    problem: Problem, tours: Mapping[tuple[int, str], Sequence[str]]
) -> tuple[Tours, list[Displaced]]:
    """The tours of the template on every day that they fall on, without the visits that this displaces.

    A day that one cycle has and another has not is closed in the other, up to the end of the last whole week.
    """
    stops = {it.key: it for it in problem.stops}
    vehicles = {it.key: it for it in problem.vehicles}
    possible = {it.key: set(possible_days(problem, it)) for it in problem.stops}
    pins: dict[str, list[Pin]] = {}
    for pin in problem.pins:
        pins.setdefault(pin.stop, []).append(pin)
    made: dict[str, list[tuple[int, str]]] = {}
    found: Tours = {}
    is_open = {it.number for it in problem.days if not it.closed}
    first, last = min(it.number for it in problem.days), max(it.number for it in problem.days)
    weeks = -(-(last - first + 1) // 7)
    for number in range(first, first + 7 * weeks):
        for (place, key), row in sorted(tours.items()):
            if place != _place(problem, number):
                continue
            out = number not in is_open or shift_on(vehicles[key], number) is None
            for stop in row:
                made.setdefault(stop, []).append((number, "" if out else key))
                if not out and number in possible[stop]:
                    found.setdefault((number, key), []).append(stop)
    displaced = []
    for stop in sorted({*made, *pins}):
        visits = dict(made.get(stop, ()))
        wanted = {it.day: it for it in pins.get(stop, ())}
        gives_way = _giving_way(visits, sorted(wanted))
        held = {*visits, *wanted}
        for day, key in visits.items():
            hand = gives_way.get(day)
            if hand is not None:
                if hand != day or not key or wanted[hand].vehicle not in ("", key):
                    _drop(found, day, stop)
                    displaced.append(Displaced(stop, day, (hand,)))
            elif not key or day not in possible[stop]:
                displaced.append(Displaced(stop, day, _days_for(stops[stop], day, possible[stop], held)))
        # A hand's visits that the cycle has none for.
        displaced += [Displaced(stop, it, (it,)) for it in sorted(wanted) if it not in gives_way.values()]
    return {key: row for key, row in found.items() if row}, displaced


def _giving_way(visits: Collection[int], pins: Sequence[int]) -> dict[int, int]:
    """Which visit each pinned day takes the place of: the one on that day, else the nearest that no other pin has."""
    found = {pin: pin for pin in pins if pin in visits}
    for pin in pins:
        free = [it for it in visits if it not in found]
        if pin not in found and free:
            found[nearest(free, pin)] = pin
    return found


def _drop(found: Tours, day: int, stop: str) -> None:
    for (number, _key), row in found.items():
        if number == day and stop in row:
            row.remove(stop)


def _days_for(stop: Stop, day: int, possible: set[int], taken: Collection[int]) -> tuple[int, ...]:
    """The possible days of the same week that are not taken; without any, those near by."""
    near = sorted(it for it in possible if abs(it - day) <= FAR and it not in taken)
    same = [it for it in near if week(it) == week(day)]
    return tuple(same or near)


def fallen(problem: Problem, tours: Tours, lost: Sequence[tuple[str, int]]) -> list[Displaced]:
    """Visits of (stop, day) that their tour has no time for on that date, as it has hours of its own there or others have left it.

    ``tours``, which does not have them any more, says on which days the stop is visited otherwise; its own day is as good as any, and the
    only one where a hand wants it there.
    """
    stops = {it.key: it for it in problem.stops}
    taken: dict[str, set[int]] = {}
    for (day, _key), row in tours.items():
        for stop in row:
            taken.setdefault(stop, set()).add(day)
    pinned: dict[str, set[int]] = {}
    for pin in problem.pins:
        pinned.setdefault(pin.stop, set()).add(pin.day)
    found = []
    for stop, day in lost:
        pins = pinned.get(stop, set())
        possible = set(possible_days(problem, stops[stop]))
        held = taken.get(stop, set()) | pins
        days = (day,) if day in pins else _days_for(stops[stop], day, possible, held)
        found.append(Displaced(stop, day, days))
    return found


class Patch(NamedTuple):
    """Weeks that are planned again, as a problem of their own in which every visit is a stop. ``names``: its stops' (stop, day)."""

    problem: Problem
    names: dict[str, tuple[str, int]]


def patches(problem: Problem, tours: Tours, displaced: Sequence[Displaced]) -> list[Patch]:
    """The weeks that are touched, those that share a displaced visit together."""
    groups: list[set[int]] = []
    for it in displaced:
        weeks = {week(day) for day in it.days}
        for group in [group for group in groups if group & weeks]:
            groups.remove(group)
            weeks |= group
        if weeks:
            groups.append(weeks)
    return [_patch(problem, tours, displaced, weeks) for weeks in sorted(groups, key=min)]


def _patch(problem: Problem, tours: Tours, displaced: Sequence[Displaced], weeks: set[int]) -> Patch:
    stops = {it.key: it for it in problem.stops}
    rows: list[Stop] = []
    names: dict[str, tuple[str, int]] = {}
    earlier = []
    taken: dict[str, set[int]] = {}
    for (day, _key), row in tours.items():
        for stop in row:
            taken.setdefault(stop, set()).add(day)
    for wanted in problem.pins:
        taken.setdefault(wanted.stop, set()).add(wanted.day)
    pinned = {(it.stop, it.day): it for it in problem.pins}
    pins = []

    def add(stop: Stop, day: int, days: Sequence[int]) -> str:
        key = f"{stop.key}\n{day}"
        names[key] = (stop.key, day)
        rows.append(replace(stop, key=key, patterns=tuple((it,) for it in days), every=0, times=0, drift=0))
        return key

    for (day, vehicle), row in sorted(tours.items()):
        if week(day) not in weeks:
            continue
        for stop in row:
            possible = possible_days(problem, stops[stop])
            others = taken[stop] - {day}
            days = [it for it in possible if week(it) == week(day) and it not in others]
            pin = pinned.get((stop, day))
            key = add(stops[stop], day, [day] if pin else days)
            earlier.append(Earlier(key, day, vehicle))
            if pin:
                pins.append(replace(pin, stop=key, position=0))
    for it in displaced:
        if it.days and {week(day) for day in it.days} <= weeks:
            key = add(stops[it.stop], it.day, it.days)
            pin = pinned.get((it.stop, it.days[0])) if len(it.days) == 1 else None
            if pin:
                pins.append(replace(pin, stop=key, position=0))
    longest = max((max(row, default=0.0) for it in problem.matrices for row in it.minutes), default=0.0)
    small = replace(
        problem,
        stops=tuple(rows),
        days=tuple(it for it in problem.days if week(it.number) in weeks),
        cycle=0,
        pins=tuple(pins),
        earlier=tuple(earlier),
        weights=replace(problem.weights, stay=problem.weights.stay or STAY * longest),
    )
    return Patch(small, names)
