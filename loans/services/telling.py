"""What the two sides of a loan are told by the clock: who, in which tone, with which facts and link.

Facts are frozen when a notice is made; sentences are made from them in the reader's language, when it is read.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kerjasama.domain.rungs import Ladder
from libraries.choices import Role
from libraries.models import Institution
from libraries.services.ladders import phase_of, tone_of
from libraries.services.notices import Announcement
from loans import addresses
from loans.models import Case, Consignment, Period

# Days relative to the day on which books go back; the first day late is told by the tracking of returns.
SWAP = Ladder(-14, -3, 0, 1, 3, 14, 30)
# Days relative to the first delivery of a programme.
DELIVERY = Ladder(-7, -1)
# Days relative to the last day for confirming a receipt.
RECEIPT = Ladder(1, 8)
# Days relative to the day on which a replacement is due.
REPLACEMENT = Ladder(-7, 0, 7, 14, 30)

DESK_ROLES = (Role.CIRCULATION,)


def of_swap(period: Period, *, books: int, final: bool, rung: int, today: date) -> list[Announcement]:
    """Books go back on a day (L6). ``final``: no new ones come in their place."""
    return _both_sides(
        period.programme.lender,
        period.programme.partner,
        rule="swap",
        subject=period,
        due_on=period.ends_on,
        rung=rung,
        today=today,
        facts={"books": books, "final": final},
        partner_path=addresses.holdings_for_partner(),
        # Until the day comes there are books to pick; from then on there are books to take back.
        lender_path=addresses.programme_for_desk(period.programme_id)
        if today < period.ends_on
        else addresses.swap_for_desk(period.programme_id),
    )


def of_delivery(period: Period, *, rung: int, today: date) -> list[Announcement]:
    """The first books of a programme come."""
    return _both_sides(
        period.programme.lender,
        period.programme.partner,
        rule="delivery",
        subject=period,
        due_on=period.starts_on,
        rung=rung,
        today=today,
        facts={"books": period.programme.quantity},
        partner_path=addresses.home_for_partner(),
        lender_path=addresses.programme_for_desk(period.programme_id),
    )


def of_silent_receipt(consignment: Consignment, *, books: int, rung: int, today: date) -> list[Announcement]:
    """The school has not said whether the books arrived (L5)."""
    assert consignment.confirm_by and consignment.dispatched_on
    return _both_sides(
        consignment.lender,
        consignment.partner,
        rule="receipt",
        subject=consignment,
        due_on=consignment.confirm_by,
        rung=rung,
        today=today,
        facts={"books": books, "code": consignment.code, "dispatched_on": consignment.dispatched_on},
        partner_path=addresses.receipt_for_partner(consignment.pk),
        lender_path=addresses.consignment_for_desk(consignment.pk),
    )


def of_replacement(case: Case, *, rung: int, today: date) -> list[Announcement]:
    """A lost or damaged book is to be replaced by a day (L8)."""
    return _both_sides(
        case.lender,
        case.partner,
        rule="replacement",
        subject=case,
        due_on=case.due_on,
        rung=rung,
        today=today,
        facts={"title": str(case.copy.title), "code": case.code, "kind": case.kind},
        partner_path=addresses.case_for_partner(case.pk),
        lender_path=addresses.case_for_desk(case.pk),
    )


def _both_sides(
    lender: Institution,
    partner: Institution,
    *,
    rule: str,
    subject: Period | Consignment | Case,
    due_on: date,
    rung: int,
    today: date,
    facts: Mapping[str, Any],
    partner_path: str,
    lender_path: str,
) -> list[Announcement]:
    known = {
        **facts,
        **phase_of(due_on, today),
        "due_on": due_on,
        "school": str(partner),
        "lender": str(lender),
    }

    def to(recipient: Institution, side: str, path: str, roles: tuple[Role, ...]) -> Announcement:
        return Announcement(
            recipient=recipient,
            sender=lender,
            rule=rule,
            rung=rung,
            subject_kind=subject._meta.model_name or "",
            subject_id=subject.pk,
            due_on=due_on,
            tone=tone_of(due_on, today),
            context={**known, "side": side},
            path=path,
            roles=roles,
        )

    return [to(partner, "partner", partner_path, ()), to(lender, "lender", lender_path, DESK_ROLES)]
