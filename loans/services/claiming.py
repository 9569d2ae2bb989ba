"""Loss and damage: reported, assessed with a letter, settled or found again (L8, A9)."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy
from libraries.choices import PaperKind, Role, Tone
from libraries.models import StoredFile, User
from libraries.services.notices import settle
from libraries.services.numbering import draw_code
from loans.choices import CaseKind, LineStatus, MoveKind, PleaAnswer, Settlement
from loans.duedates import replacement_due
from loans.lifecycle import CASE, CONSIGNMENT
from loans.models import Case, Consignment, LoanLine, Plea
from loans.services.closing import close_when_home
from loans.services.custody import Move, move_copies, require_condition
from loans.services.demanding import demand_of, issue_letter, tell, term_of
from loans.services.locking import lock_consignment, lock_lines
from loans.services.printing import compose_replacement_letter, compose_settlement
from loans.services.replacing import register_replacement
from loans.services.stepping import roles_of, take_step, write_event


@transaction.atomic
def report_loss(
    *, line: LoanLine, actor: User, kind: str, account: str = "", photograph: StoredFile | None = None
) -> Case:
    """A school or the desk reports that a book is lost or damaged.

    Raises Conflict (``not_out``, ``case_open``), InvalidInput (``kind``), NotPermitted, TransitionRefused.
    """
    consignment = lock_consignment(line.consignment)
    CONSIGNMENT.ask("report_loss", consignment.status, roles_of(actor, consignment))
    if kind not in CaseKind.values:
        raise InvalidInput("kind", _("Say whether the book is lost or damaged."), field="kind")
    fresh = lock_lines(Q(pk=line.pk)).get()
    if fresh.status != LineStatus.OUT:
        raise Conflict(
            "not_out",
            _("“%(title)s” does not count as being with the school now, so nothing can be reported about it.")
            % {"title": fresh.copy.title},
            facts={"state": fresh.status},
        )
    case = open_case(consignment, fresh, actor=actor, kind=kind, account=account, photograph=photograph)
    close_when_home(consignment, actor=actor)
    return case


def open_case(
    consignment: Consignment,
    line: LoanLine,
    *,
    actor: User,
    kind: str,
    account: str,
    photograph: StoredFile | None = None,
) -> Case:
    """Open a case about a locked line; a lost copy leaves the ledger's AWAY for LOST."""
    existing = Case.objects.open().filter(copy_id=line.copy_id).first()
    if existing is not None:
        raise Conflict(
            "case_open",
            _("There is already an open case about this book: %(code)s.") % {"code": existing.code},
            facts={"case": str(existing.pk)},
        )
    today = clock.today(consignment.lender.zone)
    if kind == CaseKind.LOST:
        move_copies(
            [Move(line.copy_id, line.pk)],
            kind=MoveKind.LOSE,
            partner_id=consignment.partner_id,
            actor=actor,
            on=today,
        )
    case = Case.objects.create(
        code=draw_code(office=consignment.lender, prefix="KHR"),
        kind=kind,
        line=line,
        copy_id=line.copy_id,
        lender=consignment.lender,
        partner=consignment.partner,
        reported_on=today,
        reported_by=actor,
        account=account.strip(),
        photograph=photograph,
        due_on=replacement_due(today, consignment.period.programme.replacement_days),
    )
    write_event(case, "report", actor=actor, before="")
    tell(case, "case_reported", Tone.DUE, to_partner=not roles_of(actor, case) & SCHOOL_SIDE)
    return case


@transaction.atomic
def assess_case(
    *,
    case: Case,
    actor: User,
    demand: str,
    amount: Decimal | None = None,
    due_on: date | None = None,
    note: str = "",
) -> Case:
    """What the partner is asked for, within what the agreement allows, and by when; the letter is issued.

    Raises NotPermitted (``way_not_agreed``) naming what is agreed, InvalidInput (``demand``, ``amount``, ``date_past``).
    """
    fresh = lock_case(case)
    CASE.ask("assess", fresh.status, roles_of(actor, fresh))
    term = term_of(fresh)
    asked = demand_of(fresh, demand=demand, amount=amount, due_on=due_on, term=term)
    today = clock.today(fresh.lender.zone)
    fresh.demand, fresh.amount, fresh.due_on = asked.way, asked.amount, asked.due_on
    letter = issue_letter(
        fresh,
        actor=actor,
        title=lambda: _("Replacement of a book: %(title)s") % {"title": fresh.copy.title.title},
        template="replacement_letter",
        compose=lambda number, verification: compose_replacement_letter(
            fresh, number, verification, today, replacement_days=term.replacement_days if term else 0
        ),
    )
    take_step(
        CASE,
        "assess",
        fresh,
        actor=actor,
        note=note,
        demand=asked.way,
        amount=asked.amount,
        due_on=asked.due_on,
        letter=letter,
    )
    settle(fresh.pk)
    tell(fresh, "case_assessed", Tone.DUE, to_partner=True)
    return fresh


