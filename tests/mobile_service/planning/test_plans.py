"""What the route planner plans, replayed by a checker that shares nothing with it. No database, no clock: limits are iterations."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import HealthCheck, given, settings

from mobile_service.planning import (
    BadProblem,
    Day,
    Earlier,
    Hours,
    Limits,
    Missed,
    Pin,
    Problem,
    Rest,
    Vehicle,
    check,
    compare,
    examine,
    lay,
)
from mobile_service.planning.city import town
from mobile_service.planning.naive import plan_naively
from mobile_service.planning.reading import plan_to_json
from mobile_service.planning.rows import Rows
from mobile_service.planning.tables import Tables
from mobile_service.planning.timing import fits, way
from tests.mobile_service.planning.planned import days_of, plan_routes, planned
from tests.mobile_service.planning.small import SHIFT, month, places, road, with_stop, with_vehicle


class TestTours:
    def test_the_order_is_the_shortest_way(self) -> None:
        plan = planned(road(5, days=1))
        assert sorted(it.position for it in plan.visits) == [1, 2, 3, 4, 5]
        assert plan.figures.travel == 100, "out to the last stop and back"
        assert plan.tours[0].departs >= 420 and plan.tours[0].returns <= 930

    def test_nothing_to_plan_is_a_plan(self) -> None:
        for stops in (0, 1, 2):
            plan = planned(road(stops))
            assert plan.figures.met == stops and plan.missed == ()

    def test_two_stops_at_one_point_and_no_way_at_all(self) -> None:
        same = road(3, step=0.0)
        assert planned(same).figures.travel == 0
        assert planned(with_stop(road(3), 1, place=1)).figures.met == 3

    def test_windows_of_several_kinds_are_kept(self) -> None:
        problem = with_stop(
            road(3, days=5),
            windows=(Hours(450, 520), Hours(800, 870), Hours(600, 660, weekdays=(5,))),
            banned_weekdays=(1, 2, 3, 4),
        )
        visit = next(it for it in planned(problem).visits if it.stop == "s1")
        assert (visit.day, visit.start) == (5, 600)
        late = with_stop(road(2, days=1), windows=(Hours(860, 921),))
        assert next(it for it in planned(late).visits if it.stop == "s1").start >= 860

    def test_a_window_may_be_for_the_beginning_alone(self) -> None:
        problem = replace(with_stop(road(1), windows=(Hours(500, 510),)), windows="start")
        assert 500 <= planned(problem).visits[0].start <= 510
        with pytest.raises(BadProblem, match="window_too_short"):
            plan_routes(replace(problem, windows="visit"))

    def test_a_break_lies_in_its_hours(self) -> None:
        problem = with_vehicle(road(6, days=1), rest=Rest(45, 660, 780))
        plan = planned(problem)
        assert 660 <= plan.tours[0].rest <= 780
        full = with_vehicle(road(7, days=1, step=1.0), rest=Rest(45, 660, 780))
        assert plan_routes(full).figures.met == 7
        assert plan_routes(with_vehicle(full, rest=Rest(90, 660, 780))).figures.met == 6

    def test_room_length_and_way_bound_a_tour(self) -> None:
        for bound in ({"capacity": 2}, {"most_minutes": 150.0}, {"most_distance": 50.0}):
            problem = with_vehicle(with_stop(road(4), demand=1), **bound)
            problem = replace(problem, stops=tuple(replace(it, demand=1) for it in problem.stops))
            plan = plan_routes(problem)
            assert check(problem, plan).faults == ()
            assert len(plan.tours) > 1 or plan.missed

    def test_vehicles_that_may_not_come_do_not(self) -> None:
        problem = replace(road(4), vehicles=(Vehicle("v", shifts=SHIFT), Vehicle("w", shifts=SHIFT)))
        plan = planned(with_stop(problem, 2, vehicles=("w",)))
        assert next(it.vehicle for it in plan.visits if it.stop == "s3") == "w"

    def test_a_visit_stays_on_its_day_when_that_costs_less(self) -> None:
        was = tuple(Earlier(f"s{at}", at, "v") for at in range(1, 5))
        assert planned(road(4, days=4, earlier=was)).figures.kept < 4
        stays = replace(road(4, days=4, earlier=was), weights=replace(road().weights, stay=100))
        assert planned(stays).figures.kept == 4


class TestRhythm:
    def test_every_second_week_is_the_same_weekday(self) -> None:
        plan = planned(month(6, weeks=4))
        assert plan.gaps == () and plan.missed == ()
        for stop in ("s2", "s4", "s6"):
            first, second = days_of(plan, stop)
            assert second - first == 14

    def test_a_day_on_which_the_van_is_off_moves_the_visit_like_a_closed_one(self) -> None:
        problem = with_stop(month(2, weeks=8), 1, windows=(Hours(450, 900, weekdays=(3, 4)),))
        plan = planned(with_vehicle(replace(problem, cycle=0), off=(3, 10)))
        assert plan.missed == () and len(days_of(plan, "s2")) == 4
        assert not {3, 10} & set(days_of(plan, "s2"))

    def test_a_drift_allows_other_weekdays(self) -> None:
        problem = with_stop(month(6, weeks=4), 1, drift=3, banned_days=())
        first, second = days_of(planned(problem), "s2")
        assert abs(second - first - 14) <= 3

    def test_listed_patterns_are_the_only_ones(self) -> None:
        plan = planned(with_stop(road(3), patterns=((1, 3), (2, 5))))
        assert tuple(days_of(plan, "s1")) in {(1, 3), (2, 5)}

    def test_a_listed_pattern_goes_around_a_day_on_which_nobody_can_come(self) -> None:
        problem = with_vehicle(with_stop(road(2, days=12), patterns=((3, 10),)), off=(3,))
        assert days_of(planned(problem), "s1") == [2, 10]
        shut = replace(
            with_vehicle(problem, off=()),
            days=tuple(replace(it, closed=it.number == 10) for it in problem.days),
        )
        assert days_of(planned(shut), "s1") == [3, 9]

        def faults(*days: int, of: Problem = problem) -> set[str]:
            rows = {(day, "v"): ["s1"] for day in days} | {(12, "v"): ["s2"]}
            return {it.code for it in check(of, lay(of, rows)).faults}

        assert faults(2, 10) == set()
        for wrong in ((10,), (2, 9), (11, 10), (1, 2, 10)):
            assert "plan_pattern" in faults(*wrong), wrong
        away = with_vehicle(problem, off=tuple(range(1, 10)))
        assert days_of(planned(away), "s1") == [10], "no day near it is left"

    def test_a_quarter_repeats_its_cycle_and_holidays_are_moved_within_their_week(self) -> None:
        free = planned(month(6))
        shut = days_of(free, "s2")[2]
        problem = month(6, closed=(shut,))
        plan = planned(problem)
        assert all(it.day != shut for it in plan.visits)
        moved = [it for it in plan.moved if it.day == shut]
        assert {it.stop for it in moved} >= {"s2"} or days_of(plan, "s2")[2] != shut
        assert all((it.to - 1) // 7 == (it.day - 1) // 7 for it in plan.moved)
        untouched = {(it.stop, it.day) for it in plan.visits if (it.day - 1) // 7 != (shut - 1) // 7}
        again = {(it.stop, it.day) for it in free.visits if (it.day - 1) // 7 != (shut - 1) // 7}
        assert untouched == again, "only the week with the holiday is planned anew"
        if moved:
            assert plan.gaps, "the gaps that this makes are told"

    def test_a_day_that_one_cycle_lacks_is_closed_there(self) -> None:
        whole = month(4, weeks=8)
        first = min(it.day for it in planned(whole).visits if it.day > 28)
        last = max(it.day for it in planned(whole).visits)
        for gone in (first, last):
            plan = planned(replace(whole, days=tuple(it for it in whole.days if it.number != gone)))
            assert any(it.day == gone for it in plan.moved)
            assert all(it.day != gone for it in plan.visits) and plan.missed == ()

    def test_a_horizon_may_begin_and_end_within_a_week(self) -> None:
        """From a Friday to a Tuesday: two Tuesdays, on which one of two stops has room."""
        days = tuple(Day(it) for it in range(5, 17) if it % 7 not in (6, 0))
        stops = tuple(
            replace(it, service=400, every=7, banned_weekdays=(1, 3, 4, 5, 6, 7)) for it in road(2).stops
        )
        plan = planned(replace(road(2), stops=stops, days=days, cycle=7))
        assert sorted(it.day for it in plan.visits) == [9, 16]
        assert [it.visits for it in plan.missed] == [2]

    def test_a_week_without_any_day_is_told(self) -> None:
        plan = planned(month(3, closed=tuple(range(29, 34))))
        assert plan.figures.met + sum(it.visits for it in plan.missed) == plan.figures.asked
        assert all(it.to for it in plan.moved)


class TestHands:
    def test_pins_are_kept_with_vehicle_and_position(self) -> None:
        pins = (Pin("s1", 2, "v", 2), Pin("s4", 2, "v", 1), Pin("s3", 4))
        plan = planned(road(5, pins=pins))
        at = {it.stop: it for it in plan.visits}
        assert (at["s1"].day, at["s1"].position, at["s4"].position, at["s3"].day) == (2, 2, 1, 4)

    def test_a_pin_behind_the_end_of_a_short_tour_goes_last(self) -> None:
        plan = planned(road(3, days=1, pins=(Pin("s1", 1, "v", 9),)))
        assert next(it.position for it in plan.visits if it.stop == "s1") == 3
        # Before the end a position is a position: what lies behind it takes the last place that is left.
        pins = (Pin("s1", 1, "v", 9), Pin("s2", 1, "v", 2))
        both = planned(road(2, days=1, pins=pins))
        assert [it.stop for it in sorted(both.visits, key=lambda it: it.position)] == ["s1", "s2"]
        three = road(3, days=1, pins=(*pins, Pin("s3", 1, "v", 8)))
        assert [it.stop for it in sorted(planned(three).visits, key=lambda it: it.position)] == [
            "s3",
            "s2",
            "s1",
        ]
        turned = lay(three, {(1, "v"): ["s1", "s2", "s3"]})
        assert "plan_pin_lost" in {it.code for it in check(three, turned).faults}

    def test_a_pin_in_the_quarter_moves_the_nearest_visit(self) -> None:
        free = planned(month(4))
        day = days_of(free, "s1")[1]
        other = day + 1 if day % 7 != 5 else day - 1
        plan = planned(month(4, pins=(Pin("s1", other),)))
        assert other in days_of(plan, "s1")
        assert len(days_of(plan, "s1")) == len(days_of(free, "s1"))

    def test_a_tour_put_together_by_hand_is_timed_and_checked(self) -> None:
        problem = with_stop(road(4), windows=(Hours(450, 540),))
        good = lay(problem, {(1, "v"): ["s1", "s2"], (2, "v"): ["s3", "s4"]})
        assert check(problem, good).faults == ()
        bad = lay(problem, {(1, "v"): ["s4", "s3", "s2", "s1"]})
        assert {it.code for it in check(problem, bad).faults} == {"plan_window"}
        with pytest.raises(BadProblem, match="unknown_stop, no_tour"):
            lay(problem, {(1, "w"): ["s1"], (1, "v"): ["s9"]})

    def test_a_tour_that_can_be_driven_keeps_its_windows_when_it_is_laid(self) -> None:
        """Leaving later would save the wait before the second visit, and cost the first its hour."""
        fixed = with_stop(with_stop(road(2), 0, windows=(Hours(495, 555),)), 1, windows=(Hours(615, 675),))
        problem = with_vehicle(fixed, rest=Rest(45, 660, 810))
        laid = lay(problem, {(1, "v"): ["s1", "s2"]})
        assert [(it.start, it.end) for it in laid.visits] == [(495, 555), (615, 675)]

    def test_two_plans_are_compared_visit_by_visit(self) -> None:
        problem = road(4, days=2)
        before = lay(problem, {(1, "v"): ["s1", "s2"], (2, "v"): ["s3"]})
        after = lay(problem, {(1, "v"): ["s1"], (2, "v"): ["s2", "s3", "s4"]})
        found = compare(before, after)
        assert {(it.stop, it.kind) for it in found.changes} == {
            ("s2", "other_day"), ("s3", "other_time"), ("s4", "added"),
        }  # fmt: skip
        assert found.same == 1
        assert found.after.met - found.before.met == 1


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(places())
def test_what_a_stop_adds_to_a_tour_is_the_least_of_all_its_places(problem: Problem) -> None:
    """Reckoned for all stops at once as if each place of the tour had been tried one by one."""
    try:
        examine(problem)
    except BadProblem:
        return
    tables = Tables(problem)
    rows = Rows(tables)
    stops = range(len(tables.stops))
    for number, kind in enumerate(tables.kinds):
        for route in [(), *((it,) for it in stops), *((a, b) for a in stops for b in stops if a != b)]:
            if not fits(tables, kind, route):
                continue
            added = rows.of(number, route).added
            for stop in set(stops) - set(route):
                tours = [(*route[:at], stop, *route[at:]) for at in range(len(route) + 1)]
                ways = [
                    way(tables, kind, it) - way(tables, kind, route) for it in tours if fits(tables, kind, it)
                ]
                assert added[stop] == pytest.approx(min(ways, default=inf))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(places())
def test_whatever_is_asked_the_plan_keeps_every_rule(problem: Problem) -> None:
    try:
        plan = plan_routes(problem)
    except BadProblem as bad:
        assert bad.faults
        return
    assert [(it.code, dict(it.facts)) for it in check(problem, plan).faults] == []


@pytest.mark.parametrize(
    "problem", [town(14, iterations=60), month(5, closed=(31,))], ids=["town", "quarter"]
)
def test_the_same_problem_gives_the_same_plan_in_whatever_order_it_comes(problem: Problem) -> None:
    shuffled = replace(problem, stops=problem.stops[::-1], days=problem.days[::-1])
    assert plan_to_json(plan_routes(problem)) == plan_to_json(plan_routes(shuffled))


def test_a_quick_hand_is_beaten_by_a_quarter() -> None:
    problem = town(24, iterations=200, seed=11)
    plan = planned(problem)
    naive = plan_naively(problem)
    assert plan.missed == ()
    assert plan.figures.travel <= 0.75 * naive.figures.travel


def test_the_checker_sees_what_is_wrong() -> None:
    """A checker that never complains proves nothing."""
    problem = with_stop(road(3, days=2), windows=(Hours(450, 600),))
    plan = planned(problem)
    first = plan.visits[0]

    def told(**changes: object) -> set[str]:
        rows = (first._replace(**changes), *plan.visits[1:])  # type: ignore[arg-type]
        return {it.code for it in check(problem, replace(plan, visits=rows)).faults}

    assert "plan_service" in told(end=first.end - 30)
    assert "plan_too_fast" in told(arrival=first.arrival - 30, start=first.start - 30, end=first.end - 30)
    assert "plan_unknown" in told(stop="nobody")
    assert "plan_closed_day" in told(day=9)
    dropped = lay(problem, {(it.day, it.vehicle): [] for it in plan.tours})
    lacking = tuple(Missed(it.key, 1, "vans") for it in problem.stops)
    assert "plan_missed_needless" in {
        it.code for it in check(problem, replace(dropped, missed=lacking)).faults
    }
    assert "plan_missed_untold" in {
        it.code for it in check(problem, replace(plan, visits=plan.visits[1:])).faults
    }
    assert "plan_shift" in {
        it.code for it in check(with_vehicle(problem, shifts=(Hours(420, 500),)), plan).faults
    }
    resting = with_vehicle(road(6, days=1), rest=Rest(30, 660, 780))
    rested = planned(resting)
    assert rested.tours[0].rest >= 660, "after a visit, where all are home late"
    without = replace(rested, tours=(rested.tours[0]._replace(rest=-1),))
    assert "plan_rest" in {it.code for it in check(resting, without).faults}
    assert Day(1).closed is False and Limits().iterations == 0
