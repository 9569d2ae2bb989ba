"""What stands around a placement: everything that a day of the van can run into, read in a handful of queries.

The check itself (``services/checking.py``) is pure; so one reading serves one visit, the days offered instead of it, and a
whole series.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from kerjasama.domain import clock
from libraries.models import Closure
from mobile_service.choices import VisitStatus
from mobile_service.driving import drive_between
from mobile_service.models import (
    Duty,
    Outage,
    Stop,
    StopWindow,
    TravelTime,
    Trip,
    Vehicle,
    VehicleHours,
    Visit,
)
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
    """Days on which the vehicle is back already: nothing can be added to its trip any more."""
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
    return read_all_surroundings([(stop, vehicle)], first, last, ignoring=ignoring)[stop.pk, vehicle.pk]


def read_all_surroundings(
    pairs: Iterable[tuple[Stop, Vehicle]], first: date, last: date, *, ignoring: Collection[UUID] = ()
) -> dict[tuple[UUID, UUID], Surroundings]:
    """``read_surroundings`` of many stops and vehicles: the same eight queries, however many they are."""
    wanted = {(stop.pk, vehicle.pk): (stop, vehicle) for stop, vehicle in pairs}
    stops = {stop.pk: stop for stop, _vehicle in wanted.values()}
    vehicles = {vehicle.pk: vehicle for _stop, vehicle in wanted.values()}
    windows: dict[UUID, dict[int, list[tuple[time, time]]]] = defaultdict(dict)
    for window in StopWindow.objects.filter(stop__in=stops):
        windows[window.stop_id].setdefault(window.weekday, []).append((window.opens_at, window.closes_at))
    hours: dict[UUID, dict[int, tuple[time, time]]] = defaultdict(dict)
    for row in VehicleHours.objects.filter(vehicle__in=vehicles):
        hours[row.vehicle_id][row.weekday] = (row.starts_at, row.ends_at)
    outages: dict[UUID, list[Spell]] = defaultdict(list)
    for out in Outage.objects.filter(vehicle__in=vehicles, starts_on__lte=last, ends_on__gte=first):
        outages[out.vehicle_id].append((out.starts_on, out.ends_on, out.reason))
    over: dict[UUID, set[date]] = defaultdict(set)
    for key, on in Trip.objects.filter(
        vehicle__in=vehicles, on__range=(first, last), status="done"
    ).values_list("vehicle", "on"):
        over[key].add(on)
    elsewhere: dict[UUID, dict[date, list[tuple[str, str]]]] = defaultdict(dict)
    duties = Duty.objects.filter(
        member__vehicle__in=vehicles, member__is_active=True, on__range=(first, last)
    ).exclude(trip__vehicle=F("member__vehicle"))
    for key, on, member, other in duties.values_list(
        "member__vehicle", "on", "member__name", "trip__vehicle__name"
    ):
        elsewhere[key].setdefault(on, []).append((member, other))
    sides = {key: [stop.office, *([stop.partner] if stop.partner else [])] for key, stop in stops.items()}
    closures = list(
        Closure.objects.shutting(row for rows in sides.values() for row in rows).between(first, last)
    )
    visits = _standing(stops, vehicles, first, last, ignoring)
    near = {
        key: {row.stop for row in visits if row.vehicle_id == key[1] and row.stop_id != key[0]}
        for key in wanted
    }
    known = _known_drives(stops, {other.pk for others in near.values() for other in others})
    return {
        key: Surroundings(
            stop=stop,
            vehicle=vehicle,
            hours=hours[vehicle.pk],
            windows=windows[stop.pk],
            outages=outages[vehicle.pk],
            closures=[
                (row.starts_on, row.ends_on, row.reason) for row in closures if row.shuts(sides[stop.pk])
            ],
            closed_weekdays=frozenset(stop.partner.closed_weekdays if stop.partner else ()),
            trips_over=frozenset(over[vehicle.pk]),
            drives=_drives(stop, near[key], known),
            crew_elsewhere=elsewhere[vehicle.pk],
            taken=_taken(visits, stop, vehicle),
        )
        for key, (stop, vehicle) in wanted.items()
    }


def _standing(
    stops: Mapping[UUID, Stop],
    vehicles: Mapping[UUID, Vehicle],
    first: date,
    last: date,
    ignoring: Collection[UUID],
) -> list[Visit]:
    """The visits of these stops and vehicles, on the days of whichever clock."""
    zones = {ZoneInfo(stop.office.zone) for stop in stops.values()}
    return list(
        Visit.objects.filter(Q(vehicle__in=vehicles) | Q(stop__in=stops), status__in=STANDING)
        .filter(
            begins_at__lt=max(datetime.combine(last + timedelta(days=1), time(), zone) for zone in zones),
            ends_at__gt=min(datetime.combine(first, time(), zone) for zone in zones),
        )
        .exclude(pk__in=list(ignoring))
        .select_related("stop", "vehicle")
        .order_by("begins_at")
    )


def _taken(visits: Iterable[Visit], stop: Stop, vehicle: Vehicle) -> dict[date, list[Taken]]:
    zone = ZoneInfo(stop.office.zone)
    taken: dict[date, list[Taken]] = {}
    for row in visits:
        if row.vehicle_id == vehicle.pk or row.stop_id == stop.pk:
            taken.setdefault(row.begins_at.astimezone(zone).date(), []).append(
                Taken(
                    row.begins_at, row.ends_at, row.vehicle_id, str(row.vehicle), row.stop_id, str(row.stop)
                )
            )
    return taken


def _drives(
    stop: Stop, neighbours: Collection[Stop], known: Mapping[tuple[UUID, UUID], Way]
) -> dict[tuple[UUID, UUID], Way]:
    """To ``stop`` and away from it: what is typed or measured, the rest reckoned. No road engine is asked: visits are locked here.

    A stop without a place is in no way.
    """
    here, speed = point_of(stop), pace()
    ways: dict[tuple[UUID, UUID], Way] = {}
    for other in neighbours:
        there = point_of(other)
        if here and there:
            way = Way(drive_between(here, there, speed).minutes, is_known=False)
            ways[stop.pk, other.pk] = ways[other.pk, stop.pk] = way
        for both in ((stop.pk, other.pk), (other.pk, stop.pk)):
            if both in known:
                ways[both] = known[both]
    return ways


def _known_drives(stops: Collection[UUID], neighbours: Collection[UUID]) -> dict[tuple[UUID, UUID], Way]:
    """What is typed or measured. A measured time that is older than what is known of a stop is not believed."""
    rows = TravelTime.objects.filter(
        Q(origin__in=stops, target__in=neighbours) | Q(target__in=stops, origin__in=neighbours),
        Q(is_typed=True)
        | Q(updated_at__gte=F("origin__updated_at")) & Q(updated_at__gte=F("target__updated_at")),
    ).values_list("origin", "target", "minutes")
    return {
        (origin, target): Way(float(minutes), is_known=True) for origin, target, minutes in rows if neighbours
    }
