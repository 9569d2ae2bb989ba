"""Holdings, agreements, papers, news and the school itself (P1, U13, U29)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement
from kerjasama.domain import clock
from libraries.choices import Tone
from libraries.models import Institution, Notice, Person, User
from libraries.services.notices import settle
from loans.models import Consignment, LoanLine
from loans.services.receiving import Difference, confirm_receipt, resolve_discrepancy
from tests.factories import AgreementFactory, PersonFactory
from tests.portal.conftest import words


class TestBooks:
    def test_every_book_with_its_day(
        self, phone: Client, dispatched: Consignment, lines: list[LoanLine]
    ) -> None:
        page = words(phone.get(reverse("portal:holdings")))
        assert "5 buku di sekolah Anda" in page
        for line in lines:
            assert line.copy.title.title in page
            assert line.copy.barcode in page

    @pytest.mark.parametrize("piece", ["title", "digits", "nothing"])
    def test_search_by_title_or_last_digits(self, phone: Client, lines: list[LoanLine], piece: str) -> None:
        asked = {
            "title": lines[2].copy.title.title.lower(),
            "digits": lines[2].copy.barcode[-4:],
            "nothing": "zzz",
        }
        page = words(phone.get(reverse("portal:holdings"), {"q": asked[piece]}))
        assert (lines[2].copy.barcode in page) == (piece != "nothing")
        assert lines[0].copy.barcode not in page
        assert ("Buku tidak ditemukan" in page) == (piece == "nothing")

    def test_an_empty_list_says_why(self, phone: Client) -> None:
        page = words(phone.get(reverse("portal:holdings")))
        assert "Belum ada buku di sekolah Anda" in page
        assert 'class="btn btn--primary"' in page

    def test_one_book(self, phone: Client, received: Consignment, lines: list[LoanLine]) -> None:
        page = words(phone.get(reverse("portal:book", args=[lines[0].pk])))
        assert lines[0].copy.barcode in page
        assert reverse("portal:report_loss", args=[lines[0].pk]) in page

    def test_a_delivery_with_its_papers_and_what_was_told(
        self, phone: Client, dispatched: Consignment, lines: list[LoanLine], school: User
    ) -> None:
        confirm_receipt(
            consignment=dispatched,
            actor=school,
            differences=[Difference("missing", lines[0].pk), Difference("extra", None, "Kamus asing")],
        )
        dispatched.refresh_from_db()
        page = words(phone.get(reverse("portal:consignment", args=[dispatched.pk])))
        assert reverse("document", args=[dispatched.handover_document_id]) in page
        assert "Kamus asing" in page
        assert "Yang Anda laporkan" in page
        assert reverse("portal:confirm", args=[dispatched.pk]) not in page

    def test_the_answer_of_the_library_stands_beside_the_difference(
        self, phone: Client, dispatched: Consignment, lines: list[LoanLine], school: User, circulation: User
    ) -> None:
        told = [Difference("missing", lines[0].pk)]
        confirm_receipt(consignment=dispatched, actor=school, differences=told)
        address = reverse("portal:consignment", args=[dispatched.pk])
        assert "Di perpustakaan" in words(phone.get(address))
        difference = dispatched.discrepancies.get()
        resolve_discrepancy(discrepancy=difference, actor=circulation, outcome="was_in_box")
        assert "Ternyata ada di kotak" in words(phone.get(address))

    def test_a_box_that_is_still_being_picked_is_not_there(self, phone: Client, picking: Consignment) -> None:
        assert phone.get(reverse("portal:consignment", args=[picking.pk])).status_code == 404


class TestAgreement:
    def test_the_terms_in_plain_sentences(self, phone: Client, agreement: Agreement) -> None:
        assert phone.get(reverse("portal:agreements")).url == reverse("portal:agreement", args=[agreement.pk])
        page = words(phone.get(reverse("portal:agreement", args=[agreement.pk])))
        assert "Perpustakaan Bung Hatta meminjamkan 5 buku setiap kali." in page
        assert "Setiap 3 bulan semua buku ditukar" in page
        assert "diganti dalam 30 hari" in page
        assert reverse("portal:agreement_text", args=[agreement.pk]) in page

    def test_the_ways_of_replacement_are_those_agreed_on(
        self, phone: Client, library: Institution, school_library: Institution
    ) -> None:
        only = AgreementFactory(
            office=library,
            partner=school_library,
            in_force=True,
            lending={"replacement_ways": ["same_title"]},
        )
        page = words(phone.get(reverse("portal:agreement", args=[only.pk])))
        assert "Diganti dengan judul yang sama." in page
        assert "uang seharga" not in page

    def test_several_agreements_are_listed(
        self, phone: Client, agreement: Agreement, library: Institution, school_library: Institution
    ) -> None:
        AgreementFactory(
            office=library,
            partner=school_library,
            implicit=True,
            in_force=True,
            lending=False,
            kind="implicit",
        )
        page = words(phone.get(reverse("portal:agreements")))
        assert page.count("/portal/perjanjian/0") == 2

    def test_none_yet(self, phone: Client) -> None:
        assert "Belum ada perjanjian" in words(phone.get(reverse("portal:agreements")))

    def test_a_draft_is_not_shown(
        self, phone: Client, library: Institution, school_library: Institution
    ) -> None:
        draft = AgreementFactory(office=library, partner=school_library)
        assert phone.get(reverse("portal:agreement", args=[draft.pk])).status_code == 404


class TestPapers:
    def test_records_made_out_to_the_school(self, phone: Client, dispatched: Consignment) -> None:
        page = words(phone.get(reverse("portal:documents")))
        assert dispatched.handover_document is not None
        assert dispatched.handover_document.number in page
        assert "5 buku" in page
        assert "Belum ada dokumen" in words(phone.get(reverse("portal:documents"), {"jenis": "settlement"}))

    def test_none_yet(self, phone: Client) -> None:
        assert "Belum ada dokumen" in words(phone.get(reverse("portal:documents")))


class TestNews:
    def test_a_delivery_is_news_until_it_is_confirmed(
        self, phone: Client, dispatched: Consignment, school: User
    ) -> None:
        address = reverse("portal:notices")
        told = Notice.objects.filter(recipient=dispatched.partner)
        assert told.exists()
        page = words(phone.get(address))
        assert f'href="{told[0].path}"' in page
        confirm_receipt(consignment=dispatched, actor=school)
        assert "Tidak ada kabar" in words(phone.get(address))
        assert "Perpustakaan Bung Hatta" in words(phone.get(address, {"lihat": "selesai"}))

    def test_what_only_informs_becomes_history(self, phone: Client, dispatched: Consignment) -> None:
        Notice.objects.update(tone=Tone.CALM, created_at=clock.now() - timedelta(days=40))
        assert "Tidak ada kabar" in words(phone.get(reverse("portal:notices")))

    def test_the_figure_in_the_menu_goes_when_the_matter_is_settled(
        self, phone: Client, dispatched: Consignment
    ) -> None:
        Notice.objects.update(tone=Tone.DUE)
        assert '<span class="count">' in words(phone.get("/portal/"))
        settle(dispatched.pk)
        assert '<span class="count">' not in words(phone.get("/portal/"))


class TestSchool:
    def test_data_contacts_and_how_to_sign_in(
        self, phone: Client, school_library: Institution, school: User
    ) -> None:
        page = words(phone.get(reverse("portal:school")))
        assert school_library.name in page
        assert "Yusnimar" in page
        assert school.email in page
        assert "Cara masuk" in page

    def test_a_contact_is_put_right(self, phone: Client, school_library: Institution) -> None:
        person = Person.objects.get(institution=school_library)
        typed = {
            "name": "Yusnimar, M.Pd.",
            "function": "principal",
            "position": "Kepala Sekolah",
            "phone": "0812 1",
            "email": "",
        }
        answer = phone.post(reverse("portal:contact", args=[person.pk]), typed)
        assert answer.url == reverse("portal:school")
        person.refresh_from_db()
        assert (person.name, person.phone, person.signs) == ("Yusnimar, M.Pd.", "0812 1", True)

    def test_who_signs_is_not_the_schools_to_change(self, phone: Client, school_library: Institution) -> None:
        person = PersonFactory(institution=school_library, signs=False, name="Guru")
        Person.objects.filter(institution=school_library, signs=True).delete()
        typed = {"name": "Guru", "signs": "on", "nip": "196805121990032001", "institution": "x", "user": "x"}
        phone.post(reverse("portal:contact", args=[person.pk]), typed)
        person.refresh_from_db()
        assert (person.signs, person.nip, person.institution) == (False, "", school_library)

    def test_a_bad_address_is_said_and_kept(self, phone: Client, school_library: Institution) -> None:
        person = Person.objects.get(institution=school_library)
        page = words(
            phone.post(
                reverse("portal:contact", args=[person.pk]), {"name": "Yusnimar", "email": "bukan alamat"}
            )
        )
        assert 'value="bukan alamat"' in page
        assert 'role="alert"' in page

    def test_the_language_is_kept_for_the_person_and_the_device(self, phone: Client, school: User) -> None:
        answer = phone.post(reverse("portal:language"), {"language": "en"})
        assert answer.cookies["bahasa"].value == "en"
        school.refresh_from_db()
        assert school.language == "en"
        assert "Whom the library talks to" in words(phone.get(reverse("portal:school")))

    def test_an_unknown_language_is_refused(self, phone: Client, school: User) -> None:
        phone.post(reverse("portal:language"), {"language": "xx"})
        school.refresh_from_db()
        assert school.language == "id"


def test_both_languages_are_whole(
    phone: Client, dispatched: Consignment, assert_translated: Callable[[str], None]
) -> None:
    """No page of a school shows an English sentence in Indonesian dress."""
    for name in ("home", "holdings", "agreements", "documents", "notices", "school", "cases"):
        assert_translated(phone.get(reverse(f"portal:{name}"), follow=True).content.decode())


@pytest.fixture
def assert_translated() -> Callable[[str], None]:
    from django.utils.translation import gettext, override

    sentences = [
        "To do now", "Our books", "What was agreed on", "News from the library", "Records and letters",
        "Whom the library talks to", "Lost and damaged books", "Who agreed", "Papers",
    ]  # fmt: skip

    def check(page: str) -> None:
        for sentence in sentences:
            with override("id"):
                assert gettext(sentence) != sentence
            assert f">{sentence}<" not in page

    return check
