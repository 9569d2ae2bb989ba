"""What becomes of a request: taken up, welcomed, accepted into a draft, declined or withdrawn (A3, A6)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.choices import RequestSide
from agreements.lifecycle import REQUEST
from agreements.models import AgreementEvent, CooperationRequest
from agreements.services.drafting import draft_agreement
from agreements.services.requesting.drafting import draft_fields
from agreements.services.requesting.stepping import Actor, lock_request, roles_of, side_of, take_step
from agreements.services.requesting.talking import other
from agreements.services.requesting.telling import heard, tell
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.choices import Tone
from libraries.models import Institution, StoredFile, User
from libraries.services.contacts import register_person
from libraries.services.directory import register_institution


@transaction.atomic
def discuss_request(*, request: CooperationRequest, actor: User) -> CooperationRequest:
    """The office takes the matter up, for instance by telephone."""
    fresh = lock_request(request)
    take_step(REQUEST, "discuss", fresh, actor=actor)
    return fresh


@transaction.atomic
def show_interest(*, request: CooperationRequest, actor: User) -> CooperationRequest:
    """The invited partner would like to go on; the office decides what follows."""
    fresh = lock_request(request)
    take_step(REQUEST, "show_interest", fresh, actor=actor, turn=RequestSide.OFFICE)
    heard(fresh, RequestSide.PARTNER)
    tell(fresh, RequestSide.OFFICE, rule="request_answered", tone=Tone.DUE, outcome="interested")
    return fresh


@transaction.atomic
def link_institution(
    *, request: CooperationRequest, actor: User, institution: Institution
) -> CooperationRequest:
    """Say which institution of the directory the stranger speaks for. Raises Conflict (``already_known``)."""
    fresh = lock_request(request)
    REQUEST.ask("link", fresh.status, roles_of(actor, fresh))
    if fresh.institution_id is not None:
        raise Conflict(
            "already_known",
            _("This request already belongs to %(institution)s.") % {"institution": fresh.institution},
            facts={"state": fresh.status},
        )
    if institution.pk == fresh.office_id:
        raise InvalidInput(
            "same_institution", _("A library cannot ask itself to cooperate."), field="institution"
        )
    take_step(REQUEST, "link", fresh, actor=actor, note=str(institution), institution=institution)
    attachments = fresh.messages.filter(attachment__isnull=False).values("attachment")
    StoredFile.objects.filter(pk__in=attachments, counterpart__isnull=True).update(counterpart=institution)
    return fresh


@transaction.atomic
def register_asker(
    *, request: CooperationRequest, actor: User, contact: bool = True, **fields: Any
) -> CooperationRequest:
    """Enter the stranger's institution, and its contact, into the directory, and link both.

    ``fields`` are those of ``register_institution``. Raises what that raises, and what ``link_institution`` raises.
    """
    fresh = lock_request(request)
    REQUEST.ask("link", fresh.status, roles_of(actor, fresh))
    if fresh.institution_id is None:
        institution = register_institution(actor=actor, **fields)
        if contact and fresh.contact_name:
            register_person(
                actor=actor,
                institution=institution,
                name=fresh.contact_name,
                position=fresh.contact_position,
                email=fresh.contact_email,
                phone=fresh.contact_phone,
            )
    else:
        institution = fresh.institution  # type: ignore[assignment]  # refused below, with its sentence
    return link_institution(request=fresh, actor=actor, institution=institution)


@transaction.atomic
def accept_request(
    *,
    request: CooperationRequest,
    actor: User,
    kind: str,
    title: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> CooperationRequest:
    """Accept, and open a draft that already says everything that was said.

    Without dates those wished for are taken. Raises Conflict (``institution_unknown``) for a stranger whose institution is
    not in the directory yet, and whatever ``draft_agreement`` raises. Of two officers at once the second is refused.
    """
    fresh = lock_request(request)
    REQUEST.ask("accept", fresh.status, roles_of(actor, fresh))
    if fresh.institution is None:
        raise Conflict(
            "institution_unknown",
            _("Say first which institution of the directory this is, or register it."),
            facts={"state": fresh.status},
        )
    agreement = draft_agreement(
        actor=actor,
        office=fresh.office,
        partner=fresh.institution,
        kind=kind,
        **draft_fields(fresh, kind, title=title, starts_on=starts_on, ends_on=ends_on),
    )
    AgreementEvent.objects.create(
        subject=agreement,
        action="request",
        from_state=agreement.status,
        to_state=agreement.status,
        actor=actor,
        at=clock.now(),
        note=fresh.subject,
    )
    take_step(
        REQUEST,
        "accept",
        fresh,
        actor=actor,
        note=agreement.title,
        agreement=agreement,
        closed_at=clock.now(),
        turn="",
    )
    _close(fresh, RequestSide.OFFICE, "accepted")
    return fresh


@transaction.atomic
def decline_request(*, request: CooperationRequest, actor: User, note: str) -> CooperationRequest:
    """Whoever was asked says no, with a reason that the other side reads."""
    fresh = lock_request(request)
    if not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; the other side reads it."), field="note")
    take_step(
        REQUEST,
        "decline",
        fresh,
        actor=actor,
        note=note.strip(),
        closing_note=note.strip(),
        closed_at=clock.now(),
        turn="",
    )
    _close(fresh, side_of(actor, fresh), "declined")
    return fresh


@transaction.atomic
def withdraw_request(*, request: CooperationRequest, actor: Actor, note: str = "") -> CooperationRequest:
    """Whoever asked does not ask any more."""
    fresh = lock_request(request)
    take_step(
        REQUEST,
        "withdraw",
        fresh,
        actor=actor,
        note=note.strip(),
        closing_note=note.strip(),
        closed_at=clock.now(),
        turn="",
    )
    _close(fresh, side_of(actor, fresh), "withdrawn")
    return fresh


def _close(request: CooperationRequest, by: RequestSide, outcome: str) -> None:
    for side in RequestSide:
        heard(request, side)
    tell(request, other(by), rule="request_answered", outcome=outcome)
