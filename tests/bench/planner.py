"""The rotation planner on invented cities: one seed of each size, checked by code that shares nothing with it.

``BENCH_LARGE=1`` adds the city of two thousand schools, which takes some minutes. Seconds are those of computing: the planner's
process uses one core, whatever else the machine does.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace

from loans.planning.checking import check
from loans.planning.city import city
from loans.planning.greedy import plan_naively
from loans.planning.problem import Crossing, Problem
from loans.planning.replanning import rest_of
from loans.planning.running import Run, run

SEED = 3
# Schools, seconds, megabytes, gap to the bound.
SIZES = [(58, 2.0, 200, 1e-4), (500, 25.0, 700, 1e-4)]
LARGE = (2_000, 180.0, 1_229, 1e-3)
Told = tuple[str, str, str, bool | None]


def measures(say: Callable[[str], None]) -> Iterator[Told]:
    """What, measured, limit, and whether it holds."""
    for schools, seconds, megabytes, gap in [*SIZES, *([LARGE] if os.environ.get("BENCH_LARGE") else [])]:
        say(f"planning for {schools} schools")
        problem = city(schools, 100, 4, seed=SEED)
        yield from _city(problem, run(problem, limit_seconds=3_600), seconds, megabytes, gap)
    say("planning with fairness, after a loss, with crossing quotas, in boxes")
    small = city(58, 100, 4, seed=SEED)
    plain = run(small)
    yield from _fairness(small, plain)
    yield from _loss(small, plain)
    yield from _crossing(small, plain)
    yield from _boxes()


def _city(problem: Problem, answer: Run, seconds: float, megabytes: float, gap: float) -> Iterator[Told]:
    found, it = check(problem, answer.plan), answer.plan.figures
    name = f"{len(problem.schools):,} schools × 100 × 4"
    fits = answer.cpu_seconds <= seconds and answer.peak_mb <= megabytes
    took = f"{answer.cpu_seconds:.1f} s, {answer.peak_mb:.0f} MB"
    yield f"plan of {name}", took, f"≤ {seconds:.0f} s, ≤ {megabytes:,} MB", fits
    yield f"{name}: rules broken, of {found.books:,} books", str(len(found.faults)), "none", not found.faults
    proven = found.gap is not None and found.gap <= gap
    yield f"{name}: preference under the recomputed bound", f"{found.gap:.5%}", f"≤ {gap:.2%}", proven
    yield f"{name}: empty places", f"{found.empty:,}", "proven least", found.least
    served = found.wishes_served / it.wishes
    early = served >= 0.99 and found.mean_wait <= 1.25
    yield (
        f"{name}: wishes served, mean wait",
        f"{served:.1%}, {found.mean_wait:.2f} periods",
        "≥ 99 %, ≤ 1.25",
        early,
    )
    straight = it.direct / it.swapped
    yield f"{name}: straight from a near school", f"{straight:.1%}", "≥ 50 %", straight >= 0.5
    more = it.preference / plan_naively(problem).preference - 1
    yield f"{name}: preference above a quick hand's", f"{more:.1%}", "≥ 20 %", round(more, 3) >= 0.2


def _fairness(problem: Problem, plain: Run) -> Iterator[Told]:
    fair = run(replace(problem, weights=replace(problem.weights, fairness=6))).plan.figures
    before = plain.plan.figures
    narrower = 1 - (fair.hot_most - fair.hot_least) / (before.hot_most - before.hot_least)
    lost = 1 - fair.preference / before.preference
    words = f"{narrower:.0%} narrower, −{lost:.2%} preference"
    yield (
        "hot titles for each school, shared fairly",
        words,
        "≥ 25 %, ≤ 0.5 %",
        narrower >= 0.25 and lost <= 0.005,
    )


def _loss(problem: Problem, plain: Run) -> Iterator[Told]:
    lost = [copy.key for copy in problem.copies][::100]
    again = run(rest_of(problem, plain.plan, lost=lost)).plan.figures
    kept = again.kept / again.earlier
    yield "after a loss of 1 % of the copies, kept", f"{kept:.2%}", "≥ 98.5 %", kept >= 0.985


def _crossing(problem: Problem, plain: Run) -> Iterator[Told]:
    local = {title.key for title in problem.titles if "local" in title.tags}
    books = dict.fromkeys((school.key for school in problem.schools), 0)
    for delivery in plain.plan.deliveries:
        books[delivery.school] += sum(item.title in local for item in delivery.items)
    least = sorted(books.values())[len(books) // 2] + 2
    asked = replace(
        problem,
        schools=tuple(
            replace(it, crossing=(Crossing(at_least=least, tag="local"),)) for it in problem.schools
        ),
    )
    answer = run(asked)
    found = check(asked, answer.plan)
    holds = found.gap is not None and found.gap <= 1e-4 and answer.cpu_seconds <= 20 and not found.faults
    words = f"{answer.cpu_seconds:.1f} s, {found.gap:.4%} under the bound"
    yield "quotas that cross, 58 schools", words, "≤ 20 s, ≤ 0.01 %", holds


def _boxes() -> Iterator[Told]:
    # Eight periods without a history: as many copies of a title as fit round the ring with seven boxes between.
    problem = replace(city(58, 100, 8, seed=1, alike=True), history=(), mode="kits")
    answer = run(problem)
    found = check(problem, answer.plan)
    words = f"{len(found.faults)} repeats in {found.books:,} books, {found.empty} empty, {answer.cpu_seconds:.1f} s"
    full = not found.faults and not found.empty and answer.cpu_seconds <= 2
    yield "fixed boxes, 58 schools, 8 periods", words, "no repeats, none empty, ≤ 2 s", full
