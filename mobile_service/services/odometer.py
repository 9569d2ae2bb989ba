"""What was read of an odometer, and whether it can be: in itself, and against what the vehicle's last trip ended with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from kerjasama.pages.templatetags.house import count
from mobile_service.choices import EntryKind, EntryOutcome
from mobile_service.models import Entry, Trip

# The van is back, but its odometer shows less than in the morning: that a person looks at.
BACKWARDS = "odometer_backwards"
# No van of a library drives farther in a day; the page of the phone asks with the same figure.
FAR_FOR_A_DAY = 1_000


@dataclass(frozen=True, slots=True)
class Readings:
    """``backwards``: by the row that tells that the van is back, a figure that is less than in the morning."""

    start: int | None
    end: int | None
    backwards: Mapping[UUID, int]


def readings_of(rows: Iterable[Any]) -> Readings:
    """What it showed at the start and at the end, by the entries that count: the first and the last that was told for each, else
    the least and the most that was read on the way. While somebody is to decide about the evening's figure there is none."""
    started: list[int] = []
    seen: list[int] = []
    back: list[Any] = []
    for row in rows:
        if row.kind == EntryKind.START and "odometer" in row.data:
            started.append(row.data["odometer"])
        elif row.kind == EntryKind.FINISH and row.outcome != EntryOutcome.SETTLED:
            back.append(row)
        elif row.kind == EntryKind.ODOMETER and "kilometres" in row.data:
            seen.append(row.data["kilometres"])
    start = started[0] if started else min(seen, default=None)
    most = max(seen, default=None) if len(seen) > 1 or started else None
    ended = {row.pk: row.data["odometer"] for row in back if "odometer" in row.data}
    if not ended and most is not None:
        ended = {row.pk: most for row in back}
    backwards = {key: figure for key, figure in ended.items() if start is not None and figure < start}
    forward = [figure for key, figure in ended.items() if key not in backwards]
    if not ended and most is not None and (start is None or most >= start):
        forward = [most]
    return Readings(start, forward[-1] if forward else None, backwards)


def was_read(rows: Iterable[Any]) -> bool:
    """Whether any entry tells a figure, be it one that was taken back."""
    return any("odometer" in row.data or "kilometres" in row.data for row in rows)


def list_backwards(rows: Sequence[Any], found: Readings) -> None:
    """List what shows less than in the morning for a person; what does so no longer, since a figure was corrected, is done.

    ``rows``: the entries that count.
    """
    for key, figure in found.backwards.items():
        Entry.objects.filter(pk=key).update(
            outcome=EntryOutcome.REVIEW, code=BACKWARDS, facts={"start": found.start, "end": figure}
        )
    freed = [
        row.pk
        for row in rows
        if row.code == BACKWARDS and row.outcome == EntryOutcome.REVIEW and row.pk not in found.backwards
    ]
    if freed:
        Entry.objects.filter(pk__in=freed).update(outcome=EntryOutcome.APPLIED, code="", facts={})


def with_last_reading(trips: "QuerySet[Trip]") -> "QuerySet[Trip]":
    """Adds ``odometer_last``: what the vehicle's odometer showed at the end of the last trip before, None when nobody read it."""
    earlier = Trip.objects.filter(
        vehicle=OuterRef("vehicle"), on__lt=OuterRef("on"), odometer_end__isnull=False
    )
    return trips.annotate(odometer_last=Subquery(earlier.order_by("-on").values("odometer_end")[:1]))


def doubt_about_odometer(trip: Trip) -> str:
    """A sentence where a figure of ``trip`` is not likely; empty when all is well. One query at most."""
    start, end = trip.odometer_start, trip.odometer_end
    if start is not None and end is not None and end - start > FAR_FOR_A_DAY:
        return _(
            "By the odometer the van drove %(km)s km on this day. Ask the crew what it showed: the kilometres of the month are "
            "reckoned from it."
        ) % {"km": count(end - start)}
    if start is None:
        return ""
    row: Any = with_last_reading(Trip.objects.filter(pk=trip.pk)).get()
    last = row.odometer_last
    if last is None or last <= start <= last + FAR_FOR_A_DAY:
        return ""
    return _(
        "The odometer showed %(start)s when the van set off, and %(last)s at the end of its trip before. Ask the crew what it "
        "showed: the kilometres of the month are reckoned from it."
    ) % {"start": count(start), "last": count(last)}
