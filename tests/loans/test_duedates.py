"""The dates of a rotation (L1). Pure rules: no database, no clock."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerjasama.domain.clock import add_months
from loans.duedates import (
    SHORTEST_STAY,
    SOONEST_SWAP,
    ClosedDays,
    confirm_by,
    merged,
    never_open,
    next_open_day,
    plan_periods,
    replacement_due,
    swap_day,
)

SUNDAYS = ClosedDays(frozenset({6}))
NEVER_CLOSED = ClosedDays()


def planned(first: str, end: str, months: int, closed: ClosedDays = NEVER_CLOSED) -> list[tuple[str, str]]:
    rows = plan_periods(
        first_on=date.fromisoformat(first),
        ends_on=date.fromisoformat(end),
        interval_months=months,
        closed=closed,
    )
    return [(row.starts_on.isoformat(), row.ends_on.isoformat()) for row in rows]


class TestMonths:
    @pytest.mark.parametrize(
        ("start", "months", "wanted"),
        [
            ("2026-01-31", 1, "2026-02-28"),
            ("2028-01-31", 1, "2028-02-29"),
            ("2026-01-31", 3, "2026-04-30"),
            ("2026-10-31", 4, "2027-02-28"),
            ("2026-12-15", 1, "2027-01-15"),
            ("2026-11-30", 3, "2027-02-28"),
            ("2028-02-29", 12, "2029-02-28"),
            ("2028-02-29", 48, "2032-02-29"),
            ("2026-03-30", 0, "2026-03-30"),
            ("2026-12-31", 24, "2028-12-31"),
        ],
    )
    def test_month_ends_leap_days_and_new_years(self, start: str, months: int, wanted: str) -> None:
        assert add_months(date.fromisoformat(start), months).isoformat() == wanted

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
    def test_never_drifts_into_another_month(self, start: date, months: int) -> None:
        end = add_months(start, months)
        assert (end.year - start.year) * 12 + end.month - start.month == months
        assert end.day <= start.day
        assert end.day == start.day or (end + timedelta(days=1)).day == 1


class TestOpenDays:
    def test_an_open_day_stays(self) -> None:
        assert next_open_day(date(2026, 11, 23), SUNDAYS) == date(2026, 11, 23)

    def test_a_sunday_moves_to_monday_or_back_to_saturday(self) -> None:
        assert next_open_day(date(2026, 11, 22), SUNDAYS) == date(2026, 11, 23)
        assert next_open_day(date(2026, 11, 22), SUNDAYS, step=-1) == date(2026, 11, 21)

    def test_holidays_and_weekdays_are_passed_together(self) -> None:
        closed = ClosedDays(frozenset({5, 6}), ((date(2026, 12, 21), date(2027, 1, 1)),))
        assert next_open_day(date(2026, 12, 19), closed) == date(2027, 1, 4)
        assert next_open_day(date(2027, 1, 2), closed, step=-1) == date(2026, 12, 18)

    def test_a_calendar_that_never_opens_loses_no_date(self) -> None:
        for_ever = ClosedDays(ranges=((date(2000, 1, 1), date(2100, 1, 1)),))
        assert next_open_day(date(2026, 11, 22), for_ever) == date(2026, 11, 22)

    def test_closed_when_either_side_is(self) -> None:
        both = merged([[5], [6]], [(date(2026, 8, 17), date(2026, 8, 17))])
        assert date(2026, 11, 21) in both and date(2026, 11, 22) in both and date(2026, 8, 17) in both
        assert date(2026, 11, 23) not in both

    def test_two_calendars_that_never_open_together_keep_no_weekdays(self) -> None:
        assert merged([[0, 1, 2, 3], [4, 5, 6]], []).weekdays == frozenset()


class TestPeriods:
    def test_a_year_of_quarters(self) -> None:
        assert planned("2026-01-15", "2026-12-31", 3) == [
            ("2026-01-15", "2026-04-15"),
            ("2026-04-15", "2026-07-15"),
            ("2026-07-15", "2026-10-15"),
            ("2026-10-15", "2026-12-31"),
        ]

    def test_the_last_of_january_does_not_pull_the_year_to_the_28th(self) -> None:
        assert [start for start, _end in planned("2026-01-31", "2026-06-30", 1)] == [
            "2026-01-31",
            "2026-02-28",
            "2026-03-31",
            "2026-04-30",
            "2026-05-31",
        ]

    def test_a_leap_day_begins_and_ends_periods(self) -> None:
        assert planned("2028-02-29", "2029-02-28", 6) == [
            ("2028-02-29", "2028-08-29"),
            ("2028-08-29", "2029-02-28"),
        ]

    def test_across_the_new_year(self) -> None:
        assert planned("2026-11-20", "2027-05-19", 3) == [
            ("2026-11-20", "2027-02-20"),
            ("2027-02-20", "2027-05-19"),
        ]

    def test_a_swap_on_a_sunday_takes_both_periods_to_monday(self) -> None:
        # 22 February 2026 is a Sunday.
        assert planned("2025-11-22", "2026-05-20", 3, SUNDAYS) == [
            ("2025-11-22", "2026-02-23"),
            ("2026-02-23", "2026-05-20"),
        ]

    def test_the_end_of_a_closed_last_day_comes_forward(self) -> None:
        assert planned("2026-01-05", "2026-03-29", 6, SUNDAYS) == [("2026-01-05", "2026-03-28")]

    def test_a_stub_is_merged_into_the_period_before_it(self) -> None:
        # The third swap would come on 1 July; 27 days before the end it is not worth the journey, 28 days before it is.
        assert planned("2026-01-01", "2026-07-28", 3) == [
            ("2026-01-01", "2026-04-01"),
            ("2026-04-01", "2026-07-28"),
        ]
        assert planned("2026-01-01", "2026-07-29", 3)[-1] == ("2026-07-01", "2026-07-29")

    def test_a_long_closure_swallows_a_swap_instead_of_doubling_it(self) -> None:
        holidays = ClosedDays(ranges=((date(2026, 6, 1), date(2026, 7, 20)),))
        assert planned("2026-04-01", "2026-12-31", 1, holidays)[1:4] == [
            ("2026-05-01", "2026-07-21"),
            ("2026-07-21", "2026-09-01"),
            ("2026-09-01", "2026-10-01"),
        ]

    @pytest.mark.parametrize(("first", "end"), [("2026-05-01", "2026-05-01"), ("2026-05-02", "2026-05-01")])
    def test_nothing_fits_an_agreement_that_is_over(self, first: str, end: str) -> None:
        assert planned(first, end, 3) == []

    def test_nothing_fits_where_everything_is_closed_to_the_end(self) -> None:
        holidays = ClosedDays(ranges=((date(2026, 6, 1), date(2026, 7, 20)),))
        assert planned("2026-06-01", "2026-07-10", 3, holidays) == []

    def test_one_short_period_is_better_than_none(self) -> None:
        assert planned("2026-05-01", "2026-05-10", 3) == [("2026-05-01", "2026-05-10")]

    @given(
        first=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
        length=st.integers(1, 1500),
        months=st.integers(1, 24),
        weekdays=st.frozensets(st.integers(0, 6), max_size=6),
        holidays=st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 45)), max_size=6),
    )
    def test_periods_cover_the_programme_without_gap_or_overlap(
        self,
        first: date,
        length: int,
        months: int,
        weekdays: frozenset[int],
        holidays: list[tuple[int, int]],
    ) -> None:
        end = first + timedelta(days=length)
        ranges = tuple(
            (first + timedelta(days=start), first + timedelta(days=start + days)) for start, days in holidays
        )
        closed = ClosedDays(weekdays, ranges)
        rows = plan_periods(first_on=first, ends_on=end, interval_months=months, closed=closed)
        assert rows == plan_periods(first_on=first, ends_on=end, interval_months=months, closed=closed)
        assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
        for row in rows:
            assert first <= row.nominal_on <= row.starts_on < row.ends_on <= end
            assert row.starts_on == next_open_day(row.nominal_on, closed)
            assert row.starts_on not in closed and row.ends_on not in closed
        for before, after in pairwise(rows):
            assert before.ends_on == after.starts_on
            assert after.starts_on - before.starts_on >= SOONEST_SWAP
        if len(rows) > 1:
            assert rows[-1].ends_on - rows[-1].starts_on >= SHORTEST_STAY
        if rows:
            assert rows[0].starts_on == next_open_day(first, closed)
            assert rows[-1].ends_on == next_open_day(end, closed, step=-1)


def test_days_to_confirm_and_to_replace_count_from_the_day_itself() -> None:
    assert confirm_by(date(2028, 2, 27), 3) == date(2028, 3, 1)
    assert replacement_due(date(2026, 12, 15), 30) == date(2027, 1, 14)


class TestPreferredWeekdays:
    """Mondays and Thursdays are preferred; Sundays and public holidays are closed."""

    THIS = ClosedDays(frozenset({6}), preferred=frozenset({0, 3}))

    @pytest.mark.parametrize(
        ("day", "wanted"),
        [
            ("2026-11-23", "2026-11-23"),  # a Monday stays
            ("2026-11-24", "2026-11-26"),  # a Tuesday goes to the Thursday
            ("2026-11-27", "2026-11-30"),  # a Friday goes to the Monday
            ("2026-11-29", "2026-11-30"),  # a closed Sunday too
        ],
    )
    def test_a_swap_goes_to_the_next_of_them(self, day: str, wanted: str) -> None:
        assert swap_day(date.fromisoformat(day), self.THIS).isoformat() == wanted

    def test_after_a_holiday_the_next_open_one(self) -> None:
        feast = ClosedDays(frozenset({6}), ((date(2026, 11, 30), date(2026, 12, 3)),), frozenset({0, 3}))
        assert swap_day(date(2026, 11, 27), feast) == date(2026, 12, 7)

    def test_they_are_no_closed_days(self) -> None:
        """Where none of them is open within two weeks, another open day does; and an open day that was chosen stays."""
        never = ClosedDays(frozenset({0, 3, 6}), preferred=frozenset({0, 3}))
        assert swap_day(date(2026, 11, 24), never) == date(2026, 11, 24)
        assert swap_day(date(2026, 11, 24), self.THIS, only_if_shut=True) == date(2026, 11, 24)
        assert date(2026, 11, 24) not in self.THIS

    def test_the_last_day_comes_before_the_end(self) -> None:
        assert swap_day(date(2026, 11, 25), self.THIS, step=-1) == date(2026, 11, 23)

    def test_periods_are_planned_on_them(self) -> None:
        rows = planned("2026-02-02", "2027-02-01", 3, self.THIS)
        assert rows == [
            ("2026-02-02", "2026-05-04"),
            ("2026-05-04", "2026-08-03"),
            ("2026-08-03", "2026-11-02"),
            ("2026-11-02", "2027-02-01"),
        ]

    @given(
        st.dates(date(2026, 1, 1), date(2030, 1, 1)),
        st.sets(st.integers(0, 6), max_size=6),
        st.sets(st.integers(0, 6)),
    )
    def test_never_on_a_closed_day_and_on_a_preferred_one_where_one_is_open(
        self, day: date, shut: set[int], preferred: set[int]
    ) -> None:
        found = swap_day(day, ClosedDays(frozenset(shut), preferred=frozenset(preferred)))
        assert found >= day and found.weekday() not in shut
        if preferred - shut:
            assert found.weekday() in preferred


def test_two_sides_that_never_open_together() -> None:
    assert never_open([[0, 1, 2], [3, 4, 5, 6]])
    assert not never_open([[0, 1, 2], [4, 5, 6]])
