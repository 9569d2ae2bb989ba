"""Taking the adoption of a route plan back, as long as nothing was made of it: the calendar before it stands again (M3).

Visits that were new leave without a trace; those that moved or were called off keep their row and are changed once more, because
phones and calendars may have read them meanwhile. Only schools that a message may have reached are told that it holds no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict
from libraries.choices import MessageStatus
from libraries.models import Notice, User
from loans.choices import ConsignmentStatus
from loans.models import Consignment
from mobile_service.choices import TripStatus, VisitStatus
from mobile_service.lifecycle import ROUTE_PLAN, VISIT
from mobile_service.models import (
    CrewMember,
    Duty,
    Entry,
    RoutePlan,
    Trip,
    TripEvent,
    TripLoad,
    Vehicle,
    Visit,
    VisitEvent,
)
from mobile_service.services.checking import said
from mobile_service.services.locking import hold_constraints
from mobile_service.services.route_remembering import WINDOW, may_undo, remembered
from mobile_service.services.routing import lock_plan
from mobile_service.services.scheduling import explained
from mobile_service.services.stepping import roles_of, take_step
from mobile_service.services.telling import CHANGED, hush_visits, tell_visits
from mobile_service.services.trips import drop_if_empty, open_trips

Trips = Mapping[tuple[UUID, date], Trip]


@dataclass(slots=True)
class _Back:
    """What is put back. ``before``: when a moved visit was planned by the plan that is taken back."""

    new: list[Visit] = field(default_factory=list)
    moved: list[Visit] = field(default_factory=list)
    restored: list[Visit] = field(default_factory=list)
    before: dict[UUID, datetime] = field(default_factory=dict)


@transaction.atomic
def undo_adoption(*, plan: RoutePlan, actor: User) -> RoutePlan:
    """Put the calendar back as it was before the plan was adopted; the plan can be changed and adopted again.

    Raises NotPermitted, TransitionRefused, Conflict (``undo_late``, ``overtaken``, ``trip_begun``, ``changed_since``).
    """
    fresh = lock_plan(plan)
    ROUTE_PLAN.ask("undo", fresh.status, roles_of(actor, fresh))
    if not may_undo(fresh) or fresh.before is None or fresh.adopted_at is None:
        raise Conflict(
            "undo_late",
            _(
                "An adoption can be taken back for %(minutes)s minutes. Move single visits by hand, or reckon the days again."
            )
            % {"minutes": WINDOW // timedelta(minutes=1)},
        )
    later = RoutePlan.objects.filter(office=fresh.office_id, adopted_at__gt=fresh.adopted_at)
    if later.exists():
        raise Conflict("overtaken", _("Another plan was adopted after this one. Take that one back first."))
    kept = remembered(fresh)
    touched = Visit.objects.filter(Q(plan=fresh) | Q(pk__in=list(kept["visits"])))
    here = _take(touched, kept)
    rows = list(
        touched.select_for_update(of=("self",), no_key=True)
        .select_related("trip", "stop__office", "stop__partner", "vehicle")
        .order_by("pk")
    )
    _require_untouched(fresh, date.fromisoformat(kept["first"]), fresh.adopted_at, here, rows)
    trips = _open(kept, actor)
    heard = _who_heard(rows, fresh.adopted_at)
    back = _put_back(rows, kept["visits"], trips, actor)
    _describe(kept["trips"], trips)
    standing = {row.pk for row in trips.values()}
    for trip in here:
        if trip.pk not in standing:
            _leave(trip, actor)
    _tell(back, heard)
    take_step(ROUTE_PLAN, "undo", fresh, actor=actor, before=None, adopted_at=None)
    return fresh


def _require_untouched(
    plan: RoutePlan, first: date, adopted_at: datetime, trips: Sequence[Trip], visits: Sequence[Visit]
) -> None:
    """Nobody has set off, and nobody has done anything to the calendar of these days since the plan was adopted."""
    begun = next((row for row in trips if row.status in (TripStatus.UNDER_WAY, TripStatus.DONE)), None)
    if begun is not None:
        raise Conflict(
            "trip_begun",
            _("%(vehicle)s has set off on %(day)s. Move single visits by hand.")
            % {"vehicle": begun.vehicle, "day": said(begun.on)},
        )
    keys = [row.pk for row in visits]
    days = (first, plan.ends_on)
    of_visits = VisitEvent.objects.filter(
        Q(subject__in=keys) | Q(subject__stop__office=plan.office_id, subject__trip__on__range=days),
        at__gt=adopted_at,
    )
    of_trips = TripEvent.objects.filter(
        subject__office=plan.office_id, subject__on__range=days, at__gt=adopted_at
    )
    event: Any = of_visits.select_related("subject__stop", "subject__trip").order_by("at").first()
    what = event and (event.subject.stop, event.subject.trip.on)
    if what is None:
        event = of_trips.select_related("subject__vehicle").order_by("at").first()
        what = event and (event.subject.vehicle, event.subject.on)
    if what is None:
        load = TripLoad.objects.filter(visit__in=keys, added_at__gt=adopted_at).select_related(
            "visit__stop", "visit__trip"
        )
        what = next(((row.visit.stop, row.visit.trip.on) for row in load[:1]), None)
    if what is None:
        told = Entry.objects.filter(visit__in=keys, received_at__gt=adopted_at).select_related(
            "visit__stop", "visit__trip"
        )
        what = next(((row.visit.stop, row.visit.trip.on) for row in told[:1] if row.visit), None)
    if what is not None:
        raise Conflict(
            "changed_since",
            _(
                "Something was changed after the adoption: %(what)s, %(day)s. Move single visits by hand, or reckon the days again."
            )
            % {"what": what[0], "day": said(what[1])},
        )


def _take(touched: QuerySet[Visit], kept: Mapping[str, Any]) -> list[Trip]:
    """The trips of ``touched``; locked at once, by id, with those that stood there before and stand still: two desks never wait for
    each other."""
    days = _days(kept)
    living = Trip.objects.filter(on__in={on for _key, on in days}).exclude(status=TripStatus.CANCELLED)
    stood = {key for key, vehicle, on in living.values_list("pk", "vehicle", "on") if (vehicle, on) in days}
    theirs = set(touched.values_list("trip", flat=True))
    rows = (
        Trip.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vehicle", "office")
        .filter(pk__in=stood | theirs)
        .order_by("pk")
    )
    return [row for row in rows if row.pk in theirs]


def _days(kept: Mapping[str, Any]) -> set[tuple[UUID, date]]:
    return {
        (UUID(row["vehicle"]), date.fromisoformat(row["on"]))
        for row in (*kept["trips"], *kept["visits"].values())
    }


def _open(kept: Mapping[str, Any], actor: User) -> dict[tuple[UUID, date], Trip]:
    """The trips that stood there before, made anew where the plan had emptied them, under lock."""
    days = _days(kept)
    vehicles = Vehicle.objects.select_related("office").in_bulk({key for key, _on in days})
    wanted = sorted((key, on) for key, on in days if key in vehicles)
    return open_trips([(vehicles[key], on) for key, on in wanted], actor=actor)


def _put_back(rows: Sequence[Visit], kept: Mapping[str, Any], trips: Trips, actor: User) -> _Back:
    back = _Back()
    plans = set(
        RoutePlan.objects.filter(pk__in={row["plan"] for row in kept.values() if row["plan"]}).values_list(
            "pk", flat=True
        )
    )
    with explained():
        # Visits may change places: whether two are at one time is looked at when all are where they belong.
        hold_constraints("DEFERRED")
        for visit in rows:
            was = kept.get(str(visit.pk))
            if was is None:
                back.new.append(visit)
                continue
            made = was["plan"] and UUID(was["plan"])
            fields: dict[str, Any] = {"plan_id": made if made in plans else None, "is_pinned": False}
            vehicle = UUID(was["vehicle"])
            trip = trips[vehicle, date.fromisoformat(was["on"])]
            begins_at, ends_at = (datetime.fromisoformat(was[name]) for name in ("begins_at", "ends_at"))
            again = {"trip": trip, "reason": was["reason"], "sequence": visit.sequence + 1, **fields}
            if visit.status == VisitStatus.CANCELLED:
                take_step(VISIT, "restore", visit, actor=actor, **again)
                back.restored.append(visit)
            elif (visit.begins_at, visit.ends_at, visit.vehicle_id) != (begins_at, ends_at, vehicle):
                back.before[visit.pk] = visit.begins_at
                take_step(
                    VISIT,
                    "move",
                    visit,
                    actor=actor,
                    vehicle=trip.vehicle,
                    begins_at=begins_at,
                    ends_at=ends_at,
                    **again,
                )
                back.moved.append(visit)
            elif visit.is_pinned:
                take_step(VISIT, "unpin", visit, actor=actor, **fields)
            elif visit.plan_id != fields["plan_id"]:
                visit.plan_id = fields["plan_id"]
                visit.save(update_fields=["plan", "updated_at"])
        hush_visits([*back.new, *back.moved, *back.restored])
        Visit.objects.filter(pk__in=[visit.pk for visit in back.new]).delete()
        hold_constraints("IMMEDIATE")
    _load_again(kept, {visit.pk for visit in back.restored})
    return back


def _leave(trip: Trip, actor: User) -> None:
    """A trip that the plan had made, or had emptied: the one that it emptied stands there anew, as another row."""
    if trip.status == TripStatus.CANCELLED and not trip.visits.exists():
        trip.delete()
    else:
        drop_if_empty(trip, actor=actor)


def _load_again(kept: Mapping[str, Any], restored: set[UUID]) -> None:
    """What was to ride with a visit rides with it again, unless it is promised to another trip or has left by itself."""
    riding = {UUID(box): key for key in restored for box in kept[str(key)]["loads"]}
    waiting = Consignment.objects.filter(pk__in=riding, status=ConsignmentStatus.PICKING)
    TripLoad.objects.bulk_create(
        [TripLoad(visit_id=riding[pk], consignment_id=pk) for pk in waiting.values_list("pk", flat=True)],
        ignore_conflicts=True,
    )


def _describe(kept: Sequence[Mapping[str, Any]], trips: Trips) -> None:
    """When each van leaves and is back, how far it goes, who is on it: as it was said before."""
    known = {key for row in kept for key in row["crew"]}
    members = {str(pk) for pk in CrewMember.objects.filter(pk__in=known).values_list("pk", flat=True)}
    for row in kept:
        trip = trips.get((UUID(row["vehicle"]), date.fromisoformat(row["on"])))
        if trip is None:
            continue
        trip.leaves_at = row["leaves_at"] and time.fromisoformat(row["leaves_at"])
        trip.back_at = row["back_at"] and time.fromisoformat(row["back_at"])
        trip.planned_km = None if row["planned_km"] is None else Decimal(row["planned_km"])
        trip.note = row["note"]
        trip.version += 1
        trip.save(update_fields=["leaves_at", "back_at", "planned_km", "note", "version", "updated_at"])
        trip.duties.exclude(member__in=row["crew"]).delete()
        Duty.objects.bulk_create(
            [Duty(trip=trip, member_id=UUID(key), on=trip.on) for key in row["crew"] if key in members],
            ignore_conflicts=True,
        )


def _who_heard(visits: Sequence[Visit], adopted_at: datetime) -> set[UUID]:
    """The schools whose message of the adoption has left the house, or is in a mail with others."""
    about = Notice.objects.filter(
        subject_id__in=[row.pk for row in visits], rule=CHANGED, addressed_at__isnull=False
    )
    # Those of this adoption alone: they are not older than it, but for the moment in which it was written.
    about = about.filter(created_at__gt=adopted_at - timedelta(minutes=5), settled_at=None)
    return set(about.exclude(messages__status=MessageStatus.PENDING).values_list("recipient_id", flat=True))


def _tell(back: _Back, heard: set[UUID]) -> None:
    def theirs(visits: Sequence[Visit]) -> list[Visit]:
        return [row for row in visits if row.stop.partner_id in heard]

    reason = _("The new calendar was taken back.")
    for visit in back.new:
        # Another word about it than that it was planned.
        visit.sequence += 1
    tell_visits(theirs(back.new), "cancelled", reason=reason, crew=False)
    tell_visits(theirs(back.moved), "moved", reason=reason, before=back.before, crew=False)
    tell_visits(theirs(back.restored), "restored", reason=reason, crew=False)
