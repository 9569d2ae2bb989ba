"""The directory as pages: nobody is shown who has not agreed, wherever one looks; lists cost the same however long."""

import csv
import io
import json
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement
from libraries.models import Institution, Opening, Person, Region, Sheet, User
from libraries.searching import find_institutions
from libraries.services.sheets import run_waiting_sheets
from loans.models import Consignment
from tests.documents.reading import flat, text_of
from tests.factories import ContactFactory, InstitutionFactory, ListedFactory
from tests.libraries.lists import HEADS, as_csv, school_row
from tests.support.ledger import Ledger

pytestmark = pytest.mark.django_db

SECRET = "Rahasia Belum Setuju"
AGREED = "Ratna Sudah Setuju"


@pytest.fixture(autouse=True)
def _no_brake() -> None:
    cache.clear()


@pytest.fixture
def listed(regions: dict[str, Region]) -> Institution:
    """A listed school with hours, a place, a contact who agreed and one who did not."""
    row = ListedFactory(
        school=True, name="SD Negeri 07 Talang", slug="sdn-07-talang", city="Payakumbuh", region=regions["13.76.01.1007"],
        services=["lending", "reading"], npsn="99000007",
    )  # fmt: skip
    Opening.objects.create(institution=row, weekday=0, opens=time(8), closes=time(12))
    ContactFactory(institution=row, name=SECRET, phone="0812 7777 7777", email="rahasia@contoh.test")
    ContactFactory(institution=row, name=AGREED, agreed=True)
    return row


# --- for everybody ----------------------------------------------------------------------------------------------------


def test_nobody_is_shown_without_consent(listed: Institution, client: Client) -> None:
    entry = client.get(reverse("directory_entry", args=[listed.slug])).content.decode()
    sheet = b"".join(client.get(reverse("directory"), {"bentuk": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    paper = text_of(client.get(reverse("directory_paper")).content)
    listing = client.get(reverse("directory")).content.decode()
    points = client.get(reverse("directory_points")).content.decode()
    for text in (entry, sheet, paper, listing, points):
        assert flat(listed.name) in flat(text)
        for word in (SECRET, "0812 7777", "rahasia@"):
            assert flat(word) not in flat(text)
    for text in (entry, sheet, paper):
        assert flat(AGREED) in flat(text)
    assert AGREED not in listing and AGREED not in points


def test_who_is_not_listed_is_not_there(listed: Institution, client: Client) -> None:
    hidden = InstitutionFactory(name="Perpustakaan Tersembunyi", slug="tersembunyi")
    closed = ListedFactory(name="Perpustakaan Bubar", slug="bubar", is_active=False)
    child = ListedFactory(name="Perpustakaan Cabang", slug="cabang", parent=hidden)
    for page in (
        client.get(reverse("directory")),
        client.get(reverse("directory_points")),
        client.get(reverse("directory_entry", args=[child.slug])),
    ):
        assert "Tersembunyi" not in page.content.decode() and "Bubar" not in page.content.decode()
    for row in (hidden, closed):
        assert client.get(reverse("directory_entry", args=[row.slug])).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "sdn 07"},
        {"q": "negri talangg"},
        {"q": "99000007"},
        {"q": "payakumbuh talang"},
        {"jenis": "school"},
        {"kota": "payakumbuh"},
        {"wilayah": "13.76"},
        {"layanan": "lending"},
        {"jenis": "tidak-ada"},
    ],
)
def test_it_is_found_by_what_one_remembers(
    asked: dict[str, str], listed: Institution, client: Client
) -> None:
    assert listed.name in client.get(reverse("directory"), asked).content.decode()


@pytest.mark.parametrize(
    "asked",
    [{"q": "perpustakaan kota surabaya"}, {"jenis": "city"}, {"wilayah": "14"}, {"layanan": "mobile"}],
)
def test_and_not_by_something_else(asked: dict[str, str], listed: Institution, client: Client) -> None:
    page = client.get(reverse("directory"), asked).content.decode()
    assert listed.name not in page and "empty" in page


