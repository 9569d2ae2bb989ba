"""The rest of a plan with as little shaken as can be: what is promised stays with its copy and its delivery, holes are filled (L2).

The planner is first given the promises as fixed rows. Where that leaves places empty, or fits no longer (a quota has changed
since), it is asked again with the promises as mere wishes to stay; of two plans the one with fewer empty places is taken.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from loans.models import PlannedBook
from loans.planning import BadProblem, Problem, Run
from loans.planning.problem import Lock, School
from loans.services.planning_rounds import Wave


def run_shaking_little(problem: Problem, wave: Wave, run: Callable[[Problem], Run]) -> Run:
    """The plan of one wave that continues another. At most two runs of the planner."""
    if problem.mode != "personal":
        return run(problem)
    try:
        held = run(held_fast(problem, wave))
    except BadProblem:
        return run(problem)
    if not held.plan.figures.empty:
        return held
    free = run(problem)
    return free if free.plan.figures.empty < held.plan.figures.empty else held


def held_fast(problem: Problem, wave: Wave) -> Problem:
    """``problem`` with every promise fixed that can still be kept: its copy is there in time, and the school may have it."""
    where = {
        period.pk: (str(programme.pk), number)
        for programme in wave.programmes
        for number, period in wave.periods[programme.pk].items()
    }
    level = {title.key: title.level for title in problem.titles}
    school = {row.key: row for row in problem.schools}
    copies = {copy.key: copy for copy in problem.copies}
    barred: dict[str, set[str]] = defaultdict(set)
    for had in problem.history:
        barred[had.school].update(had.titles)
    for ban in problem.bans:
        barred[ban.school].update(ban.titles)
    fixed = {(lock.school, lock.title) for lock in problem.locks}
    stays: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for lock in problem.locks:
        stays[lock.copy].append(_stay(school[lock.school], lock.period))
    locks: list[Lock] = []
    books = PlannedBook.objects.filter(period__in=where).order_by("period__starts_on", "pk")
    for period, title_key, copy_key in books.values_list("period_id", "title_id", "copy_id").iterator(5000):
        (key, number), title, copy = where[period], str(title_key), copies.get(str(copy_key))
        if copy is None or not copy.first <= number <= (copy.last or problem.periods):
            continue
        out, back = _stay(school[key], number)
        if (school[key].days and copy.day > out) or any(
            out < end and start < back for start, end in stays[copy.key]
        ):
            continue
        if (key, title) in fixed or title in barred[key]:
            continue
        if copy.title == title and level.get(title) in school[key].levels:
            fixed.add((key, title))
            stays[copy.key].append((out, back))
            locks.append(Lock(key, title, number, copy.key))
    return replace(problem, locks=(*problem.locks, *locks))


def _stay(school: School, number: int) -> tuple[int, int]:
    """From when to when a delivery stays: in days, or in periods where all schools swap at once."""
    return school.days[number - 1] if school.days else (number, number + 1)
