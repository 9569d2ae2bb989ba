"""Entries arrive from phones: in any order, twice, from two phones, with a wrong clock – and lead to one truth (M5).

Each is kept once, by the id that the phone gave it. What is only counted or noted counts at once, in whatever order
(``travelling``). What moves books is done in the order in which its phone wrote it (``stop_lending``): until the numbers
before it are here it waits, and is tried again whenever more comes (``retrying``). What contradicts what has happened since is listed for
a person (``deciding``). A crash between the steps loses nothing: what is kept and not done yet is waiting.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput
from mobile_service.choices import EntryKind, EntryOutcome, TripStatus, VisitStatus
from mobile_service.models import Device, Entry, Trip, Visit
from mobile_service.services.arrivals import weigh_arrivals
from mobile_service.services.clocking import our_time, within_day
from mobile_service.services.entry_words import WORDS, sentence_for
from mobile_service.services.reading_entries import AT_A_STOP, MOST_AT_ONCE, Told, read_entry
from mobile_service.services.stepping import write_event
from mobile_service.services.stop_lending import BOOKS, settle_stop
from mobile_service.services.tellers import Teller
from mobile_service.services.travelling import reckon_trip

# What is kept whether or not the visit took place.
HARMLESS = frozenset({EntryKind.NOTE, EntryKind.PHOTOGRAPH})
# Listed for a person because what it needs had not come for a week (``retrying``).
EARLIER_MISSING, NOTHING_TO_UNDO = "earlier_missing", "nothing_to_undo"
# To a phone, what a person has decided is done; it need not keep it.
TOLD_AS = {EntryOutcome.SETTLED: EntryOutcome.APPLIED, EntryOutcome.UNDONE: EntryOutcome.APPLIED}


@dataclass(frozen=True, slots=True)
class Answer:
    """``id`` as it was sent. ``outcome``: applied, waiting, review or refused."""

    id: str
    outcome: str
    code: str = ""
    sentence: str = ""


def take_entries(
    *, teller: Teller, entries: Sequence[Any], sent_at: datetime | None = None, first: int | None = None
) -> list[Answer]:
    """Keep every entry, do what can be done, and answer each; the same entries again are answered again, not done again.

    ``sent_at``: by the phone's clock. ``first``: the lowest number that the phone still holds; all below were told before.
    Raises InvalidInput (``too_many``).
    """
    if len(entries) > MOST_AT_ONCE:
        raise InvalidInput(
            "too_many",
            _("Send at most %(most)s entries at once, the rest afterwards.") % {"most": MOST_AT_ONCE},
        )
    told = [read_entry(sent) for sent in entries]
    known = [each for each in told if each is not None]
    trips = _keep(teller, known, sent_at)
    if teller.device is not None and first:
        _is_complete(teller.device.pk, first - 1)
    settle_trips(trips)
    # Of this library alone: an id that another one has used is told nothing about it.
    own = Entry.objects.filter(office=teller.office)
    rows = own.in_bulk([each.client_id for each in known], field_name="client_id")
    return [
        _answer(
            str(sent.get("id", "")) if isinstance(sent, dict) else "",
            rows.get(each.client_id) if each else None,
        )
        for sent, each in zip(entries, told, strict=True)
    ]


def _answer(sent_id: str, row: Entry | None) -> Answer:
    if row is None:
        return Answer(sent_id[:80], "refused", "unreadable", str(WORDS["unreadable"]))
    return Answer(
        sent_id, str(TOLD_AS.get(EntryOutcome(row.outcome), row.outcome)), row.code, sentence_for(row)
    )


@transaction.atomic
def _keep(teller: Teller, told: Sequence[Told], sent_at: datetime | None) -> list[UUID]:
    """New entries become rows that wait; the ids of all trips that were named."""
    now, office = clock.now(), teller.office
    trips = Trip.objects.filter(office=office).in_bulk({each.trip for each in told if each.trip})
    visits = Visit.objects.filter(stop__office=office).in_bulk({each.visit for each in told if each.visit})
    held = set(
        Entry.objects.filter(client_id__in=[each.client_id for each in told]).values_list(
            "client_id", flat=True
        )
    )
    fresh = {}
    for each in told:
        if each.client_id in held or each.client_id in fresh:
            continue
        trip, visit = (
            trips.get(each.trip) if each.trip else None,
            visits.get(each.visit) if each.visit else None,
        )
        at = our_time(each.at, sent_at, now)
        code = _misfit(each, trip, visit)
        fresh[each.client_id] = Entry(
            client_id=each.client_id,
            office=office,
            trip=trip,
            # One that was moved to another trip stays named: a person sees which it was.
            visit=visit,
            device=teller.device,
            actor_id=teller.actor.pk,
            counter=each.counter,
            kind=each.kind,
            data=each.raw if each.data is None else each.data,
            told_at=each.at,
            at=within_day(at, trip.on, office.zone, now) if trip is not None else at,
            outcome=EntryOutcome.REVIEW if code else EntryOutcome.WAITING,
            code=code,
            facts=_named(each) if code else {},
        )
    # Two requests at once with the same entries: the database keeps the first.
    Entry.objects.bulk_create(fresh.values(), ignore_conflicts=True, batch_size=500)
    # What takes one of these back and was given up, because it had not come, has its turn: here it is.
    Entry.objects.filter(
        trip__in=trips, kind=EntryKind.UNDO, outcome=EntryOutcome.REVIEW,
        code__in=[EARLIER_MISSING, NOTHING_TO_UNDO], data__of__in=[str(key) for key in fresh],
    ).update(outcome=EntryOutcome.WAITING, code="")  # fmt: skip
    return sorted(trips)


def _misfit(each: Told, trip: Trip | None, visit: Visit | None) -> str:
    """Why it cannot belong where it says; "" when it can."""
    if trip is None:
        # A trip from which its last stop was moved is gone; the stop is not.
        return "trip_unknown" if visit is None or each.data is None else "visit_moved"
    if each.data is None:
        return "bad_data"
    if each.visit is None and each.kind not in AT_A_STOP:
        return ""
    if visit is None:
        return "visit_unknown"
    return "visit_moved" if visit.trip_id != trip.pk else ""


def _named(each: Told) -> dict[str, Any]:
    """What the phone named, for whoever looks for where it belongs."""
    return {
        "trip": str(each.trip or ""),
        "visit": str(each.visit or ""),
        "barcode": (each.data or {}).get("barcode", ""),
    }


def settle_trips(keys: Iterable[UUID]) -> None:
    """Do whatever of these trips waits and can be done now: each trip, then each stop, in a transaction of its own."""
    for key in sorted(keys):
        _settle_trip(key)
    rows = Entry.objects.filter(
        trip__in=list(keys),
        outcome=EntryOutcome.WAITING,
        visit__isnull=False,
        kind__in=[*BOOKS, EntryKind.UNDO],
    )
    waiting = list(rows.order_by().values_list("visit_id", "device_id").distinct())
    if not waiting:
        return
    ready = complete_until({device for _visit, device in waiting if device is not None})
    stops = Visit.objects.in_bulk({visit for visit, _device in waiting})
    for visit in sorted(stops):
        settle_stop(visit=stops[visit], ready=ready)


@transaction.atomic
def _settle_trip(key: UUID) -> None:
    """What is counted or noted, and what of it was taken back."""
    trip = (
        Trip.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vehicle", "office")
        .get(pk=key)
    )
    rows = list(Entry.objects.filter(trip=trip, outcome=EntryOutcome.WAITING).exclude(kind__in=BOOKS))
    if not rows:
        return
    visits = {
        visit.pk: visit
        for visit in Visit.objects.select_for_update(of=("self",), no_key=True)
        .filter(trip=trip)
        .select_related("stop__office", "stop__partner")
        .order_by("pk")
    }
    ended: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for row in rows:
        if row.kind != EntryKind.UNDO:
            code = _against(trip, visits, row)
            ended[EntryOutcome.REVIEW if code else EntryOutcome.APPLIED, code].append(row.pk)
    for (outcome, code), keys in ended.items():
        Entry.objects.filter(pk__in=keys).update(outcome=outcome, code=code)
    undone = _take_away([row for row in rows if row.kind == EntryKind.UNDO])
    if ended or undone:
        weigh_arrivals(trip)
        reckon_trip(trip, visits.values())
        _note_outweighed([row for row in rows if row.kind == EntryKind.SKIP], visits)


def _note_outweighed(skips: Sequence[Entry], visits: Mapping[UUID, Visit]) -> None:
    """One phone left the stop out, another one was there: that outweighs it, and nobody has to decide. Whoever reads the visit's
    history finds what was told, with its reason (R13)."""
    counting = Entry.objects.filter(pk__in=[row.pk for row in skips], outcome=EntryOutcome.APPLIED)
    for row in counting.select_related("actor") if skips else ():
        visit = visits.get(row.visit_id) if row.visit_id else None
        if visit is not None and visit.status in (VisitStatus.ARRIVED, VisitStatus.DONE):
            note = _("%(reason)s (told so, but by another telling the van was there)") % row.data
            write_event(visit, "skip", actor=row.actor, note=note)


def _against(trip: Trip, visits: Mapping[UUID, Visit], row: Entry) -> str:
    """What the desk has decided meanwhile that stands against ``row``."""
    visit = visits.get(row.visit_id) if row.visit_id else None
    if row.visit_id is not None and visit is None:
        return "visit_moved"  # To another trip, between the keeping of this entry and now.
    if row.kind in HARMLESS:
        return ""
    if trip.status == TripStatus.CANCELLED:
        return "trip_cancelled"
    if visit is not None and visit.status == VisitStatus.CANCELLED and row.kind != EntryKind.SKIP:
        return "visit_cancelled"
    return ""


def _take_away(undoing: Sequence[Entry]) -> bool:
    """Take back what only counts. What moved books is undone at its stop; what has not come yet is waited for."""
    if not undoing:
        return False
    targets = Entry.objects.in_bulk([UUID(row.data["of"]) for row in undoing], field_name="client_id")
    changed = False
    for row in undoing:
        target = targets.get(UUID(row.data["of"]))
        if target is None:
            continue
        code = ""
        if target.trip_id != row.trip_id or target.kind == EntryKind.UNDO:
            code = "cannot_be_undone"
        elif target.kind in BOOKS:
            if row.visit_id != target.visit_id:
                row.visit_id = target.visit_id
                row.save(update_fields=["visit"])
            continue
        elif target.outcome == EntryOutcome.SETTLED:
            code = "decided_already"
        else:
            target.outcome = EntryOutcome.UNDONE
            target.save(update_fields=["outcome"])
        row.outcome, row.code = (EntryOutcome.REVIEW if code else EntryOutcome.APPLIED), code
        row.save(update_fields=["outcome", "code"])
        changed = True
    return changed


def complete_until(devices: Iterable[UUID]) -> dict[UUID, int]:
    """Up to which number each phone has told everything."""
    known = {row.pk: row.told_until for row in Device.objects.filter(pk__in=list(devices)).only("told_until")}
    if not known:
        return known
    told: dict[UUID | None, set[int]] = defaultdict(set)
    rows = Entry.objects.filter(device__in=list(devices), counter__gt=min(known.values()))
    for device, counter in rows.values_list("device_id", "counter"):
        told[device].add(counter)
    for device, until in known.items():
        while until + 1 in told[device]:
            until += 1
        if until != known[device]:
            known[device] = until
            _is_complete(device, until)
    return known


def _is_complete(device: UUID, until: int) -> None:
    Device.objects.filter(pk=device, told_until__lt=until).update(told_until=until)


def to_decide_of(device: Device) -> int:
    return Entry.objects.filter(device=device).to_decide().count()
