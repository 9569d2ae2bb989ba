"""What the simple planner of one delivery is given, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Candidate:
    """A copy that rests on the shelf and may travel. ``rests_since`` None: it was never lent to a partner."""

    copy_id: UUID
    title_id: UUID
    barcode: str
    subject: str
    rests_since: date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """``quantity`` copies, none of a title in ``had``: those the partner holds, was promised, or has had before."""

    quantity: int
    had: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """``missing`` copies could not be found, because of ``reason`` (a code). Never silently less (L2)."""

    reason: str
    missing: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Chosen copies in the order of choice, and what falls short."""

    copy_ids: Sequence[UUID]
    shortfalls: Sequence[Shortfall]
