"""The scan desk: each scan answered at once, wrong copies refused with the reason, a scan taken back (L3, L6).

A refused scan is an answer and a row, not an exception: only missing rights and a wrong state raise. The number of
statements is the same for every scan.
"""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy
from libraries.models import User
from loans.choices import OPEN_LINES, LineStatus, MoveKind, ScanDesk, ScanOutcome
from loans.lifecycle import CONSIGNMENT, RETURN_VISIT
from loans.models import Consignment, LoanLine, ReturnVisit, Scan
from loans.services.answers import ScanAnswer, outcome_of, sentence_of
from loans.services.claiming import close_case_as_found, code_of_open_case
from loans.services.custody import Move, move_copies, require_condition
from loans.services.locking import hold_consignment, hold_visit
from loans.services.missing import sight
from loans.services.stepping import roles_of


def scan(
    *,
    desk: str,
    barcode: str,
    actor: User,
    consignment: Consignment | None = None,
    return_visit: ReturnVisit | None = None,
    client_event_id: UUID | None = None,
    condition: str = Condition.GOOD,
) -> ScanAnswer:
    """Answer one scan at the packing desk (with ``consignment``) or the return desk (with ``return_visit``).

    A ``client_event_id`` that was seen before gets its first answer again and changes nothing. Raises NotPermitted,
    TransitionRefused, InvalidInput (``no_desk``).
    """
    require_condition(condition)
    with transaction.atomic():
        if desk == ScanDesk.PICK and consignment is not None:
            return _scan_pick(hold_consignment(consignment), barcode.strip(), actor, client_event_id)
        if desk == ScanDesk.RETURN and return_visit is not None:
            return _scan_return(hold_visit(return_visit), barcode.strip(), actor, client_event_id, condition)
    raise InvalidInput("no_desk", _("Say which delivery or which return visit this scan belongs to."))


@transaction.atomic
def undo_scan(*, scan: Scan, actor: User) -> ScanAnswer:
    """Take an accepted scan back with one key. Raises Conflict when it was taken back already or changed nothing."""
    if scan.consignment is not None:
        place: Consignment | ReturnVisit = hold_consignment(scan.consignment)
        CONSIGNMENT.ask("dispatch", place.status, roles_of(actor, place))
    else:
        assert scan.return_visit is not None
        place = hold_visit(scan.return_visit)
        RETURN_VISIT.ask("finish", place.status, roles_of(actor, place))
    row = (
        Scan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("line__copy__title")
        .get(pk=scan.pk)
    )
    undoable = {
        "picked": MoveKind.UNPICK,
        "returned": MoveKind.UNRETURN,
        "returned_worn": MoveKind.UNRETURN,
        "returned_damaged": MoveKind.UNRETURN,
    }
    if row.undone_at is not None or row.reason not in undoable or row.line is None:
        raise Conflict(
            "nothing_to_undo",
            _("This scan cannot be taken back: it changed nothing, or was taken back already."),
        )
    kind = undoable[row.reason]
    if kind == MoveKind.UNRETURN:
        _require_unbound(row.line.copy)
    move_copies(
        [Move(row.line.copy_id, row.line.pk)],
        kind=kind,
        partner_id=place.partner_id,
        actor=actor,
        on=clock.today(place.lender.zone),
    )
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    reason = "put_back" if kind == MoveKind.UNPICK else "return_undone"
    facts = {"title": row.line.copy.title.title}
    count, total = _counts(place)
    return ScanAnswer(
        outcome_of(reason),
        reason,
        sentence_of(reason, facts),
        row.barcode,
        facts["title"],
        row.pk,
        row.line.pk,
        count,
        total,
        facts=facts,
    )


def answer_of(row: Scan, count: int = 0, total: int = 0) -> ScanAnswer:
    """A stored scan as the answer it was given, in the reader's language now."""
    return ScanAnswer(
        row.outcome,
        row.reason,
        sentence_of(row.reason, row.facts),
        row.barcode,
        row.facts.get("title", ""),
        row.pk,
        row.line_id,
        count,
        total,
        row.reason == "not_on_list",
        row.facts,
    )


