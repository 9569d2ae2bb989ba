"""The first page answers three questions: what do we hold, when does it go back, what must I do now (U12, P1)."""

import gzip
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.models import Agreement
from agreements.services.signing import submit_agreement
from kerjasama.domain import clock
from libraries.choices import Role
from libraries.models import Institution, User
from loans.models import Case, Consignment
from tests.factories import AgreementFactory, MembershipFactory, UserFactory
from tests.portal.conftest import words

HOME = "/portal/"
FIRST_PAGE_BYTES = 120 * 1024
MOST_QUERIES = 12
MOST_QUERIES_OF_AGREEMENT = 15
MOST_QUERIES_OF_HOME = 20


def test_a_delivery_to_confirm_is_the_one_big_button(phone: Client, dispatched: Consignment) -> None:
    page = words(phone.get(HOME))
    assert "5 buku di sekolah Anda" in page
    assert "Konfirmasi penerimaan 5 buku" in page
    assert page.count("btn--primary") == 1
    assert reverse("portal:confirm", args=[dispatched.pk]) in page.split("btn--primary")[1][:200]


def test_the_day_of_return_stands_in_words(phone: Client, received: Consignment) -> None:
    page = words(phone.get(HOME))
    days = (received.due_on - clock.today()).days
    assert f"{days} hari lagi" in page
    assert str(received.due_on.year) in page
    assert "Perpustakaan Bung Hatta" in page


def test_nothing_to_do_is_said_calmly(phone: Client, received: Consignment) -> None:
    page = words(phone.get(HOME))
    assert "Tidak ada tugas hari ini" in page
    assert "btn--primary" not in page


def test_late_books_come_first_and_say_by_how_many_days(
    signed_in: Callable[[User], Client], school: User, assessed: Case, received: Consignment
) -> None:
    with time_machine.travel(_at(received.due_on + timedelta(days=3)), tick=False):
        page = words(signed_in(school).get(HOME))
    assert "terlambat 3 hari" in page
    assert "4 buku sudah waktunya kembali" in page
    # The replacement has been due for longer, so it is the first and the only primary button.
    assert page.index("Ganti buku") < page.index("sudah waktunya kembali")
    assert page.count("btn--primary") == 1


def test_two_weeks_before_the_swap_the_books_are_to_be_gathered(
    signed_in: Callable[[User], Client], school: User, received: Consignment
) -> None:
    with time_machine.travel(_at(received.due_on - timedelta(days=14)), tick=False):
        page = words(signed_in(school).get(HOME))
    assert "Siapkan 5 buku untuk dikembalikan" in page
    assert "14 hari lagi" in page


def test_an_agreement_that_waits_for_a_signature_is_a_task(
    phone: Client, library: Institution, school_library: Institution, officer: User
) -> None:
    draft = AgreementFactory(office=library, partner=school_library)
    assert "Tanda tangani" not in words(phone.get(HOME)), "a draft is the office's own matter"
    submit_agreement(agreement=draft, actor=officer)
    assert "Tanda tangani perjanjian dengan Perpustakaan Bung Hatta" in words(phone.get(HOME))


def test_an_agreement_that_ends_soon_is_mentioned_unless_another_follows(
    phone: Client, library: Institution, school_library: Institution
) -> None:
    today = clock.today()
    ends = {"starts_on": today - timedelta(days=300), "ends_on": today + timedelta(days=20)}
    AgreementFactory(office=library, partner=school_library, in_force=True, lending=False, **ends)
    assert "segera berakhir" in words(phone.get(HOME))
    AgreementFactory(office=library, partner=school_library, in_force=True, lending=False)
    assert "segera berakhir" not in words(phone.get(HOME))


def test_an_empty_school_is_told_what_will_come(phone: Client, agreement: Agreement) -> None:
    page = words(phone.get(HOME))
    assert "Belum ada buku di sekolah Anda" in page
    assert "Tidak ada tugas hari ini" in page


def test_an_office_is_shown_to_its_own_pages(signed_in: Callable[[User], Client], circulation: User) -> None:
    response = signed_in(circulation).get(HOME)
    assert response.status_code == 302
    assert response.url == reverse("admin:index")


def test_somebody_without_a_school_learns_whom_to_ask(signed_in: Callable[[User], Client], db: None) -> None:
    stranger = UserFactory(name="Tanpa Sekolah")
    response = signed_in(stranger).get(HOME)
    assert response.status_code == 403
    page = words(response)
    assert "belum terhubung dengan sekolah" in page
    assert stranger.email in page


