"""Two desks plan for the van, or answer who asks for it, at the same moment: one of them is told what is in the way (M2, M7)."""

from datetime import datetime, time, timedelta
from functools import partial
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.db import transaction

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict
from libraries.models import Closure, Institution, Notice
from loans.models import Consignment
from mobile_service.models import Duty, Series, Trip, TripLoad, Visit, VisitRequest
from mobile_service.services.answering import accept_request, decline_request
from mobile_service.services.days_off import keep_days_off, resolve_days_off
from mobile_service.services.loading import propose_loads
from mobile_service.services.locking import lock_trip
from mobile_service.services.scheduling import cancel_visit, move_visit, pin_visit, place_visit
from mobile_service.services.series import change_series, make_series
from mobile_service.services.trips import change_crew, make_trip
from tests.factories import (
    WIB,
    CrewMemberFactory,
    StopFactory,
    VehicleFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.races.conftest import Ahead, again, at_once, refusals

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


def test_nothing_is_put_on_a_visit_that_is_being_called_off(picking: Consignment, officer: Any) -> None:
    """The evening before: the sweep loads the van while the desk calls the visit off."""
    gate = StopFactory(school=True, office=picking.lender, partner=picking.partner)
    visit = place_visit(
        actor=None, stop=gate, vehicle=VehicleFactory(office=picking.lender), begins_at=at(0, 9)
    )
    VisitFactory(trip=visit.trip, stop=StopFactory(office=picking.lender), hour=13)
    type(picking.period).objects.filter(pk=picking.period_id).update(starts_on=visit.trip.on)
    with Ahead(partial(cancel_visit, visit=visit, actor=again(officer), note="Hujan")) as ahead:
        ahead.commit_soon()
        assert propose_loads(trip=visit.trip, actor=None) == 0
    assert not TripLoad.objects.exists()


def test_a_visit_is_followed_to_its_new_trip_when_the_old_one_is_gone(
    library: Institution, officer: Any, circulation: Any
) -> None:
    """One desk moves the only stop of a trip, which vanishes with it; another one moves or calls off the same stop."""
    van = VehicleFactory(office=library)
    acts: list[Any] = [
        partial(cancel_visit, note="Hujan"),
        partial(move_visit, begins_at=at(20, 9)),
        partial(pin_visit),
    ]
    for round_, act in enumerate(acts):
        visit = place_visit(
            actor=None, stop=StopFactory(office=library), vehicle=van, begins_at=at(round_, 9)
        )
        old = visit.trip_id
        with Ahead(
            partial(move_visit, visit=visit, actor=again(officer), begins_at=at(round_ + 10, 9))
        ) as one:
            one.commit_soon()
            fresh = act(visit=visit, actor=again(circulation))
        visit.refresh_from_db()
        assert not Trip.objects.filter(pk=old).exists()
        assert (fresh.status, fresh.begins_at) == (visit.status, visit.begins_at)
        assert visit.sequence == (1 if act.func is pin_visit else 2)
        assert visit.trip.on == visit.begins_at.astimezone(WIB).date()


def test_a_holiday_is_kept_once(officer: Any, circulation: Any) -> None:
    """There is no row yet that one of them could lock, and no constraint knows the days of everybody."""
    for round_ in range(ROUNDS):
        day = at(round_, 9).date()
        kept = partial(keep_days_off, starts_on=day, ends_on=day, reason="Nyepi")
        with Ahead(partial(kept, actor=again(officer))) as ahead:
            ahead.commit_soon()
            with pytest.raises(Conflict) as refused:
                kept(actor=again(circulation))
        assert refused.value.code == "kept_already" and Closure.objects.filter(starts_on=day).count() == 1


def test_of_two_forms_of_one_visit_the_first_counts(
    library: Institution, officer: Any, circulation: Any
) -> None:
    """R15: what both have read is compared under the lock, so that the second desk reads what the first has made of it."""
    van = VehicleFactory(office=library)
    for round_ in range(ROUNDS):
        visit = place_visit(
            actor=None, stop=StopFactory(office=library), vehicle=van, begins_at=at(round_, 9)
        )
        results = at_once(
            [
                partial(act, visit=visit, actor=again(user), sequence=visit.sequence)
                for act, user in (
                    (partial(move_visit, begins_at=at(round_ + 10, 9)), officer),
                    (partial(move_visit, begins_at=at(round_, 11)), circulation),
                )
            ]
        )
        assert refusals(results) == ["stale"]
        visit.refresh_from_db()
        assert visit.sequence == 1


def test_a_series_that_changes_vans_takes_the_trips_of_both_in_their_order(
    library: Institution, officer: Any
) -> None:
    """Another desk has the trip of one van, and then takes that of the other, as whoever moves a visit between them does."""
    van, other = VehicleFactory.create_batch(2, office=library)
    on = at((0 - clock.today().weekday()) % 7, 9).date()
    first = make_trip(actor=None, vehicle=other, on=on)
    series = make_series(
        actor=None,
        stop=StopFactory(office=library),
        vehicle=van,
        rule="FREQ=WEEKLY;BYDAY=MO",
        starts_on=on,
        begins_at=time(9),
    )
    second = series.visits.get(series_on=on).trip
    taken = Event()

    @transaction.atomic
    def another_desk() -> None:
        lock_trip(first)
        taken.set()
        sleep(0.7)
        lock_trip(second)

    def change() -> Any:
        assert taken.wait(10)
        return change_series(series=series, actor=again(officer), vehicle=other)

    _nothing, new = at_once([another_desk, change])
    assert isinstance(new, Series) and new.visits.count() >= 25 and not series.visits.exists()
    assert new.visits.get(series_on=on).trip == first
    assert not Trip.objects.filter(visits=None).exists()


def test_two_desks_deal_with_closed_days_at_once(
    library: Institution, officer: Any, circulation: Any
) -> None:
    """Each moves its visits onto the days that the other one empties."""
    for _round in range(ROUNDS):
        van = VehicleFactory(office=library)
        days = [at(number, 9) for number in range(6)]
        rows = [
            place_visit(actor=None, stop=StopFactory(office=library), vehicle=van, begins_at=day)
            for day in days
        ]
        shifted = [day + timedelta(hours=2) for day in reversed(days)]
        halves = [dict(list(zip([row.pk for row in rows], shifted, strict=True))[half::2]) for half in (0, 1)]
        results = at_once(
            [
                partial(resolve_days_off, actor=again(user), cancelled=[], moved=half, note="Cuti bersama")
                for user, half in zip((officer, circulation), halves, strict=True)
            ]
        )
        assert refusals(results) == []
        assert Trip.objects.filter(vehicle=van, status="planned").count() == 6


def test_one_request_is_answered_once(
    library: Institution, school_library: Institution, officer: Any, circulation: Any
) -> None:
    """Two accept it, then one accepts while the other declines: one answer holds, one visit stands, the school is told once."""
    for round_ in range(ROUNDS):
        van = VehicleFactory(office=library)
        slot = {"vehicle": van, "begins_at": at(round_, 9)}
        # One of these days may be a Friday, on which the van is home at noon.
        later = at(round_, 10) + timedelta(minutes=20)
        first, second = (asked_for(library, school_library, at(round_, 9)) for _request in range(2))
        results = at_once(
            [
                partial(accept_request, request=first, actor=again(user), **slot)
                for user in (officer, circulation)
            ]
        )
        assert refusals(results) == ["wrong_state"]
        assert Visit.objects.filter(stop=first.stop).count() == 1
        acts: list[Any] = [
            partial(accept_request, request=second, actor=again(officer), vehicle=van, begins_at=later),
            partial(decline_request, request=second, actor=again(circulation), note="Penuh."),
        ]
        assert refusals(at_once(acts)) == ["wrong_state"]
        second.refresh_from_db()
        assert (second.status == "accepted") == Visit.objects.filter(stop=second.stop).exists()
        for request in (first, second):
            told = Notice.objects.filter(subject_id=request.pk, rule="visit_request_answered")
            assert told.count() == 1


def test_one_slot_is_given_to_one_request(
    library: Institution, school_library: Institution, officer: Any, circulation: Any
) -> None:
    for round_ in range(ROUNDS):
        van = VehicleFactory(office=library)
        rows = [asked_for(library, school_library, at(round_, 9)) for _request in range(2)]
        results = at_once(
            [
                partial(accept_request, request=row, actor=again(user), vehicle=van, begins_at=at(round_, 9))
                for row, user in zip(rows, (officer, circulation), strict=True)
            ]
        )
        assert refusals(results) == ["slot_taken"]
        assert Visit.objects.filter(vehicle=van).count() == 1
        left = VisitRequest.objects.open().get(pk__in=[row.pk for row in rows])
        assert (left.visit, left.closed_at) == (None, None)


def asked_for(library: Institution, partner: Institution, moment: datetime) -> VisitRequest:
    stop = StopFactory(office=library, partner=partner)
    return VisitRequestFactory(
        office=library, partner=partner, stop=stop, place="", wanted_on=[moment.date()]
    )
