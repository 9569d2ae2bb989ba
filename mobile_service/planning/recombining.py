"""The best choice among tours that a search has tried: each stop in exactly one of them, no more tours than vehicles can drive.

A search leaves behind thousands of good tours that never stood in one plan together. Which of them belong together is a set partitioning
problem, and where tours have a handful of stops a small one (Rochat and Taillard, Journal of Heuristics 1, 1995).
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf
from typing import Any, NamedTuple

import numpy as np

from mobile_service.planning.pricing import Ways, priced
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
# How often new tours are looked for, how many are taken each time, and what each of them must save at least.
PRICINGS = 12
AT_ONCE = 300
LEAST = 1e-6
Driven = tuple[int, Route]


class Tour(NamedTuple):
    """A way to visit some stops by a vehicle, and in hours, of this kind."""

    kind: int
    route: Route
    cost: float


Chosen = tuple[Tour, int]


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
    """What is to be chosen from: ``tours``, and such of the ``ways`` to make new ones that make the choice cheaper.

    ``stops``: those that are to be visited; ``kinds``: of each slot; ``open_to``: stops × slots, who may be visited when. ``until``: a moment
    of ``time.time``; ``nodes`` go before it.
    """

    tours: list[Tour]
    stops: list[int]
    kinds: Array
    open_to: Array
    ways: list[Ways]
    until: float = 0.0
    nodes: int = 0

    def suits(self, tour: Tour) -> Array:
        """In which slots it can be."""
        found: Array = self.open_to[list(tour.route)].all(axis=0) & (self.kinds == tour.kind)
        return found


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


def choice_of(tables: Tables, tours: Sequence[Tour], ways: Sequence[Ways] = ()) -> Choice:
    open_to = np.zeros((len(tables.stops), len(tables.slots)), dtype=bool)
    for stop, patterns in enumerate(tables.patterns):
        days = set(chain.from_iterable(patterns))
        open_to[stop] = tables.allowed[:, stop] & [it.day in days for it in tables.slots]
    return Choice(
        tours=list(tours),
        stops=sorted({stop for it in tours for stop in it.route}),
        kinds=np.array([it.kind for it in tables.slots]),
        open_to=open_to,
        ways=list(ways),
    )


def routes_from(tables: Tables, chosen: Iterable[Chosen]) -> list[Route]:
    found: list[Route] = [()] * len(tables.slots)
    for tour, slot in chosen:
        found[slot] = tour.route
    return found


def choose(choice: Choice) -> list[Chosen]:
    """The tours that are cheapest together, each with its slot; a tour for which no slot is left is not among them. None at all where the
    time was too short to find any.

    Which tour is on which day comes second: bans leave nearly every tour some days, and a column for each day would be many times the work.
    """
    from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

    tours = [*choice.tours, *_new_tours(choice)]
    once, driven, slots = _rules(choice, tours)
    limit = (
        {"node_limit": choice.nodes} if choice.nodes else {"time_limit": max(0.1, choice.until - time.time())}
    )
    answer = milp(
        [it.cost for it in tours],
        constraints=[LinearConstraint(once, 1, 1), LinearConstraint(driven, 0, slots)],
        integrality=np.ones(len(tours)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": GAP} | limit,
    )
    if answer.x is None:
        return []
    found = [tours[at] for at in np.flatnonzero(answer.x > 0.5)]
    suits = np.array([choice.suits(it) for it in found])
    pairs = zip(*linear_sum_assignment(~suits), strict=True)
    return [(found[at], int(slot)) for at, slot in pairs if suits[at, slot]]


def _new_tours(choice: Choice) -> list[Tour]:
    """Those that make the choice cheaper where tours may be driven in part: what is chosen as a whole is then near."""
    from scipy.optimize import linprog

    new: list[Tour] = []
    known = {(it.kind, frozenset(it.route)) for it in choice.tours}
    until = inf if choice.nodes else choice.until
    for _round in range(PRICINGS if choice.ways else 0):
        tours = [*choice.tours, *new]
        once, driven, slots = _rules(choice, tours)
        answer = linprog(
            [it.cost for it in tours], A_ub=driven, b_ub=slots, A_eq=once, b_eq=np.ones(len(choice.stops))
        )
        if answer.x is None:
            break
        for ways in choice.ways:
            most = answer.ineqlin.marginals[ways.kind] - LEAST
            for route, cost in priced(ways, answer.eqlin.marginals, most, AT_ONCE, until):
                tour, stops = Tour(ways.kind, route, cost), frozenset(route)
                if (ways.kind, stops) not in known and choice.suits(tour).any():
                    known.add((ways.kind, stops))
                    new.append(tour)
        if len(tours) == len(choice.tours) + len(new) or time.time() > until:
            break
    return new


def _rules(choice: Choice, tours: Sequence[Tour]) -> tuple[Array, Array, Array]:
    """Each stop in one tour (a row each); of each kind no more tours than it has slots (a row each, and how many that is)."""
    from scipy.sparse import csc_matrix

    rank = {stop: at for at, stop in enumerate(choice.stops)}
    row = [rank[stop] for it in tours for stop in it.route]
    column = np.repeat(np.arange(len(tours)), [len(it.route) for it in tours])
    once = csc_matrix((np.ones(len(row)), (row, column)), (len(rank), len(tours)))
    slots = np.bincount(choice.kinds)
    kinds = [it.kind for it in tours]
    driven = csc_matrix((np.ones(len(kinds)), (kinds, np.arange(len(kinds)))), (len(slots), len(tours)))
    return once, driven, slots
