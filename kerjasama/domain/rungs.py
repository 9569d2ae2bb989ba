"""Ladders of reminders. Pure: a due date, today, and days relative to it in; the rung that is reached out.

What is due is "the latest rung reached and not yet recorded": after missed nights one reminder goes out, not a heap,
and a second run finds its rung recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Ladder:
    """Rungs in days relative to a due date, rising: ``Ladder(-14, -3, 0, 3)`` begins two weeks before.

    Raises ValueError when the rungs do not rise.
    """

    rungs: tuple[int, ...]

    def __init__(self, *rungs: int) -> None:
        if not rungs or list(rungs) != sorted(set(rungs)):
            raise ValueError("A ladder needs rungs that rise.")
        object.__setattr__(self, "rungs", rungs)

    def reached(self, due_on: date, today: date) -> int | None:
        """The latest rung reached; None before the first."""
        passed = [rung for rung in self.rungs if due_on + timedelta(days=rung) <= today]
        return passed[-1] if passed else None

    def windows(self, today: date) -> Iterator[tuple[int, date]]:
        """Each rung with the last due date for which it is reached today, highest rung first.

        The first pair whose date is not before a due date names its rung: ``reached``, as a query can ask it.
        """
        for rung in reversed(self.rungs):
            yield rung, today - timedelta(days=rung)
