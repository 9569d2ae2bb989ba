"""The wire between a crew's phone and the house: signing in, the pack, sending, files, being taken out of use (M5)."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.models import Institution, User
from loans.models import Consignment, LoanLine
from mobile_service.models import Device, Duty, Trip, TripFile
from mobile_service.portal.van_api import COOKIE
from mobile_service.services.devices import invite_again, invite_device, revoke_device
from mobile_service.services.fleet import retire_crew_member
from mobile_service.services.odometer import doubt_about_odometer
from mobile_service.services.packing_trip import VERSION
from tests.factories import CrewMemberFactory, TripFactory, VehicleFactory, VisitFactory
from tests.mobile_service.road import Road, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    return Road(library, school_library, circulation, account=crew)


def refusal(act: Any, **given: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        act(**given)
    return refused.value


@pytest.fixture
def phone(road: Road) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.cookies[COOKIE] = road.phone.key
    return client


def send(client: Client, *entries: Any, version: Any = VERSION, **headers: str) -> Any:
    body = {"version": version, "sent_at": clock.now().isoformat(), "from": 1, "entries": entries}
    return client.post("/portal/van/kirim/", json.dumps(body), "application/json", headers=headers)


class TestSignIn:
    def test_a_code_signs_one_phone_in_once(self, road: Road, circulation: User) -> None:
        device, code = invite_device(member=road.member, name="HP baru", actor=circulation)
        assert code not in str(Device.objects.filter(pk=device.pk).values()), "only digests are kept"
        client, address = Client(), f"/portal/van/masuk/{code}/"
        shown = client.get(address)
        assert shown.status_code == 200 and "HP baru" in shown.content.decode()
        assert shown.content.count(b"<h1") == 1
        assert shown["Referrer-Policy"] == "same-origin", (
            "a stricter one would send the form without its origin"
        )
        assert Device.objects.get(pk=device.pk).enrolled_at is None, "looking signs nobody in"
        done = client.post(address)
        assert (done.status_code, done["Location"]) == (302, "/portal/van/")
        cookie = done.cookies[COOKIE]
        assert (cookie["path"], cookie["samesite"], bool(cookie["httponly"])) == (
            "/portal/van/",
            "Strict",
            True,
        )
        assert client.get("/portal/van/paket/").status_code == 200
        assert Client().post(address).status_code == 409
        assert Client().get(address).status_code == 404
        assert client.get("/portal/van/paket/").json()["device"]["name"] == "HP baru"

    def test_secure_where_the_line_is(self, road: Road, circulation: User) -> None:
        _device, code = invite_device(member=road.member, name="HP", actor=circulation)
        done = Client().post(f"/portal/van/masuk/{code}/", secure=True)
        assert done.cookies[COOKIE]["secure"]

    def test_good_for_an_hour(self, road: Road, circulation: User) -> None:
        device, code = invite_device(member=road.member, name="HP", actor=circulation)
        with clock.pretend(clock.now() + timedelta(minutes=61)):
            assert Client().post(f"/portal/van/masuk/{code}/").status_code == 409
        _device, newer = invite_again(device=device, actor=circulation)
        assert Client().post(f"/portal/van/masuk/{code}/").status_code == 409
        assert Client().post(f"/portal/van/masuk/{newer}/").status_code == 302

    def test_only_the_desk_gives_phones_out(self, road: Road, everybody: Any) -> None:
        for name in ("crew", "head", "school", "perpusnas"):
            given = {"member": road.member, "name": "HP", "actor": everybody[name]}
            assert refusal(invite_device, **given).code == "role_missing"
            given = {"device": road.phone.device, "actor": everybody[name]}
            assert refusal(revoke_device, **given).code == "role_missing"
        assert refusal(invite_device, member=road.member, name=" ", actor=everybody["officer"]).code == "name"

    def test_taken_out_of_use_the_next_call_wipes(self, road: Road, phone: Client, circulation: User) -> None:
        assert phone.get("/portal/van/keadaan/").json()["revoked"] is False
        revoke_device(device=road.phone.device, actor=circulation)
        for answer in (phone.get("/portal/van/paket/"), send(phone, road.phone.write("start"))):
            assert answer.status_code == 401
            assert answer.json()["revoked"] is True
            assert "visits" not in answer.content.decode()
        assert not road.trip.entries.exists()

    def test_what_no_phone_of_ours_writes_holds_up_nobody(self, road: Road, phone: Client) -> None:
        write, visit = road.phone.write, road.visit
        half = write("note", visit, text="Jalan \ud83d licin")
        whens = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1970-01-01T00:05:00+07:00")
        entries = [half, *(write("arrive", visit) | {"at": at} for at in whens), write("arrive", visit)]
        entries.append(write("count", visit, kind="\ud800", delta=1) | {"id": "\udfff"})
        for sent_at in (None, "9999-12-31T23:00:00Z", "0001-01-01T00:00:00Z"):
            body = {"version": VERSION, "sent_at": sent_at, "entries": entries}
            answer = phone.post("/portal/van/kirim/", json.dumps(body), "application/json")
            assert answer.status_code == 200
            told = [row["outcome"] for row in answer.json()["entries"]]
            assert told == ["applied", "refused", "refused", "applied", "applied", "refused"]
        assert road.trip.entries.get(kind="note").data == {"text": "Jalan  licin"}
        on = {row.at.astimezone(ZoneInfo(road.trip.office.zone)).date() for row in road.trip.entries.all()}
        assert on <= {road.trip.on, road.trip.on - timedelta(days=1)}
        for version in ([], {}, "²", "9" * 5000):
            answer = phone.post(
                "/portal/van/kirim/", json.dumps({"version": version, "entries": []}), "application/json"
            )
            assert answer.status_code == 409
            file = {"version": str(version), "file": picture(), "purpose": "photograph"}
            assert phone.post(f"/portal/van/berkas/{uuid4()}/", file).status_code == 409
        deep = '{"version": 1, "entries": ' + "[" * 100_000 + "]" * 100_000 + "}"
        assert phone.post("/portal/van/kirim/", deep, "application/json").status_code == 400

    def test_the_phones_of_somebody_who_left_the_crew_wipe(
        self, road: Road, phone: Client, circulation: User
    ) -> None:
        Duty.objects.filter(trip=road.trip).delete()
        waiting, code = invite_device(member=road.member, name="HP baru", actor=circulation)
        desk = Client()
        desk.force_login(circulation)
        question = desk.get(reverse("work:crew_member_retire", args=[road.member.pk])).content.decode()
        assert "menghapus isinya" in question
        retire_crew_member(member=road.member, actor=circulation)
        for answer in (phone.get("/portal/van/paket/"), send(phone, road.phone.write("start"))):
            assert (answer.status_code, answer.json()["code"]) == (401, "revoked")
        assert not road.trip.entries.exists()
        assert Client().post(f"/portal/van/masuk/{code}/").status_code == 409
        assert not Device.objects.filter(member=road.member, revoked_at__isnull=True).exists()
        # One that was given out before phones went with their member wipes as well.
        Device.objects.filter(member=road.member).update(revoked_at=None)
        assert phone.get("/portal/van/keadaan/").json()["revoked"] is True
        assert refusal(invite_again, device=waiting, actor=circulation).code == "not_on_duty"

    def test_a_phone_that_is_not_signed_in_keeps_everything(self) -> None:
        for client in (Client(), Client()):
            client.cookies[COOKIE] = "x"
            answer = client.get("/portal/van/paket/")
            assert answer.status_code == 401 and "revoked" not in answer.json()


def first_visit(phone: Client) -> dict[str, Any]:
    found: dict[str, Any] = phone.get("/portal/van/paket/").json()["trips"][0]["visits"][0]
    return found


class TestPack:
    def test_a_phone_of_now_knows_what_others_have_taken_back(
        self, road: Road, phone: Client, dispatched: Consignment
    ) -> None:
        codes = [row["barcode"] for row in first_visit(phone)["due_back"]]
        for barcode in (*codes[:2], "TIDAK-ADA"):
            road.phone.tell("take_back", road.visit, barcode=barcode)
        road.second.tell("take_back", road.visit, barcode=codes[1])
        assert (first_visit(phone)["taken_back"], len(first_visit(phone)["due_back"])) == (2, 3)

    def test_what_it_says(self, road: Road, phone: Client, dispatched: Consignment) -> None:
        Duty.objects.create(trip=road.trip, member=road.member, on=road.trip.on)
        road.trip.leaves_at = "07:30"
        road.trip.save()
        pack = phone.get("/portal/van/paket/").json()
        [trip] = pack["trips"]
        assert (pack["version"], trip["id"], trip["crew"]) == (VERSION, str(road.trip.pk), ["Tini"])
        assert trip["leaves_at"].endswith("T07:30:00+07:00")
        assert trip["vehicle"]["own_books"] == 600
        first, second = trip["visits"]
        assert first["contact"] == {"name": "Bu Yus", "phone": "0812 1"}
        assert first["begins_at"].endswith("T09:00:00+07:00")
        assert len(first["due_back"]) == 5 and first["due_back"][0]["barcode"]
        assert (second["partner"], second["due_back"], second["consignment"]) == (None, [], None)
        assert trip["fetch"] == [
            {"visit": first["id"], "partner": str(road.visit.stop.partner.name), "books": 5}
        ]
        road.load(dispatched)
        brought = phone.get("/portal/van/paket/").json()["trips"][0]
        assert brought["fetch"] == [], "what this trip has brought is not what it fetches"

    def test_names_and_numbers_are_told_on_the_day_alone(self, road: Road, phone: Client) -> None:
        """Who packs the evening before carries the stops; who drives, and whom one asks for there, comes with the pack of the day."""
        Duty.objects.create(
            trip=road.trip, member=CrewMemberFactory(office=road.trip.office, name="Deri"), on=road.trip.on
        )
        Duty.objects.create(trip=road.trip, member=road.member, on=road.trip.on)
        day_before, day, day_after = (clock.now() + clock.days(number) for number in (-1, 0, 1))
        Trip.objects.update(status="under_way")
        for now, told in ((day_before, False), (day, True), (day_after, False)):
            with clock.pretend(now):
                pack = phone.get("/portal/van/paket/")
            [trip] = pack.json()["trips"]
            assert [visit["name"] for visit in trip["visits"]] == [
                road.visit.stop.name,
                road.village.stop.name,
            ]
            for personal in ("Bu Yus", "0812 1", "Deri"):
                assert (personal in pack.content.decode()) is told

    def test_the_highest_number_that_was_heard(self, road: Road, phone: Client) -> None:
        """A browser that has cleared its store counts on from there; the second phone has numbers of its own."""

        def counter() -> int:
            told: int = phone.get("/portal/van/paket/").json()["device"]["counter"]
            return told

        assert counter() == 0
        first, *_lost, third = (road.phone.write("note", road.visit, text="Ada") for _number in range(3))
        road.second.tell("note", road.visit, text="Ada juga")
        road.phone.send(first)
        assert counter() == 1
        road.phone.send(third)
        assert counter() == 3
        road.phone.send(road.phone.write("note", road.visit, text="Lagi"), first=9)
        assert counter() == 8, "what it does not hold any more was told before"

    def test_what_the_odometer_showed_last(self, road: Road, phone: Client) -> None:
        """The page asks when a figure is far from it; a page of before knows nothing of it, and sends what it sent."""
        assert phone.get("/portal/van/paket/").json()["trips"][0]["odometer_last"] is None
        days = [(-9, 42_000, 42_050), (-3, 42_970, 43_004), (-1, None, None), (2, 50_000, 50_050)]
        for ahead, start, end in days:
            on = road.trip.on + timedelta(days=ahead)
            TripFactory(vehicle=road.trip.vehicle, on=on, odometer_start=start, odometer_end=end)
        TripFactory(
            vehicle=VehicleFactory(office=road.trip.office),
            on=road.trip.on - timedelta(days=1),
            odometer_end=9,
        )
        assert phone.get("/portal/van/paket/").json()["trips"][0]["odometer_last"] == 43_004
        send(phone, road.phone.write("start", odometer=100))
        road.trip.refresh_from_db()
        assert (road.trip.status, road.trip.odometer_start) == ("under_way", 100)
        assert "43.004" in doubt_about_odometer(road.trip)

    @pytest.mark.parametrize(
        ("start", "end", "doubtful"),
        [
            (None, None, False),
            (43_004, None, False),
            (43_100, 43_140, False),
            (43_003, None, True),
            (44_100, None, True),
            (43_010, 44_011, True),
        ],
    )
    def test_the_desk_is_told_of_kilometres_that_cannot_be(
        self, road: Road, circulation: User, start: int | None, end: int | None, doubtful: bool
    ) -> None:
        TripFactory(
            vehicle=road.trip.vehicle,
            on=road.trip.on - timedelta(days=3),
            odometer_start=1,
            odometer_end=43_004,
        )
        road.trip.odometer_start, road.trip.odometer_end = start, end
        road.trip.save()
        desk = Client()
        desk.force_login(circulation)
        page = desk.get(reverse("work:van_trip", args=[road.trip.pk]))
        assert bool(page.context["odometer_doubt"]) is doubtful
        assert page.context["odometer_doubt"] in page.content.decode()

    def test_what_rides_along(self, road: Road, phone: Client, picking: Consignment) -> None:
        road.load(picking)
        trip = phone.get("/portal/van/paket/").json()["trips"][0]
        assert trip["bring"] == [
            {
                "consignment": str(picking.pk),
                "code": picking.code,
                "partner": picking.partner.name,
                "visit": str(road.visit.pk),
                "boxes": 1,
                "books": 5,
                "packed": 0,
            }
        ]
        carried = trip["visits"][0]["consignment"]
        assert (carried["status"], len(carried["lines"])) == ("picking", 5)
        LoanLine.objects.filter(pk__in=picking.lines.values("pk")[:3]).update(status="picked")
        assert phone.get("/portal/van/paket/").json()["trips"][0]["bring"][0]["packed"] == 3

    def test_only_of_its_own_trips(self, road: Road, phone: Client) -> None:
        somebody = CrewMemberFactory(office=road.member.office)
        Duty.objects.create(trip=road.trip, member=somebody, on=road.trip.on)
        assert phone.get("/portal/van/paket/").json()["trips"] == []
        Duty.objects.update(member=road.member)
        assert len(phone.get("/portal/van/paket/").json()["trips"]) == 1
        with clock.pretend(clock.now() + timedelta(days=2)):
            assert phone.get("/portal/van/paket/").json()["trips"] == []

    def test_as_many_statements_for_many_stops(
        self, road: Road, phone: Client, dispatched: Consignment
    ) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as caught:
                assert phone.get("/portal/van/paket/").status_code == 200
            return len(caught)

        few = asked()
        for hour in (13, 15, 17):
            VisitFactory(trip=road.trip, stop__office=road.trip.office, hour=hour)
        assert asked() == few <= 16


class TestSending:
    def test_answers_each(self, road: Road, phone: Client) -> None:
        answer = send(phone, road.phone.write("start", odometer=12), {"id": "x"}).json()
        assert [row["outcome"] for row in answer["entries"]] == ["applied", "refused"]
        assert (answer["to_decide"], answer["revoked"], answer["version"]) == (0, False, VERSION)
        assert send(phone, road.phone.write("arrive")).json()["to_decide"] == 1
        assert phone.get("/portal/van/keadaan/").json()["to_decide"] == 1

    def test_a_page_of_the_version_before_still_works(self, road: Road, phone: Client) -> None:
        old = send(phone, road.phone.write("start"), version=VERSION - 1)
        assert old.status_code == 200 and old.json()["entries"][0]["outcome"] == "applied"
        for version in (VERSION + 1, VERSION - 2, "1", None, True):
            refused = send(phone, road.phone.write("finish"), version=version)
            assert refused.status_code == 409 and refused.json()["sentence"]
        assert road.trip.entries.count() == 1

    def test_another_site_cannot_make_it_send(self, road: Road, phone: Client) -> None:
        """Django's own token is not asked for (a stored page has none), so this is what stands in its place."""
        entry = road.phone.write("start")
        for header in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.test"},
        ):
            assert send(phone, entry, **header).status_code == 403
        assert not road.trip.entries.exists()
        assert send(phone, entry, **{"Sec-Fetch-Site": "same-origin"}).status_code == 200
        assert send(phone, entry, Origin="http://testserver").status_code == 200

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"version": 1, "entries": {}}'])
    def test_rubbish(self, phone: Client, body: bytes) -> None:
        assert phone.post("/portal/van/kirim/", body, "application/json").status_code == 400


def test_files_are_kept_once(road: Road, phone: Client, perpusnas: User) -> None:
    key = uuid4()

    def put(**more: Any) -> Any:
        form = {
            "version": str(VERSION),
            "trip": str(road.trip.pk),
            "visit": str(road.visit.pk),
            "purpose": "school_signature",
            "file": picture(),
        }
        return phone.post(f"/portal/van/berkas/{key}/", form | more)

    assert put(purpose="x").status_code == 422
    assert put(trip=str(uuid4())).status_code == 422
    assert put(version="7").status_code == 409
    assert put().json()["id"] == str(key)
    assert put().status_code == 200
    row = TripFile.objects.get()
    assert (row.purpose, row.visit, row.file.counterpart) == (
        "school_signature",
        road.visit,
        road.visit.stop.partner,
    )
