"""Books that changed hands at a stop, told by a phone and done by the services of lending (M5, M6).

Each phone's acts are done in the order in which it wrote them: one of which an earlier number has not arrived yet waits.
What two phones tell of the same book is one matter: it is back, or in the box, when one of them says so and has not taken it back.
In which condition it came back is the worst that one of them tells.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, DomainError, LimitReached
from libraries.catalogue.choices import Condition
from libraries.models import Institution, User
from loans.choices import ConsignmentStatus, LineStatus, ScanOutcome
from loans.models import Consignment, LoanLine, Scan
from loans.services.answers import ScanAnswer
from loans.services.conditions import rank
from loans.services.proposing import add_line, drop_line
from loans.services.returning import open_return_visit
from loans.services.scanning import undo_scan
from loans.services.taking import Read, take_reads
from mobile_service.choices import EntryKind, EntryOutcome, TripStatus, VisitStatus
from mobile_service.models import Entry, Visit
from mobile_service.services.arrivals import CANNOT, weigh_arrivals
from mobile_service.services.entry_words import AFTER_HANDOVER, WORDS
from mobile_service.services.locking import lock_visit
from mobile_service.services.stop_swapping import delivery_at_school, hand_over, missing_files, same_hand
from mobile_service.services.tellers import on_trip
from mobile_service.services.travelling import reckon_trip

BOOKS = (EntryKind.LEND, EntryKind.TAKE_BACK, EntryKind.HAND_OVER)
# The van was told twice of the same: done by the other telling.
ALREADY = "already_back"
REPEATED = (ALREADY, "already_scanned")
ALREADY_HANDED_OVER, TO_ANOTHER = "already_handed_over", "handed_over_to_other"
NO_DELIVERY = "no_delivery_to_add"
# As what it is listed where lending can take nothing back any more.
CAME_BACK = {Condition.WORN: "came_back_worn", Condition.DAMAGED: "came_back_damaged"}


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
        weigh_arrivals(fresh.trip)
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
        told = self._told_elsewhere(rows)
        for row, answer in zip(rows, answers, strict=True):
            facts, before = _facts_of(row, answer), told[row.data["barcode"]]
            if answer.reason != "not_out":
                bad = answer.outcome == ScanOutcome.ERROR
                self.end(row, EntryOutcome.REVIEW if bad else EntryOutcome.APPLIED, answer.reason, facts)
            elif not before:
                self.end(row, EntryOutcome.REVIEW, "not_out", facts)
            elif _badness(row) <= max(_badness(each) for each in before):
                self.end(row, EntryOutcome.APPLIED, ALREADY, facts)
            else:
                self._take_back_worse(row, before, facts)

    def _told_elsewhere(self, rows: Sequence[Entry]) -> Mapping[str, list[Entry]]:
        """By the barcodes, what other entries of this stop have taken back."""
        self.write()
        others = (
            Entry.objects.filter(visit=self.visit, kind=EntryKind.TAKE_BACK, outcome=EntryOutcome.APPLIED)
            .filter(data__barcode__in=[row.data["barcode"] for row in rows])
            .exclude(pk__in=[row.pk for row in rows])
        )
        told: dict[str, list[Entry]] = defaultdict(list)
        for other in others:
            told[other.data["barcode"]].append(other)
        return told

    def _take_back_worse(self, row: Entry, before: Sequence[Entry], facts: dict[str, Any]) -> None:
        """Two phones saw one book, and one saw that it is damaged: then it is. That telling takes it back in place of the first,
        so the ledger, the line and the paper say so. Where the paper is made already, a person decides."""
        first = next((each for each in before if each.code != ALREADY), before[0])
        try:
            with transaction.atomic():
                again = _take_anew(
                    row, first, self._actor(row), uuid5(row.client_id, f"worse {facts['scan']}")
                )
        except DomainError:
            self.end(row, EntryOutcome.REVIEW, CAME_BACK[row.data["condition"]], facts)
            return
        self.end(first, EntryOutcome.APPLIED, ALREADY, first.facts)
        self.end(row, EntryOutcome.APPLIED, again.reason, _facts_of(row, again))

    def _lend(self, rows: Sequence[Entry]) -> None:
        """Into the box: those on the list in one go, any other is put on it first."""
        actor, consignment = self._actor(rows[0]), self._delivery()
        listed: set[str] = set()
        if consignment is not None:
            codes = [row.data["barcode"] for row in rows]
            on_list = consignment.lines.open().filter(copy__barcode__in=codes)
            listed = set(on_list.values_list("copy__barcode", flat=True))
            known = [row for row in rows if row.data["barcode"] in listed]
            if known:
                self._scan(known, consignment, actor)
        others = self._not_lent([row for row in rows if row.data["barcode"] not in listed])
        if consignment is None:
            self._without_delivery(others)
            return
        for row in others:
            self._scan([row], consignment, actor, add=True)

    def _not_lent(self, rows: Sequence[Entry]) -> list[Entry]:
        """Those that are with no school by the records. What is with one is said first: no room on a list would help."""
        codes = [row.data["barcode"] for row in rows]
        lines = LoanLine.objects.filter(
            status=LineStatus.OUT, copy__owner=self.office, copy__barcode__in=codes
        ).select_related("copy__title", "consignment__partner")
        out = {line.copy.barcode: line for line in lines} if codes else {}
        for row in rows:
            if (line := out.get(row.data["barcode"])) is not None:
                here = line.consignment.partner_id == self.visit.stop.partner_id
                facts = {
                    "title": line.copy.title.title,
                    "barcode": line.copy.barcode,
                    "partner": str(line.consignment.partner),
                    "code": line.consignment.code,
                }
                self.end(row, EntryOutcome.REVIEW, "still_at_school" if here else "with_partner", facts)
        return [row for row in rows if row.data["barcode"] not in out]

    def _without_delivery(self, rows: Sequence[Entry]) -> None:
        gone = delivery_at_school(self.visit) if rows else None
        more = {"because": AFTER_HANDOVER, "code": gone.code} if gone is not None else {}
        for row in rows:
            self.end(row, EntryOutcome.REVIEW, NO_DELIVERY, {"barcode": row.data["barcode"], **more})

    def _scan(
        self, rows: Sequence[Entry], consignment: Consignment, actor: User, *, add: bool = False
    ) -> None:
        reads = [Read(row.data["barcode"], event_id=_event_of(row), scanned_at=row.at) for row in rows]
        left_out: list[str] = []
        try:
            with transaction.atomic():
                for row in rows if add else ():
                    left_out += self._put_on_list(consignment, row.data["barcode"], actor)
                answers = take_reads(consignment, reads, actor)
        except DomainError as refused:
            for row in rows:
                self.refuse(row, refused, barcode=row.data["barcode"])
            return
        for row, answer in zip(rows, answers, strict=True):
            bad = answer.outcome == ScanOutcome.ERROR
            facts = {**_facts_of(row, answer), "added": add, "left_out": left_out}
            self.end(row, EntryOutcome.REVIEW if bad else EntryOutcome.APPLIED, answer.reason, facts)

    def _put_on_list(self, consignment: Consignment, barcode: str, actor: User) -> list[str]:
        """What was left out for it. On the road a list is full by what is in its boxes: what stayed at home gives way, as it
        does at the handover. One that lies in a box unscanned all the same comes back onto the list when it is scanned."""
        left_out: list[str] = []
        while True:
            try:
                with transaction.atomic():
                    add_line(consignment=consignment, barcode=barcode, actor=actor)
                return left_out
            except LimitReached:
                line = self._stayed_at_home(consignment)
                if line is None:
                    raise
                drop_line(line=line, actor=actor)
                left_out.append(line.copy.barcode)

    def _stayed_at_home(self, consignment: Consignment) -> LoanLine | None:
        """A book of the list that is in no box. Only where the delivery rides with this visit: else it is still being packed."""
        if not self.visit.loads.filter(consignment=consignment).exists():
            return None
        proposed = consignment.lines.filter(status=LineStatus.PROPOSED)
        return proposed.in_shelf_order().last()

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
            self._handed_over_twice(row, first)
            return
        try:
            with transaction.atomic():
                facts = hand_over(entry=row, visit=self.visit, actor=self._actor(row), on=self._day(row))
        except DomainError as refused:
            self.refuse(row, refused)
            return
        self.end(row, EntryOutcome.APPLIED, "handed_over", facts)

    def _handed_over_twice(self, row: Entry, first: Entry) -> None:
        """Two phones tell of one handover. That two people have received it is for a person to see (R13)."""
        names = {"first": first.data["received_by"], "second": row.data["received_by"]}
        if same_hand(names["first"], names["second"]):
            self.end(row, EntryOutcome.APPLIED, ALREADY_HANDED_OVER, first.facts)
        else:
            facts = {"code": first.facts.get("consignment", ""), **names}
            self.end(row, EntryOutcome.REVIEW, TO_ANOTHER, facts)

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
            return CANNOT
        past = Scan.objects.filter(pk=target.facts.get("scan")).first()
        if past is None:
            return CANNOT
        actor = self._actor(row)
        try:
            with transaction.atomic():
                undo_scan(scan=past, actor=actor)
                if target.facts.get("added") and past.line is not None:
                    drop_line(line=past.line, actor=actor)
        except DomainError:
            return CANNOT
        if past.consignment is not None:
            _put_back(past.consignment, target.facts.get("left_out", ()), actor)
        return ""

    def _actor(self, row: Entry) -> User:
        assert row.actor is not None
        return on_trip(row.actor, self.office.pk)

    def _day(self, row: Entry) -> date:
        return day_of(row, self.office)

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


def day_of(row: Entry, office: Institution) -> date:
    """The day on which it happened, by the library's clock; never one to come."""
    return min(row.at.astimezone(ZoneInfo(office.zone)).date(), clock.today(office.zone))


