"""The planner's own process: watched, stopped, bounded; and what it refuses. No database."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from loans.planning.checking import check
from loans.planning.city import city
from loans.planning.examining import examine
from loans.planning.faults import BadProblem, NotPlanned
from loans.planning.problem import (
    Ban,
    Calendar,
    Copy,
    Crossing,
    History,
    Lock,
    Problem,
    Quota,
    School,
    Wish,
)
from loans.planning.reading import plan_to_json, problem_from_json
from loans.planning.running import ROOT, run
from loans.planning.solving import plan_rotation
from tests.loans.planning.small import town


class TestProcess:
    def test_two_processes_give_the_same_plan_byte_for_byte(self) -> None:
        problem = city(12, 10, 3, seed=2)
        stages: list[str] = []
        first = run(problem, progress=lambda stage, _share: stages.append(stage))
        assert run(problem).text == first.text == plan_to_json(first.plan)
        assert plan_to_json(replace(plan_rotation(problem), inputs=first.plan.inputs)) == first.text
        assert list(dict.fromkeys(stages)) == ["examine", "year", "split", "copies"]
        assert first.peak_mb < 200
        assert check(problem, first.plan).faults == ()

    def test_it_is_killed_when_it_is_no_longer_wanted(self) -> None:
        with pytest.raises(NotPlanned) as stopped:
            run(city(58, 100, 4), cancelled=lambda: True)
        assert stopped.value.code == "cancelled"
        assert children() == []

    def test_it_is_killed_when_its_time_is_over(self) -> None:
        with pytest.raises(NotPlanned) as stopped:
            run(city(58, 100, 4), limit_seconds=0.2)
        assert stopped.value.code == "time_limit"
        assert stopped.value.seconds < 10, "it was not waited for"
        assert children() == []

    def test_a_process_that_dies_gives_no_plan(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYTHONPATH", os.devnull)
        monkeypatch.setattr("loans.planning.running.ROOT", "/")
        with pytest.raises(NotPlanned) as died:
            run(town())
        assert died.value.code == "crashed"
        assert "loans" in died.value.detail

    def test_what_is_wrong_comes_back_as_codes(self) -> None:
        with pytest.raises(BadProblem) as bad:
            run(replace(town(), copies=()))
        assert [fault.code for fault in bad.value.faults] == ["empty_pool"]

    def test_django_and_the_solvers_stay_away_from_each_other(self) -> None:
        """Importing the package loads no solver; the process loads no Django."""
        for name, heavy in (
            ("loans.planning", {"numpy", "scipy", "ortools", "django"}),
            ("loans.planning.solving", {"scipy", "django", "pandas"}),
            ("loans.services.proposing", {"scipy", "ortools", "loans.planning.solving"}),
        ):
            code = (
                f"import sys; import django; import {name}"
                if "services" in name
                else f"import sys; import {name}"
            )
            if "services" in name:
                code = f"import sys, django; django.setup(); import {name}"
            code += "; print(*sys.modules)"
            done = subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
            )
            assert heavy & set(done.stdout.split()) == set(), name


def children() -> list[str]:
    done = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True)
    return [line for line in done.stdout.splitlines() if "loans.planning" in line]


def codes(problem: Problem) -> list[str]:
    with pytest.raises(BadProblem) as bad:
        examine(problem)
    return [fault.code for fault in bad.value.faults]


def with_school(**changes: object) -> Problem:
    problem = town()
    return replace(problem, schools=(replace(problem.schools[0], **changes), *problem.schools[1:]))  # type: ignore[arg-type]


def calendar(**changes: object) -> Problem:
    whole = Calendar(date(2026, 1, 5), date(2026, 12, 31), 3)
    return replace(town(), calendar=replace(whole, **changes))  # type: ignore[arg-type]


def in_turn(days: tuple[tuple[int, int], ...]) -> Problem:
    """All schools have the days of four periods, but the first has these."""
    right = tuple((90 * number, 90 * number + 90) for number in range(4))
    problem = town()
    schools = tuple(
        replace(school, days=right if number else days) for number, school in enumerate(problem.schools)
    )
    return replace(problem, schools=schools)


EVERY_DAY = tuple(range(7))
BAD = {
    "no_schools": lambda: replace(town(), schools=()),
    "empty_pool": lambda: replace(town(), copies=()),
    "periods_out_of_range": lambda: replace(town(), periods=0),
    "unknown_mode": lambda: replace(town(), mode="magic"),
    "school_twice": lambda: replace(town(), schools=town().schools[:1] * 2),
    "title_twice": lambda: replace(town(), titles=(*town().titles, town().titles[0])),
    "copy_twice": lambda: replace(town(), copies=(*town().copies, town().copies[0])),
    "title_without_copy": lambda: replace(town(), copies=town().copies[2:]),
    "key_empty": lambda: with_school(key=""),
    "copy_at_unknown_school": lambda: replace(
        town(), copies=(replace(town().copies[0], at="nowhere"), *town().copies[1:])
    ),
    "copy_out_of_range": lambda: replace(
        town(), copies=(replace(town().copies[0], wear=-1), *town().copies[1:])
    ),
    "memory_negative": lambda: replace(town(), memory=-1),
    "days_with_boxes": lambda: replace(in_turn(((0, 90), (90, 180), (180, 270), (270, 360))), mode="kits"),
    "days_out_of_order": lambda: in_turn(((0, 90), (80, 180), (180, 270), (270, 360))),
    "days_incomplete": lambda: in_turn(((0, 90),)),
    "kit_gap_too_small": lambda: replace(town(), kit_gap=0),
    "too_many_books": lambda: with_school(size=10**30),
    "place_out_of_range": lambda: with_school(latitude=-519.0),
    "absent_twice": lambda: with_school(absent=(2, 2)),
    "crossing_backwards": lambda: with_school(crossing=(Crossing(5, 4),)),
    "quota_twice": lambda: with_school(quotas=(Quota(1, "low", "story"), Quota(1, "low", "story"))),
    "lock_banned": lambda: replace(town(), bans=(Ban("s0", ("t00",)),), locks=(Lock("s0", "t00", 1),)),
    "copy_of_unknown_title": lambda: replace(town(), copies=(*town().copies, Copy("x", "nowhere"))),
    "unknown_school": lambda: replace(town(), wishes=(Wish("nobody", "t00"),)),
    "wish_twice": lambda: replace(town(), wishes=(Wish("s0", "t00"), Wish("s0", "t00", 2))),
    "points_too_large": lambda: replace(
        town(), titles=(replace(town().titles[0], points=10**9), *town().titles[1:])
    ),
    "priority_out_of_range": lambda: replace(town(), wishes=(Wish("s0", "t00", 10),)),
    "history_in_the_future": lambda: replace(town(), history=(History("s0", ("t00",), 0),)),
    "weight_out_of_range": lambda: replace(town(), weights=replace(town().weights, wish=-1)),
    "agreement_backwards": lambda: calendar(ends_on=date(2025, 1, 1)),
    "interval_too_short": lambda: calendar(interval_months=0),
    "interval_too_long": lambda: calendar(interval_months=13),
    "always_closed": lambda: calendar(closed_weekdays=EVERY_DAY),
    "too_many_periods": lambda: calendar(interval_months=6),
    "school_without_level": lambda: with_school(levels=()),
    "negative_number": lambda: with_school(size=-1),
    "absent_out_of_range": lambda: with_school(absent=(5,)),
    "fixed_above_size": lambda: replace(with_school(size=4), mode="mixed", fixed=5),
    "rings_differ": lambda: replace(with_school(size=6), mode="kits"),
    "locks_with_boxes": lambda: replace(town(), mode="kits", locks=(Lock("s0", "t00", 1),)),
    "quota_of_other_level": lambda: with_school(quotas=(Quota(1, "college", "story"),)),
    "quota_without_title": lambda: with_school(quotas=(Quota(1, "low", "cooking"),)),
    "quotas_above_size": lambda: with_school(quotas=(Quota(3, "low", "story"), Quota(2, "low", "nature"))),
    "quotas_above_quota": lambda: with_school(
        quotas=(Quota(2, "low"), Quota(2, "low", "story"), Quota(1, "low", "nature"))
    ),
    "lock_unknown_school": lambda: replace(town(), locks=(Lock("nobody", "t00", 1),)),
    "lock_unknown_title": lambda: replace(town(), locks=(Lock("s0", "nothing", 1),)),
    "lock_without_delivery": lambda: replace(town(), locks=(Lock("s0", "t00", 5),)),
    "lock_other_level": lambda: replace(
        with_school(levels=("high",), quotas=()), locks=(Lock("s0", "t00", 1),)
    ),
    "lock_had": lambda: replace(town(), history=(History("s0", ("t00",)),), locks=(Lock("s0", "t00", 1),)),
    "lock_wrong_copy": lambda: replace(town(), locks=(Lock("s0", "t00", 1, "t01-0"),)),
    "lock_twice": lambda: replace(town(), locks=(Lock("s0", "t00", 1), Lock("s0", "t00", 2))),
    "lock_copy_twice": lambda: replace(
        town(), locks=(Lock("s0", "t00", 1, "t00-0"), Lock("s1", "t00", 1, "t00-0"))
    ),
    "lock_above_copies": lambda: replace(town(), locks=tuple(Lock(f"s{at}", "t00", 1) for at in range(3))),
    "locks_above_quota": lambda: replace(town(), locks=tuple(Lock("s0", f"t0{at}", 1) for at in (0, 2, 4))),
}


class TestRefusals:
    @pytest.mark.parametrize("code", BAD)
    def test_each_mistake_is_named(self, code: str) -> None:
        assert code in codes(BAD[code]())

    def test_contradictory_fixed_rows_are_told_apart(self) -> None:
        """One title twice at a school is not one copy at two schools."""
        same = (Lock("s0", "t00", 1, "t00-0"), Lock("s0", "t00", 1, "t00-0"))
        assert codes(replace(town(), locks=same)) == ["lock_twice"]
        two = (Lock("s0", "t00", 1, "t00-0"), Lock("s1", "t00", 1, "t00-0"))
        assert codes(replace(town(), locks=two)) == ["lock_copy_twice"]

    def test_a_row_cannot_be_fixed_before_any_copy_of_it_is_back(self) -> None:
        """Where schools have days."""
        problem = town(periods=1)
        days = replace(
            problem,
            schools=tuple(replace(it, days=((2, 30),)) for it in problem.schools),
            copies=tuple(replace(it, day=40 if it.title == "t00" else 0) for it in problem.copies),
        )
        assert codes(replace(days, locks=(Lock("s0", "t00", 1),))) == ["lock_above_copies"]
        examine(replace(days, locks=(Lock("s0", "t01", 1),)))

    def test_of_two_quotas_for_the_same_titles_the_smaller_lies_within_the_larger(self) -> None:
        """As when all other titles of a level have been lost: it is no contradiction."""
        for quotas in ((Quota(2, "low"), Quota(3, "", "story")), (Quota(3, "low"), Quota(2, "", "story"))):
            problem = with_school(quotas=quotas)
            story = tuple(replace(it, subject="story") for it in problem.titles)
            schools = tuple(replace(it, quotas=quotas) for it in problem.schools)
            same = replace(problem, titles=story, schools=schools)
            assert check(same, plan_rotation(same)).faults == ()

    def test_a_ban_or_an_earlier_plan_may_name_only_schools_that_are_there(self) -> None:
        assert codes(replace(town(), bans=(Ban("nobody", ("t00",)),))) == ["unknown_school"]

    def test_a_quota_that_crosses_others_is_no_larger_than_the_delivery(self) -> None:
        problem = with_school(levels=("high", "low"), quotas=(Quota(2, "low"), Quota(9, "", "nature")))
        titles = tuple(
            replace(it, level="high") if at % 4 > 1 else it for at, it in enumerate(problem.titles)
        )
        schools = (problem.schools[0], *(replace(it, quotas=()) for it in problem.schools[1:]))
        assert codes(replace(problem, titles=titles, schools=schools)) == ["quotas_above_size"]

    def test_every_day_in_closed_ranges_is_closed_too(self) -> None:
        assert codes(
            calendar(closed=((date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 12, 31))))
        ) == ["always_closed"]

    def test_what_is_sound_is_not_refused(self) -> None:
        examine(calendar(closed_weekdays=(5, 6)))
        examine(replace(town(), locks=(Lock("s0", "t00", 1), Lock("s1", "t00", 1))))

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("{", "not_json"),
            ("[]", "wrong_value"),
            ('{"schools":[]}', "missing_field"),
            ('{"schools":[],"titles":[],"copies":[],"colour":1}', "unknown_field"),
            ('{"schools":[],"schools":[],"titles":[],"copies":[]}', "field_twice"),
            ("[" * 100_000, "not_json"),
            ('{"schools":[],"titles":[],"copies":[],"periods":NaN}', "wrong_value"),
            ('{"schools":[],"titles":[],"copies":[],"periods":true}', "wrong_value"),
            ('{"schools":[],"titles":[],"copies":[],"weights":{"near_km":1e999}}', "wrong_value"),
            ('{"schools":[{"key":"\\ud800","size":1,"levels":[]}],"titles":[],"copies":[]}', "wrong_value"),
            ('{"schools":[{"key":1,"size":1,"levels":[]}],"titles":[],"copies":[]}', "wrong_value"),
            ('{"schools":[],"titles":[],"copies":[],"calendar":{"starts_on":"soon"}}', "wrong_value"),
        ],
    )
    def test_bad_files_are_named(self, text: str, code: str) -> None:
        with pytest.raises(BadProblem) as bad:
            problem_from_json(text)
        assert [fault.code for fault in bad.value.faults] == [code]
        assert json.dumps(dict(bad.value.faults[0].facts))

    def test_the_row_is_named(self) -> None:
        text = '{"schools":[{"key":"a","size":1,"levels":["x"]},{"key":"b","size":"2","levels":[]}],"titles":[],"copies":[]}'
        with pytest.raises(BadProblem) as bad:
            problem_from_json(text)
        assert bad.value.faults[0].facts["field"] == "schools[2].size"


class TestLocks:
    def test_what_is_fixed_stays_and_the_rest_is_planned_around_it(self) -> None:
        problem = city(12, 10, 3, seed=4)
        free = plan_rotation(problem)
        fixed = tuple(
            Lock(delivery.school, item.title, delivery.period, item.copy)
            for delivery in free.deliveries
            if delivery.period == 2
            for item in delivery.items[::3]
        )
        plan = plan_rotation(replace(problem, locks=fixed))
        assert check(replace(problem, locks=fixed), plan).faults == ()

    def test_a_school_with_nothing_but_fixed_rows(self) -> None:
        school = School("s", 2, ("low",))
        problem = replace(
            town(), schools=(school,), periods=1, locks=(Lock("s", "t00", 1), Lock("s", "t01", 1))
        )
        plan = plan_rotation(problem)
        assert [item.title for item in plan.deliveries[0].items] == ["t00", "t01"]
