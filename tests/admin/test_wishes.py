"""Wishes at the desk (L10): answered with one press, several at once, and counted for whoever buys."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from libraries.models import Institution, User
from loans.choices import PeriodStatus
from loans.models import Period, Programme, Wish
from tests.admin.test_pages import BUDGET, cost_of
from tests.factories import CopyFactory, WishFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides(programme: Programme) -> dict[str, Institution]:
    return {"lender": programme.lender, "partner": programme.partner}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_promised_with_one_press(desk: Client, sides: Any) -> None:
    wish = WishFactory(**sides)
    period = Period.objects.filter(status=PeriodStatus.PLANNED).order_by("starts_on").first()
    page = text(desk.get(reverse("work:wish", args=[wish.pk])))
    assert f'value="{period.pk}"' in page
    done = desk.post(reverse("work:wish_promise", args=[wish.pk]), {"period": str(period.pk)})
    assert done["Location"] == reverse("work:wish", args=[wish.pk])
    wish.refresh_from_db()
    assert (wish.status, wish.period) == ("planned", period)


def test_declined_with_one_press_or_in_other_words(desk: Client, sides: Any) -> None:
    wish, other = WishFactory.create_batch(2, **sides)
    page = desk.get(reverse("work:wish", args=[wish.pk]))
    reason = str(page.context["reasons"][0])
    assert desk.post(reverse("work:wish_decline", args=[wish.pk]), {"note": reason}).status_code == 302
    assert desk.post(reverse("work:wish_decline", args=[other.pk]), {}).status_code == 422
    wish.refresh_from_db()
    assert (wish.status, wish.answer) == ("declined", reason)
    again = desk.post(reverse("work:wish_decline", args=[wish.pk]), {"note": reason})
    assert (again.status_code, "error-summary" in text(again)) == (409, True)


def test_a_subject_is_recorded_as_fulfilled(desk: Client, sides: Any) -> None:
    wish = WishFactory(**sides, title=None, subject="500")
    assert desk.post(reverse("work:wish_serve", args=[wish.pk]), {"note": "20 buku"}).status_code == 302
    wish.refresh_from_db()
    assert (wish.status, wish.answer) == ("served", "20 buku")


def test_several_are_declined_with_one_reason(desk: Client, sides: Any, other_school_library: Any) -> None:
    chosen = WishFactory.create_batch(3, **sides)
    kept = WishFactory(**sides)
    foreign = WishFactory(partner=other_school_library)
    url = reverse("work:wishes_decline")
    keys = [str(row.pk) for row in (*chosen, foreign)] + ["rubbish"]
    asked = desk.get(url, {"wish": keys})
    assert (asked.status_code, "3" in text(asked), str(foreign) in text(asked)) == (200, True, False)
    assert desk.post(url, {"wish": keys}).status_code == 422
    assert desk.post(url, {"wish": keys, "note": "Belum ada."}).status_code == 302
    assert set(Wish.objects.filter(status="declined").values_list("pk", flat=True)) == {r.pk for r in chosen}
    kept.refresh_from_db()
    assert kept.status == "open"
    assert desk.get(url)["Location"] == desk.post(url)["Location"] == reverse("work:wishes")


def test_the_list_is_cut_and_costs_little(desk: Client, sides: Any, library: Institution) -> None:
    names = {}
    for status in ("open", "planned", "served", "declined", "withdrawn"):
        wish = WishFactory(**sides, status=status, answered=status not in ("open", "withdrawn"))
        names[status] = str(wish)
    Wish.objects.filter(status="planned").update(period=Period.objects.order_by("-sequence").first())
    second = WishFactory(lender=library)
    url = reverse("work:wishes")
    for cut, status in (
        ("", "open"), ("dijanjikan", "planned"), ("terpenuhi", "served"), ("ditolak", "declined"), ("ditarik", "withdrawn"),
    ):  # fmt: skip
        page = text(desk.get(url, {"bagian": cut}))
        assert [name for name in names.values() if name in page] == [names[status]], cut
    assert str(second) in text(desk.get(url))
    assert str(second) not in text(desk.get(url, {"sekolah": str(sides["partner"].pk)}))
    assert str(second) not in text(desk.get(url, {"q": names["open"]}))
    WishFactory.create_batch(20, **sides)
    assert cost_of(desk, url) <= BUDGET
    assert cost_of(desk, reverse("work:wishes_wanted")) <= BUDGET
    sheet = text(desk.get(url, {"bentuk": "csv"}))
    assert len(sheet.splitlines()) == 23


def test_what_most_schools_want_comes_first(
    desk: Client, sides: Any, library: Institution, other_school_library: Institution
) -> None:
    rare, common = CopyFactory(owner=library).title, CopyFactory(owner=library).title
    CopyFactory(owner=library, title=common, place="packed")
    for partner in (sides["partner"], other_school_library):
        WishFactory(lender=library, partner=partner, title=common)
        WishFactory(lender=library, partner=partner, title=None, words="Atlas Dunia")
    WishFactory(lender=library, partner=sides["partner"], title=rare)
    WishFactory(lender=library, partner=sides["partner"])
    answer = desk.get(reverse("work:wishes_wanted"))
    rows = list(answer.context["page_obj"])
    assert [(row["schools"], row["stock"], row["free"]) for row in rows[:1]] == [(2, 2, 1)]
    assert (rows[0]["title"], len(rows)) == (common.pk, 3)
    assert [(row["name"], row["schools"]) for row in answer.context["typed"]] == [("Atlas Dunia", 2)]
    short = desk.get(reverse("work:wishes_wanted"), {"bagian": "beli"}).context["page_obj"]
    assert [row["stock"] for row in short] == [0]
    sheet = text(desk.get(reverse("work:wishes_wanted"), {"bentuk": "csv"}))
    assert ("Atlas Dunia" in sheet, len(sheet.splitlines())) == (True, 5)


def test_the_first_page_and_the_search_know_wishes(desk: Client, sides: Any) -> None:
    wish = WishFactory(**sides, priority=3)
    assert str(wish) in text(desk.get(reverse("admin:index")))
    found = desk.get(reverse("work:search"), {"q": str(wish)}, follow=True)
    assert str(wish) in text(found)


def test_who_may_only_look_is_shown_no_answers(signed_in: Any, crew: User, sides: Any) -> None:
    wish = WishFactory(**sides)
    page = text(signed_in(crew).get(reverse("work:wish", args=[wish.pk])))
    assert reverse("work:wish_decline", args=[wish.pk]) not in page


def test_a_wish_told_at_the_door_is_noted(desk: Client, programme: Programme) -> None:
    title = CopyFactory(
        owner=programme.lender, title__title="Laskar Pelangi", title__isbn="9789793062792"
    ).title
    url = reverse("work:wish_note", args=[programme.pk])
    assert text(desk.get(reverse("work:programme", args=[programme.pk]))).count(url) == 1
    for book in ("978-979-3062-79-2", "laskar pelangi"):
        assert desk.post(url, {"book": book, "priority": "3"}).status_code == 302
        wish = Wish.objects.get()
        assert (wish.title, wish.priority, wish.partner) == (title, 3, programme.partner)
        assert desk.post(url, {"book": book, "priority": "3"}).status_code == 409
        wish.events.all().delete()
        wish.delete()
    assert desk.post(url, {"book": "Buku laut", "priority": "2"}).status_code == 302
    assert desk.post(url, {"subject": "500", "priority": "2"}).status_code == 302
    assert desk.post(url, {"priority": "2"}).status_code == 422
    assert sorted(Wish.objects.values_list("words", "subject")) == [("", "500"), ("Buku laut", "")]
    partner = text(desk.get(reverse("work:partner", args=[programme.partner_id])))
    assert "Buku laut" in partner
