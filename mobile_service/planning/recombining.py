"""The best choice among tours that a search has tried: each stop in exactly one block of them, no more than vehicles can drive.

A search leaves behind thousands of good tours that never stood in one plan together. Which of them belong together is a set partitioning
problem, and where tours have a handful of stops a small one (Rochat and Taillard, Journal of Heuristics 1, 1995). Where stops keep a
rhythm, what is put together are the tours of days that hang together by it (``blocks.py``).
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf
from typing import Any, NamedTuple

import numpy as np

from mobile_service.planning.blocks import Blocks, Kinds
from mobile_service.planning.pricing import Ways, priced
from mobile_service.planning.rows import Route, Rows
from mobile_service.planning.state import State

Array = Any
# For each tour of a block, so many blocks that stood in the cheapest plans of the latest search are chosen from, and as many of all searches
# before it; of a single one half as many. More make no better choice, only a slower one.
MOST_MET = 3_000
# Of what a search has met no more than twice so much is remembered: some hundred bytes each.
REMEMBERED = 50_000
# Instead of seconds, where nothing may depend on the clock.
NODES = 10
GAP = 1e-4
# How often new tours are looked for, how many are taken each time, and what each of them must save at least.
PRICINGS = 12
AT_ONCE = 300
LEAST = 1e-6
Driven = tuple[Kinds, tuple[Route, ...]]


class Bundle(NamedTuple):
    """The tours of a block of these kinds: in any block of this number in ``Blocks.alike`` that suits them."""

    number: int
    kinds: Kinds
    routes: tuple[Route, ...]
    cost: float

    @property
    def stops(self) -> frozenset[int]:
        return frozenset(chain.from_iterable(self.routes))


class Met:
    """The tours that a search has met, block by block, each with the cost of the cheapest plan in which they stood."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.plans: dict[Driven, float] = {}

    def __call__(self, state: State) -> None:
        cost, plans = state.cost, self.plans
        for driven in self.blocks.of(state.routes):
            if plans.get(driven, cost) >= cost:
                plans[driven] = cost
        if len(plans) > 2 * REMEMBERED:
            self.plans = {driven: plans[driven] for driven in self.best(REMEMBERED)}

    def best(self, many: int) -> list[Driven]:
        return sorted(self.plans, key=lambda it: (self.plans[it], it))[:many]


@dataclass(slots=True)
class Choice:
    """What is to be chosen from: ``bundles``, and such of the ``ways`` to make new tours that make the choice cheaper.

    ``under``: what the present plan costs; only what is cheaper is of use. ``until``: a moment of ``time.time``; ``nodes`` go before it.
    """

    blocks: Blocks
    bundles: list[Bundle]
    ways: list[Ways]
    under: float = inf
    until: float = 0.0
    nodes: int = 0

    @property
    def stops(self) -> list[int]:
        return sorted({stop for it in self.bundles for route in it.routes for stop in route})


def bundles_of(rows: Rows, blocks: Blocks, driven: Iterable[Driven], visited: Iterable[int]) -> list[Bundle]:
    """The cheapest tours to the same stops in the same places, of all that visit nobody but the ``visited``."""
    wanted = set(visited)
    found: dict[tuple[Kinds, tuple[frozenset[int], ...]], tuple[tuple[Route, ...], float]] = {}
    for kinds, routes in driven:
        if not any(routes) or not wanted.issuperset(chain.from_iterable(routes)):
            continue
        routes = blocks.ordered(routes)
        cost = sum(rows.cost(kind, it) for kind, it in zip(kinds, routes, strict=True))
        key = kinds, tuple(map(frozenset, routes))
        if key not in found or cost < found[key][1]:
            found[key] = routes, cost
    return [
        bundle
        for (kinds, _stops), (routes, cost) in found.items()
        for bundle in spread(blocks, kinds, routes, cost)
    ]


def spread(blocks: Blocks, kinds: Kinds, routes: tuple[Route, ...], cost: float) -> list[Bundle]:
    """A bundle for each number of blocks that these tours can stand in."""
    numbers = np.unique(blocks.alike[blocks.suit(kinds, routes)])
    return [Bundle(int(number), kinds, routes, cost) for number in numbers]


