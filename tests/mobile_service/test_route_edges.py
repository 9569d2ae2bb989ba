"""Route plans at their edges: days that have passed, a reader that breaks, visits that the plan does not own (M3)."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pytest import MonkeyPatch

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.models import Institution, User
from mobile_service.choices import RoutePlanStatus, VisitStatus
from mobile_service.models import RoutePlan, Stop, Vehicle, Visit
from mobile_service.services import routing
from mobile_service.services.route_adopting import adopt_plan
from mobile_service.services.route_changing import change_visit, release_visit
from mobile_service.services.routing import ask_plan, reckon_again, retry_plan, run_waiting_plans
from mobile_service.services.routing_result import tours_of
from mobile_service.services.scheduling import move_visit, place_visit
from tests.factories import StopFactory, VehicleFactory
from tests.mobile_service.quick_planner import plan_quickly

pytestmark = pytest.mark.django_db

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = clock.today() + timedelta(days=21 - clock.today().weekday())
LAST = MONDAY + timedelta(days=27)
AFTERWARDS = datetime.combine(LAST, time(9), WIB)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling 1")


@pytest.fixture
def stops(library: Institution, van: Vehicle) -> list[Stop]:
    return [StopFactory(office=library, name=f"Balai {letter}", every_weeks=2) for letter in "ABC"]


@pytest.fixture(autouse=True)
def quickly(monkeypatch: MonkeyPatch) -> None:
    plan_quickly(monkeypatch)


def asked(office: Institution, actor: User) -> RoutePlan:
    return ask_plan(office=office, actor=actor, starts_on=MONDAY, ends_on=LAST, seconds=5)


def reckoned(office: Institution, actor: User) -> RoutePlan:
    return finished(asked(office, actor))


def finished(plan: RoutePlan) -> RoutePlan:
    run_waiting_plans()
    plan.refresh_from_db()
    assert plan.status == RoutePlanStatus.READY, plan.faults
    return plan


def code_of(verb: Any, **given: Any) -> str:
    with pytest.raises(DomainError) as refused:
        verb(**given)
    return refused.value.code


def visits_at(plan: RoutePlan, stop: Stop) -> list[tuple[date, bool, bool]]:
    """Day, whether it is fixed by hand, whether it stands in the calendar anyway."""
    return [
        (tour.on, row.by_hand, row.is_kept)
        for tour in tours_of(plan)
        for row in tour.visits
        if row.stop == str(stop.pk)
    ]


def moment(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour), WIB)


class TestDays:
    def test_a_plan_whose_last_day_came_while_it_waited_says_so(
        self, library: Institution, circulation: User, stops: list[Stop], signed_in: Any
    ) -> None:
        plan = asked(library, circulation)
        with clock.pretend(AFTERWARDS):
            assert run_waiting_plans() == 1
            plan.refresh_from_db()
            assert (plan.status, plan.faults) == (RoutePlanStatus.FAILED, [{"code": "no_days", "facts": {}}])
            assert code_of(retry_plan, plan=plan, actor=circulation) == "in_the_past"
        page = signed_in(circulation).get(reverse("work:route_plan", args=[plan.pk]))
        assert "Tidak ada hari" in page.content.decode()

    def test_a_reader_that_breaks_fails_one_plan_and_not_all(
        self,
        library: Institution,
        circulation: User,
        stops: list[Stop],
        monkeypatch: MonkeyPatch,
        signed_in: Any,
    ) -> None:
        plan = asked(library, circulation)

        def breaks(_plan: RoutePlan) -> Any:
            raise IndexError("range object index out of range")

        with monkeypatch.context() as broken:
            broken.setattr(routing, "house_of", breaks)
            assert run_waiting_plans() == 1
        plan.refresh_from_db()
        assert (plan.status, plan.faults[0]["code"]) == (RoutePlanStatus.FAILED, "crashed")
        assert signed_in(circulation).get(reverse("work:route_plan", args=[plan.pk])).status_code == 200
        other = asked(library, circulation)
        assert code_of(retry_plan, plan=plan, actor=circulation) == "plan_under_way"
        finished(other)
        assert finished(retry_plan(plan=plan, actor=circulation)).faults == []

    def test_a_week_that_no_calendar_has_shows_the_first(
        self, library: Institution, circulation: User, stops: list[Stop], signed_in: Any
    ) -> None:
        plan = reckoned(library, circulation)
        client: Client = signed_in(circulation)
        for week in ("9999-12-31", "0001-01-01"):
            page = client.get(reverse("work:route_plan", args=[plan.pk]), {"minggu": week})
            assert page.context["week"] == page.context["weeks"][0]


class TestStops:
    def test_one_that_no_tour_can_serve_is_left_out_and_said(
        self, library: Institution, circulation: User, stops: list[Stop], signed_in: Any
    ) -> None:
        StopFactory(office=library, name="Sempit", minutes=90, windows=[(0, time(8), time(9))])
        plan = reckoned(library, circulation)
        assert [(row["name"], row["code"]) for row in plan.report["left_out"]] == [
            ("Sempit", "window_too_short")
        ]
        assert plan.figures["met"] == 6
        page = signed_in(circulation).get(reverse("work:route_plan", args=[plan.pk])).content.decode()
        assert "Kunjungan di Sempit memerlukan 90 menit" in page

    def test_more_than_the_planner_takes_are_refused_when_asked(
        self, library: Institution, circulation: User, stops: list[Stop], monkeypatch: MonkeyPatch
    ) -> None:
        monkeypatch.setattr(routing, "MOST_STOPS", 2)
        given = {"office": library, "actor": circulation, "starts_on": MONDAY, "ends_on": LAST}
        assert code_of(ask_plan, **given) == "too_many_stops"


class TestWhatThePlanDoesNotOwn:
    def test_a_visit_that_is_fixed_in_the_calendar_is_not_changed_here(
        self, library: Institution, circulation: User, van: Vehicle, stops: list[Stop]
    ) -> None:
        on = MONDAY + timedelta(days=1)
        place_visit(actor=circulation, stop=stops[0], vehicle=van, begins_at=moment(on, 10))
        plan = reckoned(library, circulation)
        told = {"plan": plan, "actor": circulation, "stop": stops[0].pk, "on": on}
        assert (on, False, True) in visits_at(plan, stops[0])
        assert code_of(change_visit, to=on + timedelta(days=2), **told) == "fixed_in_calendar"
        adopt_plan(plan=plan, actor=circulation)
        assert Visit.objects.filter(stop=stops[0]).count() == len(visits_at(plan, stops[0]))

    def test_what_a_hand_has_let_go_of_is_the_plan_s_again_and_adopted(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        plan = reckoned(library, circulation)
        on = visits_at(plan, stops[0])[0][0]
        change_visit(plan=plan, actor=circulation, stop=stops[0].pk, on=on)
        plan.refresh_from_db()
        again = finished(reckon_again(plan=plan, actor=circulation))
        assert (on, True, False) in visits_at(again, stops[0])
        release_visit(plan=again, actor=circulation, stop=stops[0].pk, on=on)
        again.refresh_from_db()
        assert (on, False, False) in visits_at(again, stops[0])
        assert adopt_plan(plan=again, actor=circulation).new == 6

    def test_a_van_without_hours_that_comes_often_enough_leaves_the_plan_nothing_to_do(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        other = VehicleFactory(office=library, name="Pinjaman", hours=[])
        for week in (0, 2):
            on = MONDAY + timedelta(days=2 + 7 * week)
            place_visit(actor=circulation, stop=stops[0], vehicle=other, begins_at=moment(on, 10))
        place_visit(actor=circulation, stop=stops[1], vehicle=other, begins_at=moment(MONDAY, 13))
        plan = reckoned(library, circulation)
        assert [(row["name"], row["code"]) for row in plan.report["left_out"]] == [("Balai A", "elsewhere")]
        assert MONDAY not in [day for day, _hand, _kept in visits_at(plan, stops[1])]

    def test_a_day_on_which_somebody_else_comes_meanwhile_is_left_out(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        plan = reckoned(library, circulation)
        on = visits_at(plan, stops[0])[0][0]
        late = VehicleFactory(office=library, name="Pusling 2")
        place_visit(actor=circulation, stop=stops[0], vehicle=late, begins_at=moment(on, 14))
        answer = adopt_plan(plan=plan, actor=circulation)
        assert (answer.new, answer.overtaken) == (5, 1)

    def test_why_somebody_moved_a_visit_is_not_said_of_where_a_plan_puts_it(
        self, library: Institution, circulation: User, stops: list[Stop]
    ) -> None:
        adopt_plan(plan=reckoned(library, circulation), actor=circulation)
        visit = Visit.objects.filter(stop=stops[0]).earliest("begins_at")
        was = visit.begins_at.astimezone(WIB).date()
        move_visit(
            visit=visit,
            actor=circulation,
            begins_at=moment(was + timedelta(days=1), 14),
            reason="Rapat guru",
        )
        Visit.objects.filter(pk=visit.pk).update(is_pinned=False)
        plan = reckoned(library, circulation)
        on = next(day for day, _hand, _kept in visits_at(plan, stops[0]))
        change_visit(plan=plan, actor=circulation, stop=UUID(str(stops[0].pk)), on=on, begins_at=time(9))
        adopt_plan(plan=RoutePlan.objects.get(pk=plan.pk), actor=circulation)
        visit.refresh_from_db()
        assert (visit.status, visit.reason) == (VisitStatus.PLANNED, "")
