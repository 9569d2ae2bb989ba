"""A day on which the crew's phone failed is told at the desk, and adds up with what a phone tells after all (M5)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from libraries.models import Institution, User
from mobile_service.models import Entry, Tally, Trip, TripFile
from mobile_service.services.deciding import note_entry
from mobile_service.services.telling_at_desk import correct_odometer, tell_of_trip, tell_of_visit
from tests.factories import StopFactory, TripFactory, VisitFactory
from tests.mobile_service.road import Road
from tests.mobile_service.test_van_api import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    return Road(library, school_library, circulation, account=crew)


@pytest.fixture
def evening(road: Road) -> Any:
    """The same day, when everything has happened."""
    moment = datetime.combine(road.trip.on, datetime.min.time(), ZoneInfo(road.trip.office.zone))
    with clock.pretend(moment + timedelta(hours=18)):
        yield


class Desk:
    def __init__(self, user: User, road: Road) -> None:
        self.client, self.road = Client(), road
        self.client.force_login(user)

    def trip(self, action: str, **typed: Any) -> Any:
        return self._post("work:van_trip_tell", self.road.trip.pk, action, typed)

    def stop(self, action: str, **typed: Any) -> Any:
        return self._post("work:van_visit_tell", self.road.visit.pk, action, typed)

    def _post(self, name: str, pk: Any, action: str, typed: dict[str, Any]) -> Any:
        address = reverse(name, args=[pk, action])
        assert self.client.get(address).status_code == 200
        return self.client.post(address, typed)

    def offered(self) -> set[str]:
        """What the trip's page offers of its own and of the school's stop."""
        page = self.client.get(reverse("work:van_trip", args=[self.road.trip.pk])).content.decode()
        known = ["start", "finish", "arrive", "arrive_late", "leave", "skip", "count", "uncount", "unstart",
                 "unfinish", "unarrive", "unleave", "unskip"]  # fmt: skip
        return {
            name
            for name in known
            for address, pk in (("van_trip_tell", self.road.trip.pk), ("van_visit_tell", self.road.visit.pk))
            if f'href="{reverse(f"work:{address}", args=[pk, name])}"' in page
        }


@pytest.mark.usefixtures("evening")
def test_a_whole_day_is_told(road: Road, circulation: User) -> None:
    desk = Desk(circulation, road)
    assert desk.offered() == {"start", "arrive", "skip"}
    assert desk.trip("start", at="07:30", odometer="1000").status_code == 302
    assert desk.stop("arrive", at="09:05").status_code == 302
    assert desk.offered() == {"finish", "leave", "count", "unarrive"}
    assert desk.stop("count", pupils="30", teachers="2", lent="12", returned="").status_code == 302
    assert desk.stop("leave", at="10:00").status_code == 302
    assert desk.trip("finish", at="14:00", odometer="1042").status_code == 302
    road.trip.refresh_from_db()
    road.visit.refresh_from_db()
    assert (road.trip.status, road.trip.odometer_start, road.trip.odometer_end) == ("done", 1000, 1042)
    zone = ZoneInfo(road.trip.office.zone)
    assert f"{road.visit.arrived_at.astimezone(zone):%H.%M}" == "09.05"
    tally = Tally.objects.get(visit=road.visit)
    assert (tally.visitors, tally.lent) == ({"pupils": 30, "teachers": 2}, 12)
    assert road.visit.events.latest("at").actor == circulation
    # The phone comes home after all: what it tells is added, nothing is written over.
    road.phone.tell("arrive", road.visit)
    road.phone.tell("count", road.visit, kind="pupils", delta=4)
    road.visit.refresh_from_db()
    assert road.visit.status == "done" and Tally.objects.get(visit=road.visit).visitor_count == 36
    # Typed twice on paper: the desk takes its own count back, the phone's stands.
    assert "uncount" in desk.offered() and desk.stop("uncount").status_code == 302
    assert Tally.objects.get(visit=road.visit).visitors == {"pupils": 4}


@pytest.mark.usefixtures("evening")
def test_when_it_left_is_told_after_it_is_back(road: Road, circulation: User) -> None:
    desk = Desk(circulation, road)
    desk.trip("start", at="07:30")
    desk.trip("finish", at="14:00")
    desk.stop("arrive", at="09:05")
    road.visit.refresh_from_db()
    assert road.visit.status == "done", "the van is back, so it has left"
    assert desk.offered() == {"unfinish", "leave", "count", "unarrive"}
    assert desk.stop("leave", at="10:00").status_code == 302
    road.visit.refresh_from_db()
    assert road.visit.left_at - road.visit.arrived_at == timedelta(minutes=55)
    assert desk.offered() == {"unfinish", "unleave", "count"}
    assert desk.stop("unleave").status_code == 302 and desk.stop("unarrive").status_code == 302
    road.visit.refresh_from_db()
    assert (road.visit.status, road.visit.left_at) == ("planned", None)


@pytest.mark.usefixtures("evening")
def test_pressed_by_mistake_is_taken_back(road: Road, crew: User) -> None:
    desk = Desk(crew, road)
    desk.stop("skip", reason="Jembatan putus")
    road.visit.refresh_from_db()
    assert (road.visit.status, road.visit.reason) == ("missed", "Jembatan putus")
    assert desk.offered() == {"start", "arrive_late", "unskip"}
    desk.stop("unskip")
    desk.stop("arrive", at="09:00")
    desk.stop("count", adults="3")
    refused = desk.stop("unarrive")
    assert refused.status_code == 409, "what was counted says that the van was there"
    desk.stop("uncount")
    desk.stop("unarrive")
    road.visit.refresh_from_db()
    assert road.visit.status == "planned" and desk.offered() == {"start", "arrive", "skip"}


@pytest.mark.usefixtures("evening")
def test_what_cannot_be_is_refused_and_nothing_is_kept(road: Road, circulation: User, head: User) -> None:
    desk = Desk(circulation, road)
    assert desk.stop("arrive", at="23:00").status_code == 422, "that time has not come"
    assert desk.stop("leave", at="10:00").status_code == 409
    assert desk.stop("count", pupils="3").status_code == 409
    assert desk.stop("skip", reason=" ").status_code == 422
    assert Desk(head, road).stop("arrive", at="09:00").status_code == 403
    assert not Entry.objects.exists()
    tell_of_trip(trip=road.trip, actor=circulation, action="start", odometer=1000)
    assert desk.trip("finish", at="17:00", odometer="900").status_code == 422
    assert desk.client.get(reverse("work:van_trip_tell", args=[road.trip.pk, "cancel"])).status_code == 404
    # The time was given to another stop while the phone was silent: the desk reads it at once.
    tell_of_visit(visit=road.visit, actor=circulation, action="skip", reason="Hujan")
    VisitFactory(trip=road.trip, stop=StopFactory(office=road.trip.office, name="Balai"), hour=9)
    taken = desk.stop("arrive_late", at="09:00")
    assert taken.status_code == 409 and "Balai" in taken.content.decode()
    assert set(Entry.objects.values_list("kind", flat=True)) == {"start", "skip"}


def told_odometer(road: Road) -> tuple[str, int | None, int | None]:
    road.trip.refresh_from_db()
    return road.trip.status, road.trip.odometer_start, road.trip.odometer_end


@pytest.mark.usefixtures("evening")
def test_a_reading_that_was_taken_back_counts_no_more(road: Road, circulation: User) -> None:
    desk = Desk(circulation, road)
    desk.trip("start", at="07:30", odometer="99999")
    assert told_odometer(road) == ("under_way", 99_999, None)
    desk.trip("unstart")
    assert told_odometer(road) == ("planned", None, None)
    desk.trip("start", at="07:30", odometer="")
    assert told_odometer(road) == ("under_way", None, None)


@pytest.mark.usefixtures("evening")
def test_a_trip_that_was_made_with_its_readings_keeps_them(road: Road, circulation: User) -> None:
    """Days of the demo have no entries: what is told of a stop says nothing of the odometer."""
    Trip.objects.filter(pk=road.trip.pk).update(odometer_start=1000, odometer_end=1042)
    Desk(circulation, road).stop("arrive", at="09:05")
    assert told_odometer(road) == ("under_way", 1000, 1042)


class TestOdometer:
    """A figure that somebody typed wrongly is put right in one act, also where the van has been at a stop (M5)."""

    @pytest.fixture
    def wrong(self, road: Road) -> Entry:
        """Off with 10.000 instead of 1.000: the evening's figure waits for a person."""
        road.phone.send(
            road.phone.write("start", odometer=10_000),
            road.phone.write("arrive", road.visit),
            road.phone.write("finish", odometer=1042),
        )
        assert told_odometer(road) == ("done", 10_000, None)
        waiting: Entry = Entry.objects.to_decide().get()
        return waiting

    def test_the_mornings_is_corrected_and_the_evenings_counts(
        self, road: Road, circulation: User, wrong: Entry
    ) -> None:
        desk = Desk(circulation, road)
        assert "unstart" not in desk.offered(), "it has been at a stop"
        way = reverse("work:van_trip_tell", args=[road.trip.pk, "odometer"])
        assert f'href="{way}"' in desk.client.get(reverse("work:entry_reviews")).content.decode()
        trip = reverse("work:van_trip", args=[road.trip.pk])
        assert f'href="{way}"' in desk.client.get(trip).content.decode()
        form = desk.client.get(way).context["form"]
        assert [form[name].value() for name in ("start", "finish")] == [10_000, 1042]
        road.trip.refresh_from_db()
        times = road.trip.started_at, road.trip.finished_at
        assert desk.trip("odometer", start="1000", finish="1042").status_code == 302
        assert told_odometer(road) == ("done", 1000, 1042)
        assert (road.trip.started_at, road.trip.finished_at) == times
        wrong.refresh_from_db()
        assert (wrong.outcome, wrong.code, wrong.facts) == ("applied", "", {})
        assert not Entry.objects.to_decide().exists()
        told = Entry.objects.count()
        assert desk.trip("odometer", start="1000", finish="1042").status_code == 302
        assert Entry.objects.count() == told, "nothing is told twice"

    def test_nobody_is_asked_for_a_figure_of_which_nothing_was_told(
        self, road: Road, circulation: User
    ) -> None:
        way = reverse("work:van_trip_tell", args=[road.trip.pk, "odometer"])
        page = Desk(circulation, road).client.get(way, follow=True)
        assert page.context["trip"] == road.trip
        assert [str(said) for said in page.context["messages"]] == [
            "Hal ini belum dilaporkan. Catat dahulu jamnya."
        ]

    def test_the_evenings_is_corrected(self, road: Road, circulation: User, wrong: Entry) -> None:
        desk = Desk(circulation, road)
        assert desk.trip("odometer", start="10000", finish="9999").status_code == 422
        assert desk.trip("odometer", start="10000", finish="10042").status_code == 302
        assert told_odometer(road) == ("done", 10_000, 10_042)
        wrong.refresh_from_db()
        assert wrong.outcome == "undone" and not Entry.objects.to_decide().exists()
        desk.trip("odometer", start="", finish="10042")
        assert told_odometer(road) == ("done", None, 10_042), "nobody read it"

    def test_what_a_phone_told_meanwhile_stands(self, road: Road, circulation: User) -> None:
        desk = Desk(circulation, road)
        road.phone.tell("start", odometer=10_000)
        assert list(desk.client.get(reverse("work:van_trip_tell", args=[road.trip.pk, "odometer"])).context["form"].fields) == ["start"]  # fmt: skip
        road.phone.tell("finish", odometer=1042)
        assert desk.trip("odometer", start="1000").status_code == 302
        assert told_odometer(road) == ("done", 1000, 1042)

    def test_what_was_set_aside_stays_aside(self, road: Road, circulation: User, wrong: Entry) -> None:
        note_entry(entry=wrong, actor=circulation, note="Salah baca.")
        desk = Desk(circulation, road)
        desk.trip("odometer", start="1000", finish="")
        assert told_odometer(road) == ("done", 1000, None)
        desk.trip("odometer", start="1000", finish="1050")
        assert told_odometer(road) == ("done", 1000, 1050)

    def test_whoever_may_take_it_back_may_correct_it(
        self, road: Road, circulation: User, crew: User, head: User
    ) -> None:
        given: dict[str, Any] = {"trip": road.trip, "figures": {"start": 1000}}
        assert refusal(correct_odometer, actor=circulation, **given).status == 409, "it has not set off"
        road.phone.tell("arrive", road.visit)
        assert refusal(correct_odometer, actor=circulation, **given).code == "not_told"
        road.phone.tell("start", odometer=2000)
        assert refusal(correct_odometer, actor=head, **given).status == 403
        assert correct_odometer(actor=crew, **given).odometer_start == 1000


