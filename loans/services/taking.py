"""Codes that were read at one place, one or some hundreds: judged under its lock, moved, and kept with their answers.

The number of statements is the same for any number of codes.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, TransitionRefused
from libraries.catalogue.choices import Condition
from libraries.catalogue.models import Copy
from libraries.models import User
from loans.choices import MoveKind, ReviewState, ScanDesk, ScanOutcome
from loans.models import Consignment, MissingCopy, ReturnVisit, Scan, Stocktake
from loans.services.answers import ScanAnswer, answer_of, outcome_of
from loans.services.claiming import close_case_as_found
from loans.services.custody import Move, move_copies
from loans.services.judging import (
    SEEN,
    TAKES_BACK,
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

# What a scan of each reason moves; counting moves nothing.
TAKES: Mapping[str, str] = {
    "picked": MoveKind.PICK,
    "found_again": MoveKind.FIND,
    "returned": MoveKind.RETURN,
    "returned_worn": MoveKind.RETURN,
    "returned_damaged": MoveKind.RETURN,
    "returned_for_other": MoveKind.RETURN,
}


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


@transaction.atomic
def take_reads(place: Place, reads: Sequence[Read], actor: User) -> list[ScanAnswer]:
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
    seen: dict[str, Scan] = {}
    if isinstance(place, Stocktake) and reads:
        seen = _scanned_before(place, books, SEEN)
    elif isinstance(place, ReturnVisit):
        # Only a book that is out no more can have come back in this visit.
        seen = _scanned_before(place, [code for code, book in books.items() if book.line is None], TAKES_BACK)
    foreign: dict[str, Copy] = {}
    if not isinstance(place, Stocktake):
        foreign = foreign_copies(place.lender_id, {read.barcode for read in reads} - books.keys())
    if isinstance(place, ReturnVisit):
        note_strays(place, foreign.values(), actor=actor)
    found: dict[Read, Judgement] = {}
    for read in reads:
        book = books.get(read.barcode, UNKNOWN)
        if closed and book.copy is not None:
            found[read] = "desk_closed", {"title": book.copy.title.title, "barcode": read.barcode}
        elif isinstance(place, Consignment):
            found[read] = judge_pick(place, book, read.barcode, foreign)
        elif isinstance(place, ReturnVisit):
            found[read] = judge_return(
                place,
                book,
                read.barcode,
                read.condition,
                for_others=read.for_others,
                foreign=foreign,
                earlier=seen,
            )
        else:
            found[read] = judge_count(place, book, read.barcode, seen)
    return found


def _scanned_before(place: Place, codes: Iterable[str], reasons: AbstractSet[str]) -> dict[str, Scan]:
    """The accepted scans of these codes at this place, by code; no statement for none."""
    wanted = list(codes)
    rows = place.scans.filter(barcode__in=wanted, reason__in=reasons, undone_at__isnull=True)
    return {row.barcode: row for row in rows.select_related("actor")} if wanted else {}


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
