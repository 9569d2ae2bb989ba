"""Which book goes where: straight from a near school where one gives the title back, else by way of the library.

The titles of a school are settled before; nothing here alters them. For each swap a small flow pairs givers and takers, first as
many as can be, then those between which other books travel too (one box instead of two), then the shorter way.
"""

from collections import Counter, defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from loans.planning.plan import Item, Trip
from loans.planning.splitting import Placed
from loans.planning.tables import Ints, Tables

DIRECT = 100_000
BOX = 2_000
BOXES_TRIED = 2


class Handling:
    """Copies of every title, and where they are, from swap to swap."""

    def __init__(self, tables: Tables, away: NDArray[np.float32], close: NDArray[np.bool_]) -> None:
        self.tables, self.away, self.close = tables, away, close
        problem = tables.problem
        ordered = sorted(problem.copies, key=lambda it: (it.wear, it.key))
        self.keys = [copy.key for copy in ordered]
        self.first = [copy.first - 1 for copy in ordered]
        self.last = [(copy.last or tables.periods) - 1 for copy in ordered]
        self.of_title: list[list[int]] = [[] for _title in tables.titles]
        self.title_of = [tables.title_at[copy.title] for copy in ordered]
        self.at: dict[int, int] = {}
        number = {}
        for at, copy in enumerate(ordered):
            self.of_title[tables.title_at[copy.title]].append(at)
            number[copy.key] = at
            if copy.at in tables.school_at:
                self.at[at] = tables.school_at[copy.at]
        self.locked = {
            (school, title, period): number[key] for school, title, period, key in tables.locks if key
        }

    def hand_out(
        self, placed: Placed, told: Callable[[str, float], None]
    ) -> tuple[dict[tuple[int, int], list[Item]], list[Trip], int, int]:
        """The items of each (school, period), the direct trips, how many books changed schools, and how many of them directly."""
        tables = self.tables
        items: dict[tuple[int, int], list[Item]] = defaultdict(list)
        trips: list[Trip] = []
        swapped = direct = 0
        for period in range(tables.periods):
            told("copies", period / tables.periods)
            here = placed.periods == period
            takers: dict[int, list[int]] = defaultdict(list)
            for school, title in zip(
                placed.schools[here].tolist(), placed.titles[here].tolist(), strict=True
            ):
                takers[title].append(school)
            now: dict[int, int] = {}
            source: dict[int, int] = {}
            self._bind(period, takers, now)
            moved = self._straight(period, takers, set(now))
            for copy, taker in moved:
                now[copy] = taker
                takers[self.title_of[copy]].remove(taker)
            for copy, taker in now.items():
                giver = self.at.get(copy)
                if giver is not None and giver != taker and self.close[giver, taker]:
                    source[copy] = giver
            for title, rest in takers.items():
                self._from_library(period, title, rest, now)
            for copy, taker in now.items():
                giver = source.get(copy)
                items[taker, period].append(
                    Item(
                        tables.titles[self.title_of[copy]].key,
                        self.keys[copy],
                        tables.schools[giver].key if giver is not None else "",
                    )
                )
            swapped += len(now)
            direct += len(source)
            boxes = Counter((giver, now[copy]) for copy, giver in source.items())
            trips += [
                Trip(period + 1, tables.schools[giver].key, tables.schools[taker].key, books)
                for (giver, taker), books in sorted(boxes.items())
            ]
            self.at = now
        for rows in items.values():
            rows.sort()
        return items, trips, swapped, direct

    def _usable(self, copy: int, period: int) -> bool:
        return self.first[copy] <= period <= self.last[copy]

    def _bind(self, period: int, takers: dict[int, list[int]], now: dict[int, int]) -> None:
        """Copies that were fixed by hand."""
        for (school, title, when), copy in self.locked.items():
            if when == period:
                now[copy] = school
                takers[title].remove(school)

    def _straight(self, period: int, takers: dict[int, list[int]], bound: set[int]) -> list[tuple[int, int]]:
        """Books that go from one school to a near one: (copy, taker)."""
        givers: list[int] = []
        taker_school: list[int] = []
        rows: list[tuple[int, int]] = []
        held: dict[int, list[int]] = defaultdict(list)
        for copy in sorted(self.at):
            if copy not in bound and self._usable(copy, period):
                held[self.title_of[copy]].append(copy)
        for title in sorted(held):
            asked = sorted(takers.get(title, ()))
            if not asked:
                continue
            first = len(taker_school)
            taker_school += asked
            for copy in held[title]:
                near = self.close[self.at[copy]]
                mine = [first + at for at, school in enumerate(asked) if near[school]]
                if mine:
                    rows += [(len(givers), at) for at in mine]
                    givers.append(copy)
        if not rows:
            return []
        pair = np.array(rows, dtype=np.int64)
        schools = np.array(taker_school, dtype=np.int64)
        place = np.array([self.at[copy] for copy in givers], dtype=np.int64)
        metres = np.minimum(self.away[place[pair[:, 0]], schools[pair[:, 1]]] * 100, 1_000).astype(np.int64)
        box = place[pair[:, 0]] * len(self.tables.schools) + schools[pair[:, 1]]
        chosen = _match(pair, len(givers), len(schools), metres - DIRECT)
        for _again in range(BOXES_TRIED):
            ways, index = np.unique(box, return_inverse=True)
            books = np.bincount(index[chosen], minlength=len(ways))
            full = BOX * np.minimum(np.maximum(books - 1, 0), 20)
            chosen = _match(pair, len(givers), len(schools), metres - DIRECT - full[index])
        return [(givers[giver], int(schools[taker])) for giver, taker in pair[chosen].tolist()]

    def _from_library(self, period: int, title: int, takers: list[int], now: dict[int, int]) -> None:
        free = (copy for copy in self.of_title[title] if copy not in now and self._usable(copy, period))
        for school, copy in zip(sorted(takers), free, strict=False):
            now[copy] = school


def _match(pair: Ints, givers: int, takers: int, cost: Ints) -> NDArray[np.bool_]:
    """The cheapest set of pairs in which nobody gives or takes twice."""
    flow = min_cost_flow.SimpleMinCostFlow()
    source, sink = givers + takers, givers + takers + 1
    every, each = np.arange(givers), np.arange(takers)

    def add(tails: Ints, heads: Ints, costs: Ints) -> Ints:
        ones = np.ones(len(tails), dtype=np.int64)
        index: Ints = flow.add_arcs_with_capacity_and_unit_cost(
            tails.astype(np.int32), heads.astype(np.int32), ones, costs.astype(np.int64)
        )
        return index

    add(np.full(givers, source), every, np.zeros(givers, dtype=np.int64))
    arcs = add(pair[:, 0], pair[:, 1] + givers, cost)
    add(each + givers, np.full(takers, sink), np.zeros(takers, dtype=np.int64))
    # Giving nothing costs nothing.
    flow.add_arc_with_capacity_and_unit_cost(source, sink, givers, 0)
    flow.set_node_supply(source, givers)
    flow.set_node_supply(sink, -givers)
    if flow.solve() != flow.OPTIMAL:
        raise ArithmeticError("books could not be paired with schools")
    chosen: NDArray[np.bool_] = flow.flows(arcs) > 0
    return chosen
