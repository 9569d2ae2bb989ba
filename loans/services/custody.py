"""The custody ledger: the only place where a copy changes hands (L7).

Invariant: a copy is in exactly one place. `Copy.holder` and `Copy.place` are the present, `CustodyMove` is the past,
and both are written by one statement; `check_custody` replays the past and compares.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from kerjasama.domain.identity import uuid7
from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy
from libraries.models import User
from loans.choices import LineStatus, MoveKind
from loans.models import CustodyMove

# Where a copy must be for each kind of move, and where it is after. AWAY and LOST are with the partner, the rest at home.
FROM: dict[str, frozenset[str]] = {
    MoveKind.PICK: frozenset({CopyPlace.SHELF}),
    MoveKind.UNPICK: frozenset({CopyPlace.PACKED}),
    MoveKind.DISPATCH: frozenset({CopyPlace.PACKED}),
    MoveKind.RETURN: frozenset({CopyPlace.AWAY}),
    MoveKind.UNRETURN: frozenset({CopyPlace.SHELF}),
    MoveKind.LOSE: frozenset({CopyPlace.AWAY}),
    MoveKind.FIND: frozenset({CopyPlace.LOST}),
    MoveKind.WITHDRAW: frozenset({CopyPlace.LOST, CopyPlace.SHELF}),
    MoveKind.UNLOSE: frozenset({CopyPlace.LOST}),
    MoveKind.RESTORE: frozenset({CopyPlace.WITHDRAWN}),
    MoveKind.RELOSE: frozenset({CopyPlace.WITHDRAWN}),
}
TO: dict[str, str] = {
    MoveKind.PICK: CopyPlace.PACKED,
    MoveKind.UNPICK: CopyPlace.SHELF,
    MoveKind.DISPATCH: CopyPlace.AWAY,
    MoveKind.RETURN: CopyPlace.SHELF,
    MoveKind.UNRETURN: CopyPlace.AWAY,
    MoveKind.LOSE: CopyPlace.LOST,
    MoveKind.FIND: CopyPlace.SHELF,
    MoveKind.WITHDRAW: CopyPlace.WITHDRAWN,
    MoveKind.UNLOSE: CopyPlace.AWAY,
    MoveKind.RESTORE: CopyPlace.SHELF,
    MoveKind.RELOSE: CopyPlace.LOST,
}
# What the line of a copy becomes by the move.
LINE: dict[str, str] = {
    MoveKind.PICK: LineStatus.PICKED,
    MoveKind.UNPICK: LineStatus.PROPOSED,
    MoveKind.DISPATCH: LineStatus.OUT,
    MoveKind.RETURN: LineStatus.RETURNED,
    MoveKind.UNRETURN: LineStatus.OUT,
    MoveKind.LOSE: LineStatus.LOST,
    MoveKind.FIND: LineStatus.RETURNED,
    MoveKind.WITHDRAW: LineStatus.SETTLED,
    MoveKind.UNLOSE: LineStatus.OUT,
    MoveKind.RESTORE: LineStatus.RETURNED,
    MoveKind.RELOSE: LineStatus.LOST,
}
COMES_HOME = frozenset({MoveKind.RETURN, MoveKind.FIND})


@dataclass(frozen=True, slots=True)
class Move:
    """One copy to be moved, with its line (None outside a loan) and the condition it was seen in."""

    copy_id: UUID
    line_id: UUID | None
    condition: str = ""


# Locks the copies in the order of their ids, moves those that are where they must be, writes the ledger and the lines:
# one statement whatever the number, so a hundred books cost what one costs. Rows that are elsewhere are not touched;
# the caller compares the counts and rolls everything back.
_MOVE = """
WITH asked AS (
    SELECT * FROM unnest(%(moves)s::uuid[], %(copies)s::uuid[], %(lines)s::uuid[], %(conditions)s::text[])
        AS asked (move_id, copy_id, line_id, condition)
), found AS (
    SELECT copy.id, copy.holder_id, copy.owner_id, copy.place, asked.move_id, asked.line_id, asked.condition
    FROM catalogue_copy copy JOIN asked ON asked.copy_id = copy.id
    WHERE copy.place = ANY(%(sources)s::text[])
    ORDER BY copy.id FOR NO KEY UPDATE OF copy
), moved AS (
    UPDATE catalogue_copy copy
    SET holder_id = CASE WHEN %(place)s IN ('away', 'lost') THEN %(partner)s ELSE copy.owner_id END,
        place = %(place)s, placed_at = %(at)s, updated_at = %(now)s,
        condition = CASE WHEN found.condition = '' THEN copy.condition ELSE found.condition END,
        rests_since = CASE WHEN %(home)s THEN %(on)s ELSE copy.rests_since END
    FROM found WHERE copy.id = found.id
    RETURNING copy.id, copy.holder_id
), followed AS (
    UPDATE loans_loanline line
    SET status = %(line_status)s,
        picked_at = CASE %(kind)s WHEN 'pick' THEN %(at)s WHEN 'unpick' THEN NULL ELSE line.picked_at END,
        picked_by_id = CASE %(kind)s WHEN 'pick' THEN %(actor)s WHEN 'unpick' THEN NULL ELSE line.picked_by_id END,
        box_id = CASE %(kind)s
                 WHEN 'pick' THEN (SELECT box.id FROM loans_box box
                                   WHERE box.consignment_id = line.consignment_id AND box.closed_at IS NULL)
                 WHEN 'unpick' THEN NULL ELSE line.box_id END,
        condition_out = CASE WHEN %(kind)s = 'dispatch' THEN found.condition ELSE line.condition_out END,
        condition_back = CASE WHEN %(home)s THEN found.condition WHEN %(kind)s = 'unreturn' THEN ''
                              ELSE line.condition_back END,
        returned_at = CASE WHEN %(home)s THEN %(at)s WHEN %(kind)s = 'unreturn' THEN NULL ELSE line.returned_at END,
        returned_to_id = CASE WHEN %(home)s THEN %(visit)s WHEN %(kind)s = 'unreturn' THEN NULL
                              ELSE line.returned_to_id END
    FROM found WHERE line.id = found.line_id
    RETURNING line.id
)
INSERT INTO loans_custodymove
    (id, copy_id, sequence, kind, from_holder_id, from_place, to_holder_id, to_place, line_id, condition, note, actor_id,
     at, recorded_at)
