"""Boxes at the packing desk, on the page of the delivery and before the school (L3, L5)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from libraries.models import User
from loans.models import Box, Consignment, LoanLine
from loans.services.crating import close_box, open_box
from loans.services.dispatching import dispatch_consignment
from loans.services.scanning import scan
from tests.conftest import scan_all

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def barcodes(consignment: Consignment) -> list[str]:
    return [line.copy.barcode for line in LoanLine.objects.filter(consignment=consignment).in_shelf_order()]


def act(client: Client, consignment: Consignment, **data: Any) -> str:
    url = reverse("work:boxes", args=[consignment.pk])
    return client.post(url, data, follow=True).content.decode()


def test_opened_filled_counted_and_labelled(desk: Client, picking: Consignment) -> None:
    page = act(desk, picking, act="open")
    assert 'id="scan-box"' in page and 'name="counted"' in page and 'value="reopen"' not in page
    answer = desk.post(reverse("work:scan", args=[picking.pk]), {"barcode": barcodes(picking)[0]}, **HTMX)
    assert 'id="scan-box"' in answer.content.decode()
    assert "<strong>Kotak 1</strong> · 1 buku" in answer.content.decode()
    wrong = act(desk, picking, act="close", number="1", counted="2")
    assert "Kotak 1: Anda menghitung 2, terpindai 1." in wrong and Box.objects.get().is_open
    for typed in ("", "dua", "-1", "1.5"):
        assert "Hitung buku di dalam kotak" in act(desk, picking, act="close", number="1", counted=typed)
    right = act(desk, picking, act="close", number="1", counted="1")
    label = reverse("work:box_labels", args=[picking.pk]) + "?nomor=1"
    assert f'href="{label}"' in right and 'value="reopen"' in right and 'name="counted"' not in right
    assert desk.get(label).content.startswith(b"%PDF-")
    assert desk.get(label.replace("nomor=1", "nomor=2")).status_code == 404
    assert Box.objects.get().counted == 1
    act(desk, picking, act="reopen", number="1")
    assert Box.objects.get().is_open


def test_a_box_that_is_not_there_and_one_of_another_delivery(desk: Client, picking: Consignment) -> None:
    url = reverse("work:boxes", args=[picking.pk])
    for number in ("1", "x", "", "99999"):
        said = act(desk, picking, act="close", number=number, counted="1")
        assert "Kiriman ini tidak punya kotak" in said and not Box.objects.exists()
    assert desk.get(url).status_code == 405


def test_the_page_of_the_delivery_lists_them(desk: Client, picking: Consignment, circulation: User) -> None:
    url = reverse("work:consignment", args=[picking.pk])
    assert 'name="kotak"' in desk.get(url).content.decode()
    box = open_box(consignment=picking, actor=circulation)
    scan_all(picking, circulation)
    close_box(box=box, actor=circulation, counted=5)
    page = desk.get(url).content.decode()
    assert "Kotak 1 · 5 buku" in page and "dihitung" in page and "?nomor=1" in page
    assert 'name="kotak"' not in page


def test_the_school_counts_the_boxes_first(
    picking: Consignment, circulation: User, school: User, signed_in: Any
) -> None:
    first, *_rest = barcodes(picking)
    box = open_box(consignment=picking, actor=circulation)
    scan(desk="pick", consignment=picking, barcode=first, actor=circulation)
    close_box(box=box, actor=circulation, counted=1)
    open_box(consignment=picking, actor=circulation)
    scan_all(picking, circulation)
    dispatch_consignment(consignment=picking, actor=circulation)
    client = signed_in(school)
    for name in ("portal:confirm", "portal:consignment"):
        page = client.get(reverse(name, args=[picking.pk])).content.decode()
        assert "2 kotak: 1 dan 4 buku." in page and "Hitung kotaknya dulu." in page


def test_without_boxes_the_school_reads_nothing_of_them(
    dispatched: Consignment, school: User, signed_in: Any
) -> None:
    page = signed_in(school).get(reverse("portal:confirm", args=[dispatched.pk])).content.decode()
    assert "Hitung kotaknya dulu." not in page
