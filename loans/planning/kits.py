"""Fixed boxes that travel round a ring of schools: little to carry, nothing to sort, and nobody's own choice.

The schools of a ring stand in a round tour. In each period every box moves on by one school, so a school sees box after box of
those behind it. Copies of a title lie in boxes at least ``kit_gap`` apart: no school sees a title again before so many periods.
"""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from loans.planning.distances import kilometres
from loans.planning.packing import Packing
from loans.planning.problem import School
from loans.planning.quotas import nest
from loans.planning.tables import FORBIDDEN, Tables


class Ring:
    """Schools of one kind in the order of their tour, and the boxes: ``boxes[k]`` holds (title, copy) pairs.

    In period t (from 0) the school at place i has box (i − t) modulo the number of boxes. There are at least as many boxes as
    periods: those that are at no school wait in the library.
    """

    def __init__(self, schools: list[int], periods: int) -> None:
        self.schools = schools
        self.boxes: list[list[tuple[int, str]]] = [[] for _box in range(max(len(schools), periods))]

    def box_at(self, place: int, period: int) -> int:
        return (place - period) % len(self.boxes)

    def giver(self, place: int) -> int | None:
        """The school that hands its box on to this place; None where it comes from the library."""
        return self.schools[place - 1] if place or len(self.schools) == len(self.boxes) else None


def rings(tables: Tables, size: int | None = None) -> list[Ring]:
    """Rings with filled boxes. ``size``: books in a box; None: the whole delivery of the schools."""
    away = kilometres(tables.schools)
    of_ring: dict[str, list[int]] = defaultdict(list)
    for at, school in enumerate(tables.schools):
        of_ring[school.ring].append(at)
    copies: dict[int, list[str]] = defaultdict(list)
    for copy in sorted(tables.problem.copies, key=lambda it: (it.wear, it.key)):
        if copy.first <= 1 and not copy.last:
            copies[tables.title_at[copy.title]].append(copy.key)
    found = []
    for name in sorted(of_ring):
        members = of_ring[name]
        ring = Ring(tour(members, away), tables.periods)
        _fill(tables, ring, size, copies)
        found.append(ring)
    return found


def tour(members: list[int], away: NDArray[np.float32]) -> list[int]:
    """A short round through the schools: the nearest next, then two-opt."""
    metres = (away * 1000).astype(int).tolist()
    route = [members[0]]
    rest = set(members[1:])
    while rest:
        route.append(min(rest, key=lambda it: (metres[route[-1]][it], it)))
        rest.remove(route[-1])
    improved = len(route) > 3
    while improved:
        improved = False
        for one in range(len(route) - 1):
            for two in range(one + 2, len(route) - (one == 0)):
                a, b, c, d = route[one], route[one + 1], route[two], route[(two + 1) % len(route)]
                if metres[a][c] + metres[b][d] < metres[a][b] + metres[c][d]:
                    route[one + 1 : two + 1] = reversed(route[one + 1 : two + 1])
                    improved = True
    return route


def _fill(tables: Tables, ring: Ring, size: int | None, copies: dict[int, list[str]]) -> None:
    """Fill the boxes of a ring quota by quota, then what is still open with any book there is."""
    first = tables.schools[ring.schools[0]]
    books = first.size if size is None else min(size, first.size)
    # Never twice at a school within the plan, whatever the gap.
    gap = min(max(tables.problem.kit_gap, tables.periods), len(ring.boxes))
    liked = np.where(tables.value == FORBIDDEN, 0, tables.value)[ring.schools].mean(axis=0)
    packing = Packing(ring.boxes, gap, _barred(tables, ring), copies)
    # Rare titles last: they can go anywhere and so fill what remains.
    titles = sorted(
        (at for at, title in enumerate(tables.titles) if title.level in first.levels and copies[at]),
        key=lambda it: (-min(len(copies[it]), packing.most), -float(liked[it]), it),
    )
    for cells, wanted in _standard(tables, [tables.schools[at] for at in ring.schools], books):
        packing.fill([at for at in titles if int(tables.cell_of[at]) in cells], wanted)
    packing.complete(titles, books)


def _barred(tables: Tables, ring: Ring) -> dict[int, NDArray[np.bool_]]:
    """Boxes that a title may not lie in, because they come within the gap to a school that had it."""
    count = len(ring.boxes)
    ahead = min(max(tables.periods, tables.problem.kit_gap - 1), count)
    barred: dict[int, NDArray[np.bool_]] = defaultdict(lambda: np.zeros(count, dtype=bool))
    place = {school: at for at, school in enumerate(ring.schools)}
    for row in tables.problem.history:
        school = tables.school_at[row.school]
        if school not in place:
            continue
        for key in row.titles:
            if key in tables.title_at:
                boxes = barred[tables.title_at[key]]
                for period in range(ahead):
                    if tables.problem.memory is None or period + row.ago <= tables.problem.memory:
                        boxes[ring.box_at(place[school], period)] = True
    for ban in tables.problem.bans:
        school = tables.school_at[ban.school]
        for key in ban.titles:
            if school in place and key in tables.title_at:
                for period in range(ahead):
                    barred[tables.title_at[key]][ring.box_at(place[school], period)] = True
    return barred


def _standard(tables: Tables, schools: list[School], books: int) -> list[tuple[frozenset[int], int]]:
    """How many books of which cells a box holds, the narrowest first: the mean of the schools' quotas."""
    mean: dict[frozenset[int], float] = defaultdict(float)
    for school in schools:
        for node in nest(school, tables.cells).nodes:
            mean[node.cells] += node.free / len(schools) * books / max(school.size, 1)
    order = sorted(mean, key=lambda it: (len(it), sorted(it)))
    places = {cells: int(mean[cells] + 1e-9) for cells in order}
    by_rest = sorted(order, key=lambda it: (places[it] - mean[it], order.index(it)))
    for cells in by_rest[: books - sum(places.values())]:
        places[cells] += 1
    return [(cells, places[cells]) for cells in order if places[cells]]
