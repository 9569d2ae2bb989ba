"""The one way in which a request to cooperate moves, and who somebody is toward it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from agreements.choices import RequestSide
from agreements.lifecycle import KEEPS
from agreements.models import CooperationRequest, RequestEvent
from kerjasama.domain import clock
from kerjasama.domain.errors import NotPermitted
from kerjasama.domain.lifecycle import CLOCK, Life
from kerjasama.domain.links import digest_of, looks_like_token
from libraries.access import roles_toward
from libraries.models import User


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """The stranger who opened the secret link of one request. Only ``holder_of`` makes one."""

    request_id: UUID


Actor = User | LinkHolder

# Who may speak for the partner's side.
PARTNER = frozenset({"partner:school_contact", "partner:officer", "partner:head", "asker:link"})


def holder_of(token: str) -> tuple[CooperationRequest, LinkHolder] | None:
    """The request that a secret link is about; None for a link that is none, or has ended."""
    if not looks_like_token(token):
        return None
    request = CooperationRequest.objects.for_list().filter(link_digest=digest_of(token)).first()
    return (request, LinkHolder(request.pk)) if request is not None else None


def lock_request(request: CooperationRequest) -> CooperationRequest:
    """The fresh row, locked. Must be called inside a transaction; a request is locked before its agreement."""
    return (
        CooperationRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "institution")
        .get(pk=request.pk)
    )


def roles_of(actor: Actor | None, request: CooperationRequest) -> set[str]:
    """Roles toward the request by side (office, partner) and by who asked whom; no actor means the clock."""
    if actor is None:
        return {CLOCK}
    if isinstance(actor, LinkHolder):
        return {"asker:link"} if actor.request_id == request.pk else set()
    partner = {"partner": request.institution_id} if request.institution_id else {}
    sides: dict[str, UUID | None] = {"office": request.office_id, **partner}
    if request.is_outreach:
        sides |= {
            "asker": request.office_id,
            "asked": request.institution_id,
            "invited": request.institution_id,
        }
    else:
        sides |= {"asked": request.office_id}
        if request.institution_id:
            sides["asker"] = request.institution_id
    return roles_toward(actor, **sides)


def side_of(actor: Actor, request: CooperationRequest) -> RequestSide:
    """For whom the actor speaks. Raises NotPermitted (``role_missing``)."""
    roles = roles_of(actor, request)
    if roles & KEEPS:
        return RequestSide.OFFICE
    if roles & PARTNER:
        return RequestSide.PARTNER
    raise NotPermitted(
        "role_missing",
        _("Only the cooperation officer, the head, or the partner itself can answer here."),
        facts={"state": request.status},
    )


def take_step(
    life: Life,
    action: str,
    request: CooperationRequest,
    *,
    actor: Actor | None,
    note: str = "",
    **fields: Any,
) -> None:
    """Move a locked request by ``action`` and write its event. Raises NotPermitted or TransitionRefused."""
    step = life.ask(action, request.status, roles_of(actor, request))
    before = request.status
    for name, value in fields.items():
        setattr(request, name, value)
    request.status = step.target or before
    request.save(update_fields=["status", "updated_at", *fields])
    write_event(request, action, actor=actor, before=before, note=note)


def write_event(
    request: CooperationRequest,
    action: str,
    *,
    actor: Actor | None,
    before: str = "",
    note: str = "",
    by_link: bool = False,
) -> None:
    """Add one event about a request, which is in its new state. ``by_link``: a stranger without a link yet."""
    RequestEvent.objects.create(
        subject=request,
        action=action,
        from_state=before,
        to_state=request.status,
        actor=None if isinstance(actor, LinkHolder) else actor,
        by_link=by_link or isinstance(actor, LinkHolder),
        at=clock.now(),
        note=note,
    )
