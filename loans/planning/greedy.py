"""The plan that a quick hand makes: school after school, period after period, the best that is still on the shelf.

It stays here to be beaten: figures of the planner are compared with it (``manage.py plan_rotation --compare``, tests).
"""

from dataclasses import dataclass

import numpy as np

from loans.planning.problem import Problem
from loans.planning.tables import FORBIDDEN, Tables


@dataclass(frozen=True, slots=True)
class Naive:
    """Figures of the naive plan, as those of ``Figures``."""

    preference: int
    empty: int
    wishes_served: int
    hot_least: int
    hot_most: int


def plan_naively(problem: Problem) -> Naive:
    """For quotas that do not lie within one another; places that no quota asks for are filled last."""
    tables = Tables(problem)
    value = tables.value.astype(np.int64)
    given = np.zeros(value.shape, dtype=bool)
    wanted = [[(node.places, sorted(node.cells)) for node in tree.nodes[:0:-1]] for tree in tables.nests]
    preference = empty = 0
    for period in range(tables.periods):
        left = tables.capacity[:, period].copy()
        for at, school in enumerate(tables.schools):
            if period + 1 in school.absent:
                continue
            row = value[at]
            row[[title for (one, title), again in tables.late.items() if one == at and again > period]] = (
                FORBIDDEN
            )
            lying = 0
            for places, cells in [*wanted[at], (school.size, sorted(tables.nests[at].nodes[0].cells))]:
                count = min(places, school.size - lying)
                rows = np.concatenate(
                    [np.arange(tables.first_of[it], tables.first_of[it + 1]) for it in cells]
                )
                free = rows[(left[rows] > 0) & ~given[at, rows] & (row[rows] != FORBIDDEN)]
                full = not wanted[at] or places != school.size
                best = free[np.argsort(-row[free], kind="stable")[: count if full else school.size - lying]]
                left[best] -= 1
                given[at, best] = True
                preference += int(row[best].sum())
                lying += len(best)
            empty += school.size - lying
    wishes = [
        (tables.school_at[wish.school], tables.title_at[wish.title])
        for wish in problem.wishes
        if wish.title in tables.title_at
    ]
    hot = (given & tables.hot).sum(axis=1)
    return Naive(preference, empty, sum(bool(given[it]) for it in wishes), int(hot.min()), int(hot.max()))
