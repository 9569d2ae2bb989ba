"""Eight questions go out, a school answers them on its telephone, and what is missing becomes work (F1)."""

import pytest
from playwright.sync_api import Page, expect

from agreements.models import Agreement
from libraries.models import Assessment, User
from tests.journeys.conftest import EVERY_APP, Visitor, moves_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]


def test_questions_answers_and_what_follows(
    visitor: Visitor, officer: User, school: User, agreement: Agreement
) -> None:
    desk = visitor(officer)
    desk.goto("/admin/kerja/kesiapan/")
    desk.get_by_role("link", name="Tanyai mitra").first.click()
    desk.get_by_label("SD Negeri 01 Benteng").check()
    desk.get_by_label("Pesan untuk mitra").fill("Mohon dijawab bersama kepala sekolah.")
    desk.get_by_role("button", name="Kirim pertanyaan").click()
    expect(desk.get_by_role("main")).to_contain_text("Kesiapan")
    asked = Assessment.objects.get()

    phone = visitor(school, width=360, has_touch=True, is_mobile=True)
    _answers(phone)
    asked.refresh_from_db()
    assert asked.status == "answered"
    gaps = set(asked.follow_ups.values_list("question", flat=True))
    assert len(gaps) == 2
    _reads_and_closes(desk, asked)
    _reports_done(phone, asked)


def _answers(phone: Page) -> None:
    phone.goto("/portal/")
    phone.get_by_role("link", name="Jawab pertanyaan").first.tap()
    expect(phone.get_by_role("main")).to_contain_text("Mohon dijawab bersama kepala sekolah.")
    assert not moves_sideways(phone)
    for number in range(8):
        word = {4: "Tidak", 6: "Sebagian"}.get(number, "Ya")
        phone.get_by_role("radio", name=word, exact=True).nth(number).check()
    phone.get_by_role("button", name="Kirim jawaban").tap()
    expect(phone.get_by_role("main")).to_contain_text("dari 100")
    assert not moves_sideways(phone)


def _reads_and_closes(desk: Page, asked: Assessment) -> None:
    desk.goto("/admin/")
    desk.locator(f"main a[href*='{asked.pk}']").first.click()
    for row in asked.follow_ups.all():
        expect(desk.get_by_role("main")).to_contain_text(row.what)
    desk.get_by_role("link", name="Tutup setelah ditinjau").click()
    desk.locator("main form textarea").first.fill("Dibahas lewat telepon.")
    desk.locator("main form button[type=submit]").first.click()
    expect(desk.get_by_role("main")).to_contain_text("Sudah ditinjau")


def _reports_done(phone: Page, asked: Assessment) -> None:
    """Its day is far, so it does not stand on the first page yet; the page of readiness has it."""
    phone.goto("/portal/sekolah/")
    phone.get_by_role("link", name="Kesiapan kita").tap()
    phone.locator("main a[href*='/tindak-lanjut/']").first.tap()
    phone.get_by_label("Apa yang sudah dikerjakan").fill("Daftar koleksi sudah dibuat.")
    phone.get_by_role("button", name="Sudah selesai").tap()
    expect(phone.get_by_role("main")).to_contain_text("Perpustakaan melihat bahwa ini sudah selesai.")
    assert asked.follow_ups.filter(status="done").count() == 1