@transaction.atomic
def settle_case(
    *,
    case: Case,
    actor: User,
    settlement: str,
    replacement_barcode: str = "",
    replacement_title: str = "",
    paid_amount: Decimal | None = None,
    reason: str = "",
    on: date | None = None,
) -> Case:
    """How it ended: replaced by a copy that is registered now, paid, or waived with its reason; a record is issued.

    Raises InvalidInput (``settlement``, ``replacement_barcode``, ``paid_amount``, ``reason``, ``date_to_come``),
    Conflict (``barcode_used``).
    """
    fresh = lock_case(case)
    CASE.ask("settle", fresh.status, roles_of(actor, fresh))
    today = clock.today(fresh.lender.zone)
    day = on or today
    if day > today:
        raise InvalidInput("date_to_come", _("A settlement cannot be dated in the future."), field="on")
    if settlement not in Settlement.values:
        raise InvalidInput("settlement", _("Choose how the case was settled."), field="settlement")
    if settlement == Settlement.WAIVED and not reason.strip():
        raise InvalidInput(
            "reason", _("A waiver needs its reason; it is printed on the record."), field="reason"
        )
    if settlement == Settlement.PRICE and (not paid_amount or paid_amount <= 0):
        raise InvalidInput("paid_amount", _("Enter the amount that was paid."), field="paid_amount")
    replacement: Copy | None = None
    if settlement in (Settlement.SAME_TITLE, Settlement.EQUAL_TITLE):
        replacement = register_replacement(
            fresh,
            barcode=replacement_barcode,
            title=replacement_title if settlement == Settlement.EQUAL_TITLE else "",
            on=day,
        )
    return close_as(
        fresh,
        "settle",
        settlement,
        actor=actor,
        on=day,
        reason=reason.strip(),
        paid_amount=paid_amount if settlement == Settlement.PRICE else None,
        replacement=replacement,
    )


def close_as(
    case: Case,
    action: str,
    settlement: str,
    *,
    actor: User,
    on: date,
    reason: str = "",
    paid_amount: Decimal | None = None,
    replacement: Copy | None = None,
) -> Case:
    """Close a locked case by a step that settles it: the copy leaves the stock, and the record is issued."""
    take_out_of_stock(case, actor, on)
    case.settlement, case.settled_on, case.reason = settlement, on, reason
    case.paid_amount, case.replacement_copy = paid_amount, replacement
    record = issue_letter(
        case,
        actor=actor,
        kind=PaperKind.SETTLEMENT,
        title=lambda: _("Settlement of case %(code)s") % {"code": case.code},
        template="settlement_record",
        compose=lambda number, verification: compose_settlement(case, number, verification, on),
        on=on,
    )
    take_step(
        CASE,
        action,
        case,
        actor=actor,
        note=reason,
        settlement=settlement,
        settled_on=on,
        paid_amount=paid_amount,
        replacement_copy=replacement,
        reason=reason,
        settlement_record=record,
    )
    settle(case.pk)
    tell(case, "case_settled", Tone.CALM, to_partner=True)
    return case


@transaction.atomic
def find_case(*, case: Case, actor: User, condition: str = Condition.GOOD) -> Case:
    """The lost book has turned up after all and is here: it goes back to the shelf and the case closes.

    Raises Conflict (``not_lost``: a damaged book was never gone).
    """
    require_condition(condition)
    fresh = lock_case(case)
    CASE.ask("find", fresh.status, roles_of(actor, fresh))
    if fresh.kind != CaseKind.LOST:
        raise Conflict(
            "not_lost",
            _("This case is about a damaged book, not a lost one. Settle it, or write the book off."),
        )
    close_plea(fresh)
    move_copies(
        [Move(fresh.copy_id, fresh.line_id, condition)],
        kind=MoveKind.FIND,
        partner_id=fresh.partner_id,
        actor=actor,
        on=clock.today(fresh.lender.zone),
    )
    take_step(CASE, "find", fresh, actor=actor)
    settle(fresh.pk)
    return fresh


def close_case_as_found(line: LoanLine, *, actor: User) -> str:
    """A copy of a locked line that was reported lost is scanned back: its case closes. Returns the case's code."""
    case = (
        Case.objects.open()
        .select_for_update(of=("self",), no_key=True)
        .select_related("lender", "partner")
        .filter(line=line)
        .first()
    )
    if case is None:
        return ""
    close_plea(case)
    take_step(CASE, "find", case, actor=actor)
    settle(case.pk)
    return case.code


def close_plea(case: Case) -> None:
    """The book is back: an offer or an objection that still waits has lost its object."""
    Plea.objects.filter(case=case, answer="").update(
        answer=PleaAnswer.WITHDRAWN, answered_on=clock.today(case.lender.zone), updated_at=clock.now()
    )


def code_of_open_case(line: LoanLine) -> str:
    """The code of the open case about a line; "" when there is none."""
    return Case.objects.open().filter(line=line).values_list("code", flat=True).first() or ""


def lock_case(case: Case) -> Case:
    """The fresh case with what its papers need, locked after its consignment and its copy.

    The copy comes before the case because the return desk, which may close the case, has scanned the copy first.
    """
    consignment = lock_consignment(case.line.consignment)
    lock_lines(Q(pk=case.line_id)).get()
    fresh = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lender", "partner", "copy__title", "line")
        .get(pk=case.pk)
    )
    fresh.line.consignment = consignment
    return fresh


SCHOOL_SIDE = frozenset({f"partner:{Role.SCHOOL_CONTACT}"})


def take_out_of_stock(case: Case, actor: User | None, on: date, note: str = "") -> bool:
    """The lost copy leaves the collection; a damaged one does when it is at home. Returns whether it did."""
    lost = case.copy.place == CopyPlace.LOST
    at_home = case.kind == CaseKind.DAMAGED and case.copy.place == CopyPlace.SHELF
    if lost or at_home:
        move_copies(
            [Move(case.copy_id, case.line_id if lost else None)],
            kind=MoveKind.WITHDRAW,
            partner_id=case.partner_id,
            actor=actor,
            on=on,
            note=note,
        )
    return lost or at_home
