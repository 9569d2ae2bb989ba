"""Requests for a visit and the figures of the van over the API: what a day costs, whom it is told to, and which days are summed up."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from kerjasama.domain import clock
from libraries.models import Closure, Institution, User
from mobile_service.models import Stop, Tally, Vehicle, Visit, VisitRequest
from tests.api.conftest import Program
from tests.factories import (
    WIB,
    InstitutionFactory,
    StopFactory,
    TripFactory,
    VehicleFactory,
    VisitFactory,
    VisitRequestFactory,
)

pytestmark = pytest.mark.django_db

TODAY = clock.today()
TUESDAY = TODAY + timedelta(days=(1 - TODAY.weekday()) % 7 + 7)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling Harau")


@pytest.fixture
def asked(library: Institution, school_library: Institution, van: Vehicle) -> VisitRequest:
    stop = StopFactory(school=True, office=library, partner=school_library, name="SDN 01")
    days = [TUESDAY, TUESDAY + timedelta(1)]
    return VisitRequestFactory(office=library, partner=school_library, stop=stop, place="", wanted_on=days)


def costs(client: Any, asked: VisitRequest) -> Any:
    found = client.get(f"/api/v1/visit-requests/{asked.pk}/costs/")
    assert found.status_code == 200, found.json()
    return found.json()["days"]


def test_costs_name_each_day_wanted_with_what_the_verbs_take(
    program: Program, circulation: User, asked: VisitRequest, van: Vehicle
) -> None:
    Closure.objects.create(starts_on=TUESDAY, ends_on=TUESDAY, reason="Hari besar")
    client = program(circulation)
    closed, free = costs(client, asked)
    assert (closed["day"], closed["slots"], closed["conflicts"]) == (
        TUESDAY.isoformat(),
        [],
        ["Public holiday: Hari besar."],
    )
    (slot,) = free["slots"]
    assert slot["minutes"] > 0 and slot["kilometres"] > 0 and "Pusling Harau" in slot["where"]
    body = {"vehicle": str(van.pk), "begins_at": slot["begins_at"]}
    done = client.post(f"/api/v1/visit-requests/{asked.pk}/accept/", body)
    assert done.status_code == 200, done.json()
    begins_at = datetime.fromisoformat(done.json()["visit_begins_at"])
    assert (done.json()["status"], begins_at) == ("accepted", datetime.fromisoformat(slot["begins_at"]))


def test_a_slot_that_is_named_by_half_is_completed_or_asked_for(
    program: Program, circulation: User, asked: VisitRequest, van: Vehicle
) -> None:
    client = program(circulation)
    (slot,) = costs(client, asked)[0]["slots"]
    address, time_alone = f"/api/v1/visit-requests/{asked.pk}/accept/", {"begins_at": slot["begins_at"]}

    def refused(body: dict[str, Any]) -> tuple[int, str, str]:
        answer = client.post(address, body, headers={"Accept-Language": "en"})
        said = answer.json()
        assert "not free" not in answer.content.decode()
        return answer.status_code, said["code"], said["detail"]

    second = VehicleFactory(office=van.office, name="Pusling Lintau")
    status, code, said = refused(time_alone)
    assert (status, code) == (422, "vehicle_missing") and "Name the vehicle too" in said
    status, code, said = refused({"vehicle": str(van.pk)})
    assert (status, code) == (422, "time_missing") and "Pusling Harau" in said
    # A van that never comes is not one that is only busy.
    elsewhere = VehicleFactory(office=InstitutionFactory(office=True), name="Pusling Jauh")
    circulation.memberships.create(institution=elsewhere.office, role="circulation")
    for named, why in (
        (elsewhere, "belongs to another library"),
        (second, "Only Pusling Harau goes to SDN 01"),
    ):
        if named == second:
            Stop.objects.filter(pk=asked.stop_id).update(vehicle=van)
        status, code, said = refused(time_alone | {"vehicle": str(named.pk)})
        assert (status, code) == (409, "slot_taken") and why in said and "The next best is" in said
    # Of one that may come it is the one.
    done = client.post(address, time_alone)
    assert done.status_code == 200 and str(van.pk) in str(Visit.objects.get().vehicle_id), done.json()


def test_where_no_vehicle_may_come_it_is_said(
    program: Program, circulation: User, asked: VisitRequest, van: Vehicle
) -> None:
    Vehicle.objects.update(is_active=False)
    body = {"begins_at": datetime.combine(TUESDAY, time(9), WIB).isoformat()}
    address = f"/api/v1/visit-requests/{asked.pk}/accept/"
    answer = program(circulation).post(address, body, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_vehicle")
    assert "No vehicle in use may come here" in answer.json()["detail"]


def test_costs_are_for_the_library_alone(
    program: Program, asked: VisitRequest, school: User, other_school: User, head: User
) -> None:
    assert costs(program(school), asked) == []
    assert costs(program(head), asked) == []
    address = f"/api/v1/visit-requests/{asked.pk}/costs/"
    assert program(other_school).get(address).status_code == 404


def test_figures_are_of_the_days_asked_for(
    program: Program, officer: User, library: Institution, school_library: Institution, van: Vehicle
) -> None:
    """Both days included, by the clock of the place; without any, those of the last month that is over."""
    gate: Stop = StopFactory(school=True, office=library, partner=school_library, name="SDN 01")
    place: Stop = StopFactory(office=library, name="Balai Talang")
    month = clock.add_months(TODAY.replace(day=1), -1)
    first, last = month, TODAY.replace(day=1) - timedelta(days=1)
    for day, stop, people in (
        (first, gate, 10),
        (last, gate, 5),
        (last, place, 7),
        (first - timedelta(1), gate, 100),
    ):
        trip = van.trips.filter(on=day).first() or TripFactory(vehicle=van, on=day)
        # Late in the evening in Universal Time it is the next morning here: the day is that of the place.
        begins = datetime.combine(day, time(6, 30) if stop is gate else time(10), WIB)
        visit = VisitFactory(trip=trip, stop=stop, begins_at=begins, status="done")
        Tally.objects.create(visit=visit, visitors={"pupils": people}, visitor_count=people, lent=people)
    client = program(officer)

    def figures(**asked: Any) -> dict[str, tuple[int, int]]:
        found = client.get("/api/v1/visit-statistics/", asked)
        assert found.status_code == 200, found.json()
        return {row["display"]: (row["visits_done"], row["visitors"]) for row in found.json()["results"]}

    assert figures() == {"SDN 01": (2, 15), "Balai Talang": (1, 7)}
    assert figures(since=first - timedelta(1), until=last) == {"SDN 01": (3, 115), "Balai Talang": (1, 7)}
    assert figures(since=first, until=first) == {"SDN 01": (1, 10), "Balai Talang": (0, 0)}
    assert figures(kind="village") == {"Balai Talang": (1, 7)}
    assert figures(office=library.pk, kind="school", until=first)["SDN 01"] == (1, 10)
    assert client.get("/api/v1/visit-statistics/", {"since": "kemarin"}).status_code == 400
    # Days that run backwards are none, also where one of them is left to be the usual one.
    for backward, field in (
        ({"since": last, "until": first}, "until"),
        ({"since": TODAY}, "until"),
        ({"until": first - timedelta(1)}, "since"),
    ):
        answer = client.get("/api/v1/visit-statistics/", backward)
        assert answer.status_code == 400, answer.json()
        assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]
    far = {"since": "0001-01-01", "until": "9999-12-31"}
    assert client.get("/api/v1/visit-statistics/", far).status_code == 200
