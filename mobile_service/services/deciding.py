"""What phones told and the present contradicts: a person decides, with one press where the house knows the way (U21).

What a phone told has happened, so it is never thrown away. It is done after all, belongs to another visit, or is noted with a
remark; the row keeps who decided, when and how.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted, Sentence
from libraries.access import roles_toward
from libraries.models import User
from loans.choices import ScanDesk, ScanOutcome
from loans.services.adding import lend_besides
from loans.services.conditions import record_condition
from loans.services.returning import open_return_visit
from loans.services.scanning import scan
from mobile_service.choices import EntryKind, EntryOutcome, TripStatus
from mobile_service.lifecycle import DESK
from mobile_service.models import Entry, Trip, Visit
from mobile_service.services.entry_words import sentence_for
from mobile_service.services.reading_entries import AT_A_STOP
from mobile_service.services.retrying import IN_VAIN
from mobile_service.services.stop_lending import (
    BOOKS,
    CAME_BACK,
    NO_DELIVERY,
    TO_ANOTHER,
    day_of,
    settle_stop,
)
from mobile_service.services.stop_swapping import delivery_at_school
from mobile_service.services.syncing import EARLIER_MISSING, settle_trips
from mobile_service.services.taking_place import put_visits_back, trip_that_took_place
from mobile_service.services.tellers import on_trip
from mobile_service.services.time_taken import TIME_TAKEN
from mobile_service.services.travelling import THERE, reckon_trip

TOOK_PLACE, FOR_THEM, AGAIN, AS_MOVED = "took_place", "take_back_for_them", "again", "as_moved"
TRIP_TOOK_PLACE, ATTACH, NOTED = "trip_took_place", "attach", "note"
LEND_AFTER, RECORD, KEEP = "lend_after", "record_condition", "keep_as_note"
# The desk called it off: one answer for all that was told of it.
CALLED_OFF = ("trip_cancelled", "visit_cancelled")
# What one press does, by why it waits. What stands nowhere here can be noted, or belongs elsewhere.
FIXES: Mapping[str, str] = {
    **dict.fromkeys(CALLED_OFF, TOOK_PLACE),
    "with_other_partner": FOR_THEM,
    "visit_moved": AS_MOVED,
    TIME_TAKEN: AGAIN,
    **dict.fromkeys(CAME_BACK.values(), RECORD),
    TO_ANOTHER: KEEP,
    **dict.fromkeys(IN_VAIN, AGAIN),
    **dict.fromkeys(
        (
            "list_full", "copy_not_free", "on_other_list", "not_on_its_shelf", "nothing_to_swap", "not_in_force",
            "programme_not_running", "role_missing", "more_than_agreed", NO_DELIVERY, "with_partner", "taken_meanwhile",
            "nothing_scanned", "event_id_used", "no_number_pattern",
        ),
        AGAIN,
    ),
}  # fmt: skip
ELSEWHERE = frozenset({"trip_unknown", "visit_unknown", "visit_moved", "trip_cancelled", "visit_cancelled"})
FIX_WORDS: Mapping[str, Sentence] = {
    TOOK_PLACE: gettext_lazy("It took place: put the visit back"),
    TRIP_TOOK_PLACE: gettext_lazy("It took place: put the trip back"),
    FOR_THEM: gettext_lazy("Take it back for that school"),
    AGAIN: gettext_lazy("Try again now"),
    AS_MOVED: gettext_lazy("Count it for the visit as it stands now"),
    LEND_AFTER: gettext_lazy("Lend it with the delivery that was handed over"),
    RECORD: gettext_lazy("Record this condition"),
    KEEP: gettext_lazy("Keep it as a note of the visit"),
}


def fix_of(entry: Entry) -> str:
    """What one press would do; "" where nothing is known."""
    fix = FIXES.get(entry.code, "") if entry.outcome == EntryOutcome.REVIEW else ""
    if fix == TOOK_PLACE:
        off = entry.trip is not None and entry.trip.status == TripStatus.CANCELLED
        return TRIP_TOOK_PLACE if off or entry.visit_id is None else TOOK_PLACE
    if entry.code == NO_DELIVERY and fix and entry.visit is not None and delivery_at_school(entry.visit):
        # No box at home will ever have it in it: the book is at the school, as its delivery is.
        return LEND_AFTER
    return "" if fix == AS_MOVED and not _same_day(entry) else fix


def _same_day(entry: Entry) -> bool:
    """Whether the visit went to another van on its own day: then it is plain which visit was meant."""
    if entry.visit is None:
        return False
    zone = ZoneInfo(entry.office.zone)
    on = entry.trip.on if entry.trip is not None else entry.at.astimezone(zone).date()
    return entry.visit.trip.on == on


def may_attach(entry: Entry) -> bool:
    """Whether it can belong to another visit."""
    return entry.outcome == EntryOutcome.REVIEW and entry.code in ELSEWHERE


@transaction.atomic
def apply_entry(*, entry: Entry, actor: User) -> Entry:
    """Do after all what the phone told. Raises NotPermitted, Conflict (``decided``, ``cannot_be_applied``, or why it is
    still refused)."""
    row = _undecided(entry, actor)
    fix = fix_of(row)
    if fix in (TOOK_PLACE, TRIP_TOOK_PLACE):
        _took_place(row, actor, fix)
    elif fix == AS_MOVED:
        assert row.visit is not None
        _move_together(row, row.visit, actor, fix)
    elif fix == FOR_THEM:
        _take_back_for_them(row, actor)
        _done(row, actor, fix)
    elif fix in (LEND_AFTER, RECORD):
        _do_with_books(row, actor, fix)
    elif fix == KEEP:
        _keep_as_note(row, sentence_for(row))
        _done(row, actor, fix, EntryOutcome.SETTLED)
    elif fix == AGAIN:
        assert row.trip_id is not None
        rows = [row]
        if row.code == EARLIER_MISSING:
            rows = _wait_together(row, actor, fix)
        else:
            _wait(row, actor, fix)
        # Counted things, and what takes something back; then books, whatever is missing before them.
        settle_trips([row.trip_id])
        if row.visit is not None and row.kind in (*BOOKS, EntryKind.UNDO):
            phones = {each.device_id for each in rows if each.device_id is not None}
            settle_stop(visit=row.visit, ready=dict.fromkeys(phones, 2**31))
    else:
        raise Conflict(
            "cannot_be_applied",
            _(
                "The house does not know how to do this after all. Note it with a remark, or do it at the desk."
            ),
        )
    return _must_be_done(row)


@transaction.atomic
def attach_entry(*, entry: Entry, visit: Visit, actor: User) -> Entry:
    """It belongs to another visit, and counts there; of a visit that was moved, with whatever else was told of it.

    Raises NotPermitted, Conflict, InvalidInput (``visit``).
    """
    row = _undecided(entry, actor, visit)
    if visit.stop.office_id != row.office_id:
        raise InvalidInput("visit", _("Choose a visit of this library."), field="visit")
    if not may_attach(row):
        raise Conflict("cannot_be_attached", _("This entry stands where it belongs."))
    if row.code == "visit_moved" and row.visit_id is not None:
        _move_together(row, visit, actor, ATTACH)
        return _must_be_done(row)
    if (
        row.kind in AT_A_STOP
        or row.visit_id is not None
        or row.kind in (EntryKind.NOTE, EntryKind.PHOTOGRAPH)
    ):
        row.visit = visit
    row.trip = visit.trip
    row.save(update_fields=["visit", "trip"])
    _wait(row, actor, ATTACH)
    settle_trips([visit.trip_id])
    if row.kind in BOOKS:
        settle_stop(visit=visit, ready={row.device_id: 2**31} if row.device_id else {})
    return _must_be_done(row)


@transaction.atomic
def note_entry(*, entry: Entry, actor: User, note: str) -> Entry:
    """Nothing is done, and why. Raises NotPermitted, InvalidInput (``note``), Conflict (``decided``)."""
    if not note.strip():
        raise InvalidInput("note", _("Say in a few words why nothing needs to be done."), field="note")
    row = _undecided(entry, actor)
    if row.code == TO_ANOTHER:
        _keep_as_note(row, f"{sentence_for(row)} {note.strip()[:300]}")
    row.facts = {**row.facts, "note": note.strip()[:300]}
    return _done(row, actor, NOTED, EntryOutcome.SETTLED)


def _undecided(entry: Entry, actor: User, *others: Visit) -> Entry:
    """The fresh row under lock: of two who decide at once, the second is told.

    Trips and visits come first, as for phones that tell more of them at this moment; ``others`` will be touched as well.
    """
    row = _locked(entry, others)
    if not roles_toward(actor, office=row.office_id) & DESK:
        raise NotPermitted(
            "role_missing", _("Only the circulation desk or an officer decides about what phones told.")
        )
    if row.outcome != EntryOutcome.REVIEW:
        raise Conflict("decided", _("A colleague has decided about this already. Reload the list."))
    return row


def _locked(entry: Entry, others: Sequence[Visit]) -> Entry:
    whole = Entry.objects.select_related(
        "trip", "visit__trip", "visit__stop__office", "visit__stop__partner", "office"
    )
    seen: Entry = whole.get(pk=entry.pk)
    while True:
        visits = {row.pk: row.trip_id for row in (seen.visit, *others) if row is not None}
        trips = Q(pk__in=[*visits.values(), seen.trip_id])
        if seen.trip is not None:
            # One that was called off may give way to another trip of that day.
            trips |= Q(vehicle=seen.trip.vehicle_id, on=seen.trip.on)
        for rows in (Trip.objects.filter(trips), Visit.objects.filter(pk__in=visits)):
            list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
        row: Entry = whole.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
        if _where(row) == _where(seen):
            return row
        seen = row


def _where(row: Entry) -> tuple[UUID | None, ...]:
    return row.trip_id, row.visit_id, row.visit.trip_id if row.visit is not None else None


def _wait(row: Entry, actor: User, decision: str) -> None:
    row.code = ""
    _done(row, actor, decision, EntryOutcome.WAITING)


def _took_place(row: Entry, actor: User, fix: str) -> None:
    """The visit, or the trip with all stops at which the crew says it was."""
    assert row.trip is not None
    trip = trip_that_took_place(row.trip, actor=actor)
    told = Entry.objects.filter(trip=row.trip, outcome=EntryOutcome.REVIEW, code__in=CALLED_OFF)
    rows = list(told if fix == TRIP_TOOK_PLACE else told.filter(visit=row.visit_id))
    stops = {each.visit_id for each in rows if each.visit_id is not None and each.kind in THERE}
    put_visits_back(stops, of={row.trip.pk, trip.pk}, trip=trip, actor=actor)
    _wait_all(rows, actor, fix, trip=trip)
    settle_trips([trip.pk])


def _wait_together(row: Entry, actor: User, decision: str, **changes: Any) -> list[Entry]:
    """Whatever else was told of this visit, and waits for the same answer, gets it."""
    same = Entry.objects.filter(
        visit=row.visit_id, trip=row.trip_id, outcome=EntryOutcome.REVIEW, code=row.code
    )
    rows = list(same)
    _wait_all(rows, actor, decision, **changes)
    return rows


def _wait_all(rows: Sequence[Entry], actor: User, decision: str, **changes: Any) -> None:
    Entry.objects.filter(pk__in=[each.pk for each in rows]).update(
        outcome=EntryOutcome.WAITING,
        code="",
        decided_by=actor,
        decided_at=clock.now(),
        decision=decision,
        **changes,
    )


def _move_together(row: Entry, visit: Visit, actor: User, decision: str) -> None:
    moved = _wait_together(row, actor, decision, visit=visit, trip=visit.trip_id)
    settle_trips([visit.trip_id])
    phones = {each.device_id: 2**31 for each in moved if each.kind in BOOKS and each.device_id}
    if phones:
        settle_stop(visit=visit, ready=phones)


def _done(row: Entry, actor: User, decision: str, outcome: str = EntryOutcome.APPLIED) -> Entry:
    row.outcome, row.decided_by, row.decided_at, row.decision = outcome, actor, clock.now(), decision
    row.save(update_fields=["outcome", "code", "facts", "decided_by", "decided_at", "decision"])
    return row


def _must_be_done(row: Entry) -> Entry:
    """What is refused once more is rolled back, and says why."""
    fresh: Entry = Entry.objects.for_list().get(pk=row.pk)
    if fresh.outcome in (EntryOutcome.REVIEW, EntryOutcome.WAITING):
        raise Conflict(fresh.code or "still_waits", sentence_for(fresh))
    return fresh


def _do_with_books(row: Entry, actor: User, fix: str) -> None:
    """Lend it with the delivery that has gone, or record how it came back; then the van was there as well."""
    assert row.visit is not None and row.trip is not None
    if fix == LEND_AFTER:
        barcode = row.data["barcode"]
        found = delivery_at_school(row.visit)
        if found is None:
            raise Conflict(
                "no_delivery_at_school",
                _("This school has no delivery with which the book could be lent. Propose its next one."),
            )
        facts = lend_besides(consignment=found, barcode=barcode, actor=actor, on=day_of(row, row.office))
        row.code, row.facts = "lent_after", {**facts, "barcode": barcode}
    else:
        record_condition(
            lender=row.office_id,
            partner=row.visit.stop.partner_id,
            barcode=row.data["barcode"],
            condition=row.data["condition"],
            # Whoever decides was asked for the rights of the desk; the catalogue asks for those of one role of it.
            actor=on_trip(actor, row.office_id),
        )
    _done(row, actor, fix)
    reckon_trip(row.trip)


def _keep_as_note(row: Entry, text: str) -> None:
    """What was told stands among what the crew noted at that stop, on the pages of trip and visit."""
    Entry.objects.create(
        client_id=uuid5(row.client_id, KEEP),
        office_id=row.office_id,
        trip_id=row.visit.trip_id if row.visit is not None else row.trip_id,
        visit_id=row.visit_id,
        device_id=row.device_id,
        actor_id=row.actor_id,
        counter=row.counter,
        kind=EntryKind.NOTE,
        data={"text": text},
        told_at=row.told_at,
        at=row.at,
        outcome=EntryOutcome.APPLIED,
    )


def _take_back_for_them(row: Entry, actor: User) -> None:
    assert row.visit is not None and row.visit.stop.partner is not None
    place = open_return_visit(lender=row.visit.stop.office, partner=row.visit.stop.partner, actor=actor)
    answer = scan(
        desk=ScanDesk.RETURN,
        return_visit=place,
        barcode=row.data["barcode"],
        actor=actor,
        condition=row.data["condition"],
        for_others=True,
    )
    if answer.outcome == ScanOutcome.ERROR:
        raise Conflict(answer.reason, answer.sentence)
    row.code, row.facts = (
        answer.reason,
        {**answer.facts, "barcode": row.data["barcode"], "scan": str(answer.scan_id)},
    )


def visits_near(entry: Entry) -> "list[UUID]":
    """Visits to which it may belong: those of three days around it."""
    around = (entry.at - timedelta(days=3), entry.at + timedelta(days=3))
    rows = Visit.objects.filter(stop__office=entry.office_id, begins_at__range=around)
    return list(rows.order_by("begins_at").values_list("pk", flat=True))
