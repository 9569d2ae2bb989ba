"""Rungs and quiet hours, by table."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerjasama.domain.quiet_hours import earliest
from kerjasama.domain.rungs import Ladder

DUE = date(2026, 11, 23)
SWAP = Ladder(-14, -3, 0, 3, 14, 30)


@pytest.mark.parametrize(
    ("days", "rung"),
    [
        (-15, None),
        (-14, -14),
        (-13, -14),
        (-4, -14),
        (-3, -3),
        (-1, -3),
        (0, 0),
        (1, 0),
        (2, 0),
        (3, 3),
        (13, 3),
        (14, 14),
        (29, 14),
        (30, 30),
        (400, 30),
    ],
)
def test_latest_rung_reached(days: int, rung: int | None) -> None:
    assert SWAP.reached(DUE, DUE + timedelta(days=days)) == rung


@pytest.mark.parametrize(
    ("due", "today", "rung"),
    [
        (date(2028, 2, 29), date(2028, 2, 15), -14),
        (date(2028, 3, 1), date(2028, 2, 29), -3),
        (date(2027, 1, 1), date(2026, 12, 31), -3),
        (date(2026, 12, 31), date(2027, 1, 3), 3),
    ],
)
def test_leap_day_and_turn_of_the_year(due: date, today: date, rung: int) -> None:
    assert SWAP.reached(due, today) == rung


@pytest.mark.parametrize("rungs", [(), (3, 0), (0, 0)])
def test_rungs_must_rise(rungs: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rise"):
        Ladder(*rungs)


@given(st.integers(-60, 60))
def test_windows_say_what_reached_says(days: int) -> None:
    today = DUE + timedelta(days=days)
    by_window = next((rung for rung, last in SWAP.windows(today) if last >= DUE), None)
    assert by_window == SWAP.reached(DUE, today)


@pytest.mark.parametrize(
    ("zone", "utc", "expected"),
    [
        # WIB is seven hours ahead: quiet from 13:00 to 23:00 UTC.
        ("Asia/Jakarta", "2026-11-23 12:59", "2026-11-23 12:59"),
        ("Asia/Jakarta", "2026-11-23 13:00", "2026-11-23 23:00"),
        ("Asia/Jakarta", "2026-11-23 17:30", "2026-11-23 23:00"),
        ("Asia/Jakarta", "2026-11-23 22:40", "2026-11-23 23:00"),
        ("Asia/Jakarta", "2026-11-23 23:00", "2026-11-23 23:00"),
        # WITA eight, WIT nine: their evening and their morning come earlier.
        ("Asia/Makassar", "2026-11-23 12:00", "2026-11-23 22:00"),
        ("Asia/Makassar", "2026-11-23 22:40", "2026-11-23 22:40"),
        ("Asia/Jayapura", "2026-11-23 11:00", "2026-11-23 21:00"),
        ("Asia/Jayapura", "2026-11-23 10:59", "2026-11-23 10:59"),
        ("Asia/Jayapura", "2026-12-31 16:00", "2026-12-31 21:00"),
    ],
)
def test_nobody_is_written_to_at_night(zone: str, utc: str, expected: str) -> None:
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert earliest(moment, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
)
def test_never_before_the_moment_never_in_the_night(moment: datetime, zone: str) -> None:
    found = earliest(moment, zone)
    assert moment <= found <= moment + timedelta(hours=10)
    assert 6 <= found.astimezone(ZoneInfo(zone)).hour < 20