def clock_of(road: Road, at: datetime | None) -> str:
    assert at is not None
    return f"{at.astimezone(ZoneInfo(road.trip.office.zone)):%d %H.%M}"


def test_home_after_midnight_and_never_before_it_set_off(road: Road, circulation: User) -> None:
    desk = Desk(circulation, road)
    midnight = datetime.combine(road.trip.on, datetime.min.time(), ZoneInfo(road.trip.office.zone))
    with clock.pretend(midnight + timedelta(days=1, hours=8)):
        desk.trip("start", at="14:00")
        for impossible in ("13:59", "07:00"):
            refused = desk.trip("finish", at=impossible)
            assert refused.status_code == 422 and "at" in refused.context["form"].errors
        assert desk.trip("finish", at="00:40").status_code == 302
        road.trip.refresh_from_db()
        tomorrow = road.trip.on + timedelta(days=1)
        assert clock_of(road, road.trip.finished_at) == f"{tomorrow:%d} 00.40"
        assert road.trip.finished_at > road.trip.started_at
        desk.trip("unfinish")
        assert desk.trip("finish", at="18:00").status_code == 302
        road.trip.refresh_from_db()
        assert clock_of(road, road.trip.finished_at) == f"{road.trip.on:%d} 18.00"


@pytest.mark.usefixtures("evening")
def test_it_never_set_off_after_it_was_back(road: Road, circulation: User) -> None:
    desk = Desk(circulation, road)
    desk.stop("arrive", at="09:05")
    desk.trip("finish", at="14:00")
    assert desk.trip("start", at="14:30").status_code == 422
    assert desk.trip("start", at="08:30").status_code == 302


