"""Fixed boxes that travel round a ring of schools: little to carry, nothing to sort, and nobody's own choice.

The schools of a ring stand in a round tour. In each period every box moves on by one school, so a school sees box after box of
those behind it. Copies of a title lie in boxes at least ``kit_gap`` apart: no school sees a title again before so many periods.
"""

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from loans.planning.distances import kilometres
from loans.planning.problem import History, Problem, School
from loans.planning.quotas import matches, nest
from loans.planning.tables import FORBIDDEN, Ints, Tables

STARTS = 58


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
    """Fill the boxes of a ring cell by cell, titles with many copies first, each copy where most is missing."""
    count = len(ring.boxes)
    first = tables.schools[ring.schools[0]]
    # Never twice at a school within the plan, whatever the gap.
    gap = min(max(tables.problem.kit_gap, tables.periods), count)
    shares = _standard(
        tables, [tables.schools[at] for at in ring.schools], min(size or first.size, first.size), first.size
    )
    liked = np.where(tables.value == FORBIDDEN, 0, tables.value)[ring.schools].mean(axis=0)
    barred = _barred(tables, ring)
    lying: list[set[int]] = [set() for _box in ring.boxes]
    for cell, wanted in sorted(shares.items(), key=lambda it: (it[0] < 0, it[0])):
        missing = np.full(count, wanted, dtype=np.int64)
        titles = [at for at, title in enumerate(tables.titles) if title.level in first.levels]
        if cell >= 0:
            titles = [at for at in titles if tables.cell_of[at] == cell]
        # Rare titles last: they can go anywhere and so fill what remains.
        for title in sorted(
            titles, key=lambda it: (-min(len(copies[it]), count // gap), -float(liked[it]), it)
        ):
            if not missing.any():
                break
            for at in _places(missing, barred[title], lying, title, gap, len(copies[title])):
                ring.boxes[at].append((title, copies[title].pop(0)))
                lying[at].add(title)
                missing[at] -= 1


def _places(
    missing: Ints, barred: NDArray[np.bool_], lying: list[set[int]], title: int, gap: int, copies: int
) -> list[int]:
    """Boxes for as many copies as can be, then where most is missing; none within the gap, or to a school that had the title."""
    count = len(missing)
    free = (missing > 0) & ~barred
    for at in [at for at, box in enumerate(lying) if title in box]:
        free[np.arange(at - gap + 1, at + gap) % count] = False
    open_boxes = np.flatnonzero(free)
    best: tuple[int, int, list[int]] = (0, 0, [])
    # Some starts all round the ring tell enough.
    for start in open_boxes[:: len(open_boxes) // STARTS + 1].tolist():
        # Once round the ring from here, the next box that is open and far enough, and at last far enough from the first.
        chosen = [start]
        for step in range(gap, count - gap + 1):
            at = (start + step) % count
            if len(chosen) == copies:
                break
            if free[at] and (at - chosen[-1]) % count >= gap:
                chosen.append(at)
        worth = int(missing[chosen].sum())
        if (len(chosen), worth) > best[:2]:
            best = (len(chosen), worth, chosen)
    return best[2] if copies else []


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
    return barred


def _standard(tables: Tables, schools: list[School], size: int, whole: int) -> dict[int, int]:
    """How many books of each cell a box holds: the mean of the schools' quotas; −1: of any cell."""
    mean = np.zeros(len(tables.cells) + 1)
    for school in schools:
        for node in nest(school, tables.cells).nodes[1:]:
            if not node.children and len(node.cells) == 1:
                mean[min(node.cells)] += node.places / len(schools)
    mean *= size / max(whole, 1)
    mean[-1] = max(size - mean[:-1].sum(), 0)
    floor = np.floor(mean + 1e-9).astype(np.int64)
    order = np.argsort(-(mean - floor), kind="stable")
    floor[order[: size - int(floor.sum())]] += 1
    return {
        (cell if cell < len(tables.cells) else -1): int(places) for cell, places in enumerate(floor) if places
    }


def without_boxes(problem: Problem, ringed: list[Ring], tables: Tables) -> Problem:
    """What is left to plan personally when fixed boxes travel: smaller deliveries, fewer copies, titles that will come anyway."""
    boxed = {key for ring in ringed for box in ring.boxes for _title, key in box}
    seen: dict[str, set[str]] = defaultdict(set)
    shrunk = {}
    for ring in ringed:
        for place, at in enumerate(ring.schools):
            school = tables.schools[at]
            for period in range(tables.periods):
                seen[school.key] |= {
                    tables.titles[title].key for title, _key in ring.boxes[ring.box_at(place, period)]
                }
            books = max(len(box) for box in ring.boxes)
            shrunk[school.key] = _smaller(tables, ring, school, school.size - books)
    copies = tuple(copy for copy in problem.copies if copy.key not in boxed)
    with_copy = {copy.title for copy in copies}
    kept = [row for row in problem.history if problem.memory is None or row.ago <= problem.memory]
    return replace(
        problem,
        mode="personal",
        schools=tuple(shrunk[school.key] for school in problem.schools),
        copies=copies,
        titles=tuple(title for title in problem.titles if title.key in with_copy),
        # What a box brings is as if it were had just now, for good: it is not brought a second time by hand.
        memory=None,
        history=(*kept, *(History(key, tuple(sorted(titles)), 1) for key, titles in sorted(seen.items()))),
    )


def _smaller(tables: Tables, ring: Ring, school: School, size: int) -> School:
    """The same school with a delivery of ``size``: of each quota what no box brings, as far as that fits."""
    lying = [Counter(int(tables.cell_of[title]) for title, _key in box) for box in ring.boxes]
    quotas = []
    left = size
    for quota in school.quotas:
        cells = [at for at, cell in enumerate(tables.cells) if matches(cell, quota.level, quota.subject)]
        brought = min(sum(box[cell] for cell in cells) for box in lying)
        places = min(max(quota.places - brought, 0), left)
        left -= places
        quotas.append(replace(quota, places=places))
    return replace(school, size=size, quotas=tuple(quotas))
