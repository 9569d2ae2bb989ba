"""What becomes of a request for the van: placed and fixed once, another day agreed to, declined, taken back (M7)."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.translation import override

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, DomainError, InvalidInput, NotPermitted, TransitionRefused
from kerjasama.domain.links import token_of
from libraries.models import Closure, Institution, Message, Notice, User
from mobile_service.models import Stop, Vehicle, Visit, VisitRequest
from mobile_service.services.answering import (
    accept_request,
    agree_to_day,
    decline_request,
    locate_request,
    propose_day,
    withdraw_request,
)
from mobile_service.services.asking import ask_again
from mobile_service.services.asking_costs import costs_of
from mobile_service.services.asking_links import holder_of
from mobile_service.services.nightly import remind_of_tomorrow
from mobile_service.services.scheduling import cancel_visit, move_visit
from tests.factories import StopFactory, TripFactory, VehicleFactory, VisitFactory, VisitRequestFactory

pytestmark = pytest.mark.django_db

WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def day() -> Any:
    today = clock.today("Asia/Jakarta")
    return today + timedelta(days=14 + (1 - today.weekday()) % 7)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling 1")


@pytest.fixture
def stop(library: Institution, school_library: Institution) -> Stop:
    return StopFactory(office=library, partner=school_library, kind="school", is_public=False)


@pytest.fixture
def asked(stop: Stop, van: Vehicle, day: Any) -> VisitRequest:
    return VisitRequestFactory(office=stop.office, partner=stop.partner, stop=stop, place="", wanted_on=[day])


def told(to: Institution) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(recipient=to).order_by("created_at")
    return [(row.rule, row.context.get("outcome", "")) for row in rows]


class TestAccepting:
    def test_one_tap_places_the_visit_and_fixes_it(
        self, asked: VisitRequest, officer: User, school_library: Institution
    ) -> None:
        slot = costs_of(asked)[0].slots[0]
        accept_request(request=asked, actor=officer, vehicle=slot.vehicle, begins_at=slot.begins_at)
        asked.refresh_from_db()
        visit = Visit.objects.get()
        assert (asked.status, asked.visit) == ("accepted", visit)
        assert (visit.begins_at, visit.ends_at, visit.is_pinned) == (slot.begins_at, slot.ends_at, True)
        assert visit.vehicle == slot.vehicle
        # Once: the calendar does not tell the school again what the answer says.
        assert told(school_library) == [("visit_request_answered", "accepted")]

    def test_without_a_slot_the_cheapest_is_taken(self, asked: VisitRequest, officer: User) -> None:
        best = costs_of(asked)[0].best
        assert best is not None
        accept_request(request=asked, actor=officer)
        assert Visit.objects.get().begins_at == best.begins_at

    def test_a_slot_that_has_gone_is_refused_with_the_next_best(
        self, asked: VisitRequest, officer: User, van: Vehicle, day: Any
    ) -> None:
        slot = costs_of(asked)[0].slots[0]
        VisitFactory(
            trip=TripFactory(vehicle=van, on=day),
            stop=StopFactory(office=van.office),
            begins_at=slot.begins_at,
        )
        with pytest.raises(Conflict) as refused:
            accept_request(request=asked, actor=officer, vehicle=van, begins_at=slot.begins_at)
        assert refused.value.code == "slot_taken"
        assert str(van) in str(refused.value)
        again = datetime.fromisoformat(refused.value.facts["begins_at"])
        asked.refresh_from_db()
        assert asked.status == "open"
        accept_request(request=asked, actor=officer, vehicle=van, begins_at=again)
        assert Visit.objects.count() == 2

    def test_the_second_desk_is_refused(self, asked: VisitRequest, officer: User, circulation: User) -> None:
        accept_request(request=asked, actor=officer)
        with pytest.raises(TransitionRefused):
            accept_request(request=asked, actor=circulation)
        assert Visit.objects.count() == 1

    def test_no_day_with_room_is_said(self, asked: VisitRequest, officer: User, van: Vehicle) -> None:
        van.hours.all().delete()
        with pytest.raises(Conflict) as refused:
            accept_request(request=asked, actor=officer)
        assert refused.value.code == "no_slot"

    def test_a_school_and_another_library_accept_nothing(
        self, asked: VisitRequest, school: User, perpusnas: User, crew: User
    ) -> None:
        for actor in (school, perpusnas, crew):
            with pytest.raises(NotPermitted):
                accept_request(request=asked, actor=actor)

    def test_a_place_that_is_no_stop_becomes_one_first(
        self, library: Institution, van: Vehicle, officer: User, day: Any
    ) -> None:
        row = VisitRequestFactory(office=library, stranger=True, wanted_on=[day])
        with pytest.raises(Conflict) as refused:
            accept_request(request=row, actor=officer)
        assert refused.value.code == "stop_unknown"
        locate_request(request=row, actor=officer)
        row.refresh_from_db()
        assert row.stop is not None
        assert (row.stop.name, row.stop.is_public, row.stop.contact_name) == (row.place, False, "")
        accept_request(request=row, actor=officer)
        message = Message.objects.get()
        assert (message.template, message.context["outcome"]) == ("visit_request_answered", "accepted")

    def test_a_stranger_hears_of_a_visit_that_is_moved_or_called_off(
        self, library: Institution, van: Vehicle, officer: User, day: Any, client: Any
    ) -> None:
        row = VisitRequestFactory(office=library, stranger=True, wanted_on=[day])
        locate_request(request=row, actor=officer)
        accept_request(request=row, actor=officer)
        visit = Visit.objects.get()
        move_visit(
            visit=visit, actor=officer, begins_at=visit.begins_at + timedelta(days=1), reason="Jalan ditutup"
        )
        cancel_visit(visit=visit, actor=officer, note="Hujan")
        sent = Message.objects.filter(template="visit_request_answered").order_by("created_at", "pk")
        assert [it.context["outcome"] for it in sent] == ["accepted", "moved", "cancelled"]
        assert [it.context["reason"] for it in sent[1:]] == ["Jalan ditutup", "Hujan"]
        assert sent[1].context["on"] == (day + timedelta(days=1)).isoformat()
        assert {it.address for it in sent} == {row.asker_email}
        row.refresh_from_db()
        page = client.get(reverse("visit_follow", args=[token_of(row.link_seed)])).content.decode()
        assert "Hujan" in page and "Pusling datang</h2>" not in page

    def test_another_librarys_stop_is_not_taken(self, asked: VisitRequest, officer: User) -> None:
        with pytest.raises(DomainError) as refused:
            locate_request(request=asked, actor=officer, stop=StopFactory())
        assert refused.value.code == "stop_elsewhere"


class TestProposing:
    @pytest.fixture
    def proposed(self, asked: VisitRequest, officer: User, van: Vehicle, day: Any) -> VisitRequest:
        when = datetime.combine(day + timedelta(days=1), time(10, 7), WIB)
        propose_day(request=asked, actor=officer, vehicle=van, begins_at=when, note="Selasa penuh.")
        asked.refresh_from_db()
        return asked

    def test_the_school_agrees_with_one_tap(
        self,
        proposed: VisitRequest,
        school: User,
        school_library: Institution,
        library: Institution,
        day: Any,
    ) -> None:
        assert told(school_library) == [("visit_request_answered", "proposed")]
        agree_to_day(request=proposed, actor=school)
        proposed.refresh_from_db()
        assert proposed.status == "accepted"
        assert Visit.objects.get().begins_at == datetime.combine(day + timedelta(days=1), time(10, 7), WIB)
        assert told(library) == [("visit_asker_answered", "agreed")]
        assert told(school_library) == [("visit_request_answered", "proposed")]
        assert not Notice.objects.open().filter(recipient=school_library).exists()

    def test_the_day_may_have_gone(
        self, proposed: VisitRequest, school: User, van: Vehicle, day: Any
    ) -> None:
        VisitFactory(
            trip=TripFactory(vehicle=van, on=day + timedelta(days=1)),
            stop=StopFactory(office=van.office),
            hour=10,
        )
        with pytest.raises(Conflict) as refused:
            agree_to_day(request=proposed, actor=school)
        assert refused.value.code == "slot_taken"
        proposed.refresh_from_db()
        assert proposed.status == "proposed"

    def test_the_school_asks_again(
        self, proposed: VisitRequest, school: User, library: Institution, day: Any
    ) -> None:
        ask_again(request=proposed, actor=school, wanted_on=[day + timedelta(days=3)], note="Ujian.")
        proposed.refresh_from_db()
        assert (proposed.status, proposed.wanted_on, proposed.proposed_at) == (
            "open",
            [day + timedelta(days=3)],
            None,
        )
        assert told(library) == [("visit_asker_answered", "asked_again")]

    def test_the_desk_cannot_agree_for_the_school(self, proposed: VisitRequest, officer: User) -> None:
        with pytest.raises(NotPermitted):
            agree_to_day(request=proposed, actor=officer)

    def test_a_stranger_agrees_by_the_link(
        self, library: Institution, van: Vehicle, officer: User, day: Any
    ) -> None:
        row = VisitRequestFactory(office=library, stranger=True, stop=StopFactory(office=library), place="")
        propose_day(request=row, actor=officer, vehicle=van, begins_at=datetime.combine(day, time(10), WIB))
        found = holder_of(token_of(row.link_seed))
        assert found is not None
        agree_to_day(request=row, actor=found[1])
        assert Visit.objects.get().vehicle == van
        assert row.events.get(action="agree").by_link

    def test_a_time_that_is_not_free_is_not_proposed(
        self, asked: VisitRequest, officer: User, van: Vehicle, day: Any
    ) -> None:
        with pytest.raises(Conflict):
            propose_day(
                request=asked, actor=officer, vehicle=van, begins_at=datetime.combine(day, time(3), WIB)
            )
        far = datetime(9999, 12, 31, 23, tzinfo=WIB)
        for act in (propose_day, accept_request):
            with pytest.raises(InvalidInput) as refused:
                act(request=asked, actor=officer, vehicle=van, begins_at=far)
            assert refused.value.code == "too_far"

    def test_it_is_said_why_a_time_cannot_be(
        self, asked: VisitRequest, officer: User, van: Vehicle, day: Any
    ) -> None:
        saturday = day + timedelta(days=4)
        van.hours.filter(weekday=saturday.weekday()).delete()
        Closure.objects.create(starts_on=day, ends_on=day, reason="Natal")
        VisitFactory(
            trip=TripFactory(vehicle=van, on=day + timedelta(1)), stop=StopFactory(office=van.office), hour=10
        )

        def refused(on: Any, at: time) -> str:
            with pytest.raises(Conflict) as caught, override("en"):
                propose_day(
                    request=asked, actor=officer, vehicle=van, begins_at=datetime.combine(on, at, WIB)
                )
            return str(caught.value)

        assert refused(saturday, time(9)).startswith("Pusling 1 does not drive on a Saturday.")
        assert refused(day, time(3)).startswith("Public holiday: Natal.")
        assert refused(day + timedelta(1), time(3)).startswith("Pusling 1 is out from 07")
        assert refused(day + timedelta(1), time(10, 15)).startswith("That time is not free any more.")
        assert refused(day + timedelta(1), time(7, 30)).startswith(
            "With the drive there and onward Pusling 1 cannot"
        )


class TestEnding:
    def test_a_reason_goes_to_the_school(
        self, asked: VisitRequest, officer: User, school_library: Institution
    ) -> None:
        with pytest.raises(DomainError):
            decline_request(request=asked, actor=officer, note="  ")
        decline_request(request=asked, actor=officer, note="Jalan rusak.")
        asked.refresh_from_db()
        assert (asked.status, asked.answer) == ("declined", "Jalan rusak.")
        assert told(school_library) == [("visit_request_answered", "declined")]

    def test_the_school_takes_it_back(self, asked: VisitRequest, school: User, library: Institution) -> None:
        withdraw_request(request=asked, actor=school)
        assert told(library) == [("visit_asker_answered", "withdrawn")]
        with pytest.raises(TransitionRefused):
            withdraw_request(request=asked, actor=school)


def test_a_partner_that_asked_for_another_place_hears_of_it(
    stop: Stop, van: Vehicle, day: Any, officer: User, school_library: Institution
) -> None:
    """The van stands at a village place that is no partner's: reminded the day before, told when it is moved or called off."""
    field = StopFactory(office=stop.office, name="Lapangan Talang")
    asked = VisitRequestFactory(
        office=stop.office, partner=school_library, stop=None, place="Lapangan", wanted_on=[day]
    )
    locate_request(request=asked, actor=officer, stop=field)
    accept_request(request=asked, actor=officer)
    visit = Visit.objects.get()
    answered = ("visit_request_answered", "accepted")
    assert told(school_library) == [answered]
    with clock.pretend(datetime.combine(day - timedelta(days=1), time(16), WIB)):
        assert remind_of_tomorrow().count == 1 and remind_of_tomorrow().count == 0
    assert [rule for rule, _outcome in told(school_library)] == ["visit_request_answered", "van_soon"]
    soon = Notice.objects.get(rule="van_soon")
    assert soon.context["stop"] == "Lapangan Talang" and str(asked.pk) in soon.path
    cancel_visit(visit=visit, actor=officer, note="Hujan")
    (off,) = Notice.objects.filter(rule="van_changed", recipient=school_library)
    assert (off.context["what"], off.context["reason"]) == ("cancelled", "Hujan")
    assert not Notice.objects.open().filter(rule="van_soon").exists()
