"""The boxes of a delivery (L3–L5): scanned into one, counted when it is closed, named on the record and to the school."""

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kerjasama.documents.rendering import content_of
from libraries.models import User
from loans.models import Box, Consignment, LoanLine, Scan
from loans.services.crating import boxes_of, close_box, open_box, reopen_box, sentence_of_boxes
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.printing import box_labels_pdf
from loans.services.proposing import cancel_consignment, drop_line
from loans.services.scanning import scan, scan_many, undo_scan
from tests.conftest import scan_all

pytestmark = pytest.mark.django_db


def barcodes(consignment: Consignment) -> list[str]:
    lines = LoanLine.objects.filter(consignment=consignment).in_shelf_order()
    return [line.copy.barcode for line in lines]


def pick(consignment: Consignment, actor: User, *codes: str) -> None:
    for code in codes:
        assert scan(desk="pick", consignment=consignment, barcode=code, actor=actor).outcome == "ok"


def held(consignment: Consignment) -> dict[int, int]:
    consignment.refresh_from_db()
    return {box.number: box.books for box in boxes_of(consignment).boxes}


@pytest.fixture
def two_boxes(picking: Consignment, circulation: User) -> Consignment:
    """Two books in box 1, counted and closed; three in box 2, which is open."""
    codes = barcodes(picking)
    box = open_box(consignment=picking, actor=circulation)
    pick(picking, circulation, *codes[:2])
    close_box(box=box, actor=circulation, counted=2)
    open_box(consignment=picking, actor=circulation)
    pick(picking, circulation, *codes[2:])
    return picking


class TestPacking:
    def test_without_boxes_everything_is_as_before(self, picking: Consignment, circulation: User) -> None:
        scan_all(picking, circulation)
        assert not LoanLine.objects.filter(box__isnull=False).exists()
        assert (boxes_of(picking).boxes, boxes_of(picking).loose) == ([], 0)
        done = dispatch_consignment(consignment=picking, actor=circulation)
        assert done.handover_document is not None
        content = done.handover_document.content
        assert (content["paper"]["packed"], content["words"]["packed"]) == ([], "")

    def test_a_scan_goes_into_the_open_box(self, two_boxes: Consignment) -> None:
        assert held(two_boxes) == {1: 2, 2: 3}
        assert boxes_of(two_boxes).open == Box.objects.get(number=2)
        assert [box.counted for box in boxes_of(two_boxes).closed] == [2]
        assert list(check_custody()) == []

    def test_a_list_of_codes_goes_there_too(self, picking: Consignment, circulation: User) -> None:
        open_box(consignment=picking, actor=circulation)
        scan_many(place=picking, barcodes=barcodes(picking), actor=circulation, batch=uuid4())
        assert held(picking) == {1: 5}

    def test_what_was_scanned_before_goes_into_the_first(
        self, picking: Consignment, circulation: User
    ) -> None:
        pick(picking, circulation, *barcodes(picking)[:2])
        box = open_box(consignment=picking, actor=circulation)
        assert (box.number, held(picking)) == (1, {1: 2})

    def test_what_is_scanned_between_two_boxes_goes_into_the_next(
        self, picking: Consignment, circulation: User
    ) -> None:
        first, second, third, *_rest = barcodes(picking)
        pick(picking, circulation, first)
        close_box(box=open_box(consignment=picking, actor=circulation), actor=circulation, counted=1)
        pick(picking, circulation, second, third)
        assert boxes_of(picking).loose == 2 and held(picking) == {1: 1}
        open_box(consignment=picking, actor=circulation)
        assert boxes_of(picking).loose == 0 and held(picking) == {1: 1, 2: 2}

    def test_an_undone_scan_and_a_dropped_line_leave_their_box(
        self, two_boxes: Consignment, circulation: User
    ) -> None:
        undo_scan(scan=Scan.objects.order_by("-pk")[0], actor=circulation)
        assert held(two_boxes) == {1: 2, 2: 2}
        drop_line(line=two_boxes.lines.filter(box__number=1).first(), actor=circulation)
        assert held(two_boxes) == {1: 1, 2: 2}
        # The count that was made does not hold any more, and both numbers are there to be told.
        assert [(box.counted, box.books) for box in boxes_of(two_boxes).closed] == [(2, 1)]
        assert list(check_custody()) == []

    def test_a_delivery_that_is_given_up_has_no_boxes(
        self, two_boxes: Consignment, circulation: User
    ) -> None:
        cancel_consignment(consignment=two_boxes, actor=circulation, note="Salah periode.")
        assert held(two_boxes) == {}
        assert sentence_of_boxes(boxes_of(two_boxes).boxes) == ""

    def test_one_open_box_even_for_plain_sql(self, two_boxes: Consignment) -> None:
        with pytest.raises(IntegrityError, match="box_one_open"), transaction.atomic():
            Box.objects.create(consignment=two_boxes, number=3)
        with pytest.raises(IntegrityError, match="box_number_once"), transaction.atomic():
            Box.objects.filter(number=1).update(number=2)

    @pytest.mark.parametrize("boxed", [False, True])
    def test_a_scan_costs_no_statement_more(
        self, boxed: bool, picking: Consignment, circulation: User
    ) -> None:
        first, second, *_rest = barcodes(picking)
        pick(picking, circulation, first)
        with CaptureQueriesContext(connection) as without:
            pick(picking, circulation, second)
        if boxed:
            open_box(consignment=picking, actor=circulation)
        with CaptureQueriesContext(connection) as within:
            pick(picking, circulation, _rest[0])
        assert len(within) == len(without) <= 12


