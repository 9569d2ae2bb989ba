"""A calendar through the life of its visits: whatever the desk does, a phone expands what the page shows, and believes the change (M4)."""

import random
from datetime import datetime, time, timedelta
from typing import Any

import icalendar
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.models import Closure, Institution, User
from mobile_service.choices import SeriesStatus, VisitStatus
from mobile_service.models import Series, Stop, Visit
from mobile_service.services.feeding import renew_feed, token_of
from mobile_service.services.nightly import miss_visit, plan_ahead
from mobile_service.services.scheduling import cancel_visit, move_visit, place_visit, restore_visit
from mobile_service.services.series import change_series, end_series, except_day, include_day, make_series
from mobile_service.services.telling_at_desk import take_back_step, tell_of_visit
from tests.factories import WIB, StopFactory, VehicleFactory
from tests.mobile_service.publishing_world import new_van, shown_by_a_phone

pytestmark = pytest.mark.django_db

RULES = ("FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "FREQ=MONTHLY;BYDAY=2WE,4WE")
STEPS = 14
Event = tuple[int, tuple[str, ...]]


def events_of(content: bytes) -> dict[tuple[str, str], Event]:
    """By UID and RECURRENCE-ID: the number of the change, and what a phone shows of it."""
    found = {}
    for event in icalendar.Calendar.from_ical(content).walk("VEVENT"):
        slot = event["RECURRENCE-ID"].to_ical().decode() if "RECURRENCE-ID" in event else ""
        said = tuple(
            event[name].to_ical().decode() if name in event else ""
            for name in ("DTSTART", "DTEND", "STATUS", "RRULE", "EXDATE", "SUMMARY")
        )
        found[str(event["UID"]), slot] = (int(event["SEQUENCE"]), said)
    return found


def on_the_page(stop: Stop) -> set[tuple[Any, ...]]:
    """Every visit of the calendar with its times, and whether it takes place."""
    return {
        (row.begins_at, row.ends_at, row.status != VisitStatus.CANCELLED)
        for row in Visit.objects.filter(stop=stop)
    }


@pytest.mark.parametrize("seed", [3, 8])
def test_a_phone_follows_every_change(seed: int, library: Institution, officer: User) -> None:
    dice, van = random.Random(seed), new_van(library)
    stop = StopFactory(office=library, name="Balai Talang", slug="balai-talang")
    address, today = reverse("schedule_feed", args=[stop.slug]), clock.today()
    for number, rule in enumerate(RULES):
        make_series(
            actor=officer, stop=stop, vehicle=van, rule=rule, starts_on=today + timedelta(days=1), begins_at=time(8 + 2 * number)
        )  # fmt: skip

    def one(rows: Any) -> Any:
        return dice.choice(list(rows.order_by("pk")))

    def visit(*states: str) -> Visit:
        return one(Visit.objects.for_list().filter(stop=stop, status__in=states, begins_at__date__gt=today))

    def series() -> Series:
        return one(Series.objects.for_list().filter(stop=stop, status=SeriesStatus.ACTIVE))

    def at(days: int, hour: int) -> datetime:
        return datetime.combine(today + timedelta(days=days), time(hour), WIB)

    def leave_out() -> None:
        row = visit("planned")
        if row.series is not None:
            except_day(series=row.series, actor=officer, on=row.series_on, note="Rapat")

    def put_back() -> None:
        row = series()
        if row.left_out:
            include_day(series=row, actor=officer, on=dice.choice(row.left_out))

    acts = (
        lambda: move_visit(visit=visit("planned"), actor=officer, begins_at=at(dice.randint(2, 90), dice.randint(8, 14)), reason="Banjir"),
        lambda: cancel_visit(visit=visit("planned"), actor=officer, note="Hujan"),
        lambda: restore_visit(visit=visit("cancelled"), actor=officer),
        lambda: place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(dice.randint(2, 90), 15)),
        leave_out,
        put_back,
        lambda: change_series(series=series(), actor=officer, from_on=today + timedelta(days=dice.randint(20, 60)), minutes=dice.choice((45, 75))),
        lambda: end_series(series=series(), actor=officer, on=today + timedelta(days=dice.randint(60, 120))),
    )  # fmt: skip
    before: dict[tuple[str, str], Event] = {}
    done = 0
    for step in [*range(len(acts)), *(dice.randrange(len(acts)) for _step in range(STEPS - len(acts)))]:
        try:
            acts[step]()
            done += 1
        except (DomainError, IndexError):
            continue  # something stood in the way, or there was nothing of the kind
        cache.clear()
        content = Client().get(address).content
        assert shown_by_a_phone(content) == on_the_page(stop), step
        after = events_of(content)
        for key, (number, said) in after.items():
            if key in before and before[key][1] != said:
                assert number > before[key][0], (step, key, before[key], (number, said))
        before = after
    assert done >= STEPS // 2


