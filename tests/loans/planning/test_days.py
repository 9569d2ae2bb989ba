"""Schools that swap on days of their own: no book is wanted at one before it has left another (L2). No database."""

import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from loans.planning.checking import check
from loans.planning.city import city
from loans.planning.locking import lock_faults
from loans.planning.plan import Plan
from loans.planning.problem import Lock, Problem
from loans.planning.reading import plan_to_json, problem_from_json, problem_to_json
from loans.planning.replanning import rest_of
from loans.planning.solving import plan_rotation
from tests.loans.planning.small import town, towns

STAY = 90


def on_days(problem: Problem, firsts: list[int]) -> Problem:
    """The same town, each school with its own first day; what a school holds comes free on it."""
    first = dict(zip((school.key for school in problem.schools), firsts, strict=False))
    schools = tuple(
        replace(
            school,
            days=tuple(
                (0, 0)
                if number + 1 in school.absent
                else (first[school.key] + number * STAY, first[school.key] + (number + 1) * STAY)
                for number in range(problem.periods)
            ),
        )
        for school in problem.schools
    )
    copies = tuple(replace(copy, day=first.get(copy.at, 0)) for copy in problem.copies)
    return replace(problem, schools=schools, copies=copies)


def stays_of(problem: Problem, plan: Plan) -> dict[str, list[tuple[int, int]]]:
    days = {school.key: school.days for school in problem.schools}
    found: dict[str, list[tuple[int, int]]] = {}
    for delivery in plan.deliveries:
        for item in delivery.items:
            found.setdefault(item.copy, []).append(days[delivery.school][delivery.period - 1])
    return {copy: sorted(rows) for copy, rows in found.items()}


class TestAnyDays:
    @settings(max_examples=120)
    @given(towns(), st.lists(st.integers(0, 89), min_size=4, max_size=4))
    def test_rules_are_kept_and_no_book_leaves_before_it_is_back(
        self, problem: Problem, firsts: list[int]
    ) -> None:
        problem = on_days(problem, firsts)
        plan = plan_rotation(problem)
        found = check(problem, plan)
        assert found.faults == ()
        assert (found.empty, found.preference, found.score) == (
            plan.figures.empty,
            plan.figures.preference,
            plan.figures.score,
        )
        for rows in stays_of(problem, plan).values():
            assert all(back <= out for (_out, back), (out, _back) in itertools.pairwise(rows))

    @settings(max_examples=20)
    @given(towns(), st.lists(st.integers(0, 89), min_size=4, max_size=4))
    def test_the_rest_of_the_year_keeps_the_rules_too(self, problem: Problem, firsts: list[int]) -> None:
        problem = on_days(problem, firsts)
        if problem.periods < 2:
            return
        lost = {problem.copies[0].key} if len(problem.copies) > 1 else set()
        rest = rest_of(problem, plan_rotation(problem), started=1, lost=lost)
        if rest.copies:
            assert check(rest, plan_rotation(rest)).faults == ()


