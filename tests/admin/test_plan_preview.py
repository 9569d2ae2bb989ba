"""What the reader of a plan is told before adopting it: differences, gaps with what to buy, wishes, straight moves (L2)."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from kerjasama.domain import clock
from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.models import PlannedBook, Programme, RotationPlan
from loans.services.adopting import adopt_plan
from loans.services.programmes import open_programme
from loans.services.rotating import ask_plan, run_waiting_plans
from tests.factories import (
    AgreementFactory,
    CopyFactory,
    InstitutionFactory,
    TitleFactory,
    WishFactory,
    shelve,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def schools(library: Institution, circulation: User) -> list[Programme]:
    return [
        open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)
        for _school in range(2)
    ]


@pytest.fixture
def desk(signed_in: Any, circulation: User) -> Client:
    client: Client = signed_in(circulation)
    return client


def reckoned(library: Institution, actor: User, **more: Any) -> RotationPlan:
    plan = ask_plan(office=library, actor=actor, starts_on=clock.today() - timedelta(days=30), **more)
    run_waiting_plans()
    plan.refresh_from_db()
    return plan


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_small_shelf_says_what_to_release_to_borrow_and_to_buy(
    desk: Client, schools: list[Programme], library: Institution, circulation: User
) -> None:
    shelve(library, 8)
    own = CopyFactory(owner=library, may_travel=False, title=TitleFactory(reading_level="general", ddc="813"))
    helper = InstitutionFactory(office=True, name="Perpustakaan Kota Seberang")
    CopyFactory(owner=helper, title=TitleFactory(reading_level="general", ddc="813"))
    plan = reckoned(library, circulation)
    assert plan.figures["empty"] > 0
    row = plan.report["remedies"][0]
    assert (row["missing"], row["here"]) == (plan.figures["empty"], 1)
    assert {"library": "Perpustakaan Kota Seberang", "titles": 1} in row["elsewhere"]
    body = desk.get(reverse("work:plan", args=[plan.pk])).content.decode()
    for words in ("Izinkan keluar", "Perpustakaan Kota Seberang", "beli", f"{plan.figures['empty']} tempat"):
        assert words in body
    paper = text_of(desk.get(reverse("work:plan_paper", args=[plan.pk])).content)
    assert "Perpustakaan Kota Seberang" in paper and schools[0].partner.name in paper
    assert Copy.objects.filter(pk=own.pk, may_travel=False).exists()


def test_differences_are_counted_and_shown_book_by_book(
    desk: Client, schools: list[Programme], library: Institution, circulation: User
) -> None:
    shelve(library, 40)
    adopt_plan(plan=reckoned(library, circulation), actor=circulation)
    period = schools[0].periods.get(sequence=2)
    lost = period.planned_books.first()
    Copy.objects.filter(pk=lost.copy_id).update(place="withdrawn")
    plan = reckoned(library, circulation)
    row = next(row for row in plan.schools if row["programme"] == str(schools[0].pk))
    assert row["kept"] == 20 - row["dropped"]
    assert (row["dropped"] >= 1, row["new"]) == (True, row["books"] - row["kept"])
    page = desk.get(reverse("work:plan_school", args=[plan.pk, schools[0].pk]))
    assert lost.title in [title for _period, title in page.context["dropped"]]
    new = [book for delivery in page.context["deliveries"] for book in delivery["books"] if book.is_new]
    assert len(new) == row["new"]
    whole = desk.get(reverse("work:plan", args=[plan.pk]))
    assert whole.context["sums"]["dropped"] == sum(it["dropped"] for it in plan.schools)
    assert whole.context["sums"]["new"] == sum(it["new"] for it in plan.schools)


def test_an_adoption_is_taken_back_and_the_rest_reckoned_again_from_the_page(
    desk: Client, schools: list[Programme], library: Institution, circulation: User
) -> None:
    shelve(library, 40)
    plan = reckoned(library, circulation)
    url = reverse("work:plan", args=[plan.pk])
    undo, replan = (reverse("work:plan_step", args=[plan.pk, action]) for action in ("undo", "replan"))
    assert undo not in desk.get(url).content.decode()
    desk.post(reverse("work:plan_adopt", args=[plan.pk]), {"semua": "ya"})
    assert undo in desk.get(url).content.decode()
    desk.post(undo)
    assert PlannedBook.objects.count() == 0
    desk.post(reverse("work:plan_adopt", args=[plan.pk]), {"semua": "ya"})
    lost = PlannedBook.objects.all()[0]
    Copy.objects.filter(pk=lost.copy_id).update(place="withdrawn")
    assert "berlubang" in desk.get(reverse("work:plans")).content.decode()
    assert "berlubang" in desk.get(url).content.decode()
    answer = desk.post(replan)
    rest = RotationPlan.objects.get(continues=plan)
    assert answer["Location"] == reverse("work:plan", args=[rest.pk])
    RotationPlan.objects.filter(pk=plan.pk).update(adopted_at=clock.now() - timedelta(minutes=11))
    assert undo not in desk.get(url).content.decode()
    late = desk.post(undo)
    assert (late.status_code, "10 menit" in late.content.decode()) == (409, True)


def test_wishes_are_counted_and_those_that_wait_say_why(
    desk: Client, schools: list[Programme], library: Institution, circulation: User
) -> None:
    shelf = shelve(library, 30)
    kept = CopyFactory(owner=library, may_travel=False)
    partner = schools[0].partner
    WishFactory(lender=library, partner=partner, title=shelf[0].title)
    WishFactory(lender=library, partner=partner, title=kept.title)
    plan = reckoned(library, circulation)
    row = next(row for row in plan.schools if row["programme"] == str(schools[0].pk))
    assert (row["wishes"], row["served"]) == (2, 1)
    assert [(it["school"], it["title"], it["reason"]) for it in plan.report["unserved"]] == [
        (str(partner), kept.title.title, "no_copy")
    ]
    body = desk.get(reverse("work:plan", args=[plan.pk])).content.decode()
    assert "tidak ada eksemplar bebas" in body and "1/2" in body


def test_the_books_as_a_sheet_and_the_list_of_a_school_on_paper(
    desk: Client, schools: list[Programme], library: Institution, circulation: User
) -> None:
    shelve(library, 40)
    plan = reckoned(library, circulation)
    url = reverse("work:plan", args=[plan.pk])
    sheet = load_workbook(io.BytesIO(desk.get(url + "?bentuk=xlsx").content)).active
    assert sheet.max_row == 1 + 40
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {row[8] for row in rows} == {"baru"}
    assert desk.get(url + "?bentuk=csv").content.decode("utf-8-sig").count("\n") >= 41
    paper = text_of(desk.get(reverse("work:plan_school_paper", args=[plan.pk, schools[0].pk])).content)
    mine = {row[6] for row in rows if row[0] == schools[0].partner.name}
    other = {row[6] for row in rows} - mine
    assert len(mine) == 20
    printed = paper.replace("\n", "")
    assert {barcode for barcode in mine if barcode not in printed} == set()
    assert not any(barcode in printed for barcode in other)


def test_pages_cost_the_same_for_one_school_and_for_many(
    desk: Client, library: Institution, circulation: User, django_assert_max_num_queries: Any
) -> None:
    shelve(library, 60)
    made = [
        open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)
        for _school in range(5)
    ]
    plan = reckoned(library, circulation)
    desk.get(reverse("work:plan", args=[plan.pk]))
    with django_assert_max_num_queries(12):
        desk.get(reverse("work:plan", args=[plan.pk]))
    with django_assert_max_num_queries(16):
        desk.get(reverse("work:plan_school", args=[plan.pk, made[0].pk]))
