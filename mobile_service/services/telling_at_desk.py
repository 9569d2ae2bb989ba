"""What happened on a trip, told at the desk: for a day on which the crew's phone failed or nobody took one along (M5).

The desk sets no status. It tells entries, as a phone does: what a phone sends later of the same day adds to them, nothing is
overwritten, and what was pressed by mistake is taken back by another entry. What would have to wait for a person is refused at once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.models import User
from mobile_service.choices import EntryKind, EntryOutcome, TripStatus, VisitStatus
from mobile_service.lifecycle import TRIP, VISIT
from mobile_service.models import Entry, Trip, Visit
from mobile_service.services.clocking import LATE
from mobile_service.services.locking import lock_trip, lock_visit
from mobile_service.services.stepping import roles_of
from mobile_service.services.syncing import take_entries
from mobile_service.services.tellers import person_as_teller
from mobile_service.services.travelling import THERE

# By which entry a step of a life is told; of two steps, which one depends on the state.
TRIP_KINDS: Mapping[str, str] = {"start": EntryKind.START, "finish": EntryKind.FINISH}
VISIT_KINDS: Mapping[str, str] = {
    "arrive": EntryKind.ARRIVE,
    "arrive_late": EntryKind.ARRIVE,
    "leave": EntryKind.LEAVE,
    "skip": EntryKind.SKIP,
}
# Which entries a step takes back.
TAKES_BACK: Mapping[str, str] = {
    "unstart": EntryKind.START,
    "unfinish": EntryKind.FINISH,
    "unarrive": EntryKind.ARRIVE,
    "unleave": EntryKind.LEAVE,
    "unskip": EntryKind.SKIP,
}
COUNTING = (EntryKind.COUNT, EntryKind.STOCK_LEND, EntryKind.STOCK_RETURN)


def trips_not_home(user: Any) -> QuerySet[Trip]:
    """Trips of days before today that are still under way: the phone's last press never came, or nobody pressed."""
    return Trip.objects.visible_to(user).filter(status=TripStatus.UNDER_WAY, on__lt=clock.today())


def steps_of_trip(trip: Trip, actor: User) -> list[str]:
    """What can be told of ``trip`` now, or taken back; nothing before its day."""
    if trip.on > clock.today(trip.office.zone):
        return []
    roles = roles_of(actor, trip)
    able = TRIP.available(trip.status, roles)
    if start_untold(trip):
        able += [name for name in TRIP.available(TripStatus.PLANNED, roles) if name == "start"]
    # Whoever was at a stop has set off, whatever else is said.
    was_there = trip.visits.filter(status__in=[VisitStatus.ARRIVED, VisitStatus.DONE]).exists()
    sure = {"unstart"} if was_there else set()
    return [name for name in able if name in {*TRIP_KINDS, *TAKES_BACK} - sure]


def steps_of_visit(visit: Visit, actor: User, *, left_open: bool) -> list[str]:
    """The same of one stop. ``count``: what was counted there. ``left_open``: nobody told that the van left."""
    office = visit.stop.office
    if visit.trip.on > clock.today(office.zone) or visit.trip.status == TripStatus.CANCELLED:
        return []
    able = VISIT.available(_as_told(visit, left_open), roles_of(actor, visit))
    # Missed by the clock, not left out by the crew: there is nothing to take back.
    silent = {"unskip"} if not visit.reason else set()
    steps = [name for name in able if name in {*VISIT_KINDS, *TAKES_BACK} - silent]
    return [*steps, *(["count"] if "unarrive" in able or "unleave" in able else [])]


@transaction.atomic
def tell_of_trip(
    *, trip: Trip, actor: User, action: str, at: datetime | None = None, odometer: int | None = None
) -> Trip:
    """Tell that it set off (``start``) or is back (``finish``). Raises NotPermitted, Conflict, InvalidInput."""
    fresh = lock_trip(trip)
    late = action == "start" and start_untold(fresh)
    TRIP.ask(action, TripStatus.PLANNED if late else fresh.status, roles_of(actor, fresh))
    data = {"odometer": odometer} if odometer is not None else {}
    end = fresh.odometer_end
    if action == "start" and odometer is not None and end is not None and odometer > end:
        raise InvalidInput(
            "odometer_backwards",
            _("The odometer showed %(end)s in the evening, so it cannot have shown more before.")
            % {"end": end},
            field="odometer",
        )
    if action == "finish" and odometer is not None and odometer < (fresh.odometer_start or 0):
        raise InvalidInput(
            "odometer_backwards",
            _("The odometer showed %(start)s in the morning, so it cannot show less now.")
            % {"start": fresh.odometer_start},
            field="odometer",
        )
    _send(fresh, actor, [(TRIP_KINDS[action], None, _checked(fresh, at), data)])
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def tell_of_visit(
    *, visit: Visit, actor: User, action: str, at: datetime | None = None, reason: str = ""
) -> Visit:
    """Tell that the van arrived, left, or left the stop out. Raises NotPermitted, Conflict, InvalidInput."""
    fresh = lock_visit(visit)
    _require_road(fresh.trip)
    VISIT.ask(action, _stands(fresh), roles_of(actor, fresh))
    data: dict[str, Any] = {}
    if action == "skip":
        if not reason.strip():
            raise InvalidInput("note", _("Say in a few words why the van did not come."), field="reason")
        data = {"reason": reason.strip()[:200]}
    when = _checked(fresh.trip, at)
    if action == "leave" and fresh.arrived_at is not None and when < fresh.arrived_at:
        raise InvalidInput("left_before", _("The van cannot leave before it arrived."), field="at")
    _send(fresh.trip, actor, [(VISIT_KINDS[action], fresh, when, data)])
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def tell_counts(
    *, visit: Visit, actor: User, visitors: Mapping[str, int], lent: int = 0, returned: int = 0
) -> Visit:
    """Add what was counted at a stop, such as on paper. Raises NotPermitted, Conflict, InvalidInput (``nothing``)."""
    fresh = lock_visit(visit)
    if fresh.status not in (VisitStatus.ARRIVED, VisitStatus.DONE):
        raise Conflict("not_there", _("Note first that the van was there, then what was counted."))
    at = fresh.arrived_at or clock.now()
    deeds: list[tuple[str, Visit | None, datetime, dict[str, Any]]] = [
        (EntryKind.COUNT, fresh, at, {"kind": kind, "delta": count})
        for kind, count in visitors.items()
        if count
    ]
    for kind, count in ((EntryKind.STOCK_LEND, lent), (EntryKind.STOCK_RETURN, returned)):
        if count:
            deeds.append((kind, fresh, at, {"delta": count}))
    if not deeds:
        raise InvalidInput("nothing", _("Type at least one number."))
    _send(fresh.trip, actor, deeds)
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def take_back_step(*, trip: Trip, actor: User, action: str, visit: Visit | None = None) -> None:
    """What was told by mistake counts no more. Raises NotPermitted, Conflict (``still_told``)."""
    row = lock_visit(visit) if visit is not None else lock_trip(trip)
    life = VISIT if visit is not None else TRIP
    before = _stands(row)
    life.ask(action, before, roles_of(actor, row))
    entries = Entry.objects.filter(
        trip=trip,
        visit=visit,
        kind=TAKES_BACK[action],
        outcome__in=[EntryOutcome.APPLIED, EntryOutcome.REVIEW],
    )
    _undo(row.trip if isinstance(row, Visit) else row, actor, entries, visit)
    row.refresh_from_db()
    if _stands(row) == before:
        raise Conflict(
            "still_told",
            _(
                "Something else that was told says the same, such as what was counted there. Take that back first."
            ),
        )