def driven_in(blocks: Blocks, met: Sequence[Met], present: Sequence[Route]) -> Iterable[Driven]:
    """The present plan, and the best of what was met; in the latest search last."""
    many = MOST_MET * max(map(len, blocks.slots))
    yield from blocks.of(present)
    for before, it in enumerate(reversed(met)):
        yield from it.best(many // max(2, len(met) - 1) if before else many)


def routes_from(blocks: Blocks, chosen: Iterable[tuple[Bundle, int]]) -> list[Route]:
    found: list[Route] = [()] * sum(map(len, blocks.slots))
    for bundle, block in chosen:
        for slot, route in zip(blocks.slots[block], bundle.routes, strict=True):
            found[slot] = route
    return found


def choose(choice: Choice) -> list[tuple[Bundle, int]]:
    """The bundles that are cheapest together, each with its block; one for which no block is left is not among them. None at all where
    nothing is cheaper than the present plan, or the time was too short to find any.
    """
    from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

    bundles = _promising(choice, [*choice.bundles, *_new(choice)])
    if not bundles:
        return []
    once, driven, blocks = _rules(choice, bundles)
    limit = (
        {"node_limit": choice.nodes} if choice.nodes else {"time_limit": max(0.1, choice.until - time.time())}
    )
    answer = milp(
        [it.cost for it in bundles],
        constraints=[LinearConstraint(once, 1, 1), LinearConstraint(driven, 0, blocks)],
        integrality=np.ones(len(bundles)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": GAP} | limit,
    )
    if answer.x is None or answer.fun >= choice.under:
        return []
    found = [bundles[at] for at in np.flatnonzero(answer.x > 0.5)]
    suits = np.array([choice.blocks.suit(it.kinds, it.routes) for it in found])
    pairs = zip(*linear_sum_assignment(~suits), strict=True)
    return [(found[at], int(block)) for at, block in pairs if suits[at, block]]


def _in_parts(choice: Choice, bundles: Sequence[Bundle]) -> Any:
    """The cheapest choice where bundles may be driven in part; its ``status`` is not 0 where there is none, or no time to find it."""
    from scipy.optimize import linprog

    once, driven, blocks = _rules(choice, bundles)
    return linprog(
        [it.cost for it in bundles],
        A_ub=driven,
        b_ub=blocks,
        A_eq=once,
        b_eq=np.ones(len(choice.stops)),
        options={} if choice.nodes else {"time_limit": max(0.1, choice.until - time.time())},
    )


def _new(choice: Choice) -> list[Bundle]:
    """Those that make the choice cheaper where tours may be driven in part: what is chosen as a whole is then near."""
    new: list[Bundle] = []
    known = {(it.kinds, it.stops) for it in choice.bundles} if choice.ways else set()
    until = inf if choice.nodes else choice.until
    for _round in range(PRICINGS if choice.ways else 0):
        bundles = [*choice.bundles, *new]
        answer = _in_parts(choice, bundles)
        if answer.status:
            break
        for ways in choice.ways:
            kinds = (ways.kind,)
            pairs = zip(choice.blocks.alike, choice.blocks.kinds, strict=True)
            most = max(answer.ineqlin.marginals[number] for number, it in pairs if it == kinds) - LEAST
            for route, cost in priced(ways, answer.eqlin.marginals, most, AT_ONCE, until):
                if (kinds, frozenset(route)) not in known:
                    known.add((kinds, frozenset(route)))
                    new += spread(choice.blocks, kinds, (route,), cost)
        if len(bundles) == len(choice.bundles) + len(new) or time.time() > until:
            break
    return new


def _promising(choice: Choice, bundles: list[Bundle]) -> list[Bundle]:
    """Without those that no plan under the present one holds: with any of them even tours in part cost more."""
    if choice.under == inf:
        return bundles
    answer = _in_parts(choice, bundles)
    if answer.status:
        return bundles
    once, driven, _blocks = _rules(choice, bundles)
    more = (
        np.array([it.cost for it in bundles])
        - once.T @ answer.eqlin.marginals
        - driven.T @ answer.ineqlin.marginals
    )
    spare = choice.under - answer.fun - LEAST
    return [it for it, dearer in zip(bundles, more, strict=True) if dearer <= spare]


def _rules(choice: Choice, bundles: Sequence[Bundle]) -> tuple[Array, Array, Array]:
    """Each stop in one bundle (a row each); of each number no more bundles than blocks (a row each, and how many that is)."""
    from scipy.sparse import csc_matrix

    stops = choice.stops
    rank = {stop: at for at, stop in enumerate(stops)}
    visits = [it.stops for it in bundles]
    row = [rank[stop] for it in visits for stop in it]
    column = np.repeat(np.arange(len(bundles)), [len(it) for it in visits])
    once = csc_matrix((np.ones(len(row)), (row, column)), (len(stops), len(bundles)))
    blocks = np.bincount(choice.blocks.alike)
    numbers = [it.number for it in bundles]
    driven = csc_matrix(
        (np.ones(len(numbers)), (numbers, np.arange(len(numbers)))), (len(blocks), len(bundles))
    )
    return once, driven, blocks