class TestCounting:
    def test_another_count_is_refused_with_both_numbers_and_the_last_titles(
        self, two_boxes: Consignment, circulation: User, refusal: Any
    ) -> None:
        box = boxes_of(two_boxes).open
        assert box is not None
        last = box.lines.order_by("-picked_at", "-pk").first().copy.title.title
        with translation.override("en"):
            refused = refusal(close_box, box=box, actor=circulation, counted=2)
            assert str(refused.message).startswith("Box 2: you counted 2, scanned were 3. Take back the scan")
            more = refusal(close_box, box=box, actor=circulation, counted=4)
            assert "Scan the books that were not scanned" in str(more.message)
        assert (refused.code, refused.facts["counted"], refused.facts["scanned"]) == ("miscounted", 2, 3)
        assert refused.facts["last"][0] == last and f"“{last}”" in str(refused.message)
        close_box(box=box, actor=circulation, counted=3)

    def test_at_most_five_titles_are_named(
        self, picking: Consignment, circulation: User, refusal: Any, monkeypatch: Any
    ) -> None:
        box = open_box(consignment=picking, actor=circulation)
        scan_all(picking, circulation)
        monkeypatch.setattr("loans.services.crating.NAMED", 3)
        assert len(refusal(close_box, box=box, actor=circulation, counted=9).facts["last"]) == 3

    def test_not_twice_not_empty_and_not_two_at_once(
        self, two_boxes: Consignment, circulation: User, officer: User, refusal: Any
    ) -> None:
        first, second = Box.objects.order_by("number")
        again = refusal(close_box, box=first, actor=officer, counted=2)
        assert again.code == "box_closed" and str(circulation) in str(again.message)
        assert refusal(open_box, consignment=two_boxes, actor=circulation).code == "box_open"
        assert refusal(reopen_box, box=first, actor=circulation).code == "box_open"
        close_box(box=second, actor=circulation, counted=3)
        third = open_box(consignment=two_boxes, actor=circulation)
        assert refusal(close_box, box=third, actor=circulation, counted=0).code == "box_empty"

    def test_a_closed_box_is_opened_again(self, two_boxes: Consignment, circulation: User) -> None:
        first, second = Box.objects.order_by("number")
        close_box(box=second, actor=circulation, counted=3)
        row = reopen_box(box=first, actor=circulation)
        row.refresh_from_db()
        assert (row.is_open, row.counted, row.closed_by) == (True, None, None)
        undo_scan(scan=Scan.objects.order_by("pk")[0], actor=circulation)
        assert close_box(box=row, actor=circulation, counted=1).counted == 1

    def test_only_the_desk_and_only_while_it_is_packed(
        self, two_boxes: Consignment, everybody: Any, circulation: User, refusal: Any
    ) -> None:
        box = boxes_of(two_boxes).open
        assert box is not None
        for name in ("crew", "head", "school", "perpusnas"):
            actor = everybody[name]
            assert refusal(open_box, consignment=two_boxes, actor=actor).code == "role_missing"
            assert refusal(close_box, box=box, actor=actor, counted=3).code == "role_missing"
            assert refusal(reopen_box, box=box, actor=actor).code == "role_missing"
        dispatch_consignment(consignment=two_boxes, actor=circulation)
        assert refusal(open_box, consignment=two_boxes, actor=circulation).code == "wrong_state"
        assert refusal(reopen_box, box=box, actor=circulation).code == "wrong_state"

    def test_who_sees_the_boxes(self, two_boxes: Consignment, everybody: Any, circulation: User) -> None:
        def seen(name: str) -> int:
            return Box.objects.visible_to(User.objects.get(pk=everybody[name].pk)).count()

        assert [seen(name) for name in ("officer", "school", "perpusnas")] == [2, 0, 0]
        dispatch_consignment(consignment=two_boxes, actor=circulation)
        assert [seen(name) for name in ("officer", "school", "perpusnas")] == [2, 2, 0]


