"""``manage.py plan_rotation --city 58x100x4 --seed 3`` or ``--problem FILE``: plan a rotation outside the database."""

import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError

from loans.planning.faults import BadProblem, NotPlanned
from loans.planning.plan import Plan
from loans.planning.problem import Problem
from loans.planning.reading import plan_from_json, problem_from_json, problem_to_json
from loans.planning.running import Run, run
from loans.services.planner_words import sentence, sentences, why_not

D = TypeVar("D", Problem, Plan)


class Command(BaseCommand):
    help = "Plans a rotation from a file, or for an invented city, and prints its figures. The database is not asked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--city", help="Invent a city: schools x books x periods, as 58x100x4.")
        source.add_argument(
            "--problem", "--input", dest="problem", help="A problem as JSON; - reads standard input."
        )
        parser.add_argument(
            "--seed", type=int, help="Seed of the city, and of what the planner leaves to chance."
        )
        parser.add_argument(
            "--ratio", type=float, default=1.25, help="City: copies for each place of a period."
        )
        parser.add_argument("--fairness", type=int, help="What a fair share of hot titles is worth.")
        parser.add_argument(
            "--mode", choices=("personal", "kits", "mixed"), help="Own choice, fixed boxes, or both."
        )
        parser.add_argument("--seconds", type=float, default=600, help="Stop when it takes longer.")
        parser.add_argument("--output", help="Write the plan as JSON to this file.")
        parser.add_argument("--save-problem", help="Write the problem as JSON to this file.")
        parser.add_argument(
            "--check",
            action="store_true",
            help="Check the plan by code that shares nothing with the planner.",
        )
        parser.add_argument(
            "--plan", help="Make no plan: check the one in this file, which answers the problem or city."
        )
        parser.add_argument("--compare", action="store_true", help="Compare with the plan of a quick hand.")

    def handle(self, *args: Any, **options: Any) -> None:
        problem = _adjusted(_problem(options), options)
        if options["save_problem"]:
            _write(options["save_problem"], problem_to_json(problem))
        if options["plan"]:
            self._check(problem, _plan(options["plan"], problem))
            return
        try:
            answer = run(problem, limit_seconds=options["seconds"])
        except BadProblem as bad:
            raise CommandError("\n".join(sentences(bad.faults)))
        except NotPlanned as failure:
            raise CommandError(f"{why_not(failure)}\n{failure.detail}".strip())
        for name, figure in _figures(answer):
            self.stdout.write(f"{name:<34}{figure}")
        self._shortages(answer.plan)
        if options["compare"]:
            self._compare(problem, answer.plan)
        if options["output"]:
            _write(options["output"], answer.text)
        if options["check"]:
            self._check(problem, answer.plan)

    def _shortages(self, plan: Plan) -> None:
        for row in plan.remedies:
            what = " ".join(filter(None, (row.level, row.subject))) or "any subject"
            self.stdout.write(
                f"short of {row.missing} in {what}: {row.copies} more copies close it, "
                f"{row.new_titles} of them of titles new to the library"
            )
        for gap in plan.crossing_gaps:
            self.stdout.write(
                f"school {gap.school} misses its quota number {gap.number + 1} by {gap.missing}"
            )

    def _compare(self, problem: Problem, plan: Plan) -> None:
        from loans.planning.greedy import plan_naively

        naive = plan_naively(problem)
        more = plan.figures.preference / naive.preference - 1 if naive.preference else 0.0
        self.stdout.write(
            f"{'a quick hand':<34}preference {naive.preference:,} (the plan: {more:+.1%}), empty {naive.empty:,}, "
            f"wishes {naive.wishes_served:,}, hot titles {naive.hot_least}–{naive.hot_most}"
        )

    def _check(self, problem: Problem, plan: Plan) -> None:
        from loans.planning.checking import check

        found = check(problem, plan)
        gap = "no bound" if found.gap is None else f"{found.gap:.5%} from the recomputed bound"
        least = "proven least" if found.least else "not proven least"
        self.stdout.write(
            f"{'checked':<34}{found.books:,} books, {len(found.faults)} rules broken, {gap}, "
            f"{found.empty:,} places empty ({least})"
        )
        if found.faults:
            raise CommandError("\n".join(f"{fault.code} {dict(fault.facts)}" for fault in found.faults[:20]))


def _problem(options: dict[str, Any]) -> Problem:
    if options["city"]:
        size = re.fullmatch(r"(\d+)x(\d+)(?:x(\d+))?", options["city"])
        if size is None:
            raise CommandError("Give the city as schools x books x periods, for example 58x100x4.")
        from loans.planning.city import city

        schools, books, periods = int(size[1]), int(size[2]), int(size[3] or 4)
        if not (schools and books and periods):
            raise CommandError("A city has at least one school, one book and one period.")
        alike = options["mode"] in ("kits", "mixed")
        return city(schools, books, periods, seed=options["seed"] or 1, ratio=options["ratio"], alike=alike)
    return _read(options["problem"], problem_from_json)


def _plan(name: str, problem: Problem) -> Plan:
    plan = _read(name, plan_from_json)
    if plan.inputs != sha256(problem_to_json(problem).encode()).hexdigest():
        raise CommandError(
            f"{name} answers another problem. Give the problem, seed and mode that it was made from."
        )
    return plan


def _read(name: str, reader: Callable[[str], D]) -> D:
    try:
        return reader(sys.stdin.read() if name == "-" else Path(name).read_text("utf-8"))
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}.")
    except UnicodeDecodeError:
        raise CommandError(f"{name} is not text in UTF-8.")
    except BadProblem as bad:
        raise CommandError("\n".join(sentence(fault) for fault in bad.faults))


def _adjusted(problem: Problem, options: dict[str, Any]) -> Problem:
    from dataclasses import replace

    if options["fairness"] is not None:
        problem = replace(problem, weights=replace(problem.weights, fairness=options["fairness"]))
    if options["mode"]:
        problem = replace(problem, mode=options["mode"], fixed=problem.fixed or 80)
    if options["seed"] is not None:
        problem = replace(problem, seed=options["seed"])
    return problem


def _figures(answer: Run) -> list[tuple[str, str]]:
    it = answer.plan.figures
    served = f"{it.wishes_served / it.wishes:.2%}" if it.wishes else "none asked"
    straight = f"{it.direct / it.swapped:.1%}" if it.swapped else "none"
    return [
        ("places", f"{it.places:,}"),
        ("empty", f"{it.empty:,}"),
        ("preference", f"{it.preference:,}"),
        (
            "score, and how far from the bound",
            f"{it.score:,}, {'nothing proven' if it.gap is None else f'{it.gap:.5%}'}",
        ),
        ("wishes served", f"{it.wishes_served:,} of {it.wishes:,}, {served}"),
        ("mean wait", f"{it.mean_wait:.2f} periods"),
        ("hot titles for each school", f"{it.hot_least}–{it.hot_most}"),
        (
            "straight from a near school",
            f"{it.direct:,} of {it.swapped:,}, {straight}, in {it.trips:,} trips",
        ),
        ("kept of the earlier plan", f"{it.kept:,} of {it.earlier:,}"),
        ("seconds, and of them computing", f"{answer.seconds:.2f}, {answer.cpu_seconds:.2f}"),
        ("peak memory", f"{answer.peak_mb:.0f} MB"),
    ]


def _write(name: str, text: str) -> None:
    try:
        Path(name).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}.")
