"""What happened on a trip is the sum of its entries, in whatever order they came (M5).

Nothing is added up on the way: trip, visits and counts are reckoned anew from all entries that count, so the same entries
give the same trip. Arrived is the earliest that was told, left the latest; a count is the sum of its steps; what was taken
back on the phone counts for nothing. Whatever was done at a stop says that the van was there, even where nobody pressed
“arrived”; and being there outweighs having left the stop out. A van that is back has left every stop at which it was. Where the desk has given a visit's time to another one since, what
was counted stands, and the telling is listed for a person (``time_taken``).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from libraries.models import User
from mobile_service.choices import EntryKind, EntryOutcome, TripStatus, VisitorKind, VisitStatus
from mobile_service.lifecycle import CREW, TRIP, VISIT
from mobile_service.models import Entry, Tally, Trip, Visit
from mobile_service.services.locking import hold_constraints
from mobile_service.services.odometer import BACKWARDS, list_backwards, readings_of, was_read
from mobile_service.services.reading_entries import AT_A_STOP
from mobile_service.services.stepping import take_step
from mobile_service.services.time_taken import TIME_TAKEN, list_taken

THERE = AT_A_STOP - {EntryKind.SKIP}
# From where to where, by which steps of the life.
VISIT_WAYS: dict[tuple[str, str], tuple[str, ...]] = {
    (VisitStatus.PLANNED, VisitStatus.ARRIVED): ("arrive",),
    (VisitStatus.PLANNED, VisitStatus.DONE): ("arrive", "leave"),
    (VisitStatus.PLANNED, VisitStatus.MISSED): ("skip",),
    (VisitStatus.ARRIVED, VisitStatus.DONE): ("leave",),
    (VisitStatus.ARRIVED, VisitStatus.PLANNED): ("unarrive",),
    (VisitStatus.ARRIVED, VisitStatus.MISSED): ("unarrive", "skip"),
    (VisitStatus.DONE, VisitStatus.ARRIVED): ("unleave",),
    (VisitStatus.DONE, VisitStatus.PLANNED): ("unleave", "unarrive"),
    (VisitStatus.DONE, VisitStatus.MISSED): ("unleave", "unarrive", "skip"),
    (VisitStatus.MISSED, VisitStatus.ARRIVED): ("arrive_late",),
    (VisitStatus.MISSED, VisitStatus.DONE): ("arrive_late", "leave"),
    (VisitStatus.MISSED, VisitStatus.PLANNED): ("unskip",),
}

# Whoever subscribed to the calendar is told of these: a phone believes a change only when its number has grown.
TOLD_IN_CALENDARS = frozenset({"skip", "unskip", "arrive_late"})

# The verbs of both lives, as a crew leads them.
STEPS: dict[str, Callable[..., None]] = {
    "arrive": lambda row, **how: take_step(VISIT, "arrive", row, roles=CREW, **how),
    "leave": lambda row, **how: take_step(VISIT, "leave", row, roles=CREW, **how),
    "skip": lambda row, **how: take_step(VISIT, "skip", row, roles=CREW, **how),
    "arrive_late": lambda row, **how: take_step(VISIT, "arrive_late", row, roles=CREW, **how),
    "unarrive": lambda row, **how: take_step(VISIT, "unarrive", row, roles=CREW, **how),
    "unleave": lambda row, **how: take_step(VISIT, "unleave", row, roles=CREW, **how),
    "unskip": lambda row, **how: take_step(VISIT, "unskip", row, roles=CREW, **how),
    "start": lambda row, **how: take_step(TRIP, "start", row, roles=CREW, **how),
    "finish": lambda row, **how: take_step(TRIP, "finish", row, roles=CREW, **how),
    "unstart": lambda row, **how: take_step(TRIP, "unstart", row, roles=CREW, **how),
    "unfinish": lambda row, **how: take_step(TRIP, "unfinish", row, roles=CREW, **how),
}
TRIP_WAYS: dict[tuple[str, str], tuple[str, ...]] = {
    (TripStatus.PLANNED, TripStatus.UNDER_WAY): ("start",),
    (TripStatus.PLANNED, TripStatus.DONE): ("start", "finish"),
    (TripStatus.UNDER_WAY, TripStatus.DONE): ("finish",),
    (TripStatus.UNDER_WAY, TripStatus.PLANNED): ("unstart",),
    (TripStatus.DONE, TripStatus.UNDER_WAY): ("unfinish",),
    (TripStatus.DONE, TripStatus.PLANNED): ("unfinish", "unstart"),
}


@dataclass(slots=True)
class Told:
    """What the entries of one visit add up to."""

    there: list[datetime] = field(default_factory=list)
    arrived: list[datetime] = field(default_factory=list)
    left: list[datetime] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    taken_back: bool = False
    # The van is back at the depot.
    is_back: bool = False
    visitors: Counter[str] = field(default_factory=Counter)
    lent: int = 0
    returned: int = 0
    # Who told last: the timeline names somebody.
    actor: User | None = None

    @property
    def status(self) -> str | None:
        """Where it leads; None: nothing that was told says so."""
        if self.left:
            return VisitStatus.DONE
        if self.there:
            return VisitStatus.DONE if self.is_back else VisitStatus.ARRIVED
        if self.skipped:
            return VisitStatus.MISSED
        return VisitStatus.PLANNED if self.taken_back else None

    @property
    def arrived_at(self) -> datetime | None:
        return min(self.arrived or self.there, default=None)

    @property
    def left_at(self) -> datetime | None:
        """When it was last heard of at the stop, where nobody said that it left. A clock that was set back in between does not
        let the van leave before it came."""
        came = self.arrived_at
        if self.is_back and not self.left:
            return max(self.there, default=None)
        return max([*self.left, came]) if self.left and came is not None else None

    @property
    def counted(self) -> dict[str, int]:
        """By kind, in the order of the vocabulary; a step back too many is no debt."""
        return {kind: self.visitors[kind] for kind in VisitorKind.values if self.visitors[kind] > 0}


def reckon_trip(trip: Trip, visits: Iterable[Visit] | None = None) -> None:
    """Let the locked ``trip`` and its visits be what their entries say. The number of statements grows with the stops at
    which something changed, not with the entries."""
    rows: list[Any] = list(
        Entry.objects.filter(trip=trip)
        .filter(
            Q(outcome__in=[EntryOutcome.APPLIED, EntryOutcome.UNDONE]) | Q(code__in=[BACKWARDS, TIME_TAKEN])
        )
        .order_by("at", "counter", "client_id")
        .values_list(
            "kind", "outcome", "at", "data", "visit_id", "code", "actor_id", "pk", "client_id", named=True
        )
    )
    told: dict[UUID, Told] = defaultdict(Told)
    actors = User.objects.in_bulk({row.actor_id for row in rows if row.actor_id})
    for row in rows:
        if row.visit_id is not None:
            _add(told[row.visit_id], row)
            if row.kind in AT_A_STOP:
                told[row.visit_id].actor = actors.get(row.actor_id)
    is_back = any(row.kind == EntryKind.FINISH and row.outcome != EntryOutcome.UNDONE for row in rows)
    for each in told.values():
        each.is_back = is_back
    if visits is None:
        visits = (
            Visit.objects.filter(pk__in=told).select_related("stop__office", "stop__partner").order_by("pk")
        )
    known = [visit for visit in visits if visit.pk in told]
    taken = {visit.pk for visit in known if not _lead_visit(visit, told[visit.pk])}
    list_taken(known, taken, rows)
    _count(known, told)
    if trip.status != TripStatus.CANCELLED:
        _lead_trip(trip, rows, actors.get(rows[-1].actor_id) if rows else None)


def _add(told: Told, row: Any) -> None:
    if row.outcome == EntryOutcome.UNDONE:
        told.taken_back = told.taken_back or row.kind in AT_A_STOP
        return
    if row.kind in THERE:
        told.there.append(row.at)
    if row.kind == EntryKind.ARRIVE:
        told.arrived.append(row.at)
    elif row.kind == EntryKind.LEAVE:
        told.left.append(row.at)
    elif row.kind == EntryKind.SKIP:
        told.skipped.append(row.data["reason"])
    elif row.kind == EntryKind.COUNT:
        told.visitors[row.data["kind"]] += row.data["delta"]
    elif row.kind == EntryKind.STOCK_LEND:
        told.lent += row.data["delta"]
    elif row.kind == EntryKind.STOCK_RETURN:
        told.returned += row.data["delta"]


def _lead_visit(visit: Visit, told: Told) -> bool:
    """Whether it could be led there: False where the desk has given its time to another visit since."""
    wanted, free = told.status, True
    if wanted is None or visit.status == VisitStatus.CANCELLED:
        return True
    if wanted == VisitStatus.PLANNED and visit.status == VisitStatus.MISSED and not visit.reason:
        return True  # Missed by the clock, not left out by the crew.
    try:
        with transaction.atomic():
            _walk(visit, wanted, told)
    except IntegrityError:
        visit.refresh_from_db(fields=["status", "reason", "sequence"])
        free = False
    times = {"arrived_at": told.arrived_at, "left_at": told.left_at}
    changed = [name for name, value in times.items() if getattr(visit, name) != value]
    if changed:
        for name in changed:
            setattr(visit, name, times[name])
        visit.save(update_fields=[*changed, "updated_at"])
    return free


def _walk(visit: Visit, wanted: str, told: Told) -> None:
    """By the steps of the life. One that is over holds no time any more: on its way there it may stand in another's."""
    reason = told.skipped[-1] if told.skipped else ""
    passing = (visit.status, wanted) == (VisitStatus.MISSED, VisitStatus.DONE)
    if passing:
        hold_constraints("DEFERRED")
    for action in VISIT_WAYS.get((visit.status, wanted), ()):
        note = reason if action == "skip" else ""
        more: dict[str, Any] = {}
        if action in ("skip", "unskip"):
            more["reason"] = reason
        if action in TOLD_IN_CALENDARS:
            more["sequence"] = visit.sequence + 1
        STEPS[action](visit, actor=told.actor, note=note, **more)
    if passing:
        hold_constraints("IMMEDIATE")


