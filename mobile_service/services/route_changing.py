"""A plan that is being looked at, changed by hand: another day, another van, another order, another hour (M3).

The rest of the day follows by itself. What a change breaks is said at once and kept with the plan; the person decides whether it stays.
"""

import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain.errors import InvalidInput
from libraries.models import User
from mobile_service.lifecycle import ROUTE_PLAN
from mobile_service.models import RoutePlan, Stop, Vehicle
from mobile_service.planning import Plan, Problem, check, lay, plan_to_json
from mobile_service.planning.faults import BadProblem
from mobile_service.planning.plan import Gap
from mobile_service.services.routing import lock_plan
from mobile_service.services.routing_days import Calendar, as_minutes
from mobile_service.services.routing_hand import with_hand
from mobile_service.services.routing_input import engine_key, vehicle_key
from mobile_service.services.routing_result import kept_calendar, problem_of, result_of
from mobile_service.services.routing_summary import (
    Names,
    faults_of,
    names_of,
    rows_of,
    summed_up,
    unmet_of,
)
from mobile_service.services.stepping import roles_of, take_step

Tours = dict[tuple[int, str], list[str]]

# What a hand can break. Other codes of the checker are about figures, which are reckoned here anew.
BROKEN = frozenset(
    {
        "plan_closed_day",
        "plan_banned_day",
        "plan_banned_vehicle",
        "plan_window",
        "plan_shift",
        "plan_rest",
        "plan_too_long",
        "plan_too_far",
        "plan_capacity",
        "plan_visit_twice",
    }
)


@transaction.atomic
def change_visit(
    *,
    plan: RoutePlan,
    actor: User,
    stop: UUID,
    on: date,
    to: date | None = None,
    vehicle: UUID | None = None,
    position: int | None = None,
    begins_at: time | None = None,
) -> list[dict[str, Any]]:
    """Move one visit of the plan: to another day, to another vehicle, to another place in its tour, to a fixed hour; and fix it there.

    Returns what is broken now, in the whole plan, as faults with names. Raises NotPermitted and TransitionRefused as the table says,
    InvalidInput (``no_such_visit``, ``fixed_in_calendar``, ``outside_plan``, ``not_out``, ``twice_a_day``).
    """
    fresh = lock_plan(plan)
    ROUTE_PLAN.ask("change", fresh.status, roles_of(actor, fresh))
    calendar, answer, problem = kept_calendar(fresh), result_of(fresh), problem_of(fresh)
    tours = _tours(answer)
    old = _find(tours, str(stop), calendar.number(on))
    if any((pin.stop, pin.day) == (str(stop), old[0]) for pin in problem.pins):
        # The plan goes round it and does not own it: placed anew by adoption, it would stand there twice.
        raise InvalidInput(
            "fixed_in_calendar",
            _("This visit is fixed in the calendar. Move it there, then reckon the plan again."),
            field="on",
        )
    to = to or on
    if not fresh.starts_on <= to <= fresh.ends_on:
        raise InvalidInput("outside_plan", _("Choose a day that the plan covers."), field="to")
    number = calendar.number(to)
    if to != on and any(day == number and str(stop) in row for (day, _key), row in tours.items()):
        raise InvalidInput(
            "twice_a_day",
            _("The van comes to this stop on that day already. Choose another day."),
            field="to",
        )
    key = engine_key(problem.vehicles, vehicle or vehicle_key(old[1]), number)
    if not key:
        raise InvalidInput(
            "not_out",
            _("This vehicle is not out on that day. Choose another day or vehicle."),
            field="vehicle",
        )
    was_at = tours[old].index(str(stop))
    tours[old].remove(str(stop))
    row = tours.setdefault((number, key), [])
    stays = (number, key) == old and position is None and begins_at is None
    at = was_at if stays else _place(row, position, begins_at, answer, number, key)
    row.insert(at, str(stop))
    hand = [
        it
        for it in fresh.hand
        if not (it["stop"] == str(stop) and it["on"] in (on.isoformat(), to.isoformat()))
    ]
    was = next((it["was"] for it in fresh.hand if it["stop"] == str(stop) and it["on"] == on.isoformat()), "")
    hand.append(
        {
            "stop": str(stop),
            "on": to.isoformat(),
            "vehicle": str(vehicle_key(key)),
            "position": at + 1 if position is not None else 0,
            "at": None if begins_at is None else as_minutes(begins_at),
            "was": was or on.isoformat(),
        }
    )
    return _keep(fresh, actor, problem, answer, tours, hand, calendar, str(stop))


