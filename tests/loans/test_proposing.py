"""What goes into the box: proposed, added, left out, given up (L2, L3)."""

from typing import Any

import pytest

from agreements.models import LendingTerm
from kerjasama.domain.errors import LimitReached
from libraries.catalogue.choices import Condition, CopyPlace, ReadingLevel
from libraries.catalogue.models import Copy, Title
from libraries.models import Institution, User
from loans.choices import LineStatus
from loans.models import Consignment, CustodyMove, LoanLine, Programme
from loans.services import proposing
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.proposing import add_line, cancel_consignment, drop_line, propose_consignment
from loans.services.returning import ReturnedCopy, finish_return_visit, open_return_visit, return_copies
from loans.services.scanning import scan
from tests.conftest import scan_all
from tests.factories import AgreementFactory, CopyFactory, shelve

pytestmark = pytest.mark.django_db


def titles(consignment: Consignment) -> set[Any]:
    return set(consignment.lines.exclude(status=LineStatus.DROPPED).values_list("copy__title_id", flat=True))


def run_through(programme: Programme, sequence: int, actor: Any) -> Consignment:
    """One whole period: proposed, scanned, handed over, all of it back."""
    consignment = propose_consignment(period=programme.periods.get(sequence=sequence), actor=actor)
    barcodes = scan_all(consignment, actor)
    dispatch_consignment(consignment=consignment, actor=actor)
    visit = open_return_visit(lender=programme.lender, partner=programme.partner, actor=actor)
    return_copies(visit=visit, copies=[ReturnedCopy(code) for code in barcodes], actor=actor)
    finish_return_visit(visit=visit, actor=actor)
    return consignment


