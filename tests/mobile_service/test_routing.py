"""Route plans: asked for, reckoned in a process of its own, changed by hand, adopted; what stands by hand stays (M3)."""

import os
import signal
import subprocess
from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from pytest import MonkeyPatch

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from kerjasama.domain.wording import long_date
from libraries.models import Closure, Institution, Notice, User
from mobile_service.choices import RoutePlanStatus, VisitStatus
from mobile_service.models import RoutePlan, Stop, Trip, Vehicle, Visit
from mobile_service.planning import check, running
from mobile_service.services import routing
from mobile_service.services.route_adopting import adopt_plan, said
from mobile_service.services.route_changing import change_visit, release_visit
from mobile_service.services.route_comparing import compare_with
from mobile_service.services.routing import (
    ask_plan,
    cancel_plan,
    claim_plan,
    discard_plan,
    next_quarter,
    reckon,
    reckon_again,
    retry_plan,
    run_waiting_plans,
)
from mobile_service.services.routing_input import house_of
from mobile_service.services.routing_result import days_of, problem_of, result_of, tours_of
from mobile_service.services.scheduling import move_visit, place_visit
from tests.factories import StopFactory, VehicleFactory
from tests.mobile_service.quick_planner import plan_quickly

pytestmark = pytest.mark.django_db

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = clock.today() + timedelta(days=21 - clock.today().weekday())
WEEKS = 6
SOON: dict[str, Any] = {"starts_on": MONDAY, "ends_on": MONDAY + timedelta(days=WEEKS * 7 - 1), "seconds": 5}


@pytest.fixture(autouse=True)
def quickly(request: pytest.FixtureRequest, monkeypatch: MonkeyPatch) -> None:
    """Tests that ask for ``planner`` have the real one in its own process."""
    if "planner" not in request.fixturenames:
        plan_quickly(monkeypatch)


@pytest.fixture
def planner(monkeypatch: MonkeyPatch) -> None:
    """The real planner; it has found something long before its time is over."""
    monkeypatch.setitem(SOON, "seconds", 6)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling 1")


@pytest.fixture
def stops(library: Institution, van: Vehicle) -> list[Stop]:
    """Five stops: a school every second week, villages every second or third, one of them on mornings."""
    return [
        StopFactory(office=library, name="SD Uji", school=True, every_weeks=2, windows=[(day, time(7, 30), time(12)) for day in range(5)]),
        StopFactory(office=library, name="Balai A", every_weeks=2),
        StopFactory(office=library, name="Balai B", every_weeks=3),
        StopFactory(office=library, name="Balai C", every_weeks=2, same_weekday=False),
        StopFactory(office=library, name="Balai D", every_weeks=6),
    ]  # fmt: skip


def reckoned(office: Institution, actor: User, **given: Any) -> RoutePlan:
    plan = ask_plan(office=office, actor=actor, **{**SOON, **given})
    assert run_waiting_plans() == 1
    plan.refresh_from_db()
    assert plan.status == RoutePlanStatus.READY, plan.faults
    return plan


def days_at(plan: RoutePlan, stop: Stop) -> list[date]:
    return [date.fromisoformat(day) for day in row_of(plan, stop)["days"]]


def row_of(plan: RoutePlan, stop: Stop) -> dict[str, Any]:
    return next(row for row in plan.report["stops"] if row["stop"] == str(stop.pk))


def at(on: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), WIB)


def code_of(verb: Any, **given: Any) -> str:
    with pytest.raises(DomainError) as refused:
        verb(**given)
    return refused.value.code


