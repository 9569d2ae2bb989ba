"""Scans that were made without a connection and were refused when they arrived: a person decides what is to be done.

What was scanned has happened, so it is never thrown away (``scanning``). It is done after all where that is possible
now, or noted with a remark; either way the row keeps who decided, and when.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import roles_toward
from libraries.catalogue.choices import Condition
from libraries.models import User
from loans.choices import (
    ConsignmentStatus,
    LineStatus,
    ReviewState,
    ScanDesk,
    ScanOutcome,
    StocktakeStatus,
    VisitStatus,
)
from loans.lifecycle import DESK
from loans.models import LoanLine, Scan, StocktakeLine
from loans.services.answers import ScanAnswer
from loans.services.judging import UNKNOWN, find_books
from loans.services.proposing import add_line
from loans.services.returning import open_return_visit
from loans.services.scanning import scan as take_scan

# Fixes by name, for the doors: which of them may help depends on the desk and the present.
FIXES = ("put_on_list", "take_back", "count_as_seen")


def fix_of(row: Scan) -> str:
    """What may mend a refused scan now; "" where it can only be noted. Whether it succeeds, the rules say."""
    if row.desk == ScanDesk.PICK:
        may = row.consignment is not None and row.consignment.status == ConsignmentStatus.PICKING
        return "put_on_list" if may and row.reason in ("not_on_list", "desk_closed") else ""
    if row.desk == ScanDesk.RETURN:
        return "take_back" if row.reason in ("with_other_partner", "desk_closed") else ""
    closed = row.stocktake is not None and row.stocktake.status == StocktakeStatus.CLOSED
    return "count_as_seen" if closed and row.reason == "desk_closed" else ""


@transaction.atomic
def mend_scan(*, scan: Scan, actor: User) -> Scan:
    """Do after all what the scan was for: put the book on the list, take it back, count it as seen.

    Raises NotPermitted, Conflict (``reviewed``, ``cannot_be_mended``, or the reason why it is still refused).
    """
    # The row is locked last: the verbs below lock deliveries and books first, as everybody does.
    row = _undecided(Scan.objects.select_related("consignment", "return_visit", "stocktake").get(pk=scan.pk))
    _require_desk(row, actor)
    fix = fix_of(row)
    if fix == "put_on_list":
        assert row.consignment is not None
        add_line(consignment=row.consignment, barcode=row.barcode, actor=actor)
        _require_done(
            take_scan(desk=ScanDesk.PICK, consignment=row.consignment, barcode=row.barcode, actor=actor)
        )
    elif fix == "take_back":
        _take_back(row, actor)
    elif fix == "count_as_seen":
        _count_as_seen(row)
    else:
        raise Conflict(
            "cannot_be_mended",
            _("Nothing can be done about this scan any more. Note it with a remark, or open the copy."),
        )
    return _decide(row, ReviewState.DONE, actor)


@transaction.atomic
def note_scan(*, scan: Scan, actor: User, note: str) -> Scan:
    """Nothing is done, and why. Raises NotPermitted, InvalidInput (``note``), Conflict (``reviewed``)."""
    row = _undecided(scan)
    _require_desk(row, actor)
    if not note.strip():
        raise InvalidInput("note", _("Say in a few words why nothing needs to be done."), field="note")
    return _decide(row, ReviewState.NOTED, actor, note.strip()[:300])


def _undecided(row: Scan) -> Scan:
    if row.review != ReviewState.OPEN:
        raise Conflict("reviewed", _("A colleague has decided about this scan already. Reload the list."))
    return row


def _require_desk(row: Scan, actor: User) -> None:
    if not roles_toward(actor, lender=row.place.lender_id) & DESK:
        raise NotPermitted(
            "role_missing", _("Only the circulation desk or an officer decides about refused scans.")
        )


def _decide(row: Scan, state: str, actor: User, note: str = "") -> Scan:
    """Whoever comes second finds it decided: their work is rolled back with the refusal."""
    fresh = _undecided(Scan.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk))
    fresh.review, fresh.reviewed_at, fresh.reviewed_by, fresh.review_note = state, clock.now(), actor, note
    fresh.save(update_fields=["review", "reviewed_at", "reviewed_by", "review_note"])
    return fresh


def _require_done(answer: ScanAnswer) -> None:
    if answer.outcome == ScanOutcome.ERROR:
        raise Conflict(answer.reason, answer.sentence)


def _take_back(row: Scan, actor: User) -> None:
    """In the visit where it was scanned while that is open and fits, else in one of whoever holds the book now."""
    place = row.place
    line = find_books(place.lender_id, [row.barcode]).get(row.barcode, UNKNOWN).line
    if line is None or line.status not in (LineStatus.OUT, LineStatus.LOST):
        raise Conflict("not_out", _("This book is not out any more. Note the scan with a remark."))
    visit = row.return_visit
    assert visit is not None
    holder = line.consignment.partner
    if visit.status != VisitStatus.OPEN or visit.partner_id != holder.pk:
        visit = open_return_visit(lender=visit.lender, partner=holder, actor=actor)
    _require_done(
        take_scan(
            desk=ScanDesk.RETURN,
            return_visit=visit,
            barcode=row.barcode,
            actor=actor,
            condition=row.facts.get("condition", Condition.GOOD),
        )
    )


def _count_as_seen(row: Scan) -> None:
    """The finished stocktake is told that the book was there after all; the figures follow."""
    stocktake = row.stocktake
    assert stocktake is not None
    at = row.scanned_at or row.at
    line = (
        LoanLine.objects.select_for_update(of=("self",), no_key=True)
        .filter(countings__stocktake=stocktake, copy__barcode=row.barcode)
        .first()
    )
    if line is None:
        raise Conflict(
            "not_expected",
            _("This book was not expected there. Note the scan with a remark, or open the copy."),
        )
    line.seen_at = max(line.seen_at or at, at)
    line.save(update_fields=["seen_at"])
    late = StocktakeLine.objects.filter(stocktake=stocktake, line=line, seen_at__isnull=True)
    if late.update(seen_at=at):
        stocktake.seen_count = (stocktake.seen_count or 0) + 1
        stocktake.save(update_fields=["seen_count", "updated_at"])
