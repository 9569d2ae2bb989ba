"""Two desks give the same tool at the same moment: one of them is told who has it (F14)."""

from functools import partial
from typing import Any

import pytest

from agreements.choices import BookingStatus
from agreements.models import Agreement, Booking
from agreements.services.bookings import confirm_booking
from tests.factories import BookingFactory, EquipmentFactory
from tests.races.conftest import again, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 5


def test_a_tool_is_given_once(agreement: Agreement, officer: Any, circulation: Any) -> None:
    for _round in range(ROUNDS):
        tool = EquipmentFactory(owner=agreement.office)
        first, second = BookingFactory.create_batch(2, equipment=tool, institution=agreement.partner)
        results = at_once(
            [
                partial(confirm_booking, booking=row, actor=again(user))
                for row, user in ((first, officer), (second, circulation))
            ]
        )
        assert refusals(results) == ["taken"]
        given = Booking.objects.filter(equipment=tool, status=BookingStatus.CONFIRMED)
        assert given.count() == 1
        loser = next(result for result in results if isinstance(result, Exception))
        assert str(agreement.partner) in str(loser)
