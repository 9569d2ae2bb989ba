"""The one way in which an agreement moves: lock, read again, ask its table, write few fields, write the event."""

from typing import Any

from django.utils.translation import gettext as _

from agreements.lifecycle import life_of
from agreements.models import Agreement, AgreementEvent
from kerjasama.domain import clock
from kerjasama.domain.errors import TransitionRefused
from kerjasama.domain.lifecycle import CLOCK
from libraries.access import roles_toward
from libraries.models import User


def lock_agreement(agreement: Agreement) -> Agreement:
    """The fresh row, locked. Must be called inside a transaction; agreements are locked before anything else."""
    return (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "partner")
        .get(pk=agreement.pk)
    )


def roles_of(actor: User | None, agreement: Agreement) -> set[str]:
    """Roles toward the agreement; no actor means the clock."""
    return {CLOCK} if actor is None else roles_toward(actor, office=agreement.office_id)


def take_step(
    agreement: Agreement, action: str, *, actor: User | None, note: str = "", **fields: Any
) -> Agreement:
    """Move a locked agreement by ``action`` and write its event. ``fields`` are saved with the state.

    Raises NotPermitted or TransitionRefused, as the table says; TransitionRefused (``not_for_this_kind``) for an act
    that written agreements know and implicit ones do not.
    """
    roles = roles_of(actor, agreement)
    life = life_of(agreement.kind)
    if action not in life.actions:
        raise TransitionRefused(
            "not_for_this_kind",
            _(
                "An unwritten agreement is not signed on paper: bring it into force when its evidence is complete."
            ),
            facts={"state": agreement.status, "allowed": life.available(agreement.status, roles)},
        )
    row = life.ask(action, agreement.status, roles)
    before = agreement.status
    for name, value in fields.items():
        setattr(agreement, name, value)
    agreement.status = row.target or before
    agreement.version += 1
    agreement.save(update_fields=["status", "version", "updated_at", *fields])
    AgreementEvent.objects.create(
        subject=agreement,
        action=action,
        from_state=before,
        to_state=agreement.status,
        actor=actor,
        at=clock.now(),
        note=note,
    )
    return agreement
