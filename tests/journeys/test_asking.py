"""Somebody asks, and it becomes an agreement to be written: a stranger on the public page, a school in its portal (A6)."""

import re
from typing import Any

import pytest
from django.urls import reverse

from agreements.models import Agreement, CooperationRequest
from libraries.emails import compose
from libraries.models import Institution, Message, User
from tests.journeys.conftest import EVERY_APP, Visitor, moves_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]


def link_in_the_mail(live_server: Any) -> str:
    """What the stranger finds in the mailbox; only the house's own address is exchanged for that of the test."""
    mail = compose(Message.objects.get(template="request_confirm"))
    assert mail is not None
    found = re.search(r"/kerja-sama/ikuti/[A-Za-z0-9_-]{32}/", str(mail.body))
    assert found
    return f"{live_server}{found[0]}"


def test_a_stranger_asks_and_the_officer_opens_a_draft(
    visitor: Visitor, live_server: Any, library: Institution, officer: User
) -> None:
    phone = visitor(None, width=360)
    phone.goto(reverse("front"))
    phone.locator("main").get_by_role("link", name="Ajukan kerja sama").click()
    phone.wait_for_url(f"**{reverse('ask')}")
    assert not moves_sideways(phone)
    phone.get_by_label("Tentang apa?").fill("Taman baca nagari")
    phone.get_by_label("Peminjaman koleksi bergilir").check()
    phone.get_by_label("Perpustakaan keliling").check()
    phone.get_by_label("Apa yang Anda harapkan?").fill("Seratus buku cerita untuk anak nagari.")
    phone.get_by_label("Berapa buku sekali pinjam?").fill("100")
    # A person forgets a field: everything else is still there.
    phone.wait_for_timeout(3200)
    phone.get_by_role("button", name="Kirim permintaan").click()
    phone.locator(".error-summary").wait_for()
    assert phone.get_by_label("Tentang apa?").input_value() == "Taman baca nagari"
    phone.get_by_label("Nama lembaga Anda").fill("Taman Baca Canduang")
    phone.get_by_label("Lembaga apa?").select_option("community")
    phone.get_by_label("Nama Anda").fill("Yulia Rahman")
    phone.get_by_label("Jabatan Anda di sana").fill("Pengelola")
    phone.get_by_label("E-mail lembaga Anda").fill("yulia@canduang.test")
    phone.get_by_role("button", name="Kirim permintaan").click()
    phone.wait_for_url(f"**{reverse('ask_sent')}")
    assert not CooperationRequest.objects.visible_to(officer).exists()

    phone.goto(link_in_the_mail(live_server))
    assert not moves_sideways(phone)
    phone.get_by_role("button", name="Konfirmasi").click()
    phone.get_by_text("Permintaan Anda sudah sampai di perpustakaan.", exact=False).first.wait_for()

    desk = visitor(officer)
    desk.goto("/admin/")
    desk.get_by_role("link", name="Taman Baca Canduang").first.click()
    desk.get_by_label("Pesan Anda").fill("Berapa anak yang datang setiap minggu?")
    desk.get_by_role("button", name="Kirim pesan").click()
    desk.get_by_text("Berapa anak yang datang setiap minggu?").wait_for()

    phone.reload()
    phone.get_by_label("Pesan Anda").fill("Sekitar empat puluh anak.")
    phone.get_by_role("button", name="Kirim pesan").click()
    phone.locator(".said").get_by_text("Sekitar empat puluh anak.").wait_for()

    desk.reload()
    desk.get_by_text("Sekitar empat puluh anak.").wait_for()
    desk.get_by_role("link", name="Tentukan lembaganya").click()
    desk.get_by_role("link", name="Daftarkan lembaga").click()
    desk.get_by_role("button", name="Daftarkan").click()
    desk.get_by_role("link", name="Setujui dan buat konsep").click()
    desk.get_by_label("Perjanjian kerja sama (PKS)", exact=False).check()
    desk.get_by_role("button", name="Setujui").click()
    draft = Agreement.objects.get()
    desk.wait_for_url(f"**{reverse('work:agreement', args=[draft.pk])}")
    assert (draft.title, draft.partner.name) == ("Taman baca nagari", "Taman Baca Canduang")
    assert draft.lending_term.quantity == 100
    desk.get_by_role("link", name="Permintaan asalnya").click()
    desk.get_by_role("heading", name="Taman baca nagari").wait_for()

    phone.reload()
    phone.get_by_text("Perpustakaan ingin bekerja sama dengan Anda").wait_for()


def test_a_school_asks_in_its_portal(
    visitor: Visitor, library: Institution, school: User, officer: User
) -> None:
    phone = visitor(school, width=360)
    phone.goto(reverse("portal:requests"))
    phone.get_by_role("link", name="Ajukan kerja sama").first.click()
    phone.wait_for_url(f"**{reverse('portal:request_new')}*")
    assert not moves_sideways(phone)
    phone.get_by_label("Tentang apa?").fill("Pojok baca")
    phone.get_by_label("Apa yang Anda harapkan?").fill("Buku cerita untuk kelas rendah.")
    phone.get_by_role("button", name="Kirim permintaan").click()
    row = CooperationRequest.objects.get()
    phone.wait_for_url(f"**{reverse('portal:request', args=[row.pk])}")
    phone.get_by_text("Menunggu jawaban perpustakaan").wait_for()

    desk = visitor(officer)
    desk.goto(reverse("work:request", args=[row.pk]))
    desk.get_by_role("link", name="Tentukan pertemuan").click()
    desk.get_by_label("Hari").fill("2099-01-05")
    desk.get_by_label("Tempat").fill("Ruang baca anak")
    desk.get_by_role("button", name="Tentukan pertemuan").click()
    desk.get_by_text("Ruang baca anak").first.wait_for()

    phone.reload()
    phone.get_by_text("Ruang baca anak").first.wait_for()
    assert not moves_sideways(phone)