SELECT found.move_id, found.id,
       COALESCE((SELECT max(sequence) FROM loans_custodymove past WHERE past.copy_id = found.id), 0) + 1,
       %(kind)s, found.holder_id, found.place, moved.holder_id, %(place)s, found.line_id, found.condition,
       %(note)s, %(actor)s, %(at)s, %(now)s
FROM found JOIN moved ON moved.id = found.id
RETURNING copy_id
"""


def require_condition(condition: str) -> None:
    """Refuse a condition that is none, before anything is read. Raises InvalidInput (``condition``)."""
    if condition not in Condition.values:
        raise InvalidInput(
            "condition", _("Say in which condition the book is: good, worn or damaged."), field="condition"
        )


def move_copies(
    moves: Sequence[Move],
    *,
    kind: str,
    partner_id: UUID,
    actor: User | None,
    on: date,
    visit_id: UUID | None = None,
    note: str = "",
) -> None:
    """Move copies from where they must be to where ``kind`` puts them, with ledger and lines, or move none.

    ``partner_id`` holds what is away or lost. Raises Conflict (``copy_elsewhere``) naming the barcodes of copies that
    are not where the move begins: somebody else was faster. Must be called inside a transaction.
    """
    if not moves:
        return
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            {
                "moves": [uuid7() for _move in moves],
                "copies": [move.copy_id for move in moves],
                "lines": [move.line_id for move in moves],
                "conditions": [move.condition for move in moves],
                "sources": sorted(FROM[kind]),
                "place": TO[kind],
                "partner": partner_id,
                "kind": str(kind),
                "line_status": LINE[kind],
                "home": kind in COMES_HOME,
                "on": on,
                "at": now,
                "now": now,
                "actor": actor.pk if actor else None,
                "visit": visit_id,
                "note": note[:200],
            },
        )
        done = {row[0] for row in cursor.fetchall()}
    elsewhere = [move.copy_id for move in moves if move.copy_id not in done]
    if elsewhere:
        barcodes = sorted(Copy.objects.filter(pk__in=elsewhere).values_list("barcode", flat=True))
        raise Conflict(
            "copy_elsewhere",
            _("Meanwhile somebody else has moved: %(barcodes)s. Reload the page to see where they are.")
            % {"barcodes": ", ".join(barcodes[:10])},
            facts={"barcodes": barcodes},
        )


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A copy whose ledger and present disagree, and how."""

    copy_id: UUID
    barcode: str
    problem: str


def check_custody(batch: int = 5000) -> Iterator[Mismatch]:
    """Replay the whole ledger and compare it with the present: yields every disagreement, nothing when all is well.

    A ledger must begin on the owner's shelf, each move must start where the one before ended, and the last must end
    where the copy is. An open line must agree with its copy's place. Memory is bounded by ``batch``.
    """
    expected_line = {
        CopyPlace.PACKED: LineStatus.PICKED,
        CopyPlace.AWAY: LineStatus.OUT,
        CopyPlace.LOST: LineStatus.LOST,
    }
    copies = Copy.objects.order_by("pk").only("id", "barcode", "owner_id", "holder_id", "place")
    last: UUID | None = None
    while chunk := list((copies.filter(pk__gt=last) if last else copies)[:batch]):
        last = chunk[-1].pk
        keys = [copy.pk for copy in chunk]
        ledger: dict[UUID, list[CustodyMove]] = {}
        for move in CustodyMove.objects.filter(copy__in=keys).order_by("copy", "sequence"):
            ledger.setdefault(move.copy_id, []).append(move)
        lines = _bound_lines(keys)
        for copy in chunk:
            yield from _compare(copy, ledger.get(copy.pk, []), lines.get(copy.pk), expected_line)


def _bound_lines(keys: list[UUID]) -> dict[UUID, str]:
    from_lines = Copy.objects.filter(
        pk__in=keys, loan_lines__status__in=[LineStatus.PICKED, LineStatus.OUT, LineStatus.LOST]
    ).values_list("pk", "loan_lines__status")
    return dict(from_lines)


def _compare(
    copy: Copy, moves: list[CustodyMove], line: str | None, expected_line: dict[CopyPlace, LineStatus]
) -> Iterator[Mismatch]:
    holder, place = copy.owner_id, str(CopyPlace.SHELF)
    for number, move in enumerate(moves, start=1):
        if move.sequence != number:
            yield Mismatch(copy.pk, copy.barcode, f"move {number} is missing from the ledger")
            return
        if (move.from_holder_id, move.from_place) != (holder, place):
            yield Mismatch(copy.pk, copy.barcode, f"move {number} does not start where the one before ended")
            return
        holder, place = move.to_holder_id, move.to_place
    if (copy.holder_id, copy.place) != (holder, place):
        yield Mismatch(copy.pk, copy.barcode, f"the ledger ends at {place}, the copy is at {copy.place}")
    wanted = expected_line.get(CopyPlace(copy.place))
    if line != wanted:
        yield Mismatch(copy.pk, copy.barcode, f"the copy is at {copy.place}, its open line says {line}")
