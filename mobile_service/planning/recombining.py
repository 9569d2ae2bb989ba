"""The best choice among tours that a search has tried: each stop in exactly one of them, no more tours than vehicles can drive.

A search leaves behind thousands of good tours that never stood in one plan together. Which of them belong together is a set partitioning
problem, and where tours have a handful of stops a small one (Rochat and Taillard, Journal of Heuristics 1, 1995).
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from mobile_service.planning.rows import Route, Rows
from mobile_service.planning.state import State
from mobile_service.planning.tables import Tables

Array = Any
# The tours of a search that stood in its cheapest plans are chosen from; half as many of each search before it. More make no better
# choice, only a slower one.
MOST_TOURS = 3_000
# Instead of seconds, where nothing may depend on the clock.
NODES = 10
GAP = 1e-4
Driven = tuple[int, Route]


class Tour(NamedTuple):
    """A way to visit some stops by a vehicle, and in hours, of this kind."""

    kind: int
    route: Route
    cost: float


class Met:
    """The tours that a search has met, as (kind, stops), each with the cost of the cheapest plan in which it stood."""

    def __init__(self) -> None:
        self.plans: dict[Driven, float] = {}

    def __call__(self, state: State) -> None:
        cost, plans = state.cost, self.plans
        for driven in zip(state.kind, state.routes, strict=True):
            if plans.get(driven, cost) >= cost:
                plans[driven] = cost

    def best(self, many: int) -> list[Driven]:
        return sorted(self.plans, key=lambda it: (self.plans[it], it))[:many]


@dataclass(slots=True)
class Choice:
    """What is to be chosen from. ``tour`` and ``stop``: which tour visits which stop, a pair each; ``slots``: how many tours of each kind
    there may be; ``suits``: whether each tour can be in each slot. ``until``: a moment of ``time.time``; ``nodes`` go before it.
    """

    tour: Array
    stop: Array
    kind: Array
    cost: Array
    slots: Array
    suits: Array
    until: float = 0.0
    nodes: int = 0


def tours_of(rows: Rows, met: Sequence[Met], present: Iterable[Driven], visited: Iterable[int]) -> list[Tour]:
    """Of the best tours that were met, in the latest search last, and those of the present plan the cheapest to each set of stops that are
    all visited.
    """
    wanted = set(visited)
    sizes = [MOST_TOURS] + [MOST_TOURS // 2] * (len(met) - 1)
    found: dict[tuple[int, frozenset[int]], Tour] = {}
    for kind, route in chain(
        present, *(it.best(size) for it, size in zip(reversed(met), sizes, strict=True))
    ):
        stops = frozenset(route)
        if not route or not stops <= wanted:
            continue
        tour, known = Tour(kind, route, rows.cost(kind, route)), found.get((kind, stops))
        if known is None or tour.cost < known.cost:
            found[kind, stops] = tour
    return list(found.values())


def choice_of(tables: Tables, tours: Sequence[Tour]) -> Choice:
    rank = {stop: at for at, stop in enumerate(sorted({stop for it in tours for stop in it.route}))}
    open_to = np.zeros((len(tables.stops), len(tables.slots)), dtype=bool)
    for stop, patterns in enumerate(tables.patterns):
        days = set(chain.from_iterable(patterns))
        open_to[stop] = tables.allowed[:, stop] & [it.day in days for it in tables.slots]
    kinds = np.array([it.kind for it in tables.slots])
    return Choice(
        tour=np.repeat(np.arange(len(tours)), [len(it.route) for it in tours]),
        stop=np.array([rank[stop] for it in tours for stop in it.route]),
        kind=np.array([it.kind for it in tours]),
        cost=np.array([it.cost for it in tours]),
        slots=np.bincount(kinds, minlength=len(tables.kinds)),
        suits=np.array([open_to[list(it.route)].all(axis=0) & (kinds == it.kind) for it in tours]),
    )


def routes_from(tables: Tables, tours: Sequence[Tour], chosen: Iterable[tuple[int, int]]) -> list[Route]:
    found: list[Route] = [()] * len(tables.slots)
    for tour, slot in chosen:
        found[slot] = tours[tour].route
    return found


def choose(choice: Choice) -> list[tuple[int, int]]:
    """The tours that are cheapest together, each with its slot; a tour for which no slot is left is not among them. None at all where the
    time was too short to find any.

    Which tour is on which day comes second: bans leave nearly every tour some days, and a column for each day would be many times the work.
    """
    from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
    from scipy.sparse import csc_matrix

    many, stops = len(choice.cost), int(choice.stop.max()) + 1
    once = csc_matrix((np.ones(len(choice.tour)), (choice.stop, choice.tour)), (stops, many))
    driven = csc_matrix((np.ones(many), (choice.kind, np.arange(many))), (len(choice.slots), many))
    limit = (
        {"node_limit": choice.nodes} if choice.nodes else {"time_limit": max(0.1, choice.until - time.time())}
    )
    answer = milp(
        choice.cost,
        constraints=[LinearConstraint(once, 1, 1), LinearConstraint(driven, 0, choice.slots)],
        integrality=np.ones(many),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": GAP} | limit,
    )
    if answer.x is None:
        return []
    tours = np.flatnonzero(answer.x > 0.5)
    suits = choice.suits[tours]
    pairs = zip(*linear_sum_assignment(~suits), strict=True)
    return [(int(tours[at]), int(slot)) for at, slot in pairs if suits[at, slot]]
