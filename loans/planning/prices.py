"""What a place of each title is worth, and the bound that follows: the proof that a year cannot be better.

For any prices ≥ 0, no plan is worth more than: what all places cost at these prices, plus for each school the best that it could
choose if it paid them. Prices of an optimal flow make this bound exact. In big cities only pairs are offered that may pay at the
present prices ("price and cut"); the bound counts all pairs all the same.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from loans.planning.tables import FORBIDDEN, Ints, Tables
from loans.planning.year import Network, Year, all_pairs, solve, very_few

FAR = np.int64(2**55)
# Up to so many pairs the whole network is solved at once.
DENSE = 600_000
SAMPLE = 90
ROUNDS = 8
GOOD_ENOUGH = 2e-5


def prices_of(network: Network, year: Year) -> Ints:
    """The price of a place of each title: shortest distances in what the flow leaves, by Bellman and Ford."""
    tables = network.tables
    first_title = len(tables.stations.school)
    distance = np.full(network.nodes, FAR)
    distance[network.sink] = 0
    titles = slice(first_title, first_title + len(tables.titles))
    distance[titles][year.used > 0] = 0
    value = tables.value[year.schools, year.titles].astype(np.int64)
    back = _Sweep(year.tails[year.taken], year.titles[year.taken] + first_title, value[year.taken])
    forth = _Sweep(year.titles[~year.taken] + first_title, year.tails[~year.taken], -value[~year.taken])
    open_arcs = year.inner < network.room
    filled = year.inner > 0
    inner_tail = np.concatenate([network.tail[open_arcs], network.head[filled]])
    inner_head = np.concatenate([network.head[open_arcs], network.tail[filled]])
    inner_cost = np.concatenate([network.cost[open_arcs], -network.cost[filled]])
    for _sweep in range(network.nodes):
        before = distance.copy()
        back.relax(distance)
        for _step in range(8):
            np.minimum.at(distance, inner_head, np.minimum(distance[inner_tail] + inner_cost, FAR))
        forth.relax(distance)
        if np.array_equal(before, distance):
            break
    full = (year.used >= year.room) & (distance[titles] < FAR // 2)
    prices: Ints = np.maximum(np.where(full, -distance[titles], 0), 0)
    return prices


class _Sweep:
    """Arcs by the node they lead to, so that one reduction finds the shortest of each."""

    def __init__(self, to: Ints, source: Ints, cost: Ints) -> None:
        order = np.argsort(to, kind="stable")
        self.source, self.cost = source[order], cost[order]
        self.to, self.starts = np.unique(to[order], return_index=True)

    def relax(self, distance: Ints) -> None:
        if len(self.to):
            best = np.minimum.reduceat(distance[self.source] + self.cost, self.starts)
            distance[self.to] = np.minimum(distance[self.to], np.minimum(best, FAR))


def bound(network: Network, prices: Ints) -> int:
    """No plan has a greater ``score − penalty × empty places``."""
    tables = network.tables
    total = int((tables.capacity.sum(axis=1) * prices).sum())
    for school in range(len(tables.schools)):
        total += _best(network, school, tables.value[school].astype(np.int64) - prices)
    return total


def _best(network: Network, school: int, gain: Ints) -> int:
    """The most that a school's places can earn when each title costs its price."""
    tables = network.tables
    root = tables.stations.root_of[school]
    nodes = tables.nests[school].nodes
    wanted = sum(tables.stations.places[root])
    gain[tables.value[school] == FORBIDDEN] = -FAR
    pooled = dict(_pools(tables, school))

    def offers(at: int) -> tuple[Ints, Ints]:
        """What the places of a quota earn, and what else it could give to places above that are free."""
        node = nodes[at]
        places = sum(tables.stations.places[root + at])
        if not node.children:
            return _split(station_offers(network, root + at, gain), places, rest=bool(pooled))
        found = [offers(child) for child in node.children]
        sure = np.concatenate([it[0] for it in found])
        if at not in pooled:
            return sure, sure[:0]
        spare = np.concatenate([it[1] for it in found] + [station_offers(network, pooled[at], gain)])
        filled, rest = _split(spare, sum(tables.stations.places[pooled[at]]), rest=True)
        return np.concatenate([sure, filled]), rest

    sure, _rest = offers(0)
    return int(sure.sum()) - network.penalty * (wanted - len(sure))


def _pools(tables: Tables, school: int) -> list[tuple[int, int]]:
    """The pools of a school, each with the place of its quota in the tree."""
    stations = tables.stations
    nodes = tables.nests[school].nodes
    place = {node.number: at for at, node in enumerate(nodes)}
    station = stations.root_of[school] + len(nodes)
    found = []
    while station < len(stations.school) and stations.school[station] == school:
        found.append((place[stations.quota[station]], station))
        station += 1
    return found


