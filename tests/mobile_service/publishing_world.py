"""A library with its van and stops, for the tests of what is published."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from kerjasama.domain import clock
from mobile_service.choices import VisitStatus
from mobile_service.feeds import days_of
from mobile_service.models import Series, Stop, Trip, Vehicle, Visit
from tests.factories import SeriesFactory, TripFactory, VehicleFactory, VisitFactory

JAKARTA = ZoneInfo("Asia/Jakarta")
RULES = (
    "FREQ=WEEKLY;BYDAY=MO",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=MONTHLY;BYDAY=2WE,4WE",
    "FREQ=MONTHLY;BYDAY=-1FR",
)


def trip_on(vehicle: Vehicle, on: date) -> Trip:
    return Trip.objects.filter(vehicle=vehicle, on=on).first() or TripFactory(vehicle=vehicle, on=on)


def visit(stop: Stop, vehicle: Vehicle, begins: datetime, *, minutes: int = 60, **more: Any) -> Visit:
    return VisitFactory(
        stop=stop, trip=trip_on(vehicle, begins.astimezone(JAKARTA).date()), begins_at=begins, ends_at=begins + timedelta(minutes=minutes), **more
    )  # fmt: skip


def at(days: int, hour: int = 9, minute: int = 0) -> datetime:
    """So many days from today, at an hour of the library's clock."""
    return datetime.combine(clock.today() + timedelta(days=days), time(hour, minute), JAKARTA)


def random_series(stop: Stop, vehicle: Vehicle, hour: int, dice: random.Random) -> Series:
    """A series as the calendar may leave it after some months: days left out, moved, called off, given a word."""
    today = clock.today()
    row = SeriesFactory(
        stop=stop, vehicle=vehicle, rule=dice.choice(RULES), starts_on=today - timedelta(days=dice.randint(0, 200)), begins_at=time(hour), minutes=60
    )  # fmt: skip
    for day in days_of(row.rule, row.starts_on, row.starts_on, today + timedelta(days=100)):
        begins = datetime.combine(day, time(hour), JAKARTA)
        fate = dice.choice(("kept", "kept", "kept", "left out", "later", "off", "noted", "missed"))
        more: dict[str, Any] = {"series": row, "series_on": day}
        if fate == "left out":
            continue
        if fate == "later":
            begins += timedelta(minutes=dice.choice((15, 30)))
            more |= {"sequence": 1, "reason": dice.choice(("", "Jalan ditutup; memutar."))}
        if fate == "off":
            more |= {"sequence": 1, "status": VisitStatus.CANCELLED, "reason": "Banjir, jalan putus"}
        if fate == "noted":
            more |= {"reason": "Bersama pendongeng"}
        if fate == "missed" and day < today:
            more |= {"status": VisitStatus.MISSED}
        visit(stop, vehicle, begins, **more)
    return row


def shown_by_a_phone(content: bytes) -> set[tuple[Any, ...]]:
    """Beginning, end, whether it takes place: of all events between two years ago and in two years."""
    found = icalendar.Calendar.from_ical(content)
    assert not found.errors
    year = clock.today().year
    events = recurring_ical_events.of(found).between(date(year - 2, 1, 1), date(year + 3, 1, 1))
    return {(_utc(it["DTSTART"].dt), _utc(it["DTEND"].dt), str(it["STATUS"]) == "CONFIRMED") for it in events}


def _utc(moment: Any) -> Any:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def new_van(office: Any) -> Vehicle:
    return VehicleFactory(office=office, name="Pusling Satu")
