"""The route planner's own process: watched, stopped, bounded, and what happens when PyVRP hangs. No database."""

import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from mobile_service.planning import NotPlanned, check, run
from mobile_service.planning.city import town
from mobile_service.planning.model import model_of
from mobile_service.planning.problem import Problem
from mobile_service.planning.reading import plan_to_json
from mobile_service.planning.recombining import Choice
from mobile_service.planning.routing import ROOT, STARTING, Solver, visits_of
from mobile_service.planning.tables import Tables
from tests.mobile_service.planning.small import road


def children() -> list[str]:
    done = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True)
    return [
        it for it in done.stdout.splitlines() if "mobile_service.planning" in it and f" {os.getpid()} " in it
    ]


class TestProcess:
    def test_two_processes_give_the_same_plan_byte_for_byte(self) -> None:
        problem = town(10, iterations=60, seed=4)
        stages: list[str] = []
        first = run(problem, progress=lambda stage, _share: stages.append(stage))
        assert run(problem).text == first.text == plan_to_json(first.plan)
        assert list(dict.fromkeys(stages)) == ["insertion", "reference", "patterns", "tours", "reasons"]
        assert first.plan.status == "done"

    def test_it_keeps_to_its_seconds(self) -> None:
        problem = town(30, seed=2)
        answer = run(problem, limit_seconds=4)
        assert answer.seconds < 20, "of sixty that the problem would allow"
        assert answer.plan.status == "time_limit"
        assert check(problem, answer.plan).faults == ()

    def test_it_is_killed_when_it_is_no_longer_wanted(self) -> None:
        with pytest.raises(NotPlanned) as stopped:
            run(town(30), cancelled=lambda: True)
        assert stopped.value.code == "cancelled"
        assert children() == []

    def test_a_process_that_dies_gives_no_plan(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYTHONPATH", os.devnull)
        monkeypatch.setattr("mobile_service.planning.running.ROOT", "/")
        with pytest.raises(NotPlanned) as died:
            run(road())
        assert died.value.code == "crashed"

    def test_a_process_that_hangs_leaves_the_best_that_it_had_told(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It has told its first tours, then nothing is heard of it until it is ended."""
        monkeypatch.setattr("mobile_service.planning.running.GRACE", -1.0)
        problem = town(30, seed=2)
        answer = run(problem, limit_seconds=6)
        assert answer.plan.status == "stopped"
        assert answer.plan.figures.met > 0
        assert check(problem, answer.plan).faults == ()
        assert children() == []

    def test_django_and_the_solvers_stay_away_from_each_other(self) -> None:
        """Importing the package loads no solver; the process loads no Django."""
        for name, heavy in (
            ("mobile_service.planning", {"pyvrp", "scipy", "ortools", "django"}),
            ("mobile_service.planning.finishing", {"pyvrp", "matplotlib", "scipy", "django"}),
        ):
            code = f"import sys; import {name}; print(*sys.modules)"
            done = subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
            )
            assert heavy & set(done.stdout.split()) == set(), name


class TestWedged:
    def test_a_solver_that_answers_nothing_is_killed_and_asked_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("mobile_service.planning.routing.SILENT", 2.0)
        problem = road(5)
        tables = Tables(problem)
        job = model_of(tables, visits_of(tables, (), free=True))
        job.iterations = 50
        asked: list[object] = []
        real = Solver._ask

        def wedge_at_first(self: Solver, given: object) -> None:
            asked.append(given)
            real(self, "wedge" if len(asked) == 1 else given)

        monkeypatch.setattr(Solver, "_ask", wedge_at_first)
        solver = Solver()
        began = time.monotonic()
        routes = solver.solve(tables, job, began + 30)
        try:
            assert solver.killed == 1 and len(asked) == 2
            assert routes is not None and sum(map(len, routes)) == 5
            assert time.monotonic() - began < 10
        finally:
            solver.kill()

    def test_when_it_only_hangs_the_rest_of_the_work_is_done_without_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from mobile_service.planning.finishing import plan_routes

        problem = replace(road(5), limits=replace(road().limits, seconds=9.0, iterations=0))
        solver = Solver()
        answered(solver, problem)
        monkeypatch.setattr("mobile_service.planning.routing.SILENT", 0.2)
        real = Solver._ask
        monkeypatch.setattr(
            Solver, "_ask", lambda self, job: real(self, job if isinstance(job, Choice) else "wedge")
        )
        began = time.monotonic()
        try:
            plan = plan_routes(problem, solver=solver)
        finally:
            solver.kill()
        assert plan.status == "stopped" and plan.figures.met == 5
        assert time.monotonic() - began < 30, "a deaf PyVRP would be waited for without end"
        assert check(problem, plan).faults == ()


def answered(solver: Solver, problem: Problem) -> None:
    """It has loaded and answered once: on a busy machine that alone may take longer than a test's few seconds of planning."""
    tables = Tables(problem)
    job = model_of(tables, visits_of(tables, (), free=True))
    job.iterations = 10
    assert solver.solve(tables, job, time.monotonic() + STARTING) is not None
