"""``make bench ARGS=schedule``: when the van comes, over HTTP: the public pages and calendars of 300 stops with two years of visits."""

import statistics
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from kerjasama.domain import clock
from libraries.choices import Role
from libraries.models import Institution, User
from mobile_service.choices import VisitStatus
from mobile_service.feeds import days_of
from mobile_service.models import Series, Stop, Trip, Vehicle, Visit
from mobile_service.services.feeding import token_of
from tests.bench.server import Client
from tests.bench.stage import session_of
from tests.factories import InstitutionFactory, MembershipFactory, StopFactory, UserFactory, VehicleFactory

STOPS, VEHICLES, EACH_DAY = 300, 3, 5
ROUNDS = 20
LIMIT = 0.100
AT_THE_DESK = 0.2
DESK = "/admin/kerja/pusling/jadwal/"
ZONE = ZoneInfo("Asia/Jakarta")
Told = tuple[str, str, str, bool | None]


def measures(port: int) -> Iterator[Told]:
    """What, measured, limit, and whether it holds."""
    few = _statements(_calendar_of("sedikit", 10))
    stop, vehicle = _calendar_of("banyak", STOPS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    month = f"{clock.add_months(clock.today(), 1):%Y-%m}"
    client = Client(port, "")
    session = session_of(_desk_of(stop))
    for what, paths in (
        ("public calendar", ("/jadwal/", "/jadwal/?q=0123", "/jadwal/?page=5", f"/jadwal/{stop.slug}/")),
        ("a month of all stops", (f"/jadwal/bulan/?bulan={month}",)),
        ("a month of all stops at the desk", (f"{DESK}?bulan={month}",)),
        ("calendar of a stop (iCalendar)", (f"/jadwal/{stop.slug}/kalender.ics",)),
        ("calendar of a vehicle (iCalendar)", (f"/ical/{token_of(vehicle)}.ics",)),
    ):
        cookie = session if paths[0].startswith(DESK) else ""
        for path in paths:
            client.open(path, cookie)
        times = []
        for _round in range(ROUNDS):
            # The brake for robots is no part of the figure.
            cache.clear()
            times += [client.open(path, cookie) for path in paths]
        times.sort()
        p95 = times[round(0.95 * (len(times) - 1))]
        # The desk's pages are held to what its other lists are held to; of a vehicle's calendar nothing is demanded.
        limit = AT_THE_DESK if cookie else LIMIT
        demanded = not what.startswith("calendar of a vehicle")
        yield (
            f"{what}, {STOPS} stops, {Visit.objects.count():,} visits, p50 / p95",
            f"{statistics.median(times) * 1000:.1f} ms / {p95 * 1000:.1f} ms",
            f"p95 < {limit * 1000:.0f} ms" if demanded else "",
            p95 < limit if demanded else None,
        )
    many = _statements((stop, vehicle))
    yield (
        f"statements of the public calendar and of three calendars, 10 and {STOPS} stops",
        f"{few} / {many}",
        "equal",
        few == many,
    )


def _statements(things: tuple[Stop, Vehicle]) -> str:
    stop, vehicle = things
    browser = Browser(headers={"host": "127.0.0.1"})
    counts = []
    for path in (
        "/jadwal/",
        f"/jadwal/{stop.slug}/",
        f"/jadwal/{stop.slug}/kalender.ics",
        f"/ical/{token_of(vehicle)}.ics",
    ):
        browser.get(path)
        with CaptureQueriesContext(connection) as sent:
            if browser.get(path).status_code != 200:
                raise RuntimeError(f"{path} does not open")
        counts.append(sum(query["sql"] not in ("BEGIN", "COMMIT") for query in sent.captured_queries))
    return "+".join(str(count) for count in counts)


def _desk_of(stop: Stop) -> User:
    desk = UserFactory(username=f"jadwal-{stop.slug}", is_staff=True)
    MembershipFactory(user=desk, institution=stop.office, role=Role.CIRCULATION)
    return desk


def _calendar_of(name: str, count: int) -> tuple[Stop, Vehicle]:
    """An office with ``count`` public stops, each visited every four weeks from a year ago for two years; one in twelve is off."""
    office: Institution = InstitutionFactory(office=True, slug=f"jadwal-{name}")
    vehicles = [
        VehicleFactory(office=office, name=f"Pusling {n}", feed_key=f"{name}-{n}") for n in range(VEHICLES)
    ]
    stops = [
        StopFactory.build(office=office, name=f"Titik {name} {n:04}", slug=f"titik-{name}-{n:04}", community=f"Nagari {n % 47}")
        for n in range(count)
    ]  # fmt: skip
    Stop.objects.bulk_create(stops)
    first, last = clock.today() - timedelta(days=365), clock.today() + timedelta(days=365)
    series, trips, visits = [], {}, []
    for number, stop in enumerate(stops):
        # Twenty days of four weeks, five stops a day and vehicle, one after the other.
        slot, vehicle = number // VEHICLES % (20 * EACH_DAY), vehicles[number % VEHICLES]
        begins_on = _monday(first) + timedelta(days=slot // EACH_DAY // 5 * 7 + slot // EACH_DAY % 5)
        row = Series(
            stop=stop, vehicle=vehicle, rule="FREQ=WEEKLY;INTERVAL=4", starts_on=begins_on, begins_at=time(8 + slot % EACH_DAY), minutes=50
        )  # fmt: skip
        series.append(row)
        for turn, day in enumerate(days_of(row.rule, begins_on, begins_on, last)):
            trip = trips.setdefault((vehicle.pk, day), Trip(office=office, vehicle=vehicle, on=day))
            begins = datetime.combine(day, row.begins_at, ZONE)
            off = (turn + number) % 12 == 0
            visits.append(
                Visit(
                    trip=trip, vehicle=vehicle, stop=stop, series=row, series_on=day, begins_at=begins, ends_at=begins + timedelta(minutes=50),
                    status=VisitStatus.CANCELLED if off else VisitStatus.PLANNED if day >= clock.today() else VisitStatus.DONE,
                    reason="Jalan putus" if off else "",
                )
            )  # fmt: skip
    Series.objects.bulk_create(series)
    Trip.objects.bulk_create(trips.values())
    Visit.objects.bulk_create(visits, batch_size=2000)
    return stops[0], vehicles[0]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
