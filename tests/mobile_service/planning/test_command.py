"""`manage.py plan_routes`, the problem in the README, what is refused, and the words for all of it. No database is asked."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from mobile_service.planning import (
    BadProblem,
    Day,
    Fault,
    Hours,
    Limits,
    Matrix,
    Missed,
    NotPlanned,
    Pin,
    Problem,
    Relaxation,
    Rest,
    Vehicle,
    Weights,
    examine,
    plan_from_json,
    problem_from_json,
    problem_to_json,
)
from mobile_service.planning.running import ROOT
from mobile_service.services import planner_words
from mobile_service.services.planner_words import missed_words, sentence, sentences, way_words, why_not
from tests.mobile_service.planning.small import line, month, road, with_stop, with_vehicle


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The sentences are read here as they stand in the code."""
    with override("en"):
        yield


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("plan_routes", *arguments, stdout=out)
    return out.getvalue()


def pinned(**changes: object) -> Problem:
    return replace(road(), pins=(Pin(**{"stop": "s1", "day": 1, **changes}),))  # type: ignore[arg-type]


BAD: dict[str, Callable[[], Problem]] = {
    "no_days": lambda: replace(road(), days=()),
    "no_vehicles": lambda: replace(road(), vehicles=()),
    "no_matrix": lambda: replace(road(), matrices=()),
    "too_many_days": lambda: replace(road(), days=tuple(Day(at) for at in range(1, 500))),
    "stop_twice": lambda: replace(road(), stops=road().stops[:1] * 2),
    "vehicle_twice": lambda: replace(road(), vehicles=road().vehicles * 2),
    "matrix_twice": lambda: replace(road(), matrices=road().matrices * 2),
    "day_twice": lambda: replace(road(), days=(Day(1), Day(1, closed=True))),
    "key_empty": lambda: with_stop(road(), key=""),
    "day_out_of_range": lambda: replace(road(), days=(Day(0),)),
    "unknown_windows": lambda: replace(road(), windows="sometimes"),
    "cycle_not_weeks": lambda: replace(road(), cycle=10),
    "matrices_differ": lambda: replace(road(), matrices=(*road().matrices, Matrix(line(2), key="b"))),
    "matrix_not_square": lambda: replace(road(), matrices=(Matrix(line(5)[:-1]),)),
    "matrix_value": lambda: replace(road(), matrices=(Matrix(((0.0, -1.0), (1.0, 0.0))),)),
    "weight_out_of_range": lambda: replace(road(), weights=Weights(stay=-1)),
    "limit_out_of_range": lambda: replace(road(), limits=Limits(0)),
    "seed_out_of_range": lambda: replace(road(), seed=-1),
    "unknown_matrix": lambda: with_vehicle(road(), matrix="sea"),
    "no_distances": lambda: replace(road(), matrices=(Matrix(line(5)),), weights=Weights(distance=1)),
    "depot_outside_matrix": lambda: with_vehicle(road(), end=9),
    "vehicle_out_of_range": lambda: with_vehicle(road(), capacity=-1),
    "shift_backwards": lambda: with_vehicle(road(), shifts=(Hours(900, 400),)),
    "rest_backwards": lambda: with_vehicle(road(), rest=Rest(30, 800, 700)),
    "stop_outside_matrix": lambda: with_stop(road(), place=9),
    "stop_out_of_range": lambda: with_stop(road(), service=-1),
    "stop_unknown_vehicle": lambda: with_stop(road(), vehicles=("bus",)),
    "window_backwards": lambda: with_stop(road(), windows=(Hours(900, 400),)),
    "rarer_than_horizon": lambda: with_stop(road(), every=70),
    "does_not_fit_cycle": lambda: with_stop(month(), every=21),
    "more_visits_than_days": lambda: with_stop(road(), times=6),
    "pin_unknown": lambda: pinned(stop="s9"),
    "pin_twice": lambda: replace(road(), pins=(Pin("s1", 1), Pin("s1", 1, "v"))),
    "pin_on_closed_day": lambda: replace(pinned(), days=(Day(1, closed=True), Day(2))),
    "pin_on_banned_day": lambda: replace(pinned(), stops=with_stop(road(), banned_days=(1,)).stops),
    "pin_banned_vehicle": lambda: replace(
        pinned(vehicle="w"),
        vehicles=(*road().vehicles, Vehicle("w")),
        stops=with_stop(road(), banned_vehicles=("w",)).stops,
    ),
    "pin_vehicle_off": lambda: replace(
        pinned(vehicle="w"), vehicles=(*road().vehicles, Vehicle("w", off=(1,)))
    ),
    "pin_position_without_vehicle": lambda: pinned(position=1),
    "pin_position_twice": lambda: replace(road(), pins=(Pin("s1", 1, "v", 1), Pin("s2", 1, "v", 1))),
    "pins_above_visits": lambda: replace(road(), pins=(Pin("s1", 1), Pin("s1", 2))),
    "pins_do_not_fit": lambda: replace(
        road(9), pins=tuple(Pin(f"s{at}", 1, "v") for at in range(1, 10))
    ),
    "no_vehicle_may_come": lambda: with_stop(road(), banned_vehicles=("v",)),
    "all_days_banned": lambda: with_stop(road(), banned_weekdays=(1, 2, 3, 4, 5)),
    "window_too_short": lambda: with_stop(road(), windows=(Hours(450, 480),)),
    "demand_above_capacity": lambda: with_stop(with_vehicle(road(), capacity=3), demand=4),
    "too_far": lambda: road(4, step=120.0),
}  # fmt: skip


