"""The whole year as one network flow: which titles each school gets, in whatever period.

Stations supply places, each pair of school and title is an arc of one book, each title takes as many as its copies allow over
all periods. The flow is integral and the best there is; because chosen pairs always split into periods (``split.py``) its value
is that of the whole problem, not only a bound.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from loans.planning.tables import FORBIDDEN, Ints, Tables

# Fair share of hot titles: from half of a school's part to a quarter more than it.
LEAST, MOST = 0.5, 1.25
# A book that a crossing quota misses counts as much as so many times the greatest difference in points.
MISSING = 10


@dataclass(slots=True)
class Network:
    """The arcs that do not depend on which pairs are offered. ``terminals`` of titles may be a station or its hot side."""

    tables: Tables
    penalty: int
    reward: int
    missing: int
    nodes: int
    tail: Ints
    head: Ints
    room: Ints
    cost: Ints
    terminal: Ints
    hot_terminal: Ints
    fair: dict[int, tuple[int, int]]

    @property
    def sink(self) -> int:
        return self.nodes - 1


@dataclass(slots=True)
class Year:
    """``schools``, ``titles`` are the pairs offered, ``taken`` says which are chosen; ``inner`` the flow on the network's arcs."""

    schools: Ints
    titles: Ints
    tails: Ints
    taken: NDArray[np.bool_]
    inner: Ints
    used: Ints
    room: Ints
    empty: int
    score: int


def build(tables: Tables, *, fairness: int | None = None) -> Network:
    """Stations first, then titles, hot sides of stations, and the sink."""
    stations = tables.stations
    count = len(stations.school)
    reward = tables.problem.weights.fairness if fairness is None else fairness
    roots = np.array(stations.root_of, dtype=np.int64)
    supply = np.array([sum(stations.places[root]) for root in stations.root_of], dtype=np.int64)
    tail = [np.array(stations.arc_from, dtype=np.int64), roots]
    room = [np.array([sum(it) for it in stations.arc_places], dtype=np.int64), supply]
    shares = _fair_shares(tables) if reward else {}
    nodes = count + len(tables.titles) + len(shares) + 1
    head = [np.array(stations.arc_to, dtype=np.int64), np.full(len(roots), nodes - 1)]
    cells = len(tables.cells)
    terminal = tables.terminal
    hot_terminal = terminal.copy()
    fair = {}
    rewards: list[tuple[int, int, int, int]] = []
    for at, (station, (low, high)) in enumerate(sorted(shares.items())):
        side = count + len(tables.titles) + at
        fair[station] = (low, high)
        hot_terminal[stations.school[station]][terminal[stations.school[station]] == station] = side
        most = int(supply[stations.school[station]])
        few = very_few(low)
        rewards += [
            (station, side, few, -2 * reward),
            (station, side, low - few, -reward),
            (station, side, high - low, 0),
            (station, side, most, 2 * reward),
        ]
    values = tables.value[tables.value != FORBIDDEN]
    spread = int(values.max()) - int(values.min()) + 4 * reward + 1 if values.size else 1
    missing = MISSING * spread if tables.rules else 0
    # A book may count for several crossing quotas of its school.
    counted = max(Counter(rule.school for rule in tables.rules).values(), default=0)
    # Dearer than any chain of swaps can earn: as few places as possible stay empty, whatever the points.
    penalty = (
        max(spread + 2 * missing * counted, int(np.abs(values).max(initial=0)) + 2 * reward + 1)
        * 2
        * (min(count, len(tables.titles)) + cells + 4)
    )
    side_arcs = np.array(rewards, dtype=np.int64).reshape(-1, 4)
    tail.append(side_arcs[:, 0])
    head.append(side_arcs[:, 1])
    room.append(side_arcs[:, 2])
    cost = np.concatenate(
        [np.zeros(len(stations.arc_from), dtype=np.int64), np.full(len(roots), penalty), side_arcs[:, 3]]
    )
    return Network(
        tables=tables,
        penalty=penalty,
        reward=reward,
        missing=missing,
        nodes=nodes,
        tail=np.concatenate(tail),
        head=np.concatenate(head),
        room=np.concatenate(room),
        cost=cost,
        terminal=terminal,
        hot_terminal=hot_terminal,
        fair=fair,
    )


def very_few(low: int) -> int:
    """Of how few hot titles each counts double, as each that is too many does: nobody is to be far behind, or ahead."""
    return low // 2


