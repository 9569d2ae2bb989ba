"""Stocktaking (L7): what every scanned book is told, what is missing in the end, and nothing that moves."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kerjasama.domain import clock
from libraries.catalogue.choices import CopyPlace
from libraries.catalogue.models import Copy
from loans.choices import LineStatus, ReceiptState
from loans.lifecycle import STOCKTAKE
from loans.models import Case, Consignment, CustodyMove, LoanLine, Scan, Stocktake
from loans.services.claiming import report_loss
from loans.services.counting import (
    cancel_stocktake,
    close_stocktake,
    missing_lines,
    open_stocktake,
    report_missing,
)
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.scanning import scan, scan_many, undo_scan
from loans.services.stepping import roles_of
from tests.conftest import scan_all
from tests.factories import AgreementFactory, CopyFactory
from tests.lives import put_into, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def stocktake(dispatched: Consignment, circulation: Any) -> Stocktake:
    return open_stocktake(lender=dispatched.lender, partner=dispatched.partner, actor=circulation)


@pytest.fixture
def lines(dispatched: Consignment) -> list[LoanLine]:
    return list(LoanLine.objects.filter(consignment=dispatched).in_shelf_order())


def count(stocktake: Stocktake, barcode: str, actor: Any, **more: Any) -> Any:
    return scan(desk="count", stocktake=stocktake, barcode=barcode, actor=actor, **more)


class TestAnswers:
    def test_here_and_expected(self, stocktake: Stocktake, lines: Any, circulation: Any) -> None:
        answer = count(stocktake, f" {lines[0].copy.barcode}\t", circulation)
        assert (answer.outcome, answer.reason, answer.count, answer.total) == ("ok", "counted", 1, 5)
        assert lines[0].copy.title.title in answer.sentence

    def test_already_counted_says_when_and_by_whom(
        self, stocktake: Stocktake, lines: Any, circulation: Any, school: Any, time_machine: Any
    ) -> None:
        time_machine.move_to("2026-11-23T03:42:00+00:00", tick=False)
        count(stocktake, lines[0].copy.barcode, school)
        answer = count(stocktake, lines[0].copy.barcode, circulation)
        assert (answer.outcome, answer.reason, answer.count) == ("warning", "already_counted", 1)
        assert "10.42" in answer.sentence and str(school) in answer.sentence

    def test_reported_lost_and_here_after_all(
        self, stocktake: Stocktake, lines: Any, circulation: Any
    ) -> None:
        case = report_loss(line=lines[0], actor=circulation, kind="lost")
        answer = count(stocktake, lines[0].copy.barcode, circulation)
        assert (answer.outcome, answer.reason, answer.total) == ("warning", "counted_lost", 4)
        assert case.code in answer.sentence
        assert Case.objects.get().status == "reported", "counting decides nothing"

    def test_by_the_records_at_another_school(
        self, stocktake: Stocktake, lines: Any, circulation: Any, officer: Any
    ) -> None:
        programme = open_programme(
            agreement=AgreementFactory(office=stocktake.lender, in_force=True), actor=circulation
        )
        other = propose_consignment(period=programme.periods.first(), actor=circulation)
        barcode = scan_all(other, circulation)[0]
        dispatch_consignment(consignment=other, actor=circulation)
        answer = count(stocktake, barcode, circulation)
        assert (answer.outcome, answer.reason) == ("warning", "counted_elsewhere")
        assert str(other.partner) not in answer.sentence, "one school does not learn of the other"

    def test_the_librarys_own_and_not_lent(self, stocktake: Stocktake, circulation: Any) -> None:
        copy = Copy.objects.filter(owner=stocktake.lender, loan_lines__isnull=True).first()
        assert copy is not None
        assert count(stocktake, copy.barcode, circulation).reason == "counted_not_lent"
        Copy.objects.filter(pk=copy.pk).update(place=CopyPlace.WITHDRAWN)
        other = count(stocktake, copy.barcode, circulation)
        assert other.reason == "already_counted"

    def test_another_librarys_book(self, stocktake: Stocktake, circulation: Any) -> None:
        copy = CopyFactory()
        answer = count(stocktake, copy.barcode, circulation)
        assert (answer.outcome, answer.reason) == ("error", "other_library")
        assert str(copy.owner) in answer.sentence

    def test_unknown_and_empty(self, stocktake: Stocktake, circulation: Any) -> None:
        assert count(stocktake, "TIDAK-ADA", circulation).reason == "unknown_barcode"
        assert count(stocktake, "  ", circulation).reason == "empty_barcode"

    def test_a_count_is_taken_back_with_one_key(
        self, stocktake: Stocktake, lines: Any, circulation: Any
    ) -> None:
        answer = count(stocktake, lines[0].copy.barcode, circulation)
        undone = undo_scan(scan=Scan.objects.get(pk=answer.scan_id), actor=circulation)
        assert (undone.reason, undone.count) == ("uncounted", 0)
        assert count(stocktake, lines[0].copy.barcode, circulation).reason == "counted"

    def test_counting_moves_nothing(self, stocktake: Stocktake, lines: Any, circulation: Any) -> None:
        before = CustodyMove.objects.count()
        for line in lines:
            count(stocktake, line.copy.barcode, circulation)
        assert CustodyMove.objects.count() == before
        assert list(check_custody()) == []

    def test_what_was_not_in_the_box_is_not_expected_until_it_is_seen(
        self, stocktake: Stocktake, lines: Any, circulation: Any
    ) -> None:
        LoanLine.objects.filter(pk=lines[0].pk).update(receipt=ReceiptState.MISSING)
        assert count(stocktake, lines[1].copy.barcode, circulation).total == 4
        answer = count(stocktake, lines[0].copy.barcode, circulation)
        assert (answer.count, answer.total) == (2, 5)


class TestResult:
    def test_the_result_is_written_once_and_stays(
        self, stocktake: Stocktake, lines: Any, circulation: Any
    ) -> None:
        for line in lines[:3]:
            count(stocktake, line.copy.barcode, circulation)
        extra = Copy.objects.filter(owner=stocktake.lender, loan_lines__isnull=True).first()
        assert extra is not None
        count(stocktake, extra.barcode, circulation)
        done = close_stocktake(stocktake=stocktake, actor=circulation)
        assert (done.status, done.expected_count, done.seen_count, done.extra_count) == ("closed", 5, 3, 1)
        assert {row.line_id for row in done.lines.filter(seen_at__isnull=True)} == {
            line.pk for line in lines[3:]
        }
        for line in lines:
            line.refresh_from_db()
        assert [line.seen_at is not None for line in lines] == [True] * 3 + [False] * 2

    def test_a_scan_that_was_taken_back_does_not_count(
        self, stocktake: Stocktake, lines: Any, circulation: Any
    ) -> None:
        count(stocktake, lines[0].copy.barcode, circulation)
        answer = count(stocktake, lines[1].copy.barcode, circulation)
        undo_scan(scan=Scan.objects.get(pk=answer.scan_id), actor=circulation)
        assert close_stocktake(stocktake=stocktake, actor=circulation).seen_count == 1

    def test_not_without_a_single_book(self, stocktake: Stocktake, circulation: Any, refusal: Any) -> None:
        assert refusal(close_stocktake, stocktake=stocktake, actor=circulation).code == "nothing_counted"

    def test_what_was_not_seen_is_reported_in_one_act(
        self, stocktake: Stocktake, lines: Any, school: Any
    ) -> None:
        for line in lines[:3]:
            count(stocktake, line.copy.barcode, school)
        done = close_stocktake(stocktake=stocktake, actor=school)
        cases = report_missing(stocktake=done, actor=school, account="Tidak ada di rak.")
        assert {case.line_id for case in cases} == {line.pk for line in lines[3:]}
        assert {case.account for case in Case.objects.all()} == {"Tidak ada di rak."}
        assert LoanLine.objects.filter(status=LineStatus.LOST).count() == 2
        assert done.events.filter(action="report_missing").count() == 1
        assert list(check_custody()) == []

    def test_only_the_ticked_ones_and_never_twice(
        self, stocktake: Stocktake, lines: Any, circulation: Any, refusal: Any
    ) -> None:
        count(stocktake, lines[0].copy.barcode, circulation)
        done = close_stocktake(stocktake=stocktake, actor=circulation)
        [case] = report_missing(stocktake=done, actor=circulation, lines=[lines[1].pk])
        assert case.line_id == lines[1].pk
        assert missing_lines(done).count() == 3
        seen = refusal(report_missing, stocktake=done, actor=circulation, lines=[lines[0].pk, lines[1].pk])
        assert seen.code == "nothing_missing"
        assert refusal(report_missing, stocktake=done, actor=circulation, lines=[]).code == "nothing_given"

    def test_one_open_count_at_a_time_and_none_where_nothing_is(
        self, stocktake: Stocktake, circulation: Any, school: Any, other_school_library: Any, refusal: Any
    ) -> None:
        assert open_stocktake(lender=stocktake.lender, partner=stocktake.partner, actor=school) == stocktake
        refused = refusal(
            open_stocktake, lender=stocktake.lender, partner=other_school_library, actor=circulation
        )
        assert refused.code == "nothing_lent"
        refused = refusal(
            open_stocktake,
            lender=stocktake.lender,
            partner=stocktake.partner,
            actor=circulation,
            on=clock.today().replace(year=2099),
        )
        assert refused.code == "date_to_come"


def test_the_life_of_a_stocktake(stocktake: Stocktake, lines: Any, circulation: Any, everybody: Any) -> None:
    count(stocktake, lines[0].copy.barcode, circulation)

    def prepare(action: str, state: str) -> None:
        if state == "closed":
            close_stocktake(stocktake=stocktake, actor=circulation)
        put_into(stocktake, state)

    verbs = {
        "close": lambda row, actor: close_stocktake(stocktake=row, actor=actor),
        "cancel": lambda row, actor: cancel_stocktake(stocktake=row, actor=actor),
        "report_missing": lambda row, actor: report_missing(stocktake=row, actor=actor),
    }
    assert set(verbs) | {"count"} == STOCKTAKE.actions
    wrong = walk(
        STOCKTAKE, stocktake, verbs, everybody, lambda actor: set(roles_of(actor, stocktake)), prepare
    )
    assert wrong == []


def test_only_the_two_sides_count(stocktake: Stocktake, everybody: Any, refusal: Any) -> None:
    may = {"circulation", "officer", "administrator", "school", "clock"}
    for name, actor in everybody.items():
        if name in may:
            continue
        code = refusal(scan, desk="count", stocktake=stocktake, barcode="BH1", actor=actor).code
        assert code == "role_missing", name
        code = refusal(open_stocktake, lender=stocktake.lender, partner=stocktake.partner, actor=actor).code
        assert code == "role_missing", name


class TestMany:
    def test_every_code_gets_its_own_answer(
        self, picking: Consignment, circulation: Any, dispatched: Consignment
    ) -> None:
        """Mixed with rubbish: what fits is taken, what does not is named."""
        visit_lines = list(LoanLine.objects.filter(consignment=dispatched).in_shelf_order())
        stocktake = open_stocktake(lender=dispatched.lender, partner=dispatched.partner, actor=circulation)
        codes = [line.copy.barcode for line in visit_lines[:4]] + ["NIX", visit_lines[0].copy.barcode, " "]
        answers = scan_many(place=stocktake, barcodes=codes, actor=circulation, batch=uuid.uuid4())
        assert [answer.reason for answer in answers] == ["counted"] * 4 + ["unknown_barcode"]
        assert {(answer.count, answer.total) for answer in answers} == {(4, 5)}

    def test_the_same_list_sent_again_changes_nothing(
        self, stocktake: Stocktake, lines: Any, circulation: Any
    ) -> None:
        sent = {
            "place": stocktake,
            "barcodes": [line.copy.barcode for line in lines],
            "actor": circulation,
            "batch": uuid.uuid4(),
        }
        first, again = scan_many(**sent), scan_many(**sent)
        assert first == again
        assert Scan.objects.filter(stocktake=stocktake).count() == 5
        other = scan_many(**sent | {"batch": uuid.uuid4()})
        assert {answer.reason for answer in other} == {"already_counted"}

    def test_limits(self, stocktake: Stocktake, circulation: Any, refusal: Any) -> None:
        for codes, code in (
            ([], "nothing_given"),
            (["", " "], "nothing_given"),
            ([f"X{n}" for n in range(501)], "too_many"),
        ):
            refused = refusal(
                scan_many, place=stocktake, barcodes=codes, actor=circulation, batch=uuid.uuid4()
            )
            assert (refused.code, refused.field) == (code, "barcodes")

    def test_a_hundred_cost_what_one_costs(self, stocktake: Stocktake, lines: Any, circulation: Any) -> None:
        def cost(codes: list[str]) -> int:
            with CaptureQueriesContext(connection) as queries:
                scan_many(place=stocktake, barcodes=codes, actor=circulation, batch=uuid.uuid4())
            return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

        assert cost([lines[0].copy.barcode]) == cost([line.copy.barcode for line in lines[1:]])
