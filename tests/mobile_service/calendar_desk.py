"""A desk before the calendar: a van, a school's stop and a visit next Monday; and what its forms are sent."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from kerjasama.domain import clock
from libraries.models import Institution, User
from mobile_service.models import Stop, Vehicle, Visit
from mobile_service.services.scheduling import place_visit
from tests.factories import WIB, StopFactory, VehicleFactory

TODAY = clock.today()
MONDAY = TODAY + timedelta(days=(0 - TODAY.weekday()) % 7 + 7)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling Harau")


@pytest.fixture
def stop(library: Institution, school_library: Institution) -> Stop:
    return StopFactory(school=True, office=library, partner=school_library, name="SDN 01")


@pytest.fixture
def visit(van: Vehicle, stop: Stop) -> Visit:
    return place_visit(actor=None, stop=stop, vehicle=van, begins_at=at(MONDAY, 9))


@pytest.fixture
def desk(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def at(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour), WIB)


def form_of(van: Vehicle, stop: Stop, on: date = MONDAY, **more: Any) -> dict[str, Any]:
    return {"stop": stop.pk, "vehicle": van.pk, "on": on, "begins_at": "09:00", **more}
