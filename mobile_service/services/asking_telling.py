"""Who is told what about a request for a visit: an institution by a notice, a stranger by a mail with the secret link.

The mail that asks a stranger to confirm holds not a single word that was typed, so that nobody can have us write to others for
him. Whoever gave only a telephone is called by a person; the desk's page says so.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from kerjasama.domain import clock
from libraries.choices import Role, Tone
from libraries.models import Institution
from libraries.services.messages import forget, new_message, queue
from libraries.services.notices import announce, settle_where
from mobile_service import addresses
from mobile_service.choices import RequestStatus
from mobile_service.limits import UNCONFIRMED_DAYS
from mobile_service.models import Visit, VisitRequest

LONGEST = 120
ANSWERERS = (Role.OFFICER, Role.CIRCULATION)


def tell_office(request: VisitRequest, *, outcome: str) -> None:
    """``outcome``: asked, agreed, asked_again, withdrawn."""
    rule = "visit_asked" if outcome == "asked" else "visit_asker_answered"
    tone = Tone.CALM if outcome in ("agreed", "withdrawn") else Tone.DUE
    _heard(request, request.office)
    _announce(
        request, request.office, rule, tone, {"outcome": outcome}, addresses.request_for_desk(request.pk)
    )


def tell_asker(request: VisitRequest, *, outcome: str, at: datetime | None = None) -> None:
    """``outcome``: accepted, proposed, declined. Also after the asker itself has agreed: then what was told is heard."""
    _heard(request, request.office)
    facts = {"outcome": outcome, **_when(request, at)}
    if request.partner is not None:
        tone = Tone.DUE if outcome == "proposed" else Tone.CALM
        path = addresses.request_for_partner(request.pk)
        _heard(request, request.partner)
        _announce(request, request.partner, "visit_request_answered", tone, facts, path)
    elif request.by_mail:
        request.told_count += 1
        request.save(update_fields=["told_count", "updated_at"])
        queue([_mail(request, "visit_request_answered", {**_known(request), **facts})])


def tell_strangers(visits: Sequence[Visit], what: str, *, reason: str = "") -> None:
    """Strangers whose visit was ``moved``, ``cancelled`` or ``restored`` read of it as they read the answer: by mail. One statement where
    nobody has asked.

    Requests are locked before visits, so nothing is written at theirs; the visit's own count of changes numbers the mail.
    """
    rows = {visit.pk: visit for visit in visits}
    asked = VisitRequest.objects.filter(
        visit__in=list(rows),
        status=RequestStatus.ACCEPTED,
        partner=None,
        asker_email__gt="",
        link_digest__gt="",
    ).select_related("office", "stop")
    mails = []
    for request in asked:
        visit = rows[request.visit_id]
        facts = {
            **_known(request),
            **_when(request, visit.begins_at),
            "outcome": what,
            "reason": _one_line(reason),
        }
        mails.append(_mail(request, "visit_request_answered", facts, f"visit-{visit.sequence}"))
    if mails:
        queue(mails)


def heard_by_asker(request: VisitRequest) -> None:
    """The asker has acted: what it was told needs no further attention."""
    if request.partner is not None:
        _heard(request, request.partner)


def ask_to_confirm(request: VisitRequest) -> None:
    """The mail with the link. Its facts are ours alone."""
    if request.by_mail:
        facts = {"library": str(request.office), "days": UNCONFIRMED_DAYS}
        queue([_mail(request, "visit_request_confirm", facts)])


def forget_mails(request: VisitRequest) -> None:
    """Nothing that went to the stranger's mailbox stays."""
    forget(f"visit_request:{request.pk}:")


def _heard(request: VisitRequest, by: Institution) -> None:
    settle_where(Q(subject_id=request.pk, recipient=by.pk))


def _known(request: VisitRequest) -> dict[str, Any]:
    return {
        "library": str(request.office)[:LONGEST],
        "place": _one_line(str(request)),
        "who": _one_line(request.who),
    }


def _when(request: VisitRequest, at: datetime | None) -> dict[str, Any]:
    if at is None:
        return {}
    local = at.astimezone(ZoneInfo(request.office.zone))
    return {"on": local.date().isoformat(), "time": f"{local:%H.%M}"}


def _announce(
    request: VisitRequest, to: Institution, rule: str, tone: str, facts: Mapping[str, Any], path: str
) -> None:
    request.told_count += 1
    request.save(update_fields=["told_count", "updated_at"])
    announce(
        recipient=to,
        sender=request.office,
        rule=rule,
        rung=request.told_count,
        subject_kind="visit_request",
        subject_id=request.pk,
        due_on=clock.today(request.office.zone),
        tone=tone,
        context={**_known(request), **facts},
        path=path,
        roles=ANSWERERS if to.pk == request.office_id else (),
    )


def _mail(request: VisitRequest, rule: str, facts: Mapping[str, Any], number: str = "") -> Any:
    return new_message(
        address=request.asker_email,
        template=rule,
        dedupe_key=f"visit_request:{request.pk}:{rule}:{number or request.told_count}",
        office=request.office,
        language=request.language,
        context={**facts, "link": {"path": addresses.REQUEST_BY_LINK, "seed": request.link_seed}},
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST]
