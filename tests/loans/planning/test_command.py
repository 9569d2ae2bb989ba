"""`manage.py plan_rotation`, and the words for what the planner refuses. No database is asked."""

import json
from collections.abc import Iterator
from dataclasses import fields
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from loans.planning.examining import examine
from loans.planning.faults import BadProblem, Fault, NotPlanned
from loans.planning.problem import Problem
from loans.planning.reading import plan_from_json, problem_from_json, problem_to_json
from loans.planning.running import ROOT
from loans.services.planner_words import sentence, sentences, why_not
from tests.loans.planning.small import town
from tests.loans.planning.test_running import BAD


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The sentences are read here as they stand in the code."""
    with override("en"):
        yield


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("plan_rotation", *arguments, stdout=out)
    return out.getvalue()


class TestCommand:
    def test_a_city_is_planned_checked_and_compared(self, tmp_path: Path) -> None:
        file, saved = tmp_path / "plan.json", tmp_path / "problem.json"
        said = told(
            "--city", "12x10x3", "--seed", "3", "--check", "--compare", "--output", str(file), "--save-problem", str(saved)
        )  # fmt: skip
        assert "0 rules broken" in said and "0.00000% from the recomputed bound" in said
        assert "a quick hand" in said and "seconds" in said
        assert plan_from_json(file.read_text()).figures.places == 360
        again = tmp_path / "again.json"
        told("--problem", str(saved), "--output", str(again))
        assert again.read_text() == file.read_text()

    def test_a_plan_of_anybody_is_checked(self, tmp_path: Path) -> None:
        plan, other = tmp_path / "plan.json", tmp_path / "other.json"
        told("--city", "12x10x3", "--seed", "3", "--output", str(plan))
        assert "0 rules broken" in told("--city", "12x10x3", "--seed", "3", "--plan", str(plan))
        with pytest.raises(CommandError, match="another problem"):
            told("--city", "12x10x3", "--seed", "4", "--plan", str(plan))
        made = json.loads(plan.read_text())
        made["deliveries"][0]["school"] = "nowhere"
        made["proof"]["prices"].append(["nothing", 3])
        other.write_text(json.dumps(made))
        with pytest.raises(CommandError, match="unknown_in_proof"):
            told("--city", "12x10x3", "--seed", "3", "--plan", str(other))

    def test_the_problem_in_the_readme_can_be_read_and_names_every_table(self) -> None:
        readme = (ROOT / "loans" / "README.md").read_text("utf-8")
        example = readme.split("```json\n")[1].split("```")[0]
        assert problem_from_json(example).bans[0].titles == ("T9",)
        left_out = {it.name for it in fields(Problem)} - set(json.loads(example))
        assert left_out == {"fixed", "kit_gap", "calendar"}

    def test_a_problem_that_is_wrong_is_said_in_sentences(self, tmp_path: Path) -> None:
        file = tmp_path / "problem.json"
        file.write_text(problem_to_json(BAD["school_without_level"]()))
        with pytest.raises(CommandError, match="has no reading level"):
            told("--problem", str(file))

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--city", "many"], "schools x books x periods"),
            (["--city", "0x10x4"], "at least one school"),
            (["--problem", "/nowhere/at/all.json"], "No such file"),
            (["--city", "58x100x4", "--seconds", "0.1"], "took too long"),
        ],
    )
    def test_what_cannot_be_done_is_said(self, arguments: list[str], words: str) -> None:
        with pytest.raises(CommandError, match=words):
            told(*arguments)

    def test_a_file_that_is_no_problem_is_said(self, tmp_path: Path) -> None:
        for content, words in ((b"{", "not JSON"), (b"\xff\xfe", "UTF-8"), (b'{"schools":3}', "wrong kind")):
            file = tmp_path / "bad.json"
            file.write_bytes(content)
            with pytest.raises(CommandError, match=words):
                told("--problem", str(file))

    def test_shortages_are_printed_with_their_remedy(self, tmp_path: Path) -> None:
        file = tmp_path / "problem.json"
        file.write_text(problem_to_json(town(schools=12, copies=1, size=6)))
        assert "more copies close it" in told("--problem", str(file))


class TestWords:
    @pytest.mark.parametrize("code", BAD)
    def test_every_refusal_has_its_sentence(self, code: str) -> None:
        with pytest.raises(BadProblem) as bad:
            examine(BAD[code]())
        for fault in bad.value.faults:
            words = sentence(fault)
            assert words.endswith(".") and "%(" not in words and "cannot be planned (" not in words

    def test_long_lists_are_cut_and_counted(self) -> None:
        said = sentences(tuple(Fault("title_without_copy", {"title": str(at)}) for at in range(15)))
        assert len(said) == 11
        assert said[-1] == "And 5 more."

    def test_every_failure_has_its_sentence(self) -> None:
        for code in ("cancelled", "time_limit", "memory", "crashed", "anything"):
            assert "Nothing was changed." in why_not(NotPlanned(code))
        assert json.dumps(sentence(Fault("new_code")))
