"""Books come back (L6, L7): mixed, partial, damaged, found again; then the record, and what closes with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kerjasama.domain import clock
from libraries.models import Notice, User
from libraries.services.documents import pdf_of
from loans.choices import LineStatus
from loans.models import Case, Consignment, LoanLine, ReturnVisit
from loans.services.claiming import find_case, report_loss
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.returning import (
    ReturnedCopy,
    finish_return_visit,
    open_return_visit,
    return_copies,
)
from loans.services.scanning import scan
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(dispatched: Consignment, library: Any, school_library: Any, circulation: Any) -> ReturnVisit:
    return open_return_visit(lender=library, partner=school_library, actor=circulation)


@pytest.fixture
def lines(dispatched: Consignment) -> list[LoanLine]:
    return list(LoanLine.objects.filter(consignment=dispatched).in_shelf_order())


def bring(visit: ReturnVisit, lines: list[LoanLine], actor: Any, condition: str = "good") -> Any:
    return return_copies(
        visit=visit, copies=[ReturnedCopy(line.copy.barcode, condition) for line in lines], actor=actor
    )


def delivered(programme: Any, sequence: int, actor: Any) -> Consignment:
    consignment = propose_consignment(period=programme.periods.get(sequence=sequence), actor=actor)
    scan_all(consignment, actor)
    return dispatch_consignment(consignment=consignment, actor=actor)


class TestOpening:
    def test_two_desks_work_in_the_same_visit(
        self, visit: ReturnVisit, library: Any, school_library: Any, officer: Any
    ) -> None:
        assert open_return_visit(lender=library, partner=school_library, actor=officer) == visit

    def test_not_in_the_future(
        self, library: Any, school_library: Any, circulation: Any, refusal: Any
    ) -> None:
        tomorrow = clock.today(library.zone) + timedelta(days=1)
        refused = refusal(
            open_return_visit, lender=library, partner=school_library, actor=circulation, on=tomorrow
        )
        assert (refused.code, refused.field) == ("date_to_come", "on")

    def test_a_new_visit_follows_a_finished_one(
        self, visit: ReturnVisit, lines: Any, library: Any, school_library: Any, circulation: Any
    ) -> None:
        bring(visit, lines[:1], circulation)
        finish_return_visit(visit=visit, actor=circulation)
        assert open_return_visit(lender=library, partner=school_library, actor=circulation) != visit


class TestManyAtOnce:
    def test_one_that_does_not_belong_is_answered_and_no_obstacle(
        self, visit: ReturnVisit, lines: Any, circulation: Any
    ) -> None:
        case = report_loss(line=lines[4], actor=circulation, kind="lost")
        report = return_copies(
            visit=visit,
            copies=[
                ReturnedCopy(lines[0].copy.barcode),
                ReturnedCopy(f" {lines[1].copy.barcode} ", "worn"),
                ReturnedCopy(lines[2].copy.barcode, "damaged"),
                ReturnedCopy(lines[4].copy.barcode),
                ReturnedCopy("TIDAK-ADA"),
                ReturnedCopy("  "),
            ],
            actor=circulation,
        )
        assert report.returned == 4
        assert [(row.reason, row.barcode) for row in report.answers] == [
            ("returned_damaged", lines[2].copy.barcode),
            ("found_again", lines[4].copy.barcode),
            ("unknown_barcode", "TIDAK-ADA"),
        ]
        assert case.code in report.answers[1].sentence
        assert [
            line.status for line in LoanLine.objects.in_shelf_order().filter(pk__in=[it.pk for it in lines])
        ] == [
            "returned",
            "returned",
            "returned",
            "out",
            "returned",
        ]
        assert list(check_custody()) == []

    def test_the_same_barcode_twice_in_one_list_comes_back_once(
        self, visit: ReturnVisit, lines: Any, circulation: Any
    ) -> None:
        report = bring(visit, [lines[0], lines[0]], circulation)
        assert (report.returned, list(report.answers)) == (1, [])

    def test_what_another_partner_has_stays_there(
        self, lines: Any, library: Any, other_school_library: Any, circulation: Any
    ) -> None:
        wrong = open_return_visit(lender=library, partner=other_school_library, actor=circulation)
        report = bring(wrong, lines[:1], circulation)
        assert (report.returned, report.answers[0].reason) == (0, "with_other_partner")
        assert LoanLine.objects.get(pk=lines[0].pk).status == LineStatus.OUT

    def test_a_condition_that_is_none(
        self, visit: ReturnVisit, lines: Any, circulation: Any, refusal: Any
    ) -> None:
        refused = refusal(
            return_copies,
            visit=visit,
            copies=[ReturnedCopy(lines[0].copy.barcode), ReturnedCopy(lines[1].copy.barcode, "basah")],
            actor=circulation,
        )
        assert refused.code == "condition"

    @pytest.mark.parametrize("quantity", [5, 50])
    def test_statements_do_not_grow_with_the_books(
        self, quantity: int, library: Any, school_library: Any, circulation: Any
    ) -> None:
        """G7: as for the handover, at most twelve."""
        shelve(library, quantity)
        agreement = AgreementFactory(
            office=library, partner=school_library, in_force=True, lending={"quantity": quantity}
        )
        consignment = delivered(open_programme(agreement=agreement, actor=circulation), 1, circulation)
        visit = open_return_visit(lender=library, partner=school_library, actor=circulation)
        copies = [ReturnedCopy(code) for code in consignment.lines.values_list("copy__barcode", flat=True)]
        user = User.objects.get(pk=circulation.pk)
        with CaptureQueriesContext(connection) as statements:
            assert return_copies(visit=visit, copies=copies, actor=user).returned == quantity
        own = [row for row in statements if "SAVEPOINT" not in row["sql"] and "membership" not in row["sql"]]
        assert len(own) == 3
        with CaptureQueriesContext(connection) as statements:
            finish_return_visit(visit=visit, actor=user)
        own = [row for row in statements if "SAVEPOINT" not in row["sql"]]
        assert len(own) <= 20


class TestFinishing:
    def test_all_of_it_home_closes_delivery_and_period(
        self, dispatched: Consignment, visit: ReturnVisit, lines: Any, circulation: Any
    ) -> None:
        bring(visit, lines, circulation)
        row = finish_return_visit(visit=visit, actor=circulation)
        dispatched.refresh_from_db()
        dispatched.period.refresh_from_db()
        assert (row.status, dispatched.status, dispatched.period.status) == ("closed", "closed", "closed")
        paper = row.document.content["paper"]
        assert (len(paper["returned"]), paper["still_out"], paper["lost"]) == (5, [], [])
        assert paper["handovers"] == [dispatched.handover_document.number]
        assert pdf_of(row.document).size > 1000
        assert Notice.objects.get(rule="returned").recipient == dispatched.partner

    def test_a_part_of_it_leaves_the_delivery_open(
        self, dispatched: Consignment, visit: ReturnVisit, lines: Any, circulation: Any
    ) -> None:
        report_loss(line=lines[4], actor=circulation, kind="lost")
        bring(visit, lines[:2], circulation)
        row = finish_return_visit(visit=visit, actor=circulation)
        dispatched.refresh_from_db()
        assert dispatched.status == "dispatched"
        paper = row.document.content["paper"]
        counts = [len(paper[name]) for name in ("returned", "still_out", "lost")]
        assert counts == [2, 2, 1]

    def test_the_rest_comes_in_a_second_visit(
        self,
        dispatched: Consignment,
        visit: ReturnVisit,
        lines: Any,
        library: Any,
        school_library: Any,
        circulation: Any,
    ) -> None:
        bring(visit, lines[:2], circulation)
        finish_return_visit(visit=visit, actor=circulation)
        second = open_return_visit(lender=library, partner=school_library, actor=circulation)
        bring(second, lines[2:], circulation)
        finish_return_visit(visit=second, actor=circulation)
        dispatched.refresh_from_db()
        assert dispatched.status == "closed"

    def test_two_deliveries_mixed_in_one_visit(self, programme: Any, circulation: Any) -> None:
        shelve(programme.lender, 12)
        first, second = (delivered(programme, sequence, circulation) for sequence in (1, 2))
        visit = open_return_visit(lender=programme.lender, partner=programme.partner, actor=circulation)
        bring(
            visit,
            [*first.lines.select_related("copy"), *second.lines.select_related("copy")[:1]],
            circulation,
        )
        row = finish_return_visit(visit=visit, actor=circulation)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.status, second.status) == ("closed", "dispatched")
        assert len(row.document.content["paper"]["handovers"]) == 2

    def test_a_damaged_book_opens_its_case(self, visit: ReturnVisit, lines: Any, circulation: Any) -> None:
        bring(visit, lines[:1], circulation, "damaged")
        finish_return_visit(visit=visit, actor=circulation)
        case = Case.objects.get()
        assert (case.kind, case.status, case.line) == ("damaged", "reported", lines[0])
        assert list(check_custody()) == []

    def test_not_a_second_one_where_the_school_has_reported_it(
        self, visit: ReturnVisit, lines: Any, school: Any, circulation: Any
    ) -> None:
        report_loss(line=lines[0], actor=school, kind="damaged")
        bring(visit, lines[:1], circulation, "damaged")
        finish_return_visit(visit=visit, actor=circulation)
        assert Case.objects.count() == 1

    def test_nor_where_one_of_an_earlier_loan_is_still_open(
        self, visit: ReturnVisit, lines: Any, circulation: Any
    ) -> None:
        """The copy went out again although its case was never assessed: the visit must be finished all the same."""
        case = report_loss(line=lines[0], actor=circulation, kind="damaged")
        bring(visit, lines[:1], circulation, "good")
        finish_return_visit(visit=visit, actor=circulation)
        programme = open_programme(
            agreement=AgreementFactory(office=visit.lender, in_force=True, lending={"quantity": 50}),
            actor=circulation,
        )
        again = delivered(programme, 1, circulation)
        elsewhere = open_return_visit(lender=visit.lender, partner=programme.partner, actor=circulation)
        bring(elsewhere, [again.lines.get(copy=lines[0].copy)], circulation, "damaged")
        finish_return_visit(visit=elsewhere, actor=circulation)
        assert Case.objects.get() == case

    def test_a_lost_book_found_after_its_delivery_was_closed(
        self,
        dispatched: Consignment,
        visit: ReturnVisit,
        lines: Any,
        library: Any,
        school_library: Any,
        circulation: Any,
    ) -> None:
        case = report_loss(line=lines[4], actor=circulation, kind="lost")
        bring(visit, lines[:4], circulation)
        finish_return_visit(visit=visit, actor=circulation)
        dispatched.refresh_from_db()
        assert dispatched.status == "closed"
        later = open_return_visit(lender=library, partner=school_library, actor=circulation)
        answer = scan(desk="return", return_visit=later, barcode=lines[4].copy.barcode, actor=circulation)
        assert answer.reason == "found_again"
        assert finish_return_visit(visit=later, actor=circulation).status == "closed"
        case.refresh_from_db()
        assert case.status == "found"
        assert list(check_custody()) == []

    def test_nothing_scanned_nothing_to_finish(
        self, visit: ReturnVisit, circulation: Any, refusal: Any
    ) -> None:
        assert refusal(finish_return_visit, visit=visit, actor=circulation).code == "nothing_returned"

    def test_the_record_is_indonesian_whatever_the_desk_reads(
        self, visit: ReturnVisit, lines: Any, circulation: Any
    ) -> None:
        with translation.override("en"):
            bring(visit, lines[:1], circulation, "worn")
            paper = finish_return_visit(visit=visit, actor=circulation).document
        lines[0].refresh_from_db()
        with translation.override("id"):
            worn = str(lines[0].get_condition_back_display())
        assert paper.content["paper"]["returned"][0]["condition"] == worn


class TestTheLastBookOutsideAVisit:
    def test_reported_lost_it_closes_delivery_and_period(
        self, dispatched: Consignment, visit: ReturnVisit, lines: Any, school: Any, circulation: Any
    ) -> None:
        bring(visit, lines[:4], circulation)
        finish_return_visit(visit=visit, actor=circulation)
        report_loss(line=lines[4], actor=school, kind="lost")
        dispatched.refresh_from_db()
        dispatched.period.refresh_from_db()
        assert (dispatched.status, dispatched.period.status) == ("closed", "closed")
        assert not Notice.objects.open().filter(subject_id__in=[dispatched.pk, dispatched.period_id]).exists()

    def test_while_a_visit_is_under_way_closing_waits_for_its_end(
        self, dispatched: Consignment, visit: ReturnVisit, lines: Any, school: Any, circulation: Any
    ) -> None:
        bring(visit, lines[:4], circulation)
        report_loss(line=lines[4], actor=school, kind="lost")
        dispatched.refresh_from_db()
        assert dispatched.status == "dispatched"
        finish_return_visit(visit=visit, actor=circulation)
        dispatched.refresh_from_db()
        assert dispatched.status == "closed"

    def test_found_at_home_without_a_visit(
        self, dispatched: Consignment, lines: Any, circulation: Any
    ) -> None:
        for line in lines:
            case = report_loss(line=line, actor=circulation, kind="lost")
        find_case(case=case, actor=circulation)
        dispatched.refresh_from_db()
        assert dispatched.status == "closed"
        assert list(check_custody()) == []
