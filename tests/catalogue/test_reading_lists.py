"""Reading lists of classes: kept by the school alone, in its order, for whoever may read them (F15)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from kerjasama.domain.errors import Conflict, InvalidInput, LimitReached, NotPermitted
from libraries.catalogue.models import ReadingList, ReadingListItem
from libraries.catalogue.services import reading_lists
from libraries.catalogue.services.reading_lists import (
    add_to_reading_list,
    begin_reading_list,
    move_in_reading_list,
    remove_reading_list,
    revise_reading_list,
    take_from_reading_list,
)
from libraries.models import Institution, User
from tests.api.conftest import Program, program
from tests.factories import AgreementFactory, ReadingListFactory, TitleFactory

__all__ = ["program"]
pytestmark = pytest.mark.django_db

FACTS = {"class_name": "Kelas 4", "school_year": "2026/2027", "title": "Cerita dari laut"}


@pytest.fixture
def reading_list(school_library: Institution) -> ReadingList:
    return ReadingListFactory(institution=school_library, title="Cerita dari laut")


@pytest.fixture
def phone(signed_in: Callable[[User], Client], school: User) -> Client:
    return signed_in(school)


def names(row: ReadingList) -> list[str]:
    return [str(item) for item in row.items.order_by("position")]


def test_only_the_school_keeps_its_lists(
    reading_list: ReadingList, school_library: Any, everybody: Any
) -> None:
    for name, user in everybody.items():
        if name in ("school", "clock"):
            continue
        for act in (
            lambda user=user: begin_reading_list(actor=user, institution=school_library, **FACTS),
            lambda user=user: revise_reading_list(reading_list=reading_list, actor=user, note="x"),
            lambda user=user: add_to_reading_list(reading_list=reading_list, actor=user, typed_title="x"),
            lambda user=user: remove_reading_list(reading_list=reading_list, actor=user),
        ):
            with pytest.raises(NotPermitted):
                act()


def test_filled_put_in_order_and_emptied(reading_list: ReadingList, school: User) -> None:
    title = TitleFactory(title="Si Jamin")
    first = add_to_reading_list(reading_list=reading_list, actor=school, title=title, author="lain")
    assert (first.name, first.author_line, first.author) == ("Si Jamin", "Penulis Uji", "")
    for name in ("Malin  Kundang", "Timun Mas"):
        add_to_reading_list(reading_list=reading_list, actor=school, typed_title=name, author="Rakyat")
    assert names(reading_list) == ["Si Jamin", "Malin Kundang", "Timun Mas"]
    move_in_reading_list(reading_list=reading_list, actor=school, item=first, by=1)
    assert names(reading_list) == ["Malin Kundang", "Si Jamin", "Timun Mas"]
    move_in_reading_list(reading_list=reading_list, actor=school, item=first, by=-200)
    assert names(reading_list) == ["Si Jamin", "Malin Kundang", "Timun Mas"]
    take_from_reading_list(reading_list=reading_list, actor=school, item=first)
    assert [item.position for item in reading_list.items.order_by("position")] == [1, 2]
    with pytest.raises(Conflict) as refused:
        move_in_reading_list(reading_list=reading_list, actor=school, item=first, by=1)
    assert refused.value.code == "not_listed"
    reading_list.refresh_from_db()
    assert reading_list.version == 7  # whoever follows changes sees each of them
    remove_reading_list(reading_list=reading_list, actor=school)
    assert not ReadingListItem.objects.exists()


def test_refusals(reading_list: ReadingList, school: User, monkeypatch: pytest.MonkeyPatch) -> None:
    title = TitleFactory()

    def code(kind: Any, **facts: Any) -> str:
        with pytest.raises(kind) as refused:
            add_to_reading_list(reading_list=reading_list, actor=school, **facts)
        return refused.value.code

    assert code(InvalidInput, typed_title="  ") == "title_missing"
    add_to_reading_list(reading_list=reading_list, actor=school, title=title)
    add_to_reading_list(reading_list=reading_list, actor=school, typed_title="Timun Mas")
    assert code(Conflict, title=title) == "already_listed"
    assert code(Conflict, typed_title="timun  mas") == "already_listed"
    monkeypatch.setattr(reading_lists, "LONGEST", 2)
    assert code(LimitReached, typed_title="Satu lagi") == "list_full"
    with pytest.raises(ValidationError):
        revise_reading_list(reading_list=reading_list, actor=school, school_year="2026")
    with pytest.raises(InvalidInput):
        revise_reading_list(reading_list=reading_list, actor=school, institution=title)
    with pytest.raises(Conflict):
        revise_reading_list(reading_list=reading_list, actor=school, version=99, note="x")


def test_the_database_knows_no_book_without_a_title(reading_list: ReadingList) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingListItem.objects.create(reading_list=reading_list, position=1)


def test_who_reads_it(reading_list: ReadingList, everybody: Any, library: Institution) -> None:
    def readers() -> set[str]:
        return {
            name
            for name, user in everybody.items()
            if user is not None and ReadingList.objects.visible_to(user).exists()
        }

    assert readers() == {"school"}
    AgreementFactory(office=library, partner=reading_list.institution, in_force=True)
    office = {"officer", "circulation", "crew", "head", "administrator", "coordinator"}
    assert readers() == office | {"school"}
    ReadingList.objects.update(is_public=True)
    assert readers() == set(everybody) - {"clock"}
    assert not ReadingList.objects.visible_to(None).exists()


class TestOnThePhone:
    def test_begun_filled_from_the_catalogue_and_by_hand_printed(
        self, phone: Client, school_library: Institution
    ) -> None:
        TitleFactory(title="Laut Bercerita untuk Anak")
        assert (
            phone.post(reverse("portal:reading_list_new"), {**FACTS, "school_year": "26"}).status_code == 422
        )
        made = phone.post(reverse("portal:reading_list_new"), FACTS)
        row = ReadingList.objects.get()
        url = reverse("portal:reading_list", args=[row.pk])
        assert made["Location"] == url and row.institution == school_library
        page = phone.get(url, {"q": "bercerita"}).content.decode()
        assert "Laut Bercerita untuk Anak" in page and " style=" not in page
        add = reverse("portal:reading_list_add", args=[row.pk])
        from libraries.catalogue.models import Title

        phone.post(add, {"title": str(Title.objects.get().pk)})
        phone.post(add, {"typed_title": "Malin Kundang", "author": "Rakyat", "note": "Dibaca nyaring"})
        assert names(row) == ["Laut Bercerita untuk Anak", "Malin Kundang"]
        assert phone.post(add, {"typed_title": "malin kundang"}).status_code == 409
        assert phone.post(add, {"typed_title": ""}).status_code == 422
        assert phone.post(add, {"title": "rubbish"}).status_code == 404
        first = row.items.order_by("position").first()
        phone.post(reverse("portal:reading_list_item", args=[row.pk, first.pk, "turun"]))
        assert names(row)[0] == "Malin Kundang"
        phone.post(reverse("portal:reading_list_item", args=[row.pk, first.pk, "hapus"]))
        assert names(row) == ["Malin Kundang"]
        assert phone.get(reverse("portal:reading_list_pdf", args=[row.pk])).content.startswith(b"%PDF-")
        phone.post(reverse("portal:reading_list_edit", args=[row.pk]), {**FACTS, "title": "Dongeng"})
        row.refresh_from_db()
        assert row.title == "Dongeng"
        assert phone.get(reverse("portal:reading_list_remove", args=[row.pk])).status_code == 200
        phone.post(reverse("portal:reading_list_remove", args=[row.pk]))
        assert not ReadingList.objects.exists()

    def test_a_shared_list_is_read_not_written(
        self, reading_list: ReadingList, other_school: User, signed_in: Callable[[User], Client]
    ) -> None:
        browser = signed_in(other_school)
        url = reverse("portal:reading_list", args=[reading_list.pk])
        shared = reverse("portal:reading_lists") + "?lihat=bersama"
        assert browser.get(url).status_code == 404
        ReadingList.objects.update(is_public=True)
        assert reading_list.title in browser.get(shared).content.decode()
        page = browser.get(url).content.decode()
        assert (
            reading_list.title in page
            and reverse("portal:reading_list_add", args=[reading_list.pk]) not in page
        )
        assert browser.get(reverse("portal:reading_list_edit", args=[reading_list.pk])).status_code == 404


def test_at_the_desk_to_read(
    reading_list: ReadingList, library: Institution, officer: User, signed_in: Callable[[User], Client]
) -> None:
    AgreementFactory(office=library, partner=reading_list.institution, in_force=True)
    desk = signed_in(officer)
    url = reverse("work:reading_lists")
    assert reading_list.title in desk.get(url, {"tahun": "2026/2027", "q": "benteng"}).content.decode()
    assert reading_list.title not in desk.get(url, {"q": "nihil"}).content.decode()
    assert "Kelas 4" in desk.get(url, {"bentuk": "csv"}).content.decode()
    assert desk.get(reverse("work:reading_list", args=[reading_list.pk])).status_code == 200


def test_over_the_api(
    program: Program, school: User, other_school: User, school_library: Institution
) -> None:
    client = program(school)
    made = client.post("/api/v1/reading-lists/", {"institution": str(school_library.pk), **FACTS})
    assert made.status_code == 201, made.json()
    url = made.json()["url"]
    for name in ("Malin Kundang", "Timun Mas"):
        filled = client.post(f"{url}add_item/", {"typed_title": name}).json()
    assert [item["name"] for item in filled["items"]] == ["Malin Kundang", "Timun Mas"]
    moved = client.post(f"{url}move_item/", {"item": filled["items"][1]["id"], "by": -1}).json()
    assert [item["name"] for item in moved["items"]] == ["Timun Mas", "Malin Kundang"]
    left = client.post(f"{url}drop_item/", {"item": filled["items"][1]["id"]}).json()
    assert [item["name"] for item in left["items"]] == ["Malin Kundang"]
    assert client.post(f"{url}add_item/", {"typed_title": "malin kundang"}).status_code == 409
    changed = client.patch(url, {"is_public": True}, headers={"If-Match": "*"})
    assert changed.json()["is_public"] is True
    stranger = program(other_school)
    assert stranger.get(url).json()["available_actions"] == []
    assert stranger.post(f"{url}add_item/", {"typed_title": "x"}).status_code == 403
    assert stranger.post(f"{url}remove/").status_code == 403
    assert client.post(f"{url}remove/").json() == {"id": made.json()["id"], "removed": True}
    assert client.get(url).status_code == 404
