"""A series at the desk that is to end later: what is said of it, and what can still be done with it (M2)."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from libraries.models import Institution, User
from mobile_service.models import Series
from mobile_service.services.checking import said
from mobile_service.services.series import change_series, make_series
from tests.factories import WIB, StopFactory, VehicleFactory

pytestmark = pytest.mark.django_db

MONDAY = clock.today() + timedelta(days=7 - clock.today().weekday())
WEEK = timedelta(weeks=1)


@pytest.fixture
def series(library: Institution) -> Series:
    return make_series(
        actor=None,
        stop=StopFactory(office=library),
        vehicle=VehicleFactory(office=library),
        rule="FREQ=WEEKLY;BYDAY=MO",
        starts_on=MONDAY,
        begins_at=time(9),
    )


def step(desk: Client, series: Series, name: str, **given: Any) -> Any:
    return desk.post(reverse("work:van_series_step", args=[series.pk, name]), given, follow=True)


def test_what_ends_later_runs_until_then_and_may_end_earlier(
    series: Series, circulation: User, signed_in: Callable[[User], Client]
) -> None:
    desk, last = signed_in(circulation), MONDAY + 8 * WEEK - timedelta(days=1)
    page = step(desk, series, "end", on=MONDAY + 8 * WEEK, note="Sekolah tutup")
    assert said(last) in " ".join(str(message) for message in page.context["messages"])
    assert [offer.url.rsplit("/", 2)[-2] for offer in page.context["steps"]] == ["change", "except", "end"]
    assert desk.get(reverse("work:van_serieses")).context["counts"] == {"running": 1, "over": 0}
    change = reverse("work:van_series_change", args=[series.pk])
    assert desk.get(change).status_code == 200
    assert step(desk, series, "end", on=MONDAY + 8 * WEEK).status_code == 422
    page = step(desk, series, "end", on=clock.today())
    assert page.context["steps"] == []
    # What a second desk had open leads to the page of the series, which says what became of it.
    for late in (desk.get(change, follow=True), desk.post(change, {"minutes": "30"}, follow=True)):
        assert late.context["series"] == series and list(late.context["messages"])


def test_the_days_that_are_shown_are_those_that_are_saved(
    series: Series, circulation: User, signed_in: Callable[[User], Client]
) -> None:
    """Every eighth week is counted from where it always was, whichever day the form names."""
    desk = signed_in(circulation)
    slow = change_series(series=series, actor=circulation, rule="FREQ=WEEKLY;INTERVAL=8;BYDAY=MO")
    given = {
        "vehicle": slow.vehicle_id,
        "by": "weeks",
        "interval": "8",
        "weekdays": ["0"],
        "starts_on": (MONDAY + WEEK).isoformat(),
        "begins_at": "09:00",
        "minutes": "30",
    }
    shown = desk.post(reverse("work:van_series_change", args=[slow.pk]), given | {"look": "1"})
    assert [day.on for day in shown.context["days"]][:2] == [MONDAY + 8 * WEEK, MONDAY + 16 * WEEK]
    saved = desk.post(reverse("work:van_series_change", args=[slow.pk]), given, follow=True)
    made = saved.context["series"]
    assert [visit.series_on for visit in saved.context["coming"]][:2] == [
        MONDAY + 8 * WEEK,
        MONDAY + 16 * WEEK,
    ]
    old = desk.get(reverse("work:van_series", args=[slow.pk]))
    assert list(old.context["others"]) == [made]


def test_a_day_whose_visit_has_begun_is_not_proposed_to_be_left_out(
    series: Series, circulation: User, signed_in: Callable[[User], Client]
) -> None:
    desk = signed_in(circulation)
    for hour, proposed in ((8, MONDAY), (10, MONDAY + WEEK)):
        with clock.pretend(datetime.combine(MONDAY, time(hour), WIB)):
            form = desk.get(reverse("work:van_series_step", args=[series.pk, "except"])).context["form"]
            assert form.initial["on"] == proposed
            if hour == 10:
                assert step(desk, series, "except", on=MONDAY, note="Ujian").status_code == 409
