"""Why a visit is missed, and the cheapest ways to make it possible: each is tried on the finished plan, with one bound let go at a time."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from mobile_service.planning.plan import Missed, Relaxation
from mobile_service.planning.rhythm import banned, patterns_of, remains_of
from mobile_service.planning.state import State
from mobile_service.planning.tables import NEVER, Kind, Tables
from mobile_service.planning.timing import drive, fits, way

REASONS = {
    "longer_shift": "shift",
    "wider_window": "window",
    "other_day": "weekday",
    "another_van": "vans",
    "other_vehicle": "vehicle",
    "more_room": "capacity",
}
MOST_WAYS = 5


class Found(NamedTuple):
    """A way for one day: what it takes (as minutes, to compare), the amount to tell, the driving it adds, and which vehicle."""

    weight: float
    amount: float
    cost: float
    slot: int


def reasons(tables: Tables, state: State, until: float) -> tuple[Missed, ...]:
    """For every stop that is not visited. After ``until`` (``time.monotonic``) only what is reckoned at once is tried: one more vehicle, or
    fewer visits.
    """
    found = [_missed(tables, state, stop, tables.asked[stop], until) for stop in state.unvisited()]
    for stop, row in enumerate(tables.stops):
        lacks = tables.asked[stop] - len(state.chosen[stop])
        if state.chosen[stop] and lacks > 0 and not row.patterns:
            if tuple(sorted(state.day[it] for it in state.chosen[stop])) in tables.parts[stop]:
                found.append(_missed_beside(tables, state, stop, lacks, until))
            else:
                # Its rhythm has a day on which nobody drives, and no other near it.
                found.append(Missed(row.key, lacks, "holiday"))
    return tuple(found)


def _missed(tables: Tables, state: State, stop: int, visits: int, until: float) -> Missed:
    looks = LOOKS if time.monotonic() < until else QUICK
    ways = sorted(_ways(tables, state, stop, looks), key=lambda it: it[0])
    told = tuple(it for _weight, it in ways[:MOST_WAYS])
    why = next((REASONS[it.kind] for it in told if it.kind in REASONS), "")
    if not why:
        why = "never" if not tables.patterns[stop] else "vans"
    return Missed(tables.stops[stop].key, visits, why, ways=told)


def _missed_beside(tables: Tables, state: State, stop: int, visits: int, until: float) -> Missed:
    """Of a stop that has its pinned days and not all others: what would give it all of them."""
    kept = state.keep()
    state.remove([stop])
    missed = _missed(tables, state, stop, visits, until)
    state.restore(kept)
    return replace(missed, ways=tuple(it for it in missed.ways if it.kind != "fewer_visits"))


def _ways(
    tables: Tables, state: State, stop: int, looks: Mapping[str, "Look"]
) -> Iterator[tuple[float, Relaxation]]:
    """Each with what it takes altogether."""
    patterns = tables.patterns[stop]
    for name, look in looks.items():
        best: tuple[float, Relaxation] | None = None
        seen: dict[int, Found | None] = {}
        for pattern in patterns:
            rows = []
            for day in pattern:
                if day not in seen:
                    plain = float(state.least[day, stop])
                    seen[day] = Found(plain, 0, plain, -1) if plain < inf else look(tables, state, stop, day)
                rows.append(seen[day])
            if all(rows):
                told = _told(tables, name, [it for it in rows if it is not None])
                if best is None or told[0] < best[0]:
                    best = told
        if best is not None:
            yield best
    if looks is LOOKS:
        yield from _other_day(tables, state, stop)
    yield from _fewer(state, tables, stop)


def _told(tables: Tables, name: str, rows: list[Found]) -> tuple[float, Relaxation]:
    """A pattern's days as one way: the dearest day names it."""
    worst = max(rows, key=lambda it: (it.amount, it.weight))
    slot = tables.slots[worst.slot]
    vehicle = tables.problem.vehicles[slot.vehicle].key
    amount = max(it.amount for it in rows) if name != "another_van" else sum(it.amount for it in rows)
    row = Relaxation(
        name, round(amount, 3), round(sum(it.cost for it in rows), 3), tables.days[slot.day], vehicle
    )
    return sum(it.weight for it in rows), row


def _longer_shift(tables: Tables, state: State, stop: int, day: int) -> Found | None:
    best = None
    for slot, kind, tour, cost in _places(tables, state, stop, day):
        free = replace(kind, closes=NEVER, most_minutes=NEVER)
        times = drive(tables, free, tour) if _carries(tables, kind, tour) else None
        if times is None:
            continue
        over = max(0, times.returns - kind.closes, times.returns - times.departs - kind.most_minutes)
        more = float(tables.plain(over))
        if more and (best is None or more + cost < best.weight):
            best = Found(more + cost, more, cost, slot)
    return best


