"""Plans of one solver that all these tests share: it takes most of a second to start. Limits are iterations: no clock, no database."""

from mobile_service.planning import Plan, Problem, check, finishing
from mobile_service.planning.routing import Solver

SOLVER = Solver()


def plan_routes(problem: Problem) -> Plan:
    return finishing.plan_routes(problem, solver=SOLVER)


def planned(problem: Problem) -> Plan:
    """The plan, after the checker found nothing wrong with it."""
    plan = plan_routes(problem)
    assert [(it.code, dict(it.facts)) for it in check(problem, plan).faults] == []
    return plan


def days_of(plan: Plan, stop: str) -> list[int]:
    return sorted(it.day for it in plan.visits if it.stop == stop)