def _take_anew(row: Entry, first: Entry, actor: User, event: UUID) -> ScanAnswer:
    """Take back what ``first`` did, and let ``row`` do it. Raises what lending refuses, such as when its paper is made."""
    past = Scan.objects.select_related("return_visit").filter(pk=first.facts.get("scan")).first()
    if past is None or past.return_visit is None:
        raise Conflict(CANNOT, str(WORDS[CANNOT]))
    undo_scan(scan=past, actor=actor)
    read = Read(
        row.data["barcode"],
        row.data["condition"],
        event,
        scanned_at=row.at,
        for_others=past.reason == "returned_for_other",
    )
    [answer] = take_reads(past.return_visit, [read], actor)
    if answer.outcome == ScanOutcome.ERROR:
        raise Conflict(answer.reason, answer.sentence)
    return answer


def _put_back(consignment: Consignment, barcodes: Iterable[str], actor: User) -> None:
    """What gave way on the list to a book that was taken out again. Where it is on another list by now, it stays there."""
    for barcode in barcodes:
        with suppress(DomainError), transaction.atomic():
            add_line(consignment=consignment, barcode=barcode, actor=actor)


def _badness(row: Entry) -> int:
    return rank(row.data["condition"])


def _facts_of(row: Entry, answer: ScanAnswer) -> dict[str, Any]:
    return {**answer.facts, "barcode": row.data["barcode"], "scan": str(answer.scan_id)}


def _event_of(row: Entry) -> UUID:
    """The id under which lending remembers it: the phone's own; a new one each time that an earlier telling came to nothing."""
    return uuid5(row.client_id, f"again {row.facts.get('scan')}") if row.code in REPEATED else row.client_id
