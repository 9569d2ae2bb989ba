"""What the two sides say to each other about a request: messages with attachments, and a day to meet (A6)."""

from datetime import date, time

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from agreements.choices import OPEN_REQUESTS, RequestSide, RequestStatus
from agreements.lifecycle import REQUEST
from agreements.models import CooperationRequest, RequestMessage
from agreements.services.requesting.stepping import Actor, lock_request, side_of, take_step
from agreements.services.requesting.telling import heard, tell
from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput, TransitionRefused
from kerjasama.domain.wording import plain_date
from libraries.choices import FilePurpose, Tone
from libraries.models import User
from libraries.services.documents import PAPER_LANGUAGE
from libraries.services.files import keep_upload

LONGEST = 4000
# Once accepted, the two still talk about what the draft is to say.
SPOKEN_OF = OPEN_REQUESTS | {RequestStatus.ACCEPTED}


@transaction.atomic
def write_message(
    *,
    request: CooperationRequest,
    actor: Actor,
    text: str,
    upload: "UploadedFile[bytes] | None" = None,
) -> RequestMessage:
    """Say something to the other side, with a file if there is one.

    Raises NotPermitted, TransitionRefused (``request_closed``), InvalidInput (``text_missing``, ``text_too_long`` and those
    of ``keep_upload``).
    """
    fresh = lock_request(request)
    side = side_of(actor, fresh)
    if fresh.status not in SPOKEN_OF:
        raise TransitionRefused(
            "request_closed",
            _("This request is closed. Begin a new one if there is more to say."),
            facts={"state": fresh.status},
        )
    said = text.replace("\x00", "").strip()
    if not said:
        raise InvalidInput("text_missing", _("Write a few words first."), field="text")
    if len(said) > LONGEST:
        raise InvalidInput(
            "text_too_long",
            _("The message is too long: at most %(most)s signs.") % {"most": LONGEST},
            field="text",
        )
    author = actor if isinstance(actor, User) else None
    attachment = (
        keep_upload(
            upload,
            owner=fresh.office,
            counterpart=fresh.institution,
            purpose=FilePurpose.ATTACHMENT,
            actor=author,
        )
        if upload is not None
        else None
    )
    message = RequestMessage.objects.create(
        request=fresh, side=side, author=author, at=clock.now(), text=said, attachment=attachment
    )
    if side == RequestSide.OFFICE and fresh.status == RequestStatus.RECEIVED and not fresh.is_outreach:
        take_step(REQUEST, "discuss", fresh, actor=actor)
    _pass_turn(fresh, side)
    tell(fresh, other(side), rule="request_message", tone=Tone.DUE)
    return message


@transaction.atomic
def set_meeting(
    *,
    request: CooperationRequest,
    actor: User,
    on: date,
    place: str,
    at: time | None = None,
) -> CooperationRequest:
    """A day and a place to meet; the other side is told, and a later call moves it.

    Raises InvalidInput (``date_past``, ``place_missing``), NotPermitted, TransitionRefused.
    """
    fresh = lock_request(request)
    if not place.strip():
        raise InvalidInput("place_missing", _("Say where you meet."), field="place")
    day = plain_date(on, PAPER_LANGUAGE)
    take_step(
        REQUEST,
        "meet",
        fresh,
        actor=actor,
        note=", ".join(filter(None, (day, f"{at:%H.%M}" if at else "", place.strip()))),
        meeting_on=on,
        meeting_time=at,
        meeting_place=place.strip(),
    )
    if on < clock.today(fresh.office.zone):
        raise InvalidInput("date_past", _("This day has passed. Choose a day to come."), field="on")
    _pass_turn(fresh, RequestSide.OFFICE)
    tell(
        fresh,
        RequestSide.PARTNER,
        rule="request_meeting",
        tone=Tone.DUE,
        on=on.isoformat(),
        time=f"{at:%H.%M}" if at else "",
        place=" ".join(place.split())[:120],
    )
    return fresh


def other(side: RequestSide) -> RequestSide:
    return RequestSide.PARTNER if side == RequestSide.OFFICE else RequestSide.OFFICE


def _pass_turn(request: CooperationRequest, side: RequestSide) -> None:
    """Who has spoken waits for the other; a closed matter waits for nobody."""
    heard(request, side)
    if request.is_open:
        request.turn = other(side)
        request.save(update_fields=["turn", "updated_at"])
