"""What a visit costs the plan: where it fits into a van's day, and what is said where it does not (M7)."""

from collections.abc import Hashable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kerjasama.domain import clock
from libraries.models import Closure, Institution
from mobile_service.driving import Drive
from mobile_service.gaps import DayOut, Stay, busy_minutes, fits, gaps
from mobile_service.models import Outage, TravelTime, Vehicle, VisitRequest
from mobile_service.services.asking_costs import costs_of, next_best, slot_at
from tests.factories import StopFactory, TripFactory, VehicleFactory, VisitFactory, VisitRequestFactory

WIB = ZoneInfo("Asia/Jakarta")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, 1, hour, minute, tzinfo=WIB)


def on_a_line(one: Hashable, other: Hashable) -> Drive:
    """Places are kilometres along one road; a kilometre takes two minutes."""
    way = abs(float(str(one)) - float(str(other)))
    return Drive(2 * way, way)


DAY = DayOut(at(8), at(15), 0, (Stay(10, at(9), at(10), "A"), Stay(30, at(12), at(13), "B")))
ANY = [(at(8), at(15))]


class TestGaps:
    def test_between_two_stops_of_the_way_nothing_is_added(self) -> None:
        best = gaps(DAY, 20, 60, ANY, on_a_line)[0]
        assert (best.begins, best.ends, best.minutes, best.kilometres) == (at(10, 20), at(11, 20), 0, 0)
        assert (best.after, best.before) == ("A", "B")

    def test_beyond_the_last_stop_both_ways_are_added(self) -> None:
        found = [gap for gap in gaps(DAY, 40, 20, ANY, on_a_line) if gap.after == "B"]
        assert [(gap.begins, gap.minutes, gap.kilometres) for gap in found] == [(at(13, 20), 40.0, 20.0)]
        # It is back at three to the minute; a minute more, and there is no room.
        assert not [gap for gap in gaps(DAY, 40, 21, ANY, on_a_line) if gap.after == "B"]

    def test_a_free_day_is_the_way_there_and_back(self) -> None:
        free = DayOut(at(8), at(15), 0)
        assert [(gap.begins, gap.minutes, gap.kilometres) for gap in gaps(free, 15, 60, ANY, on_a_line)] == [
            (at(8, 30), 60.0, 30.0)
        ]

    def test_a_window_is_kept(self) -> None:
        assert gaps(DAY, 20, 60, [(at(10, 30), at(11, 30))], on_a_line)[0].begins == at(10, 30)
        assert gaps(DAY, 20, 60, [(at(10, 45), at(11, 40))], on_a_line) == []

    def test_that_very_time(self) -> None:
        assert fits(DAY, 20, at(10, 23), 60, ANY, on_a_line) is not None
        assert fits(DAY, 20, at(10, 19), 60, ANY, on_a_line) is None
        assert fits(DAY, 20, at(10, 45), 60, ANY, on_a_line) is None

    def test_what_a_day_takes(self) -> None:
        assert busy_minutes(DAY, on_a_line) == 120 + 20 + 40 + 60

    @given(
        stays=st.lists(
            st.tuples(st.integers(0, 40), st.integers(0, 23)), max_size=5, unique_by=lambda it: it[1]
        ),
        place=st.integers(0, 40),
        minutes=st.integers(5, 120),
    )
    def test_a_gap_meets_no_neighbour(self, stays: list[tuple[int, int]], place: int, minutes: int) -> None:
        rows = tuple(
            Stay(
                where,
                at(8) + timedelta(minutes=15 * slot),
                at(8) + timedelta(minutes=15 * slot + 15),
                str(slot),
            )
            for where, slot in sorted(stays, key=lambda it: it[1])
        )
        day = DayOut(at(8), at(15), 0, rows)
        for gap in gaps(day, place, minutes, ANY, on_a_line):
            for row in rows:
                way = timedelta(minutes=on_a_line(row.place, place).minutes)
                assert gap.ends + way <= row.begins or row.ends + way <= gap.begins or not _beside(gap, row)
                assert gap.ends <= row.begins or row.ends <= gap.begins
            assert fits(day, place, gap.begins, minutes, ANY, on_a_line) is not None


