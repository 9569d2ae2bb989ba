"""Vehicles, their hours and outages, and the crew (M1)."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

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
