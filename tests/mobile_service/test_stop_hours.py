"""A school proposes when the van may come; the desk takes it over or says why not; both read what became of it (M1, P1)."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.models import Institution, Notice, User
from mobile_service.models import HoursProposal, Stop, Vehicle
from mobile_service.services.scheduling import place_visit
from mobile_service.services.stop_hours import (
    accept_hours,
    decline_hours,
    propose_hours,
    visits_outside,
    withdraw_hours,
)
from mobile_service.services.stops import close_stop, windows_of
from tests.api.conftest import Program, program
from tests.factories import WIB, StopFactory, VehicleFactory

__all__ = ["program"]

pytestmark = pytest.mark.django_db
In = Callable[[User | None], Client]

TUESDAY = {"weekday": 1, "opens_at": time(8), "closes_at": time(11, 30)}
THURSDAY = {"weekday": 3, "opens_at": time(9), "closes_at": time(12)}


@pytest.fixture
def stop(library: Institution, school_library: Institution) -> Stop:
    return StopFactory(
        office=library,
        school=True,
        partner=school_library,
        name="SDN 01",
        windows=[(0, time(7, 30), time(12))],
    )


def refused(act: Any, **given: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        act(**given)
    return refusal.value.code


def told(rule: str) -> Any:
    return Notice.objects.filter(rule=rule).order_by("created_at")


def test_what_is_accepted_holds_and_both_are_told(stop: Stop, school: User, circulation: User) -> None:
    propose_hours(stop=stop, actor=school, windows=[THURSDAY], note="Mulai Januari.")
    propose_hours(stop=stop, actor=school, windows=[THURSDAY, TUESDAY])
    assert HoursProposal.objects.count() == 1 and told("stop_hours_proposed").open().count() == 1
    assert windows_of(stop) == [(0, time(7, 30), time(12))]
    version = stop.version
    changed = accept_hours(stop=stop, actor=circulation)
    assert windows_of(changed) == [(1, time(8), time(11, 30)), (3, time(9), time(12))]
    assert changed.version > version and not HoursProposal.objects.exists()
    assert not told("stop_hours_proposed").open().exists()
    assert [row.context["outcome"] for row in told("stop_hours_answered")] == ["accepted"]
    assert refused(accept_hours, stop=stop, actor=circulation) == "no_proposal"


def test_what_is_declined_is_said_with_its_reason_and_may_be_proposed_again(
    stop: Stop, school: User, circulation: User
) -> None:
    propose_hours(stop=stop, actor=school, windows=[])
    assert refused(decline_hours, stop=stop, actor=circulation, note=" ") == "reason_missing"
    decline_hours(stop=stop, actor=circulation, note="Hari itu penuh.")
    (answer,) = told("stop_hours_answered")
    assert (answer.context["reason"], answer.recipient) == ("Hari itu penuh.", stop.partner)
    propose_hours(stop=stop, actor=school, windows=[])
    withdraw_hours(stop=stop, actor=school)
    assert not told("stop_hours_proposed").open().exists()
    assert refused(withdraw_hours, stop=stop, actor=school) == "no_proposal"


def test_what_cannot_be_proposed(
    stop: Stop, everybody: dict[str, Any], school: User, circulation: User
) -> None:
    for name, actor in everybody.items():
        if actor is not None and name != "school":
            assert refused(propose_hours, stop=stop, actor=actor, windows=[TUESDAY]) == "role_missing", name
    same = {"weekday": 0, "opens_at": time(7, 30), "closes_at": time(12)}
    backward = {"weekday": 0, "opens_at": time(12), "closes_at": time(8)}
    for windows, code in (
        ([same], "nothing_changed"),
        ([backward], "window_backward"),
        ([TUESDAY, {**TUESDAY, "opens_at": time(9)}], "windows_overlap"),
        ([TUESDAY, {**THURSDAY, "closes_at": time(9, 10)}], "window_short"),
    ):
        assert refused(propose_hours, stop=stop, actor=school, windows=windows) == code
    propose_hours(stop=stop, actor=school, windows=[TUESDAY])
    for name in ("head", "crew", "school", "other_school"):
        assert refused(accept_hours, stop=stop, actor=everybody[name]) == "role_missing", name
        assert refused(decline_hours, stop=stop, actor=everybody[name], note="Tidak") == "role_missing", name
    propose_hours(stop=stop, actor=school, windows=[TUESDAY])
    close_stop(stop=stop, actor=circulation)
    # Neither side could answer or withdraw it any more.
    assert not HoursProposal.objects.exists() and not told("stop_hours_proposed").open().exists()
    assert refused(propose_hours, stop=stop, actor=school, windows=[TUESDAY]) == "stop_closed"


def test_visits_outside_are_counted_and_stay(stop: Stop, library: Institution, officer: User) -> None:
    van: Vehicle = VehicleFactory(office=library)
    today = clock.today()
    monday = today + timedelta(days=7 - today.weekday())
    rows = [
        place_visit(actor=officer, stop=stop, vehicle=van, begins_at=datetime.combine(day, time(9), WIB))
        for day in (monday, monday + timedelta(days=1), monday + timedelta(days=7))
    ]
    assert visits_outside(stop, [(1, time(8), time(12))]) == 2
    assert visits_outside(stop, [(0, time(8), time(12)), (1, time(9, 30), time(12))]) == 1
    assert visits_outside(stop, []) == 0
    assert all(row.status == "planned" for row in rows)


def test_in_the_portal_and_at_the_desk(stop: Stop, school: User, circulation: User, signed_in: In) -> None:
    mine, page = signed_in(school), reverse("portal:stop_hours", args=[stop.pk])
    assert mine.get(page).context["form"].initial["day_0"] == "07.30–12.00"
    wrong = mine.post(page, {"day_0": "pagi"})
    assert wrong.status_code == 422 and "day_0" in wrong.context["form"].errors
    closed = mine.post(page, {"day_0": "tutup"})
    assert closed.status_code == 422 and "day_0" in closed.context["form"].errors
    assert mine.post(page, {"day_0": "07.30-12.00"}).status_code == 422  # nothing is changed by it
    # An empty day is not visited, and its box shows no hours as if it were.
    assert "08.00–16.00" not in mine.get(page).content.decode().split("<form")[-1].replace(stop.name, "")
    short = mine.post(page, {"day_0": "07.30–12.00", "day_1": "07.30–07.40"})
    assert short.status_code == 422 and list(short.context["form"].errors) == ["day_1"]
    assert str(stop.minutes) in short.context["form"].errors["day_1"][0]
    sent = mine.post(page, {"day_1": "08.00–09.30, 10-11.30", "note": "Mulai Januari."})
    assert sent.status_code == 302, sent.content.decode()
    assert "Mulai Januari." in mine.get(page).content.decode()
    assert reverse("portal:stop_hours", args=[stop.pk]) in mine.get(reverse("portal:stops")).content.decode()

    desk, at_desk = signed_in(circulation), reverse("work:stop", args=[stop.pk])
    shown = desk.get(at_desk)
    assert shown.context["proposed"].note == "Mulai Januari." and len(shown.context["wish"]) == 1
    assert str(stop) in desk.get(reverse("admin:index")).content.decode()
    decline = reverse("work:stop_hours_decline", args=[stop.pk])
    assert desk.post(decline, {"note": "Penuh"}).status_code == 302
    assert desk.get(at_desk).context["proposed"] is None
    mine.post(page, {"day_1": "08.00–09.30, 10-11.30"})
    assert desk.post(reverse("work:stop_hours_accept", args=[stop.pk])).status_code == 302
    assert windows_of(stop) == [(1, time(8), time(9, 30)), (1, time(10), time(11, 30))]
    mine.post(page, {"day_2": "08.00–10.00"})
    assert mine.post(page, {"tarik": "1"}).status_code == 302 and not HoursProposal.objects.exists()


def test_hours_that_hold_already_are_not_in_the_way(stop: Stop, school: User) -> None:
    """The desk may know a stop at which the van only stands for a moment; the school changes another day."""
    stop.windows.create(weekday=4, opens_at=time(7), closes_at=time(7, 10))
    kept = {"weekday": 4, "opens_at": time(7), "closes_at": time(7, 10)}
    assert propose_hours(stop=stop, actor=school, windows=[kept, TUESDAY]).spans[-1][0] == 4
    assert refused(propose_hours, stop=stop, actor=school, windows=[{**kept, "weekday": 3}]) == "window_short"


def test_over_the_api(stop: Stop, school: User, circulation: User, program: Program) -> None:
    mine, desk, address = program(school), program(circulation), f"/api/v1/stops/{stop.pk}/"
    assert "propose_hours" in mine.get(address).json()["available_actions"]
    body = {"windows": [{"weekday": 1, "opens_at": "08:00", "closes_at": "11:30"}], "note": "Mulai Januari."}
    assert desk.post(f"{address}propose_hours/", body).status_code == 403
    made = mine.post(f"{address}propose_hours/", body)
    assert made.status_code == 200, made.json()
    assert made.json()["hours_proposal"]["windows"][0]["weekday"] == 1
    seen = desk.get(address).json()
    assert {"accept_hours", "decline_hours"} <= set(seen["available_actions"])
    assert seen["hours_proposal"]["note"] == "Mulai Januari."
    accepted = desk.post(f"{address}accept_hours/")
    assert accepted.status_code == 200, accepted.json()
    answer = accepted.json()
    assert (answer["hours_proposal"], answer["windows"][0]["opens_at"]) == (None, "08:00:00")
    assert desk.post(f"{address}accept_hours/").json()["code"] == "no_proposal"
