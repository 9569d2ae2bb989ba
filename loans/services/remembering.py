"""What periods promised before an adoption, kept for the minutes in which it can be taken back (L2)."""

import json
import zlib
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from kerjasama.domain import clock
from loans.choices import PlanStatus
from loans.models import PlannedBook, RotationPlan

WINDOW = timedelta(minutes=10)


def may_undo(plan: RotationPlan) -> bool:
    """Whether the time to take the adoption back has not passed; what else stands against it is said when it is tried."""
    return bool(
        plan.status == PlanStatus.ADOPTED and plan.adopted_at and clock.now() < plan.adopted_at + WINDOW
    )


def remembered(plan: RotationPlan) -> dict[str, Any]:
    """``periods`` that the plan changed, and the ``books`` they promised: period, title, copy, source, plan."""
    found: dict[str, Any] = json.loads(zlib.decompress(bytes(plan.before or b"")))
    return found


def snapshot(periods: Collection[UUID], earlier: RotationPlan | None = None) -> bytes:
    """What ``periods`` promise now; of those that ``earlier`` had changed within the window, what was there before it."""
    books = [
        [str(value) if value else None for value in row]
        for row in PlannedBook.objects.filter(period__in=periods, is_locked=False)
        .order_by("pk")
        .values_list("period_id", "title_id", "copy_id", "source_id", "plan_id")
    ]
    keys = {str(key) for key in periods}
    if earlier is not None and earlier.before is not None and may_undo(earlier):
        kept = remembered(earlier)
        known = set(kept["periods"])
        books = [*kept["books"], *(row for row in books if row[0] not in known)]
        keys |= known
    return zlib.compress(json.dumps({"periods": sorted(keys), "books": books}).encode(), 6)
