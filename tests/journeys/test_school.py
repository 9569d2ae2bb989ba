"""A teacher with a telephone: from the mail to the confirmed box, with all that may go wrong on the way."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from agreements.models import Agreement
from agreements.services.signing import activate_agreement, record_signature, submit_agreement
from kerjasama.domain import clock
from kerjasama.domain.wording import long_date
from libraries.models import Institution, Message, User
from libraries.services.addressing import address_notices
from libraries.services.delivering import deliver_messages
from loans.choices import ConsignmentStatus, DiscrepancyKind
from loans.models import Case, Consignment, Discrepancy, LoanLine
from loans.services.receiving import confirm_receipt
from tests.factories import AgreementFactory
from tests.journeys.conftest import EVERY_APP, Visitor, fetch_pdf, moves_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

PHONE = {"width": 360, "has_touch": True, "is_mobile": True}


@pytest.fixture
def on_paper(library: Institution, school_library: Institution, officer: User) -> Agreement:
    """A PKS that has gone the whole way, so that there is a paper of it."""
    agreement = AgreementFactory(office=library, partner=school_library)
    submit_agreement(agreement=agreement, actor=officer)
    for party in agreement.parties.all():
        record_signature(agreement=agreement, actor=officer, party=party, signed_on=clock.today())
    return activate_agreement(agreement=agreement, actor=officer)


@pytest.fixture
def books(dispatched: Consignment) -> list[LoanLine]:
    """The five books of the delivery, in the order of the portal."""
    return list(dispatched.lines.select_related("copy__title").order_by("copy__title__title"))


def sign_in_by_code(page: Page, user: User) -> None:
    """U10: no password; the code of the mail is typed."""
    page.get_by_role("link", name="Kirim kode ke e-mail saya").click()
    page.get_by_label("Alamat e-mail").fill(user.email)
    page.get_by_role("button", name="Kirim kode ke e-mail saya").click()
    expect(page.get_by_role("heading", name="Ketik kode")).to_be_visible()
    letter = mail.outbox[-1]
    assert letter.to == [user.email]
    code = re.search(r"^\s{4}(\S+)$", letter.body, re.MULTILINE)
    assert code, letter.body
    page.locator(".field--code input:not([type=hidden])").fill(code[1])
    page.get_by_role("button", name="Lanjutkan").click()


def link_of_the_mail(user: User) -> str:
    """What the last mail to that person leads to. Night is no matter here: the post goes out at once."""
    address_notices()
    Message.objects.update(not_before=clock.now())
    deliver_messages()
    letter = next(letter for letter in reversed(mail.outbox) if user.email in letter.to)
    found = re.search(r"https?://\S+/portal/\S*", letter.body)
    assert found, letter.body
    return found[0]


def test_from_the_mail_to_the_confirmed_box(
    visitor: Visitor,
    dispatched: Consignment,
    books: list[LoanLine],
    school: User,
    picture: Path,
    tmp_path: Path,
    settings: Any,
    live_server: Any,
) -> None:
    settings.BASE_URL = str(live_server)
    page = visitor(None, **PHONE)
    page.goto(link_of_the_mail(school))
    sign_in_by_code(page, school)
    # U11: the very task, not the first page.
    expect(page).to_have_url(re.compile(str(dispatched.pk)))

    page.goto("/portal/")
    _three_answers(page, dispatched)
    page.get_by_role("link", name="Konfirmasi penerimaan", exact=True).tap()
    page.get_by_role("button", name="Tidak, ada yang berbeda").tap()
    _one_is_missing(page, books[0])
    _one_is_damaged(page, books[1], picture, tmp_path)
    _one_is_too_many(page)
    page.get_by_role("button", name="Kirim beserta perbedaan ini").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Terima kasih, penerimaan sudah dikonfirmasi")
    dispatched.refresh_from_db()
    assert dispatched.status == ConsignmentStatus.RECEIVED
    assert set(Discrepancy.objects.values_list("kind", flat=True)) == set(DiscrepancyKind.values)
    assert Discrepancy.objects.filter(photograph__isnull=False).count() == 1


def _three_answers(page: Page, consignment: Consignment) -> None:
    """U12: what do we hold, when does it go back, what must I do now."""
    main = page.get_by_role("main")
    expect(main).to_contain_text("5 buku di sekolah Anda")
    expect(main).to_contain_text(f"Kembali {long_date(consignment.due_on)}")
    expect(main).to_contain_text("Yang perlu dilakukan")
    assert not moves_sideways(page)


def _one_is_missing(page: Page, line: LoanLine) -> None:
    page.get_by_role("link", name="Ada buku yang tidak ada di kotak").tap()
    page.get_by_label(line.copy.barcode).check()
    page.get_by_role("button", name="Simpan dan lanjut").tap()
    expect(page.get_by_role("heading", name="1 buku tidak ada di kotak")).to_be_visible()


def _one_is_damaged(page: Page, line: LoanLine, picture: Path, folder: Path) -> None:
    """U6: a photograph that is none is refused in words, and what was typed stays."""
    no_picture = folder / "IMG_0002.jpg"
    no_picture.write_bytes(b"MZ this is a program")
    page.get_by_role("link", name="Ada lagi yang berbeda").tap()
    page.get_by_role("link", name="Ada buku yang rusak").tap()
    page.get_by_label(line.copy.barcode).check()
    page.get_by_role("button", name="Simpan dan lanjut").tap()
    page.get_by_role("link", name="Tambah keterangan atau foto").tap()
    page.get_by_label("Apa yang rusak?").fill("Sampul lepas dan halaman 12 sobek.")
    page.get_by_label("Foto").set_input_files(no_picture)
    page.get_by_role("button", name="Simpan dan lanjut").tap()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Ini bukan")
    assert page.title().startswith("Galat:")
    expect(page.get_by_label("Apa yang rusak?")).to_have_value("Sampul lepas dan halaman 12 sobek.")
    page.get_by_label("Foto").set_input_files(picture)
    page.get_by_role("button", name="Simpan dan lanjut").tap()
    expect(page.get_by_text("Dengan foto")).to_be_visible()


def _one_is_too_many(page: Page) -> None:
    page.get_by_role("link", name="Ada lagi yang berbeda").tap()
    page.get_by_role("link", name="Ada buku di luar daftar").tap()
    page.get_by_label("Buku apa itu?").fill("Kamus Bergambar")
    page.get_by_role("button", name="Simpan dan lanjut").tap()
    expect(page.get_by_text("Kamus Bergambar").first).to_be_visible()


def test_a_session_that_ends_in_the_middle_costs_nothing(
    visitor: Visitor, dispatched: Consignment, school: User
) -> None:
    """U6: the form is sent, the sign-in comes between, and the words are there again to be sent."""
    consignment = confirm_receipt(consignment=dispatched, actor=school)
    line = consignment.lines.all()[0]
    page = visitor(school, **PHONE)
    page.goto("/portal/")
    page.get_by_role("link", name="Laporkan buku hilang atau rusak").tap()
    page.get_by_role("main").locator(f"a[href='{reverse('portal:report_loss', args=[line.pk])}']").tap()
    page.get_by_label("Hilang: sudah dicari").check()
    page.get_by_label("Bagaimana kejadiannya?").fill("Tertinggal di angkot jurusan Baso.")
    Session.objects.all().delete()
    page.get_by_role("button", name="Lanjut: periksa jawaban").tap()
    expect(page.get_by_text("tersimpan").first).to_be_visible()
    sign_in_by_code(page, school)
    expect(page.get_by_label("Bagaimana kejadiannya?")).to_have_value("Tertinggal di angkot jurusan Baso.")
    expect(page.get_by_label("Hilang: sudah dicari")).to_be_checked()
    page.get_by_role("button", name="Lanjut: periksa jawaban").tap()
    page.get_by_role("button", name="Kirim laporan").tap()
    expect(page.get_by_text("Perpustakaan sedang memeriksa laporan Anda")).to_be_visible()
    assert Case.objects.get().account == "Tertinggal di angkot jurusan Baso."


def test_the_box_is_confirmed_without_script(
    visitor: Visitor, dispatched: Consignment, books: list[LoanLine], school: User
) -> None:
    """U34, from the sign-in on."""
    page = visitor(None, script=False, **PHONE)
    page.goto(reverse("portal:confirm", args=[dispatched.pk]))
    sign_in_by_code(page, school)
    expect(page).to_have_url(re.compile(reverse("portal:confirm", args=[dispatched.pk])))
    page.get_by_role("button", name="Tidak, ada yang berbeda").click()
    page.get_by_role("link", name="Ada buku yang tidak ada di kotak").click()
    page.get_by_label(books[2].copy.barcode).check()
    page.get_by_role("button", name="Simpan dan lanjut").click()
    page.get_by_role("button", name="Kirim beserta perbedaan ini").click()
    expect(page.get_by_text("Perpustakaan memeriksa 1 perbedaan")).to_be_visible()
    assert Discrepancy.objects.get().line_id == books[2].pk


def test_what_was_agreed_can_be_read_and_taken_home(
    visitor: Visitor, on_paper: Agreement, school: User
) -> None:
    page = visitor(school, **(PHONE | {"width": 320}))
    page.goto("/portal/")
    page.get_by_role("navigation").get_by_text("Lainnya").tap()
    page.get_by_role("navigation").get_by_role("link", name="Perjanjian").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(on_paper.title)
    expect(page.get_by_role("main")).to_contain_text(long_date(on_paper.ends_on))
    assert not moves_sideways(page)
    assert fetch_pdf(page, "Perjanjian (PDF)")
