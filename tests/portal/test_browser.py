"""The portal as a teacher meets it: a phone of 360 px, a thumb, a village network, perhaps no script at all."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from libraries.models import User
from loans.choices import ConsignmentStatus
from loans.models import Case, Consignment, Discrepancy, LoanLine
from tests.support.barriers import by_day_and_in_the_dark

EVERY_APP = [config.name for config in apps.get_app_configs()]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

Opener = Callable[..., Page]


@pytest.fixture
def phone_page(
    chromium: Browser, live_server: Any, signed_in: Callable[[User], Client], school: User
) -> Iterator[Opener]:
    """``phone_page(width=…, script=…)``: a page with the school's session; the policy may never be broken on it."""
    opened: list[Page] = []
    said: list[str] = []

    def make(width: int = 360, script: bool = True, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 740},
            locale="id-ID",
            java_script_enabled=script,
            base_url=str(live_server),
            **options,
        )
        session = signed_in(school).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": str(live_server)}]
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda fault: said.append(str(fault)))
        opened.append(page)
        return page

    yield make
    for page in opened:
        page.context.close()
    assert [line for line in said if "Content Security" in line or "Error" in line] == []


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 80, 40)).save(content, "JPEG")
    path = tmp_path / "foto.jpg"
    path.write_bytes(content.getvalue())
    return path


def test_all_fine_takes_three_taps(phone_page: Opener, dispatched: Consignment) -> None:
    page = phone_page()
    page.goto("/portal/")
    page.get_by_role("link", name="Konfirmasi penerimaan", exact=True).click()
    page.get_by_role("button", name="Ya, semua lengkap dan baik").click()
    page.get_by_role("button", name="Konfirmasi penerimaan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Terima kasih, penerimaan sudah dikonfirmasi")
    dispatched.refresh_from_db()
    assert dispatched.status == ConsignmentStatus.RECEIVED


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_receipt_with_differences(
    phone_page: Opener, dispatched: Consignment, lines: list[LoanLine], picture: Path, script: bool
) -> None:
    page = phone_page(script=script)
    page.goto(reverse("portal:confirm", args=[dispatched.pk]))
    page.get_by_role("button", name="Tidak, ada yang berbeda").click()
    page.get_by_role("link", name="Ada buku yang tidak ada di kotak").click()
    # Looking for a book by the last digits of its barcode narrows the list and keeps the ticks.
    page.get_by_label(lines[0].copy.barcode).check()
    page.get_by_label("Cari buku").fill(lines[3].copy.barcode[-6:])
    if not script:
        page.get_by_role("button", name="Cari").click()
    expect(page.get_by_label(lines[1].copy.barcode)).to_be_hidden()
    page.get_by_label(lines[3].copy.barcode).check()
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.get_by_role("heading", name="2 buku tidak ada di kotak")).to_be_visible()
    page.get_by_role("link", name="Ada lagi yang berbeda").click()
    page.get_by_role("link", name="Ada buku di luar daftar").click()
    page.get_by_label("Buku apa itu?").fill("Kamus Bergambar, BH-999")
    page.get_by_label("Foto").set_input_files(picture)
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.get_by_text("Dengan foto")).to_be_visible()
    page.go_back()
    page.go_forward()
    page.get_by_role("button", name="Kirim beserta perbedaan ini").click()
    expect(page.get_by_text("Perpustakaan memeriksa 3 perbedaan")).to_be_visible()
    assert Discrepancy.objects.filter(photograph__isnull=False).count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_loss(phone_page: Opener, received: Consignment, script: bool) -> None:
    page = phone_page(script=script)
    page.goto("/portal/")
    page.get_by_role("link", name="Laporkan buku hilang atau rusak").click()
    page.locator("main .lines a.line").first.click()
    page.get_by_label("Hilang: sudah dicari").check()
    page.get_by_label("Bagaimana kejadiannya?").fill("Tertinggal di angkot.")
    page.get_by_role("button", name="Lanjut: periksa jawaban").click()
    page.get_by_role("link", name="Kembali", exact=True).click()
    expect(page.get_by_label("Bagaimana kejadiannya?")).to_have_value("Tertinggal di angkot.")
    page.get_by_role("button", name="Lanjut: periksa jawaban").click()
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_text("Perpustakaan sedang memeriksa laporan Anda")).to_be_visible()
    assert Case.objects.get().account == "Tertinggal di angkot."


