"""A book is not on its shelf (L3): left out, looked for, replaced by another of its kind, and found by any scan."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from kerjasama.domain import clock
from libraries.catalogue.models import Copy, Title
from libraries.models import User
from loans.admin.wording import shortfall_sentences
from loans.choices import LineStatus
from loans.models import Consignment, LoanLine, MissingCopy, PlannedBook, TitleBan
from loans.services.custody import check_custody
from loans.services.missing import (
    find_missing,
    put_substitute,
    report_missing,
    substitutes_for,
    without_substitute,
)
from loans.services.planned import free_copies
from loans.services.programmes import open_programme
from loans.services.proposing import add_line, propose_consignment
from loans.services.returning import ReturnedCopy, open_return_visit, return_copies
from loans.services.scanning import scan
from tests.factories import AgreementFactory, CopyFactory, TitleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(picking: Consignment) -> LoanLine:
    """A book on the list; it and what stands beside it are of one level and one subject."""
    Title.objects.update(reading_level="early", ddc="598.2")
    return LoanLine.objects.filter(consignment=picking).in_shelf_order().first()


def on_list(consignment: Consignment) -> set[str]:
    return set(consignment.lines.open().values_list("copy__barcode", flat=True))


def test_the_book_leaves_the_list_and_what_is_short_is_said(line: LoanLine, circulation: User) -> None:
    missing = report_missing(line=line, actor=circulation, note="rak dipindah")
    line.refresh_from_db()
    assert (line.status, missing.missed_by, missing.note) == (LineStatus.DROPPED, circulation, "rak dipindah")
    consignment = Consignment.objects.get(pk=line.consignment_id)
    assert consignment.shortfall == [{"reason": "not_on_shelf", "missing": 1}]
    with translation.override("en"):
        assert shortfall_sentences(consignment.shortfall) == [
            "1 book was not on its shelf, and none goes in its place yet."
        ]
    assert [row.pk for row in without_substitute(consignment)] == [missing.pk]
    assert consignment.events.filter(action="not_on_shelf").get().note.startswith(line.copy.title.title)
    # By the ledger it is at home: nothing was moved.
    assert list(check_custody()) == []


def test_said_twice_it_is_one_matter(line: LoanLine, circulation: User, officer: User) -> None:
    first = report_missing(line=line, actor=circulation)
    assert report_missing(line=line, actor=officer) == first
    assert MissingCopy.objects.get().missed_by == circulation
    assert Consignment.objects.get().shortfall == [{"reason": "not_on_shelf", "missing": 1}]


def test_what_lies_in_the_box_is_not_missing(line: LoanLine, circulation: User, refusal: Any) -> None:
    scan(desk="pick", consignment=line.consignment, barcode=line.copy.barcode, actor=circulation)
    assert refusal(report_missing, line=line, actor=circulation).code == "in_the_box"
    assert not MissingCopy.objects.exists()


def test_only_the_desk(line: LoanLine, everybody: Any, refusal: Any) -> None:
    for name in ("crew", "head", "coordinator", "school", "other_school", "perpusnas"):
        assert refusal(report_missing, line=line, actor=everybody[name]).code == "role_missing"
    missing = report_missing(line=line, actor=everybody["officer"])
    offered = substitutes_for(missing)[0].copy.barcode
    for name in ("crew", "school", "perpusnas"):
        refused = refusal(put_substitute, missing=missing, barcode=offered, actor=everybody[name])
        assert refused.code == "role_missing"
        assert refusal(find_missing, missing=missing, actor=everybody[name]).code == "role_missing"


class TestSubstitutes:
    def test_another_copy_of_the_title_comes_first(self, line: LoanLine, circulation: User) -> None:
        twin = CopyFactory(
            title=line.copy.title, owner=line.consignment.lender, rests_since=clock.today(), barcode="ZZ-9"
        )
        offered = substitutes_for(report_missing(line=line, actor=circulation))
        assert [row.reason for row in offered] == ["same_title", "same_cell", "same_cell"]
        assert offered[0].copy == twin
        assert len({row.copy.title_id for row in offered}) == 3

    def test_then_its_level_and_subject_then_its_level(self, line: LoanLine, circulation: User) -> None:
        missing = report_missing(line=line, actor=circulation)
        free = list(free_copies(line.consignment).order_by("barcode"))
        Title.objects.filter(pk__in=[row.title_id for row in free[1:3]]).update(ddc="398.2")
        Title.objects.filter(pk__in=[row.title_id for row in free[3:]]).update(reading_level="teen")
        offered = substitutes_for(missing)
        assert [(row.copy.pk, row.reason) for row in offered] == [
            (free[0].pk, "same_cell"),
            (free[1].pk, "same_level"),
            (free[2].pk, "same_level"),
        ]
        with translation.override("en"):
            assert offered[0].why == "same reading level and subject, never at this school"

    def test_what_rested_longest_comes_first(self, line: LoanLine, circulation: User) -> None:
        missing = report_missing(line=line, actor=circulation)
        free = list(free_copies(line.consignment).order_by("barcode"))
        for days, copy in enumerate(free):
            Copy.objects.filter(pk=copy.pk).update(rests_since=date(2026, 1, 1) + timedelta(days=-days))
        assert [row.copy.pk for row in substitutes_for(missing)] == [row.pk for row in free[::-1][:3]]

    @pytest.mark.parametrize("why", ["had", "banned", "promised", "to_come", "missing", "damaged", "away"])
    def test_never_what_may_not_go(self, why: str, line: LoanLine, circulation: User) -> None:
        missing = report_missing(line=line, actor=circulation)
        consignment = line.consignment
        wrong, *others = free_copies(consignment).order_by("barcode")
        # The wrong one would be the best: it is alone in the right subject.
        Title.objects.exclude(pk__in=[wrong.title_id, line.copy.title_id]).update(ddc="398.2")
        assert substitutes_for(missing)[0].copy == wrong
        elsewhere = open_programme(
            agreement=AgreementFactory(office=consignment.lender, in_force=True), actor=circulation
        )
        if why == "had":
            LoanLine.objects.create(
                consignment=consignment,
                copy=CopyFactory(owner=consignment.lender, title=wrong.title),
                status=LineStatus.RETURNED,
            )
        elif why == "banned":
            TitleBan.objects.create(
                lender=consignment.lender, partner=consignment.partner, title=wrong.title, reason="uji"
            )
        elif why == "promised":
            PlannedBook.objects.create(period=elsewhere.periods.first(), title=wrong.title, copy=wrong)
        elif why == "to_come":
            later = consignment.period.programme.periods.order_by("sequence")[1]
            PlannedBook.objects.create(period=later, title=wrong.title, copy=wrong)
        elif why == "missing":
            MissingCopy.objects.create(office=consignment.lender, copy=wrong, missed_at=clock.now())
        else:
            Copy.objects.filter(pk=wrong.pk).update(
                **({"condition": "damaged"} if why == "damaged" else {"place": "withdrawn"})
            )
        offered = substitutes_for(missing)
        assert wrong not in [row.copy for row in offered]
        assert [row.copy for row in offered] == others[:3]

    def test_one_press_puts_it_on_the_list(self, line: LoanLine, circulation: User) -> None:
        missing = report_missing(line=line, actor=circulation)
        chosen = substitutes_for(missing)[1].copy
        put = put_substitute(missing=missing, barcode=chosen.barcode, actor=circulation)
        missing.refresh_from_db()
        consignment = Consignment.objects.get()
        assert (put.copy, put.status, missing.substitute) == (chosen, LineStatus.PROPOSED, put)
        assert consignment.shortfall == []
        assert chosen.barcode in on_list(consignment) and consignment.lines.open().count() == 5
        assert substitutes_for(missing) == []
        assert (
            scan(desk="pick", consignment=consignment, barcode=chosen.barcode, actor=circulation).reason
            == "picked"
        )

    def test_not_twice_and_not_just_anything(self, line: LoanLine, circulation: User, refusal: Any) -> None:
        missing = report_missing(line=line, actor=circulation)
        offered = [row.copy.barcode for row in substitutes_for(missing)]
        other_level = CopyFactory(
            owner=line.consignment.lender, title=TitleFactory(reading_level="teen")
        ).barcode
        for barcode in (other_level, line.copy.barcode, "TIDAK-ADA", ""):
            refused = refusal(put_substitute, missing=missing, barcode=barcode, actor=circulation)
            assert refused.code == "not_free_any_more"
        put_substitute(missing=missing, barcode=offered[0], actor=circulation)
        refused = refusal(put_substitute, missing=missing, barcode=offered[1], actor=circulation)
        assert refused.code == "has_substitute"


class TestTurningUp:
    def test_a_scan_while_packing(self, line: LoanLine, circulation: User) -> None:
        report_missing(line=line, actor=circulation)
        with translation.override("en"):
            answer = scan(
                desk="pick", consignment=line.consignment, barcode=line.copy.barcode, actor=circulation
            )
        assert (answer.reason, answer.may_add) == ("not_on_list", True)
        assert answer.sentence.endswith("It was looked for; now it has turned up.")
        found = MissingCopy.objects.get()
        assert (found.found_by, found.found_at is not None) == (circulation, True)
        add_line(consignment=line.consignment, barcode=line.copy.barcode, actor=circulation)
        assert Consignment.objects.get().shortfall == []
        again = scan(desk="pick", consignment=line.consignment, barcode=line.copy.barcode, actor=circulation)
        assert (again.reason, "turned up" in again.sentence) == ("picked", False)

    @pytest.mark.parametrize("many", [True, False])
    def test_a_scan_at_the_return_desk(self, many: bool, line: LoanLine, circulation: User) -> None:
        missing = report_missing(line=line, actor=circulation)
        consignment = line.consignment
        visit = open_return_visit(lender=consignment.lender, partner=consignment.partner, actor=circulation)
        if many:
            return_copies(visit=visit, copies=[ReturnedCopy(line.copy.barcode)], actor=circulation)
        else:
            answer = scan(desk="return", return_visit=visit, barcode=line.copy.barcode, actor=circulation)
            assert (answer.reason, answer.facts["turned_up"]) == ("not_out", True)
        missing.refresh_from_db()
        assert missing.found_at is not None

    def test_another_librarys_scan_of_the_same_barcode_finds_nothing(
        self, line: LoanLine, circulation: User, perpusnas: User
    ) -> None:
        missing = report_missing(line=line, actor=circulation)
        office = perpusnas.memberships.get().institution
        CopyFactory(owner=office, barcode=line.copy.barcode)
        visit = open_return_visit(lender=office, partner=line.consignment.partner, actor=perpusnas)
        scan(desk="return", return_visit=visit, barcode=line.copy.barcode, actor=perpusnas)
        missing.refresh_from_db()
        assert missing.found_at is None

    def test_said_by_hand_and_once(self, line: LoanLine, circulation: User, officer: User) -> None:
        missing = report_missing(line=line, actor=circulation)
        found = find_missing(missing=missing, actor=officer)
        assert find_missing(missing=missing, actor=circulation).found_by == officer == found.found_by
        # It can go missing again, at another time.
        propose_consignment(period=line.consignment.period, actor=circulation)
        add_line_or_none = LoanLine.objects.filter(consignment=line.consignment, copy=line.copy).first()
        LoanLine.objects.filter(pk=add_line_or_none.pk).update(status=LineStatus.PROPOSED)
        assert report_missing(line=add_line_or_none, actor=circulation).pk != missing.pk


def test_nobody_is_offered_a_book_that_is_looked_for(line: LoanLine, circulation: User, refusal: Any) -> None:
    report_missing(line=line, actor=circulation)
    refused = refusal(add_line, consignment=line.consignment, barcode=line.copy.barcode, actor=circulation)
    assert refused.code == "not_on_its_shelf"
    programme = open_programme(
        agreement=AgreementFactory(office=line.consignment.lender, in_force=True, lending={"quantity": 50}),
        actor=circulation,
    )
    taken = propose_consignment(period=programme.periods.first(), actor=circulation)
    assert taken.lines.count() == 7
    assert line.copy.barcode not in on_list(taken)


def test_proposing_again_fills_the_gap_with_what_is_there(line: LoanLine, circulation: User) -> None:
    report_missing(line=line, actor=circulation)
    again = propose_consignment(period=line.consignment.period, actor=circulation)
    assert (again.lines.open().count(), again.shortfall) == (5, [])
    assert line.copy.barcode not in on_list(again)


def test_a_banned_title_is_not_proposed(picking: Consignment, circulation: User) -> None:
    """The simple proposal keeps the bans that the planner keeps."""
    for row in free_copies(picking):
        TitleBan.objects.create(lender=picking.lender, partner=picking.partner, title=row.title, reason="uji")
    report_missing(line=picking.lines.first(), actor=circulation)
    again = propose_consignment(period=picking.period, actor=circulation)
    assert again.lines.open().count() == 4
    assert again.shortfall == [{"reason": "no_new_titles", "missing": 1}]
