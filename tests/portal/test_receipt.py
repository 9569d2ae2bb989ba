"""Confirming a receipt: two taps when all is fine, one question to a page when it is not (L5, U7)."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from libraries.models import Draft, StoredFile, User
from loans.choices import ConsignmentStatus, DiscrepancyKind, ReceiptState
from loans.models import Consignment, Discrepancy, LoanLine
from loans.services.receiving import confirm_receipt
from tests.factories import MembershipFactory, UserFactory
from tests.portal.conftest import words


def to(name: str, consignment: Consignment, *more: object) -> str:
    return reverse(f"portal:{name}", args=[consignment.pk, *more])


def send(phone: Client, consignment: Consignment, **fields: str) -> object:
    return phone.post(to("confirm_check", consignment), {"received_by": "Rahmi Yanti", **fields})


def ticked(lines: list[LoanLine], *numbers: int) -> dict[str, list[str]]:
    return {
        "line": [str(lines[number].pk) for number in numbers],
        "shown": [str(line.pk) for line in lines],
    }


class TestAllFine:
    def test_two_taps_from_the_link_of_the_mail(self, phone: Client, dispatched: Consignment) -> None:
        first = phone.post(to("confirm", dispatched), {"answer": "fine"})
        assert first.url == to("confirm_check", dispatched)
        check = words(phone.get(first.url))
        assert "Semua 5 buku</strong> lengkap dan baik" in check
        assert 'value="School"' in check, "the name is known, so it is filled in (U9)"
        second = phone.post(first.url, {"received_by": "School"})
        assert second.url == to("confirm_done", dispatched)
        done = words(phone.get(second.url))
        assert "Terima kasih, penerimaan sudah dikonfirmasi" in done
        dispatched.refresh_from_db()
        assert dispatched.status == ConsignmentStatus.RECEIVED
        assert set(dispatched.lines.values_list("receipt", flat=True)) == {ReceiptState.OK}
        assert not Draft.objects.exists()

    def test_opening_pages_changes_nothing(self, phone: Client, dispatched: Consignment) -> None:
        for name in (
            "confirm",
            "confirm_differences",
            "confirm_missing",
            "confirm_damaged",
            "confirm_extra",
            "confirm_check",
        ):
            assert phone.get(to(name, dispatched)).status_code == 200, name
        dispatched.refresh_from_db()
        assert dispatched.status == ConsignmentStatus.DISPATCHED
        assert not Draft.objects.exists()

    def test_a_name_is_asked_for_and_what_was_typed_stays(
        self, phone: Client, dispatched: Consignment
    ) -> None:
        response = phone.post(to("confirm_check", dispatched), {"received_by": " "})
        page = words(response)
        assert "Ketik nama orang yang menghitung buku." in page
        assert 'role="alert"' in page
        assert "<title>Galat:" in page
        dispatched.refresh_from_db()
        assert dispatched.status == ConsignmentStatus.DISPATCHED

    def test_done_before_it_is_done_leads_to_the_question(
        self, phone: Client, dispatched: Consignment
    ) -> None:
        assert phone.get(to("confirm_done", dispatched)).url == to("confirm", dispatched)


class TestDifferences:
    def test_missing_damaged_and_extra_reach_the_library(
        self,
        phone: Client,
        dispatched: Consignment,
        lines: list[LoanLine],
        photograph: Callable[[], SimpleUploadedFile],
    ) -> None:
        assert phone.post(to("confirm", dispatched), {"answer": "different"}).url == to(
            "confirm_differences", dispatched
        )
        phone.post(to("confirm_missing", dispatched), ticked(lines, 0))
        phone.post(to("confirm_damaged", dispatched), ticked(lines, 1))
        phone.post(
            to("confirm_damage", dispatched, lines[1].pk),
            {"description": "Sampul robek", "photograph": photograph()},
        )
        phone.post(
            to("confirm_extra", dispatched), {"description": "Kamus, BH-999", "photograph": photograph()}
        )
        check = words(phone.get(to("confirm_check", dispatched)))
        for said in (
            "<strong>3 buku</strong>",
            "Sampul robek",
            "Kamus, BH-999",
            "Dengan foto",
            lines[0].copy.title.title,
        ):
            assert said in check
        send(phone, dispatched)
        told = {row.kind: row for row in Discrepancy.objects.select_related("photograph")}
        assert told[DiscrepancyKind.MISSING].line_id == lines[0].pk
        assert told[DiscrepancyKind.DAMAGED].line_id == lines[1].pk
        assert told[DiscrepancyKind.DAMAGED].description == "Sampul robek"
        assert told[DiscrepancyKind.EXTRA].description == "Kamus, BH-999"
        assert all(told[kind].photograph for kind in (DiscrepancyKind.DAMAGED, DiscrepancyKind.EXTRA))
        lines[0].refresh_from_db()
        assert lines[0].receipt == ReceiptState.MISSING
        done = words(phone.get(to("confirm_done", dispatched)))
        assert "Perpustakaan memeriksa 3 perbedaan" in done

    def test_all_fine_after_all_forgets_the_marks(
        self, phone: Client, dispatched: Consignment, lines: list[LoanLine]
    ) -> None:
        phone.post(to("confirm_missing", dispatched), ticked(lines, 0))
        phone.post(to("confirm", dispatched), {"answer": "fine"})
        send(phone, dispatched)
        assert not Discrepancy.objects.exists()

    def test_one_book_is_not_both_missing_and_damaged(
        self, phone: Client, dispatched: Consignment, lines: list[LoanLine]
    ) -> None:
        phone.post(to("confirm_damaged", dispatched), ticked(lines, 0, 1))
        phone.post(to("confirm_missing", dispatched), ticked(lines, 0))
        send(phone, dispatched)
        assert sorted(Discrepancy.objects.values_list("kind", "line_id")) == sorted(
            [(DiscrepancyKind.MISSING, lines[0].pk), (DiscrepancyKind.DAMAGED, lines[1].pk)]
        )

    def test_ticks_of_books_that_the_search_hides_stay(
        self, phone: Client, dispatched: Consignment, lines: list[LoanLine]
    ) -> None:
        """The search works without script by a button of the same form, and keeps what is ticked."""
        page = to("confirm_missing", dispatched)
        barcode = lines[3].copy.barcode
        found = phone.post(page, {**ticked(lines, 0), "q": barcode[-4:], "look": "1"})
        assert found.url == f"{page}?q={barcode[-4:]}"
        narrowed = phone.get(found.url).content.decode()
        assert str(lines[3].pk) in narrowed
        assert str(lines[0].pk) not in narrowed
        phone.post(page, {"line": [str(lines[3].pk)], "shown": [str(lines[3].pk)]})
        check = words(phone.get(to("confirm_check", dispatched)))
        assert "2 buku tidak ada di kotak" in check

    def test_taking_one_away_again(self, phone: Client, dispatched: Consignment) -> None:
        phone.post(to("confirm_extra", dispatched), {"description": "Pertama"})
        phone.post(to("confirm_extra", dispatched), {"description": "Kedua"})
        phone.post(to("confirm_drop", dispatched), {"extra": "1"})
        check = words(phone.get(to("confirm_check", dispatched)))
        assert "Kedua" in check
        assert "Pertama" not in check

    def test_changing_the_words_of_one(self, phone: Client, dispatched: Consignment) -> None:
        phone.post(to("confirm_extra", dispatched), {"description": "Kamus"})
        again = to("confirm_extra_again", dispatched, 1)
        assert "Kamus" in words(phone.get(again))
        phone.post(again, {"description": "Kamus besar"})
        check = words(phone.get(to("confirm_check", dispatched)))
        assert "Kamus besar" in check
        assert "1 buku di luar daftar" in check
        assert phone.get(to("confirm_extra_again", dispatched, 2)).status_code == 404

    def test_an_extra_book_needs_words(self, phone: Client, dispatched: Consignment) -> None:
        page = words(phone.post(to("confirm_extra", dispatched), {"description": ""}))
        assert "Ketik judul atau nomor buku itu." in page
        assert 'href="#id_description"' in page

    @pytest.mark.parametrize("forged", ["11111111-1111-1111-1111-111111111111", "bukan-uuid", ""])
    def test_a_forged_line_marks_nothing(self, phone: Client, dispatched: Consignment, forged: str) -> None:
        phone.post(to("confirm_missing", dispatched), {"line": [forged], "shown": [forged]})
        assert "Semua 5 buku" in words(phone.get(to("confirm_check", dispatched)))


class TestPhotographs:
    def test_a_refused_photograph_keeps_the_words(
        self, phone: Client, dispatched: Consignment, no_photograph: SimpleUploadedFile
    ) -> None:
        response = phone.post(
            to("confirm_extra", dispatched), {"description": "Kamus, BH-999", "photograph": no_photograph}
        )
        page = words(response)
        assert "Ini bukan foto" in page
        assert "Kamus, BH-999" in page
        assert not StoredFile.objects.filter(purpose="photograph").exists()
        assert "Kamus" not in words(phone.get(to("confirm_check", dispatched)))

    def test_a_kept_photograph_stays_until_it_is_taken_away(
        self,
        phone: Client,
        dispatched: Consignment,
        lines: list[LoanLine],
        photograph: Callable[[], SimpleUploadedFile],
    ) -> None:
        phone.post(to("confirm_damaged", dispatched), ticked(lines, 1))
        page = to("confirm_damage", dispatched, lines[1].pk)
        phone.post(page, {"description": "Robek", "photograph": photograph()})
        kept = StoredFile.objects.get(purpose="photograph")
        assert reverse("file", args=[kept.pk]) in words(phone.get(page))
        phone.post(page, {"description": "Robek sekali"})
        assert "Dengan foto" in words(phone.get(to("confirm_check", dispatched)))
        phone.post(page, {"description": "Robek sekali", "drop_photograph": "on"})
        assert "Dengan foto" not in words(phone.get(to("confirm_check", dispatched)))

    def test_a_book_that_is_not_marked_as_damaged_has_no_page_for_its_damage(
        self, phone: Client, dispatched: Consignment, lines: list[LoanLine]
    ) -> None:
        assert phone.get(to("confirm_damage", dispatched, lines[0].pk)).status_code == 404


class TestNothingIsLost:
    def test_answers_outlive_the_session(
        self,
        signed_in: Callable[[User], Client],
        school: User,
        dispatched: Consignment,
        lines: list[LoanLine],
    ) -> None:
        signed_in(school).post(to("confirm_missing", dispatched), ticked(lines, 2))
        another_phone = signed_in(school)
        start = words(another_phone.get(to("confirm", dispatched)))
        assert "Tadi Anda menandai 1 perbedaan" in start
        assert lines[2].copy.title.title in words(another_phone.get(to("confirm_check", dispatched)))

    def test_a_colleague_does_not_read_what_is_not_sent(
        self,
        signed_in: Callable[[User], Client],
        school: User,
        dispatched: Consignment,
        lines: list[LoanLine],
    ) -> None:
        signed_in(school).post(to("confirm_missing", dispatched), ticked(lines, 2))
        colleague = UserFactory()
        MembershipFactory(user=colleague, institution=dispatched.partner)
        assert "Semua 5 buku" in words(signed_in(colleague).get(to("confirm_check", dispatched)))


class TestAlreadyConfirmed:
    @pytest.fixture
    def faster(self, dispatched: Consignment, lines: list[LoanLine], phone: Client) -> User:
        """A colleague confirms while this reader is in the middle of the form."""
        phone.post(to("confirm_missing", dispatched), ticked(lines, 0))
        colleague = UserFactory(name="Fitri Handayani")
        MembershipFactory(user=colleague, institution=dispatched.partner)
        confirm_receipt(consignment=dispatched, actor=colleague)
        return colleague

    def test_sending_says_who_and_when_and_what_was_marked_is_shown(
        self, phone: Client, dispatched: Consignment, lines: list[LoanLine], faster: User
    ) -> None:
        response = send(phone, dispatched)
        assert response.status_code == 409  # type: ignore[attr-defined]
        page = words(response)
        assert "Fitri Handayani mengonfirmasinya pada" in page
        assert "Semua buku dilaporkan lengkap dan baik." in page
        assert lines[0].copy.title.title in page
        assert reverse("portal:book", args=[lines[0].pk]) in page
        assert not Discrepancy.objects.exists()

    @pytest.mark.parametrize("name", ["confirm", "confirm_missing", "confirm_check", "confirm_extra"])
    def test_every_page_of_the_form_says_so(
        self, phone: Client, dispatched: Consignment, faster: User, name: str
    ) -> None:
        response = phone.get(to(name, dispatched))
        assert response.status_code == 200
        assert "Kiriman ini sudah dikonfirmasi" in words(response)
