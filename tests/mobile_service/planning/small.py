"""Small problems for the route planner's tests. Random ones come from plain numbers, so that Hypothesis can make them smaller."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from mobile_service.planning import Day, Hours, Limits, Matrix, Pin, Problem, Rest, Stop, Vehicle

SHIFT = (Hours(420, 930),)


def line(places: int, step: float = 10.0) -> tuple[tuple[float, ...], ...]:
    """Driving times between places that lie on one road, the depot first."""
    return tuple(tuple(abs(a - b) * step for b in range(places)) for a in range(places))


def road(stops: int = 4, *, days: int = 5, step: float = 10.0, iterations: int = 60, **more: Any) -> Problem:
    """Stops along a road, an hour each, one van on the weekdays of a week."""
    table = line(stops + 1, step)
    problem = Problem(
        stops=tuple(Stop(f"s{at}", at, 60) for at in range(1, stops + 1)),
        vehicles=(Vehicle("v", shifts=SHIFT),),
        days=tuple(Day(at) for at in range(1, days + 1)),
        matrices=(Matrix(table, table),),
        limits=Limits(30, iterations),
    )
    return replace(problem, **more)


def month(stops: int = 6, *, weeks: int = 13, closed: tuple[int, ...] = (), **more: Any) -> Problem:
    """A cycle of four weeks over a quarter, every second stop fortnightly."""
    problem = road(stops, **more)
    return replace(
        problem,
        stops=tuple(
            replace(it, every=14 if at % 2 else 28, service=90) for at, it in enumerate(problem.stops)
        ),
        days=tuple(
            Day(7 * week + at, closed=7 * week + at in closed) for week in range(weeks) for at in range(1, 6)
        ),
        cycle=28,
    )


def with_stop(problem: Problem, at: int = 0, **changes: Any) -> Problem:
    stops = list(problem.stops)
    stops[at] = replace(stops[at], **changes)
    return replace(problem, stops=tuple(stops))


def with_vehicle(problem: Problem, **changes: Any) -> Problem:
    return replace(problem, vehicles=(replace(problem.vehicles[0], **changes), *problem.vehicles[1:]))


@st.composite
def places(draw: st.DrawFn) -> Problem:
    """Anything: one way longer than the other, several vans with room and breaks, windows by weekday, rhythms, bans, pins, closed days."""
    count = draw(st.integers(0, 6))
    legs = st.integers(0, 60)
    table = tuple(
        tuple(0.0 if a == b else float(draw(legs)) for b in range(count + 1)) for a in range(count + 1)
    )
    weeks = draw(st.sampled_from((1, 2, 4)))
    cycle = draw(st.sampled_from((0, 7 * weeks)))
    days = [Day(7 * week + at) for week in range(weeks + (1 if cycle else 0)) for at in range(1, 6)]
    gone = draw(st.sampled_from((0, 0, 2, 5, 9)))
    days = [it for it in days if it.number != gone]
    shut = draw(st.sampled_from((0, 0, 1, 3, 8)))
    days = [replace(it, closed=it.number == shut) for it in days]
    vehicles = tuple(
        Vehicle(
            f"v{at}",
            shifts=draw(st.sampled_from((SHIFT, SHIFT, (), (*SHIFT, Hours(420, 600, days=(8, 9)))))),
            capacity=draw(st.sampled_from((None, 3, 5))),
            most_minutes=draw(st.sampled_from((None, 300.0, 450.0))),
            most_distance=draw(st.sampled_from((None, 150.0))),
            rest=draw(st.sampled_from((None, None, Rest(30, 660, 780)))),
            off=draw(st.sampled_from(((), (), (2,)))),
        )
        for at in range(draw(st.integers(1, 2)))
    )
    stops: list[Stop] = []
    for at in range(count):
        stops.append(
            Stop(
                f"s{at}",
                at + 1,
                float(draw(st.sampled_from((0, 30, 60, 90)))),
                windows=draw(
                    st.sampled_from(
                        (
                            (),
                            (Hours(450, 720),),
                            (Hours(450, 600), Hours(720, 900)),
                            (Hours(450, 720), Hours(480, 660, weekdays=(5,))),
                            (Hours(450, 720), Hours(500, 560, days=(8, 10))),
                        )
                    )
                ),
                times=draw(st.sampled_from((0, 0, min(2, weeks)))),
                drift=draw(st.sampled_from((0, 0, 2))),
                banned_weekdays=draw(st.sampled_from(((), (), (1, 3)))),
                banned_vehicles=draw(st.sampled_from(((), (), ("v1",)))) if len(vehicles) > 1 else (),
                demand=draw(st.integers(0, 2)),
            )
        )
    pins: list[Pin] = []
    for at in draw(st.sampled_from(((), (), (0,), (0, 1), (0, 0, 2)))):
        if at < count:
            day = draw(st.sampled_from((4, 2, 9, 11)))
            pins.append(Pin(f"s{at}", day, draw(st.sampled_from(("", "v0")))))
    return Problem(
        tuple(stops),
        vehicles,
        tuple(days),
        (Matrix(table, table),),
        cycle=cycle,
        pins=tuple(pins),
        limits=Limits(30, 20),
        seed=draw(st.integers(0, 3)),
    )