def test_a_phone_believes_what_was_told_on_the_way(library: Institution, officer: User) -> None:
    """Left out and taken back, noted by the clock and visited after all: each time it is another thing, with a greater number."""
    stop = StopFactory(office=library, name="Balai Talang", slug="balai-talang")
    begins = datetime.combine(clock.today() + timedelta(days=3), time(9), WIB)
    visit = place_visit(actor=officer, stop=stop, vehicle=new_van(library), begins_at=begins)
    address = reverse("schedule_feed", args=[stop.slug])
    acts = {
        "CANCELLED": lambda: tell_of_visit(visit=visit, actor=officer, action="skip", reason="Jalan putus"),
        "CONFIRMED": lambda: take_back_step(trip=visit.trip, visit=visit, actor=officer, action="unskip"),
        "cancelled": lambda: miss_visit(visit.pk),
        "confirmed": lambda: tell_of_visit(visit=visit, actor=officer, action="arrive_late", at=begins),
    }
    number = -1
    for status, act in acts.items():
        if status == "cancelled":
            visit.entries.all().delete()
        with clock.pretend(begins + timedelta(days=4 if status == "cancelled" else 0)):
            act()
        cache.clear()
        ((after, said),) = events_of(Client().get(address).content).values()
        assert said[2] == status.upper() and after > number, (status, after, number)
        number = after


def test_a_driver_believes_that_a_day_goes_to_another_van(library: Institution, officer: User) -> None:
    """The first van's calendar leaves the day out, and has it again when it comes back: each time with a greater number."""
    stop = StopFactory(office=library, name="Balai Talang", slug="balai-talang")
    vans = [new_van(library), VehicleFactory(office=library, name="Pusling Dua")]
    series = make_series(
        actor=officer, stop=stop, vehicle=vans[0], rule="FREQ=WEEKLY;BYDAY=MO", starts_on=clock.today() + timedelta(days=1), begins_at=time(9)
    )  # fmt: skip
    visit = series.visits.order_by("begins_at")[2]
    renew_feed(owner=vans[0], actor=officer)
    address, key = reverse("ical", args=[token_of(vans[0])]), (str(series.pk), "")
    number, _said = events_of(Client().get(address).content)[key]
    for van in (vans[1], vans[0]):
        move_visit(visit=visit, actor=officer, begins_at=visit.begins_at, vehicle=van, reason="Servis")
        visit.refresh_from_db()
        cache.clear()
        after, said = events_of(Client().get(address).content)[key]
        assert (f"{visit.series_on:%Y%m%d}" in said[4]) == (van != vans[0])
        assert after > number
        number = after


def test_a_phone_believes_what_the_nights_add(library: Institution, officer: User) -> None:
    """Until when a series repeats, and what it leaves out, is read from its days: with each of them the number grows (RFC 5545
    3.8.7.4). A night that adds nothing changes nothing."""
    stop = StopFactory(office=library, name="Balai Talang", slug="balai-talang")
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())
    series = make_series(
        actor=officer, stop=stop, vehicle=new_van(library), rule="FREQ=WEEKLY;BYDAY=MO", starts_on=monday, begins_at=time(9)
    )  # fmt: skip
    shut = monday + timedelta(weeks=28)
    Closure.objects.create(starts_on=shut, ends_on=shut, reason="Idulfitri")
    address, key = reverse("schedule_feed", args=[stop.slug]), (str(series.pk), "")

    def seen() -> tuple[bytes, int, tuple[str, ...]]:
        cache.clear()
        content = Client().get(address).content
        return content, *events_of(content)[key]

    number, said = seen()[1:]
    for weeks in (1, 2, 3, 4, 5):
        with clock.pretend(datetime.combine(monday, time(2), WIB) + timedelta(weeks=weeks)):
            plan_ahead()
            content, after, shown = seen()
            assert shown[3:] == said[3:] or after > number, weeks
            assert shown_by_a_phone(content) == on_the_page(stop)
            plan_ahead()
            assert seen()[0] == content
            number, said = after, shown
    series.refresh_from_db()
    assert series.left_out == [shut] and f"{shut:%Y%m%d}" in said[4]
