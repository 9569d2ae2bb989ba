"""The one way in which an agreement moves: lock, read again, ask its table, write few fields, write the event."""

from typing import Any

from django.utils.translation import gettext as _

from agreements.choices import ENDED, AgreementKind, AgreementStatus
from agreements.lifecycle import KEEPS, life_of
from agreements.models import Agreement, AgreementEvent
from kerjasama.domain import clock
from kerjasama.domain.errors import NotPermitted, TransitionRefused
from kerjasama.domain.lifecycle import CLOCK
from libraries.access import roles_toward
from libraries.models import Institution, User
from libraries.services.notices import settle

# What is said across the table falls silent once it is answered, or the state moves on.
TO_PARTNER = ("agreement_negotiation", "agreement_remark")
TALK = (*TO_PARTNER, "agreement_answer")
OPEN_TEXT = frozenset({AgreementStatus.DRAFT, AgreementStatus.NEGOTIATION})
NOTHING_SIGNED = OPEN_TEXT | {AgreementStatus.LEGAL_REVIEW, AgreementStatus.CANCELLED}


def lock_agreement(agreement: Agreement) -> Agreement:
    """The fresh row, locked. Must be called inside a transaction; agreements are locked before anything else."""
    return (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "partner")
        .get(pk=agreement.pk)
    )


def roles_of(actor: User | None, agreement: Agreement) -> set[str]:
    """Roles toward the agreement; no actor means the clock."""
    if actor is None:
        return {CLOCK}
    return roles_toward(actor, office=agreement.office_id, partner=agreement.partner_id)


def take_step(
    agreement: Agreement,
    action: str,
    *,
    actor: User | None,
    note: str = "",
    follows: bool = False,
    **fields: Any,
) -> Agreement:
    """Move a locked agreement by ``action`` and write its event. ``fields`` are saved with the state.

    ``follows``: the step follows from what ``actor`` did to another agreement; it is the clock's, done in their name.
    Raises NotPermitted or TransitionRefused, as the table says; TransitionRefused (``not_for_this_kind``) for an act
    that written agreements know and implicit ones do not.
    """
    roles = {CLOCK} if follows else roles_of(actor, agreement)
    life = life_of(agreement.kind)
    if action not in life.actions:
        raise TransitionRefused(
            "not_for_this_kind",
            _(
                "An unwritten agreement is not signed on paper: bring it into force when its evidence is complete."
            )
            if agreement.kind == AgreementKind.IMPLICIT
            else _("A written agreement has no review of its own: change it by an addendum."),
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
    if agreement.status in ENDED:
        settle(agreement.pk)
    elif agreement.status != before:
        settle(agreement.pk, TALK)
    return agreement


def tell_event(agreement: Agreement, action: str, *, actor: User | None, note: str = "") -> None:
    """Write down what happened to an agreement without moving it."""
    AgreementEvent.objects.create(
        subject=agreement,
        action=action,
        from_state=agreement.status,
        to_state=agreement.status,
        actor=actor,
        at=clock.now(),
        note=note,
    )


def keeps(actor: User, office: Institution) -> None:
    """Raise NotPermitted (``role_missing``) unless the actor keeps the agreements of this office."""
    if not roles_toward(actor, office=office.pk) & KEEPS:
        raise NotPermitted(
            "role_missing",
            _("Only a cooperation officer or the head of %(office)s keeps its agreements.")
            % {"office": office},
        )


def require_editable(agreement: Agreement, actor: User) -> None:
    """Text and terms may change while they are drafted and negotiated; from then on a change is an addendum (A3)."""
    if not roles_of(actor, agreement) & KEEPS:
        raise NotPermitted("role_missing", _("Only the office that keeps the agreement can change it."))
    if agreement.status not in OPEN_TEXT:
        signed = agreement.parties.filter(signed_on__isnull=False).exists()
        raise TransitionRefused(
            "not_a_draft",
            _(
                "The text and terms are frozen, because it has been signed. What has to change is agreed in an addendum."
            )
            if signed
            else _(
                "This agreement is no longer a draft, so its text and terms are frozen. Take it back to draft first."
            ),
            facts={"state": agreement.status},
        )
