"""The ticked rows of a list: asked once more, done, taken back (U14)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from libraries.catalogue.models import Copy
from libraries.models import User
from loans.models import BulkAct
from tests.factories import CopyFactory

pytestmark = pytest.mark.django_db
ASK = reverse("work:bulk_ask", args=["write_off"])


@pytest.fixture
def desk(signed_in: Callable[[User], Client], circulation: User) -> Client:
    return signed_in(circulation)


@pytest.fixture
def worn(library: Any) -> list[Copy]:
    return [CopyFactory(owner=library, condition="damaged") for _n in range(2)]


def test_ticked_asked_done_and_taken_back(desk: Client, worn: list[Copy]) -> None:
    listed = desk.get(reverse("work:write_off")).content.decode()
    assert f'formaction="{ASK}"' in listed
    assert f'name="id" value="{worn[0].pk}"' in listed
    ids = [str(copy.pk) for copy in worn]
    asked = desk.get(ASK, {"id": ids}).content.decode()
    assert worn[1].barcode in asked
    assert not BulkAct.objects.exists(), "nothing happens before the press"
    answer = desk.post(ASK, {"id": ids, "number": "SK 12", "note": "Rusak."})
    act = BulkAct.objects.get()
    assert answer["Location"] == reverse("work:bulk", args=[act.pk])
    shown = desk.get(answer["Location"]).content.decode()
    undo = reverse("work:bulk_undo", args=[act.pk])
    assert undo in shown
    desk.post(undo)
    assert Copy.objects.get(pk=worn[0].pk).place == "shelf"
    assert undo not in desk.get(answer["Location"]).content.decode()
    assert reverse("work:bulk", args=[act.pk]) in desk.get(reverse("work:bulk_list")).content.decode()


def test_what_is_missing_keeps_the_ticks(desk: Client, worn: list[Copy]) -> None:
    answer = desk.post(ASK, {"id": [str(worn[0].pk)], "number": "SK 12", "note": ""})
    assert answer.status_code == 422
    assert str(worn[0].pk) in answer.content.decode()


@pytest.mark.parametrize("ids", [[], ["x"], ["00000000-0000-7000-8000-000000000000"]])
def test_nothing_ticked_leads_back(ids: list[str], desk: Client) -> None:
    for ask in (desk.get, desk.post):
        assert ask(ASK, {"id": ids})["Location"] == reverse("work:write_off")


def test_an_unknown_act_is_no_page(desk: Client) -> None:
    assert desk.get(reverse("work:bulk_ask", args=["explode"])).status_code == 404


def test_another_library_finds_nothing(
    desk: Client, worn: list[Copy], signed_in: Callable[[User], Client], perpusnas: User
) -> None:
    desk.post(ASK, {"id": [str(worn[0].pk)], "number": "SK 12", "note": "Rusak."})
    act = BulkAct.objects.get()
    stranger = signed_in(perpusnas)
    assert stranger.get(reverse("work:bulk", args=[act.pk])).status_code == 404
    assert stranger.post(reverse("work:bulk_undo", args=[act.pk])).status_code == 404
    stranger.post(ASK, {"id": [str(worn[1].pk)], "number": "SK 12", "note": "Rusak."})
    assert Copy.objects.get(pk=worn[1].pk).place == "shelf"