def _count(visits: Sequence[Visit], told: dict[UUID, Told]) -> None:
    """One statement for all stops."""
    Tally.objects.bulk_create(
        [
            Tally(
                visit=visit,
                visitors=told[visit.pk].counted,
                visitor_count=sum(told[visit.pk].counted.values()),
                lent=max(0, told[visit.pk].lent),
                returned=max(0, told[visit.pk].returned),
            )
            for visit in visits
        ],
        update_conflicts=True,
        unique_fields=["visit"],
        update_fields=["visitors", "visitor_count", "lent", "returned"],
    )


def _lead_trip(trip: Trip, rows: Sequence[Any], actor: User | None) -> None:
    counting = [row for row in rows if row.outcome != EntryOutcome.UNDONE]
    starts = [row for row in counting if row.kind == EntryKind.START]
    ends = [row for row in counting if row.kind == EntryKind.FINISH]
    under_way = [row for row in counting if row.kind in THERE or row.kind == EntryKind.START]
    wanted: str = trip.status
    if ends:
        wanted = TripStatus.DONE
    elif under_way:
        wanted = TripStatus.UNDER_WAY
    elif any(row.kind in (*THERE, EntryKind.START, EntryKind.FINISH) for row in rows):
        wanted = TripStatus.PLANNED
    for action in TRIP_WAYS.get((trip.status, wanted), ()):
        STEPS[action](trip, actor=actor)
    values: dict[str, Any] = {
        "started_at": min((row.at for row in starts or under_way), default=None),
        "finished_at": max((row.at for row in ends), default=None),
    }
    # What was taken back, or is not told any more, leaves no figure behind. A trip of which nobody ever told a figure keeps
    # what it was made with: days of the demo have no entries.
    if was_read(rows):
        found = readings_of(counting)
        values |= {"odometer_start": found.start, "odometer_end": found.end}
        list_backwards(counting, found)
    changed = [name for name, value in values.items() if getattr(trip, name) != value]
    if changed:
        for name in changed:
            setattr(trip, name, values[name])
        trip.save(update_fields=[*changed, "updated_at"])
