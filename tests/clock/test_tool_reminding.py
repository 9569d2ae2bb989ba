"""Whoever has a tool is told the day before it goes back, and when it is late; its owner when it is late (F14)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, Booking
from agreements.services.bookings import take_back_equipment
from agreements.services.tool_reminding import remind_of_tools
from libraries.models import Institution, Notice, User
from tests.clock.conftest import at_six
from tests.clock.test_reminding import both, told
from tests.factories import BookingFactory, EquipmentFactory

pytestmark = pytest.mark.django_db

# From Monday to Thursday afternoon, in Bukittinggi.
FETCHED = datetime(2026, 11, 23, 2, tzinfo=UTC)
BACK = datetime(2026, 11, 26, 9, tzinfo=UTC)
RULE = "booking_back"


@pytest.fixture
def booking(agreement: Agreement, school_library: Institution) -> Booking:
    tool = EquipmentFactory(owner=agreement.office, name="Proyektor", place="Ruang layanan")
    return BookingFactory(
        equipment=tool, institution=school_library, begins_at=FETCHED, ends_at=BACK, status="confirmed"
    )


def every_morning(first: int, last: int) -> None:
    for day in range(first, last + 1):
        with at_six(BACK.date() + timedelta(days=day)):
            remind_of_tools()
            assert remind_of_tools().count == 0


def test_the_day_before_and_when_it_is_late(booking: Booking) -> None:
    every_morning(-5, 40)
    assert told(RULE) == [("sdn-01", -1), *(row for rung in (1, 3, 7, 14, 21, 28) for row in both(rung))]
    assert set(Notice.objects.filter(rule=RULE).values_list("due_on", flat=True)) == {BACK.date()}


def test_silent_once_it_is_back(booking: Booking, officer: User) -> None:
    every_morning(-1, 1)
    with at_six(BACK.date() + timedelta(days=2)):
        take_back_equipment(booking=booking, actor=officer, condition="Baik")
        assert not Notice.objects.open().filter(rule=RULE).exists()
    every_morning(3, 10)
    assert len(told(RULE)) == 3


def test_what_nobody_has_fetched_yet_does_not_go_back(booking: Booking) -> None:
    for changes in ({"status": "requested"}, {"status": "confirmed", "begins_at": BACK - timedelta(hours=2)}):
        Booking.objects.filter(pk=booking.pk).update(**changes)
        every_morning(-5, 0)
        assert told(RULE) == []


def test_the_day_is_that_of_the_owners_clock(booking: Booking, library: Institution) -> None:
    Institution.objects.filter(pk=library.pk).update(zone="Asia/Jayapura")
    Booking.objects.filter(pk=booking.pk).update(ends_at=datetime(2026, 11, 26, 16, tzinfo=UTC))
    with at_six(BACK.date()):
        remind_of_tools()
    notice = Notice.objects.get(rule=RULE)
    assert (notice.due_on.isoformat(), notice.context["until"]) == ("2026-11-27", "01.00")


def test_it_stands_on_the_schools_first_page(booking: Booking, school: User) -> None:
    phone = Client(headers={"Accept-Language": "id"})
    for ago, words in ((-3, ""), (-1, "Kembalikan “Proyektor”"), (4, "terlambat 4 hari")):
        with at_six(BACK.date() + timedelta(days=ago)):
            phone.force_login(school, backend="django.contrib.auth.backends.ModelBackend")
            page = phone.get(reverse("portal:home")).content.decode()
            assert ("Proyektor" in page) == bool(words) and words in page, ago
            assert (reverse("portal:booking", args=[booking.pk]) in page) == bool(words)
