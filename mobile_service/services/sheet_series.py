"""What the rows of a timetable file say of visits that repeat: which series they begin, beside those that run already (M1, M2).

A row is a stop on one weekday, so it becomes a series of its own. A list begins series and changes none: where another comes on
that weekday already, its row says so and is left alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput
from kerjasama.domain.wording import plain_date
from libraries.models import Closure, Institution, User
from mobile_service.choices import TripStatus
from mobile_service.driving import Point, drive_between
from mobile_service.models import (
    Duty,
    Outage,
    Series,
    SeriesEvent,
    Stop,
    TravelTime,
    Trip,
    Vehicle,
    VehicleHours,
    Visit,
    VisitEvent,
)
from mobile_service.recurrence import Rule, by_weekday, days_of, in_words, parse, weekdays_of
from mobile_service.services.bounds import require_near
from mobile_service.services.checking import Clash, clashes_of, hour
from mobile_service.services.driving import pace, point_of
from mobile_service.services.occurring import HORIZON, in_force
from mobile_service.services.scheduling import explained
from mobile_service.services.surroundings import STANDING, Spell, Surroundings, Taken, Way
from mobile_service.services.telling import tell_series
from mobile_service.services.trips import open_trips
from mobile_service.stop_sheet import SeriesRow
from mobile_service.stop_sheet_names import ByName
from mobile_service.stop_sheet_rhythm import bounds
from mobile_service.stop_sheet_words import Finding

# So far ahead the first day of a row may lie.
FURTHEST = timedelta(days=366 * 3)
Taking = dict[date, list[Taken]]
Windows = Mapping[int, Sequence[tuple[time, time]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeries:
    """A series that a row brings. ``days``: those of the next half year on which the van can come; ``clashes``: the others, each
    with what is in the way. ``ahead``: the days of the rule for as long as is looked at, but for those that are ``excepted``."""

    row: int
    vehicle: Vehicle
    rule: Rule
    starts_on: date
    ends_on: date | None
    begins_at: time
    minutes: int
    left_out: tuple[date, ...]
    ahead: tuple[date, ...]
    excepted: tuple[date, ...] = ()
    days: tuple[date, ...] = ()
    clashes: tuple[tuple[date, str], ...] = ()

    def __str__(self) -> str:
        ends = datetime.combine(self.starts_on, self.begins_at) + timedelta(minutes=self.minutes)
        said = f"{in_words(self.rule)}, {hour(self.begins_at)}–{hour(ends)}, {self.vehicle}"
        if self.first is not None:
            said = _("%(series)s, first on %(day)s") % {"series": said, "day": _day(self.first)}
        if self.ends_on is not None:
            said = _("%(series)s, last on %(day)s") % {"series": said, "day": _day(self.ends_on)}
        if self.excepted:
            days = ", ".join(_day(day) for day in self.excepted)
            said = _("%(series)s, not on %(days)s") % {"series": said, "days": days}
        return said

    @property
    def first(self) -> date | None:
        """Of its visits: later than the first day of the rule where that is left out. None where every day is."""
        return next(iter(self.days or self.ahead), None)

    def span(self, day: date, around: Surroundings) -> tuple[datetime, datetime]:
        begins = around.at(day, self.begins_at)
        return begins, begins + timedelta(minutes=self.minutes)

    @property
    def key(self) -> tuple[Any, ...]:
        return (
            self.vehicle.pk,
            str(self.rule),
            self.begins_at,
            self.minutes,
            self.starts_on,
            self.ends_on,
        )


@dataclass
class Ways(Mapping[tuple[UUID, UUID], Way]):
    """Drives between stops, looked up or reckoned when they are asked for: a long list has far more pairs than it drives."""

    office: Institution
    places: dict[UUID, Point | None] = field(default_factory=dict)
    found: dict[tuple[UUID, UUID], Way | None] = field(default_factory=dict)

    def __getitem__(self, pair: tuple[UUID, UUID]) -> Way:
        if pair not in self.found:
            self.found[pair] = self._known.get(pair) or self._reckoned(*pair)
        way = self.found[pair]
        if way is None:
            raise KeyError(pair)
        return way

    def __iter__(self) -> Iterator[tuple[UUID, UUID]]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    @cached_property
    def _known(self) -> dict[tuple[UUID, UUID], Way]:
        """What is typed or measured; a measured time that is older than what is known of a stop is not believed."""
        believed = Q(is_typed=True) | (
            Q(updated_at__gte=F("origin__updated_at")) & Q(updated_at__gte=F("target__updated_at"))
        )
        rows = TravelTime.objects.filter(
            believed, office=self.office, origin__isnull=False, target__isnull=False
        )
        return {
            (origin, target): Way(float(minutes), is_known=True)
            for origin, target, minutes in rows.values_list("origin", "target", "minutes").iterator(5_000)
        }

    def _reckoned(self, one: UUID, other: UUID) -> Way | None:
        here, there = self.places.get(one), self.places.get(other)
        if one == other or here is None or there is None:
            return None
        return Way(drive_between(here, there, pace()).minutes, is_known=False)


@dataclass(slots=True)
class Timetable:
    """What stands in the calendar already, read once for a whole list (``read_timetable``)."""

    office: Institution
    vehicles: ByName[Vehicle]
    fleet: Sequence[Vehicle]
    ways: Ways
    running: dict[UUID, list[Series]] = field(default_factory=dict)
    hours: dict[UUID, dict[int, tuple[time, time]]] = field(default_factory=dict)
    outages: dict[UUID, list[Spell]] = field(default_factory=dict)
    closures: Sequence[Closure] = ()
    over: set[tuple[UUID, date]] = field(default_factory=set)
    elsewhere: dict[UUID, dict[date, list[tuple[str, str]]]] = field(default_factory=dict)
    of_vehicle: dict[UUID, Taking] = field(default_factory=dict)
    of_stop: dict[UUID, Taking] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return clock.today(self.office.zone)

    def series_for(
        self, stop: Stop, rows: Iterable[SeriesRow], spans: Iterable[tuple[int, time, time]]
    ) -> tuple[list[NewSeries], list[Finding]]:
        """The series that these rows begin at ``stop``, what is in their way, and what is to be said of the other rows. ``spans``: its
        time windows."""
        found: list[NewSeries] = []
        findings: list[Finding] = []
        running = self.running.get(stop.pk, ())
        known = {key for series in running for key in self._keys(series)}
        windows: dict[int, list[tuple[time, time]]] = {}
        for day, begin, end in spans:
            windows.setdefault(day, []).append((begin, end))
        self.ways.places[stop.pk] = point_of(stop)
        for row in rows:
            wish = self._wish(stop, row)
            if not isinstance(wish, NewSeries):
                findings.append(wish)
                continue
            if wish.key in known:
                continue
            weekdays = weekdays_of(wish.rule)
            other = next((it for it in running if weekdays_of(rule_of(it)) & weekdays), None)
            if other is not None:
                findings.append(("series_differs", {"row": wish.row, "series": in_words(rule_of(other))}))
                continue
            known.add(wish.key)
            fitting, said = self._fit(stop, wish, windows)
            found += [fitting] if fitting is not None else []
            findings += said
        return found, findings

    def _wish(self, stop: Stop, row: SeriesRow) -> NewSeries | Finding:
        number, named = row["row"], row["mobile"]
        if not 5 <= row["minutes"] <= 480:
            return "minutes_wrong", {"minutes": row["minutes"]}
        vehicle = self.vehicles.find(named) if named else self._usual(stop)
        if vehicle is None:
            return self._unknown(number, named)
        text, until, count = bounds(row["rule"], row["day"])
        starts = date.fromisoformat(row["starts_on"]) if row["starts_on"] else self.today
        try:
            require_near(starts, self.today, field="starts_on")
            rule = parse(text, starts)
        except InvalidInput as refusal:
            return "series_rule", {"row": number, "why": str(refusal)}
        ends = date.fromisoformat(row["ends_on"]) if row["ends_on"] else until
        if count:
            # Counted from the first day of the file, whether or not that has passed.
            given = days_of(rule, starts, starts, starts + FURTHEST * 4)[:count]
            ends = min(filter(None, (ends, given[-1] if given else None)), default=None)
        begin = max(starts, self.today)
        ahead = (
            days_of(rule, starts, begin, min(ends or date.max, begin + FURTHEST))
            if (ends or begin) >= begin
            else []
        )
        if not ahead:
            return "series_over", {"row": number}
        left_out = {date.fromisoformat(day) for day in row["left_out"]}
        return NewSeries(
            row=number,
            vehicle=vehicle,
            rule=rule,
            starts_on=ahead[0],
            ends_on=ends,
            begins_at=time.fromisoformat(row["begins_at"]),
            minutes=row["minutes"],
            left_out=tuple(sorted(left_out)),
            ahead=tuple(day for day in ahead if day not in left_out),
            excepted=tuple(day for day in ahead if day in left_out),
        )

    def _unknown(self, row: int, named: str) -> Finding:
        """Why no vehicle was found for a row."""
        if not named:
            return "series_no_vehicle", {"row": row}
        alike = self.vehicles.alike(named)
        if alike:
            names = ", ".join(f"“{name}”" for name in alike)
            return "series_vehicles", {"row": row, "text": named[:60], "names": names}
        return "series_vehicle", {"row": row, "text": named[:60]}

    def _usual(self, stop: Stop) -> Vehicle | None:
        own = next((it for it in self.fleet if it.pk == stop.vehicle_id), None)
        return own or (self.fleet[0] if len(self.fleet) == 1 else None)

    def _keys(self, series: Series) -> list[tuple[Any, ...]]:
        """A series as the rows say it: one for each weekday."""
        found = []
        begin = max(series.starts_on, self.today)
        for _weekday, rule in by_weekday(rule_of(series)):
            ahead = days_of(rule, series.starts_on, begin, begin + FURTHEST)
            if ahead:
                found.append(
                    (series.vehicle_id, str(rule), series.begins_at, series.minutes, ahead[0], series.ends_on)
                )
        return found

    def _fit(self, stop: Stop, wish: NewSeries, windows: Windows) -> tuple[NewSeries | None, list[Finding]]:
        """The series with the days on which it can be, and what is in the way of them; none when there is not one such day in the
        next half year."""
        if wish.first is None:
            return wish, [("series_excepted", {"row": wish.row})]
        days = [day for day in wish.ahead if day <= self.today + HORIZON]
        # Of one that begins later nothing is planned yet; its first day is looked at.
        around = self._around(stop, wish.vehicle, windows, days or [wish.first])
        if not days:
            far = [(wish.first, clash) for clash in clashes_of(*wish.span(wish.first, around), around)]
            return wish, _doubts(wish.row, far, 1)
        going: list[date] = []
        out: list[tuple[date, str]] = []
        doubtful: list[tuple[date, Clash]] = []
        for day in days:
            found = clashes_of(*wish.span(day, around), around)
            if found and found[0].hard:
                out.append((day, found[0].sentence))
                continue
            doubtful += [(day, clash) for clash in found]
            going.append(day)
            begins, ends = wish.span(day, around)
            self.take(Taken(begins, ends, wish.vehicle.pk, str(wish.vehicle), stop.pk, str(stop)), day)
        facts = {"row": wish.row, "count": len(out), "why": out[0][1] if out else ""}
        if not going:
            return None, [("series_no_day", facts)]
        findings: list[Finding] = [("series_days_out", facts)] if out else []
        fitting = replace(wish, days=tuple(going), clashes=tuple(out))
        return fitting, findings + _doubts(wish.row, doubtful, len(going))

    def take(self, mine: Taken, day: date) -> None:
        """From now on this visit stands there too."""
        self.of_vehicle.setdefault(mine.vehicle_id, {}).setdefault(day, []).append(mine)
        self.of_stop.setdefault(mine.stop_id, {}).setdefault(day, []).append(mine)

    def _around(self, stop: Stop, vehicle: Vehicle, windows: Windows, days: Iterable[date]) -> Surroundings:
        """What stands around the visits of these days, as ``read_surroundings`` reads it for one series."""
        sides = [self.office, *([stop.partner] if stop.partner else [])]
        rows, others = self.of_vehicle.get(vehicle.pk, {}), self.of_stop.get(stop.pk, {})
        return Surroundings(
            stop=stop,
            vehicle=vehicle,
            hours=self.hours.get(vehicle.pk, {}),
            windows=windows,
            outages=self.outages.get(vehicle.pk, ()),
            closures=[(row.starts_on, row.ends_on, row.reason) for row in self.closures if row.shuts(sides)],
            closed_weekdays=frozenset(stop.partner.closed_weekdays if stop.partner else ()),
            trips_over=frozenset(day for key, day in self.over if key == vehicle.pk),
            drives=self.ways,
            crew_elsewhere=self.elsewhere.get(vehicle.pk, {}),
            taken={day: [*rows.get(day, ()), *others.get(day, ())] for day in days},
        )


def _doubts(row: int, said: Iterable[tuple[date, Clash]], days: int) -> list[Finding]:
    """What is only worth a warning, each kind once: the visits are planned all the same, so it is said before they are."""
    kinds: dict[str, list[tuple[date, str]]] = {}
    for day, clash in said:
        if not clash.hard:
            kinds.setdefault(clash.code, []).append((day, clash.sentence))
    return [
        (
            "series_doubtful",
            {"row": row, "count": len(kind), "of": days, "day": _day(kind[0][0]), "why": kind[0][1]},
        )
        for kind in kinds.values()
    ]


def read_timetable(office: Institution, rows: Iterable[SeriesRow]) -> Timetable:
    """Eight statements however long the list is, and one for driving times once they are asked for; one where it names no vehicle of
    the library, none without visits that repeat."""
    wished = list(rows)
    fleet = list(Vehicle.objects.filter(office=office, is_active=True)) if wished else []
    found = Timetable(office, ByName((it.name, it) for it in fleet), fleet, Ways(office))
    if not fleet or not any(not row["mobile"] or row["mobile"] in found.vehicles for row in wished):
        return found
    keys = [it.pk for it in fleet]
    zone, last = ZoneInfo(office.zone), found.today + HORIZON
    for series in Series.objects.filter(in_force(found.today), stop__office=office):
        found.running.setdefault(series.stop_id, []).append(series)
    for hours in VehicleHours.objects.filter(vehicle__in=keys):
        found.hours.setdefault(hours.vehicle_id, {})[hours.weekday] = (hours.starts_at, hours.ends_at)
    for outage in Outage.objects.filter(vehicle__in=keys, ends_on__gte=found.today):
        spell = (outage.starts_on, outage.ends_on, outage.reason)
        found.outages.setdefault(outage.vehicle_id, []).append(spell)
    found.closures = list(Closure.objects.between(found.today, last))
    found.over = set(
        Trip.objects.filter(vehicle__in=keys, on__gte=found.today, status=TripStatus.DONE).values_list(
            "vehicle", "on"
        )
    )
    _read_duties(found, keys, last)
    _read_visits(found, zone, last)
    return found


def _read_duties(found: Timetable, vehicles: Sequence[UUID], last: date) -> None:
    """Who of the usual crew is on another vehicle on which day."""
    duties = Duty.objects.filter(
        member__vehicle__in=vehicles, member__is_active=True, on__range=(found.today, last)
    ).exclude(trip__vehicle=F("member__vehicle"))
    for key, on, member, other in duties.values_list(
        "member__vehicle", "on", "member__name", "trip__vehicle__name"
    ):
        found.elsewhere.setdefault(key, {}).setdefault(on, []).append((member, other))


def _read_visits(found: Timetable, zone: ZoneInfo, last: date) -> None:
    visits = Visit.objects.filter(
        stop__office=found.office,
        status__in=STANDING,
        ends_at__gt=datetime.combine(found.today, time(), zone),
        begins_at__lt=datetime.combine(last + timedelta(days=1), time(), zone),
    )
    for row in visits.select_related("stop", "vehicle"):
        taken = Taken(
            row.begins_at, row.ends_at, row.vehicle_id, str(row.vehicle), row.stop_id, str(row.stop)
        )
        found.ways.places.setdefault(row.stop_id, point_of(row.stop))
        found.take(taken, row.begins_at.astimezone(zone).date())


def begin_series(begun: Sequence[tuple[Stop, NewSeries]], *, actor: User) -> None:
    """Begin them for stops that are saved and locked, with their visits of the next half year; schools are told.

    In few statements, however many there are: a town's whole timetable comes in one list. Nothing can come between, for the trips of
    all these days and their stops are locked; else the database refuses, and nothing of the list is written.
    """
    now = clock.now()
    trips = open_trips([(wish.vehicle, day) for _stop, wish in begun for day in wish.days], actor=actor)
    made = [(_series(stop, wish), wish) for stop, wish in begun]
    Series.objects.bulk_create(series for series, _wish in made)
    events = []
    visits: dict[UUID, list[Visit]] = {}
    for series, wish in made:
        zone = ZoneInfo(series.stop.office.zone)
        events.append(_event(series, "begin", actor, now))
        events += [_event(series, "except", actor, now, f"{day}: {why}") for day, why in wish.clashes]
        visits[series.pk] = [
            Visit(
                trip=trips[wish.vehicle.pk, day],
                vehicle=wish.vehicle,
                stop=series.stop,
                begins_at=datetime.combine(day, wish.begins_at, zone),
                ends_at=datetime.combine(day, wish.begins_at, zone) + timedelta(minutes=wish.minutes),
                series=series,
                series_on=day,
                is_demo=series.is_demo,
            )
            for day in wish.days
        ]
    SeriesEvent.objects.bulk_create(events)
    every = [visit for rows in visits.values() for visit in rows]
    with explained():
        Visit.objects.bulk_create(every, batch_size=2_000)
    VisitEvent.objects.bulk_create(
        (VisitEvent(subject=it, action="plan", to_state=it.status, actor=actor, at=now) for it in every),
        batch_size=2_000,
    )
    for series, _wish in made:
        tell_series(series, "planned", series.starts_on, visits=visits[series.pk])


def _series(stop: Stop, wish: NewSeries) -> Series:
    return Series(
        stop=stop,
        vehicle=wish.vehicle,
        rule=str(wish.rule),
        starts_on=wish.starts_on,
        ends_on=wish.ends_on,
        begins_at=wish.begins_at,
        minutes=wish.minutes,
        left_out=sorted({*wish.left_out, *(day for day, _why in wish.clashes)}),
        is_demo=stop.is_demo,
    )


def _event(series: Series, action: str, actor: User, at: datetime, note: str = "") -> SeriesEvent:
    before = "" if action == "begin" else series.status
    return SeriesEvent(
        subject=series,
        action=action,
        from_state=before,
        to_state=series.status,
        actor=actor,
        at=at,
        note=note,
    )


def rule_of(series: Series) -> Rule:
    return parse(series.rule, series.starts_on)


def _day(on: date) -> str:
    return plain_date(on, get_language() or "id")
