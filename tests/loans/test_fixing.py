"""Books fixed by hand and titles never sent (L2): every rule with its own refusal, and every later plan keeps them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.choices import PlanStatus
from loans.models import MissingCopy, Period, PlannedBook, Programme, RotationPlan, TitleBan
from loans.services.adopting import adopt_plan
from loans.services.banning import ban_title, lift_ban, said_of
from loans.services.dispatching import dispatch_consignment
from loans.services.fixing import fix_book, lock_book, remove_book, replace_book, unlock_book
from loans.services.programmes import open_programme
from loans.services.proposing import add_line, propose_consignment
from loans.services.rotating import ask_plan, result_of, run_waiting_plans
from tests.conftest import scan_all
from tests.factories import AgreementFactory, CopyFactory, InstitutionFactory, TitleFactory, shelve

pytestmark = pytest.mark.django_db

Refusal = Callable[..., DomainError]


@pytest.fixture
def shelf(library: Institution) -> list[Copy]:
    return shelve(library, 40)


@pytest.fixture
def schools(shelf: list[Copy], library: Institution, circulation: User) -> list[Programme]:
    return [
        open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)
        for _school in range(2)
    ]


@pytest.fixture
def coming(schools: list[Programme]) -> Period:
    return schools[0].periods.get(sequence=2)


def planned(library: Institution, actor: User, **more: Any) -> RotationPlan:
    plan = ask_plan(office=library, actor=actor, starts_on=clock.today() - timedelta(days=30), **more)
    run_waiting_plans()
    plan.refresh_from_db()
    return plan


class TestFixing:
    def test_a_copy_a_barcode_or_a_title_is_put_there_and_fixed(
        self, coming: Period, shelf: list[Copy], circulation: User
    ) -> None:
        by_copy = fix_book(period=coming, actor=circulation, copy=shelf[0])
        by_barcode = fix_book(period=coming, actor=circulation, barcode=f" {shelf[1].barcode} ")
        by_title = fix_book(period=coming, actor=circulation, title=shelf[2].title)
        assert [row.copy for row in (by_copy, by_barcode, by_title)] == shelf[:3]
        assert all(row.is_locked for row in (by_copy, by_barcode, by_title))
        assert coming.events.filter(action="fix_book", actor=circulation).count() == 3

    def test_what_a_plan_has_put_there_is_only_fixed_and_released_again(
        self, coming: Period, shelf: list[Copy], circulation: User
    ) -> None:
        row = PlannedBook.objects.create(period=coming, title=shelf[0].title, copy=shelf[0])
        assert fix_book(period=coming, actor=circulation, title=shelf[0].title).pk == row.pk
        assert PlannedBook.objects.get(pk=row.pk).is_locked
        assert not unlock_book(book=row, actor=circulation).is_locked
        assert lock_book(book=row, actor=circulation).is_locked
        lock_book(book=row, actor=circulation)
        actions = coming.events.filter(action__in=["lock_book", "unlock_book"]).order_by("at", "pk")
        assert [event.action for event in actions] == ["lock_book", "unlock_book", "lock_book"]

    def test_another_copy_or_title_takes_its_place_and_it_is_taken_out(
        self, coming: Period, shelf: list[Copy], circulation: User, library: Institution, refusal: Refusal
    ) -> None:
        second = CopyFactory(owner=library, title=shelf[0].title)
        row = fix_book(period=coming, actor=circulation, copy=shelf[0])
        same_title = replace_book(book=row, actor=circulation, copy=second)
        assert (same_title.pk, same_title.copy) == (row.pk, second)
        other = replace_book(book=row, actor=circulation, title=shelf[5].title)
        assert (other.copy, other.title) == (shelf[5], shelf[5].title)
        remove_book(book=row, actor=circulation)
        assert not PlannedBook.objects.exists()
        assert refusal(lock_book, book=row, actor=circulation).code == "book_gone"

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"place": CopyPlace.LOST}, "copy_gone"),
            ({"place": CopyPlace.WITHDRAWN}, "copy_gone"),
            ({"may_travel": False}, "copy_stays_here"),
            ({"condition": Condition.DAMAGED}, "copy_damaged"),
        ],
    )
    def test_an_unfit_copy_is_refused_by_its_name(
        self,
        change: dict[str, Any],
        code: str,
        coming: Period,
        shelf: list[Copy],
        circulation: User,
        refusal: Refusal,
    ) -> None:
        Copy.objects.filter(pk=shelf[0].pk).update(**change)
        refused = refusal(fix_book, period=coming, actor=circulation, barcode=shelf[0].barcode)
        assert (refused.code, shelf[0].barcode in str(refused)) == (code, True)
        assert refusal(fix_book, period=coming, actor=circulation, title=shelf[0].title).code == code
        assert not PlannedBook.objects.exists()

    def test_one_that_was_looked_for_in_vain_is_refused(
        self, coming: Period, shelf: list[Copy], circulation: User, library: Institution, refusal: Refusal
    ) -> None:
        MissingCopy.objects.create(
            office=library, copy=shelf[0], missed_at=clock.now(), missed_by=circulation
        )
        refused = refusal(fix_book, period=coming, actor=circulation, barcode=shelf[0].barcode)
        assert (refused.code, shelf[0].barcode in str(refused)) == ("copy_missing", True)

    def test_what_nobody_has_is_said(
        self, coming: Period, library: Institution, circulation: User, refusal: Refusal
    ) -> None:
        theirs = shelve(InstitutionFactory(office=True), 1)[0]
        told = {"period": coming, "actor": circulation}
        assert refusal(fix_book, **told).code == "choose_book"
        assert refusal(fix_book, **told, barcode="tidak-ada").code == "unknown_barcode"
        assert refusal(fix_book, **told, copy=theirs).code == "unknown_barcode"
        assert refusal(fix_book, **told, title=theirs.title).code == "no_copy"

    def test_a_copy_promised_or_away_at_the_same_time_is_refused_with_the_school(
        self,
        coming: Period,
        schools: list[Programme],
        shelf: list[Copy],
        circulation: User,
        refusal: Refusal,
    ) -> None:
        other = schools[1]
        fix_book(period=other.periods.get(sequence=2), actor=circulation, copy=shelf[0])
        promised = refusal(fix_book, period=coming, actor=circulation, copy=shelf[0])
        assert (promised.code, str(other.partner) in str(promised)) == ("copy_promised", True)
        # One after the other is no conflict.
        fix_book(period=schools[0].periods.get(sequence=3), actor=circulation, copy=shelf[0])
        first = propose_consignment(period=other.periods.get(sequence=1), actor=circulation)
        scan_all(first, circulation)
        dispatch_consignment(consignment=first, actor=circulation)
        away = first.lines.first().copy
        fix_book(period=coming, actor=circulation, copy=away)
        first.due_on = coming.starts_on + timedelta(days=60)
        first.save(update_fields=["due_on"])
        remove_book(book=PlannedBook.objects.get(copy=away), actor=circulation)
        late = refusal(fix_book, period=coming, actor=circulation, copy=away)
        assert (late.code, str(other.partner) in str(late)) == ("copy_away", True)

    def test_a_title_that_the_school_had_has_planned_or_cannot_read_is_refused(
        self,
        coming: Period,
        schools: list[Programme],
        shelf: list[Copy],
        circulation: User,
        library: Institution,
        refusal: Refusal,
    ) -> None:
        fix_book(period=schools[0].periods.get(sequence=3), actor=circulation, copy=shelf[9])
        second = CopyFactory(owner=library, title=shelf[9].title)
        assert refusal(fix_book, period=coming, actor=circulation, copy=second).code == "title_planned"
        first = propose_consignment(period=schools[0].periods.get(sequence=1), actor=circulation)
        had = CopyFactory(owner=library, title=first.lines.first().copy.title)
        assert refusal(fix_book, period=coming, actor=circulation, copy=had).code == "title_had"
        coming.programme.reading_levels = ["teen"]
        coming.programme.save(update_fields=["reading_levels"])
        young = CopyFactory(owner=library, title=TitleFactory(reading_level="early"))
        assert refusal(fix_book, period=coming, actor=circulation, copy=young).code == "wrong_level"

    def test_a_full_a_packed_and_a_begun_delivery_are_left_alone(
        self,
        coming: Period,
        schools: list[Programme],
        shelf: list[Copy],
        circulation: User,
        school: User,
        refusal: Refusal,
    ) -> None:
        for copy in shelf[:5]:
            fix_book(period=coming, actor=circulation, copy=copy)
        assert refusal(fix_book, period=coming, actor=circulation, copy=shelf[6]).code == "plan_full"
        book = coming.planned_books.first()
        assert refusal(remove_book, book=book, actor=school).code == "role_missing"
        packed = propose_consignment(period=coming, actor=circulation)
        refused = refusal(unlock_book, book=book, actor=circulation)
        assert (refused.code, packed.code in str(refused)) == ("being_packed", True)
        scan_all(packed, circulation)
        dispatch_consignment(consignment=packed, actor=circulation)
        assert refusal(unlock_book, book=book, actor=circulation).status == 409

    def test_every_later_plan_keeps_what_is_fixed(
        self,
        schools: list[Programme],
        shelf: list[Copy],
        library: Institution,
        circulation: User,
    ) -> None:
        wanted = [
            fix_book(
                period=schools[number % 2].periods.get(sequence=1 + number // 2), actor=circulation, copy=copy
            )
            for number, copy in enumerate(shelf[30:36])
        ]
        for seed in (1, 2):
            plan = planned(library, circulation, seed=seed)
            assert plan.status == PlanStatus.READY, plan.faults
            adopt_plan(plan=plan, actor=circulation)
            assert PlannedBook.objects.count() == 2 * 4 * 5
            for row in wanted:
                kept = PlannedBook.objects.get(pk=row.pk)
                assert (kept.copy_id, kept.period_id, kept.is_locked) == (row.copy_id, row.period_id, True)


class TestBans:
    def test_nothing_brings_a_banned_title_and_what_was_planned_is_taken_out(
        self,
        coming: Period,
        schools: list[Programme],
        shelf: list[Copy],
        library: Institution,
        circulation: User,
        refusal: Refusal,
    ) -> None:
        school = schools[0].partner
        PlannedBook.objects.create(period=coming, title=shelf[0].title, copy=shelf[0])
        done = ban_title(
            lender=library, partner=school, title=shelf[0].title, reason=" Sudah  punya. ", actor=circulation
        )
        assert (done.removed, done.packed, done.ban.reason) == (1, "", "Sudah punya.")
        assert "1" in said_of(done)
        refused = refusal(fix_book, period=coming, actor=circulation, copy=shelf[0])
        assert (refused.code, "Sudah punya" in str(refused)) == ("title_banned", True)
        for number in range(1, 5):
            delivery = propose_consignment(period=schools[0].periods.get(sequence=number), actor=circulation)
            assert not delivery.lines.filter(copy__title=shelf[0].title).exists()
        delivery.lines.all().delete()
        assert (
            refusal(add_line, consignment=delivery, barcode=shelf[0].barcode, actor=circulation).code
            == "title_banned"
        )
        lift_ban(ban=done.ban, actor=circulation)
        assert not TitleBan.objects.exists()

    def test_a_book_fixed_by_hand_must_be_released_first(
        self,
        coming: Period,
        schools: list[Programme],
        shelf: list[Copy],
        library: Institution,
        circulation: User,
        refusal: Refusal,
    ) -> None:
        row = fix_book(period=coming, actor=circulation, copy=shelf[0])
        told = {
            "lender": library,
            "partner": schools[0].partner,
            "title": shelf[0].title,
            "reason": "Sudah punya.",
            "actor": circulation,
        }
        assert refusal(ban_title, **told).code == "fixed_by_hand"
        assert not TitleBan.objects.exists()
        unlock_book(book=row, actor=circulation)
        assert ban_title(**told).removed == 1
        assert refusal(ban_title, **told).code == "banned_already"

    def test_a_ban_says_why_is_the_desks_and_is_about_a_school_of_the_library(
        self,
        schools: list[Programme],
        shelf: list[Copy],
        library: Institution,
        circulation: User,
        school: User,
        refusal: Refusal,
    ) -> None:
        told = {"lender": library, "partner": schools[0].partner, "title": shelf[0].title}
        assert refusal(ban_title, **told, reason=" ", actor=circulation).code == "reason_missing"
        assert refusal(ban_title, **told, reason="x" * 201, actor=circulation).code == "reason_long"
        assert refusal(ban_title, **told, reason="x", actor=school).code == "role_missing"
        stranger = {**told, "partner": InstitutionFactory(school=True)}
        assert refusal(ban_title, **stranger, reason="x", actor=circulation).code == "no_programme"

    def test_one_that_is_being_packed_is_named(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        delivery = propose_consignment(period=schools[0].periods.get(sequence=1), actor=circulation)
        title = delivery.lines.first().copy.title
        done = ban_title(
            lender=library, partner=schools[0].partner, title=title, reason="x", actor=circulation
        )
        assert done.packed == delivery.code
        assert delivery.code in said_of(done)

    def test_a_ban_made_while_a_plan_was_looked_at_is_kept_by_the_adoption(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        plan = planned(library, circulation)
        item = next(
            item
            for answer in result_of(plan)
            for delivery in answer.deliveries
            if delivery.school == str(schools[0].pk)
            for item in delivery.items
        )
        title = Copy.objects.get(pk=item.copy).title
        ban_title(lender=library, partner=schools[0].partner, title=title, reason="x", actor=circulation)
        answer = adopt_plan(plan=plan, actor=circulation)
        assert (answer.barred, answer.books) == (1, 39)
        assert not PlannedBook.objects.filter(period__programme=schools[0], title=title).exists()
