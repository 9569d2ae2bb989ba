"""Tracking and acts on many over the API: the same filters as the pages, refusals row by row, taken back (L7, U14)."""

from datetime import timedelta
from typing import Any

import pytest

from kerjasama.domain import clock
from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.models import Consignment
from tests.factories import CopyFactory

pytestmark = pytest.mark.django_db


def test_late_books_and_balances_with_their_filters(
    program: Any, dispatched: Consignment, circulation: User, school: User, other_school: User
) -> None:
    due = clock.today() - timedelta(days=12)
    Consignment.objects.filter(pk=dispatched.pk).update(due_on=due)
    desk = program(circulation)
    rows = desk.get("/api/v1/late-books/").json()["results"]
    assert {row["days_late"] for row in rows} == {12}
    assert desk.get("/api/v1/late-books/?min_days=13").json()["results"] == []
    assert len(desk.get("/api/v1/late-books/?min_days=12").json()["results"]) == len(rows)
    owed = desk.get("/api/v1/balances/?late=true").json()["results"]
    assert [(row["books_out"], row["books_late"]) for row in owed] == [(len(rows), len(rows))]
    assert program(school).get("/api/v1/balances/").json()["results"][0]["books_out"] == len(rows)
    assert program(other_school).get("/api/v1/balances/").json()["results"] == []


def test_an_act_on_many_and_its_undoing(program: Any, library: Institution, circulation: User) -> None:
    shelf, packed = CopyFactory(owner=library), CopyFactory(owner=library, place="packed")
    desk = program(circulation)
    body = {
        "office": str(library.pk),
        "kind": "write_off",
        "ids": [str(shelf.pk), str(packed.pk)],
        "number": "SK 12",
        "note": "Usang.",
    }
    made = desk.post("/api/v1/bulk-acts/", body)
    assert made.status_code == 201, made.json()
    act = made.json()
    assert (act["done"], act["refused"], act["available_actions"]) == (1, 1, ["undo"])
    assert {row["id"]: row["outcome"] for row in act["rows"]} == {
        str(shelf.pk): "done",
        str(packed.pk): "refused",
    }
    back = desk.post(f"{act['url']}undo/").json()
    assert {row["outcome"] for row in back["rows"]} == {"undone", "refused"}
    assert Copy.objects.get(pk=shelf.pk).place == "shelf"
    assert desk.post(f"{act['url']}undo/").status_code == 409


def test_what_a_kind_needs_is_named(program: Any, library: Institution, circulation: User) -> None:
    copy = CopyFactory(owner=library)
    body = {"office": str(library.pk), "kind": "write_off", "ids": [str(copy.pk)]}
    answer = program(circulation).post("/api/v1/bulk-acts/", body)
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"][0]["pointer"] == "/number"
