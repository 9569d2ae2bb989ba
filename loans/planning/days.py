"""Deliveries that overlap in time: how many of them one copy can serve at most."""

from collections.abc import Callable

from loans.planning.problem import Problem


def has_days(problem: Problem) -> bool:
    """Whether schools swap on days of their own, one after another."""
    return any(school.days for school in problem.schools)


def chains(problem: Problem) -> Callable[[int], int]:
    """How many deliveries one copy can serve that is free from a day on, so that no two overlap: the earliest back is taken first."""
    spans = sorted(
        (back, out)
        for school in problem.schools
        for period, (out, back) in enumerate(school.days, start=1)
        if period not in school.absent
    )
    found: dict[int, int] = {}

    def count(day: int) -> int:
        if day not in found:
            free, links = day, 0
            for back, out in spans:
                if out >= free:
                    free, links = back, links + 1
            found[day] = links
        return found[day]

    return count
