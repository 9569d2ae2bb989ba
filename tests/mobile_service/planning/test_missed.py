"""What a plan misses: said with its reason and the ways to meet it, each of which makes the visit possible."""

from dataclasses import replace

import pytest

from mobile_service.planning import Hours, Problem, Relaxation, Vehicle, check
from mobile_service.planning.insertion import Choices, insert_by_regret
from mobile_service.planning.reasons import reasons
from mobile_service.planning.refitting import could_come
from mobile_service.planning.rows import Rows
from mobile_service.planning.state import State
from mobile_service.planning.tables import Tables
from tests.mobile_service.planning.planned import plan_routes, planned
from tests.mobile_service.planning.small import SHIFT, month, road, with_stop, with_vehicle


def relaxed(problem: Problem, stop: str, way: Relaxation) -> Problem:
    """The problem with what the way asks for, and a moment more."""
    more = way.amount + 0.1
    rows, vehicles = list(problem.stops), list(problem.vehicles)
    at = next(number for number, it in enumerate(rows) if it.key == stop)
    if way.kind == "wider_window":
        wide = tuple(replace(it, opens=it.opens - more, closes=it.closes + more) for it in rows[at].windows)
        rows[at] = replace(rows[at], windows=wide)
    elif way.kind == "other_day":
        rows[at] = replace(rows[at], banned_weekdays=(), banned_days=())
    elif way.kind == "other_vehicle":
        rows[at] = replace(rows[at], banned_vehicles=())
    number = next((it for it, row in enumerate(vehicles) if row.key == way.vehicle), 0)
    if way.kind == "longer_shift":
        longer = tuple(replace(it, closes=it.closes + more) for it in vehicles[number].shifts)
        vehicles[number] = replace(vehicles[number], shifts=longer)
    elif way.kind == "more_room":
        vehicles[number] = replace(
            vehicles[number], capacity=(vehicles[number].capacity or 0) + round(way.amount)
        )
    elif way.kind == "another_van":
        vehicles.append(replace(vehicles[number], key="one more"))
    return replace(problem, stops=tuple(rows), vehicles=tuple(vehicles))


class TestMissed:
    @pytest.mark.parametrize(
        ("problem", "reason", "kind"),
        [
            (road(8, days=1, step=4.0), "shift", "longer_shift"),
            (road(9, days=1, step=20.0), "vans", "another_van"),
            (
                with_stop(road(2, days=1), windows=(Hours(420, 500),), service=70),
                "window",
                "wider_window",
            ),
        ],
        ids=["shift", "vans", "window"],
    )
    def test_what_cannot_be_met_is_said_with_the_ways_to_meet_it(
        self, problem: Problem, reason: str, kind: str
    ) -> None:
        if reason == "window":
            problem = with_stop(problem, 1, windows=(Hours(420, 500),), service=60)
        plan = plan_routes(problem)
        assert check(problem, plan).faults == ()
        kinds = {way.kind for it in plan.missed for way in it.ways}
        assert plan.missed and kind in kinds
        assert {it.reason for it in plan.missed} <= {"shift", "vans", "window", "weekday"}

    def test_a_ban_is_named_when_another_day_would_do(self) -> None:
        full = tuple(replace(it, service=140, banned_weekdays=(2,)) for it in road(4, days=2).stops)
        plan = plan_routes(replace(road(4, days=2), stops=full))
        assert plan.missed and {it.reason for it in plan.missed} <= {"weekday", "shift"}
        assert any(way.kind == "other_day" and way.day == 2 for it in plan.missed for way in it.ways)

    def test_every_way_that_is_told_makes_the_visit_possible(self) -> None:
        """What is let go is let go in the problem, and the stop then fits in the tours as they are: asked of code that plans nothing."""
        full = road(9, days=3, step=9.0)
        tried = set()
        for service, room in ((100, 2), (130, None)):
            rows = tuple(
                replace(
                    it,
                    service=service,
                    demand=1,
                    windows=(Hours(420, 820),),
                    banned_weekdays=(2, 3) if at < 6 else (),
                    banned_vehicles=("w",),
                )
                for at, it in enumerate(full.stops)
            )
            vehicles = (Vehicle("v", shifts=SHIFT, capacity=room), Vehicle("w", shifts=SHIFT, capacity=2))
            problem = replace(full, stops=rows, vehicles=vehicles)
            plan = planned(problem)
            for missed in plan.missed:
                assert could_come(problem, plan, missed.stop) == () and missed.ways
                for it in missed.ways:
                    assert could_come(relaxed(problem, missed.stop, it), plan, missed.stop), it
                    tried.add(it.kind)
        assert len(tried) >= 5, tried

    def test_when_time_is_over_a_way_is_told_all_the_same(self) -> None:
        tables = Tables(road(9, days=1, step=20.0))
        state = State(tables, Rows(tables))
        insert_by_regret(state, Choices(tables), list(range(9)))
        missed = reasons(tables, state, 0.0)
        assert missed and all(it.ways for it in missed)

    def test_a_stop_that_no_set_of_days_suits_is_told_how_often_it_could_be(self) -> None:
        plan = planned(with_stop(road(2), patterns=((1, 6),)))
        (missed,) = plan.missed
        assert [(it.kind, it.amount) for it in missed.ways] == [("fewer_visits", 1)]

    def test_a_visit_whose_week_the_van_is_off_is_told(self) -> None:
        problem = with_stop(month(2, weeks=4), 1, windows=(Hours(450, 900, weekdays=(3,)),))
        plan = planned(with_vehicle(replace(problem, cycle=0), off=tuple(range(8, 22))))
        assert [(it.stop, it.visits, it.reason) for it in plan.missed] == [("s2", 1, "holiday")]

    def test_room_is_named_when_it_binds(self) -> None:
        problem = with_vehicle(road(3, days=1), capacity=2)
        problem = replace(problem, stops=tuple(replace(it, demand=1) for it in problem.stops))
        (missed,) = plan_routes(problem).missed
        assert missed.reason == "capacity" and missed.ways[0].kind == "more_room"
