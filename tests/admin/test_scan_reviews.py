"""Refused scans from without a connection: shown with their reason, mended with one press; and books looked up (U21)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from libraries.catalogue.models import Copy
from libraries.models import User
from loans.models import Consignment, LoanLine, Scan
from loans.services.proposing import drop_line
from loans.services.scanning import scan

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def kept(picking: Consignment, circulation: User) -> Scan:
    """A book that is not on the list was scanned in the stacks, where there is no network."""
    line = picking.lines.first()
    assert line is not None
    drop_line(line=line, actor=circulation)
    copy = Copy.objects.filter(place="shelf", loan_lines__isnull=True).first()
    assert copy is not None
    answer = scan(
        desk="pick", consignment=picking, barcode=copy.barcode, actor=circulation, recorded_offline=True
    )
    return Scan.objects.get(pk=answer.scan_id)


def test_it_stands_in_the_list_with_its_reason_and_on_the_first_page(desk: Client, kept: Scan) -> None:
    body = desk.get(reverse("work:scan_reviews")).content.decode()
    assert kept.barcode in body and "Tidak ada dalam daftar ini" in body
    assert reverse("work:scan_mend", args=[kept.pk]) in body
    assert reverse("work:scan_reviews") in desk.get(reverse("admin:index")).content.decode()


def test_one_press_puts_it_on_the_list(desk: Client, kept: Scan, picking: Consignment) -> None:
    desk.post(reverse("work:scan_mend", args=[kept.pk]))
    assert LoanLine.objects.filter(consignment=picking, copy__barcode=kept.barcode, status="picked").exists()
    waiting = desk.get(reverse("work:scan_reviews")).content.decode()
    assert reverse("work:scan_mend", args=[kept.pk]) not in waiting
    decided = desk.get(reverse("work:scan_reviews") + "?bagian=diputuskan").content.decode()
    assert kept.barcode in decided
    assert desk.post(reverse("work:scan_mend", args=[kept.pk])).status_code == 409


def test_noted_with_a_remark(desk: Client, kept: Scan) -> None:
    address = reverse("work:scan_note", args=[kept.pk])
    assert desk.post(address, {"note": " "}).status_code == 422
    desk.post(address, {"note": "Dipindai dua kali."})
    kept.refresh_from_db()
    assert (kept.review, kept.review_note) == ("noted", "Dipindai dua kali.")


def test_what_was_told_at_the_desk_has_no_decision(
    desk: Client, picking: Consignment, circulation: User
) -> None:
    answer = scan(desk="pick", consignment=picking, barcode="NIX", actor=circulation)
    assert desk.get(reverse("work:scan_mend", args=[answer.scan_id])).status_code == 404


def test_a_book_is_looked_up_and_nothing_is_kept(
    desk: Client, dispatched: Consignment, outside: Client
) -> None:
    line = LoanLine.objects.filter(consignment=dispatched).first()
    assert line is not None
    before = Scan.objects.count()
    body = desk.post(reverse("work:look"), {"barcode": line.copy.barcode}, **HTMX).content.decode()
    assert "<html" not in body and "scan-answer--good" in body
    assert str(dispatched.partner) in body and reverse("work:copy", args=[line.copy_id]) in body
    whole = desk.post(reverse("work:look"), {"barcode": line.copy.barcode}).content.decode()
    assert "<html" in whole and "scan-answer--good" in whole
    elsewhere = outside.post(reverse("work:look"), {"barcode": line.copy.barcode}, **HTMX).content.decode()
    assert str(dispatched.lender) in elsewhere and str(dispatched.partner) not in elsewhere
    assert "scan-answer--bad" in desk.post(reverse("work:look"), {"barcode": "NIX"}, **HTMX).content.decode()
    assert Scan.objects.count() == before


def test_the_camera_is_open_at_the_desks(desk: Client, picking: Consignment) -> None:
    assert "camera=(self)" in desk.get(reverse("work:scan", args=[picking.pk]))["Permissions-Policy"]
    assert "camera=(self)" in desk.get(reverse("work:look"))["Permissions-Policy"]
    assert "camera=()" in desk.get(reverse("work:consignments"))["Permissions-Policy"]


def test_over_the_api(picking: Consignment, kept: Scan, circulation: User, desk: Client) -> None:
    found: Any = desk.get("/api/v1/scans/?review=open").json()["results"]
    assert [(row["id"], row["fix"]) for row in found] == [(str(kept.pk), "put_on_list")]
    look = desk.post("/api/v1/scans/", {"desk": "check", "barcode": kept.barcode}, "application/json").json()
    assert (look["reason"], look["scan_id"]) == ("is_home", None)
    mended = desk.post(f"/api/v1/scans/{kept.pk}/mend/", {}, "application/json")
    assert (mended.status_code, mended.json()["review"]) == (200, "done")
    again = desk.post(f"/api/v1/scans/{kept.pk}/note/", {"note": "x"}, "application/json")
    assert (again.status_code, again.json()["code"]) == (409, "reviewed")
