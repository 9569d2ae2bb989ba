"""What the planner refuses, as codes with numbers. The words are put on at the doors (``loans.services.planner_words``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a problem, and the facts that its sentence needs."""

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


class BadProblem(Exception):
    """The problem cannot be planned as it is given; every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = tuple(faults)


class NotPlanned(Exception):
    """The planner's process gave no plan, and nothing was changed.

    ``code``: ``cancelled``, ``time_limit``, ``memory`` or ``crashed``; ``detail`` is for the log.
    """

    def __init__(self, code: str, *, seconds: float = 0.0, detail: str = "") -> None:
        super().__init__(
            f"{code} after {seconds:.1f} s: {detail}" if detail else f"{code} after {seconds:.1f} s"
        )
        self.code = code
        self.seconds = seconds
        self.detail = detail
