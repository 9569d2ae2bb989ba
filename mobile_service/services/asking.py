"""How a visit is asked for: by a school in the portal, or by a stranger on the public page who is confirmed first (M7)."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput, NotPermitted, refuse_unknown
from kerjasama.domain.links import digest_of, new_seed, token_of
from libraries.access import roles_toward
from libraries.models import Institution, User
from mobile_service.choices import RequestStatus
from mobile_service.lifecycle import DESK, REQUEST, SCHOOL
from mobile_service.limits import FURTHEST_DAYS, MOST_DAYS
from mobile_service.models import Stop, VisitRequest
from mobile_service.services.asking_links import Actor, ask_life, lock_request, take_step
from mobile_service.services.asking_telling import ask_to_confirm, heard_by_asker, tell_office
from mobile_service.services.stepping import write_event
from mobile_service.telephones import require_telephone

# What is wished for, whoever asks.
WISHES = frozenset(
    {
        "stop",
        "place",
        "latitude",
        "longitude",
        "wanted_on",
        "wanted_from",
        "wanted_until",
        "minutes",
        "people",
        "occasion",
    }
)


@transaction.atomic
def ask_in_portal(*, office: Institution, partner: Institution, actor: User, **wishes: Any) -> VisitRequest:
    """A school asks; the desk may write down what a partner has asked by telephone.

    Raises NotPermitted (``role_missing``), InvalidInput (``not_an_office``, ``stop_elsewhere``, ``day_unusable``, ``days_many``,
    ``times_turned_round``, ``times_too_short``), ValidationError.
    """
    if not roles_toward(actor, office=office.pk, partner=partner.pk) & (SCHOOL | DESK):
        raise NotPermitted(
            "role_missing", _("Only people of %(institution)s can ask for it.") % {"institution": partner}
        )
    if "stop" not in wishes and not wishes.get("place"):
        # A school with one stop means that one.
        wishes["stop"] = Stop.objects.filter(office=office, partner=partner, is_active=True).first()
        if wishes["stop"] is None:
            wishes |= {
                "place": partner.name[:200],
                "latitude": partner.latitude,
                "longitude": partner.longitude,
            }
    request = _begin(office, wishes, partner=partner, asked_by=actor, status=RequestStatus.OPEN)
    if request.stop is not None and request.stop.partner_id not in (None, partner.pk):
        raise _stop_elsewhere()
    _insert(request, actor)
    tell_office(request, outcome="asked")
    return request


@transaction.atomic
def ask_in_public(
    *,
    office: Institution,
    asker_name: str,
    asker_email: str = "",
    asker_phone: str = "",
    language: str = "id",
    **wishes: Any,
) -> VisitRequest:
    """A stranger asks. Nobody is bothered before the link in the mail is confirmed, or the desk has called.

    Raises InvalidInput (``contact_missing``, ``telephone_unusable`` and those of ``ask_in_portal``), ValidationError.
    """
    if not asker_name.strip():
        raise InvalidInput("contact_missing", _("Type your name."), field="asker_name")
    if not asker_email.strip() and not asker_phone.strip():
        raise InvalidInput(
            "contact_missing",
            _("Type an e-mail address or a telephone number, so that the library can answer."),
            field="asker_email",
        )
    asker_phone = require_telephone(asker_phone, "asker_phone")
    request = _begin(
        office,
        wishes,
        asker_name=asker_name.strip(),
        asker_email=asker_email.strip(),
        asker_phone=asker_phone,
        language=language,
        is_from_outside=True,
        status=RequestStatus.UNCONFIRMED,
    )
    if request.stop is not None and not (request.stop.is_public and request.stop.is_active):
        raise _stop_elsewhere()
    request.link_seed = new_seed()
    request.link_digest = digest_of(token_of(request.link_seed))
    _insert(request, None, by_link=True)
    ask_to_confirm(request)
    return request


@transaction.atomic
def confirm_request(*, request: VisitRequest, actor: Actor) -> VisitRequest:
    """The stranger has shown that the mailbox is theirs, or the desk has spoken to them on the telephone."""
    fresh = lock_request(request)
    take_step(REQUEST, "confirm", fresh, actor=actor)
    if not isinstance(actor, User):
        tell_office(fresh, outcome="asked")
    return fresh


@transaction.atomic
def ask_again(
    *, request: VisitRequest, actor: Actor, wanted_on: Iterable[date], note: str = ""
) -> VisitRequest:
    """The day proposed does not suit; other days would. Raises what asking raises."""
    fresh = lock_request(request)
    ask_life("ask_again", fresh, actor)
    days = _usable(wanted_on, fresh.office)
    if not days:
        raise InvalidInput("day_missing", _("Choose at least one day that suits."), field="wanted_on")
    take_step(
        REQUEST,
        "ask_again",
        fresh,
        actor=actor,
        note=note.strip(),
        wanted_on=days,
        proposed_at=None,
        proposed_vehicle=None,
    )
    heard_by_asker(fresh)
    tell_office(fresh, outcome="asked_again")
    return fresh


def _begin(office: Institution, wishes: dict[str, Any], **fields: Any) -> VisitRequest:
    if not office.is_office or not office.is_active:
        raise InvalidInput(
            "not_an_office",
            _("%(office)s does not work with this system. Choose another library.") % {"office": office},
            field="office",
        )
    refuse_unknown(wishes, WISHES)
    wishes = {name: value for name, value in wishes.items() if value is not None}
    stop = wishes.get("stop")
    if stop is not None:
        if stop.office_id != office.pk:
            raise _stop_elsewhere()
        wishes.setdefault("minutes", stop.minutes)
    wishes["wanted_on"] = _usable(wishes.get("wanted_on", ()), office)
    from_, until = wishes.get("wanted_from"), wishes.get("wanted_until")
    if from_ and until and until <= from_:
        raise InvalidInput(
            "times_turned_round", _("“Not after” must be later than “not before”."), field="wanted_until"
        )
    request = VisitRequest(office=office, **wishes, **fields)
    if from_ and until and (whole := minutes_between(from_, until)) < request.minutes:
        raise InvalidInput(
            "times_too_short",
            _(
                "Between these times lie %(whole)d minutes, and the visit takes %(minutes)d. "
                "Leave more time, or ask for a shorter visit."
            )
            % {"whole": whole, "minutes": request.minutes},
            facts={"whole": whole, "minutes": request.minutes},
            field="wanted_until",
        )
    return request


def minutes_between(begin: time, end: time) -> int:
    return (end.hour - begin.hour) * 60 + end.minute - begin.minute


def _usable(days: Iterable[date], office: Institution) -> list[date]:
    chosen = sorted(set(days))
    today = clock.today(office.zone)
    if len(chosen) > MOST_DAYS:
        raise InvalidInput(
            "days_many", _("Choose at most %(most)d days.") % {"most": MOST_DAYS}, field="wanted_on"
        )
    unusable = [day for day in chosen if not today < day <= today + timedelta(days=FURTHEST_DAYS)]
    if unusable:
        raise InvalidInput(
            "day_unusable",
            _("Choose days from tomorrow on, at most %(days)d days ahead.") % {"days": FURTHEST_DAYS},
            facts={"days": [day.isoformat() for day in unusable]},
            field="wanted_on",
        )
    return chosen


def _stop_elsewhere() -> InvalidInput:
    return InvalidInput("stop_elsewhere", _("Choose a stop of this library that is yours."), field="stop")


def _insert(request: VisitRequest, actor: User | None, *, by_link: bool = False) -> None:
    request.full_clean(exclude=["office", "partner", "stop", "asked_by"])
    request.save(force_insert=True)
    write_event(request, "ask", actor=actor, before="", by_link=by_link)
