"""The scan desks: each code answered at once, wrong copies refused with the reason, a scan taken back (L3, L6).

A refused scan is an answer and a row, not an exception: only missing rights and a wrong state raise. The number of
statements is the same for one code and for some hundreds. What was scanned without a connection has happened: it is kept
even where the state is wrong by now, and a refused one stands in the list of what a person decides (``reviewing``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, TransitionRefused
from libraries.catalogue.choices import Condition
from libraries.catalogue.models import Copy
from libraries.models import User
from loans.choices import MoveKind, ReviewState, ScanDesk, ScanOutcome
from loans.models import Consignment, MissingCopy, ReturnVisit, Scan, Stocktake
from loans.services.answers import ScanAnswer, answer_of, outcome_of, sentence_of
from loans.services.claiming import close_case_as_found
from loans.services.custody import Move, move_copies, require_condition
from loans.services.judging import (
    SEEN,
    UNKNOWN,
    Book,
    Judgement,
    find_books,
    judge_count,
    judge_pick,
    judge_return,
)
from loans.services.missing import sight
from loans.services.places import Place, ask_place, counts_of, hold_place
from loans.services.stepping import roles_of
from loans.services.straying import foreign_copies, note_strays

# One visit of the van never carries more, and an answer that names each refused book stays readable.
MOST_AT_ONCE = 500
# What a scan of each reason has moved, and by which move it is taken back; counting moves nothing.
TAKES: Mapping[str, str] = {
    "picked": MoveKind.PICK,
    "found_again": MoveKind.FIND,
    "returned": MoveKind.RETURN,
    "returned_worn": MoveKind.RETURN,
    "returned_damaged": MoveKind.RETURN,
    "returned_for_other": MoveKind.RETURN,
}
UNDOES: Mapping[str, str] = {
    "picked": MoveKind.UNPICK,
    "returned": MoveKind.UNRETURN,
    "returned_worn": MoveKind.UNRETURN,
    "returned_damaged": MoveKind.UNRETURN,
    "returned_for_other": MoveKind.UNRETURN,
}
UNDONE: Mapping[str, str] = {MoveKind.UNPICK: "put_back", MoveKind.UNRETURN: "return_undone"}
UNDOABLE = frozenset(UNDOES) | SEEN


@dataclass(frozen=True, slots=True)
class Read:
    """One code as it was read. ``offline``: it waited in a device; ``scanned_at`` is that device's time.

    ``for_others``: what another school has is taken back for that school.
    """

    barcode: str
    condition: str = Condition.GOOD
    event_id: UUID | None = None
    offline: bool = False
    scanned_at: datetime | None = None
    batch: UUID | None = None
    for_others: bool = False


def scan(
    *,
    desk: str,
    barcode: str,
    actor: User,
    consignment: Consignment | None = None,
    return_visit: ReturnVisit | None = None,
    stocktake: Stocktake | None = None,
    client_event_id: UUID | None = None,
    condition: str = Condition.GOOD,
    recorded_offline: bool = False,
    scanned_at: datetime | None = None,
    for_others: bool = False,
) -> ScanAnswer:
    """Answer one scan at the packing desk (with ``consignment``), the return desk (with ``return_visit``) or in a
    stocktake (with ``stocktake``).

    ``for_others``: at the return desk, a book that another school has is taken back for that school.
    A ``client_event_id`` that was seen before gets its first answer again and changes nothing. Raises NotPermitted,
    TransitionRefused (never when ``recorded_offline``), InvalidInput (``no_desk``, ``condition``).
    """
    places: dict[str, Place | None] = {
        ScanDesk.PICK: consignment,
        ScanDesk.RETURN: return_visit,
        ScanDesk.COUNT: stocktake,
    }
    place = places.get(desk)
    require_condition(condition)
    if place is None:
        raise InvalidInput(
            "no_desk", _("Say which delivery, return visit or stocktake this scan belongs to.")
        )
    read = Read(barcode.strip(), condition, client_event_id, recorded_offline, scanned_at, None, for_others)
    return _take(place, [read], actor)[0]


def scan_many(
    *, place: Place, barcodes: Sequence[str], actor: User, batch: UUID, condition: str = Condition.GOOD
) -> list[ScanAnswer]:
    """Answer a whole list of codes, each by itself, in one transaction; a code that stands twice is answered once.

    The scans carry ids made of ``batch`` and the code: the same list sent again gets its first answers again and
    changes nothing. Raises NotPermitted, TransitionRefused, InvalidInput (``too_many``, ``nothing_given``).
    """
    require_condition(condition)
    codes = list(dict.fromkeys(code.strip() for code in barcodes if code.strip()))
    if not codes:
        raise InvalidInput("nothing_given", _("Paste or type at least one barcode."), field="barcodes")
    if len(codes) > MOST_AT_ONCE:
        raise InvalidInput(
            "too_many",
            _("These are %(count)s barcodes. Send at most %(most)s at once, the rest afterwards.")
            % {"count": len(codes), "most": MOST_AT_ONCE},
            field="barcodes",
        )
    reads = [Read(code, condition, uuid5(batch, code), batch=batch) for code in codes]
    return _take(place, reads, actor)


@transaction.atomic
def undo_scan(*, scan: Scan, actor: User) -> ScanAnswer:
    """Take an accepted scan back with one key. Raises Conflict when it was taken back already or changed nothing."""
    place = hold_place(scan.place)
    ask_place(place, roles_of(actor, place))
    row = (
        Scan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("line__copy__title", "line__consignment")
        .get(pk=scan.pk)
    )
    kind = UNDOES.get(row.reason)
    if row.undone_at is not None or row.reason not in UNDOABLE or (kind and row.line is None):
        raise Conflict(
            "nothing_to_undo",
            _("This scan cannot be taken back: it changed nothing, or was taken back already."),
        )
    if kind is not None:
        assert row.line is not None
        if kind == MoveKind.UNRETURN:
            _require_unbound(row.line.copy)
        move_copies(
            [Move(row.line.copy_id, row.line.pk)],
            kind=kind,
            # Whose delivery it is: a school may have brought what another one holds.
            partner_id=row.line.consignment.partner_id,
            actor=actor,
            on=clock.today(place.lender.zone),
        )
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    reason = UNDONE.get(kind or "", "uncounted")
    facts = {"title": row.facts.get("title", ""), "barcode": row.barcode}
    line_id = row.line.pk if row.line is not None else None
    return ScanAnswer(
        outcome_of(reason),
        reason,
        sentence_of(reason, facts),
        row.barcode,
        facts["title"],
        row.pk,
        line_id,
        *counts_of(place),
        facts=facts,
    )


@transaction.atomic
def _take(place: Place, reads: Sequence[Read], actor: User) -> list[ScanAnswer]:
    """Judge every code under the lock of its place, move what is to be moved, and keep each with its answer."""
    place = hold_place(place)
    closed = _closed(place, reads, actor)
    earlier = _seen_before(place, reads)
    fresh = [read for read in reads if read.event_id not in earlier]
    books = find_books(place.lender_id, [read.barcode for read in fresh])
    judged = _judge(place, fresh, books, closed, actor)
    _note_turned_up(place, books, judged, actor)
    _move(place, fresh, books, judged, actor)
    rows = {read: _row(place, read, books.get(read.barcode, UNKNOWN), *judged[read], actor) for read in fresh}
    Scan.objects.bulk_create(rows.values())
    count, total = counts_of(place)
    found = [earlier[read.event_id] if read.event_id in earlier else rows[read] for read in reads]
    return [answer_of(row, count, total) for row in found]


def _closed(place: Place, reads: Sequence[Read], actor: User) -> bool:
    """Whether the place takes no more scans. That stops whoever stands at it, but not what happened before."""
    try:
        ask_place(place, roles_of(actor, place))
    except TransitionRefused:
        if all(read.offline for read in reads):
            return True
        raise
    return False


def _seen_before(place: Place, reads: Sequence[Read]) -> dict[UUID | None, Scan]:
    """The scans that were sent with these ids before. Raises Conflict when an id was used at another desk."""
    events = [read.event_id for read in reads if read.event_id is not None]
    rows = list(Scan.objects.filter(client_event_id__in=events)) if events else []
    if any(place.pk not in (row.consignment_id, row.return_visit_id, row.stocktake_id) for row in rows):
        raise Conflict("event_id_used", _("This scan was sent before, at another desk. Scan the book again."))
    return {row.client_event_id: row for row in rows}


def _judge(
    place: Place, reads: Sequence[Read], books: dict[str, Book], closed: bool, actor: User
) -> dict[Read, Judgement]:
    seen = {}
    if isinstance(place, Stocktake) and reads:
        past = Scan.objects.filter(
            stocktake=place, barcode__in=list(books), reason__in=SEEN, undone_at__isnull=True
        )
        seen = {row.barcode: row for row in past.select_related("actor")}
    foreign: dict[str, Copy] = {}
    if isinstance(place, ReturnVisit):
        foreign = foreign_copies(place.lender_id, {read.barcode for read in reads} - books.keys())
        note_strays(place, foreign.values(), actor=actor)
    found: dict[Read, Judgement] = {}
    for read in reads:
        book = books.get(read.barcode, UNKNOWN)
        if closed and book.copy is not None:
            found[read] = "desk_closed", {"title": book.copy.title.title, "barcode": read.barcode}
        elif isinstance(place, Consignment):
            found[read] = judge_pick(place, book, read.barcode)
        elif isinstance(place, ReturnVisit):
            found[read] = judge_return(
                place, book, read.barcode, read.condition, for_others=read.for_others, foreign=foreign
            )
        else:
            found[read] = judge_count(place, book, read.barcode, seen)
    return found


def _note_turned_up(place: Place, books: dict[str, Book], judged: dict[Read, Judgement], actor: User) -> None:
    """A book that is in no delivery may be one that is looked for: being scanned, it has turned up."""
    loose = [code for code, book in books.items() if book.line is None]
    missing = MissingCopy.objects.open().filter(copy__owner=place.lender_id, copy__barcode__in=loose)
    looked_for = set(missing.values_list("copy__barcode", flat=True)) if loose else set()
    if looked_for:
        sight(place.lender_id, sorted(looked_for), actor)
        for read, (_reason, facts) in judged.items():
            if read.barcode in looked_for:
                facts["turned_up"] = True


def _move(
    place: Place, reads: Sequence[Read], books: dict[str, Book], judged: dict[Read, Judgement], actor: User
) -> None:
    """One statement for each kind of move and school, whatever the number of books."""
    moves: dict[tuple[str, UUID], list[Move]] = {}
    for read in reads:
        reason, facts = judged[read]
        kind = TAKES.get(reason)
        if kind is None:
            continue
        line = books[read.barcode].line
        assert line is not None
        condition = line.copy.condition if kind == MoveKind.PICK else read.condition
        moves.setdefault((kind, line.consignment.partner_id), []).append(
            Move(line.copy_id, line.pk, condition)
        )
        if reason == "found_again":
            facts["code"] = close_case_as_found(line, actor=actor)
    visit = place if isinstance(place, ReturnVisit) else None
    for (move, partner), rows in moves.items():
        move_copies(
            rows,
            kind=move,
            partner_id=partner,
            actor=actor,
            on=visit.on if visit else clock.today(place.lender.zone),
            visit_id=visit.pk if visit else None,
        )


def _row(place: Place, read: Read, book: Book, reason: str, facts: dict[str, Any], actor: User) -> Scan:
    outcome = outcome_of(reason)
    now = clock.now()
    refused = outcome == ScanOutcome.ERROR
    if isinstance(place, ReturnVisit) and read.condition != Condition.GOOD:
        facts = facts | {"condition": read.condition}
    row = Scan(
        desk=DESK_OF[type(place)],
        consignment=place if isinstance(place, Consignment) else None,
        return_visit=place if isinstance(place, ReturnVisit) else None,
        stocktake=place if isinstance(place, Stocktake) else None,
        barcode=read.barcode[:80],
        line=None if refused else book.line,
        outcome=outcome,
        reason=reason,
        facts=facts,
        actor=actor,
        at=now,
        batch=read.batch,
        recorded_offline=read.offline,
        # A device whose clock runs ahead has not seen the future.
        scanned_at=min(read.scanned_at, now) if read.scanned_at else None,
        review=ReviewState.OPEN if read.offline and refused and read.barcode else ReviewState.NONE,
    )
    if read.event_id is not None:
        row.client_event_id = read.event_id
    return row


DESK_OF = {
    Consignment: ScanDesk.PICK,
    ReturnVisit: ScanDesk.RETURN,
    Stocktake: ScanDesk.COUNT,
}


def _require_unbound(copy: Copy) -> None:
    """A copy that went on another list since it came back can no longer count as out."""
    bound = copy.loan_lines.open().select_related("consignment").first()
    if bound is not None:
        raise Conflict(
            "on_other_list",
            _("“%(title)s” is on list %(code)s since. Leave it out there first.")
            % {"title": copy.title.title, "code": bound.consignment.code},
            facts={"code": bound.consignment.code},
        )
