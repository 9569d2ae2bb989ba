"""Programmes and their periods: opened, moved, planned anew, paused, ended (L1)."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from agreements.models import Agreement
from kerjasama.domain import clock
from libraries.models import Closure
from loans.choices import PeriodStatus, ProgrammeStatus
from loans.models import Period, Programme
from loans.services.dispatching import dispatch_consignment
from loans.services.moving import cancel_period, move_period, replan_periods
from loans.services.pausing import end_programme, pause_programme, resume_programme
from loans.services.programmes import open_missing_programmes, open_programme
from loans.services.proposing import cancel_consignment, propose_consignment
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve

pytestmark = pytest.mark.django_db

# A Monday: SDN 01 is closed on Sundays.
TODAY = date(2026, 2, 2)


@pytest.fixture
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-02-02T02:00:00+00:00", tick=False)


@pytest.fixture
def year(monday: None, library: Any, school_library: Any, circulation: Any) -> Programme:
    """A programme of quarters: 2 February, 2 and 3 May, August, November 2026."""
    agreement = AgreementFactory(
        office=library,
        partner=school_library,
        in_force=True,
        starts_on=TODAY,
        ends_on=date(2027, 2, 1),
    )
    return open_programme(agreement=agreement, actor=circulation)


def dates(programme: Programme) -> list[tuple[str, str]]:
    return [
        (row.starts_on.isoformat(), row.ends_on.isoformat()) for row in programme.periods.order_by("sequence")
    ]


class TestOpening:
    def test_all_periods_to_the_end_with_the_terms_of_the_agreement(self, year: Programme) -> None:
        # 2 May is a Saturday, 2 August a Sunday, on which the school is closed.
        assert dates(year) == [
            ("2026-02-02", "2026-05-02"),
            ("2026-05-02", "2026-08-03"),
            ("2026-08-03", "2026-11-02"),
            ("2026-11-02", "2027-02-01"),
        ]
        term = year.agreement.lending_term
        assert (year.quantity, year.interval_months) == (term.quantity, term.interval_months)
        assert (year.receipt_days, year.replacement_days) == (term.receipt_days, term.replacement_days)
        assert year.events.get().action == "open"

    def test_public_holidays_and_both_calendars_count(
        self, monday: None, library: Any, school_library: Any, circulation: Any
    ) -> None:
        Closure.objects.create(reason="Idulfitri", starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 8))
        Closure.objects.create(
            institution=library, reason="Stok opname", starts_on=date(2026, 5, 9), ends_on=date(2026, 5, 9)
        )
        Closure.objects.create(
            institution=school_library, reason="Ujian", starts_on=date(2026, 5, 11), ends_on=date(2026, 5, 11)
        )
        agreement = AgreementFactory(
            office=library, partner=school_library, in_force=True, starts_on=TODAY, ends_on=date(2027, 2, 1)
        )
        programme = open_programme(agreement=agreement, actor=circulation)
        assert dates(programme)[0] == ("2026-02-02", "2026-05-12")

    def test_not_twice(self, year: Programme, circulation: Any, refusal: Any) -> None:
        assert refusal(open_programme, agreement=year.agreement, actor=circulation).code == "programme_exists"

    @pytest.mark.parametrize("name", ["crew", "head", "coordinator", "school", "other_school", "perpusnas"])
    def test_only_by_the_desk(self, name: str, everybody: Any, agreement: Agreement, refusal: Any) -> None:
        assert refusal(open_programme, agreement=agreement, actor=everybody[name]).code == "role_missing"

    def test_not_without_lending_terms(
        self, library: Any, school_library: Any, circulation: Any, refusal: Any
    ) -> None:
        row = AgreementFactory(office=library, partner=school_library, in_force=True, lending=False)
        assert refusal(open_programme, agreement=row, actor=circulation).code == "no_lending_terms"

    def test_not_under_an_agreement_that_does_not_hold(
        self, library: Any, school_library: Any, circulation: Any, refusal: Any
    ) -> None:
        row = AgreementFactory(office=library, partner=school_library)
        refused = refusal(open_programme, agreement=row, actor=circulation)
        assert (refused.code, refused.facts["agreement"]) == ("not_in_force", str(row))

    def test_not_where_no_delivery_fits(
        self, library: Any, school_library: Any, circulation: Any, refusal: Any
    ) -> None:
        today = clock.today()
        Closure.objects.create(reason="Renovasi", starts_on=today, ends_on=today + timedelta(days=30))
        row = AgreementFactory(
            office=library,
            partner=school_library,
            in_force=True,
            starts_on=today,
            ends_on=today + timedelta(days=20),
        )
        assert refusal(open_programme, agreement=row, actor=circulation).code == "no_period_fits"


class TestTheClock:
    def test_opens_what_nobody_opened(self, agreement: Agreement, library: Any, school_library: Any) -> None:
        AgreementFactory(office=library, partner=school_library, in_force=True, lending=False)
        AgreementFactory(office=library, partner=school_library)
        assert open_missing_programmes() == 1
        assert agreement.programmes.get().events.get().actor is None
        assert open_missing_programmes() == 0

    def test_what_cannot_be_opened_is_not_in_the_way_of_the_rest(
        self, library: Any, agreement: Agreement
    ) -> None:
        today = clock.today()
        row = AgreementFactory(
            office=library,
            in_force=True,
            starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=20),
        )
        Closure.objects.create(
            institution=row.partner,
            reason="Renovasi",
            starts_on=today - timedelta(days=9),
            ends_on=today + timedelta(days=60),
        )
        Agreement.objects.filter(pk=row.pk).update(created_at=clock.now() - timedelta(days=9))
        assert open_missing_programmes(batch=1) == 1
        assert Programme.objects.get().agreement == agreement


class TestMoving:
    def test_the_period_before_ends_with_the_moved_swap(self, year: Programme, circulation: Any) -> None:
        second = year.periods.get(sequence=2)
        move_period(period=second, starts_on=date(2026, 5, 5), actor=circulation)
        assert dates(year)[:2] == [("2026-02-02", "2026-05-05"), ("2026-05-05", "2026-08-03")]
        assert [row.action for row in second.events.all()] == ["move"]
        assert [row.action for row in year.periods.get(sequence=1).events.all()] == ["move_end"]

    def test_books_that_are_out_go_back_on_the_new_day(self, year: Programme, circulation: Any) -> None:
        shelve(year.lender, 6)
        consignment = propose_consignment(period=year.periods.get(sequence=1), actor=circulation)
        scan_all(consignment, circulation)
        dispatch_consignment(consignment=consignment, actor=circulation)
        move_period(period=year.periods.get(sequence=2), starts_on=date(2026, 5, 5), actor=circulation)
        consignment.refresh_from_db()
        assert consignment.due_on == date(2026, 5, 5)

    @pytest.mark.parametrize(
        ("sequence", "day", "code"),
        [
            (2, date(2026, 2, 1), "date_past"),
            (2, date(2026, 5, 3), "closed_day"),
            (2, date(2026, 8, 3), "passes_neighbour"),
            (2, date(2026, 8, 4), "passes_neighbour"),
            (2, date(2026, 2, 2), "passes_neighbour"),
            (4, date(2027, 2, 1), "passes_neighbour"),
        ],
    )
    def test_refused_with_the_reason(
        self, sequence: int, day: date, code: str, year: Programme, circulation: Any, refusal: Any
    ) -> None:
        before = dates(year)
        refused = refusal(
            move_period, period=year.periods.get(sequence=sequence), starts_on=day, actor=circulation
        )
        assert (refused.code, refused.field) == (code, "starts_on")
        assert dates(year) == before

    def test_what_is_over_keeps_its_dates(self, year: Programme, circulation: Any) -> None:
        Period.objects.filter(programme=year, sequence=1).update(status=PeriodStatus.CLOSED)
        move_period(period=year.periods.get(sequence=2), starts_on=date(2026, 5, 5), actor=circulation)
        assert dates(year)[:2] == [("2026-02-02", "2026-05-02"), ("2026-05-05", "2026-08-03")]


class TestPlanningAnew:
    def test_only_what_now_falls_on_a_closed_day_moves(self, year: Programme, circulation: Any) -> None:
        move_period(period=year.periods.get(sequence=4), starts_on=date(2026, 11, 4), actor=circulation)
        Closure.objects.create(reason="Idulfitri", starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 8))
        assert replan_periods(programme=year, actor=circulation) == 1
        assert dates(year) == [
            ("2026-02-02", "2026-05-09"),
            ("2026-05-09", "2026-08-03"),
            ("2026-08-03", "2026-11-04"),
            ("2026-11-04", "2027-02-01"),
        ]
        assert replan_periods(programme=year, actor=circulation) == 0

    def test_what_was_delivered_stays(self, year: Programme, circulation: Any, time_machine: Any) -> None:
        Period.objects.filter(programme=year, sequence=1).update(status=PeriodStatus.RUNNING)
        Closure.objects.create(reason="Banjir", starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 5))
        assert replan_periods(programme=year, actor=circulation) == 0
        assert dates(year)[0] == ("2026-02-02", "2026-05-02")

    def test_the_last_day_comes_forward(self, year: Programme, circulation: Any) -> None:
        Closure.objects.create(reason="Libur", starts_on=date(2027, 1, 31), ends_on=date(2027, 2, 2))
        replan_periods(programme=year, actor=circulation)
        assert dates(year)[-1] == ("2026-11-02", "2027-01-30")

    def test_a_closure_over_a_whole_period_leaves_it_to_people(
        self, year: Programme, circulation: Any
    ) -> None:
        Closure.objects.create(reason="Wabah", starts_on=date(2026, 5, 1), ends_on=date(2026, 8, 20))
        replan_periods(programme=year, actor=circulation)
        rows = list(year.periods.order_by("sequence"))
        assert all(row.starts_on < row.ends_on for row in rows)
        assert all(a.ends_on == b.starts_on for a, b in pairwise(rows))

    @pytest.mark.parametrize("name", ["crew", "head", "coordinator", "school", "other_school", "perpusnas"])
    def test_only_by_the_desk(self, name: str, everybody: Any, year: Programme, refusal: Any) -> None:
        Closure.objects.create(reason="Idulfitri", starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 8))
        assert refusal(replan_periods, programme=year, actor=everybody[name]).code == "role_missing"


class TestPausingAndEnding:
    def test_nothing_is_proposed_or_handed_over_meanwhile(
        self, year: Programme, circulation: Any, refusal: Any
    ) -> None:
        shelve(year.lender, 12)
        consignment = propose_consignment(period=year.periods.get(sequence=1), actor=circulation)
        scan_all(consignment, circulation)
        pause_programme(programme=year, actor=circulation, note="renovasi")
        refused = refusal(propose_consignment, period=year.periods.get(sequence=2), actor=circulation)
        assert refused.code == "programme_not_running"
        assert (
            refusal(dispatch_consignment, consignment=consignment, actor=circulation).code
            == "programme_not_running"
        )
        resume_programme(programme=year, actor=circulation)
        assert dispatch_consignment(consignment=consignment, actor=circulation).status == "dispatched"

    def test_the_end_cancels_what_is_planned_but_not_what_is_packed(
        self, year: Programme, circulation: Any
    ) -> None:
        shelve(year.lender, 6)
        Period.objects.filter(programme=year, sequence=1).update(status=PeriodStatus.RUNNING)
        propose_consignment(period=year.periods.get(sequence=2), actor=circulation)
        assert (
            end_programme(programme=year, actor=circulation, note="selesai").status == ProgrammeStatus.ENDED
        )
        assert [row.status for row in year.periods.order_by("sequence")] == [
            "running",
            "planned",
            "cancelled",
            "cancelled",
        ]

    def test_giving_up_the_packed_one_then_cancels_its_period(
        self, year: Programme, circulation: Any
    ) -> None:
        shelve(year.lender, 6)
        consignment = propose_consignment(period=year.periods.get(sequence=2), actor=circulation)
        end_programme(programme=year, actor=circulation, note="selesai")
        cancel_consignment(consignment=consignment, actor=circulation, note="selesai")
        assert year.periods.get(sequence=2).status == PeriodStatus.CANCELLED

    @pytest.mark.parametrize("verb", [pause_programme, end_programme])
    def test_a_reason_is_needed(self, verb: Any, year: Programme, circulation: Any, refusal: Any) -> None:
        assert refusal(verb, programme=year, actor=circulation, note=" ").code == "reason_missing"

    def test_one_period_is_cancelled_when_nothing_is_packed_for_it(
        self, year: Programme, circulation: Any, refusal: Any
    ) -> None:
        shelve(year.lender, 6)
        period = year.periods.get(sequence=3)
        assert refusal(cancel_period, period=period, actor=circulation, note="").code == "reason_missing"
        consignment = propose_consignment(period=period, actor=circulation)
        assert refusal(cancel_period, period=period, actor=circulation, note="ujian").code == "being_picked"
        cancel_consignment(consignment=consignment, actor=circulation, note="ujian")
        assert cancel_period(period=period, actor=circulation, note="ujian").status == PeriodStatus.CANCELLED
