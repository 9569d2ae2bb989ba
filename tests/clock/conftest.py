"""What the tests of the clock start from: books at a school, and a day to look from."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from loans.models import Consignment, Period

MORNING_IN_WIB = 23  # 06:00 of the next day in Bukittinggi, as hours of UTC.


def at_six(day: date) -> AbstractContextManager[object]:
    """Six in the morning of ``day`` in WIB, when the sweeps have run and letters may be read."""
    moment = datetime(day.year, day.month, day.day, MORNING_IN_WIB, tzinfo=UTC) - timedelta(days=1)
    return time_machine.travel(moment, tick=True)


@pytest.fixture
def period(dispatched: Consignment) -> Period:
    """A running period with five books at SDN 01."""
    return dispatched.period


@pytest.fixture
def days_from_end(period: Period) -> Callable[[int], AbstractContextManager[object]]:
    """``days_from_end(-14)``: the morning two weeks before the books go back."""
    return lambda days: at_six(period.ends_on + timedelta(days=days))
