"""Driving times between a library's depots and stops (M3): what a person typed, else what the road engine says, else reckoned."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import Max

from libraries.models import Institution
from mobile_service.driving import STILL, Drive, Pace, Point, table_of
from mobile_service.models import Stop, TravelTime, Vehicle, VisitRequest
from mobile_service.services.road_engine import RoadEngineDown, ask_table

# Of one question; OSRM refuses more than 100 places unless it is told otherwise.
BLOCK = 50
# All questions together: the worker must not wait for an engine for ever.
PATIENCE = 60.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Drives:
    """From each place to each: first the depots, then the stops. How many of the ways were ``typed``, ``road`` or ``reckoned``.

    ``engine_down``: there is a road engine, and it did not answer; what it should have known is reckoned.
    """

    table: Sequence[Sequence[Drive]]
    typed: int = 0
    road: int = 0
    reckoned: int = 0
    engine_down: bool = False


def pace() -> Pace:
    """How fast a van is on a road that nobody has measured, by the settings of the installation."""
    return Pace(kilometres_per_hour=settings.VAN_SPEED_KMH, leg_minutes=settings.VAN_LEG_MINUTES)


def point_of(row: Institution | Stop | Vehicle | VisitRequest) -> Point | None:
    if row.latitude is None or row.longitude is None:
        return None
    return Point(float(row.latitude), float(row.longitude))


def depots_of(
    office: Institution, vehicles: Sequence[Vehicle]
) -> tuple[list[Point], dict[UUID, int], Point | None]:
    """The places where these vehicles start, which starts where, and the one that the table calls the depot: the library, where
    any of them starts there, else the first of these places.
    """
    home = point_of(office)
    depots: list[Point] = []
    where: dict[UUID, int] = {}
    points = [(row, point_of(row) or home) for row in vehicles]
    for row, point in sorted(points, key=lambda it: it[1] != home):
        if point is not None:
            if point not in depots:
                depots.append(point)
            where[row.pk] = depots.index(point)
    return depots, where, depots[0] if depots else home


def drives_between(office: Institution, depots: Sequence[Point], stops: Sequence[Stop]) -> Drives:
    """``stops`` all have a place. Typed times of the depot hold for the first of ``depots``.

    May ask the road engine, so it is the worker's to call; a page asks with :func:`known_drives`.
    """
    task = _Task(office, depots, stops)
    task.read()
    if settings.OSRM_URL:
        task.ask(settings.OSRM_URL)
    return task.answer()


def known_drives(office: Institution, depots: Sequence[Point], stops: Sequence[Stop]) -> Drives:
    """The same without asking anybody: what is typed or kept, the rest reckoned."""
    task = _Task(office, depots, stops)
    task.read()
    return task.answer()


Pair = tuple[int, int]


@dataclass
class _Task:
    office: Institution
    depots: Sequence[Point]
    stops: Sequence[Stop]
    typed: dict[Pair, Drive] = field(default_factory=dict)
    road: dict[Pair, Drive] = field(default_factory=dict)
    # Asked and answered: no road leads there. It is reckoned, for there are ferries and bad maps.
    roadless: set[Pair] = field(default_factory=set)
    stale: dict[Pair, UUID] = field(default_factory=dict)
    engine_down: bool = False

    def __post_init__(self) -> None:
        self.points = [*self.depots, *(_place(stop) for stop in self.stops)]
        # By which key a place stands in the table of driving times; further depots stand in none.
        self.keys: list[UUID | None] = [None] * len(self.depots) + [stop.pk for stop in self.stops]
        self.kept = [0, *range(len(self.depots), len(self.points))] if self.depots else []
        self.index = {self.keys[at]: at for at in self.kept}
        self.reckoned = table_of(self.points, pace())

    def read(self) -> None:
        """What is typed or kept of these places; kept answers about a place that may have moved since are not believed."""
        changed = {None: self._depot_changed_at(), **{stop.pk: stop.updated_at for stop in self.stops}}
        rows = TravelTime.objects.filter(office=self.office).values_list(
            "pk", "origin_id", "target_id", "minutes", "kilometres", "is_typed", "updated_at"
        )
        for key, origin, target, minutes, kilometres, typed, at in rows.iterator(5000):
            pair = self.index.get(origin), self.index.get(target)
            if pair[0] is None or pair[1] is None:
                continue
            one, other = pair[0], pair[1]
            way = self.reckoned[one][other].kilometres if kilometres is None else float(kilometres)
            if typed:
                self.typed[one, other] = Drive(float(minutes), way)
            elif any(changed[it] > at for it in (origin, target)):
                self.stale[one, other] = key
            elif settings.OSRM_URL:
                self.road[one, other] = Drive(float(minutes), way)

    def _depot_changed_at(self) -> datetime:
        """The library, or a vehicle, one out of use among them: it may have been the one that gave the depot its place."""
        vehicles = Vehicle.objects.filter(office=self.office).aggregate(last=Max("updated_at"))["last"]
        return max(self.office.updated_at, vehicles or self.office.updated_at)

    def ask(self, url: str) -> None:
        """The engine is asked block by block for what is missing; the first time it fails is the last that it is asked."""
        ends = time.monotonic() + PATIENCE
        blocks = [range(at, min(at + BLOCK, len(self.points))) for at in range(0, len(self.points), BLOCK)]
        for sources in blocks:
            for targets in blocks:
                if not any(self._missing(one, other) for one in sources for other in targets):
                    continue
                left = ends - time.monotonic()
                try:
                    if left <= 0:
                        raise RoadEngineDown("out of patience")
                    found = ask_table(
                        url,
                        [self.points[it] for it in sources],
                        [self.points[it] for it in targets],
                        seconds=min(10.0, left),
                    )
                except RoadEngineDown as trouble:
                    log.warning("road_engine_down", detail=str(trouble))
                    self.engine_down = True
                    return
                self._keep(
                    {
                        (one, other): drive
                        for one, row in zip(sources, found, strict=True)
                        for other, drive in zip(targets, row, strict=True)
                        if self._missing(one, other)
                    }
                )

    def _missing(self, one: int, other: int) -> bool:
        pair = (one, other)
        return one != other and not (pair in self.typed or pair in self.road or pair in self.roadless)

    def _keep(self, found: dict[Pair, Drive | None]) -> None:
        self.roadless |= {pair for pair, drive in found.items() if drive is None}
        known = {pair: drive for pair, drive in found.items() if drive is not None}
        self.road |= known
        kept = set(self.kept)
        old = [self.stale[pair] for pair in found if pair in self.stale]
        TravelTime.objects.filter(pk__in=old, is_typed=False).delete()
        # What somebody types meanwhile stays.
        TravelTime.objects.bulk_create(
            [
                TravelTime(
                    office=self.office,
                    origin_id=self.keys[one],
                    target_id=self.keys[other],
                    minutes=drive.minutes,
                    kilometres=drive.kilometres,
                )
                for (one, other), drive in known.items()
                if one in kept and other in kept
            ],
            batch_size=2000,
            ignore_conflicts=True,
        )

    def answer(self) -> Drives:
        table: list[list[Drive]] = []
        counts = {"typed": 0, "road": 0, "reckoned": 0}
        for one in range(len(self.points)):
            row = []
            for other in range(len(self.points)):
                if one == other:
                    row.append(STILL)
                    continue
                pair = (one, other)
                kind = "typed" if pair in self.typed else "road" if pair in self.road else "reckoned"
                counts[kind] += 1
                row.append(self.typed.get(pair) or self.road.get(pair) or self.reckoned[one][other])
            table.append(row)
        return Drives(table, **counts, engine_down=self.engine_down)


def _place(stop: Stop) -> Point:
    found = point_of(stop)
    if found is None:
        raise ValueError(f"{stop} has no place on the map")
    return found