class TestRefusals:
    @pytest.mark.parametrize("code", BAD)
    def test_each_mistake_is_named_in_a_sentence(self, code: str) -> None:
        with pytest.raises(BadProblem) as bad:
            examine(BAD[code]())
        assert code in {fault.code for fault in bad.value.faults}
        for fault in bad.value.faults:
            words = sentence(fault, day=lambda number: f"day {number}")
            assert words.endswith(".") and "%(" not in words and "cannot be planned (" not in words

    def test_no_code_is_without_words(self) -> None:
        source = "".join(it.read_text("utf-8") for it in (ROOT / "mobile_service/planning").glob("*.py"))
        named = {it.split('"')[0] for it in source.split('Fault("')[1:]}
        assert named - set(planner_words._FAULTS) == set()

    def test_what_is_sound_is_not_refused(self) -> None:
        examine(month(closed=(1, 2, 3, 4, 5)))
        examine(replace(road(0), matrices=(Matrix(((0.0,),)),)))

    def test_names_and_dates_take_the_place_of_keys(self) -> None:
        fault = Fault("pin_on_closed_day", {"stop": "s1", "day": 3, "vehicle": ""})
        assert sentence(
            fault, name={"s1": "SDN 3", "": ""}.__getitem__, day=lambda it: f"{it} May"
        ).startswith("SDN 3 is fixed on 3 May")
        assert sentences([fault] * 12)[-1] == "And 2 more."

    def test_every_way_and_reason_has_its_words(self) -> None:
        kinds = (
            "longer_shift",
            "wider_window",
            "other_day",
            "another_van",
            "other_vehicle",
            "more_room",
            "fewer_visits",
        )
        for kind in kinds:
            for amount in (1, 2):
                words = way_words(Relaxation(kind, amount, 12.4, 3, "v"))
                assert words.endswith(".") and "%(" not in words and kind not in words
        for reason in planner_words._REASONS:
            assert missed_words(Missed("s1", 2, reason)).startswith("s1 misses 2 visits: ")
        assert "Nothing was changed." in why_not(NotPlanned("crashed"))


