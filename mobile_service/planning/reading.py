"""Problems and plans as JSON, in one canonical form: tables sorted, fields by name, what is at its default left out.

The manner of reading and writing is the rotation planner's (``loans.planning.reading``): an unknown field or a wrong kind of value is a
fault that names the table, the row (from 1) and the field.
"""

from dataclasses import replace
from hashlib import sha256
from operator import attrgetter

from loans.planning.reading import canonical, read_as, row_of
from mobile_service.planning.plan import Plan
from mobile_service.planning.problem import Problem


def sorted_problem(problem: Problem) -> Problem:
    """The same problem with its tables in the one order that everything is reckoned in."""
    return replace(
        problem,
        stops=tuple(sorted(problem.stops, key=attrgetter("key"))),
        vehicles=tuple(sorted(problem.vehicles, key=attrgetter("key"))),
        days=tuple(sorted(problem.days, key=attrgetter("number"))),
        matrices=tuple(sorted(problem.matrices, key=attrgetter("key"))),
        pins=tuple(sorted(problem.pins, key=attrgetter("stop", "day", "vehicle", "position"))),
        earlier=tuple(sorted(problem.earlier, key=attrgetter("stop", "day", "vehicle"))),
    )


def problem_to_json(problem: Problem) -> str:
    """The canonical form: equal problems give equal text, in whatever order their tables came."""
    return canonical(row_of(sorted_problem(problem)))


def problem_from_json(text: str | bytes) -> Problem:
    """Raises BadProblem (``not_json``, ``unknown_field``, ``field_twice``, ``wrong_value``, ``missing_field``)."""
    return read_as(Problem, text)


def plan_to_json(plan: Plan) -> str:
    """The canonical form."""
    return canonical(row_of(plan))


def plan_from_json(text: str | bytes) -> Plan:
    """Raises BadProblem as ``problem_from_json``."""
    return read_as(Plan, text)


def digest(problem: Problem) -> str:
    """What ``Plan.inputs`` says of the problem that it answers."""
    return sha256(problem_to_json(problem).encode()).hexdigest()
