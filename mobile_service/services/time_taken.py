"""The desk gave the time of a visit away that was left out or not made, and now a phone tells that the van was there after all (M5).

Two visits cannot hold one time. What was counted stands; the telling is listed, and a person moves the other visit and tries
again. Where the crew has left already, nothing is in the way: a visit that is over holds no time.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from mobile_service.choices import EntryKind, EntryOutcome, VisitStatus
from mobile_service.models import Entry, Visit
from mobile_service.services.reading_entries import AT_A_STOP

TIME_TAKEN = "time_taken"


def list_taken(visits: Iterable[Visit], taken: AbstractSet[UUID], rows: Sequence[Any]) -> None:
    """List one telling of each visit of ``taken``; those of the others are listed no longer. ``rows``: what was told."""
    listed = {row.visit_id for row in rows if row.code == TIME_TAKEN}
    for visit in visits:
        if visit.pk in taken and visit.pk not in listed:
            telling = _telling(visit, rows)
            if telling is not None:
                Entry.objects.filter(pk=telling.pk).update(
                    outcome=EntryOutcome.REVIEW, code=TIME_TAKEN, facts=_facts(visit)
                )
    if freed := listed - taken:
        Entry.objects.filter(visit__in=freed, outcome=EntryOutcome.REVIEW, code=TIME_TAKEN).update(
            outcome=EntryOutcome.APPLIED, code="", facts={}
        )


def _telling(visit: Visit, rows: Sequence[Any]) -> Any:
    """What says that the van was there, “arrived” before others; else what took back that it was left out."""
    here = [row for row in rows if row.visit_id == visit.pk and row.kind in AT_A_STOP]
    counting = [row for row in here if row.outcome == EntryOutcome.APPLIED and row.kind != EntryKind.SKIP]
    counting.sort(key=lambda row: row.kind != EntryKind.ARRIVE)
    gone = {str(row.client_id) for row in here if row.outcome == EntryOutcome.UNDONE}
    undoing = [row for row in rows if row.kind == EntryKind.UNDO and row.data.get("of") in gone]
    return next(iter([*counting, *reversed(undoing)]), None)


def _facts(visit: Visit) -> dict[str, str]:
    """Which visit has the time now."""
    other = (
        Visit.objects.filter(
            Q(vehicle=visit.vehicle_id) | Q(stop=visit.stop_id),
            status__in=[VisitStatus.PLANNED, VisitStatus.ARRIVED],
            begins_at__lt=visit.ends_at,
            ends_at__gt=visit.begins_at,
        )
        .exclude(pk=visit.pk)
        .select_related("stop__office")
        .first()
    )
    if other is None:
        return {}
    at = other.begins_at.astimezone(ZoneInfo(other.stop.office.zone))
    return {"other": str(other.pk), "stop": other.stop.name, "time": f"{at:%H.%M}"}
