"""A school asks for a cooperation on its phone, and answers an invitation (A6, P1)."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agreements.models import CooperationRequest
from agreements.services.requesting.deciding import accept_request, decline_request
from agreements.services.requesting.opening import record_outreach
from agreements.services.requesting.talking import set_meeting, write_message
from agreements.services.signing import submit_agreement
from kerjasama.domain import clock
from libraries.models import Institution, User
from tests.factories import RequestFactory
from tests.portal.conftest import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(library: Institution, school_library: Institution) -> CooperationRequest:
    return RequestFactory(office=library, institution=school_library, subject="Pojok baca")


@pytest.fixture
def invited(library: Institution, school_library: Institution, officer: User) -> CooperationRequest:
    return record_outreach(
        office=library,
        institution=school_library,
        actor=officer,
        subject="Mendongeng bersama",
        wishes="Dua kali setahun.",
    )


def page(row: CooperationRequest) -> str:
    return reverse("portal:request", args=[row.pk])


def step(row: CooperationRequest, action: str) -> str:
    return reverse("portal:request_step", args=[row.pk, action])


def test_asking_takes_one_form(phone: Client, library: Institution, officer: User) -> None:
    form = words(phone.get(reverse("portal:request_new")))
    assert f'type="hidden" name="office" value="{library.pk}"' in form  # there is one answer only
    given = {
        "office": str(library.pk),
        "subject": "Pojok baca",
        "wishes": "Seratus buku cerita.",
        "forms": ["collection_loan"],
        "books": "100",
        "pupils": "240",
    }
    answer = phone.post(reverse("portal:request_new"), given)
    row = CooperationRequest.objects.get()
    assert answer["Location"] == page(row)
    shown = words(phone.get(page(row)))
    assert "Seratus buku cerita." in shown and str(library) in shown
    assert "Pojok baca" in words(phone.get(reverse("portal:requests")))


@pytest.mark.parametrize(
    "wrong", [{"subject": ""}, {"books": "0"}, {"wanted_from": "2020-01-01"}, {"forms": ["x"]}], ids=str
)
def test_what_was_typed_stays_when_something_is_wrong(
    wrong: dict[str, Any], phone: Client, library: Institution
) -> None:
    given = {"office": str(library.pk), "subject": "Pojok baca", "wishes": "Seratus buku cerita.", **wrong}
    answer = phone.post(reverse("portal:request_new"), given)
    assert answer.status_code == 422
    assert "Seratus buku cerita." in words(answer)
    assert not CooperationRequest.objects.exists()


def test_an_answer_is_a_task_and_writing_settles_it(phone: Client, asked: Any, officer: User) -> None:
    home = reverse("portal:home")
    assert page(asked) not in words(phone.get(home))
    write_message(request=asked, actor=officer, text="Berapa kelas?")
    shown = words(phone.get(home))
    assert page(asked) in shown
    upload = SimpleUploadedFile("surat.pdf", b"%PDF-1.4 surat")
    assert phone.post(page(asked), {"text": "Enam kelas.", "file": upload})["Location"] == page(asked)
    thread = words(phone.get(page(asked)))
    assert thread.index("Berapa kelas?") < thread.index("Enam kelas.")
    assert str(officer) not in thread  # the school talks with the library
    assert page(asked) not in words(phone.get(home))


def test_a_meeting_stands_on_the_first_page(phone: Client, asked: Any, officer: User) -> None:
    on = clock.today() + timedelta(days=4)
    set_meeting(request=asked, actor=officer, on=on, place="Ruang baca anak", at=time(10, 0))
    assert "Ruang baca anak" in words(phone.get(reverse("portal:home")))
    assert "10.00" in words(phone.get(page(asked)))


def test_an_invitation_is_welcomed_after_a_question(phone: Client, invited: Any) -> None:
    assert page(invited) in words(phone.get(reverse("portal:home")))
    assert step(invited, "show_interest") in words(phone.get(page(invited)))
    assert phone.get(step(invited, "show_interest")).status_code == 200
    invited.refresh_from_db()
    assert invited.status == "received"
    assert phone.post(step(invited, "show_interest"))["Location"] == page(invited)
    invited.refresh_from_db()
    assert (invited.status, invited.turn) == ("discussing", "office")


def test_declining_needs_a_reason(phone: Client, invited: Any) -> None:
    assert phone.post(step(invited, "decline"), {"note": ""}).status_code == 422
    assert phone.post(step(invited, "decline"), {"note": "Belum siap."}).status_code == 302
    invited.refresh_from_db()
    assert (invited.status, invited.closing_note) == ("declined", "Belum siap.")


def test_withdrawing_ones_own_and_not_the_librarys(phone: Client, asked: Any, invited: Any) -> None:
    assert step(invited, "withdraw") not in words(phone.get(page(invited)))
    assert phone.post(step(invited, "withdraw")).status_code == 403
    assert phone.post(step(asked, "withdraw")).status_code == 302
    assert phone.post(step(asked, "withdraw")).status_code == 409
    assert phone.get(step(asked, "nonsense")).status_code == 404


def test_the_reason_of_the_library_is_read(phone: Client, asked: Any, officer: User) -> None:
    decline_request(request=asked, actor=officer, note="Koleksi anak sedang dipinjam semua.")
    assert "Koleksi anak sedang dipinjam semua." in words(phone.get(page(asked)))
    assert phone.post(page(asked), {"text": "Halo"}).status_code == 409


def test_the_draft_is_the_librarys_own_until_it_is_sent(phone: Client, asked: Any, officer: User) -> None:
    draft = accept_request(
        request=asked,
        actor=officer,
        kind="pks",
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=300),
    ).agreement
    assert draft is not None
    address = reverse("portal:agreement", args=[draft.pk])
    assert address not in words(phone.get(page(asked)))
    draft.division_of_work = draft.procedures = draft.financing = "Disepakati."
    draft.save()
    draft.parties.update(signatory_name="Kepala", signatory_position="Kepala")
    submit_agreement(agreement=draft, actor=officer)
    assert address in words(phone.get(page(asked)))


def test_another_school_finds_neither_page_nor_list(
    signed_in: Any, other_school: User, asked: CooperationRequest
) -> None:
    browser = signed_in(other_school)
    assert browser.get(page(asked)).status_code == 404
    assert browser.post(page(asked), {"text": "Halo"}).status_code == 404
    assert browser.post(step(asked, "withdraw")).status_code == 404
    assert "Pojok baca" not in words(browser.get(reverse("portal:requests")))


def test_a_form_sent_after_the_session_ran_out_is_there_again(
    signed_in: Any, school: User, library: Institution
) -> None:
    browser = signed_in(None)
    given = {"office": str(library.pk), "subject": "Pojok baca", "wishes": "Seratus buku cerita."}
    browser.post(reverse("portal:request_new"), given)
    browser.force_login(school, backend="django.contrib.auth.backends.ModelBackend")
    assert "Seratus buku cerita." in words(browser.get(reverse("portal:request_new")))