class TestCommand:
    def test_a_town_is_planned_checked_and_compared(self, tmp_path: Path) -> None:
        file, saved = tmp_path / "plan.json", tmp_path / "problem.json"
        said = told(
            "--town", "10x1", "--seed", "3", "--iterations", "60", "--check", "--compare",
            "--output", str(file), "--save-problem", str(saved),
        )  # fmt: skip
        assert "0 rules broken" in said and "a quick hand" in said
        made = plan_from_json(file.read_text())
        assert made.figures.met == made.figures.asked
        assert "0 rules broken" in told("--input", str(saved), "--plan", str(file))
        with pytest.raises(CommandError, match="another problem"):
            told("--town", "10x1", "--seed", "4", "--plan", str(file))
        file.write_text(file.read_text().replace('"H001"', '"H002"', 1))
        with pytest.raises(CommandError, match="H002"):
            told("--input", str(saved), "--plan", str(file))

    def test_a_file_that_is_no_problem_is_said_and_what_was_written_before_stays(
        self, tmp_path: Path
    ) -> None:
        file, before = tmp_path / "bad.json", tmp_path / "plan.json"
        before.write_text("before")
        for content, words in (
            (b"{", "not JSON"),
            (b"\xff\xfe", "UTF-8"),
            (b'{"stops":3}', "stops holds a wrong kind"),
            (b"[{}, {}]", "one object with the fields of one problem"),
            (b"7", "one object with the fields of one problem"),
            (b'{"stops":[],"vehicles":[],"days":[]}', "missing"),
            (b'{"stops":[],"vehicles":[],"days":[],"matrices":[],"vans":1}', "vans"),
            (problem_to_json(BAD["too_far"]()).encode(), "cannot be reached"),
        ):
            file.write_bytes(content)
            with pytest.raises(CommandError, match=words):
                told("--input", str(file), "--output", str(before))
        assert before.read_text() == "before"
        assert {it.name for it in tmp_path.iterdir()} == {"bad.json", "plan.json"}

    def test_a_file_may_begin_with_the_mark_of_windows(self, tmp_path: Path) -> None:
        marked, saved = tmp_path / "marked.json", tmp_path / "saved.json"
        marked.write_text(problem_to_json(road()), "utf-8-sig")
        told("--input", str(marked), "--no-plan", "--save-problem", str(saved))
        assert saved.read_text("utf-8").strip() == problem_to_json(road())
        told("--input", str(saved), "--iterations", "1", "--output", str(tmp_path / "plan.json"))
        (tmp_path / "plan.json").write_text((tmp_path / "plan.json").read_text("utf-8"), "utf-8-sig")
        said = told("--input", str(saved), "--iterations", "1", "--plan", str(tmp_path / "plan.json"))
        assert "0 rules broken" in said
        marked.write_text("[]", "utf-8-sig")
        with pytest.raises(CommandError, match="fields of one plan"):
            told("--input", str(saved), "--plan", str(marked))

    def test_a_town_can_be_filled_to_a_share_of_the_time_of_its_vans(self, tmp_path: Path) -> None:
        file = tmp_path / "problem.json"
        told("--town", "40x2", "--load", "0.6", "--no-plan", "--save-problem", str(file))
        problem = problem_from_json(file.read_text())
        work = sum(it.service * (2 if it.every == 14 else 1) for it in problem.stops)
        assert work / (len(problem.days) * 2 * 510) == pytest.approx(0.6, abs=0.01)

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--town", "many"], "stops x vans"),
            (["--input", "/nowhere/at/all.json"], "No such file"),
            (["--town", "3x1", "--no-plan", "--save-problem", "/nowhere/p.json"], "No such file"),
            (["--town", "3x1", "--seconds", "-1"], "out of range"),
        ],
    )
    def test_what_cannot_be_done_is_said(self, arguments: list[str], words: str) -> None:
        with pytest.raises(CommandError, match=words):
            told(*arguments)

    def test_the_problem_in_the_readme_can_be_read_and_names_every_table(self) -> None:
        readme = (ROOT / "mobile_service" / "README.md").read_text("utf-8")
        example = readme.split("```json\n")[1].split("```")[0]
        problem = problem_from_json(example)
        examine(problem)
        assert {it.name for it in fields(Problem)} == set(json.loads(example))
