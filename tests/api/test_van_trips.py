"""Trips over the API: packed, told of by programs, what contradicts the present decided, phones given out and revoked (M5, M6)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from kerjasama.domain import clock
from libraries.models import Institution, User
from loans.models import Consignment
from mobile_service.models import Device, Entry, Tally, TripLoad
from mobile_service.services.devices import device_of
from mobile_service.services.scheduling import cancel_visit
from tests.api.conftest import Program
from tests.factories import TripFactory, VisitFactory
from tests.mobile_service.road import Road

pytestmark = pytest.mark.django_db


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    return Road(library, school_library, circulation, account=crew)


def entry(road: Road, kind: str, /, **data: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "kind": kind,
        "at": (clock.now() - timedelta(minutes=5)).isoformat(),
        "visit": str(road.visit.pk),
        "data": data,
    }


def test_a_phone_is_given_out_and_revoked(
    program: Program, road: Road, circulation: User, crew: User
) -> None:
    client = program(circulation)
    body = {"member": str(road.member.pk), "name": "HP cadangan"}
    assert program(crew).post("/api/v1/devices/", body).status_code == 403
    made = client.post("/api/v1/devices/", body)
    assert made.status_code == 201, made.json()
    first, own = made.json()["code"], made.json()["device"]["url"]
    assert made.json()["address"].endswith(f"/portal/van/masuk/{first}/") and made["Location"] == own
    assert made.json()["qr"].startswith("data:image/svg+xml")
    assert first not in client.get(own).content.decode(), "told once and never again"
    second = client.post(f"{own}invite/").json()["code"]
    phone = Client()
    assert phone.post(f"/portal/van/masuk/{first}/").status_code == 409
    assert phone.post(f"/portal/van/masuk/{second}/").status_code == 302
    assert client.get(own).json()["available_actions"] == ["revoke"]
    assert client.post(f"{own}invite/").json()["code"] == "invitation_used"
    assert client.post(f"{own}revoke/").json()["available_actions"] == []
    assert phone.get("/portal/van/paket/").json()["revoked"] is True
    in_use = client.get("/api/v1/devices/?in_use=true").json()["results"]
    assert [row["name"] for row in in_use] == ["HP Tini"]
    assert device_of(road.phone.key) == Device.objects.get(name="HP Tini")


def test_a_batch_is_told_once_however_often_it_is_sent(
    program: Program, road: Road, crew: User, head: User, perpusnas: User, dispatched: Consignment
) -> None:
    url = f"/api/v1/trips/{road.trip.pk}/entries/"
    line = dispatched.lines.select_related("copy").first()
    assert line is not None
    batch = {
        "entries": [
            entry(road, "arrive"),
            entry(road, "count", kind="pupils", delta=30),
            entry(road, "take_back", barcode=line.copy.barcode),
            entry(road, "count", kind="cats", delta=1),
        ]
    }
    client = program(crew)
    answers = client.post(url, batch).json()["entries"]
    assert [(row["outcome"], row["code"]) for row in answers] == [
        ("applied", ""), ("applied", ""), ("applied", "returned"), ("review", "bad_data"),
    ]  # fmt: skip
    assert answers[3]["sentence"]
    assert client.post(url, batch).json()["entries"] == answers
    line.refresh_from_db()
    assert line.status == "returned" and Tally.objects.get(visit=road.visit).visitor_count == 30
    rows = client.get(url).json()["results"]
    assert {row["client_id"] for row in rows} == {each["id"] for each in batch["entries"]}
    assert {row["kind"] for row in client.get("/api/v1/trip-entries/?outcome=review").json()["results"]} == {
        "count"
    }
    assert client.post(url, {"entries": [batch["entries"][0] | {"kind": "fly"}]}).status_code == 400
    assert client.post(url, {"entries": []}).status_code == 400
    assert program(head).post(url, batch).status_code == 403
    # Another library learns nothing by sending the same ids.
    theirs = Road(perpusnas.memberships.get().institution, road.visit.stop.partner, perpusnas)
    stolen = {"entries": [batch["entries"][0] | {"visit": str(theirs.visit.pk)}]}
    answer = program(perpusnas).post(f"/api/v1/trips/{theirs.trip.pk}/entries/", stolen)
    assert answer.json()["entries"][0]["outcome"] == "refused"
    assert program(perpusnas).get(url).status_code == 404


def test_what_waits_for_a_person_is_decided(program: Program, road: Road, officer: User, crew: User) -> None:
    cancel_visit(visit=road.visit, actor=officer, note="Hujan.")
    road.phone.send(
        road.phone.write("arrive", road.visit),
        road.phone.write("take_back", road.village, barcode="TIDAK-ADA"),
    )
    client = program(officer)
    listed = client.get(f"/api/v1/trip-entries/?outcome=review&trip={road.trip.pk}").json()["results"]
    arrive, book = sorted(listed, key=lambda row: row["kind"])
    assert (arrive["fix"], arrive["available_actions"]) == ("took_place", ["apply", "attach", "note"])
    assert arrive["sentence"] and arrive["device"]["display"] == "HP Tini"
    # In words it is the hour of the library's own clock, wherever the machine stands.
    Institution.objects.filter(pk=road.trip.office_id).update(zone="Asia/Jayapura")
    local = datetime.fromisoformat(arrive["at"]).astimezone(ZoneInfo("Asia/Jayapura"))
    assert client.get(arrive["url"]).json()["display"].endswith(f"{local:%Y-%m-%d %H:%M}")
    Institution.objects.filter(pk=road.trip.office_id).update(zone=road.trip.office.zone)
    assert book["available_actions"] == ["note"]
    assert program(crew).get(arrive["url"]).json()["available_actions"] == []
    assert program(crew).post(f"{arrive['url']}apply/").status_code == 403
    done = client.post(f"{arrive['url']}apply/").json()
    assert (done["outcome"], done["decision"]) == ("applied", "took_place")
    assert client.post(f"{arrive['url']}apply/").json()["code"] == "decided"
    assert client.post(f"{book['url']}note/", {}).status_code == 400
    assert client.post(f"{book['url']}note/", {"note": "Label rusak."}).json()["outcome"] == "settled"
    lost = Entry.objects.get(client_id=road.phone.send(road.phone.write("arrive"))[0].id)
    put = client.post(f"/api/v1/trip-entries/{lost.pk}/attach/", {"visit": str(road.village.pk)}).json()
    assert put["outcome"] == "applied" and put["visit"]["id"] == str(road.village.pk)


def test_the_van_is_packed(program: Program, road: Road, circulation: User, picking: Consignment) -> None:
    url, client = f"/api/v1/trips/{road.trip.pk}/", program(circulation)
    assert client.get(f"{url}loads/").json()["bring"] == []
    picking.period.starts_on = road.trip.on
    picking.period.save(update_fields=["starts_on"])
    for _twice in range(2):
        packed = client.post(f"{url}pack/").json()
        (brought,) = packed["bring"]
        assert (brought["consignment"]["display"], brought["books"]) == (picking.code, 5)
    assert packed == client.get(f"{url}loads/").json()
    assert (packed["boxes"], packed["room"], packed["is_too_full"]) == (1, 4, False) and packed["sentence"]
    order = {"consignment": str(picking.pk)}
    assert client.post(f"{url}unload/", order).json()["bring"] == []
    assert client.post(f"{url}unload/", order).json()["code"] == "not_on_board"
    elsewhere = VisitFactory(stop=road.visit.stop, trip=TripFactory(vehicle=road.trip.vehicle))
    foreign = {**order, "visit": str(elsewhere.pk)}
    assert client.post(f"{url}load/", foreign).json()["code"] == "not_of_this_trip"
    loaded = client.post(f"{url}load/", {**order, "visit": str(road.visit.pk)}).json()
    assert len(loaded["bring"]) == 1 and TripLoad.objects.get().visit == road.visit
