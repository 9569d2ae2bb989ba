"""What comes back that is another school's, or another library's (L6): taken back, told, noted, sent home."""

from typing import Any

import pytest
from django.utils import translation

from kerjasama.domain import clock
from libraries.models import Institution, Notice, User
from loans.models import Case, Consignment, LoanLine, ReturnVisit, Scan, StrayBook
from loans.services.claiming import report_loss
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
from loans.services.scanning import scan, undo_scan
from loans.services.straying import forget_stray, keep_stray, send_home
from tests.conftest import scan_all
from tests.factories import AgreementFactory, CopyFactory, InstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(dispatched: Consignment, other_school_library: Institution, circulation: User) -> Consignment:
    """Five books that SDN 02 has."""
    agreement = AgreementFactory(office=dispatched.lender, partner=other_school_library, in_force=True)
    programme = open_programme(agreement=agreement, actor=circulation)
    consignment = propose_consignment(period=programme.periods.first(), actor=circulation)
    scan_all(consignment, circulation)
    return dispatch_consignment(consignment=consignment, actor=circulation)


@pytest.fixture
def visit(dispatched: Consignment, theirs: Consignment, circulation: User) -> ReturnVisit:
    """SDN 01 brings books."""
    return open_return_visit(lender=dispatched.lender, partner=dispatched.partner, actor=circulation)


def codes(consignment: Consignment) -> list[str]:
    lines = LoanLine.objects.filter(consignment=consignment).in_shelf_order()
    return [line.copy.barcode for line in lines]


def back(visit: ReturnVisit, barcode: str, actor: User, **more: Any) -> Any:
    return scan(desk="return", return_visit=visit, barcode=barcode, actor=actor, **more)


class TestOfAnotherSchool:
    def test_refused_first_then_taken_back_with_one_key(
        self, visit: ReturnVisit, theirs: Consignment, circulation: User
    ) -> None:
        barcode = codes(theirs)[0]
        refused = back(visit, barcode, circulation)
        assert (refused.reason, refused.may_take_back) == ("with_other_partner", True)
        answer = back(visit, barcode, circulation, for_others=True, condition="worn")
        assert (answer.outcome, answer.reason) == ("warning", "returned_for_other")
        assert str(theirs.partner) in answer.sentence
        line = LoanLine.objects.select_related("copy").get(consignment=theirs, copy__barcode=barcode)
        assert (line.status, line.returned_to, line.condition_back) == ("returned", visit, "worn")
        assert (line.copy.place, line.copy.holder) == ("shelf", visit.lender)
        # The count of the desk is of this school's own books.
        assert (answer.count, answer.total) == (0, 5)
        assert list(check_custody()) == []

    def test_taken_back_again_it_is_with_its_own_school(
        self, visit: ReturnVisit, theirs: Consignment, circulation: User
    ) -> None:
        answer = back(visit, codes(theirs)[0], circulation, for_others=True)
        undo_scan(scan=Scan.objects.get(pk=answer.scan_id), actor=circulation)
        line = LoanLine.objects.select_related("copy").get(pk=answer.line_id)
        assert (line.status, line.copy.place, line.copy.holder) == ("out", "away", theirs.partner)
        assert list(check_custody()) == []

    def test_one_that_was_reported_lost_is_found(
        self, visit: ReturnVisit, theirs: Consignment, circulation: User
    ) -> None:
        line = LoanLine.objects.filter(consignment=theirs).in_shelf_order().first()
        case = report_loss(line=line, actor=circulation, kind="lost")
        answer = back(visit, line.copy.barcode, circulation, for_others=True)
        assert (answer.reason, case.code in answer.sentence) == ("found_again", True)
        assert Case.objects.get().status == "found"
        assert list(check_custody()) == []

    def test_the_finish_tells_both_and_the_delivery_shrinks(
        self, visit: ReturnVisit, dispatched: Consignment, theirs: Consignment, circulation: User
    ) -> None:
        own, foreign = codes(dispatched), codes(theirs)
        report = return_copies(
            visit=visit,
            copies=[ReturnedCopy(code) for code in (*own, *foreign[:2])],
            actor=circulation,
            for_others=True,
        )
        assert report.returned == 7
        done = finish_return_visit(visit=visit, actor=circulation)
        paper = done.document.content["paper"]
        assert len(paper["returned"]) == 5
        assert [item["barcode"] for item in paper["of_others"]] == foreign[:2]
        assert {item["note"] for item in paper["of_others"]} == {str(theirs.partner)}
        assert done.document.item_count == 7
        statuses = dict(Consignment.objects.values_list("pk", "status"))
        assert (statuses[dispatched.pk], statuses[theirs.pk]) == ("closed", "dispatched")
        assert theirs.lines.filter(status="out").count() == 3
        note = theirs.events.get(action="came_with_other").note
        assert str(dispatched.partner) in note and "2" in note
        assert str(theirs.partner) in done.events.get(action="for_other").note
        told = Notice.objects.get(rule="returned_elsewhere")
        assert (told.recipient, told.context["count"], told.context["left"]) == (theirs.partner, 2, 3)
        # To the school that came, only its own are counted.
        assert Notice.objects.get(rule="returned").context["count"] == 5

    def test_the_last_book_closes_the_other_schools_delivery(
        self, visit: ReturnVisit, theirs: Consignment, circulation: User
    ) -> None:
        copies = [ReturnedCopy(code) for code in codes(theirs)]
        return_copies(visit=visit, copies=copies, actor=circulation, for_others=True)
        theirs.refresh_from_db()
        assert theirs.status == "dispatched"  # the visit's scans can still be taken back
        done = finish_return_visit(visit=visit, actor=circulation)
        theirs.refresh_from_db()
        assert (theirs.status, theirs.period.status) == ("closed", "closed")
        # Nothing of its own came: the record rests on its own agreement all the same.
        assert done.document.content["paper"]["returned"] == []
        agreement = Consignment.objects.get(partner=visit.partner).period.programme.agreement
        assert done.document.content["paper"]["basis"]["number"] == agreement.number

    def test_without_the_key_it_stays_where_it_is(
        self, visit: ReturnVisit, theirs: Consignment, circulation: User
    ) -> None:
        report = return_copies(visit=visit, copies=[ReturnedCopy(codes(theirs)[0])], actor=circulation)
        assert (report.returned, report.answers[0].reason) == (0, "with_other_partner")
        assert report.answers[0].may_take_back
        assert theirs.lines.filter(status="out").count() == 5


