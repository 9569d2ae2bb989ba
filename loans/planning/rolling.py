"""Deliveries on days of their own: the year parted as the van goes round.

Where all schools swap on one day the year splits exactly (``splitting.py``). Where they are visited one after another, a book can
only go to a school once it has come back from the last: a school of the first week cannot have what one of the fourth week still
holds. So the year is cut into stretches in which no book that leaves comes back, and each is one flow in which a delivery draws on
what is there by its day, at the prices of the whole year: what is wanted more later is left for it. What comes out can be carried
out book by book; how far it stays under the bound of the year is said.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from loans.planning.plan import Item, Trip
from loans.planning.splitting import Placed
from loans.planning.tables import FORBIDDEN, Ints, Tables
from loans.planning.year import Network, Year

# What it is worth that the year had chosen a pair: enough to decide between equals.
CHOSEN = 3
# So many points, for each of the weight ``stay``, is it worth to bring a title when an earlier plan had promised it: more than taste,
# less than a wish. A change early in the year would otherwise run on through all of it.
KEEP = 40
# Titles of a cell that a school is offered at first, where there are very many; all of them where that leaves a place empty.
OFFERED = 150
AT_ONCE = 600_000

Swap = tuple[int, int]
"""A school and a period, both from 0."""


@dataclass(slots=True)
class Rolled:
    """Where every book is placed, with its copy; ``swapped`` books in all, ``direct`` of them straight from a near school."""

    placed: Placed
    items: dict[Swap, list[Item]] = field(default_factory=lambda: defaultdict(list))
    trips: list[Trip] = field(default_factory=list)
    swapped: int = 0
    direct: int = 0


def roll(
    network: Network,
    year: Year,
    prices: Ints,
    close: NDArray[np.bool_],
    told: Callable[[str, float], None],
) -> Rolled:
    """All deliveries. ``prices`` are those of a place of each title over the year, ``close`` says which schools are near."""
    tables = network.tables
    shelf = _Shelf(tables)
    desk = _Desk(network, year, prices)
    given: list[tuple[int, int, int]] = []
    rolled = Rolled(Placed(*(np.zeros(0, dtype=np.int64) for _each in range(3))))
    stretches = _stretches(tables)
    for number, days in enumerate(stretches):
        told("split", number / len(stretches))
        swaps = {swap: day for day, group in days for swap in group}
        chosen = desk.choose(swaps, *shelf.supply(swaps))
        given += [(school, title, period) for (school, period), title in chosen]
        until = max(_back(tables, swap) for swap in swaps)
        for day, group in days:
            mine = [row for row in chosen if row[0] in group]
            for swap, copy, giver in shelf.hand_out(day, group, mine, until, close):
                _write(rolled, tables, shelf, swap, copy, giver)
    for rows in rolled.items.values():
        rows.sort()
    boxes = Counter(
        (period + 1, item.source, tables.schools[school].key)
        for (school, period), rows in rolled.items.items()
        for item in rows
        if item.source
    )
    rolled.trips = [Trip(*way, books) for way, books in sorted(boxes.items())]
    columns = np.array(given, dtype=np.int64).reshape(-1, 3)
    rolled.placed = Placed(columns[:, 0], columns[:, 1], columns[:, 2])
    return rolled


def _write(rolled: Rolled, tables: Tables, shelf: "_Shelf", swap: Swap, copy: int, giver: int) -> None:
    source = tables.schools[giver].key if giver >= 0 else ""
    title = tables.titles[shelf.title_of[copy]].key
    rolled.items[swap].append(Item(title, shelf.keys[copy], source))
    rolled.swapped += 1
    rolled.direct += giver >= 0


def _back(tables: Tables, swap: Swap) -> int:
    return tables.schools[swap[0]].days[swap[1]][1]


def _stretches(tables: Tables) -> list[list[tuple[int, list[Swap]]]]:
    """The days with their deliveries, in stretches as short as the shortest stay: what leaves in one does not come back in it."""
    days: dict[int, list[Swap]] = defaultdict(list)
    shortest = None
    for at, school in enumerate(tables.schools):
        for period, (out, back) in enumerate(school.days):
            if period + 1 not in school.absent:
                days[out].append((at, period))
                shortest = back - out if shortest is None else min(shortest, back - out)
    found: list[list[tuple[int, list[Swap]]]] = []
    begins = 0
    for day, group in sorted(days.items()):
        if not found or day - begins >= (shortest or 1):
            found.append([])
            begins = day
        found[-1].append((day, group))
    return found


class _Shelf:
    """Where every copy is, and from which day it is free."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        ordered = sorted(tables.problem.copies, key=lambda it: (it.wear, it.key))
        self.keys = [copy.key for copy in ordered]
        self.title_of = np.array([tables.title_at[copy.title] for copy in ordered], dtype=np.int64)
        self.first = np.array([copy.first - 1 for copy in ordered], dtype=np.int64)
        self.last = np.array([(copy.last or tables.periods) - 1 for copy in ordered], dtype=np.int64)
        self.free = np.array([copy.day for copy in ordered], dtype=np.int64)
        self.at = np.array([tables.school_at.get(copy.at, -1) for copy in ordered], dtype=np.int64)
        self.of_title: list[list[int]] = [[] for _title in tables.titles]
        for copy, title in enumerate(self.title_of.tolist()):
            self.of_title[title].append(copy)
        self.booked: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.fixed: dict[Swap, list[int]] = defaultdict(list)
        self._book()

    def _book(self) -> None:
        """Copies that were fixed by hand are kept free for their days; a lock without a copy takes the first that can keep it."""
        number = {key: at for at, key in enumerate(self.keys)}
        for school, title, period, key in sorted(self.tables.locks, key=lambda lock: not lock[3]):
            out, back = self.tables.schools[school].days[period]
            at = number.get(key)
            if at is None:
                able = [copy for copy in self.of_title[title] if self._keeps(copy, out, back)]
                at = (able or self.of_title[title])[0]
            self.booked[at].append((out, back))
            self.fixed[school, period].append(at)

    def _keeps(self, copy: int, out: int, back: int) -> bool:
        """Free on the day, and not booked before it is back."""
        return bool(self.free[copy] <= out) and not any(
            out < end and start < back for start, end in self.booked.get(copy, ())
        )

    def supply(self, swaps: dict[Swap, int]) -> tuple[Ints, Ints, Ints]:
        """Titles, days, and how many copies of the title come free on that day, of those that any of the deliveries may take."""
        periods = [period for _school, period in swaps]
        last = max(swaps.values())
        until = max(_back(self.tables, swap) for swap in swaps)
        may = (self.free <= last) & (self.first <= min(periods)) & (self.last >= max(periods))
        for copy in self.booked:
            may[copy] = may[copy] and self._keeps(copy, int(self.free[copy]), until)
        rows = np.stack([self.title_of[may], np.maximum(self.free[may], 0)])
        keys, many = np.unique(rows, axis=1, return_counts=True)
        return keys[0], keys[1], many.astype(np.int64)

    def hand_out(
        self,
        day: int,
        group: list[Swap],
        chosen: list[tuple[Swap, int]],
        until: int,
        close: NDArray[np.bool_],
    ) -> list[tuple[Swap, int, int]]:
        """Which copy each gets, and from which near school it comes straight (−1: by way of the library)."""
        hands = [
            (swap, copy, self._giver(copy, day, swap[0], close))
            for swap in group
            for copy in self.fixed.get(swap, ())
        ]
        taken = {copy for _swap, copy, _giver in hands}
        for swap, title in chosen:
            # From a near school if one brings it today, then what rests on the shelf, then what comes from far.
            copy = min(
                (
                    copy
                    for copy in self.of_title[title]
                    if copy not in taken
                    and self._keeps(copy, day, until)
                    and self.first[copy] <= swap[1] <= self.last[copy]
                ),
                key=lambda it: (self._giver(it, day, swap[0], close) < 0, self.free[it] == day),
            )
            taken.add(copy)
            hands.append((swap, copy, self._giver(copy, day, swap[0], close)))
        for swap, copy, _giver in hands:
            self.free[copy], self.at[copy] = _back(self.tables, swap), swap[0]
            if copy in self.booked:
                self.booked[copy] = [span for span in self.booked[copy] if span[0] > day]
        return hands

    def _giver(self, copy: int, day: int, taker: int, close: NDArray[np.bool_]) -> int:
        """The near school that has the copy until this very day; −1 where there is none."""
        at = int(self.at[copy])
        return at if at >= 0 and at != taker and self.free[copy] == day and close[at, taker] else -1


