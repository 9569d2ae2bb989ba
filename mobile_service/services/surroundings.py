"""What stands around a placement: everything that a day of the van can run into, read in a handful of queries.

The check itself (``services/checking.py``) is pure; so one reading serves one visit, the days offered instead of it, and a
whole series.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from kerjasama.domain import clock
from libraries.models import Closure
from mobile_service.choices import VisitStatus
from mobile_service.driving import drive_between
from mobile_service.models import Duty, Outage, Stop, TravelTime, Trip, Vehicle, Visit
from mobile_service.services.driving import pace, point_of

STANDING = (VisitStatus.PLANNED, VisitStatus.ARRIVED)
Spell = tuple[date, date, str]
"""First day, last day, and why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A visit that stands in the way, or next to which another one is driven."""

    begins_at: datetime
    ends_at: datetime
    vehicle_id: UUID
    vehicle: str
    stop_id: UUID
    stop: str


@dataclass(frozen=True, slots=True)
class Way:
    """The drive from one stop to another; not ``is_known``: nobody has typed or measured it, so it is reckoned from the map."""

    minutes: float
    is_known: bool


@dataclass(frozen=True)
class Surroundings:
    stop: Stop
    vehicle: Vehicle
    hours: Mapping[int, tuple[time, time]]
    windows: Mapping[int, Sequence[tuple[time, time]]]
    outages: Sequence[Spell]
    closures: Sequence[Spell]
    closed_weekdays: frozenset[int]
    trips_over: frozenset[date]
    """Days on which the vehicle is back already, or was never let out."""
    drives: Mapping[tuple[UUID, UUID], Way]
    crew_elsewhere: Mapping[date, Sequence[tuple[str, str]]]
    """Who of the usual crew is on which other vehicle that day."""
    taken: dict[date, list[Taken]] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.stop.office.zone)

    @property
    def today(self) -> date:
        return clock.today(self.stop.office.zone)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def at(self, on: date, clock_time: time) -> datetime:
        return datetime.combine(on, clock_time, self.zone)

    def add(self, begins_at: datetime, ends_at: datetime) -> None:
        """From now on our own visit stands there too: the next one of a series must not run into it."""
        mine = Taken(begins_at, ends_at, self.vehicle.pk, str(self.vehicle), self.stop.pk, str(self.stop))
        self.taken.setdefault(self.local(begins_at).date(), []).append(mine)


def read_surroundings(
    stop: Stop, vehicle: Vehicle, first: date, last: date, *, ignoring: Collection[UUID] = ()
) -> Surroundings:
    """Everything about ``stop`` and ``vehicle`` from ``first`` to ``last``, both included; eight queries, whatever the days."""
    office = stop.office
    zone = ZoneInfo(office.zone)
    sides = [office, *([stop.partner] if stop.partner else [])]
    windows: dict[int, list[tuple[time, time]]] = {}
    for window in stop.windows.all():
        windows.setdefault(window.weekday, []).append((window.opens_at, window.closes_at))
    taken: dict[date, list[Taken]] = {}
    visits = (
        Visit.objects.filter(Q(vehicle=vehicle) | Q(stop=stop), status__in=STANDING)
        .filter(
            begins_at__lt=datetime.combine(last + timedelta(days=1), time(), zone),
            ends_at__gt=datetime.combine(first, time(), zone),
        )
        .exclude(pk__in=list(ignoring))
        .select_related("stop", "vehicle")
        .order_by("begins_at")
    )
    for row in visits:
        taken.setdefault(row.begins_at.astimezone(zone).date(), []).append(
            Taken(row.begins_at, row.ends_at, row.vehicle_id, str(row.vehicle), row.stop_id, str(row.stop))
        )
    elsewhere: dict[date, list[tuple[str, str]]] = {}
    duties = Duty.objects.filter(
        member__vehicle=vehicle, member__is_active=True, on__range=(first, last)
    ).exclude(trip__vehicle=vehicle)
    for on, member, other in duties.values_list("on", "member__name", "trip__vehicle__name"):
        elsewhere.setdefault(on, []).append((member, other))
    return Surroundings(
        stop=stop,
        vehicle=vehicle,
        hours={row.weekday: (row.starts_at, row.ends_at) for row in vehicle.hours.all()},
        windows=windows,
        outages=list(
            Outage.objects.filter(vehicle=vehicle, starts_on__lte=last, ends_on__gte=first).values_list(
                "starts_on", "ends_on", "reason"
            )
        ),
        closures=list(
            Closure.objects.shutting(sides).between(first, last).values_list("starts_on", "ends_on", "reason")
        ),
        closed_weekdays=frozenset(stop.partner.closed_weekdays if stop.partner else ()),
        trips_over=frozenset(
            Trip.objects.filter(vehicle=vehicle, on__range=(first, last), status="done").values_list(
                "on", flat=True
            )
        ),
        drives=_read_drives(stop, {row.stop for row in visits if row.vehicle_id == vehicle.pk} - {stop}),
        crew_elsewhere=elsewhere,
        taken=taken,
    )


def _read_drives(stop: Stop, neighbours: Collection[Stop]) -> dict[tuple[UUID, UUID], Way]:
    """To ``stop`` and away from it: what is typed or measured, the rest reckoned. No road engine is asked: visits are locked here.

    A measured time that is older than what is known of a stop is not believed. A stop without a place is in no way.
    """
    here, speed = point_of(stop), pace()
    ways: dict[tuple[UUID, UUID], Way] = {}
    for other in neighbours:
        there = point_of(other)
        if here and there:
            way = Way(drive_between(here, there, speed).minutes, is_known=False)
            ways[stop.pk, other.pk] = ways[other.pk, stop.pk] = way
    rows = TravelTime.objects.filter(
        Q(origin=stop, target__in=neighbours) | Q(target=stop, origin__in=neighbours),
        Q(is_typed=True)
        | Q(updated_at__gte=F("origin__updated_at")) & Q(updated_at__gte=F("target__updated_at")),
    ).values_list("origin", "target", "minutes")
    return ways | {
        (origin, target): Way(float(minutes), is_known=True) for origin, target, minutes in rows if neighbours
    }
