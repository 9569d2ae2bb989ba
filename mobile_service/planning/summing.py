"""Tours as a plan: times, figures, gaps. The last step of every way to a plan."""

import itertools
from collections.abc import Sequence
from statistics import pstdev

from mobile_service.planning.plan import Figures, Gap, Missed, Moved, Plan, Tour, Visit
from mobile_service.planning.reading import digest
from mobile_service.planning.rhythm import interval
from mobile_service.planning.tables import Tables
from mobile_service.planning.timing import drive, way

Routes = Sequence[Sequence[int]]


def summed(
    tables: Tables,
    routes: Routes,
    *,
    status: str,
    solver: str = "",
    missed: tuple[Missed, ...] = (),
    moved: tuple[Moved, ...] = (),
    reference: float | None = None,
    inputs: str = "",
    late: bool = False,
    asked: int | None = None,
    cycle_travel: float | None = None,
) -> Plan:
    """``routes``: for each slot of the tables the stops in their order. ``cycle_travel``: the travel that ``reference`` is about, where it
    is not that of the whole plan.
    """
    problem = tables.problem
    visits, tours = _rows(tables, routes, late)
    met = len(visits)
    travel = sum(it.travel for it in tours)
    distance = sum(it.distance for it in tours)
    out = [it.returns - it.departs for it in tours]
    service = sum(it.end - it.start for it in visits)
    cost = sum(way(tables, tables.kinds[tables.slots[at].kind], it) for at, it in enumerate(routes))
    days = {(it.stop, it.day) for it in visits}
    figures = Figures(
        asked=sum(tables.asked) if asked is None else asked,
        met=met,
        tours=len(tours),
        travel=_round(travel),
        distance=_round(distance),
        hours=_round(sum(out) / 60),
        service=_round(service),
        waiting=_round(sum(out) - travel - service - sum(_rest(tables, it) for it in tours)),
        least=_round(min(out, default=0) / 60),
        most=_round(max(out, default=0) / 60),
        spread=_round((pstdev(out) if len(out) > 1 else 0.0) / 60),
        objective=_round(cost + problem.weights.tour * len(tours)),
        reference=None if reference is None else _round(reference),
        gap=_round((cycle_travel or travel) / reference - 1) if reference else None,
        kept=sum((it.stop, it.day) in days for it in problem.earlier),
        earlier=len(problem.earlier),
    )
    return Plan(
        inputs=inputs or digest(problem),
        solver=solver,
        seed=problem.seed,
        status=status,
        visits=tuple(visits),
        tours=tuple(tours),
        missed=missed,
        figures=figures,
        gaps=_gaps(tables, visits),
        moved=moved,
    )


def _rows(tables: Tables, routes: Routes, late: bool) -> tuple[list[Visit], list[Tour]]:
    visits, tours = [], []
    for slot, route in zip(tables.slots, routes, strict=True):
        if not route:
            continue
        kind = tables.kinds[slot.kind]
        times = drive(tables, kind, route, late=late)
        if times is None:
            raise AssertionError("a tour was kept that cannot be driven")
        key, day = tables.problem.vehicles[slot.vehicle].key, tables.days[slot.day]
        visits += [
            Visit(tables.stops[stop].key, day, key, at, *(tables.plain(it) for it in row))
            for at, (stop, row) in enumerate(zip(route, times.rows, strict=True), start=1)
        ]
        tours.append(
            Tour(
                day,
                key,
                tables.plain(times.departs),
                tables.plain(times.returns),
                _round(way(tables, kind, route, "minutes")),
                _round(way(tables, kind, route, "distance")),
                len(route),
                sum(int(tables.demand[it]) for it in route),
                -1 if times.rest < 0 else tables.plain(times.rest),
            )
        )
    return visits, tours


def _rest(tables: Tables, tour: Tour) -> float:
    vehicle = next(it for it in tables.problem.vehicles if it.key == tour.vehicle)
    return vehicle.rest.minutes if vehicle.rest is not None and tour.rest >= 0 else 0.0


def _gaps(tables: Tables, visits: Sequence[Visit]) -> tuple[Gap, ...]:
    """Where a stop with a rhythm is visited earlier or later than asked. Stops with listed patterns have no rhythm."""
    days: dict[str, list[int]] = {}
    for visit in visits:
        days.setdefault(visit.stop, []).append(visit.day)
    found = []
    for at, stop in enumerate(tables.stops):
        row = sorted(days.get(stop.key, ()))
        if stop.patterns or (tables.asked[at] < 2 and not tables.problem.cycle):
            continue
        every = interval(tables.problem, stop)
        found += [
            Gap(stop.key, a, b, every) for a, b in itertools.pairwise(row) if abs(b - a - every) > stop.drift
        ]
    return tuple(found)


def _round(value: float) -> float:
    """Six decimals: sums of the same numbers in another order are the same."""
    found = round(float(value), 6)
    return int(found) if found.is_integer() else found
