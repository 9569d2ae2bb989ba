"""When the van may stand at a school's gate, as the school proposes it and the desk decides (M1, P1).

One proposal waits at a stop at a time; a later one takes its place. Visits that are planned stay where they are: the page counts
those that would lie outside, and they are moved one by one.
"""

from collections.abc import Sequence
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import roles_toward
from libraries.choices import Role, Tone
from libraries.models import Institution, User
from libraries.services.notices import announce, settle
from mobile_service import addresses
from mobile_service.choices import VisitStatus
from mobile_service.lifecycle import SCHOOL
from mobile_service.models import HoursProposal, Stop, Visit
from mobile_service.services.keeping import require_desk
from mobile_service.services.locking import lock_stop
from mobile_service.services.stops import WindowInput, revise_stop, spans_of, windows_of

ANSWERERS = (Role.OFFICER, Role.CIRCULATION)


@transaction.atomic
def propose_hours(
    *, stop: Stop, actor: User, windows: Sequence[WindowInput], note: str = ""
) -> HoursProposal:
    """A school says when the van may come; the library is told. Raises NotPermitted (``role_missing``), InvalidInput
    (``windows_overlap``, ``window_backward``, ``window_short``, ``nothing_changed``), Conflict (``stop_closed``)."""
    fresh = lock_stop(stop)
    _require_school(fresh, actor)
    if not fresh.is_active:
        raise Conflict("stop_closed", _("The van does not come to this stop any more."))
    spans = spans_of(windows)
    if any(until <= begins for _day, begins, until in spans):
        raise InvalidInput("window_backward", _("A time window ends after it begins."), field="windows")
    _require_long_enough(fresh, spans)
    if spans == windows_of(fresh):
        raise InvalidInput(
            "nothing_changed",
            _("These are the hours that hold already. Change at least one day."),
            field="windows",
        )
    _drop(fresh)
    proposal = HoursProposal.objects.create(
        stop=fresh,
        hours=[[day, f"{begins:%H:%M}", f"{until:%H:%M}"] for day, begins, until in spans],
        note=note.strip()[:200],
        proposed_by=actor,
    )
    _tell(proposal, fresh.office, "stop_hours_proposed", addresses.stop_for_desk(fresh.pk), Tone.DUE)
    return proposal


@transaction.atomic
def withdraw_hours(*, stop: Stop, actor: User) -> Stop:
    """The school takes its proposal back. Raises Conflict (``no_proposal``)."""
    fresh = lock_stop(stop)
    _require_school(fresh, actor)
    _waiting(fresh)
    _drop(fresh)
    return fresh


@transaction.atomic
def accept_hours(*, stop: Stop, actor: User) -> Stop:
    """The stop has the hours that the school proposed. Raises NotPermitted, Conflict (``no_proposal``)."""
    fresh = lock_stop(stop)
    require_desk(fresh.office, actor)
    proposal = _waiting(fresh)
    windows: list[WindowInput] = [
        {"weekday": day, "opens_at": begins, "closes_at": until} for day, begins, until in proposal.spans
    ]
    changed = revise_stop(stop=fresh, actor=actor, windows=windows)
    _answer(proposal, fresh, "accepted", "")
    return changed


@transaction.atomic
def decline_hours(*, stop: Stop, actor: User, note: str) -> Stop:
    """The hours stay as they are, with a reason that the school reads. Raises NotPermitted, Conflict (``no_proposal``),
    InvalidInput (``reason_missing``)."""
    fresh = lock_stop(stop)
    require_desk(fresh.office, actor)
    proposal = _waiting(fresh)
    if not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; the other side reads it."), field="note")
    _answer(proposal, fresh, "declined", note.strip()[:300])
    return fresh


def proposal_at(stop: Stop) -> HoursProposal | None:
    """What waits at a stop; no query where the stop was read with it."""
    found: HoursProposal | None = getattr(stop, "hours_proposal", None)
    return found


def visits_outside(stop: Stop, spans: Sequence[tuple[int, time, time]]) -> int:
    """How many planned visits would lie outside of these hours."""
    if not spans:
        return 0
    zone = ZoneInfo(stop.office.zone)
    ahead = Visit.objects.filter(stop=stop, status=VisitStatus.PLANNED, begins_at__gte=clock.now())
    count = 0
    for begins_at, ends_at in ahead.values_list("begins_at", "ends_at"):
        begins, ends = begins_at.astimezone(zone), ends_at.astimezone(zone)
        count += not any(
            day == begins.weekday() and opens <= begins.time() and ends.time() <= closes
            for day, opens, closes in spans
        )
    return count


def _require_school(stop: Stop, actor: User) -> None:
    if not roles_toward(actor, partner=stop.partner_id) & SCHOOL:
        raise NotPermitted("role_missing", _("Only people of this school may change what is said of it."))


def _require_long_enough(stop: Stop, spans: Sequence[tuple[int, time, time]]) -> None:
    """In a window that is shorter than the visit no van could ever come. What holds already is the desk's own word, and stays."""
    held = windows_of(stop)
    short = [span for span in spans if span not in held and _minutes(span) < stop.minutes]
    if short:
        raise InvalidInput(
            "window_short",
            _(
                "The visit takes %(minutes)d minutes, so the van needs at least that long. Make the time longer."
            )
            % {"minutes": stop.minutes},
            facts={"minutes": stop.minutes, "weekdays": sorted({day for day, _begins, _until in short})},
            field="windows",
        )


def _minutes(span: tuple[int, time, time]) -> int:
    _day, begins, until = span
    return (until.hour - begins.hour) * 60 + until.minute - begins.minute


def _waiting(stop: Stop) -> HoursProposal:
    found = HoursProposal.objects.filter(stop=stop).first()
    if found is None:
        raise Conflict(
            "no_proposal",
            _("Nothing is proposed here any more: it was answered, or the school has taken it back."),
        )
    return found


def _drop(stop: Stop) -> None:
    for old in HoursProposal.objects.filter(stop=stop):
        settle(old.pk)
        old.delete()


def _answer(proposal: HoursProposal, stop: Stop, outcome: str, reason: str) -> None:
    key = proposal.pk
    _drop(stop)
    assert stop.partner is not None
    proposal.pk = key
    tone = Tone.CALM if outcome == "accepted" else Tone.DUE
    more = {"outcome": outcome, "reason": reason}
    _tell(proposal, stop.partner, "stop_hours_answered", addresses.stops_for_partner(), tone, **more)


def _tell(proposal: HoursProposal, to: Institution, rule: str, path: str, tone: str, **facts: Any) -> None:
    stop = proposal.stop
    announce(
        recipient=to,
        sender=stop.office,
        rule=rule,
        subject_kind="stop_hours",
        subject_id=proposal.pk,
        due_on=clock.today(stop.office.zone),
        tone=tone,
        context={
            "library": str(stop.office),
            "school": str(stop.partner),
            "stop": stop.name,
            "note": proposal.note,
            **facts,
        },
        path=path,
        roles=ANSWERERS if to.pk == stop.office_id else (),
    )
