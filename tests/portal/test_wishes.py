"""Wishes on the phone (L10): looked up, tapped, answered, taken back."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from libraries.models import User
from loans.models import Consignment, Programme, Wish
from loans.services.wishing import decline_wish, make_wish, promise_wish
from tests.factories import CopyFactory, TitleFactory
from tests.portal.conftest import words
from tests.portal.test_browser import EVERY_APP, Opener, phone_page

__all__ = ["phone_page"]
LIST = "/portal/keinginan/"
NEW = "/portal/keinginan/baru/"


@pytest.mark.django_db
class TestWishing:
    def test_a_title_of_the_library_and_one_that_nobody_has(
        self, phone: Client, programme: Programme
    ) -> None:
        own = CopyFactory(
            owner=programme.lender, title__title="Laskar Pelangi", title__authors=["Andrea Hirata"]
        )
        TitleFactory(title="Laskar Lain")
        page = words(phone.get(LIST, {"q": "laskar"}))
        assert page.index("Laskar Pelangi") < page.index("Laskar Lain")
        assert ("1 eksemplar" in page, "Tidak ada di perpustakaan" in page) == (True, True)
        assert "Laskar Lain" not in words(phone.get(LIST, {"q": "hirata"}))
        done = phone.post(NEW, {"bentuk": "judul", "title": own.title_id, "priority": "3"}, follow=True)
        wish = Wish.objects.get()
        assert (wish.title_id, wish.priority, wish.partner) == (own.title_id, 3, programme.partner)
        assert "ada di daftar Anda" in words(done)
        assert "Perlu untuk pelajaran" in words(phone.get(LIST))
        assert "Sudah di daftar" in words(phone.get(LIST, {"q": "pelangi"}))
        again = phone.post(NEW, {"bentuk": "judul", "title": own.title_id})
        assert (again.status_code, "sudah ada di daftar" in words(again)) == (409, True)

    def test_what_nobody_has_is_said_at_once(self, phone: Client, programme: Programme) -> None:
        done = phone.post(NEW, {"bentuk": "judul", "title": TitleFactory().pk}, follow=True)
        assert "tidak punya eksemplar" in words(done)

    def test_a_subject_and_a_book_in_our_own_words(self, phone: Client, programme: Programme) -> None:
        phone.post(NEW, {"bentuk": "bidang", "subject": "500", "reading_level": "early", "priority": "1"})
        phone.post(NEW, {"bentuk": "tulisan", "words": "Ensiklopedi paus", "note": "Kelas 4"})
        assert sorted(Wish.objects.values_list("subject", "words", "priority")) == [
            ("", "Ensiklopedi paus", 2),
            ("500", "", 1),
        ]
        page = words(phone.get(LIST))
        assert ("Ensiklopedi paus" in page, "Kelas 4" in page) == (True, True)

    @pytest.mark.parametrize("sent", [{}, {"bentuk": "bidang"}, {"bentuk": "tulisan"}, {"bentuk": "judul"}])
    def test_nothing_chosen_is_asked_again(self, sent: Any, phone: Client, programme: Programme) -> None:
        answer = phone.post(NEW, sent)
        assert (answer.status_code, "error-summary" in answer.content.decode()) == (422, True)
        assert not Wish.objects.exists()

    def test_without_a_programme_the_page_says_what_to_do(self, phone: Client) -> None:
        assert "Minta kerja sama" in words(phone.get(LIST))
        answer = phone.post(NEW, {"bentuk": "tulisan", "words": "Atlas"})
        assert (answer.status_code, Wish.objects.exists()) == (422, False)

    def test_what_came_before_is_not_offered(self, phone: Client, dispatched: Consignment) -> None:
        title = dispatched.lines.select_related("copy__title").first().copy.title
        assert "Pernah di sekolah" in words(phone.get(LIST, {"q": title.title}))


@pytest.mark.django_db
class TestAnswers:
    def test_each_wish_says_how_it_stands(
        self, phone: Client, programme: Programme, school: User, circulation: User
    ) -> None:
        sides = {"lender": programme.lender, "partner": programme.partner, "actor": school}
        first = make_wish(**sides, words="Atlas Dunia")
        second = make_wish(**sides, words="Kamus Minang")
        promise_wish(wish=first, actor=circulation, period=programme.periods.first(), note="Baru dibeli.")
        decline_wish(wish=second, actor=circulation, note="Sudah tidak dicetak.")
        page = words(phone.get(LIST))
        for said in ("Dijanjikan", "Baru dibeli.", "Ditolak", "Sudah tidak dicetak."):
            assert said in page

    def test_taken_back_after_a_question(
        self, phone: Client, programme: Programme, school: User, circulation: User
    ) -> None:
        wish = make_wish(lender=programme.lender, partner=programme.partner, actor=school, words="Atlas")
        url = reverse("portal:wish_withdraw", args=[wish.pk])
        assert "Atlas" in words(phone.get(url))
        assert phone.post(url).status_code == 302
        wish.refresh_from_db()
        assert wish.status == "withdrawn"
        assert phone.post(url).status_code == 409

    def test_what_it_costs(
        self, phone: Client, programme: Programme, django_assert_max_num_queries: Any
    ) -> None:
        from tests.factories import WishFactory

        sides = {"lender": programme.lender, "partner": programme.partner}
        WishFactory.create_batch(12, **sides)
        WishFactory.create_batch(12, **sides, status="declined", answered=True)
        phone.get(LIST)
        with django_assert_max_num_queries(12):
            assert phone.get(LIST, {"q": "cerita"}).status_code == 200


@pytest.mark.browser
@pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_wish_from_the_first_page(phone_page: Opener, programme: Programme, script: bool) -> None:
    CopyFactory(owner=programme.lender, title__title="Laskar Pelangi yang Sangat Panjang Judulnya Sekali")
    page = phone_page(script=script)
    page.goto("/portal/")
    page.get_by_role("link", name="Ajukan keinginan buku").click()
    page.get_by_label("Judul, pengarang, atau ISBN").fill("pelangi laskar")
    page.get_by_role("button", name="Cari").click()
    page.get_by_label("Seberapa diinginkan?").first.select_option("Perlu untuk pelajaran")
    page.get_by_role("button", name=re.compile("Ajukan ?: Laskar")).click()
    expect(page.get_by_role("heading", name="Menunggu")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_text("Ajukan keinginan untuk suatu bidang").click()
    page.get_by_label("Bidang").select_option("500")
    page.get_by_role("button", name="Ajukan untuk bidang ini").click()
    expect(page.locator(".line__title", has_text="500")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("link", name=re.compile("Tarik ?: Laskar")).click()
    page.get_by_role("button", name="Tarik kembali").click()
    expect(page.get_by_text("Ditarik kembali")).to_be_visible()
    assert sorted(Wish.objects.values_list("status", flat=True)) == ["open", "withdrawn"]
