"""Whatever the town: every hard rule is kept, what is missing is said, and no plan could be better (L2). No database.

The towns are the same at every run: a plan takes up to a second, and shrinking a found fault would take minutes of everybody's.
"""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from loans.planning.checking import check
from loans.planning.city import city
from loans.planning.plan import Plan
from loans.planning.problem import Ban, Copy, History, Problem, Wish
from loans.planning.reading import plan_from_json, plan_to_json, problem_from_json, problem_to_json
from loans.planning.solving import plan_rotation
from tests.loans.planning.small import town, towns


def uniform(problem: Problem) -> bool:
    """All periods alike: then the planner promises the very best."""
    return (
        problem.memory is None
        and not any(school.absent for school in problem.schools)
        and not any(copy.first > 1 or copy.last for copy in problem.copies)
    )


class TestAnyTown:
    @settings(max_examples=150)
    @given(towns())
    def test_rules_are_kept_and_what_is_missing_is_said(self, problem: Problem) -> None:
        plan = plan_rotation(problem)
        found = check(problem, plan)
        assert found.faults == ()
        assert (found.empty, found.preference, found.score) == (
            plan.figures.empty,
            plan.figures.preference,
            plan.figures.score,
        )
        if uniform(problem):
            assert found.gap == 0
            assert found.least

    @settings(max_examples=25)
    @given(towns(), st.randoms(use_true_random=False))
    def test_the_order_of_the_tables_does_not_matter(self, problem: Problem, dice) -> None:
        def mixed(rows: tuple) -> tuple:
            return tuple(dice.sample(rows, len(rows)))

        other = replace(
            problem,
            schools=mixed(problem.schools),
            titles=mixed(problem.titles),
            copies=mixed(problem.copies),
            wishes=mixed(problem.wishes),
            history=mixed(problem.history),
            bans=mixed(problem.bans),
        )
        assert plan_to_json(plan_rotation(other)) == plan_to_json(plan_rotation(problem))

    @settings(max_examples=25)
    @given(towns())
    def test_problem_and_plan_survive_json(self, problem: Problem) -> None:
        text = problem_to_json(problem)
        again = problem_from_json(text)
        assert problem_to_json(again) == text
        plan = plan_rotation(again)
        assert plan_from_json(plan_to_json(plan)) == plan


class TestBans:
    def test_a_banned_title_never_comes_whatever_the_memory(self) -> None:
        """History is forgotten in time; a ban is not."""
        wanted = Wish("s0", "t19", 9)
        had = replace(town(memory=1), wishes=(wanted,), history=(History("s0", ("t19",)),))
        assert plan_rotation(had).figures.wishes_served == 1
        for mode in ("personal", "kits", "mixed"):
            banned = replace(
                town(memory=1), wishes=(wanted,), bans=(Ban("s0", ("t19",)),), mode=mode, fixed=2, kit_gap=1
            )
            plan = plan_rotation(banned)
            assert check(banned, plan).faults == ()
            given_ = {it.title for row in plan.deliveries if row.school == "s0" for it in row.items}
            assert "t19" not in given_
            assert [row.reason for row in plan.unserved] == ["banned"]


class TestChecker:
    """It finds what is made wrong on purpose, so that its silence means something."""

    def faults(self, plan: Plan, problem: Problem) -> set[str]:
        return {fault.code for fault in check(problem, plan).faults}

    def test_it_finds_each_kind_of_wrong(self) -> None:
        problem = town()
        plan = plan_rotation(problem)
        first, second = plan.deliveries[:2]
        swapped = first.items[1]._replace(copy=first.items[0].copy)
        cases = {
            "wrong_copy": replace(first, items=(*first.items[:1], swapped, *first.items[2:])),
            "shortage_not_told": replace(first, items=first.items[1:]),
            "title_repeated": replace(first, items=(second.items[0], *first.items[1:])),
            "wrong_delivery": replace(first, period=9),
            "quota_broken": replace(first, items=(*first.items, *second.items)),
            "not_straight": replace(first, items=(first.items[0]._replace(source="s1"), *first.items[1:])),
        }
        for code, delivery in cases.items():
            assert code in self.faults(replace(plan, deliveries=(delivery, *plan.deliveries[1:])), problem), (
                code
            )

    def test_it_finds_a_title_that_is_banned(self) -> None:
        plan = plan_rotation(town())
        first = plan.deliveries[0]
        banned = replace(town(), bans=(Ban(first.school, (first.items[0].title,)),))
        assert "title_banned" in self.faults(plan, banned)

    def test_a_bound_below_the_plan_is_found(self) -> None:
        problem = town(schools=8, copies=1)
        plan = plan_rotation(problem)
        assert plan.proof and plan.proof.prices
        dearer = replace(plan.proof, prices=tuple((key, -5) for key, _price in plan.proof.prices))
        assert "bound_below_plan" in self.faults(replace(plan, proof=dearer), problem)

    def test_false_prices_prove_less(self) -> None:
        problem = town(schools=8, copies=1)
        plan = plan_rotation(problem)
        assert plan.proof
        loose = replace(plan.proof, prices=tuple((key, price * 2) for key, price in plan.proof.prices))
        assert (check(problem, replace(plan, proof=loose)).gap or 0) > (check(problem, plan).gap or 0)

    def test_a_false_certificate_proves_nothing(self) -> None:
        problem = town(schools=12, copies=1, size=6)
        plan = plan_rotation(problem)
        assert plan.figures.empty and plan.certificate
        assert check(problem, plan).least
        false = replace(plan.certificate, titles=plan.certificate.titles[1:])
        assert not check(problem, replace(plan, certificate=false)).least


class TestCity:
    """One invented city, small: the promises of the whole planner."""

    problem = city(48, 25, 4, seed=5)
    plan = plan_rotation(problem)

    def test_nothing_is_broken_and_nothing_could_be_better(self) -> None:
        found = check(self.problem, self.plan)
        assert found.faults == ()
        assert found.gap == 0
        assert found.least

    def test_wishes_come_early(self) -> None:
        assert self.plan.figures.wishes_served >= 0.97 * self.plan.figures.wishes
        assert self.plan.figures.mean_wait <= 1.4

    def test_more_copies_close_the_gap_that_the_remedy_names(self) -> None:
        tight = city(48, 25, 4, seed=5, ratio=1.0)
        plan = plan_rotation(tight)
        assert plan.figures.empty == sum(row.needs - row.gets for row in plan.shortages) > 0
        more = []
        titles = {title.key: title for title in tight.titles}
        fresh = []
        for number, row in enumerate(plan.remedies):
            many = max(row.new_titles, 1)
            like = next(it for it in titles.values() if it.level == row.level and it.subject == row.subject)
            fresh += [
                replace(like, key=f"new-{number}-{at}", hot=False, points=0)
                for at in range(max(many, row.copies))
            ]
            more += [Copy(f"new-{number}-{at}", f"new-{number}-{at}") for at in range(max(many, row.copies))]
        richer = replace(tight, titles=(*tight.titles, *fresh), copies=(*tight.copies, *more))
        assert plan_rotation(richer).figures.empty == 0
