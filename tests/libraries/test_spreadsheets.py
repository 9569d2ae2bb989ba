"""Lists as files: what is a number stays one, and nothing that somebody typed is ever calculated (U25)."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from agreements.models import Agreement
from libraries.models import Institution, User
from libraries.spreadsheets import LONGEST_TEXT, spreadsheet
from tests.factories import EquipmentFactory

FORMULAS = ("=HYPERLINK(1)", "+62 812", "-1+1", "@SUM(A1)", "\t=1", "\r=1")


def cells_of(content: bytes) -> list[list[Any]]:
    """The cells of the only page of a workbook, line by line."""
    page = load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in page.iter_rows()]


def test_a_workbook_keeps_numbers_and_days_and_calculates_nothing() -> None:
    facts = ("Buku", 12, Decimal("1.5"), date(2026, 11, 23), datetime(2026, 11, 23, 3, 30, tzinfo=UTC), None)
    rows = [facts, FORMULAS, ("a\x00b" + "c" * 40_000, True, "", "", "", "")]
    answer = spreadsheet("daftar: [uji]/2026", ["Satu"] * 6, rows, "xlsx")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    heads, first, second, third = cells_of(answer.content)
    assert [cell.value for cell in heads] == ["Satu"] * 6 and heads[0].font.bold
    assert [cell.value for cell in first] == [
        "Buku",
        12,
        1.5,
        datetime(2026, 11, 23),
        datetime(2026, 11, 23, 10, 30),
        None,
    ]
    for cell, typed in zip(second, FORMULAS, strict=True):
        assert cell.data_type == "s" and cell.quotePrefix, typed
    assert third[0].value == ("ab" + "c" * 40_000)[:LONGEST_TEXT]


def test_a_csv_says_the_same_in_the_way_of_old() -> None:
    answer = spreadsheet("daftar", ["Satu"], [[typed] for typed in FORMULAS], "csv")
    text = answer.content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [line[0] for line in lines[1:]] == [f"'{typed}" for typed in FORMULAS]


@pytest.mark.django_db
def test_every_list_is_offered_in_both(
    client: Client, agreement: Agreement, officer: User, library: Institution
) -> None:
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    Institution.objects.filter(pk=agreement.partner_id).update(name="=1+1 SDN", short_name="")
    Institution.objects.filter(pk=library.pk).update(is_listed=True)
    EquipmentFactory(owner=library, name="=2+2")
    for name in ("work:agreements", "work:agreement_board", "work:equipment_list", "directory"):
        page = client.get(reverse(name)).content.decode()
        for form in ("xlsx", "csv"):
            assert f"bentuk={form}" in page, (name, form)
        answer = client.get(reverse(name), {"bentuk": "xlsx"})
        assert answer["Content-Type"].endswith("spreadsheetml.sheet"), name
        said = [cell for row in cells_of(answer.content)[1:] for cell in row]
        assert not any(cell.data_type == "f" for cell in said), name
        if name == "work:agreements":
            assert any("=1+1 SDN" in str(cell.value) for cell in said)
