"""What no calendar can go below in which every stop keeps its weekday: prices of the stops, held against every pair of tours there is.

A stop that comes every fortnight is met on two days two weeks apart, another one on one day of four weeks; so the tours of two days two
weeks apart are one block, and every stop lies in one block. If no block costs less than what its stops are worth together, no plan
costs less than all stops are worth (the dual of the choice among blocks). Triples sharpen this: of three stops at most one block has
two or three, so a block may be made dearer by what two of a triple cost, if every triple is taken off the sum (Jepsen, Petersen,
Spoorendonk and Pisinger, Operations Research 56, 2008, subset rows).

The prices may come from anywhere: here all tours that could be part of a block that undercuts them are made anew, and by how much a block does
counts against the bound. Of stops with one window, a single van and four weeks; shares nothing with the planner but the problem.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from mobile_service.planning.problem import Problem

Array = Any
# Whole numbers throughout: moments are tenths of a minute, costs thousandths.
TENTHS, MILLI = 10, 1_000
WORKING_DAYS = range(1, 6)
# How many neighbours a beginning remembers when it is foreseen what it may still bring (Baldacci, Mingozzi and Roberti, Operations
# Research 59, 2011, ng-routes).
NEIGHBOURS = 8
BIG = 10**8
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Prices:
    """``stops``: what each is worth, by its key; ``triples``: what two of the three cost. Minutes."""

    stops: Mapping[str, float]
    triples: Sequence[tuple[tuple[str, str, str], float]]


def prices_of(town: int) -> Prices | None:
    """Those that are kept for an invented town of 58 stops."""
    path = Path(__file__).parent / f"prices_town_{town}.json"
    if not path.exists():
        return None
    told = json.loads(path.read_text())
    return Prices(told["stops"], [(tuple(keys), price) for keys, price in told["triples"]])


def lower_bound(
    problem: Problem,
    prices: Prices,
    say: Callable[[str], None] = lambda _words: None,
    neighbours: int = NEIGHBOURS,
) -> float:
    """Minutes of driving in four weeks that every plan in rhythm takes at least.

    ``ValueError`` for a problem that has more to it than is reckoned with here.
    """
    plain = len(problem.vehicles) == 1 and problem.cycle == 28 and not problem.pins
    if not plain or not all(
        len(it.windows) == 1 and it.every in (14, 28) and not it.drift and it.service >= 1
        for it in problem.stops
    ):
        raise ValueError(
            "only one van, four weeks, and stops with one window and a rhythm of two weeks or four"
        )
    ground = _Ground(problem, prices, neighbours)
    marks, dear, bans = ground.tours(0)
    shared, at = np.unique(marks & ground.fortnightly, return_inverse=True)
    least = np.zeros(len(shared), dtype=np.int64)
    np.minimum.at(least, at, dear)
    # One tour of a block that undercuts its prices does so by itself; the other has the same fortnightly stops, and costs less than that.
    marks, dear, bans = ground.tours(int(-least.min()), (shared, -least))
    say(f"{len(marks):,} tours")
    cheapest = min(0, ground.cheapest_block(marks, dear, bans))
    say(f"no block undercuts its prices by more than {-cheapest / MILLI:.3f}")
    blocks = len(problem.days) // 2
    return (int(ground.worth.sum()) - int(ground.triple_costs.sum()) + blocks * cheapest) / MILLI


class _Ground:
    """The town in whole numbers. Stops are bits of a mark, weekdays that a stop cannot have are bits too."""

    def __init__(self, problem: Problem, prices: Prices, neighbours: int) -> None:
        stops = problem.stops
        self.count = len(stops)
        places = np.array([0, *(it.place for it in stops)])
        self.ways = np.rint(np.array(problem.matrices[0].minutes) * TENTHS).astype(np.int64)[
            np.ix_(places, places)
        ]
        shift = problem.vehicles[0].shifts[0]
        self.opens, self.closes = shift.opens * TENTHS, shift.closes * TENTHS
        self.begins = np.array([it.windows[0].opens * TENTHS for it in stops])
        self.ends = np.array([it.windows[0].closes * TENTHS for it in stops])
        self.lasts = np.array([it.service * TENTHS for it in stops])
        self.twice = np.array([it.every == 14 for it in stops])
        self.bans = np.array([sum(1 << (day - 1) for day in set(it.banned_weekdays)) for it in stops])
        self.all_days = sum(1 << (day - 1) for day in WORKING_DAYS)
        self.bits = np.uint64(1) << np.arange(self.count, dtype=np.uint64)
        self.fortnightly = np.uint64(int(self.bits[self.twice].sum()))
        number = {it.key: at for at, it in enumerate(stops)}
        # Of a stop that comes twice each tour of its block takes a half.
        self.worth = np.array([2 * round(prices.stops[it.key] * MILLI / 2) for it in stops])
        self.halves = np.where(self.twice, self.worth // 2, self.worth)
        self.triples = [int(sum(self.bits[number[key]] for key in keys)) for keys, _price in prices.triples]
        self.triple_costs = np.array(
            [2 * round(price * MILLI / 2) for _keys, price in prices.triples], dtype=np.int64
        )
        if (self.triple_costs < 0).any():
            raise ValueError("what two of a triple cost must not be negative")
        across = self.ways[1:, 1:] + self.ways[1:, 1:].T + BIG * np.eye(self.count, dtype=np.int64)
        self.near = np.argsort(across, axis=1, kind="stable")[:, : min(neighbours, self.count - 1)]
        self.places = 1 << np.arange(self.near.shape[1])
        self.ahead = self._ahead()

    def _ahead(self) -> Array:
        """Minutes of the day × stops × which neighbours were visited: what it costs at least to go on and come home, less what is met."""
        size = 1 << self.near.shape[1]
        stops = range(self.count)
        # From a stop and what it remembers to what the next one remembers.
        memory = np.zeros((self.count, self.count, size), dtype=np.int64)
        allowed = np.ones((self.count, self.count, size), dtype=bool)
        subsets = np.arange(size)
        for here in stops:
            for there in stops:
                place = {int(it): at for at, it in enumerate(self.near[there])}
                if here in place:
                    memory[here, there] |= 1 << place[here]
                for at, it in enumerate(self.near[here]):
                    had = (subsets >> at & 1).astype(bool)
                    if int(it) == there:
                        allowed[here, there] &= ~had
                    elif int(it) in place:
                        memory[here, there][had] |= 1 << place[int(it)]
        minutes = (self.closes - self.opens) // TENTHS
        ahead = np.full((minutes + 1, self.count, size), BIG, dtype=np.int64)
        every = np.arange(self.count)
        never_together = (self.bans[:, None] | self.bans) == self.all_days
        for minute in range(minutes, -1, -1):
            now = self.opens + minute * TENTHS
            homes = np.where(now + self.ways[1:, 0] <= self.closes, self.ways[1:, 0] * (MILLI // TENTHS), BIG)
            ahead[minute] = homes[:, None]
            leaves = np.maximum(self.begins, now + self.ways[1:, 1:]) + self.lasts
            can = (leaves <= self.ends) & (leaves + self.ways[1:, 0] <= self.closes) & ~never_together
            np.fill_diagonal(can, False)
            for there in every[can.any(axis=0)]:
                here = np.flatnonzero(can[:, there])
                then = (leaves[here, there] - self.opens) // TENTHS
                leg = self.ways[here + 1, there + 1] * (MILLI // TENTHS) - self.halves[there]
                on = leg[:, None] + ahead[then[:, None], there, memory[here, there]]
                on[~allowed[here, there]] = BIG
                ahead[minute, here] = np.minimum(ahead[minute, here], on)
        return ahead

    def tours(self, most: int, partners: tuple[Array, Array] | None = None) -> tuple[Array, Array, Array]:
        """Every set of stops that one tour can meet whose least cost, less its worth and with half of its triples, is ``most`` or less.

        ``partners``: only with one of these sets of fortnightly stops, each with a ``most`` of its own. Returned are the marks, those costs, and
        the weekdays that they cannot have.
        """
        start = np.zeros(1, dtype=np.uint64)
        clock, dear, last = np.array([self.opens]), np.zeros(1, dtype=np.int64), np.array([-1])
        marks, bans = start, np.zeros(1, dtype=np.int64)
        found = [(start, dear, bans)]
        while len(marks):
            grown = [
                self._grown(marks[at], last[at], clock[at], dear[at], bans[at], most, partners)
                for at in np.array_split(np.arange(len(marks)), len(marks) // CHUNK + 1)
            ]
            marks, last, clock, dear, bans = (np.concatenate(it) for it in zip(*grown, strict=True))
            order = np.lexsort((dear, clock, last, marks))
            marks, last, clock, dear, bans = (it[order] for it in (marks, last, clock, dear, bans))
            same = (marks[1:] == marks[:-1]) & (last[1:] == last[:-1])
            kept = np.append(True, ~(same & (dear[1:] >= dear[:-1])))[: len(marks)]
            marks, last, clock, dear, bans = (it[kept] for it in (marks, last, clock, dear, bans))
            first = np.flatnonzero(np.diff(marks, prepend=~marks[:1]))
            if len(first):
                whole = dear + self.ways[last + 1, 0] * (MILLI // TENTHS)
                cost = np.minimum.reduceat(whole, first) + self._half_of_triples(marks[first])
                good = cost <= most
                found.append((marks[first][good], cost[good], bans[first][good]))
        every = [np.concatenate(it) for it in zip(*found, strict=True)]
        return every[0], every[1], every[2]

    def _grown(
        self,
        marks: Array,
        last: Array,
        clock: Array,
        dear: Array,
        bans: Array,
        most: int,
        partners: tuple[Array, Array] | None,
    ) -> tuple[Array, ...]:
        """The same beginnings, each with one more stop, of which something good can still come."""
        leaves = np.maximum(self.begins, clock[:, None] + self.ways[last + 1, 1:]) + self.lasts
        can = (
            (leaves <= self.ends)
            & (leaves + self.ways[1:, 0] <= self.closes)
            & ((marks[:, None] & self.bits) == 0)
        )
        can &= (bans[:, None] | self.bans) != self.all_days
        row, stop = np.nonzero(can)
        cost = dear[row] + self.ways[last[row] + 1, stop + 1] * (MILLI // TENTHS) - self.halves[stop]
        mark, leaves = marks[row] | self.bits[stop], leaves[row, stop]
        met = (mark[:, None] & self.bits[self.near[stop]]) != 0
        hoped = cost + self.ahead[(leaves - self.opens) // TENTHS, stop, met @ self.places]
        good = np.flatnonzero(hoped <= most)
        limits = self._limits(mark[good], partners) if partners else most
        good = good[hoped[good] + self._half_of_triples(mark[good]) <= limits]
        return mark[good], stop[good], leaves[good], cost[good], bans[row[good]] | self.bans[stop[good]]

    def _limits(self, marks: Array, partners: tuple[Array, Array]) -> Array:
        """The highest ``most`` of the sets in which the fortnightly stops that were met so far can end."""
        met, at = np.unique(marks & self.fortnightly, return_inverse=True)
        sets, most = partners
        within = [most[(sets & it) == it] for it in met]
        return np.array([it.max() if len(it) else -BIG for it in within], dtype=np.int64)[at]

    def _half_of_triples(self, marks: Array) -> Array:
        total = np.zeros(len(marks), dtype=np.int64)
        for triple, cost in zip(self.triples, self.triple_costs, strict=True):
            total += (np.bitwise_count(marks & np.uint64(triple)) >> 1) * (cost // 2)
        return total

    def cheapest_block(self, marks: Array, dear: Array, bans: Array) -> int:
        """The cost of the cheapest block less what its stops are worth, with its triples; 0 if none is cheaper than that.

        A block is two tours with the same fortnightly stops, no other in common, and a weekday that both can have.
        """
        order = np.lexsort((dear, marks & self.fortnightly))
        marks, dear, bans = marks[order], dear[order], bans[order]
        shared, halves = marks & self.fortnightly, self._half_of_triples(marks)
        edges = [0, *(np.flatnonzero(shared[1:] != shared[:-1]) + 1).tolist(), len(marks)]
        best = 0
        for begin, end in pairwise(edges):
            for one in range(begin, end):
                # The triples of a block are no fewer than the halves of its tours.
                if 2 * dear[one] >= best:
                    break
                others = np.arange(one, one + int(np.searchsorted(dear[one:end], best - dear[one])))
                common = marks[one] & marks[others] & ~self.fortnightly
                others = others[(common == 0) & ((bans[one] | bans[others]) != self.all_days)]
                triples = 2 * self._half_of_triples(marks[one] | marks[others]) - halves[one] - halves[others]
                best = min([best, *(dear[one] + dear[others] + triples).tolist()])
        return best
