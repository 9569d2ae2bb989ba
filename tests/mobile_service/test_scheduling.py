"""Visits on the calendar: what is in the way is said before saving, and never two at once (M2)."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.choices import ClosureScope
from libraries.models import Closure, Institution, Notice, User
from mobile_service.choices import TripStatus, VisitStatus
from mobile_service.models import Duty, Outage, Stop, StopWindow, TravelTime, Trip, Vehicle, Visit
from mobile_service.services.calling_off import cancel_trip, cancel_visits
from mobile_service.services.scheduling import (
    cancel_visit,
    look_at,
    move_visit,
    pin_visit,
    place_visit,
    restore_visit,
    unpin_visit,
)
from mobile_service.services.trips import change_crew, make_trip, revise_trip
from tests.factories import WIB, CrewMemberFactory, InstitutionFactory, StopFactory, VehicleFactory

pytestmark = pytest.mark.django_db


def coming(weekday: int, weeks: int = 1) -> date:
    today = clock.today()
    return today + timedelta(days=(weekday - today.weekday()) % 7 + 7 * weeks)


def at(on: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), WIB)


MONDAY = coming(0)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling Harau")


@pytest.fixture
def stop(library: Institution, school_library: Institution) -> Stop:
    return StopFactory(school=True, office=library, partner=school_library, name="SDN 01")


@pytest.fixture
def village(library: Institution) -> Stop:
    return StopFactory(office=library, name="Balai Nagari")


def refusal(act: Any, **given: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        act(**given)
    return refused.value


def test_a_visit_stands_on_the_trip_of_its_day_with_the_usual_crew(
    van: Vehicle, stop: Stop, village: Stop, officer: User
) -> None:
    driver = CrewMemberFactory(office=van.office, vehicle=van)
    CrewMemberFactory(office=van.office, vehicle=van, is_active=False)
    first = place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY, 9))
    second = place_visit(actor=officer, stop=village, vehicle=van, begins_at=at(MONDAY, 11))
    assert first.trip == second.trip
    assert first.trip.on == MONDAY and first.trip.status == TripStatus.PLANNED
    assert [duty.member for duty in first.trip.duties.all()] == [driver]
    assert first.ends_at - first.begins_at == timedelta(minutes=stop.minutes)
    assert list(first.events.values_list("action", "from_state", "to_state")) == [("plan", "", "planned")]


@pytest.mark.parametrize(
    ("code", "arrange"),
    [
        ("vehicle_busy", lambda van, stop: place_visit(
            actor=None, stop=StopFactory(office=van.office), vehicle=van, begins_at=at(MONDAY, 9, 30))),
        ("stop_busy", lambda van, stop: place_visit(
            actor=None, stop=stop, vehicle=VehicleFactory(office=van.office), begins_at=at(MONDAY, 8, 30))),
        ("vehicle_out", lambda van, stop: Outage.objects.create(
            vehicle=van, starts_on=MONDAY, ends_on=MONDAY, reason="Bengkel")),
        ("holiday", lambda van, stop: Closure.objects.create(starts_on=MONDAY, ends_on=MONDAY, reason="Nyepi")),
        ("holiday", lambda van, stop: Closure.objects.create(
            starts_on=MONDAY, ends_on=MONDAY, reason="Libur semester", scope=ClosureScope.SCHOOLS)),
        ("holiday", lambda van, stop: Closure.objects.create(
            starts_on=MONDAY, ends_on=MONDAY, reason="Ujian", institution=stop.partner)),
        ("stop_closed", lambda van, stop: Stop.objects.filter(pk=stop.pk).update(closed_on=[MONDAY])),
        ("stop_inactive", lambda van, stop: Stop.objects.filter(pk=stop.pk).update(is_active=False)),
        ("vehicle_inactive", lambda van, stop: Vehicle.objects.filter(pk=van.pk).update(is_active=False)),
    ],
)  # fmt: skip
def test_what_is_in_the_way_refuses_with_a_sentence_and_free_times(
    van: Vehicle, stop: Stop, officer: User, code: str, arrange: Any
) -> None:
    arrange(van, stop)
    stop.refresh_from_db()
    van.refresh_from_db()
    look = look_at(stop=stop, vehicle=van, begins_at=at(MONDAY, 9))
    assert not look.possible and [clash.code for clash in look.clashes if clash.hard] == [code]
    refused = refusal(place_visit, actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY, 9))
    assert refused.code == code and refused.status == 409 and str(refused) == look.clashes[0].sentence
    assert not Visit.objects.filter(stop=stop, vehicle=van).exists()
    assert refused.facts["free"] == look.free
    for moment in look.free:
        assert look_at(stop=stop, vehicle=van, begins_at=moment).clashes == []


def test_schools_holidays_do_not_keep_the_van_from_a_village(
    van: Vehicle, village: Stop, officer: User
) -> None:
    Closure.objects.create(
        starts_on=MONDAY, ends_on=MONDAY, reason="Libur semester", scope=ClosureScope.SCHOOLS
    )
    assert place_visit(actor=officer, stop=village, vehicle=van, begins_at=at(MONDAY, 9))


def test_free_times_are_the_nearest_ones(van: Vehicle, stop: Stop, village: Stop, officer: User) -> None:
    place_visit(actor=officer, stop=village, vehicle=van, begins_at=at(MONDAY, 9))
    Closure.objects.create(starts_on=MONDAY + timedelta(1), ends_on=MONDAY + timedelta(1), reason="Nyepi")
    look = look_at(stop=stop, vehicle=van, begins_at=at(MONDAY, 9))
    # The hour after the village's; Tuesday is a holiday and Sunday the school is shut: the same hour on Saturday and Wednesday.
    assert look.free == [
        at(MONDAY, 10), at(MONDAY + timedelta(2), 9), at(MONDAY - timedelta(2), 9)
    ]  # fmt: skip


def test_warnings_are_said_and_may_be_accepted(
    van: Vehicle, stop: Stop, village: Stop, officer: User, library: Institution
) -> None:
    StopWindow.objects.create(stop=stop, weekday=0, opens_at=time(10), closes_at=time(12))
    Stop.objects.filter(pk=stop.pk).update(vehicle=VehicleFactory(office=library))
    place_visit(actor=officer, stop=village, vehicle=van, begins_at=at(MONDAY, 7, 30))
    TravelTime.objects.create(office=library, origin=village, target=stop, minutes=25)
    driver = CrewMemberFactory(office=library, vehicle=van)
    other = make_trip(actor=officer, vehicle=VehicleFactory(office=library), on=MONDAY)
    Duty.objects.create(trip=other, member=driver, on=MONDAY)
    stop.refresh_from_db()
    wanted = {"stop": stop, "vehicle": van, "begins_at": at(MONDAY, 8, 40), "ends_at": at(MONDAY, 15, 40)}
    look = look_at(**wanted)
    codes = {"other_vehicle", "outside_window", "outside_hours", "crew_elsewhere", "too_tight"}
    assert look.possible and {clash.code for clash in look.clashes} == codes
    assert refusal(place_visit, actor=officer, careful=True, **wanted).code == "other_vehicle"
    assert place_visit(actor=officer, **wanted)


@pytest.mark.parametrize("gone", ["stop", "vehicle"])
def test_what_a_colleague_took_out_of_use_meanwhile_is_not_planned(
    gone: str, van: Vehicle, stop: Stop, village: Stop, officer: User
) -> None:
    """The page was opened before, so its stop and its vehicle are those of an hour ago."""
    cancelled = place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY, 13))
    cancel_visit(visit=cancelled, actor=officer, note="Banjir")
    (Stop if gone == "stop" else Vehicle).objects.update(is_active=False)
    code = f"{gone}_inactive"
    wanted = {"actor": officer, "stop": stop, "vehicle": van, "begins_at": at(MONDAY, 9)}
    assert code in {clash["code"] for clash in refusal(place_visit, **wanted).facts["clashes"]}
    refused = refusal(restore_visit, visit=cancelled, actor=officer)
    assert code in {clash["code"] for clash in refused.facts["clashes"]}


def test_the_drive_from_the_last_stop_and_to_the_next_is_reckoned_where_nobody_has_typed_it(
    van: Vehicle, stop: Stop, village: Stop, officer: User, library: Institution
) -> None:
    far = StopFactory(office=library, name="SDN 05", latitude="-0.306000", longitude="100.451000")
    place_visit(actor=officer, stop=village, vehicle=van, begins_at=at(MONDAY, 8))
    place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY, 10, 15))
    between = {"stop": far, "vehicle": van, "begins_at": at(MONDAY, 9), "ends_at": at(MONDAY, 10, 15)}
    look = look_at(**between)
    # Nearly nine kilometres as the crow flies: half an hour.
    assert look.possible and [clash.code for clash in look.clashes] == ["too_tight", "too_tight"]
    refused = refusal(place_visit, actor=officer, careful=True, **between)
    assert "Balai Nagari" in str(refused) and "SDN 01" in str(refused)
    # What is offered instead leaves time to drive: that day only behind the last stop.
    assert [at(MONDAY, 11, 45)] == [free for free in look.free if free.date() == MONDAY]
    for one, other in ((village, far), (far, stop)):
        TravelTime.objects.create(office=library, origin=one, target=other, minutes=0, is_typed=True)
    assert look_at(**between).clashes == []


def test_a_school_without_windows_is_warned_of_on_its_closed_weekday(
    van: Vehicle, stop: Stop, officer: User
) -> None:
    sunday = at(coming(6), 9)
    assert [clash.code for clash in look_at(stop=stop, vehicle=van, begins_at=sunday).clashes] == [
        "partner_closed"
    ]
    StopWindow.objects.create(stop=stop, weekday=6, opens_at=time(8), closes_at=time(12))
    fresh = Stop.objects.get(pk=stop.pk)
    assert look_at(stop=fresh, vehicle=van, begins_at=sunday).clashes == []


def test_a_visit_is_moved_and_the_emptied_trip_vanishes(van: Vehicle, stop: Stop, officer: User) -> None:
    visit = place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY, 9), is_pinned=False)
    moved = move_visit(
        visit=visit, actor=officer, begins_at=at(MONDAY + timedelta(1), 10), reason="Guru rapat"
    )
    assert (moved.sequence, moved.is_pinned, moved.reason) == (1, True, "Guru rapat")
    assert moved.ends_at == at(MONDAY + timedelta(1), 11)
    assert list(Trip.objects.values_list("on", flat=True)) == [MONDAY + timedelta(1)]
    same = refusal(move_visit, visit=moved, actor=officer, begins_at=moved.begins_at)
    assert same.code == "nothing_changed"


def test_a_visit_may_be_moved_over_its_own_old_time(van: Vehicle, stop: Stop, officer: User) -> None:
    visit = place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY, 9))
    assert move_visit(visit=visit, actor=officer, begins_at=at(MONDAY, 9, 15)).trip_id == visit.trip_id


def test_cancelled_with_a_reason_and_put_back(van: Vehicle, stop: Stop, officer: User) -> None:
    visit = place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY, 9))
    assert refusal(cancel_visit, visit=visit, actor=officer, note=" ").code == "reason_missing"
    off = cancel_visit(visit=visit, actor=officer, note="Ban bocor")
    assert (off.status, off.reason, off.sequence) == (VisitStatus.CANCELLED, "Ban bocor", 1)
    assert Trip.objects.get(pk=off.trip_id).status == TripStatus.CANCELLED
    back = restore_visit(visit=off, actor=officer)
    assert (back.status, back.reason, back.sequence) == (VisitStatus.PLANNED, "", 2)
    assert back.trip.status == TripStatus.PLANNED and back.trip.on == MONDAY
    cancel_visit(visit=back, actor=officer, note="Hujan")
    place_visit(actor=officer, stop=StopFactory(office=van.office), vehicle=van, begins_at=at(MONDAY, 9))
    assert refusal(restore_visit, visit=back, actor=officer).code == "vehicle_busy"


def test_whoever_read_it_before_a_colleagues_change_is_refused(
    van: Vehicle, stop: Stop, officer: User, circulation: User
) -> None:
    """R15: neither is the colleague's move taken back, nor a visit called off that nobody has seen so."""
    visit = place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY, 9))
    read = visit.sequence
    moved = move_visit(visit=visit, actor=circulation, begins_at=at(MONDAY + timedelta(1), 10), sequence=read)
    for act in (
        partial(move_visit, begins_at=at(MONDAY, 10)),
        partial(cancel_visit, note="Banjir"),
    ):
        refused = refusal(act, visit=visit, actor=officer, sequence=read)
        assert (refused.code, refused.status) == ("stale", 409)
        assert refused.facts["sequence"] == moved.sequence and refused.facts["begins_at"] == moved.begins_at
    # The same form sent twice is no colleague's change.
    twice = {"visit": visit, "actor": circulation, "begins_at": moved.begins_at, "sequence": read}
    assert refusal(move_visit, **twice).code == "nothing_changed"
    cancelled = cancel_visit(visit=visit, actor=officer, note="Banjir", sequence=moved.sequence)
    assert refusal(restore_visit, visit=visit, actor=officer, sequence=read).code == "stale"
    assert restore_visit(visit=visit, actor=officer, sequence=cancelled.sequence).status == "planned"


