"""Public problems in the formats of Solomon and Cordeau. The problems here are invented; only their form is theirs."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from mobile_service.planning import BadProblem, Hours, examine
from mobile_service.planning.public_sets import from_public_set
from tests.mobile_service.planning.planned import days_of, planned

SOLOMON = """INVENTED

VEHICLE
NUMBER     CAPACITY
  2         30

CUSTOMER
CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME

  0   0   0    0    0   200   0
  1   3   4   10   50    60  10
  2   6   8   10    0   200  10
  3   0   1   20    0   100  10
"""
# Two vehicles, three customers, three days; the second comes on the first and the third day, or on the second and the third.
PERIODIC = """1 2 3 3
0 20
0 20
0 20
0  0 0  0  0 0 0
1  0 3  5 10 1 3 1 2 4
2  4 0  5 10 2 2 5 3
3  4 3  5 20 3 1 7
"""
DEPOTS = """2 1 2 2
100 15
90 25
1  0  3  0 10 1 2 1 2
2 10  1  0 20 1 2 1 2
3  0  0  0  0 0 0
4 10  0  0  0 0 0
"""


def test_solomon_windows_room_and_straight_ways() -> None:
    problem = from_public_set(SOLOMON)
    examine(problem)
    assert [it.capacity for it in problem.vehicles] == [30, 30]
    assert problem.matrices[0].minutes[0][:3] == (0.0, 5.0, 10.0)
    first = problem.stops[0]
    assert (first.key, first.demand, first.service, first.windows) == ("1", 10, 10, (Hours(50, 60),))
    plan = planned(problem)
    assert plan.figures.met == 3 and plan.figures.tours == 2, "forty do not fit in one vehicle"
    assert plan.figures.travel == 22


def test_cordeau_sets_of_days_are_bits_with_the_first_day_highest() -> None:
    problem = from_public_set(PERIODIC)
    examine(problem)
    assert [it.patterns for it in problem.stops] == [((1,), (2,), (3,)), ((1, 3), (2, 3)), ((1, 2, 3),)]
    plan = planned(problem)
    assert days_of(plan, "3") == [1, 2, 3] and days_of(plan, "2") in ([1, 3], [2, 3])
    assert plan.figures.met == 6
    assert plan.figures.travel == 50, "the third fills a vehicle each day; the others share one on one day"


def test_cordeau_depots_have_bounds_of_their_own() -> None:
    problem = from_public_set(DEPOTS)
    examine(problem)
    assert [(it.start, it.most_minutes, it.capacity) for it in problem.vehicles] == [
        (0, 100, 15), (1, 90, 25),
    ]  # fmt: skip
    plan = planned(problem)
    assert {(it.stop, it.vehicle) for it in plan.visits} == {("1", "d1v1"), ("2", "d2v1")}
    assert plan.figures.travel == 8


def test_windows_of_cordeau_are_the_last_two_numbers() -> None:
    text = "4 1 1 1\n0 0\n0 0 0 0 0 0 0 0 480\n1 3 4 10 0 1 1 1 60 120\n"
    problem = from_public_set(text)
    assert problem.stops[0].windows == (Hours(60, 120),)
    assert problem.vehicles[0].shifts == (Hours(0, 480),)
    assert planned(problem).visits[0].start == 60


def test_ways_are_cut_where_published_results_are() -> None:
    cut = from_public_set(SOLOMON, 1).matrices[0].minutes
    whole = from_public_set(SOLOMON).matrices[0].minutes
    assert (round(whole[1][3], 4), cut[1][3]) == (4.2426, 4.2)


@pytest.mark.parametrize(
    "text", ["", "what is this", PERIODIC[:60], SOLOMON[:120], PERIODIC.replace("1 2 3 3", "3 2 3 3")]
)
def test_what_is_no_whole_public_problem_is_refused(text: str) -> None:
    with pytest.raises(BadProblem) as bad:
        from_public_set(text)
    assert [it.code for it in bad.value.faults] == ["not_public"]


def test_the_command_plans_it(tmp_path: Path) -> None:
    file, said = tmp_path / "R0.txt", StringIO()
    file.write_text(SOLOMON)
    call_command("plan_routes", "--input", str(file), "--iterations", "20", "--check", stdout=said)
    assert "3 of 3" in said.getvalue() and "0 rules broken" in said.getvalue()
