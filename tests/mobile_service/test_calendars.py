"""Calendars by address: who may have which, what stands in it, and that an unchanged one costs nothing."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.http import http_date

from kerjasama.domain import clock
from kerjasama.domain.errors import NotPermitted
from kerjasama.domain.wording import long_date
from libraries.models import Institution, User
from loans.models import Programme
from mobile_service.choices import VisitStatus
from mobile_service.models import CrewMember, SchoolFeed, Series, Stop, Vehicle, Visit
from mobile_service.services.feeding import renew_feed, renew_school_feed, token_of
from mobile_service.services.fleet import register_vehicle, revise_vehicle
from mobile_service.services.stops import revise_stop
from tests.api.conftest import Program, program
from tests.factories import CrewMemberFactory, SeriesFactory, StopFactory, VehicleFactory
from tests.mobile_service.publishing_world import at, new_van, random_series, shown_by_a_phone, visit

__all__ = ["program"]

pytestmark = pytest.mark.django_db
In = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def _no_brake() -> None:
    cache.clear()


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return new_van(library)


@pytest.fixture
def gate(library: Institution, school_library: Institution) -> Stop:
    """The school's own stop, which is not public."""
    return StopFactory(
        office=library, school=True, partner=school_library, name="Gerbang SDN 01", slug="gerbang-sdn-01"
    )


@pytest.fixture
def village(library: Institution) -> Stop:
    return StopFactory(office=library, name="Balai Talang", slug="balai-talang")


def by_secret(owner: Any, **headers: str) -> Any:
    return Client().get(reverse("ical", args=[token_of(owner)]), headers=headers)


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def titles(answer: Any) -> set[str]:
    return {str(event["SUMMARY"]) for event in events(answer)}