def test_an_hour_that_has_passed_today_is_a_warning(
    van: Vehicle, stop: Stop, village: Stop, officer: User
) -> None:
    """The crew may be standing there already, so whoever has read it may plan it all the same."""
    with clock.pretend(at(MONDAY, 12, 5)):
        wanted: dict[str, Any] = {"stop": stop, "vehicle": van, "begins_at": at(MONDAY, 10)}
        look = look_at(**wanted)
        assert look.possible and [clash.code for clash in look.clashes] == ["hour_passed"]
        assert refusal(place_visit, actor=officer, careful=True, **wanted).code == "hour_passed"
        assert look_at(**{**wanted, "begins_at": at(MONDAY, 12, 10)}).clashes == []
        visit = place_visit(actor=officer, stop=village, vehicle=van, begins_at=at(MONDAY, 14))
        earlier = {"visit": visit, "actor": officer, "begins_at": at(MONDAY, 8), "careful": True}
        assert refusal(move_visit, **earlier).code == "hour_passed"
        assert place_visit(actor=officer, **wanted)


def test_a_reason_that_is_published_is_short(van: Vehicle, stop: Stop, officer: User) -> None:
    visit = place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY, 9))
    long = "b" * 201
    for act, field in (
        (partial(cancel_visit, visit=visit, note=long), "note"),
        (partial(cancel_visits, visits=[visit], note=long), "note"),
        (partial(cancel_trip, trip=visit.trip, note=long), "note"),
        (partial(move_visit, visit=visit, begins_at=at(MONDAY, 10), reason=long), "reason"),
    ):
        refused = refusal(act, actor=officer)
        assert (refused.code, refused.field) == ("reason_too_long", field)
    assert cancel_visit(visit=visit, actor=officer, note=f" {long[:200]} ").reason == long[:200]


