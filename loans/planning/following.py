"""The checker's own view of days: where each copy is from day to day. It shares nothing with the planner's (``days.py``, ``rolling.py``)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from loans.planning.faults import Fault
from loans.planning.plan import Plan
from loans.planning.problem import LIBRARY, Problem

Stay = tuple[int, int, str, int]
"""From which day to which, at which school, in which period."""


class Journeys:
    """The stays of every copy of a plan whose schools have days, in their order."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        days = {school.key: school.days for school in problem.schools}
        self.stays: dict[str, list[Stay]] = defaultdict(list)
        for delivery in plan.deliveries:
            here = days.get(delivery.school, ())
            if 1 <= delivery.period <= len(here):
                out, back = here[delivery.period - 1]
                for item in delivery.items:
                    self.stays[item.copy].append((out, back, delivery.school, delivery.period))
        for rows in self.stays.values():
            rows.sort()

    def faults(self) -> Iterator[Fault]:
        """Copies that are to leave before they are back. What a person has fixed is the person's matter."""
        fixed = {(lock.school, lock.period, lock.copy) for lock in self.problem.locks}
        for copy in self.problem.copies:
            back, where = copy.day, copy.at
            for out, until, school, period in self.stays.get(copy.key, ()):
                if out < back and (school, period, copy.key) not in fixed:
                    code = "copy_in_two_places" if where != copy.at else "copy_not_back"
                    yield Fault(code, {"copy": copy.key, "school": school, "period": period})
                back, where = max(back, until), school

    def before(self, copy: str, school: str, period: int) -> str:
        """Who had the copy until the very day on which it comes to a school; LIBRARY when it had come home by then."""
        known = next((it for it in self.problem.copies if it.key == copy), None)
        where, until = (known.at, known.day) if known else (LIBRARY, -1)
        for out, back, holder, when in self.stays[copy]:
            if (holder, when) == (school, period):
                return where if until == out else LIBRARY
            where, until = holder, back
        return LIBRARY


def most_deliveries(problem: Problem) -> dict[int, int]:
    """By the day from which a copy is free: how many deliveries it can serve at most, counted from the last one backwards."""
    spans = sorted(
        (out, back)
        for school in problem.schools
        for period, (out, back) in enumerate(school.days, start=1)
        if period not in school.absent
    )
    starts = [out for out, _back in spans]
    # best[i]: the most that can be had of the deliveries from the i-th on.
    best = [0] * (len(spans) + 1)
    for at in range(len(spans) - 1, -1, -1):
        best[at] = max(best[at + 1], 1 + best[bisect_left(starts, spans[at][1])])
    return {day: best[bisect_left(starts, day)] for day in {copy.day for copy in problem.copies}}
