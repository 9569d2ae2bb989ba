"""What the clock does for the calendar: "van tomorrow" once, silence when it is called off, and what nobody reported (L9, M2)."""

from datetime import date, datetime, time, timedelta

import pytest

from kerjasama.domain import clock
from libraries.models import Institution, Notice, User
from mobile_service.choices import EntryKind, EntryOutcome, VisitStatus
from mobile_service.models import Entry, Stop, Vehicle, Visit
from mobile_service.services.nightly import miss_silent_visits, remind_of_tomorrow
from mobile_service.services.scheduling import cancel_visit, move_visit, place_visit
from tests.factories import WIB, CrewMemberFactory, StopFactory, VehicleFactory

pytestmark = pytest.mark.django_db

TODAY = clock.today()
DAY = TODAY + timedelta(days=9)


def at(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour), WIB)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library)


@pytest.fixture
def stop(library: Institution, school_library: Institution) -> Stop:
    return StopFactory(school=True, office=library, partner=school_library, name="SDN 01")


@pytest.fixture
def visit(van: Vehicle, stop: Stop, officer: User) -> Visit:
    placed = place_visit(actor=officer, stop=stop, vehicle=van, begins_at=at(DAY, 9))
    Notice.objects.all().delete()
    return placed


def told() -> list[Notice]:
    return list(Notice.objects.open().filter(rule="van_soon"))


def test_the_school_hears_of_tomorrow_once(visit: Visit, stop: Stop, van: Vehicle, officer: User) -> None:
    place_visit(
        actor=officer, stop=StopFactory(office=van.office), vehicle=van, begins_at=at(DAY, 11), tell=False
    )
    with clock.pretend(at(DAY - timedelta(2), 17)):
        assert remind_of_tomorrow().count == 0
    with clock.pretend(at(DAY - timedelta(1), 5)):
        assert remind_of_tomorrow().count == 1
        assert remind_of_tomorrow().count == 0
        (notice,) = told()
    assert notice.recipient == stop.partner and notice.due_on == DAY
    assert notice.context["phase"] == "before" and notice.context["time"] == "09.00"
    with clock.pretend(at(DAY, 12)):
        remind_of_tomorrow()
        assert told() == []


def test_a_reminder_falls_silent_when_the_visit_is_called_off(visit: Visit, officer: User) -> None:
    with clock.pretend(at(DAY - timedelta(1), 5)):
        remind_of_tomorrow()
        cancel_visit(visit=visit, actor=officer, note="Mesin rusak")
        assert told() == [] and remind_of_tomorrow().count == 0


def test_a_moved_visit_is_reminded_of_again_on_its_new_eve(visit: Visit, officer: User) -> None:
    with clock.pretend(at(DAY - timedelta(1), 5)):
        remind_of_tomorrow()
        move_visit(visit=visit, actor=officer, begins_at=at(DAY + timedelta(days=3), 9))
        assert told() == []
    with clock.pretend(at(DAY + timedelta(days=2), 11)):
        assert remind_of_tomorrow().count == 1
        assert told()[0].due_on == DAY + timedelta(days=3)


def test_the_crew_is_told_of_changes_of_the_next_days_only(
    visit: Visit, van: Vehicle, crew: User, officer: User
) -> None:
    member = CrewMemberFactory(office=van.office, user=crew)
    visit.trip.duties.create(member=member, on=visit.trip.on)
    mine = Notice.objects.filter(recipient=van.office, rule="van_changed")
    move_visit(visit=visit, actor=officer, begins_at=at(DAY, 10))
    assert not mine.exists()
    with clock.pretend(at(DAY - timedelta(2), 9)):
        cancel_visit(visit=visit, actor=officer, note="Hujan")
    assert mine.get().roles == ["crew"]


def test_what_nobody_reported_is_noted_two_days_later(visit: Visit, van: Vehicle) -> None:
    other = Visit.objects.create(
        trip=visit.trip,
        vehicle=van,
        stop=StopFactory(office=van.office),
        begins_at=at(DAY, 11),
        ends_at=at(DAY, 12),
    )
    Entry.objects.create(
        office=van.office, client_id=other.pk, trip=other.trip, visit=other, kind=EntryKind.NOTE, told_at=at(DAY, 11),
        at=at(DAY, 11), outcome=EntryOutcome.WAITING,
    )  # fmt: skip
    with clock.pretend(at(DAY + timedelta(2), 9)):
        assert miss_silent_visits().count == 0
    with clock.pretend(at(DAY + timedelta(3), 1)):
        assert miss_silent_visits().count == 1
    visit.refresh_from_db()
    other.refresh_from_db()
    assert (visit.status, other.status) == (VisitStatus.MISSED, VisitStatus.PLANNED)
    assert visit.events.get(action="miss").actor is None