def test_an_entry_says_where_when_and_what(listed: Institution, client: Client) -> None:
    client.cookies["bahasa"] = "en"
    page = client.get(reverse("directory_entry", args=[listed.slug])).content.decode()
    for word in ("Monday", "08:00–12:00", "Lending to members", "Talang", 'data-lat="-0.', 'data-lon="100.'):
        assert word in page, word
    points = json.loads(client.get(reverse("directory_points")).content)
    (feature,) = points["features"]
    assert feature["geometry"]["coordinates"][0] > 100 > feature["geometry"]["coordinates"][1]
    assert feature["properties"]["url"] == reverse("directory_entry", args=[listed.slug])


def test_a_spreadsheet_holds_no_formula(client: Client) -> None:
    ListedFactory(name="=HYPERLINK(1)", phone="+62 812")
    text = b"".join(client.get(reverse("directory"), {"bentuk": "csv"}).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    row = list(csv.reader(io.StringIO(text), delimiter=";"))[1]
    assert row[0] == "'=HYPERLINK(1)" and row[8] == "'+62 812"


def test_whoever_takes_all_papers_at_once_is_told_to_wait(
    listed: Institution, client: Client, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-23T03:42:00+00:00", tick=False)  # one window, from its first second
    answers = [client.get(reverse("directory"), {"bentuk": "csv"}).status_code for _time in range(11)]
    assert answers == [200] * 10 + [429]
    assert client.get(reverse("directory")).status_code == 200
    # Who goes on asking does not wait longer for it: the window ends when it ends.
    time_machine.move_to("2026-11-23T03:42:59+00:00", tick=False)
    assert client.get(reverse("directory"), {"bentuk": "csv"}).status_code == 429
    time_machine.move_to("2026-11-23T03:43:00+00:00", tick=False)
    assert client.get(reverse("directory"), {"bentuk": "csv"}).status_code == 200


def test_tiles_are_asked_for_only_where_the_installation_names_them(
    listed: Institution, client: Client, settings: Any
) -> None:
    assert 'data-tiles=""' in client.get(reverse("directory")).content.decode()
    settings.TILE_URL = "https://tiles.contoh.test/{z}/{x}/{y}.png"
    assert 'data-tiles="https://tiles.contoh.test' in client.get(reverse("directory")).content.decode()


# --- at the desk --------------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_agreement_and_by_what_is_missing(
    office: Client, agreement: Agreement, listed: Institution, school_library: Institution
) -> None:
    def names(**asked: str) -> str:
        return office.get(reverse("work:directory"), asked).content.decode()

    assert school_library.name in names() and listed.name in names()
    assert school_library.name in names(kerja="ya") and listed.name not in names(kerja="ya")
    assert school_library.name not in names(kerja="tidak") and listed.name in names(kerja="tidak")
    for lack in ("peta", "jam", "wilayah"):
        assert school_library.name in names(kurang=lack) and listed.name not in names(kurang=lack), lack
    assert listed.name in names(tampil="publik") and school_library.name not in names(tampil="publik")
    assert names(kurang="'; drop") and names(q="\x00")


def test_the_desk_gives_out_no_contact_without_consent_either(office: Client, listed: Institution) -> None:
    sheet = office.get(reverse("work:directory"), {"bentuk": "csv"}).content.decode()
    paper = text_of(office.get(reverse("work:directory_paper")).content)
    assert AGREED in sheet and SECRET not in sheet
    assert flat(AGREED) in paper and flat(SECRET) not in paper


def test_one_page_shows_everything_about_a_partner(office: Client, dispatched: Consignment) -> None:
    partner = dispatched.partner
    ContactFactory(institution=partner, name=SECRET)
    page = office.get(reverse("work:partner", args=[partner.pk])).content.decode()
    agreement = dispatched.period.programme.agreement
    for word in (
        agreement.title,
        dispatched.code,
        SECRET,
        partner.npsn,
        reverse("work:contact_new", args=[partner.pk]),
    ):
        assert word in page, word


def test_contacts_are_kept_step_by_step(office: Client, school_library: Institution) -> None:
    typed = {
        "name": "Dewi Murni",
        "function": "class_parent",
        "phone": "0812 1",
        "consent_on": "",
        "consent_how": "",
    }
    made = office.post(reverse("work:contact_new", args=[school_library.pk]), typed)
    assert made.status_code == 302
    person = Person.objects.get(name="Dewi Murni")
    shown = office.post(reverse("work:contact_edit", args=[person.pk]), typed | {"show_publicly": "on"})
    assert shown.status_code == 422 and "consent_on" in shown.content.decode()
    agreed = typed | {"consent_on": "2026-01-05", "consent_how": "form", "show_publicly": "on"}
    assert office.post(reverse("work:contact_edit", args=[person.pk]), agreed).status_code == 302
    person.refresh_from_db()
    assert person.show_publicly and person.consent_noted_by
    assert office.post(reverse("work:contact_withdraw", args=[person.pk])).status_code == 302
    data = office.get(reverse("work:contact_data", args=[person.pk]), {"bentuk": "json"})
    assert data["Content-Disposition"].endswith('dewi-murni.json"') and "Dewi Murni" in data.content.decode()
    assert "Dewi Murni" in office.get(reverse("work:contact_data", args=[person.pk])).content.decode()
    wrong = office.post(reverse("work:contact_erase", args=[person.pk]), {"name": "Orang Lain"})
    assert wrong.status_code == 422
    gone = office.post(reverse("work:contact_erase", args=[person.pk]), {"name": "dewi  murni"})
    assert gone["Location"] == reverse("work:partner", args=[school_library.pk])
    assert office.get(reverse("work:contact", args=[person.pk])).status_code == 404


def test_hours_are_set_on_one_page(office: Client, school_library: Institution) -> None:
    address = reverse("work:partner_hours", args=[school_library.pk])
    wrong = office.post(address, {"day_0": "pagi", "day_1": "08.00-12.00"})
    assert wrong.status_code == 422 and 'value="08.00-12.00"' in wrong.content.decode(), (
        "nothing typed is lost"
    )
    closed = office.post(address, {"day_6": "08.00-12.00"})
    assert closed.status_code == 422
    assert office.post(address, {"day_0": "08.00-12.00, 13.00-16.00"}).status_code == 302
    assert len(school_library.openings.week()[0]) == 2  # type: ignore[attr-defined]
    assert "08.00–12.00, 13.00–16.00" in office.get(address).content.decode()


def test_a_school_list_goes_all_its_way_by_hand(office: Client, regions: dict[str, Region]) -> None:
    wrong = office.post(reverse("work:sheets"), {"file": as_csv([["satu"]]), "office": office_of(office)})
    assert wrong.status_code == 422
    rows = [HEADS, school_row(1), school_row(2, npsn="salah")]
    begun = office.post(reverse("work:sheets"), {"file": as_csv(rows), "office": office_of(office)})
    sheet = Sheet.objects.get()
    assert begun["Location"] == reverse("work:sheet_columns", args=[sheet.pk])
    page = office.get(begun["Location"]).content.decode()
    assert "SD Negeri 01 Talang" in page and 'value="principal" selected' in page
    chosen = {f"column_{column}": name for name, column in sheet.mapping.items()} | {
        "kind": "school",
        "region": "13.76",
    }
    twice = office.post(begun["Location"], chosen | {"column_0": "name"})
    assert twice.status_code == 422
    checked = office.post(begun["Location"], chosen)
    report = checked["Location"]
    progress = reverse("work:sheet_progress", args=[sheet.pk])
    assert "hx-get" in office.get(report).content.decode() and "HX-Refresh" not in office.get(progress)
    run_waiting_sheets()
    assert office.get(progress)["HX-Refresh"] == "true"
    told = office.get(report, {"bagian": "bad"}).content.decode()
    assert "SD Negeri 02 Talang" in told and "SD Negeri 01 Talang" not in told
    assert "SD Negeri 02 Talang" in office.get(report, {"bentuk": "csv"}).content.decode("utf-8-sig")
    office.post(reverse("work:sheet_adopt", args=[sheet.pk]))
    run_waiting_sheets()
    assert Institution.objects.get(npsn="99000001").name == "SD Negeri 01 Talang"
    again = office.post(reverse("work:sheet_aside", args=[sheet.pk]), follow=True)
    assert again.status_code == 200 and Sheet.objects.get().status == "done"


def office_of(client: Client) -> str:
    user = User.objects.get(pk=client.session["_auth_user_id"])
    return str(user.memberships.get().institution_id)  # type: ignore[attr-defined]


# --- on a school's phone ------------------------------------------------------------------------------------------------


def test_a_school_puts_its_entry_right(phone: Client, school_library: Institution) -> None:
    typed = {
        "address": "Jalan Baru 1",
        "phone": "0752 9",
        "services": ["lending"],
        "latitude": "-0.3",
        "longitude": "100.4",
    }
    assert phone.post(reverse("portal:entry"), typed)["Location"] == reverse("portal:school")
    school_library.refresh_from_db()
    assert (school_library.address, school_library.services, school_library.version) == (
        "Jalan Baru 1",
        ["lending"],
        2,
    )
    half = phone.post(reverse("portal:entry"), typed | {"longitude": ""})
    assert half.status_code == 422 and "Jalan Baru 1" in half.content.decode()
    assert phone.post(reverse("portal:hours"), {"day_0": "07.30-13.00"}).status_code == 302
    assert "07.30–13.00" in phone.get(reverse("portal:school")).content.decode()


def test_a_school_keeps_its_contacts(phone: Client, school_library: Institution) -> None:
    typed = {"name": "Ibu Wali", "function": "class_parent", "phone": "0812", "show_publicly": "on"}
    assert phone.post(reverse("portal:contact_new"), typed).status_code == 422
    assert phone.post(reverse("portal:contact_new"), typed | {"agreed": "on"}).status_code == 302
    person = Person.objects.get(name="Ibu Wali")
    assert (person.consent_how, person.show_publicly, person.function) == ("portal", True, "class_parent")
    address = reverse("portal:contact", args=[person.pk])
    assert phone.post(address, {"name": "Ibu Wali", "function": "committee"}).status_code == 302
    person.refresh_from_db()
    assert (person.consent_on, person.show_publicly, person.function) == (None, False, "committee")
    data = phone.get(reverse("portal:contact_data", args=[person.pk]), {"bentuk": "json"})
    assert json.loads(data.content)["contact"] and "Ibu Wali" in data.content.decode()
    assert phone.post(reverse("portal:contact_erase", args=[person.pk]), {}).status_code == 422
    assert phone.post(reverse("portal:contact_erase", args=[person.pk]), {"sure": "on"}).status_code == 302
    signatory = Person.objects.get(institution=school_library, signs=True)
    assert phone.post(reverse("portal:contact_erase", args=[signatory.pk]), {"sure": "on"}).status_code == 403


# --- what it costs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 20])
def test_lists_cost_the_same_however_long_they_are(
    rows: int,
    office: Client,
    client: Client,
    regions: dict[str, Region],
    ledger: Ledger,
    signed_in: Callable[..., Client],
) -> None:
    for _row in range(rows):
        row = ListedFactory(school=True, region=regions["13.76.01"], city="Payakumbuh")
        Opening.objects.create(institution=row, weekday=0, opens=time(8), closes=time(12))
        ContactFactory(institution=row, agreed=True)
    for name, browser, address in (
        ("GET direktori", client, reverse("directory")),
        ("GET direktori?q", client, reverse("directory") + "?q=sdn uji"),
        ("GET direktori/peta.json", client, reverse("directory_points")),
        ("GET direktori/cetak.pdf", client, reverse("directory_paper")),
        ("GET kerja/direktori", office, reverse("work:directory")),
        ("GET kerja/direktori?csv", office, reverse("work:directory") + "?bentuk=csv"),
        ("GET kerja/direktori?kerja", office, reverse("work:directory") + "?kerja=ya&kurang=kontak"),
        ("GET kerja/direktori/{id}", office, reverse("work:partner", args=[row.pk])),
    ):
        browser.get(address)
        answer = ledger.weigh(name, rows, lambda browser=browser, address=address: browser.get(address))
        assert answer.status_code == 200


def test_words_of_a_name_are_looked_up_in_an_index() -> None:
    """Among a hundred thousand schools no search may read them all (U27)."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    InstitutionFactory.create(name="SD Negeri 12 Mandiangin")
    found = find_institutions(Institution.objects.all(), "SDN 12 mandi")
    assert [row.name for row in found] == ["SD Negeri 12 Mandiangin"]
    assert "institution_said_trgm" in found.explain()
