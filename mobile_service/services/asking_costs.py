"""What a visit that somebody asks for would cost the plan: for each day the cheapest place in each van's day, or why there is none
(M7). Reads only; eight queries, whatever the number of days and vans."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.domain import clock
from kerjasama.pages.templatetags.house import clock_time, long_date
from libraries.choices import ClosureScope
from libraries.models import Closure
from mobile_service.choices import TripStatus, VisitStatus
from mobile_service.driving import Drive, Point, drive_between
from mobile_service.gaps import DayOut, Stay, busy_minutes, fits, gaps
from mobile_service.models import TravelTime, Trip, Vehicle, Visit, VisitRequest
from mobile_service.services.driving import depots_of, pace, point_of

# Who names no day is offered the best of the next three weeks.
LOOK_AHEAD = timedelta(days=21)
OFFERED_DAYS = 5
# A place that nobody has put on the map is reckoned as far away as most are.
UNKNOWN = Drive(20.0, 8.0)
NEW = "new"


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in one van's day. ``minutes`` and ``kilometres`` of driving are added; ``after`` and ``before`` name its neighbours."""

    vehicle: Vehicle
    begins_at: datetime
    ends_at: datetime
    minutes: float
    kilometres: float
    after: str = ""
    before: str = ""
    is_free_day: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Whose slot it is, in words."""
        if self.is_free_day:
            return _("%(vehicle)s has nothing else on that day") % {"vehicle": self.vehicle}
        facts = {"vehicle": self.vehicle, "after": self.after, "before": self.before}
        if self.after and self.before:
            return _("%(vehicle)s, between %(after)s and %(before)s") % facts
        if self.after:
            return _("%(vehicle)s, after its last stop %(after)s") % facts
        return _("%(vehicle)s, before its first stop %(before)s") % facts


@dataclass(frozen=True, slots=True)
class DayCosts:
    """A day: the slots, cheapest first, and why other vans, or all, cannot come."""

    day: date
    slots: tuple[Slot, ...] = ()
    conflicts: tuple[str, ...] = ()
    # A van stands at that stop on that day already.
    is_visited: bool = False

    @property
    def best(self) -> Slot | None:
        return self.slots[0] if self.slots else None


def costs_of(request: VisitRequest, days: Iterable[date] | None = None) -> list[DayCosts]:
    """For each day that the asker named (none: for the best of the next weeks), or for ``days``."""
    today = clock.today(request.office.zone)
    if days is not None:
        return Reckoning(request, sorted(set(days))).all()
    wanted = sorted(day for day in request.wanted_on if day >= today)
    if wanted:
        return Reckoning(request, wanted).all()
    return other_days(request)


def other_days(request: VisitRequest) -> list[DayCosts]:
    """The best days of the next weeks besides those that the asker named."""
    today = clock.today(request.office.zone)
    ahead = [today + timedelta(days=number) for number in range(1, LOOK_AHEAD.days + 1)]
    return _best([found for found in costs_of(request, ahead) if found.day not in request.wanted_on])


def next_best(request: VisitRequest, near: date) -> Slot | None:
    """The cheapest slot of the days wanted, else of the two weeks from ``near`` on.

    Never on a day on which a van stands there already: driving nowhere is cheapest, and one visit beside the other is none (M7).
    """
    for found in (costs_of(request), costs_of(request, [near + timedelta(days=n) for n in range(14)])):
        slots = [day.best for day in found if day.best is not None and not day.is_visited]
        if slots:
            return min(slots, key=lambda slot: (slot.minutes, slot.begins_at))
    return None


def slot_at(request: VisitRequest, vehicle: Vehicle, begins_at: datetime) -> Slot | None:
    """The slot of that van at that very moment; None when it is not, or no longer, free."""
    day = begins_at.astimezone(ZoneInfo(request.office.zone)).date()
    return Reckoning(request, [day]).at(vehicle.pk, begins_at)


def why_not(request: VisitRequest, vehicle: Vehicle, begins_at: datetime) -> str:
    """Why ``slot_at`` finds none."""
    day = begins_at.astimezone(ZoneInfo(request.office.zone)).date()
    return Reckoning(request, [day]).why_not(vehicle, begins_at)


class Reckoning:
    """Everything about some days, read once."""

    def __init__(self, request: VisitRequest, days: Sequence[date]) -> None:
        self.request = request
        self.days = list(days)
        self.zone = ZoneInfo(request.office.zone)
        self.today = clock.today(request.office.zone)
        self.pace = pace()
        self.places: dict[Hashable, Point | None] = {}
        # Where a van starts that is not the depot of the table of driving times.
        self.elsewhere: set[Hashable] = set()
        self.vehicles: list[Vehicle] = []
        if self.days:
            self._read()

    def all(self) -> list[DayCosts]:
        return [self._day(day) for day in self.days]

    def at(self, vehicle: UUID, begins_at: datetime) -> Slot | None:
        day = self.days[0]
        chosen = next((row for row in self.vehicles if row.pk == vehicle), None)
        if chosen is None or self._closed(day):
            return None
        out = self._out(chosen, day)
        if isinstance(out, str):
            return None
        gap = fits(out, NEW, begins_at, self.request.minutes, [(out.leaves, out.back)], self._drive)
        return self._slot(chosen, out, gap) if gap is not None and begins_at > clock.now() else None

    def why_not(self, vehicle: Vehicle, begins_at: datetime) -> str:
        """In a sentence for whoever has chosen that van and moment."""
        day, ends_at = self.days[0], begins_at + timedelta(minutes=self.request.minutes)
        out = self._never(vehicle) or self._closed(day) or self._out(vehicle, day)
        if isinstance(out, str):
            return out
        if begins_at <= clock.now():
            return _("That time has passed.")
        leaves = max(out.leaves, self._moment(day, time.min))
        if begins_at < leaves or ends_at > out.back:
            return _("%(vehicle)s is out from %(begins)s to %(ends)s on this weekday.") % {
                "vehicle": vehicle,
                "begins": clock_time(leaves.astimezone(self.zone).time()),
                "ends": clock_time(out.back.astimezone(self.zone).time()),
            }
        if any(stay.begins < ends_at and begins_at < stay.ends for stay in out.stays):
            return _("That time is not free any more.")
        return _("With the drive there and onward %(vehicle)s cannot be there at that time.") % {
            "vehicle": vehicle
        }

    def _never(self, vehicle: Vehicle) -> str:
        """Why that van comes on no day, whichever it is; empty: it may come."""
        if vehicle.office_id != self.request.office_id:
            return _("%(vehicle)s belongs to another library.") % {"vehicle": vehicle}
        if not vehicle.is_active:
            return _("%(vehicle)s is not in use any more.") % {"vehicle": vehicle}
        if all(row.pk != vehicle.pk for row in self.vehicles) and self.request.stop is not None:
            return _("Only %(vehicle)s goes to %(stop)s.") % {
                "vehicle": self.request.stop.vehicle,
                "stop": self.request.stop,
            }
        return ""

    def _read(self) -> None:
        request = self.request
        first, last = self.days[0], self.days[-1]
        starts, ends = self._moment(first, time.min), self._moment(last + timedelta(days=1), time.min)
        fleet = list(
            Vehicle.objects.filter(office=request.office_id, is_active=True)
            .prefetch_related("hours", "outages")
            .order_by("name", "pk")
        )
        only = request.stop.vehicle_id if request.stop else None
        self.vehicles = [row for row in fleet if only in (None, row.pk)]
        self.trips = {
            (trip.vehicle_id, trip.on): trip
            for trip in Trip.objects.filter(vehicle__in=self.vehicles, on__range=(first, last)).exclude(
                status=TripStatus.CANCELLED
            )
        }
        self.visits: dict[tuple[UUID, date], list[Visit]] = {}
        rows = Visit.objects.filter(
            Q(vehicle__in=self.vehicles)
            | (Q(stop=request.stop_id) if request.stop_id else Q(pk__isnull=True)),
            begins_at__gte=starts,
            begins_at__lt=ends,
            status__in=[VisitStatus.PLANNED, VisitStatus.ARRIVED, VisitStatus.DONE],
        ).select_related("stop")
        self.own_days: set[date] = set()
        for row in rows.order_by("begins_at"):
            day = row.begins_at.astimezone(self.zone).date()
            self.visits.setdefault((row.vehicle_id, day), []).append(row)
            self.places[row.stop_id] = point_of(row.stop)
            if row.stop_id == request.stop_id:
                self.own_days.add(day)
        stops = {request.stop_id, *self.places} - {None}
        self.known = {
            (row.origin_id, row.target_id): row
            for row in TravelTime.objects.filter(
                Q(origin__in=stops) | Q(origin__isnull=True),
                Q(target__in=stops) | Q(target__isnull=True),
                office=request.office_id,
            )
        }
        self.places[NEW] = point_of(request.stop or request)
        _all, _where, depot = depots_of(request.office, [row for row in fleet if row.hours.all()])
        for vehicle in self.vehicles:
            start = point_of(vehicle) or point_of(request.office)
            self.places["depot", vehicle.pk] = start
            if start != depot:
                self.elsewhere.add(("depot", vehicle.pk))
        # As the calendar has it: the holidays of schools close the gate of a school and no village's.
        at_gate = request.stop.partner if request.stop is not None else request.partner
        sides = [request.office, *([at_gate] if at_gate is not None else [])]
        self.closures = list(
            Closure.objects.shutting(sides).between(first, last).select_related("institution")
        )
        self.windows = list(request.stop.windows.all()) if request.stop is not None else []

    def _day(self, day: date) -> DayCosts:
        closed = self._closed(day)
        if closed:
            return DayCosts(day, conflicts=(closed,))
        slots, conflicts = [], []
        for vehicle in self.vehicles:
            out = self._out(vehicle, day)
            if isinstance(out, str):
                conflicts.append(out)
                continue
            windows = self._windows(out, day)
            if not windows:
                conflicts.append(self._outside(vehicle, day))
                continue
            found = gaps(out, NEW, self.request.minutes, windows, self._drive)
            if found:
                slots.append(self._slot(vehicle, out, found[0]))
            else:
                conflicts.append(
                    ngettext(
                        "%(vehicle)s has no %(minutes)d minute left between its stops at the time wanted.",
                        "%(vehicle)s has no %(minutes)d minutes left between its stops at the time wanted.",
                        self.request.minutes,
                    )
                    % {"vehicle": vehicle, "minutes": self.request.minutes}
                )
        if not self.vehicles:
            conflicts.append(no_vehicle())
        slots.sort(key=lambda slot: (slot.minutes, slot.begins_at))
        return DayCosts(day, tuple(slots), tuple(conflicts), day in self.own_days)

    def _closed(self, day: date) -> str:
        """Why nothing can take place on a day, whichever van; empty: something can."""
        if day < self.today:
            return _("That day has passed.")
        for row in self.closures:
            if row.starts_on <= day <= row.ends_on:
                if row.scope == ClosureScope.SCHOOLS:
                    return _("School holidays: %(reason)s.") % {"reason": row.reason}
                if row.institution_id is None:
                    return _("Public holiday: %(reason)s.") % {"reason": row.reason}
                return _("%(institution)s is closed: %(reason)s.") % {
                    "institution": row.institution,
                    "reason": row.reason,
                }
        stop = self.request.stop
        if stop is not None and day in stop.closed_on:
            return _("The stop cannot be visited on that day.")
        if self.windows and all(row.weekday != day.weekday() for row in self.windows):
            return _("The stop takes no visits on a %(weekday)s.") % {"weekday": date_format(day, "l")}
        return ""

    def _out(self, vehicle: Vehicle, day: date) -> DayOut | str:
        """The van's day, or why it has none."""
        facts: dict[str, Any] = {"vehicle": vehicle}
        for outage in vehicle.outages.all():
            if outage.starts_on <= day <= outage.ends_on:
                return _("%(vehicle)s is out of service: %(reason)s.") % (facts | {"reason": outage.reason})
        trip = self.trips.get((vehicle.pk, day))
        if trip is not None and trip.status != TripStatus.PLANNED:
            return _("%(vehicle)s is on the road already.") % facts
        hours = next((row for row in vehicle.hours.all() if row.weekday == day.weekday()), None)
        if hours is not None:
            leaves, back = hours.starts_at, hours.ends_at
        elif trip is not None and trip.leaves_at and trip.back_at:
            leaves, back = trip.leaves_at, trip.back_at
        else:
            return _("%(vehicle)s does not drive on a %(weekday)s.") % (
                facts | {"weekday": date_format(day, "l")}
            )
        return DayOut(
            max(self._moment(day, leaves), clock.now()),
            self._moment(day, back),
            ("depot", vehicle.pk),
            tuple(
                Stay(row.stop_id, row.begins_at, row.ends_at, str(row.stop))
                for row in self.visits.get((vehicle.pk, day), ())
            ),
        )

    def _windows(self, out: DayOut, day: date) -> list[tuple[datetime, datetime]]:
        """When the van is out, the stop takes it, and the asker wants it."""
        request = self.request
        from_, until = request.wanted_from or time.min, request.wanted_until or time.max
        spans = [(row.opens_at, row.closes_at) for row in self.windows if row.weekday == day.weekday()] or [
            (time.min, time.max)
        ]
        found = []
        for opens, closes in spans:
            begins = max(out.leaves, self._moment(day, max(opens, from_)))
            ends = min(out.back, self._moment(day, min(closes, until)))
            if ends - begins >= timedelta(minutes=request.minutes):
                found.append((begins, ends))
        return found

    def _outside(self, vehicle: Vehicle, day: date) -> str:
        return _("%(vehicle)s is not out, or the stop not open, long enough at the time wanted.") % {
            "vehicle": vehicle
        }

    def _slot(self, vehicle: Vehicle, out: DayOut, gap: Any) -> Slot:
        remarks = []
        free = (out.back - out.leaves).total_seconds() / 60 - busy_minutes(out, self._drive)
        free -= gap.minutes + self.request.minutes
        if free < vehicle.rest_minutes:
            remarks.append(
                _("Only %(free)d minutes of rest are left on that day; %(rest)d are wanted.")
                % {"free": max(0, int(free)), "rest": vehicle.rest_minutes}
            )
        if gap.begins.astimezone(self.zone).date() in self.own_days:
            remarks.append(_("The van stops here on that day already."))
        if self.places[NEW] is None:
            remarks.append(_("The place is not on the map: the driving is a guess."))
        return Slot(
            vehicle,
            gap.begins,
            gap.ends,
            gap.minutes,
            gap.kilometres,
            gap.after,
            gap.before,
            not out.stays,
            tuple(remarks),
        )

    def _drive(self, one: Hashable, other: Hashable) -> Drive:
        """Measured or typed where somebody has done so, else reckoned from the map."""
        row = self.known.get((self._stop_of(one), self._stop_of(other)))
        here, there = self.places.get(one), self.places.get(other)
        reckoned = drive_between(here, there, self.pace) if here and there else UNKNOWN
        # Further depots, and a place that is no stop yet, stand in no table.
        if row is None or not self.elsewhere.isdisjoint((one, other)):
            return reckoned
        if NEW in (one, other) and self.request.stop_id is None:
            return reckoned
        kilometres = reckoned.kilometres if row.kilometres is None else float(row.kilometres)
        return replace(reckoned, minutes=float(row.minutes), kilometres=kilometres)

    def _stop_of(self, place: Hashable) -> Any:
        if place == NEW:
            return self.request.stop_id
        return None if isinstance(place, tuple) else place

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone)


def _best(found: Iterable[DayCosts]) -> list[DayCosts]:
    possible = [day for day in found if day.best is not None]
    cheapest = sorted(possible, key=lambda day: (day.slots[0].minutes, day.day))[:OFFERED_DAYS]
    return sorted(cheapest, key=lambda day: day.day)


def cheapest_slot(request: VisitRequest) -> Slot | None:
    """The least driving on the days wanted."""
    slots = [day.best for day in costs_of(request) if day.best is not None]
    return min(slots, key=lambda slot: (slot.minutes, slot.begins_at), default=None)


def no_vehicle() -> str:
    return _("No vehicle in use may come here. Look at the vehicles and at the stop.")


def words_of(vehicle: Vehicle, begins_at: datetime) -> str:
    """A slot in a sentence."""
    return _("%(day)s at %(time)s with %(vehicle)s") % {
        "day": long_date(begins_at),
        "time": clock_time(begins_at),
        "vehicle": vehicle,
    }
