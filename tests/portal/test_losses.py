"""Reporting a loss or damage, and what becomes of it, from the school's side (L8)."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from kerjasama.domain.wording import plain_date
from libraries.models import Draft, User
from loans.choices import CaseStatus, LineStatus
from loans.models import Case, Consignment, LoanLine
from loans.services.claiming import assess_case, settle_case
from loans.services.receiving import Difference, confirm_receipt
from tests.portal.conftest import words


@pytest.fixture
def line(received: Consignment) -> LoanLine:
    return received.lines.order_by("copy__title__title")[0]


def report(line: LoanLine) -> str:
    return reverse("portal:report_loss", args=[line.pk])


def check(line: LoanLine) -> str:
    return reverse("portal:report_loss_check", args=[line.pk])


def test_from_the_list_to_the_case(
    phone: Client, line: LoanLine, photograph: Callable[[], SimpleUploadedFile]
) -> None:
    listed = words(phone.get(reverse("portal:holdings") + "?untuk=lapor"))
    assert report(line) in listed
    typed = {"kind": "lost", "account": "Tertinggal di angkot.", "photograph": photograph()}
    assert phone.post(report(line), typed).url == check(line)
    page = words(phone.get(check(line)))
    assert "Tertinggal di angkot." in page
    assert "diganti dalam 30 hari" in page
    assert not Case.objects.exists(), "nothing is reported before the last button"
    answer = phone.post(check(line))
    case = Case.objects.get()
    assert answer.url == reverse("portal:case", args=[case.pk])
    assert (case.account, case.photograph is not None) == ("Tertinggal di angkot.", True)
    page = words(phone.get(answer.url))
    assert "Perpustakaan sedang memeriksa laporan Anda" in page
    line.refresh_from_db()
    assert line.status == LineStatus.LOST
    assert not Draft.objects.exists()


def test_back_finds_everything_as_it_was(phone: Client, line: LoanLine) -> None:
    phone.post(report(line), {"kind": "damaged", "account": "Kena hujan."})
    page = words(phone.get(report(line)))
    assert "Kena hujan." in page
    assert 'value="damaged" aria-describedby' in page or 'value="damaged"' in page.split("checked")[0][-200:]


def test_what_happened_must_be_chosen(phone: Client, line: LoanLine) -> None:
    page = words(phone.post(report(line), {"account": "Entah ke mana."}))
    assert "Pilih apakah buku itu hilang atau rusak." in page
    assert "Entah ke mana." in page
    assert "<title>Galat:" in page


def test_a_refused_photograph_keeps_words_and_choice(
    phone: Client, line: LoanLine, no_photograph: SimpleUploadedFile
) -> None:
    page = words(
        phone.post(
            report(line), {"kind": "lost", "account": "Tidak ada di kelas.", "photograph": no_photograph}
        )
    )
    assert "Ini bukan foto" in page
    assert "Tidak ada di kelas." in page
    assert "checked" in page


def test_checking_before_answering_leads_to_the_question(phone: Client, line: LoanLine) -> None:
    assert phone.get(check(line)).url == report(line)


def test_a_second_report_leads_to_the_first(phone: Client, reported: Case) -> None:
    answer = phone.get(report(reported.line))
    assert answer.url == reverse("portal:case", args=[reported.pk])
    day = plain_date(clock.today(), "id")
    assert f"Buku ini sudah dilaporkan pada {day}." in words(phone.get(answer.url))
    assert phone.post(check(reported.line)).url == answer.url
    assert Case.objects.count() == 1


def test_a_damaged_book_with_an_open_case_is_not_reported_twice(
    phone: Client, line: LoanLine, school: User
) -> None:
    phone.post(report(line), {"kind": "damaged", "account": ""})
    phone.post(check(line))
    assert phone.get(report(line)).url == reverse("portal:case", args=[Case.objects.get().pk])


def test_a_book_that_was_not_in_the_box_needs_no_report(
    phone: Client, dispatched: Consignment, school: User
) -> None:
    line = dispatched.lines.all()[0]
    confirm_receipt(consignment=dispatched, actor=school, differences=[Difference("missing", line.pk)])
    assert "tidak ada di kotak" in words(phone.get(report(line)))
    book = words(phone.get(reverse("portal:book", args=[line.pk])))
    assert report(line) not in book


def test_a_book_that_went_back_cannot_be_reported(phone: Client, line: LoanLine, circulation: User) -> None:
    from loans.services.returning import ReturnedCopy, open_return_visit, return_copies

    visit = open_return_visit(
        lender=line.consignment.lender, partner=line.consignment.partner, actor=circulation
    )
    return_copies(visit=visit, copies=[ReturnedCopy(line.copy.barcode)], actor=circulation)
    assert "sudah kembali ke perpustakaan" in words(phone.get(report(line)))
    response = phone.post(check(line))
    assert response.status_code == 409
    assert not Case.objects.exists()


class TestTheCase:
    def test_says_what_is_asked_by_when_with_the_letter(self, phone: Client, assessed: Case) -> None:
        page = words(phone.get(reverse("portal:case", args=[assessed.pk])))
        assert "Mohon ganti dengan judul yang sama" in page
        assert "30 hari lagi" in page
        assert assessed.letter is not None
        assert reverse("document", args=[assessed.letter.pk]) in page

    def test_says_the_price(self, phone: Client, reported: Case, circulation: User) -> None:
        case = assess_case(case=reported, actor=circulation, demand="price", amount=Decimal("62500"))
        assert "Rp62.500" in words(phone.get(reverse("portal:case", args=[case.pk])))

    def test_says_how_it_ended(self, phone: Client, assessed: Case, circulation: User) -> None:
        case = settle_case(case=assessed, actor=circulation, settlement="waived", reason="Banjir.")
        page = words(phone.get(reverse("portal:case", args=[case.pk])))
        assert "Dibebaskan" in page
        assert case.status == CaseStatus.SETTLED
        assert reverse("document", args=[case.settlement_record.pk]) in page  # type: ignore[union-attr]

    def test_stands_in_the_list(self, phone: Client, assessed: Case) -> None:
        page = words(phone.get(reverse("portal:cases")))
        assert str(assessed.copy.title) in page
        assert "Diganti paling lambat" in page