def _fair_shares(tables: Tables) -> dict[int, tuple[int, int]]:
    """For each terminal: of how many hot titles a year it has too few, and too many."""
    stations = tables.stations
    # Copies of a title that nearly all schools have had are no supply.
    supply = np.minimum(tables.capacity.sum(axis=1), (tables.value != FORBIDDEN).sum(axis=0))
    of_cell = np.bincount(tables.cell_of, weights=supply, minlength=len(tables.cells))
    hot_of_cell = np.bincount(tables.cell_of, weights=supply * tables.hot, minlength=len(tables.cells))
    asked = np.zeros(len(tables.cells))
    inside: dict[int, Ints] = {}
    for station in np.unique(tables.terminal[tables.terminal >= 0]):
        cells = np.flatnonzero(tables.terminal[stations.school[station]] == station)
        if of_cell[cells].sum():
            inside[int(station)] = cells
            asked[cells] += sum(stations.places[station]) * of_cell[cells] / of_cell[cells].sum()
    part = np.minimum(hot_of_cell / np.maximum(asked, 1), 1)
    share = {}
    of_school: dict[int, float] = defaultdict(float)
    for station, cells in inside.items():
        weight = of_cell[cells] / of_cell[cells].sum()
        share[station] = float(sum(stations.places[station]) * (weight * part[cells]).sum())
        of_school[stations.school[station]] += share[station]
    # Every school gets as many hot titles for its places as the others, whatever its quotas.
    places = {at: sum(stations.places[root]) for at, root in enumerate(stations.root_of)}
    fraction = sum(of_school.values()) / max(sum(places.values()), 1)
    shares: dict[int, tuple[int, int]] = {}
    told: dict[int, tuple[float, float]] = {}
    for station in sorted(share):
        school = stations.school[station]
        fair = share[station] * fraction * places[school] / of_school[school] if of_school[school] else 0.0
        # Rounded along the school's quotas, so that its total is as fair as each of them.
        low, high = told.get(school, (0.0, 0.0))
        told[school] = (low + LEAST * fair, high + MOST * fair)
        least = int(told[school][0]) - int(low)
        shares[station] = (least, max(int(told[school][1]) - int(high), least))
    return {station: it for station, it in shares.items() if it[1] or share[station]}


def all_pairs(tables: Tables, rows: Ints | None = None) -> tuple[Ints, Ints]:
    """Every pair of school and title (of these schools) that is allowed and has a place to go to."""
    every = np.arange(len(tables.schools)) if rows is None else rows
    allowed = tables.value[every] != FORBIDDEN
    allowed &= tables.terminal[every][:, tables.cell_of] >= 0
    schools, titles = np.nonzero(allowed)
    return every[schools], titles


def tails_of(network: Network, schools: Ints, titles: Ints) -> Ints:
    """The node that each pair's arc leaves."""
    cells = network.tables.cell_of[titles]
    ordinary = network.terminal[schools, cells]
    if not network.fair:
        return ordinary
    return np.where(network.tables.hot[titles], network.hot_terminal[schools, cells], ordinary)


def solve(
    network: Network, schools: Ints, titles: Ints, *, sample: Ints | None = None, room: Ints | None = None
) -> Year:
    """The best year on the offered pairs; of a ``sample`` of schools with so much ``room`` of each title, if one is given."""
    tables = network.tables
    first_title = len(tables.stations.school)
    supply = tables.capacity.sum(axis=1) if room is None else room
    tails = tails_of(network, schools, titles)
    values = tables.value[schools, titles].astype(np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    inner = flow.add_arcs_with_capacity_and_unit_cost(
        network.tail.astype(np.int32), network.head.astype(np.int32), network.room, network.cost
    )
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32),
        (titles + first_title).astype(np.int32),
        np.ones(len(titles), dtype=np.int64),
        -values,
    )
    every = np.arange(len(supply), dtype=np.int32)
    ends = flow.add_arcs_with_capacity_and_unit_cost(
        every + first_title,
        np.full(len(supply), network.sink, dtype=np.int32),
        supply,
        np.zeros(len(supply), dtype=np.int64),
    )
    roots = np.array(tables.stations.root_of, dtype=np.int32)
    given = np.array([sum(tables.stations.places[root]) for root in tables.stations.root_of], dtype=np.int64)
    if sample is not None:
        given[~np.isin(np.arange(len(given)), sample)] = 0
    flow.set_nodes_supplies(np.append(roots, network.sink).astype(np.int32), np.append(given, -given.sum()))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the network flow ended with {status}")
    taken = flow.flows(pairs) > 0
    carried = flow.flows(inner)
    slack = slice(len(tables.stations.arc_from), len(tables.stations.arc_from) + len(roots))
    empty = int(carried[slack].sum())
    score = int(values[taken].sum()) - int((carried * network.cost).sum()) + empty * network.penalty
    return Year(schools, titles, tails, taken, carried, flow.flows(ends), supply, empty, score)
