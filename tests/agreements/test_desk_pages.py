"""The pages of the desk: check, rule and permission, as a librarian meets them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from agreements.choices import Proof
from agreements.models import Agreement, BorrowingRule, DeskCount
from libraries.models import Institution, Region, User
from tests.factories import InstitutionFactory, lend_to_students

pytestmark = pytest.mark.django_db
CHECK = "work:desk_check"


@pytest.fixture
def desk(signed_in: Callable[[User], Client], circulation: User) -> Client:
    client = signed_in(circulation)
    client.cookies["bahasa"] = "en"
    return client


@pytest.fixture
def office(signed_in: Callable[[User], Client], officer: User) -> Client:
    client = signed_in(officer)
    client.cookies["bahasa"] = "en"
    return client


@pytest.fixture
def university(library: Institution) -> Institution:
    return lend_to_students(library).partner


def ask(desk: Client, library: Institution, **given: str) -> Any:
    return desk.post(reverse(CHECK), {"office": library.pk, "proof": "none", **given})


def test_the_answer_stands_in_words_with_agreement_and_article(
    desk: Client, library: Institution, university: Institution
) -> None:
    answer = ask(desk, library, institution="universitas perintis", proof="enrolment_letter")
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "scan-answer--good" in body
    assert "May borrow 3 items for 14 days" in body
    assert str(Agreement.objects.get()) in body
    assert "Article" in body
    assert answer["Cache-Control"] == "private, no-store"


def test_what_is_missing_is_named(desk: Client, library: Institution, university: Institution) -> None:
    body = ask(desk, library, institution="perintis").content.decode()
    assert "scan-answer--warn" in body
    with translation.override("en"):
        assert str(Proof.ENROLMENT_LETTER.label) in body


def test_a_choice_is_offered_where_words_mean_several(
    desk: Client, library: Institution, university: Institution
) -> None:
    InstitutionFactory(name="Universitas Bung Hatta")
    body = ask(desk, library, institution="universitas").content.decode()
    assert "Which one?" in body
    assert "Universitas Bung Hatta" in body
    assert not DeskCount.objects.exists()


def test_who_is_not_found_is_said_beside_the_box(desk: Client, library: Institution) -> None:
    answer = ask(desk, library, institution="zzzz")
    assert answer.status_code == 422
    assert "No institution of the directory is called so" in answer.content.decode()


def test_the_number_of_an_identity_card_is_neither_taken_nor_sent_back(
    desk: Client, library: Institution
) -> None:
    answer = ask(desk, library, institution="1375010101900001")
    assert answer.status_code == 422
    assert "1375010101900001" not in answer.content.decode()
    assert "not needed" in answer.content.decode()


def test_the_region_counts_with_the_card_only(desk: Client, office: Client, library: Institution) -> None:
    here = Region.objects.create(code="13.75", name="Kota Bukittinggi", level="regency")
    BorrowingRule.objects.create(office=library, loan_limit=2, loan_days=7).regions.add(here)
    assert "May become a member" in ask(desk, library, proof="id_card", region="bukittinggi").content.decode()
    assert "May become" not in ask(desk, library, proof="none", region="bukittinggi").content.decode()
    assert "No region is called so" in ask(desk, library, proof="id_card", region="zzz").content.decode()


def test_suggestions_come_by_post_and_leave_no_trace_in_an_address(
    desk: Client, university: Institution
) -> None:
    Region.objects.create(code="13.75", name="Kota Bukittinggi", level="regency")
    for name, given, found in (
        ("work:desk_check_institutions", {"institution": "perint"}, "Universitas Perintis Indonesia"),
        ("work:desk_check_regions", {"region": "bukit"}, "Kota Bukittinggi (13.75)"),
        ("work:desk_check_regions", {"further": "bukit"}, "Kota Bukittinggi (13.75)"),
    ):
        assert found in desk.post(reverse(name), given).content.decode()
        assert desk.post(reverse(name), dict.fromkeys(given, "b")).content.decode().strip() == ""
        assert desk.get(reverse(name)).status_code == 405


def test_the_rule_is_set_by_who_keeps_agreements_and_read_by_all(
    desk: Client, office: Client, library: Institution
) -> None:
    Region.objects.create(code="13.75", name="Kota Bukittinggi", level="regency")
    url = reverse("work:borrowing_rule")
    given = {"loan_limit": 2, "loan_days": 7, "further": "Kota Bukittinggi", "note": "Daftar di meja."}
    assert desk.post(url, given).status_code == 403
    assert office.post(url, given).status_code == 302
    rule = BorrowingRule.objects.get()
    assert [row.pk for row in rule.regions.all()] == ["13.75"]
    assert "Kota Bukittinggi" in desk.get(url).content.decode()
    assert 'name="loan_limit"' not in desk.get(url).content.decode()
    assert 'name="loan_limit"' in office.get(url).content.decode()
    # The mark is taken away again.
    assert office.post(url, {"loan_limit": 3, "loan_days": 7}).status_code == 302
    rule.refresh_from_db()
    assert (rule.loan_limit, rule.regions.count(), rule.version) == (3, 0, 2)


def test_a_permission_is_shown_with_agreement_article_and_terms(
    desk: Client, library: Institution, university: Institution
) -> None:
    url = reverse("work:permission")
    shown = desk.get(url, {"form": "service_use", "mitra": university.pk}).content.decode()
    assert "scan-answer--good" in shown
    assert str(Agreement.objects.get()) in shown
    by_words = desk.get(url, {"form": "exchange", "mitra": "perintis"}).content.decode()
    assert "scan-answer--bad" in by_words
    assert "addendum" in by_words
    past = desk.get(url, {"form": "service_use", "mitra": university.pk, "tanggal": "2019-01-01"})
    assert "No agreement between" in past.content.decode()
    assert "Several are meant" not in desk.get(url).content.decode()


def test_more_than_was_agreed_is_refused_on_the_page_too(
    desk: Client, agreement: Agreement, school_library: Institution
) -> None:
    given = {"form": "collection_loan", "mitra": school_library.pk, "jumlah": 6}
    assert "allows 5 at the most" in desk.get(reverse("work:permission"), given).content.decode()


def test_a_day_that_is_none_is_refused_beside_its_box(desk: Client, university: Institution) -> None:
    shown = desk.get(reverse("work:permission"), {"mitra": university.pk, "tanggal": "kemarin"})
    assert shown.status_code == 200
    assert "scan-answer" not in shown.content.decode()
