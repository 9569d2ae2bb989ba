"""What everybody may know: where the van stands next, what was moved or called off, and why (M4).

From rows to plain data, in the time of the place; nobody's name or number is in it. Each question costs the same number of
statements however many stops there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language

from kerjasama.domain import clock
from mobile_service.choices import StopKind, VisitStatus
from mobile_service.coordinates import EAST, NORTH, SOUTH, WEST
from mobile_service.models import Series, Stop, Visit
from mobile_service.services.occurring import in_force

# What still comes, and what is there now.
COMING = (VisitStatus.PLANNED, VisitStatus.ARRIVED)
# How far ahead a visit that was called off is worth a word beside the next one.
CALLED_OFF_AHEAD = timedelta(days=35)
# No visit is longer: with it, the index by time finds what is going on now.
LONGEST = timedelta(hours=8)
MOST_POINTS = 5_000
READ = (
    *("begins_at", "ends_at", "status", "reason", "series_on"),
    *(
        "stop__name",
        "stop__slug",
        "stop__community",
        "stop__office__zone",
        "series__begins_at",
        "vehicle__name",
    ),
)
# Names of zones as people say them.
ZONE_WORDS = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One visit as it is shown. ``begins`` and ``ends`` are civil times at the stop; ``was``: when the rule had it."""

    pk: UUID
    stop: str
    slug: str
    community: str
    begins: datetime
    ends: datetime
    zone: str
    status: str
    reason: str
    vehicle: str
    was: datetime | None = None
    is_now: bool = False

    @property
    def on(self) -> date:
        return self.begins.date()

    @property
    def hours(self) -> str:
        """ "09.00–10.30", in English "09:00–10:30"."""
        if (get_language() or "id").startswith("id"):
            return f"{self.begins:%H.%M}–{self.ends:%H.%M}"
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"

    @property
    def village(self) -> str:
        """Where the name of the stop does not say it already."""
        return "" if self.community in self.stop else self.community

    @property
    def is_marked(self) -> bool:
        """Whether there is something to say of it beside its place and time."""
        return self.is_now or self.was is not None or self.is_off

    @property
    def is_off(self) -> bool:
        return self.status in (VisitStatus.CANCELLED, VisitStatus.MISSED)

    @property
    def is_missed(self) -> bool:
        return self.status == VisitStatus.MISSED

    @property
    def is_moved(self) -> bool:
        return self.was is not None and not self.is_off

    @property
    def was_another_day(self) -> bool:
        return self.was is not None and self.was.date() != self.on


@dataclass(frozen=True, slots=True)
class Usual:
    """A rule by which the van comes. ``starts``: when it has not begun yet; ``until``: its last day, where it has one."""

    rule: str
    begins: time
    ends: time
    starts: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class StopShown:
    """A stop with its next visit and with those before it that were called off."""

    name: str
    slug: str
    kind: str
    community: str
    next: Shown | None
    called_off: Sequence[Shown]


def all_shown(rows: QuerySet[Visit], now: datetime, most: int) -> list[Shown]:
    """The first ``most`` of them, soonest first. One statement, and no row becomes five objects: a month of a city has hundreds."""
    found = rows.order_by("begins_at", "pk").values_list("pk", *READ)
    return [_shown(now, *row) for row in found[:most]]


def _shown(
    now: datetime,
    pk: UUID,
    begins_at: datetime,
    ends_at: datetime,
    status: str,
    reason: str,
    series_on: date | None,
    stop: str,
    slug: str,
    community: str,
    zone_name: str,
    series_at: time | None,
    vehicle: str,
) -> Shown:
    """From the columns of ``READ``, in their order."""
    zone = _zone(zone_name)
    begins = _civil(begins_at, zone)
    was = None
    if series_at is not None and series_on is not None:
        slot = datetime.combine(series_on, series_at)
        was = slot if slot != begins else None
    return Shown(
        pk=pk,
        stop=stop,
        slug=slug,
        community=community,
        begins=begins,
        ends=_civil(ends_at, zone),
        zone=ZONE_WORDS.get(zone_name, ""),
        status=status,
        reason=reason,
        vehicle=vehicle,
        was=was,
        is_now=status in COMING and begins_at <= now <= ends_at,
    )


