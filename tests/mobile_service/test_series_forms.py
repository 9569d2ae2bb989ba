"""Visits that repeat, at the desk: built without typing a rule, looked at day by day, left out, put back and ended (M2)."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from kerjasama.domain.wording import long_date
from libraries.models import Closure, Institution, User
from mobile_service.models import Series, Stop, Vehicle, Visit
from mobile_service.services.scheduling import place_visit
from mobile_service.services.series import make_series
from tests.factories import StopFactory
from tests.mobile_service.calendar_desk import MONDAY, at, desk, stop, van, visit

__all__ = ["desk", "stop", "van", "visit"]

pytestmark = pytest.mark.django_db


def series_form(van: Vehicle, stop: Stop, **more: Any) -> dict[str, Any]:
    return {
        "stop": stop.pk, "vehicle": van.pk, "by": "weeks", "interval": 1, "weekdays": [0],
        "begins_at": "09:00", "starts_on": MONDAY, **more,
    }  # fmt: skip


def test_a_series_is_built_without_typing_a_rule(desk: Client, van: Vehicle, stop: Stop) -> None:
    address = reverse("work:van_series_new")
    Closure.objects.create(starts_on=MONDAY + timedelta(7), ends_on=MONDAY + timedelta(7), reason="Idulfitri")
    looked = desk.post(address, series_form(van, stop, look="1"))
    assert looked.status_code == 200 and "Every Monday" in looked.content.decode()
    assert "Idulfitri" in looked.content.decode() and not Series.objects.exists()
    assert desk.post(address, series_form(van, stop)).status_code == 409
    assert desk.post(address, series_form(van, stop, despite="on")).status_code == 302
    series = Series.objects.get()
    assert series.rule == "FREQ=WEEKLY;BYDAY=MO" and series.left_out == [MONDAY + timedelta(7)]
    page = desk.get(reverse("work:van_series", args=[series.pk])).content.decode()
    assert "Every Monday" in page and "Put it back" in page
    assert "SDN 01" in desk.get(reverse("work:van_serieses"), {"q": "SDN"}).content.decode()


def test_a_rule_that_the_boxes_cannot_say_is_kept(
    desk: Client, van: Vehicle, stop: Stop, officer: User
) -> None:
    rule = "FREQ=MONTHLY;BYDAY=2TU,4TH"
    series = make_series(
        actor=officer, stop=stop, vehicle=van, rule=rule, starts_on=MONDAY, begins_at=time(9)
    )
    address = reverse("work:van_series_change", args=[series.pk])
    page = desk.get(address)
    assert "the second Tuesday and the fourth Thursday" in page.content.decode()
    form = page.context["form"]
    shown = {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields}
    given = {**{name: value for name, value in shown.items() if value is not None}, "begins_at": "10:30"}
    assert desk.post(address, {**given, "despite": "on", "starts_on": MONDAY}).status_code == 302
    assert [row.rule for row in Series.objects.filter(status="active")] == [rule]
    # A rule of boxes is shown in them, and the way out is not offered for it.
    ticked = make_series(
        actor=officer,
        stop=StopFactory(office=van.office),
        vehicle=van,
        rule="FREQ=MONTHLY;BYDAY=2TU,2TH,4TU,4TH",
        starts_on=MONDAY,
        begins_at=time(12),
    )
    form = desk.get(reverse("work:van_series_change", args=[ticked.pk])).context["form"]
    assert [value for value, _label in form.fields["by"].choices] == ["weeks", "places", "dates"]
    assert (form.initial["places"], form.initial["weekdays"]) == ([2, 4], [1, 3])


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"by": "weeks", "interval": 8, "weekdays": [6]}, "FREQ=WEEKLY;INTERVAL=8;BYDAY=SU"),
        ({"by": "places", "places": [2, 4], "weekdays": [1]}, "FREQ=MONTHLY;BYDAY=2TU,4TU"),
        ({"by": "dates", "dates": "15, 1", "last_day": "on"}, "FREQ=MONTHLY;BYMONTHDAY=1,15,-1"),
    ],
)
def test_every_kind_of_rule_comes_out_of_the_form_and_goes_back_into_it(
    desk: Client, van: Vehicle, stop: Stop, given: Any, rule: str
) -> None:
    data = series_form(van, stop, despite="on", **given)
    assert desk.post(reverse("work:van_series_new"), data).status_code == 302
    series = Series.objects.get()
    assert series.rule == rule
    page = desk.get(reverse("work:van_series_change", args=[series.pk]))
    shown = page.context["form"].initial
    assert shown["by"] == given["by"] and shown["interval"] == given.get("interval", 1)
    again = {**data, "starts_on": series.starts_on, "dates": shown["dates"]}
    assert desk.post(reverse("work:van_series_change", args=[series.pk]), again).status_code == 302
    assert Series.objects.get(status="active").rule == rule


@pytest.mark.parametrize(
    ("given", "field"),
    [({"weekdays": []}, "weekdays"), ({"by": "places"}, "places"), ({"by": "dates", "dates": "x"}, "dates")],
)
def test_a_form_without_a_day_says_where(
    desk: Client, van: Vehicle, stop: Stop, given: Any, field: str
) -> None:
    answer = desk.post(reverse("work:van_series_new"), series_form(van, stop, **given))
    assert answer.status_code == 422 and field in answer.context["form"].errors


def test_the_look_at_a_series_says_each_reason_once_and_which_days_take_place(
    desk: Client, van: Vehicle, stop: Stop
) -> None:
    address = reverse("work:van_series_new")
    ends = MONDAY + timedelta(weeks=10)
    Closure.objects.create(starts_on=MONDAY + timedelta(7), ends_on=MONDAY + timedelta(7), reason="Idulfitri")
    late = series_form(van, stop, begins_at="18:00", ends_on=ends, look="1")
    looked = desk.post(address, late)
    page = looked.content.decode()
    assert page.count("Pusling Harau is out from") == 1 and page.count("is closed: Idulfitri") == 1
    assert "1 day is left out" in page and "10 days are visited all the same if you save" in page
    # The holiday names its day, and the hours hold for all the others.
    assert [on for _sentence, on in (*looked.context["out_why"], *looked.context["kept_why"])] == [[], []]
    assert "Leave out the days on which it cannot be" in page
    # A visit in the way of one day does not name it, so it stands there.
    other = StopFactory(office=van.office)
    place_visit(actor=None, stop=other, vehicle=van, begins_at=at(MONDAY + timedelta(14), 18))
    looked = desk.post(address, late)
    assert looked.context["out_why"][1][1] == [MONDAY + timedelta(14)]
    Visit.objects.all().delete()
    # Where no day is left out, the tick promises none.
    Closure.objects.all().delete()
    page = desk.post(address, late).content.decode()
    assert "left out" not in page.split("<form class")[0] and "save it all the same" in page
    assert "Leave out the days on which it cannot be" not in page


def test_a_series_form_says_all_that_is_wrong_at_once(desk: Client, van: Vehicle, stop: Stop) -> None:
    address = reverse("work:van_series_new")
    assert "optional" not in desk.get(address).content.decode().split("On which weekdays?")[1][:80]
    wrong = series_form(van, stop, weekdays=[], begins_at="", ends_on=MONDAY - timedelta(30))
    answer = desk.post(address, wrong)
    assert set(answer.context["form"].errors) == {"weekdays", "begins_at", "ends_on"}
    for sentence in ("Choose at least one day.", "“Until” comes before the first day. Choose a later day."):
        assert sentence in answer.content.decode()
    # What another way of repeating needs is not asked for.
    typed = series_form(van, stop, by="dates", dates="15; x", weekdays=[], begins_at="")
    assert set(desk.post(address, typed).context["form"].errors) == {"dates", "begins_at"}


def test_days_of_a_series_are_left_out_put_back_and_ended(
    desk: Client, van: Vehicle, stop: Stop, officer: User
) -> None:
    series = make_series(
        actor=officer,
        stop=stop,
        vehicle=van,
        rule="FREQ=WEEKLY;BYDAY=MO",
        starts_on=MONDAY,
        begins_at=time(9),
    )

    def step(name: str, **given: Any) -> Any:
        address = reverse("work:van_series_step", args=[series.pk, name])
        assert desk.get(address).status_code == 200
        return desk.post(address, given)

    assert step("except", on=MONDAY + timedelta(1), note="Ujian").status_code == 422
    assert step("except", on=MONDAY, note="Ujian").status_code == 302
    assert step("include", on=MONDAY).status_code == 302
    told = desk.get(reverse("work:van_series", args=[series.pk])).context["events"]
    assert [line.note for line in told][:2] == [long_date(MONDAY, "en"), f"{long_date(MONDAY, 'en')}: Ujian"]
    assert step("end", on=MONDAY + timedelta(7)).status_code == 302
    assert series.visits.count() == 1
    assert step("end", on=clock.today()).status_code == 302
    gone = desk.get(reverse("work:van_series_change", args=[series.pk]))
    assert gone["Location"] == reverse("work:van_series", args=[series.pk])


def test_who_ends_the_series_of_a_village_is_not_told_of_a_school(
    desk: Client, van: Vehicle, library: Institution
) -> None:
    village = StopFactory(office=library, name="Balai Adat")
    series = make_series(
        actor=None,
        stop=village,
        vehicle=van,
        rule="FREQ=WEEKLY;BYDAY=MO",
        starts_on=MONDAY,
        begins_at=time(9),
    )
    for name in ("except", "end"):
        page = desk.get(reverse("work:van_series_step", args=[series.pk, name])).content.decode()
        assert "No school belongs to this stop" in page and "school reads it" not in page