def test_a_day_to_come_has_nothing_to_tell(road: Road, circulation: User) -> None:
    tomorrow = TripFactory(vehicle=road.trip.vehicle, on=road.trip.on + timedelta(days=1))
    visit = VisitFactory(trip=tomorrow, stop=road.visit.stop)
    client = Client()
    client.force_login(circulation)
    midnight = datetime.combine(road.trip.on, datetime.min.time(), ZoneInfo(road.trip.office.zone))
    for hour in (9, 23):
        with clock.pretend(midnight + timedelta(hours=hour)):
            page = client.get(reverse("work:van_trip", args=[tomorrow.pk])).content.decode()
            assert "/lapor/" not in page
            refused = refusal(tell_of_visit, visit=visit, actor=circulation, action="arrive")
            assert refused.code == "time_of_trip"


def test_a_trip_that_nobody_ended_waits_for_the_desk(road: Road, circulation: User) -> None:
    """The phone told of a stop and then nothing any more: the day after, the desk finds the trip and closes it."""
    desk, first = Desk(circulation, road), Client()
    first.force_login(circulation)
    page = reverse("work:van_trip", args=[road.trip.pk])
    road.phone.tell("arrive", road.visit)
    assert page not in first.get("/admin/").content.decode(), "it may still be on its way"
    midnight = datetime.combine(road.trip.on, datetime.min.time(), ZoneInfo(road.trip.office.zone))
    with clock.pretend(midnight + timedelta(days=1, hours=8)):
        assert page in first.get("/admin/").content.decode()
        assert first.get(page).context["not_home"]
        assert {"start", "finish"} <= desk.offered()
        assert desk.trip("finish", at="14:00", odometer="1042").status_code == 302
        assert page not in first.get("/admin/").content.decode()
        assert desk.trip("start", at="07:30", odometer="1100").status_code == 422, "more than in the evening"
        assert desk.trip("start", at="07:30", odometer="1000").status_code == 302
        assert "start" not in desk.offered()
    road.trip.refresh_from_db()
    road.visit.refresh_from_db()
    assert (road.trip.status, road.trip.odometer_start, road.trip.odometer_end) == ("done", 1000, 1042)
    assert [road.trip.started_at, road.trip.finished_at] == [
        midnight + timedelta(hours=7, minutes=30), midnight + timedelta(hours=14),
    ]  # fmt: skip
    assert road.visit.status == "done"