def _beside(gap: Any, row: Stay) -> bool:
    return row.name in (gap.after, gap.before)


@pytest.fixture
def day() -> date:
    """A Tuesday, far enough ahead."""
    today = clock.today("Asia/Jakarta")
    return today + timedelta(days=14 + (1 - today.weekday()) % 7)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling 1")


@pytest.fixture
def asked(library: Institution, day: date) -> VisitRequest:
    """An hour at a stop of its own, in the morning of that Tuesday."""
    stop = StopFactory(
        office=library, name="Balai Minta", latitude=Decimal("-0.310"), longitude=Decimal("100.375")
    )
    return VisitRequestFactory(
        office=library, stop=stop, place="", wanted_on=[day], wanted_from=time(8), wanted_until=time(12)
    )


@pytest.mark.django_db
class TestCosts:
    def test_a_free_day_names_its_van_time_and_way(
        self, asked: VisitRequest, van: Vehicle, day: date
    ) -> None:
        (found,) = costs_of(asked)
        slot = found.best
        assert slot is not None
        assert (found.day, slot.vehicle, slot.is_free_day) == (day, van, True)
        assert slot.begins_at >= datetime.combine(day, time(8), WIB)
        assert slot.minutes > 0
        assert slot.kilometres > 0
        assert slot_at(asked, van, slot.begins_at) == slot

    def test_a_trip_that_passes_by_is_cheaper_than_a_free_van(
        self, asked: VisitRequest, van: Vehicle, day: date, library: Institution
    ) -> None:
        VehicleFactory(office=library, name="Pusling 2")
        near = StopFactory(
            office=library, name="Balai Dekat", latitude=Decimal("-0.311"), longitude=Decimal("100.375")
        )
        VisitFactory(trip=TripFactory(vehicle=van, on=day), stop=near, hour=9)
        (found,) = costs_of(asked)
        assert [str(slot.vehicle) for slot in found.slots] == ["Pusling 1", "Pusling 2"]
        assert found.slots[0].minutes < found.slots[1].minutes
        assert "Balai Dekat" in found.slots[0].where

    def test_a_drive_that_somebody_typed_counts(
        self, asked: VisitRequest, van: Vehicle, library: Institution
    ) -> None:
        TravelTime.objects.create(office=library, origin=None, target=asked.stop, minutes=31, is_typed=True)
        TravelTime.objects.create(office=library, origin=asked.stop, target=None, minutes=29, is_typed=True)
        slot = costs_of(asked)[0].best
        assert slot is not None
        assert slot.minutes == 60

    def test_typed_drives_of_the_depot_are_not_those_of_a_van_that_starts_elsewhere(
        self, asked: VisitRequest, van: Vehicle, library: Institution
    ) -> None:
        Institution.objects.filter(pk=library.pk).update(latitude=-0.305, longitude=100.37)
        for ends in ({"origin": None, "target": asked.stop}, {"origin": asked.stop, "target": None}):
            TravelTime.objects.create(office=library, minutes=300, is_typed=True, **ends)
        other = VehicleFactory(office=library, name="Pusling 2", latitude=-0.311, longitude=100.376)
        asked = VisitRequest.objects.select_related("office", "stop").get(pk=asked.pk)
        (found,) = costs_of(asked)
        assert [slot.vehicle for slot in found.slots] == [other], "from the library the morning is too short"
        assert found.slots[0].minutes < 30
        # Where no van starts at the library, the table means the place of the first, as planning takes it.
        Vehicle.objects.filter(pk=van.pk).update(latitude=-0.32, longitude=100.4)
        (found,) = costs_of(asked)
        assert [slot.vehicle for slot in found.slots] == [other]
        Vehicle.objects.filter(pk=van.pk).update(name="Pusling 3")
        (found,) = costs_of(asked)
        assert [slot.vehicle for slot in found.slots] == [van]

    @pytest.mark.parametrize(
        ("why", "said"),
        [
            ("outage", "Pusling 1 is out of service: bengkel."),
            ("hours", "Pusling 1 does not drive on a {weekday}."),
            ("holiday", "Public holiday: Hari besar."),
            ("stop", "The stop cannot be visited on that day."),
            ("full", "Pusling 1 has no 60 minutes left between its stops at the time wanted."),
            ("window", "Pusling 1 is not out, or the stop not open, long enough at the time wanted."),
            ("none", "No vehicle in use may come here. Look at the vehicles and at the stop."),
        ],
    )
    def test_what_is_in_the_way_is_said(
        self, why: str, said: str, asked: VisitRequest, van: Vehicle, day: date
    ) -> None:
        stop = asked.stop
        assert stop is not None
        if why == "outage":
            Outage.objects.create(vehicle=van, starts_on=day, ends_on=day, reason="bengkel")
        elif why == "hours":
            van.hours.all().delete()
        elif why == "holiday":
            Closure.objects.create(starts_on=day, ends_on=day, reason="Hari besar")
        elif why == "stop":
            stop.closed_on = [day]
            stop.save()
        elif why == "full":
            trip = TripFactory(vehicle=van, on=day)
            for hour in range(8, 15):
                VisitFactory(trip=trip, stop=StopFactory(office=van.office), hour=hour)
        elif why == "window":
            VisitRequest.objects.update(wanted_from=time(16), wanted_until=time(18))
        else:
            Vehicle.objects.update(is_active=False)
        fresh = VisitRequest.objects.for_list().get()
        with translation.override("en"):
            (found,) = costs_of(fresh)
        assert (found.slots, found.conflicts) == ((), (said.format(weekday=f"{day:%A}"),))
        assert slot_at(fresh, van, datetime.combine(day, time(9), WIB)) is None or why == "window"

    def test_holidays_of_schools_close_the_gate_of_a_school_alone(
        self, asked: VisitRequest, van: Vehicle, day: date, school_library: Institution
    ) -> None:
        Closure.objects.create(starts_on=day, ends_on=day, reason="Libur semester", scope="schools")
        assert costs_of(asked)[0].best is not None  # a village place
        gate = VisitRequestFactory(
            office=asked.office,
            partner=school_library,
            stop=StopFactory(office=asked.office, school=True, partner=school_library),
            place="",
            wanted_on=[day],
        )
        with translation.override("en"):
            (found,) = costs_of(gate)
        assert (found.slots, found.conflicts) == ((), ("School holidays: Libur semester.",))

    def test_who_names_no_day_is_offered_the_best_of_three_weeks(
        self, asked: VisitRequest, van: Vehicle
    ) -> None:
        asked.wanted_on = []
        found = costs_of(asked)
        assert len(found) == 5
        assert all(row.best is not None for row in found)
        assert [row.day for row in found] == sorted(row.day for row in found)
        best = next_best(asked, clock.today())
        assert best is not None

    def test_another_librarys_van_is_not_offered(self, asked: VisitRequest) -> None:
        VehicleFactory()
        assert costs_of(asked)[0].slots == ()

    def test_the_cost_of_the_question_does_not_grow(
        self, asked: VisitRequest, van: Vehicle, day: date, library: Institution
    ) -> None:
        def cost() -> int:
            fresh = VisitRequest.objects.for_list().get(pk=asked.pk)
            with CaptureQueriesContext(connection) as queries:
                costs_of(fresh)
            return len(queries)

        VisitFactory(trip=TripFactory(vehicle=van, on=day), stop=StopFactory(office=library))
        few = cost()
        asked.wanted_on = [day + timedelta(days=n) for n in range(5)]
        asked.save()
        for n in range(5):
            other = VehicleFactory(office=library)
            for hour in (9, 11, 13):
                VisitFactory(
                    trip=TripFactory(vehicle=other, on=day + timedelta(days=n))
                    if hour == 9
                    else other.trips.get(),
                    stop=StopFactory(office=library),
                    hour=hour,
                )
        assert cost() == few <= 10