def test_words_typed_before_a_cut_are_offered_back(phone_page: Opener, received: Consignment) -> None:
    """U8: kept on the device each three seconds, and when the page is left."""
    line = received.lines.all()[0]
    page = phone_page()
    address = reverse("portal:report_loss", args=[line.pk])
    page.goto(address)
    page.get_by_label("Rusak: tidak dapat").check()
    page.get_by_label("Bagaimana kejadiannya?").fill("Kena hujan di jalan.")
    page.context.set_offline(True)
    page.wait_for_timeout(3_500)
    page.context.set_offline(False)
    page.goto(address)
    expect(page.get_by_label("Bagaimana kejadiannya?")).to_have_value("")
    page.locator("[data-draft-take]").click()
    expect(page.get_by_label("Bagaimana kejadiannya?")).to_have_value("Kena hujan di jalan.")
    expect(page.get_by_label("Rusak: tidak dapat")).to_be_checked()


def test_what_must_be_put_right_is_where_reading_starts(phone_page: Opener, dispatched: Consignment) -> None:
    """U5: the summary is focused, and each line leads to its field."""
    page = phone_page()
    page.goto(reverse("portal:confirm_extra", args=[dispatched.pk]))
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith("Galat:")
    page.locator(".error-summary a").click()
    expect(page.get_by_label("Buku apa itu?")).to_be_focused()


@pytest.fixture
def addresses(assessed: Case, received: Consignment) -> list[str]:
    line = received.lines.exclude(pk=assessed.line_id)[0]
    agreement = received.period.programme.agreement_id
    person = received.partner.people.all()[0]
    things: dict[str, list[Any]] = {
        "agreement": [agreement],
        "book": [line.pk],
        "case": [assessed.pk],
        "cases": [],
        "confirm": [received.pk],
        "confirm_done": [received.pk],
        "consignment": [received.pk],
        "contact": [person.pk],
        "documents": [],
        "holdings": [],
        "home": [],
        "notices": [],
        "report_loss": [line.pk],
        "school": [],
        "wishes": [],
    }
    return [reverse(f"portal:{name}", args=args) for name, args in things.items()]


@pytest.fixture
def form_addresses(dispatched: Consignment) -> list[str]:
    names = (
        "confirm",
        "confirm_differences",
        "confirm_missing",
        "confirm_damaged",
        "confirm_extra",
        "confirm_check",
    )
    return [reverse(f"portal:{name}", args=[dispatched.pk]) for name in names]


def test_nothing_keeps_a_reader_out(phone_page: Opener, addresses: list[str]) -> None:
    _no_barrier(phone_page(bypass_csp=True, reduced_motion="reduce"), addresses)


def test_nothing_keeps_a_reader_out_of_the_form(phone_page: Opener, form_addresses: list[str]) -> None:
    _no_barrier(phone_page(bypass_csp=True, reduced_motion="reduce"), form_addresses)


def _no_barrier(page: Page, addresses: list[str]) -> None:
    for address in addresses:
        page.goto(address)
        assert by_day_and_in_the_dark(page) == {}, address


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_moves_sideways(phone_page: Opener, addresses: list[str], width: int) -> None:
    page = phone_page(width=width)
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_finger_hits_every_control(
    phone_page: Opener, addresses: list[str], form_addresses: list[str]
) -> None:
    """U2: 44 px. A box counts with the line of words that it belongs to; links inside a sentence are exempt."""
    page = phone_page()
    for address in [*addresses, *form_addresses]:
        page.goto(address)
        small = page.evaluate(
            """() => [...document.querySelectorAll('main a, main button, main input:not([type=hidden]), main select,'
                + 'main summary, nav.menubar a')]
                .filter((one) => !one.closest('p:has(> a ~ *), dd') || one.matches('.btn'))
                .map((one) => [one, (one.closest('label, .field--check') || one).getBoundingClientRect()])
                .filter(([, box]) => box.width > 0 && box.height < 43.5)
                .map(([one]) => one.outerHTML.slice(0, 120))"""
        )
        assert small == [], address
