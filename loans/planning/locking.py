"""Rows fixed by hand that contradict the rules or one another. Part of what the planner refuses (``examining.py``)."""

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from loans.planning.days import has_days
from loans.planning.faults import Fault
from loans.planning.problem import Lock, Problem, School
from loans.planning.quotas import Cell, cells_of, nest, places_left


def lock_faults(problem: Problem) -> Iterator[Fault]:
    """Rows fixed by hand that contradict the rules or one another: explained, never overridden."""
    if not problem.locks:
        return
    schools = {school.key: school for school in problem.schools}
    titles = {title.key: title for title in problem.titles}
    copies = {copy.key: copy for copy in problem.copies}
    had = {(row.school, key, row.ago) for row in problem.history for key in row.titles}
    banned = {(row.school, key) for row in problem.bans for key in row.titles}
    had_last: dict[tuple[str, str], int] = {}
    for one, key, before in had:
        had_last[one, key] = min(before, had_last.get((one, key), before))
    sound = []
    for lock in problem.locks:
        facts: dict[str, str | int] = {"school": lock.school, "title": lock.title, "period": lock.period}
        here, title = schools.get(lock.school), titles.get(lock.title)
        ago = had_last.get((lock.school, lock.title))
        if here is None:
            yield Fault("lock_unknown_school", facts)
        elif title is None:
            yield Fault("lock_unknown_title", facts)
        elif not 1 <= lock.period <= problem.periods or lock.period in here.absent:
            yield Fault("lock_without_delivery", facts)
        elif title.level not in here.levels:
            yield Fault("lock_other_level", facts)
        elif (lock.school, lock.title) in banned:
            yield Fault("lock_banned", facts)
        elif ago is not None and (problem.memory is None or lock.period - 1 + ago <= problem.memory):
            yield Fault("lock_had", facts)
        elif lock.copy and not (
            lock.copy in copies
            and copies[lock.copy].title == lock.title
            and copies[lock.copy].first <= lock.period <= (copies[lock.copy].last or problem.periods)
            and (not here.days or copies[lock.copy].day <= here.days[lock.period - 1][0])
        ):
            yield Fault("lock_wrong_copy", {**facts, "copy": lock.copy})
        else:
            sound.append(lock)
    yield from _together(problem, sound, schools)


def _together(problem: Problem, locks: list[Lock], schools: dict[str, School]) -> Iterator[Fault]:
    twice = Counter((lock.school, lock.title) for lock in locks)
    yield from (
        Fault("lock_twice", {"school": one, "title": key})
        for (one, key), count in sorted(twice.items())
        if count > 1
    )
    yield from (_in_days if has_days(problem) else _in_periods)(problem, locks, schools)
    cells = cells_of(problem)
    number = {cell: at for at, cell in enumerate(cells)}
    cell_of = {title.key: number[title.level, title.subject] for title in problem.titles}
    by_delivery: dict[tuple[str, int], list[int]] = {}
    for lock in locks:
        by_delivery.setdefault((lock.school, lock.period), []).append(cell_of[lock.title])
    for (key, period), inside in sorted(by_delivery.items()):
        if not fits(schools[key], cells, inside):
            yield Fault("locks_above_quota", {"school": key, "period": period, "locked": len(inside)})


def _in_periods(problem: Problem, locks: list[Lock], _schools: dict[str, School]) -> Iterator[Fault]:
    """All schools swap on one day: a copy serves one of them in a period."""
    # Twice at the same school is told above.
    bound = Counter(
        (key, period) for key, period, _school in {(it.copy, it.period, it.school) for it in locks} if key
    )
    yield from (
        Fault("lock_copy_twice", {"copy": key, "period": period})
        for (key, period), count in sorted(bound.items())
        if count > 1
    )
    available: Counter[tuple[str, int]] = Counter()
    wanted = Counter((lock.title, lock.period) for lock in locks)
    locked = {lock.title for lock in locks}
    for copy in problem.copies:
        if copy.title in locked:
            for period in range(max(copy.first, 1), min(copy.last or problem.periods, problem.periods) + 1):
                available[copy.title, period] += 1
    for (key, period), count in sorted(wanted.items()):
        if count > available[key, period]:
            free = available[key, period]
            yield Fault(
                "lock_above_copies", {"title": key, "period": period, "locked": count, "copies": free}
            )


def _in_days(problem: Problem, locks: list[Lock], schools: dict[str, School]) -> Iterator[Fault]:
    """Schools swap on days of their own: a copy serves one after the other, whatever the number of their period."""
    stays: dict[str, list[tuple[int, int, Lock]]] = defaultdict(list)
    wanted: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for lock in locks:
        out, back = schools[lock.school].days[lock.period - 1]
        if lock.copy:
            stays[lock.copy].append((out, back, lock))
        # What comes back on a day can go out on it.
        wanted[lock.title] += [(out, 1, lock.period), (back, -1, lock.period)]
    for key, rows in sorted(stays.items()):
        rows.sort(key=lambda row: (row[:2], row[2].school))
        for (_out, back, _lock), (out, _back, lock) in pairwise(rows):
            if out < back:
                yield Fault("lock_copy_twice", {"copy": key, "period": lock.period})
                break
    # A copy is there from its day on.
    free: dict[str, list[int]] = defaultdict(list)
    for copy in problem.copies:
        if copy.title in wanted:
            insort(free[copy.title], copy.day)
    for key, changes in sorted(wanted.items()):
        at_once = 0
        for day, change, period in sorted(changes):
            at_once += change
            there = bisect_right(free[key], day)
            if change > 0 and at_once > there:
                facts: dict[str, str | int] = {
                    "title": key,
                    "period": period,
                    "locked": at_once,
                    "copies": there,
                }
                yield Fault("lock_above_copies", facts)
                break


def fits(school: School, cells: list[Cell], locked: list[int]) -> bool:
    """Whether books of these cells can lie in one delivery together with all its quotas."""
    nodes = nest(school, cells).nodes
    return nodes[0].places >= len(locked) + sum(
        places_left(nodes, locked)[child] for child in nodes[0].children
    )
