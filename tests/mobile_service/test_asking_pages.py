"""The pages by which the van is asked for and the answer is given: public, portal and desk (M7)."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from agreements.limits import FASTEST
from kerjasama.domain import clock
from kerjasama.domain.links import token_of
from kerjasama.domain.wording import long_date
from libraries.models import Institution, Message, User
from mobile_service.limits import ASKED_PER_ADDRESS, ASKED_PER_CONTACT
from mobile_service.models import Stop, Vehicle, Visit, VisitRequest
from mobile_service.public.forms import stamp
from mobile_service.services.asking_costs import costs_of
from tests.factories import (
    WIB,
    StopFactory,
    TripFactory,
    VehicleFactory,
    VisitFactory,
    VisitRequestFactory,
)

pytestmark = pytest.mark.django_db
Browser = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def _fresh_brakes() -> None:
    cache.clear()


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling 1")


@pytest.fixture
def stop(library: Institution, school_library: Institution) -> Stop:
    return StopFactory(office=library, partner=school_library, kind="school", is_public=False, name="SDN 01")


@pytest.fixture
def asked(stop: Stop, van: Vehicle) -> VisitRequest:
    return VisitRequestFactory(
        office=stop.office, partner=stop.partner, stop=stop, place="", wanted_on=[a_day(8), a_day(9)]
    )


@pytest.fixture
def typed(van: Vehicle) -> dict[str, Any]:
    with time_machine.travel(clock.now() - FASTEST - timedelta(seconds=1)):
        made = stamp()
    return {
        "office": str(van.office_id),
        "place": "Balai Nagari Koto Tangah",
        "occasion": "Pekan baca anak nagari.",
        "day_1": a_day(10).isoformat(),
        "minutes": "90",
        "asker_name": "Yulia",
        "asker_email": "yulia@canduang.test",
        "stamp": made,
    }


def a_day(ahead: int) -> Any:
    return clock.today("Asia/Jakarta") + timedelta(days=ahead)


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


class TestPublic:
    def test_asked_confirmed_and_followed_by_the_link(self, typed: dict[str, Any]) -> None:
        browser = Client()
        assert browser.get(reverse("visit_ask")).status_code == 200
        answer = browser.post(reverse("visit_ask"), typed)
        assert (answer.status_code, answer["Location"]) == (302, reverse("visit_sent"))
        row = VisitRequest.objects.get()
        assert (row.status, row.minutes, row.wanted_on, Message.objects.count()) == (
            "unconfirmed",
            90,
            [a_day(10)],
            1,
        )
        link = reverse("visit_follow", args=[token_of(row.link_seed)])
        page = browser.get(link)
        assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
        row.refresh_from_db()
        assert row.status == "unconfirmed"
        browser.post(reverse("visit_step", args=[token_of(row.link_seed), "confirm"]))
        row.refresh_from_db()
        assert row.status == "open"
        assert browser.get(reverse("visit_follow", args=["A" * 32])).status_code == 404

    def test_a_telephone_gets_the_page_at_once_and_nothing_to_confirm(self, typed: dict[str, Any]) -> None:
        answer = Client().post(reverse("visit_ask"), {**typed, "asker_email": "", "asker_phone": "0812 3456"})
        row = VisitRequest.objects.get()
        assert answer["Location"] == reverse("visit_follow", args=[token_of(row.link_seed)])
        assert reverse("visit_step", args=[token_of(row.link_seed), "confirm"]) not in words(
            Client().get(answer["Location"])
        )
        Client().post(reverse("visit_step", args=[token_of(row.link_seed), "confirm"]))
        row.refresh_from_db()
        assert row.status == "unconfirmed"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"remarks": "pills"},
            {"stamp": "x"},
            {"asker_email": "", "asker_phone": ""},
            {"asker_email": "", "asker_phone": "abc"},
            {"day_1": "2020-01-01"},
            {"place": "http://x.test"},
            {"occasion": ""},
        ],
        ids=str,
    )
    def test_robots_and_mistakes_leave_nothing(self, wrong: dict[str, str], typed: dict[str, Any]) -> None:
        answer = Client().post(reverse("visit_ask"), {**typed, **wrong})
        assert answer.status_code == (302 if "remarks" in wrong else 422)
        assert not VisitRequest.objects.exists()
        assert not Message.objects.exists()

    def test_nobodys_mailbox_is_filled(self, typed: dict[str, Any]) -> None:
        most = ASKED_PER_CONTACT[0]
        answers = [
            Client(REMOTE_ADDR=f"192.0.2.{n}").post(reverse("visit_ask"), typed).status_code
            for n in range(most + 1)
        ]
        assert answers == [302] * most + [429]

    def test_a_village_behind_one_address_may_ask_and_is_told_when_to_try_again(
        self, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The brake of an hour says an hour; that of a day, for one mailbox, says tomorrow."""
        most = ASKED_PER_ADDRESS[0]
        assert most >= 20
        sent = [
            Client().post(reverse("visit_ask"), {**typed, "asker_email": f"orang{n}@canduang.test"})
            for n in range(most + 1)
        ]
        assert [answer.status_code for answer in sent] == [302] * most + [429]
        hourly = sent[-1].context["form"].non_field_errors()
        cache.clear()
        monkeypatch.setattr("mobile_service.public.asking.ASKED_PER_CONTACT", (0, 24 * 3600))
        daily = Client().post(reverse("visit_ask"), typed).context["form"].non_field_errors()
        assert len(hourly) == len(daily) == 1 and list(hourly) != list(daily)

    def test_what_is_wrong_is_listed_as_the_page_asks_it(self, typed: dict[str, Any]) -> None:
        wrong = {"place": "", "occasion": "", "people": "0", "day_1": "x", "asker_name": ""}
        page = words(Client().post(reverse("visit_ask"), {**typed, **wrong}))
        summary = page.split("error-summary-title")[-1].split("</ul>")[0]
        assert re.findall(r'href="#id_(\w+)"', summary) == [
            "place",
            "occasion",
            "people",
            "day_1",
            "asker_name",
        ]

    def test_a_stranger_whose_day_has_gone_finds_the_form_for_other_days_open(
        self, library: Institution, van: Vehicle
    ) -> None:
        stop = StopFactory(office=library)
        row = VisitRequestFactory(
            office=library, stranger=True, stop=stop, place="", status="proposed", proposed_vehicle=van,
            proposed_at=datetime.combine(a_day(7), time(9), WIB), wanted_on=[a_day(8)],
        )  # fmt: skip
        VisitFactory(trip=TripFactory(vehicle=van, on=a_day(7)), stop=StopFactory(office=library), hour=9)
        answer = Client().post(reverse("visit_step", args=[token_of(row.link_seed), "agree"]))
        page = words(answer)
        assert answer.status_code == 409 and '<details class="more" open>' in page
        assert answer.context["form"].initial["day_1"] == a_day(8) and "error-summary" in page
        assert f'action="{reverse("visit_step", args=[token_of(row.link_seed), "agree"])}"' not in page

    def test_a_public_stop_is_known_by_its_name_and_a_schools_is_not(
        self, typed: dict[str, Any], stop: Stop
    ) -> None:
        public = StopFactory(office=stop.office, name="Balai Baca")
        Client().post(reverse("visit_ask"), {**typed, "place": "balai baca"})
        assert VisitRequest.objects.get().stop == public
        Client().post(reverse("visit_ask"), {**typed, "place": stop.name})
        assert VisitRequest.objects.filter(stop__isnull=True).count() == 1

    def test_without_a_van_nobody_is_asked(self, library: Institution) -> None:
        assert (
            "<form"
            not in words(Client().get(reverse("visit_ask"))).split("</header>")[-1].split("<footer")[0]
        )


