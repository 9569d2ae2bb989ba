"""The scan desks: each code answered at once, wrong copies refused with the reason, a scan taken back (L3, L6).

A refused scan is an answer and a row, not an exception: only missing rights and a wrong state raise. The number of
statements is the same for one code and for some hundreds. What was scanned without a connection has happened: it is kept
even where the state is wrong by now, and a refused one stands in the list of what a person decides (``reviewing``).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.catalogue.choices import Condition
from libraries.catalogue.models import Copy
from libraries.models import User
from loans.choices import MoveKind, ScanDesk
from loans.models import Consignment, ReturnVisit, Scan, Stocktake
from loans.services.answers import ScanAnswer, outcome_of, sentence_of
from loans.services.custody import Move, move_copies, require_condition
from loans.services.judging import (
    SEEN,
)
from loans.services.places import Place, ask_place, counts_of, hold_place
from loans.services.stepping import roles_of
from loans.services.taking import Read, take_reads

# One visit of the van never carries more, and an answer that names each refused book stays readable.
MOST_AT_ONCE = 500
# By which move a scan of each reason is taken back; counting moves nothing, so there nothing moves back.
UNDOES: Mapping[str, str] = {
    "picked": MoveKind.UNPICK,
    "returned": MoveKind.UNRETURN,
    "returned_worn": MoveKind.UNRETURN,
    "returned_damaged": MoveKind.UNRETURN,
    "returned_for_other": MoveKind.UNRETURN,
}
UNDONE: Mapping[str, str] = {MoveKind.UNPICK: "put_back", MoveKind.UNRETURN: "return_undone"}
UNDOABLE = frozenset(UNDOES) | SEEN


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
    return take_reads(place, [read], actor)[0]


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
    return take_reads(place, reads, actor)


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
