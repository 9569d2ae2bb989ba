"""The circulation desk: five books to a school and back, with a scanner and a keyboard; and a catalogue file."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from agreements.models import Agreement
from libraries.catalogue.models import ImportJob, Title
from libraries.catalogue.tasks import run_imports
from libraries.models import Institution, User
from loans.choices import CaseStatus, LineStatus
from loans.models import Case, Consignment, LoanLine, ReturnVisit, Scan
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.receiving import confirm_receipt
from tests.catalogue.conftest import marc_record
from tests.conftest import scan_all
from tests.documents.reading import flat, qr_codes, text_of
from tests.factories import AgreementFactory, shelve
from tests.journeys.conftest import EVERY_APP, Visitor, fetch_pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

SCANNER = 20  # milliseconds from key to key


def scan(page: Page, *barcodes: str, end: str = "Enter") -> None:
    """Codes as a wedge scanner types them: into whatever has the focus, the next without waiting for an answer."""
    for barcode in barcodes:
        page.keyboard.type(barcode, delay=SCANNER)
        page.keyboard.press(end)


def answer(page: Page) -> Any:
    return page.locator("#scan-answer")


def count(page: Page) -> Any:
    return page.locator("#scan-count")


@pytest.fixture
def shelves(library: Institution) -> None:
    shelve(library, 16)


@pytest.fixture
def elsewhere(
    shelves: None, library: Institution, other_school_library: Institution, circulation: User
) -> str:
    """The barcode of a book that lies ready for another school."""
    agreement = AgreementFactory(
        office=library, partner=other_school_library, in_force=True, lending={"quantity": 2}
    )
    programme = open_programme(agreement=agreement, actor=circulation)
    other = propose_consignment(period=programme.periods.order_by("sequence")[0], actor=circulation)
    return other.lines.select_related("copy")[0].copy.barcode


def test_books_go_to_a_school(
    visitor: Visitor,
    agreement: Agreement,
    elsewhere: str,
    circulation: User,
    settings: Any,
    live_server: Any,
    tmp_path: Path,
) -> None:
    settings.BASE_URL = str(live_server)
    page = visitor(circulation)
    page.goto(reverse("work:agreement", args=[agreement.pk]))
    page.get_by_role("link", name="Buka program peminjaman").click()
    page.get_by_role("button", name="Buka program peminjaman").click()
    expect(page.locator("#messages")).to_contain_text("Program dibuka")
    page.get_by_role("button", name="Usulkan buku").first.click()
    expect(
        page.get_by_role("heading", name="Ambil buku", exact=False).or_(page.locator("#now"))
    ).to_be_visible()

    consignment = Consignment.objects.get(partner=agreement.partner)
    lines = LoanLine.objects.filter(consignment=consignment).in_shelf_order()
    barcodes = [line.copy.barcode for line in lines]
    assert all(flat(code) in text_of(fetch_pdf(page, "Daftar ambil (PDF)")) for code in barcodes)

    page.get_by_role("link", name="Buka meja pindai").click()
    _pack(page, barcodes, elsewhere)
    _hand_over(page, left_out=barcodes[-1])
    _anybody_checks_the_paper(
        visitor(None, width=360), fetch_pdf(page, "Berita acara serah terima (BAST)"), tmp_path
    )
    consignment.refresh_from_db()
    assert consignment.lines.filter(status=LineStatus.OUT).count() == len(barcodes) - 1


def _pack(page: Page, barcodes: list[str], elsewhere: str) -> None:
    """U15–U18: none is lost, a wrong one is refused in words, one key takes back. The mouse is not touched."""
    field = page.get_by_label("Barkode buku")
    expect(field).to_be_focused()
    scan(page, *barcodes[:3])
    scan(page, barcodes[3], end="Tab")
    expect(count(page)).to_have_text("4 dari 5")
    expect(page.locator("#scans > li")).to_have_count(4)
    expect(page.locator("#scans > li").first).to_contain_text(barcodes[3])
    expect(field).to_be_focused()

    scan(page, "BUKAN-KODE")
    expect(answer(page)).to_contain_text("Tidak ada eksemplar perpustakaan ini dengan barkode BUKAN-KODE.")
    assert answer(page).get_attribute("data-tone") == "bad"
    scan(page, elsewhere)
    expect(answer(page)).to_contain_text("ada dalam daftar SD Negeri 02 Birugo")
    scan(page, barcodes[0])
    expect(answer(page)).to_contain_text("Sudah dipindai")
    expect(answer(page)).to_contain_text("oleh Circulation")
    expect(count(page)).to_have_text("4 dari 5")

    page.keyboard.press("F2")
    expect(answer(page)).to_contain_text("kembali ke rak")
    expect(count(page)).to_have_text("3 dari 5")
    scan(page, barcodes[3])
    expect(count(page)).to_have_text("4 dari 5")
    expect(field).to_be_focused()
    assert Scan.objects.count() == 8, "every code that was read is in the book of scans"


def _hand_over(page: Page, left_out: str) -> None:
    page.get_by_role("link", name="Serahkan").click()
    page.get_by_text("Mana yang belum").click()
    expect(page.get_by_text(left_out)).to_be_visible()
    page.get_by_role("button", name="Serahkan dan buat BAST").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Tinggalkan 1 buku").check()
    page.get_by_role("button", name="Serahkan dan buat BAST").click()
    expect(page.locator("#messages")).to_contain_text("Sudah diserahkan. Nomor BAST")


def _anybody_checks_the_paper(page: Page, paper: bytes, folder: Path) -> None:
    codes = {code for sheet in qr_codes(paper, folder) for code in sheet if "/verify/" in code}
    assert len(codes) == 1
    page.goto(codes.pop())
    expect(page.get_by_text("Asli dan berlaku")).to_be_visible()
    expect(
        page.get_by_text("Perpustakaan Bung Hatta").or_(page.get_by_text("Proklamator Bung Hatta")).first
    ).to_be_visible()


def test_a_cut_line_loses_no_scan(
    visitor: Visitor, library: Institution, school_library: Institution, circulation: User
) -> None:
    """U15: thirty codes at a scanner's speed, ten of them while the connection is gone."""
    shelve(library, 40)
    agreement = AgreementFactory(
        office=library, partner=school_library, in_force=True, lending={"quantity": 30}
    )
    programme = open_programme(agreement=agreement, actor=circulation)
    consignment = propose_consignment(period=programme.periods.order_by("sequence")[0], actor=circulation)
    barcodes = [line.copy.barcode for line in consignment.lines.select_related("copy")]
    page = visitor(circulation)
    page.goto(reverse("work:scan", args=[consignment.pk]))
    scan(page, *barcodes[:10])
    expect(count(page)).to_have_text("10 dari 30")
    page.context.set_offline(True)
    scan(page, *barcodes[10:20])
    expect(page.locator("#scan-queue")).to_contain_text("Sambungan terputus")
    expect(page.locator("#scan-queue")).to_contain_text("10 menunggu dikirim")
    page.context.set_offline(False)
    scan(page, *barcodes[20:])
    expect(count(page)).to_have_text("30 dari 30", timeout=60_000)
    expect(page.locator("#scan-queue")).to_be_hidden()
    assert Scan.objects.filter(outcome="ok").count() == Scan.objects.count() == 30


