"""What came home with the van rides again: a delivery that was not handed over waits for the next visit (M6)."""

from datetime import timedelta

import pytest
from django.test import Client

from libraries.models import Institution, User
from loans.models import Consignment
from mobile_service.carriage import carriage_of
from mobile_service.models import Trip, TripLoad, Visit
from mobile_service.services.loading import add_load, load_list, propose_loads
from tests.factories import TripFactory, VisitFactory
from tests.mobile_service.road import Road
from tests.mobile_service.test_van_api import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    return Road(library, school_library, circulation, account=crew)


@pytest.fixture
def delivery(road: Road, picking: Consignment) -> Consignment:
    """On today's van, and due."""
    picking.period.starts_on = road.trip.on
    picking.period.save(update_fields=["starts_on"])
    road.load(picking)
    return picking


@pytest.fixture
def next_visit(road: Road) -> Visit:
    trip = TripFactory(vehicle=road.trip.vehicle, on=road.trip.on + timedelta(days=2))
    made: Visit = VisitFactory(trip=trip, stop=road.visit.stop, hour=9)
    return made


@pytest.mark.parametrize(
    "told", [["skip"], ["arrive", "leave", "finish"], ["start", "finish"]], ids=["skipped", "closed", "home"]
)
def test_what_came_home_rides_again(
    road: Road, delivery: Consignment, next_visit: Visit, circulation: User, told: list[str]
) -> None:
    assert propose_loads(trip=next_visit.trip, actor=None) == 0, "it is on its way"
    for kind in told:
        at_stop = kind in ("skip", "arrive", "leave")
        more = {"reason": "Jalan putus"} if kind == "skip" else {}
        assert road.phone.tell(kind, road.visit if at_stop else None, **more).outcome == "applied"
    # The page of the delivery leads to a form that offers and takes it.
    (way,) = carriage_of(circulation, delivery)
    assert not way.rides
    client = Client()
    client.force_login(circulation)
    assert f'value="{delivery.pk}" selected' in client.get(way.url).content.decode()
    # So does the evening before; once.
    assert propose_loads(trip=next_visit.trip, actor=None) == 1
    assert propose_loads(trip=next_visit.trip, actor=None) == 0
    assert TripLoad.objects.get().visit == next_visit
    assert [row.consignment for row in load_list(next_visit.trip).bring] == [delivery]
    (way,) = carriage_of(circulation, delivery)
    assert way.rides and str(next_visit.trip_id) in way.url


def test_nothing_is_put_on_a_van_that_is_back(road: Road, picking: Consignment, circulation: User) -> None:
    picking.period.starts_on = road.trip.on
    picking.period.save(update_fields=["starts_on"])
    road.phone.tell("skip", road.visit, reason="Jalan putus")
    assert refusal(add_load, visit=road.visit, consignment=picking, actor=circulation).code == "trip_is_over"
    Visit.objects.filter(pk=road.visit.pk).update(status="planned", reason="")
    Trip.objects.filter(pk=road.trip.pk).update(status="done")
    assert propose_loads(trip=road.trip, actor=circulation) == 0 and not TripLoad.objects.exists()
