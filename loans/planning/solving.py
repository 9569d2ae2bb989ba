"""The planner as a whole: a problem in, a plan out. Only its own process imports this (``running.py``)."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import numpy as np
from ortools import __version__ as ortools_version

from loans.planning.boxing import boxed_plan
from loans.planning.days import has_days
from loans.planning.distances import kilometres, near
from loans.planning.examining import examine
from loans.planning.handling import Handling
from loans.planning.plan import Delivery, Figures, Item, Plan, Proof
from loans.planning.prices import best_year
from loans.planning.problem import Problem
from loans.planning.reading import problem_to_json
from loans.planning.rolling import roll
from loans.planning.shortage import certificate, reach, remedies, shortages
from loans.planning.splitting import Holders, Placed, split
from loans.planning.summing import crossing_gaps, figures_of, unserved, wished_of
from loans.planning.tables import Tables
from loans.planning.year import Network, build, very_few

Told = Callable[[str, float], None]
SOLVER = f"ortools {ortools_version}"


def untold(_stage: str, _share: float) -> None:
    """Nobody watches."""


def plan_rotation(problem: Problem, told: Told = untold, *, digest: str = "") -> Plan:
    """The best plan. Raises BadProblem. ``told`` hears the stage (examine, year, split, copies, check) and the share done of it."""
    told("examine", 0.0)
    examine(problem)
    digest = digest or sha256(problem_to_json(problem).encode()).hexdigest()
    tables = Tables(problem)
    if problem.mode != "personal":
        return boxed_plan(tables, told, digest, _personal)
    return _personal(tables, told, digest)


def _personal(tables: Tables, told: Told, digest: str) -> Plan:
    """Every school its own choice."""
    problem = tables.problem
    network = build(tables)
    told("year", 0.0)
    worth: list[tuple[int, int]] = []
    if tables.rules:
        # Only these load SciPy.
        from loans.planning.crossing import crossing_year

        year, prices, limit, worth = crossing_year(tables, network, told)
    else:
        year, prices, limit = best_year(tables, network, told)
    told("split", 0.0)
    wished = wished_of(tables)
    away = kilometres(tables.schools)
    close = near(tables.schools, away, problem.weights.near_km)
    rolled = None
    if has_days(problem):
        rolled = roll(network, year, prices, close, told)
        free = rolled.placed
    else:
        free = split(network, year, wished=wished, holders=Holders(tables, close))
    found = reach(network, year) if year.empty else None
    short = shortages(tables, free)
    bought = remedies(tables, short, free)
    placed = _with_locks(tables, free)
    if rolled is not None:
        items, trips, swapped, direct = rolled.items, rolled.trips, rolled.swapped, rolled.direct
    else:
        items, trips, swapped, direct = Handling(tables, away, close).hand_out(placed, told)
    told("copies", 1.0)
    proof = Proof(
        penalty=network.penalty,
        bound=limit,
        prices=tuple((tables.titles[at].key, int(prices[at])) for at in np.flatnonzero(prices)),
        missing=network.missing,
        crossing=tuple(
            (tables.schools[tables.rules[at].school].key, tables.rules[at].number, price)
            for at, price in worth
        ),
        fair=tuple(
            (*tables.stations.name(station, tables.schools), low, high)
            for station, (low, high) in sorted(network.fair.items())
        ),
    )
    figures = replace(
        figures_of(tables, free, placed, wished),
        score=score_of(network, free),
        bound=limit,
        swapped=swapped,
        direct=direct,
        trips=len(trips),
    )
    gaps = crossing_gaps(tables, free)
    dearth = network.penalty * figures.empty + network.missing * sum(it.missing for it in gaps)
    # With more places empty than in the year as a whole, periods are too unlike for the bound to tell.
    figures = replace(figures, gap=_gap(figures, dearth) if figures.empty == year.empty else None)
    return Plan(
        inputs=digest,
        solver=SOLVER,
        seed=problem.seed,
        mode=problem.mode,
        deliveries=_deliveries(tables, items),
        figures=figures,
        shortages=tuple(short),
        remedies=tuple(bought),
        certificate=certificate(tables, found, year.empty) if found else None,
        crossing_gaps=tuple(gaps),
        unserved=tuple(unserved(tables, placed)),
        trips=tuple(trips),
        proof=proof,
    )


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
            got = int(count[station])
            total += network.reward * (min(got, low) + min(got, very_few(low)) - 2 * max(got - high, 0))
    return total


def _gap(figures: Figures, dearth: int) -> float:
    """How far the score may be from the best, as a share; ``dearth`` is what empty and missed places cost."""
    return round((figures.bound + dearth - figures.score) / max(abs(figures.score), 1), 9)
