"""What the README promises of a whole city of 58 schools, on a seed that nothing was tuned for. No database."""

from dataclasses import replace

from loans.planning.checking import check
from loans.planning.city import city
from loans.planning.greedy import plan_naively
from loans.planning.solving import plan_rotation

CITY = city(58, 100, 4, seed=58)
PLAN = plan_rotation(CITY)


def test_nothing_could_be_better_and_nothing_is_broken() -> None:
    found = check(CITY, PLAN)
    assert found.faults == ()
    assert found.gap == 0
    assert found.least


def test_wishes_are_served_soon_and_books_go_straight() -> None:
    it = PLAN.figures
    assert it.wishes_served >= 0.99 * it.wishes
    assert it.mean_wait <= 1.25
    assert it.direct >= 0.5 * it.swapped


def test_a_quick_hand_is_beaten_by_a_fifth() -> None:
    naive = plan_naively(CITY)
    assert PLAN.figures.preference >= 1.2 * naive.preference
    assert naive.wishes_served <= 0.6 * PLAN.figures.wishes


def test_new_and_liked_titles_are_shared_for_little() -> None:
    asked = replace(CITY, weights=replace(CITY.weights, fairness=6))
    fair = plan_rotation(asked)
    found = check(asked, fair)
    assert found.faults == () and found.gap == 0
    before, after = (it.figures.hot_most - it.figures.hot_least for it in (PLAN, fair))
    assert after <= 0.75 * before
    assert fair.figures.preference >= 0.995 * PLAN.figures.preference


def test_boxes_are_full_and_bring_no_title_twice() -> None:
    boxes = replace(city(58, 100, 8, seed=58, alike=True), history=(), mode="kits")
    found = check(boxes, plan_rotation(boxes))
    assert found.faults == ()
    assert found.empty == 0