def test_pinned_and_released(van: Vehicle, stop: Stop, officer: User, crew: User) -> None:
    visit = place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY, 9))
    assert not unpin_visit(visit=visit, actor=officer).is_pinned
    assert pin_visit(visit=visit, actor=officer).is_pinned
    assert refusal(pin_visit, visit=visit, actor=crew).code == "role_missing"


def test_only_the_desk_places_and_only_sane_visits(
    van: Vehicle, stop: Stop, officer: User, school: User
) -> None:
    given = {"stop": stop, "vehicle": van, "begins_at": at(MONDAY, 9)}
    assert refusal(place_visit, actor=school, **given).code == "role_missing"
    elsewhere = {**given, "vehicle": VehicleFactory(office=InstitutionFactory(office=True))}
    assert refusal(place_visit, actor=officer, **elsewhere).code == "other_office"
    past = {**given, "begins_at": at(clock.today() - timedelta(1), 9)}
    assert refusal(place_visit, actor=officer, **past).code == "in_the_past"
    turned = {**given, "ends_at": at(MONDAY, 8)}
    assert refusal(place_visit, actor=officer, **turned).code == "turned_round"
    visit = place_visit(actor=officer, **given)
    last, first = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=WIB)
    for far, code in ((last, "too_far"), (at(date(9999, 12, 1), 9), "too_far"), (first, "in_the_past")):
        assert refusal(place_visit, actor=officer, **{**given, "begins_at": far}).code == code
        assert refusal(move_visit, actor=officer, visit=visit, begins_at=far).code == code
    for act in (partial(place_visit, **given), partial(move_visit, visit=visit, begins_at=at(MONDAY, 10))):
        assert refusal(act, actor=officer, ends_at=last).code == "too_far"


