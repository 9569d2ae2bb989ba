"""The weekdays that a school prefers, closed days of both sides, and what a move is told before it is made (L1)."""

from datetime import date
from typing import Any

import pytest

from libraries.models import Institution
from loans.models import Period, Programme
from loans.services.dividing import remarks_of
from loans.services.moving import look_at_move, move_period, replan_periods, set_weekdays
from loans.services.programmes import open_programme
from tests.factories import AgreementFactory, InstitutionFactory

pytestmark = pytest.mark.django_db

# A Monday. The school is closed on Sundays.
TODAY = date(2026, 2, 2)


@pytest.fixture
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-02-02T02:00:00+00:00", tick=False)


@pytest.fixture
def agreement(monday: None, library: Any, school_library: Any) -> Any:
    return AgreementFactory(
        office=library, partner=school_library, in_force=True, starts_on=TODAY, ends_on=date(2027, 2, 1)
    )


@pytest.fixture
def year(agreement: Any, circulation: Any) -> Programme:
    return open_programme(agreement=agreement, actor=circulation)


def starts(programme: Programme) -> list[str]:
    return [row.starts_on.isoformat() for row in programme.periods.order_by("sequence")]


def test_a_programme_is_opened_on_them(agreement: Any, circulation: Any) -> None:
    programme = open_programme(agreement=agreement, actor=circulation, weekdays=[3, 1, 1])
    assert programme.weekdays == [1, 3]
    # 2 February, 2 May, 2 August and 2 November 2026, each on the next Tuesday or Thursday.
    assert starts(programme) == ["2026-02-03", "2026-05-05", "2026-08-04", "2026-11-03"]


def test_planned_swaps_go_there_and_those_moved_by_hand_stay(year: Programme, circulation: Any) -> None:
    assert starts(year) == ["2026-02-02", "2026-05-02", "2026-08-03", "2026-11-02"]
    move_period(period=year.periods.get(sequence=3), starts_on=date(2026, 8, 8), actor=circulation)
    assert set_weekdays(programme=year, weekdays=[2], actor=circulation) == 2
    assert starts(year) == ["2026-02-02", "2026-05-06", "2026-08-08", "2026-11-04"]
    assert [row.ends_on.isoformat() for row in year.periods.order_by("sequence")] == [
        "2026-05-06",
        "2026-08-08",
        "2026-11-04",
        "2027-02-01",
    ]
    assert year.events.filter(action="weekdays").count() == 1


def test_reckoning_again_leaves_an_open_day_of_another_weekday(year: Programme, circulation: Any) -> None:
    set_weekdays(programme=year, weekdays=[2], actor=circulation)
    move_period(period=year.periods.get(sequence=2), starts_on=date(2026, 5, 7), actor=circulation)
    assert replan_periods(programme=year, actor=circulation) == 0


@pytest.mark.parametrize("name", ["crew", "head", "coordinator", "school", "other_school", "perpusnas"])
def test_only_by_the_desk(name: str, everybody: Any, year: Programme, refusal: Any) -> None:
    refused = refusal(set_weekdays, programme=year, weekdays=[2], actor=everybody[name])
    assert refused.code == "role_missing"


@pytest.mark.parametrize(("weekdays", "code"), [([6], "weekdays_closed"), ([8], "unknown_weekday")])
def test_weekdays_on_which_one_side_is_closed(
    weekdays: list[int], code: str, year: Programme, circulation: Any, refusal: Any
) -> None:
    refused = refusal(set_weekdays, programme=year, weekdays=weekdays, actor=circulation)
    assert (refused.code, refused.field) == (code, "weekdays")


def test_sides_that_never_open_together_are_told_so(
    agreement: Any, library: Institution, school_library: Institution, circulation: Any, refusal: Any
) -> None:
    Institution.objects.filter(pk=library.pk).update(closed_weekdays=[0, 1, 2])
    Institution.objects.filter(pk=school_library.pk).update(closed_weekdays=[3, 4, 5, 6])
    refused = refusal(open_programme, agreement=agreement, actor=circulation)
    assert refused.code == "always_closed"
    assert str(library) in str(refused) and str(school_library) in str(refused)


class TestLooking:
    def test_both_calendars_forbid(self, year: Programme, circulation: Any) -> None:
        period = year.periods.get(sequence=2)
        period.programme = year
        Institution.objects.filter(pk=year.lender_id).update(closed_weekdays=[4])
        for day in (date(2026, 5, 3), date(2026, 5, 8)):  # the school's Sunday, the library's Friday
            period.refresh_from_db()
            look = look_at_move(period=period, starts_on=day, actor=circulation)
            assert look.refusal is not None and look.refusal.code == "closed_day"

    def test_the_limits_and_the_preference(self, year: Programme, circulation: Any) -> None:
        set_weekdays(programme=year, weekdays=[0], actor=circulation)
        period = Period.objects.get(programme=year, sequence=2)
        look = look_at_move(period=period, starts_on=date(2026, 5, 6), actor=circulation)
        assert look.refusal is None
        assert (look.first, look.last) == (date(2026, 2, 3), date(2026, 8, 2))
        assert len(look.remarks) == 1 and "Senin" in look.remarks[0]

    def test_other_schools_of_the_van_are_named_to_the_desk_alone(
        self, year: Programme, library: Any, circulation: Any, school: Any, refusal: Any
    ) -> None:
        other = AgreementFactory(
            office=library,
            partner=InstitutionFactory(name="SD Negeri 77", closed_weekdays=[6]),
            in_force=True,
            starts_on=TODAY,
            ends_on=date(2027, 2, 1),
        )
        open_programme(agreement=other, actor=circulation)
        period = year.periods.get(sequence=2)
        look = look_at_move(period=period, starts_on=date(2026, 5, 2), actor=circulation)
        assert any("SD Negeri 77" in remark for remark in look.remarks)
        refused = refusal(look_at_move, period=period, starts_on=date(2026, 5, 2), actor=school)
        assert refused.code == "role_missing"

    def test_whoever_saw_another_day_moves_nothing(
        self, year: Programme, circulation: Any, refusal: Any
    ) -> None:
        period = year.periods.get(sequence=2)
        refused = refusal(
            move_period,
            period=period,
            starts_on=date(2026, 5, 6),
            actor=circulation,
            expected=date(2026, 5, 1),
        )
        assert (refused.code, refused.facts["starts_on"]) == ("stale", "2026-05-02")


def test_an_interval_longer_than_the_agreement_is_said(
    monday: None, library: Any, school_library: Any, circulation: Any
) -> None:
    row = AgreementFactory(
        office=library, partner=school_library, in_force=True, starts_on=TODAY, ends_on=date(2026, 4, 20)
    )
    programme = open_programme(agreement=row, actor=circulation)
    assert programme.periods.count() == 1
    assert [remark for remark in remarks_of(programme) if "interval" in remark or "Selang" in remark]
