"""The page of a delivery says with which van it goes, or that it goes by car (M6)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from libraries.models import Institution, User
from loans.models import Consignment
from mobile_service.carriage import carriage_of
from mobile_service.models import Visit
from mobile_service.services.loading import add_load
from mobile_service.services.scheduling import cancel_visit
from tests.factories import StopFactory, TripFactory, VehicleFactory, VisitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(library: Institution, school_library: Institution) -> Visit:
    """The van at the school in a week."""
    trip = TripFactory(vehicle=VehicleFactory(office=library, name="Pusling Harau"))
    stop = StopFactory(school=True, office=library, partner=school_library)
    made: Visit = VisitFactory(trip=trip, stop=stop)
    return made


def page(user: User, consignment: Consignment) -> str:
    client = Client()
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client.get(reverse("work:consignment", args=[consignment.pk])).content.decode()


def test_by_car_where_no_van_comes(picking: Consignment, circulation: User) -> None:
    assert "By car: no van takes it." in page(circulation, picking)


def test_the_next_van_is_one_press_away(picking: Consignment, visit: Visit, circulation: User) -> None:
    later = TripFactory(vehicle=visit.vehicle, on=clock.today() + timedelta(days=9))
    VisitFactory(trip=later, stop=visit.stop)
    shown = page(circulation, picking)
    assert "By car: no van takes it." in shown and "Put it on the van: Pusling Harau" in shown
    (way,) = carriage_of(circulation, picking)
    client = Client()
    client.force_login(circulation)
    form = client.get(way.url).content.decode()
    for key in (visit.pk, picking.pk):
        assert f'value="{key}" selected' in form


def test_with_which_van_it_goes(picking: Consignment, visit: Visit, officer: User, circulation: User) -> None:
    add_load(visit=visit, consignment=picking, actor=circulation)
    shown = page(circulation, picking)
    assert "By car" not in shown and reverse("work:van_trip", args=[visit.trip_id]) in shown
    cancel_visit(visit=visit, actor=officer, note="Hujan")
    assert "By car: no van takes it." in page(circulation, picking)
