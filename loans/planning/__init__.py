"""Which copies go to which school: plain data in, a proposal out. It knows no rows."""

from loans.planning.problem import Candidate, Proposal, Shortfall, Wanted
from loans.planning.spread import propose

__all__ = ["Candidate", "Proposal", "Shortfall", "Wanted", "propose"]