def test_a_whole_day_is_called_off_with_one_message_for_each_school(
    van: Vehicle, stop: Stop, village: Stop, officer: User, library: Institution
) -> None:
    gate = StopFactory(school=True, office=library, partner=stop.partner, name="Gerbang belakang")
    first = place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY, 8), tell=False)
    place_visit(actor=officer, stop=gate, vehicle=van, begins_at=at(MONDAY, 9), tell=False)
    place_visit(actor=officer, stop=village, vehicle=van, begins_at=at(MONDAY, 10), tell=False)
    cancel_trip(trip=first.trip, actor=officer, note="Mesin rusak")
    assert set(Visit.objects.values_list("status", "reason")) == {("cancelled", "Mesin rusak")}
    notice = Notice.objects.get(recipient=stop.partner)
    assert (notice.context["count"], notice.context["reason"]) == (2, "Mesin rusak")
    assert [row["stop"] for row in notice.context["more"]] == ["Gerbang belakang"]
    assert refusal(cancel_trip, trip=first.trip, actor=officer, note="Lagi").code == "wrong_state"


def test_visits_of_several_days_are_called_off_in_one_act(van: Vehicle, stop: Stop, officer: User) -> None:
    rows = [
        place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(MONDAY + timedelta(n), 9), tell=False)
        for n in range(3)
    ]
    assert len(cancel_visits(visits=rows[:2], actor=officer, note="Banjir")) == 2
    assert Notice.objects.filter(recipient=stop.partner).count() == 1
    assert set(Trip.objects.values_list("on", "status")) == {
        (MONDAY, "cancelled"), (MONDAY + timedelta(1), "cancelled"), (MONDAY + timedelta(2), "planned")
    }  # fmt: skip
    assert cancel_visits(visits=rows[:2], actor=officer, note="Banjir") == []


