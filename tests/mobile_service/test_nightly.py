"""What the clock does for the calendar: "van tomorrow" once, silence when it is called off, and what nobody reported (L9, M2)."""

from datetime import date, datetime, time, timedelta
from unittest import mock
from uuid import uuid4

import pytest
from celery import current_app

from kerjasama.domain import clock
from kerjasama.schedule import TIMETABLE
from libraries.models import Institution, Notice, User
from loans.models import Consignment
from loans.services.custody import check_custody
from mobile_service.choices import EntryKind, EntryOutcome, VisitStatus
from mobile_service.models import Entry, Stop, TripLoad, Vehicle, Visit
from mobile_service.services.deciding import note_entry
from mobile_service.services.nightly import miss_silent_visits, remind_of_tomorrow
from mobile_service.services.scheduling import cancel_visit, move_visit, place_visit
from mobile_service.services.syncing import take_entries
from mobile_service.services.tellers import phone_as_teller
from mobile_service.tasks import load_tomorrow, retry_entries
from tests.factories import WIB, CrewMemberFactory, StopFactory, VehicleFactory
from tests.mobile_service.road import Road

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


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    return Road(library, school_library, circulation, account=crew)


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
    # Of the first stop there is a note and a press by mistake, which say nothing of a van that was there.
    for where, kind, outcome in (
        (other, EntryKind.ARRIVE, EntryOutcome.WAITING),
        (visit, EntryKind.NOTE, EntryOutcome.APPLIED),
        (visit, EntryKind.ARRIVE, EntryOutcome.UNDONE),
    ):
        Entry.objects.create(
            office=van.office, client_id=uuid4(), trip=where.trip, visit=where, kind=kind, told_at=at(DAY, 11),
            at=at(DAY, 11), outcome=outcome,
        )  # fmt: skip
    with clock.pretend(at(DAY + timedelta(2), 9)):
        assert miss_silent_visits().count == 0
    with clock.pretend(at(DAY + timedelta(3), 1)):
        assert miss_silent_visits().count == 1
    visit.refresh_from_db()
    other.refresh_from_db()
    assert (visit.status, other.status) == (VisitStatus.MISSED, VisitStatus.PLANNED)
    assert visit.events.get(action="miss").actor is None


def test_what_a_person_set_aside_is_noted_as_well(road: Road, officer: User) -> None:
    """The desk called the stop off, the crew told of it, and the desk noted that as nothing: nobody was there."""
    cancel_visit(visit=road.visit, actor=officer, note="Hujan")
    row = Entry.objects.get(client_id=road.phone.tell("arrive", road.visit).id)
    Visit.objects.filter(pk=road.visit.pk).update(status=VisitStatus.PLANNED)
    with clock.pretend(at(road.trip.on + timedelta(3), 1)):
        Visit.objects.filter(pk=road.village.pk).update(status=VisitStatus.DONE)
        assert miss_silent_visits().count == 0, "it waits for a person, and may say that the van was there"
        note_entry(entry=row, actor=officer, note="Salah titik.")
        assert miss_silent_visits().count == 1
    road.visit.refresh_from_db()
    assert road.visit.status == VisitStatus.MISSED


def test_the_timetable_starts_what_the_van_needs() -> None:
    started = {row["task"]: name for name, row in TIMETABLE.items()}
    for task in (load_tomorrow, retry_entries):
        assert task.name in started and current_app.tasks[task.name] is not None


def test_in_the_evening_tomorrows_van_is_loaded(
    visit: Visit, stop: Stop, van: Vehicle, officer: User, picking: Consignment
) -> None:
    """What its schools are to be brought about that day; not what another day's van takes, nor twice."""
    type(picking.period).objects.filter(pk=picking.period_id).update(starts_on=DAY + timedelta(days=3))
    with clock.pretend(at(DAY - timedelta(2), 17)):
        assert load_tomorrow() == 0 and not TripLoad.objects.exists()
    with clock.pretend(at(DAY - timedelta(1), 16)):
        assert load_tomorrow() == 1
        assert load_tomorrow() == 0
    load = TripLoad.objects.get()
    assert (load.visit, load.consignment) == (visit, picking)
    load.delete()
    cancel_visit(visit=visit, actor=officer, note="Hujan")
    with clock.pretend(at(DAY - timedelta(1), 16)):
        assert load_tomorrow() == 0


def test_what_waited_is_done_by_the_sweep(road: Road, dispatched: Consignment) -> None:
    """The answer was lost with the house: entries are kept and not done. The sweep does them, each once."""
    barcodes = [line.copy.barcode for line in dispatched.lines.select_related("copy")[:2]]
    first, second = (road.phone.write("take_back", road.visit, barcode=code) for code in barcodes)
    take_entries(teller=phone_as_teller(road.phone.device), entries=[second])
    assert retry_entries() == 1 and Entry.objects.get().outcome == "waiting", "the first is still on its way"
    with mock.patch("mobile_service.services.syncing.settle_trips"):
        road.phone.send(first)
    assert retry_entries() == 1
    assert set(Entry.objects.values_list("outcome", "code")) == {("applied", "returned")}
    assert retry_entries() == 0 and list(check_custody()) == []
