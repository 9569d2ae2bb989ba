"""Books that changed hands at a stop, told by a phone and done by the services of lending (M5, M6).

Each phone's acts are done in the order in which it wrote them: one of which an earlier number has not arrived yet waits.
What two phones tell of the same book is one matter: it is back, or in the box, when one of them says so and has not taken it back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.models import User
from loans.choices import ConsignmentStatus, ScanOutcome
from loans.models import Consignment, Scan
from loans.services.proposing import add_line, drop_line
from loans.services.returning import open_return_visit
from loans.services.scanning import undo_scan
from loans.services.taking import Read, take_reads
from mobile_service.choices import EntryKind, EntryOutcome, TripStatus, VisitStatus
from mobile_service.models import Entry, Visit
from mobile_service.services.locking import lock_visit
from mobile_service.services.stop_swapping import hand_over, missing_files
from mobile_service.services.tellers import on_trip
from mobile_service.services.travelling import reckon_trip

BOOKS = (EntryKind.LEND, EntryKind.TAKE_BACK, EntryKind.HAND_OVER)
# The van was told twice of the same: done by the other telling.
ALREADY = "already_back"
REPEATED = (ALREADY, "already_scanned")
ALREADY_HANDED_OVER = "already_handed_over"


@transaction.atomic
def settle_stop(*, visit: Visit, ready: dict[UUID, int]) -> None:
    """Do what is told of books at ``visit`` and can be done now. ``ready``: up to which number each phone is complete."""
    fresh = lock_visit(visit)
    stop = _Stop(fresh)
    changed = stop.drop_taken_back()
    # Again, as long as something comes of it: one that was taken back may let another count.
    while (waiting := stop.waiting(ready)) and stop.settle(waiting):
        changed = True
    if changed:
        reckon_trip(fresh.trip)


class _Stop:
    """One stop while its books are being settled."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.office = visit.stop.office
        self.ended: dict[UUID, Entry] = {}
        # Phones whose handover waits for its signatures: what they wrote after it waits with it.
        self.held: set[UUID | None] = set()
        self.moved = False

    def waiting(self, ready: dict[UUID, int]) -> list[Entry]:
        """What can be done now, in order: within a phone by its counting, among phones by the clock."""
        rows = list(
            Entry.objects.filter(
                visit=self.visit, outcome=EntryOutcome.WAITING, kind__in=[*BOOKS, EntryKind.UNDO]
            )
            .select_related("actor", "device__member")
            .order_by("counter", "at", "client_id")
        )
        latest: dict[UUID | None, datetime] = {}
        fits = []
        for row in rows:
            # What came to nothing before had its turn already.
            turn = row.code in REPEATED or row.device_id is None
            if turn or row.counter <= ready.get(row.device_id, 0):
                when = latest[row.device_id] = max(row.at, latest.get(row.device_id, row.at))
                fits.append((when, row.counter, row.client_id, row))
        return [row for *_order, row in sorted(fits, key=lambda each: each[:3])]

    def drop_taken_back(self) -> bool:
        """Handovers that were taken back before they were done are never done: what they make cannot be unmade."""
        waiting = Entry.objects.filter(visit=self.visit, outcome=EntryOutcome.WAITING)
        undoing = {row.data["of"]: row for row in waiting.filter(kind=EntryKind.UNDO)}
        for row in waiting.filter(kind=EntryKind.HAND_OVER, client_id__in=undoing) if undoing else ():
            self.end(row, EntryOutcome.UNDONE)
            self.end(undoing[str(row.client_id)], EntryOutcome.APPLIED)
        self.write()
        return self.moved

    def settle(self, rows: Sequence[Entry]) -> bool:
        """Whether anything came of it."""
        self.held, self.moved = set(), False
        run: list[Entry] = []
        for row in rows:
            if row.device_id is not None and row.device_id in self.held:
                continue
            if row.kind != EntryKind.UNDO and row.trip_id != self.visit.trip_id:
                # The desk has moved the visit to another trip since the phone was packed.
                self.end(row, EntryOutcome.REVIEW, "visit_moved", {"barcode": row.data.get("barcode", "")})
                continue
            if run and not self._joins(run, row):
                self._together(run)
                run = []
            if row.kind in (EntryKind.TAKE_BACK, EntryKind.LEND):
                run.append(row)
            else:
                self._one(row)
        if run:
            self._together(run)
        self.write()
        return self.moved

    def _joins(self, run: Sequence[Entry], row: Entry) -> bool:
        """Books taken back one after the other, by the same hand, are one statement; so are books given. A book twice is two."""
        return (
            row.kind == run[0].kind
            and row.actor_id == run[0].actor_id
            and row.data["barcode"] not in {each.data["barcode"] for each in run}
        )

    def _one(self, row: Entry) -> None:
        if row.kind == EntryKind.UNDO:
            self._undo(row)
        elif not self._refused([row]):
            self._hand_over(row)

    def _together(self, rows: Sequence[Entry]) -> None:
        if not self._refused(rows):
            (self._take_back if rows[0].kind == EntryKind.TAKE_BACK else self._lend)(rows)

    def _refused(self, rows: Sequence[Entry]) -> bool:
        """What stands against any book changing hands here."""
        code = ""
        if self.visit.stop.partner_id is None:
            code = "stop_without_partner"
        elif self.visit.status == VisitStatus.CANCELLED:
            code = "visit_cancelled"
        elif self.visit.trip.status == TripStatus.CANCELLED:
            code = "trip_cancelled"
        for row in rows if code else ():
            self.end(row, EntryOutcome.REVIEW, code)
        return bool(code)

    def _take_back(self, rows: Sequence[Entry]) -> None:
        actor = self._actor(rows[0])
        assert self.visit.stop.partner is not None
        try:
            with transaction.atomic():
                place = open_return_visit(
                    lender=self.office, partner=self.visit.stop.partner, actor=actor, on=self._day(rows[0])
                )
                answers = take_reads(
                    place,
                    [
                        Read(row.data["barcode"], row.data["condition"], _event_of(row), scanned_at=row.at)
                        for row in rows
                    ],
                    actor,
                )
        except DomainError as refused:
            for row in rows:
                self.refuse(row, refused)
            return
        done = self._done_elsewhere(rows)
        for row, answer in zip(rows, answers, strict=True):
            facts = {**answer.facts, "barcode": row.data["barcode"], "scan": str(answer.scan_id)}
            if answer.reason == "not_out":
                told_twice = row.data["barcode"] in done
                self.end(
                    row, "applied" if told_twice else "review", ALREADY if told_twice else "not_out", facts
                )
            else:
                bad = answer.outcome == ScanOutcome.ERROR
                self.end(row, EntryOutcome.REVIEW if bad else EntryOutcome.APPLIED, answer.reason, facts)

    def _done_elsewhere(self, rows: Sequence[Entry]) -> set[str]:
        """Barcodes that another entry of this stop has taken back."""
        self.write()
        others = Entry.objects.filter(
            visit=self.visit, kind=EntryKind.TAKE_BACK, outcome=EntryOutcome.APPLIED
        ).exclude(pk__in=[row.pk for row in rows])
        return set(others.values_list("data__barcode", flat=True))

    def _lend(self, rows: Sequence[Entry]) -> None:
        """Into the box: those on the list in one go, any other is put on it first."""
        actor, consignment = self._actor(rows[0]), self._delivery()
        if consignment is None:
            for row in rows:
                self.end(row, EntryOutcome.REVIEW, "no_delivery_to_add", {"barcode": row.data["barcode"]})
            return
        codes = [row.data["barcode"] for row in rows]
        on_list = consignment.lines.open().filter(copy__barcode__in=codes)
        listed = set(on_list.values_list("copy__barcode", flat=True))
        known = [row for row in rows if row.data["barcode"] in listed]
        if known:
            self._scan(known, consignment, actor)
        for row in rows:
            if row.data["barcode"] not in listed:
                self._scan([row], consignment, actor, add=True)

    def _scan(
        self, rows: Sequence[Entry], consignment: Consignment, actor: User, *, add: bool = False
    ) -> None:
        reads = [Read(row.data["barcode"], event_id=_event_of(row), scanned_at=row.at) for row in rows]
        try:
            with transaction.atomic():
                for row in rows if add else ():
                    add_line(consignment=consignment, barcode=row.data["barcode"], actor=actor)
                answers = take_reads(consignment, reads, actor)
        except DomainError as refused:
            for row in rows:
                self.refuse(row, refused, barcode=row.data["barcode"])
            return
        for row, answer in zip(rows, answers, strict=True):
            bad = answer.outcome == ScanOutcome.ERROR
            facts = {
                **answer.facts,
                "barcode": row.data["barcode"],
                "added": add,
                "scan": str(answer.scan_id),
            }
            self.end(row, EntryOutcome.REVIEW if bad else EntryOutcome.APPLIED, answer.reason, facts)

    def _delivery(self) -> Consignment | None:
        """What is being packed for this stop: what rides with the visit, else the next of its school."""
        rows = Consignment.objects.filter(
            lender=self.office, partner=self.visit.stop.partner, status=ConsignmentStatus.PICKING
        )
        rides = rows.filter(pk__in=self.visit.loads.values("consignment")).order_by("pk").first()
        return rides or rows.order_by("period__starts_on", "pk").first()

    def _hand_over(self, row: Entry) -> None:
        if missing := missing_files(row):
            self.held.add(row.device_id)
            Entry.objects.filter(pk=row.pk).update(code="signature_missing", facts={"files": missing})
            return
        self.write()
        same = Entry.objects.filter(
            visit=self.visit,
            kind=EntryKind.HAND_OVER,
            outcome=EntryOutcome.APPLIED,
            data__consignment=row.data["consignment"],
        )
        if row.data["consignment"] is not None and (first := same.first()) is not None:
            self.end(row, EntryOutcome.APPLIED, ALREADY_HANDED_OVER, first.facts)
            return
        try:
            with transaction.atomic():
                facts = hand_over(entry=row, visit=self.visit, actor=self._actor(row), on=self._day(row))
        except DomainError as refused:
            self.refuse(row, refused)
            return
        self.end(row, EntryOutcome.APPLIED, "handed_over", facts)

    def _undo(self, row: Entry) -> None:
        self.write()
        target = Entry.objects.select_related("actor").filter(client_id=row.data["of"]).first()
        if target is None:
            return  # Still on its way.
        code = self._take_away(target, row)
        if code:
            self.end(row, EntryOutcome.REVIEW, code, target.facts)
            return
        if target.outcome != EntryOutcome.UNDONE:
            self.end(target, EntryOutcome.UNDONE, target.code, target.facts)
        self.end(row, EntryOutcome.APPLIED)
        self.write()
        if target.kind in (EntryKind.TAKE_BACK, EntryKind.LEND):
            # Another phone said the same of this book: that is what counts now.
            Entry.objects.filter(
                visit=self.visit, kind=target.kind, code__in=REPEATED, outcome=EntryOutcome.APPLIED,
                data__barcode=target.data["barcode"],
            ).update(outcome=EntryOutcome.WAITING)  # fmt: skip

    def _take_away(self, target: Entry, row: Entry) -> str:
        """Undo what ``target`` has done; a code where that cannot be done any more."""
        if target.outcome == EntryOutcome.SETTLED:
            return "decided_already"
        if target.outcome != EntryOutcome.APPLIED or target.code in (ALREADY, "not_out", "already_scanned"):
            return ""
        if target.kind == EntryKind.HAND_OVER:
            return "cannot_be_undone"
        past = Scan.objects.filter(pk=target.facts.get("scan")).first()
        if past is None:
            return "cannot_be_undone"
        try:
            with transaction.atomic():
                undo_scan(scan=past, actor=self._actor(row))
                if target.facts.get("added") and past.line is not None:
                    drop_line(line=past.line, actor=self._actor(row))
        except DomainError:
            return "cannot_be_undone"
        return ""

    def _actor(self, row: Entry) -> User:
        assert row.actor is not None
        return on_trip(row.actor, self.office.pk)

    def _day(self, row: Entry) -> Any:
        """The day on which it happened, by the library's clock; never one to come."""
        return min(row.at.astimezone(ZoneInfo(self.office.zone)).date(), clock.today(self.office.zone))

    def refuse(self, row: Entry, refused: DomainError, **facts: Any) -> None:
        """Lending has said no: a person decides, with its own sentence."""
        said = {"said": str(refused.message)[:300]}
        plain = {name: value for name, value in refused.facts.items() if isinstance(value, str | int)}
        self.end(row, EntryOutcome.REVIEW, refused.code, {**plain, **facts, **said})

    def end(self, row: Entry, outcome: str, code: str = "", facts: dict[str, Any] | None = None) -> None:
        row.outcome, row.code, row.facts = outcome, code[:40], facts or {}
        self.ended[row.pk] = row

    def write(self) -> None:
        """Keep what was decided since the last time."""
        rows, self.ended = list(self.ended.values()), {}
        if rows:
            Entry.objects.bulk_update(rows, ["outcome", "code", "facts"], batch_size=250)
            self.moved = True


def _event_of(row: Entry) -> UUID:
    """The id under which lending remembers it: the phone's own; a new one each time that an earlier telling came to nothing."""
    return uuid5(row.client_id, f"again {row.facts.get('scan')}") if row.code in REPEATED else row.client_id
