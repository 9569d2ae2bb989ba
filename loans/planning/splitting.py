"""The chosen pairs of a year, parted into periods: wishes early, books from near schools, each delivery as full as the others.

Period after period a small flow takes its part of what is left. A part of every quota, and of every title so much that the rest
still fits: such a split always exists (a bipartite graph has an equitable edge colouring), so nothing that was chosen is lost
where all periods are alike. Where they are not (locks, absent schools, copies that come later) a pair may find no period; its
place is then filled from what is left.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from loans.planning.tables import FORBIDDEN, Ints, Tables
from loans.planning.year import Network, Year

WISHED = 50
CLOSE = 1
# Up to so many pairs, each book that stands in a near school is counted once; in bigger cities only that there is one.
EXACT = 60_000

NearIn = Callable[[int, Ints, Ints], NDArray[np.bool_]]


@dataclass(slots=True)
class Placed:
    """School, title and period (from 0) of every book."""

    schools: Ints
    titles: Ints
    periods: Ints


def split(network: Network, year: Year, *, wished: NDArray[np.bool_], holders: "Holders") -> Placed:
    """``wished`` marks pairs (school × title) that are wished for."""
    tables = network.tables
    left = _Left(tables, year)
    parts = []
    for period in range(tables.periods):
        schools, titles = left.schools, left.titles
        reward: Ints = wished[schools, titles] * np.int64(WISHED)
        links = holders.links(schools, titles)
        if len(schools) > EXACT:
            reward[links.pairs] += CLOSE
            links = NO_LINKS
        took = left.take(period, reward, links)
        holders.follow(schools[took], titles[took])
        parts.append(Placed(schools[took], titles[took], np.full(int(took.sum()), period, dtype=np.int64)))
        left.drop(took)
    if len(left.schools):
        parts += _fill(tables, left, parts)
    return Placed(
        np.concatenate([it.schools for it in parts]),
        np.concatenate([it.titles for it in parts]),
        np.concatenate([it.periods for it in parts]),
    )


class Holders:
    """Which school has which title just now, and whom that is near."""

    def __init__(self, tables: Tables, close: NDArray[np.bool_]) -> None:
        self.near = close
        self.count = len(tables.titles)
        school, title = [], []
        for copy in tables.problem.copies:
            if copy.at in tables.school_at:
                school.append(tables.school_at[copy.at])
                title.append(tables.title_at[copy.title])
        self.follow(np.array(school, dtype=np.int64), np.array(title, dtype=np.int64))

    def follow(self, schools: Ints, titles: Ints) -> None:
        order = np.argsort(titles, kind="stable")
        self.schools = schools[order]
        self.first = np.searchsorted(titles[order], np.arange(self.count + 1))

    def links(self, schools: Ints, titles: Ints) -> "Links":
        """For each pair the near schools that have its title now."""
        pairs, givers = [], []
        for start in range(0, len(schools), 50_000):
            part = slice(start, start + 50_000)
            many = self.first[titles[part] + 1] - self.first[titles[part]]
            row = np.repeat(np.arange(len(many)), many)
            within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
            giver = self.first[titles[part]][row] + within
            hit = self.near[self.schools[giver], schools[part][row]]
            pairs.append(start + row[hit])
            givers.append(giver[hit])
        return Links(np.concatenate(pairs), np.concatenate(givers)) if pairs else NO_LINKS


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs (by number) and the givers (by number) that could hand the book straight on to them."""

    pairs: Ints
    givers: Ints


