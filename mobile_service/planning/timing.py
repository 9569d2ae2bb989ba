"""One tour in time: when the vehicle is where, and whether it can be driven so at all."""

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

from mobile_service.planning.tables import NEVER, Kind, Tables


class Times(NamedTuple):
    """Whole numbers: arrival, start and end of each visit, leaving and coming back, when the break begins (−1: none)."""

    rows: tuple[tuple[int, int, int], ...]
    departs: int
    returns: int
    rest: int


def drive(tables: Tables, kind: Kind, stops: Sequence[int], *, late: bool = False) -> Times | None:
    """The earliest times of a tour of these stops in this order, leaving as late as that allows; None where it cannot be driven.

    ``late``: times are told even when windows, shift or break do not hold; what is wrong then is for the checker to say. A tour that
    can be driven is told as it would be without: leaving later must not cost it a window.
    """
    in_time = drive(tables, kind, stops) if late else None
    if in_time is not None:
        return in_time
    found = _forward(tables, kind, stops, kind.opens, late)
    if found is None or not stops:
        return found
    if kind.rest is None:
        held = _held_back(tables, kind, stops, found)
        again = _forward(tables, kind, stops, found.departs + held, late)
        if again is not None and again.returns <= found.returns:
            found = again
    else:
        found = _latest(tables, kind, stops, found, late)
    if not late and found.returns - found.departs > kind.most_minutes:
        return None
    return found


def _forward(tables: Tables, kind: Kind, stops: Sequence[int], departs: int, late: bool) -> Times | None:
    minutes, rest = tables.minutes[kind.matrix], kind.rest
    windows = tables.windows[kind.signature]
    # Two clocks where a break is due: the one of a tour that has not had it, and of one that has; each with the visit it came after.
    clock, rested, after = departs, NEVER, -1
    plain: list[tuple[int, int, int]] = []
    broken: list[tuple[int, int, int]] = []
    begun, place = -1, kind.start
    for at, stop in enumerate(stops):
        way = int(minutes[place, tables.places[stop]])
        row = _visit(windows[stop], clock + way, int(tables.service[stop]), late)
        if row is None and rested >= NEVER:
            return None
        if rested < NEVER:
            second = _visit(windows[stop], rested + way, int(tables.service[stop]), late)
            broken = [*broken, second] if second else []
            rested = second[2] if second else NEVER
        plain.append(row or (NEVER, NEVER, NEVER))
        clock = row[2] if row else NEVER
        if rest is not None and clock < NEVER:
            begins = max(clock, rest[1])
            if begins <= rest[2] and begins + rest[0] < rested:
                rested, broken, begun, after = begins + rest[0], list(plain), begins, at
        place = int(tables.places[stop])
    home = int(minutes[place, kind.end])
    back, back_rested = clock + home, rested + home
    if rest is None or back <= min(rest[2], kind.closes) or (late and after < 0):
        return Times(tuple(plain), departs, back, -1) if late or back <= kind.closes else None
    if after < 0 or rested >= NEVER or (back_rested > kind.closes and not late):
        return None
    return Times(tuple(broken), departs, back_rested, begun)


def _visit(
    windows: list[tuple[int, int]], arrives: int, service: int, late: bool
) -> tuple[int, int, int] | None:
    for opens, closes in windows:
        if arrives <= closes:
            start = max(arrives, opens)
            return arrives, start, start + service
    return (arrives, arrives, arrives + service) if late else None


def _held_back(tables: Tables, kind: Kind, stops: Sequence[int], found: Times) -> int:
    """How much later the vehicle can leave and be back as early: as long as it only waits less."""
    waited, least = 0, NEVER
    windows = tables.windows[kind.signature]
    for stop, (arrives, start, _end) in zip(stops, found.rows, strict=True):
        waited += start - arrives
        closes = next((it[1] for it in windows[stop] if it[0] <= start <= it[1]), start)
        least = min(least, waited + closes - start)
    return max(0, min(least, waited))


def _latest(tables: Tables, kind: Kind, stops: Sequence[int], found: Times, late: bool) -> Times:
    """The same leaving as late as it can and be back as early. Where there is a break, leaving later can move it: found by halving."""
    minutes = tables.minutes[kind.matrix]
    places = [kind.start, *(int(tables.places[it]) for it in stops), kind.end]
    busy = sum(int(minutes[a, b]) for a, b in itertools.pairwise(places))
    busy += sum(int(tables.service[it]) for it in stops)
    least, most = found.departs, max(found.departs, found.returns - busy)
    while least < most:
        middle = (least + most + 1) // 2
        again = _forward(tables, kind, stops, middle, late)
        if again is not None and again.returns <= found.returns:
            least, found = middle, again
        else:
            most = middle - 1
    return found


def driven(tables: Tables, kind: Kind, stops: Sequence[int]) -> tuple[int, ...]:
    """A tour without the stops that must leave it to be one that can be driven: first the one whose leaving saves most."""
    tour = list(stops)
    while tour and not fits(tables, kind, tour):
        _cost, out = min((way(tables, kind, [a for a in tour if a != it]), it) for it in tour)
        tour.remove(out)
    return tuple(tour)


def fits(tables: Tables, kind: Kind, stops: Sequence[int]) -> bool:
    """Whether a tour of these stops in this order keeps every bound of its vehicle and every window."""
    if not stops:
        return True
    if sum(int(tables.demand[it]) for it in stops) > kind.capacity:
        return False
    if way(tables, kind, stops, "distance") > kind.most_distance + 1e-9:
        return False
    return drive(tables, kind, stops) is not None


def way(tables: Tables, kind: Kind, stops: Sequence[int], what: str = "cost") -> float:
    """The driving of a tour: its ``cost``, its ``minutes`` or its ``distance`` (0 where distances are not known)."""
    if not stops:
        return 0.0
    tables_of: dict[str, list[Any]] = {
        "cost": tables.costs,
        "minutes": tables.plain_minutes,
        "distance": tables.distances,
    }
    table: Any = tables_of[what][kind.matrix]
    if table is None:
        return 0.0
    row = [kind.start, *(int(tables.places[it]) for it in stops), kind.end]
    return float(sum(float(table[a, b]) for a, b in itertools.pairwise(row)))
