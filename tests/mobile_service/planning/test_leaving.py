"""Leaving: the vehicle the depot, as late as it can; a stop its tour, which need not stand without it."""

import pytest

from mobile_service.planning import Hours, Matrix, Rest
from mobile_service.planning.rows import Rows
from mobile_service.planning.state import State
from mobile_service.planning.tables import Tables
from mobile_service.planning.timing import driven
from tests.mobile_service.planning.planned import planned
from tests.mobile_service.planning.small import month, road, with_stop, with_vehicle

# From the depot to the second place it is short only by way of the first.
ROUNDABOUT = ((0.0, 5.0, 400.0), (5.0, 0.0, 5.0), (5.0, 5.0, 0.0))


def test_with_a_break_ahead_the_vehicle_still_leaves_as_late_as_it_can() -> None:
    problem = with_vehicle(road(3, days=1), shifts=(), most_minutes=300.0, rest=Rest(30, 660, 780))
    plan = planned(with_stop(problem, 2, windows=(Hours(600, 720),)))
    assert plan.missed == ()
    (tour,) = plan.tours
    assert tour.returns - tour.departs == 60 + 3 * 60 + 30, (
        "it waits for nothing: it drives, serves and rests"
    )


def test_who_leaves_takes_along_a_tour_that_does_not_stand_without_it() -> None:
    problem = road(2, days=1, matrices=(Matrix(ROUNDABOUT, ROUNDABOUT),))
    tables = Tables(with_vehicle(problem, most_minutes=300.0))
    state = State(tables, Rows(tables))
    state.take([(0, 1)])
    assert state.chosen == [(0,), (0,)]
    assert state.remove([0]) == [0, 1]
    assert (state.routes, state.chosen, state.cost) == ([()], [(), ()], state.nothing)
    state.take([(1,)])
    assert state.routes == [()], "nor is it taken over so"
    assert driven(tables, tables.kinds[0], (0, 1)) == (0, 1)
    assert driven(tables, tables.kinds[0], (1,)) == ()


@pytest.mark.parametrize(("opens", "closes", "met"), [(420, 600, 2), (900, 930, 0)])
def test_a_week_with_hours_of_its_own_is_planned_anew(opens: int, closes: int, met: int) -> None:
    """The cycle knows the usual hours only. Its tours are looked at again on every date that they fall on."""
    week = (29, 30, 31, 32, 33)
    shifts = (Hours(420, 930), Hours(opens, closes, days=week))
    plan = planned(with_vehicle(month(2), shifts=shifts))
    assert len([it for it in plan.visits if it.day in week]) == met
    assert all(it.reason == "holiday" and it.day in week for it in plan.missed)
    assert plan.figures.met + len(plan.missed) == plan.figures.asked
