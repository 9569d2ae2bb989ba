"""Quotas that cross the others ("eighty books from our own region a year"): no longer a flow, but a linear programme around one.

HiGHS (inside SciPy) finds the year and what a book of each crossing quota is worth. With these prices added to the points the
problem is a flow again, whose title prices prove the bound as they do without crossing quotas.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from loans.planning.prices import best_year, bound, candidates, prices_of
from loans.planning.tables import FORBIDDEN, Ints, Tables
from loans.planning.year import Network, Year, all_pairs, solve, tails_of

Told = Callable[[str, float], None]
# Up to so many pairs are all offered at once: a city of sixty schools. In bigger ones, those that may pay.
WHOLE = 120_000
DENSE = 600_000
GOOD_ENOUGH = 7e-5
SHARPER = 6
# Branches that a search for whole books may take: a number, not a time, so that the same problem gives the same plan.
NODES = 2_000


def crossing_year(
    tables: Tables, network: Network, told: Told
) -> tuple[Year, Ints, int, list[tuple[int, int]]]:
    """The best year that keeps crossing quotas as nearly as can be; title prices, bound, and (rule, price)."""
    plain, prices, _limit = best_year(tables, network, told)
    kept = np.zeros(tables.value.shape, dtype=bool)
    kept[plain.schools[plain.taken], plain.titles[plain.taken]] = True
    worth = [
        (at, network.missing // 4 if rule.low else -network.missing // 4)
        for at, rule in enumerate(tables.rules)
    ]
    whole = int((tables.value != FORBIDDEN).sum()) <= WHOLE
    if whole:
        schools, titles = all_pairs(tables)
    else:
        schools, titles = _offers(tables, network, prices, [], kept)
        more = _offers(tables, network, prices, worth, kept)
        schools, titles = _union(tables, (schools, titles), more)
    best: tuple[Ints, int, list[tuple[int, int]]] = (prices, 2**62, [])
    for step in range(SHARPER):
        told("crossing", step / SHARPER)
        programme = _Programme(tables, network, schools, titles, plain.empty)
        found = programme.solve()
        worth = [(at, round(price)) for at, price in enumerate(found.worth.tolist()) if round(price)]
        prices, limit = _prove(tables, network, worth, (schools, titles))
        if limit < best[1]:
            best = prices, limit, worth
        over = best[1] + network.penalty * plain.empty - found.reached
        if whole or over <= GOOD_ENOUGH * abs(found.reached):
            break
        # Once more, with what pays at the prices just found.
        kept = np.zeros(tables.value.shape, dtype=bool)
        kept[schools[found.taken], titles[found.taken]] = True
        schools, titles = _offers(tables, network, prices, worth, kept)
    prices, limit, worth = best
    limit -= network.missing * sum(rule.over for rule in tables.rules)
    return programme.whole_year(found), prices, limit, worth


def _union(tables: Tables, one: tuple[Ints, Ints], other: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    keep = np.zeros(tables.value.shape, dtype=bool)
    for schools, titles in (one, other):
        keep[schools, titles] = True
    schools, titles = np.nonzero(keep)
    return schools.astype(np.int64), titles.astype(np.int64)


def _tilted(tables: Tables, worth: list[tuple[int, int]]) -> NDArray[np.int32]:
    """The points, with what a book of each crossing quota is worth."""
    value = tables.value.copy()
    for at, price in worth:
        rule = tables.rules[at]
        value[rule.school, rule.counts & (tables.value[rule.school] != FORBIDDEN)] += price
    return value


def _offers(
    tables: Tables, network: Network, prices: Ints, worth: list[tuple[int, int]], kept: NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Pairs that may pay when a book of each crossing quota is worth so much, and those that are kept."""
    plain = tables.value
    tables.value = _tilted(tables, worth)
    schools, titles = candidates(network, prices, kept)
    tables.value = plain
    return schools, titles


def _prove(
    tables: Tables, network: Network, worth: list[tuple[int, int]], offered: tuple[Ints, Ints]
) -> tuple[Ints, int]:
    """Title prices at this worth of the crossing quotas, and the bound of both."""
    plain = tables.value
    tables.value = _tilted(tables, worth)
    allowed = int((plain != FORBIDDEN).sum())
    pairs = all_pairs(tables) if allowed <= DENSE else offered
    prices = prices_of(network, solve(network, *pairs))
    limit = bound(network, prices)
    tables.value = plain
    for at, price in worth:
        rule = tables.rules[at]
        limit -= price * (rule.low if price > 0 else rule.high or 0)
    return prices, limit


@dataclass(frozen=True, slots=True)
class _Found:
    """What the linear programme answers; ``reached`` is its score less what missed quotas cost."""

    flow: NDArray[np.float64]
    taken: NDArray[np.bool_]
    worth: NDArray[np.float64]
    dear: NDArray[np.float64]
    reached: float


