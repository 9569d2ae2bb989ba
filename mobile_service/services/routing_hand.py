"""What a person decides in a plan that is being looked at: kept as text, told to the planner as pins, and never overridden (M3)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from mobile_service.planning.problem import Hours, Pin, Problem, Stop
from mobile_service.planning.rhythm import asked
from mobile_service.services.routing_days import Calendar
from mobile_service.services.routing_input import engine_key

Hand = Mapping[str, Any]
"""``stop``, ``on``, ``vehicle`` (all text), ``at`` (minutes of the day, or None), ``position`` (0: wherever), ``was`` (the day before)."""


def with_hand(problem: Problem, hand: Sequence[Hand], calendar: Calendar) -> Problem:
    """The problem with what was decided: a pin for each, and where an hour was named, a window of just that hour.

    What no longer fits the days or the stops of the problem falls out.
    """
    stops = {row.key: row for row in problem.stops}
    days = {row.number for row in problem.days}
    pins = {(row.stop, row.day): row for row in problem.pins}
    for row in hand:
        number, key = calendar.number(date.fromisoformat(row["on"])), row["stop"]
        vehicle = engine_key(problem.vehicles, UUID(row["vehicle"]), number)
        if key not in stops or number not in days or not vehicle:
            continue
        pins[key, number] = Pin(key, number, vehicle, row["position"])
        stops[key] = _allowing(stops[key], number, vehicle, row["at"])
    return _consistent(replace(problem, stops=tuple(stops.values()), pins=tuple(pins.values())))


def _allowing(stop: Stop, number: int, vehicle: str, at: int | None) -> Stop:
    """The stop, which a person wants visited on that day whatever stood against it."""
    windows = tuple(it for it in stop.windows if number not in it.days)
    if at is not None:
        general = windows or (Hours(0, 24 * 60),)
        windows = (*general, Hours(at, at + stop.service, days=(number,)))
    return replace(
        stop,
        windows=windows,
        banned_days=tuple(it for it in stop.banned_days if it != number),
        vehicles=stop.vehicles
        if not stop.vehicles or vehicle in stop.vehicles
        else (*stop.vehicles, vehicle),
    )


def _consistent(problem: Problem) -> Problem:
    """A stop with more fixed days than it asks visits asks for just these."""
    days: dict[str, set[int]] = {}
    for pin in problem.pins:
        days.setdefault(pin.stop, set()).add(pin.day)
    return replace(
        problem,
        stops=tuple(
            replace(it, every=0, times=0, drift=0, patterns=(tuple(sorted(days[it.key])),))
            if it.key in days and len(days[it.key]) > asked(problem, it)
            else it
            for it in problem.stops
        ),
    )
