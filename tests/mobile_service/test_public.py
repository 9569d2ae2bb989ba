"""What everybody may know of the van: the right days, what was changed and why, and nothing of anybody."""

import csv
import io
import json
import random
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kerjasama.domain import clock
from libraries.models import Institution, User
from mobile_service.choices import VisitStatus
from mobile_service.feeds import days_of
from mobile_service.models import Stop, Vehicle
from mobile_service.services.feeding import owner_of
from mobile_service.services.series import change_series, end_series, make_series
from mobile_service.services.stop_export import sheet_of_all
from tests.documents.reading import flat, text_of
from tests.factories import CrewMemberFactory, SeriesFactory, StopFactory, VehicleFactory
from tests.mobile_service.publishing_world import at, new_van, random_series, shown_by_a_phone, visit

pytestmark = pytest.mark.django_db

SECRET = ("Rahasia Ibu Nur", "0812 7777 7777")


@pytest.fixture(autouse=True)
def _no_brake() -> None:
    cache.clear()


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return new_van(library)


@pytest.fixture
def stop(library: Institution) -> Stop:
    return StopFactory(
        office=library, name="Balai Talang", slug="balai-talang", community="Nagari Talang", address="Jalan Sudirman 3",
        hint="Di bawah pohon beringin", contact_name=SECRET[0], contact_phone=SECRET[1],
    )  # fmt: skip


@pytest.fixture
def hidden(library: Institution, school_library: Institution) -> Stop:
    return StopFactory(
        office=library, school=True, partner=school_library, name="Gerbang Tersembunyi", slug="tersembunyi"
    )


def page(name: str, *args: Any, **query: Any) -> Any:
    answer = Client().get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer


def test_the_month_leads_to_the_page_of_each_stop_and_speaks_the_language_of_its_reader(
    stop: Stop, van: Vehicle
) -> None:
    visit(stop, van, at(1, 9, 5), reason="Bersama pendongeng")
    SeriesFactory(stop=stop, vehicle=van, begins_at=time(14, 20), minutes=60)
    month = f"{at(1).date():%Y-%m}"
    asked = f"{reverse('schedule_month')}?bulan={month}"
    for language, hours in (("id", "09.05–10.05"), ("en", "09:05–10:05")):
        reader = Client()
        reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        said = reader.get(asked).content.decode()
        assert hours in said and hours in reader.get(reverse("schedule")).content.decode()
        own = reader.get(reverse("schedule_stop", args=[stop.slug])).content.decode()
        assert f"14{hours[2]}20–15{hours[2]}20" in own
        assert f'href="{reverse("schedule_stop", args=[stop.slug])}"' in said
        assert "Nagari Talang" in said and "Bersama pendongeng" in said


class TestNext:
    def test_the_soonest_stands_first_with_what_was_called_off(self, stop: Stop, van: Vehicle) -> None:
        later = StopFactory(office=stop.office, name="Balai Birugo", slug="balai-birugo")
        never = StopFactory(office=stop.office, name="Aula Kosong", slug="aula-kosong")
        visit(stop, van, at(2), status=VisitStatus.CANCELLED, reason="Jembatan putus")
        visit(stop, van, at(9))
        visit(later, van, at(4, 14))
        visit(later, van, at(-3))
        answer = page("schedule")
        shown = answer.context["stops"]
        assert [row.slug for row in shown] == ["balai-birugo", "balai-talang", never.slug]
        assert shown[0].next.begins.hour == 14 and shown[2].next is None
        assert [row.reason for row in shown[1].called_off] == ["Jembatan putus"]
        assert "Jembatan putus" in answer.content.decode()

    def test_a_visit_that_goes_on_is_here_now(self, stop: Stop, van: Vehicle) -> None:
        visit(stop, van, clock.now() - timedelta(minutes=10), status=VisitStatus.ARRIVED)
        (row,) = page("schedule").context["stops"]
        assert row.next.is_now

    @pytest.mark.parametrize("words", ["talang", "NAGARI tal", "sudirman balai"])
    def test_places_are_found_by_name_village_and_address(self, stop: Stop, words: str) -> None:
        StopFactory(office=stop.office, name="Lain", slug="lain")
        assert [row.slug for row in page("schedule", q=words).context["stops"]] == ["balai-talang"]

    def test_a_public_stop_is_found_by_the_name_of_its_school(
        self, library: Institution, school_library: Institution
    ) -> None:
        StopFactory(
            office=library,
            school=True,
            partner=school_library,
            is_public=True,
            name="Gerbang Timur",
            slug="timur",
        )
        assert [row.slug for row in page("schedule", q="benteng").context["stops"]] == ["timur"]

    def test_only_this_page_may_ask_where_the_reader_is(self, stop: Stop) -> None:
        assert "geolocation=(self)" in page("schedule")["Permissions-Policy"]
        assert "geolocation=()" in page("schedule_stop", stop.slug)["Permissions-Policy"]

    def test_the_front_page_says_where_it_is_next(self, stop: Stop, hidden: Stop, van: Vehicle) -> None:
        assert page("front").context["parts"] == []
        visit(hidden, van, at(1))
        visit(stop, van, at(2))
        (part,) = page("front").context["parts"]
        assert [line[0] for line in part.lines] == ["Balai Talang"]