class _Programme:
    """The network as rows and columns, with a row for each crossing quota and columns for what it misses."""

    def __init__(self, tables: Tables, network: Network, schools: Ints, titles: Ints, empty: int) -> None:
        self.tables, self.network, self.schools, self.titles = tables, network, schools, titles
        stations = tables.stations
        inner, pairs, rules = len(network.tail), len(schools), tables.rules
        self.inner, self.pairs = inner, pairs
        self.width = inner + pairs + len(rules) * 2
        first_title = len(stations.school)
        tails = tails_of(network, schools, titles)
        self.tails = tails
        columns = np.arange(inner + pairs)
        tail = np.concatenate([network.tail, tails])
        head = np.concatenate([network.head, titles + first_title])
        is_title = (np.arange(network.nodes) >= first_title) & (
            np.arange(network.nodes) < first_title + len(tables.titles)
        )
        balance = sparse.coo_matrix(
            (
                np.concatenate([np.ones(len(tail)), -np.ones(len(head))]),
                (np.concatenate([tail, head]), np.concatenate([columns, columns])),
            ),
            shape=(network.nodes, self.width),
        ).tocsr()
        supply = np.zeros(network.nodes)
        supply[stations.root_of] = [sum(stations.places[root]) for root in stations.root_of]
        middle = ~is_title
        middle[network.sink] = False
        self.equal, self.given = balance[middle], supply[middle]
        rows, cols, signs, limits = [], [], [], []
        pair_of = {school: np.flatnonzero(schools == school) for school in {rule.school for rule in rules}}
        self.row_of_rule: list[tuple[int, int, int]] = []
        for at, rule in enumerate(rules):
            mine = pair_of[rule.school]
            mine = mine[rule.counts[titles[mine]]] + inner
            for sign, limit, slack in ((-1, rule.low, 0), (1, rule.high, 1)):
                if limit is None or (sign < 0 and not limit):
                    continue
                row = len(self.row_of_rule)
                self.row_of_rule.append((row, at, sign))
                rows += [np.full(len(mine) + 1, row)]
                cols += [np.append(mine, inner + pairs + 2 * at + slack)]
                signs += [np.append(np.full(len(mine), sign), -1)]
                limits.append(sign * limit)
        crossing = sparse.coo_matrix(
            (np.concatenate(signs), (np.concatenate(rows), np.concatenate(cols))),
            shape=(len(limits), self.width),
        )
        empties = slice(len(stations.arc_from), len(stations.arc_from) + len(stations.root_of))
        emptied = sparse.lil_matrix((1, self.width))
        emptied[0, empties] = 1
        self.room = tables.capacity.sum(axis=1)
        self.under = sparse.vstack([crossing, emptied, -balance[is_title]]).tocsr()
        self.limits = np.concatenate([limits, [empty], self.room])
        inner_cost = network.cost.copy()
        inner_cost[empties] = 0
        values = tables.value[schools, titles].astype(np.float64)
        self.cost = np.concatenate([inner_cost, -values, np.full(2 * len(rules), network.missing)]).astype(
            np.float64
        )
        self.most = np.concatenate([network.room, np.ones(pairs), np.full(2 * len(rules), np.inf)]).astype(
            np.float64
        )

    def solve(self) -> "_Found":
        """The year in parts of books, and what a book more of each rule is worth (below 0: a book less)."""
        answer = linprog(
            self.cost, A_ub=self.under, b_ub=self.limits, A_eq=self.equal, b_eq=self.given,
            bounds=np.stack([np.zeros(self.width), self.most], axis=1), method="highs",
        )  # fmt: skip
        if not answer.success:
            raise ArithmeticError(f"the crossing quotas could not be solved: {answer.message}")
        worth = np.zeros(len(self.tables.rules))
        for row, at, sign in self.row_of_rule:
            worth[at] += sign * answer.ineqlin.marginals[row]
        return _Found(
            flow=answer.x,
            taken=answer.x[self.inner : self.inner + self.pairs] > 0,
            worth=worth,
            dear=np.abs(answer.lower.marginals) + np.abs(answer.upper.marginals),
            reached=-float(answer.fun),
        )

    def whole_year(self, found: "_Found") -> Year:
        """The same in whole books."""
        flow = found.flow
        split = np.abs(flow - np.rint(flow)) > 1e-6
        if split.any():
            flow = self._whole(flow, split, found.dear, -found.reached)
        return self._year(np.rint(flow).astype(np.int64))

    def _whole(
        self, flow: NDArray[np.float64], split: NDArray[np.bool_], dear: NDArray[np.float64], linear: float
    ) -> NDArray[np.float64]:
        """Whole books, where the linear programme splits some. What would cost points to change is left as it is, at first."""
        best: tuple[float, NDArray[np.float64] | None] = (np.inf, None)
        pairs = np.zeros(self.width, dtype=bool)
        pairs[self.inner : self.inner + self.pairs] = True
        for limit in (0.5, 5.0, np.inf):
            fixed = pairs & ~split & (dear > limit)
            answer = milp(
                self.cost,
                constraints=[
                    LinearConstraint(self.under, -np.inf, self.limits),
                    LinearConstraint(self.equal, self.given, self.given),
                ],
                bounds=Bounds(np.where(fixed, np.rint(flow), 0), np.where(fixed, np.rint(flow), self.most)),
                integrality=np.ones(self.width),
                options={"mip_rel_gap": 3e-5, "node_limit": NODES},
            )
            if answer.x is not None and answer.fun < best[0]:
                best = answer.fun, answer.x
            if best[0] - linear <= GOOD_ENOUGH * abs(linear):
                break
        if best[1] is None:
            raise ArithmeticError("the crossing quotas could not be solved in whole books")
        return best[1]

    def _year(self, flow: Ints) -> Year:
        network = self.network
        inner = flow[: self.inner]
        taken = flow[self.inner : self.inner + self.pairs] > 0
        values = self.tables.value[self.schools, self.titles].astype(np.int64)
        arcs = len(self.tables.stations.arc_from)
        empty = int(inner[arcs : arcs + len(self.tables.schools)].sum())
        score = int(values[taken].sum()) - int((inner * network.cost).sum()) + empty * network.penalty
        used = np.bincount(self.titles[taken], minlength=len(self.tables.titles))
        return Year(self.schools, self.titles, self.tails, taken, inner, used, self.room, empty, score)
