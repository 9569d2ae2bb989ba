"""The scan desk (L3, L6): every answer, scans sent twice, scans taken back, and the number of statements."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy
from libraries.models import User
from loans.choices import LineStatus, ScanOutcome
from loans.models import Case, Consignment, CustodyMove, LoanLine, ReturnVisit, Scan
from loans.services.answers import ANSWERS, answer_of, sentence_of
from loans.services.claiming import report_loss
from loans.services.custody import check_custody
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.returning import finish_return_visit, open_return_visit
from loans.services.scanning import scan, undo_scan
from tests.conftest import scan_all
from tests.factories import AgreementFactory, CopyFactory

pytestmark = pytest.mark.django_db

# "full" is kept for lists that grow by scanning; adding by hand refuses with a sentence of its own (list_full).
NOT_A_SCAN = {"full"}


@pytest.fixture
def first(picking: Consignment) -> LoanLine:
    return LoanLine.objects.filter(consignment=picking).in_shelf_order().first()


@pytest.fixture
def visit(dispatched: Consignment, library: Any, school_library: Any, circulation: Any) -> ReturnVisit:
    return open_return_visit(lender=library, partner=school_library, actor=circulation)


@pytest.fixture
def out(dispatched: Consignment) -> LoanLine:
    return LoanLine.objects.filter(consignment=dispatched).in_shelf_order().first()


@pytest.fixture
def elsewhere(picking: Consignment, circulation: Any) -> Consignment:
    """A delivery of another school of the same library."""
    programme = open_programme(
        agreement=AgreementFactory(office=picking.lender, in_force=True), actor=circulation
    )
    return propose_consignment(period=programme.periods.first(), actor=circulation)


def spare(owner: Any) -> Copy:
    return Copy.objects.filter(owner=owner, loan_lines__isnull=True).first()


class TestPacking:
    def pick(self, consignment: Consignment, barcode: str, actor: User) -> Any:
        return scan(desk="pick", consignment=consignment, barcode=barcode, actor=actor)

    def test_picked(self, picking: Consignment, first: LoanLine, circulation: Any) -> None:
        answer = self.pick(picking, f"  {first.copy.barcode}\n", circulation)
        assert (answer.outcome, answer.reason) == ("ok", "picked")
        assert (answer.count, answer.total, answer.line_id) == (1, 5, first.pk)
        assert first.copy.title.title in answer.sentence
        first.refresh_from_db()
        first.copy.refresh_from_db()
        assert (first.status, first.picked_by, first.copy.place) == ("picked", circulation, "packed")
        assert CustodyMove.objects.get().kind == "pick"

    def test_already_scanned_says_when_and_by_whom(
        self, picking: Consignment, first: LoanLine, circulation: Any, officer: Any, time_machine: Any
    ) -> None:
        time_machine.move_to("2026-11-23T03:42:00+00:00", tick=False)
        self.pick(picking, first.copy.barcode, circulation)
        answer = self.pick(picking, first.copy.barcode, officer)
        assert (answer.outcome, answer.reason, answer.count) == ("warning", "already_scanned", 1)
        assert "10.42" in answer.sentence and str(circulation) in answer.sentence
        assert CustodyMove.objects.count() == 1

    def test_unknown_barcode(self, picking: Consignment, circulation: Any) -> None:
        answer = self.pick(picking, "TIDAK-ADA", circulation)
        assert (answer.outcome, answer.reason) == ("error", "unknown_barcode")
        assert "TIDAK-ADA" in answer.sentence

    def test_another_librarys_book_is_unknown(self, picking: Consignment, circulation: Any) -> None:
        assert self.pick(picking, CopyFactory().barcode, circulation).reason == "unknown_barcode"

    @pytest.mark.parametrize("barcode", ["", "   "])
    def test_empty_barcode(self, barcode: str, picking: Consignment, circulation: Any) -> None:
        assert self.pick(picking, barcode, circulation).reason == "empty_barcode"

    def test_a_barcode_longer_than_any_label(self, picking: Consignment, circulation: Any) -> None:
        answer = self.pick(picking, "9" * 500, circulation)
        assert answer.reason == "unknown_barcode"
        assert len(Scan.objects.get().barcode) == 80

    def test_not_on_list_may_be_added(self, picking: Consignment, circulation: Any) -> None:
        answer = self.pick(picking, spare(picking.lender).barcode, circulation)
        assert (answer.outcome, answer.reason, answer.may_add) == ("error", "not_on_list", True)

    def test_on_other_list(self, picking: Consignment, elsewhere: Consignment, circulation: Any) -> None:
        answer = self.pick(picking, elsewhere.lines.first().copy.barcode, circulation)
        assert (answer.outcome, answer.reason, answer.may_add) == ("error", "on_other_list", False)
        assert elsewhere.code in answer.sentence and str(elsewhere.partner) in answer.sentence

    def test_with_partner_and_lost(
        self, picking: Consignment, elsewhere: Consignment, circulation: Any
    ) -> None:
        from loans.services.dispatching import dispatch_consignment

        barcode = scan_all(elsewhere, circulation)[0]
        dispatch_consignment(consignment=elsewhere, actor=circulation)
        answer = self.pick(picking, barcode, circulation)
        assert (answer.outcome, answer.reason) == ("error", "with_partner")
        assert str(elsewhere.partner) in answer.sentence
        case = report_loss(line=elsewhere.lines.get(copy__barcode=barcode), actor=circulation, kind="lost")
        answer = self.pick(picking, barcode, circulation)
        assert (answer.outcome, answer.reason) == ("error", "lost")
        assert case.code in answer.sentence

    def test_withdrawn(self, picking: Consignment, circulation: Any) -> None:
        copy = spare(picking.lender)
        Copy.objects.filter(pk=copy.pk).update(place=CopyPlace.WITHDRAWN)
        assert self.pick(picking, copy.barcode, circulation).reason == "withdrawn"

    @pytest.mark.parametrize("listed", [True, False])
    @pytest.mark.parametrize(
        ("change", "reason"),
        [({"condition": Condition.DAMAGED}, "damaged"), ({"may_travel": False}, "stays_here")],
    )
    def test_what_stays_here(
        self,
        change: Any,
        reason: str,
        listed: bool,
        picking: Consignment,
        first: LoanLine,
        circulation: Any,
    ) -> None:
        copy = first.copy if listed else spare(picking.lender)
        Copy.objects.filter(pk=copy.pk).update(**change)
        answer = self.pick(picking, copy.barcode, circulation)
        assert (answer.outcome, answer.reason) == ("error", reason)

    def test_taken_meanwhile(self, picking: Consignment, first: LoanLine, circulation: Any) -> None:
        Copy.objects.filter(pk=first.copy_id).update(place=CopyPlace.WITHDRAWN)
        answer = self.pick(picking, first.copy.barcode, circulation)
        assert (answer.outcome, answer.reason) == ("error", "taken_meanwhile")

    def test_a_refused_scan_changes_nothing_but_is_kept(
        self, picking: Consignment, first: LoanLine, circulation: Any
    ) -> None:
        self.pick(picking, "TIDAK-ADA", circulation)
        row = Scan.objects.get()
        assert (row.outcome, row.line, row.actor) == (ScanOutcome.ERROR, None, circulation)
        first.refresh_from_db()
        assert first.status == LineStatus.PROPOSED
        assert not CustodyMove.objects.exists()


class TestTakingBack:
    def back(self, visit: ReturnVisit, barcode: str, actor: User, condition: str = "good") -> Any:
        return scan(desk="return", return_visit=visit, barcode=barcode, actor=actor, condition=condition)

    @pytest.mark.parametrize(
        ("condition", "reason", "outcome"),
        [
            ("good", "returned", "ok"),
            ("worn", "returned_worn", "ok"),
            ("damaged", "returned_damaged", "warning"),
        ],
    )
    def test_back_in_its_condition(
        self, condition: str, reason: str, outcome: str, visit: ReturnVisit, out: LoanLine, circulation: Any
    ) -> None:
        answer = self.back(visit, out.copy.barcode, circulation, condition)
        assert (answer.outcome, answer.reason, answer.count, answer.total) == (outcome, reason, 1, 5)
        out.refresh_from_db()
        out.copy.refresh_from_db()
        assert (out.status, out.condition_back, out.returned_to) == ("returned", condition, visit)
        assert (out.copy.place, out.copy.holder, out.copy.condition) == ("shelf", visit.lender, condition)
        assert out.copy.rests_since == visit.on

    @pytest.mark.parametrize("barcode", ["", "  "])
    def test_empty_barcode(self, barcode: str, visit: ReturnVisit, circulation: Any) -> None:
        assert self.back(visit, barcode, circulation).reason == "empty_barcode"

    def test_unknown_barcode(self, visit: ReturnVisit, circulation: Any) -> None:
        assert self.back(visit, "TIDAK-ADA", circulation).reason == "unknown_barcode"

    def test_not_out(self, visit: ReturnVisit, out: LoanLine, circulation: Any) -> None:
        assert self.back(visit, spare(visit.lender).barcode, circulation).reason == "not_out"
        self.back(visit, out.copy.barcode, circulation)
        answer = self.back(visit, out.copy.barcode, circulation)
        assert (answer.outcome, answer.reason, answer.count) == ("warning", "not_out", 1)

    def test_a_book_on_a_packing_list_was_not_out(
        self, visit: ReturnVisit, elsewhere: Consignment, circulation: Any
    ) -> None:
        assert self.back(visit, elsewhere.lines.first().copy.barcode, circulation).reason == "not_out"

    def test_with_other_partner(
        self, out: LoanLine, other_school_library: Any, library: Any, circulation: Any
    ) -> None:
        wrong = open_return_visit(lender=library, partner=other_school_library, actor=circulation)
        answer = self.back(wrong, out.copy.barcode, circulation)
        assert (answer.outcome, answer.reason) == ("error", "with_other_partner")
        assert str(out.consignment.partner) in answer.sentence
        out.refresh_from_db()
        assert out.status == LineStatus.OUT

    def test_found_again_closes_its_case(self, visit: ReturnVisit, out: LoanLine, circulation: Any) -> None:
        case = report_loss(line=out, actor=circulation, kind="lost")
        answer = self.back(visit, out.copy.barcode, circulation)
        assert (answer.outcome, answer.reason) == ("warning", "found_again")
        assert case.code in answer.sentence
        assert Case.objects.get().status == "found"
        assert list(check_custody()) == []

    def test_a_condition_that_is_none(
        self, visit: ReturnVisit, out: LoanLine, circulation: Any, refusal: Any
    ) -> None:
        refused = refusal(
            scan,
            desk="return",
            return_visit=visit,
            barcode=out.copy.barcode,
            actor=circulation,
            condition="basah",
        )
        assert (refused.code, refused.field) == ("condition", "condition")


# Those about what is another school's or another library's: tests/loans/test_bringing.py.
ELSEWHERE = {"returned_for_other", "of_other_library"}


def test_every_answer_has_a_test() -> None:
    """The answers named in the tests of scans are all there are."""
    from pathlib import Path

    here = Path(__file__)
    files = (here, here.with_name("test_counting.py"), here.with_name("test_offline_scans.py"))
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert [reason for reason in ANSWERS if f'"{reason}"' not in text and reason not in NOT_A_SCAN] == []


def test_a_scan_belongs_to_a_desk(picking: Consignment, circulation: Any, refusal: Any) -> None:
    for place in ({}, {"return_visit": None}):
        assert refusal(scan, desk="pick", barcode="X", actor=circulation, **place).code == "no_desk"
    assert refusal(scan, desk="return", barcode="X", actor=circulation, consignment=picking).code == "no_desk"


class TestSentTwice:
    def test_the_first_answer_again_and_no_second_change(
        self, picking: Consignment, first: LoanLine, circulation: Any
    ) -> None:
        sent = {
            "desk": "pick",
            "consignment": picking,
            "barcode": first.copy.barcode,
            "actor": circulation,
            "client_event_id": uuid.uuid4(),
        }
        answers = [scan(**sent) for _time in range(3)]
        assert answers[0] == answers[1] == answers[2]
        assert answers[0].reason == "picked"
        assert (Scan.objects.count(), CustodyMove.objects.count()) == (1, 1)

    def test_a_refusal_is_repeated_too(self, picking: Consignment, circulation: Any) -> None:
        event = uuid.uuid4()
        for _time in range(2):
            answer = scan(
                desk="pick",
                consignment=picking,
                barcode="TIDAK-ADA",
                actor=circulation,
                client_event_id=event,
            )
            assert answer.reason == "unknown_barcode"
        assert Scan.objects.count() == 1

    def test_an_id_of_another_desk_reveals_nothing(
        self, picking: Consignment, elsewhere: Consignment, first: LoanLine, circulation: Any, refusal: Any
    ) -> None:
        event = uuid.uuid4()
        scan(
            desk="pick",
            consignment=picking,
            barcode=first.copy.barcode,
            actor=circulation,
            client_event_id=event,
        )
        refused = refusal(
            scan, desk="pick", consignment=elsewhere, barcode="X", actor=circulation, client_event_id=event
        )
        assert refused.code == "event_id_used"


class TestTakenBackByOneKey:
    def test_a_picked_copy_goes_to_the_shelf_again(
        self, picking: Consignment, first: LoanLine, circulation: Any
    ) -> None:
        answer = scan(desk="pick", consignment=picking, barcode=first.copy.barcode, actor=circulation)
        undone = undo_scan(scan=Scan.objects.get(pk=answer.scan_id), actor=circulation)
        assert (undone.reason, undone.count, undone.total) == ("put_back", 0, 5)
        first.refresh_from_db()
        assert (first.status, first.picked_at, first.picked_by) == (LineStatus.PROPOSED, None, None)
        again = scan(desk="pick", consignment=picking, barcode=first.copy.barcode, actor=circulation)
        assert again.reason == "picked"
        assert list(check_custody()) == []

    def test_a_returned_copy_counts_as_out_again(
        self, visit: ReturnVisit, out: LoanLine, circulation: Any
    ) -> None:
        answer = scan(desk="return", return_visit=visit, barcode=out.copy.barcode, actor=circulation)
        undone = undo_scan(scan=Scan.objects.get(pk=answer.scan_id), actor=circulation)
        assert (undone.reason, undone.count, undone.total) == ("return_undone", 0, 5)
        out.refresh_from_db()
        assert (out.status, out.returned_to, out.condition_back) == (LineStatus.OUT, None, "")
        assert list(check_custody()) == []

    def test_not_twice_and_not_what_changed_nothing(
        self, picking: Consignment, first: LoanLine, circulation: Any, refusal: Any
    ) -> None:
        picked = scan(desk="pick", consignment=picking, barcode=first.copy.barcode, actor=circulation)
        wrong = scan(desk="pick", consignment=picking, barcode="TIDAK-ADA", actor=circulation)
        undo_scan(scan=Scan.objects.get(pk=picked.scan_id), actor=circulation)
        for key in (picked.scan_id, wrong.scan_id):
            refused = refusal(undo_scan, scan=Scan.objects.get(pk=key), actor=circulation)
            assert refused.code == "nothing_to_undo"

    def test_not_after_the_books_have_left(
        self, dispatched: Consignment, circulation: Any, refusal: Any
    ) -> None:
        refused = refusal(undo_scan, scan=Scan.objects.filter(reason="picked").first(), actor=circulation)
        assert refused.code == "wrong_state"

    def test_not_after_the_visit_is_finished(
        self, visit: ReturnVisit, out: LoanLine, circulation: Any, refusal: Any
    ) -> None:
        answer = scan(desk="return", return_visit=visit, barcode=out.copy.barcode, actor=circulation)
        finish_return_visit(visit=visit, actor=circulation)
        refused = refusal(undo_scan, scan=Scan.objects.get(pk=answer.scan_id), actor=circulation)
        assert refused.code == "wrong_state"

    def test_not_a_return_of_what_is_on_another_list_since(
        self, visit: ReturnVisit, out: LoanLine, circulation: Any, refusal: Any
    ) -> None:
        answer = scan(desk="return", return_visit=visit, barcode=out.copy.barcode, actor=circulation)
        programme = open_programme(
            agreement=AgreementFactory(office=visit.lender, in_force=True, lending={"quantity": 50}),
            actor=circulation,
        )
        taken = propose_consignment(period=programme.periods.first(), actor=circulation)
        assert taken.lines.filter(copy=out.copy).exists()
        refused = refusal(undo_scan, scan=Scan.objects.get(pk=answer.scan_id), actor=circulation)
        assert (refused.code, refused.facts["code"]) == ("on_other_list", taken.code)

    def test_only_by_the_desk(
        self, picking: Consignment, first: LoanLine, everybody: Any, refusal: Any
    ) -> None:
        answer = scan(
            desk="pick", consignment=picking, barcode=first.copy.barcode, actor=everybody["circulation"]
        )
        row = Scan.objects.get(pk=answer.scan_id)
        for name in ("crew", "head", "coordinator", "school", "other_school", "perpusnas"):
            assert refusal(undo_scan, scan=row, actor=everybody[name]).code == "role_missing"


def test_a_stored_answer_is_read_in_the_readers_language(
    picking: Consignment, first: LoanLine, circulation: Any
) -> None:
    with translation.override("id"):
        answer = scan(desk="pick", consignment=picking, barcode="TIDAK-ADA", actor=circulation)
    row = Scan.objects.get(pk=answer.scan_id)
    with translation.override("en"):
        assert answer_of(row).sentence.startswith("No copy of this library has the barcode TIDAK-ADA.")


def test_a_fact_that_is_not_there_prints_as_a_dash() -> None:
    with translation.override("en"):
        assert sentence_of("already_scanned", {}) == "Already scanned at – by –."


class TestStatements:
    """A scan costs the same whatever is in the box, and at most twelve statements."""

    def counted(self, **scanned: Any) -> int:
        user = User.objects.get(pk=scanned.pop("actor").pk)  # a fresh request knows no access yet
        with CaptureQueriesContext(connection) as statements:
            scan(actor=user, client_event_id=uuid.uuid4(), **scanned)
        return len(statements)

    @pytest.mark.parametrize("quantity", [5, 50])
    def test_while_packing(self, quantity: int, library: Any, school_library: Any, circulation: Any) -> None:
        from tests.factories import shelve

        shelve(library, quantity + 3)
        agreement = AgreementFactory(
            office=library, partner=school_library, in_force=True, lending={"quantity": quantity}
        )
        programme = open_programme(agreement=agreement, actor=circulation)
        consignment = propose_consignment(period=programme.periods.first(), actor=circulation)
        barcodes = list(consignment.lines.values_list("copy__barcode", flat=True))
        counts = [
            self.counted(desk="pick", consignment=consignment, barcode=code, actor=circulation)
            for code in (barcodes[0], barcodes[1], barcodes[-1], barcodes[0])
        ]
        assert max(counts) <= 12
        assert len(set(counts[:3])) == 1

    def test_while_taking_back(self, visit: ReturnVisit, circulation: Any, dispatched: Consignment) -> None:
        barcodes = list(dispatched.lines.values_list("copy__barcode", flat=True))
        counts = [
            self.counted(desk="return", return_visit=visit, barcode=code, actor=circulation)
            for code in barcodes[:3]
        ]
        assert len(set(counts)) == 1
        assert max(counts) <= 12
