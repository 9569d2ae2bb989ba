"""Vehicles, their hours and outages, and the crew (M1)."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.choices import Role
from libraries.models import Institution, User
from mobile_service.models import CrewMember, Duty, Outage, Trip, Vehicle
from mobile_service.services.fleet import (
    HoursInput,
    accounts_of,
    add_crew_member,
    add_outage,
    drop_outage,
    hours_of,
    register_vehicle,
    restore_vehicle,
    retire_crew_member,
    retire_vehicle,
    revise_crew_member,
    revise_vehicle,
    trips_during,
)
from tests.factories import CrewMemberFactory, VehicleFactory

pytestmark = pytest.mark.django_db

MONDAY: HoursInput = {"weekday": 0, "starts_at": time(7, 30), "ends_at": time(15)}
SUNDAY: HoursInput = {"weekday": 6, "starts_at": time(8), "ends_at": time(12)}


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library)


def test_a_vehicle_is_entered_with_its_week(library: Institution, circulation: User) -> None:
    van = register_vehicle(
        office=library, actor=circulation, name=" Pusling 1 ", boxes=14, hours=[SUNDAY, MONDAY]
    )
    assert (van.name, van.boxes) == ("Pusling 1", 14)
    assert list(hours_of(van)) == [0, 6]
    revised = revise_vehicle(vehicle=van, actor=circulation, version=1, hours=[SUNDAY], plate="BA 1 X")
    assert (revised.version, revised.plate, hours_of(revised)) == (2, "BA 1 X", {6: (time(8), time(12))})
    # The same again is no change, and no new version.
    same = revise_vehicle(vehicle=van, actor=circulation, version=2, hours=[SUNDAY], plate="BA 1 X")
    assert same.version == 2


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"hours": [MONDAY, MONDAY]}, InvalidInput),
        ({"hours": [{"weekday": 0, "starts_at": time(9), "ends_at": time(8)}]}, ValidationError),
        ({"latitude": -1, "longitude": None}, ValidationError),
        ({"colour": "red"}, InvalidInput),
        ({"name": "  "}, ValidationError),
    ],
)
def test_what_no_vehicle_is(library: Institution, officer: User, fields: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        register_vehicle(office=library, actor=officer, **{"name": "Pusling 2", **fields})
    assert not Vehicle.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"name": "uji  z mobil"}, "name_taken", "name"),
        ({"name": "UJI Z MOBIL "}, "name_taken", "name"),
        ({"name": "Uji Z Mobil"}, "name_taken", "name"),
        ({"plate": "ba1234-zz"}, "plate_taken", "plate"),
    ],
)
def test_a_name_and_a_plate_are_of_one_vehicle(
    library: Institution, circulation: User, fields: Any, code: str, field: str
) -> None:
    first = register_vehicle(office=library, actor=circulation, name="Uji Z Mobil", plate="BA 1234 ZZ")
    given = {"name": "Uji Y", "plate": "BA 1 Y", **fields}
    with pytest.raises(Conflict) as refused:
        register_vehicle(office=library, actor=circulation, **given)
    assert (refused.value.code, refused.value.field) == (code, field)
    other = register_vehicle(office=library, actor=circulation, name="Uji X", plate="")
    with pytest.raises(Conflict):
        revise_vehicle(vehicle=other, actor=circulation, **fields)
    # Its own are no other's, and what is out of use gives its own free.
    assert revise_vehicle(vehicle=first, actor=circulation, name="uji z mobil", plate="BA1234ZZ").version == 2
    retire_vehicle(vehicle=first, actor=circulation)
    revise_vehicle(
        vehicle=other, actor=circulation, **fields | ({"name": "UJI z Mobil"} if "name" in fields else {})
    )
    with pytest.raises(Conflict) as back:
        restore_vehicle(vehicle=first, actor=circulation)
    assert (back.value.code, back.value.field) == (code, field)
    assert not Vehicle.objects.get(pk=first.pk).is_active


def test_plates_are_of_no_single_library_and_names_are(library: Institution, circulation: User) -> None:
    elsewhere = VehicleFactory(name="Pusling 1", plate="BA 9001 MX")
    with pytest.raises(Conflict) as refused:
        register_vehicle(office=library, actor=circulation, name="Pusling 1", plate="ba 9001 mx")
    assert refused.value.code == "plate_taken" and "Pusling" not in str(refused.value)
    register_vehicle(office=library, actor=circulation, name=elsewhere.name, plate="-")
    register_vehicle(office=library, actor=circulation, name="Pusling 2", plate="-")


def test_the_pages_say_so_beside_the_field(library: Institution, circulation: User, client: Client) -> None:
    first = VehicleFactory(office=library, name="Uji Z Mobil", plate="BA 1234 ZZ", is_active=False)
    VehicleFactory(office=library, name="uji z mobil", plate="BA 1 Y")
    client.force_login(circulation)
    client.cookies["bahasa"] = "en"
    given = {
        "name": "UJI Z MOBIL",
        "boxes": 1,
        "own_books": 0,
        "rest_minutes": 0,
        "plate": "",
        "office": library.pk,
    }
    page = client.post(reverse("work:vehicle_new"), given)
    assert page.status_code == 409 and "uji z mobil" in page.context["form"].errors["name"][0]
    page = client.post(reverse("work:vehicle_retire", args=[first.pk]))
    assert page.status_code == 409 and "called “uji z mobil” already" in page.content.decode()


def test_what_stood_there_before_stays_until_somebody_types_another(
    library: Institution, circulation: User
) -> None:
    VehicleFactory(office=library, name="pusling 1", plate="BA1")
    van = VehicleFactory(office=library, name="Pusling 1", plate="BA 1")
    assert revise_vehicle(vehicle=van, actor=circulation, name="Pusling 1", plate="BA 1", boxes=9).boxes == 9


def test_only_the_desk_keeps_the_fleet(van: Vehicle, everybody: dict[str, User | None]) -> None:
    for name in ("crew", "head", "school", "perpusnas"):
        actor: Any = everybody[name]
        with pytest.raises(NotPermitted):
            revise_vehicle(vehicle=van, actor=actor, plate="X")
        with pytest.raises(NotPermitted):
            add_outage(
                vehicle=van, actor=actor, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 1), reason="x"
            )
        with pytest.raises(NotPermitted):
            add_crew_member(office=van.office, actor=actor, name="A", function="driver")
    assert Vehicle.objects.visible_to(everybody["crew"]).count() == 1
    assert Vehicle.objects.visible_to(everybody["perpusnas"]).count() == 0
    assert Vehicle.objects.visible_to(everybody["school"]).count() == 0


def test_two_people_do_not_overwrite_each_other(van: Vehicle, officer: User, circulation: User) -> None:
    revise_vehicle(vehicle=van, actor=officer, version=1, boxes=20)
    with pytest.raises(Conflict) as stale:
        revise_vehicle(vehicle=van, actor=circulation, version=1, boxes=10)
    assert stale.value.code == "stale"


def test_days_out_of_service(van: Vehicle, circulation: User) -> None:
    day = clock.today() + timedelta(days=10)
    Trip.objects.create(office=van.office, vehicle=van, on=day)
    outage = add_outage(
        vehicle=van, actor=circulation, starts_on=day, ends_on=day + timedelta(days=2), reason="Bengkel"
    )
    assert trips_during(outage) == 1
    with pytest.raises(InvalidInput) as overlapping:
        add_outage(vehicle=van, actor=circulation, starts_on=day, ends_on=day, reason="Pajak")
    assert overlapping.value.code == "outage_overlaps"
    with pytest.raises(ValidationError):
        add_outage(
            vehicle=van, actor=circulation, starts_on=day, ends_on=day - timedelta(days=1), reason="Pajak"
        )
    drop_outage(outage=outage, actor=circulation)
    assert not Outage.objects.exists()


def test_a_vehicle_with_trips_ahead_is_not_retired(van: Vehicle, circulation: User) -> None:
    trip = Trip.objects.create(office=van.office, vehicle=van, on=clock.today() + timedelta(days=1))
    with pytest.raises(Conflict) as refused:
        retire_vehicle(vehicle=van, actor=circulation)
    assert refused.value.code == "vehicle_has_trips"
    Trip.objects.filter(pk=trip.pk).update(on=clock.today() - timedelta(days=1))
    assert not retire_vehicle(vehicle=van, actor=circulation).is_active
    assert restore_vehicle(vehicle=van, actor=circulation).is_active


def test_a_crew_member_has_an_account_and_a_vehicle_of_the_house(
    van: Vehicle, circulation: User, crew: User, school: User
) -> None:
    member = add_crew_member(
        office=van.office, actor=circulation, name="Hendra", function="driver", user=crew, vehicle=van
    )
    assert crew in accounts_of(van.office)
    elsewhere = VehicleFactory()
    for wrong in ({"user": school}, {"vehicle": elsewhere}):
        with pytest.raises(InvalidInput):
            revise_crew_member(member=member, actor=circulation, **wrong)
    assert revise_crew_member(member=member, actor=circulation, user=None).user is None


def test_the_number_of_a_crew_member_can_be_dialled(van: Vehicle, circulation: User) -> None:
    """One that stands there from before stays until somebody types another."""
    with pytest.raises(InvalidInput) as refused:
        add_crew_member(office=van.office, actor=circulation, name="Hendra", function="driver", phone="123")
    assert (refused.value.code, refused.value.field) == ("telephone_unusable", "phone")
    member: CrewMember = CrewMemberFactory(office=van.office, phone="123")
    revised = revise_crew_member(member=member, actor=circulation, name="Hendri", phone="123")
    assert (revised.name, revised.phone) == ("Hendri", "123")
    with pytest.raises(InvalidInput):
        revise_crew_member(member=member, actor=circulation, phone="abc")
    revised = revise_crew_member(member=member, actor=circulation, phone=" 0812 3456 7890 ")
    assert revised.phone == "0812 3456 7890"


def test_somebody_on_duty_does_not_leave_the_crew(van: Vehicle, circulation: User) -> None:
    member: CrewMember = CrewMemberFactory(office=van.office)
    day = clock.today() + timedelta(days=3)
    trip = Trip.objects.create(office=van.office, vehicle=van, on=day)
    Duty.objects.create(trip=trip, member=member, on=day)
    with pytest.raises(Conflict) as refused:
        retire_crew_member(member=member, actor=circulation)
    assert refused.value.code == "on_duty"
    trip.duties.all().delete()
    assert not retire_crew_member(member=member, actor=circulation).is_active


def test_former_staff_is_no_choice(library: Institution, person: Any) -> None:
    former = person("lama", library, Role.CREW)
    former.memberships.update(ends_on=clock.today() - timedelta(days=1))
    assert former not in accounts_of(library)
