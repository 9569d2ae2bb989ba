"""The route planner's first tours, made in the test's own process: for all that is not about the planner itself."""

from dataclasses import replace
from typing import Any

from pytest import MonkeyPatch

from mobile_service.planning import Limits, Problem, Run, plan_to_json, solving
from mobile_service.planning.finishing import plan_routes
from mobile_service.services import routing


def first_tours(problem: Problem, **_watching: Any) -> Run:
    plan = plan_routes(replace(problem, limits=Limits(iterations=1)))
    return Run(plan, plan_to_json(plan), 0.1, 0.1, 1.0)


def plan_quickly(monkeypatch: MonkeyPatch) -> None:
    """Plans are reckoned by insertion alone, without a process and without PyVRP."""
    monkeypatch.setattr(routing, "run", first_tours)
    monkeypatch.setattr(solving.Solver, "start", lambda self: None)
    for step in ("_freely", "_in_rhythm"):
        monkeypatch.setattr(solving, step, lambda work: None)
