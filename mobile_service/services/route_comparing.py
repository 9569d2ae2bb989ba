"""A plan beside the calendar in force, or beside another plan: what each reaches, what it costs, and which visits differ (M3)."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mobile_service.choices import HOLDING_VISITS
from mobile_service.models import RoutePlan, Visit
from mobile_service.planning import Plan, Problem, compare, lay
from mobile_service.services.routing_days import as_time
from mobile_service.services.routing_hand import with_hand
from mobile_service.services.routing_input import NO_NOON, engine_key
from mobile_service.services.routing_result import kept_calendar, problem_of, result_of


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A visit that differs. What one side does not have is None and ""."""

    kind: str
    stop: str
    name: str
    on: date | None
    begins: time | None
    vehicle: str
    new_on: date | None
    new_begins: time | None
    new_vehicle: str


@dataclass(frozen=True, slots=True)
class Beside:
    """``before`` is the other side, ``after`` the plan. Only stops that the plan knows are counted on either side."""

    before: dict[str, Any]
    after: dict[str, Any]
    same: int
    changes: list[ChangeRow]


def compare_with(plan: RoutePlan, other: RoutePlan | None = None) -> Beside:
    """``other`` None: the calendar as it stands now. Raises ValueError when a plan has no result."""
    calendar = kept_calendar(plan)
    problem = with_hand(problem_of(plan), plan.hand, calendar)
    after = result_of(plan)
    before = _calendar(plan, problem) if other is None else _shifted(other, plan)
    found = compare(_plain(before), _plain(after))
    names = {row["stop"]: row["name"] for row in plan.report["stops"]}
    if other is not None:
        names = {row["stop"]: row["name"] for row in other.report["stops"]} | names
    vehicles = {**(other.report["vehicles"] if other else {}), **plan.report["vehicles"]}
    rows = [
        ChangeRow(
            kind=row.kind,
            stop=row.stop,
            name=names.get(row.stop, ""),
            on=calendar.day(row.day) if row.day else None,
            begins=as_time(row.start) if row.day else None,
            vehicle=vehicles.get(row.vehicle, ""),
            new_on=calendar.day(row.new_day) if row.new_day else None,
            new_begins=as_time(row.new_start) if row.new_day else None,
            new_vehicle=vehicles.get(row.new_vehicle, ""),
        )
        for row in found.changes
    ]
    rows.sort(key=lambda it: (it.on or it.new_on or date.max, it.name))
    return Beside(asdict(found.before), asdict(found.after), found.same, rows)


def _calendar(plan: RoutePlan, problem: Problem) -> Plan:
    """The visits of these days as they stand, driven in their order; only the way is reckoned, their hours are kept."""
    zone, calendar = ZoneInfo(plan.office.zone), kept_calendar(plan)
    numbers = {row.number for row in problem.days}
    stops = {row.key for row in problem.stops}
    tours: dict[tuple[int, str], list[str]] = {}
    begins: dict[tuple[str, int], float] = {}
    visits = Visit.objects.filter(
        stop__office=plan.office,
        status__in=HOLDING_VISITS,
        begins_at__gte=datetime.combine(plan.starts_on, time(), zone),
        begins_at__lt=datetime.combine(plan.ends_on + timedelta(days=1), time(), zone),
    ).order_by("begins_at", "pk")
    for visit in visits:
        local = visit.begins_at.astimezone(zone)
        number, stop = calendar.number(local.date()), str(visit.stop_id)
        key = engine_key(problem.vehicles, visit.vehicle_id, number)
        if number in numbers and stop in stops and key and (stop, number) not in begins:
            tours.setdefault((number, key), []).append(stop)
            begins[stop, number] = local.hour * 60 + local.minute
    off = {(row.key, day) for row in problem.vehicles for day in row.off}
    laid = lay(problem, {key: tuple(row) for key, row in tours.items() if (key[1], key[0]) not in off})
    return replace(laid, visits=tuple(it._replace(start=begins[it.stop, it.day]) for it in laid.visits))


def _shifted(other: RoutePlan, plan: RoutePlan) -> Plan:
    """The other plan with its days counted from the Monday of this one; days before it fall out."""
    answer = result_of(other)
    by = (kept_calendar(other).monday - kept_calendar(plan).monday).days
    return replace(
        answer, visits=tuple(it._replace(day=it.day + by) for it in answer.visits if it.day + by > 0)
    )


def _plain(answer: Plan) -> Plan:
    """A van that the planner knows by two names is one."""
    return replace(
        answer, visits=tuple(it._replace(vehicle=it.vehicle.removesuffix(NO_NOON)) for it in answer.visits)
    )
