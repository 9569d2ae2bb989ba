"""What rides with a trip: deliveries for its schools, proposed from the swaps that are near, and whether they fit (M6)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, NotPermitted
from libraries.access import roles_toward
from libraries.models import User
from loans.choices import ConsignmentStatus, LineStatus
from loans.models import Box, Consignment, LoanLine
from mobile_service.choices import HOLDING_VISITS, TripStatus, VisitStatus
from mobile_service.lifecycle import CREW, DESK
from mobile_service.models import Trip, TripLoad, Visit
from mobile_service.services.fetching import books_to_fetch
from mobile_service.services.locking import lock_trip, lock_visit

# A swap is near when its day is so close to the visit.
NEAR_DAYS = 7
# Where nobody packed into boxes yet: a box that one person can carry.
BOOKS_A_BOX = 35
OPEN_TRIPS = (TripStatus.PLANNED, TripStatus.UNDER_WAY)


@dataclass(slots=True)
class Carried:
    """One delivery on the van."""

    visit: Visit
    consignment: Consignment
    boxes: int
    books: int
    load: TripLoad


@dataclass(slots=True)
class LoadList:
    """All that a van takes and fetches. ``bring`` stands in the order of unloading."""

    trip: Trip
    bring: list[Carried] = field(default_factory=list)
    fetch: list[tuple[Visit, int]] = field(default_factory=list)

    @property
    def boxes(self) -> int:
        return sum(row.boxes for row in self.bring)

    @property
    def room(self) -> int:
        return self.trip.vehicle.boxes

    @property
    def sentence(self) -> str:
        """How full the van is, and what to do when it is too full."""
        boxes = ngettext("%(count)s box", "%(count)s boxes", self.boxes) % {"count": self.boxes}
        if self.boxes > self.room:
            return _(
                "%(boxes)s do not fit: %(vehicle)s carries %(room)s. Take a delivery off, or give it to another trip."
            ) % {"boxes": boxes, "vehicle": self.trip.vehicle, "room": self.room}
        return _("%(boxes)s of the %(room)s that %(vehicle)s carries.") % {
            "boxes": boxes,
            "vehicle": self.trip.vehicle,
            "room": self.room,
        }

    @property
    def is_too_full(self) -> bool:
        return self.boxes > self.room


def boxes_of_loads(consignments: Sequence[Consignment]) -> dict[UUID, int]:
    """How many boxes each is: those that were packed, else as many as its books need. Two queries."""
    packed = Counter(
        Box.objects.filter(consignment__in=consignments).values_list("consignment_id", flat=True)
    )
    listed = dict(
        LoanLine.objects.filter(consignment__in=consignments)
        .exclude(status=LineStatus.DROPPED)
        .values_list("consignment_id")
        .annotate(Count("pk"))
    )
    return {row.pk: packed[row.pk] or ceil(listed.get(row.pk, 0) / BOOKS_A_BOX) or 1 for row in consignments}


def load_list(trip: Trip) -> LoadList:
    """What ``trip`` takes, in the order of its stops, and how many books there are, or were, to fetch."""
    visits = list(
        Visit.objects.filter(trip=trip)
        .exclude(status__in=[VisitStatus.CANCELLED, VisitStatus.MISSED])
        .select_related("stop__partner")
        .order_by("begins_at", "pk")
    )
    loads = list(
        TripLoad.objects.filter(visit__trip=trip).select_related(
            "consignment__partner", "consignment__period"
        )
    )
    boxes = boxes_of_loads([load.consignment for load in loads])
    books = dict(
        LoanLine.objects.filter(consignment__in=[load.consignment_id for load in loads])
        .exclude(status=LineStatus.DROPPED)
        .values_list("consignment_id")
        .annotate(Count("pk"))
    )
    out = books_to_fetch(trip, {visit.stop.partner_id for visit in visits if visit.stop.partner_id})
    found = LoadList(trip)
    for visit in visits:
        found.bring += [
            Carried(
                visit, load.consignment, boxes[load.consignment_id], books.get(load.consignment_id, 0), load
            )
            for load in loads
            if load.visit_id == visit.pk
        ]
        if visit.stop.partner_id and (count := out.get(visit.stop.partner_id, 0)):
            found.fetch.append((visit, count))
    return found


def may_ride(office: UUID, partners: Iterable[UUID]) -> QuerySet[Consignment]:
    """Deliveries of ``office`` that lie ready for these schools and ride with no van, or came home with one."""
    rows = Consignment.objects.filter(lender=office, partner__in=partners, status=ConsignmentStatus.PICKING)
    riding = TripLoad.objects.filter(
        visit__status__in=HOLDING_VISITS, visit__trip__status__in=OPEN_TRIPS
    ).values("consignment")
    waiting = rows.exclude(pk__in=riding)
    return waiting.select_related("partner", "period").order_by("period__starts_on", "pk")


def _due_about(visit: Visit) -> QuerySet[Consignment]:
    """Those for the school of ``visit`` whose swap is about then."""
    on = visit.begins_at.astimezone(ZoneInfo(visit.stop.office.zone)).date()
    days = timedelta(days=NEAR_DAYS)
    return may_ride(visit.stop.office_id, [visit.stop.partner_id]).filter(
        period__starts_on__range=(on - days, on + days)
    )


@transaction.atomic
def propose_loads(*, trip: Trip, actor: User | None) -> int:
    """Put on the van what its schools are to be brought about that day; how many were added.

    ``actor`` None: the clock, the evening before. What does not fit in the van is still proposed: a person takes off what
    is to wait. Raises NotPermitted.
    """
    # Whoever calls a visit off, or moves it, holds this lock as well: nothing is put on what has just been called off.
    fresh = lock_trip(trip)
    _require_desk(fresh, actor)
    if fresh.status not in OPEN_TRIPS:
        return 0
    visits = (
        Visit.objects.filter(trip=fresh, status=VisitStatus.PLANNED, stop__partner__isnull=False)
        .select_related("stop__office", "stop__partner")
        .order_by("begins_at", "pk")
    )
    return sum(_put_on(row, visit) for visit in visits for row in _due_about(visit))


def rides(visit: Visit) -> bool:
    """Whether what was put on for ``visit`` is still on its way: else it came home with the van, and may ride again."""
    return visit.status in HOLDING_VISITS and visit.trip.status in OPEN_TRIPS


def _put_on(consignment: Consignment, visit: Visit) -> bool:
    """Whether it was free: what somebody has put on another van at this very moment stays there."""
    load, made = TripLoad.objects.select_related("visit__trip").get_or_create(
        consignment=consignment, defaults={"visit": visit}
    )
    if made or rides(load.visit):
        return made
    left_lying = TripLoad.objects.filter(pk=load.pk, visit=load.visit_id)
    return left_lying.update(visit=visit, added_at=clock.now()) == 1


@transaction.atomic
def add_load(*, visit: Visit, consignment: Consignment, actor: User) -> TripLoad:
    """Let ``consignment`` ride with ``visit``; from another trip it is moved here.

    Raises NotPermitted, Conflict (``trip_is_over``, ``not_for_this_stop``, ``left_already``, ``van_full``).
    """
    fresh = lock_visit(visit)
    _require_desk(fresh.trip, actor)
    if not rides(fresh):
        raise Conflict("trip_is_over", _("This trip is over or cancelled. Choose another one."))
    if consignment.partner_id != fresh.stop.partner_id or consignment.lender_id != fresh.stop.office_id:
        raise Conflict("not_for_this_stop", _("This delivery is for another school than the stop."))
    if consignment.status != ConsignmentStatus.PICKING:
        raise Conflict("left_already", _("This delivery has left the library already."))
    listed = load_list(fresh.trip)
    boxes = boxes_of_loads([consignment])[consignment.pk]
    if (
        consignment.pk not in {row.consignment.pk for row in listed.bring}
        and listed.boxes + boxes > listed.room
    ):
        raise Conflict(
            "van_full",
            _(
                "It does not fit: %(vehicle)s carries %(room)s boxes, %(taken)s are taken and this delivery has "
                "%(boxes)s. Take another off first, or choose another trip."
            )
            % {"vehicle": fresh.vehicle, "room": listed.room, "taken": listed.boxes, "boxes": boxes},
            facts={"room": listed.room, "taken": listed.boxes, "boxes": boxes},
        )
    try:
        with transaction.atomic():
            load, _made = TripLoad.objects.update_or_create(
                consignment=consignment, defaults={"visit": fresh, "added_at": clock.now()}
            )
    except IntegrityError:
        raise Conflict(
            "loaded_meanwhile", _("Somebody else has just put this delivery on a van. Reload the page.")
        )
    return load


@transaction.atomic
def remove_load(*, load: TripLoad, actor: User) -> None:
    """Take a delivery off the van: it is handed over in another way. Raises NotPermitted, Conflict (``trip_is_over``)."""
    fresh = lock_visit(load.visit)
    _require_desk(fresh.trip, actor)
    if fresh.trip.status not in OPEN_TRIPS:
        raise Conflict("trip_is_over", _("This trip is over or cancelled. Choose another one."))
    TripLoad.objects.filter(pk=load.pk).delete()


def van_of(consignments: Iterable[Consignment]) -> dict[UUID, Visit]:
    """With which visit each of these rides; one query."""
    loads = TripLoad.objects.filter(consignment__in=list(consignments)).select_related(
        "visit__stop__office", "visit__vehicle", "visit__trip"
    )
    return {load.consignment_id: load.visit for load in loads}


def _require_desk(trip: Trip, actor: User | None) -> None:
    if actor is not None and not roles_toward(actor, office=trip.office_id) & (DESK | CREW):
        raise NotPermitted("role_missing", _("Only the desk and the crew of this library load its vans."))
