"""Driving times: typed ones first, then a road engine's, then the crow's way; and an engine that fails stops nothing (M3)."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kerjasama.domain.errors import InvalidInput, NotPermitted
from libraries.models import Institution, User
from mobile_service.driving import Pace, Point, crow_km, drive_between
from mobile_service.models import Stop, TravelTime
from mobile_service.services.driving import drives_between
from mobile_service.services.travel_times import paste_times, remove_time, set_time
from tests.factories import StopFactory, VehicleFactory

pytestmark = pytest.mark.django_db

HOME = Point(-0.305, 100.37)


@pytest.fixture
def stops(library: Institution) -> list[Stop]:
    return [
        StopFactory(office=library, name=f"Balai {letter}", latitude=-0.31 - at / 100, longitude=100.38)
        for at, letter in enumerate("ABC")
    ]


class _Roads(BaseHTTPRequestHandler):
    """Answers every way with ten minutes and five kilometres, or as it is told."""

    asked: list[str]
    mood = "well"

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        if self.mood == "elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/secret")
            self.end_headers()
            return
        query = parse_qs(urlsplit(self.path).query)
        size = len(query["sources"][0].split(";")), len(query["destinations"][0].split(";"))
        times: list[list[Any]] = [[600.0] * size[1] for _row in range(size[0])]
        if self.mood == "roadless":
            times[0][1] = None
        body: dict[str, Any] = {"code": "Ok", "durations": times, "distances": [[5000.0] * size[1]] * size[0]}
        if self.mood == "nonsense":
            body = {"code": "Ok", "durations": [[1]]}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *words: Any) -> None:
        return


@pytest.fixture
def roads(settings: Any) -> Iterator[type[_Roads]]:
    handler = type("Roads", (_Roads,), {"asked": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.OSRM_URL = f"http://127.0.0.1:{server.server_port}"
    yield handler
    server.shutdown()
    server.server_close()


def test_a_degree_of_latitude_is_as_long_as_it_is() -> None:
    assert crow_km(Point(0, 100), Point(1, 100)) == pytest.approx(111.195, abs=0.01)
    pace = Pace(detour=1.35, kilometres_per_hour=24, leg_minutes=2)
    drive = drive_between(Point(0, 100), Point(0.1, 100), pace)
    assert drive.kilometres == pytest.approx(15.01, abs=0.01)
    assert drive.minutes == pytest.approx(15.01 / 24 * 60 + 2, abs=0.1)
    assert drive_between(HOME, HOME, pace).minutes == 0


def test_without_an_engine_ways_are_reckoned_and_typed_ones_go_before(
    library: Institution, circulation: User, stops: list[Stop]
) -> None:
    set_time(office=library, actor=circulation, origin=stops[0], target=stops[1], minutes=33, kilometres=12)
    set_time(office=library, actor=circulation, origin=None, target=stops[2], minutes=50, both=True)
    drives = drives_between(library, [HOME], stops)
    assert (drives.table[1][2].minutes, drives.table[1][2].kilometres) == (33, 12)
    assert drives.table[2][1].minutes != 33, "only one direction was typed"
    assert drives.table[0][3].minutes == drives.table[3][0].minutes == 50
    assert (drives.typed, drives.road, drives.reckoned, drives.engine_down) == (3, 0, 9, False)


def test_an_engine_is_asked_once_and_again_when_a_stop_has_moved(
    library: Institution, circulation: User, stops: list[Stop], roads: type[_Roads]
) -> None:
    set_time(office=library, actor=circulation, origin=stops[0], target=stops[1], minutes=33)
    drives = drives_between(library, [HOME], stops)
    assert (drives.typed, drives.road, drives.reckoned) == (1, 11, 0)
    assert (drives.table[0][1].minutes, drives.table[1][2].minutes) == (10, 33)
    assert drives_between(library, [HOME], stops).road == 11
    assert len(roads.asked) == 1, "the answer is kept"
    stops[2].save()
    assert drives_between(library, [HOME], stops).road == 11
    assert len(roads.asked) == 2
    assert TravelTime.objects.filter(office=library).count() == 12


def test_an_engine_is_asked_again_when_the_depot_may_have_moved(
    library: Institution, stops: list[Stop], roads: type[_Roads]
) -> None:
    van = VehicleFactory(office=library)
    drives_between(library, [HOME], stops)
    for row in (library, van):
        row.save()
        asked = len(roads.asked)
        assert drives_between(library, [HOME], stops).road == 12
        assert len(roads.asked) == asked + 1
        assert TravelTime.objects.filter(office=library).count() == 12
        assert drives_between(library, [HOME], stops).road == 12
        assert len(roads.asked) == asked + 1, "the answer is kept"


@pytest.mark.parametrize("mood", ["elsewhere", "nonsense"])
def test_an_engine_that_fails_is_said_and_ways_are_reckoned(
    mood: str, library: Institution, stops: list[Stop], roads: type[_Roads]
) -> None:
    roads.mood = mood
    drives = drives_between(library, [HOME], stops)
    assert (drives.road, drives.reckoned, drives.engine_down) == (0, 12, True)
    assert len(roads.asked) == 1, "it is not led anywhere else, and not asked for ever"
    assert not TravelTime.objects.exists()


def test_where_no_road_leads_the_way_is_reckoned(
    library: Institution, stops: list[Stop], roads: type[_Roads]
) -> None:
    roads.mood = "roadless"
    drives = drives_between(library, [HOME], stops)
    assert (drives.road, drives.reckoned, drives.engine_down) == (11, 1, False)


def test_times_are_pasted_all_or_none_and_taken_out_again(
    library: Institution, circulation: User, stops: list[Stop]
) -> None:
    text = "Dari\tKe\tMenit\tkm\nBalai A\tBalai B\t12,5\t6,2\nDepot\tbalai c\t40\n"
    assert paste_times(office=library, actor=circulation, text=text, both=True) == 4
    row = TravelTime.objects.get(origin=stops[1], target=stops[0])
    assert (float(row.minutes), float(row.kilometres or 0), row.is_typed) == (12.5, 6.2, True)
    with pytest.raises(InvalidInput) as wrong:
        paste_times(office=library, actor=circulation, text="Balai A;Balai Z;5\nBalai A;Balai C;lama")
    assert wrong.value.code == "bad_lines"
    assert [line["line"] for line in wrong.value.facts["lines"]] == [1, 2]
    assert TravelTime.objects.count() == 4
    remove_time(travel_time=row, actor=circulation)
    assert TravelTime.objects.count() == 3


def test_only_the_desk_types_times(library: Institution, crew: User, stops: list[Stop]) -> None:
    with pytest.raises(NotPermitted):
        set_time(office=library, actor=crew, origin=stops[0], target=stops[1], minutes=5)
