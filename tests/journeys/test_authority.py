"""In the browser: who may sign is said before anybody has signed, and the desk is asked by keyboard alone (A4, F6)."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from agreements.choices import AgreementKind, DeskOutcome, PartyRole
from agreements.models import Agreement, DeskCount, Party, SigningAuthority
from libraries.models import Institution, User
from tests.factories import AgreementFactory, InstitutionFactory, lend_to_students
from tests.journeys.conftest import EVERY_APP, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]


@pytest.fixture
def reader(visitor: Visitor, live_server: Any) -> Any:
    """A page that speaks English to its user."""

    def make(user: User) -> Page:
        page = visitor(user)
        page.context.add_cookies([{"name": "bahasa", "value": "en", "url": str(live_server)}])
        return page

    return make


@pytest.fixture
def memorandum(library: Institution) -> Agreement:
    """Since 2022 Perpusnas signs; the unit carries out."""
    national = InstitutionFactory(office=True, name="Perpustakaan Nasional RI", short_name="Perpusnas")
    library.parent = national
    library.save()
    SigningAuthority.objects.create(
        institution=library,
        kind=AgreementKind.PKS,
        starts_on=date(2015, 1, 1),
        ends_on=date(2021, 12, 31),
        basis="Perubahan nomenklatur UPT, 2021",
    )
    for kind in (AgreementKind.MOU, AgreementKind.PKS):
        SigningAuthority.objects.create(
            institution=national, kind=kind, starts_on=date(2015, 1, 1), basis="Kewenangan Kepala"
        )
    found = AgreementFactory(office=national, kind=AgreementKind.MOU, in_force=True, lending=False)
    Party.objects.create(agreement=found, institution=library, role=PartyRole.EXECUTOR)
    return found


def test_a_unit_without_authority_is_told_who_signs_and_how_to_go_on(
    reader: Any, officer: User, library: Institution, school_library: Institution, memorandum: Agreement
) -> None:
    draft = AgreementFactory(office=library, partner=school_library)
    page = reader(officer)
    page.goto(reverse("work:agreement_step", args=[draft.pk, "submit"]))
    page.locator("main form button[type=submit]").first.click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("It is signed by Perpusnas")
    expect(told).to_contain_text("Perubahan nomenklatur UPT, 2021")
    expect(told).to_contain_text(memorandum.number)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_the_desk_is_asked_by_keyboard_alone(reader: Any, circulation: User, library: Institution) -> None:
    lent = lend_to_students(library)
    page: Page = reader(circulation)
    page.goto(reverse("work:desk_check"))
    expect(page.get_by_label("Institution of the person")).to_be_focused()
    expect(page.get_by_label("Region on the identity card")).to_be_hidden()
    page.keyboard.type("perint", delay=20)
    expect(page.locator("#institutions option")).to_have_count(1)
    page.keyboard.press("Enter")
    answer = page.get_by_role("status").filter(has_text="May read on the spot")
    expect(answer).to_contain_text("Universitas Perintis Indonesia")
    expect(page.get_by_text("surat aktif kuliah").first).to_be_visible()

    # The words are still there, so only the proof is changed: two down, and Enter.
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Region on the identity card")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    answer = page.get_by_role("status").filter(has_text="May borrow 3 items for 14 days")
    expect(answer).to_contain_text(lent.number)
    page.keyboard.press("Escape")
    expect(page.get_by_label("Institution of the person")).to_have_value("")
    counts = dict(DeskCount.objects.values_list("outcome", "count"))
    assert counts == {DeskOutcome.PROOF: 1, DeskOutcome.BORROW: 1}


def test_what_is_permitted_is_one_press_from_the_work(
    reader: Any, circulation: User, library: Institution, dispatched: Any
) -> None:
    page: Page = reader(circulation)
    page.goto(reverse("work:consignment", args=[dispatched.pk]))
    page.get_by_role("link", name="What the agreement permits").click()
    expect(page.get_by_role("status")).to_contain_text(dispatched.period.programme.agreement.number)
    expect(page.get_by_role("status")).to_contain_text("Article")
