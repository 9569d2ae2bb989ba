"""The adoption of a route plan taken back: the calendar before it stands again, or nothing of it is touched (M3)."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pytest import MonkeyPatch

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.models import Institution, Notice, User
from mobile_service.choices import RoutePlanStatus, TripStatus
from mobile_service.models import RoutePlan, Stop, Trip, Vehicle, Visit
from mobile_service.services.route_adopting import adopt_plan
from mobile_service.services.route_remembering import WINDOW
from mobile_service.services.route_undoing import undo_adoption
from mobile_service.services.routing import ask_plan, run_waiting_plans
from mobile_service.services.routing_result import tours_of
from mobile_service.services.scheduling import move_visit, place_visit
from mobile_service.services.trips import make_trip
from tests.factories import CrewMemberFactory, StopFactory, VehicleFactory
from tests.mobile_service.quick_planner import plan_quickly

pytestmark = pytest.mark.django_db

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = clock.today() + timedelta(days=21 - clock.today().weekday())


@pytest.fixture(autouse=True)
def quickly(monkeypatch: MonkeyPatch) -> None:
    plan_quickly(monkeypatch)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling 1")


@pytest.fixture
def stops(library: Institution, van: Vehicle) -> list[Stop]:
    return [
        StopFactory(office=library, name="SD Uji", school=True, every_weeks=2),
        StopFactory(office=library, name="Balai A", every_weeks=2),
        StopFactory(office=library, name="Balai B", every_weeks=3),
    ]


def reckoned(library: Institution, actor: User) -> RoutePlan:
    plan = ask_plan(
        office=library,
        actor=actor,
        starts_on=MONDAY,
        ends_on=MONDAY + timedelta(days=41),
        seconds=5,
        keeps_calendar=False,
    )
    run_waiting_plans()
    plan.refresh_from_db()
    assert plan.status == RoutePlanStatus.READY, plan.faults
    return plan


def calendar() -> list[tuple[Any, ...]]:
    """Everything that anybody sees of the calendar, but for how often it was changed."""
    rows = Visit.objects.order_by("begins_at", "stop__name").select_related("trip")
    return [
        (
            *(
                row.pk,
                row.stop_id,
                row.begins_at,
                row.ends_at,
                row.status,
                row.reason,
                row.is_pinned,
                row.plan_id,
            ),
            *(row.vehicle_id, row.trip.on, row.trip.leaves_at, row.trip.back_at, row.trip.planned_km),
            *row.trip.duties.order_by("member").values_list("member", flat=True),
        )
        for row in rows
    ]


def refused(plan: RoutePlan, actor: User) -> str:
    before = calendar()
    with pytest.raises(DomainError) as refusal:
        undo_adoption(plan=plan, actor=actor)
    assert calendar() == before, "what is refused changes nothing"
    return refusal.value.code


def test_a_first_plan_leaves_without_a_trace(
    library: Institution, circulation: User, crew: User, van: Vehicle, stops: list[Stop]
) -> None:
    by_hand = make_trip(actor=circulation, vehicle=van, on=MONDAY + timedelta(days=5))
    plan = reckoned(library, circulation)
    adopt_plan(plan=plan, actor=circulation)
    assert Visit.objects.count() == 8
    assert refused(plan, crew) == "role_missing"
    undo_adoption(plan=plan, actor=circulation)
    plan.refresh_from_db()
    assert (plan.status, plan.adopted_at, plan.before) == (RoutePlanStatus.READY, None, None)
    assert not Visit.objects.exists()
    assert list(Trip.objects.all()) == [by_hand], "a trip without stops that stood there before stays"
    assert not Notice.objects.open().exists(), "no message has left the house: nobody is told of anything"
    assert adopt_plan(plan=plan, actor=circulation).new == 8


def test_the_calendar_before_it_stands_again_with_hours_crew_and_what_was_called_off(
    library: Institution, circulation: User, van: Vehicle, stops: list[Stop]
) -> None:
    driver = CrewMemberFactory(office=library, vehicle=van)
    adopt_plan(plan=reckoned(library, circulation), actor=circulation)
    fixed = Visit.objects.filter(stop=stops[2]).order_by("begins_at")[0]
    on = fixed.begins_at.astimezone(WIB).date() + timedelta(days=1)
    move_visit(visit=fixed, actor=circulation, begins_at=datetime.combine(on, time(14), WIB))
    driver.vehicle = None
    driver.save()
    before = calendar()
    stops[1].is_active = False
    stops[1].save()
    VehicleFactory(office=library, name="Pusling 2", hours=[(5, time(8), time(15)), (6, time(8), time(15))])
    van.hours.exclude(weekday__in=(1, 2)).delete()
    second = reckoned(library, circulation)
    answer = adopt_plan(plan=second, actor=circulation)
    assert answer.moved and answer.cancelled
    assert calendar() != before
    changed = dict(Visit.objects.values_list("pk", "sequence"))
    undo_adoption(plan=second, actor=circulation)
    assert calendar() == before
    again = dict(Visit.objects.values_list("pk", "sequence"))
    assert all(again[pk] in (count, count + 1) for pk, count in changed.items() if pk in again)
    assert sum(again[pk] > count for pk, count in changed.items() if pk in again) == (
        answer.moved + answer.cancelled
    )
    assert not Trip.objects.exclude(status=TripStatus.CANCELLED).filter(visits=None).exists()


def test_a_school_that_read_of_it_is_told_that_it_holds_no_more(
    library: Institution, circulation: User, stops: list[Stop]
) -> None:
    plan = reckoned(library, circulation)
    adopt_plan(plan=plan, actor=circulation)
    Notice.objects.update(addressed_at=clock.now())
    undo_adoption(plan=plan, actor=circulation)
    (told,) = Notice.objects.open().filter(recipient=stops[0].partner)
    assert (told.context["what"], told.context["count"]) == ("cancelled", 3)
    assert told.context["reason"]


def test_after_ten_minutes_it_stands(library: Institution, circulation: User, stops: list[Stop]) -> None:
    plan = reckoned(library, circulation)
    assert refused(plan, circulation) == "wrong_state"
    adopt_plan(plan=plan, actor=circulation)
    RoutePlan.objects.update(adopted_at=clock.now() - WINDOW)
    assert refused(plan, circulation) == "undo_late"


def test_what_was_done_since_stands_against_it(
    library: Institution, circulation: User, van: Vehicle, stops: list[Stop]
) -> None:
    plan = reckoned(library, circulation)
    adopt_plan(plan=plan, actor=circulation)
    tour: Any = tours_of(plan)[0]
    free = next(
        day for day in (MONDAY + timedelta(days=n) for n in range(42)) if day.weekday() < 5 and day != tour.on
    )
    place_visit(
        actor=circulation,
        stop=StopFactory(office=library, name="Mendadak"),
        vehicle=van,
        begins_at=datetime.combine(free, time(16), WIB),
    )
    assert refused(plan, circulation) == "changed_since"


@pytest.mark.parametrize("status", [TripStatus.UNDER_WAY, TripStatus.DONE])
def test_once_a_van_has_set_off_it_stands(
    status: str, library: Institution, circulation: User, stops: list[Stop]
) -> None:
    plan = reckoned(library, circulation)
    adopt_plan(plan=plan, actor=circulation)
    Trip.objects.filter(pk=Trip.objects.order_by("on")[0].pk).update(status=status)
    assert refused(plan, circulation) == "trip_begun"


def test_a_later_plan_is_taken_back_first(library: Institution, circulation: User, stops: list[Stop]) -> None:
    first = reckoned(library, circulation)
    adopt_plan(plan=first, actor=circulation)
    second = reckoned(library, circulation)
    adopt_plan(plan=second, actor=circulation)
    assert refused(first, circulation) == "overtaken"


def test_the_button_is_there_for_ten_minutes(
    signed_in: Any, library: Institution, circulation: User, stops: list[Stop]
) -> None:
    plan = reckoned(library, circulation)
    desk: Client = signed_in(circulation)
    page = reverse("work:route_plan", args=[plan.pk])
    undo = reverse("work:route_plan_step", args=[plan.pk, "undo"])
    assert undo not in desk.get(page).content.decode()
    desk.post(reverse("work:route_plan_step", args=[plan.pk, "adopt"]))
    assert undo in desk.get(page).content.decode()
    assert "undo" in desk.get(f"/api/v1/route-plans/{plan.pk}/").json()["available_actions"]
    assert desk.post(undo)["Location"] == page
    assert not Visit.objects.exists()
    adopt_plan(plan=plan, actor=circulation)
    RoutePlan.objects.update(adopted_at=clock.now() - WINDOW)
    assert undo not in desk.get(page).content.decode()
    assert "undo" not in desk.get(f"/api/v1/route-plans/{plan.pk}/").json()["available_actions"]
    assert desk.post(undo).status_code == 409
