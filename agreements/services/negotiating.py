"""Between the draft and the signatures: the partner reads and answers, the lawyers look (A3)."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agreements import addresses
from agreements.models import Agreement
from agreements.services.stepping import TALK, lock_agreement, roles_of, take_step
from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput
from libraries.choices import Role
from libraries.models import Institution, User
from libraries.services.notices import Announcement, announce_all, settle_where

OFFICE_READERS = (Role.OFFICER, Role.HEAD)


@transaction.atomic
def negotiate_agreement(*, agreement: Agreement, actor: User) -> Agreement:
    """Put a draft before the partner: from now on it reads the text in its portal and may answer."""
    fresh = lock_agreement(agreement)
    take_step(fresh, "negotiate", actor=actor)
    _tell(fresh, "agreement_negotiation", to_office=False)
    return fresh


@transaction.atomic
def remark_on_agreement(*, agreement: Agreement, actor: User, note: str) -> Agreement:
    """A remark of either side on the text; the other side is told."""
    fresh = lock_agreement(agreement)
    if not note.strip():
        raise InvalidInput("remark_missing", _("Write your remark."), field="note")
    take_step(fresh, "remark", actor=actor, note=note.strip())
    from_office = any(role.startswith("office:") for role in roles_of(actor, fresh))
    _answered(fresh, by=fresh.office if from_office else fresh.partner)
    _tell(fresh, "agreement_remark", to_office=not from_office, note=note.strip(), actor=actor)
    return fresh


@transaction.atomic
def agree_to_text(*, agreement: Agreement, actor: User) -> Agreement:
    """The partner says that the text is right as it stands."""
    fresh = lock_agreement(agreement)
    take_step(fresh, "agree", actor=actor)
    _answered(fresh, by=fresh.partner)
    _tell(fresh, "agreement_remark", to_office=True, note=_("We agree to the text."), actor=actor)
    return fresh


@transaction.atomic
def send_to_review(*, agreement: Agreement, actor: User) -> Agreement:
    """Have it looked at by those who know the law. What an earlier review said no longer counts."""
    fresh = lock_agreement(agreement)
    take_step(fresh, "send_to_review", actor=actor, reviewed_by="", reviewed_on=None)
    return fresh


@transaction.atomic
def pass_review(*, agreement: Agreement, actor: User, reviewed_by: str, reviewed_on: date) -> Agreement:
    """Write down who found the text in order, and when. Raises InvalidInput for a day to come."""
    fresh = lock_agreement(agreement)
    if not reviewed_by.strip():
        raise InvalidInput("reviewer_missing", _("Say who has reviewed it."), field="reviewed_by")
    if reviewed_on > clock.today(fresh.office.zone):
        raise InvalidInput("date_to_come", _("A review cannot be dated in the future."), field="reviewed_on")
    take_step(
        fresh,
        "pass_review",
        actor=actor,
        note=reviewed_by.strip(),
        reviewed_by=reviewed_by.strip(),
        reviewed_on=reviewed_on,
    )
    return fresh


@transaction.atomic
def send_back(*, agreement: Agreement, actor: User, note: str) -> Agreement:
    """The review found something: back to the table, with what has to change."""
    fresh = lock_agreement(agreement)
    if not note.strip():
        raise InvalidInput("reason_missing", _("Say what has to change."), field="note")
    take_step(fresh, "send_back", actor=actor, note=note.strip(), reviewed_by="", reviewed_on=None)
    return fresh


def _answered(agreement: Agreement, *, by: Institution) -> None:
    """Whoever answers has read what the other side said."""
    settle_where(Q(subject_id=agreement.pk, rule__in=TALK, recipient=by))


def _tell(
    agreement: Agreement, rule: str, *, to_office: bool, note: str = "", actor: User | None = None
) -> None:
    """One notice to the other side. Each act is a matter of its own, so its moment is part of what makes it unique."""
    recipient = agreement.office if to_office else agreement.partner
    at_desk = recipient.is_office
    announce_all(
        [
            Announcement(
                recipient=recipient,
                sender=agreement.office,
                rule=rule,
                rung=agreement.version,
                subject_kind="agreement",
                subject_id=agreement.pk,
                due_on=clock.today(agreement.office.zone),
                context={
                    "agreement": str(agreement),
                    "title": agreement.title,
                    "school": str(agreement.partner),
                    "lender": str(agreement.office),
                    "side": "lender" if to_office else "partner",
                    "note": note,
                    "by": str(actor) if actor else "",
                },
                path=addresses.agreement_for_desk(agreement.pk)
                if at_desk
                else addresses.agreement_for_partner(agreement.pk),
                roles=OFFICE_READERS if at_desk else (),
            )
        ]
    )
