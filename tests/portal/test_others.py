"""A school reaches nothing of another school, by any address of the portal (P1, S2)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from agreements.models import Agreement
from libraries.models import Person, User
from loans.models import Case, Consignment
from tests.factories import RequestFactory

PATTERNS = get_resolver().namespace_dict["portal"][1].reverse_dict
# Every page of the portal, so that a new one cannot be forgotten here. Those that take no id show the reader's own matters.
NAMES = sorted({name for name in PATTERNS if isinstance(name, str)})
# The crew's phone is known by its own key, and by no school (tests/mobile_service/test_van_api.py).
PHONE_ONLY = {"van_css", "van_file", "van_js", "van_sign_in"}
OWN_ONLY = {name for name in NAMES if not PATTERNS.getlist(name)[0][0][0][1]}


@pytest.fixture
def addresses(assessed: Case, received: Consignment, agreement: Agreement) -> dict[str, str]:
    """One address for each page that shows a thing of SDN 01."""
    line = received.lines.exclude(pk=assessed.line_id)[0]
    person = Person.objects.filter(institution=received.partner)[0]
    things: dict[str, list[object]] = {
        "agreement": [agreement.pk],
        "book": [line.pk],
        "case": [assessed.pk],
        "consignment": [received.pk],
        "contact": [person.pk],
        "contact_data": [person.pk],
        "contact_erase": [person.pk],
        "request": [RequestFactory(office=agreement.office, institution=agreement.partner).pk],
        "request_step": [
            RequestFactory(office=agreement.office, institution=agreement.partner).pk,
            "withdraw",
        ],
        "report_loss": [line.pk],
        "report_loss_check": [line.pk],
        "confirm_damage": [received.pk, line.pk],
        "confirm_extra_again": [received.pk, 1],
        "counting_step": [received.pk, "close"],
        "agreement_agree": [agreement.pk],
        "agreement_draft": [agreement.pk],
        "agreement_text": [agreement.pk],
        "visit_request_step": [received.pk, "withdraw"],
        "reading_list_item": [received.pk, received.pk, "drop"],
    }
    return {
        name: reverse(f"portal:{name}", args=things.get(name, [received.pk]))
        for name in NAMES
        if name not in OWN_ONLY | PHONE_ONLY
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_school_finds_nothing(
    signed_in: Callable[[User], Client], other_school: User, addresses: dict[str, str], method: str
) -> None:
    browser = signed_in(other_school)
    for name, address in addresses.items():
        status = getattr(browser, method)(address).status_code
        # Which of the two, and why, stands in the access matrix.
        assert status in (404, 405), (name, status)


def test_its_own_lists_name_nothing_of_the_first(
    signed_in: Callable[[User], Client], other_school: User, assessed: Case, received: Consignment
) -> None:
    browser = signed_in(other_school)
    for name in OWN_ONLY - {"act_for", "language"}:
        page = browser.get(reverse(f"portal:{name}"), follow=True).content.decode()
        assert received.partner.name not in page, name
        assert assessed.code not in page, name
        assert str(assessed.copy.barcode) not in page, name


def test_another_office_is_sent_to_its_own_pages(
    signed_in: Callable[[User], Client], perpusnas: User, addresses: dict[str, str]
) -> None:
    browser = signed_in(perpusnas)
    for name, address in addresses.items():
        response = browser.get(address)
        assert (response.status_code, getattr(response, "url", "")) in {
            (302, reverse("admin:index")),
            (405, ""),
        }, name
        assert browser.post(address).status_code in (302, 403, 405), name


def test_an_id_that_is_nobodys_is_not_found(phone: Client) -> None:
    nobody = "01a00000-0000-7000-8000-000000000000"
    for name in ("agreement", "request", "book", "case", "consignment", "confirm", "report_loss", "contact"):
        assert phone.get(reverse(f"portal:{name}", args=[nobody])).status_code == 404, name
