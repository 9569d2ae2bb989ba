"""Crossing quotas, fixed boxes, fairness, and the rest of a year after a loss. No database.

The towns are the same at every run: a plan takes up to a second, and shrinking a found fault would take minutes of everybody's.
"""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from loans.planning.checking import check
from loans.planning.city import city
from loans.planning.greedy import plan_naively
from loans.planning.kits import rings
from loans.planning.plan import Plan
from loans.planning.problem import Crossing, History, Lock, Problem, Quota
from loans.planning.reading import plan_to_json
from loans.planning.replanning import rest_of
from loans.planning.solving import plan_rotation
from loans.planning.tables import Tables
from tests.loans.planning.small import town, towns

TOWN = city(48, 25, 4, seed=5)
PLAN = plan_rotation(TOWN)


def local(problem: Problem, plan: Plan) -> Counter[str]:
    """How many books from our own region each school gets."""
    tags = {title.key for title in problem.titles if "local" in title.tags}
    return Counter(row.school for row in plan.deliveries for item in row.items if item.title in tags)


class TestCrossing:
    def test_a_minimum_across_all_cells_is_met_and_proven_best(self) -> None:
        before = local(TOWN, PLAN)
        least = sorted(before.values())[len(before) // 2] + 1
        asked = replace(
            TOWN,
            schools=tuple(
                replace(it, crossing=(Crossing(at_least=least, tag="local"),)) for it in TOWN.schools
            ),
        )
        plan = plan_rotation(asked)
        found = check(asked, plan)
        assert found.faults == ()
        assert found.gap is not None and found.gap <= 1e-4
        short = sum(row.missing for row in plan.crossing_gaps)
        after = local(asked, plan)
        assert short == sum(max(0, least - after[school.key]) for school in asked.schools) < 5
        assert plan.figures.empty == PLAN.figures.empty
        assert plan_to_json(plan_rotation(asked)) == plan_to_json(plan)

    def test_a_maximum_is_kept(self) -> None:
        asked = replace(
            TOWN,
            schools=tuple(
                replace(it, crossing=(Crossing(at_most=5, language="eng"),)) for it in TOWN.schools
            ),
        )
        plan = plan_rotation(asked)
        found = check(asked, plan)
        assert found.faults == () and found.gap is not None and found.gap <= 1e-4

    def test_quotas_that_overlap_are_met_over_the_year(self) -> None:
        problem = town(schools=2, size=4, titles=40)
        quotas = (Quota(3, "low"), Quota(3, "", "nature"))
        wide = replace(
            problem,
            schools=tuple(replace(it, levels=("high", "low"), quotas=quotas) for it in problem.schools),
            titles=tuple(
                replace(it, level="high" if at % 4 > 1 else "low") for at, it in enumerate(problem.titles)
            ),
        )
        plan = plan_rotation(wide)
        assert check(wide, plan).faults == ()
        assert plan.crossing_gaps == ()

    def test_one_that_asks_for_nothing_is_no_quota(self) -> None:
        asked = replace(town(), schools=tuple(replace(it, crossing=(Crossing(),)) for it in town().schools))
        assert check(asked, plan_rotation(asked)).faults == ()

    def test_more_fixed_by_hand_than_is_allowed_is_said(self) -> None:
        rule = Crossing(at_most=0, subject="story")
        asked = replace(
            town(),
            schools=tuple(replace(it, crossing=(rule,)) for it in town().schools),
            locks=(Lock("s0", "t00", 1), Lock("s0", "t02", 2)),
        )
        plan = plan_rotation(asked)
        assert check(asked, plan).faults == ()
        missing = {row.school: row.missing for row in plan.crossing_gaps}
        assert missing["s0"] >= 2

    @settings(max_examples=40)
    @given(towns(), st.integers(0, 10), st.integers(0, 10))
    def test_whatever_is_asked_the_rules_hold(self, problem: Problem, least: int, most: int) -> None:
        rules = (Crossing(at_least=least, subject="story"), Crossing(at_most=most, level="low"))
        asked = replace(problem, schools=tuple(replace(it, crossing=rules) for it in problem.schools))
        found = check(asked, plan_rotation(asked))
        assert found.faults == ()
        assert found.gap is not None and found.gap >= 0


class TestKits:
    fresh = replace(city(48, 25, 8, seed=5, alike=True), history=(), mode="kits")

    def test_no_title_comes_again_within_eight_periods(self) -> None:
        plan = plan_rotation(self.fresh)
        assert check(self.fresh, plan).faults == ()
        assert len({row.kit for row in plan.deliveries}) == 48

    def test_boxes_are_as_full_as_the_copies_allow(self) -> None:
        """At most one copy of a title in eight boxes: no way of packing could use more."""
        tables = Tables(self.fresh)
        copies = Counter(copy.title for copy in self.fresh.copies)
        (ring,) = rings(tables)
        got = Counter(int(tables.cell_of[title]) for box in ring.boxes for title, _key in box)
        wanted = {quota: quota.places * 48 for quota in self.fresh.schools[0].quotas}
        for quota, places in wanted.items():
            cell = tables.cells.index((quota.level, quota.subject))
            usable = sum(
                min(copies[title.key], 48 // 8)
                for title in tables.titles
                if (title.level, title.subject) == (quota.level, quota.subject)
            )
            assert got[cell] >= min(places, usable) - 1

    def test_boxes_travel_from_school_to_school(self) -> None:
        plan = plan_rotation(self.fresh)
        assert all(item.source for row in plan.deliveries if row.period > 1 for item in row.items)
        assert plan.figures.trips == 48 * 7

    def test_a_personal_rest_beside_the_boxes(self) -> None:
        mixed = replace(self.fresh, mode="mixed", fixed=20, periods=4)
        plan = plan_rotation(mixed)
        found = check(mixed, plan)
        assert found.faults == ()
        boxes_alone = plan_rotation(replace(mixed, mode="kits"))
        assert plan.figures.wishes_served > boxes_alone.figures.wishes_served

    def test_quotas_within_quotas_beside_boxes_still_fit_into_one_another(self) -> None:
        """The box may bring all that the wide quota asks for and nothing of the narrow one inside it."""
        quotas = (Quota(3, "low"), Quota(3, "low", "story"))
        problem = town(schools=2, size=4, titles=24)
        titles = tuple(
            replace(it, level="low" if at < 10 else "high") for at, it in enumerate(problem.titles)
        )
        for fixed in range(5):
            mixed = replace(
                problem,
                titles=titles,
                schools=tuple(replace(it, levels=("high", "low"), quotas=quotas) for it in problem.schools),
                history=(
                    History(
                        "s0", tuple(it.key for it in titles if it.level == "low" and it.subject == "story")
                    ),
                ),
                mode="mixed",
                fixed=fixed,
            )
            assert check(mixed, plan_rotation(mixed)).faults == ()

    def test_a_quota_whose_books_are_all_in_the_boxes_asks_for_nothing_beside_them(self) -> None:
        problem = town(schools=2, size=4, titles=20, copies=1)
        rare = tuple(replace(it, subject="rare") if at < 2 else it for at, it in enumerate(problem.titles))
        quotas = (Quota(2, "low", "nature"), Quota(2, "low", "rare"))
        mixed = replace(
            problem,
            titles=rare,
            periods=2,
            schools=tuple(replace(it, quotas=quotas) for it in problem.schools),
            mode="mixed",
            fixed=2,
        )
        plan = plan_rotation(mixed)
        assert check(mixed, plan).faults == ()
        assert plan.figures.empty == 0

    @settings(max_examples=40)
    @given(towns(), st.sampled_from(["kits", "mixed"]), st.integers(0, 4))
    def test_whatever_the_town_the_rules_hold(self, problem: Problem, mode: str, fixed: int) -> None:
        size = max(school.size for school in problem.schools)
        schools = tuple(replace(it, size=size) for it in problem.schools)
        boxed = replace(problem, mode=mode, fixed=min(fixed, size), schools=schools, kit_gap=4)
        assert check(boxed, plan_rotation(boxed)).faults == ()


class TestFairness:
    def test_hot_titles_are_shared_more_evenly(self) -> None:
        fair = plan_rotation(replace(TOWN, weights=replace(TOWN.weights, fairness=30)))
        spread, before = (it.figures.hot_most - it.figures.hot_least for it in (fair, PLAN))
        assert spread < before
        assert fair.figures.preference >= 0.98 * PLAN.figures.preference


class TestRest:
    def test_after_a_loss_nearly_everything_stays(self) -> None:
        lost = [copy.key for copy in TOWN.copies][::100]
        again = plan_rotation(rest_of(TOWN, PLAN, lost=lost))
        assert check(rest_of(TOWN, PLAN, lost=lost), again).faults == ()
        assert again.figures.kept >= 0.985 * again.figures.earlier
        assert not {item.copy for row in again.deliveries for item in row.items} & set(lost)

    def test_what_has_left_the_building_is_history(self) -> None:
        rest = rest_of(TOWN, PLAN, started=2)
        again = plan_rotation(rest)
        assert check(rest, again).faults == ()
        assert rest.periods == 2
        out = {(row.school, item.title) for row in PLAN.deliveries if row.period <= 2 for item in row.items}
        assert not out & {(row.school, item.title) for row in again.deliveries for item in row.items}
        second = {item.copy: row.school for row in PLAN.deliveries if row.period == 2 for item in row.items}
        assert {copy.key: copy.at for copy in rest.copies if copy.at} == second
        # Nothing was lost, so nothing has to move.
        assert again.figures.kept == again.figures.earlier

    def test_fixed_rows_survive(self) -> None:
        row = next(it for it in PLAN.deliveries if it.period == 3)
        fixed = tuple(Lock(row.school, item.title, 3, item.copy) for item in row.items[:5])
        problem = replace(TOWN, locks=fixed)
        first = plan_rotation(problem)
        rest = rest_of(problem, first, started=1, lost=[fixed[0].copy])
        again = plan_rotation(rest)
        assert check(rest, again).faults == ()
        assert [(lock.period, lock.copy) for lock in rest.locks[:2]] == [(2, ""), (2, fixed[1].copy)]


class TestBaseline:
    def test_a_quick_hand_does_worse(self) -> None:
        naive = plan_naively(TOWN)
        assert PLAN.figures.preference > 1.1 * naive.preference
        assert PLAN.figures.wishes_served > naive.wishes_served
        assert PLAN.figures.empty <= naive.empty