class TestOneStop:
    def test_moves_and_cancellations_are_told_with_their_reason(self, stop: Stop, van: Vehicle) -> None:
        series = SeriesFactory(stop=stop, vehicle=van)
        slot = at(7)
        visit(
            stop, van, slot + timedelta(days=1, hours=2), series=series, series_on=slot.date(), reason="Mobil di bengkel"
        )  # fmt: skip
        visit(
            stop,
            van,
            at(14),
            series=series,
            series_on=at(14).date(),
            status=VisitStatus.CANCELLED,
            reason="Banjir",
        )
        visit(stop, van, at(21), series=series, series_on=at(21).date())
        answer = page("schedule_stop", stop.slug)
        moved, off, kept = answer.context["visits"]
        assert moved.is_moved and moved.was.date() == slot.date() and moved.was_another_day
        assert off.is_off and not off.is_moved and kept.was is None
        assert answer.context["next"] == moved
        said = answer.content.decode()
        assert "Mobil di bengkel" in said and "Banjir" in said and "Di bawah pohon beringin" in said

    def test_what_is_decided_for_later_stands_beside_what_holds_until_then(
        self, stop: Stop, van: Vehicle, circulation: User
    ) -> None:
        """The rule of today is said until its last day, on the page, in the open data and in the desk's file; one that is over is not."""
        cast = make_series(
            actor=None, stop=stop, vehicle=van, rule="FREQ=WEEKLY;BYDAY=MO", starts_on=at(0).date(), begins_at=time(9)
        )  # fmt: skip
        over = make_series(
            actor=None, stop=stop, vehicle=van, rule="FREQ=WEEKLY;BYDAY=TU", starts_on=at(0).date(), begins_at=time(9)
        )  # fmt: skip
        turn = cast.starts_on + timedelta(weeks=40)
        change_series(series=cast, actor=circulation, from_on=turn, begins_at=time(13))
        end_series(series=over, actor=circulation, on=over.starts_on + timedelta(weeks=2))
        young = make_series(
            actor=None, stop=stop, vehicle=van, rule="FREQ=WEEKLY;BYDAY=FR", starts_on=turn, begins_at=time(9)
        )  # fmt: skip
        end_series(series=young, actor=circulation)

        def told() -> list[tuple[str, str, str]]:
            usual = page("schedule_stop", stop.slug).context["usual"]
            rows = list(csv.DictReader(io.StringIO(page("schedule_csv").content.decode())))
            found = [(row["day"], row["arrival"], row["end"]) for row in rows]
            own = csv.DictReader(io.StringIO(sheet_of_all(Stop.objects.all()).removeprefix("\ufeff")))
            assert found == [(row["day"], row["arrival"], row["end"]) for row in own]
            assert [f"{row.begins:%H:%M}" for row in usual] == [arrival for _day, arrival, _end in found]
            return sorted(found)

        last, end = turn - timedelta(days=1), over.starts_on + timedelta(days=13)
        first = [("Monday", "09:00", str(last)), ("Monday", "13:00", "")]
        assert told() == sorted([*first, ("Tuesday", "09:00", str(end))])
        with clock.pretend(at(30, 2)):  # before the night has ended what is over
            assert told() == first
        with clock.pretend(at(0, 2) + (turn - at(0).date())):
            assert told() == first[1:]

    def test_times_are_those_of_the_place(self, van: Vehicle) -> None:
        office = van.office
        office.zone = "Asia/Jayapura"
        office.save()
        stop = StopFactory(office=office, slug="timur-jauh")
        visit(stop, van, at(3, 8))  # eight in the west is ten in the east
        (shown,) = page("schedule_stop", stop.slug).context["visits"]
        assert (shown.begins.hour, shown.zone) == (10, "WIT")

    def test_the_sheet_for_the_wall_names_the_next_days(self, stop: Stop, van: Vehicle) -> None:
        visit(stop, van, at(3), status=VisitStatus.CANCELLED)
        visit(stop, van, at(10, 13, 30))
        said = flat(text_of(page("schedule_poster", stop.slug).content))
        assert flat("Balai Talang") in said and flat("13.30–14.30 WIB") in said and "09.00" not in said


