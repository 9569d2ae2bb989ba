"""The demo's van: the quarter behind it and the one ahead, and who asks for it; told by the real verbs (M2, M7)."""

from collections import Counter
from datetime import time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from kerjasama.domain import clock
from kerjasama.house import DemoCast
from libraries.models import Institution, Message, User
from mobile_service.choices import RequestStatus, VisitStatus
from mobile_service.demo import calendar, requests
from mobile_service.models import Series, Tally, Trip, Vehicle, Visit, VisitRequest
from tests.factories import StopFactory, VehicleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(
    library: Institution,
    school_library: Institution,
    other_school_library: Institution,
    circulation: User,
    school: User,
    other_school: User,
) -> DemoCast:
    """One library in the place of both."""
    desk = ("petugas.payakumbuh", "sirkulasi.payakumbuh", "petugas.sirkulasi")
    van: Vehicle = VehicleFactory(office=library)
    for partner in (school_library, other_school_library):
        StopFactory(
            office=library,
            school=True,
            partner=partner,
            is_demo=True,
            windows=[(day, time(7, 30), time(12)) for day in range(5)],
        )
    StopFactory.create_batch(3, office=library, is_demo=True)
    made: dict[str, Any] = {
        "payakumbuh": library,
        "bung-hatta": library,
        "sdn-01-bukittinggi": school_library,
        "sdn-02-bukittinggi": other_school_library,
        "vans": {"payakumbuh": van},
        "users": {"sdn01": school, "sdn02": other_school, **dict.fromkeys(desk, circulation)},
    }
    return DemoCast(today=clock.today(), made=made)


def test_a_quarter_behind_and_half_a_year_of_series(cast: DemoCast) -> None:
    calendar.load(cast)
    today = cast.today
    assert Series.objects.count() == 5
    visits = list(Visit.objects.select_related("stop", "series", "trip"))
    past = [visit for visit in visits if visit.trip.on < today]
    assert min(visit.trip.on for visit in past) <= today - timedelta(weeks=8)
    assert max(visit.trip.on for visit in visits) >= today + timedelta(weeks=8)
    for visit in visits:
        # Villages on Sundays, schools on school days.
        assert (visit.series_on.weekday() == 6) == (visit.stop.kind == "village"), visit
    assert {visit.status for visit in past} <= {VisitStatus.DONE, VisitStatus.MISSED}
    done = [visit for visit in past if visit.status == VisitStatus.DONE]
    assert len(done) >= 8 and Tally.objects.count() == len(done)
    assert all(tally.visitor_count == sum(tally.visitors.values()) > 0 for tally in Tally.objects.all())
    drives = list(
        Trip.objects.filter(on__lt=today).order_by("on").values_list("odometer_start", "odometer_end")
    )
    assert all(before[1] == after[0] < after[1] for before, after in pairwise(drives))
    ahead = [visit for visit in visits if visit.trip.on >= today]
    assert Counter(visit.status for visit in ahead)[VisitStatus.CANCELLED] == 1
    (moved,) = (visit for visit in ahead if visit.status == VisitStatus.PLANNED and visit.reason)
    assert moved.trip.on != moved.series_on
    assert all(visit.is_demo for visit in visits)


def test_a_request_in_every_state_and_no_mail_to_anybody(cast: DemoCast, library: Institution) -> None:
    requests.load(cast)
    rows = list(VisitRequest.objects.for_list())
    assert Counter(row.status for row in rows) == {
        RequestStatus.OPEN: 2,
        RequestStatus.PROPOSED: 1,
        RequestStatus.ACCEPTED: 1,
        RequestStatus.DECLINED: 1,
    }
    assert all(row.is_demo and row.created_at.date() < cast.today for row in rows)
    by_status = {row.status: row for row in rows}
    assert by_status["accepted"].visit.begins_at > clock.now()
    assert by_status["proposed"].proposed_at.date() not in by_status["proposed"].wanted_on
    assert by_status["proposed"].proposed_at > by_status["accepted"].visit.begins_at
    assert by_status["declined"].answer
    assert not Message.objects.exists()