def test_a_guest_is_led_to_the_sign_in_and_back_to_the_very_task(
    client: Client, dispatched: Consignment, school: User
) -> None:
    """U11: the link of a mail opens the task after the sign-in."""
    task = reverse("portal:confirm", args=[dispatched.pk])
    first = client.get(task)
    assert first.status_code == 302
    assert first.url.endswith(f"?next={task}")
    then = client.post(first.url, {"login": school.username, "password": "kata sandi uji 2026"})
    assert then.status_code == 302
    assert then.url == task


def test_somebody_with_two_schools_chooses_and_sees_each_apart(
    phone: Client, school: User, other_school_library: Institution, received: Consignment
) -> None:
    MembershipFactory(user=school, institution=other_school_library, role=Role.SCHOOL_CONTACT)
    page = words(phone.get(HOME))
    assert "5 buku di sekolah Anda" in page
    assert "acting-school" in page
    answer = phone.post(reverse("portal:act_for"), {"school": str(other_school_library.pk), "next": HOME})
    assert answer.url == HOME
    page = words(phone.get(HOME))
    assert "Belum ada buku di sekolah Anda" in page
    # A link in a mail about the first school still opens, and the head of the page names that school.
    page = words(phone.get(reverse("portal:consignment", args=[received.pk])))
    assert f'<span class="brand__of">{received.partner}' in page


def test_nobody_can_act_for_a_school_that_is_not_theirs(
    phone: Client, other_school_library: Institution, received: Consignment
) -> None:
    phone.post(reverse("portal:act_for"), {"school": str(other_school_library.pk)})
    assert "5 buku di sekolah Anda" in words(phone.get(HOME))


def test_switching_leads_nowhere_outside(phone: Client, received: Consignment) -> None:
    answer = phone.post(reverse("portal:act_for"), {"school": "", "next": "https://example.org/"})
    assert answer.url == HOME


@pytest.mark.parametrize("quantity", [1, 100])
def test_the_pages_of_a_school_cost_few_queries_whatever_it_holds(
    quantity: int,
    signed_in: Callable[[User], Client],
    school: User,
    circulation: User,
    library: Institution,
    school_library: Institution,
) -> None:
    from loans.services.dispatching import dispatch_consignment
    from loans.services.programmes import open_programme
    from loans.services.proposing import propose_consignment
    from tests.conftest import scan_all
    from tests.factories import shelve

    shelve(library, quantity + 2)
    agreement = AgreementFactory(
        office=library, partner=school_library, in_force=True, lending={"quantity": quantity}
    )
    programme = open_programme(agreement=agreement, actor=circulation)
    box = propose_consignment(period=programme.periods.order_by("sequence")[0], actor=circulation)
    scan_all(box, circulation)
    dispatch_consignment(consignment=box, actor=circulation)
    browser = signed_in(school)
    pages = [
        HOME,
        reverse("portal:holdings"),
        reverse("portal:consignment", args=[box.pk]),
        reverse("portal:confirm", args=[box.pk]),
        reverse("portal:confirm_missing", args=[box.pk]),
        reverse("portal:confirm_check", args=[box.pk]),
        reverse("portal:agreement", args=[agreement.pk]),
        reverse("portal:documents"),
        reverse("portal:notices"),
        reverse("portal:school"),
    ]
    browser.get(HOME)
    costs = {}
    for page in pages:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(page).status_code == 200
        asked = [query["sql"] for query in queries if not _housekeeping(query["sql"])]
        costs[page] = len(asked)
    # The first page asks every part of the house what there is to do; all others have one matter.
    assert costs.pop(HOME) <= MOST_QUERIES_OF_HOME
    # An agreement says who has signed, what each has taken on, its papers and relatives; a delivery names its article.
    assert costs.pop(reverse("portal:agreement", args=[agreement.pk])) <= MOST_QUERIES_OF_AGREEMENT, costs
    assert costs.pop(reverse("portal:consignment", args=[box.pk])) <= MOST_QUERIES_OF_AGREEMENT, costs
    assert max(costs.values()) <= MOST_QUERIES, costs


def _housekeeping(sql: str) -> bool:
    """What every signed-in request of the house costs before a page is asked for."""
    return sql.startswith(("SAVEPOINT", "RELEASE")) or "usersession" in sql


def test_the_first_page_is_light(phone: Client, dispatched: Consignment) -> None:
    """Page, styles, scripts and pictures, as they travel compressed."""
    response = phone.get(HOME)
    total = len(gzip.compress(response.content))
    for part in set(_parts(response.content.decode())):
        found = finders.find(part)
        assert found, part
        with open(found, "rb") as file:
            total += len(gzip.compress(file.read()))
    assert total <= FIRST_PAGE_BYTES


def _parts(page: str) -> list[str]:
    pieces = page.replace("'", '"').split('"')
    return [piece.removeprefix("/static/").split("#")[0] for piece in pieces if piece.startswith("/static/")]


def _at(day: date) -> str:
    return f"{day.isoformat()}T03:00:00Z"
