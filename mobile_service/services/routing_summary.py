"""What a route plan means, in figures and rows kept with it: pages read these, not the whole plan (M3)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from mobile_service.models import Stop, Vehicle
from mobile_service.planning import Fault, Plan, Problem
from mobile_service.planning.rhythm import asked
from mobile_service.services.routing_days import Calendar
from mobile_service.services.routing_input import NO_NOON, House


@dataclass(frozen=True, slots=True)
class Names:
    """What the planner's keys and numbers mean to people."""

    calendar: Calendar
    stops: dict[str, str]
    vehicles: dict[str, str]

    def day(self, number: int) -> str:
        """As ISO text, to be kept; "" where no day is meant."""
        return self.calendar.day(number).isoformat() if number else ""

    def vehicle(self, key: str) -> str:
        return self.vehicles.get(key.removesuffix(NO_NOON), "")


def names_of(calendar: Calendar, stops: Iterable[Stop], vehicles: Iterable[Vehicle]) -> Names:
    return Names(
        calendar,
        {str(row.pk): row.name for row in stops},
        {str(row.pk): row.name for row in vehicles},
    )


def summed_up(plan: Plan) -> dict[str, Any]:
    """The figures of the plan, with how it ended."""
    return {**asdict(plan.figures), "status": plan.status, "solver": plan.solver}


def unmet_of(plan: Plan, names: Names) -> list[dict[str, Any]]:
    """Stop by stop what the plan does not reach, why, and what would reach it, the cheapest first."""
    return [
        {
            "stop": row.stop,
            "name": names.stops.get(row.stop, row.stop),
            "visits": row.visits,
            "reason": row.reason,
            "day": names.day(row.day),
            "ways": [
                {
                    "kind": way.kind,
                    "amount": way.amount,
                    "cost": way.cost,
                    "day": names.day(way.day),
                    "vehicle": names.vehicle(way.vehicle),
                }
                for way in row.ways
            ],
        }
        for row in sorted(plan.missed, key=lambda it: (names.stops.get(it.stop, it.stop), it.day))
    ]


def faults_of(faults: Sequence[Fault], names: Names) -> list[dict[str, Any]]:
    """Faults to keep and to show: with names where the planner has keys. Days stay numbers, see ``routing_days.Calendar``."""
    return [{"code": fault.code, "facts": _facts(fault, names)} for fault in faults]


def _facts(fault: Fault, names: Names) -> dict[str, Any]:
    facts = dict(fault.facts)
    for name in ("stop", "other"):
        if name in facts:
            facts[f"{name}_key"] = facts[name]
            facts[name] = names.stops.get(str(facts[name]), facts[name])
    if "vehicle" in facts:
        facts["vehicle"] = names.vehicle(str(facts["vehicle"])) or facts["vehicle"]
    return facts


def report_of(house: House, problem: Problem, plan: Plan) -> dict[str, Any]:
    """Where the driving times come from, what the plan leaves alone, and each stop with its visits and gaps."""
    drives = house.drives
    names = names_of(house.calendar, [row for row, _why in house.left_out], house.vehicles)
    return {
        "driving": {
            "typed": drives.typed,
            "road": drives.road,
            "reckoned": drives.reckoned,
            "engine_down": drives.engine_down,
        },
        "kept": len(house.kept),
        "left_out": [
            {"stop": str(row.pk), "name": row.name, "code": why.code, "facts": _facts(why, names)}
            for row, why in house.left_out
        ],
        "idle": [{"vehicle": str(row.pk), "name": row.name, "code": code} for row, code in house.idle],
        "vehicles": {str(row.pk): row.name for row in house.vehicles},
        "depots": {key: [point.latitude, point.longitude] for key, point in house.depots.items()},
        "stops": rows_of(house.stops, house.calendar, problem, plan),
        "broken": [],
    }


def rows_of(stops: Sequence[Stop], calendar: Calendar, problem: Problem, plan: Plan) -> list[dict[str, Any]]:
    """A row for each stop: how often it is wanted and visited, on which days, and the longest and shortest time between."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for visit in plan.visits:
        numbers[visit.stop].append(visit.day)
    wanted = {row.key: asked(problem, row) for row in problem.stops}
    return [
        {
            "stop": str(stop.pk),
            "name": stop.name,
            "every": stop.every_weeks,
            "minutes": stop.minutes,
            "latitude": float(stop.latitude or 0),
            "longitude": float(stop.longitude or 0),
            "asked": wanted.get(str(stop.pk), 0),
            **gaps_in(numbers[str(stop.pk)], calendar),
        }
        for stop in stops
    ]


def gaps_in(days: Iterable[int], calendar: Calendar) -> dict[str, Any]:
    """The days of one stop, as ISO text, with the shortest and longest gap; None where there is only one visit."""
    row = sorted(days)
    gaps = [later - earlier for earlier, later in pairwise(row)]
    return {
        "visits": len(row),
        "days": [calendar.day(number).isoformat() for number in row],
        "shortest": min(gaps, default=None),
        "longest": max(gaps, default=None),
    }
