"""What becomes of a request for a visit: placed, another day proposed and agreed to, declined, taken back (M7).

Two requests for one van's day wait for each other at the vehicle's row, so that a slot is given once.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.models import User
from mobile_service.choices import StopKind
from mobile_service.lifecycle import DESK, REQUEST
from mobile_service.models import Stop, Vehicle, Visit, VisitRequest
from mobile_service.services.asking_costs import (
    Slot,
    cheapest_slot,
    next_best,
    no_vehicle,
    slot_at,
    why_not,
    words_of,
)
from mobile_service.services.asking_links import (
    Actor,
    ask_life,
    lock_request,
    roles_toward_request,
    take_step,
)
from mobile_service.services.asking_telling import heard_by_asker, tell_asker, tell_office
from mobile_service.services.bounds import require_near_moment
from mobile_service.services.scheduling import place_visit
from mobile_service.services.stops import add_stop


@transaction.atomic
def locate_request(
    *, request: VisitRequest, actor: User, stop: Stop | None = None, name: str = "", **fields: Any
) -> VisitRequest:
    """Say which stop it is; without one a stop is made of what was asked, which no public page shows.

    Raises InvalidInput (``stop_elsewhere``), and what ``add_stop`` raises.
    """
    fresh = lock_request(request)
    ask_life("locate", fresh, actor)
    if stop is None:
        known = {
            "name": (name or fresh.place)[:120],
            "kind": StopKind.OTHER if fresh.partner_id else StopKind.VILLAGE,
            "partner": fresh.partner,
            "latitude": fresh.latitude,
            "longitude": fresh.longitude,
            "minutes": fresh.minutes,
            "every_weeks": 52,
            "is_public": False,
            # The crew asks for this person; a stranger's name is erased with the request, so it stays out of the stop.
            "contact_name": "",
        }
        stop = add_stop(office=fresh.office, actor=actor, **(known | fields))
    elif stop.office_id != fresh.office_id:
        raise InvalidInput("stop_elsewhere", _("Choose a stop of this library."), field="stop")
    take_step(REQUEST, "locate", fresh, actor=actor, note=str(stop), stop=stop)
    return fresh


@transaction.atomic
def accept_request(
    *,
    request: VisitRequest,
    actor: User,
    vehicle: Vehicle | None = None,
    begins_at: datetime | None = None,
) -> VisitRequest:
    """Place the visit where the desk has seen that it fits, and fix it there; without a slot the cheapest is taken.

    A time alone is enough where one vehicle may come. Raises Conflict (``stop_unknown``, ``slot_taken``, ``no_slot``,
    ``no_vehicle``), InvalidInput (``vehicle_missing``, ``time_missing``). Of two desks at once the second is refused.
    """
    fresh = lock_request(request)
    ask_life("accept", fresh, actor)
    visit = _place(fresh, actor=actor, vehicle=vehicle, begins_at=begins_at)
    take_step(REQUEST, "accept", fresh, actor=actor, visit=visit, closed_at=clock.now())
    tell_asker(fresh, outcome="accepted", at=visit.begins_at)
    return fresh


@transaction.atomic
def propose_day(
    *, request: VisitRequest, actor: User, vehicle: Vehicle, begins_at: datetime, note: str = ""
) -> VisitRequest:
    """Another day: the asker agrees with one tap, or asks again. The slot must be free now; it is not held."""
    fresh = lock_request(request)
    ask_life("propose", fresh, actor)
    _require_stop(fresh)
    require_near_moment(begins_at, field="begins_at")
    if slot_at(fresh, vehicle, begins_at) is None:
        raise _taken(fresh, begins_at, why_not(fresh, vehicle, begins_at))
    take_step(
        REQUEST,
        "propose",
        fresh,
        actor=actor,
        note=note.strip(),
        answer=note.strip()[:300],
        proposed_at=begins_at,
        proposed_vehicle=vehicle,
    )
    tell_asker(fresh, outcome="proposed", at=begins_at)
    return fresh


@transaction.atomic
def agree_to_day(*, request: VisitRequest, actor: Actor) -> VisitRequest:
    """The day proposed suits: the visit is placed. Raises Conflict (``slot_taken``) when it has gone meanwhile."""
    fresh = lock_request(request)
    ask_life("agree", fresh, actor)
    visit = _place(fresh, actor=actor, vehicle=fresh.proposed_vehicle, begins_at=fresh.proposed_at)
    take_step(REQUEST, "agree", fresh, actor=actor, visit=visit, closed_at=clock.now())
    heard_by_asker(fresh)
    tell_office(fresh, outcome="agreed")
    return fresh


@transaction.atomic
def decline_request(*, request: VisitRequest, actor: User, note: str) -> VisitRequest:
    """No, with a reason that the asker reads."""
    fresh = lock_request(request)
    ask_life("decline", fresh, actor)
    if not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; the other side reads it."), field="note")
    take_step(
        REQUEST,
        "decline",
        fresh,
        actor=actor,
        note=note.strip(),
        answer=note.strip()[:300],
        closed_at=clock.now(),
    )
    tell_asker(fresh, outcome="declined")
    return fresh


@transaction.atomic
def withdraw_request(*, request: VisitRequest, actor: Actor, note: str = "") -> VisitRequest:
    """Whoever asked does not ask any more."""
    fresh = lock_request(request)
    take_step(REQUEST, "withdraw", fresh, actor=actor, note=note.strip(), closed_at=clock.now())
    heard_by_asker(fresh)
    tell_office(fresh, outcome="withdrawn")
    return fresh


def _place(
    request: VisitRequest, *, actor: Actor, vehicle: Vehicle | None, begins_at: datetime | None
) -> Visit:
    """The visit on the calendar, fixed by hand. What the asker is told says so already; another partner of the stop is told."""
    stop = _require_stop(request)
    slot = _held(request, vehicle, begins_at)
    # Whoever agrees is no desk: the desk has proposed the day, and the house places the visit.
    by_desk = isinstance(actor, User) and roles_toward_request(actor, request) & DESK
    try:
        with transaction.atomic():
            return place_visit(
                actor=actor if isinstance(actor, User) and by_desk else None,
                stop=stop,
                vehicle=slot.vehicle,
                begins_at=slot.begins_at,
                ends_at=slot.ends_at,
                is_pinned=True,
                tell=stop.partner_id not in (None, request.partner_id),
            )
    except Conflict as error:
        raise _taken(request, slot.begins_at, str(error)) from error


def _held(request: VisitRequest, vehicle: Vehicle | None, begins_at: datetime | None) -> Slot:
    """The slot, reckoned again while nobody else can fill it."""
    if begins_at is None:
        if vehicle is not None:
            raise InvalidInput(
                "time_missing",
                _(
                    "Say at what time %(vehicle)s is to come, or leave out both: then the cheapest slot is taken."
                )
                % {"vehicle": vehicle},
                field="begins_at",
            )
        cheapest = cheapest_slot(request)
        if cheapest is None:
            raise Conflict("no_slot", no_slot())
        vehicle, begins_at = cheapest.vehicle, cheapest.begins_at
    require_near_moment(begins_at, field="begins_at")
    if vehicle is None:
        vehicle = _only_vehicle(request)
    locked = Vehicle.objects.select_for_update(of=("self",), no_key=True).get(pk=vehicle.pk)
    slot = slot_at(request, locked, begins_at)
    if slot is None:
        raise _taken(request, begins_at, why_not(request, locked, begins_at))
    return slot


def _only_vehicle(request: VisitRequest) -> Vehicle:
    """The one that may come, where there is one; of several one must be named."""
    may_come = Vehicle.objects.filter(office=request.office_id, is_active=True).order_by("name", "pk")
    if request.stop is not None and request.stop.vehicle_id:
        may_come = may_come.filter(pk=request.stop.vehicle_id)
    found = list(may_come[:2])
    if not found:
        raise Conflict("no_vehicle", no_vehicle())
    if len(found) > 1:
        raise InvalidInput(
            "vehicle_missing",
            _(
                "Name the vehicle too: several may come. Or leave out the time: then the cheapest slot is taken."
            ),
            field="vehicle",
        )
    return found[0]


def _require_stop(request: VisitRequest) -> Stop:
    if request.stop is None:
        raise Conflict("stop_unknown", stop_unknown())
    return request.stop


def stop_unknown() -> str:
    return _("Say first which stop it is, or make a stop of the place that was asked for.")


def no_slot() -> str:
    return _("None of the days wanted has room for this visit. Propose another day.")


def _taken(request: VisitRequest, at: datetime, why: str = "") -> Conflict:
    """Why it cannot be then, with the next best."""
    near = max(at.astimezone(ZoneInfo(request.office.zone)).date(), clock.today(request.office.zone))
    best = next_best(request, near)
    gone = why or _("That time is not free any more.")
    if best is None:
        return Conflict(
            "slot_taken", _("%(gone)s No other is left in the two weeks after it.") % {"gone": gone}
        )
    # By the clock of the library, whichever page or program asks.
    with timezone.override(ZoneInfo(request.office.zone)):
        slot = words_of(best.vehicle, best.begins_at)
    return Conflict(
        "slot_taken",
        _("%(gone)s The next best is %(slot)s.") % {"gone": gone, "slot": slot},
        facts={"vehicle": str(best.vehicle.pk), "begins_at": best.begins_at.isoformat()},
    )
