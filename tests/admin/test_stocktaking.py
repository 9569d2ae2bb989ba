"""Stocktaking at the desk: from choosing the school to the cases of what is missing (L7)."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from libraries.models import User
from loans.models import Case, Consignment, LoanLine, Scan, Stocktake

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def stocktake(desk: Client, dispatched: Consignment) -> Stocktake:
    begun = desk.post(
        reverse("work:stocktake_new"), {"partner": str(dispatched.partner_id), "on": "2026-11-01"}
    )
    row = Stocktake.objects.get()
    assert begun["Location"] == reverse("work:stocktake", args=[row.pk])
    return row


def codes(consignment: Consignment) -> list[str]:
    lines = LoanLine.objects.filter(consignment=consignment).in_shelf_order()
    return [line.copy.barcode for line in lines]


def test_counted_with_a_scanner_and_finished(
    desk: Client, stocktake: Stocktake, dispatched: Consignment
) -> None:
    address = reverse("work:stocktake", args=[stocktake.pk])
    first, second, third, *_rest = codes(dispatched)
    for number, barcode in enumerate((first, second, third), start=1):
        sent = {"barcode": barcode, "event": str(uuid.uuid4())}
        body = desk.post(address, sent, **HTMX).content.decode()
        assert "scan-answer--good" in body and f'class="scan-count">{number} <small>dari 5' in body
    assert desk.get(address).content.decode().count("data-missing") == 2
    undo = reverse("work:scan_undo", args=[Scan.objects.order_by("-at", "-id")[0].pk])
    assert 'class="scan-count">2 <small>dari 5' in desk.post(undo, **HTMX).content.decode()
    desk.post(reverse("work:stocktake_close", args=[stocktake.pk]))
    stocktake.refresh_from_db()
    assert (stocktake.status, stocktake.seen_count) == ("closed", 2)
    body = desk.get(address).content.decode()
    assert body.count('class="line__title"') == 3 and third in body


def test_what_is_missing_is_reported_with_one_press(
    desk: Client, stocktake: Stocktake, dispatched: Consignment
) -> None:
    many = reverse("work:stocktake_many", args=[stocktake.pk])
    desk.post(many, {"barcodes": "\n".join(codes(dispatched)[:3])})
    desk.post(reverse("work:stocktake_close", args=[stocktake.pk]))
    address = reverse("work:stocktake_missing", args=[stocktake.pk])
    assert desk.get(address).content.decode().count('name="lines"') == 2
    keep = LoanLine.objects.get(copy__barcode=codes(dispatched)[4])
    answer = desk.post(address, {"lines": [str(keep.pk)], "account": "Tidak ada."})
    assert answer.status_code == 302
    assert Case.objects.get().line_id == keep.pk
    file = desk.get(reverse("work:stocktake", args=[stocktake.pk]) + "?bentuk=csv")
    assert len(b"".join(file).decode().strip().splitlines()) == 6


def test_nothing_counted_nothing_finished(desk: Client, stocktake: Stocktake) -> None:
    answer = desk.post(reverse("work:stocktake_close", args=[stocktake.pk]))
    assert answer.status_code == 409
    desk.post(reverse("work:stocktake_cancel", args=[stocktake.pk]))
    stocktake.refresh_from_db()
    assert stocktake.status == "cancelled"
    assert desk.get(reverse("work:stocktake", args=[stocktake.pk])).status_code == 200


def test_crew_looks_and_does_not_count(
    signed_in: Any, crew: User, stocktake: Stocktake, dispatched: Consignment
) -> None:
    address = reverse("work:stocktake", args=[stocktake.pk])
    browser = signed_in(crew)
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"barcode": codes(dispatched)[0]}, **HTMX).status_code == 403
    assert not Scan.objects.filter(desk="count").exists()