@pytest.fixture
def two_deliveries(
    shelves: None, agreement: Agreement, circulation: User, school: User
) -> tuple[Consignment, Consignment]:
    """Ten books with the school, from two periods, all confirmed."""
    programme = open_programme(agreement=agreement, actor=circulation)
    out = []
    for period in programme.periods.order_by("sequence")[:2]:
        consignment = propose_consignment(period=period, actor=circulation)
        scan_all(consignment, circulation)
        dispatch_consignment(consignment=consignment, actor=circulation)
        out.append(confirm_receipt(consignment=consignment, actor=school))
    return out[0], out[1]


def test_books_come_back_mixed_and_one_is_damaged(
    visitor: Visitor, two_deliveries: tuple[Consignment, Consignment], circulation: User, library: Institution
) -> None:
    old, new = ([line.copy.barcode for line in row.lines.select_related("copy")] for row in two_deliveries)
    shelf = shelve(library, 1)[0].barcode
    page = visitor(circulation)
    page.goto(reverse("work:consignment", args=[two_deliveries[0].pk]))
    page.get_by_role("link", name="Ambil kembali buku").click()
    page.get_by_role("button", name="Ke meja pengembalian").click()

    expect(page.get_by_label("Barkode buku")).to_be_focused()
    scan(page, old[0], new[0], old[1], old[2])
    expect(count(page)).to_have_text("4 dari 10")
    page.keyboard.press("F9")
    scan(page, old[3])
    expect(answer(page)).to_contain_text("Kembali, rusak:")
    expect(page.get_by_label("Baik")).to_be_checked()
    scan(page, shelf)
    expect(answer(page)).to_contain_text("tidak sedang dipinjam")
    expect(count(page)).to_have_text("5 dari 10")

    page.get_by_role("link", name="Selesai dan cetak").click()
    page.get_by_role("button", name="Selesaikan dan buat BAST").click()
    expect(page.locator("#messages")).to_contain_text("Pengembalian selesai.")
    record = text_of(fetch_pdf(page, "Berita acara pengembalian (PDF)"))
    assert all(flat(code) in record for code in [*old[:4], new[0]])
    assert ReturnVisit.objects.get().lines.count() == 5

    _settle_the_damage(page)
    _find_by_barcode(page, old[3])


