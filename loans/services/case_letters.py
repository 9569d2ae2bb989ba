"""The letters that follow a demand, on paper: from a locked case to the frozen paper (L8)."""

from datetime import date
from typing import Any

from kerjasama.documents.paper import Verification
from libraries.services.letters import letterhead_of, signatory_of
from loans.models import Case, Plea
from loans.papers import CaseLetterPaper
from loans.services.printing import basis_of, claimed, kind_of, signatories


def compose_answer(
    case: Case,
    number: str,
    verification: Verification,
    on: date,
    *,
    matter: str,
    plea: Plea | None,
    reason: str,
) -> CaseLetterPaper:
    """The answer to an offer or an objection; ``matter`` is a value of ``PleaAnswer``."""
    return CaseLetterPaper(
        **_letter_of(case, number, verification, on),
        matter=matter,  # type: ignore[arg-type]
        reason=reason,
        offered=plea.title if plea else "",
        pleaded_on=plea.made_on if plea else None,
    )


def compose_warning(
    case: Case, number: str, verification: Verification, on: date, *, days: int, replacement_days: int = 0
) -> CaseLetterPaper:
    """The letter to the head when reminders were of no use."""
    return CaseLetterPaper(
        **_letter_of(case, number, verification, on),
        matter="warning",
        days_late=days,
        replacement_days=replacement_days,
    )


def _letter_of(case: Case, number: str, verification: Verification, on: date) -> dict[str, Any]:
    people = signatories(case.lender, case.partner)
    addressee = people.get(case.partner_id)
    return {
        "number": number,
        "on": on,
        "letterhead": letterhead_of(case.lender),
        "sender": signatory_of(case.lender, people.get(case.lender_id)),
        "recipient": case.partner.name,
        "recipient_address": case.partner.address,
        "attention": addressee.position if addressee else "",
        "kind": kind_of(case),
        "item": claimed(case),
        "basis": basis_of(case.line.consignment.period.programme.agreement),
        "case": case.code,
        "letter": case.letter.number if case.letter else "",
        "due_on": case.due_on,
        "way": case.demand,
        "place": case.lender.city,
        "verification": verification,
    }
