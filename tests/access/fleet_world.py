"""The mobile library in the world of the access table: one of each kind, about SDN 01."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kerjasama.domain import clock
from libraries.models import Closure, Institution, User
from loans.models import Consignment
from mobile_service.models import Entry, SchoolFeed
from mobile_service.services.fleet import add_outage
from mobile_service.services.stop_sheets import hand_over_stops
from tests.factories import (
    CrewMemberFactory,
    SeriesFactory,
    StopFactory,
    TripFactory,
    VehicleFactory,
    VisitFactory,
)
from tests.mobile_service.road import Road


def fleet_of(library: Institution, sdn: Institution, officer: User) -> dict[str, Any]:
    vehicle = VehicleFactory(office=library, name="Pusling rahasia")
    file = SimpleUploadedFile("titik.csv", b"stop;minutes\nBalai rahasia;60\n")
    stop = StopFactory(office=library, school=True, partner=sdn, name="Gerbang SDN 01")
    trip = TripFactory(vehicle=vehicle)
    holiday = clock.today() + clock.days(501)
    return {
        "vehicle": vehicle,
        "outage": add_outage(
            vehicle=vehicle,
            actor=officer,
            starts_on=clock.today() + clock.days(400),
            ends_on=clock.today() + clock.days(400),
            reason="Servis rahasia",
        ),
        "crew member": CrewMemberFactory(office=library, vehicle=vehicle, name="Awak rahasia"),
        "stop": stop,
        "van series": SeriesFactory(stop=stop, vehicle=vehicle),
        "van trip": trip,
        "van visit": VisitFactory(stop=stop, trip=trip),
        "public holiday": Closure.objects.create(starts_on=holiday, ends_on=holiday, reason="Libur uji"),
        "school calendar": SchoolFeed.objects.create(partner=sdn, feed_key="rahasia"),
        **road_of(library, sdn, officer),
        "stop list": hand_over_stops(office=library, upload=file, actor=officer),
    }


def road_of(library: Institution, sdn: Institution, officer: User) -> dict[str, Any]:
    """A day out: a phone of the crew, and what it told that a person is to decide."""
    road = Road(library, sdn, officer)
    phone, told = road.phone, road.phone.write("take_back", road.visit, barcode="RAHASIA-1")
    return {
        "phone": phone.device,
        "told": Entry.objects.get(client_id=phone.send(told)[0].id),
        "road trip": road.trip,
        "road visit": road.visit,
        "road load": road.load(
            Consignment.objects.filter(lender=library, partner=sdn, status="picking").get()
        ),
    }