class TestMonth:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_every_calendar_shows_what_the_pages_show(self, stop: Stop, van: Vehicle, seed: int) -> None:
        """Random series, read out of the pages month by month, and out of the calendar as a phone expands it."""
        dice = random.Random(seed)
        for hour in (8, 10, 13):
            random_series(stop, van, hour, dice)
        visit(stop, van, at(5, 16))
        first = clock.add_months(clock.today().replace(day=1), -2)
        shown = set()
        for number in range(7):
            month = clock.add_months(first, number)
            for row in page("schedule_month", bulan=f"{month:%Y-%m}").context["visits"]:
                begins, ends = (moment.replace(tzinfo=at(0).tzinfo) for moment in (row.begins, row.ends))
                shown.add((begins, ends, not row.is_off))
        assert len(shown) > 20
        found = shown_by_a_phone(page("schedule_feed", stop.slug).content)
        assert {
            (begins.astimezone(at(0).tzinfo), ends.astimezone(at(0).tzinfo), on) for begins, ends, on in found
        } == shown

    def test_a_month_is_narrowed_by_words_and_nonsense_is_this_month(self, stop: Stop, van: Vehicle) -> None:
        other = StopFactory(office=stop.office, name="Lain", slug="lain")
        visit(stop, van, at(0, 8))
        visit(other, van, at(0, 11))
        assert len(page("schedule_month", bulan="kapan").context["visits"]) == 2
        assert [row.slug for row in page("schedule_month", q="talang").context["visits"]] == [stop.slug]


