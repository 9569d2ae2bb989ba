"""How an agreement ends: cancelled before it held, terminated with a reason, expired by the clock (A3, A10)."""

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.services.stepping import lock_agreement, take_step
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.models import User
from libraries.services.documents import withdraw_document
from libraries.services.notices import settle


@transaction.atomic
def cancel_agreement(*, agreement: Agreement, actor: User, note: str) -> Agreement:
    """Give up a draft or an unsigned agreement, with a reason."""
    fresh = lock_agreement(agreement)
    _require_reason(note)
    take_step(fresh, "cancel", actor=actor, note=note)
    if fresh.document is not None:
        withdraw_document(document=fresh.document)
    return fresh


@transaction.atomic
def terminate_agreement(*, agreement: Agreement, actor: User, note: str) -> Agreement:
    """End an agreement in force before its time, with a reason. Books out under it are still to come back."""
    fresh = lock_agreement(agreement)
    _require_reason(note)
    take_step(fresh, "terminate", actor=actor, note=note)
    settle(fresh.pk)
    return fresh


@transaction.atomic
def expire_agreement(*, agreement: Agreement) -> Agreement:
    """The clock ends an agreement whose last day has passed. Raises Conflict (``not_over``) before that."""
    fresh = lock_agreement(agreement)
    if fresh.ends_on is None or fresh.ends_on >= clock.today(fresh.office.zone):
        raise Conflict("not_over", _("Its last day has not passed yet."), facts={"state": fresh.status})
    take_step(fresh, "expire", actor=None)
    settle(fresh.pk)
    return fresh


def _require_reason(note: str) -> None:
    if not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; it is kept in the history."), field="note")
