"""Problems and plans as JSON, in one canonical form: tables sorted, fields by name, what is at its default left out.

The manner of reading and writing is the rotation planner's (``loans.planning.reading``): an unknown field or a wrong kind of value is a
fault that names the table, the row (from 1) and the field.
"""

from dataclasses import replace
from hashlib import sha256
from operator import attrgetter
from typing import TypeVar

from loans.planning.reading import canonical, read_as, row_of
from mobile_service.planning.faults import BadProblem, Fault
from mobile_service.planning.plan import Plan
from mobile_service.planning.problem import Problem

D = TypeVar("D", Problem, Plan)


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
    """Raises BadProblem (``not_json``, ``not_a_problem``, ``unknown_field``, ``field_twice``, ``wrong_value``, ``missing_field``)."""
    return _read(Problem, text, "not_a_problem")


def plan_to_json(plan: Plan) -> str:
    """The canonical form."""
    return canonical(row_of(plan))


def plan_from_json(text: str | bytes) -> Plan:
    """Raises BadProblem as ``problem_from_json``, with ``not_a_plan`` for ``not_a_problem``."""
    return _read(Plan, text, "not_a_plan")


def _read(kind: type[D], text: str | bytes, code: str) -> D:
    """Without the mark that Windows sets before a text; ``code`` is what anything else than one object is refused with."""
    try:
        return read_as(kind, text.removeprefix("\ufeff") if isinstance(text, str) else text)
    except BadProblem as bad:
        # A fault that names no field is one of the whole.
        if [(it.code, it.facts.get("field")) for it in bad.faults] == [("wrong_value", "")]:
            raise BadProblem([Fault(code)]) from bad
        raise


def digest(problem: Problem) -> str:
    """What ``Plan.inputs`` says of the problem that it answers."""
    return sha256(problem_to_json(problem).encode()).hexdigest()