def _wider_window(tables: Tables, state: State, stop: int, day: int) -> Found | None:
    best = None
    for slot, kind, tour, cost in _places(tables, state, stop, day):
        windows = list(tables.windows[kind.signature])
        asked, windows[stop] = windows[stop], [(-NEVER, NEVER)]
        tables.windows.append(windows)
        try:
            free = replace(kind, signature=len(tables.windows) - 1)
            times = drive(tables, free, tour) if _carries(tables, kind, tour) else None
        finally:
            tables.windows.pop()
        if times is None or not asked:
            continue
        start = times.rows[tour.index(stop)][1]
        over = min(max(opens - start, start - closes) for opens, closes in asked)
        more = float(tables.plain(over))
        if more > 0 and (best is None or more + cost < best.weight):
            best = Found(more + cost, more, cost, slot)
    return best


def _another_van(tables: Tables, state: State, stop: int, day: int) -> Found | None:
    """One more vehicle like one of that day, for this stop alone."""
    best = None
    for number in tables.slots_of_day[day]:
        kind = tables.kinds[state.kind[number]]
        if tables.allowed[number, stop] and fits(tables, kind, (stop,)):
            cost = way(tables, kind, (stop,)) + tables.problem.weights.tour
            half = float(tables.plain(min(kind.closes - kind.opens, 24 * 60 * tables.scale))) / 2
            if best is None or cost + half < best.weight:
                best = Found(cost + half, 1, cost, number)
    return best


def _more_room(tables: Tables, state: State, stop: int, day: int) -> Found | None:
    best = None
    for slot, kind, tour, cost in _places(tables, state, stop, day):
        over = sum(int(tables.demand[it]) for it in tour) - kind.capacity
        if over > 0 and drive(tables, kind, tour) is not None and (best is None or cost < best.weight):
            best = Found(cost, over, cost, slot)
    return best


def _other_vehicle(tables: Tables, state: State, stop: int, day: int) -> Found | None:
    best = None
    for slot in tables.slots_of_day[day]:
        if tables.allowed[slot, stop]:
            continue
        cost = float(state.rows.of(state.kind[slot], state.routes[slot]).added[stop])
        if cost < inf and (best is None or cost < best.cost):
            best = Found(cost, 1, cost, slot)
    return best


def _other_day(tables: Tables, state: State, stop: int) -> Iterator[tuple[float, Relaxation]]:
    """In spite of banned weekdays and dates, in the same rhythm."""
    row = tables.stops[stop]
    if not (row.banned_weekdays or row.banned_days):
        return
    free = replace(row, banned_weekdays=(), banned_days=())
    problem = replace(
        tables.problem, stops=tuple(free if it.key == row.key else it for it in tables.problem.stops)
    )
    best: tuple[float, int] | None = None
    known = set(tables.patterns[stop])
    for days in patterns_of(problem, free):
        pattern = tuple(tables.day_at[day] for day in days)
        cost = sum(float(state.least[day, stop]) for day in pattern)
        if pattern not in known and cost < inf and (best is None or cost < best[0]):
            # The first of its days that is banned names it.
            best = cost, next((it for it in days if banned(row, it)), days[0])
    if best is not None:
        yield best[0], Relaxation("other_day", 1, round(best[0], 3), best[1])


def _fewer(state: State, tables: Tables, stop: int) -> Iterator[tuple[float, Relaxation]]:
    """Some of the visits fit as everything is."""
    best: tuple[int, float, int] | None = None
    patterns = tables.patterns[stop] or [
        tuple(tables.day_at[day] for day in days) for days in remains_of(tables.problem, tables.stops[stop])
    ]
    for pattern in patterns:
        costs = [(float(state.least[day, stop]), day) for day in pattern]
        fitting = [it for it in costs if it[0] < inf]
        if fitting:
            found = (-len(fitting), sum(it[0] for it in fitting), fitting[0][1])
            best = min(best, found) if best else found
    if best is not None and -best[0] < tables.asked[stop]:
        # It is said last: it does not meet what was asked.
        yield inf, Relaxation("fewer_visits", -best[0], round(best[1], 3), tables.days[best[2]])


def _places(
    tables: Tables, state: State, stop: int, day: int
) -> Iterator[tuple[int, Kind, tuple[int, ...], float]]:
    """Every place of every tour of a day that may serve the stop, with what the way there adds."""
    for slot in tables.slots_of_day[day]:
        if not tables.allowed[slot, stop]:
            continue
        kind, route = tables.kinds[state.kind[slot]], state.routes[slot]
        before = way(tables, kind, route)
        for at in range(len(route) + 1):
            tour = (*route[:at], stop, *route[at:])
            yield slot, kind, tour, way(tables, kind, tour) - before


Look = Callable[[Tables, State, int, int], Found | None]
LOOKS: Mapping[str, Look] = {
    "longer_shift": _longer_shift,
    "wider_window": _wider_window,
    "another_van": _another_van,
    "more_room": _more_room,
    "other_vehicle": _other_vehicle,
}
QUICK: Mapping[str, Look] = {"another_van": _another_van}


def _carries(tables: Tables, kind: Kind, tour: Sequence[int]) -> bool:
    return (
        sum(int(tables.demand[it]) for it in tour) <= kind.capacity
        and way(tables, kind, tour, "distance") <= kind.most_distance + 1e-9
    )
