"""A school offers a book, objects, or takes its report back: one thing per page, nothing sent before the last (L8, U7)."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from libraries.models import Draft, User
from loans.choices import CaseStatus, LineStatus, PleaKind
from loans.models import Case
from loans.services.pleading import accept_offer, offer_replacement, refuse_offer
from tests.portal.conftest import words


def address(name: str, case: Case) -> str:
    return reverse(f"portal:{name}", args=[case.pk])


def test_a_book_is_offered_in_three_pages(
    phone: Client, assessed: Case, photograph: Callable[[], SimpleUploadedFile]
) -> None:
    assert address("offer", assessed) in words(phone.get(address("case", assessed)))
    typed = {"title": "Batik Nusantara", "isbn": "9786020332959"}
    assert phone.post(address("offer", assessed), typed).url == address("offer_condition", assessed)
    more = {"condition": "good", "words": "Masih baru.", "photograph": photograph()}
    assert phone.post(address("offer_condition", assessed), more).url == address("offer_check", assessed)
    page = words(phone.get(address("offer_check", assessed)))
    assert "Batik Nusantara" in page
    assert "Masih baru." in page
    assert not assessed.pleas.exists(), "nothing is sent before the last button"
    assert phone.post(address("offer_check", assessed)).url == address("case", assessed)
    plea = assessed.pleas.get()
    assert (plea.kind, plea.title, plea.condition, plea.photograph is not None) == (
        PleaKind.OFFER,
        "Batik Nusantara",
        "good",
        True,
    )
    assert not Draft.objects.exists()
    assert "sedang memeriksa tawaran Anda" in words(phone.get(address("case", assessed)))


def test_pages_cannot_be_skipped(phone: Client, assessed: Case) -> None:
    assert phone.get(address("offer_condition", assessed)).url == address("offer", assessed)
    assert phone.get(address("offer_check", assessed)).url == address("offer", assessed)
    phone.post(address("offer", assessed), {"title": "Batik"})
    assert phone.get(address("offer_check", assessed)).url == address("offer_condition", assessed)
    assert phone.get(address("appeal_check", assessed)).url == address("appeal", assessed)


def test_back_finds_what_was_typed(phone: Client, assessed: Case) -> None:
    phone.post(address("offer", assessed), {"title": "Batik Nusantara"})
    assert "Batik Nusantara" in words(phone.get(address("offer", assessed)))


def test_a_title_is_needed(phone: Client, assessed: Case) -> None:
    page = words(phone.post(address("offer", assessed), {"isbn": "978"}))
    assert "Ketik judul buku yang Anda tawarkan." in page
    assert "<title>Galat:" in page


def test_an_objection_in_two_pages(phone: Client, assessed: Case) -> None:
    phone.post(address("appeal", assessed), {"words": "Atap bocor saat libur."})
    page = words(phone.get(address("appeal_check", assessed)))
    assert "Atap bocor saat libur." in page
    phone.post(address("appeal_check", assessed))
    assessed.refresh_from_db()
    assert assessed.status == CaseStatus.APPEALED
    assert "sedang meninjau keberatan Anda" in words(phone.get(address("case", assessed)))


def test_what_moved_on_meanwhile_leads_to_its_page(phone: Client, assessed: Case, school: User) -> None:
    phone.post(address("appeal", assessed), {"words": "Atap bocor."})
    offer_replacement(case=assessed, actor=school, title="Batik")
    for name in ("offer", "offer_condition", "offer_check", "appeal", "appeal_check", "case_retract"):
        for ask in (phone.get, phone.post):
            assert ask(address(name, assessed)).url == address("case", assessed), name
    assert assessed.pleas.count() == 1


def test_the_answer_is_read_with_its_letter(
    phone: Client, assessed: Case, school: User, circulation: User
) -> None:
    offer_replacement(case=assessed, actor=school, title="Batik")
    case = refuse_offer(case=assessed, actor=circulation, note="Halaman hilang.")
    page = words(phone.get(address("case", case)))
    assert "Halaman hilang." in page
    assert reverse("document", args=[case.pleas.get().letter.pk]) in page
    offer_replacement(case=assessed, actor=school, title="Ragam Batik")
    case = accept_offer(case=assessed, actor=circulation)
    assert "Mohon bawa “Ragam Batik”" in words(phone.get(address("case", case)))


def test_a_report_that_was_a_mistake(phone: Client, reported: Case) -> None:
    page = words(phone.post(address("case_retract", reported), {"note": ""}))
    assert "Tulis mengapa laporan ini ditarik." in page
    phone.post(address("case_retract", reported), {"note": "Terselip di kelas 3."})
    reported.line.refresh_from_db()
    assert reported.line.status == LineStatus.OUT
    assert "Laporan sudah ditarik" in words(phone.get(address("case", reported)))


@pytest.mark.parametrize("name", ["offer", "appeal", "case_retract"])
def test_another_school_finds_nothing(
    name: str, assessed: Case, signed_in: Callable[[User], Client], other_school: User
) -> None:
    assert signed_in(other_school).get(address(name, assessed)).status_code == 404