class TestOfAnotherLibrary:
    @pytest.fixture
    def foreign(self, perpusnas: User) -> Any:
        return CopyFactory(owner=perpusnas.memberships.get().institution, barcode="PN-0001")

    @pytest.mark.parametrize("many", [True, False])
    def test_it_is_recognised_noted_once_and_its_owner_told(
        self, many: bool, visit: ReturnVisit, foreign: Any, circulation: User
    ) -> None:
        for _time in range(2):
            if many:
                report = return_copies(visit=visit, copies=[ReturnedCopy("PN-0001")], actor=circulation)
                answer = report.answers[0]
            else:
                answer = back(visit, "PN-0001", circulation)
            assert (answer.outcome, answer.reason) == ("warning", "of_other_library")
            assert str(foreign.owner) in answer.sentence and foreign.title.title in answer.sentence
        stray = StrayBook.objects.get()
        assert (stray.office, stray.owner, stray.brought_by) == (visit.lender, foreign.owner, visit.partner)
        assert (stray.copy, stray.return_visit, stray.noted_by) == (foreign, visit, circulation)
        told = Notice.objects.get(rule="stray_found")
        assert (told.recipient, told.settled_at) == (foreign.owner, None)
        foreign.refresh_from_db()
        assert (foreign.place, foreign.holder) == ("shelf", foreign.owner)  # nothing of theirs was moved

    def test_a_barcode_that_two_libraries_use_is_nobodys(
        self, visit: ReturnVisit, foreign: Any, circulation: User
    ) -> None:
        CopyFactory(owner=InstitutionFactory(office=True), barcode="PN-0001")
        assert back(visit, "PN-0001", circulation).reason == "unknown_barcode"
        assert not StrayBook.objects.exists()

    def test_sent_home_it_leaves_the_list_and_may_come_again(
        self, visit: ReturnVisit, foreign: Any, circulation: User, refusal: Any
    ) -> None:
        back(visit, "PN-0001", circulation)
        stray = StrayBook.objects.get()
        tomorrow = clock.today() + clock.days(1)
        assert refusal(send_home, stray=stray, actor=circulation, on=tomorrow).code == "date_to_come"
        sent = send_home(stray=stray, actor=circulation, how="Pos 0012")
        assert (sent.sent_on, sent.sent_by, sent.sent_how) == (clock.today(), circulation, "Pos 0012")
        assert Notice.objects.get(rule="stray_found").settled_at is not None
        assert refusal(send_home, stray=stray, actor=circulation).code == "sent_already"
        assert refusal(forget_stray, stray=stray, actor=circulation).code == "sent_already"
        back(visit, "PN-0001", circulation)
        assert StrayBook.objects.open().count() == 1

    def test_noted_by_hand(self, library: Institution, foreign: Any, circulation: User, refusal: Any) -> None:
        by_hand = {"office": library, "actor": circulation}
        assert refusal(keep_stray, **by_hand).code == "nothing_said"
        assert refusal(keep_stray, title="X", owner=library, **by_hand).code == "own_book"
        own = CopyFactory(owner=library)
        assert refusal(keep_stray, barcode=own.barcode, **by_hand).code == "own_book"
        known = keep_stray(barcode="PN-0001", **by_hand)
        assert (known.owner, known.title) == (foreign.owner, foreign.title.title)
        assert refusal(keep_stray, barcode="PN-0001", **by_hand).code == "noted_already"
        for _time in range(2):  # two books without a label
            unknown = keep_stray(title="Buku tua", owner_name="TBM Sari", **by_hand)
            assert (unknown.whose, unknown.owner) == ("TBM Sari", None)
        forget_stray(stray=unknown, actor=circulation)
        assert StrayBook.objects.count() == 2

    def test_who_sees_it_and_who_may(
        self, visit: ReturnVisit, foreign: Any, everybody: Any, refusal: Any
    ) -> None:
        back(visit, "PN-0001", everybody["circulation"])
        stray = StrayBook.objects.get()
        sees = {
            name for name, user in everybody.items() if user and StrayBook.objects.visible_to(user).exists()
        }
        assert sees == set(everybody) - {"school", "other_school", "clock"}
        for name in ("crew", "head", "school", "perpusnas"):
            actor = everybody[name]
            assert refusal(send_home, stray=stray, actor=actor).code == "role_missing"
            assert refusal(keep_stray, office=visit.lender, title="X", actor=actor).code == "role_missing"


def test_the_sentences_are_plain(visit: ReturnVisit, theirs: Consignment, circulation: User) -> None:
    with translation.override("en"):
        answer = back(visit, codes(theirs)[0], circulation)
        assert answer.sentence.endswith("not to this one. Take it back for them, or put it aside.")
