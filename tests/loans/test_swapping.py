"""Old hundred and new hundred in one act (L6): both records or neither, in one order of locks."""

from typing import Any

import pytest

from libraries.models import Document, User
from loans.models import Consignment, LoanLine
from loans.services.custody import check_custody
from loans.services.returning import ReturnedCopy, open_return_visit, return_copies
from loans.services.swapping import swap

pytestmark = pytest.mark.django_db


def bring_back(consignment: Consignment, actor: User, how_many: int = 5) -> None:
    visit = open_return_visit(lender=consignment.lender, partner=consignment.partner, actor=actor)
    lines = LoanLine.objects.filter(consignment=consignment).in_shelf_order()[:how_many]
    copies = [ReturnedCopy(line.copy.barcode) for line in lines]
    assert return_copies(visit=visit, copies=copies, actor=actor).returned == how_many


def test_one_act_gives_both_records(dispatched: Consignment, packed: Consignment, circulation: User) -> None:
    bring_back(dispatched, circulation)
    done = swap(programme=dispatched.period.programme, actor=circulation)
    assert (done.visit.status, done.consignment) == ("closed", packed)
    assert done.visit.document.item_count == done.consignment.handover_document.item_count == 5
    dispatched.refresh_from_db()
    assert (dispatched.status, done.consignment.status) == ("closed", "dispatched")
    assert list(check_custody()) == []


def test_a_part_may_stay_behind(dispatched: Consignment, packed: Consignment, circulation: User) -> None:
    bring_back(dispatched, circulation, 3)
    swap(programme=dispatched.period.programme, actor=circulation)
    dispatched.refresh_from_db()
    assert dispatched.status == "dispatched"
    assert dispatched.lines.filter(status="out").count() == 2


def test_what_one_half_refuses_neither_does(
    dispatched: Consignment, packed: Consignment, circulation: User, refusal: Any
) -> None:
    """A book of the new list is not in the box: no return record was made either, and no number is lost."""
    bring_back(dispatched, circulation)
    from loans.services.scanning import undo_scan

    undo_scan(scan=packed.scans.filter(undone_at=None).first(), actor=circulation)
    programme = dispatched.period.programme
    assert refusal(swap, programme=programme, actor=circulation).code == "not_all_scanned"
    done = swap(programme=programme, actor=circulation, leave_out_missing=True)
    assert done.consignment.lines.filter(status="out").count() == 4


def test_one_side_alone(
    dispatched: Consignment, packed: Consignment, circulation: User, refusal: Any
) -> None:
    programme = dispatched.period.programme
    done = swap(programme=programme, actor=circulation)
    assert (done.visit, done.consignment) == (None, packed)
    assert refusal(swap, programme=programme, actor=circulation).code == "nothing_to_swap"
    bring_back(dispatched, circulation)
    done = swap(programme=programme, actor=circulation)
    assert (done.visit.status, done.consignment) == ("closed", None)


def test_only_the_desk(dispatched: Consignment, packed: Consignment, everybody: Any, refusal: Any) -> None:
    bring_back(dispatched, everybody["circulation"])
    for name in ("crew", "head", "school", "perpusnas"):
        refused = refusal(swap, programme=dispatched.period.programme, actor=everybody[name])
        assert refused.code == "role_missing"
    assert Document.objects.count() == 1
