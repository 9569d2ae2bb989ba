"""Stocktaking over the API, by either side (L7)."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from libraries.models import User
from loans.models import Consignment, LoanLine, Stocktake

pytestmark = pytest.mark.django_db
Program = Callable[..., APIClient]


def codes(consignment: Consignment) -> list[str]:
    return [line.copy.barcode for line in LoanLine.objects.filter(consignment=consignment).in_shelf_order()]


def test_from_the_first_scan_to_the_reports(program: Program, dispatched: Consignment, school: User) -> None:
    api = program(school)
    sides = {"lender": str(dispatched.lender_id), "partner": str(dispatched.partner_id)}
    opened = api.post("/api/v1/stocktakes/", sides, format="json")
    assert opened.status_code == 201, opened.json()
    row: Any = opened.json()
    assert row["available_actions"] == ["count", "close", "cancel"]
    first, second, *_rest = codes(dispatched)
    single = {"desk": "count", "stocktake": row["id"], "barcode": first, "client_event_id": str(uuid.uuid4())}
    answer = api.post("/api/v1/scans/", single, format="json").json()
    assert (answer["outcome"], answer["count"], answer["total"]) == ("ok", 1, 5)
    assert api.post("/api/v1/scans/", single, format="json").json()["scan_id"] == answer["scan_id"]

    address = f"/api/v1/stocktakes/{row['id']}"
    many = {"barcodes": [first, second, "NIX"], "batch": str(uuid.uuid4())}
    report = api.post(f"{address}/count/", many, format="json").json()
    assert [it["reason"] for it in report["answers"]] == ["already_counted", "counted", "unknown_barcode"]
    assert api.post(f"{address}/count/", many, format="json").json() == report

    closed = api.post(f"{address}/close/").json()
    assert (closed["status"], closed["expected_count"], closed["seen_count"]) == ("closed", 5, 2)
    lines = api.get(f"{address}/lines/").json()["results"]
    unseen = [line["line"] for line in lines if line["seen_at"] is None]
    assert len(unseen) == 3
    told = api.post(f"{address}/report_missing/", {"lines": unseen[:1], "account": "x"}, format="json").json()
    assert [case["line"] for case in told["cases"]] == unseen[:1]
    assert len(api.post(f"{address}/report_missing/").json()["cases"]) == 2
    again = api.post(f"{address}/report_missing/")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_missing")


def test_another_school_and_another_library_find_nothing(
    program: Program, dispatched: Consignment, school: User, other_school: User, perpusnas: User
) -> None:
    sides = {"lender": str(dispatched.lender_id), "partner": str(dispatched.partner_id)}
    program(school).post("/api/v1/stocktakes/", sides, format="json")
    row = Stocktake.objects.get()
    for stranger in (other_school, perpusnas):
        api = program(stranger)
        assert api.get(f"/api/v1/stocktakes/{row.pk}/").status_code == 404
        assert api.post(f"/api/v1/stocktakes/{row.pk}/close/").status_code == 404
        scan = {"desk": "count", "stocktake": str(row.pk), "barcode": "X"}
        assert api.post("/api/v1/scans/", scan, format="json").status_code == 400
