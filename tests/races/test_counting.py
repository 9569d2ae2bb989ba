"""Two phones at one shelf, and a pasted list while somebody scans: each book is taken once, everybody is answered (L7)."""

import uuid
from functools import partial
from typing import Any

import pytest

from loans.models import Case, Consignment, CustodyMove, LoanLine, Scan
from loans.services.counting import close_stocktake, open_stocktake, report_missing
from loans.services.custody import check_custody
from loans.services.scanning import scan, scan_many
from tests.races.conftest import again, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def codes(consignment: Consignment) -> list[str]:
    return [line.copy.barcode for line in LoanLine.objects.filter(consignment=consignment).in_shelf_order()]


def test_two_phones_count_the_same_book(dispatched: Consignment, circulation: Any, school: Any) -> None:
    stocktake = open_stocktake(lender=dispatched.lender, partner=dispatched.partner, actor=circulation)
    for barcode in codes(dispatched):
        answers: Any = at_once(
            [
                partial(scan, desk="count", stocktake=stocktake, barcode=barcode, actor=again(user))
                for user in (circulation, school)
            ]
        )
        assert sorted(answer.reason for answer in answers) == ["already_counted", "counted"]
    assert close_stocktake(stocktake=stocktake, actor=school).seen_count == 5


def test_both_sides_begin_at_once(dispatched: Consignment, circulation: Any, school: Any) -> None:
    rows: Any = at_once(
        [
            partial(open_stocktake, lender=dispatched.lender, partner=dispatched.partner, actor=again(user))
            for user in (circulation, school)
        ]
    )
    assert rows[0].pk == rows[1].pk


def test_the_same_list_pasted_twice_while_somebody_scans(
    picking: Consignment, circulation: Any, officer: Any
) -> None:
    batch = uuid.uuid4()
    barcodes = codes(picking)
    pasted = partial(scan_many, place=picking, barcodes=barcodes, batch=batch)
    at_once(
        [
            partial(pasted, actor=again(circulation)),
            partial(pasted, actor=again(circulation)),
            partial(scan, desk="pick", consignment=picking, barcode=barcodes[2], actor=again(officer)),
        ]
    )
    assert LoanLine.objects.filter(consignment=picking, status="picked").count() == 5
    assert CustodyMove.objects.count() == 5
    assert Scan.objects.filter(batch=batch).count() == 5
    assert list(check_custody()) == []


def test_both_sides_report_what_is_missing(dispatched: Consignment, circulation: Any, school: Any) -> None:
    stocktake = open_stocktake(lender=dispatched.lender, partner=dispatched.partner, actor=circulation)
    scan(desk="count", stocktake=stocktake, barcode=codes(dispatched)[0], actor=school)
    stocktake = close_stocktake(stocktake=stocktake, actor=school)
    results = at_once(
        [
            partial(report_missing, stocktake=stocktake, actor=again(user), account="")
            for user in (circulation, school)
        ]
    )
    assert refusals(results) == ["nothing_missing"]
    assert Case.objects.count() == 4
    assert list(check_custody()) == []
