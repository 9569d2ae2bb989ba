"""Loss and damage: reported, assessed within the agreement, settled, found again (L8, A9)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from kerjasama.domain import clock
from libraries.catalogue.models import Copy, Title
from libraries.models import Notice
from libraries.services.documents import pdf_of
from loans.choices import LineStatus
from loans.models import Case, Consignment, LoanLine
from loans.services.claiming import assess_case, find_case, report_loss, settle_case
from loans.services.custody import check_custody
from loans.services.returning import ReturnedCopy, finish_return_visit, open_return_visit, return_copies
from tests.factories import CopyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(dispatched: Consignment) -> LoanLine:
    return LoanLine.objects.filter(consignment=dispatched).in_shelf_order().first()


@pytest.fixture
def lost(line: LoanLine, school: Any) -> Case:
    return report_loss(line=line, actor=school, kind="lost", account=" Terbawa banjir. ")


@pytest.fixture
def damaged_at_home(
    dispatched: Consignment, line: LoanLine, library: Any, school_library: Any, circulation: Any
) -> Case:
    visit = open_return_visit(lender=library, partner=school_library, actor=circulation)
    return_copies(visit=visit, copies=[ReturnedCopy(line.copy.barcode, "damaged")], actor=circulation)
    finish_return_visit(visit=visit, actor=circulation)
    return Case.objects.get()


class TestReporting:
    def test_a_lost_book_leaves_the_schools_list(self, lost: Case, line: LoanLine, school: Any) -> None:
        line.refresh_from_db()
        assert (line.status, line.copy.place) == (LineStatus.LOST, "lost")
        assert (lost.code, lost.account, lost.reported_by) == ("KHR-0001", "Terbawa banjir.", school)
        days = line.consignment.period.programme.replacement_days
        assert lost.due_on == clock.today(lost.lender.zone) + timedelta(days=days)
        assert Notice.objects.get(rule="case_reported").recipient == lost.lender

    def test_a_damaged_one_stays_there(self, line: LoanLine, circulation: Any) -> None:
        case = report_loss(line=line, actor=circulation, kind="damaged")
        line.refresh_from_db()
        assert (line.status, line.copy.place) == (LineStatus.OUT, "away")
        assert Notice.objects.get(rule="case_reported").recipient == case.partner

    def test_not_twice(self, lost: Case, line: LoanLine, school: Any, refusal: Any) -> None:
        assert refusal(report_loss, line=line, actor=school, kind="lost").code == "not_out"

    def test_an_open_case_is_named(self, line: LoanLine, school: Any, refusal: Any) -> None:
        case = report_loss(line=line, actor=school, kind="damaged")
        refused = refusal(report_loss, line=line, actor=school, kind="lost")
        assert refused.code == "case_open"
        assert case.code in str(refused.message)

    def test_what_is_neither(self, line: LoanLine, school: Any, refusal: Any) -> None:
        refused = refusal(report_loss, line=line, actor=school, kind="basah")
        assert (refused.code, refused.field) == ("kind", "kind")


class TestAssessing:
    def test_the_letter_asks_for_what_was_decided(self, lost: Case, circulation: Any) -> None:
        with translation.override("en"):
            case = assess_case(case=lost, actor=circulation, demand="same_title", note="sesuai PKS")
        assert (case.status, case.demand, case.amount) == ("assessed", "same_title", None)
        paper = case.letter.content["paper"]
        assert (paper["ways"], paper["replacement_days"], paper["kind"]) == (["same_title"], 30, "lost")
        assert case.letter.content["language"] == "id"
        assert pdf_of(case.letter).size > 1000
        assert Notice.objects.get(rule="case_assessed").recipient == case.partner
        assert case.events.get(action="assess").note == "sesuai PKS"

    def test_only_what_the_agreement_allows(self, lost: Case, circulation: Any, refusal: Any) -> None:
        agreement = lost.line.consignment.period.programme.agreement
        agreement.lending_term.replacement_ways = ["same_title"]
        agreement.lending_term.save()
        refused = refusal(assess_case, case=lost, actor=circulation, demand="price", amount=Decimal(50000))
        assert refused.code == "way_not_agreed"
        assert agreement.number in str(refused.message)
        assert assess_case(case=lost, actor=circulation, demand="same_title").status == "assessed"

    def test_the_price_on_record_is_asked_unless_another_is_given(self, lost: Case, circulation: Any) -> None:
        assert assess_case(case=lost, actor=circulation, demand="price").amount == Decimal("45000")

    def test_another_amount(self, lost: Case, circulation: Any) -> None:
        case = assess_case(case=lost, actor=circulation, demand="price", amount=Decimal("60000"))
        assert case.amount == Decimal("60000")
        assert case.letter.content["paper"]["items"][0]["price"] == "60000"

    @pytest.mark.parametrize("amount", [None, Decimal(0), Decimal(-5)])
    def test_an_amount_is_needed_where_no_price_is_known(
        self, amount: Any, lost: Case, circulation: Any, refusal: Any
    ) -> None:
        Copy.objects.filter(pk=lost.copy_id).update(price=None)
        refused = refusal(assess_case, case=lost, actor=circulation, demand="price", amount=amount)
        assert (refused.code, refused.field) == ("amount", "amount")

    def test_unknown_demand(self, lost: Case, circulation: Any, refusal: Any) -> None:
        assert refusal(assess_case, case=lost, actor=circulation, demand="emas").code == "demand"

    def test_due_in_the_past(self, lost: Case, circulation: Any, refusal: Any) -> None:
        yesterday = clock.today(lost.lender.zone) - timedelta(days=1)
        refused = refusal(assess_case, case=lost, actor=circulation, demand="same_title", due_on=yesterday)
        assert (refused.code, refused.field) == ("date_past", "due_on")

    def test_assessed_late_it_is_due_today_at_the_earliest(self, lost: Case, circulation: Any) -> None:
        today = clock.today(lost.lender.zone)
        Case.objects.filter(pk=lost.pk).update(due_on=today - timedelta(days=9))
        assert assess_case(case=lost, actor=circulation, demand="same_title").due_on == today


class TestSettling:
    def settle(self, case: Case, actor: Any, settlement: str, **facts: Any) -> Case:
        return settle_case(case=case, actor=actor, settlement=settlement, **facts)

    def test_by_the_same_title(self, lost: Case, circulation: Any) -> None:
        case = self.settle(lost, circulation, "same_title", replacement_barcode=" BARU-1 ")
        new = case.replacement_copy
        assert (new.barcode, new.title_id, new.owner, new.place) == (
            "BARU-1",
            lost.copy.title_id,
            lost.lender,
            "shelf",
        )
        old = Copy.objects.get(pk=lost.copy_id)
        assert (old.place, old.holder) == ("withdrawn", lost.lender)
        assert LoanLine.objects.get(pk=lost.line_id).status == LineStatus.SETTLED
        assert pdf_of(case.settlement_record).size > 1000
        assert Notice.objects.get(rule="case_settled").recipient == case.partner
        assert list(check_custody()) == []

    def test_by_an_equal_title_known_or_new(self, lost: Case, circulation: Any) -> None:
        case = self.settle(
            lost, circulation, "equal_title", replacement_barcode="BARU-1", replacement_title="Laskar Pelangi"
        )
        assert (case.replacement_copy.title.title, case.replacement_copy.title.ddc) == (
            "Laskar Pelangi",
            lost.copy.title.ddc,
        )

    def test_by_a_title_of_the_catalogue(self, lost: Case, circulation: Any) -> None:
        known = Title.objects.exclude(pk=lost.copy.title_id).first()
        case = self.settle(
            lost,
            circulation,
            "equal_title",
            replacement_barcode="BARU-1",
            replacement_title=known.title.upper(),
        )
        assert case.replacement_copy.title == known

    def test_by_payment(self, lost: Case, circulation: Any) -> None:
        case = self.settle(lost, circulation, "price", paid_amount=Decimal("45000"))
        assert (case.paid_amount, case.replacement_copy) == (Decimal("45000"), None)
        assert Copy.objects.get(pk=lost.copy_id).place == "withdrawn"

    def test_waived_with_its_reason(self, lost: Case, circulation: Any) -> None:
        case = self.settle(lost, circulation, "waived", reason=" Banjir bandang. ")
        assert case.reason == "Banjir bandang."
        assert case.settlement_record.content["paper"]["reason"] == "Banjir bandang."

    @pytest.mark.parametrize(
        ("settlement", "facts", "code"),
        [
            ("waived", {}, "reason"),
            ("waived", {"reason": "  "}, "reason"),
            ("price", {}, "paid_amount"),
            ("price", {"paid_amount": Decimal(0)}, "paid_amount"),
            ("price", {"paid_amount": Decimal(-1)}, "paid_amount"),
            ("same_title", {}, "replacement_barcode"),
            ("equal_title", {"replacement_barcode": " "}, "replacement_barcode"),
            ("emas", {}, "settlement"),
        ],
    )
    def test_refused(
        self, settlement: str, facts: Any, code: str, lost: Case, circulation: Any, refusal: Any
    ) -> None:
        refused = refusal(settle_case, case=lost, actor=circulation, settlement=settlement, **facts)
        assert (refused.code, refused.field) == (code, code)

    def test_a_barcode_in_use(self, lost: Case, circulation: Any, refusal: Any) -> None:
        used = CopyFactory(owner=lost.lender).barcode
        refused = refusal(
            settle_case, case=lost, actor=circulation, settlement="same_title", replacement_barcode=used
        )
        assert refused.code == "barcode_used"
        assert used in str(refused.message)

    def test_not_in_the_future(self, lost: Case, circulation: Any, refusal: Any) -> None:
        tomorrow = clock.today(lost.lender.zone) + timedelta(days=1)
        refused = refusal(
            settle_case, case=lost, actor=circulation, settlement="waived", reason="banjir", on=tomorrow
        )
        assert refused.code == "date_to_come"

    def test_a_damaged_book_at_home_leaves_when_another_takes_its_place(
        self, damaged_at_home: Case, circulation: Any
    ) -> None:
        self.settle(damaged_at_home, circulation, "same_title", replacement_barcode="BARU-1")
        assert Copy.objects.get(pk=damaged_at_home.copy_id).place == "withdrawn"
        assert LoanLine.objects.get(pk=damaged_at_home.line_id).status == LineStatus.RETURNED
        assert list(check_custody()) == []

    def test_a_damaged_book_still_there_comes_home_afterwards(self, line: LoanLine, circulation: Any) -> None:
        case = report_loss(line=line, actor=circulation, kind="damaged")
        self.settle(case, circulation, "waived", reason="usang")
        assert Copy.objects.get(pk=case.copy_id).place == "away"
        assert list(check_custody()) == []


class TestFinding:
    def test_a_lost_book_turns_up(self, lost: Case, line: LoanLine, circulation: Any) -> None:
        case = find_case(case=lost, actor=circulation, condition="worn")
        line.refresh_from_db()
        assert (case.status, line.status, line.copy.place, line.copy.condition) == (
            "found",
            "returned",
            "shelf",
            "worn",
        )
        assert list(check_custody()) == []

    def test_after_the_letter_its_notice_falls_silent(self, lost: Case, circulation: Any) -> None:
        assess_case(case=lost, actor=circulation, demand="same_title")
        find_case(case=lost, actor=circulation)
        assert not Notice.objects.open().filter(subject_id=lost.pk).exists()

    def test_a_condition_that_is_none(self, lost: Case, circulation: Any, refusal: Any) -> None:
        assert refusal(find_case, case=lost, actor=circulation, condition="basah").code == "condition"


@pytest.mark.parametrize("name", ["school", "other_school", "perpusnas"])
def test_who_sees_a_case(name: str, lost: Case, everybody: Any) -> None:
    assert Case.objects.visible_to(everybody[name]).exists() is (name == "school")