def _scan_pick(consignment: Consignment, barcode: str, actor: User, event_id: UUID | None) -> ScanAnswer:
    CONSIGNMENT.ask("dispatch", consignment.status, roles_of(actor, consignment))
    if (earlier := _seen(event_id, consignment)) is not None:
        return answer_of(earlier, *_counts(consignment))
    line = _open_line(consignment.lender_id, barcode)
    reason, facts = _judge_pick(consignment, line, barcode)
    if reason == "picked":
        assert line is not None
        move_copies(
            [Move(line.copy_id, line.pk, line.copy.condition)],
            kind=MoveKind.PICK,
            partner_id=consignment.partner_id,
            actor=actor,
            on=clock.today(consignment.lender.zone),
        )
    return _record(ScanDesk.PICK, consignment, barcode, reason, facts, line, actor, event_id)


def _judge_pick(consignment: Consignment, line: LoanLine | None, barcode: str) -> tuple[str, dict[str, Any]]:
    """Why a scanned barcode belongs into this box, or why not."""
    if line is None:
        return _judge_unlisted(consignment, barcode)
    copy = line.copy
    facts: dict[str, Any] = {"title": copy.title.title, "barcode": barcode}
    if line.consignment_id != consignment.pk:
        facts |= {"partner": str(line.consignment.partner), "code": line.consignment.code}
        if line.status == LineStatus.LOST:
            return "lost", facts | {"code": code_of_open_case(line)}
        return ("with_partner" if line.status == LineStatus.OUT else "on_other_list"), facts
    if line.status == LineStatus.PICKED:
        assert line.picked_at is not None
        at = line.picked_at.astimezone(ZoneInfo(consignment.lender.zone))
        return "already_scanned", facts | {"time": f"{at:%H.%M}", "who": str(line.picked_by or "")}
    if copy.condition == Condition.DAMAGED:
        return "damaged", facts
    if not copy.may_travel:
        return "stays_here", facts
    # Line and copy were locked together, so this is the present: another desk may have come first.
    return ("picked" if copy.place == CopyPlace.SHELF else "taken_meanwhile"), facts


def _judge_unlisted(consignment: Consignment, barcode: str) -> tuple[str, dict[str, Any]]:
    if not barcode:
        return "empty_barcode", {}
    copy = (
        Copy.objects.select_related("title", "holder")
        .filter(owner_id=consignment.lender_id, barcode=barcode)
        .first()
    )
    if copy is None:
        return "unknown_barcode", {"barcode": barcode}
    facts: dict[str, Any] = {"title": copy.title.title, "barcode": barcode}
    if copy.place == CopyPlace.WITHDRAWN:
        return "withdrawn", facts
    if copy.condition == Condition.DAMAGED:
        return "damaged", facts
    return ("not_on_list" if copy.may_travel else "stays_here"), facts


def _scan_return(
    visit: ReturnVisit, barcode: str, actor: User, event_id: UUID | None, condition: str
) -> ScanAnswer:
    RETURN_VISIT.ask("finish", visit.status, roles_of(actor, visit))
    if (earlier := _seen(event_id, visit)) is not None:
        return answer_of(earlier, *_counts(visit))
    line = _open_line(visit.lender_id, barcode)
    reason, facts = judge_return(visit, line, barcode, condition)
    if reason in TAKES_BACK:
        assert line is not None
        move_copies(
            [Move(line.copy_id, line.pk, condition)],
            kind=MoveKind.FIND if reason == "found_again" else MoveKind.RETURN,
            partner_id=visit.partner_id,
            actor=actor,
            on=visit.on,
            visit_id=visit.pk,
        )
        if reason == "found_again":
            facts["code"] = close_case_as_found(line, actor=actor)
    return _record(ScanDesk.RETURN, visit, barcode, reason, facts, line, actor, event_id)


