"""Twenty desks scan at once, and wrongly: each other's books, the same book twice, the same scan sent again, and back (R1).

Nothing is counted double and nothing is lost, whatever the order in which the twenty come to the locks.
"""

import random
from collections import Counter
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from libraries.catalogue.models import Copy
from libraries.models import Institution
from loans.choices import LineStatus, MoveKind
from loans.models import Consignment, CustodyMove, LoanLine, Scan
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.returning import open_return_visit
from loans.services.scanning import scan, undo_scan
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve
from tests.races.conftest import again, at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

DESKS = 20
BOXES = 4
BOOKS = 15


@pytest.fixture
def boxes(library: Institution, circulation: Any) -> list[Consignment]:
    """Four deliveries of fifteen books that wait to be packed."""
    shelve(library, BOXES * BOOKS)
    made = []
    for _school in range(BOXES):
        agreement = AgreementFactory(office=library, in_force=True, lending={"quantity": BOOKS})
        programme = open_programme(agreement=agreement, actor=circulation)
        made.append(propose_consignment(period=programme.periods.first(), actor=circulation))
    return made


def barcodes_of(consignment: Consignment) -> list[str]:
    return list(consignment.lines.values_list("copy__barcode", flat=True))


def a_shift(
    desk: int, boxes: list[Consignment], codes: dict[UUID, list[str]], sent_again: list[UUID], actor: Any
) -> Counter[str]:
    """What one desk does: its own box whole, with books of another box, doubles, and every fifth scan sent twice."""
    chance = random.Random(desk)
    mine = boxes[desk % BOXES]
    work = codes[mine.pk] + chance.sample(codes[boxes[(desk + 1) % BOXES].pk], 3)
    chance.shuffle(work)
    heard: Counter[str] = Counter()
    for number, barcode in enumerate(work):
        # All five desks of a box send one scan under the same id, as a phone does whose answer was lost.
        event = sent_again[desk % BOXES] if barcode == codes[mine.pk][0] else uuid4()
        for _time in range(2 if number % 5 == 0 else 1):
            answer = scan(desk="pick", consignment=mine, barcode=barcode, actor=actor, client_event_id=event)
            heard[answer.reason] += 1
    return heard


def test_twenty_desks_pack_four_boxes(boxes: list[Consignment], circulation: Any) -> None:
    codes = {box.pk: barcodes_of(box) for box in boxes}
    sent_again = [uuid4() for _box in boxes]
    heard = at_once(
        [partial(a_shift, desk, boxes, codes, sent_again, again(circulation)) for desk in range(DESKS)]
    )
    assert LoanLine.objects.filter(status=LineStatus.PICKED).count() == BOXES * BOOKS
    picks = CustodyMove.objects.filter(kind=MoveKind.PICK)
    assert picks.count() == picks.values("copy").distinct().count() == BOXES * BOOKS
    assert Scan.objects.filter(reason="picked").count() == BOXES * BOOKS
    assert Scan.objects.filter(client_event_id__in=sent_again).count() == BOXES
    assert sum(shift["on_other_list"] for shift in heard) > 0, "no book of another box was ever scanned"
    assert sum(shift["already_scanned"] for shift in heard) > 0, "no two desks ever met at a book"
    assert list(check_custody()) == []


def test_twenty_desks_take_back_and_undo(boxes: list[Consignment], circulation: Any) -> None:
    """Each book is scanned by five desks, and the one that took it in takes every third back again."""
    for box in boxes:
        scan_all(box, circulation)
        dispatch_consignment(consignment=box, actor=circulation)
    visits = [open_return_visit(lender=box.lender, partner=box.partner, actor=circulation) for box in boxes]
    codes = [barcodes_of(box) for box in boxes]

    def shift(desk: int, actor: Any) -> int:
        undone = 0
        work = list(enumerate(codes[desk % BOXES]))
        random.Random(desk).shuffle(work)
        for number, barcode in work:
            answer = scan(desk="return", return_visit=visits[desk % BOXES], barcode=barcode, actor=actor)
            if answer.reason == "returned" and number % 3 == 0 and desk < BOXES:
                undo_scan(scan=Scan.objects.get(pk=answer.scan_id), actor=actor)
                undone += 1
        return undone

    undone = at_once([partial(shift, desk, again(circulation)) for desk in range(DESKS)])
    back = LoanLine.objects.filter(status=LineStatus.RETURNED).count()
    out = LoanLine.objects.filter(status=LineStatus.OUT).count()
    assert back + out == BOXES * BOOKS
    moves = Counter(CustodyMove.objects.values_list("kind", flat=True))
    assert moves[MoveKind.RETURN] - moves[MoveKind.UNRETURN] == back
    assert moves[MoveKind.UNRETURN] == sum(undone)
    assert Copy.objects.filter(place="away").count() == out
    assert list(check_custody()) == []
