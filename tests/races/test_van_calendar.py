"""Two desks plan for the van at the same moment: one of them is told what is in the way (M2)."""

from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from kerjasama.domain import clock
from libraries.models import Institution
from mobile_service.models import Duty, Trip, Visit
from mobile_service.services.scheduling import move_visit, place_visit
from mobile_service.services.trips import change_crew, make_trip
from tests.factories import WIB, CrewMemberFactory, StopFactory, VehicleFactory
from tests.races.conftest import again, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 4


def at(days: int, hour: int) -> datetime:
    return datetime.combine(clock.today() + timedelta(days=7 + days), time(hour), WIB)


def test_one_van_one_stop_one_person(library: Institution, officer: Any, circulation: Any) -> None:
    for round_ in range(ROUNDS):
        van, other = VehicleFactory.create_batch(2, office=library)
        first, second = StopFactory.create_batch(2, office=library)
        wanted = {"begins_at": at(round_, 9)}

        def both(*acts: Any) -> list[object]:
            return at_once(
                [
                    partial(act, actor=again(user))
                    for act, user in zip(acts, (officer, circulation), strict=True)
                ]
            )

        # One vehicle at two stops; the trip of the day is made by either, once.
        results = both(
            partial(place_visit, stop=first, vehicle=van, **wanted),
            partial(place_visit, stop=second, vehicle=van, **wanted),
        )
        assert refusals(results) == ["vehicle_busy"]
        assert Trip.objects.filter(vehicle=van).count() == 1
        # Two vehicles at one stop.
        place = StopFactory(office=library)
        later = {"stop": place, "begins_at": at(round_, 12)}
        results = both(
            partial(place_visit, vehicle=van, **later), partial(place_visit, vehicle=other, **later)
        )
        assert refusals(results) == ["stop_busy"]
        assert Visit.objects.filter(stop=place).count() == 1
        # One person on two vans.
        member = CrewMemberFactory(office=library)
        trips = [make_trip(actor=None, vehicle=row, on=at(round_ + 9, 9).date()) for row in (van, other)]
        results = both(*(partial(change_crew, trip=trip, members=[member]) for trip in trips))
        assert refusals(results) == ["crew_elsewhere"]
        assert Duty.objects.filter(member=member).count() == 1


def test_two_visits_change_places_without_waiting_for_ever(
    library: Institution, officer: Any, circulation: Any
) -> None:
    for round_ in range(ROUNDS):
        van = VehicleFactory(office=library)
        days = (at(round_, 9), at(round_ + 10, 9))
        rows = [
            place_visit(actor=None, stop=StopFactory(office=library), vehicle=van, begins_at=day)
            for day in days
        ]
        results = at_once(
            [
                partial(move_visit, visit=row, actor=again(user), begins_at=day + timedelta(hours=2))
                for row, user, day in zip(rows, (officer, circulation), reversed(days), strict=True)
            ]
        )
        assert refusals(results) == []
        assert Trip.objects.filter(vehicle=van, status="planned").count() == 2
