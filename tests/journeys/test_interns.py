"""Interns from the letter of their campus to the certificate: the officer at the desk, the campus in the portal (F11)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from agreements.models import Activity, Intern
from agreements.services.activities import finish_activity
from kerjasama.domain import clock
from libraries.choices import Role
from libraries.models import Institution, User
from tests.factories import ActivityFactory, AgreementFactory, InstitutionFactory
from tests.journeys.conftest import EVERY_APP, Visitor, fetch_pdf, moves_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]


@pytest.fixture
def campus(person: Callable[..., User]) -> User:
    university = InstitutionFactory(
        kind="academic", name="UIN Imam Bonjol Padang", short_name="UIN Imam Bonjol"
    )
    return person("campus", university, Role.SCHOOL_CONTACT)


@pytest.fixture
def internship(campus: User, library: Institution) -> Activity:
    """It began two days ago, under an agreement of ours."""
    university = campus.memberships.get().institution
    begins = clock.now() - timedelta(days=2)
    return ActivityFactory(
        office=library,
        kind="internship",
        ground="own",
        title="Magang Ilmu Perpustakaan",
        agreement=AgreementFactory(office=library, partner=university, in_force=True, lending=False),
        begins_at=begins,
        ends_at=begins + timedelta(days=9),
    )


def test_from_the_letter_of_the_campus_to_the_certificate(
    visitor: Visitor, officer: User, campus: User, internship: Activity
) -> None:
    desk = visitor(officer)
    _takes_them_in(desk, internship)
    phone = visitor(campus, width=360, has_touch=True, is_mobile=True)
    _campus_reads(phone, "Surat penerimaan (PDF)")
    _marks_who_came(desk, internship)
    internship = finish_activity(activity=internship, actor=officer)
    _certifies(desk, internship)
    certificate = Intern.objects.get(name="Rahma Yulianti").certificate
    assert certificate is not None
    phone.goto("/portal/dokumen/")
    expect(phone.get_by_role("main")).to_contain_text(certificate.number)
    assert not moves_sideways(phone)


def _takes_them_in(desk: Page, internship: Activity) -> None:
    desk.goto(f"/admin/kerja/kegiatan/{internship.pk}/")
    desk.get_by_role("link", name="Siapa yang mengirim mahasiswa magang?").click()
    desk.get_by_label("Siapa yang mengirim mahasiswa magang?").select_option(label="UIN Imam Bonjol")
    desk.get_by_label("Kuota").fill("2")
    desk.get_by_label("Nomor surat mereka").fill("B-121/Un.13/2026")
    desk.get_by_role("button", name="Simpan").click()
    desk.get_by_role("link", name="Tambah mahasiswa magang").click()
    desk.get_by_label("Nama").fill("Rahma Yulianti")
    desk.get_by_label("Program studi").fill("Ilmu Perpustakaan")
    desk.get_by_label("Sudah dewasa").check()
    desk.get_by_role("button", name="Tambah mahasiswa magang").click()
    expect(desk.get_by_role("main")).to_contain_text("1 dari 2 terisi")
    desk.get_by_role("link", name="Terbitkan surat penerimaan").click()
    desk.locator("main form button[type=submit]").click()
    expect(desk.get_by_role("link", name="Surat penerimaan (PDF)")).to_be_visible()


def _campus_reads(phone: Page, paper: str) -> None:
    phone.goto("/portal/kegiatan/")
    phone.get_by_role("link", name="Magang Ilmu Perpustakaan").tap()
    fetch_pdf(phone, paper)
    assert not moves_sideways(phone)


def _marks_who_came(desk: Page, internship: Activity) -> None:
    desk.goto(f"/admin/kerja/kegiatan/{internship.pk}/")
    expect(desk.get_by_role("main")).to_contain_text("Catat presensi setiap hari")
    desk.get_by_role("link", name="Presensi", exact=True).click()
    desk.get_by_label("Rahma Yulianti").check()
    desk.get_by_role("button", name="Simpan presensi").click()
    desk.goto(f"/admin/kerja/kegiatan/{internship.pk}/")
    expect(desk.get_by_role("row", name="Rahma Yulianti")).to_contain_text("100%")


def _certifies(desk: Page, internship: Activity) -> None:
    desk.goto(f"/admin/kerja/kegiatan/{internship.pk}/")
    desk.get_by_role("link", name="Terbitkan sertifikat").click()
    desk.locator("main form button[type=submit]").click()
    number = desk.get_by_role("row", name="Rahma Yulianti").get_by_role("link").inner_text()
    fetch_pdf(desk, number)
