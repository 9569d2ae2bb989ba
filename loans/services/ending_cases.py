"""Cases that end without the school: written off, or a report that is taken back; and the last letter before that (L8)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from kerjasama.domain.lifecycle import CLOCK
from libraries.catalogue.choices import CopyPlace
from libraries.choices import PaperKind, Tone
from libraries.models import User
from libraries.services.notices import settle
from loans.choices import CaseKind, CaseStatus, ConsignmentStatus, MoveKind
from loans.lifecycle import CASE
from loans.models import Case
from loans.services.case_letters import compose_warning
from loans.services.claiming import lock_case, take_out_of_stock
from loans.services.custody import Move, move_copies
from loans.services.demanding import day_to_come, issue_letter, tell, term_of
from loans.services.printing import compose_settlement
from loans.services.stepping import roles_of, take_step


@transaction.atomic
def extend_case(*, case: Case, actor: User, due_on: date, note: str = "") -> Case:
    """The school is given more time. Raises InvalidInput (``date_past``, ``not_later``)."""
    fresh = lock_case(case)
    CASE.ask("extend", fresh.status, roles_of(actor, fresh))
    due = day_to_come(fresh, due_on)
    if due <= fresh.due_on:
        raise InvalidInput("not_later", _("Choose a day after the one that holds now."), field="due_on")
    take_step(CASE, "extend", fresh, actor=actor, note=note.strip(), due_on=due)
    settle(fresh.pk)
    tell(fresh, "case_assessed", Tone.CALM, to_partner=True)
    return fresh


@transaction.atomic
def warn_partner(*, case: Case, actor: User, note: str = "") -> Case:
    """The last reminder: a letter to the head with the agreement's clause, once the day has passed.

    Raises Conflict (``not_late``).
    """
    fresh = lock_case(case)
    CASE.ask("warn", fresh.status, roles_of(actor, fresh))
    today = clock.today(fresh.lender.zone)
    late = fresh.days_late(today)
    if not late:
        raise Conflict(
            "not_late",
            _("The day has not passed yet. The letter is for what is late; reminders go out by themselves."),
        )
    term = term_of(fresh)
    letter = issue_letter(
        fresh,
        actor=actor,
        title=lambda: _("Reminder of a replacement: %(title)s") % {"title": fresh.copy.title.title},
        template="case_letter",
        compose=lambda number, verification: compose_warning(
            fresh,
            number,
            verification,
            today,
            days=late,
            replacement_days=term.replacement_days if term else 0,
        ),
    )
    take_step(CASE, "warn", fresh, actor=actor, note=note.strip(), warning=letter)
    settle(fresh.pk, rules=["replacement"])
    tell(fresh, "case_warned", Tone.LATE, to_partner=True, rung=late)
    return fresh


@transaction.atomic
def write_off_case(*, case: Case, actor: User, number: str, note: str, with_record: bool = True) -> Case:
    """Nothing can be had any more: the copy leaves the stock by a decision, and the case is closed as a loss.

    Raises InvalidInput (``number``, ``note``), Conflict (``not_home``: a damaged book that is still out).
    """
    fresh = lock_case(case)
    CASE.ask("write_off", fresh.status, roles_of(actor, fresh))
    decision = _number(number)
    if not note.strip():
        raise InvalidInput(
            "note", _("Write why nothing can be had; it is printed on the record."), field="note"
        )
    today = clock.today(fresh.lender.zone)
    if not take_out_of_stock(fresh, actor, today, note=decision) and fresh.copy.place != CopyPlace.WITHDRAWN:
        raise Conflict(
            "not_home",
            _(
                "The damaged book is not back on the shelf. Take it back at the return desk first, then write it off."
            ),
            facts={"place": fresh.copy.place},
        )
    fresh.write_off_number, fresh.reason, fresh.settled_on = decision, note.strip(), today
    take_step(
        CASE,
        "write_off",
        fresh,
        actor=actor,
        note=f"{decision}: {note.strip()}",
        write_off_number=decision,
        reason=note.strip(),
        settled_on=today,
    )
    if with_record:
        _record(fresh, actor)
    settle(fresh.pk)
    tell(fresh, "case_settled", Tone.CALM, to_partner=True)
    return fresh


@transaction.atomic
def note_write_off(*, case: Case, actor: User, number: str) -> Case:
    """The number of the list or decision by which the copy of a closed case left the inventory; a write-off gets its record."""
    fresh = lock_case(case)
    CASE.ask("note_write_off", fresh.status, roles_of(actor, fresh))
    decision = _number(number)
    take_step(CASE, "note_write_off", fresh, actor=actor, note=decision, write_off_number=decision)
    if fresh.status == CaseStatus.WRITTEN_OFF and fresh.settlement_record_id is None:
        _record(fresh, actor)
    return fresh


@transaction.atomic
def retract_report(*, case: Case, actor: User, note: str) -> Case:
    """The report was a mistake and the book is still at the school: it stands on its list again.

    Raises InvalidInput (``note``), Conflict (``delivery_closed``: all other books are back, so it has to be given back).
    """
    fresh = lock_case(case)
    CASE.ask("retract", fresh.status, roles_of(actor, fresh))
    if not note.strip():
        raise InvalidInput("note", _("Write why the report is taken back."), field="note")
    if fresh.kind == CaseKind.LOST:
        if fresh.line.consignment.status == ConsignmentStatus.CLOSED:
            raise Conflict(
                "delivery_closed",
                _(
                    "All other books of this delivery are back. Give the book to the library: then the matter is closed."
                ),
            )
        move_copies(
            [Move(fresh.copy_id, fresh.line_id)],
            kind=MoveKind.UNLOSE,
            partner_id=fresh.partner_id,
            actor=actor,
            on=clock.today(fresh.lender.zone),
        )
    take_step(CASE, "retract", fresh, actor=actor, note=note.strip())
    settle(fresh.pk)
    return fresh


def reopen_case(case: Case, *, actor: User) -> None:
    """Undo the write-off of a locked case: the copy is lost again, or damaged on the shelf, and is owed as before (U14).

    Called within the transaction of the undoing. Raises Conflict (``recorded``) where a record was issued since.
    """
    if case.settlement_record_id is not None:
        raise Conflict("recorded", _("A record of the write-off was issued since."))
    lost = case.kind == CaseKind.LOST
    move_copies(
        [Move(case.copy_id, case.line_id if lost else None)],
        kind=MoveKind.RELOSE if lost else MoveKind.RESTORE,
        partner_id=case.partner_id,
        actor=actor,
        on=clock.today(case.lender.zone),
        note=case.write_off_number,
    )
    facts: dict[str, Any] = {"write_off_number": "", "reason": "", "settled_on": None}
    if case.demand:
        take_step(CASE, "reopen", case, actor=actor, roles={CLOCK}, **facts)
    else:
        take_step(CASE, "reopen_report", case, actor=actor, roles={CLOCK}, **facts)
    settle(case.pk, rules=["case_settled"])


def _record(case: Case, actor: User) -> None:
    """The record of the write-off, with both numbers of the copy and that of the decision."""
    on = case.settled_on or clock.today(case.lender.zone)
    case.settlement_record = issue_letter(
        case,
        actor=actor,
        kind=PaperKind.SETTLEMENT,
        title=lambda: _("Write-off of case %(code)s") % {"code": case.code},
        template="settlement_record",
        compose=lambda number, verification: compose_settlement(case, number, verification, on),
        on=on,
    )
    case.save(update_fields=["settlement_record", "updated_at"])


def _number(number: str) -> str:
    if not number.strip():
        raise InvalidInput(
            "number",
            _("Enter the number of the write-off list or of the decision."),
            field="number",
        )
    return number.strip()[:120]
