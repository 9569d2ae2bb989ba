"""A partner and its agreements: reading, remarking, agreeing, ticking off, and what it is asked on its first page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agreements.choices import AgreementStatus, PartyRole
from agreements.models import Agreement, Obligation, Party
from agreements.services.continuing import amend_agreement, derive_work_plan
from agreements.services.drafting import revise_agreement
from agreements.services.negotiating import (
    agree_to_text,
    negotiate_agreement,
    remark_on_agreement,
    send_to_review,
)
from agreements.services.obligations import add_obligation, let_lapse
from agreements.services.signing import record_signature, reopen_agreement, submit_agreement
from kerjasama.domain import clock
from kerjasama.domain.wording import plain_date
from libraries.models import Institution, User
from tests.factories import AgreementFactory
from tests.portal.conftest import words


@pytest.fixture
def before_us(library: Institution, school_library: Institution, officer: User) -> Agreement:
    """A text that the library has put before SDN 01."""
    draft = AgreementFactory(office=library, partner=school_library, relation="Setara.")
    return negotiate_agreement(agreement=draft, actor=officer)


@pytest.fixture
def duty(agreement: Agreement, officer: User) -> Obligation:
    return add_obligation(
        agreement=agreement,
        actor=officer,
        party=agreement.parties.get(role="second"),
        text="Menyediakan rak baca",
        due_on=clock.today() + timedelta(days=2),
    )


def page_of(phone: Client, row: Agreement, name: str = "agreement") -> str:
    return words(phone.get(reverse(f"portal:{name}", args=[row.pk])))


class TestText:
    def test_every_article_stands_there_as_it_will_be_printed(
        self, phone: Client, before_us: Agreement
    ) -> None:
        page = page_of(phone, before_us, "agreement_text")
        assert "Pasal 3" in page and "Peminjaman koleksi" in page
        assert "sebanyak 5 (lima) eksemplar" in page
        assert "Murid membaca lebih banyak." in page
        assert "Beri catatan untuk Pasal 3" in page
        assert "Ini naskahnya. Silakan dibaca." in page

    def test_a_remark_names_its_article_and_is_told_to_the_library(
        self, phone: Client, before_us: Agreement
    ) -> None:
        url = reverse("portal:agreement_text", args=[before_us.pk])
        assert 'value="3" selected' in words(phone.get(url, {"pasal": 3}))
        answer = phone.post(url, {"article": 3, "note": "Seratus buku terlalu banyak."}, follow=True)
        assert "Catatan Anda sudah sampai" in words(answer)
        event = before_us.events.get(action="remark")
        assert event.note == "Pasal 3: Seratus buku terlalu banyak."
        page = words(answer)
        assert "Seratus buku terlalu banyak." in page
        assert "said--mine" in page

    def test_an_empty_remark_is_asked_for(self, phone: Client, before_us: Agreement) -> None:
        answer = phone.post(reverse("portal:agreement_text", args=[before_us.pk]), {"note": " "})
        assert answer.status_code == 422
        assert "Tulis catatan Anda." in words(answer)

    def test_one_button_agrees(self, phone: Client, before_us: Agreement) -> None:
        url = reverse("portal:agreement_agree", args=[before_us.pk])
        assert "Setujui naskah ini?" in words(phone.get(url))
        page = words(phone.post(url, follow=True))
        assert "Anda menyetujui naskah ini pada" in page
        assert before_us.events.filter(action="agree").count() == 1
        text = page_of(phone, before_us, "agreement_text")
        assert url not in text

    def test_a_text_that_changed_since_is_asked_about_again(
        self, phone: Client, before_us: Agreement, officer: User, school: User
    ) -> None:
        agree_to_text(agreement=before_us, actor=school)
        revise_agreement(agreement=before_us, actor=officer, aims="Lain sama sekali.")
        page = page_of(phone, before_us, "agreement_text")
        assert "Lain sama sekali." in page
        assert "Silakan baca naskahnya dan jawab" in page
        assert "Anda menyetujui" not in page

    def test_agreeing_too_late_is_refused_in_words(
        self, phone: Client, before_us: Agreement, officer: User
    ) -> None:
        submit_agreement(agreement=before_us, actor=officer)
        answer = phone.post(reverse("portal:agreement_agree", args=[before_us.pk]))
        assert answer.status_code == 409
        assert "error-summary" in words(answer)

    def test_the_draft_can_be_printed(self, phone: Client, before_us: Agreement) -> None:
        answer = phone.get(reverse("portal:agreement_draft", args=[before_us.pk]))
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")

    def test_what_is_issued_is_read_from_the_frozen_paper(
        self, phone: Client, before_us: Agreement, officer: User
    ) -> None:
        submit_agreement(agreement=before_us, actor=officer)
        Agreement.objects.filter(pk=before_us.pk).update(aims="Sesuatu yang lain.")
        page = page_of(phone, before_us, "agreement_text")
        assert "Murid membaca lebih banyak." in page and "Sesuatu yang lain." not in page
        assert "perubahannya hanya dengan adendum" in page

    def test_back_in_draft_it_is_gone(self, phone: Client, before_us: Agreement, officer: User) -> None:
        reopen_agreement(agreement=before_us, actor=officer, note="salah nama")
        assert phone.get(reverse("portal:agreement_text", args=[before_us.pk])).status_code == 404

    def test_a_further_party_reads_but_does_not_answer(
        self, signed_in: Any, before_us: Agreement, other_school: User, other_school_library: Institution
    ) -> None:
        Party.objects.create(agreement=before_us, institution=other_school_library, role=PartyRole.MEMBER)
        page = words(signed_in(other_school).get(reverse("portal:agreement_text", args=[before_us.pk])))
        assert "Peminjaman koleksi" in page
        assert "Kirim catatan" not in page and "/setuju/" not in page

    def test_reading_costs_the_same_however_much_was_said(
        self,
        phone: Client,
        before_us: Agreement,
        school: User,
        officer: User,
        django_assert_max_num_queries: Any,
    ) -> None:
        for number in range(10):
            remark_on_agreement(
                agreement=before_us, actor=(school, officer)[number % 2], note=f"Catatan {number}"
            )
        with django_assert_max_num_queries(26):
            page_of(phone, before_us, "agreement_text")


class TestPage:
    def test_who_has_signed_and_who_is_still_to(
        self, phone: Client, before_us: Agreement, officer: User
    ) -> None:
        row = submit_agreement(agreement=before_us, actor=officer)
        record_signature(
            agreement=row, actor=officer, party=row.parties.get(role="first"), signed_on=clock.today()
        )
        page = page_of(phone, row)
        assert page.count("Ditandatangani ") == 1
        assert page.count("Belum ditandatangani") == 1

    def test_a_review_says_that_nothing_is_to_be_done(
        self, phone: Client, before_us: Agreement, officer: User
    ) -> None:
        send_to_review(agreement=before_us, actor=officer)
        assert "ditelaah dari segi hukum" in page_of(phone, before_us)

    def test_the_last_day_of_notice(self, phone: Client, agreement: Agreement) -> None:
        assert agreement.ends_on
        day = agreement.ends_on - timedelta(days=agreement.notice_days)
        assert plain_date(day) in page_of(phone, agreement)

    def test_addenda_and_work_plans_under_it(
        self,
        phone: Client,
        agreement: Agreement,
        officer: User,
        library: Institution,
        school_library: Institution,
    ) -> None:
        addendum = amend_agreement(agreement=agreement, actor=officer)
        plan = derive_work_plan(
            agreement=agreement, actor=officer, office=library, partner=school_library, title="Pelatihan 2026"
        )
        assert "Pelatihan 2026" not in page_of(phone, agreement), "drafts are the library's own"
        Agreement.objects.filter(pk__in=[addendum.pk, plan.pk]).update(status=AgreementStatus.NEGOTIATION)
        page = page_of(phone, agreement)
        assert "Berkaitan" in page and "Pelatihan 2026" in page and "Adendum" in page
        assert "Mengubah" in page_of(phone, addendum)
        assert "Berada di bawah" in page_of(phone, plan)

    def test_earlier_versions_are_kept_apart(
        self, phone: Client, before_us: Agreement, officer: User
    ) -> None:
        row = submit_agreement(agreement=before_us, actor=officer)
        row = reopen_agreement(agreement=row, actor=officer, note="salah nama")
        row = submit_agreement(agreement=row, actor=officer)
        page = page_of(phone, row)
        assert "Versi 1" in page and "Versi 2" not in page
        assert "tidak berlaku lagi" in page


class TestDuties:
    def test_they_stand_on_the_page_of_the_agreement(
        self, phone: Client, agreement: Agreement, duty: Obligation, officer: User
    ) -> None:
        add_obligation(
            agreement=agreement,
            actor=officer,
            party=agreement.parties.get(role="first"),
            text="Melatih guru",
            due_on=clock.today() + timedelta(days=60),
        )
        page = page_of(phone, agreement)
        assert (
            page.index("Yang Anda sanggupi") < page.index("Menyediakan rak baca") < page.index("Melatih guru")
        )

    @pytest.mark.parametrize(
        ("how", "note", "status"), [("fulfil", "", "fulfilled"), ("fulfil_partly", "Satu rak.", "partly")]
    )
    def test_it_is_ticked_off(
        self, how: str, note: str, status: str, phone: Client, duty: Obligation
    ) -> None:
        url = reverse("portal:duty", args=[duty.pk])
        assert "Menyediakan rak baca" in words(phone.get(url))
        answer = phone.post(url, {"how": how, "note": note}, follow=True)
        assert "Sudah dicatat" in words(answer)
        duty.refresh_from_db()
        assert (duty.status, duty.note) == (status, note)
        assert note in words(phone.get(url))

    def test_a_part_needs_its_remark(self, phone: Client, duty: Obligation) -> None:
        answer = phone.post(reverse("portal:duty", args=[duty.pk]), {"how": "fulfil_partly", "note": ""})
        assert answer.status_code == 422
        duty.refresh_from_db()
        assert duty.status == "open"

    def test_what_was_partly_done_can_be_finished(self, phone: Client, duty: Obligation) -> None:
        url = reverse("portal:duty", args=[duty.pk])
        phone.post(url, {"how": "fulfil_partly", "note": "Satu rak."})
        page = words(phone.get(url))
        assert 'type="hidden" name="how"' in page
        phone.post(url, {"how": "fulfil"})
        duty.refresh_from_db()
        assert duty.status == "fulfilled"

    def test_what_has_lapsed_is_only_read(self, phone: Client, duty: Obligation, officer: User) -> None:
        let_lapse(obligation=duty, actor=officer, note="Rak tidak diperlukan lagi.")
        page = words(phone.get(reverse("portal:duty", args=[duty.pk])))
        assert "Tidak diminta lagi." in page and "Rak tidak diperlukan lagi." in page

    def test_that_of_another_party_is_read_not_ticked(
        self, phone: Client, agreement: Agreement, officer: User
    ) -> None:
        theirs = add_obligation(
            agreement=agreement,
            actor=officer,
            party=agreement.parties.get(role="first"),
            text="Melatih guru",
            due_on=clock.today() + timedelta(days=60),
        )
        url = reverse("portal:duty", args=[theirs.pk])
        assert "Ini tugas" in words(phone.get(url))
        assert phone.post(url, {"how": "fulfil"}).status_code == 403

    def test_strangers_find_none(self, signed_in: Any, other_school: User, duty: Obligation) -> None:
        assert signed_in(other_school).get(reverse("portal:duty", args=[duty.pk])).status_code == 404


class TestFirstPage:
    def test_a_text_waits_until_it_is_answered(self, phone: Client, before_us: Agreement) -> None:
        home = reverse("portal:home")
        text = reverse("portal:agreement_text", args=[before_us.pk])
        assert text in words(phone.get(home))
        phone.post(text, {"note": "Pasal 3 terlalu ketat."})
        assert text not in words(phone.get(home))

    def test_a_duty_appears_when_it_is_near_and_goes_when_it_is_done(
        self, phone: Client, duty: Obligation, officer: User, agreement: Agreement
    ) -> None:
        far = add_obligation(
            agreement=agreement,
            actor=officer,
            party=duty.party,
            text="Melapor",
            due_on=clock.today() + timedelta(days=40),
        )
        page = words(phone.get(reverse("portal:home")))
        assert reverse("portal:duty", args=[duty.pk]) in page
        assert reverse("portal:duty", args=[far.pk]) not in page
        phone.post(reverse("portal:duty", args=[duty.pk]), {"how": "fulfil"})
        assert reverse("portal:duty", args=[duty.pk]) not in words(phone.get(reverse("portal:home")))

    def test_one_that_is_late_says_so(self, phone: Client, duty: Obligation) -> None:
        Obligation.objects.filter(pk=duty.pk).update(due_on=clock.today() - timedelta(days=1))
        page = words(phone.get(reverse("portal:home")))
        assert "task--bad" in page and "Menyediakan rak baca" in page
