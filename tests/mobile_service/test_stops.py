"""Stops: windows, who may keep them, the stops of all partner schools, and what can never be served (M1)."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.choices import PersonFunction
from libraries.models import Institution, Opening, Person, User
from mobile_service.models import Series, Stop
from mobile_service.services.examining import doubts_of
from mobile_service.services.stop_contacts import forget_contact, kept_about
from mobile_service.services.stops import (
    WindowInput,
    add_stop,
    close_stop,
    correct_stop,
    free_slugs,
    make_stops_of_partners,
    proposal_for,
    reopen_stop,
    revise_stop,
    windows_of,
)
from tests.factories import AgreementFactory, InstitutionFactory, StopFactory, VehicleFactory

pytestmark = pytest.mark.django_db

EARLY: WindowInput = {"weekday": 1, "opens_at": time(8), "closes_at": time(10)}
LATE: WindowInput = {"weekday": 1, "opens_at": time(13), "closes_at": time(15)}
OVER: WindowInput = {"weekday": 1, "opens_at": time(9), "closes_at": time(11)}


def test_a_stop_has_several_windows_a_day(library: Institution, circulation: User) -> None:
    stop = add_stop(
        office=library,
        actor=circulation,
        name="Balai  Talang",
        kind="village",
        windows=[LATE, EARLY],
        closed_on=[date(2027, 1, 2), date(2027, 1, 1), date(2027, 1, 2)],
    )
    assert (stop.name, stop.slug) == ("Balai Talang", "balai-talang")
    assert windows_of(stop) == [(1, time(8), time(10)), (1, time(13), time(15))]
    assert stop.closed_on == [date(2027, 1, 1), date(2027, 1, 2)]
    revised = revise_stop(stop=stop, actor=circulation, version=1, windows=[EARLY], minutes=90)
    assert (revised.version, len(windows_of(revised)), revised.minutes) == (2, 1, 90)
    with pytest.raises(Conflict):
        revise_stop(stop=stop, actor=circulation, version=1, minutes=30)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"windows": [EARLY, OVER]}, InvalidInput),
        ({"windows": [{"weekday": 1, "opens_at": time(9), "closes_at": time(9)}]}, ValidationError),
        ({"kind": "school"}, ValidationError),
        ({"minutes": 4}, ValidationError),
        ({"every_weeks": 53}, ValidationError),
        ({"latitude": Decimal("-0.2")}, ValidationError),
        ({"feed_key": "x"}, InvalidInput),
    ],
)
def test_what_no_stop_is(library: Institution, officer: User, fields: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        add_stop(office=library, actor=officer, **{"name": "Balai", "kind": "village", **fields})
    assert not Stop.objects.exists()


def test_names_are_once_a_library_and_addresses_once_for_all(library: Institution, officer: User) -> None:
    StopFactory(office=library, name="Balai", slug="balai")
    StopFactory(name="Balai", slug="balai-2")
    with pytest.raises(ValidationError):
        add_stop(office=library, actor=officer, name="Balai", kind="village")
    assert free_slugs(["Balai", "Balai", "Balai Kota", "…"]) == ["balai-3", "balai-4", "balai-kota", "titik"]


def test_who_sees_and_who_changes(
    everybody: dict[str, Any], library: Institution, school_library: Institution
) -> None:
    stop = StopFactory(office=library, school=True, partner=school_library)
    seen = {name for name, user in everybody.items() if user and Stop.objects.visible_to(user).contains(stop)}
    assert seen == {"officer", "circulation", "crew", "head", "administrator", "coordinator", "school"}
    changed = set()
    for name in seen:
        try:
            revise_stop(stop=stop, actor=everybody[name], hint=name)
        except NotPermitted:
            continue
        changed.add(name)
    assert changed == {"officer", "circulation", "administrator"}


def test_a_school_corrects_whom_to_ask_for(
    everybody: dict[str, Any], library: Institution, school_library: Institution
) -> None:
    stop = StopFactory(office=library, school=True, partner=school_library, hint="Gerbang timur")
    fresh = correct_stop(
        stop=stop, actor=everybody["school"], contact_name="Bu Yus", contact_phone="0812 3456 7890"
    )
    assert (fresh.contact_name, fresh.contact_phone, fresh.hint) == (
        "Bu Yus",
        "0812 3456 7890",
        "Gerbang timur",
    )
    for name in ("other_school", "perpusnas", "crew", "officer"):
        with pytest.raises(NotPermitted):
            correct_stop(stop=stop, actor=everybody[name], hint="x")


def test_a_contact_can_be_dialled(
    library: Institution, school_library: Institution, circulation: User, school: User
) -> None:
    village: dict[str, Any] = {"office": library, "actor": circulation, "kind": "village"}
    with pytest.raises(InvalidInput) as refused:
        add_stop(**village, name="Balai Talang", contact_phone="xx")
    assert (refused.value.code, refused.value.field) == ("telephone_unusable", "contact_phone")
    for name, phone in [("A", "(0752) 21-234"), ("B", " +62 812.3456.7890 "), ("C", "")]:
        assert add_stop(**village, name=name, contact_phone=phone)
    # What stood there before the rule is no obstacle to other changes, and cannot be typed anew.
    old = StopFactory(office=library, school=True, partner=school_library, contact_phone="kantor")
    old = revise_stop(stop=old, actor=circulation, contact_phone="kantor", minutes=90)
    assert old.minutes == 90
    for change in (
        lambda: revise_stop(stop=old, actor=circulation, contact_phone="rumah"),
        lambda: correct_stop(stop=old, actor=school, contact_phone="08123"),
    ):
        with pytest.raises(InvalidInput):
            change()


def test_a_stop_with_a_running_series_is_not_closed(library: Institution, circulation: User) -> None:
    stop = StopFactory(office=library)
    series = Series.objects.create(
        stop=stop,
        vehicle=VehicleFactory(office=library),
        rule="FREQ=WEEKLY;BYDAY=SU",
        starts_on=clock.today(),
        begins_at=time(9),
        minutes=60,
    )
    with pytest.raises(Conflict) as refused:
        close_stop(stop=stop, actor=circulation)
    assert refused.value.code == "stop_has_series"
    Series.objects.filter(pk=series.pk).update(status="ended")
    assert not close_stop(stop=stop, actor=circulation).is_active
    assert not Stop.objects.public().exists()
    assert reopen_stop(stop=stop, actor=circulation).is_active


def test_a_partner_proposes_its_own_stop(school_library: Institution) -> None:
    Person.objects.create(
        institution=school_library,
        name="Bu Rina",
        function=PersonFunction.TEACHER_LIBRARIAN,
        phone="0813 0001 0001",
    )
    Institution.objects.filter(pk=school_library.pk).update(latitude=-1, longitude=100)
    school_library.refresh_from_db()
    said = proposal_for(school_library)
    assert (said["name"], said["contact_name"], said["contact_phone"]) == (
        school_library.name,
        "Bu Rina",
        "0813 0001 0001",
    )
    assert (said["latitude"], said["is_public"]) == (-1, False)


def test_stops_of_all_partner_schools_once(library: Institution, circulation: User, crew: User) -> None:
    schools = [InstitutionFactory(school=True, name="SDN Kembar", slug=f"kembar-{n}") for n in range(3)]
    for school in schools[:2]:
        AgreementFactory(office=library, partner=school, in_force=True)
    AgreementFactory(
        office=library,
        partner=schools[2],
        in_force=True,
        starts_on=clock.today() - timedelta(days=800),
        ends_on=clock.today() - timedelta(days=70),
    )
    Opening.objects.create(institution=schools[0], weekday=0, opens=time(7, 30), closes=time(12))
    with pytest.raises(NotPermitted):
        make_stops_of_partners(office=library, actor=crew)
    made = make_stops_of_partners(office=library, actor=circulation)
    assert {stop.partner for stop in made} == set(schools[:2])
    assert len({stop.name for stop in made}) == len({stop.slug for stop in made}) == 2
    at_first = next(stop for stop in made if stop.partner == schools[0])
    assert windows_of(at_first) == [(0, time(7, 30), time(12))]
    assert make_stops_of_partners(office=library, actor=circulation) == []


@pytest.mark.parametrize(
    ("fields", "code", "never"),
    [
        ({}, None, False),
        ({"latitude": None, "longitude": None}, "no_point", False),
        ({"latitude": Decimal("51"), "longitude": Decimal("-3")}, "outside_indonesia", False),
        ({"latitude": Decimal("-1.5"), "longitude": Decimal("100.37")}, "far", False),
        ({"minutes": 150, "windows": [(1, time(8), time(10))]}, "window_too_short", True),
        ({"windows": [(2, time(16), time(18))]}, "no_day", True),
        ({"minutes": 480}, "too_far_for_the_day", True),
        ({"minutes": 300, "windows": [(4, time(6), time(14))]}, "no_day", True),
    ],
)
def test_what_can_never_be_served_is_said_at_once(
    library: Institution, fields: Any, code: str | None, never: bool
) -> None:
    VehicleFactory(office=library, hours=[(1, time(7, 30), time(15, 30)), (2, time(7, 30), time(15, 30))])
    with translation.override("en"):
        doubts = {doubt.code: doubt for doubt in doubts_of(StopFactory(office=library, **fields))}
    if code is None:
        assert doubts == {}
    else:
        assert doubts[code].never is never
        assert doubts[code].sentence


def test_a_stop_that_waits_for_one_vehicle(library: Institution, school_library: Institution) -> None:
    van = VehicleFactory(office=library, hours=[(6, time(8), time(12))])
    VehicleFactory(office=library)
    stop = StopFactory(office=library, vehicle=van, windows=[(0, time(8), time(12))])
    assert [doubt.code for doubt in doubts_of(stop)] == ["no_day"]
    van.is_active = False
    van.save(update_fields=["is_active"])
    assert [doubt.code for doubt in doubts_of(Stop.objects.for_list().get())] == ["vehicle_retired"]
    at_school = StopFactory(
        office=library, school=True, partner=school_library, windows=[(6, time(8), time(12))]
    )
    assert [doubt.code for doubt in doubts_of(at_school)] == ["school_closed"]


def test_an_erased_contact_stands_beside_no_stop(
    library: Institution, school_library: Institution, school: User
) -> None:
    person = Person.objects.create(institution=school_library, name="Bu Rina", phone="0813")
    named = {"office": library, "school": True, "partner": school_library}
    stop = StopFactory(**named, contact_name="bu rina", contact_phone="0813")
    other = StopFactory(**named, contact_name="Pak Eko", contact_phone="0814")
    assert stop.name in str(list(kept_about(person)))
    assert forget_contact(person, school) == 1
    stop.refresh_from_db()
    other.refresh_from_db()
    assert (stop.contact_name, stop.contact_phone, other.contact_name) == ("", "", "Pak Eko")
    assert list(kept_about(person)) == []
    assert not stop.audit_trail.exclude(contact_name="").exists()
    assert other.audit_trail.filter(contact_name="Pak Eko").exists()
