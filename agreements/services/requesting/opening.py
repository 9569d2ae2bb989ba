"""How a request begins: asked in the portal, asked by a stranger and confirmed from the mailbox, or our own outreach (A6)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.choices import RequestChannel, RequestSide, RequestStatus
from agreements.lifecycle import KEEPS, REQUEST
from agreements.models import CooperationRequest
from agreements.services.requesting.stepping import Actor, lock_request, take_step, write_event
from agreements.services.requesting.telling import ask_to_confirm, tell
from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput, NotPermitted, refuse_unknown
from kerjasama.domain.links import digest_of, new_seed, token_of
from libraries.access import access_of, roles_toward
from libraries.choices import Role, Tone
from libraries.models import Institution, User

# What is wished for, whoever asks.
WISHES = frozenset({"subject", "wishes", "forms", "wanted_from", "wanted_months", "pupils", "books"})
# What a stranger says about themselves.
SELF = frozenset(
    {
        "institution_name",
        "institution_kind",
        "institution_city",
        "contact_name",
        "contact_position",
        "contact_email",
        "contact_phone",
    }
)
SPEAKS_FOR_PARTNER = frozenset({Role.SCHOOL_CONTACT, Role.OFFICER, Role.HEAD, Role.ADMINISTRATOR})


@transaction.atomic
def ask_in_portal(
    *, office: Institution, institution: Institution, actor: User, **wishes: Any
) -> CooperationRequest:
    """A partner asks a library to cooperate. Raises NotPermitted, InvalidInput, ValidationError."""
    if not access_of(actor).at(institution.pk) & SPEAKS_FOR_PARTNER:
        raise NotPermitted(
            "role_missing", _("Only people of %(institution)s can ask for it.") % {"institution": institution}
        )
    request = _begin(
        office,
        RequestChannel.PORTAL,
        RequestStatus.RECEIVED,
        RequestSide.OFFICE,
        wishes,
        institution=institution,
    )
    request.asked_by = actor
    _insert(request, actor, "ask")
    tell(request, RequestSide.OFFICE, rule="request_received", tone=Tone.DUE)
    return request


@transaction.atomic
def record_outreach(
    *, office: Institution, institution: Institution, actor: User, **wishes: Any
) -> CooperationRequest:
    """The library itself asks a partner; the partner finds it in its portal as an invitation."""
    if not roles_toward(actor, office=office.pk) & KEEPS:
        raise NotPermitted(
            "role_missing",
            _("Only a cooperation officer or the head of %(office)s invites partners.") % {"office": office},
        )
    request = _begin(
        office,
        RequestChannel.OUTREACH,
        RequestStatus.RECEIVED,
        RequestSide.PARTNER,
        wishes,
        institution=institution,
    )
    request.asked_by = actor
    _insert(request, actor, "invite")
    tell(request, RequestSide.PARTNER, rule="request_invitation", tone=Tone.DUE)
    return request


@transaction.atomic
def ask_in_public(*, office: Institution, language: str = "id", **fields: Any) -> CooperationRequest:
    """A stranger asks. Nobody is bothered before the link in the mail was opened and confirmed.

    Raises InvalidInput (``contact_missing``, ``not_an_office``, ``date_past``), ValidationError.
    """
    wishes = {name: value for name, value in fields.items() if name not in SELF}
    self_said = {name: value for name, value in fields.items() if name in SELF}
    for name, sentence in (
        ("institution_name", _("Type the name of your institution.")),
        ("contact_name", _("Type your name.")),
        ("contact_email", _("Type your e-mail address: the link to confirm goes there.")),
    ):
        if not str(self_said.get(name, "")).strip():
            raise InvalidInput("contact_missing", sentence, field=name)
    request = _begin(
        office, RequestChannel.PUBLIC, RequestStatus.UNCONFIRMED, "", wishes, language=language, **self_said
    )
    request.link_seed = new_seed()
    request.link_digest = digest_of(token_of(request.link_seed))
    _insert(request, None, "ask", by_stranger=True)
    ask_to_confirm(request)
    return request


@transaction.atomic
def confirm_request(*, request: CooperationRequest, actor: Actor) -> CooperationRequest:
    """The stranger has shown that the mailbox is theirs: from now on it is a request. Raises TransitionRefused."""
    fresh = lock_request(request)
    take_step(REQUEST, "confirm", fresh, actor=actor, asked_at=clock.now(), turn=RequestSide.OFFICE)
    tell(fresh, RequestSide.OFFICE, rule="request_received", tone=Tone.DUE)
    return fresh


def _begin(
    office: Institution, came_by: str, status: str, turn: str, wishes: dict[str, Any], **fields: Any
) -> CooperationRequest:
    if not office.is_office or not office.is_active:
        raise InvalidInput(
            "not_an_office",
            _("%(office)s does not work with this system. Choose another library.") % {"office": office},
            field="office",
        )
    refuse_unknown(wishes, WISHES)
    wanted_from = wishes.get("wanted_from")
    if wanted_from is not None and wanted_from < clock.today(office.zone):
        raise InvalidInput(
            "date_past", _("The wished start has passed. Choose a day to come."), field="wanted_from"
        )
    return CooperationRequest(
        office=office, came_by=came_by, status=status, turn=turn, asked_at=clock.now(), **wishes, **fields
    )


def _insert(
    request: CooperationRequest, actor: User | None, action: str, *, by_stranger: bool = False
) -> None:
    request.full_clean(exclude=["office", "institution", "asked_by", "agreement"])
    request.save(force_insert=True)
    write_event(request, action, actor=actor, by_link=by_stranger)
