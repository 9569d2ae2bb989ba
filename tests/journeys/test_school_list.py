"""A spreadsheet of schools with heads of its own: the officer says what they mean, looks, and takes the good rows (D1)."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from libraries.models import Institution, Sheet, User
from libraries.services.sheets import run_waiting_sheets
from tests.journeys.conftest import EVERY_APP, Visitor, moves_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

ROWS = """NPSN;Sebutan;Alamat;Jumlah murid
99001001;SD Negeri 17 Manggis;Jalan Manggis 3;180
99001002;SD Negeri 18 Campago;Jalan Campago 9;150
salah;SD Tanpa Nomor;Jalan Buntu;90
"""


def test_columns_rows_and_the_directory(
    visitor: Visitor, officer: User, library: Institution, tmp_path: Path
) -> None:
    path = tmp_path / "dapodik.csv"
    path.write_text(ROWS, encoding="utf-8")
    desk = visitor(officer)
    desk.goto("/admin/kerja/direktori/")
    desk.get_by_role("link", name="Daftar sekolah").click()
    desk.get_by_label("Daftar sekolah").set_input_files(path)
    desk.get_by_role("button", name="Baca kolomnya").click()
    _says_what_the_columns_mean(desk)
    run_waiting_sheets()
    _takes_the_good_rows(desk)
    run_waiting_sheets()
    sheet = Sheet.objects.get()
    assert (sheet.status, sheet.adopted, sheet.bad) == ("done", 2, 1)
    desk.goto("/admin/kerja/direktori/?q=Campago")
    expect(desk.get_by_role("main")).to_contain_text("SD Negeri 18 Campago")
    assert Institution.objects.get(npsn="99001001").address == "Jalan Manggis 3"


def _says_what_the_columns_mean(desk: Page) -> None:
    expect(desk.get_by_role("heading", level=1)).to_have_text("Apa arti kolom-kolomnya?")
    # It knows an NPSN by its head; what is called otherwise is asked.
    expect(desk.get_by_label("NPSN").locator("option:checked")).to_have_text("NPSN")
    desk.get_by_label("Sebutan").select_option(label="Nama")
    desk.set_viewport_size({"width": 360, "height": 740})
    assert not moves_sideways(desk)
    desk.get_by_role("button", name="Periksa setiap baris").click()


def _takes_the_good_rows(desk: Page) -> None:
    desk.reload()
    expect(desk.get_by_role("main")).to_contain_text("SD Negeri 17 Manggis")
    assert not moves_sideways(desk)
    desk.get_by_role("button", name="Ambil baris yang baik").click()
    expect(desk.get_by_role("main")).to_contain_text("Baris sedang diambil")
