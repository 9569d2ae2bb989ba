"""Tours that nobody has driven yet and that a choice lacks: what a stop is worth tells which (column generation).

Each choice among tours, taken in parts, gives every stop a price: what it would save if the stop had not to be visited. A tour that costs
less than its stops are worth makes the choice cheaper (Desrochers, Desrosiers and Solomon, Operations Research 40, 1992).
"""

import time
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from mobile_service.planning.rows import Route, Rows
from mobile_service.planning.tables import NEVER, Tables

Array = Any
# The day is cut into so many parts to foresee what a tour may still bring.
PARTS = 128
# Of the beginnings of tours with as many stops the most promising go on.
BEGINNINGS = 1_000


@dataclass(frozen=True, slots=True)
class Ways:
    """What is to be known of a kind to make tours of these ``stops``. ``cost`` and ``minutes``: each of them, the start and the end."""

    kind: int
    stops: Array
    cost: Array
    minutes: Array
    service: Array
    demand: Array
    layers: list[tuple[Array, Array]]
    opens: float
    closes: float
    capacity: float
    tour: float


def ways_of(tables: Tables, rows: Rows, stops: list[int]) -> list[Ways]:
    """Of every kind whose tours are bounded by windows, shift and room alone."""
    found = []
    for number, (kind, it) in enumerate(zip(tables.kinds, rows.kinds, strict=True)):
        bounded = kind.rest is not None or kind.most_minutes < NEVER or it.far is not None
        if bounded or kind.opens >= kind.closes:
            continue
        with_ends = np.ix_([*stops, it.start, it.end], [*stops, it.start, it.end])
        found.append(
            Ways(
                kind=number,
                stops=np.array(stops),
                cost=it.cost[with_ends],
                minutes=it.minutes[with_ends],
                service=it.service[stops],
                demand=tables.demand[stops],
                layers=[(opens[stops], closes[stops]) for opens, closes in it.layers],
                opens=float(kind.opens),
                closes=float(kind.closes),
                capacity=float(kind.capacity),
                tour=tables.problem.weights.tour,
            )
        )
    return found


def priced(ways: Ways, worth: Array, most: float, many: int, until: float = inf) -> list[tuple[Route, float]]:
    """Tours whose cost less the worth of their stops is under ``most``, the best of them, each with its cost.

    ``worth``: of each of the stops of ``ways``. Not all that there are: each step goes on with the most promising beginnings, and none is
    longer than what was made by ``until``, a moment of ``time.time``.
    """
    start = len(ways.stops)
    every = np.arange(start)
    legs, home, back = ways.cost[:, :-2] - worth, ways.cost[:-2, -1], ways.minutes[:-2, -1]
    ahead = _ahead(ways, legs[:start])
    # The same stops in whatever order have the same mark.
    marks = np.random.default_rng(1).integers(1, 2**62, start)
    # Beginnings of tours, a row each: at first one, which is still at the start.
    path = np.zeros((1, 0), dtype=np.int64)
    here, mark, seen = np.array([start]), np.zeros(1, dtype=np.int64), np.zeros((1, start), dtype=bool)
    clock, price, room = np.array([ways.opens]), np.array([ways.tour]), np.array([ways.capacity])
    found: dict[int, tuple[float, Route]] = {}
    while len(here) and time.time() < until:
        leaves = _begun(ways, clock[:, None] + ways.minutes[here, :-2]) + ways.service
        dearer = price[:, None] + legs[here]
        hoped = dearer + ahead[_part(ways, leaves), every]
        row, here = np.nonzero((hoped < most) & ~seen & (ways.demand <= room[:, None]))
        kept = _promising(mark[row] ^ marks[here], here, dearer[row, here], hoped[row, here])
        row, here = row[kept], here[kept]
        clock, price, mark = leaves[row, here], dearer[row, here], mark[row] ^ marks[here]
        path, room, seen = np.column_stack([path[row], here]), room[row] - ways.demand[here], seen[row]
        seen[np.arange(len(row)), here] = True
        whole = price + home[here]
        for at in np.flatnonzero((whole < most) & (clock + back[here] <= ways.closes)):
            if whole[at] < found.get(int(mark[at]), (most, ()))[0]:
                found[int(mark[at])] = float(whole[at]), tuple(path[at].tolist())
    return [
        (tuple(int(ways.stops[it]) for it in route), whole + float(worth[list(route)].sum()))
        for whole, route in sorted(found.values())[:many]
    ]


def _promising(mark: Array, last: Array, price: Array, hoped: Array) -> Array:
    """Which beginnings go on: of the same stops with the same last one the cheapest, and of all those of which most is hoped."""
    order = np.lexsort((price, last, mark))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(mark[order]) != 0) | (np.diff(last[order]) != 0)
    kept = order[first]
    if len(kept) > BEGINNINGS:
        kept = kept[np.argpartition(hoped[kept], BEGINNINGS)[:BEGINNINGS]]
    return kept


def _ahead(ways: Ways, legs: Array) -> Array:
    """Parts of the day × stops: at best what it still costs to come home from the stop in that part, less what comes on the way is worth.

    Infinite where one is not home in time. Stops may come twice in it: it is there to leave out beginnings of which nothing good can come.
    """
    stops = len(ways.stops)
    every = np.arange(stops)
    minutes, back, home = ways.minutes[:-2, :-2], ways.minutes[:-2, -1], ways.cost[:-2, -1]
    ahead = np.full((PARTS + 2, stops), inf)
    for now in range(PARTS, -1, -1):
        leaves = ways.opens + now * (ways.closes - ways.opens) / PARTS
        after = _begun(ways, leaves + minutes) + ways.service
        np.fill_diagonal(after, inf)
        on = legs + ahead[np.maximum(_part(ways, after), now + 1), every]
        ahead[now] = np.minimum(on.min(axis=1), np.where(leaves + back <= ways.closes, home, inf))
    return ahead


def _part(ways: Ways, moment: Array) -> Array:
    """The part of the day in which a moment lies; the row of ``_ahead`` that is never home where the day is over."""
    over = moment > ways.closes
    part = (np.where(over, ways.opens, moment) - ways.opens) * (PARTS / (ways.closes - ways.opens))
    return np.where(over, PARTS + 1, part.astype(np.int64))


def _begun(ways: Ways, arrives: Array) -> Array:
    """When a visit begins at the earliest; never where every window is over."""
    begins = np.full(arrives.shape, inf)
    for opens, closes in reversed(ways.layers):
        begins = np.where(arrives <= closes, np.maximum(arrives, opens), begins)
    return begins
