"""Whether a van was at a stop: an arrival that was taken back, weighed against what was counted or scanned there (M6, R13)."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from mobile_service.choices import EntryKind, EntryOutcome
from mobile_service.models import Entry, Trip
from mobile_service.services.entry_words import COUNTED_HERE
from mobile_service.services.reading_entries import DONE_THERE
from mobile_service.services.time_taken import TIME_TAKEN

CANNOT = "cannot_be_undone"


def weigh_arrivals(trip: Trip) -> bool:
    """Of the locked ``trip``: that the van arrived is taken back in vain while what was counted or scanned there before stands,
    and no other arrival does. Once that is taken back as well, so is the arrival. Whether anything changed.

    It is weighed again whenever something is told, so it comes to the same in whatever order that arrives (R13). Statements: one
    where nothing was taken back.
    """
    undoing: dict[str, list[Entry]] = defaultdict(list)
    rows = Entry.objects.filter(Q(outcome=EntryOutcome.APPLIED) | Q(outcome=EntryOutcome.REVIEW, code=CANNOT))
    for row in rows.filter(trip=trip, kind=EntryKind.UNDO):
        undoing[row.data["of"]].append(row)
    if not undoing:
        return False
    arrivals = Entry.objects.filter(
        Q(outcome__in=[EntryOutcome.APPLIED, EntryOutcome.UNDONE]) | Q(code=TIME_TAKEN),
        trip=trip, kind=EntryKind.ARRIVE,
    ).exclude(outcome=EntryOutcome.SETTLED)  # fmt: skip
    known, others = [], set()
    for arrival in arrivals:
        if str(arrival.client_id) in undoing:
            known.append(arrival)
        elif arrival.outcome != EntryOutcome.UNDONE:
            others.add(arrival.visit_id)
    done = Entry.objects.filter(trip=trip, kind__in=DONE_THERE, outcome=EntryOutcome.APPLIED)
    there = list(done.filter(visit__in={row.visit_id for row in known})) if known else []
    changed: list[Entry] = []
    for arrival in known:
        taking = undoing[str(arrival.client_id)]
        in_vain = arrival.visit_id not in others and all(
            any(_told_before(row, each) for row in there if row.visit_id == arrival.visit_id)
            for each in taking
        )
        changed += _weighed(arrival, taking, in_vain=in_vain)
    Entry.objects.bulk_update(changed, ["outcome", "code", "facts"], batch_size=250)
    return bool(changed)


def _told_before(row: Entry, undo: Entry) -> bool:
    """Within a phone by its counting, among phones by the clock. Who counts after the undoing has arrived once more."""
    if row.device_id is not None and row.device_id == undo.device_id:
        return row.counter < undo.counter
    return row.at <= undo.at


def _weighed(arrival: Entry, taking: Sequence[Entry], *, in_vain: bool) -> list[Entry]:
    """Those of the arrival and of what takes it back that change by it."""
    # One that is listed because its time is another visit's by now is listed as before.
    stands = EntryOutcome.REVIEW if arrival.code == TIME_TAKEN else EntryOutcome.APPLIED
    wanted = [(arrival, stands if in_vain else EntryOutcome.UNDONE, arrival.code, arrival.facts)]
    for row in taking:
        if in_vain:
            wanted.append((row, EntryOutcome.REVIEW, CANNOT, {"because": COUNTED_HERE}))
        else:
            wanted.append((row, EntryOutcome.APPLIED, "", {}))
    changed = []
    for row, outcome, code, facts in wanted:
        if row.outcome != outcome:
            row.outcome, row.code, row.facts = outcome, code, facts
            changed.append(row)
    return changed
