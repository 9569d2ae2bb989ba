"""The officer's first week: a partner, a list of regions, an agreement from its first word to its signed scan."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from agreements.choices import AgreementStatus
from agreements.models import Agreement
from agreements.services.drafting import draft_agreement
from kerjasama.domain import clock
from libraries.models import Institution, Region, User
from tests.documents.reading import flat, text_of
from tests.journeys.conftest import EVERY_APP, Visitor, fetch_pdf, sign_in_by_password

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

FACTORS = {
    "Alasan dan tujuan": "Murid membaca lebih banyak.",
    "Ruang lingkup": "Peminjaman buku bacaan dengan penukaran berkala.",
    "Pembagian tugas": "Perpustakaan memilih dan mengantar; sekolah menjaga dan mengembalikan.",
    "Tata cara dan perlengkapan": "Serah terima dengan berita acara.",
    "Pembiayaan": "Masing-masing pihak menanggung biayanya sendiri.",
}


def test_an_officer_brings_a_new_partner_under_an_agreement(
    visitor: Visitor, officer: User, library: Institution, tmp_path: Path
) -> None:
    page = visitor(None)
    page.goto("/akun/login/")
    sign_in_by_password(page, officer)
    expect(page.get_by_role("navigation").get_by_role("link", name="Perjanjian")).to_be_visible()

    _read_in_regions(page, tmp_path)
    _enter_a_school(page)
    _write_the_agreement(page)
    _have_it_signed(page)
    _keep_the_signed_paper(page, tmp_path)


def _read_in_regions(page: Page, folder: Path) -> None:
    path = folder / "wilayah.csv"
    path.write_text(
        "kode,nama\n13,Sumatera Barat\n13.75,Kota Bukittinggi\n13.75.02,Mandiangin\nbukan kode,X\n"
    )
    page.goto(reverse("admin:libraries_region_changelist"))
    page.get_by_role("link", name="Impor wilayah").click()
    page.get_by_label("Daftar wilayah").set_input_files(path)
    page.get_by_role("button", name="Baca daftar").click()
    expect(page.get_by_role("status").filter(has_text="Daftar sudah dibaca")).to_contain_text("3")
    expect(page.get_by_role("row").filter(has_text="bukan kode")).to_be_visible()
    assert Region.objects.get(code="13.75.02").parent_id == "13.75"


def _enter_a_school(page: Page) -> None:
    page.goto(reverse("admin:libraries_institution_add"))
    page.locator("#id_name").fill("SD Negeri 07 Belakang Balok")
    page.locator("#id_short_name").fill("SDN 07 Belakang Balok")
    page.locator("#id_kind").select_option("school")
    page.locator("#id_address").fill("Jalan Soekarno Hatta 7")
    page.locator("#id_city").fill("Bukittinggi")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist, #messages")).to_contain_text("SDN 07 Belakang Balok")

    entered = Institution.objects.get(name="SD Negeri 07 Belakang Balok")
    page.goto(reverse("work:partner", args=[entered.pk]))
    page.get_by_role("link", name="Narahubung baru").first.click()
    page.locator("#id_name").fill("Yusnimar, S.Pd.")
    page.locator("#id_function").select_option("principal")
    page.locator("#id_position").fill("Kepala Sekolah")
    page.locator("#id_signs").check()
    page.get_by_role("main").locator("button.btn--primary").click()
    expect(page.get_by_text("Yusnimar, S.Pd.").first).to_be_visible()
    assert entered.people.get().signs


def _write_the_agreement(page: Page) -> None:
    today = clock.today()
    page.goto(reverse("work:agreements"))
    page.get_by_role("main").get_by_role("link", name="Perjanjian baru").first.click()
    page.get_by_label("Mitra", exact=True).select_option(label="SDN 07 Belakang Balok")
    page.get_by_label("Perjanjian kerja sama (PKS)").check()
    page.get_by_label("Tentang apa?").fill("Peminjaman buku bacaan bergilir")
    page.get_by_label("Hari pertama").fill(today.isoformat())
    page.get_by_label("Hari terakhir").fill(clock.add_months(today, 12).isoformat())
    page.get_by_role("button", name="Buat konsep").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Lengkapi konsep")
    for label, words in FACTORS.items():
        if label != "Pembiayaan":
            page.get_by_label(label).fill(words)
    page.get_by_label("Buku per kiriman").fill("5")
    page.get_by_label("Ditukar setiap").fill("3")
    page.get_by_label("Pengantaran pertama").fill(today.isoformat())
    page.get_by_role("button", name="Simpan konsep").click()

    # The page says what is missing, and who goes on all the same is told it again.
    expect(page.get_by_text("masih harus memuat")).to_be_visible()
    expect(page.locator("section[aria-labelledby=now] li")).to_have_text(["pembiayaan"])
    expect(page.get_by_role("link", name="Kirim untuk ditandatangani")).to_be_hidden()
    here = page.url
    page.goto(f"{here}langkah/submit/")
    page.get_by_role("button", name="Kirim untuk ditandatangani").click()
    expect(page.get_by_role("alert")).to_contain_text("pembiayaan")

    page.goto(here)
    page.get_by_role("link", name="Lengkapi konsep").click()
    page.get_by_label("Pembiayaan").fill(FACTORS["Pembiayaan"])
    page.get_by_role("button", name="Simpan konsep").click()
    expect(page.get_by_text("Yang wajib sudah lengkap")).to_be_visible()
    assert flat("Masing-masing pihak menanggung biayanya sendiri.") in text_of(
        fetch_pdf(page, "Cetak konsep (PDF)")
    )


def _have_it_signed(page: Page) -> None:
    _step(page, "Kirim untuk ditandatangani")
    expect(page.get_by_text("Perjanjian sudah bernomor", exact=False)).to_be_visible()
    paper = text_of(fetch_pdf(page, "Naskah terbit, versi 1 (PDF)"))
    agreement = Agreement.objects.get()
    assert flat(agreement.number) in paper
    assert flat("SD Negeri 07 Belakang Balok") in paper
    expect(page.get_by_role("link", name="Berlakukan")).to_be_hidden()
    for _party in range(2):
        page.get_by_role("link", name="Catat tanda tangan").first.click()
        page.get_by_role("main").get_by_role("button", name="Catat tanda tangan").click()
        page.wait_for_load_state()
    expect(page.get_by_role("link", name="Catat tanda tangan")).to_have_count(0)
    _step(page, "Berlakukan")
    expect(page.locator("#messages")).to_contain_text("Perjanjian berlaku.")
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.ACTIVE


def _keep_the_signed_paper(page: Page, folder: Path) -> None:
    wrong, right = folder / "pindaian.pdf", folder / "naskah-bertanda-tangan.pdf"
    wrong.write_bytes(b"MZ this is a program")
    right.write_bytes(fetch_pdf(page, "Naskah terbit, versi 1 (PDF)"))
    page.get_by_text("Lampirkan pindaian bertanda tangan").click()
    page.get_by_label("Pindaian naskah bertanda tangan").set_input_files(wrong)
    page.get_by_role("button", name="Unggah").click()
    expect(page.get_by_role("alert")).to_contain_text("Ini bukan berkas PDF, JPEG, atau PNG.")
    page.get_by_label("Pindaian naskah bertanda tangan").set_input_files(right)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("link", name="Pindaian bertanda tangan")).to_be_visible()
    assert fetch_pdf(page, "Pindaian bertanda tangan") == right.read_bytes()


def _step(page: Page, label: str) -> None:
    """A step of the life: its button, and the same word in the question it asks."""
    page.get_by_role("link", name=label).click()
    page.get_by_role("dialog").get_by_role("button", name=label).click()
    page.wait_for_load_state()


def test_what_was_only_agreed_comes_into_force_by_its_evidence(
    visitor: Visitor, officer: User, library: Institution, school_library: Institution
) -> None:
    page = visitor(officer)
    today = clock.today()
    page.goto(reverse("work:agreement_new"))
    page.get_by_label("Mitra", exact=True).select_option(label=str(school_library))
    page.get_by_label("Kesepakatan tidak tertulis").check()
    page.get_by_label("Tentang apa?").fill("Titip baca di kelas")
    page.get_by_label("Hari pertama").fill(today.isoformat())
    page.get_by_label("Hari terakhir").fill((today + timedelta(days=200)).isoformat())
    page.get_by_label("Buku dipinjamkan").uncheck()
    page.get_by_role("button", name="Buat konsep").click()
    page.get_by_label("Siapa yang sepakat?").fill("Ibu Yusnimar, kepala sekolah, dan Bapak Rahmat Hidayat")
    page.get_by_label("Kapan disepakati?").fill(today.isoformat())
    page.get_by_label("Bagaimana disepakati?").select_option(index=1)
    page.get_by_label("Catatan atau saksi").fill("Disepakati lewat telepon; Ibu Rahmi mendengar.")
    page.get_by_label("Alasan dan tujuan").fill(FACTORS["Alasan dan tujuan"])
    page.get_by_role("button", name="Simpan konsep").click()
    _step(page, "Berlakukan")
    expect(page.locator(".lede")).to_contain_text("Berlaku")
    assert Agreement.objects.get().status == AgreementStatus.ACTIVE


def test_two_officers_on_one_draft_lose_nothing(
    visitor: Visitor, officer: User, head: User, library: Institution, school_library: Institution
) -> None:
    """The second sees what the first has saved beside the own words, and decides."""
    draft = draft_agreement(
        actor=officer, office=library, partner=school_library, kind="pks", title="Titip baca"
    )
    address = reverse("work:agreement_edit", args=[draft.pk])
    first, second = visitor(officer), visitor(head)
    first.goto(address)
    second.goto(address)
    first.get_by_label("Ruang lingkup").fill("Seratus buku.")
    first.get_by_role("button", name="Simpan konsep").click()
    expect(first.get_by_text("Seratus buku.")).to_be_visible()

    second.get_by_label("Ruang lingkup").fill("Seratus lima puluh buku.")
    second.get_by_label("Pembiayaan").fill("Perpustakaan menanggung antar jemput.")
    second.get_by_role("button", name="Simpan konsep").click()
    theirs = second.locator("section").filter(has_text="Yang disimpan rekan Anda").first
    expect(theirs).to_contain_text("Seratus buku.")
    expect(second.get_by_label("Ruang lingkup")).to_have_value("Seratus lima puluh buku.")
    expect(second.get_by_label("Pembiayaan")).to_have_value("Perpustakaan menanggung antar jemput.")
    second.get_by_role("button", name="Simpan konsep").click()
    expect(second.get_by_text("Seratus lima puluh buku.")).to_be_visible()
    draft.refresh_from_db()
    assert (draft.scope, draft.financing) == (
        "Seratus lima puluh buku.",
        "Perpustakaan menanggung antar jemput.",
    )
