"""A day that a hand has chosen goes before everything that could be missed by it. No database, no clock: limits are iterations."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from mobile_service.planning import BadProblem, Hours, Pin, Problem
from mobile_service.planning.plan import Plan
from tests.mobile_service.planning.planned import days_of, plan_routes, planned
from tests.mobile_service.planning.small import SHIFT, month, places, road, with_stop, with_vehicle


def _lost(problem: Problem, plan: Plan) -> list[Pin]:
    made = {(it.stop, it.day): it.vehicle for it in plan.visits}
    return [
        it
        for it in problem.pins
        if (it.stop, it.day) not in made or it.vehicle not in ("", made[it.stop, it.day])
    ]


def test_a_pinned_visit_stays_where_the_others_of_its_stop_have_no_room() -> None:
    """Every second week, and on the other date the van is out for an hour only."""
    fortnight = with_vehicle(
        with_stop(road(2, days=12), every=7, service=200), shifts=(*SHIFT, Hours(420, 480, days=(9,)))
    )
    problem = replace(fortnight, pins=(Pin("s1", 2),))
    plan = planned(problem)
    assert days_of(plan, "s1") == [2]
    missed = next(it for it in plan.missed if it.stop == "s1")
    assert (missed.visits, missed.reason) == (1, "shift")
    assert {it.kind for it in missed.ways} >= {"longer_shift"}


def test_the_visits_beside_a_pinned_one_are_made_as_far_as_there_is_room() -> None:
    problem = with_stop(road(1, days=20), every=7, service=200, windows=(Hours(420, 800),))
    problem = with_vehicle(problem, shifts=(*SHIFT, Hours(420, 480, days=(9,))))
    problem = replace(
        problem, days=tuple(it for it in problem.days if it.number % 7 in range(1, 6)), pins=(Pin("s1", 2),)
    )
    assert days_of(planned(problem), "s1") == [2, 16]


def test_two_pins_of_a_stop_in_the_quarter_each_move_a_visit_of_their_own() -> None:
    """Both are nearest to the same visit; a hand may also choose more days than one cycle has visits."""
    quarter = month(4)
    before = days_of(planned(quarter), "s2")
    near = before[1]
    monday = near - (near - 1) % 7
    wanted = [it for it in (monday - 6, monday + 7) if it not in before]
    plan = planned(replace(quarter, pins=tuple(Pin("s2", it) for it in wanted)))
    assert len(wanted) == 2 and set(wanted) <= set(days_of(plan, "s2"))
    assert len(days_of(plan, "s2")) == len(before), "visits of the cycle move, none is added"
    thrice = tuple(Pin("s1", it) for it in (2, 30, 58))
    assert set(days_of(planned(replace(quarter, pins=thrice)), "s1")) >= {2, 30, 58}


def test_a_stop_for_which_the_cycle_has_no_room_comes_on_its_pinned_day() -> None:
    """Four hours every day of the week is what the van has; who asks for the sixth place gets the one day that a hand gives it."""
    full = month(3, weeks=4)
    full = replace(
        full,
        stops=tuple(
            replace(it, every=7, service=200, banned_weekdays=(2, 3, 4, 5), drift=0) for it in full.stops
        ),
    )
    plain = planned(full)
    missed = next(it for it in plain.missed)
    plan = planned(replace(full, pins=(Pin(missed.stop, 8),)))
    assert days_of(plan, missed.stop) == [8]
    assert sum(it.visits for it in plan.missed if it.stop == missed.stop) == 3


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(places())
def test_a_pin_is_lost_only_where_the_pins_alone_do_not_fit(problem: Problem) -> None:
    try:
        lost = _lost(problem, plan_routes(problem))
        stops = {it.key: it for it in problem.stops}
        alone = tuple(
            replace(
                stops[it.stop],
                key=f"{it.stop} {it.day}",
                patterns=((it.day,),),
                times=0,
                drift=0,
                vehicles=(it.vehicle,) if it.vehicle else (),
            )
            for it in problem.pins
        )
        fit = lost and not plan_routes(replace(problem, stops=alone, pins=(), cycle=0)).missed
    except BadProblem as bad:
        assert bad.faults
        return
    assert not (lost and fit), lost
