"""What makes a problem unplannable, each as a code with the row it is about. Nothing is repaired silently."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from loans.planning.faults import BadProblem, Fault
from loans.planning.problem import Calendar, Lock, Problem, School
from loans.planning.quotas import Cell, Node, matches, nest

MODES = ("personal", "kits", "mixed")
MOST_PERIODS = 60
MOST_POINTS = 100_000
_ONE_DAY = timedelta(days=1)


def examine(problem: Problem) -> None:
    """Raises BadProblem with everything that is wrong."""
    faults = [*_tables(problem), *_calendar(problem)]
    if not faults:
        faults = [*_schools(problem), *_locks(problem)]
    if faults:
        raise BadProblem(faults)


def cells_of(problem: Problem) -> list[Cell]:
    return sorted({(title.level, title.subject) for title in problem.titles})


def _tables(problem: Problem) -> Iterator[Fault]:
    if not problem.schools:
        yield Fault("no_schools")
    if not problem.copies or not problem.titles:
        yield Fault("empty_pool")
        return
    if not 1 <= problem.periods <= MOST_PERIODS:
        yield Fault("periods_out_of_range", {"periods": problem.periods, "most": MOST_PERIODS})
    if problem.mode not in MODES:
        yield Fault("unknown_mode", {"mode": problem.mode})
    for code, rows in (
        ("school_twice", problem.schools),
        ("title_twice", problem.titles),
        ("copy_twice", problem.copies),
    ):
        yield from (Fault(code, {"key": key}) for key in _doubles(row.key for row in rows))
    titles = {title.key for title in problem.titles}
    with_copy = {copy.title for copy in problem.copies}
    yield from (Fault("title_without_copy", {"title": key}) for key in sorted(titles - with_copy))
    yield from (Fault("copy_of_unknown_title", {"title": key}) for key in sorted(with_copy - titles))
    schools = {school.key for school in problem.schools}
    for table in (problem.wishes, problem.history, problem.earlier):
        for key in sorted({row.school for row in table} - schools):
            yield Fault("unknown_school", {"school": key})
    for title in problem.titles:
        if abs(title.points) > MOST_POINTS:
            yield Fault("points_too_large", {"title": title.key, "most": MOST_POINTS})
    for (one, key), count in sorted(Counter((wish.school, wish.title) for wish in problem.wishes).items()):
        if count > 1:
            yield Fault("wish_twice", {"school": one, "title": key})
    for wish in problem.wishes:
        if not 1 <= wish.priority <= 9:
            yield Fault("priority_out_of_range", {"school": wish.school, "title": wish.title})
    for row in problem.history:
        if row.ago < 1:
            yield Fault("history_in_the_future", {"school": row.school})
    for name in ("wish", "language", "wear", "variety", "stay", "fairness", "near_km"):
        if not 0 <= getattr(problem.weights, name) <= MOST_POINTS:
            yield Fault("weight_out_of_range", {"weight": name})


def _doubles(keys: Iterable[str]) -> list[str]:
    return sorted(key for key, count in Counter(keys).items() if count > 1)


def _calendar(problem: Problem) -> Iterator[Fault]:
    calendar = problem.calendar
    if calendar is None:
        return
    if calendar.ends_on <= calendar.starts_on:
        yield Fault("agreement_backwards")
    elif calendar.interval_months < 1:
        yield Fault("interval_too_short")
    elif _later(calendar.starts_on, calendar.interval_months) > calendar.ends_on + _ONE_DAY:
        yield Fault("interval_too_long", {"months": calendar.interval_months})
    elif not _opens(calendar):
        yield Fault("always_closed")
    else:
        fitting = _fitting(calendar)
        if problem.periods > fitting:
            yield Fault("too_many_periods", {"periods": problem.periods, "fitting": fitting})


def _fitting(calendar: Calendar) -> int:
    count = 0
    while _later(calendar.starts_on, count * calendar.interval_months) < calendar.ends_on:
        count += 1
    return count


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))


def _opens(calendar: Calendar) -> bool:
    day = calendar.starts_on
    while day <= calendar.ends_on:
        shut = next((end for start, end in calendar.closed if start <= day <= end), None)
        if shut is None and day.weekday() not in calendar.closed_weekdays:
            return True
        day = (shut or day) + _ONE_DAY
    return False


def _schools(problem: Problem) -> Iterator[Fault]:
    cells = cells_of(problem)
    if problem.mode != "personal":
        yield from _rings(problem)
    for school in problem.schools:
        if not school.levels or not any(school.levels):
            yield Fault("school_without_level", {"school": school.key})
        elif school.size < 0 or any(quota.places < 0 for quota in school.quotas):
            yield Fault("negative_number", {"school": school.key})
        elif not all(1 <= period <= problem.periods for period in school.absent):
            yield Fault("absent_out_of_range", {"school": school.key})
        elif problem.mode == "mixed" and not 0 <= problem.fixed <= school.size:
            yield Fault(
                "fixed_above_size", {"school": school.key, "fixed": problem.fixed, "size": school.size}
            )
        else:
            yield from _quotas(school, cells)


def _rings(problem: Problem) -> Iterator[Fault]:
    """One box must suit every school of its ring."""
    first: dict[str, School] = {}
    for school in sorted(problem.schools, key=lambda it: it.key):
        other = first.setdefault(school.ring, school)
        if (other.size, sorted(other.levels)) != (school.size, sorted(school.levels)):
            yield Fault("rings_differ", {"school": school.key})
    if problem.locks:
        yield Fault("locks_with_boxes", {"locked": len(problem.locks)})


def _quotas(school: School, cells: list[Cell]) -> Iterator[Fault]:
    for quota in school.quotas:
        facts = {"school": school.key, "level": quota.level, "subject": quota.subject}
        if quota.level and quota.level not in school.levels:
            yield Fault("quota_of_other_level", facts)
        elif quota.places and not any(
            cell[0] in school.levels and matches(cell, quota.level, quota.subject) for cell in cells
        ):
            yield Fault("quota_without_title", facts)
    nodes = nest(school, cells).nodes
    for node in nodes:
        if node.free < 0:
            whole = node.number < 0
            over = None if whole else school.quotas[node.number]
            yield Fault(
                "quotas_above_size" if whole else "quotas_above_quota",
                {
                    "school": school.key,
                    "level": over.level if over else "",
                    "subject": over.subject if over else "",
                    "asked": node.places - node.free,
                    "size": node.places,
                },
            )


def _locks(problem: Problem) -> Iterator[Fault]:
    """Rows fixed by hand that contradict the rules or one another: explained, never overridden."""
    if not problem.locks:
        return
    schools = {school.key: school for school in problem.schools}
    titles = {title.key: title for title in problem.titles}
    copies = {copy.key: copy for copy in problem.copies}
    had = {(row.school, key, row.ago) for row in problem.history for key in row.titles}
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
        elif ago is not None and (problem.memory is None or lock.period - 1 + ago <= problem.memory):
            yield Fault("lock_had", facts)
        elif lock.copy and not (
            lock.copy in copies
            and copies[lock.copy].title == lock.title
            and copies[lock.copy].first <= lock.period <= (copies[lock.copy].last or problem.periods)
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
    bound = Counter((lock.copy, lock.period) for lock in locks if lock.copy)
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
            for period in range(max(copy.first, 1), (copy.last or problem.periods) + 1):
                available[copy.title, period] += 1
    for (key, period), count in sorted(wanted.items()):
        if count > available[key, period]:
            free = available[key, period]
            yield Fault(
                "lock_above_copies", {"title": key, "period": period, "locked": count, "copies": free}
            )
    cells = cells_of(problem)
    number = {cell: at for at, cell in enumerate(cells)}
    cell_of = {title.key: number[title.level, title.subject] for title in problem.titles}
    by_delivery: dict[tuple[str, int], list[int]] = {}
    for lock in locks:
        by_delivery.setdefault((lock.school, lock.period), []).append(cell_of[lock.title])
    for (key, period), inside in sorted(by_delivery.items()):
        if not fits(schools[key], cells, inside):
            yield Fault("locks_above_quota", {"school": key, "period": period, "locked": len(inside)})


def fits(school: School, cells: list[Cell], locked: list[int]) -> bool:
    """Whether books of these cells can lie in one delivery together with all its quotas."""
    nodes = nest(school, cells).nodes
    return nodes[0].places >= len(locked) + sum(
        places_left(nodes, locked)[child] for child in nodes[0].children
    )


def places_left(nodes: Sequence[Node], locked: Sequence[int]) -> list[int]:
    """What each quota still asks for when books of these cells lie in the delivery already."""
    left = [0] * len(nodes)
    for at in range(len(nodes) - 1, -1, -1):
        inside = sum(cell in nodes[at].cells for cell in locked)
        needed = sum(left[child] for child in nodes[at].children)
        left[at] = max(nodes[at].places - inside, needed if at else 0)
    return left
