"""The calendar over the API: what is in the way is told with what is free, and every verb works (M2)."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from kerjasama.domain import clock
from libraries.models import Institution, User
from mobile_service.models import Series, Stop, Trip, Vehicle, Visit
from tests.api.conftest import Program
from tests.factories import WIB, CrewMemberFactory, StopFactory, VehicleFactory

pytestmark = pytest.mark.django_db

TODAY = clock.today()
MONDAY = TODAY + timedelta(days=(0 - TODAY.weekday()) % 7 + 7)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling Harau")


@pytest.fixture
def stop(library: Institution, school_library: Institution) -> Stop:
    return StopFactory(school=True, office=library, partner=school_library, name="SDN 01")


def at(day: int, hour: int) -> str:
    return datetime.combine(MONDAY + timedelta(day), time(hour), WIB).isoformat()


def test_visits_are_placed_moved_and_called_off(
    program: Program, officer: User, school: User, van: Vehicle, stop: Stop, library: Institution
) -> None:
    client = program(officer)
    body = {"stop": str(stop.pk), "vehicle": str(van.pk), "begins_at": at(0, 9)}
    made = client.post("/api/v1/visits/", body)
    assert made.status_code == 201, made.json()
    url = made.json()["url"]
    assert made.json()["available_actions"] == ["move", "unpin", "cancel"]
    village = StopFactory(office=library)
    refused = client.post("/api/v1/visits/", {**body, "stop": str(village.pk)})
    assert refused.status_code == 409 and refused.json()["code"] == "vehicle_busy"
    facts = refused.json()["facts"]
    assert facts["clashes"][0]["hard"] and len(facts["free"]) == 3
    assert (
        client.post(
            "/api/v1/visits/", {**body, "stop": str(village.pk), "begins_at": facts["free"][0]}
        ).status_code
        == 201
    )
    sunday = {**body, "begins_at": at(6, 9)}
    assert client.post("/api/v1/visits/", sunday).json()["code"] == "partner_closed"
    assert client.post("/api/v1/visits/", {**sunday, "accept_warnings": True}).status_code == 201
    assert client.post(f"{url}move/", {"begins_at": at(1, 9), "reason": "Rapat"}).json()["sequence"] == 1
    assert client.post(f"{url}unpin/").json()["is_pinned"] is False
    assert client.post(f"{url}cancel/", {"note": "Hujan"}).json()["reason"] == "Hujan"
    assert client.post(f"{url}restore/").json()["status"] == "planned"
    mine = program(school)
    assert mine.get(url).json()["available_actions"] == []
    assert mine.post(f"{url}cancel/", {"note": "Hujan"}).status_code == 403
    assert Visit.objects.count() == 3


def test_a_program_that_says_what_it_has_read_overwrites_nobody(
    program: Program, officer: User, van: Vehicle, stop: Stop
) -> None:
    """R15; and a program that gives no `sequence` moves as before."""
    client = program(officer)
    made = client.post(
        "/api/v1/visits/",
        {"stop": str(stop.pk), "vehicle": str(van.pk), "begins_at": f"{MONDAY}T09:00:00+07:00"},
    ).json()
    url, read = made["url"], made["sequence"]
    moved = client.post(f"{url}move/", {"begins_at": f"{MONDAY}T10:00:00+07:00", "sequence": read})
    assert moved.status_code == 200 and moved.json()["sequence"] == read + 1
    for verb, body in (
        ("move", {"begins_at": f"{MONDAY}T11:00:00+07:00"}),
        ("cancel", {"note": "Hujan"}),
    ):
        stale = client.post(f"{url}{verb}/", {**body, "sequence": read})
        assert stale.status_code == 409 and stale.json()["code"] == "stale"
    assert client.post(f"{url}move/", {"begins_at": f"{MONDAY}T11:00:00+07:00"}).status_code == 200
    assert client.post(f"{url}cancel/", {"note": "b" * 201}).status_code == 400
    assert client.post(f"{url}cancel/", {"note": "Hujan", "sequence": read + 2}).status_code == 200


def test_series_speak_rrule_and_refuse_what_they_cannot(
    program: Program, officer: User, van: Vehicle, stop: Stop
) -> None:
    client = program(officer)
    body: dict[str, Any] = {
        "stop": str(stop.pk), "vehicle": str(van.pk), "rule": "FREQ=WEEKLY;BYDAY=MO", "starts_on": str(MONDAY),
        "begins_at": "09:00",
    }  # fmt: skip
    refused = client.post("/api/v1/series/", {**body, "rule": "FREQ=WEEKLY;BYDAY=MO;COUNT=3"})
    assert refused.status_code == 422 and refused.json()["code"] == "rule_unsupported"
    assert refused.json()["errors"][0]["pointer"] == "/rule"
    made = client.post("/api/v1/series/", body)
    assert made.status_code == 201, made.json()
    url, shown = made.json()["url"], made.json()
    assert shown["words"] and shown["available_actions"] == ["change", "except", "end"]
    left = client.post(f"{url}except/", {"on": str(MONDAY), "note": "Ujian"})
    assert left.json()["left_out"] == [str(MONDAY)] and "include" in left.json()["available_actions"]
    assert client.post(f"{url}include/", {"on": str(MONDAY)}).json()["left_out"] == []
    next_one = client.post(f"{url}change/", {"from_on": str(MONDAY + timedelta(7)), "begins_at": "10:00"})
    assert next_one.status_code == 201 and next_one.json()["begins_at"] == "10:00:00"
    ended = client.post(f"{next_one.json()['url']}end/", {"on": str(MONDAY + timedelta(14))})
    assert (ended.json()["status"], ended.json()["ends_on"]) == ("active", str(MONDAY + timedelta(13)))
    assert Series.objects.count() == 2
    listed = client.get(f"/api/v1/visits/?series={shown['id']}").json()["results"]
    assert [row["series_on"] for row in listed] == [str(MONDAY)]


def test_trips_have_their_crew_and_are_called_off(
    program: Program, officer: User, van: Vehicle, library: Institution
) -> None:
    client = program(officer)
    driver = CrewMemberFactory(office=library, name="Deri")
    made = client.post("/api/v1/trips/", {"vehicle": str(van.pk), "on": str(MONDAY)})
    assert made.status_code == 201, made.json()
    url = made.json()["url"]
    assert client.post(f"{url}set_crew/", {"members": [str(driver.pk)]}).json()["crew"] == ["Deri"]
    assert client.post(f"{url}revise/", {"leaves_at": "08:00"}).json()["leaves_at"] == "08:00:00"
    assert client.post(f"{url}cancel/", {"note": "Banjir"}).json()["available_actions"] == []
    assert Trip.objects.get().status == "cancelled"
