"""The rest of a plan reckoned again, an adoption taken back, and wishes that follow both (L2, L10)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.catalogue.models import Copy
from libraries.models import Institution, Notice, User
from loans.choices import PlanStatus, WishStatus
from loans.home import plan_holes
from loans.models import LoanLine, PlannedBook, Programme, RotationPlan, Wish
from loans.services.adopting import adopt_plan
from loans.services.continuing import holes_of, holes_words, replan_rest
from loans.services.dispatching import dispatch_consignment
from loans.services.fixing import fix_book, lock_book, remove_book
from loans.services.pausing import end_programme
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.rotating import ask_plan, run_waiting_plans
from loans.services.undoing import undo_adoption
from tests.conftest import scan_all
from tests.factories import AgreementFactory, WishFactory, shelve

pytestmark = pytest.mark.django_db

Refusal = Callable[..., DomainError]


@pytest.fixture
def schools(library: Institution, circulation: User) -> list[Programme]:
    shelve(library, 70)
    return [
        open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)
        for _school in range(6)
    ]


def reckoned(plan: RotationPlan) -> RotationPlan:
    run_waiting_plans()
    plan.refresh_from_db()
    assert plan.status == PlanStatus.READY, plan.faults
    return plan


def asked(library: Institution, actor: User, **more: Any) -> RotationPlan:
    return reckoned(
        ask_plan(office=library, actor=actor, starts_on=clock.today() - timedelta(days=30), **more)
    )


@pytest.fixture
def adopted(schools: list[Programme], library: Institution, circulation: User) -> RotationPlan:
    plan = asked(library, circulation)
    adopt_plan(plan=plan, actor=circulation)
    plan.refresh_from_db()
    return plan


def pairs() -> set[tuple[Any, Any]]:
    return set(PlannedBook.objects.values_list("period_id", "title_id"))


def sent(programme: Programme, actor: User) -> Any:
    delivery = propose_consignment(period=programme.periods.get(sequence=1), actor=actor)
    scan_all(delivery, actor)
    return dispatch_consignment(consignment=delivery, actor=actor)


class TestTheRest:
    def test_what_has_begun_stays_and_of_the_rest_nearly_all(
        self, adopted: RotationPlan, schools: list[Programme], circulation: User
    ) -> None:
        """Half of the schools have their first delivery, one is being packed, two copies are lost."""
        out = [sent(programme, circulation) for programme in schools[:2]]
        packed = propose_consignment(period=schools[2].periods.get(sequence=1), actor=circulation)
        lines = set(packed.lines.values_list("copy_id", "status"))
        begun = {it.period_id for it in [*out, packed]}
        lost = list(
            PlannedBook.objects.filter(period__sequence=3, copy__place="shelf").values_list(
                "copy", flat=True
            )[:2]
        )
        Copy.objects.filter(pk__in=lost).update(place="withdrawn")
        before = {pair for pair in pairs() if pair[0] not in begun}
        still = {
            pair
            for pair in PlannedBook.objects.exclude(copy__in=lost).values_list("period_id", "title_id")
            if pair[0] not in begun
        }
        rest = reckoned(replan_rest(plan=adopted, actor=circulation))
        assert rest.continues == adopted
        assert not begun & {key for row in rest.schools for key in map(_uuid, row["periods"].values())}
        held = {pair for pair in pairs() if pair[0] in begun}
        answer = adopt_plan(plan=rest, actor=circulation)
        assert (answer.begun, answer.gone, answer.promised, answer.barred) == (0, 0, 0, 0)
        after = pairs()
        assert {pair for pair in after if pair[0] in begun} == held
        assert len(still & after) >= 0.985 * len(still)
        assert len(before - after) <= len(before - still) + 0.015 * len(still)
        assert not PlannedBook.objects.filter(copy__in=lost).exclude(period__in=begun).exists()
        assert set(packed.lines.values_list("copy_id", "status")) == lines
        for number in range(1, 5):
            copies = list(
                PlannedBook.objects.filter(period__sequence=number)
                .exclude(period__in=begun)
                .values_list("copy", flat=True)
            )
            assert len(copies) == len(set(copies))

    def test_a_fixed_book_whose_copy_is_lost_takes_another_copy_or_goes(
        self, adopted: RotationPlan, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        from tests.factories import CopyFactory

        one, two = PlannedBook.objects.filter(period=schools[0].periods.get(sequence=2))[:2]
        for row in (one, two):
            lock_book(book=row, actor=circulation)
        Copy.objects.filter(pk__in=[one.copy_id, two.copy_id]).update(place="lost", rests_since=None)
        spare = CopyFactory(owner=library, title=one.title)
        rest = reckoned(replan_rest(plan=adopted, actor=circulation))
        adopt_plan(plan=rest, actor=circulation)
        kept = PlannedBook.objects.get(period=one.period, title=one.title)
        assert (kept.copy, kept.is_locked) == (spare, True)
        assert not PlannedBook.objects.filter(title=two.title).exists()

    def test_a_school_that_joins_and_one_that_ends_are_holes_and_filled(
        self, adopted: RotationPlan, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        assert not holes_of(adopted).any
        end_programme(programme=schools[5], actor=circulation, note="Sekolah ditutup.")
        newcomer = open_programme(
            agreement=AgreementFactory(office=library, in_force=True), actor=circulation
        )
        lost = PlannedBook.objects.filter(period__sequence=1, period__programme=schools[0])[0]
        Copy.objects.filter(pk=lost.copy_id).update(place="withdrawn")
        holes = holes_of(adopted)
        gone = PlannedBook.objects.filter(copy=lost.copy_id, period__status="planned").count()
        assert (holes.books, holes.ended, holes.joined) == (gone, 1, 1)
        assert str(gone) in holes_words(holes)
        assert [card.count for card in plan_holes(circulation)] == [gone + 2], "today's work says it too"
        kept = pairs()
        rest = reckoned(replan_rest(plan=adopted, actor=circulation))
        adopt_plan(plan=rest, actor=circulation)
        rest.refresh_from_db()
        assert not holes_of(rest).any and not holes_of(adopted).any
        assert PlannedBook.objects.filter(period__programme=newcomer).count() == 20
        assert len(kept & pairs()) >= 0.9 * len(kept) - 20

    def test_when_nothing_is_left_it_is_said_and_only_an_adopted_plan_has_a_rest(
        self,
        adopted: RotationPlan,
        schools: list[Programme],
        circulation: User,
        school: User,
        refusal: Refusal,
    ) -> None:
        assert refusal(replan_rest, plan=adopted, actor=school).code == "role_missing"
        replan_rest(plan=adopted, actor=circulation)
        assert refusal(replan_rest, plan=adopted, actor=circulation).code == "plan_under_way"
        RotationPlan.objects.exclude(pk=adopted.pk).delete()
        for programme in schools:
            programme.periods.update(status="cancelled")
        assert refusal(replan_rest, plan=adopted, actor=circulation).code == "nothing_left"


def _uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)


class TestUndoing:
    def test_what_was_promised_before_stands_again(
        self, adopted: RotationPlan, library: Institution, circulation: User
    ) -> None:
        before = set(PlannedBook.objects.values_list("period", "title", "copy", "source", "plan"))
        other = asked(library, circulation, seed=9, weights={"stay": 0})
        adopt_plan(plan=other, actor=circulation)
        assert set(PlannedBook.objects.values_list("period", "title", "copy", "source", "plan")) != before
        undone = undo_adoption(plan=other, actor=circulation)
        assert undone.status == PlanStatus.READY
        assert set(PlannedBook.objects.values_list("period", "title", "copy", "source", "plan")) == before
        # The first one may be taken back as well, to nothing; and adopted again.
        assert undo_adoption(plan=adopted, actor=circulation).status == PlanStatus.READY
        assert not PlannedBook.objects.exists()
        assert adopt_plan(plan=adopted, actor=circulation).books == 120

    def test_two_adoptions_of_one_plan_are_taken_back_together(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        plan = asked(library, circulation)
        adopt_plan(plan=plan, actor=circulation, programmes=[schools[0].pk])
        adopt_plan(plan=plan, actor=circulation, programmes=[row.pk for row in schools])
        assert undo_adoption(plan=plan, actor=circulation).status == PlanStatus.READY
        assert not PlannedBook.objects.exists()

    def test_after_ten_minutes_after_a_delivery_and_after_a_newer_plan_it_is_too_late(
        self,
        adopted: RotationPlan,
        schools: list[Programme],
        library: Institution,
        circulation: User,
        refusal: Refusal,
    ) -> None:
        RotationPlan.objects.update(adopted_at=clock.now() - timedelta(minutes=11))
        assert refusal(undo_adoption, plan=adopted, actor=circulation).code == "undo_late"
        RotationPlan.objects.update(adopted_at=clock.now() - timedelta(minutes=1))
        other = asked(library, circulation, seed=2)
        adopt_plan(plan=other, actor=circulation)
        assert refusal(undo_adoption, plan=adopted, actor=circulation).code == "overtaken"
        made = propose_consignment(period=schools[0].periods.get(sequence=1), actor=circulation)
        refused = refusal(undo_adoption, plan=other, actor=circulation)
        assert (refused.code, made.code in str(refused)) == ("delivery_proposed", True)
        assert PlannedBook.objects.count() == 120

    def test_what_was_fixed_since_stays_and_what_is_gone_does_not_come_back(
        self, adopted: RotationPlan, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        other = asked(library, circulation, seed=3, weights={"stay": 0})
        gone = PlannedBook.objects.filter(period__sequence=4)[0]
        adopt_plan(plan=other, actor=circulation)
        Copy.objects.filter(pk=gone.copy_id).update(place="withdrawn")
        fixed = PlannedBook.objects.filter(period__programme=schools[1], period__sequence=2).exclude(
            copy=gone.copy_id
        )[0]
        lock_book(book=fixed, actor=circulation)
        undo_adoption(plan=other, actor=circulation)
        assert PlannedBook.objects.filter(pk=fixed.pk, is_locked=True).exists()
        assert not PlannedBook.objects.filter(copy=gone.copy_id).exists()


class TestWishes:
    def test_adopting_promises_replanning_and_undoing_put_back(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        titles = [copy.title for copy in Copy.objects.filter(owner=library).order_by("barcode")[:3]]
        wishes = [WishFactory(lender=library, partner=schools[0].partner, title=title) for title in titles]
        plan = asked(library, circulation)
        adopt_plan(plan=plan, actor=circulation)
        for wish in wishes:
            wish.refresh_from_db()
            assert wish.status == WishStatus.PLANNED
            assert PlannedBook.objects.filter(period=wish.period, title=wish.title).exists()
            assert [event.actor for event in wish.events.filter(action="promise")] == [circulation]
        assert Notice.objects.filter(rule="wishes_answered", recipient=schools[0].partner).count() == 1
        undo_adoption(plan=plan, actor=circulation)
        assert set(Wish.objects.values_list("status", "period")) == {(WishStatus.OPEN, None)}
        assert wishes[0].events.filter(action="release").count() == 1
        adopt_plan(plan=plan, actor=circulation)
        lost = PlannedBook.objects.get(period=_period_of(wishes[0]), title=wishes[0].title)
        Copy.objects.filter(title=lost.title).update(place="withdrawn")
        plan.refresh_from_db()
        adopt_plan(plan=reckoned(replan_rest(plan=plan, actor=circulation)), actor=circulation)
        assert [Wish.objects.get(pk=wish.pk).status for wish in wishes] == ["open", "planned", "planned"]

    def test_a_book_taken_out_by_hand_puts_its_wish_back_and_one_put_in_promises_it(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        copy = Copy.objects.filter(owner=library)[0]
        wish = WishFactory(lender=library, partner=schools[0].partner, title=copy.title)
        period = schools[0].periods.get(sequence=2)
        book = fix_book(period=period, actor=circulation, copy=copy)
        wish.refresh_from_db()
        assert (wish.status, wish.period) == (WishStatus.PLANNED, period)
        remove_book(book=book, actor=circulation)
        wish.refresh_from_db()
        assert (wish.status, wish.period) == (WishStatus.OPEN, None)

    def test_settling_costs_the_same_for_one_wish_and_for_many(
        self,
        schools: list[Programme],
        library: Institution,
        circulation: User,
        django_assert_max_num_queries: Any,
    ) -> None:
        for copy in Copy.objects.filter(owner=library)[:40]:
            WishFactory(lender=library, partner=schools[0].partner, title=copy.title)
        plan = asked(library, circulation)
        with django_assert_max_num_queries(45):
            adopt_plan(plan=plan, actor=circulation)
        assert Wish.objects.filter(status=WishStatus.PLANNED).count() >= 18
        assert not LoanLine.objects.exists()


def _period_of(wish: Wish) -> Any:
    return Wish.objects.get(pk=wish.pk).period
