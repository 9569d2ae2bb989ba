"""From a problem to its plan: the calendar of a cycle or of the days themselves, holidays, fixed places in a tour, and what is missed and why."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from mobile_service.planning.examining import examine
from mobile_service.planning.insertion import Choices, insert_all, insert_more
from mobile_service.planning.pinning import in_place
from mobile_service.planning.plan import Missed, Moved, Plan
from mobile_service.planning.problem import Problem
from mobile_service.planning.reading import sorted_problem
from mobile_service.planning.reasons import reasons
from mobile_service.planning.routing import Solver
from mobile_service.planning.rows import Rows
from mobile_service.planning.solving import Work, solver_name, work_out
from mobile_service.planning.state import State
from mobile_service.planning.summing import summed
from mobile_service.planning.tables import Tables
from mobile_service.planning.timing import driven
from mobile_service.planning.unrolling import Patch, Tours, fallen, patches, repeated, template

Told = Callable[[str, float, list[list[str]] | None], None]
# The share of the time that weeks with holidays get.
HOLIDAYS = 0.15
# Seconds, and a share of the time, that are kept for the end: the reasons, and writing it all down.
WINDING_UP = 0.6
AT_THE_END = 0.01


def _silent(_stage: str, _share: float, _routes: list[list[str]] | None) -> None:
    return


def plan_routes(
    problem: Problem,
    told: Told = _silent,
    *,
    inputs: str = "",
    began: float | None = None,
    seconds: float | None = None,
    solver: Solver | None = None,
) -> Plan:
    """Plan in this process. ``began``: when the time began to count; ``seconds`` goes before the problem's own; ``solver``: one that is
    running already, and goes on. Raises BadProblem.
    """
    mine = solver or Solver()
    try:
        return _plan_routes(problem, told, inputs, began, seconds, mine)
    finally:
        if solver is None:
            mine.kill()


def _plan_routes(
    problem: Problem, told: Told, inputs: str, began: float | None, seconds: float | None, solver: Solver
) -> Plan:
    began = time.monotonic() if began is None else began
    problem = sorted_problem(problem)
    examine(problem)
    limits = problem.limits
    whole = limits.seconds if seconds is None else seconds
    ends = began + whole
    base = template(problem) if problem.cycle else problem
    tables = Tables(base)
    odd = bool(problem.cycle) and (any(it.closed for it in problem.days) or bool(problem.pins))
    left = max(0.05, ends - time.monotonic() - min(WINDING_UP + AT_THE_END * whole, whole / 4))
    seconds = left * (1 - HOLIDAYS if odd else 1)
    # A handful of stops is planned as well as it can be long before.
    enough = 1 + len(tables.stops) ** 2 / 2
    work = Work(
        tables,
        lambda stage, share, routes: told(stage, share, None if routes is None else _rows(tables, routes)),
        solver,
        seconds=min(seconds, enough),
        iterations=limits.iterations,
        seed=problem.seed,
    )
    work_out(work)
    work.state.restore(work.best)
    insert_more(work.state, work.choices)
    work.best = work.state.keep()
    told("reasons", 0.95, None)
    missed = reasons(tables, work.state, float("inf") if limits.iterations else ends - 0.3)
    finished_early = bool(limits.iterations) or enough < seconds
    status = "stopped" if work.solver.killed else "done" if finished_early else "time_limit"
    name = solver_name()
    if not problem.cycle:
        routes = in_place(tables, work.best[0])
        missed = _with_lost(tables, missed, work.best[0], routes)
        return summed(
            tables, routes, status=status, solver=name, missed=missed, reference=work.reference, inputs=inputs
        )
    return _calendar(
        problem,
        _tours(tables, work.best[0]),
        missed,
        status,
        name,
        inputs,
        work.reference,
        ends,
        told,
        solver,
    )


def finished(problem: Problem, rows: Sequence[Sequence[str]], *, status: str, inputs: str) -> Plan:
    """The plan of tours that another process had told before it was ended: quickly, without trying what would meet what is missed."""
    problem = sorted_problem(problem)
    base = template(problem) if problem.cycle else problem
    tables = Tables(base)
    tours = {(int(row[0]), row[1]): list(row[2:]) for row in rows}
    state = State(tables, Rows(tables))
    state.take(_routes(tables, tours))
    insert_more(state, Choices(tables))
    tours = _tours(tables, state.routes)
    missed = reasons(tables, state, 0.0)
    if not problem.cycle:
        routes = in_place(tables, state.routes)
        missed = _with_lost(tables, missed, state.routes, routes)
        return summed(tables, routes, status=status, solver=solver_name(), missed=missed, inputs=inputs)
    return _calendar(problem, tours, missed, status, solver_name(), inputs, None, 0.0, _silent, Solver())


def _rows(tables: Tables, routes: Sequence[Sequence[int]]) -> list[list[str]]:
    return [[str(day), key, *row] for (day, key), row in sorted(_tours(tables, routes).items())]


def _tours(tables: Tables, routes: Sequence[Sequence[int]]) -> Tours:
    return {
        (tables.days[slot.day], tables.problem.vehicles[slot.vehicle].key): [
            tables.stops[it].key for it in route
        ]
        for slot, route in zip(tables.slots, routes, strict=True)
        if route
    }


def _routes(tables: Tables, tours: Mapping[tuple[int, str], Sequence[str]]) -> list[tuple[int, ...]]:
    stops = {it.key: at for at, it in enumerate(tables.stops)}
    keys = [it.key for it in tables.problem.vehicles]
    return [
        tuple(stops[it] for it in tours.get((tables.days[slot.day], keys[slot.vehicle]), ()))
        for slot in tables.slots
    ]


def _with_lost(
    tables: Tables,
    missed: tuple[Missed, ...],
    before: Sequence[Sequence[int]],
    after: Sequence[Sequence[int]],
) -> tuple[Missed, ...]:
    """What had to leave a tour so that a pinned visit is where the hand wants it."""
    lost = []
    for slot, was, now in zip(tables.slots, before, after, strict=True):
        lost += [Missed(tables.stops[it].key, 1, "pin", tables.days[slot.day]) for it in was if it not in now]
    return (*missed, *lost)


def _calendar(
    problem: Problem,
    tours: Tours,
    missed: tuple[Missed, ...],
    status: str,
    name: str,
    inputs: str,
    reference: float | None,
    ends: float,
    told: Told,
    solver: Solver,
) -> Plan:
    """The cycle on every day of the horizon; weeks in which something is different are planned again."""
    tables = Tables(problem, rhythm=False)
    found, displaced = repeated(problem, tours)
    found, lost = _standing(tables, found)
    displaced += fallen(problem, found, lost)
    moved: list[Moved] = [Moved(it.stop, it.day, 0) for it in displaced if not it.days]
    todo = patches(problem, found, displaced)
    for number, patch in enumerate(todo):
        told("holidays", 0.85 + 0.1 * number / len(todo), None)
        share = (ends - time.monotonic() - 0.3) / (len(todo) - number)
        moved += _patched(patch, found, share, problem.limits.iterations, solver)
    found, lost = _standing(tables, found)
    standing = _routes(tables, found)
    routes = in_place(tables, standing)
    cycles = _cycles(problem)
    made = {(stop, day) for (day, _key), row in _tours(tables, routes).items() for stop in row}
    # A stop that the cycle has no room for comes on its pinned days all the same. One that it does not get is missed already.
    absent = {it.stop for it in missed} - {stop for row in tours.values() for stop in row}
    beside = Counter(stop for stop, _day in made if stop in absent)
    lacking = (
        *(
            replace(it, visits=it.visits * cycles - beside[it.stop])
            for it in missed
            if it.visits * cycles > beside[it.stop]
        ),
        *(Missed(it.stop, 1, "holiday", it.day) for it in moved if not it.to and it.stop not in absent),
        *(Missed(stop, 1, "holiday", day) for stop, day in lost if stop not in absent),
    )
    lacking = _with_lost(tables, lacking, standing, routes)
    asked = len(made) + sum(it.visits for it in lacking)
    return summed(
        tables,
        routes,
        status=status,
        solver=name,
        missed=lacking,
        moved=tuple(sorted(it for it in moved if (it.stop, it.to) in made)),
        reference=reference,
        inputs=inputs,
        asked=asked,
        cycle_travel=_travel(problem, tours),
    )


def _standing(tables: Tables, tours: Tours) -> tuple[Tours, list[tuple[str, int]]]:
    """The tours as they can be driven on their dates, and the (stop, day) that had to leave them.

    Dates have hours of their own, which the cycle does not know, and a tour need not stand without a stop that has left it.
    """
    routes = _routes(tables, tours)
    kept = [
        driven(tables, tables.kinds[slot.kind], it) for slot, it in zip(tables.slots, routes, strict=True)
    ]
    lost = [
        (tables.stops[stop].key, tables.days[slot.day])
        for slot, before, after in zip(tables.slots, routes, kept, strict=True)
        for stop in before
        if stop not in after
    ]
    return _tours(tables, kept), lost


def _travel(problem: Problem, tours: Tours) -> float:
    """Minutes of driving of the cycle itself, which the reference is about."""
    places = {it.key: it.place for it in problem.stops}
    vehicles = {it.key: it for it in problem.vehicles}
    matrices = {it.key: it.minutes for it in problem.matrices}
    total = 0.0
    for (_day, key), row in tours.items():
        way = [vehicles[key].start, *(places[it] for it in row), vehicles[key].end]
        total += sum(matrices[vehicles[key].matrix][a][b] for a, b in itertools.pairwise(way))
    return total


def _cycles(problem: Problem) -> int:
    """How often the whole cycle fits in the horizon."""
    numbers = [it.number for it in problem.days]
    weeks = -(-(max(numbers) - min(numbers) + 1) // 7)
    return max(1, 7 * weeks // problem.cycle)


def _patched(patch: Patch, tours: Tours, seconds: float, iterations: int, solver: Solver) -> list[Moved]:
    """Plan the weeks of the patch anew; ``tours`` is changed. Nothing but visits of these weeks moves."""
    tables = Tables(patch.problem)
    work = Work(
        tables,
        lambda *_words: None,
        solver,
        seconds=max(0.05, seconds),
        iterations=iterations,
        seed=patch.problem.seed,
    )
    if seconds > 0.2 or iterations:
        work_out(work)
    else:
        insert_all(work.state, Choices(tables))
        work.best = work.state.keep()
    days = {it.number for it in patch.problem.days}
    for tour in [it for it in tours if it[0] in days]:
        del tours[tour]
    made: dict[str, int] = {}
    for (day, vehicle), row in _tours(tables, work.best[0]).items():
        tours[day, vehicle] = []
        for key in row:
            stop, _was = patch.names[key]
            if any(stop in it for (other, _v), it in tours.items() if other == day):
                continue
            tours[day, vehicle].append(stop)
            made[key] = day
    for tour in [it for it, row in tours.items() if not row]:
        del tours[tour]
    return [
        Moved(stop, was, made.get(key, 0))
        for key, (stop, was) in patch.names.items()
        if made.get(key, 0) != was
    ]
