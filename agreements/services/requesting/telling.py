"""Who is told what about a request: an institution by a notice, a stranger by a mail with the secret link.

What people wrote to each other is never mailed onward: the mail says that there is something, the page says what. The mail
that asks a stranger to confirm holds not a single word that was typed, so that nobody can have us write to others for him.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from agreements import addresses
from agreements.choices import RequestSide
from agreements.limits import UNCONFIRMED_DAYS
from agreements.models import CooperationRequest
from kerjasama.domain import clock
from libraries.choices import Role, Tone
from libraries.services.messages import forget, new_message, queue
from libraries.services.notices import announce, settle_where

# Names and subjects are cut before they travel: a mail is no place for a page of somebody's words.
LONGEST = 120


def tell(
    request: CooperationRequest, to: RequestSide, *, rule: str, tone: str = Tone.CALM, **facts: Any
) -> None:
    """Tell one side, inside the transaction of the change. Each telling takes the place of the one before it."""
    request.said_count += 1
    request.save(update_fields=["said_count", "updated_at"])
    known = {
        "library": str(request.office)[:LONGEST],
        "partner": _one_line(request.asker_name),
        "subject": _one_line(request.subject),
        "side": str(to),
        **facts,
    }
    if to == RequestSide.OFFICE:
        _announce(request, to, rule, tone, known)
    elif request.by_mail:
        queue([_mail(request, rule, known)])
    elif request.institution is not None:
        _announce(request, to, rule, tone, known)


def ask_to_confirm(request: CooperationRequest) -> None:
    """The mail with the link. Its facts are ours alone."""
    queue([_mail(request, "request_confirm", {"library": str(request.office), "days": UNCONFIRMED_DAYS})])


def heard(request: CooperationRequest, side: RequestSide) -> None:
    """This side has acted: what it was told before needs no further attention."""
    recipient = request.office_id if side == RequestSide.OFFICE else request.institution_id
    if recipient is not None:
        settle_where(Q(subject_id=request.pk, recipient=recipient))


def forget_mails(request: CooperationRequest) -> None:
    """Nothing that went to the stranger's mailbox stays."""
    forget(f"request:{request.pk}:")


def _announce(
    request: CooperationRequest, to: RequestSide, rule: str, tone: str, facts: Mapping[str, Any]
) -> None:
    office = to == RequestSide.OFFICE
    recipient = request.office if office else request.institution
    assert recipient is not None
    announce(
        recipient=recipient,
        sender=request.office,
        rule=rule,
        rung=request.said_count,
        subject_kind="request",
        subject_id=request.pk,
        due_on=clock.today(request.office.zone),
        tone=tone,
        context=facts,
        path=addresses.request_for_desk(request.pk)
        if office or recipient.is_office
        else addresses.request_for_partner(request.pk),
        roles=(Role.OFFICER, Role.HEAD) if office or recipient.is_office else (),
    )


def _mail(request: CooperationRequest, rule: str, facts: Mapping[str, Any]) -> Any:
    return new_message(
        address=request.contact_email,
        template=rule,
        dedupe_key=f"request:{request.pk}:{rule}:{request.said_count}",
        office=request.office,
        language=request.language,
        context={**facts, "link": {"path": addresses.REQUEST_BY_LINK, "seed": request.link_seed}},
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST]