def _settle_the_damage(page: Page) -> None:
    case = Case.objects.get()
    page.goto(reverse("work:cases"))
    page.get_by_role("row").filter(has_text=case.code).get_by_role("link").first.click()
    page.get_by_role("link", name="Nilai", exact=True).click()
    page.get_by_label("Judul yang sama").check()
    page.get_by_role("button", name="Nilai dan buat surat").click()
    expect(page.locator("#messages")).to_contain_text("Sudah dinilai.")
    assert flat(case.copy.title.title) in text_of(fetch_pdf(page, "Surat penggantian"))
    page.get_by_role("link", name="Selesaikan", exact=True).click()
    page.get_by_label("Diganti judul yang sama").check()
    page.get_by_label("Barkode buku baru").fill("BH-GANTI-1")
    page.get_by_role("button", name="Selesaikan dan buat berita acara").click()
    expect(page.locator("#messages")).to_contain_text("Selesai: ")
    assert fetch_pdf(page, "Berita acara penyelesaian")
    case.refresh_from_db()
    assert (case.status, case.replacement_copy.barcode) == (CaseStatus.SETTLED, "BH-GANTI-1")


def _find_by_barcode(page: Page, barcode: str) -> None:
    page.goto(reverse("work:tracking"))
    page.get_by_label("Di mana buku ini?").focus()
    scan(page, barcode)
    expect(page.locator(".eyebrow").first).to_contain_text(barcode)
    ledger = page.locator("section").filter(has_text="Buku besar penguasaan").locator(".timeline__event")
    expect(ledger.last).to_contain_text("Perpustakaan Bung Hatta")
    assert ledger.count() >= 3, "into the box, to the school, and back"


def test_a_catalogue_comes_in(
    visitor: Visitor, circulation: User, library: Institution, tmp_path: Path
) -> None:
    wrong, right = tmp_path / "katalog.mrc", tmp_path / "katalog-2026.mrc"
    wrong.write_bytes(b"%PDF-1.7 a printed catalogue")
    good = [marc_record(f"Danau nomor {number}", copies=(f"BH-M-{number}",)) for number in range(3)]
    right.write_bytes(good[0] + b"00100nam a22000970a 4500 broken\x1e\x1d" + good[1] + good[2])

    page = visitor(circulation)
    page.goto(reverse("admin:catalogue_importjob_changelist"))
    page.get_by_label("Berkas katalog").set_input_files(wrong)
    page.get_by_role("button", name="Impor", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Ini berkas PDF. Ekspor katalog sebagai MARC")
    page.get_by_label("Berkas katalog").set_input_files(right)
    page.get_by_role("button", name="Impor", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("Berkas sudah diterima")
    expect(page.get_by_text("Menunggu giliran")).to_be_visible()

    run_imports()
    # The page asks by itself every two seconds and shows the end.
    expect(page.get_by_text("Menunggu giliran")).to_be_hidden()
    expect(page.get_by_role("row").filter(has_text="Danau nomor 2")).to_be_visible()
    expect(page.locator(".table__row--bad")).to_have_count(1)
    assert Title.objects.filter(title__startswith="Danau nomor").count() == 3
    assert ImportJob.objects.get().rejected == 1
