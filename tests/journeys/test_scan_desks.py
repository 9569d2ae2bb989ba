"""Scanners at every desk, at 20 ms a key, with cuts in the middle; the camera of a phone, real and refused (U15–U21)."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from libraries.models import Institution, User
from loans.models import Consignment, LoanLine, ReturnVisit, Scan, Stocktake
from loans.services.counting import open_stocktake
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.returning import open_return_visit
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve
from tests.journeys.conftest import EVERY_APP, Visitor, moves_sideways
from tests.journeys.seeing import shows_a_label

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

SCANNER = 20  # milliseconds from key to key


def scanner(page: Page, *barcodes: str, end: str = "Enter") -> None:
    """Codes as a wedge scanner types them: into whatever has the focus, the next without waiting for an answer."""
    for barcode in barcodes:
        page.keyboard.type(barcode, delay=SCANNER)
        page.keyboard.press(end)


@pytest.fixture
def packing(library: Institution, school_library: Institution, circulation: User) -> Consignment:
    """Thirty books to be packed for SDN 01."""
    shelve(library, 40)
    agreement = AgreementFactory(
        office=library, partner=school_library, in_force=True, lending={"quantity": 30}
    )
    programme = open_programme(agreement=agreement, actor=circulation)
    return propose_consignment(period=programme.periods.order_by("sequence")[0], actor=circulation)


@pytest.fixture
def thirty(packing: Consignment, circulation: User) -> Consignment:
    """The thirty books are at the school."""
    scan_all(packing, circulation)
    return dispatch_consignment(consignment=packing, actor=circulation)


def codes_of(consignment: Consignment) -> list[str]:
    return [line.copy.barcode for line in LoanLine.objects.filter(consignment=consignment).in_shelf_order()]


def thirty_codes_with_a_cut(page: Page, codes: list[str]) -> None:
    """Ten, ten without a connection, ten more; Tab ends as well as Enter; none is lost, the figure is right."""
    expect(page.locator("[data-scan-field]")).to_be_focused()
    scanner(page, *codes[:10], end="Tab")
    expect(page.locator("#scan-count")).to_have_text("10 dari 30")
    page.context.set_offline(True)
    scanner(page, *codes[10:20])
    strip = page.locator("#scan-queue")
    expect(strip).to_contain_text("Sambungan terputus")
    expect(strip).to_contain_text("10 menunggu dikirim")
    expect(strip).to_contain_text("Terakhir terkirim pukul")
    page.context.set_offline(False)
    scanner(page, *codes[20:])
    expect(page.locator("#scan-count")).to_have_text("30 dari 30", timeout=60_000)
    expect(strip).to_be_hidden()
    expect(page.locator("#scans > li").first).to_contain_text(codes[-1])
    expect(page.locator("[data-scan-field]")).to_be_focused()
    assert page.evaluate("document.querySelectorAll('[data-missing]:not([hidden])').length") == 0


def test_thirty_come_back(visitor: Visitor, thirty: Consignment, circulation: User) -> None:
    visit = open_return_visit(lender=thirty.lender, partner=thirty.partner, actor=circulation)
    page = visitor(circulation)
    page.goto(reverse("work:return_desk", args=[visit.pk]))
    thirty_codes_with_a_cut(page, codes_of(thirty))
    rows = Scan.objects.filter(return_visit=visit)
    assert rows.filter(outcome="ok").count() == rows.count() == 30
    assert rows.filter(recorded_offline=True).count() >= 10
    assert set(ReturnVisit.objects.get().lines.values_list("condition_back", flat=True)) == {"good"}


def test_a_key_says_the_condition_and_digits_stay_in_the_code(
    visitor: Visitor, thirty: Consignment, circulation: User
) -> None:
    visit = open_return_visit(lender=thirty.lender, partner=thirty.partner, actor=circulation)
    first, second, third, *_rest = codes_of(thirty)
    page = visitor(circulation)
    page.goto(reverse("work:return_desk", args=[visit.pk]))
    page.keyboard.press("F9")
    scanner(page, first)
    scanner(page, second)
    page.keyboard.press("F8")
    scanner(page, third)
    expect(page.locator("#scan-count")).to_have_text("3 dari 30")
    back = dict(visit.lines.values_list("copy__barcode", "condition_back"))
    assert back == {first: "damaged", second: "good", third: "worn"}


def test_thirty_are_counted(visitor: Visitor, thirty: Consignment, circulation: User) -> None:
    stocktake = open_stocktake(lender=thirty.lender, partner=thirty.partner, actor=circulation)
    page = visitor(circulation)
    page.goto(reverse("work:stocktake", args=[stocktake.pk]))
    thirty_codes_with_a_cut(page, codes_of(thirty))
    page.keyboard.press("F2")
    expect(page.locator("#scan-count")).to_have_text("29 dari 30")
    page.get_by_role("link", name="Selesai menghitung").click()
    page.get_by_role("button", name="Selesai menghitung").click()
    expect(page.locator("#messages")).to_contain_text("29 dari 30")
    assert Stocktake.objects.get().seen_count == 29


def test_a_closed_tab_loses_nothing_and_what_is_refused_waits_for_a_decision(
    visitor: Visitor, packing: Consignment, circulation: User
) -> None:
    """U20, U21: scanned in the stacks without a network, the tab closed; at the desk everything is sent."""
    codes = codes_of(packing)
    page = visitor(circulation)
    page.goto(reverse("work:scan", args=[packing.pk]))
    page.context.set_offline(True)
    scanner(page, *codes[:4], "BUKAN-KODE")
    expect(page.locator("#scan-queue")).to_contain_text("5 menunggu dikirim")
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(reverse("work:look"))
    page.get_by_role("link", name="5 menunggu dikirim di meja lain").click()
    expect(page.locator("#scan-count")).to_have_text("4 dari 30", timeout=30_000)
    expect(page.locator("#scans > li").first).to_contain_text("menunggu keputusan")
    rows = Scan.objects.filter(consignment=packing)
    assert rows.count() == rows.filter(recorded_offline=True).count() == 5
    page.goto(reverse("work:scan_reviews"))
    page.get_by_role("link", name="Catat saja").click()
    page.get_by_label("Mengapa tidak ada yang perlu dikerjakan").fill("Label perpustakaan lain.")
    page.get_by_role("button", name="Catat saja").click()
    expect(page.get_by_text("Tidak ada yang perlu diputuskan")).to_be_visible()


def test_a_pasted_list_without_script(visitor: Visitor, packing: Consignment, circulation: User) -> None:
    page = visitor(circulation, script=False)
    page.goto(reverse("work:scan", args=[packing.pk]))
    page.get_by_role("link", name="Banyak barkode sekaligus").click()
    page.get_by_label("Barkode", exact=True).fill("\n".join([*codes_of(packing), "NIX-1", "NIX-2"]))
    page.get_by_role("button", name="Periksa semua").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("32 barkode dijawab")
    expect(page.get_by_label("Kode-kode ini, untuk disalin")).to_have_value("NIX-1\nNIX-2\n")
    expect(page.get_by_role("heading", name="Tidak cocok")).to_be_visible()


def test_a_school_counts_with_the_camera_of_a_phone(
    visitor: Visitor, thirty: Consignment, school: User
) -> None:
    code = codes_of(thirty)[3]
    page = visitor(school, width=360)
    shows_a_label(page, code)
    page.goto(reverse("portal:holdings"))
    page.get_by_role("link", name="Hitung buku kita").click()
    page.get_by_role("button", name="Mulai menghitung").click()
    page.get_by_role("button", name="Kamera", exact=True).click()
    expect(page.locator("#scan-count")).to_have_text("1 dari 30", timeout=30_000)
    expect(page.locator("#scan-answer")).to_contain_text("Ada:")
    expect(page.locator("#scans > li")).to_have_count(1)
    assert not moves_sideways(page)
    page.get_by_role("button", name="Tutup kamera").click()
    expect(page.locator("video")).to_be_hidden()
    assert Scan.objects.get(desk="count").barcode == code


def test_a_delivery_is_confirmed_by_scanning(visitor: Visitor, thirty: Consignment, school: User) -> None:
    first, second, *_rest = codes_of(thirty)
    page = visitor(school, width=360)
    shows_a_label(page, first)
    page.goto(reverse("portal:confirm", args=[thirty.pk]))
    page.get_by_role("link", name="Pindai buku satu per satu").click()
    page.get_by_role("button", name="Kamera", exact=True).click()
    expect(page.locator("[data-ticks-count]")).to_have_text("1", timeout=30_000)
    page.locator("[data-scan-field]").focus()
    scanner(page, second[-4:])
    expect(page.locator("[data-ticks-count]")).to_have_text("2")
    scanner(page, "BUKAN-KODE")
    expect(page.locator("[data-ticks-say]")).to_contain_text("tidak ada di daftar ini")
    assert not moves_sideways(page)
    page.get_by_role("button", name="Lanjut").click()
    expect(page).to_have_url(re.compile(re.escape(reverse("portal:confirm_check", args=[thirty.pk])) + "$"))


def test_a_refused_camera_says_how_to_allow_it_and_one_types(
    visitor: Visitor, thirty: Consignment, school: User
) -> None:
    """U19."""
    page = visitor(school, width=360)
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"
    )
    page.goto(reverse("portal:countings"))
    page.get_by_role("button", name="Mulai menghitung").click()
    page.get_by_role("button", name="Kamera", exact=True).click()
    expect(page.locator("[data-camera-says]")).to_contain_text("izinkan kamera")
    field: Any = page.locator("[data-scan-field]")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("inputmode", "numeric")
    scanner(page, codes_of(thirty)[0][-4:])
    expect(page.locator("#scan-count")).to_have_text("1 dari 30")
