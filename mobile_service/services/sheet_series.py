"""What the rows of a timetable file say of visits that repeat: which series they begin, beside those that run already (M1, M2).

A row is a stop on one weekday, so it becomes a series of its own. A list begins series and changes none: where another comes on
that weekday already, its row says so and is left alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput
from kerjasama.domain.wording import plain_date
from libraries.choices import ClosureScope
from libraries.models import Closure, Institution, User
from libraries.models.closure import SCHOOLS
from mobile_service.choices import SeriesStatus, TripStatus
from mobile_service.models import Outage, Series, SeriesEvent, Stop, Trip, Vehicle, Visit, VisitEvent
from mobile_service.recurrence import Rule, by_weekday, days_of, in_words, parse, weekdays_of
from mobile_service.services.bounds import require_near
from mobile_service.services.checking import hard_clashes_of, hour
from mobile_service.services.occurring import HORIZON
from mobile_service.services.scheduling import explained
from mobile_service.services.surroundings import STANDING, Spell, Surroundings, Taken
from mobile_service.services.telling import tell_series
from mobile_service.services.trips import open_trips
from mobile_service.stop_sheet import SeriesRow
from mobile_service.stop_sheet_rhythm import bounds
from mobile_service.stop_sheet_words import Finding

# So far ahead the first day of a row may lie.
FURTHEST = timedelta(days=366 * 3)
Taking = dict[date, list[Taken]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeries:
    """A series that a row brings. ``days``: those of the next half year on which the van can come; ``clashes``: the others, each
    with what is in the way."""

    row: int
    vehicle: Vehicle
    rule: Rule
    starts_on: date
    ends_on: date | None
    begins_at: time
    minutes: int
    left_out: tuple[date, ...]
    days: tuple[date, ...] = ()
    clashes: tuple[tuple[date, str], ...] = ()

    def __str__(self) -> str:
        ends = datetime.combine(self.starts_on, self.begins_at) + timedelta(minutes=self.minutes)
        said = _("%(rule)s, %(from)s–%(until)s, %(vehicle)s, first on %(day)s") % {
            "rule": in_words(self.rule),
            "from": hour(self.begins_at),
            "until": hour(ends),
            "vehicle": self.vehicle,
            "day": plain_date(self.starts_on, get_language() or "id"),
        }
        if self.ends_on is None:
            return said
        return _("%(series)s, last on %(day)s") % {
            "series": said,
            "day": plain_date(self.ends_on, get_language() or "id"),
        }

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


@dataclass(slots=True)
class Timetable:
    """What stands in the calendar already, read once for a whole list (``read_timetable``)."""

    office: Institution
    vehicles: dict[str, Vehicle]
    running: dict[UUID, list[Series]] = field(default_factory=dict)
    outages: dict[UUID, list[Spell]] = field(default_factory=dict)
    closures: Sequence[Closure] = ()
    over: set[tuple[UUID, date]] = field(default_factory=set)
    of_vehicle: dict[UUID, Taking] = field(default_factory=dict)
    of_stop: dict[UUID, Taking] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return clock.today(self.office.zone)

    def series_for(self, stop: Stop, rows: Iterable[SeriesRow]) -> tuple[list[NewSeries], list[Finding]]:
        """The series that these rows begin at ``stop``, and what is to be said of the others."""
        found: list[NewSeries] = []
        findings: list[Finding] = []
        running = self.running.get(stop.pk, ())
        known = {key for series in running for key in self._keys(series)}
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
            fitting, finding = self._fit(stop, wish)
            found += [fitting] if fitting is not None else []
            findings += [finding] if finding is not None else []
        return found, findings

    def _wish(self, stop: Stop, row: SeriesRow) -> NewSeries | Finding:
        number, named = row["row"], row["mobile"]
        if not 5 <= row["minutes"] <= 480:
            return "minutes_wrong", {"minutes": row["minutes"]}
        vehicle = self.vehicles.get(_key(named)) if named else self._usual(stop)
        if vehicle is None:
            return (
                ("series_vehicle", {"row": number, "text": named[:60]})
                if named
                else ("series_no_vehicle", {"row": number})
            )
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
        return NewSeries(
            row=number,
            vehicle=vehicle,
            rule=rule,
            starts_on=ahead[0],
            ends_on=ends,
            begins_at=time.fromisoformat(row["begins_at"]),
            minutes=row["minutes"],
            left_out=tuple(sorted(date.fromisoformat(day) for day in row["left_out"])),
        )

    def _usual(self, stop: Stop) -> Vehicle | None:
        own = next((it for it in self.vehicles.values() if it.pk == stop.vehicle_id), None)
        return own or (next(iter(self.vehicles.values())) if len(self.vehicles) == 1 else None)

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

    def _fit(self, stop: Stop, wish: NewSeries) -> tuple[NewSeries | None, Finding | None]:
        """The series with the days on which it can be; none when there is not one such day in the next half year."""
        last = min(self.today + HORIZON, wish.ends_on or date.max)
        days = [
            day
            for day in days_of(wish.rule, wish.starts_on, wish.starts_on, last)
            if day not in wish.left_out
        ]
        around = self._around(stop, wish.vehicle)
        going: list[date] = []
        clashes: list[tuple[date, str]] = []
        for day in days:
            begins = around.at(day, wish.begins_at)
            ends = begins + timedelta(minutes=wish.minutes)
            hard = hard_clashes_of(begins, ends, around)
            if hard:
                clashes.append((day, hard[0].sentence))
                continue
            going.append(day)
            mine = Taken(begins, ends, wish.vehicle.pk, str(wish.vehicle), stop.pk, str(stop))
            for taking in (
                self.of_vehicle.setdefault(wish.vehicle.pk, {}),
                self.of_stop.setdefault(stop.pk, {}),
            ):
                taking.setdefault(day, []).append(mine)
        facts = {"row": wish.row, "count": len(clashes), "why": clashes[0][1] if clashes else ""}
        if days and not going:
            return None, ("series_no_day", facts)
        finding: Finding | None = ("series_days_out", facts) if clashes else None
        return replace(wish, days=tuple(going), clashes=tuple(clashes)), finding

    def _around(self, stop: Stop, vehicle: Vehicle) -> Surroundings:
        """What makes a visit impossible; what is only worth a warning is not looked at here."""
        sides = {self.office.pk, stop.partner_id}
        at_school = stop.partner is not None and stop.partner.kind in SCHOOLS
        taken: Taking = {}
        for taking in (self.of_vehicle.get(vehicle.pk, {}), self.of_stop.get(stop.pk, {})):
            for day, rows in taking.items():
                taken.setdefault(day, []).extend(rows)
        return Surroundings(
            stop=stop,
            vehicle=vehicle,
            hours={},
            windows={},
            outages=self.outages.get(vehicle.pk, ()),
            closures=[
                (row.starts_on, row.ends_on, row.reason)
                for row in self.closures
                if row.institution_id in sides
                or (row.institution_id is None and (row.scope != ClosureScope.SCHOOLS or at_school))
            ],
            closed_weekdays=frozenset(),
            trips_over=frozenset(day for key, day in self.over if key == vehicle.pk),
            drives={},
            crew_elsewhere={},
            taken=taken,
        )


def read_timetable(office: Institution, rows: Iterable[SeriesRow]) -> Timetable:
    """Seven statements however long the list is; one where it names no vehicle of the library, none without visits that repeat."""
    wished = list(rows)
    if not wished:
        return Timetable(office, {})
    vehicles = {_key(it.name): it for it in Vehicle.objects.filter(office=office, is_active=True)}
    found = Timetable(office, vehicles)
    if not any(not row["mobile"] or _key(row["mobile"]) in vehicles for row in wished):
        return found
    keys = [it.pk for it in vehicles.values()]
    zone, last = ZoneInfo(office.zone), found.today + HORIZON
    for series in Series.objects.filter(stop__office=office, status=SeriesStatus.ACTIVE):
        found.running.setdefault(series.stop_id, []).append(series)
    for outage in Outage.objects.filter(vehicle__in=keys, ends_on__gte=found.today):
        spell = (outage.starts_on, outage.ends_on, outage.reason)
        found.outages.setdefault(outage.vehicle_id, []).append(spell)
    found.closures = list(Closure.objects.between(found.today, last))
    found.over = set(
        Trip.objects.filter(vehicle__in=keys, on__gte=found.today, status=TripStatus.DONE).values_list(
            "vehicle", "on"
        )
    )
    visits = Visit.objects.filter(
        stop__office=office,
        status__in=STANDING,
        ends_at__gt=datetime.combine(found.today, time(), zone),
        begins_at__lt=datetime.combine(last + timedelta(days=1), time(), zone),
    )
    for row in visits.select_related("stop", "vehicle"):
        taken = Taken(
            row.begins_at, row.ends_at, row.vehicle_id, str(row.vehicle), row.stop_id, str(row.stop)
        )
        day = row.begins_at.astimezone(zone).date()
        found.of_vehicle.setdefault(row.vehicle_id, {}).setdefault(day, []).append(taken)
        found.of_stop.setdefault(row.stop_id, {}).setdefault(day, []).append(taken)
    return found


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


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
