"""A kept route plan read back: day by day, who drives where and when (M3)."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from mobile_service.models import RoutePlan
from mobile_service.planning import Plan, Problem, plan_from_json, problem_from_json
from mobile_service.planning.plan import Tour
from mobile_service.planning.plan import Visit as PlannedVisit
from mobile_service.services.routing_days import Calendar, as_time, calendar_of
from mobile_service.services.routing_input import vehicle_key

# As many lines as a map can tell apart (static/css/route-map.css).
COLOURS = 8


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One stop of a tour. ``waits``: minutes that the van stands there before its hour. ``by_hand``: a person decided it."""

    stop: str
    name: str
    position: int
    arrives: time
    begins: time
    ends: time
    waits: int
    latitude: float
    longitude: float
    by_hand: bool = False
    # Fixed by a visit that stands in the calendar already; changed there, not here.
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class TourRow:
    """One vehicle's day. ``letter`` names it on the map, ``colour`` (1 to 8) is its line there; ``vehicle`` is its key."""

    on: date
    letter: str
    colour: int
    vehicle: str
    name: str
    leaves: time
    back: time
    kilometres: float
    driving: int
    hours: float
    rest: time | None
    latitude: float
    longitude: float
    visits: list[VisitRow] = field(default_factory=list)


def has_result(plan: RoutePlan) -> bool:
    return plan.result is not None and plan.problem is not None


def problem_of(plan: RoutePlan) -> Problem:
    """What the planner was told, but for the pins of a hand (``with_hand``). Raises ValueError when it has not been asked."""
    if plan.problem is None:
        raise ValueError("this plan has no problem")
    return problem_from_json(zlib.decompress(bytes(plan.problem)))


def result_of(plan: RoutePlan) -> Plan:
    """What the planner answered, with what was changed by hand since. Raises ValueError when it has not."""
    if plan.result is None:
        raise ValueError("this plan has no result")
    return plan_from_json(zlib.decompress(bytes(plan.result)))


def kept_calendar(plan: RoutePlan) -> Calendar:
    """Only its Monday counts for a kept plan: it says which number is which day."""
    return calendar_of(plan, plan.starts_on - timedelta(days=1))


def tours_of(plan: RoutePlan, first: date | None = None, last: date | None = None) -> list[TourRow]:
    """The tours of these days, in the order of days and vehicles, lettered A, B, C…"""
    return list(_tours(plan, result_of(plan), first or plan.starts_on, last or plan.ends_on))


def days_of(plan: RoutePlan) -> list[date]:
    """The days on which somebody drives."""
    calendar = kept_calendar(plan)
    return sorted({calendar.day(row.day) for row in result_of(plan).tours})


def _tours(plan: RoutePlan, answer: Plan, first: date, last: date) -> Iterator[TourRow]:
    calendar = kept_calendar(plan)
    problem = problem_of(plan)
    names: Mapping[str, str] = plan.report.get("vehicles", {})
    stops: Mapping[str, Mapping[str, Any]] = {row["stop"]: row for row in plan.report.get("stops", ())}
    hand = {(row["stop"], row["on"]) for row in plan.hand}
    pins = {(row.stop, row.day) for row in problem.pins}
    depots = plan.report.get("depots", {})
    visits: dict[tuple[int, str], list[PlannedVisit]] = {}
    for visit in answer.visits:
        visits.setdefault((visit.day, visit.vehicle), []).append(visit)
    count = -1

    def sort(tour: Tour) -> tuple[int, str, float]:
        return tour.day, names.get(str(vehicle_key(tour.vehicle)), ""), tour.departs

    for tour in sorted(answer.tours, key=sort):
        on = calendar.day(tour.day)
        if not first <= on <= last:
            continue
        count += 1
        key = str(vehicle_key(tour.vehicle))
        depot = depots.get(key, (0.0, 0.0))
        yield TourRow(
            on=on,
            letter=_letter(count),
            colour=count % COLOURS + 1,
            vehicle=key,
            name=names.get(key, ""),
            leaves=as_time(tour.departs),
            back=as_time(tour.returns),
            kilometres=round(tour.distance, 1),
            driving=round(tour.travel),
            hours=round((tour.returns - tour.departs) / 60, 1),
            rest=as_time(tour.rest) if tour.rest >= 0 else None,
            latitude=depot[0],
            longitude=depot[1],
            visits=[
                VisitRow(
                    stop=visit.stop,
                    name=stops.get(visit.stop, {}).get("name", ""),
                    position=visit.position,
                    arrives=as_time(visit.arrival),
                    begins=as_time(visit.start),
                    ends=as_time(visit.end),
                    waits=round(visit.start - visit.arrival),
                    latitude=stops.get(visit.stop, {}).get("latitude", 0.0),
                    longitude=stops.get(visit.stop, {}).get("longitude", 0.0),
                    by_hand=(visit.stop, on.isoformat()) in hand,
                    is_kept=(visit.stop, visit.day) in pins and (visit.stop, on.isoformat()) not in hand,
                )
                for visit in sorted(visits.get((tour.day, tour.vehicle), ()), key=lambda it: it.position)
            ],
        )


def _letter(at: int) -> str:
    """A to Z, then AA to ZZ."""
    high, low = divmod(at, 26)
    return (chr(ord("A") + high - 1) if high else "") + chr(ord("A") + low)
