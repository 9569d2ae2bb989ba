"""The figures of a plan, and what it could not do."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from loans.planning.plan import CrossingGap, Figures, Unserved
from loans.planning.splitting import Placed
from loans.planning.tables import FORBIDDEN, Tables


def wished_of(tables: Tables) -> NDArray[np.bool_]:
    wished = np.zeros(tables.value.shape, dtype=bool)
    for wish in tables.problem.wishes:
        if wish.title in tables.title_at:
            wished[tables.school_at[wish.school], tables.title_at[wish.title]] = True
    return wished


def crossing_gaps(tables: Tables, placed: Placed) -> list[CrossingGap]:
    found = []
    for rule in tables.rules:
        books = int(rule.counts[placed.titles[placed.schools == rule.school]].sum())
        missed = (
            max(rule.low - books, 0) + (0 if rule.high is None else max(books - rule.high, 0)) + rule.over
        )
        if missed:
            found.append(CrossingGap(tables.schools[rule.school].key, rule.number, missed))
    return found


def figures_of(tables: Tables, free: Placed, placed: Placed, wished: NDArray[np.bool_]) -> Figures:
    preference = int(tables.value[free.schools, free.titles].sum(dtype=np.int64)) + tables.locked_points
    if tables.stays is not None:
        preference -= tables.problem.weights.stay * int(tables.stays[free.schools, free.titles].sum())
    hot = np.bincount(placed.schools[tables.hot[placed.titles]], minlength=len(tables.schools))
    served = wished[placed.schools, placed.titles]
    given = np.zeros(tables.value.shape, dtype=bool)
    given[placed.schools, placed.titles] = True
    promised = {(row.school, title) for row in tables.problem.earlier for title in row.titles}
    kept = sum(
        bool(given[tables.school_at[school], tables.title_at[title]])
        for school, title in promised
        if title in tables.title_at
    )
    places = tables.demand + len(tables.locks)
    return Figures(
        places=places,
        empty=places - len(placed.schools),
        preference=preference,
        score=0,
        bound=0,
        gap=None,
        wishes=len({(wish.school, wish.title) for wish in tables.problem.wishes}),
        wishes_served=int(served.sum()),
        mean_wait=round(float((placed.periods[served] + 1).mean()), 4) if served.any() else 0.0,
        hot_least=int(hot.min()),
        hot_most=int(hot.max()),
        swapped=0,
        direct=0,
        trips=0,
        kept=kept,
        earlier=len(promised),
    )


def unserved(tables: Tables, placed: Placed) -> Iterator[Unserved]:
    given = np.zeros(tables.value.shape, dtype=bool)
    given[placed.schools, placed.titles] = True
    asked: dict[str, set[str]] = defaultdict(set)
    for wish in tables.problem.wishes:
        asked[wish.school].add(wish.title)
    banned = {(row.school, it) for row in tables.problem.bans for it in row.titles}
    had = {(row.school, it) for row in tables.problem.history for it in row.titles if it in asked[row.school]}
    for wish in sorted(tables.problem.wishes, key=lambda it: (it.school, it.title)):
        school, title = tables.school_at[wish.school], tables.title_at.get(wish.title)
        if title is None:
            yield Unserved(wish.school, wish.title, "no_copy")
        elif given[school, title]:
            continue
        elif tables.value[school, title] != FORBIDDEN:
            yield Unserved(wish.school, wish.title, "outbid")
        elif (wish.school, wish.title) in banned:
            yield Unserved(wish.school, wish.title, "banned")
        elif (wish.school, wish.title) in had:
            yield Unserved(wish.school, wish.title, "had")
        elif tables.titles[title].level not in tables.schools[school].levels:
            yield Unserved(wish.school, wish.title, "level")
        else:
            yield Unserved(wish.school, wish.title, "no_copy")
