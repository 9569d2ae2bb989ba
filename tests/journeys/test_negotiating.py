"""A text goes back and forth until it holds: the library at its desk, the school on its telephone (A3, A5, P1)."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from agreements.choices import AgreementStatus
from agreements.models import Agreement
from agreements.services.drafting import revise_agreement
from agreements.services.negotiating import negotiate_agreement, pass_review, send_to_review
from agreements.services.obligations import revise_obligation
from agreements.services.ruling import set_kind_rule
from agreements.services.signing import activate_agreement, record_signature, submit_agreement
from kerjasama.domain import clock
from libraries.models import Institution, Notice, User
from tests.factories import AgreementFactory
from tests.journeys.conftest import EVERY_APP, Visitor, fetch_pdf, moves_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

PHONE = {"width": 360, "has_touch": True, "is_mobile": True}


@pytest.fixture
def draft(library: Institution, school_library: Institution, officer: User) -> Agreement:
    """A complete PKS about five books, of an office that has such texts reviewed."""
    set_kind_rule(actor=officer, office=library, kind="pks", needs_review=True)
    row = AgreementFactory(office=library, partner=school_library)
    party = row.parties.get(role="second")
    party.obligations = "Menyediakan rak baca\nMenjaga buku"
    party.save()
    return row


@pytest.mark.parametrize("script", [True, False])
def test_from_the_first_reading_to_the_last_tick(
    script: bool, visitor: Visitor, draft: Agreement, officer: User, school: User
) -> None:
    agreement = negotiate_agreement(agreement=draft, actor=officer)
    page = visitor(school, script=script, **PHONE)
    _remarks_on_an_article(page, agreement)
    assert agreement.events.get(action="remark").note == "Pasal 3: Lima buku terlalu banyak untuk kami."

    agreement = revise_agreement(agreement=agreement, actor=officer, lending={"quantity": 3})
    _agrees(page, agreement)
    agreement = send_to_review(agreement=agreement, actor=officer)
    page.goto(f"/portal/perjanjian/{agreement.pk}/")
    expect(page.get_by_role("main")).to_contain_text("ditelaah dari segi hukum")
    agreement = pass_review(
        agreement=agreement, actor=officer, reviewed_by="Bagian Hukum", reviewed_on=clock.today()
    )
    agreement = submit_agreement(agreement=agreement, actor=officer)
    assert not Notice.objects.open().filter(rule__startswith="agreement_").exists()

    first, second = agreement.parties.order_by("role")
    record_signature(agreement=agreement, actor=officer, party=first, signed_on=clock.today())
    _sees_whose_turn_it_is(page, agreement)
    record_signature(agreement=agreement, actor=officer, party=second, signed_on=clock.today())
    agreement = activate_agreement(agreement=agreement, actor=officer)
    assert agreement.status == AgreementStatus.ACTIVE
    _ticks_off(page, agreement, officer)


def _remarks_on_an_article(page: Page, agreement: Agreement) -> None:
    page.goto("/portal/")
    page.get_by_role("link", name="Baca dan jawab").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(agreement.title)
    expect(page.get_by_role("main")).to_contain_text("sebanyak 5 (lima) eksemplar")
    assert not moves_sideways(page)
    page.get_by_role("link", name="Beri catatan untuk Pasal 3", exact=True).click()
    expect(page.get_by_label("Tentang apa?")).to_have_value("3")
    page.get_by_label("Catatan Anda").fill("Lima buku terlalu banyak untuk kami.")
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.get_by_role("main")).to_contain_text("Pasal 3: Lima buku terlalu banyak untuk kami.")
    page.goto("/portal/")
    expect(page.get_by_role("link", name="Baca dan jawab")).to_have_count(0)


def _agrees(page: Page, agreement: Agreement) -> None:
    page.goto(f"/portal/perjanjian/{agreement.pk}/naskah/")
    expect(page.get_by_role("main")).to_contain_text("sebanyak 3 (tiga) eksemplar")
    assert fetch_pdf(page, "Cetak konsep (PDF)")
    page.get_by_role("link", name="Kami menyetujui naskah ini").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Setujui naskah ini?")
    page.get_by_role("button", name="Kami menyetujui naskah ini").click()
    expect(page.get_by_role("main")).to_contain_text("Anda menyetujui naskah ini pada")
    assert not moves_sideways(page)


def _sees_whose_turn_it_is(page: Page, agreement: Agreement) -> None:
    page.goto(f"/portal/perjanjian/{agreement.pk}/")
    expect(page.get_by_text("Belum ditandatangani")).to_have_count(1)
    assert fetch_pdf(page, "Buka perjanjian (PDF)")


def _ticks_off(page: Page, agreement: Agreement, officer: User) -> None:
    duty = agreement.obligations.get(text="Menyediakan rak baca")
    revise_obligation(obligation=duty, actor=officer, due_on=clock.today() + timedelta(days=2))
    page.goto("/portal/")
    page.get_by_role("link", name="Catat selesai").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Menyediakan rak baca")
    page.get_by_label("Baru sebagian").check()
    page.get_by_role("button", name="Catat", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Keterangan").or_(page.get_by_label("Catatan")).first.fill("Satu dari dua rak.")
    page.get_by_role("button", name="Catat", exact=True).click()
    expect(page).to_have_url(re.compile(str(agreement.pk)))
    expect(page.get_by_role("main")).to_contain_text("Sebagian dipenuhi")
    page.get_by_role("link", name=re.compile("Menyediakan rak baca")).click()
    page.get_by_role("button", name="Catat", exact=True).click()
    duty.refresh_from_db()
    assert (duty.status, duty.note) == ("fulfilled", "Satu dari dua rak.")
    assert not moves_sideways(page)
