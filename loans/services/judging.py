"""What a scanned code means at each desk: the book it is, and a reason out of ``answers`` with its facts.

Nothing is written here. Lines and copies are found under lock, so what is judged is the present.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy
from loans.choices import OPEN_LINES, LineStatus
from loans.models import Consignment, LoanLine, ReturnVisit, Scan, Stocktake
from loans.services.claiming import code_of_open_case

Judgement = tuple[str, dict[str, Any]]

TAKES_BACK = frozenset({"returned", "returned_worn", "returned_damaged", "returned_for_other", "found_again"})
# Seen on the shelf of the school: what is expected there, and what stands there besides.
COUNTED = "counted"
EXTRA = frozenset({"counted_lost", "counted_elsewhere", "counted_not_lent"})
SEEN = EXTRA | {COUNTED}


@dataclass(frozen=True, slots=True)
class Book:
    """What a barcode of the library stands for: the copy, and the open line that binds it. Both None: unknown."""

    copy: Copy | None = None
    line: LoanLine | None = None


UNKNOWN = Book()


def find_books(lender_id: UUID, barcodes: Iterable[str]) -> dict[str, Book]:
    """The lender's books with these barcodes, those on an open line locked with it; two statements for any number."""
    wanted = {code for code in barcodes if code}
    lines = (
        LoanLine.objects.select_for_update(of=("self", "copy"), no_key=True)
        .select_related("copy__title", "consignment__partner", "picked_by")
        .filter(copy__owner_id=lender_id, copy__barcode__in=wanted, status__in=OPEN_LINES)
        .order_by("copy_id")
    )
    found = {line.copy.barcode: Book(line.copy, line) for line in lines} if wanted else {}
    if left := wanted - found.keys():
        copies = Copy.objects.select_related("title").filter(owner_id=lender_id, barcode__in=left)
        found |= {copy.barcode: Book(copy) for copy in copies}
    return found


def judge_pick(
    consignment: Consignment, book: Book, barcode: str, foreign: Mapping[str, Copy] | None = None
) -> Judgement:
    """Why a scanned book belongs into this box, or why not. ``foreign``: copies of other libraries by their barcode."""
    line = book.line
    if line is None:
        if book.copy is None and (other := (foreign or {}).get(barcode)) is not None:
            return "unknown_barcode", {"barcode": barcode, "partner": str(other.owner)}
        return _judge_unlisted(book.copy, barcode)
    copy = line.copy
    facts: dict[str, Any] = {"title": copy.title.title, "barcode": barcode}
    if line.consignment_id != consignment.pk:
        facts |= {"partner": str(line.consignment.partner), "code": line.consignment.code}
        if line.status == LineStatus.LOST:
            return "lost", facts | {"code": code_of_open_case(line)}
        return ("with_partner" if line.status == LineStatus.OUT else "on_other_list"), facts
    if line.status == LineStatus.PICKED:
        assert line.picked_at is not None
        return "already_scanned", facts | _when(line.picked_at, consignment, line.picked_by)
    if copy.condition == Condition.DAMAGED:
        return "damaged", facts
    if not copy.may_travel:
        return "stays_here", facts
    # Line and copy were locked together, so this is the present: another desk may have come first.
    return ("picked" if copy.place == CopyPlace.SHELF else "taken_meanwhile"), facts


def _judge_unlisted(copy: Copy | None, barcode: str) -> Judgement:
    if copy is None:
        return _unknown(barcode)
    facts: dict[str, Any] = {"title": copy.title.title, "barcode": barcode}
    if copy.place == CopyPlace.WITHDRAWN:
        return "withdrawn", facts
    if copy.condition == Condition.DAMAGED:
        return "damaged", facts
    return ("not_on_list" if copy.may_travel else "stays_here"), facts


def judge_return(
    visit: ReturnVisit,
    book: Book,
    barcode: str,
    condition: str,
    *,
    for_others: bool = False,
    foreign: Mapping[str, Copy] | None = None,
    earlier: Mapping[str, Scan] | None = None,
) -> Judgement:
    """Whether a scanned book comes back from this partner, and how it is to be answered.

    What another school has is refused, unless it is taken back ``for_others`` on purpose. ``foreign``: copies of other
    libraries by their barcode. ``earlier``: what was taken back in this visit before, by barcode.
    """
    if book.copy is None:
        if (other := (foreign or {}).get(barcode)) is not None:
            whose = {"title": other.title.title, "barcode": barcode, "partner": str(other.owner)}
            return "of_other_library", whose
        return _unknown(barcode)
    facts: dict[str, Any] = {"title": book.copy.title.title, "barcode": barcode}
    line = book.line
    if line is None or line.status in (LineStatus.PROPOSED, LineStatus.PICKED):
        before = (earlier or {}).get(barcode)
        return "not_out", facts | (_when(before.at, visit, before.actor) if before else {})
    if line.consignment.partner_id != visit.partner_id:
        facts |= {"partner": str(line.consignment.partner)}
        if not for_others:
            return "with_other_partner", facts
        return ("found_again" if line.status == LineStatus.LOST else "returned_for_other"), facts
    if line.status == LineStatus.LOST:
        return "found_again", facts
    if condition == Condition.DAMAGED:
        return "returned_damaged", facts
    return ("returned_worn" if condition == Condition.WORN else "returned"), facts


def judge_count(stocktake: Stocktake, book: Book, barcode: str, seen: Mapping[str, Scan]) -> Judgement:
    """What a book means that stands on the shelf of the school. ``seen``: what was counted before, by barcode."""
    copy, line = book.copy, book.line
    if copy is None:
        owner = Copy.objects.filter(barcode=barcode).select_related("owner").first() if barcode else None
        return (
            ("other_library", {"barcode": barcode, "partner": str(owner.owner)})
            if owner
            else _unknown(barcode)
        )
    facts: dict[str, Any] = {"title": copy.title.title, "barcode": barcode}
    if (earlier := seen.get(barcode)) is not None:
        return "already_counted", facts | _when(earlier.at, stocktake, earlier.actor)
    if line is None or line.status in (LineStatus.PROPOSED, LineStatus.PICKED):
        return ("withdrawn" if copy.place == CopyPlace.WITHDRAWN else "counted_not_lent"), facts
    if line.consignment.partner_id != stocktake.partner_id:
        return "counted_elsewhere", facts
    if line.status == LineStatus.LOST:
        return "counted_lost", facts | {"code": code_of_open_case(line)}
    return COUNTED, facts


def _unknown(barcode: str) -> Judgement:
    return ("unknown_barcode", {"barcode": barcode}) if barcode else ("empty_barcode", {})


def _when(at: datetime, place: Consignment | ReturnVisit | Stocktake, who: object) -> dict[str, str]:
    """When and by whom, by the clock of the library."""
    return {"time": f"{at.astimezone(ZoneInfo(place.lender.zone)):%H.%M}", "who": str(who or "")}
