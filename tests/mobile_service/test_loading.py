"""What came home with the van rides again: a delivery that was not handed over waits for the next visit (M6)."""

from datetime import timedelta

import pytest
from django.test import Client

from libraries.models import Institution, User
from loans.models import Consignment
from loans.services.proposing import propose_consignment
from mobile_service.carriage import carriage_of
from mobile_service.models import Trip, TripLoad, Visit
from mobile_service.services.loading import add_load, load_list, propose_loads
from mobile_service.services.packing_trip import pack_of
from tests.conftest import scan_all
from tests.factories import TripFactory, VisitFactory, shelve
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


def test_what_there_was_to_fetch_stays_on_the_list(
    road: Road, dispatched: Consignment, circulation: User, next_visit: Visit
) -> None:
    """Three of five came back, the new five stay: there were five to fetch, before the trip, on it and after it."""
    shelve(dispatched.lender, 8)
    following = dispatched.period.programme.periods.order_by("sequence")[1]
    brought = propose_consignment(period=following, actor=circulation)
    scan_all(brought, circulation)
    road.load(brought)

    def told() -> list[int]:
        trip = Trip.objects.get(pk=road.trip.pk)
        [packed] = [row for row in pack_of(road.phone.device)["trips"] if row["id"] == str(trip.pk)]
        return [books for _visit, books in load_list(trip).fetch] + [row["books"] for row in packed["fetch"]]

    assert told() == [5, 5]
    road.phone.tell("start", odometer=100)
    for line in dispatched.lines.select_related("copy")[:3]:
        road.phone.tell("take_back", road.visit, barcode=line.copy.barcode)
    swap = road.phone.tell("hand_over", road.visit, consignment=str(brought.pk), received_by="Ibu Yus")
    assert (swap.code, told()) == ("handed_over", [5, 5])
    road.phone.tell("finish", odometer=120)
    assert told() == [5, 5]
    assert [books for _visit, books in load_list(next_visit.trip).fetch] == [7], (
        "two of before, and the new five"
    )
