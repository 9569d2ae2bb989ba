"""What follows a demand: an offer, an objection, more time, a last letter, a write-off, a report taken back (L8)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kerjasama.domain import clock
from libraries.catalogue.models import Copy
from libraries.models import Notice
from libraries.services.documents import pdf_of
from loans.choices import CaseStatus, LineStatus, PleaAnswer, PleaKind
from loans.filters import CaseFilter
from loans.models import Case, Consignment, CustodyMove, LoanLine, Plea
from loans.services.claiming import assess_case, find_case, lock_case, report_loss, settle_case
from loans.services.custody import check_custody
from loans.services.ending_cases import (
    extend_case,
    note_write_off,
    reopen_case,
    retract_report,
    warn_partner,
    write_off_case,
)
from loans.services.pleading import (
    accept_offer,
    appeal_case,
    offer_replacement,
    reduce_demand,
    refuse_offer,
    uphold_demand,
    withdraw_demand,
)
from loans.services.reminding import replacements_due, send_due_reminders

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(dispatched: Consignment) -> LoanLine:
    return LoanLine.objects.filter(consignment=dispatched).in_shelf_order().first()


@pytest.fixture
def demanded(line: LoanLine, school: Any, circulation: Any) -> Case:
    case = report_loss(line=line, actor=school, kind="lost", account="Terbawa banjir.")
    return assess_case(case=case, actor=circulation, demand="same_title")


@pytest.fixture
def offered(demanded: Case, school: Any) -> Case:
    return offer_replacement(case=demanded, actor=school, title=" Batik Nusantara ", isbn="9786020332959")


def made_days_ago(case: Case, days: int) -> None:
    Plea.objects.filter(case=case).update(made_on=clock.today(case.lender.zone) - timedelta(days=days))


def late_by(case: Case, days: int) -> None:
    Case.objects.filter(pk=case.pk).update(due_on=clock.today(case.lender.zone) - timedelta(days=days))


class TestOffering:
    def test_the_library_is_told_and_reminders_stop(self, offered: Case, school: Any) -> None:
        plea = offered.pleas.get()
        assert (plea.kind, plea.title, plea.isbn, plea.made_by) == (
            PleaKind.OFFER,
            "Batik Nusantara",
            "9786020332959",
            school,
        )
        assert Notice.objects.open().get(subject_id=offered.pk).rule == "case_pleaded"
        assert Notice.objects.get(rule="case_pleaded").recipient == offered.lender
        assert not replacements_due().exists()

    def test_accepted_it_is_to_be_brought(self, offered: Case, circulation: Any) -> None:
        case = accept_offer(case=offered, actor=circulation)
        plea = case.pleas.get()
        assert (case.status, plea.answer, plea.answered_by) == (
            CaseStatus.ACCEPTED,
            PleaAnswer.ACCEPTED,
            circulation,
        )
        paper = plea.letter.content["paper"]
        assert (paper["matter"], paper["offered"]) == ("accepted", "Batik Nusantara")
        assert pdf_of(plea.letter).size > 1000
        assert list(replacements_due()) == [case]
        assert Notice.objects.open().get(rule="case_answered").recipient == case.partner

    def test_brought_it_enters_the_stock_and_both_numbers_stay(self, offered: Case, circulation: Any) -> None:
        Copy.objects.filter(pk=offered.copy_id).update(accession_number="0012/2019")
        accept_offer(case=offered, actor=circulation)
        case = settle_case(
            case=offered,
            actor=circulation,
            settlement="equal_title",
            replacement_barcode="BARU-1",
            replacement_title="Batik Nusantara",
        )
        assert (case.copy.barcode, case.replacement_copy.barcode) == (offered.copy.barcode, "BARU-1")
        assert ("Nomor inventaris", "0012/2019") in [
            tuple(row) for row in case.settlement_record.content["words"]["case"]
        ]

    def test_refused_the_demand_stands_with_the_days_given_back(
        self, offered: Case, circulation: Any
    ) -> None:
        due = offered.due_on
        made_days_ago(offered, 4)
        case = refuse_offer(case=offered, actor=circulation, note="Halaman hilang.")
        assert (case.status, case.due_on) == (CaseStatus.ASSESSED, due + timedelta(days=4))
        assert case.pleas.get().answer_note == "Halaman hilang."

    def test_offered_again_after_a_refusal_both_are_told(
        self, offered: Case, school: Any, circulation: Any
    ) -> None:
        refuse_offer(case=offered, actor=circulation, note="Halaman hilang.")
        offer_replacement(case=offered, actor=school, title="Ragam Batik")
        assert offered.pleas.count() == 2
        assert Notice.objects.filter(rule="case_pleaded").count() == 2

    @pytest.mark.parametrize(
        ("facts", "field"),
        [({"title": " "}, "title"), ({"title": "Batik", "condition": "damaged"}, "condition")],
    )
    def test_what_is_no_offer(
        self, facts: Any, field: str, demanded: Case, school: Any, refusal: Any
    ) -> None:
        assert refusal(offer_replacement, case=demanded, actor=school, **facts).field == field

    def test_a_refusal_needs_its_reason(self, offered: Case, circulation: Any, refusal: Any) -> None:
        assert refusal(refuse_offer, case=offered, actor=circulation, note=" ").field == "note"

    def test_found_while_the_offer_waits(self, offered: Case, circulation: Any) -> None:
        find_case(case=offered, actor=circulation)
        assert offered.pleas.get().answer == PleaAnswer.WITHDRAWN
        assert list(check_custody()) == []


class TestObjecting:
    @pytest.fixture
    def appealed(self, demanded: Case, school: Any) -> Case:
        return appeal_case(case=demanded, actor=school, words="Atap bocor saat libur.")

    def test_the_demand_is_on_hold(self, appealed: Case) -> None:
        late_by(appealed, 40)
        before = Notice.objects.count()
        send_due_reminders()
        assert Notice.objects.count() == before
        assert appealed.days_late(appealed.due_on + timedelta(days=50)) == 0

    def test_reminders_of_before_leave_the_page(self, demanded: Case, school: Any) -> None:
        late_by(demanded, 14)
        send_due_reminders()
        assert Notice.objects.open().filter(rule="replacement").count() == 2
        appeal_case(case=demanded, actor=school, words="Atap bocor.")
        assert not Notice.objects.open().filter(rule="replacement").exists()

    def test_upheld(self, appealed: Case, circulation: Any) -> None:
        due = appealed.due_on
        made_days_ago(appealed, 10)
        case = uphold_demand(case=appealed, actor=circulation, note="Disimpan di luar lemari.")
        assert (case.status, case.demand, case.due_on) == (
            CaseStatus.ASSESSED,
            "same_title",
            due + timedelta(days=10),
        )
        letter = case.pleas.get().letter.content
        assert letter["paper"]["reason"] == "Disimpan di luar lemari."
        assert "keberatan" in letter["words"]["body"]

    def test_reduced_to_a_smaller_sum(self, appealed: Case, circulation: Any) -> None:
        case = reduce_demand(
            case=appealed, actor=circulation, note="Buku tua.", demand="price", amount=Decimal(20000)
        )
        assert (case.status, case.demand, case.amount) == (CaseStatus.ASSESSED, "price", Decimal(20000))
        assert "20.000" in case.pleas.get().letter.content["words"]["way"]

    def test_a_change_must_change_something(self, appealed: Case, circulation: Any, refusal: Any) -> None:
        assert refusal(reduce_demand, case=appealed, actor=circulation, note="Tetap.").code == "unchanged"

    def test_a_change_stays_within_the_agreement(
        self, appealed: Case, circulation: Any, refusal: Any
    ) -> None:
        term = appealed.line.consignment.period.programme.agreement.lending_term
        term.replacement_ways = ["same_title"]
        term.save()
        refused = refusal(
            reduce_demand, case=appealed, actor=circulation, note="Tua.", demand="price", amount=Decimal(1)
        )
        assert refused.code == "way_not_agreed"

    def test_withdrawn_the_case_closes_with_its_record(self, appealed: Case, circulation: Any) -> None:
        case = withdraw_demand(case=appealed, actor=circulation, note="Bencana alam.")
        assert (case.status, case.settlement, case.reason) == (
            CaseStatus.SETTLED,
            "waived",
            "Bencana alam.",
        )
        assert case.pleas.get().answer == PleaAnswer.WITHDRAWN
        assert case.settlement_record is not None
        assert not Notice.objects.open().filter(subject_id=case.pk, rule="replacement").exists()

    def test_an_objection_says_why(self, demanded: Case, school: Any, refusal: Any) -> None:
        assert refusal(appeal_case, case=demanded, actor=school, words=" ").field == "words"


class TestMoreTimeAndTheLastLetter:
    def test_more_time(self, demanded: Case, circulation: Any) -> None:
        later = demanded.due_on + timedelta(days=30)
        assert extend_case(case=demanded, actor=circulation, due_on=later).due_on == later

    def test_not_less(self, demanded: Case, circulation: Any, refusal: Any) -> None:
        assert (
            refusal(extend_case, case=demanded, actor=circulation, due_on=demanded.due_on).code == "not_later"
        )

    @pytest.mark.parametrize("days", [7, 14, 30])
    def test_each_rung_is_reminded_of_once(self, days: int, demanded: Case) -> None:
        late_by(demanded, days)
        send_due_reminders()
        send_due_reminders()
        assert Notice.objects.filter(rule="replacement", rung=days).count() == 2

    def test_the_letter_to_the_head_quotes_the_agreement(self, demanded: Case, circulation: Any) -> None:
        late_by(demanded, 31)
        case = warn_partner(case=demanded, actor=circulation)
        words = case.warning.content["words"]
        assert "31 (tiga puluh satu) hari" in words["body"]
        assert case.letter.number in words["body"]
        assert "30 (tiga puluh) hari" in words["request"]
        assert Notice.objects.open().get(rule="case_warned").recipient == case.partner
        assert pdf_of(case.warning).size > 1000

    def test_not_before_the_day_has_passed(self, demanded: Case, circulation: Any, refusal: Any) -> None:
        assert refusal(warn_partner, case=demanded, actor=circulation).code == "not_late"


class TestWritingOff:
    def test_by_a_decision_with_its_record(self, demanded: Case, circulation: Any) -> None:
        case = write_off_case(
            case=demanded, actor=circulation, number=" SK 12/2027 ", note="Sekolah terendam banjir."
        )
        copy = Copy.objects.get(pk=case.copy_id)
        assert (case.status, case.write_off_number, copy.place) == (
            CaseStatus.WRITTEN_OFF,
            "SK 12/2027",
            "withdrawn",
        )
        words = case.settlement_record.content["words"]
        assert "SK 12/2027" in words["outcome"]
        assert len(words["signatures"]) == 1
        assert CustodyMove.objects.filter(copy=copy).order_by("sequence").last().note == "SK 12/2027"
        assert LoanLine.objects.get(pk=case.line_id).status == LineStatus.SETTLED
        assert list(check_custody()) == []
        assert pdf_of(case.settlement_record).size > 1000

    @pytest.mark.parametrize(("number", "note", "field"), [("", "x", "number"), ("SK", " ", "note")])
    def test_number_and_reason_are_needed(
        self, number: str, note: str, field: str, demanded: Case, circulation: Any, refusal: Any
    ) -> None:
        refused = refusal(write_off_case, case=demanded, actor=circulation, number=number, note=note)
        assert refused.field == field

    def test_a_damaged_book_still_at_the_school_comes_back_first(
        self, line: LoanLine, circulation: Any, refusal: Any
    ) -> None:
        case = report_loss(line=line, actor=circulation, kind="damaged")
        refused = refusal(write_off_case, case=case, actor=circulation, number="SK", note="rusak")
        assert refused.code == "not_home"

    def test_the_decision_about_a_settled_copy_is_noted_later(self, demanded: Case, circulation: Any) -> None:
        settle_case(case=demanded, actor=circulation, settlement="waived", reason="banjir")
        waiting = {"without_number": "true"}
        assert list(CaseFilter(waiting, queryset=Case.objects.all()).qs) == [demanded]
        case = note_write_off(case=demanded, actor=circulation, number="SK 13")
        assert (case.status, case.write_off_number) == (CaseStatus.SETTLED, "SK 13")
        assert not CaseFilter(waiting, queryset=Case.objects.all()).qs.exists()


class TestUndoingAWriteOff:
    @pytest.mark.parametrize(("demand", "status"), [("same_title", "assessed"), ("", "reported")])
    def test_it_is_owed_as_before(self, demand: str, status: str, line: LoanLine, circulation: Any) -> None:
        case = report_loss(line=line, actor=circulation, kind="lost")
        if demand:
            assess_case(case=case, actor=circulation, demand=demand)
        write_off_case(case=case, actor=circulation, number="SK 1", note="banjir", with_record=False)
        reopen_case(lock_case(case), actor=circulation)
        case.refresh_from_db()
        line.refresh_from_db()
        assert (case.status, case.write_off_number, line.status, line.copy.place) == (
            status,
            "",
            LineStatus.LOST,
            "lost",
        )
        assert list(check_custody()) == []

    def test_not_once_its_record_is_issued(self, demanded: Case, circulation: Any, refusal: Any) -> None:
        write_off_case(case=demanded, actor=circulation, number="SK 1", note="banjir")
        locked = lock_case(demanded)
        assert refusal(lambda: reopen_case(locked, actor=circulation)).code == "recorded"


class TestTakingTheReportBack:
    def test_the_book_stands_on_the_schools_list_again(self, line: LoanLine, school: Any) -> None:
        case = report_loss(line=line, actor=school, kind="lost")
        retract_report(case=case, actor=school, note="Terselip di kelas 3.")
        line.refresh_from_db()
        assert (line.status, line.copy.place) == (LineStatus.OUT, "away")
        assert list(check_custody()) == []
        assert report_loss(line=line, actor=school, kind="lost").status == CaseStatus.REPORTED

    def test_not_when_the_delivery_is_closed(
        self, dispatched: Consignment, school: Any, refusal: Any
    ) -> None:
        cases = [
            report_loss(line=line, actor=school, kind="lost")
            for line in dispatched.lines.filter(status=LineStatus.OUT)
        ]
        dispatched.refresh_from_db()
        assert dispatched.status == "closed"
        assert refusal(retract_report, case=cases[0], actor=school, note="Ada.").code == "delivery_closed"


@pytest.mark.parametrize("name", ["school", "other_school", "circulation", "perpusnas"])
def test_who_sees_an_offer(name: str, offered: Case, everybody: Any) -> None:
    assert Plea.objects.visible_to(everybody[name]).exists() is (name in ("school", "circulation"))
