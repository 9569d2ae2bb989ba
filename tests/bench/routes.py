"""The route planner on invented towns, replayed by a checker that shares nothing with it.

The plain bench has the Sundays and one town of weekdays; ``make bench ARGS=routes`` has all of them, each town in rows of its own, and takes
an hour and a half. ``ARGS="routes many full"`` has only these parts.
"""

import itertools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from mobile_service.planning import Earlier, Pin, Plan, Problem, check, run
from mobile_service.planning.city import town
from mobile_service.planning.model import model_of
from mobile_service.planning.naive import plan_naively
from mobile_service.planning.routing import Solver, visits_of
from mobile_service.planning.tables import Tables
from tests.bench.bound import lower_bound, prices_of

Told = tuple[str, str, str, bool | None]
SEEDS = (1, 2, 3)
# How full two vans are with three hundred stops, and how many visits may be missed then (0: only told).
FULL = ((0.76, 12), (0.83, 0))


def measures(say: Callable[[str], None]) -> Iterator[Told]:
    """What, measured, limit, and whether it holds."""
    say("planning routes")
    for seed in SEEDS:
        yield from _sundays(seed, 10)
    yield from _weekdays(SEEDS[0], 30, 0.08)


def main(parts: Sequence[str] = ()) -> int:
    """All that is demanded of it, or only some of ``PARTS``."""
    from tests.bench.__main__ import print_table
    from tests.bench.measures import Row

    rows: list[Row] = []
    for name in parts or PARTS:
        print(f"planning: {name}", file=sys.stderr, flush=True)
        for seed in SEEDS:
            rows += [Row(*told) for told in PARTS[name](seed)]
    print_table(rows)
    return int(any(row.holds is False for row in rows))


def _sundays(seed: int, seconds: float = 20, best: float | None = None) -> Iterator[Told]:
    """``best``: the least driving that is known, where it is. How far a quick hand is above that, only the map decides."""
    problem = town(58, seed=seed, sundays=True)
    plan, took = _plan(problem, seconds)
    naive = plan_naively(problem).figures.travel
    name = f"58 stops on 13 Sundays, town {seed}, {seconds:.0f} s"
    known = "" if best is None else f" (the best known {best / naive:.1%})"
    yield (
        f"{name}: driving, of a quick hand's",
        f"{plan.figures.travel / naive:.1%}{known}; {took:.1f} s",
        f"≤ 70 %, ≤ {seconds + 2:.0f} s",
        plan.figures.travel <= 0.70 * naive and took <= seconds + 2,
    )
    yield f"{name}: visits met, rules broken", *_kept(problem, plan)
    if best is not None:
        above = plan.figures.travel / best - 1
        yield f"{name}: above what PyVRP finds in ten minutes", f"{above:.2%}", "≤ 0.5 %", above <= 0.005


def _sundays_and_ten_minutes(seed: int) -> Iterator[Told]:
    yield from _sundays(seed, 20, _relaxed(town(58, seed=seed, sundays=True), 600))


def _weekdays(seed: int, seconds: float, limit: float, least: float = 0) -> Iterator[Told]:
    """``least``: minutes that no plan can go below, where they are known."""
    problem = town(58, seed=seed)
    plan, took = _plan(problem, seconds)
    reference = _relaxed(problem)
    naive = plan_naively(problem).figures.travel
    gap, ratio = plan.figures.travel / reference - 1, plan.figures.travel / naive
    name = f"58 stops on the same weekday, town {seed}, {seconds:.0f} s"
    bound = least / reference - 1
    proven = bound > limit
    above = plan.figures.travel / least - 1 if least else 0.0
    yield (
        f"{name}: above the relaxed reference; of a quick hand's",
        f"{gap:.1%}; {ratio:.1%}; {took:.1f} s",
        f"≤ {limit:.0%}{f' (proven: none is below {bound:.1%})' if proven else ''}; ≤ 70 %",
        (gap <= limit or proven) and ratio <= 0.70 and took <= seconds + 2,
    )
    if proven:
        yield f"{name}: above what no plan can go below", f"{above:.2%}", "≤ 1 %", above <= 0.01
    yield f"{name}: visits met, rules broken", *_kept(problem, plan)


def _longer(seed: int) -> Iterator[Told]:
    """Where a proof says that the limit cannot be met, what counts is how near the plan comes to what no plan can go below."""
    problem, prices = town(58, seed=seed), prices_of(seed)
    if prices is None:
        yield from _weekdays(seed, 120, 0.04)
        return
    least = lower_bound(problem, prices, lambda words: print(words, file=sys.stderr, flush=True))
    yield from _weekdays(seed, 120, 0.04, least)


def _drifting(seed: int) -> Iterator[Told]:
    problem = town(58, seed=seed, drift=4)
    plan, _took = _plan(problem, 30)
    gap = plan.figures.travel / _relaxed(town(58, seed=seed)) - 1
    name = f"58 stops, fortnights that may drift by 4 days, town {seed}, 30 s"
    yield f"{name}: above the relaxed reference", f"{gap:.1%}", "≤ 3 %", gap <= 0.03
    yield f"{name}: visits met, rules broken", *_kept(problem, plan)


def _many(seed: int) -> Iterator[Told]:
    problem = town(300, 3, seed=seed)
    plan, took = _plan(problem, 90)
    gap = plan.figures.travel / _relaxed(problem) - 1
    ratio = plan.figures.travel / plan_naively(problem).figures.travel
    yield (
        f"300 stops, three vans, town {seed}, 90 s: above the relaxed reference; of a quick hand's",
        f"{gap:.1%}; {ratio:.1%}; {took:.1f} s",
        "≤ 5 %; ≤ 80 %",
        gap <= 0.05 and ratio <= 0.80 and took <= 92,
    )
    yield f"300 stops, three vans, town {seed}: visits met, rules broken", *_kept(problem, plan)


def _full(seed: int) -> Iterator[Told]:
    """More than two vans can do: their visits alone take three quarters of the time, and most may only be in the morning."""
    for load, most in FULL:
        problem = town(300, 2, seed=seed, load=load)
        plan, took = _plan(problem, 90)
        lacking = sum(it.visits for it in plan.missed)
        said = all(it.reason and it.ways for it in plan.missed)
        broken = len(check(problem, plan).faults)
        words = f"{lacking} of {plan.figures.asked}, {'said' if said else 'NOT said'}, {broken} rules broken; {took:.1f} s"
        yield (
            f"300 stops, two vans full to {load:.0%}, town {seed}, 90 s: visits missed, each with its reason",
            words,
            f"≤ {most}, all said" if most else "all said",
            (not most or lacking <= most) and said and not broken and took <= 92,
        )


def _again(seed: int) -> Iterator[Told]:
    """A quarter whose plan stands: a visit is moved by hand, and the rest is planned again with a bonus for staying."""
    problem = town(58, seed=seed)
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
        f"planned again after one visit was moved by hand, town {seed}: kept",
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


# Each for one town.
PARTS: dict[str, Callable[[int], Iterator[Told]]] = {
    "sundays": _sundays,
    "ten-minutes": _sundays_and_ten_minutes,
    "weekdays": lambda seed: _weekdays(seed, 30, 0.08),
    "longer": _longer,
    "drifting": _drifting,
    "many": _many,
    "full": _full,
    "again": _again,
}
