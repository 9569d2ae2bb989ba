"""Who somebody is toward a request for a visit, and the one way in which it moves (M7)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kerjasama.domain.lifecycle import Life
from kerjasama.domain.links import digest_of, looks_like_token
from libraries.models import User
from mobile_service.lifecycle import REQUEST
from mobile_service.models import VisitRequest
from mobile_service.services import stepping


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """The stranger who opened the secret link of one request. Only ``holder_of`` makes one."""

    request_id: UUID


Actor = User | LinkHolder


def holder_of(token: str) -> tuple[VisitRequest, LinkHolder] | None:
    """The request that a secret link is about; None for a link that is none, or has ended."""
    if not looks_like_token(token):
        return None
    row = VisitRequest.objects.for_list().filter(link_digest=digest_of(token)).first()
    return (row, LinkHolder(row.pk)) if row is not None else None


def lock_request(request: VisitRequest) -> VisitRequest:
    """The fresh row, locked. A request is locked before vehicles, trips and visits."""
    return (
        VisitRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "partner", "stop__office", "stop__partner", "proposed_vehicle")
        .get(pk=request.pk)
    )


def roles_toward_request(actor: Actor | None, request: VisitRequest) -> set[str]:
    """Roles by side. A link proves a mailbox only where it went to one; one who gave a telephone is called."""
    if isinstance(actor, LinkHolder):
        if actor.request_id != request.pk:
            return set()
        return {"asker:link", "asker:mailbox"} if request.asker_email else {"asker:link"}
    return set(stepping.roles_of(actor, request))


def ask_life(action: str, request: VisitRequest, actor: Actor | None) -> None:
    """Raises NotPermitted or TransitionRefused, before anything costly is reckoned."""
    REQUEST.ask(action, request.status, roles_toward_request(actor, request))


def take_step(
    life: Life, action: str, request: VisitRequest, *, actor: Actor | None, note: str = "", **fields: Any
) -> None:
    """Move a locked request and write its event, as whoever acts."""
    stepping.take_step(
        life,
        action,
        request,
        actor=actor if isinstance(actor, User) else None,
        note=note,
        roles=roles_toward_request(actor, request),
        marks={"by_link": isinstance(actor, LinkHolder)},
        **fields,
    )
