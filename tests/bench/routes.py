"""The route planner on invented towns, replayed by a checker that shares nothing with it.

The plain bench has the Sundays and one town of weekdays; ``make bench ARGS=routes`` has all of them and takes half an hour.
"""

import itertools
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from mobile_service.planning import Earlier, Pin, Plan, Problem, check, run
from mobile_service.planning.city import town
from mobile_service.planning.model import model_of
from mobile_service.planning.naive import plan_naively
from mobile_service.planning.routing import Solver, visits_of
from mobile_service.planning.tables import Tables

Told = tuple[str, str, str, bool | None]
SEEDS = (1, 2, 3)


def measures(say: Callable[[str], None]) -> Iterator[Told]:
    """What, measured, limit, and whether it holds."""
    say("planning routes")
    yield from _sundays(10)
    yield from _weekdays(SEEDS[0], 30, 0.08)


def everything(say: Callable[[str], None]) -> Iterator[Told]:
    """All that is demanded of it."""
    say("planning Sundays")
    yield from _sundays(20)
    yield from _ten_minutes()
    for seed in SEEDS:
        say(f"planning weekdays of town {seed}")
        yield from _weekdays(seed, 30, 0.08)
        yield from _weekdays(seed, 120, 0.04)
        yield from _drifting(seed)
    say("planning three hundred stops")
    yield from _many()
    say("planning again after a change")
    yield from _again()


def main() -> int:
    from tests.bench.__main__ import print_table
    from tests.bench.measures import Row

    rows = [Row(*told) for told in everything(lambda words: print(words, file=sys.stderr, flush=True))]
    print_table(rows)
    return int(any(row.holds is False for row in rows))


def _sundays(seconds: float) -> Iterator[Told]:
    travel, naive, met, broken, took = 0.0, 0.0, 0, 0, 0.0
    for seed in SEEDS:
        problem = town(58, seed=seed, sundays=True)
        plan, now = _plan(problem, seconds)
        travel, naive = travel + plan.figures.travel, naive + plan_naively(problem).figures.travel
        met, broken = met + plan.figures.met, broken + len(check(problem, plan).faults)
        took = max(took, now)
    name = f"58 stops on 13 Sundays, one van, {len(SEEDS)} towns, {seconds:.0f} s"
    yield (
        f"{name}: driving, of a quick hand's; longest time",
        f"{travel / naive:.1%}; {took:.1f} s",
        f"≤ 70 %, ≤ {seconds + 2:.0f} s",
        travel <= 0.70 * naive and took <= seconds + 2,
    )
    yield (
        f"{name}: visits met, rules broken",
        f"{met} of {58 * len(SEEDS)}, {broken}",
        "all, none",
        met == 58 * len(SEEDS) and not broken,
    )


def _ten_minutes() -> Iterator[Told]:
    """Against what PyVRP finds by itself in ten minutes."""
    problem = town(58, seed=SEEDS[0], sundays=True)
    plan, took = _plan(problem, 20)
    best = _relaxed(problem, 600)
    above = plan.figures.travel / best - 1
    yield (
        f"58 stops on 13 Sundays, town {SEEDS[0]}: above what ten minutes of PyVRP find",
        f"{above:.2%}; {took:.1f} s",
        "≤ 0.5 %, ≤ 20 s",
        above <= 0.005 and took <= 20,
    )


def _weekdays(seed: int, seconds: float, limit: float) -> Iterator[Told]:
    problem = town(58, seed=seed)
    plan, took = _plan(problem, seconds)
    reference = _relaxed(problem)
    naive = plan_naively(problem).figures.travel
    gap, ratio = plan.figures.travel / reference - 1, plan.figures.travel / naive
    name = f"58 stops on the same weekday, town {seed}, {seconds:.0f} s"
    yield (
        f"{name}: above the relaxed reference; of a quick hand's",
        f"{gap:.1%}; {ratio:.1%}; {took:.1f} s",
        f"≤ {limit:.0%}; ≤ 70 %",
        gap <= limit and ratio <= 0.70 and took <= seconds + 2,
    )
    yield f"{name}: visits met, rules broken", *_kept(problem, plan)


