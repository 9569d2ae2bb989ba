"""Scans from without a connection are facts: kept, and decided by a person where a rule said no. And codes looked up."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from kerjasama.domain import clock
from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy
from loans.models import Consignment, CustodyMove, LoanLine, Scan
from loans.services.claiming import report_loss
from loans.services.counting import close_stocktake, open_stocktake
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.looking import look_up
from loans.services.proposing import drop_line, propose_consignment
from loans.services.returning import finish_return_visit, open_return_visit
from loans.services.reviewing import fix_of, mend_scan, note_scan
from loans.services.scanning import scan, scan_many
from tests.conftest import scan_all
from tests.factories import CopyFactory

pytestmark = pytest.mark.django_db


def offline(**sent: Any) -> Scan:
    answer = scan(**sent, recorded_offline=True, scanned_at=clock.now() - timedelta(hours=3))
    return Scan.objects.get(pk=answer.scan_id)


@pytest.fixture
def spare(picking: Consignment, circulation: Any) -> Copy:
    """A book that fits and is not on the list, of which one place is free."""
    line = picking.lines.first()
    assert line is not None
    drop_line(line=line, actor=circulation)
    found = Copy.objects.filter(place="shelf", loan_lines__isnull=True).first()
    assert found is not None
    return found


class TestKept:
    def test_what_fits_is_done_as_ever(self, picking: Consignment, circulation: Any) -> None:
        line = LoanLine.objects.filter(consignment=picking).in_shelf_order().first()
        row = offline(desk="pick", consignment=picking, barcode=line.copy.barcode, actor=circulation)
        assert (row.reason, row.review, row.recorded_offline) == ("picked", "", True)
        assert row.scanned_at is not None and row.scanned_at < row.at

    def test_a_refused_one_waits_for_a_decision(
        self, picking: Consignment, spare: Copy, circulation: Any
    ) -> None:
        row = offline(desk="pick", consignment=picking, barcode=spare.barcode, actor=circulation)
        assert (row.reason, row.review, fix_of(row)) == ("not_on_list", "open", "put_on_list")
        online = scan(desk="pick", consignment=picking, barcode=spare.barcode, actor=circulation)
        assert Scan.objects.get(pk=online.scan_id).review == "", "who stood at the desk was told"

    def test_kept_even_where_the_delivery_has_left(self, dispatched: Consignment, circulation: Any) -> None:
        copy = Copy.objects.filter(place="shelf", loan_lines__isnull=True).first()
        assert copy is not None
        row = offline(desk="pick", consignment=dispatched, barcode=copy.barcode, actor=circulation)
        assert (row.reason, row.review, fix_of(row)) == ("desk_closed", "open", "")
        assert not CustodyMove.objects.filter(copy=copy).exists()

    def test_online_it_is_refused(self, dispatched: Consignment, circulation: Any, refusal: Any) -> None:
        refused = refusal(scan, desk="pick", consignment=dispatched, barcode="X", actor=circulation)
        assert refused.code == "wrong_state"

    def test_without_the_right_nothing_is_kept(
        self, dispatched: Consignment, crew: Any, refusal: Any
    ) -> None:
        refused = refusal(
            scan, desk="pick", consignment=dispatched, barcode="X", actor=crew, recorded_offline=True
        )
        assert refused.code == "role_missing"

    def test_a_clock_that_runs_ahead_is_not_believed(self, picking: Consignment, circulation: Any) -> None:
        answer = scan(
            desk="pick",
            consignment=picking,
            barcode="NIX",
            actor=circulation,
            recorded_offline=True,
            scanned_at=clock.now() + timedelta(days=400),
        )
        row = Scan.objects.get(pk=answer.scan_id)
        assert row.scanned_at == row.at


class TestDecided:
    def test_put_on_the_list(self, picking: Consignment, spare: Copy, circulation: Any) -> None:
        row = offline(desk="pick", consignment=picking, barcode=spare.barcode, actor=circulation)
        done = mend_scan(scan=row, actor=circulation)
        assert (done.review, done.reviewed_by) == ("done", circulation)
        assert picking.lines.get(copy=spare).status == "picked"
        assert list(check_custody()) == []

    def test_noted_with_a_remark(self, picking: Consignment, circulation: Any, refusal: Any) -> None:
        row = offline(desk="pick", consignment=picking, barcode="NIX", actor=circulation)
        assert refusal(note_scan, scan=row, actor=circulation, note="  ").code == "note"
        done = note_scan(scan=row, actor=circulation, note="Label rusak.")
        assert (done.review, done.review_note) == ("noted", "Label rusak.")
        for act in (mend_scan, note_scan):
            more = {"note": "lagi"} if act is note_scan else {}
            row.refresh_from_db()
            assert refusal(act, scan=row, actor=circulation, **more).code == "reviewed"

    def test_taken_back_from_whoever_holds_it(
        self, dispatched: Consignment, other_school_library: Any, circulation: Any
    ) -> None:
        wrong = open_return_visit(lender=dispatched.lender, partner=other_school_library, actor=circulation)
        line = dispatched.lines.first()
        assert line is not None
        row = offline(
            desk="return",
            return_visit=wrong,
            barcode=line.copy.barcode,
            actor=circulation,
            condition="worn",
        )
        assert (row.reason, fix_of(row)) == ("with_other_partner", "take_back")
        mend_scan(scan=row, actor=circulation)
        line.refresh_from_db()
        assert (line.status, line.condition_back) == ("returned", "worn")
        assert line.returned_to is not None and line.returned_to.partner == dispatched.partner
        assert list(check_custody()) == []

    def test_taken_back_after_the_visit_was_finished(self, dispatched: Consignment, circulation: Any) -> None:
        visit = open_return_visit(lender=dispatched.lender, partner=dispatched.partner, actor=circulation)
        first, second = dispatched.lines.all()[:2]
        scan(desk="return", return_visit=visit, barcode=first.copy.barcode, actor=circulation)
        finish_return_visit(visit=visit, actor=circulation)
        row = offline(desk="return", return_visit=visit, barcode=second.copy.barcode, actor=circulation)
        assert (row.reason, fix_of(row)) == ("desk_closed", "take_back")
        mend_scan(scan=row, actor=circulation)
        second.refresh_from_db()
        assert second.status == "returned" and second.returned_to_id != visit.pk

    def test_counted_after_the_stocktake_was_finished(
        self, dispatched: Consignment, circulation: Any
    ) -> None:
        stocktake = open_stocktake(lender=dispatched.lender, partner=dispatched.partner, actor=circulation)
        first, second = dispatched.lines.all()[:2]
        scan_many(place=stocktake, barcodes=[first.copy.barcode], actor=circulation, batch=uuid.uuid4())
        close_stocktake(stocktake=stocktake, actor=circulation)
        row = offline(desk="count", stocktake=stocktake, barcode=second.copy.barcode, actor=circulation)
        assert fix_of(row) == "count_as_seen"
        mend_scan(scan=row, actor=circulation)
        stocktake.refresh_from_db()
        second.refresh_from_db()
        assert stocktake.seen_count == 2 and second.seen_at == row.scanned_at

    def test_what_cannot_be_mended_says_so(
        self, picking: Consignment, circulation: Any, refusal: Any
    ) -> None:
        row = offline(desk="pick", consignment=picking, barcode="NIX", actor=circulation)
        assert refusal(mend_scan, scan=row, actor=circulation).code == "cannot_be_mended"

    def test_a_full_list_stays_full(self, picking: Consignment, circulation: Any, refusal: Any) -> None:
        copy = Copy.objects.filter(place="shelf", loan_lines__isnull=True).first()
        assert copy is not None
        row = offline(desk="pick", consignment=picking, barcode=copy.barcode, actor=circulation)
        assert refusal(mend_scan, scan=row, actor=circulation).code == "list_full"
        row.refresh_from_db()
        assert row.review == "open"

    def test_only_the_desk_decides(
        self, picking: Consignment, circulation: Any, crew: Any, refusal: Any
    ) -> None:
        row = offline(desk="pick", consignment=picking, barcode="NIX", actor=circulation)
        assert refusal(mend_scan, scan=row, actor=crew).code == "role_missing"
        assert refusal(note_scan, scan=row, actor=crew, note="x").code == "role_missing"


class TestLookedUp:
    def test_at_home_with_its_shelf(self, picking: Consignment, circulation: Any) -> None:
        copy = Copy.objects.filter(owner=picking.lender, loan_lines__isnull=True).first()
        assert copy is not None
        answer = look_up(barcode=f" {copy.barcode} ", actor=circulation).answer
        assert (answer.outcome, answer.reason) == ("ok", "is_home")
        assert copy.call_number in answer.sentence
        Copy.objects.filter(pk=copy.pk).update(condition=Condition.DAMAGED)
        assert look_up(barcode=copy.barcode, actor=circulation).answer.reason == "is_damaged"
        Copy.objects.filter(pk=copy.pk).update(place=CopyPlace.WITHDRAWN)
        assert look_up(barcode=copy.barcode, actor=circulation).answer.reason == "is_withdrawn"

    def test_on_a_list_in_the_box_out_late_and_lost(
        self, picking: Consignment, circulation: Any, time_machine: Any
    ) -> None:
        barcode = LoanLine.objects.filter(consignment=picking).in_shelf_order()[0].copy.barcode
        seen = [look_up(barcode=barcode, actor=circulation).answer.reason]
        scan_all(picking, circulation)
        seen.append(look_up(barcode=barcode, actor=circulation).answer.reason)
        dispatched = dispatch_consignment(consignment=picking, actor=circulation)
        out = look_up(barcode=barcode, actor=circulation)
        seen.append(out.answer.reason)
        assert (
            str(dispatched.partner) in out.answer.sentence
            and str(dispatched.due_on.year) in out.answer.sentence
        )
        Consignment.objects.filter(pk=dispatched.pk).update(due_on=clock.today() - timedelta(days=1))
        seen.append(look_up(barcode=barcode, actor=circulation).answer.reason)
        case = report_loss(line=dispatched.lines.get(copy__barcode=barcode), actor=circulation, kind="lost")
        lost = look_up(barcode=barcode, actor=circulation).answer
        seen.append(lost.reason)
        assert case.code in lost.sentence
        assert seen == ["is_listed", "is_packed", "is_out", "is_late", "is_lost"]
        assert not Scan.objects.filter(reason__in=seen).exists(), "looking keeps nothing"

    def test_another_librarys_is_only_named(
        self, picking: Consignment, circulation: Any, school: Any
    ) -> None:
        copy = CopyFactory()
        look = look_up(barcode=copy.barcode, actor=circulation)
        assert look.answer.reason == "other_library" and look.copy is None
        assert str(copy.owner) in look.answer.sentence
        assert look_up(barcode="TIDAK-ADA", actor=circulation).answer.reason == "unknown_barcode"
        assert look_up(barcode=" ", actor=circulation).answer.reason == "empty_barcode"
        mine = Copy.objects.filter(owner=picking.lender, loan_lines__isnull=True).first()
        assert mine is not None
        assert look_up(barcode=mine.barcode, actor=school).copy is None, "not lent, so not a school's matter"


def test_propose_is_not_touched(picking: Consignment, circulation: Any) -> None:
    """A top-up of a list does not mind scans that wait."""
    offline(desk="pick", consignment=picking, barcode="NIX", actor=circulation)
    assert propose_consignment(period=picking.period, actor=circulation).pk == picking.pk
