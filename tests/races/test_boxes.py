"""Two desks at the boxes of one delivery at the same moment: counted once, and no book between two boxes (L3)."""

from functools import partial

import pytest

from libraries.models import User
from loans.models import Box, Consignment, LoanLine
from loans.services.crating import close_box, open_box, reopen_box
from loans.services.custody import check_custody
from loans.services.scanning import scan
from tests.conftest import scan_all
from tests.races.conftest import again, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_two_desks_open_a_box(picking: Consignment, circulation: User, officer: User) -> None:
    for _round in range(5):
        results = at_once(
            [partial(open_box, consignment=picking, actor=again(user)) for user in (circulation, officer)]
        )
        assert refusals(results) == ["box_open"]
        assert Box.objects.get().number == 1
        Box.objects.all().delete()


def test_two_desks_close_the_same_box(picking: Consignment, circulation: User, officer: User) -> None:
    box = open_box(consignment=picking, actor=circulation)
    scan_all(picking, circulation)
    for _round in range(5):
        results = at_once(
            [partial(close_box, box=box, actor=again(user), counted=5) for user in (circulation, officer)]
        )
        assert refusals(results) == ["box_closed"]
        reopen_box(box=box, actor=circulation)


def test_a_book_is_scanned_while_its_box_is_closed(
    picking: Consignment, circulation: User, officer: User
) -> None:
    """Either the book is in the box and the count is refused, or the box is closed and the book lies in none."""
    box = open_box(consignment=picking, actor=circulation)
    first, *rest = LoanLine.objects.filter(consignment=picking).in_shelf_order()
    scan(desk="pick", consignment=picking, barcode=first.copy.barcode, actor=circulation)
    inside = 1
    for line in rest:
        answer, closed = at_once(
            [
                partial(
                    scan, desk="pick", consignment=picking, barcode=line.copy.barcode, actor=again(officer)
                ),
                partial(close_box, box=box, actor=again(circulation), counted=inside),
            ]
        )
        line.refresh_from_db()
        assert (answer.reason, line.status) == ("picked", "picked")
        if isinstance(closed, Box):
            assert line.box_id is None and box.lines.count() == inside
            reopen_box(box=box, actor=circulation)
        else:
            assert closed.code == "miscounted" and line.box_id == box.pk
            inside += 1
    assert list(check_custody()) == []
