"""Programs open, fill, count and close the boxes of a delivery (L3)."""

from typing import Any

import pytest

from loans.models import Consignment
from loans.services.dispatching import dispatch_consignment
from tests.api.conftest import Program
from tests.conftest import scan_all

pytestmark = pytest.mark.django_db


def test_a_box_is_opened_counted_closed_and_opened_again(
    program: Program, picking: Consignment, circulation: Any, school: Any
) -> None:
    own, client = f"/api/v1/consignments/{picking.pk}/", program(circulation)
    assert client.get(f"{own}boxes/").json() == {"results": [], "loose": 0}
    opened = client.post(f"{own}boxes/", {})
    assert opened.status_code == 201
    assert opened.json()["results"] == [{"number": 1, "books": 0, "counted": None, "closed_at": None}]
    assert client.post(f"{own}boxes/", {}).json()["code"] == "box_open"
    scan_all(picking, circulation)
    assert {row["box"] for row in client.get(f"{own}lines/").json()["results"]} == {1}
    wrong = client.post(f"{own}close_box/", {"number": 1, "counted": 4})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "miscounted")
    assert client.post(f"{own}close_box/", {"number": 2, "counted": 4}).json()["code"] == "unknown_box"
    assert client.post(f"{own}close_box/", {"number": 1, "counted": -1}).status_code == 400
    closed = client.post(f"{own}close_box/", {"number": 1, "counted": 5}).json()["results"][0]
    assert (closed["counted"], closed["books"]) == (5, 5) and closed["closed_at"]
    assert client.post(f"{own}reopen_box/", {"number": 1}).json()["results"][0]["closed_at"] is None
    assert program(school).get(f"{own}boxes/").status_code == 404
    dispatch_consignment(consignment=picking, actor=circulation)
    theirs = program(school).get(f"{own}boxes/").json()["results"]
    assert [(row["number"], row["books"], row["counted"]) for row in theirs] == [(1, 5, None)]
    assert program(school).post(f"{own}boxes/", {}).status_code == 403


def test_lines_without_boxes_say_so(program: Program, dispatched: Consignment, circulation: Any) -> None:
    rows = program(circulation).get(f"/api/v1/consignments/{dispatched.pk}/lines/").json()["results"]
    assert [row["box"] for row in rows] == [None] * 5