TAKES_BACK = frozenset({"returned", "returned_worn", "returned_damaged", "found_again"})


def judge_return(
    visit: ReturnVisit, line: LoanLine | None, barcode: str, condition: str
) -> tuple[str, dict[str, Any]]:
    """Whether a scanned barcode comes back from this partner, and how it is to be answered."""
    if not barcode:
        return "empty_barcode", {}
    if line is None or line.status in (LineStatus.PROPOSED, LineStatus.PICKED):
        copy = (
            line.copy
            if line
            else Copy.objects.select_related("title")
            .filter(owner_id=visit.lender_id, barcode=barcode)
            .first()
        )
        if copy is None:
            return "unknown_barcode", {"barcode": barcode}
        return "not_out", {"title": copy.title.title, "barcode": barcode}
    facts: dict[str, Any] = {"title": line.copy.title.title, "barcode": barcode}
    if line.consignment.partner_id != visit.partner_id:
        return "with_other_partner", facts | {"partner": str(line.consignment.partner)}
    if line.status == LineStatus.LOST:
        return "found_again", facts
    if condition == Condition.DAMAGED:
        return "returned_damaged", facts
    return ("returned_worn" if condition == Condition.WORN else "returned"), facts


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


def _open_line(lender_id: UUID, barcode: str) -> LoanLine | None:
    """The one open line of the lender's copy with this barcode, with its copy, both locked."""
    return (
        LoanLine.objects.select_for_update(of=("self", "copy"), no_key=True)
        .select_related("copy__title", "consignment__partner", "picked_by")
        .filter(copy__owner_id=lender_id, copy__barcode=barcode, status__in=OPEN_LINES)
        .first()
    )


def _seen(event_id: UUID | None, place: Consignment | ReturnVisit) -> Scan | None:
    """The scan of this desk that was sent with the id before. Raises Conflict when the id was used at another desk."""
    row = Scan.objects.filter(client_event_id=event_id).first() if event_id else None
    if row is not None and place.pk not in (row.consignment_id, row.return_visit_id):
        raise Conflict("event_id_used", _("This scan was sent before, at another desk. Scan the book again."))
    return row


def _record(
    desk: str,
    place: Consignment | ReturnVisit,
    barcode: str,
    reason: str,
    facts: dict[str, Any],
    line: LoanLine | None,
    actor: User,
    event_id: UUID | None,
) -> ScanAnswer:
    if line is None and barcode and sight(place.lender_id, [barcode], actor):
        facts = {**facts, "turned_up": True}
    outcome = outcome_of(reason)
    row = Scan(
        desk=desk,
        consignment=place if isinstance(place, Consignment) else None,
        return_visit=place if isinstance(place, ReturnVisit) else None,
        barcode=barcode[:80],
        line=line if outcome != ScanOutcome.ERROR else None,
        outcome=outcome,
        reason=reason,
        facts=facts,
        actor=actor,
        at=clock.now(),
    )
    if event_id is not None:
        row.client_event_id = event_id
    row.save(force_insert=True)
    return answer_of(row, *_counts(place))


def _counts(place: Consignment | ReturnVisit) -> tuple[int, int]:
    """Packing: scanned of all on the list. Returning: back in this visit, of that and what is still out."""
    if isinstance(place, Consignment):
        figures = place.lines.aggregate(
            done=Count("pk", filter=Q(status=LineStatus.PICKED)),
            all=Count("pk", filter=Q(status__in=OPEN_LINES)),
        )
        return figures["done"], figures["all"]
    figures = LoanLine.objects.filter(
        consignment__partner_id=place.partner_id, consignment__lender_id=place.lender_id
    ).aggregate(
        done=Count("pk", filter=Q(returned_to=place)), left=Count("pk", filter=Q(status=LineStatus.OUT))
    )
    return figures["done"], figures["done"] + figures["left"]