class _Desk:
    """Chooses the titles of the day."""

    def __init__(self, network: Network, year: Year, prices: Ints) -> None:
        self.network, self.tables = network, network.tables
        tables = self.tables
        self.gain = tables.value.astype(np.int64) - prices
        self.gain[year.schools[year.taken], year.titles[year.taken]] += CHOSEN
        self.open = (tables.value != FORBIDDEN) & (tables.terminal[:, tables.cell_of] >= 0)
        self.late = np.zeros(tables.value.shape, dtype=np.int64) if tables.late else None
        for pair, again in tables.late.items():
            assert self.late is not None
            self.late[pair] = again
        stations = tables.stations
        self.school_of = np.array(stations.school, dtype=np.int64)
        self.arc_from = np.array(stations.arc_from, dtype=np.int64)
        self.arc_to = np.array(stations.arc_to, dtype=np.int64)
        self.arc_places = np.array(stations.arc_places, dtype=np.int64).reshape(-1, tables.periods)
        self.arc_school = self.school_of[self.arc_from] if len(self.arc_from) else self.arc_from
        self.hot = np.zeros(len(stations.school), dtype=np.int64)
        self.promised: dict[Swap, Ints] = {
            (tables.school_at[row.school], row.period - 1): np.array(
                [tables.title_at[it] for it in row.titles if it in tables.title_at], dtype=np.int64
            )
            for row in tables.problem.earlier
        }

    def choose(self, swaps: dict[Swap, int], titles: Ints, days: Ints, many: Ints) -> list[tuple[Swap, int]]:
        """The best titles for deliveries on their days; as many places as can be are filled first.

        ``many`` copies of ``titles`` come free on ``days``: together what the deliveries draw on.
        """
        found, empty = self._solve(swaps, (titles, days, many), OFFERED)
        if empty:
            found, _empty = self._solve(swaps, (titles, days, many), None)
        tables = self.tables
        for (school, _period), title in found:
            self.open[school, title] = False
            if tables.hot[title]:
                self.hot[tables.terminal[school, tables.cell_of[title]]] += 1
        return found

    def _solve(
        self, swaps: dict[Swap, int], supply: tuple[Ints, Ints, Ints], most: int | None
    ) -> tuple[list[tuple[Swap, int]], int]:
        """Stations, then one node for each day on which copies of a title come free, then sides of hot titles, then the sink."""
        tables, stations = self.tables, self.tables.stations
        order = sorted(swaps)
        whose, titles, drawn = self._offers(order, swaps, supply, most)
        schools = np.array([school for school, _period in order], dtype=np.int64)
        periods = np.array([period for _school, period in order], dtype=np.int64)
        here = np.flatnonzero(np.isin(self.school_of, schools))
        node_of = np.full(len(self.school_of), -1, dtype=np.int64)
        node_of[here] = np.arange(len(here))
        first = len(here)
        sides, side_rows = self._sides(dict(order), first + len(supply[0]))
        sink = first + len(supply[0]) + len(sides)
        gain = self.gain[schools[whose], titles] + self._promises(order)[whose, titles]
        must = 2 * (int(np.abs(gain).sum()) + self.network.reward * len(gain)) + 1
        own = np.array(stations.root_of, dtype=np.int64)[schools]
        sizes = np.array(stations.places, dtype=np.int64)[own, periods]
        roots = node_of[own]
        arcs = np.flatnonzero(np.isin(self.arc_school, schools))
        period_of = np.zeros(len(tables.schools), dtype=np.int64)
        period_of[schools] = periods
        terminal = tables.terminal[schools[whose], tables.cell_of[titles]]
        tails = node_of[terminal]
        for station, node in sides.items():
            tails[(terminal == station) & tables.hot[titles]] = node
        flow = min_cost_flow.SimpleMinCostFlow()

        def add(tail: Ints, head: Ints, room: Ints, cost: Ints) -> Ints:
            index: Ints = flow.add_arcs_with_capacity_and_unit_cost(
                tail.astype(np.int32), head.astype(np.int32), room.astype(np.int64), cost.astype(np.int64)
            )
            return index

        slack = add(roots, np.full(len(roots), sink), sizes, np.full(len(roots), must))
        if len(arcs):
            room = self.arc_places[arcs, period_of[self.arc_school[arcs]]]
            add(node_of[self.arc_from[arcs]], node_of[self.arc_to[arcs]], room, 0 * arcs)
        if side_rows:
            rows = np.array(side_rows, dtype=np.int64)
            add(node_of[rows[:, 0]], rows[:, 1], rows[:, 2], rows[:, 3])
        pairs = add(tails, drawn + first, np.ones_like(titles), -gain)
        every = np.arange(len(supply[0]))
        add(every + first, np.full(len(every), sink), supply[2], 0 * every)
        # What comes free earlier is there later too.
        later = every[1:][supply[0][1:] == supply[0][:-1]]
        add(later + first, later + first - 1, np.full(len(later), sizes.sum()), 0 * later)
        flow.set_nodes_supplies(np.append(roots, sink).astype(np.int32), np.append(sizes, -sizes.sum()))
        if flow.solve() != flow.OPTIMAL:
            raise ArithmeticError("the deliveries of a stretch of days could not be chosen")
        took = np.flatnonzero(flow.flows(pairs) > 0)
        chosen = [(order[int(whose[at])], int(titles[at])) for at in took]
        return chosen, int(flow.flows(slack).sum())

    def _promises(self, order: list[Swap]) -> Ints:
        """What it is worth to bring each title now: more when it was promised for now, less when it was promised for later."""
        worth = KEEP * self.tables.problem.weights.stay
        found = np.zeros((len(order), len(self.tables.titles)), dtype=np.int64)
        if not self.promised:
            return found
        for number, (school, period) in enumerate(order):
            for when in range(period, self.tables.periods):
                titles = self.promised.get((school, when))
                if titles is not None:
                    found[number, titles] = worth if when == period else -worth
        return found

    def _offers(
        self, order: list[Swap], swaps: dict[Swap, int], supply: tuple[Ints, Ints, Ints], most: int | None
    ) -> tuple[Ints, Ints, Ints]:
        """Pairs of a delivery (by its place in ``order``) and a title that it may have, and on which supply it draws."""
        whose, titles, drawn = [], [], []
        span = max(max(swaps.values()), int(supply[1].max(initial=0))) + 1
        keys = supply[0] * span + supply[1]
        every = np.arange(len(self.tables.titles))
        crowd = len(order) * len(every) > AT_ONCE
        for number, (school, period) in enumerate(order):
            # The latest supply of each title that is there by the day.
            source = np.searchsorted(keys, every * span + swaps[school, period], side="right") - 1
            there = source >= 0
            there[there] = supply[0][source[there]] == every[there]
            may = self.open[school] & there
            if self.late is not None:
                may &= self.late[school] <= period
            found = np.flatnonzero(may)
            if most is not None and crowd:
                found = self._best_of_cells(school, found, most)
            whose.append(np.full(len(found), number, dtype=np.int64))
            titles.append(found)
            drawn.append(source[found])
        return np.concatenate(whose), np.concatenate(titles), np.concatenate(drawn)

    def _best_of_cells(self, school: int, found: Ints, most: int) -> Ints:
        cells = self.tables.cell_of[found]
        order = np.lexsort((found, -self.gain[school, found], cells))
        rank = np.arange(len(order)) - np.searchsorted(cells[order], cells[order])
        best: Ints = np.sort(found[order[rank < most]])
        return best

    def _sides(
        self, period_of: dict[int, int], first: int
    ) -> tuple[dict[int, int], list[tuple[int, int, int, int]]]:
        """For stations with a fair share of hot titles: a node of their own, and what each hot title more is worth by now."""
        sides: dict[int, int] = {}
        rows: list[tuple[int, int, int, int]] = []
        reward, stations = self.network.reward, self.tables.stations
        for station, (low, high) in sorted(self.network.fair.items()):
            period = period_of.get(stations.school[station])
            if period is None:
                continue
            node = sides[station] = first + len(sides)
            share = (period + 1) / self.tables.periods
            have = int(self.hot[station])
            least = max(0, round(low * share) - have)
            fair = max(0, round(high * share) - have - least)
            size = sum(stations.places[stations.root_of[stations.school[station]]])
            rows += [
                (station, node, least, -reward),
                (station, node, fair, 0),
                (station, node, size, reward),
            ]
        return sides, rows
