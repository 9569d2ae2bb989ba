"""The planner as a whole: a problem in, a plan out. Only its own process imports this (``running.py``)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from ortools import __version__ as ortools_version

from loans.planning.distances import kilometres, near
from loans.planning.examining import examine
from loans.planning.handling import Handling
from loans.planning.plan import Delivery, Figures, Item, Plan, Proof, Unserved
from loans.planning.prices import best_year
from loans.planning.problem import Problem
from loans.planning.reading import problem_to_json
from loans.planning.shortage import certificate, reach, remedies, shortages
from loans.planning.splitting import Holders, Placed, split
from loans.planning.tables import FORBIDDEN, Tables
from loans.planning.year import Network, build

Told = Callable[[str, float], None]
SOLVER = f"ortools {ortools_version}"


def untold(_stage: str, _share: float) -> None:
    """Nobody watches."""


def plan_rotation(problem: Problem, told: Told = untold, *, digest: str = "") -> Plan:
    """The best plan. Raises BadProblem. ``told`` hears the stage (examine, year, split, copies, check) and the share done of it."""
    told("examine", 0.0)
    examine(problem)
    tables = Tables(problem)
    network = build(tables)
    told("year", 0.0)
    year, prices, limit = best_year(tables, network, told)
    told("split", 0.0)
    wished = _wished(tables)
    away = kilometres(tables.schools)
    close = near(tables.schools, away, problem.weights.near_km)
    free = split(network, year, wished=wished, holders=Holders(tables, close))
    found = reach(network, year) if year.empty else None
    short = shortages(tables, free)
    bought = remedies(tables, short, free)
    placed = _with_locks(tables, free)
    items, trips, swapped, direct = Handling(tables, away, close).hand_out(placed, told)
    told("copies", 1.0)
    proof = Proof(
        penalty=network.penalty,
        bound=limit,
        prices=tuple((tables.titles[at].key, int(prices[at])) for at in np.flatnonzero(prices)),
        fair=tuple(
            (*tables.stations.name(station, tables.schools), low, high)
            for station, (low, high) in sorted(network.fair.items())
        ),
    )
    figures = replace(
        _figures(tables, free, placed, wished),
        score=score_of(network, free),
        bound=limit,
        swapped=swapped,
        direct=direct,
        trips=len(trips),
    )
    figures = replace(figures, gap=_gap(figures, network.penalty))
    return Plan(
        inputs=digest or sha256(problem_to_json(problem).encode()).hexdigest(),
        solver=SOLVER,
        seed=problem.seed,
        mode=problem.mode,
        deliveries=_deliveries(tables, items),
        figures=figures,
        shortages=tuple(short),
        remedies=tuple(bought),
        certificate=certificate(tables, found, year.empty) if found else None,
        unserved=tuple(_unserved(tables, placed)),
        trips=tuple(trips),
        proof=proof,
    )


def _wished(tables: Tables) -> NDArray[np.bool_]:
    wished = np.zeros(tables.value.shape, dtype=bool)
    for wish in tables.problem.wishes:
        if wish.title in tables.title_at:
            wished[tables.school_at[wish.school], tables.title_at[wish.title]] = True
    return wished


def _with_locks(tables: Tables, free: Placed) -> Placed:
    if not tables.locks:
        return free
    rows = np.array([lock[:3] for lock in tables.locks], dtype=np.int64)
    return Placed(
        np.concatenate([free.schools, rows[:, 0]]),
        np.concatenate([free.titles, rows[:, 1]]),
        np.concatenate([free.periods, rows[:, 2]]),
    )


def _deliveries(tables: Tables, items: dict[tuple[int, int], list[Item]]) -> tuple[Delivery, ...]:
    return tuple(
        Delivery(school.key, period + 1, tuple(items.get((at, period), ())))
        for at, school in enumerate(tables.schools)
        for period in range(tables.periods)
        if period + 1 not in school.absent
    )


def score_of(network: Network, placed: Placed) -> int:
    """What the places that no lock fills are worth together: points, staying, and fairness."""
    tables = network.tables
    total = int(tables.value[placed.schools, placed.titles].sum(dtype=np.int64))
    if network.fair:
        hot = tables.hot[placed.titles]
        terminal = tables.terminal[placed.schools[hot], tables.cell_of[placed.titles[hot]]]
        count = np.bincount(terminal, minlength=len(tables.stations.school))
        for station, (low, high) in network.fair.items():
            total += network.reward * (min(int(count[station]), low) - max(int(count[station]) - high, 0))
    return total


def _gap(figures: Figures, penalty: int) -> float:
    """How far the score may be from the best, as a share."""
    return round((figures.bound + penalty * figures.empty - figures.score) / max(abs(figures.score), 1), 9)


def _figures(tables: Tables, free: Placed, placed: Placed, wished: NDArray[np.bool_]) -> Figures:
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
        gap=0.0,
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


def _unserved(tables: Tables, placed: Placed) -> Iterator[Unserved]:
    given = set(zip(placed.schools.tolist(), placed.titles.tolist(), strict=True))
    had = {(row.school, title) for row in tables.problem.history for title in row.titles}
    for wish in sorted(tables.problem.wishes, key=lambda it: (it.school, it.title)):
        school, title = tables.school_at[wish.school], tables.title_at.get(wish.title)
        if title is None:
            yield Unserved(wish.school, wish.title, "no_copy")
        elif (school, title) in given:
            continue
        elif tables.value[school, title] != FORBIDDEN:
            yield Unserved(wish.school, wish.title, "outbid")
        elif (wish.school, wish.title) in had:
            yield Unserved(wish.school, wish.title, "had")
        elif tables.titles[title].level not in tables.schools[school].levels:
            yield Unserved(wish.school, wish.title, "level")
        else:
            yield Unserved(wish.school, wish.title, "no_copy")