class TestDays:
    def test_one_copy_goes_from_the_earlier_school_to_the_later_never_back(self) -> None:
        problem = on_days(town(schools=2, size=1, titles=2, copies=1, periods=2), [0, 30])
        stays = stays_of(problem, plan_rotation(problem))
        for rows in stays.values():
            assert all(back <= out for (_out, back), (out, _back) in itertools.pairwise(rows))

    def test_the_checker_sees_a_book_that_is_wanted_too_early(self) -> None:
        problem = on_days(town(schools=2, size=2, titles=4, copies=1, periods=2), [0, 30])
        plan = plan_rotation(problem)
        late = [
            replace(copy, day=10_000 if copy.key == plan.deliveries[0].items[0].copy else 0)
            for copy in problem.copies
        ]
        faults = check(replace(problem, copies=tuple(late)), plan).faults
        assert "copy_not_back" in {fault.code for fault in faults}

    def test_the_checker_sees_two_schools_with_one_book(self) -> None:
        problem = on_days(town(schools=2, size=1, titles=2, copies=1, periods=1), [0, 30])
        plan = plan_rotation(problem)
        first, second = plan.deliveries
        doubled = replace(plan, deliveries=(first, replace(second, items=first.items)))
        assert "copy_in_two_places" in {fault.code for fault in check(problem, doubled).faults}

    def test_one_copy_may_be_fixed_for_two_schools_one_after_the_other_not_at_once(self) -> None:
        """Whatever the number of their period: what counts is when the book is where."""
        apart = on_days(town(schools=2, size=4, titles=8, copies=1, periods=2), [0, STAY])
        locks = (Lock("s0", "t00", 1, "t00-0"), Lock("s1", "t00", 1, "t00-0"))
        assert list(lock_faults(replace(apart, locks=locks))) == []
        plan = plan_rotation(replace(apart, locks=locks))
        assert check(replace(apart, locks=locks), plan).faults == ()
        at_once = on_days(town(schools=2, size=4, titles=8, copies=1, periods=2), [0, STAY - 1])
        codes = [fault.code for fault in lock_faults(replace(at_once, locks=locks))]
        assert codes == ["lock_copy_twice", "lock_above_copies"]
        late = tuple(replace(copy, day=1) for copy in apart.copies)
        assert [fault.code for fault in lock_faults(replace(apart, locks=locks[:1], copies=late))] == [
            "lock_wrong_copy"
        ]

    def test_a_book_fixed_by_hand_is_kept_free_for_its_day(self) -> None:
        problem = on_days(town(schools=2, size=4, titles=8, copies=1, periods=2), [0, 30])
        lock = Lock("s1", "t00", 2, "t00-0")
        problem = replace(problem, locks=(lock,))
        plan = plan_rotation(problem)
        assert check(problem, plan).faults == ()
        mine = next(it for it in plan.deliveries if (it.school, it.period) == ("s1", 2))
        assert ("t00", "t00-0") in {(item.title, item.copy) for item in mine.items}
        elsewhere = stays_of(problem, plan)["t00-0"]
        assert len(elsewhere) <= 2, "it may go out before, if it is back by then"

    def test_a_near_school_hands_on_only_what_it_gives_back_that_day(self) -> None:
        same = on_days(town(schools=2, size=4, titles=8, copies=1, periods=2), [0, 0])
        apart = on_days(town(schools=2, size=4, titles=8, copies=1, periods=2), [0, 30])
        assert plan_rotation(same).figures.direct > 0
        assert plan_rotation(apart).figures.direct == 0

    def test_a_loss_shakes_little(self) -> None:
        """What was promised stays, but for the lost books and the few that take their places."""
        problem = city(12, 40, 4, seed=2)
        problem = on_days(problem, [7 * at for at in range(12)])
        plan = plan_rotation(problem)
        lost = {copy.key for copy in problem.copies[::100]}
        again = plan_rotation(rest_of(problem, plan, lost=lost))
        before, after = (
            {(row.school, row.period, item.title) for row in it.deliveries for item in row.items}
            for it in (plan, again)
        )
        assert len(before & after) >= 0.96 * len(before)

    def test_equal_problems_give_equal_plans_and_days_survive_the_paper(self) -> None:
        problem = on_days(town(schools=3, periods=3), [0, 20, 40])
        again = problem_from_json(problem_to_json(problem))
        assert again == replace(problem, copies=tuple(sorted(problem.copies, key=lambda it: it.key)))
        assert plan_to_json(plan_rotation(again)) == plan_to_json(plan_rotation(problem))

    def test_days_cost_something_and_the_plan_says_so(self) -> None:
        """All on one day: the best there is. One after another: as near to the bound as can be told, or nothing is promised."""
        plain = town(schools=3, size=4, titles=24, copies=1, periods=4)
        together, apart = plan_rotation(plain), plan_rotation(on_days(plain, [0, 30, 60]))
        assert together.figures.gap == 0
        assert apart.figures.gap is None or apart.figures.gap >= 0