def test_what_the_crew_noted_is_read_at_the_desk(road: Road, circulation: User, perpusnas: User) -> None:
    """Its words and photographs, on the page of the trip and of the stop; what was taken back is on neither."""
    key, wrong = str(uuid4()), road.phone.write("note", road.visit, text="Salah tempat")
    for told in (
        road.phone.write("note", road.visit, text="Tangga licin <b>kalau hujan</b>"),
        road.phone.write("photograph", road.visit, file=key),
        road.phone.write("photograph", road.visit, file=str(uuid4())),
        wrong,
        road.phone.write("undo", road.visit, of=wrong["id"]),
        road.phone.write("note", road.village, text="Minta buku resep"),
    ):
        assert road.phone.send(told)[0].outcome == "applied"
    road.phone.sign("photograph", key, road.visit)
    picture = reverse("file", args=[TripFile.objects.get().file_id])
    desk = Client()
    desk.force_login(circulation)
    trip = desk.get(reverse("work:van_trip", args=[road.trip.pk]))
    stop = desk.get(reverse("work:van_visit", args=[road.visit.pk]))
    for page in (trip, stop):
        words = page.content.decode()
        assert "Tangga licin &lt;b&gt;kalau hujan" in words and picture in words and "Tini" in words
        assert "Salah tempat" not in words and words.count("/berkas/") == 1
        assert ("Minta buku resep" in words) is (page is trip)
    assert desk.get(picture).status_code == 200
    other = Client()
    other.force_login(perpusnas)
    assert other.get(picture).status_code == 404
