"""A phone tells of a visit whose time or trip the desk has given away meanwhile: merged where that is plain, else listed (M5)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from libraries.models import Institution, User
from loans.models import Consignment
from mobile_service.models import Entry, Tally, Visit
from mobile_service.services import syncing
from mobile_service.services.deciding import apply_entry, attach_entry, fix_of, may_attach
from mobile_service.services.retrying import retry_waiting
from mobile_service.services.scheduling import move_visit
from tests.factories import StopFactory, VehicleFactory, VisitFactory
from tests.mobile_service.road import Road, entry_of
from tests.mobile_service.test_van_api import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    return Road(library, school_library, circulation, account=crew)


def there(road: Road, pupils: int = 5) -> list[str]:
    """The van arrives and counts; the codes that the phone is answered."""
    write = road.phone.write
    answers = road.phone.send(
        write("arrive", road.visit),
        write("count", road.visit, kind="pupils", delta=pupils),
        write("count", road.visit, kind="teachers", delta=1),
    )
    assert all(row.sentence for row in answers if row.code)
    return [row.code for row in answers]


def moved(road: Road, officer: User, days: int) -> Visit:
    """To another van, the same hour."""
    return move_visit(
        visit=road.visit,
        actor=officer,
        begins_at=road.visit.begins_at + timedelta(days=days),
        vehicle=VehicleFactory(office=road.trip.office),
    )


def visitors(visit: Visit) -> int:
    return Tally.objects.get(visit=visit).visitor_count


def test_another_hour_of_the_same_trip_is_merged(road: Road, officer: User) -> None:
    later = road.visit.begins_at + timedelta(hours=5)
    move_visit(visit=road.visit, actor=officer, begins_at=later)
    assert there(road) == ["", "", ""]
    road.visit.refresh_from_db()
    assert (road.visit.status, road.visit.begins_at) == ("arrived", later)


def test_another_van_on_its_day_is_one_press_for_all(road: Road, officer: User) -> None:
    visit = moved(road, officer, days=0)
    assert there(road) == ["visit_moved"] * 3
    row = Entry.objects.get(kind="arrive")
    assert (row.visit, fix_of(row), may_attach(row)) == (visit, "as_moved", True)
    apply_entry(entry=row, actor=officer)
    visit.refresh_from_db()
    assert visit.status == "arrived" and visitors(visit) == 6
    assert set(Entry.objects.values_list("outcome", "trip")) == {("applied", visit.trip_id)}


def test_another_day_is_put_to_the_visit_that_a_person_names(road: Road, officer: User) -> None:
    visit = moved(road, officer, days=1)
    there(road)
    row = Entry.objects.get(kind="arrive")
    assert fix_of(row) == ""
    attach_entry(entry=row, visit=road.village, actor=officer)
    assert visitors(road.village) == 6 and not Entry.objects.to_decide().exists()
    visit.refresh_from_db()
    assert visit.status == "planned"


def test_a_trip_from_which_its_only_stop_went_away(road: Road, officer: User) -> None:
    # The trip is gone, so only the phone's own day says which visit is meant; soon after midnight its clock would say yesterday.
    road.phone.began = max(
        road.phone.began, datetime.combine(road.trip.on, time.min, ZoneInfo(road.trip.office.zone))
    )
    road.village.delete()
    visit = moved(road, officer, days=0)
    assert not type(road.trip).objects.filter(pk=road.trip.pk).exists()
    assert there(road) == ["visit_moved"] * 3
    row = Entry.objects.get(kind="arrive")
    assert row.trip is None and fix_of(row) == "as_moved"
    apply_entry(entry=row, actor=officer)
    assert visitors(visit) == 6


def test_moved_while_its_entries_were_being_taken(
    road: Road, officer: User, dispatched: Consignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept, and moved before it was done: nothing is counted for a visit of another trip."""
    line = dispatched.lines.first()
    with monkeypatch.context() as patched:
        patched.setattr(syncing, "settle_trips", lambda keys: None)
        there(road)
        road.phone.tell("take_back", road.visit, barcode=line.copy.barcode)
    moved(road, officer, days=1)
    retry_waiting()
    assert set(Entry.objects.values_list("outcome", "code")) == {("review", "visit_moved")}
    assert not Tally.objects.exists()
    line.refresh_from_db()
    assert line.status == "out"
    attach_entry(entry=Entry.objects.get(kind="arrive"), visit=road.village, actor=officer)
    assert Entry.objects.get(kind="take_back").code == "stop_without_partner"


class TestTimeGivenAway:
    @pytest.fixture
    def other(self, road: Road) -> Visit:
        """The crew leaves the stop out, and the desk sends the van elsewhere in that hour."""
        road.phone.tell("skip", road.visit, reason="Jembatan putus")
        return VisitFactory(trip=road.trip, stop=StopFactory(office=road.trip.office, name="Balai"), hour=9)

    def test_is_listed_and_what_was_counted_stands(self, road: Road, officer: User, other: Visit) -> None:
        assert there(road) == ["time_taken", "", ""]
        row = Entry.objects.to_decide().get()
        assert (row.kind, row.facts["stop"], fix_of(row)) == ("arrive", "Balai", "again")
        assert visitors(road.visit) == 6
        assert there(road) == ["", "", ""], "one telling is listed, not each"
        assert refusal(apply_entry, entry=row, actor=officer).code == "time_taken"
        Visit.objects.filter(pk=other.pk).update(status="cancelled")
        apply_entry(entry=row, actor=officer)
        road.visit.refresh_from_db()
        assert road.visit.status == "arrived" and visitors(road.visit) == 12

    def test_is_no_matter_once_the_van_has_left(self, road: Road, other: Visit) -> None:
        there(road)
        assert road.phone.tell("leave", road.visit).code == ""
        road.visit.refresh_from_db()
        assert road.visit.status == "done" and not Entry.objects.to_decide().exists()
        other.refresh_from_db()
        assert other.status == "planned"

    def test_what_was_left_out_cannot_come_back(self, road: Road, other: Visit) -> None:
        skip = Entry.objects.get(kind="skip")
        answer = road.phone.tell("undo", of=str(skip.client_id))
        assert (answer.outcome, answer.code) == ("review", "time_taken")
        road.visit.refresh_from_db()
        assert road.visit.status == "missed"
        assert entry_of(answer).facts["stop"] == "Balai"