class TestProposing:
    def test_fills_the_agreed_number_with_distinct_titles(self, picking: Consignment) -> None:
        assert (picking.lines.count(), picking.shortfall) == (5, [])
        assert len(titles(picking)) == 5
        assert picking.code == "KRM-0001"
        assert picking.events.get().action == "propose"

    def test_never_a_title_the_school_had_over_successive_periods(
        self, programme: Programme, circulation: Any
    ) -> None:
        shelve(programme.lender, 13)
        had: set[Any] = set()
        for sequence in (1, 2, 3):
            consignment = run_through(programme, sequence, circulation)
            assert not had & titles(consignment)
            had |= titles(consignment)
        assert consignment.shortfall == [{"reason": "no_new_titles", "missing": 2}]
        assert list(check_custody()) == []

    def test_another_copy_of_a_title_they_had_is_no_new_book(
        self, programme: Programme, circulation: Any
    ) -> None:
        shelve(programme.lender, 5)
        run_through(programme, 1, circulation)
        for title in Title.objects.all():
            CopyFactory(title=title, owner=programme.lender)
        second = propose_consignment(period=programme.periods.get(sequence=2), actor=circulation)
        assert second.lines.count() == 0
        assert second.shortfall == [{"reason": "no_new_titles", "missing": 5}]

    def test_another_lenders_deliveries_do_not_count(self, programme: Programme, circulation: Any) -> None:
        shelve(programme.lender, 5)
        first = run_through(programme, 1, circulation)
        other = AgreementFactory(office=programme.lender, in_force=True)
        from loans.services.programmes import open_programme

        elsewhere = open_programme(agreement=other, actor=circulation)
        second = propose_consignment(period=elsewhere.periods.first(), actor=circulation)
        assert titles(second) == titles(first)

    def test_two_deliveries_never_share_a_copy(self, programme: Programme, circulation: Any) -> None:
        from loans.services.programmes import open_programme

        shelve(programme.lender, 8)
        other = open_programme(
            agreement=AgreementFactory(office=programme.lender, in_force=True), actor=circulation
        )
        first = propose_consignment(period=programme.periods.first(), actor=circulation)
        second = propose_consignment(period=other.periods.first(), actor=circulation)
        copies = [set(row.lines.values_list("copy_id", flat=True)) for row in (first, second)]
        assert not copies[0] & copies[1]
        assert (second.lines.count(), second.shortfall) == (3, [{"reason": "shelf_empty", "missing": 2}])

    def test_what_stays_at_home_is_not_proposed(self, programme: Programme, circulation: Any) -> None:
        here, damaged, reference, away, foreign, fits = shelve(programme.lender, 6)
        Copy.objects.filter(pk=here.pk).update(place=CopyPlace.WITHDRAWN)
        Copy.objects.filter(pk=damaged.pk).update(condition=Condition.DAMAGED)
        Copy.objects.filter(pk=reference.pk).update(may_travel=False)
        Copy.objects.filter(pk=away.pk).update(place=CopyPlace.PACKED)
        Copy.objects.filter(pk=foreign.pk).update(owner=programme.partner, holder=programme.partner)
        consignment = propose_consignment(period=programme.periods.first(), actor=circulation)
        assert [line.copy_id for line in consignment.lines.all()] == [fits.pk]

    def test_only_the_reading_levels_of_the_programme(self, programme: Programme, circulation: Any) -> None:
        shelve(programme.lender, 4)
        Title.objects.filter(pk__in=Title.objects.order_by("pk")[:2]).update(reading_level=ReadingLevel.TEEN)
        Programme.objects.filter(pk=programme.pk).update(reading_levels=[ReadingLevel.TEEN])
        consignment = propose_consignment(period=programme.periods.first(), actor=circulation)
        assert consignment.lines.count() == 2

    def test_proposing_again_tops_up_and_leaves_out_what_was_left_out(
        self, picking: Consignment, circulation: Any
    ) -> None:
        dropped = drop_line(line=picking.lines.first(), actor=circulation)
        again = propose_consignment(period=picking.period, actor=circulation)
        assert again.pk == picking.pk
        assert again.lines.open().count() == 5
        assert dropped.copy_id not in set(again.lines.open().values_list("copy_id", flat=True))

    def test_a_full_list_stays_as_it_is(self, picking: Consignment, circulation: Any) -> None:
        before = set(picking.lines.values_list("pk", flat=True))
        propose_consignment(period=picking.period, actor=circulation)
        assert set(picking.lines.values_list("pk", flat=True)) == before

    def test_what_other_desks_took_in_every_round_is_told(
        self, programme: Programme, circulation: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planner keeps choosing copies that somebody else has taken since: silence would be a lie (L2)."""
        from loans.services.programmes import open_programme

        taken = [row.pk for row in shelve(programme.lender, 5)]
        other = open_programme(
            agreement=AgreementFactory(office=programme.lender, in_force=True), actor=circulation
        )
        propose_consignment(period=other.periods.first(), actor=circulation)
        monkeypatch.setattr(proposing, "choose", lambda *_args: proposing.Proposal(taken, []))
        consignment = propose_consignment(period=programme.periods.first(), actor=circulation)
        assert consignment.shortfall == [{"reason": "taken_meanwhile", "missing": 5}]


class TestAdding:
    @pytest.fixture
    def short(self, picking: Consignment, circulation: Any) -> Consignment:
        """A list with room for one more."""
        drop_line(line=picking.lines.first(), actor=circulation)
        return picking

    @pytest.fixture
    def spare(self, short: Consignment) -> Copy:
        return Copy.objects.filter(loan_lines__isnull=True).first()

    def test_a_free_copy_goes_on_the_list(self, short: Consignment, spare: Copy, circulation: Any) -> None:
        line = add_line(consignment=short, barcode=f" {spare.barcode} ", actor=circulation)
        assert (line.copy, line.status) == (spare, LineStatus.PROPOSED)

    def test_a_copy_that_was_left_out_may_come_back(self, short: Consignment, circulation: Any) -> None:
        out = short.lines.get(status=LineStatus.DROPPED)
        line = add_line(consignment=short, barcode=out.copy.barcode, actor=circulation)
        assert (line.pk, line.status) == (out.pk, LineStatus.PROPOSED)

    def test_not_beyond_the_agreed_number(self, picking: Consignment, circulation: Any, refusal: Any) -> None:
        spare = Copy.objects.filter(loan_lines__isnull=True).first()
        refused = refusal(add_line, consignment=picking, barcode=spare.barcode, actor=circulation)
        assert refused.code == "list_full"

    def test_not_what_no_copy_has(self, short: Consignment, circulation: Any, refusal: Any) -> None:
        refused = refusal(add_line, consignment=short, barcode="TIDAK-ADA", actor=circulation)
        assert (refused.code, refused.field) == ("unknown_barcode", "barcode")

    def test_not_another_librarys(self, short: Consignment, circulation: Any, refusal: Any) -> None:
        refused = refusal(add_line, consignment=short, barcode=CopyFactory().barcode, actor=circulation)
        assert refused.code == "unknown_barcode"

    @pytest.mark.parametrize(
        "change",
        [{"place": CopyPlace.WITHDRAWN}, {"may_travel": False}, {"condition": Condition.DAMAGED}],
    )
    def test_not_what_stays_here(
        self, change: Any, short: Consignment, spare: Copy, circulation: Any, refusal: Any
    ) -> None:
        Copy.objects.filter(pk=spare.pk).update(**change)
        refused = refusal(add_line, consignment=short, barcode=spare.barcode, actor=circulation)
        assert refused.code == "copy_not_free"

    def test_not_a_title_they_had(self, short: Consignment, circulation: Any, refusal: Any) -> None:
        twin = CopyFactory(title=short.lines.open().first().copy.title, owner=short.lender)
        refused = refusal(add_line, consignment=short, barcode=twin.barcode, actor=circulation)
        assert refused.code == "title_had"

    def test_not_what_is_on_another_list(self, short: Consignment, circulation: Any, refusal: Any) -> None:
        from loans.services.programmes import open_programme

        other = open_programme(
            agreement=AgreementFactory(office=short.lender, in_force=True), actor=circulation
        )
        theirs = propose_consignment(period=other.periods.first(), actor=circulation).lines.first()
        refused = refusal(add_line, consignment=short, barcode=theirs.copy.barcode, actor=circulation)
        assert refused.code == "on_other_list"

    def test_only_by_the_desk(self, short: Consignment, spare: Copy, everybody: Any, refusal: Any) -> None:
        for name in ("crew", "head", "coordinator", "school", "other_school", "perpusnas"):
            refused = refusal(add_line, consignment=short, barcode=spare.barcode, actor=everybody[name])
            assert refused.code == "role_missing"
            refused = refusal(drop_line, line=short.lines.open().first(), actor=everybody[name])
            assert refused.code == "role_missing"

    def test_nothing_is_added_to_or_left_out_of_what_has_left(
        self, dispatched: Consignment, circulation: Any, refusal: Any
    ) -> None:
        spare = Copy.objects.filter(loan_lines__isnull=True).first()
        for refused in (
            refusal(add_line, consignment=dispatched, barcode=spare.barcode, actor=circulation),
            refusal(drop_line, line=dispatched.lines.first(), actor=circulation),
        ):
            assert refused.code == "wrong_state"


class TestLeavingOut:
    def test_a_scanned_copy_goes_back_to_the_shelf(self, picking: Consignment, circulation: Any) -> None:
        line = LoanLine.objects.filter(consignment=picking).in_shelf_order().first()
        scan(desk="pick", consignment=picking, barcode=line.copy.barcode, actor=circulation)
        drop_line(line=line, actor=circulation)
        line.refresh_from_db()
        line.copy.refresh_from_db()
        assert (line.status, line.picked_at, line.copy.place) == (LineStatus.DROPPED, None, CopyPlace.SHELF)
        assert [move.kind for move in CustodyMove.objects.filter(copy=line.copy)] == ["pick", "unpick"]
        assert list(check_custody()) == []

    def test_giving_up_a_delivery_frees_every_copy(self, picking: Consignment, circulation: Any) -> None:
        lines = list(LoanLine.objects.filter(consignment=picking).in_shelf_order())
        scan(desk="pick", consignment=picking, barcode=lines[0].copy.barcode, actor=circulation)
        cancel_consignment(consignment=picking, actor=circulation, note="sekolah kebanjiran")
        assert not LoanLine.objects.open().exists()
        assert not Copy.objects.exclude(place=CopyPlace.SHELF).exists()
        again = propose_consignment(period=picking.period, actor=circulation)
        assert again.pk != picking.pk
        assert titles(again) == {line.copy.title_id for line in lines}
        assert list(check_custody()) == []

    def test_giving_up_needs_its_reason(self, picking: Consignment, circulation: Any, refusal: Any) -> None:
        refused = refusal(cancel_consignment, consignment=picking, actor=circulation, note=" ")
        assert refused.code == "reason_missing"


def test_no_more_is_proposed_than_an_addendum_leaves(
    programme: Programme, library: Institution, circulation: User
) -> None:
    """The agreement's number counts, whatever it was when the programme was opened."""
    shelve(library, 12)
    LendingTerm.objects.update(quantity=3)
    consignment = propose_consignment(period=programme.periods.order_by("sequence")[0], actor=circulation)
    assert (consignment.quantity, consignment.lines.open().count()) == (3, 3)
    programme.refresh_from_db()
    assert programme.quantity == 3


def test_a_book_beyond_the_agreed_number_is_refused_by_its_clause(
    picking: Consignment, library: Institution, circulation: User
) -> None:
    (further,) = shelve(library, 1)
    with pytest.raises(LimitReached) as refused:
        add_line(consignment=picking, barcode=further.barcode, actor=circulation)
    assert refused.value.code == "list_full"
    assert refused.value.facts["clause"] in str(refused.value.message)
    assert str(picking.period.programme.agreement) in str(refused.value.message)