class TestWhatStandsInIt:
    def test_a_vehicles_has_all_its_stops_and_no_others(
        self, van: Vehicle, gate: Stop, village: Stop, circulation: User
    ) -> None:
        random_series(gate, van, 8, random.Random(5))
        visit(village, van, at(3, 15))
        other = new_van_of(van.office)
        visit(village, other, at(4, 15))
        answer = by_secret(renew_feed(owner=van, actor=circulation))
        assert (
            len(shown_by_a_phone(answer.content))
            == Visit.objects.filter(vehicle=van, begins_at__gte=since()).count()
        )
        assert "Balai Talang" in titles(answer)
        (private,) = {str(event.get("URL", "")) for event in events(answer) if "Gerbang" in event["LOCATION"]}
        assert private == ""  # it has no public page to lead to

    def test_a_members_has_the_days_of_duty_alone(
        self, van: Vehicle, village: Stop, circulation: User
    ) -> None:
        member = CrewMemberFactory(office=van.office)
        mine, _others = visit(village, van, at(3)), visit(village, van, at(4))
        mine.trip.duties.create(member=member, on=mine.trip.on)
        (event,) = events(by_secret(renew_feed(owner=member, actor=circulation)))
        assert event["DTSTART"].dt == mine.begins_at and event["SUMMARY"] == "Pusling Satu: Balai Talang"

    def test_a_schools_has_the_van_and_the_swaps(
        self, van: Vehicle, gate: Stop, village: Stop, programme: Programme, school: User
    ) -> None:
        visit(gate, van, at(3))
        visit(village, van, at(4))
        feed = renew_school_feed(partner=gate.partner, actor=school)
        found = events(by_secret(feed))
        timed = [event for event in found if event["DTSTART"].params.get("VALUE") != "DATE"]
        assert [str(event["LOCATION"]).split(",")[0] for event in timed] == ["Gerbang SDN 01"]
        days = {event["DTSTART"].dt for event in found if event not in timed}
        periods = list(programme.periods.order_by("sequence"))
        assert days == {period.starts_on for period in periods} | {periods[-1].ends_on}
        moved = periods[1]
        moved.starts_on += timedelta(days=1)
        moved.updated_at = moved.created_at + timedelta(hours=1)
        type(moved).objects.bulk_update([moved], ["starts_on", "updated_at"])
        again = {str(event["UID"]): event for event in events(by_secret(feed))}
        assert (
            again[str(moved.pk)]["DTSTART"].dt == moved.starts_on and again[str(moved.pk)]["SEQUENCE"] >= 3600
        )

    def test_a_moved_visit_keeps_its_uid_and_grows_its_number(self, van: Vehicle, village: Stop) -> None:
        row = visit(village, van, at(3))
        (before,) = events(Client().get(reverse("schedule_feed", args=[village.slug])))
        Visit.objects.filter(pk=row.pk).update(
            begins_at=at(3, 11), ends_at=at(3, 12), sequence=1, status=VisitStatus.CANCELLED, reason="Banjir"
        )
        (after,) = events(Client().get(reverse("schedule_feed", args=[village.slug])))
        assert before["UID"] == after["UID"] and (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
        assert after["STATUS"] == "CANCELLED" and "Banjir" in after["DESCRIPTION"]

    def test_a_name_on_two_lines_has_a_calendar_too(
        self, van: Vehicle, village: Stop, circulation: User
    ) -> None:
        van = revise_vehicle(vehicle=van, actor=circulation, name="Pusling\nSatu;  a, b ")
        stop = revise_stop(stop=village, actor=circulation, name="Balai\r\nTalang")
        other = register_vehicle(office=van.office, actor=circulation, name="Pusling\n 2")
        assert (van.name, stop.name, other.name) == ("Pusling Satu; a, b", "Balai Talang", "Pusling 2")
        # And as it may stand there from before.
        Stop.objects.filter(pk=village.pk).update(name="Balai\nTalang")
        Vehicle.objects.filter(pk=van.pk).update(name="Pusling\nSatu")
        assert Client().get(reverse("schedule_feed", args=[village.slug])).status_code == 200
        renew_feed(owner=Vehicle.objects.get(pk=van.pk), actor=circulation)
        assert by_secret(Vehicle.objects.get(pk=van.pk)).status_code == 200

    def test_it_speaks_the_language_of_its_address(self, van: Vehicle, village: Stop) -> None:
        visit(village, van, at(3))
        address = reverse("schedule_feed", args=[village.slug])
        assert titles(Client().get(address, {"bahasa": "en"})) == {"Mobile library at Balai Talang"}
        assert Client().get(address, {"bahasa": "xx"})["Content-Language"] == "id"


class TestUnchanged:
    @pytest.fixture
    def address(self, van: Vehicle, village: Stop) -> str:
        random_series(village, van, 9, random.Random(7))
        return reverse("schedule_feed", args=[village.slug])

    def test_who_has_it_already_is_told_so(self, address: str) -> None:
        first = Client().get(address)
        again = Client().get(address, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304 and again.content == b""
        assert again["ETag"] == first["ETag"]

    def test_what_was_taken_away_is_sent_too(
        self, address: str, village: Stop, van: Vehicle, circulation: User
    ) -> None:
        """Deleted visits leave no date behind: no calendar says when it was last changed, each is known by its content."""
        gone = visit(village, van, at(2, 16))
        for model in (Visit, Stop, Series, Vehicle):
            model.objects.update(updated_at=clock.now() - timedelta(days=40))
        whole = reverse("ical", args=[token_of(renew_feed(owner=van, actor=circulation))])
        first = {name: Client().get(name) for name in (address, whole)}
        Visit.objects.filter(pk=gone.pk).delete()
        for name, before in first.items():
            assert "Last-Modified" not in before
            since = {"If-Modified-Since": http_date((clock.now() + timedelta(days=1)).timestamp())}
            for headers in (since, {"If-None-Match": before["ETag"]}):
                again = Client().get(name, headers=headers)
                assert again.status_code == 200 and again["ETag"] != before["ETag"], (name, headers)

    def test_a_change_is_sent(self, address: str, village: Stop, van: Vehicle) -> None:
        first = Client().get(address)
        visit(village, van, at(2, 16))
        headers = {"If-None-Match": first["ETag"]}
        again = Client().get(address, headers=headers)
        assert again.status_code == 200 and again["ETag"] != first["ETag"]

    def test_a_secret_one_is_kept_by_no_cache_in_between(
        self, van: Vehicle, circulation: User, address: str
    ) -> None:
        assert "private" in by_secret(renew_feed(owner=van, actor=circulation))["Cache-Control"]
        assert "public" in Client().get(address)["Cache-Control"]


class TestSecrets:
    def test_a_new_address_ends_the_old_one(self, van: Vehicle, circulation: User) -> None:
        old = token_of(renew_feed(owner=van, actor=circulation))
        new = token_of(renew_feed(owner=van, actor=circulation))
        assert old != new and len(new) == 44
        assert Client().get(reverse("ical", args=[old])).status_code == 404
        assert Client().get(reverse("ical", args=[new])).status_code == 200

    @pytest.mark.parametrize("guess", ["v", "vNone", "x", "p", "s" + "A" * 43])
    def test_a_guess_finds_nothing(self, van: Vehicle, village: Stop, guess: str) -> None:
        assert Client().get(reverse("ical", args=[guess])).status_code == 404

    def test_the_calendar_of_one_kind_is_not_opened_as_another(self, van: Vehicle, circulation: User) -> None:
        token = token_of(renew_feed(owner=van, actor=circulation))
        for letter in "scp":
            assert Client().get(reverse("ical", args=[letter + token[1:]])).status_code == 404

    def test_what_is_out_of_use_has_no_calendar(self, van: Vehicle, circulation: User) -> None:
        renew_feed(owner=van, actor=circulation)
        Vehicle.objects.update(is_active=False)
        assert by_secret(van).status_code == 404

    def test_only_the_desk_gives_out_and_the_crew_its_own(
        self, van: Vehicle, gate: Stop, everybody: dict[str, Any]
    ) -> None:
        member = CrewMemberFactory(office=van.office, user=everybody["crew"])
        may = {
            name: {
                kind
                for kind, owner in (("van", van), ("stop", gate), ("member", member))
                if renewed(owner, actor)
            }
            for name, actor in everybody.items()
            if actor is not None
        }
        everything = {"van", "stop", "member"}
        for name, found in may.items():
            wanted = (
                everything
                if name in ("officer", "circulation", "administrator")
                else {"member"}
                if name == "crew"
                else set()
            )
            assert found == wanted, name

    def test_only_the_school_makes_its_own(
        self, school_library: Institution, everybody: dict[str, Any]
    ) -> None:
        may = set()
        for name, actor in everybody.items():
            try:
                renew_school_feed(partner=school_library, actor=actor) if actor else None
            except NotPermitted:
                continue
            may |= {name} if actor else set()
        assert may == {"school"}


class TestPages:
    def test_the_school_reads_when_the_van_comes_and_makes_its_calendar(
        self, van: Vehicle, gate: Stop, school: User, other_school: User, signed_in: In
    ) -> None:
        visit(gate, van, at(2), reason="Bawa buku kelas 3")
        visit(gate, van, at(9), status=VisitStatus.CANCELLED, reason="Ujian")
        browser, address = signed_in(school), reverse("portal:van_visits")
        said = browser.get(address)
        assert [row.reason for row in said.context["visits"]] == ["Bawa buku kelas 3", "Ujian"]
        assert said.context["feed_url"] == ""
        # Where there is none, nothing is asked about an old address.
        first = browser.get(reverse("portal:van_feed")).content.decode()
        assert "Alamat lama" not in first and "Buat kalender sekolah kami" in first
        assert browser.post(reverse("portal:van_feed")).status_code == 302
        assert "Alamat lama" in browser.get(reverse("portal:van_feed")).content.decode()
        feed = SchoolFeed.objects.get(partner=gate.partner)
        assert token_of(feed) in browser.get(address).content.decode()
        assert browser.get(browser.get(address).context["feed_url"]).status_code == 200
        # Looking at the question changes nothing; answering it does.
        browser.get(reverse("portal:van_feed"))
        assert SchoolFeed.objects.get() == feed and token_of(SchoolFeed.objects.get()) == token_of(feed)
        browser.post(reverse("portal:van_feed"))
        assert token_of(SchoolFeed.objects.get()) != token_of(feed)
        browser.post(reverse("portal:van_feed"), {"akhiri": "1"})
        assert not SchoolFeed.objects.exists() and browser.get(address).context["feed_url"] == ""
        stranger = signed_in(other_school).get(address)
        assert stranger.context["visits"] == [] and "Ujian" not in stranger.content.decode()

    def test_the_first_page_of_the_school_tells_of_a_near_visit(
        self, van: Vehicle, gate: Stop, school: User, signed_in: In
    ) -> None:
        home = reverse("portal:home")
        visit(gate, van, at(9))
        page = signed_in(school).get(home)
        assert "van" not in [task.icon for task in page.context["tasks"]]
        # Long before it, the day is news and nothing is to be done.
        (news,) = page.context["news"]
        assert (news.icon, news.url) == ("van", reverse("portal:van_visits"))
        assert long_date(at(9).date(), "id") in news.what and f"{at(9):%H.%M}" in news.what
        assert news.what in page.content.decode()
        visit(gate, van, at(2))
        page = signed_in(school).get(home)
        assert [task.url for task in page.context["tasks"] if task.icon == "van"] == [
            reverse("portal:van_visits")
        ]
        assert page.context["news"] == []
        assert reverse("portal:van_visits") in [item.url for item in page.context["menu"]()]

    def test_the_desk_gives_out_addresses(
        self, van: Vehicle, gate: Stop, circulation: User, crew: User, head: User, signed_in: In
    ) -> None:
        own = CrewMemberFactory(office=van.office, user=crew, name="Awak Sendiri")
        CrewMemberFactory(office=van.office, name="Awak Lain")
        address = reverse("work:van_calendars")
        renew = reverse("work:van_calendar_renew", args=["kendaraan", van.pk])
        assert signed_in(circulation).post(renew).status_code == 302
        van.refresh_from_db()
        assert token_of(van) in signed_in(circulation).get(address).content.decode()
        for user, names in ((crew, ["Awak Sendiri"]), (head, [])):
            page = signed_in(user).get(address)
            assert (
                token_of(van) not in page.content.decode()
                and page.context["vehicles"] == page.context["stops"] == []
            )
            assert [row["name"] for row in page.context["members"]] == names
            assert signed_in(user).post(renew).status_code == 403
        mine = reverse("work:van_calendar_renew", args=["awak", own.pk])
        assert signed_in(crew).post(mine).status_code == 302
        assert (
            signed_in(circulation).get(reverse("work:van_calendar_renew", args=["titik", van.pk])).status_code
            == 404
        )
        assert signed_in(circulation).get(f"/admin/kerja/pusling/kalender/lain/{van.pk}/").status_code == 404


class TestApi:
    def test_the_desk_makes_addresses_and_others_are_not_told_them(
        self,
        van: Vehicle,
        gate: Stop,
        village: Stop,
        circulation: User,
        head: User,
        school: User,
        signed_in: In,
    ) -> None:
        desk = signed_in(circulation)
        for noun, row in (
            ("vehicles", van),
            ("stops", gate),
            ("crew-members", CrewMemberFactory(office=van.office)),
        ):
            address = reverse(f"api:{noun}-detail", args=[row.pk])
            before = desk.get(address)
            assert before.json()["feed_url"] == "" and "renew_feed" in before.json()["available_actions"]
            made = desk.post(f"{address}renew_feed/")
            assert made.status_code == 200 and made["ETag"] != before["ETag"]
            assert Client().get(made.json()["feed_url"]).status_code == 200
            seen = signed_in(head).get(address).json()
            assert seen["feed_url"] == "" and "renew_feed" not in seen["available_actions"]
            assert signed_in(head).post(f"{address}renew_feed/").status_code == 403
        assert signed_in(school).get(reverse("api:stops-detail", args=[gate.pk])).json()["feed_url"] == ""
        public = desk.get(reverse("api:stops-detail", args=[village.pk])).json()["feed_url"]
        assert public.endswith(reverse("schedule_feed", args=[village.slug]))

    def test_a_school_makes_renews_and_ends_its_own(
        self, gate: Stop, school: User, other_school: User, circulation: User, program: Program
    ) -> None:
        mine, noun = program(school), "/api/v1/school-calendars/"
        assert mine.get(noun).json()["results"] == []
        made = mine.post(noun, {"partner": str(gate.partner_id)})
        assert made.status_code == 201, made.json()
        row = made.json()
        assert Client().get(row["feed_url"]).status_code == 200
        other = mine.post(f"{row['url']}renew/").json()["feed_url"]
        assert Client().get(row["feed_url"]).status_code == 404 and Client().get(other).status_code == 200
        # The library sees that there is one and is told nothing of its address; another school sees none.
        (seen,) = program(circulation).get(noun).json()["results"]
        assert (seen["feed_url"], seen["available_actions"]) == ("", [])
        for verb in ("renew", "revoke"):
            assert program(circulation).post(f"{row['url']}{verb}/").status_code == 403
            assert program(other_school).post(f"{row['url']}{verb}/").status_code == 404
        assert program(circulation).post(noun, {"partner": str(gate.partner_id)}).status_code == 403
        gone = mine.post(f"{row['url']}revoke/")
        assert gone.status_code == 200 and gone.json()["removed"] is True
        assert Client().get(other).status_code == 404 and mine.get(noun).json()["results"] == []


def test_who_asks_too_often_is_told_to_wait(village: Stop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mobile_service.public.calendars.ASKED_PER_ADDRESS", (2, 60))
    address = reverse("schedule_feed", args=[village.slug])
    assert [Client().get(address).status_code for _time in range(3)] == [200, 200, 429]


def test_a_series_is_one_event_with_its_rule(van: Vehicle, village: Stop) -> None:
    """Eight Mondays, one left out, one called off: what a phone is sent is the rule and its two exceptions."""
    series = SeriesFactory(stop=village, vehicle=van)
    for number in range(8):
        day = series.starts_on + timedelta(weeks=number)
        if number != 3:
            off = {"status": VisitStatus.CANCELLED, "reason": "Banjir"} if number == 5 else {}
            begins = at((day - clock.today()).days)
            visit(village, van, begins, series=series, series_on=day, **off)
    master, off = events(Client().get(reverse("schedule_feed", args=[village.slug])))
    assert master["UID"] == off["UID"] == str(series.pk) and b"BYDAY=MO" in master["RRULE"].to_ical()
    assert len(master["EXDATE"].dts) == 1 and off["STATUS"] == "CANCELLED"


def renewed(owner: Vehicle | Stop | CrewMember, actor: User) -> bool:
    try:
        renew_feed(owner=owner, actor=actor)
    except NotPermitted:
        return False
    return True


def new_van_of(office: Institution) -> Vehicle:
    return VehicleFactory(office=office)


def since() -> Any:
    month = clock.add_months(clock.today().replace(day=1), -2)
    return at((month - clock.today()).days, 0)
