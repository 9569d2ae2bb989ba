"""The pack: all that the trips of today and tomorrow need on a phone that may have no network (M5, M6).

It is plain data, made with a constant number of queries. Of people it names the contacts of today's stops, with the number to call,
and the crew of today's trip, which no phone keeps. A trip of another day names nobody: on its day the page fetches the pack anew.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Prefetch, Q

from kerjasama.domain import clock
from loans.choices import LineStatus
from loans.models import Consignment, LoanLine
from mobile_service.choices import EntryKind, EntryOutcome, TripStatus, VisitStatus
from mobile_service.models import Device, Entry, Trip, TripLoad, Visit
from mobile_service.services.fetching import books_to_fetch
from mobile_service.services.loading import boxes_of_loads
from mobile_service.services.odometer import with_last_reading

# What the house speaks now, and the one before it, which an old page still speaks.
VERSION = 1
SPOKEN = (VERSION - 1, VERSION)


def pack_of(device: Device) -> dict[str, Any]:
    """What this phone carries: the trips of its member, of today and tomorrow; one of yesterday that is still on the road."""
    today = clock.today(device.office.zone)
    mine = Q(duties__member=device.member_id)
    if device.member.vehicle_id is not None:
        # Where nobody was put down for a trip, it is of those who are usually on its vehicle.
        mine |= Q(duties__isnull=True, vehicle=device.member.vehicle_id)
    keys = Trip.objects.filter(mine, office=device.office).exclude(status=TripStatus.CANCELLED)
    days = Q(on__in=[today, today + timedelta(days=1)]) | Q(
        on=today - timedelta(days=1), status=TripStatus.UNDER_WAY
    )
    return {
        "version": VERSION,
        "server_time": local(clock.now(), device.office.zone),
        "device": {
            "id": str(device.pk),
            "name": device.name,
            "member": device.member.name,
            # A browser may have cleared its store: its phone counts on from here, never again what was counted.
            "counter": max(device.told_until, device.entries.aggregate(most=Max("counter"))["most"] or 0),
        },
        "trips": trips_said(list(keys.filter(days).values_list("pk", flat=True)), device.office.zone, today),
    }


def trips_said(keys: list[UUID], zone: str, today: date) -> list[dict[str, Any]]:
    """These trips, as a phone reads them ``today``."""
    visits = (
        Visit.objects.exclude(status=VisitStatus.CANCELLED)
        .select_related("stop__partner", "tally")
        .order_by("begins_at", "pk")
    )
    trips = list(
        with_last_reading(Trip.objects.filter(pk__in=keys))
        .select_related("vehicle", "office")
        .prefetch_related("duties__member", Prefetch("visits", visits))
        .order_by("on", "pk")
    )
    books = _Books(trips)
    return [_trip(trip, books, zone, today) for trip in trips]


class _Books:
    """What rides with each visit, and what each school is to give back and has given back: five queries for all."""

    def __init__(self, trips: list[Trip]) -> None:
        visits = [visit for trip in trips for visit in trip.visits.all()]
        self.loads: dict[UUID, list[Consignment]] = defaultdict(list)
        loads = (
            TripLoad.objects.filter(visit__in=visits).select_related("consignment__partner").order_by("pk")
        )
        for load in loads:
            self.loads[load.visit_id].append(load.consignment)
        carried = [row for rows in self.loads.values() for row in rows]
        self.lines: dict[UUID, list[LoanLine]] = defaultdict(list)
        for line in (
            LoanLine.objects.filter(consignment__in=carried)
            .exclude(status=LineStatus.DROPPED)
            .select_related("copy__title")
            .order_by("copy__call_number", "copy__barcode")
        ):
            self.lines[line.consignment_id].append(line)
        self.boxes = boxes_of_loads(carried)
        self.due: dict[UUID, list[LoanLine]] = defaultdict(list)
        partners = {visit.stop.partner_id for visit in visits if visit.stop.partner_id}
        offices = {trip.office_id for trip in trips}
        for line in (
            LoanLine.objects.filter(
                consignment__partner__in=partners,
                consignment__lender__in=offices,
                status__in=[LineStatus.OUT, LineStatus.LOST],
            )
            .select_related("copy__title", "consignment")
            .order_by("consignment__due_on", "copy__call_number", "copy__barcode")
        ):
            self.due[line.consignment.partner_id].append(line)
        taken = Entry.objects.filter(visit__in=visits, kind=EntryKind.TAKE_BACK, outcome=EntryOutcome.APPLIED)
        self.taken_back: dict[UUID | None, int] = dict(
            taken.values("visit")
            .annotate(books=Count("data__barcode", distinct=True))
            .values_list("visit", "books")
        )


def _trip(trip: Trip, books: _Books, zone: str, today: date) -> dict[str, Any]:
    visits, named = list(trip.visits.all()), trip.on == today
    out = books_to_fetch(trip, {visit.stop.partner_id for visit in visits if visit.stop.partner_id})
    return {
        "id": str(trip.pk),
        "on": trip.on.isoformat(),
        "vehicle": {
            "name": trip.vehicle.name,
            "plate": trip.vehicle.plate,
            "own_books": trip.vehicle.own_books,
        },
        "status": trip.status,
        "leaves_at": _at(trip.on, trip.leaves_at, zone),
        "back_at": _at(trip.on, trip.back_at, zone),
        "odometer_start": trip.odometer_start,
        # Of the vehicle's last trip: the phone asks when a figure is far from it. A page of before does not know it.
        "odometer_last": getattr(trip, "odometer_last", None),
        "crew": [duty.member.name for duty in trip.duties.all()] if named else [],
        # In the order in which it is loaded: what is unloaded last goes in first.
        "bring": [
            {
                "consignment": str(row.pk),
                "code": row.code,
                "partner": row.partner.name,
                "visit": str(visit.pk),
                "boxes": books.boxes[row.pk],
                "books": len(books.lines[row.pk]),
                # What rides along is what has been scanned into its boxes; a page of before does not know it.
                "packed": sum(line.status != LineStatus.PROPOSED for line in books.lines[row.pk]),
            }
            for visit in reversed(visits)
            for row in books.loads[visit.pk]
        ],
        "fetch": [
            {"visit": str(visit.pk), "partner": visit.stop.partner.name, "books": count}
            for visit in visits
            if visit.stop.partner is not None and (count := out.get(visit.stop.partner.pk, 0))
        ],
        "visits": [_visit(visit, books, zone, named=named) for visit in visits],
    }


def _visit(visit: Visit, books: _Books, zone: str, *, named: bool) -> dict[str, Any]:
    """``named``: whom one asks for there, and whom one calls."""
    stop = visit.stop
    carried = [_consignment(row, books) for row in books.loads[visit.pk]]
    tally = getattr(visit, "tally", None)
    return {
        "id": str(visit.pk),
        "stop": str(stop.pk),
        "name": stop.name,
        "kind": stop.kind,
        "address": stop.address,
        "hint": stop.hint,
        "latitude": float(stop.latitude) if stop.latitude is not None else None,
        "longitude": float(stop.longitude) if stop.longitude is not None else None,
        "begins_at": local(visit.begins_at, zone),
        "ends_at": local(visit.ends_at, zone),
        "status": visit.status,
        "arrived_at": local(visit.arrived_at, zone) if visit.arrived_at else None,
        "left_at": local(visit.left_at, zone) if visit.left_at else None,
        "contact": {"name": stop.contact_name, "phone": stop.contact_phone} if named else None,
        "partner": stop.partner.name if stop.partner is not None else None,
        "consignment": carried[0] if carried else None,
        # A school with two programmes may be brought two.
        "consignments": carried,
        "due_back": [
            {
                "barcode": line.copy.barcode,
                "title": line.copy.title.title,
                "due_on": line.consignment.due_on.isoformat(),
                "lost": line.status == LineStatus.LOST,
            }
            for line in (books.due[stop.partner_id] if stop.partner_id else ())
        ],
        # By whichever phone: one that signed in just now has told nothing itself. A page of before does not know it.
        "taken_back": books.taken_back.get(visit.pk, 0),
        "tally": {
            "visitors": tally.visitors if tally else {},
            "lent": tally.lent if tally else 0,
            "returned": tally.returned if tally else 0,
        },
    }


def _consignment(row: Consignment, books: _Books) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "code": row.code,
        "status": row.status,
        "lines": [
            {"barcode": line.copy.barcode, "title": line.copy.title.title, "status": line.status}
            for line in books.lines[row.pk]
        ],
    }


def local(at: datetime, zone: str) -> str:
    """By the clock of the library, with its offset: a phone shows it as it stands."""
    return at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def _at(on: date, hour: time | None, zone: str) -> str | None:
    return datetime.combine(on, hour, ZoneInfo(zone)).isoformat() if hour is not None else None