def with_all(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """With what is said of them and nothing more, in one statement."""
    return rows.select_related("stop__office", "series", "vehicle").only(*READ).order_by("begins_at", "pk")


def looked_for(stops: QuerySet[Stop], words: str) -> QuerySet[Stop]:
    """Each word stands in the name, the village, the address or the school's name."""
    for word in words.split()[:8]:
        stops = stops.filter(
            Q(name__icontains=word)
            | Q(community__icontains=word)
            | Q(address__icontains=word)
            | Q(partner__name__icontains=word)
            | Q(partner__short_name__icontains=word)
        )
    return stops


def by_next_visit(stops: QuerySet[Stop], now: datetime) -> QuerySet[Stop]:
    """Those visited soonest first, those without a day last. Adds ``next_id`` and ``next_at``."""
    coming = Visit.objects.filter(
        stop=OuterRef("pk"), status__in=COMING, begins_at__gte=now - LONGEST, ends_at__gte=now
    ).order_by("begins_at")
    return stops.annotate(
        next_at=Subquery(coming.values("begins_at")[:1]), next_id=Subquery(coming.values("pk")[:1])
    ).order_by(F("next_at").asc(nulls_last=True), "name", "pk")


def stops_shown(page: Iterable[Any], now: datetime) -> list[StopShown]:
    """Stops of ``by_next_visit`` with their visits: one statement for all of them."""
    rows = list(page)
    wanted = Q(pk__in=[row.next_id for row in rows if row.next_id]) | Q(
        stop__in=[row.pk for row in rows],
        status=VisitStatus.CANCELLED,
        begins_at__gte=now,
        begins_at__lt=now + CALLED_OFF_AHEAD,
    )
    visits: dict[UUID, list[Shown]] = {}
    if rows:
        told = Visit.objects.filter(wanted).order_by("begins_at", "pk").values_list("stop_id", "pk", *READ)
        for stop, *columns in told:
            visits.setdefault(stop, []).append(_shown(now, *columns))
    labels = dict(StopKind.choices)
    found = []
    for row in rows:
        own = visits.get(row.pk, [])
        coming = next((visit for visit in own if visit.pk == row.next_id), None)
        before = [
            visit
            for visit in own
            if visit.pk != row.next_id and (coming is None or visit.begins < coming.begins)
        ]
        found.append(
            StopShown(
                name=row.name,
                slug=row.slug,
                kind=str(labels.get(row.kind, "")),
                community=row.community,
                next=coming,
                called_off=before,
            )
        )
    return found


def coming_visits(rows: QuerySet[Visit], now: datetime, most: int) -> list[Shown]:
    """The next visits, those that were called off among them. One statement."""
    ahead = rows.filter(begins_at__gte=now - LONGEST, ends_at__gte=now).exclude(status=VisitStatus.MISSED)
    return all_shown(ahead, now, most)


def usual_visits(stop: Stop) -> list[Usual]:
    """The rules by which the van comes here now, and what is decided for later. One statement."""
    today = clock.today(stop.office.zone)
    running = Series.objects.filter(in_force(today), stop=stop)
    return [
        Usual(
            rule=row.rule,
            begins=row.begins_at,
            ends=(datetime.combine(today, row.begins_at) + timedelta(minutes=row.minutes)).time(),
            until=row.ends_on,
            starts=row.starts_on if row.starts_on > today else None,
        )
        for row in running.order_by("starts_on", "pk")[:6]
    ]


def visits_of_month(rows: QuerySet[Visit], first: date, now: datetime, most: int) -> list[Shown]:
    """All visits of a month, by the civil day of each place. One statement."""
    after = clock.add_months(first, 1)
    # A month begins at another moment in each zone: a day more at both ends, and the civil day decides.
    begin, end = (
        datetime.combine(day, datetime.min.time(), ZoneInfo(settings.TIME_ZONE))
        for day in (first - clock.days(1), after + clock.days(1))
    )
    everything = all_shown(rows.filter(begins_at__gte=begin, begins_at__lt=end), now, most + 200)
    return [visit for visit in everything if first <= visit.on < after][:most]


def points_of(stops: QuerySet[Stop], now: datetime, page_of: Any, said: Any) -> dict[str, Any]:
    """GeoJSON of the stops that have a place in Indonesia; ``said(moment)`` is a civil time in words. One statement."""
    labels = dict(StopKind.choices)
    # One point abroad, mistyped or not, would make the map of a town one of the world.
    at_home = Q(latitude__range=(SOUTH, NORTH), longitude__range=(WEST, EAST))
    placed: Any = by_next_visit(stops.filter(at_home), now)
    rows = placed.values_list(
        "slug", "name", "kind", "community", "latitude", "longitude", "next_at", "office__zone"
    )[:MOST_POINTS]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [float(longitude), float(latitude)]},
                "properties": {
                    "name": name,
                    "kind": str(labels.get(kind, "")),
                    "city": community,
                    "url": page_of(slug),
                    "next": said(_civil(next_at, _zone(zone))) if next_at else "",
                },
            }
            for slug, name, kind, community, latitude, longitude, next_at, zone in rows
        ],
    }


def _civil(moment: datetime, zone: ZoneInfo) -> datetime:
    """The time on the wall at the place; bare, so that no page turns it into its own zone."""
    return moment.astimezone(zone).replace(tzinfo=None)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
