"""Which copies go to which school: plain data in, a plan out. It knows no rows.

``propose`` fills one delivery from the shelf. ``run`` plans a year of all schools at once, in a process of its own that can be
stopped; what it is given is a ``Problem``, what it answers a ``Plan``. Importing this package loads no solver.
"""

from loans.planning.faults import BadProblem, Fault, NotPlanned
from loans.planning.plan import Delivery, Item, Plan
from loans.planning.problem import Problem
from loans.planning.proposal import Candidate, Proposal, Shortfall, Wanted
from loans.planning.running import Run, run
from loans.planning.spread import propose

__all__ = [
    "BadProblem",
    "Candidate",
    "Delivery",
    "Fault",
    "Item",
    "NotPlanned",
    "Plan",
    "Problem",
    "Proposal",
    "Run",
    "Shortfall",
    "Wanted",
    "propose",
    "run",
]