def _drifting(seed: int) -> Iterator[Told]:
    problem = town(58, seed=seed, drift=4)
    plan, _took = _plan(problem, 30)
    gap = plan.figures.travel / _relaxed(town(58, seed=seed)) - 1
    name = f"58 stops, fortnights that may drift by 4 days, town {seed}, 30 s"
    yield f"{name}: above the relaxed reference", f"{gap:.1%}", "≤ 3 %", gap <= 0.03
    yield f"{name}: visits met, rules broken", *_kept(problem, plan)


def _many() -> Iterator[Told]:
    problem = town(300, 3, seed=1)
    plan, took = _plan(problem, 90)
    gap = plan.figures.travel / _relaxed(problem) - 1
    ratio = plan.figures.travel / plan_naively(problem).figures.travel
    yield (
        "300 stops, three vans, 90 s: above the relaxed reference; of a quick hand's",
        f"{gap:.1%}; {ratio:.1%}; {took:.1f} s",
        "≤ 5 %; ≤ 80 %",
        gap <= 0.05 and ratio <= 0.80,
    )
    yield "300 stops, three vans: visits met, rules broken", *_kept(problem, plan)
    full = town(300, 2, seed=1, longer=1.05)
    plan, took = _plan(full, 90)
    lacking = sum(it.visits for it in plan.missed)
    said = all(it.reason and it.ways for it in plan.missed)
    broken = len(check(full, plan).faults)
    yield (
        "300 stops, two vans that cannot do it all: visits missed, each with its reason",
        f"{lacking} of {plan.figures.asked}, {'said' if said else 'NOT said'}, {broken} rules broken",
        "≤ 12, all said",
        lacking <= 12 and said and not broken,
    )


def _again() -> Iterator[Told]:
    """A quarter whose plan stands: a visit is moved by hand, and the rest is planned again with a bonus for staying."""
    problem = town(58, seed=1)
    before, _took = _plan(problem, 30)
    earlier = tuple(Earlier(it.stop, it.day, it.vehicle) for it in before.visits)
    visit = before.visits[0]
    free = sorted({it.number for it in problem.days} - {visit.day})
    stop = next(it for it in problem.stops if it.key == visit.stop)
    day = next(it for it in free if (it - 1) % 7 + 1 not in stop.banned_weekdays)
    changed = replace(
        problem,
        earlier=earlier,
        pins=(Pin(visit.stop, day),),
        weights=replace(problem.weights, stay=20),
    )
    after, _took = _plan(changed, 30)
    kept = after.figures.kept / after.figures.earlier
    pinned = any(it.stop == visit.stop and it.day == day for it in after.visits)
    yield (
        "planned again after one visit was moved by hand: kept",
        f"{kept:.1%}, the hand's {'kept' if pinned else 'LOST'}",
        "≥ 90 %, kept",
        kept >= 0.90 and pinned,
    )


def _plan(problem: Problem, seconds: float) -> tuple[Plan, float]:
    answer = run(problem, limit_seconds=seconds)
    return answer.plan, answer.seconds


def _kept(problem: Problem, plan: Plan) -> tuple[str, str, bool]:
    found = check(problem, plan)
    words = f"{plan.figures.met} of {plan.figures.asked}, {len(found.faults)}, {len(plan.gaps)} odd gaps"
    met = plan.figures.met == plan.figures.asked and not found.faults and not plan.gaps
    return words, "all, none", met


def _relaxed(problem: Problem, seconds: float = 30) -> float:
    """The best driving that PyVRP finds when the visits of a stop need not keep its rhythm."""
    tables, solver = Tables(problem), Solver()
    job = model_of(tables, visits_of(tables, (), free=True))
    routes = solver.solve(tables, job, time.monotonic() + seconds) or []
    solver.kill()
    matrix = problem.matrices[0].minutes
    total = 0.0
    for route in routes:
        way = [0, *(int(tables.places[it]) for it in route), 0]
        total += sum(matrix[a][b] for a, b in itertools.pairwise(way))
    return total
