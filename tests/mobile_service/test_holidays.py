"""Closed days of a year, and the visits that stand on them (M2)."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.choices import ClosureScope
from libraries.models import Closure, Institution, Notice, User
from loans.services.programmes import closed_days
from mobile_service.choices import VisitStatus
from mobile_service.models import Outage, Stop, Vehicle, Visit
from mobile_service.services.answering import accept_request, propose_day
from mobile_service.services.days_off import (
    Hit,
    keep_days_off,
    propose_holidays,
    remove_days_off,
    resolve_days_off,
    take_over_holidays,
    visits_on_days_off,
)
from mobile_service.services.scheduling import cancel_visit, look_at, move_visit, place_visit, restore_visit
from mobile_service.services.series import include_day, make_series
from tests.factories import WIB, InstitutionFactory, StopFactory, VehicleFactory, VisitRequestFactory

pytestmark = pytest.mark.django_db

TODAY = clock.today()
MONDAY = TODAY + timedelta(days=(0 - TODAY.weekday()) % 7 + 7)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library)


@pytest.fixture
def stop(library: Institution, school_library: Institution) -> Stop:
    return StopFactory(school=True, office=library, partner=school_library, name="SDN 01")


def place(van: Vehicle, stop: Stop, on: date, hour: int = 9) -> Visit:
    begins_at = datetime.combine(on, time(hour), WIB)
    return place_visit(actor=None, stop=stop, vehicle=van, begins_at=begins_at, tell=False)


def refusal(act: object, **given: object) -> DomainError:
    with pytest.raises(DomainError) as refused:
        act(**given)  # type: ignore[operator]
    return refused.value


def test_national_holidays_of_a_year_are_taken_over_once(officer: User, school: User) -> None:
    found = {it.on: it for it in propose_holidays(2027)}
    assert found[date(2027, 8, 17)].name == "Hari Kemerdekaan Republik Indonesia"
    assert found[date(2027, 3, 10)].is_estimate and "perkiraan" not in found[date(2027, 3, 10)].name
    certain = [it.on for it in found.values() if not it.is_estimate]
    assert len(take_over_holidays(actor=officer, year=2027, days=certain)) == len(certain)
    assert take_over_holidays(actor=officer, year=2027, days=certain) == []
    left = [it.on for it in propose_holidays(2027) if not it.kept]
    assert left and all(found[on].is_estimate for on in left)
    assert len(take_over_holidays(actor=officer, year=2027)) == len(left)
    assert refusal(take_over_holidays, actor=school, year=2027).code == "role_missing"
    assert refusal(take_over_holidays, actor=officer, year=1990).code == "year_unknown"


def test_joint_leave_is_kept_changed_and_removed(officer: User, crew: User) -> None:
    given = {"starts_on": MONDAY, "ends_on": MONDAY + timedelta(2), "reason": "Cuti bersama"}
    row = keep_days_off(actor=officer, **given)
    keep_days_off(actor=officer, closure=row, **{**given, "scope": ClosureScope.SCHOOLS})
    row.refresh_from_db()
    assert row.scope == ClosureScope.SCHOOLS
    for wrong, code in (
        ({"ends_on": MONDAY - timedelta(1)}, "turned_round"),
        ({"ends_on": MONDAY + timedelta(300)}, "too_long"),
        ({"reason": " "}, "reason_missing"),
    ):
        assert refusal(keep_days_off, actor=officer, **{**given, **wrong}).code == code
    assert refusal(keep_days_off, actor=crew, **given).code == "role_missing"
    remove_days_off(actor=officer, closure=row)
    assert not Closure.objects.exists()


def test_the_same_days_are_kept_once(officer: User) -> None:
    """Two equal rows: whoever removes one of them finds the day closed all the same."""
    given = {"starts_on": MONDAY, "ends_on": MONDAY + timedelta(2), "reason": "Cuti bersama"}
    row = keep_days_off(actor=officer, **given)
    refused = refusal(keep_days_off, actor=officer, **{**given, "reason": "Libur"})
    assert (refused.code, refused.status, refused.field) == ("kept_already", 409, "starts_on")
    assert "Cuti bersama" in str(refused)
    schools = keep_days_off(actor=officer, **given, scope=ClosureScope.SCHOOLS)
    assert refusal(keep_days_off, actor=officer, closure=schools, **given).code == "kept_already"
    assert keep_days_off(actor=officer, closure=row, **{**given, "reason": "Cuti"}).reason == "Cuti"


def test_days_are_kept_where_they_are_found_again(officer: User) -> None:
    """A year typed wrong; but what was kept long ago may still be named otherwise."""
    for starts_on, ends_on, code in (
        (date(1800, 8, 17), date(1800, 8, 17), "long_ago"),
        (date(TODAY.year - 2, 12, 31), date(TODAY.year - 1, 1, 2), "long_ago"),
        (TODAY + timedelta(days=366 * 6), TODAY + timedelta(days=366 * 6), "too_far"),
        (date.max, date.max, "too_far"),
    ):
        given = {"starts_on": starts_on, "ends_on": ends_on, "reason": "Cuti"}
        refused = refusal(keep_days_off, actor=officer, **given)
        assert (refused.code, refused.field) == (code, "starts_on")
    first = date(TODAY.year - 1, 1, 1)
    assert keep_days_off(actor=officer, starts_on=first, ends_on=first, reason="Tahun baru")
    old = Closure.objects.create(starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 1), reason="Tahun")
    keep_days_off(
        actor=officer, closure=old, starts_on=old.starts_on, ends_on=old.ends_on, reason="Tahun baru"
    )
    old.refresh_from_db()
    assert old.reason == "Tahun baru"


def test_the_swap_of_books_heeds_the_schools_holidays(programme: object) -> None:
    first = programme.starts_on + timedelta(days=30)  # type: ignore[attr-defined]
    Closure.objects.create(starts_on=first, ends_on=first, reason="Libur", scope=ClosureScope.SCHOOLS)
    assert first in closed_days(programme)  # type: ignore[arg-type]
    partner = programme.partner  # type: ignore[attr-defined]
    Institution.objects.filter(pk=partner.pk).update(kind="village")
    partner.refresh_from_db()
    assert first not in closed_days(programme)  # type: ignore[arg-type]


def test_visits_on_a_day_that_is_closed_later_are_found_and_dealt_with_in_one_act(
    van: Vehicle, stop: Stop, officer: User, library: Institution
) -> None:
    village = StopFactory(office=library, name="Balai")
    first, second = place(van, stop, MONDAY), place(van, stop, MONDAY + timedelta(1))
    place(van, village, MONDAY, 11)
    place(van, stop, MONDAY + timedelta(2))
    assert visits_on_days_off(officer) == []
    keep_days_off(
        actor=officer,
        starts_on=MONDAY,
        ends_on=MONDAY + timedelta(1),
        reason="Ujian",
        scope=ClosureScope.SCHOOLS,
    )
    hits = visits_on_days_off(officer, with_free=True)
    assert [hit.visit for hit in hits] == [first, second] and {hit.reason for hit in hits} == {"Ujian"}
    free = hits[1].free[0]
    assert resolve_days_off(actor=officer, cancelled=[first], moved={second.pk: free}, note="Ujian") == (1, 1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.status == VisitStatus.CANCELLED and second.begins_at == free
    assert visits_on_days_off(officer) == []
    told = Notice.objects.filter(recipient=stop.partner)
    assert sorted(told.values_list("context__what", flat=True)) == ["cancelled", "moved"]


def test_free_days_of_many_visits_are_read_at_once_and_are_those_of_each(
    van: Vehicle, stop: Stop, officer: User, library: Institution
) -> None:
    """Two vehicles, schools and villages, each with something of its own in the way."""
    other, village = VehicleFactory(office=library), StopFactory(office=library)
    visits = [place(van, stop, MONDAY), place(other, village, MONDAY, 10)]
    Closure.objects.create(starts_on=MONDAY, ends_on=MONDAY + timedelta(1), reason="Cuti bersama")
    for days, whose in ((-1, {"scope": ClosureScope.SCHOOLS}), (2, {"institution": stop.partner})):
        on = MONDAY + timedelta(days)
        Closure.objects.create(starts_on=on, ends_on=on, reason="Ujian", **whose)
    Outage.objects.create(vehicle=other, starts_on=MONDAY - timedelta(3), ends_on=MONDAY, reason="Servis")
    place(other, StopFactory(office=library), MONDAY + timedelta(2), 10)

    def read() -> list[Hit]:
        with CaptureQueriesContext(connection) as sent:
            hits = visits_on_days_off(officer, with_free=True)
        counts.append(len(sent))
        return hits

    counts: list[int] = []
    for hit, visit in zip(read(), visits, strict=True):
        slot = {"begins_at": visit.begins_at, "ends_at": visit.ends_at, "ignoring": [visit.pk]}
        assert hit.free == look_at(stop=visit.stop, vehicle=visit.vehicle, **slot).free
        assert len(hit.free) == 3
    for hour in (7, 8, 11, 12):
        place(van, StopFactory(office=library, minutes=30), MONDAY + timedelta(9), hour)
    Closure.objects.create(starts_on=MONDAY + timedelta(9), ends_on=MONDAY + timedelta(9), reason="Pemilu")
    assert len(read()) == 6 and counts[1] <= counts[0]


def test_nobody_sees_the_visits_of_another_library(van: Vehicle, stop: Stop, person: object) -> None:
    place(van, stop, MONDAY)
    Closure.objects.create(starts_on=MONDAY, ends_on=MONDAY, reason="Libur", institution=stop.partner)
    other = person("lain", InstitutionFactory(office=True), "officer")  # type: ignore[operator]
    assert visits_on_days_off(other) == []


@pytest.mark.parametrize(
    "why", ["everyone", "schools", "the school", "the library", "the stop", "the vehicle"]
)
def test_no_verb_puts_a_visit_on_a_closed_day(
    why: str, van: Vehicle, stop: Stop, officer: User, library: Institution
) -> None:
    """Placing, moving, putting back, beginning a series, and accepting who asks: none does, whoever it is that is closed."""
    elsewhere, called_off = place(van, stop, MONDAY + timedelta(7)), place(van, stop, MONDAY)
    asked = VisitRequestFactory(office=library, partner=stop.partner, stop=stop, place="", wanted_on=[MONDAY])
    cancel_visit(visit=called_off, actor=officer, note="Hujan")
    day = {"starts_on": MONDAY, "ends_on": MONDAY, "reason": "Libur"}
    if why == "the stop":
        Stop.objects.update(closed_on=[MONDAY])
        stop.refresh_from_db()
    elif why == "the vehicle":
        Outage.objects.create(vehicle=van, **day)
    else:
        whose = {"the school": stop.partner, "the library": library}.get(why)
        scope = ClosureScope.SCHOOLS if why == "schools" else ClosureScope.EVERYONE
        Closure.objects.create(institution=whose, scope=scope, **day)
    code = {"the stop": "stop_closed", "the vehicle": "vehicle_out"}.get(why, "holiday")
    begins_at = datetime.combine(MONDAY, time(11), WIB)
    assert refusal(place_visit, actor=officer, stop=stop, vehicle=van, begins_at=begins_at).code == code
    assert refusal(move_visit, actor=officer, visit=elsewhere, begins_at=begins_at).code == code
    assert refusal(restore_visit, actor=officer, visit=called_off).code == code
    weekly = {"stop": stop, "vehicle": van, "rule": "FREQ=WEEKLY;BYDAY=MO", "starts_on": MONDAY}
    assert (
        refusal(make_series, actor=officer, begins_at=time(11), careful=True, **weekly).code == "days_clash"
    )
    series = make_series(actor=officer, begins_at=time(11), **weekly)
    assert MONDAY in series.left_out and not series.visits.filter(series_on=MONDAY).exists()
    assert refusal(include_day, actor=officer, series=series, on=MONDAY).code == code
    slot = {"vehicle": van, "begins_at": datetime.combine(MONDAY, time(9), WIB)}
    assert refusal(accept_request, actor=officer, request=asked, **slot).code == "slot_taken"
    assert refusal(propose_day, actor=officer, request=asked, **slot).code == "slot_taken"
    assert not Visit.objects.holding().filter(begins_at__date=MONDAY).exists()
