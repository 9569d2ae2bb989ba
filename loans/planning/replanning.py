"""The rest of a year after something has happened: what has left the building stays, and the new plan shakes as little as it can."""

from collections.abc import Collection
from dataclasses import replace

from loans.planning.plan import Plan
from loans.planning.problem import LIBRARY, Earlier, History, Problem


def rest_of(problem: Problem, plan: Plan, *, started: int = 0, lost: Collection[str] = ()) -> Problem:
    """What is left to plan after ``started`` periods of ``plan`` have gone out and the copies ``lost`` are no more.

    Its period 1 is the plan's period ``started`` + 1. Deliveries that went out are history, their books stand in the schools, and
    what the plan had promised for later is kept where it costs nothing (``Weights.stay``). Rows fixed by hand stay fixed; one whose
    copy is lost may take another copy of the title, and goes when there is none.
    """
    gone = frozenset(lost)
    given = {
        item.copy: delivery.school
        for delivery in plan.deliveries
        if delivery.period == started
        for item in delivery.items
    }
    # Where schools have days: on which each gives back what it has now.
    back = {row.key: row.days[started - 1][1] for row in problem.schools if started and row.days}
    copies = tuple(
        replace(
            copy,
            at=copy.at if not started else given.get(copy.key, LIBRARY),
            first=max(copy.first - started, 1),
            last=copy.last and copy.last - started,
            day=back.get(given.get(copy.key, LIBRARY), copy.day),
        )
        for copy in problem.copies
        if copy.key not in gone and (not copy.last or copy.last > started)
    )
    titles = {copy.title for copy in copies}
    out = [
        History(
            delivery.school,
            tuple(sorted(item.title for item in delivery.items)),
            started - delivery.period + 1,
        )
        for delivery in plan.deliveries
        if delivery.period <= started
    ]
    served = {(row.school, title) for row in out for title in row.titles}
    return replace(
        problem,
        periods=problem.periods - started,
        calendar=None,
        schools=tuple(
            replace(
                school,
                absent=tuple(period - started for period in school.absent if period > started),
                days=school.days[started:],
            )
            for school in problem.schools
        ),
        titles=tuple(title for title in problem.titles if title.key in titles),
        copies=copies,
        wishes=tuple(wish for wish in problem.wishes if (wish.school, wish.title) not in served),
        history=(*(replace(row, ago=row.ago + started) for row in problem.history), *out),
        locks=tuple(
            replace(lock, period=lock.period - started, copy="" if lock.copy in gone else lock.copy)
            for lock in problem.locks
            if lock.period > started and lock.title in titles
        ),
        earlier=tuple(
            Earlier(
                delivery.school,
                delivery.period - started,
                tuple(sorted(item.title for item in delivery.items)),
            )
            for delivery in plan.deliveries
            if delivery.period > started
        ),
    )