class TestAsking:
    def test_a_worker_plans_every_visit_and_the_plan_holds(
        self, planner: None, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        plan = reckoned(library, circulation)
        assert [row["visits"] for row in plan.report["stops"]] == [3, 2, 3, 1, 3]
        assert {row["name"]: row["visits"] for row in plan.report["stops"]}["Balai B"] == 2
        assert (plan.figures["asked"], plan.figures["met"], plan.unmet) == (12, 12, [])
        assert plan.figures["distance"] > 0 and plan.figures["hours"] > 0
        found = check(problem_of(plan), result_of(plan)).faults
        assert found == (), found
        assert {b - a for a, b in pairwise(days_at(plan, stops[0]))} == {timedelta(days=14)}
        tours = tours_of(plan)
        assert [tour.on for tour in tours] == days_of(plan)
        for tour in tours:
            school = next((row for row in tour.visits if row.stop == str(stops[0].pk)), None)
            assert school is None or (time(7, 30) <= school.begins and school.ends <= time(12))
        assert [event.action for event in plan.events.order_by("at")] == ["ask", "begin", "finish"]
        assert not Visit.objects.exists() and not Trip.objects.exists(), (
            "nothing changes before it is adopted"
        )

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"seconds": 0}, "bad_seconds"),
            ({"seconds": 601}, "bad_seconds"),
            ({"ends_on": MONDAY - timedelta(days=1)}, "turned_round"),
            ({"ends_on": MONDAY + timedelta(days=190)}, "too_long"),
            ({"starts_on": clock.today() - timedelta(days=9), "ends_on": clock.today()}, "in_the_past"),
            ({"starts_on": date(9999, 12, 1), "ends_on": None}, "too_far"),
            ({"starts_on": date(9999, 12, 1), "ends_on": date.max}, "too_far"),
        ],
    )
    def test_what_cannot_be_planned_is_said_at_once(
        self, given: dict[str, Any], code: str, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        assert code_of(ask_plan, office=library, actor=circulation, **{**SOON, **given}) == code
        assert not RoutePlan.objects.exists()

    def test_without_van_or_place_there_is_nothing_to_plan_and_the_crew_does_not_ask(
        self, library: Institution, circulation: User, crew: User
    ) -> None:
        assert code_of(ask_plan, office=library, actor=circulation, **SOON) == "no_vehicle"
        VehicleFactory(office=library)
        StopFactory(office=library, latitude=None, longitude=None)
        assert code_of(ask_plan, office=library, actor=circulation, **SOON) == "no_stop"
        assert code_of(ask_plan, office=library, actor=crew, **SOON) == "role_missing"

    def test_one_plan_at_a_time_and_its_life(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        plan = ask_plan(office=library, actor=circulation, **SOON)
        assert code_of(ask_plan, office=library, actor=circulation, **SOON) == "plan_under_way"
        assert cancel_plan(plan=plan, actor=circulation).status == RoutePlanStatus.CANCELLED
        assert run_waiting_plans() == 0
        ready = reckoned(library, circulation)
        assert discard_plan(plan=ready, actor=circulation).status == RoutePlanStatus.DISCARDED
        assert code_of(adopt_plan, plan=ready, actor=circulation) == "wrong_state"

    def test_the_next_quarter_is_the_one_after_this(self) -> None:
        assert next_quarter(date(2026, 11, 22)) == (date(2027, 1, 1), date(2027, 3, 31))
        assert next_quarter(date(2026, 6, 30)) == (date(2026, 7, 1), date(2026, 9, 30))
        assert next_quarter(date(2026, 7, 1)) == (date(2026, 10, 1), date(2026, 12, 31))


class TestInput:
    def test_holidays_outages_and_closed_days_are_kept_free(
        self, library: Institution, circulation: User, van: Vehicle, stops: list[Stop]
    ) -> None:
        holiday, outage = MONDAY + timedelta(days=8), MONDAY + timedelta(days=15)
        Closure.objects.create(starts_on=holiday, ends_on=holiday, reason="Hari libur")
        van.outages.create(starts_on=outage, ends_on=outage + timedelta(days=2), reason="Bengkel")
        long = MONDAY + timedelta(days=14)
        Closure.objects.create(
            institution=stops[0].partner,
            starts_on=long,
            ends_on=long + timedelta(days=13),
            reason="Libur sekolah",
        )
        stops[1].closed_on = [MONDAY + timedelta(days=day) for day in range(5)]
        stops[1].save()
        plan = reckoned(library, circulation)
        driven = set(days_of(plan))
        assert holiday not in driven and not driven & {outage + timedelta(days=day) for day in range(3)}
        school = days_at(plan, stops[0])
        assert school and not any(long <= day <= long + timedelta(days=13) for day in school)
        assert not set(days_at(plan, stops[1])) & set(stops[1].closed_on)

    def test_the_last_visit_before_says_when_the_first_one_comes(
        self, library: Institution, circulation: User, van: Vehicle, stops: list[Stop]
    ) -> None:
        last = MONDAY - timedelta(days=6)
        place_visit(actor=circulation, stop=stops[1], vehicle=van, begins_at=at(last, 9))
        place_visit(actor=circulation, stop=stops[4], vehicle=van, begins_at=at(last, 11))
        stops[4].every_weeks = 13
        stops[4].save()
        plan = reckoned(library, circulation)
        assert 11 <= (days_at(plan, stops[1])[0] - last).days <= 17
        assert [(row["name"], row["code"]) for row in plan.report["left_out"]] == [("Balai D", "not_due")]

    def test_visits_by_hand_stay_with_their_hour_even_against_the_van_s_hours(
        self, library: Institution, circulation: User, van: Vehicle, stops: list[Stop]
    ) -> None:
        on = MONDAY + timedelta(days=10)
        place_visit(
            actor=circulation, stop=stops[1], vehicle=van, begins_at=at(on, 16), ends_at=at(on, 17, 30)
        )
        plan = reckoned(library, circulation)
        row = next(
            row for tour in tours_of(plan, on, on) for row in tour.visits if row.stop == str(stops[1].pk)
        )
        assert (row.begins, row.is_kept, row.by_hand) == (time(16), True, False)
        assert plan.report["kept"] == 1

    def test_a_stop_without_a_place_is_left_out_and_said(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        StopFactory(office=library, name="Entah", latitude=None, longitude=None)
        plan = reckoned(library, circulation)
        assert [(row["name"], row["code"]) for row in plan.report["left_out"]] == [("Entah", "no_place")]

    def test_too_much_work_is_missed_stop_by_stop_with_a_reason_and_a_way(
        self, library: Institution, circulation: User
    ) -> None:
        VehicleFactory(office=library, hours=[(0, time(8), time(11))])
        for name in ("Satu", "Dua", "Tiga"):
            StopFactory(office=library, name=name, every_weeks=1, minutes=90)
        plan = reckoned(library, circulation)
        assert plan.figures["met"] < plan.figures["asked"] == 18
        assert sum(row["visits"] for row in plan.unmet) == plan.figures["asked"] - plan.figures["met"]
        assert all(row["reason"] and row["ways"] for row in plan.unmet)

    def test_an_afternoon_van_needs_no_midday_rest(self, library: Institution, circulation: User) -> None:
        van = VehicleFactory(office=library, hours=[(0, time(7), time(15)), (6, time(13, 30), time(17))])
        StopFactory(office=library, every_weeks=2, windows=[(6, time(14), time(17))])
        StopFactory(office=library, every_weeks=2, windows=[(0, time(8), time(15))])
        plan = reckoned(library, circulation)
        assert plan.figures["met"] == 6
        assert {tour.vehicle for tour in tours_of(plan)} == {str(van.pk)}


class TestWorker:
    def test_a_planner_that_is_killed_leaves_the_calendar_and_says_so(
        self,
        planner: None,
        library: Institution,
        circulation: User,
        stops: list[Stop],
        monkeypatch: MonkeyPatch,
    ) -> None:
        spawn = subprocess.Popen

        def shot(*args: Any, **kwargs: Any) -> Any:
            child = spawn(*args, **kwargs)
            os.kill(child.pid, signal.SIGKILL)
            return child

        monkeypatch.setattr(running.subprocess, "Popen", shot)
        plan = ask_plan(office=library, actor=circulation, **SOON)
        run_waiting_plans()
        plan.refresh_from_db()
        assert (plan.status, plan.faults[0]["code"]) == (RoutePlanStatus.FAILED, "memory")
        assert not Visit.objects.exists()
        plan_quickly(monkeypatch)
        retry_plan(plan=plan, actor=circulation)
        assert run_waiting_plans() == 1
        plan.refresh_from_db()
        assert plan.status == RoutePlanStatus.READY

    def test_a_dead_worker_s_plan_is_taken_up_and_a_living_one_s_is_not(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        plan = ask_plan(office=library, actor=circulation, **SOON)
        assert claim_plan() == plan
        assert claim_plan() is None
        RoutePlan.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
        assert claim_plan() == plan

    def test_cancelling_ends_the_planner_within_seconds(
        self,
        planner: None,
        library: Institution,
        circulation: User,
        stops: list[Stop],
        monkeypatch: MonkeyPatch,
    ) -> None:
        plan = ask_plan(office=library, actor=circulation, **SOON | {"seconds": 60})
        claimed = claim_plan()
        assert claimed is not None
        heard = routing._Watch.progress

        def cancel(self: Any, stage: str, share: float) -> None:
            heard(self, stage, share)
            RoutePlan.objects.filter(pk=plan.pk).update(status=RoutePlanStatus.CANCELLED)
            self.asked = 0

        monkeypatch.setattr(routing._Watch, "progress", cancel)
        began = clock.now()
        assert reckon(claimed).status == RoutePlanStatus.CANCELLED
        assert (clock.now() - began).total_seconds() < 20

    def test_an_impossible_stop_fails_the_plan_by_name(
        self, library: Institution, circulation: User, van: Vehicle
    ) -> None:
        StopFactory(office=library, name="Sempit", minutes=90, windows=[(0, time(8), time(9))])
        plan = ask_plan(office=library, actor=circulation, **SOON)
        run_waiting_plans()
        plan.refresh_from_db()
        assert plan.status == RoutePlanStatus.FAILED
        assert (plan.faults[0]["code"], plan.faults[0]["facts"]["stop"]) == ("window_too_short", "Sempit")


class TestByHand:
    def test_another_day_and_hour_are_kept_said_and_stay_when_reckoned_again(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        plan = reckoned(library, circulation)
        on = days_at(plan, stops[1])[0]
        to = next(
            day for day in (on + timedelta(days=n) for n in range(1, 9)) if day.weekday() < 4 and day != on
        )
        broken = change_visit(
            plan=plan, actor=circulation, stop=stops[1].pk, on=on, to=to, begins_at=time(10)
        )
        assert [row["code"] for row in broken] == ["hand_gap"]
        plan.refresh_from_db()
        row = next(
            row for tour in tours_of(plan, to, to) for row in tour.visits if row.stop == str(stops[1].pk)
        )
        assert (row.begins, row.by_hand) == (time(10), True)
        assert days_at(plan, stops[1])[0] == to
        again = reckon_again(plan=plan, actor=circulation)
        run_waiting_plans()
        again.refresh_from_db()
        assert again.status == RoutePlanStatus.READY, again.faults
        kept = next(
            row for tour in tours_of(again, to, to) for row in tour.visits if row.stop == str(stops[1].pk)
        )
        assert (kept.begins, kept.by_hand) == (time(10), True)
        release_visit(plan=again, actor=circulation, stop=stops[1].pk, on=to)
        again.refresh_from_db()
        assert again.hand == []

    def test_what_a_change_breaks_is_said(
        self, library: Institution, circulation: User, van: Vehicle, stops: list[Stop]
    ) -> None:
        plan = reckoned(library, circulation)
        on = days_at(plan, stops[0])[0]
        broken = change_visit(plan=plan, actor=circulation, stop=stops[0].pk, on=on, begins_at=time(16))
        assert "plan_shift" in {row["code"] for row in broken}
        assert {row["facts"].get("vehicle") for row in broken} >= {"Pusling 1"}

    def test_order_is_a_hand_s_to_change(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        plan = reckoned(library, circulation)
        tour = max(tours_of(plan), key=lambda it: len(it.visits))
        last = tour.visits[-1]
        assert len(tour.visits) > 1
        change_visit(plan=plan, actor=circulation, stop=UUID(last.stop), on=tour.on, position=1)
        plan.refresh_from_db()
        assert tours_of(plan, tour.on, tour.on)[0].visits[0].stop == last.stop
        change_visit(plan=plan, actor=circulation, stop=UUID(last.stop), on=tour.on)
        plan.refresh_from_db()
        assert tours_of(plan, tour.on, tour.on)[0].visits[0].stop == last.stop, "only fixed, not moved"

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"on": MONDAY - timedelta(days=1)}, "no_such_visit"),
            ({"to": MONDAY + timedelta(days=100)}, "outside_plan"),
        ],
    )
    def test_what_cannot_be_changed_is_refused(
        self, given: dict[str, Any], code: str, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        plan = reckoned(library, circulation)
        told = {"stop": stops[1].pk, "on": days_at(plan, stops[1])[0], **given}
        assert code_of(change_visit, plan=plan, actor=circulation, **told) == code


class TestAdopting:
    def test_a_plan_becomes_trips_and_visits_and_each_school_is_told_once(
        self, library: Institution, circulation: User, stops: list[Stop], crew: User
    ) -> None:
        plan = reckoned(library, circulation)
        assert code_of(adopt_plan, plan=plan, actor=crew) == "role_missing"
        answer = adopt_plan(plan=plan, actor=circulation)
        assert (answer.new, answer.moved, answer.cancelled, answer.overtaken) == (12, 0, 0, 0)
        planned = {
            (str(visit.stop_id), visit.begins_at.astimezone(WIB)) for visit in Visit.objects.filter(plan=plan)
        }
        assert planned == {
            (row.stop, datetime.combine(tour.on, row.begins, WIB))
            for tour in tours_of(plan)
            for row in tour.visits
        }
        trip = Trip.objects.order_by("on")[0]
        first = tours_of(plan)[0]
        assert (trip.on, trip.leaves_at, float(trip.planned_km or 0)) == (
            first.on,
            first.leaves,
            first.kilometres,
        )
        assert Notice.objects.filter(recipient=stops[0].partner).count() == 1

    def test_a_second_plan_moves_rows_and_leaves_those_of_people(
        self, library: Institution, circulation: User, van: Vehicle, stops: list[Stop]
    ) -> None:
        first = reckoned(library, circulation)
        adopt_plan(plan=first, actor=circulation)
        fixed = Visit.objects.filter(stop=stops[2]).order_by("begins_at")[0]
        on = fixed.begins_at.astimezone(WIB).date() + timedelta(days=1)
        fixed = move_visit(visit=fixed, actor=circulation, begins_at=at(on, 14))
        keys = set(Visit.objects.values_list("pk", flat=True))
        stops[3].is_active = False
        stops[3].save()
        same = reckoned(library, circulation, seed=2)
        answer = adopt_plan(plan=same, actor=circulation)
        assert (answer.new, answer.cancelled) == (0, 3)
        assert answer.moved + answer.stayed + answer.cancelled + 1 == len(keys)
        assert set(Visit.objects.values_list("pk", flat=True)) == keys
        fixed.refresh_from_db()
        assert (fixed.begins_at, fixed.status) == (at(on, 14), VisitStatus.PLANNED)
        moved = Visit.objects.filter(sequence__gt=0, status=VisitStatus.PLANNED).exclude(pk=fixed.pk).count()
        assert moved == answer.moved

    def test_the_present_calendar_is_kept_where_it_can(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        adopt_plan(plan=reckoned(library, circulation), actor=circulation)
        again = reckoned(library, circulation, seed=9)
        assert (again.figures["kept"], again.figures["earlier"]) == (12, 12)

    def test_what_somebody_took_meanwhile_is_left_out_and_said(
        self, library: Institution, circulation: User, van: Vehicle, stops: list[Stop]
    ) -> None:
        plan = reckoned(library, circulation)
        tour = tours_of(plan)[0]
        row = tour.visits[0]
        other = StopFactory(office=library, name="Mendadak")
        place_visit(
            actor=circulation, stop=other, vehicle=van, begins_at=datetime.combine(tour.on, row.begins, WIB)
        )
        answer = adopt_plan(plan=plan, actor=circulation)
        assert (answer.new, answer.overtaken) == (11, 1)
        assert answer.left_out == (f"{row.name} ({long_date(tour.on, 'id')})",)
        assert answer.left_out[0] in said(answer)

    def test_visits_that_change_places_do_not_run_into_each_other(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        plan = reckoned(library, circulation)
        adopt_plan(plan=plan, actor=circulation)
        again = reckoned(library, circulation)
        tour = max(tours_of(again), key=lambda it: len(it.visits))
        one = tour.visits[-1]
        change_visit(plan=again, actor=circulation, stop=UUID(one.stop), on=tour.on, position=1)
        answer = adopt_plan(plan=RoutePlan.objects.get(pk=again.pk), actor=circulation)
        assert answer.moved >= 2
        pinned = Visit.objects.get(is_pinned=True)
        assert str(pinned.stop_id) == one.stop
        spans = Visit.objects.filter(status="planned").order_by("vehicle", "begins_at")
        rows = list(spans.values_list("vehicle", "begins_at", "ends_at"))
        assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(rows))


class TestComparing:
    def test_a_plan_beside_the_present_calendar_and_another_plan(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        first = reckoned(library, circulation)
        empty = compare_with(first)
        assert Counter(change.kind for change in empty.changes) == {"added": 12}
        adopt_plan(plan=first, actor=circulation)
        second = reckoned(library, circulation)
        change_visit(
            plan=second,
            actor=circulation,
            stop=stops[4].pk,
            on=days_at(second, stops[4])[0],
            to=days_at(second, stops[4])[0] + timedelta(days=7),
        )
        second.refresh_from_db()
        beside = compare_with(second)
        assert [change.name for change in beside.changes if change.kind == "other_day"] == ["Balai D"]
        assert beside.before["met"] == beside.after["met"] == 12
        other = compare_with(second, first)
        assert "Balai D" in {change.name for change in other.changes}
        assert other.before["distance"] == pytest.approx(first.figures["distance"])


def test_the_house_is_read_in_few_statements(
    library: Institution, circulation: User, stops: list[Stop], django_assert_max_num_queries: Any
) -> None:
    plan = ask_plan(office=library, actor=circulation, **SOON)
    with django_assert_max_num_queries(12):
        house_of(RoutePlan.objects.select_related("office").get(pk=plan.pk))
