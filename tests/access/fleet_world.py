"""The mobile library in the world of the access table: one of each kind, about SDN 01."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kerjasama.domain import clock
from libraries.models import Closure, Institution, User
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
        "stop list": hand_over_stops(office=library, upload=file, actor=officer),
    }