class TestHandover:
    def test_the_record_names_the_boxes_and_what_is_open_is_closed_uncounted(
        self, two_boxes: Consignment, circulation: User
    ) -> None:
        done = dispatch_consignment(consignment=two_boxes, actor=circulation)
        assert done.handover_document is not None
        content = done.handover_document.content
        assert content["paper"]["packed"] == [{"number": 1, "count": 2}, {"number": 2, "count": 3}]
        assert "2" in content["words"]["packed"] and "3" in content["words"]["packed"]
        assert any("(dua)" in value for _label, value in content["words"]["totals"])
        box = Box.objects.get(number=2)
        assert (box.is_open, box.counted, box.closed_by) == (False, None, circulation)
        assert held(two_boxes) == {1: 2, 2: 3}

    def test_the_record_costs_no_statement_more(self, two_boxes: Consignment, circulation: User) -> None:
        """Nine without boxes (test_dispatching); closing the open one is the tenth, of at most twelve."""
        user = User.objects.get(pk=circulation.pk)
        close_box(box=Box.objects.get(number=2), actor=circulation, counted=3)
        with CaptureQueriesContext(connection) as statements:
            dispatch_consignment(consignment=two_boxes, actor=user)
        own = [row for row in statements if "SAVEPOINT" not in row["sql"] and "membership" not in row["sql"]]
        assert len(own) <= 9

    def test_the_sentence_for_the_school(self, two_boxes: Consignment) -> None:
        with translation.override("en"):
            assert sentence_of_boxes(boxes_of(two_boxes).boxes) == "2 boxes: 2 and 3 books."
            assert sentence_of_boxes(boxes_of(two_boxes).boxes[:1]) == "1 box: 2 books."

    def test_labels_say_number_and_count(
        self, two_boxes: Consignment, circulation: User, monkeypatch: Any
    ) -> None:
        printed: list[Any] = []

        def caught(template: str, paper: Any, language: str) -> bytes:
            printed.append(content_of(paper, language=language))
            return b""

        with monkeypatch.context() as patch:
            patch.setattr("loans.services.printing.render_pdf", caught)
            box_labels_pdf(two_boxes, only=2, language="en")
            box_labels_pdf(two_boxes, language="en")
            dispatch_consignment(consignment=two_boxes, actor=circulation)
            two_boxes.refresh_from_db()
            box_labels_pdf(two_boxes, language="en")
        one, all_of_it, sent = (
            [(row["box"], row["content"]) for row in it["words"]["labels"]] for it in printed
        )
        assert one == [("Box 2", "3 books")]
        assert all_of_it == [("Box 1", "2 books"), ("Box 2", "3 books")]
        assert sent == [("Box 1 of 2", "2 books"), ("Box 2 of 2", "3 books")]
        # Before the record, the code opens the page on which the school confirms; then it verifies the record.
        assert f"/portal/kiriman/{two_boxes.pk}/terima/" in printed[0]["paper"]["verification"]["url"]
        assert "/portal/" not in printed[2]["paper"]["verification"]["url"]
        assert box_labels_pdf(two_boxes, only=1).startswith(b"%PDF-")


def test_every_book_lies_in_one_box(two_boxes: Consignment) -> None:
    found = Counter(two_boxes.lines.values_list("box__number", flat=True))
    assert found == {1: 2, 2: 3}
