"""Was it worth it? The officer evaluates in four steps, prints the paper, and the next term is drafted (A9, A11)."""

import pytest
from playwright.sync_api import Page, expect

from agreements.models import Agreement, Evaluation
from libraries.models import User
from tests.factories import MeasurementFactory
from tests.journeys.conftest import EVERY_APP, Visitor, fetch_pdf, moves_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]


def test_four_steps_a_paper_and_the_next_term(
    visitor: Visitor, officer: User, school: User, agreement: Agreement
) -> None:
    MeasurementFactory(indicator__agreement=agreement)
    desk = visitor(officer)
    desk.goto(f"/admin/kerja/perjanjian/{agreement.pk}/")
    desk.get_by_role("link", name="Tujuan dan angka").click()
    desk.get_by_role("link", name="Evaluasi kerja sama ini").click()
    desk.get_by_role("button", name="Mulai evaluasi").click()
    _figures_and_obstacles(desk)
    _words_and_end(desk)
    finished = Evaluation.objects.get(agreement=agreement)
    assert finished.number and finished.document is not None
    fetch_pdf(desk, "Evaluasi (PDF)")
    _renews(desk, agreement)
    phone = visitor(school, width=360, has_touch=True, is_mobile=True)
    phone.goto(f"/portal/evaluasi/{finished.pk}/")
    expect(phone.get_by_role("main")).to_contain_text("Murid lebih sering meminjam.")
    assert not moves_sideways(phone)


def _figures_and_obstacles(desk: Page) -> None:
    expect(desk.locator("[aria-current=step]")).to_have_text("Angka")
    desk.get_by_role("link", name="Lanjut ke hambatan").click()
    desk.get_by_role("link", name="Catat hambatan").click()
    desk.get_by_label("Jenis").select_option(label="Ketenagaan")
    desk.get_by_label("Yang menghambat").fill("Guru pustakawan berganti.")
    desk.get_by_label("Penanggulangannya").fill("Pelatihan bagi guru yang baru.")
    desk.get_by_role("button", name="Simpan").click()
    expect(desk.get_by_role("main")).to_contain_text("Guru pustakawan berganti.")
    desk.get_by_role("link", name="Lanjut ke kesimpulan").click()


def _words_and_end(desk: Page) -> None:
    desk.get_by_role("button", name="Simpan dan lihat semuanya").click()
    expect(desk.get_by_role("main")).to_contain_text("Masih ada yang kurang")
    expect(desk.get_by_role("main")).to_contain_text("Kesimpulan belum ditulis.")
    expect(desk.get_by_role("button", name="Selesaikan evaluasi")).to_have_count(0)
    desk.get_by_role("link", name="Lengkapi").click()
    desk.get_by_label("Apa hasil kerja sama ini?").fill("Murid lebih sering meminjam.")
    desk.get_by_label("Diperpanjang", exact=True).check()
    desk.get_by_role("button", name="Simpan dan lihat semuanya").click()
    desk.get_by_role("button", name="Selesaikan evaluasi").click()
    expect(desk.get_by_role("main")).to_contain_text("Selesai")


def _renews(desk: Page, agreement: Agreement) -> None:
    """Evaluated as it is, it is renewed without a reason having to be given."""
    desk.get_by_role("link", name="Lanjut ke perjanjian").click()
    desk.get_by_role("link", name="Perpanjang", exact=True).click()
    desk.get_by_role("button", name="Buat konsep").click()
    following = Agreement.objects.get(predecessor=agreement)
    expect(desk).to_have_url(f"/admin/kerja/perjanjian/{following.pk}/ubah/")
