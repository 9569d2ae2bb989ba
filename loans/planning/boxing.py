"""Plans with fixed boxes: all of each delivery in a box, or most of it, with a personal rest beside."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from loans.planning.kits import Ring, rings
from loans.planning.mixing import without_boxes
from loans.planning.plan import CrossingGap, Delivery, Item, Plan, Trip
from loans.planning.quotas import matches
from loans.planning.shortage import remedies, shortages
from loans.planning.splitting import Placed
from loans.planning.summing import crossing_gaps, figures_of, unserved, wished_of
from loans.planning.tables import Tables

Told = Callable[[str, float], None]


def boxed_plan(
    tables: Tables, told: Told, digest: str, personal: Callable[[Tables, Told, str], Plan]
) -> Plan:
    """``personal`` plans what is beside the boxes."""
    problem = tables.problem
    told("kits", 0.0)
    ringed = rings(tables, problem.fixed if problem.mode == "mixed" else None)
    items, kits = _from_boxes(tables, ringed)
    direct = sum(bool(item.source) for rows in items.values() for item in rows)
    trips = _trips(tables, items)
    solver = "fixed boxes"
    beside = without_boxes(problem, ringed, tables) if problem.mode == "mixed" else problem
    # The boxes may have taken every book there is.
    if problem.mode == "mixed" and beside.titles:
        rest = personal(Tables(beside), told, digest)
        for delivery in rest.deliveries:
            items[tables.school_at[delivery.school], delivery.period - 1] += delivery.items
        direct += rest.figures.direct
        trips += list(rest.trips)
        solver = f"fixed boxes, {rest.solver}"
    placed = _placed(tables, items)
    short = shortages(tables, placed)
    figures = figures_of(tables, placed, placed, wished_of(tables))
    return Plan(
        inputs=digest,
        solver=solver,
        seed=problem.seed,
        mode=problem.mode,
        deliveries=tuple(
            Delivery(
                school.key, period + 1, tuple(sorted(items.get((at, period), ()))), kits.get((at, period), "")
            )
            for at, school in enumerate(tables.schools)
            for period in range(tables.periods)
            if period + 1 not in school.absent
        ),
        figures=replace(
            figures,
            score=int(tables.value[placed.schools, placed.titles].sum(dtype=np.int64)),
            swapped=len(placed.schools),
            direct=direct,
            trips=len(trips),
        ),
        shortages=tuple(short),
        remedies=tuple(remedies(tables, short, placed)),
        crossing_gaps=tuple(crossing_gaps(tables, placed) + _quota_gaps(tables, placed)),
        unserved=tuple(unserved(tables, placed)),
        trips=tuple(sorted(trips, key=lambda it: (it.period, it.source, it.target))),
    )


def _from_boxes(
    tables: Tables, ringed: list[Ring]
) -> tuple[dict[tuple[int, int], list[Item]], dict[tuple[int, int], str]]:
    items: dict[tuple[int, int], list[Item]] = defaultdict(list)
    kits = {}
    for ring in ringed:
        for place, school in enumerate(ring.schools):
            for period in range(tables.periods):
                if period + 1 in tables.schools[school].absent:
                    continue
                box = ring.box_at(place, period)
                name = tables.schools[school].ring
                kits[school, period] = f"{name} {box + 1}".strip()
                before = ring.giver(place)
                giver = tables.schools[before] if before is not None and before != school and period else None
                if giver is not None and period in giver.absent:
                    giver = None
                items[school, period] = [
                    Item(tables.titles[title].key, copy, giver.key if giver else "")
                    for title, copy in ring.boxes[box]
                ]
    return items, kits


def _trips(tables: Tables, items: dict[tuple[int, int], list[Item]]) -> list[Trip]:
    """One box from each school to the next."""
    books = Counter(
        (period + 1, item.source, tables.schools[school].key)
        for (school, period), rows in items.items()
        for item in rows
        if item.source
    )
    return [Trip(period, source, target, count) for (period, source, target), count in books.items()]


def _quota_gaps(tables: Tables, placed: Placed) -> list[CrossingGap]:
    """What each quota of a school misses in all its deliveries together: boxes are filled for the mean of the ring."""
    inside: Counter[tuple[int, int, int]] = Counter(
        zip(
            placed.schools.tolist(),
            placed.periods.tolist(),
            tables.cell_of[placed.titles].tolist(),
            strict=True,
        )
    )
    found = []
    for at, school in enumerate(tables.schools):
        known = {-1 - rule.number for rule in tables.rules if rule.school == at and rule.number < 0}
        for number, quota in enumerate(school.quotas):
            cells = [it for it, cell in enumerate(tables.cells) if matches(cell, quota.level, quota.subject)]
            missed = sum(
                max(quota.places - sum(inside[at, period, cell] for cell in cells), 0)
                for period in range(tables.periods)
                if period + 1 not in school.absent
            )
            if missed and number not in known:
                found.append(CrossingGap(school.key, -1 - number, missed))
    return found


def _placed(tables: Tables, items: dict[tuple[int, int], list[Item]]) -> Placed:
    rows = [
        (school, tables.title_at[item.title], period)
        for (school, period), books in sorted(items.items())
        for item in books
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Placed(table[:, 0], table[:, 1], table[:, 2])