@transaction.atomic
def release_visit(*, plan: RoutePlan, actor: User, stop: UUID, on: date) -> list[dict[str, Any]]:
    """A visit that was fixed by hand stays where it is, but the planner may move it when the plan is reckoned again."""
    fresh = lock_plan(plan)
    ROUTE_PLAN.ask("change", fresh.status, roles_of(actor, fresh))
    calendar, answer = kept_calendar(fresh), result_of(fresh)
    hand = [it for it in fresh.hand if not (it["stop"] == str(stop) and it["on"] == on.isoformat())]
    if len(hand) == len(fresh.hand):
        raise InvalidInput("no_such_visit", _("This visit is not fixed by hand."), field="on")
    return _keep(fresh, actor, problem_of(fresh), answer, _tours(answer), hand, calendar, str(stop))


def _tours(answer: Plan) -> Tours:
    found: Tours = {}
    for visit in sorted(answer.visits, key=lambda it: (it.day, it.vehicle, it.position)):
        found.setdefault((visit.day, visit.vehicle), []).append(visit.stop)
    return found


def _find(tours: Tours, stop: str, number: int) -> tuple[int, str]:
    for key, row in tours.items():
        if key[0] == number and stop in row:
            return key
    raise InvalidInput("no_such_visit", _("The plan has no visit to this stop on that day."), field="on")


def _place(
    row: list[str], position: int | None, begins_at: time | None, answer: Plan, number: int, key: str
) -> int:
    """Where in the tour: as told, else where the hour belongs, else last."""
    if position is not None:
        return min(max(position - 1, 0), len(row))
    if begins_at is not None:
        starts = {it.stop: it.start for it in answer.visits if (it.day, it.vehicle) == (number, key)}
        return sum(1 for stop in row if starts.get(stop, 0) < as_minutes(begins_at))
    return len(row)


def _keep(
    fresh: RoutePlan,
    actor: User,
    problem: Problem,
    answer: Plan,
    tours: Tours,
    hand: list[dict[str, Any]],
    calendar: Calendar,
    touched: str,
) -> list[dict[str, Any]]:
    changed = with_hand(problem, hand, calendar)
    try:
        laid = lay(changed, {key: tuple(row) for key, row in tours.items()})
    except BadProblem as trouble:
        raise InvalidInput(
            "not_out",
            _("This vehicle is not out on that day. Choose another day or vehicle."),
            field="vehicle",
        ) from trouble
    new = replace(laid, missed=answer.missed, moved=answer.moved, status=answer.status, solver=answer.solver)
    stops = list(
        Stop.objects.filter(pk__in=[row["stop"] for row in fresh.report["stops"]]).order_by("name", "pk")
    )
    names = names_of(calendar, stops, Vehicle.objects.filter(office=fresh.office))
    hand_stops = {row["stop"] for row in hand}
    faults = [it for it in check(changed, new).faults if it.code in BROKEN]
    broken = faults_of(faults, names) + _gaps(new, answer, hand_stops, names, fresh.report.get("broken", ()))
    take_step(
        ROUTE_PLAN,
        "change",
        fresh,
        actor=actor,
        note=names.stops.get(touched, ""),
        hand=hand,
        result=zlib.compress(plan_to_json(new).encode(), 6),
        figures={**summed_up(new), "seconds": fresh.figures.get("seconds")},
        unmet=unmet_of(new, names),
        report={**fresh.report, "stops": rows_of(stops, calendar, changed, new), "broken": broken},
    )
    return broken


def _gaps(
    new: Plan, old: Plan, hand: set[str], names: Names, told: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Gaps that a hand has made, now or before (``told``): those of the planner's own were told with the plan."""
    before: set[Gap] = set(old.gaps)
    known = list(told)
    rows = [
        (
            gap,
            {
                "code": "hand_gap",
                "facts": {
                    "stop": names.stops.get(gap.stop, gap.stop),
                    "first": gap.first,
                    "second": gap.second,
                    "days": gap.second - gap.first,
                    "asked": gap.asked,
                },
            },
        )
        for gap in new.gaps
        if gap.stop in hand
    ]
    return [row for gap, row in rows if gap not in before or row in known]
