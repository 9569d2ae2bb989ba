"""What happened on a trip, told at the desk: for a day on which the crew's phone failed or nobody took one along (M5).

The desk sets no status. It tells entries, as a phone does: what a phone sends later of the same day adds to them, nothing is
overwritten, and what was pressed by mistake is taken back by another entry. What would have to wait for a person is refused at once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.models import User
from mobile_service.choices import EntryKind, EntryOutcome, TripStatus, VisitStatus
from mobile_service.lifecycle import TRIP, VISIT
from mobile_service.models import Entry, Trip, Visit
from mobile_service.services.clocking import LATE
from mobile_service.services.locking import lock_trip, lock_visit
from mobile_service.services.odometer import BACKWARDS
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
# No step of a life: what was read of the odometer is told anew.
CORRECT = "odometer"
# Home after midnight: an hour before that of setting off is of the next day, until this one.
HOME_BY = time(5)
Deed = tuple[str, Visit | None, datetime, dict[str, Any]]


def trips_not_home(user: Any) -> QuerySet[Trip]:
    """Trips of days before today that are still under way: the phone's last press never came, or nobody pressed."""
    return Trip.objects.visible_to(user).filter(status=TripStatus.UNDER_WAY, on__lt=clock.today())


def steps_of_trip(trip: Trip, actor: User) -> list[str]:
    """What can be told of ``trip`` now, or taken back; ``odometer``: what was read of it can be corrected. Nothing before its day."""
    if trip.on > clock.today(trip.office.zone):
        return []
    roles, told = roles_of(actor, trip), told_of_road(trip)
    able = TRIP.available(trip.status, roles)
    correctable = bool(told) and not {"unstart", "unfinish"}.isdisjoint(able)
    if start_untold(trip, told):
        able += [name for name in TRIP.available(TripStatus.PLANNED, roles) if name == "start"]
    # Whoever was at a stop has set off, whatever else is said.
    was_there = trip.visits.filter(status__in=[VisitStatus.ARRIVED, VisitStatus.DONE]).exists()
    sure = {"unstart"} if was_there else set()
    steps = [name for name in able if name in {*TRIP_KINDS, *TAKES_BACK} - sure]
    return [*steps, *([CORRECT] if correctable else [])]


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
    late = action == "start" and start_untold(fresh, told_of_road(fresh))
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
    when = _checked(fresh, at)
    left, came = (when, fresh.finished_at) if action == "start" else (fresh.started_at, when)
    if left is not None and came is not None and came < left:
        raise InvalidInput("back_before", _("The van cannot be back before it set off."), field="at")
    _send(fresh, actor, [(TRIP_KINDS[action], None, when, data)])
    fresh.refresh_from_db()
    return fresh


def moment_on_road(trip: Trip, action: str, at: time) -> datetime:
    """``at`` on the day of ``trip``; a van that set off later than that is home after midnight."""
    zone = ZoneInfo(trip.office.zone)
    when = datetime.combine(trip.on, at, zone)
    if action == "finish" and trip.started_at is not None and when < trip.started_at and at <= HOME_BY:
        return datetime.combine(trip.on + timedelta(days=1), at, zone)
    return when


@transaction.atomic
def correct_odometer(*, trip: Trip, actor: User, figures: Mapping[str, int | None]) -> Trip:
    """What the odometer showed when it set off (``start``) or was back (``finish``); None: nobody read it.

    What was told otherwise is taken back and told anew at once, with the time that it had: so a wrong figure of the morning can be
    corrected although the van has been at a stop. Whoever may take back that it set off, or is back, may do this. Raises
    NotPermitted, Conflict (``not_told``), InvalidInput (``odometer_backwards``).
    """
    fresh = lock_trip(trip)
    action = "unfinish" if fresh.status == TripStatus.DONE else "unstart"
    TRIP.ask(action, fresh.status, roles_of(actor, fresh))
    told = told_of_road(fresh)
    if not figures or not {TRIP_KINDS[name] for name in figures} <= told.keys():
        raise Conflict("not_told", _("Nobody has told this yet. Note first when it was."))
    start = figures.get("start", fresh.odometer_start)
    end = figures.get("finish", fresh.odometer_end if EntryKind.FINISH in told else None)
    if start is not None and end is not None and end < start:
        raise InvalidInput(
            "odometer_backwards",
            _("The odometer showed %(start)s in the morning, so it cannot show less now.") % {"start": start},
            field="finish",
        )
    deeds = [deed for name, figure in figures.items() for deed in _told_anew(told[TRIP_KINDS[name]], figure)]
    if deeds:
        _send(fresh, actor, deeds)
    fresh.refresh_from_db()
    return fresh


def _told_anew(rows: Sequence[Entry], figure: int | None) -> list[Deed]:
    """Take back those of ``rows`` that tell another figure; tell the right one, unless one of them does."""
    # What a person has decided about stays: it says when the van was back, and its figure counts for nothing.
    undecided = [row for row in rows if row.outcome != EntryOutcome.SETTLED]
    wrong = [row for row in undecided if row.data.get("odometer", figure) != figure]
    deeds: list[Deed] = [(EntryKind.UNDO, None, clock.now(), {"of": str(row.client_id)}) for row in wrong]
    if figure is None:
        is_told, data = len(wrong) < len(rows), {}
    else:
        is_told, data = any(row.data.get("odometer") == figure for row in undecided), {"odometer": figure}
    if is_told:
        return deeds
    # The times that count: the earliest of setting off, the latest of coming home.
    at = rows[0].at if rows[0].kind == EntryKind.START else rows[-1].at
    return [*deeds, (rows[0].kind, None, at, data)]


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
    deeds: list[Deed] = [
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


def told_of_road(trip: Trip) -> dict[str, list[Entry]]:
    """What counts of setting off and of coming home, by kind, the earliest first; also what shows less than in the morning."""
    counts = Q(outcome=EntryOutcome.APPLIED) | Q(
        code=BACKWARDS, outcome__in=[EntryOutcome.REVIEW, EntryOutcome.SETTLED]
    )
    rows = Entry.objects.filter(counts, trip=trip, kind__in=TRIP_KINDS.values())
    told: dict[str, list[Entry]] = {}
    for row in rows.order_by("at", "counter", "client_id"):
        told.setdefault(row.kind, []).append(row)
    return told


def start_untold(trip: Trip, told: Mapping[str, Sequence[Entry]]) -> bool:
    """Under way or back because somebody was at a stop, or came home: when it set off can still be told."""
    return trip.status in (TripStatus.UNDER_WAY, TripStatus.DONE) and EntryKind.START not in told


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


def _send(trip: Trip, actor: User, deeds: Sequence[Deed]) -> None:
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
