"""The planned books of a delivery at the desk: put there, replaced, released, taken out, and titles never sent (L2)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.models import Period, PlannedBook, Programme, TitleBan
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from tests.factories import AgreementFactory, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(library: Institution) -> list[Copy]:
    return shelve(library, 20)


@pytest.fixture
def programme(library: Institution, circulation: User) -> Programme:
    return open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)


@pytest.fixture
def coming(programme: Programme) -> Period:
    return programme.periods.get(sequence=2)


@pytest.fixture
def desk(signed_in: Any, circulation: User) -> Client:
    client: Client = signed_in(circulation)
    return client


def test_a_barcode_puts_a_book_there_a_search_finds_one_to_replace_it(
    desk: Client, coming: Period, shelf: list[Copy]
) -> None:
    url = reverse("work:period_books", args=[coming.pk])
    assert 'class="empty"' in desk.get(url).content.decode()
    answer = desk.post(url, {"barcode": shelf[0].barcode})
    book = PlannedBook.objects.get()
    assert (answer.status_code, book.copy, book.is_locked) == (302, shelf[0], True)
    assert "dikunci" in desk.get(url).content.decode()
    found = desk.get(url, {"ganti": str(book.pk), "q": shelf[3].title.title})
    assert [row.pk for row in found.context["found"]] == [shelf[3].title_id]
    assert (found.context["replaced"], found.context["found"][0].free) == (book, 1)
    desk.post(url, {"book": str(book.pk), "title": str(shelf[3].title_id)})
    book.refresh_from_db()
    assert book.copy == shelf[3]
    by_barcode = desk.get(url, {"q": shelf[4].barcode})
    assert [row.pk for row in by_barcode.context["found"]] == [shelf[4].title_id]


def test_refusals_stand_on_the_page_with_what_was_typed(
    desk: Client, coming: Period, shelf: list[Copy]
) -> None:
    url = reverse("work:period_books", args=[coming.pk])
    nothing = desk.post(url, {})
    assert (nothing.status_code, "sebuah eksemplar, atau pilih judul" in nothing.content.decode()) == (
        422,
        True,
    )
    unknown = desk.post(url, {"barcode": "tidak-ada"})
    assert (unknown.status_code, "tidak-ada" in unknown.content.decode()) == (422, True)
    Copy.objects.filter(pk=shelf[0].pk).update(may_travel=False)
    stays = desk.post(url, {"barcode": shelf[0].barcode})
    assert (stays.status_code, "tidak boleh dibawa keluar" in stays.content.decode()) == (409, True)
    assert desk.post(url, {"title": "x"}).status_code == 422
    assert desk.get(url, {"ganti": "x", "q": "%00"}).status_code == 200


def test_a_full_delivery_says_how_to_make_room(desk: Client, coming: Period, shelf: list[Copy]) -> None:
    for copy in shelf[:5]:
        PlannedBook.objects.create(period=coming, title=copy.title, copy=copy)
    url = reverse("work:period_books", args=[coming.pk])
    assert "Tekan “Ganti”" in desk.get(url).content.decode()
    refused = desk.post(url, {"barcode": shelf[6].barcode})
    assert (refused.status_code, shelf[6].barcode in refused.content.decode()) == (409, True)


def test_a_book_is_fixed_released_and_taken_out(desk: Client, coming: Period, shelf: list[Copy]) -> None:
    book = PlannedBook.objects.create(period=coming, title=shelf[0].title, copy=shelf[0])
    for action, fixed in (("lock", True), ("unlock", False)):
        answer = desk.post(reverse("work:planned_book", args=[book.pk, action]))
        book.refresh_from_db()
        assert (answer["Location"], book.is_locked) == (reverse("work:period_books", args=[coming.pk]), fixed)
    asked = desk.get(reverse("work:planned_book", args=[book.pk, "remove"]))
    assert str(shelf[0].title) in asked.content.decode()
    desk.post(reverse("work:planned_book", args=[book.pk, "remove"]))
    assert not PlannedBook.objects.exists()
    assert desk.get(reverse("work:planned_book", args=[book.pk, "remove"])).status_code == 404


def test_what_is_packed_is_changed_on_its_own_list(
    desk: Client, coming: Period, shelf: list[Copy], circulation: User
) -> None:
    book = PlannedBook.objects.create(period=coming, title=shelf[0].title, copy=shelf[0])
    packed = propose_consignment(period=coming, actor=circulation)
    page = desk.get(reverse("work:period_books", args=[coming.pk]))
    assert (page.context["may_change"], packed.code in page.content.decode()) == (False, True)
    answer = desk.post(reverse("work:planned_book", args=[book.pk, "lock"]))
    assert (answer.status_code, packed.code in answer.content.decode()) == (409, True)


def test_a_title_is_kept_from_a_school_with_its_reason_and_let_go_again(
    desk: Client, programme: Programme, coming: Period, shelf: list[Copy]
) -> None:
    url = reverse("work:bans", args=[programme.pk])
    PlannedBook.objects.create(period=coming, title=shelf[0].title, copy=shelf[0])
    found = desk.get(url, {"q": shelf[0].title.title})
    assert [row.pk for row in found.context["found"]] == [shelf[0].title_id]
    assert desk.get(url, {"judul": str(shelf[0].title_id)}).context["title"] == shelf[0].title
    empty = desk.post(url, {"title": str(shelf[0].title_id), "reason": ""})
    assert (empty.status_code, "Sebutkan alasannya" in empty.content.decode()) == (422, True)
    done = desk.post(url, {"title": str(shelf[0].title_id), "reason": "Sudah punya."}, follow=True)
    assert "1 buku yang direncanakan" in done.content.decode()
    assert "Sudah punya." in done.content.decode()
    assert not PlannedBook.objects.exists()
    ban = TitleBan.objects.get()
    desk.post(reverse("work:ban_lift", args=[programme.pk, ban.pk]))
    assert not TitleBan.objects.exists()
    assert desk.get(url, {"judul": "x"}).status_code == 200


def test_the_page_costs_the_same_however_many_books(
    desk: Client, coming: Period, shelf: list[Copy], django_assert_max_num_queries: Any
) -> None:
    url = reverse("work:period_books", args=[coming.pk])
    desk.get(url)
    for copy in shelf:
        PlannedBook.objects.create(period=coming, title=copy.title, copy=copy)
    with django_assert_max_num_queries(14):
        assert len(desk.get(url).context["rows"]) == 20
