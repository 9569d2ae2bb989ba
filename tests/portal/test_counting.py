"""A school counts its books by itself, and confirms a delivery by scanning it (L5, L7, U19)."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from loans.models import Case, Consignment, LoanLine, Scan, Stocktake
from loans.services.scanning import scan

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def phone(signed_in: Any, school: Any) -> Client:
    browser: Client = signed_in(school)
    return browser


@pytest.fixture
def stocktake(phone: Client, dispatched: Consignment) -> Stocktake:
    begun = phone.post(reverse("portal:countings"), {"perpustakaan": str(dispatched.lender_id)})
    row = Stocktake.objects.get()
    assert begun["Location"] == reverse("portal:counting", args=[row.pk])
    return row


def codes(consignment: Consignment) -> list[str]:
    return [line.copy.barcode for line in LoanLine.objects.filter(consignment=consignment).in_shelf_order()]


def test_counted_finished_and_reported(phone: Client, stocktake: Stocktake, dispatched: Consignment) -> None:
    address = reverse("portal:counting", args=[stocktake.pk])
    for number, barcode in enumerate(codes(dispatched)[:3], start=1):
        sent = {"barcode": barcode, "event": str(uuid.uuid4())}
        body = phone.post(address, sent, **HTMX).content.decode()
        assert "scan-answer--good" in body and f'class="scan-count">{number} <small>dari 5' in body
        assert "/portal/hitung/pindaian/" in body, "the school takes back at its own address"
    undo = reverse("portal:counting_undo", args=[Scan.objects.order_by("-at", "-id")[0].pk])
    assert 'class="scan-count">2 <small>dari 5' in phone.post(undo, **HTMX).content.decode()
    assert phone.get(address).content.decode().count("data-missing") == 3
    phone.post(reverse("portal:counting_step", args=[stocktake.pk, "selesai"]))
    body = phone.get(address).content.decode()
    assert body.count('class="line__title"') == 3
    missing = reverse("portal:counting_missing", args=[stocktake.pk])
    assert phone.get(missing).content.decode().count('name="line"') == 3
    assert phone.post(missing, {"line": []}).status_code == 422
    keep = LoanLine.objects.get(copy__barcode=codes(dispatched)[4])
    phone.post(missing, {"line": [str(keep.pk), "rubbish"], "account": "Hanyut."})
    assert (Case.objects.get().line_id, Case.objects.get().account) == (keep.pk, "Hanyut.")


def test_last_digits_are_enough_where_they_name_one_book(
    phone: Client, stocktake: Stocktake, dispatched: Consignment
) -> None:
    whole = codes(dispatched)[0]
    digits = "".join(char for char in whole if char.isdigit())[-4:]
    body = phone.post(reverse("portal:counting", args=[stocktake.pk]), {"barcode": digits}, **HTMX)
    assert whole.endswith(digits) and "scan-answer--good" in body.content.decode()
    assert Scan.objects.latest("at").barcode == whole
    body = phone.post(reverse("portal:counting", args=[stocktake.pk]), {"barcode": "0"}, **HTMX)
    assert "scan-answer--bad" in body.content.decode()


def test_without_script_the_whole_page_answers(
    phone: Client, stocktake: Stocktake, dispatched: Consignment
) -> None:
    answer = phone.post(reverse("portal:counting", args=[stocktake.pk]), {"barcode": codes(dispatched)[0]})
    assert "<html" in answer.content.decode() and "scan-answer--good" in answer.content.decode()


def test_given_up_and_empty_handed(phone: Client, stocktake: Stocktake) -> None:
    assert phone.post(reverse("portal:counting_step", args=[stocktake.pk, "selesai"])).status_code == 409
    phone.post(reverse("portal:counting_step", args=[stocktake.pk, "batal"]))
    stocktake.refresh_from_db()
    assert stocktake.status == "cancelled"
    assert phone.get(reverse("portal:counting", args=[stocktake.pk])).status_code == 200
    assert phone.get(reverse("portal:countings")).status_code == 200
    assert phone.get(f"/portal/hitung/{stocktake.pk}/langkah/lain/").status_code == 404


def test_another_school_finds_nothing(signed_in: Any, other_school: Any, stocktake: Stocktake) -> None:
    other = signed_in(other_school)
    for address in (
        reverse("portal:counting", args=[stocktake.pk]),
        reverse("portal:counting_missing", args=[stocktake.pk]),
        reverse("portal:counting_step", args=[stocktake.pk, "selesai"]),
    ):
        assert other.get(address).status_code == 404
        assert other.post(address, {"barcode": "X"}).status_code == 404
    assert other.post(reverse("portal:countings"), {"perpustakaan": "rubbish"}).status_code == 404


def test_a_stranger_cannot_take_the_desks_scan_back(
    phone: Client, stocktake: Stocktake, picking: Consignment, circulation: Any
) -> None:
    answer = scan(desk="count", stocktake=stocktake, barcode="NIX", actor=circulation)
    assert phone.post(reverse("portal:counting_undo", args=[answer.scan_id]), **HTMX).status_code == 409
    assert phone.post(reverse("portal:counting_undo", args=[uuid.uuid4()]), **HTMX).status_code == 404


class TestReceiptByScanning:
    def test_what_is_not_ticked_is_not_in_the_box(self, phone: Client, dispatched: Consignment) -> None:
        address = reverse("portal:confirm_scan", args=[dispatched.pk])
        page = phone.get(address)
        assert page.content.decode().count("data-barcode=") == 5
        lines = list(LoanLine.objects.filter(consignment=dispatched).in_shelf_order())
        sent = phone.post(address, {"line": [str(line.pk) for line in lines[:4]]})
        assert sent["Location"] == reverse("portal:confirm_check", args=[dispatched.pk])
        body = phone.get(sent["Location"]).content.decode()
        assert lines[4].copy.title.title in body and lines[0].copy.title.title not in body

    def test_nothing_ticked_is_asked_again(self, phone: Client, dispatched: Consignment) -> None:
        address = reverse("portal:confirm_scan", args=[dispatched.pk])
        assert phone.post(address, {"line": ["rubbish"]}).status_code == 422


def test_the_camera_is_open_to_these_pages_alone(
    phone: Client, stocktake: Stocktake, dispatched: Consignment
) -> None:
    def policy(name: str, *args: Any) -> str:
        return str(phone.get(reverse(name, args=args))["Permissions-Policy"])

    assert "camera=(self)" in policy("portal:counting", stocktake.pk)
    assert "camera=(self)" in policy("portal:confirm_scan", dispatched.pk)
    for name, args in (
        ("portal:home", ()),
        ("portal:countings", ()),
        ("portal:consignment", (dispatched.pk,)),
    ):
        assert "camera=()" in policy(name, *args)
    assert "microphone=()" in policy("portal:counting", stocktake.pk)