class TestPortal:
    def test_a_school_asks_and_agrees_with_one_tap(
        self, stop: Stop, van: Vehicle, school: User, officer: User, signed_in: Browser
    ) -> None:
        portal, desk = signed_in(school), signed_in(officer)
        assert portal.get(reverse("portal:visit_request_new")).status_code == 200
        given = {"occasion": "Hari anak", "minutes": "45", "day_1": a_day(6).isoformat()}
        answer = portal.post(reverse("portal:visit_request_new"), given)
        row = VisitRequest.objects.get()
        assert answer["Location"] == reverse("portal:visit_request", args=[row.pk])
        assert (row.stop, row.minutes) == (stop, 45)
        proposed = {"on": a_day(7).isoformat(), "at": "10.00", "vehicle": str(van.pk)}
        desk.post(reverse("work:visit_request_propose", args=[row.pk]), proposed)
        home = words(portal.get(reverse("portal:home")))
        assert reverse("portal:visit_request", args=[row.pk]) in home
        assert long_date(a_day(7), "id") in home and "10.00" in home
        page = words(portal.get(reverse("portal:visit_request", args=[row.pk])))
        assert reverse("portal:visit_request_step", args=[row.pk, "agree"]) in page
        portal.post(reverse("portal:visit_request_step", args=[row.pk, "agree"]))
        row.refresh_from_db()
        assert (row.status, Visit.objects.count()) == ("accepted", 1)
        assert portal.get(reverse("portal:visit_requests")).status_code == 200

    def test_what_is_wrong_stands_beside_it(
        self, stop: Stop, asked: VisitRequest, school: User, signed_in: Browser
    ) -> None:
        portal, new = signed_in(school), reverse("portal:visit_request_new")
        given = {
            "occasion": "Hari anak",
            "minutes": "60",
            "day_1": a_day(6).isoformat(),
            "day_2": "2020-11-20",
        }
        assert list(portal.post(new, given).context["form"].errors) == ["day_2"]
        short = {**given, "day_2": "", "wanted_from": "09:00", "wanted_until": "09:10"}
        assert list(portal.post(new, short).context["form"].errors) == ["wanted_until"]
        VisitRequest.objects.update(status="proposed", proposed_at=clock.now())
        again = reverse("portal:visit_request_step", args=[asked.pk, "ask_again"])
        answer = portal.post(again, {"day_1": a_day(5).isoformat(), "day_3": "2020-11-20"})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["day_3"])

    def test_other_days_and_taking_back(self, asked: VisitRequest, school: User, signed_in: Browser) -> None:
        portal = signed_in(school)
        VisitRequest.objects.update(status="proposed", proposed_at=clock.now())
        again = reverse("portal:visit_request_step", args=[asked.pk, "ask_again"])
        # The first day is needed, and nothing beside it says that it may stay empty.
        assert portal.get(again).context["form"].fields["day_1"].required
        for without in ({}, {"day_2": a_day(12).isoformat()}):
            assert list(portal.post(again, without).context["form"].errors) == ["day_1"]
        assert portal.post(again, {"day_1": a_day(12).isoformat()}).status_code == 302
        asked.refresh_from_db()
        assert (asked.status, asked.wanted_on) == ("open", [a_day(12)])
        portal.post(reverse("portal:visit_request_step", args=[asked.pk, "withdraw"]))
        asked.refresh_from_db()
        assert asked.status == "withdrawn"

    def test_when_the_day_proposed_has_gone_the_next_best_is_asked_for_with_one_press(
        self, asked: VisitRequest, van: Vehicle, school: User, signed_in: Browser
    ) -> None:
        """Agreeing once more would be refused once more. A day on which the van stands there already is none to ask for."""
        portal, address = signed_in(school), "portal:visit_request_step"
        gone = datetime.combine(a_day(7), time(9), WIB)
        VisitRequest.objects.update(
            status="proposed", proposed_at=gone, proposed_vehicle=van, wanted_on=[a_day(8), a_day(9)]
        )
        for ahead, stop in ((7, StopFactory(office=van.office)), (8, asked.stop)):
            VisitFactory(trip=TripFactory(vehicle=van, on=a_day(ahead)), stop=stop, hour=9)
        answer = portal.post(reverse(address, args=[asked.pk, "agree"]))
        page = words(answer)
        assert answer.status_code == 409 and long_date(a_day(9), "id") in page
        assert f'action="{reverse(address, args=[asked.pk, "ask_again"])}"' in page
        assert f'action="{reverse(address, args=[asked.pk, "agree"])}"' not in page
        day = answer.context["form"].initial["day_1"]
        assert day == a_day(9) and day.isoformat() in page
        assert portal.post(reverse(address, args=[asked.pk, "ask_again"]), {"day_1": day}).status_code == 302
        asked.refresh_from_db()
        assert (asked.status, asked.wanted_on) == ("open", [day])

    def test_another_school_finds_nothing(
        self, asked: VisitRequest, other_school: User, signed_in: Browser
    ) -> None:
        page = reverse("portal:visit_request", args=[asked.pk])
        assert signed_in(other_school).get(page).status_code == 404


