"""What the crew sees on its first page: its own trip (M3, M5)."""

from typing import Any

import pytest
from django.urls import reverse

from kerjasama.domain import clock
from kerjasama.house import HomeCard
from kerjasama.pages.templatetags.house import long_date
from libraries.access import access_of
from libraries.models import Institution, User
from mobile_service.models import Duty, Trip
from mobile_service.own_trip import own_trip_card
from tests.factories import CrewMemberFactory, StopFactory, TripFactory, VehicleFactory, VisitFactory

pytestmark = pytest.mark.django_db


def trip_in(days: int, vehicle: Any, library: Institution) -> Trip:
    trip: Trip = TripFactory(vehicle=vehicle, on=clock.today(library.zone) + clock.days(days))
    VisitFactory(trip=trip, stop=StopFactory(office=library), hour=11)
    VisitFactory(trip=trip, stop=StopFactory(office=library), hour=9)
    VisitFactory(trip=trip, stop=StopFactory(office=library), hour=13, status="cancelled", reason="Ujian")
    return trip


def card_of(user: User) -> HomeCard | None:
    return next(iter(own_trip_card(user, access_of(user))), None)


def test_the_crew_finds_its_trip_on_its_first_page(
    signed_in: Any, crew: User, circulation: User, library: Institution
) -> None:
    van, other = VehicleFactory.create_batch(2, office=library)
    member = CrewMemberFactory(office=library, user=crew, vehicle=van)
    colleague = CrewMemberFactory(office=library)
    trip_in(-1, van, library)
    assert card_of(crew) is None
    later = trip_in(4, van, library)
    card = card_of(crew)
    assert card is not None and (card.url, card.tone) == (reverse("work:van_trip", args=[later.pk]), "calm")
    # Somebody else's day is not theirs, although it is their van.
    Duty.objects.create(trip=trip_in(1, van, library), member=colleague, on=later.on)
    assert card_of(crew) == card
    today = trip_in(0, other, library)
    Duty.objects.create(trip=today, member=member, on=today.on)
    card = card_of(crew)
    assert card is not None and (card.count, card.tone) == (2, "due")
    first, second = today.visits.exclude(status="cancelled").order_by("begins_at").select_related("stop")
    assert [line[0] for line in card.lines[:2]] == [str(first.stop), str(second.stop)]
    assert card.lines[-1][2] == reverse("portal:van")
    assert str(other) in str(card.sentence) and long_date(today.on) in str(card.sentence)
    page = signed_in(crew).get("/admin/").content.decode()
    assert card.url in page and reverse("portal:van") in page
    assert card_of(circulation) is None
