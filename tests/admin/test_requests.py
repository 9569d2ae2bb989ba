"""The officer's desk and requests to cooperate: the list, the page, accepting into a draft, knowing the stranger (A6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.models import Agreement, CooperationRequest
from kerjasama.domain import clock
from libraries.models import Institution, User
from tests.factories import AgreementFactory, InstitutionFactory, RequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(library: Institution, school_library: Institution) -> CooperationRequest:
    return RequestFactory(
        office=library, institution=school_library, subject="Pojok baca", books=60, wanted_months=6
    )


@pytest.fixture
def stranger(library: Institution) -> CooperationRequest:
    return RequestFactory(office=library, stranger=True, subject="Taman baca")


def page(name: str, row: CooperationRequest, *more: Any) -> str:
    return reverse(f"work:{name}", args=[row.pk, *more])


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_list_is_cut_searched_and_taken_along(
    office: Client, asked: Any, stranger: Any, library: Institution
) -> None:
    RequestFactory(office=library, subject="Sudah ditarik", status="withdrawn", turn="")
    address = reverse("work:requests")
    assert words(office.get(address)).count('<th scope="row">') == 3
    assert "Sudah ditarik" not in words(office.get(address + "?bagian=menunggu"))
    assert "Sudah ditarik" in words(office.get(address + "?bagian=ditutup"))
    found = words(office.get(address + "?q=canduang"))
    assert "Taman baca" in found and "Pojok baca" not in found
    sheet = office.get(address + "?bentuk=csv").content.decode("utf-8-sig")
    assert sheet.count("\n") == 4 and "Pondok Baca Canduang" in sheet


@pytest.mark.parametrize("rows", [20, 120])
def test_the_list_costs_the_same_however_long(rows: int, office: Client, library: Institution) -> None:
    for _number in range(rows):
        RequestFactory(office=library)
    office.get(reverse("work:requests"))
    with CaptureQueriesContext(connection) as queries:
        office.get(reverse("work:requests"))
    assert len(queries) <= 12


def test_a_message_with_a_file_is_kept_and_a_wrong_file_loses_no_word(office: Client, asked: Any) -> None:
    address = page("request", asked)
    wrong = SimpleUploadedFile("surat.pdf", b"MZ")
    refused = office.post(address, {"text": "Surat terlampir.", "file": wrong})
    assert refused.status_code == 422
    assert "Surat terlampir." in words(refused)
    right = SimpleUploadedFile("surat.pdf", b"%PDF-1.4 surat")
    assert office.post(address, {"text": "Surat terlampir.", "file": right})["Location"] == address
    shown = words(office.get(address))
    assert "Surat terlampir." in shown and "surat.pdf" in shown


def test_whoever_may_not_answer_is_offered_nothing_and_refused(desk: Client, asked: Any) -> None:
    address = page("request", asked)
    shown = words(desk.get(address))
    assert 'name="text"' not in shown
    assert page("request_accept", asked) not in shown
    assert desk.post(address, {"text": "Halo"}).status_code == 403
    assert desk.post(page("request_accept", asked), {"kind": "pks", "title": "x"}).status_code == 403
    assert desk.post(page("request_step", asked, "decline"), {"note": "x"}).status_code == 403
    assert not Agreement.objects.exists()


def test_accepting_leads_to_the_draft_and_the_draft_back_to_the_request(office: Client, asked: Any) -> None:
    form = words(office.get(page("request_accept", asked)))
    assert 'value="Pojok baca"' in form
    starts = clock.today() + timedelta(days=10)
    given = {
        "kind": "pks",
        "title": "Pojok baca",
        "starts_on": starts.isoformat(),
        "ends_on": (starts + timedelta(days=100)).isoformat(),
    }
    answer = office.post(page("request_accept", asked), given)
    draft = Agreement.objects.get()
    assert answer["Location"] == reverse("work:agreement", args=[draft.pk])
    assert draft.lending_term.quantity == 60
    assert page("request", asked) in words(office.get(answer["Location"]))
    assert answer["Location"] in words(office.get(page("request", asked)))
    again = office.post(page("request_accept", asked), given)
    assert again.status_code == 409
    assert Agreement.objects.count() == 1


def test_a_term_turned_round_is_refused_beside_its_field(office: Client, asked: Any) -> None:
    given = {"kind": "pks", "title": "x", "starts_on": "2027-02-01", "ends_on": "2027-01-01"}
    assert office.post(page("request_accept", asked), given).status_code == 422
    assert not Agreement.objects.exists()


def test_a_stranger_is_linked_or_registered_before_accepting(office: Client, stranger: Any) -> None:
    shown = words(office.get(page("request", stranger)))
    assert page("request_link", stranger) in shown
    assert page("request_accept", stranger) not in shown
    assert office.post(page("request_accept", stranger), {"kind": "pks", "title": "x"}).status_code == 409
    form = words(office.get(page("request_register", stranger)))
    assert 'value="Pondok Baca Canduang"' in form and 'value="yulia@canduang.test"' in form
    given = {"name": "Pondok Baca Canduang", "kind": "community", "contact": "on", "npsn": "12"}
    assert office.post(page("request_register", stranger), given).status_code == 422  # no such NPSN
    assert office.post(page("request_register", stranger), {**given, "npsn": ""}).status_code == 302
    made = Institution.objects.get(name="Pondok Baca Canduang")
    assert [person.name for person in made.people.all()] == ["Yulia Rahman"]
    assert page("request_accept", stranger) in words(office.get(page("request", stranger)))


def test_a_name_that_is_in_the_directory_is_proposed(office: Client, stranger: Any) -> None:
    known = InstitutionFactory(name="PONDOK BACA CANDUANG")
    form = words(office.get(page("request_link", stranger)))
    assert f'value="{known.pk}" selected' in form
    assert office.post(page("request_link", stranger), {"institution": str(known.pk)}).status_code == 302
    stranger.refresh_from_db()
    assert stranger.institution == known


def test_the_meeting_is_shown(office: Client, asked: Any) -> None:
    on = clock.today() + timedelta(days=3)
    given = {"on": on.isoformat(), "at": "10:00", "place": "Ruang baca anak"}
    assert office.post(page("request_meet", asked), given).status_code == 302
    assert "Ruang baca anak" in words(office.get(page("request", asked)))
    past = {**given, "on": (clock.today() - timedelta(days=1)).isoformat()}
    assert office.post(page("request_meet", asked), past).status_code == 422


def test_inviting_a_partner(office: Client, desk: Client, library: Any, school_library: Any) -> None:
    given = {
        "office": str(library.pk),
        "institution": str(school_library.pk),
        "subject": "Mendongeng bersama",
        "wishes": "Dua kali setahun.",
        "forms": ["joint_events"],
    }
    answer = office.post(reverse("work:request_new"), given)
    row = CooperationRequest.objects.get()
    assert (answer["Location"], row.came_by, row.turn) == (page("request", row), "outreach", "partner")
    assert desk.post(reverse("work:request_new"), given).status_code == 403
    same = office.post(reverse("work:request_new"), {**given, "institution": str(library.pk)})
    assert same.status_code == 422


def test_the_first_page_and_the_search_know_who_waits(office: Client, asked: Any, stranger: Any) -> None:
    first = words(office.get(reverse("admin:index")))
    assert page("request", asked) in first and page("request", stranger) in first
    found = words(office.get(reverse("work:search") + "?q=taman"))
    assert page("request", stranger) in found


def test_a_name_with_markup_stays_text(office: Client, library: Institution) -> None:
    row = RequestFactory(
        office=library, stranger=True, institution_name="<script>alert(1)</script>", subject="<b>x</b>"
    )
    for address in (page("request", row), reverse("work:requests"), reverse("admin:index")):
        shown = office.get(address).content.decode()
        assert "<script>alert(1)" not in shown and "<b>x</b>" not in shown, address


def test_an_office_that_was_invited_answers_at_its_own_desk(
    signed_in: Any, person: Any, library: Institution
) -> None:
    other = InstitutionFactory(office=True, name="Perpustakaan Kota Lain")
    guest: User = person("tamu", other, "officer")
    row = RequestFactory(office=library, institution=other, outreach=True)
    browser = signed_in(guest)
    shown = words(browser.get(page("request", row)))
    assert page("request_step", row, "show_interest") in shown
    assert page("request_accept", row) not in shown
    assert browser.post(page("request_step", row, "show_interest")).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.turn) == ("discussing", "office")


def test_agreements_without_a_request_link_to_none(office: Client, library: Any, school_library: Any) -> None:
    draft = AgreementFactory(office=library, partner=school_library)
    assert "/permintaan/0" not in words(office.get(reverse("work:agreement", args=[draft.pk])))
