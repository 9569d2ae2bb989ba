"""How an agreement ends: cancelled before it held, terminated with a reason, expired by the clock (A3, A10)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from agreements import addresses
from agreements.choices import AgreementStatus
from agreements.models import Agreement
from agreements.services.stepping import lock_agreement, take_step, tell_event
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.choices import PaperStatus, Role, Tone
from libraries.models import User
from libraries.services.documents import withdraw_document
from libraries.services.notices import Announcement, announce_all, settle

LIVING = (AgreementStatus.NEGOTIATION, AgreementStatus.SIGNING, AgreementStatus.ACTIVE)


@transaction.atomic
def cancel_agreement(*, agreement: Agreement, actor: User, note: str) -> Agreement:
    """Give up a draft or an unsigned agreement, with a reason."""
    fresh = lock_agreement(agreement)
    _require_reason(note)
    take_step(fresh, "cancel", actor=actor, note=note)
    if fresh.document is not None:
        withdraw_document(document=fresh.document)
    for version in fresh.paper_versions.filter(document__status=PaperStatus.COMPLETED).select_related(
        "document"
    ):
        withdraw_document(document=version.document)
    return fresh


@transaction.atomic
def terminate_agreement(*, agreement: Agreement, actor: User, note: str) -> Agreement:
    """End an agreement in force before its time, with a reason. Books out under it are still to come back."""
    fresh = lock_agreement(agreement)
    _require_reason(note)
    take_step(fresh, "terminate", actor=actor, note=note)
    settle(fresh.pk)
    flag_children(fresh, actor)
    return fresh


@transaction.atomic
def expire_agreement(*, agreement: Agreement) -> Agreement:
    """The clock ends an agreement whose last day has passed. Raises Conflict (``not_over``) before that."""
    fresh = lock_agreement(agreement)
    if fresh.ends_on is None or fresh.ends_on >= clock.today(fresh.office.zone):
        raise Conflict("not_over", _("Its last day has not passed yet."), facts={"state": fresh.status})
    take_step(fresh, "expire", actor=None)
    settle(fresh.pk)
    flag_children(fresh, None)
    return fresh


@transaction.atomic
def confirm_review(*, agreement: Agreement, actor: User, note: str, next_review_on: date) -> Agreement:
    """Both have looked at an unwritten agreement: what came of it, and when they look again (A3).

    Raises InvalidInput (``reason_missing``, ``review_not_ahead``).
    """
    fresh = lock_agreement(agreement)
    _require_reason(note)
    if next_review_on <= clock.today(fresh.office.zone):
        raise InvalidInput("review_not_ahead", _("The next review lies ahead."), field="next_review_on")
    take_step(fresh, "confirm_review", actor=actor, note=note, review_on=next_review_on)
    settle(fresh.pk, ["agreement_review"])
    return fresh


def flag_children(parent: Agreement, actor: User | None) -> int:
    """What stands under an agreement that has ended does not outlive it silently: it is told, and its office is (A4)."""
    children = list(
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .filter(parent=parent, status__in=LIVING)
        .select_related("office")
        .order_by("pk")
    )
    for child in children:
        tell_event(child, "parent_ended", actor=actor, note=str(parent))
    announce_all(
        Announcement(
            recipient=child.office,
            sender=child.office,
            rule="agreement_parent_ended",
            subject_kind="agreement",
            subject_id=child.pk,
            due_on=clock.today(child.office.zone),
            tone=Tone.DUE,
            context={
                "agreement": str(child),
                "title": child.title,
                "parent": str(parent),
                "lender": str(child.office),
                "side": "lender",
            },
            path=addresses.agreement_for_desk(child.pk),
            roles=(Role.OFFICER, Role.HEAD),
        )
        for child in children
    )
    return len(children)


def _require_reason(note: str) -> None:
    if not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; it is kept in the history."), field="note")
