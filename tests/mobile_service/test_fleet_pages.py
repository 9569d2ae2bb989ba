"""The desk's pages about vehicles, crew and stops (M1)."""

from datetime import date, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from libraries.models import Institution, User
from mobile_service.models import CrewMember, Outage, Stop, StopSheet, Vehicle
from mobile_service.services.fleet import hours_of
from mobile_service.services.stops import windows_of
from tests.factories import AgreementFactory, StopFactory, VehicleFactory

pytestmark = pytest.mark.django_db

PUSLING = "/admin/kerja/pusling"


@pytest.fixture
def desk(signed_in: Any, circulation: User) -> Client:
    client: Client = signed_in(circulation)
    client.cookies["bahasa"] = "en"
    return client


def test_a_vehicle_from_the_form_to_the_workshop(desk: Client, library: Institution) -> None:
    form = {
        "name": "Pusling 1",
        "boxes": 12,
        "own_books": 0,
        "rest_minutes": 45,
        "day_0": "7.30-15",
        "day_4": "07.30–11.30",
    }
    wrong = desk.post(f"{PUSLING}/kendaraan/baru/", form | {"day_1": "8-10, 12-14", "point": "somewhere"})
    assert wrong.status_code == 422 and not Vehicle.objects.exists()
    assert {"day_1", "point"} == set(wrong.context["form"].errors)
    # The example of what can be read is itself read: a vehicle has one span a day.
    unread = desk.post(f"{PUSLING}/kendaraan/baru/", form | {"day_1": "0800-1400"})
    example = unread.context["form"].errors["day_1"][0].rpartition(": ")[2]
    assert (
        desk.post(f"{PUSLING}/kendaraan/baru/", form | {"name": "Lain", "day_1": example}).status_code == 302
    )
    Vehicle.objects.filter(name="Lain").delete()
    made = desk.post(f"{PUSLING}/kendaraan/baru/", form | {"point": "-0,305; 100,37"})
    van = Vehicle.objects.get()
    assert made.headers["Location"] == f"{PUSLING}/kendaraan/{van.pk}/"
    assert hours_of(van) == {0: (time(7, 30), time(15)), 4: (time(7, 30), time(11, 30))}
    assert (float(van.latitude or 0), float(van.longitude or 0)) == (-0.305, 100.37)

    desk.post(
        f"{PUSLING}/kendaraan/{van.pk}/tidak-jalan/",
        {"starts_on": "2030-01-01", "ends_on": "02/01/2030", "reason": "Servis"},
    )
    outage = Outage.objects.get()
    assert b"Servis" in desk.get(f"{PUSLING}/kendaraan/{van.pk}/").content
    desk.post(f"{PUSLING}/tidak-jalan/{outage.pk}/")
    assert not Outage.objects.exists()
    # What the form of the first was opened with, is old now.
    stale = desk.post(f"{PUSLING}/kendaraan/{van.pk}/ubah/", form | {"version": 1})
    assert stale.status_code == 409
    desk.post(f"{PUSLING}/kendaraan/{van.pk}/pakai/")
    van.refresh_from_db()
    assert not van.is_active


def test_somebody_joins_and_leaves_the_crew(
    desk: Client, library: Institution, crew: User, school: User
) -> None:
    van = VehicleFactory(office=library)
    form = {"name": "Hendra", "function": "driver", "user": crew.pk, "vehicle": van.pk}
    assert desk.post(f"{PUSLING}/awak/baru/", form | {"user": school.pk}).status_code == 422
    refused = desk.post(f"{PUSLING}/awak/baru/", form | {"phone": "123"})
    assert refused.status_code == 422 and "8 to 15 digits" in refused.content.decode()
    desk.post(f"{PUSLING}/awak/baru/", form)
    member = CrewMember.objects.get()
    assert (member.user, member.vehicle) == (crew, van)
    assert b"Hendra" in desk.get(f"{PUSLING}/kendaraan/").content
    desk.post(f"{PUSLING}/awak/{member.pk}/tugas/")
    assert b"Hendra" not in desk.get(f"{PUSLING}/kendaraan/").content
    assert b"Hendra" in desk.get(f"{PUSLING}/kendaraan/?bagian=semua").content


def test_a_place_that_looks_mistyped_is_asked_about_before_it_is_published(
    desk: Client, library: Institution
) -> None:
    VehicleFactory(office=library)
    form = {"kind": "village", "name": "Balai", "minutes": 60, "every_weeks": 2, "is_public": "on"}
    asked = desk.post(f"{PUSLING}/titik/baru/", form | {"point": "51.5, -0.12"})
    assert (asked.status_code, list(asked.context["form"].errors)) == (409, ["point"])
    assert not Stop.objects.exists()
    assert 'type="checkbox" name="despite"' in asked.content.decode()
    assert (
        desk.post(f"{PUSLING}/titik/baru/", form | {"point": "51.5, -0.12", "despite": "on"}).status_code
        == 302
    )
    stop = Stop.objects.get()
    # Who means it has said so: another change of the stop does not ask again, another such place does.
    edit, again = f"{PUSLING}/titik/{stop.pk}/ubah/", form | {"point": "51.5, -0.12", "version": 1}
    assert desk.post(edit, again | {"minutes": 75}).status_code == 302
    assert desk.post(edit, again | {"point": "-2.5, 100.37", "version": 2}).status_code == 409
    assert desk.post(edit, again | {"point": "-0.3, 100.37", "version": 2}).status_code == 302


