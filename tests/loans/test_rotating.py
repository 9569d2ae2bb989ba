"""Rotation plans: asked for, reckoned in a process of its own, looked at, adopted, and followed when the box is filled (L2)."""

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.catalogue.choices import CopyPlace
from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.choices import PlanStatus
from loans.lifecycle import PLAN
from loans.models import Period, PlannedBook, Programme, RotationPlan, TitleBan
from loans.planning.plan import Trip
from loans.planning.problem import Copy as Book
from loans.planning.problem import Problem, School
from loans.services import rotating
from loans.services.adopting import Adoption, adopt_plan, said
from loans.services.continuing import replan_rest
from loans.services.pausing import pause_programme
from loans.services.planner_words import remark, straight_words
from loans.services.planning_input import problem_of, shelf_of
from loans.services.planning_report import _meetings, report_of
from loans.services.planning_rounds import SAME_DAYS, waves_of
from loans.services.planning_summary import figures_of
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.remembering import snapshot
from loans.services.rotating import (
    ask_plan,
    cancel_plan,
    claim_plan,
    discard_plan,
    reckon,
    result_of,
    retry_plan,
    run_waiting_plans,
)
from loans.services.stepping import roles_of
from loans.services.undoing import undo_adoption
from tests.conftest import scan_all
from tests.factories import AgreementFactory, InstitutionFactory, shelve
from tests.lives import put_into, walk

pytestmark = pytest.mark.django_db

Refusal = Callable[..., DomainError]


@pytest.fixture
def schools(library: Institution, circulation: User) -> list[Programme]:
    """Three schools that swap five books on the same days, and forty titles on the shelf."""
    shelve(library, 40)
    return [
        open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)
        for _school in range(3)
    ]


@pytest.fixture
def ready(schools: list[Programme], library: Institution, circulation: User) -> RotationPlan:
    """A plan of four periods that was reckoned by the real planner and waits to be looked at."""
    plan = ask_plan(office=library, actor=circulation, starts_on=clock.today() - timedelta(days=30))
    assert run_waiting_plans() == 1
    plan.refresh_from_db()
    assert plan.status == PlanStatus.READY, plan.faults
    return plan


def promised(programme: Programme) -> list[Any]:
    return list(PlannedBook.objects.filter(period__programme=programme).values_list("title_id", flat=True))


