"""What the planner refuses, as codes with facts, in the rotation planner's shapes. The words are in ``services/planner_words.py``."""

from loans.planning.faults import BadProblem, Fault, NotPlanned

__all__ = ["BadProblem", "Fault", "NotPlanned"]
