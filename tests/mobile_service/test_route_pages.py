"""The route planner at the desk: asked for, watched, looked at, changed, compared, printed and adopted; and driving times typed."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest import MonkeyPatch

from kerjasama.domain import clock
from libraries.models import Institution, User
from mobile_service.admin import route_plans
from mobile_service.choices import RoutePlanStatus
from mobile_service.models import RoutePlan, Stop, StopWindow, TravelTime, Visit
from mobile_service.services.routing import claim_plan, run_waiting_plans
from mobile_service.services.routing_result import tours_of
from tests.factories import StopFactory, VehicleFactory
from tests.mobile_service.quick_planner import plan_quickly

pytestmark = pytest.mark.django_db

MONDAY = clock.today() + timedelta(days=21 - clock.today().weekday())


@pytest.fixture
def stops(library: Institution) -> list[Stop]:
    VehicleFactory(office=library, name="Pusling 1")
    return [StopFactory(office=library, name=f"Balai {letter}", every_weeks=2) for letter in "ABC"]


@pytest.fixture
def desk(signed_in: Any, circulation: User) -> Client:
    client: Client = signed_in(circulation)
    return client


@pytest.fixture
def plan(desk: Client, library: Institution, stops: list[Stop], monkeypatch: MonkeyPatch) -> RoutePlan:
    plan_quickly(monkeypatch)
    answer = desk.post(reverse("work:route_plan_ask"), order(library))
    made = RoutePlan.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, address("route_plan", made))
    run_waiting_plans()
    made.refresh_from_db()
    return made


def order(library: Institution, **others: Any) -> dict[str, Any]:
    return {
        "office": str(library.pk),
        "starts_on": MONDAY.isoformat(),
        "ends_on": (MONDAY + timedelta(days=27)).isoformat(),
        "seconds": "5",
        "keeps_calendar": "on",
        **others,
    }


def address(name: str, plan: RoutePlan, *more: Any) -> str:
    return reverse(f"work:{name}", args=[plan.pk, *more])


def test_a_plan_is_watched_looked_at_and_adopted(desk: Client, plan: RoutePlan) -> None:
    assert desk.get(address("route_plan_progress", plan))["HX-Refresh"] == "true"
    page = desk.get(address("route_plan", plan))
    assert page.context["figures"]["met"] == 6
    assert page.context["week"] == min(tour.on for tour in tours_of(plan)) - timedelta(
        days=tours_of(plan)[0].on.weekday()
    )
    listed = desk.get(reverse("work:route_plans")).content.decode()
    assert "6/6" in listed
    points = desk.get(address("route_plan_points", plan), {"dari": MONDAY.isoformat()}).json()["features"]
    kinds = [row["geometry"]["type"] for row in points]
    assert kinds.count("LineString") == len(tours_of(plan))
    assert "A1" in {row["properties"]["label"] for row in points}
    paper = desk.get(address("route_plan_paper", plan))
    assert paper.content.startswith(b"%PDF")
    sheet = desk.get(address("route_plan", plan), {"bentuk": "csv"}).content.decode()
    assert sheet.count("Balai") == 6
    assert "Pakai" in desk.get(address("route_plan_step", plan, "adopt")).content.decode()
    desk.post(address("route_plan_step", plan, "adopt"))
    assert Visit.objects.filter(plan=plan).count() == 6
    beside = desk.get(address("route_plan_compare", plan))
    assert (beside.context["beside"].same, beside.context["groups"]) == (6, [])
    again = desk.post(address("route_plan_step", plan, "again"))
    assert again["Location"] == address("route_plan", RoutePlan.objects.exclude(pk=plan.pk).get())


def test_what_differs_is_counted_by_kind_and_folded_where_it_is_much(
    desk: Client, plan: RoutePlan, monkeypatch: MonkeyPatch
) -> None:
    beside = desk.get(address("route_plan_compare", plan))
    assert [(str(words), len(rows)) for words, rows in beside.context["groups"]] == [("Baru", 6)]
    shown = beside.content.decode()
    assert '<details class="more" open><summary>Baru: 6</summary>' in shown and shown.count("Balai A") == 2
    monkeypatch.setattr(route_plans, "SHOWN_CHANGES", 5)
    much = desk.get(address("route_plan_compare", plan)).content.decode()
    assert '<details class="more"><summary>Baru: 6</summary>' in much


def test_while_it_is_reckoned_the_page_looks_again_and_a_failure_is_told(
    desk: Client, library: Institution, stops: list[Stop]
) -> None:
    desk.post(reverse("work:route_plan_ask"), order(library))
    plan = RoutePlan.objects.get()
    assert b"hx-get" in desk.get(address("route_plan", plan)).content
    assert "HX-Refresh" not in desk.get(address("route_plan_progress", plan))
    assert desk.get(address("route_plan_paper", plan)).status_code == 404
    assert claim_plan() == plan
    RoutePlan.objects.update(
        status=RoutePlanStatus.FAILED,
        faults=[{"code": "pin_on_closed_day", "facts": {"stop": "Balai A", "day": 3, "vehicle": ""}}],
    )
    said = desk.get(address("route_plan", plan)).content.decode()
    assert "Balai A" in said
    again = desk.post(reverse("work:route_plan_ask"), order(library, seconds="9999"))
    assert again.status_code == 422


def test_a_visit_is_moved_by_typing_and_step_by_step(
    desk: Client, plan: RoutePlan, stops: list[Stop]
) -> None:
    tour = tours_of(plan)[0]
    row = tour.visits[0]
    page = address("route_plan_day", plan, tour.on.isoformat())
    assert row.name in desk.get(page).content.decode()
    to = tour.on + timedelta(days=1)
    moved = desk.post(page, {"stop": row.stop, "to": to.isoformat(), "begins_at": "10:15"})
    assert moved["Location"] == address("route_plan_day", plan, to.isoformat())
    plan.refresh_from_db()
    found = next(it for day in tours_of(plan, to, to) for it in day.visits if it.stop == row.stop)
    assert (found.begins, found.by_hand) == (time(10, 15), True)
    warned = desk.get(moved["Location"]).content.decode()
    assert row.name in warned and warned.count("route-visit") >= 1
    there = address("route_plan_day", plan, to.isoformat())
    desk.post(there, {"stop": row.stop, "langkah": "lepas"})
    plan.refresh_from_db()
    assert plan.hand == []
    refused = desk.post(there, {"stop": row.stop, "to": "2030-01-01"})
    assert refused.status_code == 422
    assert desk.get(address("route_plan_day", plan, "kemarin")).status_code == 404


def said_on(desk: Client, answer: Any) -> str:
    """The message of the page to which a press has led."""
    return " ".join(str(it) for it in desk.get(answer["Location"]).context["messages"])


def test_what_a_change_breaks_is_said_once_and_listed_until_it_is_mended(
    desk: Client, plan: RoutePlan, stops: list[Stop]
) -> None:
    """A gap between visits that an earlier change has made is not forgotten with the next one, nor blamed on it."""
    tour = tours_of(plan)[0]
    first, one, other = tour.on, *tour.visits[:2]
    to = next(day for day in (first + timedelta(days=n) for n in range(1, 5)) if day.weekday() < 5)
    moved = desk.post(
        address("route_plan_day", plan, first.isoformat()), {"stop": one.stop, "to": to.isoformat()}
    )
    assert one.name in said_on(desk, moved)
    plan.refresh_from_db()
    gaps = [row for row in plan.report["broken"] if row["code"] == "hand_gap"]
    assert {row["facts"]["stop"] for row in gaps} == {one.name}
    fixed = desk.post(address("route_plan_day", plan, first.isoformat()), {"stop": other.stop})
    assert one.name not in said_on(desk, fixed)
    plan.refresh_from_db()
    assert [row for row in plan.report["broken"] if row["code"] == "hand_gap"] == gaps
    desk.post(address("route_plan_day", plan, to.isoformat()), {"stop": one.stop, "to": first.isoformat()})
    plan.refresh_from_db()
    assert "hand_gap" not in {row["code"] for row in plan.report["broken"]}


@pytest.mark.parametrize(("language", "sign"), [("id", "."), ("en", ":")])
def test_hours_are_written_as_the_reader_writes_them(
    desk: Client, plan: RoutePlan, stops: list[Stop], language: str, sign: str
) -> None:
    desk.cookies["bahasa"] = language
    StopWindow.objects.create(stop=stops[0], weekday=0, opens_at=time(8), closes_at=time(13))
    pages = [
        reverse("work:stops"),
        reverse("work:stop", args=[stops[0].pk]),
        *(address(name, plan) for name in ("route_plan", "route_plan_compare")),
        address("route_plan_day", plan, tours_of(plan)[0].on.isoformat()),
    ]
    for page in pages:
        said = re.sub(r"<[^>]*>", " ", desk.get(page).content.decode().partition("<main")[2])
        assert {found.group("sign") for found in re.finditer(r"\b0[78](?P<sign>[.:])\d\d\b", said)} == {
            sign
        }, page


def test_order_in_a_tour_changes_with_one_press(desk: Client, plan: RoutePlan) -> None:
    tour = max(tours_of(plan), key=lambda it: len(it.visits))
    assert len(tour.visits) > 1
    second = tour.visits[1]
    desk.post(address("route_plan_day", plan, tour.on.isoformat()), {"stop": second.stop, "langkah": "maju"})
    plan.refresh_from_db()
    assert (
        next(it for it in tours_of(plan, tour.on, tour.on) if it.vehicle == tour.vehicle).visits[0].stop
        == second.stop
    )


def test_driving_times_are_typed_pasted_and_forgotten(
    desk: Client, library: Institution, stops: list[Stop]
) -> None:
    page = reverse("work:travel_times")
    one = {
        "office": str(library.pk),
        "origin": str(stops[0].pk),
        "target": str(stops[1].pk),
        "minutes": "12.5",
    }
    assert desk.post(page, {**one, "both": "on"}).status_code == 302
    assert TravelTime.objects.count() == 2
    assert desk.post(page, {**one, "target": str(stops[0].pk)}).status_code == 422
    pasted = desk.post(page, {"tempel-office": str(library.pk), "tempel-text": "depot;Balai C;25;9,5"})
    assert pasted.status_code == 302
    wrong = desk.post(page, {"tempel-office": str(library.pk), "tempel-text": "depot;Balai Z;25"})
    assert wrong.status_code == 422 and "Balai Z" in wrong.content.decode()
    row = TravelTime.objects.get(origin=None)
    assert "9,5" in desk.get(page).content.decode() or "9.5" in desk.get(page).content.decode()
    desk.post(reverse("work:travel_time_remove", args=[row.pk]))
    assert TravelTime.objects.count() == 2


def test_the_crew_and_another_library_change_nothing(
    signed_in: Any, plan: RoutePlan, crew: User, perpusnas: User
) -> None:
    on = tours_of(plan)[0].on
    day = address("route_plan_day", plan, on.isoformat())
    visit = {"stop": tours_of(plan)[0].visits[0].stop, "to": (on + timedelta(days=1)).isoformat()}
    mine = signed_in(crew)
    assert mine.get(day).status_code == 200
    assert mine.post(day, visit).status_code == 403
    assert signed_in(perpusnas).get(day).status_code == 404


def test_vehicles_that_cannot_be_sent_out_are_named(
    desk: Client, library: Institution, stops: list[Stop], monkeypatch: MonkeyPatch
) -> None:
    """One starts somewhere, so there is a plan; of the others it is said what they lack."""
    Institution.objects.filter(pk=library.pk).update(latitude=None, longitude=None)
    astray = VehicleFactory(office=library, name="Pusling Tanpa Titik", latitude=None, longitude=None)
    VehicleFactory(office=library, name="Pusling Tanpa Jam", hours=[])
    plan_quickly(monkeypatch)
    desk.post(reverse("work:route_plan_ask"), order(library))
    run_waiting_plans()
    plan = RoutePlan.objects.get()
    assert [(row["name"], row["code"]) for row in plan.report["idle"]] == [
        ("Pusling Tanpa Jam", "no_hours"),
        ("Pusling Tanpa Titik", "no_start"),
    ]
    page = desk.get(address("route_plan", plan))
    assert [name for _address, name, _why in page.context["idle"]] == [
        "Pusling Tanpa Jam",
        "Pusling Tanpa Titik",
    ]
    assert reverse("work:vehicle", args=[astray.pk]) in page.content.decode()

    RoutePlan.objects.all().delete()
    library.vehicles.update(latitude=None, longitude=None)
    refused = desk.post(reverse("work:route_plan_ask"), order(library))
    assert refused.status_code in (409, 422) and not RoutePlan.objects.exists()