class TestAsking:
    def test_a_worker_fills_every_place_and_proves_it(
        self, ready: RotationPlan, schools: list[Programme]
    ) -> None:
        assert (ready.figures["places"], ready.figures["empty"]) == (3 * 4 * 5, 0)
        assert ready.figures["bound"] >= ready.figures["score"]
        assert [row["books"] for row in ready.schools] == [20, 20, 20]
        assert [event.action for event in ready.events.order_by("at")] == ["ask", "begin", "finish"]
        assert PlannedBook.objects.count() == 0, "nothing is promised before somebody adopts"

    def test_no_title_comes_twice_and_no_copy_is_in_two_places(self, ready: RotationPlan) -> None:
        for answer in result_of(ready):
            for school, deliveries in itertools.groupby(
                sorted(answer.deliveries, key=lambda row: row.school), key=lambda row: row.school
            ):
                titles = Counter(item.title for delivery in deliveries for item in delivery.items)
                assert max(titles.values()) == 1, school
            copies = Counter(
                (delivery.period, item.copy) for delivery in answer.deliveries for item in delivery.items
            )
            assert max(copies.values()) == 1

    def test_what_is_odd_about_a_school_is_remarked_with_the_plan(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        levels, once, shut = schools
        Programme.objects.filter(pk__in=[once.pk, shut.pk]).update(reading_levels=["early"])
        Programme.objects.filter(pk=once.pk).update(interval_months=24)
        Institution.objects.filter(pk=library.pk).update(closed_weekdays=[5, 6])
        Institution.objects.filter(pk=shut.partner_id).update(closed_weekdays=[0, 1, 2, 3, 4])
        plan = ask_plan(office=library, actor=circulation, starts_on=clock.today() - timedelta(days=30))
        run_waiting_plans()
        plan.refresh_from_db()
        said = {(row["programme"], row["code"]) for row in plan.report["remarks"]}
        assert said == {
            (str(levels.pk), "without_level"),
            (str(once.pk), "one_delivery"),
            (str(shut.pk), "never_open"),
        }
        with translation.override("en"):
            words = [remark(row) for row in plan.report["remarks"]]
        assert any("interval of 24 months is longer" in sentence for sentence in words)

    def test_what_a_school_had_and_what_is_banned_is_not_planned(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        first, other = schools[0], schools[1]
        had = propose_consignment(period=first.periods.get(sequence=1), actor=circulation)
        titles = set(had.lines.values_list("copy__title", flat=True))
        banned = Copy.objects.exclude(title__in=titles).values_list("title", flat=True)[0]
        TitleBan.objects.create(lender=library, partner=other.partner, title_id=banned, reason="Sudah punya.")
        plan = ask_plan(office=library, actor=circulation, starts_on=clock.today() - timedelta(days=30))
        run_waiting_plans()
        plan.refresh_from_db()
        assert plan.status == PlanStatus.READY, plan.faults
        given = {
            school.pk: {
                item.title
                for answer in result_of(plan)
                for delivery in answer.deliveries
                if delivery.school == str(school.pk)
                for item in delivery.items
            }
            for school in schools
        }
        assert not given[first.pk] & {str(key) for key in titles}
        assert str(banned) not in given[other.pk]
        packed = str(first.periods.get(sequence=1).pk)
        assert packed not in {key for row in plan.schools for key in row["periods"].values()}

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"periods": 0}, "bad_periods"),
            ({"periods": 13}, "bad_periods"),
            ({"mode": "telepathy"}, "unknown_mode"),
            ({"mode": "mixed"}, "fixed_missing"),
            ({"weights": {"luck": 1}}, "unknown_weight"),
            ({"weights": {"wish": -1}}, "bad_weight"),
            ({"weights": {"wish": True}}, "bad_weight"),
            ({"starts_on": clock.today() + timedelta(days=4000)}, "nothing_to_plan"),
        ],
    )
    def test_what_cannot_be_planned_is_said_at_once(
        self,
        given: dict[str, Any],
        code: str,
        schools: list[Programme],
        library: Institution,
        circulation: User,
        refusal: Refusal,
    ) -> None:
        assert refusal(ask_plan, office=library, actor=circulation, **given).code == code
        assert RotationPlan.objects.count() == 0

    def test_only_the_desk_asks_and_one_plan_at_a_time(
        self,
        schools: list[Programme],
        library: Institution,
        circulation: User,
        school: User,
        refusal: Refusal,
    ) -> None:
        assert refusal(ask_plan, office=library, actor=school).code == "role_missing"
        ask_plan(office=library, actor=circulation)
        assert refusal(ask_plan, office=library, actor=circulation).code == "plan_under_way"

    def test_a_paused_programme_is_not_planned(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        pause_programme(programme=schools[0], actor=circulation, note="Gedung diperbaiki.")
        plan = ask_plan(office=library, actor=circulation, starts_on=clock.today() - timedelta(days=30))
        waves, _left_out = waves_of(plan)
        assert schools[0] not in [row for wave in waves for row in wave.programmes]

    def test_days_and_numbers_are_written_as_people_write_them(
        self, schools: list[Programme], library: Institution, circulation: User, refusal: Refusal
    ) -> None:
        with translation.override("id"):
            refused = refusal(ask_plan, office=library, actor=circulation, starts_on=date(2090, 1, 1))
            assert "sejak 1 Januari 2090" in str(refused)
            plan = RotationPlan(lender=library, starts_on=date(2026, 11, 23))
            assert str(plan).endswith("23 November 2026")
            assert "6.120 buku" in said(Adoption(plan, 58, 6120, 0, 0, 0))

    def test_a_planned_swap_whose_day_has_passed_is_planned_too(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        today = clock.today()
        late, over, begun = (row.periods.get(sequence=1) for row in schools)
        Period.objects.filter(pk=late.pk).update(starts_on=today - timedelta(days=2))
        Period.objects.filter(pk=over.pk).update(starts_on=today - timedelta(days=9), ends_on=today)
        propose_consignment(period=begun, actor=circulation)
        plan = ask_plan(office=library, actor=circulation, periods=2)
        [wave], left_out = waves_of(plan)
        covered = {key: [row.sequence for row in mine.values()] for key, mine in wave.periods.items()}
        assert covered == {schools[0].pk: [1, 2], schools[1].pk: [2, 3], schools[2].pk: [2, 3]}
        assert not left_out
        # Whoever plans from a later day has left them out.
        plan.starts_on = today + timedelta(days=1)
        [wave], _left_out = waves_of(plan)
        assert wave.periods[schools[0].pk][1].sequence == 2

    def test_the_rest_of_a_plan_keeps_the_swap_that_was_late_already(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        late = Period.objects.filter(programme=schools[0], sequence=1)
        late.update(starts_on=clock.today() - timedelta(days=2))
        ask_plan(office=library, actor=circulation, periods=2)
        run_waiting_plans()
        plan = RotationPlan.objects.get()
        adopt_plan(plan=plan, actor=circulation)
        rest = replan_rest(plan=plan, actor=circulation)
        [wave], _left_out = waves_of(rest)
        assert [row.sequence for row in wave.periods[schools[0].pk].values()] == [1, 2]


class TestTurns:
    @pytest.fixture
    def four(self, library: Institution, circulation: User) -> list[Programme]:
        """Four schools that the van reaches on four days, weeks apart."""
        shelve(library, 60)
        today = clock.today()
        found = []
        for days in (0, 3, 40, 45):
            agreement = AgreementFactory(
                office=library,
                in_force=True,
                starts_on=today,
                lending={"first_delivery_on": today + timedelta(days=days)},
            )
            found.append(open_programme(agreement=agreement, actor=circulation))
        return found

    def test_no_book_is_wanted_at_one_school_before_it_has_left_another(
        self, four: list[Programme], library: Institution, circulation: User
    ) -> None:
        plan = ask_plan(office=library, actor=circulation)
        (wave,), left_out = waves_of(plan)
        assert (len(wave.programmes), wave.in_turn, left_out) == (4, True, [])
        assert run_waiting_plans() == 1
        plan.refresh_from_db()
        answer = adopt_plan(plan=plan, actor=circulation)
        assert answer.books == 4 * 4 * 5
        stays: dict[Any, list[tuple[Any, Any]]] = {}
        for copy, starts, ends in PlannedBook.objects.values_list(
            "copy", "period__starts_on", "period__ends_on"
        ):
            stays.setdefault(copy, []).append((starts, ends))
        assert max(len(rows) for rows in stays.values()) > 1, "books do travel on"
        for rows in map(sorted, stays.values()):
            assert all(back <= out for (_out, back), (out, _back) in itertools.pairwise(rows))

    def test_a_box_that_goes_straight_goes_on_the_day_of_the_school_that_gets_it(
        self, four: list[Programme], library: Institution, circulation: User
    ) -> None:
        plan = ask_plan(office=library, actor=circulation)
        (wave,), _left_out = waves_of(plan)
        keys = [str(row.pk) for row in four]
        trips = (Trip(1, keys[0], keys[3], 2), Trip(2, keys[1], keys[2], 1), Trip(1, keys[0], keys[2], 1))
        answer: Any = SimpleNamespace(remedies=(), unserved=(), trips=trips)
        problem = problem_of(plan, wave, *shelf_of(plan, [wave]))
        told = report_of(plan, [(wave, problem, answer)])["trips"]
        assert [(row["on"], row["target"]) for row in told] == [
            (four[at].periods.get(sequence=number).starts_on.isoformat(), str(four[at].partner))
            for at, number in ((2, 1), (3, 1), (2, 2))
        ]

    def test_few_straight_books_are_explained_by_the_days_on_which_near_schools_meet(self) -> None:
        def school(key: str, east: float, *days: tuple[int, int]) -> School:
            return School(key, 5, (), latitude=0.0, longitude=east, days=days)

        # B is near A and gets its books on the day on which A gives its own back; C is far; D is near on another day.
        schools = (
            school("A", 0.0, (0, 90), (90, 180)),
            school("B", 0.01, (90, 180), (0, 0)),
            school("C", 1.0, (90, 180)),
            school("D", 0.01, (91, 181)),
        )
        assert _meetings(Problem(schools=schools, titles=(), copies=())) == 1
        # What D had before the plan comes back on the day on which A and B, both near it, get theirs.
        out = Book("K", "T", at="D", first=1, day=90)
        assert _meetings(Problem(schools=schools, titles=(), copies=(out,))) == 3
        with translation.override("en"):
            assert "only 1 time does" in straight_words({"swapped": 100, "direct": 19}, 1)
        assert straight_words({"swapped": 100, "direct": 20}, 1) == ""
        assert straight_words({"swapped": 100, "direct": 1}, None) == "", "plans from before this was counted"

    def test_programmes_of_another_rhythm_are_planned_with_the_others(
        self, four: list[Programme], library: Institution, circulation: User
    ) -> None:
        slow = AgreementFactory(office=library, in_force=True, lending={"interval_months": 6})
        open_programme(agreement=slow, actor=circulation)
        (wave,), left_out = waves_of(ask_plan(office=library, actor=circulation))
        assert (len(wave.programmes), left_out) == (5, [])

    def test_boxes_go_round_among_schools_that_swap_together(
        self, four: list[Programme], library: Institution, circulation: User
    ) -> None:
        plan = ask_plan(office=library, actor=circulation, mode="kits")
        waves, left_out = waves_of(plan)
        assert [len(wave.programmes) for wave in waves] == [2, 2]
        assert left_out == []
        run_waiting_plans()
        plan.refresh_from_db()
        first, second = (
            {item.copy for delivery in answer.deliveries for item in delivery.items}
            for answer in result_of(plan)
        )
        assert not first & second
        for wave in waves:
            for mine in wave.periods.values():
                assert all(
                    abs(period.starts_on - wave.days[n - 1]) <= 2 * SAME_DAYS for n, period in mine.items()
                )


class TestAdopting:
    def test_the_periods_promise_the_books_and_the_box_is_filled_with_them(
        self, ready: RotationPlan, schools: list[Programme], circulation: User
    ) -> None:
        answer = adopt_plan(plan=ready, actor=circulation)
        assert (answer.schools, answer.books, answer.begun, answer.gone, answer.promised) == (3, 60, 0, 0, 0)
        period = schools[0].periods.get(sequence=1)
        wanted = set(period.planned_books.values_list("copy", flat=True))
        consignment = propose_consignment(period=period, actor=circulation)
        assert set(consignment.lines.values_list("copy", flat=True)) == wanted
        assert consignment.shortfall == []

    def test_only_some_schools(
        self, ready: RotationPlan, schools: list[Programme], circulation: User
    ) -> None:
        adopt_plan(plan=ready, actor=circulation, programmes=[schools[1].pk])
        assert [len(promised(row)) for row in schools] == [0, 20, 0]
        adopt_plan(plan=ready, actor=circulation, programmes=[schools[0].pk])
        assert [len(promised(row)) for row in schools] == [20, 20, 0]

    def test_nobody_is_an_error(self, ready: RotationPlan, circulation: User, refusal: Refusal) -> None:
        assert refusal(adopt_plan, plan=ready, actor=circulation, programmes=[]).code == "no_school"

    def test_a_school_that_keeps_its_plan_keeps_its_books(
        self, ready: RotationPlan, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        adopt_plan(plan=ready, actor=circulation)
        kept = promised(schools[0])
        again = ask_plan(
            office=library,
            actor=circulation,
            starts_on=clock.today() - timedelta(days=30),
            seed=7,
            weights={"stay": 0},
        )
        run_waiting_plans()
        again.refresh_from_db()
        adopt_plan(plan=again, actor=circulation, programmes=[row.pk for row in schools[1:]])
        assert promised(schools[0]) == kept
        for number in range(1, 5):
            rows = PlannedBook.objects.filter(period__sequence=number).values_list("copy", flat=True)
            assert len(rows) == len(set(rows)), "one copy is promised to two schools for the same days"

    def test_what_is_packed_or_gone_by_now_is_left_and_said(
        self, ready: RotationPlan, schools: list[Programme], circulation: User
    ) -> None:
        packed = propose_consignment(period=schools[0].periods.get(sequence=1), actor=circulation)
        lost = next(
            item.copy
            for answer in result_of(ready)
            for delivery in answer.deliveries
            if delivery.school == str(schools[1].pk)
            for item in delivery.items
        )
        Copy.objects.filter(pk=lost).update(place=CopyPlace.WITHDRAWN)
        answer = adopt_plan(plan=ready, actor=circulation)
        assert (answer.begun, answer.gone >= 1) == (1, True)
        assert answer.books == 60 - 5 - answer.gone - answer.barred
        brought = set(packed.lines.values_list("copy__title", flat=True))
        assert not brought & set(promised(schools[0])), "a title comes twice"
        assert "1" in ready.events.get(action="adopt").note

    def test_what_is_fixed_by_hand_survives_the_next_plan(
        self, ready: RotationPlan, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        adopt_plan(plan=ready, actor=circulation)
        fixed = PlannedBook.objects.filter(period__programme=schools[0], period__sequence=3)[0]
        PlannedBook.objects.filter(pk=fixed.pk).update(is_locked=True)
        again = ask_plan(office=library, actor=circulation, starts_on=clock.today() - timedelta(days=30))
        run_waiting_plans()
        again.refresh_from_db()
        adopt_plan(plan=again, actor=circulation)
        row = PlannedBook.objects.get(period=fixed.period, title=fixed.title)
        assert (row.copy_id, row.is_locked) == (fixed.copy_id, True)
        assert again.figures["kept"] == again.figures["earlier"]

    def test_books_still_at_another_school_are_waited_for(
        self, ready: RotationPlan, schools: list[Programme], circulation: User
    ) -> None:
        """The plan gives the second round what the first has: until it is back, its places are kept, or filled on demand."""
        from loans.services.dispatching import dispatch_consignment

        adopt_plan(plan=ready, actor=circulation)
        giver = schools[0]
        first = propose_consignment(period=giver.periods.get(sequence=1), actor=circulation)
        scan_all(first, circulation)
        dispatch_consignment(consignment=first, actor=circulation)
        period = schools[1].periods.get(sequence=2)
        away = first.lines.first().copy
        PlannedBook.objects.filter(period=period, title=away.title).delete()
        row = period.planned_books.filter(is_locked=False).first()
        # This copy and no other of its title: the school waits for it.
        PlannedBook.objects.filter(pk=row.pk).update(copy=away, title=away.title)
        missing = period.planned_books.filter(copy__place=CopyPlace.AWAY).count()
        assert missing >= 1
        waiting = propose_consignment(period=period, actor=circulation)
        assert waiting.lines.open().count() == 5 - missing
        assert waiting.shortfall == [{"reason": "planned_not_back", "missing": missing}]
        filled = propose_consignment(period=period, actor=circulation, wait=False)
        assert filled.lines.open().count() == 5
        assert filled.shortfall == []

    def test_what_is_promised_to_one_school_is_not_proposed_to_another(
        self, ready: RotationPlan, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        adopt_plan(plan=ready, actor=circulation)
        stranger = open_programme(
            agreement=AgreementFactory(office=library, in_force=True), actor=circulation
        )
        consignment = propose_consignment(period=stranger.periods.get(sequence=1), actor=circulation)
        taken = set(consignment.lines.values_list("copy", flat=True))
        first = PlannedBook.objects.filter(period__sequence=1).values_list("copy", flat=True)
        assert not taken & set(first)


class TestTheWorker:
    def test_a_killed_worker_leaves_no_half_plan_and_the_next_begins_again(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        plan = ask_plan(office=library, actor=circulation)
        assert claim_plan() == plan
        assert claim_plan() is None, "two workers got the same plan"
        RotationPlan.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
        assert run_waiting_plans() == 1
        plan.refresh_from_db()
        assert plan.status == PlanStatus.READY

    def test_cancelling_kills_the_planner(
        self, schools: list[Programme], library: Institution, circulation: User
    ) -> None:
        plan = ask_plan(office=library, actor=circulation)
        claimed = claim_plan()
        assert claimed is not None
        cancel_plan(plan=plan, actor=circulation)
        assert reckon(claimed).status == PlanStatus.CANCELLED
        assert RotationPlan.objects.get(pk=plan.pk).result is None

    def test_a_planner_out_of_time_says_so_and_can_be_tried_again(
        self,
        schools: list[Programme],
        library: Institution,
        circulation: User,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        plan = ask_plan(office=library, actor=circulation)
        with monkeypatch.context() as patch:
            patch.setattr(rotating, "LIMIT_SECONDS", 0)
            run_waiting_plans()
        plan.refresh_from_db()
        assert (plan.status, plan.faults[0]["code"]) == (PlanStatus.FAILED, "time_limit")
        retry_plan(plan=plan, actor=circulation)
        run_waiting_plans()
        plan.refresh_from_db()
        assert plan.status == PlanStatus.READY

    def test_an_empty_shelf_is_a_shortage_and_said(self, library: Institution, circulation: User) -> None:
        open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)
        plan = ask_plan(office=library, actor=circulation, starts_on=clock.today() - timedelta(days=30))
        run_waiting_plans()
        plan.refresh_from_db()
        assert plan.status == PlanStatus.FAILED
        assert [row["code"] for row in plan.faults] == ["empty_pool"]


def test_the_life_of_a_plan(ready: RotationPlan, everybody: Any) -> None:
    """Every state, action and actor as the table says; reckoning itself is the clock's, tested above."""
    verbs = {
        "retry": lambda row, actor: retry_plan(plan=row, actor=actor),
        "cancel": lambda row, actor: cancel_plan(plan=row, actor=actor),
        "adopt": lambda row, actor: adopt_plan(plan=row, actor=actor),
        "discard": lambda row, actor: discard_plan(plan=row, actor=actor),
        "undo": lambda row, actor: undo_adoption(plan=row, actor=actor),
        "replan": lambda row, actor: replan_rest(plan=row, actor=actor),
    }

    def prepare(_action: str, state: str) -> None:
        put_into(ready, state)
        if state == PlanStatus.ADOPTED:
            RotationPlan.objects.filter(pk=ready.pk).update(adopted_at=clock.now(), before=snapshot([]))

    assert set(verbs) == PLAN.actions - {"begin", "finish", "fail"}
    wrong = walk(
        PLAN,
        ready,
        verbs,
        everybody,
        lambda actor: set(roles_of(actor, ready)),
        prepare,
    )
    assert wrong == []


def test_another_library_sees_nothing_of_a_plan(ready: RotationPlan, person: Any) -> None:
    stranger = person("asing", InstitutionFactory(office=True), "circulation")
    assert not RotationPlan.objects.visible_to(stranger).exists()
    assert not PlannedBook.objects.visible_to(stranger).exists()


@pytest.mark.parametrize(("gaps", "whole"), [((0.0, 0.002), 0.002), ((0.0, None), None)])
def test_a_plan_is_as_proven_as_its_least_proven_wave(
    ready: RotationPlan, gaps: tuple[float | None, ...], whole: float | None
) -> None:
    (plan,) = result_of(ready)
    waves = [replace(plan, figures=replace(plan.figures, gap=gap)) for gap in gaps]
    told = figures_of(waves)
    assert told["gap"] == whole
    assert told["places"] == 2 * plan.figures.places
