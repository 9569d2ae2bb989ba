"""Which stop is visited when, by which vehicle, in which order: plain data in, a plan out. It knows no rows and no Django.

``run`` plans in a process of its own that can be watched and stopped; what it is given is a ``Problem``, what it answers a ``Plan``.
``lay`` times tours that a person has put together, ``check`` says what is wrong with a plan, ``compare`` sets two plans side by side.
What cannot be planned raises ``BadProblem`` (see ``faults.py``). Importing this package loads no solver.
"""

from mobile_service.planning.checking import Checked, check
from mobile_service.planning.comparing import Change, Comparison, compare
from mobile_service.planning.examining import examine
from mobile_service.planning.faults import BadProblem, Fault, NotPlanned
from mobile_service.planning.laying import lay
from mobile_service.planning.plan import Figures, Gap, Missed, Moved, Plan, Relaxation, Tour, Visit
from mobile_service.planning.problem import (
    Day,
    Earlier,
    Hours,
    Limits,
    Matrix,
    Pin,
    Problem,
    Rest,
    Stop,
    Vehicle,
    Weights,
)
from mobile_service.planning.reading import (
    digest,
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_to_json,
)
from mobile_service.planning.running import Run, run

__all__ = [
    "BadProblem",
    "Change",
    "Checked",
    "Comparison",
    "Day",
    "Earlier",
    "Fault",
    "Figures",
    "Gap",
    "Hours",
    "Limits",
    "Matrix",
    "Missed",
    "Moved",
    "NotPlanned",
    "Pin",
    "Plan",
    "Problem",
    "Relaxation",
    "Rest",
    "Run",
    "Stop",
    "Tour",
    "Vehicle",
    "Visit",
    "Weights",
    "check",
    "compare",
    "digest",
    "examine",
    "lay",
    "plan_from_json",
    "plan_to_json",
    "problem_from_json",
    "problem_to_json",
    "run",
]
