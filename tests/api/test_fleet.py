"""Programs keep vehicles and stops, and hand timetables over as files (M1)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from libraries.models import Institution
from mobile_service.models import Stop
from tests.api.conftest import Program
from tests.factories import StopFactory

pytestmark = pytest.mark.django_db


def test_a_vehicle_with_its_week_and_its_outages(
    program: Program, library: Institution, circulation: Any
) -> None:
    client = program(circulation)
    week = [{"weekday": 0, "starts_at": "07:30", "ends_at": "15:00"}]
    made = client.post("/api/v1/vehicles/", {"office": str(library.pk), "name": "Pusling 1", "hours": week})
    assert made.status_code == 201, made.json()
    van = made.json()
    assert van["hours"] == [{"weekday": 0, "starts_at": "07:30:00", "ends_at": "15:00:00"}]
    days = {"starts_on": "2030-01-01", "ends_on": "2030-01-02", "reason": "Servis"}
    outage = client.post(f"{van['url']}add_outage/", days).json()["outages"][0]
    assert client.post(f"{van['url']}add_outage/", days).json()["code"] == "outage_overlaps"
    assert client.post(f"{van['url']}drop_outage/", {"outage": outage["id"]}).json()["outages"] == []
    assert client.post(f"{van['url']}retire/", {}).json()["is_active"] is False


def test_a_stop_says_what_is_doubtful_and_its_points_are_geojson(
    program: Program, library: Institution, circulation: Any, school: Any, school_library: Institution
) -> None:
    client = program(circulation)
    body = {"office": str(library.pk), "name": "SDN", "kind": "school", "partner": str(school_library.pk), "latitude": "-0.3",
            "longitude": "100.37", "windows": [{"weekday": 1, "opens_at": "08:00", "closes_at": "10:00"}]}  # fmt: skip
    stop = client.post("/api/v1/stops/", body).json()
    assert [doubt["code"] for doubt in stop["doubts"]] == ["no_vehicle"]
    (point,) = client.get("/api/v1/stops/geojson/?weekday=1").json()["features"]
    assert point["geometry"] == {"type": "Point", "coordinates": [100.37, -0.3]}
    assert client.get("/api/v1/stops/geojson/?weekday=2").json()["features"] == []
    own = program(school)
    assert own.get(stop["url"]).json()["available_actions"] == ["correct", "propose_hours"]
    assert own.post(f"{stop['url']}correct/", {"hint": "Gerbang timur"}).json()["hint"] == "Gerbang timur"
    assert own.post(f"{stop['url']}close/", {}).status_code == 403


def test_a_place_that_looks_mistyped_is_taken_only_when_it_is_meant(
    program: Program, library: Institution, circulation: Any
) -> None:
    client = program(circulation)
    body = {
        "office": str(library.pk),
        "name": "Balai",
        "kind": "village",
        "latitude": "51.5",
        "longitude": "-0.12",
    }
    refused = client.post("/api/v1/stops/", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "place_doubtful")
    assert client.post("/api/v1/stops/", body | {"accept_warnings": True}).status_code == 201


def test_a_timetable_goes_out_and_comes_back(
    program: Program, library: Institution, circulation: Any
) -> None:
    client = program(circulation)
    StopFactory(office=library, name="Balai")
    sheet = client.get("/api/v1/stops/timetable/").content
    file = SimpleUploadedFile("titik.csv", sheet.replace(b",60,", b",75,"))
    handed = client.post("/api/v1/stop-lists/", {"office": str(library.pk), "file": file}, format="multipart")
    assert handed.status_code == 201, handed.json()
    url = handed.json()["url"]
    (line,) = client.get(f"{url}rows/").json()["results"]
    assert (line["outcome"], len(line["changes"])) == ("changed", 1)
    assert client.post(f"{url}adopt/", {}).json()["status"] == "adopted"
    assert Stop.objects.get().minutes == 75
    assert client.post("/api/v1/stops/make_of_partners/", {"office": str(library.pk)}).json() == {"made": 0}