def test_a_long_link_of_a_map_is_taken_whole(desk: Client, library: Institution) -> None:
    form = {"kind": "village", "name": "Balai", "minutes": 60, "every_weeks": 2}
    page = desk.get(f"{PUSLING}/titik/baru/").content.decode()
    (box,) = [part for part in page.split("<input")[1:] if 'name="point"' in part.split(">")[0]]
    assert "maxlength" not in box.split(">")[0]
    link = "https://www.google.com/maps/dir/" + "Jalan+Sudirman/" * 200
    refused = desk.post(f"{PUSLING}/titik/baru/", form | {"point": f"{link * 2}@-0.3071,100.3721,17z"})
    assert refused.status_code == 422
    assert "4000" in str(refused.context["form"].errors["point"]).replace(".", "")
    assert (
        desk.post(f"{PUSLING}/titik/baru/", form | {"point": f"{link}@-0.3071,100.3721,17z"}).status_code
        == 302
    )
    assert str(Stop.objects.get().latitude) == "-0.307100"


def test_hours_that_only_say_closed_are_not_open_at_any_time(desk: Client, library: Institution) -> None:
    form = {"kind": "village", "name": "Balai", "minutes": 60, "every_weeks": 2}
    refused = desk.post(f"{PUSLING}/titik/baru/", form | {"day_2": "tutup", "day_5": "-"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["day_2"])
    assert not Stop.objects.exists()
    assert desk.post(f"{PUSLING}/titik/baru/", form | {"day_2": "tutup", "day_3": "8-12"}).status_code == 302
    assert windows_of(Stop.objects.get()) == [(3, time(8), time(12))]


def test_a_stop_is_typed_with_a_pasted_link_and_warned_about(desk: Client, library: Institution) -> None:
    VehicleFactory(office=library, hours=[(0, time(8), time(12))])
    form = {
        "kind": "village", "name": "Balai Talang", "minutes": 60, "every_weeks": 2, "is_public": "on",
        "point": "https://www.google.com/maps/@-0.3071,100.3721,17z", "day_1": "8-10, 13-15", "closed_on": "24/12/2026; 2026-12-25",
    }  # fmt: skip
    assert desk.post(f"{PUSLING}/titik/baru/", form | {"kind": "school"}).status_code == 422
    desk.post(f"{PUSLING}/titik/baru/", form)
    stop = Stop.objects.get()
    assert (str(stop.latitude), str(stop.longitude)) == ("-0.307100", "100.372100")
    assert windows_of(stop) == [(1, time(8), time(10)), (1, time(13), time(15))]
    assert stop.closed_on == [date(2026, 12, 24), date(2026, 12, 25)]
    page = desk.get(f"{PUSLING}/titik/{stop.pk}/")
    assert [doubt.code for doubt in page.context["doubts"]] == ["no_day"]
    assert b"It cannot be served like this" in page.content
    assert [row.pk for row in desk.get(f"{PUSLING}/titik/?bagian=periksa").context["page_obj"]] == [stop.pk]
    # The form comes back as it was typed, and saving it unchanged changes nothing.
    edit = desk.get(f"{PUSLING}/titik/{stop.pk}/ubah/").context["form"]
    assert edit["day_1"].value() == "08.00–10.00, 13.00–15.00"
    again = {
        name: edit[name].value() or "" for name in edit.fields if edit[name].value() not in (None, False)
    }
    assert desk.post(f"{PUSLING}/titik/{stop.pk}/ubah/", again).status_code == 302
    stop.refresh_from_db()
    assert stop.version == 1


def test_the_list_is_searched_narrowed_mapped_and_taken_out(desk: Client, library: Institution) -> None:
    on_sundays = StopFactory(
        office=library, community="Talang", windows=[(6, time(8), time(12)), (5, time(8), time(12))]
    )
    anytime = StopFactory(office=library, is_public=False)
    StopFactory(office=library, windows=[(1, time(8), time(12))])
    lost = StopFactory(office=library, latitude=None, longitude=None, windows=[(1, time(8), time(9))])
    closed = StopFactory(office=library, is_active=False)
    StopFactory(name="Milik lain")

    def shown(query: str) -> set[str]:
        return {row.name for row in desk.get(f"{PUSLING}/titik/?{query}").context["page_obj"]}

    assert shown("hari=6") == {on_sundays.name, anytime.name}
    assert shown("q=talang") == {on_sundays.name}
    assert shown("bagian=tanpa-titik") == {lost.name}
    assert shown("bagian=tutup") == {closed.name}
    assert len(shown("")) == 4 and anytime.name not in shown("bagian=umum")
    points = desk.get(f"{PUSLING}/titik/peta.json?hari=6").json()["features"]
    assert {point["properties"]["name"] for point in points} == {on_sundays.name, anytime.name}
    sheet = desk.get(f"{PUSLING}/titik/?bentuk=csv&hari=6").content.decode("utf-8-sig")
    assert sheet.startswith("organisation,mobile,") and len(sheet.splitlines()) == 3
    assert "Milik lain" not in sheet


def test_stops_of_all_partner_schools_by_one_button(
    desk: Client, library: Institution, school_library: Institution
) -> None:
    AgreementFactory(office=library, partner=school_library, in_force=True)
    assert b"1 school" in desk.get(f"{PUSLING}/titik/dari-mitra/").content
    desk.post(f"{PUSLING}/titik/dari-mitra/", {"office": library.pk})
    assert Stop.objects.get().partner == school_library
    proposal = desk.get(f"{PUSLING}/titik/baru/?mitra={school_library.pk}").context["form"]
    assert proposal["name"].value() == school_library.name
    assert desk.get(f"{PUSLING}/titik/baru/?mitra=nonsense").status_code == 200


def test_a_list_is_looked_at_before_it_is_adopted(desk: Client, library: Institution) -> None:
    example = desk.get(f"{PUSLING}/titik/daftar/contoh.csv").content
    refused = desk.post(
        f"{PUSLING}/titik/daftar/", {"office": library.pk, "file": SimpleUploadedFile("x.csv", b"a,b\n1,2")}
    )
    assert refused.status_code == 422 and "file" in refused.context["form"].errors
    way = desk.post(
        f"{PUSLING}/titik/daftar/", {"office": library.pk, "file": SimpleUploadedFile("x.csv", example)}
    )
    sheet = StopSheet.objects.get()
    page = desk.get(way.headers["Location"])
    assert [line.outcome for line in page.context["page_obj"]] == ["new", "new"] and not Stop.objects.exists()
    assert desk.get(f"{way.headers['Location']}?bentuk=csv").status_code == 200
    desk.post(f"{PUSLING}/titik/daftar/{sheet.pk}/terima/")
    assert Stop.objects.count() == 2
    assert desk.get(way.headers["Location"]).status_code == 200


def test_the_crew_looks_and_changes_nothing(signed_in: Any, crew: User, library: Institution) -> None:
    client, van, stop = signed_in(crew), VehicleFactory(office=library), StopFactory(office=library)
    for path in ("kendaraan/", f"kendaraan/{van.pk}/", "titik/", f"titik/{stop.pk}/", "titik/daftar/"):
        page = client.get(f"{PUSLING}/{path}")
        assert page.status_code == 200
        for word in (b"/baru/", b"/ubah/", b"/tutup/", b"/pakai/"):
            assert word not in page.content
    for path in ("kendaraan/baru/", "titik/baru/", f"titik/{stop.pk}/ubah/", f"kendaraan/{van.pk}/ubah/"):
        assert client.get(f"{PUSLING}/{path}").status_code == 403


def test_the_crew_reads_who_adds_its_phone(
    signed_in: Any, crew: User, circulation: User, officer: User, head: User, library: Institution
) -> None:
    people = [circulation, officer, head]
    User.objects.bulk_update([User(pk=user.pk, name=f"Nama {n}") for n, user in enumerate(people)], ["name"])
    seen = signed_in(crew).get(f"{PUSLING}/perangkat/")
    assert seen.context["givers"] == ["Nama 0", "Nama 1"] and "Nama 0, Nama 1" in seen.content.decode()
    assert signed_in(circulation).get(f"{PUSLING}/perangkat/").context["givers"] == []


def test_a_school_sees_its_stop_and_puts_the_contact_right(
    signed_in: Any, school: User, other_school: User, library: Institution, school_library: Institution
) -> None:
    stop = StopFactory(
        office=library,
        school=True,
        partner=school_library,
        contact_name="Bu Ani",
        windows=[(0, time(8), time(10))],
    )
    client = signed_in(school)
    page = client.get("/portal/pusling/titik/").content.decode()
    assert "Bu Ani" in page and "08.00–10.00" in page
    said = {"contact_name": "Pak Eko", "contact_phone": "0812 3456 7890", "hint": "Gerbang timur"}
    assert client.post(f"/portal/pusling/titik/{stop.pk}/", said).status_code == 302
    stop.refresh_from_db()
    assert {name: getattr(stop, name) for name in said} == said
    assert signed_in(other_school).post(f"/portal/pusling/titik/{stop.pk}/", said).status_code == 404
    empty = signed_in(other_school).get("/portal/pusling/titik/")
    assert empty.status_code == 200 and 'class="empty"' in empty.content.decode()