NO_LINKS = Links(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


class _Left:
    """What no period has taken yet."""

    def __init__(self, tables: Tables, year: Year) -> None:
        self.tables = tables
        stations = tables.stations
        self.schools, self.titles = year.schools[year.taken], year.titles[year.taken]
        self.terminals = tables.terminal[self.schools, tables.cell_of[self.titles]]
        self.arcs = len(stations.arc_from)
        self.arc_from = np.array(stations.arc_from, dtype=np.int64)
        self.arc_to = np.array(stations.arc_to, dtype=np.int64)
        self.arc_places = np.array(stations.arc_places, dtype=np.int64).reshape(self.arcs, tables.periods)
        self.flow = year.inner[: self.arcs].copy()
        self.roots = np.array(stations.root_of, dtype=np.int64)
        self.size = np.array([stations.places[root] for root in stations.root_of], dtype=np.int64)
        self.late = (
            np.array(
                [
                    tables.late.get(pair, 0)
                    for pair in zip(self.schools.tolist(), self.titles.tolist(), strict=True)
                ]
            )
            if tables.late
            else None
        )
        self.taken_of_arc = np.zeros((self.arcs, tables.periods), dtype=np.int64)

    def drop(self, took: NDArray[np.bool_]) -> None:
        keep = ~took
        self.schools, self.titles, self.terminals = (
            self.schools[keep],
            self.titles[keep],
            self.terminals[keep],
        )
        if self.late is not None:
            self.late = self.late[keep]

    def take(self, period: int, reward: Ints, links: Links) -> NDArray[np.bool_]:
        """Which of the pairs this period takes."""
        tables = self.tables
        whole = np.bincount(self.titles, minlength=len(tables.titles))
        later = tables.capacity[:, period + 1 :].sum(axis=1)
        most = np.minimum(tables.capacity[:, period], whole)
        least = np.clip(whole - later, 0, most)
        fitting = np.ones(len(self.schools), dtype=bool) if self.late is None else self.late <= period
        degree = np.bincount(self.schools, minlength=len(self.roots))
        low, high = _part(degree, self.size, period)
        arc_low, arc_high = _part(self.flow, self.arc_places, period)
        if (
            period == tables.periods - 1
            and fitting.all()
            and (most == whole).all()
            and (high == degree).all()
            and (arc_high == self.flow).all()
        ):
            return fitting
        flow = min_cost_flow.SimpleMinCostFlow()
        first_title = len(tables.stations.school)
        sink = first_title + len(tables.titles)
        every = np.arange(first_title, sink)
        # More than all rewards together: what must be taken now, so that the rest still fits, is taken.
        must = int(reward.sum()) + CLOSE * len(reward) + 1

        def add(tails: Ints, heads: Ints, room: Ints, cost: Ints | int) -> Ints:
            costs = np.broadcast_to(np.asarray(cost, dtype=np.int64), room.shape)
            index: Ints = flow.add_arcs_with_capacity_and_unit_cost(
                tails.astype(np.int32),
                heads.astype(np.int32),
                room.astype(np.int64),
                np.ascontiguousarray(costs),
            )
            return index

        to_sink = np.full(len(self.roots), sink)
        add(self.roots, to_sink, high - low, 0)
        add(self.roots, to_sink, low, must)
        sure = add(self.arc_from, self.arc_to, arc_low, -must)
        may = add(self.arc_from, self.arc_to, arc_high - arc_low, 0)
        # A pair that near givers could serve goes by a node of its own: to one of them, each having one book, or past them.
        linked = np.unique(links.pairs)
        givers, link_giver = np.unique(links.givers, return_inverse=True)
        some = links.pairs[np.unique(link_giver, return_index=True)[1]] if len(givers) else links.pairs
        heads = self.titles + first_title
        heads[linked] = sink + 1 + np.arange(len(linked))
        pairs = add(self.terminals, heads, fitting.astype(np.int64), -reward)
        if len(linked):
            first_giver = sink + 1 + len(linked)
            add(heads[linked], self.titles[linked] + first_title, np.ones_like(linked), 0)
            add(heads[links.pairs], first_giver + link_giver, np.ones_like(links.pairs), -CLOSE)
            add(
                first_giver + np.arange(len(givers)), self.titles[some] + first_title, np.ones_like(givers), 0
            )
        add(every, np.full(len(every), sink), least, -must)
        add(every, np.full(len(every), sink), most - least, 0)
        flow.set_nodes_supplies(np.append(self.roots, sink).astype(np.int32), np.append(high, -high.sum()))
        if flow.solve() != flow.OPTIMAL:
            raise ArithmeticError(f"period {period + 1} could not be parted from the year")
        if self.arcs:
            carried = flow.flows(sure) + flow.flows(may)
            self.flow -= carried
            self.taken_of_arc[:, period] = carried
        took: NDArray[np.bool_] = flow.flows(pairs) > 0
        return took


def _part(whole: Ints, places: Ints, period: int) -> tuple[Ints, Ints]:
    """The share of this period in what is left: rounded down, and up, but never more than there are places."""
    now, rest = places[:, period], places[:, period:].sum(axis=1)
    share = whole * now
    low = share // np.maximum(rest, 1)
    high = np.minimum(-(-share // np.maximum(rest, 1)), now)
    return np.minimum(low, high), high


def _fill(tables: Tables, left: "_Left", parts: list[Placed]) -> list[Placed]:
    """Give empty places of each period what is still to be had."""
    stations = tables.stations
    used = np.zeros(tables.value.shape, dtype=bool)
    out = np.zeros(tables.capacity.shape, dtype=np.int64)
    for part in parts:
        used[part.schools, part.titles] = True
        np.add.at(out, (part.titles, part.periods), 1)
    late = np.zeros(tables.value.shape, dtype=np.int16) if tables.late else None
    if late is not None:
        for pair, again in tables.late.items():
            late[pair] = again
    found = []
    for period, part in enumerate(parts):
        empty = left.size[:, period] - np.bincount(part.schools, minlength=len(left.roots))
        open_titles = tables.capacity[:, period] - out[:, period]
        allowed = (tables.value != FORBIDDEN) & ~used & (open_titles > 0) & (empty > 0)[:, None]
        allowed &= tables.terminal[:, tables.cell_of] >= 0
        if late is not None:
            allowed &= late <= period
        schools, titles = np.nonzero(allowed)
        if not len(schools):
            continue
        flow = min_cost_flow.SimpleMinCostFlow()
        first_title = len(stations.school)
        sink = first_title + len(tables.titles)
        ones = np.ones(len(schools), dtype=np.int64)
        values = tables.value[schools, titles].astype(np.int64)
        must = 2 * int(np.abs(values).sum()) + 1
        room = left.arc_places[:, period] - left.taken_of_arc[:, period]
        rows = [
            (left.roots, np.full(len(left.roots), sink), empty, np.full(len(left.roots), must)),
            (left.arc_from, left.arc_to, np.maximum(room, 0), np.zeros(left.arcs, dtype=np.int64)),
            (
                np.arange(first_title, sink),
                np.full(len(open_titles), sink),
                np.maximum(open_titles, 0),
                np.zeros_like(open_titles),
            ),
            (tables.terminal[schools, tables.cell_of[titles]], titles + first_title, ones, -values),
        ]
        arcs = ones
        for tail, head, most, cost in rows:
            arcs = flow.add_arcs_with_capacity_and_unit_cost(
                tail.astype(np.int32), head.astype(np.int32), most, cost
            )
        flow.set_nodes_supplies(np.append(left.roots, sink).astype(np.int32), np.append(empty, -empty.sum()))
        if flow.solve() != flow.OPTIMAL:
            raise ArithmeticError(f"the empty places of period {period + 1} could not be filled")
        took = flow.flows(arcs) > 0
        used[schools[took], titles[took]] = True
        np.add.at(out, (titles[took], period), 1)
        found.append(Placed(schools[took], titles[took], np.full(int(took.sum()), period, dtype=np.int64)))
    return found
