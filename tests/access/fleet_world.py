"""The mobile library in the world of the access table: one of each kind, about SDN 01."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kerjasama.domain import clock
from libraries.models import Institution, User
from mobile_service.services.fleet import add_outage
from mobile_service.services.stop_sheets import hand_over_stops
from tests.factories import CrewMemberFactory, StopFactory, VehicleFactory


def fleet_of(library: Institution, sdn: Institution, officer: User) -> dict[str, Any]:
    vehicle = VehicleFactory(office=library, name="Pusling rahasia")
    file = SimpleUploadedFile("titik.csv", b"stop;minutes\nBalai rahasia;60\n")
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
        "stop": StopFactory(office=library, school=True, partner=sdn, name="Gerbang SDN 01"),
        "stop list": hand_over_stops(office=library, upload=file, actor=officer),
    }
