"""Tracking and acts on many over the API: the same filters as the pages, refusals row by row, taken back (L7, U14)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django_filters
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


def filter_sets(base: Any = django_filters.FilterSet) -> Iterator[Any]:
    """Every filter set of the house."""
    for made in base.__subclasses__():
        if made._meta.model is not None and not made.__module__.startswith("django_filters"):
            yield made
        yield from filter_sets(made)


def test_a_yes_or_no_that_is_neither_is_refused_everywhere(program: Any, circulation: User) -> None:
    """A misspelt filter must never mean "everything": not in the API, not on a page, in no filter set."""
    desk = program(circulation)
    assert desk.get("/api/v1/balances/?late=maybe").status_code == 400
    assert [
        desk.get(f"/api/v1/balances/?late={said}").status_code for said in ("true", "false", "1", "0")
    ] == [200] * 4
    asked = {
        (made, name)
        for made in filter_sets()
        for name, field in made.base_filters.items()
        if isinstance(field, django_filters.BooleanFilter)
    }
    assert len(asked) > 10
    for made, name in asked:
        form = made({name: "maybe"}, queryset=made._meta.model._default_manager.none()).form
        assert name in form.errors, f"{made.__name__}: {name}"


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