@transaction.atomic
def take_back_counts(*, visit: Visit, actor: User) -> None:
    """What the desk counted at a stop counts no more; what phones counted stands. Raises NotPermitted, Conflict."""
    fresh = lock_visit(visit)
    entries = list(counted_at_desk(fresh.trip).filter(visit=fresh).order_by("pk"))
    if not entries:
        raise Conflict("nothing_counted", _("Nothing was counted here at the desk."))
    _undo(fresh.trip, actor, entries, fresh)


def counted_at_desk(trip: Trip) -> QuerySet[Entry]:
    return Entry.objects.filter(
        trip=trip, device__isnull=True, kind__in=COUNTING, outcome=EntryOutcome.APPLIED
    )


def start_untold(trip: Trip) -> bool:
    """Under way or back because somebody was at a stop, or came home: when it set off can still be told."""
    if trip.status not in (TripStatus.UNDER_WAY, TripStatus.DONE):
        return False
    told = Entry.objects.filter(trip=trip, kind=EntryKind.START, outcome=EntryOutcome.APPLIED)
    return not told.exists()


def left_open(trip: Trip) -> set[UUID]:
    """Stops at which the van was, as somebody told, and of which nobody told that it left."""
    told = Entry.objects.filter(trip=trip, kind__in=THERE, outcome=EntryOutcome.APPLIED)
    rows = set(told.order_by().values_list("visit", "kind").distinct())
    return {visit for visit, _kind in rows} - {visit for visit, kind in rows if kind == EntryKind.LEAVE}


def _stands(row: Trip | Visit) -> str:
    return _as_told(row, row.pk in left_open(row.trip)) if isinstance(row, Visit) else row.status


def _as_told(visit: Visit, left_open: bool) -> str:
    """Over because the van is back: when it left can still be told, and that it arrived be taken back."""
    return VisitStatus.ARRIVED if visit.status == VisitStatus.DONE and left_open else visit.status


def _undo(trip: Trip, actor: User, entries: Any, visit: Visit | None) -> None:
    now = clock.now()
    _send(trip, actor, [(EntryKind.UNDO, visit, now, {"of": str(row.client_id)}) for row in entries])


def _require_road(trip: Trip) -> None:
    """A day that was called off is put back first."""
    if trip.status == TripStatus.CANCELLED:
        raise Conflict("trip_is_over", _("This trip is over or cancelled. Choose another one."))


def _checked(trip: Trip, at: datetime | None) -> datetime:
    """``at``, or now. Raises InvalidInput (``time_of_trip``) for a time that has not come, or is not of that day."""
    now = clock.now()
    at = at or now
    begins = datetime.combine(trip.on, datetime.min.time(), ZoneInfo(trip.office.zone))
    # No clock of a phone is in this, so nothing of a day is told before it; a trip may be told home after midnight.
    if not begins <= at <= min(now, begins + timedelta(days=1) + LATE):
        raise InvalidInput(
            "time_of_trip", _("Type a time of the day of the trip that has passed already."), field="at"
        )
    return at


def _send(
    trip: Trip, actor: User, deeds: Sequence[tuple[str, Visit | None, datetime, dict[str, Any]]]
) -> None:
    teller = person_as_teller(actor, trip.office)
    entries = [
        {
            "id": str(uuid4()),
            "counter": number,
            "kind": kind,
            "at": at.isoformat(),
            "trip": str(trip.pk),
            "visit": str(visit.pk) if visit is not None else None,
            "data": data,
        }
        for number, (kind, visit, at, data) in enumerate(deeds)
    ]
    for answer in take_entries(teller=teller, entries=entries):
        if answer.outcome != "applied":
            raise Conflict(answer.code or "refused", answer.sentence or _("This cannot be noted now."))