class TestOpenData:
    def test_stops_and_visits_as_json(self, stop: Stop, van: Vehicle) -> None:
        row = visit(stop, van, at(3), status=VisitStatus.CANCELLED, reason="Banjir")
        told = json.loads(page("schedule_json").content)
        (found,) = told["stops"]
        assert (found["id"], found["hint"]) == ("balai-talang", "Di bawah pohon beringin")
        assert found["visits"] == [
            {
                "id": str(row.pk), "begins_at": at(3).isoformat(), "ends_at": at(3, 10).isoformat(), "status": "cancelled",
                "reason": "Banjir", "vehicle": "Pusling Satu",
            }
        ]  # fmt: skip
        assert Client().get(found["calendar"]).status_code == 200 == Client().get(found["page"]).status_code

    def test_the_timetable_in_the_schema(self, stop: Stop, van: Vehicle, hidden: Stop) -> None:
        left_out = [row.date() for row in (at(30 + n) for n in range(7)) if row.weekday() in (1, 3)]
        SeriesFactory(stop=stop, vehicle=van, rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", left_out=left_out)
        SeriesFactory(stop=hidden, vehicle=van)
        rows = list(csv.DictReader(io.StringIO(page("schedule_csv").content.decode())))
        assert [row["day"] for row in rows] == ["Tuesday", "Thursday"]
        assert {(row["arrival"], row["departure"], row["type"]) for row in rows} == {
            ("09:00", "10:00", "Public")
        }
        assert [row["exceptions"] for row in rows] == [
            next(day.isoformat() for day in left_out if day.weekday() == weekday) for weekday in (1, 3)
        ]
        # Each row speaks of its own weekday alone, and begins on one.
        assert [row["frequency"][-8:] for row in rows] == ["BYDAY=TU", "BYDAY=TH"]
        assert [date.fromisoformat(row["start"]).weekday() for row in rows] == [1, 3]
        assert rows[0]["timetable"] == f"http://testserver{reverse('schedule_stop', args=[stop.slug])}"
        assert float(rows[0]["geox"]) == float(stop.longitude)

    def test_a_strict_reader_of_the_timetable_has_each_visit_once(self, stop: Stop, van: Vehicle) -> None:
        """Also where two series share a fortnight, and where a visit was called off, moved to another day, or only to another hour."""
        begins = at(1)
        first = SeriesFactory(
            stop=stop, vehicle=van, rule="FREQ=WEEKLY;BYDAY=TU,TH,SU", starts_on=begins.date(), begins_at=begins.time()
        )  # fmt: skip
        ahead = days_of(first.rule, first.starts_on, first.starts_on, first.starts_on + timedelta(days=40))
        wanted = set(ahead)
        for number, day in enumerate(ahead):
            more: dict[str, Any] = {"series": first, "series_on": day}
            if number == 2:
                more |= {"status": VisitStatus.CANCELLED, "sequence": 1}
            moved = {3: timedelta(days=1), 4: timedelta(hours=1)}.get(number, timedelta())
            more |= {"sequence": 1} if moved else {}
            visit(stop, van, datetime.combine(day, begins.time(), begins.tzinfo) + moved, **more)
        wanted -= {ahead[2], ahead[3]}
        found = []
        for row in csv.DictReader(io.StringIO(page("schedule_csv").content.decode())):
            rule = rrulestr(row["frequency"], dtstart=datetime.fromisoformat(row["start"]))
            days = {
                it.date()
                for it in rule.between(datetime(2000, 1, 1), datetime.combine(ahead[-1], time()), inc=True)
            }
            found += sorted(days - {date.fromisoformat(it) for it in row["exceptions"].split(";") if it})
        assert sorted(found) == sorted(wanted)

    def test_the_points_of_the_map_say_when_it_comes_next(
        self, stop: Stop, hidden: Stop, van: Vehicle
    ) -> None:
        visit(stop, van, at(1, 8, 30))
        # A point abroad would make the map of a town one of the world.
        StopFactory(office=van.office, latitude="51.5", longitude="-0.12", is_public=True)
        (feature,) = json.loads(page("schedule_points").content)["features"]
        assert feature["properties"]["next"].endswith("08.30")
        assert feature["geometry"]["coordinates"] == [float(stop.longitude), float(stop.latitude)]


EVERYWHERE = ("front", "schedule", "schedule_month", "schedule_points", "schedule_json", "schedule_csv")


def test_a_stop_that_is_not_public_is_nowhere(hidden: Stop, van: Vehicle) -> None:
    random_series(hidden, van, 9, random.Random(1))
    visit(hidden, van, at(0, 15))
    for name in EVERYWHERE:
        said = page(name).content.decode()
        assert "Tersembunyi" not in said and "tersembunyi" not in said, name
    for name in ("schedule_stop", "schedule_feed", "schedule_poster"):
        assert Client().get(reverse(name, args=[hidden.slug])).status_code == 404, name
    Stop.objects.filter(pk=hidden.pk).update(is_public=True, is_active=False)
    for name in ("schedule_stop", "schedule_feed", "schedule_poster"):
        assert Client().get(reverse(name, args=[hidden.slug])).status_code == 404, name


def test_nobody_is_named_and_no_number_is_given(stop: Stop, van: Vehicle) -> None:
    member = CrewMemberFactory(office=stop.office, name="Awak Rahasia", vehicle=van)
    random_series(stop, van, 9, random.Random(2))
    row = visit(stop, van, at(1, 15), note="Rahasia dapur")
    row.trip.duties.create(member=member, on=row.trip.on)
    answers = [page(name).content for name in EVERYWHERE]
    answers += [page(name, stop.slug).content for name in ("schedule_stop", "schedule_feed")]
    answers.append(flat(text_of(page("schedule_poster", stop.slug).content)).encode())
    for said in (flat(answer.decode()) for answer in answers):
        for secret in (*SECRET, member.name, member.phone, van.plate, "Rahasia dapur"):
            assert flat(secret) not in said


@pytest.mark.parametrize("name", [*EVERYWHERE, "schedule_stop", "schedule_feed"])
def test_twenty_stops_cost_what_one_costs(name: str, stop: Stop, van: Vehicle) -> None:
    args = [stop.slug] if name in ("schedule_stop", "schedule_feed") else []

    def statements() -> int:
        page(name, *args)
        with CaptureQueriesContext(connection) as sent:
            page(name, *args)
        return len(sent)

    random_series(stop, van, 7, random.Random(3))
    visit(stop, van, at(1, 6))
    few = statements()
    for number in range(20):
        other = StopFactory(office=stop.office)
        visit(other, new_van_named(stop.office, number), at(1 + number % 5))
        visit(other, van, at(2 + number, 14 + number % 3), status=VisitStatus.CANCELLED)
    for hour in (9, 11):
        random_series(stop, van, hour, random.Random(hour))
    assert statements() == few


RUBBISH = ("%00", "s%00", "v%00A", "s" + "A" * 400, "p%0a", "s%C3%A9%20x", "c%ED%A0%80", "s..%2F")


@pytest.mark.parametrize("word", RUBBISH)
@pytest.mark.parametrize(
    "address",
    [
        "/ical/{}.ics",
        "/jadwal/{}/",
        "/jadwal/{}/kalender.ics",
        "/jadwal/{}/poster.pdf",
        "/jadwal/minta/ikuti/{}/",
        "/jadwal/minta/ikuti/{}/confirm/",
        "/portal/van/masuk/{}/",
    ],
)
def test_an_address_that_nobody_was_given_opens_nothing(stop: Stop, address: str, word: str) -> None:
    """Also signs that the database cannot take (S25)."""
    for method in ("get", "post"):
        answer = getattr(Client(), method)(address.format(word))
        assert answer.status_code in (404, 405, 409), (method, answer.status_code)


@pytest.mark.parametrize("word", ["", "s", "s\x00", "v" + "A" * 44, "pA\n", "s-é", "xAAAA"])
def test_what_looks_like_no_secret_is_looked_for_nowhere(word: str) -> None:
    with CaptureQueriesContext(connection) as sent:
        assert owner_of(word) is None
    assert len(sent) == 0


def new_van_named(office: Institution, number: int) -> Vehicle:
    return VehicleFactory(office=office, name=f"Pusling {number}", hours=())
