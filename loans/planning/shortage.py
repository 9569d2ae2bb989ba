"""Why places stay empty: the certificate, the table of quotas that fall short, and what to buy.

From every delivery with empty places follow what could still change: to titles that it might have instead, from those to schools
that have them now. Whatever is reached asks for more than all it can get; the difference is what must stay empty.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loans.planning.plan import Certificate, Empty, Remedy
from loans.planning.splitting import Placed
from loans.planning.tables import FORBIDDEN, Ints, Tables
from loans.planning.year import Network, Year, tails_of


@dataclass(frozen=True, slots=True)
class Reached:
    """Stations and titles that an empty place leads to."""

    stations: NDArray[np.bool_]
    titles: NDArray[np.bool_]


def reach(network: Network, year: Year) -> Reached:
    """Follow what the flow leaves open, from the deliveries with empty places."""
    tables = network.tables
    count = len(tables.stations.school)
    inner = len(tables.stations.arc_from)
    roots = np.array(tables.stations.root_of)
    seen = np.zeros(network.nodes, dtype=bool)
    seen[roots[year.inner[inner : inner + len(roots)] > 0]] = True
    taken = np.zeros(tables.value.shape, dtype=bool)
    taken[year.schools[year.taken], year.titles[year.taken]] = True
    # The emptiest plan is a matter of places alone: rewards of hot titles close no way.
    keep = np.arange(len(network.tail)) >= inner + len(roots)
    keep[:inner] = True
    tail, head = network.tail[keep], network.head[keep]
    forward = year.inner[keep] < network.room[keep]
    backward = year.inner[keep] > 0
    while True:
        before = int(seen.sum())
        for _step in range(6):
            seen[head[forward & seen[tail]]] = True
            seen[tail[backward & seen[head]]] = True
        # School by school: all pairs of a big city at once would not fit into memory.
        for school in range(len(tables.schools)):
            titles = _open_titles(tables, school)
            tails = tails_of(network, np.full(len(titles), school), titles)
            chosen = taken[school, titles]
            seen[titles[~chosen & seen[tails]] + count] = True
            seen[tails[chosen & seen[titles + count]]] = True
        if int(seen.sum()) == before:
            return Reached(seen[:count], seen[count : count + len(tables.titles)])


def _open_titles(tables: Tables, school: int) -> Ints:
    """Titles that a school may have and has places for."""
    titles: Ints = np.flatnonzero(
        (tables.value[school] != FORBIDDEN) & (tables.terminal[school, tables.cell_of] >= 0)
    )
    return titles


def certificate(tables: Tables, found: Reached, empty: int) -> Certificate:
    """The equation, from what is reached."""
    stations = tables.stations
    quotas, demand = [], 0
    lone = {root for root, tree in zip(stations.root_of, tables.nests, strict=True) if len(tree.nodes) == 1}
    for station in np.flatnonzero(found.stations):
        # A delivery for which there is no cell at all is its own terminal.
        if stations.cells[station] or station in lone:
            quotas.append(stations.name(int(station), tables.schools))
    for school in range(len(tables.schools)):
        root = stations.root_of[school]
        if found.stations[root]:
            demand += sum(stations.places[root])
    for source, target, places in zip(stations.arc_from, stations.arc_to, stations.arc_places, strict=True):
        if found.stations[source] and not found.stations[target]:
            demand -= sum(places)
    links = 0
    for school in range(len(tables.schools)):
        titles = _open_titles(tables, school)
        terminal = tables.terminal[school, tables.cell_of[titles]]
        links += int((found.stations[terminal] & ~found.titles[titles]).sum())
    supply = int(tables.capacity[found.titles].sum())
    return Certificate(
        empty=empty,
        demand=demand,
        supply=supply,
        links=links,
        quotas=tuple(sorted(quotas)),
        titles=tuple(sorted(tables.titles[at].key for at in np.flatnonzero(found.titles))),
    )


def shortages(tables: Tables, placed: Placed) -> list[Empty]:
    """Each quota, and the free places, that the plan leaves short, with the part that no number of copies could fill."""
    stations = tables.stations
    got = np.zeros(len(stations.school), dtype=np.int64)
    terminal = tables.terminal[placed.schools, tables.cell_of[placed.titles]]
    # A fixed box may hold what no quota asks for.
    np.add.at(got, terminal[terminal >= 0], 1)
    books = np.bincount(placed.schools, minlength=len(tables.schools))
    rows = []
    for school, here in enumerate(tables.schools):
        root = stations.root_of[school]
        wanted = sum(stations.places[root])
        missing = wanted - int(books[school])
        if missing <= 0:
            continue
        for station in _stations_of(tables, school):
            if not stations.cells[station] or stations.is_pool[station] or station == root:
                continue
            needs = sum(stations.places[station])
            short = min(needs - int(got[station]), missing)
            if short > 0:
                missing -= short
                quota = here.quotas[stations.quota[station]]
                rows.append(_row(tables, school, station, quota.level, quota.subject, needs, short))
        if missing:
            rows.append(_row(tables, school, root, "", "", wanted, missing))
    return rows


def _stations_of(tables: Tables, school: int) -> list[int]:
    stations = tables.stations
    first = stations.root_of[school]
    last = stations.root_of[school + 1] if school + 1 < len(tables.schools) else len(stations.school)
    return list(range(first, last))


def _row(
    tables: Tables, school: int, station: int, level: str, subject: str, needs: int, short: int
) -> Empty:
    cells = (
        tables.stations.cells[station]
        if station != tables.stations.root_of[school]
        else range(len(tables.cells))
    )
    may = sum(
        int((tables.value[school, tables.first_of[cell] : tables.first_of[cell + 1]] != FORBIDDEN).sum())
        for cell in cells
    )
    return Empty(
        tables.schools[school].key, level, subject, needs, needs - short, min(short, max(0, needs - may))
    )


def remedies(tables: Tables, rows: list[Empty], placed: Placed) -> list[Remedy]:
    """For each cell what surely closes its gap: so many copies, and new titles where schools have had all there are."""
    used = np.zeros(tables.value.shape, dtype=bool)
    used[placed.schools, placed.titles] = True
    by_cell: dict[tuple[str, str], list[Empty]] = defaultdict(list)
    for row in rows:
        by_cell[row.level, row.subject].append(row)
    found = []
    for (level, subject), short in sorted(by_cell.items()):
        inside = np.array(
            [level in ("", title.level) and subject in ("", title.subject) for title in tables.titles],
            dtype=bool,
        )
        missing = sum(row.needs - row.gets for row in short)
        asked = np.zeros(len(tables.titles), dtype=np.int64)
        new = 0
        for row in short:
            school = tables.school_at[row.school]
            open_titles = inside & ~used[school] & (tables.value[school] != FORBIDDEN)
            asked += open_titles
            new = max(new, row.needs - row.gets - int(open_titles.sum()))
        copies = max(-(-missing // tables.periods), new)
        best: Ints = np.argsort(-asked, kind="stable")[:5]
        found.append(
            Remedy(
                level, subject, missing, copies, new, tuple(tables.titles[at].key for at in best if asked[at])
            )
        )
    return found
