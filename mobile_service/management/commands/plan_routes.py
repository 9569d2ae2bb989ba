"""``manage.py plan_routes --input FILE --output FILE`` or ``--town 58x1 --seed 3``: plan routes outside the database."""

import os
import re
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError

from mobile_service.planning import (
    BadProblem,
    NotPlanned,
    Plan,
    Problem,
    Run,
    check,
    digest,
    plan_from_json,
    problem_from_json,
    problem_to_json,
    run,
)
from mobile_service.planning.public_sets import from_public_set
from mobile_service.services.planner_words import missed_words, sentences, way_words, why_not

D = TypeVar("D", Problem, Plan)


class Command(BaseCommand):
    # Nothing of the house is asked; looking it over would only take time.
    requires_system_checks = ()
    help = "Plans routes from a file, or for an invented town, and prints the figures. The database is not asked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument(
            "--input",
            "--problem",
            dest="input",
            help="A problem as JSON, or a public one in Solomon's or Cordeau's text format; - reads standard input.",
        )
        source.add_argument("--town", help="Invent a town: stops x vans, as 58x1.")
        parser.add_argument("--sundays", action="store_true", help="Town: thirteen Sundays, each stop once.")
        parser.add_argument("--drift", type=int, default=0, help="Town: days that a fortnight may be off.")
        parser.add_argument(
            "--load",
            type=float,
            default=0,
            help="Town: stretch its visits to this share of the time that the vans are out, as 0.76.",
        )
        parser.add_argument(
            "--seed", type=int, help="Seed of the town, and of what the planner leaves to chance."
        )
        parser.add_argument(
            "--seconds", type=float, help="Stop after so many seconds with the best plan found."
        )
        parser.add_argument("--iterations", type=int, help="Stop after so many steps instead: repeatable.")
        parser.add_argument(
            "--decimals",
            type=int,
            choices=range(7),
            metavar="N",
            help="Public problems: cut ways to so many decimals, as published results of Solomon's do (1).",
        )
        parser.add_argument("--output", help="Write the plan as JSON to this file.")
        parser.add_argument("--save-problem", help="Write the problem as JSON to this file.")
        parser.add_argument("--no-plan", action="store_true", help="Only save the problem.")
        parser.add_argument(
            "--check",
            action="store_true",
            help="Replay the plan by code that shares nothing with the planner.",
        )
        parser.add_argument("--plan", help="Make no plan: check the one in this file.")
        parser.add_argument(
            "--compare", action="store_true", help="Compare with the calendar of a quick hand."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        problem = _adjusted(_problem(options), options)
        if options["save_problem"]:
            _write(options["save_problem"], problem_to_json(problem))
        if options["no_plan"]:
            return
        if options["plan"]:
            self._check(problem, _plan(options["plan"], problem))
            return
        try:
            answer = run(problem, limit_seconds=self._left(problem.limits.seconds))
        except BadProblem as bad:
            raise CommandError("\n".join(sentences(bad.faults)))
        except NotPlanned as failure:
            raise CommandError(f"{why_not(failure)}\n{failure.detail}".strip())
        if options["output"]:
            _write(options["output"], answer.text)
        for name, figure in _figures(answer):
            self.stdout.write(f"{name:<34}{figure}")
        for missed in answer.plan.missed:
            self.stdout.write(missed_words(missed))
            for way in missed.ways[:2]:
                self.stdout.write(f"  {way_words(way)}")
        if options["compare"]:
            self._compare(problem, answer.plan)
        if options["check"]:
            self._check(problem, answer.plan)

    def _left(self, seconds: float) -> float:
        """What the house itself took to start, beyond half a second, is taken off, so that the whole command keeps to its limit."""
        if not getattr(self, "_called_from_command_line", False):
            return seconds
        return max(seconds / 2, seconds - max(0.0, _running_for() - 0.5))

    def _compare(self, problem: Problem, plan: Plan) -> None:
        from mobile_service.planning.naive import plan_naively

        naive = plan_naively(replace(problem, cycle=0) if problem.cycle else problem).figures
        ratio = f"{plan.figures.travel / naive.travel:.1%}" if naive.travel else "nothing"
        self.stdout.write(
            f"{'a quick hand':<34}drives {naive.travel:,.0f} minutes (the plan: {ratio} of them) and misses "
            f"{naive.asked - naive.met} of {naive.asked} visits"
        )

    def _check(self, problem: Problem, plan: Plan) -> None:
        found = check(problem, plan)
        self.stdout.write(
            f"{'checked':<34}{found.visits:,} visits, {len(found.faults)} rules broken, "
            f"{found.travel:,.1f} minutes of driving, {found.missed} visits missed"
        )
        if found.faults:
            raise CommandError("\n".join(sentences(found.faults, most=20)))


def _running_for() -> float:
    """Seconds since this process was started; where the system does not say, those that it has computed."""
    try:
        began = int(Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()[19])
        up = float(Path("/proc/uptime").read_text("ascii").split()[0])
        return up - began / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return time.process_time()


def _problem(options: dict[str, Any]) -> Problem:
    if not options["town"]:
        return _read(options["input"], lambda text: _in_any_format(text, options["decimals"]))
    size = re.fullmatch(r"(\d{1,4})x(\d{1,3})", options["town"])
    if size is None or not int(size[1]) or not int(size[2]):
        raise CommandError("Give the town as stops x vans, for example 58x1.")
    from mobile_service.planning.city import town

    seed = options["seed"] or 1
    return town(
        int(size[1]),
        int(size[2]),
        seed=seed,
        sundays=options["sundays"],
        drift=options["drift"],
        load=options["load"],
    )


def _in_any_format(text: str, decimals: int | None) -> Problem:
    # Public ones are tables of numbers; what is one word, or begins as JSON does, is meant as JSON.
    words = text.removeprefix("\ufeff").split(maxsplit=1)
    if len(words) < 2 or words[0].startswith(("{", "[")):
        return problem_from_json(text)
    return from_public_set(text, decimals)


def _plan(name: str, problem: Problem) -> Plan:
    plan = _read(name, plan_from_json)
    if plan.inputs != digest(problem):
        raise CommandError(
            f"{name} answers another problem. Give the problem, seed and limits that it was made from."
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
        raise CommandError("\n".join(sentences(bad.faults)))


def _adjusted(problem: Problem, options: dict[str, Any]) -> Problem:
    limits = problem.limits
    if options["seconds"] is not None:
        limits = replace(limits, seconds=options["seconds"], iterations=0)
    if options["iterations"] is not None:
        limits = replace(limits, iterations=options["iterations"])
    if options["seed"] is not None:
        problem = replace(problem, seed=options["seed"])
    return replace(problem, limits=limits)


def _figures(answer: Run) -> list[tuple[str, str]]:
    it = answer.plan.figures
    gap = "not reckoned" if it.gap is None else f"{it.gap:.2%} above {it.reference:,.1f}"
    return [
        ("visits met", f"{it.met:,} of {it.asked:,}"),
        ("minutes of driving", f"{it.travel:,.1f}"),
        ("distance", f"{it.distance:,.1f}"),
        ("tours, and hours out", f"{it.tours:,}, {it.hours:,.1f}"),
        ("hours of a tour", f"{it.least:.1f}–{it.most:.1f}, spread {it.spread:.2f}"),
        ("from the relaxed reference", gap),
        ("kept of the earlier plan", f"{it.kept:,} of {it.earlier:,}"),
        ("moved by closed days", f"{len(answer.plan.moved):,}"),
        ("gaps off the rhythm", f"{len(answer.plan.gaps):,}"),
        ("how it ended", f"{answer.plan.status} after {answer.seconds:.1f} s"),
        ("peak memory", f"{answer.peak_mb:.0f} MB"),
    ]


def _write(name: str, text: str) -> None:
    """Whole or not at all: what was there before stays until the new text is written."""
    target = Path(name)
    try:
        handle, part = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.chmod(part, 0o644)
        os.replace(part, target)
    except OSError as error:
        Path(part).unlink(missing_ok=True)
        raise CommandError(f"{name}: {error.strerror}.")
