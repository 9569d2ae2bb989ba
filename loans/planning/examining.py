"""What makes a problem unplannable, each as a code with the row it is about. Nothing is repaired silently."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from loans.planning.days import has_days
from loans.planning.faults import BadProblem, Fault
from loans.planning.locking import lock_faults
from loans.planning.problem import LIBRARY, Calendar, Problem, School
from loans.planning.quotas import Cell, cells_of, matches, nest

MODES = ("personal", "kits", "mixed")
MOST_PERIODS = 60
MOST_POINTS = 100_000
MOST_BOOKS = 100_000
_ONE_DAY = timedelta(days=1)


def examine(problem: Problem) -> None:
    """Raises BadProblem with everything that is wrong."""
    faults = [*_tables(problem), *_calendar(problem)]
    if not faults:
        faults = [*_schools(problem), *lock_faults(problem)]
    if faults:
        raise BadProblem(faults)


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
        if any(not row.key for row in rows):
            yield Fault("key_empty")
    titles = {title.key for title in problem.titles}
    with_copy = {copy.title for copy in problem.copies}
    yield from (Fault("title_without_copy", {"title": key}) for key in sorted(titles - with_copy))
    yield from (Fault("copy_of_unknown_title", {"title": key}) for key in sorted(with_copy - titles))
    schools = {school.key for school in problem.schools}
    for table in (problem.wishes, problem.history, problem.bans, problem.earlier):
        for key in sorted({row.school for row in table} - schools):
            yield Fault("unknown_school", {"school": key})
    for key in sorted({copy.at for copy in problem.copies} - schools - {LIBRARY}):
        yield Fault("copy_at_unknown_school", {"school": key})
    yield from _numbers(problem)
    yield from _days(problem)


def _days(problem: Problem) -> Iterator[Fault]:
    """Days for every school and every period in their order, or none at all; and only where schools choose for themselves."""
    if not has_days(problem):
        return
    if problem.mode != "personal":
        yield Fault("days_with_boxes")
    for school in problem.schools:
        rows = [span for number, span in enumerate(school.days, start=1) if number not in school.absent]
        last = 0
        for out, back in rows:
            if not last <= out < back:
                yield Fault("days_out_of_order", {"school": school.key})
                break
            last = back
        if len(school.days) != problem.periods:
            yield Fault("days_incomplete", {"school": school.key, "periods": problem.periods})


def _numbers(problem: Problem) -> Iterator[Fault]:
    """Numbers that mean nothing, or more than the planner can count."""
    for title in problem.titles:
        if abs(title.points) > MOST_POINTS:
            yield Fault("points_too_large", {"title": title.key, "most": MOST_POINTS})
    for copy in problem.copies:
        if not 0 <= copy.wear <= MOST_POINTS or copy.first < 0 or copy.last < 0 or copy.day < 0:
            yield Fault("copy_out_of_range", {"copy": copy.key})
    for (one, key), count in sorted(Counter((wish.school, wish.title) for wish in problem.wishes).items()):
        if count > 1:
            yield Fault("wish_twice", {"school": one, "title": key})
    for wish in problem.wishes:
        if not 1 <= wish.priority <= 9:
            yield Fault("priority_out_of_range", {"school": wish.school, "title": wish.title})
    for row in problem.history:
        if row.ago < 1:
            yield Fault("history_in_the_future", {"school": row.school})
    if problem.memory is not None and problem.memory < 0:
        yield Fault("memory_negative")
    if problem.kit_gap < 1:
        yield Fault("kit_gap_too_small")
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
        elif any(number < 0 for number in _books_asked(school)):
            yield Fault("negative_number", {"school": school.key})
        elif any(number > MOST_BOOKS for number in _books_asked(school)):
            yield Fault("too_many_books", {"school": school.key, "most": MOST_BOOKS})
        elif not all(1 <= period <= problem.periods for period in school.absent):
            yield Fault("absent_out_of_range", {"school": school.key})
        elif len(set(school.absent)) < len(school.absent):
            yield Fault("absent_twice", {"school": school.key})
        elif abs(school.latitude or 0) > 90 or abs(school.longitude or 0) > 180:
            yield Fault("place_out_of_range", {"school": school.key})
        elif any(rule.at_most is not None and rule.at_least > rule.at_most for rule in school.crossing):
            yield Fault("crossing_backwards", {"school": school.key})
        elif problem.mode == "mixed" and problem.fixed < 0:
            yield Fault("negative_number", {"school": school.key})
        elif problem.mode == "mixed" and problem.fixed > school.size:
            yield Fault(
                "fixed_above_size", {"school": school.key, "fixed": problem.fixed, "size": school.size}
            )
        else:
            yield from _quotas(school, cells)


def _books_asked(school: School) -> list[int]:
    """Every number of books that a school names."""
    rules = [number for rule in school.crossing for number in (rule.at_least, rule.at_most or 0)]
    return [school.size, *(quota.places for quota in school.quotas), *rules]


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
    asked = Counter((quota.level, quota.subject) for quota in school.quotas if quota.places)
    crossing = nest(school, cells).crossing
    for number, quota in enumerate(school.quotas):
        facts: dict[str, str | int] = {
            "school": school.key, "level": quota.level, "subject": quota.subject,
        }  # fmt: skip
        if asked.pop((quota.level, quota.subject), 0) > 1:
            yield Fault("quota_twice", facts)
        elif number in crossing and quota.places > school.size:
            yield Fault("quotas_above_size", {**facts, "asked": quota.places, "size": school.size})
        elif quota.level and quota.level not in school.levels:
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