def station_offers(network: Network, station: int, gain: Ints) -> Ints:
    """What each title that hangs on a station would earn; hot ones with what fairness adds to the first and takes from the last."""
    tables = network.tables
    rows = [
        slice(tables.first_of[cell], tables.first_of[cell + 1]) for cell in tables.stations.cells[station]
    ]
    offers: Ints = np.concatenate([gain[row] for row in rows]) if rows else gain[:0]
    if station in network.fair:
        hot = np.concatenate([tables.hot[row] for row in rows])
        low, high = network.fair[station]
        liked = np.sort(offers[hot])[::-1]
        liked[:low] += network.reward
        liked[: very_few(low)] += network.reward
        liked[high:] -= 2 * network.reward
        offers = np.concatenate([liked, offers[~hot]])
    # A place may also stay empty, at its penalty.
    return np.maximum(offers, -network.penalty)


def _split(offers: Ints, count: int, *, rest: bool) -> tuple[Ints, Ints]:
    """The best ``count`` and, if asked for, the others."""
    if len(offers) <= count:
        return offers, offers[:0]
    at = len(offers) - count
    parted = np.partition(offers, at) if count else offers
    return parted[at:], parted[:at] if rest else offers[:0]


def candidates(network: Network, prices: Ints, offered: NDArray[np.bool_] | None) -> tuple[Ints, Ints]:
    """Pairs that may pay at these prices: for each station the best titles and a quarter more, and what was offered before."""
    tables = network.tables
    stations = tables.stations
    schools, titles = [], []
    for school in range(len(tables.schools)):
        keep = np.zeros(len(tables.titles), dtype=bool) if offered is None else offered[school].copy()
        row = tables.value[school]
        gain = row - prices
        allowed = row != FORBIDDEN
        for station in np.unique(tables.terminal[school]):
            if station < 0:
                continue
            wanted = sum(stations.places[station]) + sum(
                sum(stations.places[it]) for _at, it in _pools(tables, school)
            )
            for cell in stations.cells[station]:
                first, last = tables.first_of[cell], tables.first_of[cell + 1]
                for kind in (True, False) if station in network.fair else (None,):
                    inside = (
                        allowed[first:last]
                        if kind is None
                        else allowed[first:last] & (tables.hot[first:last] == kind)
                    )
                    found = np.flatnonzero(inside) + first
                    count = wanted + wanted // 4 + 2
                    if len(found) > count:
                        found = found[np.argpartition(-gain[found], count)[:count]]
                    keep[found] = True
        at = np.flatnonzero(keep & (tables.terminal[school, tables.cell_of] >= 0))
        titles.append(at)
        schools.append(np.full(len(at), school))
    return np.concatenate(schools), np.concatenate(titles)


def best_year(tables: Tables, network: Network, told: Callable[[str, float], None]) -> tuple[Year, Ints, int]:
    """The best year, the prices that prove it, and the bound they give."""
    allowed = int((tables.value != FORBIDDEN).sum())
    if allowed <= DENSE:
        year = solve(network, *all_pairs(tables))
        prices = prices_of(network, year)
        return year, prices, bound(network, prices)
    prices = _sampled_prices(tables, network)
    offered = None
    best_bound, best_prices = bound(network, prices), prices
    for step in range(ROUNDS):
        told("year", step / ROUNDS)
        year = solve(network, *candidates(network, prices, offered))
        prices = prices_of(network, year)
        limit = bound(network, prices)
        if limit < best_bound:
            best_bound, best_prices = limit, prices
        worth = year.score - network.penalty * year.empty
        if best_bound - worth <= GOOD_ENOUGH * abs(year.score):
            break
        if offered is None:
            offered = np.zeros(tables.value.shape, dtype=bool)
        offered[year.schools, year.titles] = True
    return year, best_prices, best_bound


def _sampled_prices(tables: Tables, network: Network) -> Ints:
    """A first guess at the prices: some of the schools with their part of the copies."""
    count = len(tables.schools)
    sample = np.unique(np.linspace(0, count - 1, SAMPLE).astype(np.int64))
    schools, titles = all_pairs(tables, sample)
    supply = tables.capacity.sum(axis=1)
    part = supply * len(sample)
    # What is left over in rounding goes to every so many titles.
    room = part // count + (np.arange(len(supply)) * (part % count) % count < part % count)
    year = solve(network, schools, titles, sample=sample, room=room)
    return prices_of(network, year)