@pytest.mark.parametrize(
    ("on", "code"), [(date(1, 1, 1), "in_the_past"), (date(2062, 11, 24), "too_far"), (date.max, "too_far")]
)
def test_a_trip_is_made_as_near_as_a_visit(van: Vehicle, officer: User, on: date, code: str) -> None:
    """A slip of the hand: nobody can reckon with such a day, and the vehicle could not be taken out of use for years."""
    refused = refusal(make_trip, actor=officer, vehicle=van, on=on)
    assert (refused.code, refused.field) == (code, "on") and not Trip.objects.exists()


def test_trips_are_made_once_a_day_and_their_crew_is_on_one_van(
    van: Vehicle, officer: User, library: Institution
) -> None:
    driver = CrewMemberFactory(office=library, name="Deri")
    trip = make_trip(actor=officer, vehicle=van, on=MONDAY, leaves_at=time(7, 30))
    assert refusal(make_trip, actor=officer, vehicle=van, on=MONDAY).code == "trip_taken"
    other = make_trip(actor=officer, vehicle=VehicleFactory(office=library, name="Pusling Lembah"), on=MONDAY)
    change_crew(trip=other, actor=officer, members=[driver])
    refused = refusal(change_crew, trip=trip, actor=officer, members=[driver])
    assert refused.code == "crew_elsewhere" and "Deri" in str(refused) and "Pusling Lembah" in str(refused)
    change_crew(trip=other, actor=officer, members=[])
    assert change_crew(trip=trip, actor=officer, members=[driver]).duties.get().member == driver
    wrong = refusal(revise_trip, trip=trip, actor=officer, back_at=time(7))
    assert wrong.code == "turned_round"
    assert revise_trip(trip=trip, actor=officer, back_at=time(14)).back_at == time(14)
    assert refusal(revise_trip, trip=trip, actor=officer, version=1, note="x").code == "stale"