class TestDesk:
    def test_one_tap_on_a_slot(self, asked: VisitRequest, officer: User, signed_in: Browser) -> None:
        desk = signed_in(officer)
        page = words(desk.get(reverse("work:visit_request", args=[asked.pk])))
        slot = costs_of(asked)[0].slots[0]
        assert slot.begins_at.isoformat() in page
        given = {"vehicle": str(slot.vehicle.pk), "begins_at": slot.begins_at.isoformat()}
        answer = desk.post(reverse("work:visit_request_accept", args=[asked.pk]), given)
        assert answer["Location"] == reverse("work:visit_request", args=[asked.pk])
        assert Visit.objects.get().begins_at == slot.begins_at
        assert str(asked.stop) in words(desk.get(reverse("work:visit_requests"), {"bagian": "diterima"}))

    def test_a_slot_that_has_gone_shows_the_sentence(
        self, asked: VisitRequest, officer: User, van: Vehicle, signed_in: Browser
    ) -> None:
        given = {"vehicle": str(van.pk), "begins_at": f"{a_day(8)}T03:00:00+07:00"}
        answer = signed_in(officer).post(reverse("work:visit_request_accept", args=[asked.pk]), given)
        assert answer.status_code == 409
        assert "Pusling 1" in words(answer)
        assert not Visit.objects.exists()

    def test_opened_without_a_slot_the_cheapest_is_offered_or_it_is_said_why_none_is(
        self, asked: VisitRequest, officer: User, van: Vehicle, signed_in: Browser
    ) -> None:
        desk, address = signed_in(officer), reverse("work:visit_request_accept", args=[asked.pk])
        slot = costs_of(asked)[0].best
        assert slot is not None
        for answer in (desk.get(address), desk.post(address, {"vehicle": "", "begins_at": "soon"})):
            assert slot.begins_at.isoformat() in words(answer) and long_date(
                slot.begins_at.date(), "id"
            ) in words(answer)
            assert not answer.context["form"].errors
        assert not Visit.objects.exists()
        van.hours.all().delete()
        page = words(desk.get(address))
        assert "Usulkan hari lain" in page and '<button class="btn btn--primary" type="submit">' not in page
        VisitRequest.objects.update(stop=None, place="Halaman")
        assert desk.get(address).status_code == 200

    def test_nobody_is_asked_about_a_step_that_is_over(
        self, asked: VisitRequest, officer: User, signed_in: Browser
    ) -> None:
        desk, page = signed_in(officer), reverse("work:visit_request", args=[asked.pk])
        steps = [
            *(
                reverse(f"work:visit_request_{name}", args=[asked.pk])
                for name in ("accept", "propose", "locate")
            ),
            reverse("work:visit_request_step", args=[asked.pk, "decline"]),
        ]
        assert [desk.get(address).status_code for address in steps] == [200] * 4
        slot = costs_of(asked)[0].slots[0]
        given = {"vehicle": str(slot.vehicle.pk), "begins_at": slot.begins_at.isoformat()}
        assert desk.post(steps[0], given, follow=True).status_code == 200
        for address in steps:
            late = desk.get(address, follow=True)
            assert late.redirect_chain == [(page, 302)]
            assert "Disetujui" in str(next(iter(late.context["messages"])))
        refused = desk.post(steps[3], {"note": "Jalan rusak."})
        assert refused.status_code == 409 and "Jalan rusak." in words(refused)

    def test_who_may_not_answer_finds_no_form_and_reads_who_does(
        self, asked: VisitRequest, crew: User, officer: User, signed_in: Browser
    ) -> None:
        client = signed_in(crew)
        page = words(client.get(reverse("work:visit_request", args=[asked.pk])))
        assert str(officer) in page
        for name, more in (("accept", []), ("propose", []), ("locate", []), ("step", ["decline"])):
            assert (
                client.get(reverse(f"work:visit_request_{name}", args=[asked.pk, *more])).status_code == 403
            )

    def test_a_strangers_place_becomes_a_stop(self, van: Vehicle, officer: User, signed_in: Browser) -> None:
        row = VisitRequestFactory(
            office=van.office, stranger=True, asker_email="", asker_phone="0812", status="unconfirmed"
        )
        desk = signed_in(officer)
        assert "0812" in words(desk.get(reverse("work:visit_request", args=[row.pk])))
        desk.post(reverse("work:visit_request_step", args=[row.pk, "confirm"]))
        desk.post(reverse("work:visit_request_locate", args=[row.pk]), {"stop": "", "name": "Balai Baru"})
        row.refresh_from_db()
        assert (row.status, str(row.stop)) == ("open", "Balai Baru")
        desk.post(reverse("work:visit_request_step", args=[row.pk, "decline"]), {"note": "Jalan rusak."})
        row.refresh_from_db()
        assert (row.status, row.answer) == ("declined", "Jalan rusak.")

    def test_what_waits_stands_on_the_first_page(
        self, asked: VisitRequest, officer: User, perpusnas: User, signed_in: Browser
    ) -> None:
        address = reverse("work:visit_request", args=[asked.pk])
        assert address in words(signed_in(officer).get(reverse("admin:index")))
        assert address not in words(signed_in(perpusnas).get(reverse("admin:index")))
