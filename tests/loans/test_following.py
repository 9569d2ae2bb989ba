"""A programme follows its agreement when an addendum changes the terms of the loan or its end (A3, L1)."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from agreements.models import Agreement
from agreements.services.continuing import amend_agreement
from agreements.services.drafting import revise_agreement
from agreements.services.signing import activate_agreement, record_signature, submit_agreement
from kerjasama.domain import clock
from loans.choices import PeriodStatus
from loans.models import Programme
from loans.services.dispatching import dispatch_consignment
from loans.services.following import follow_agreement, follow_amended_agreements
from loans.services.moving import cancel_period, move_period, replan_periods
from loans.services.pausing import end_programme
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.tasks import open_programmes
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 2)


@pytest.fixture
def year(library: Any, school_library: Any, circulation: Any, time_machine: Any) -> Programme:
    """Quarters from a Monday: 2 February, 2 May, 3 August, 2 November 2026, to 1 February 2027."""
    time_machine.move_to("2026-02-02T02:00:00+00:00", tick=False)
    agreement = AgreementFactory(
        office=library, partner=school_library, in_force=True, starts_on=TODAY, ends_on=date(2027, 2, 1)
    )
    return open_programme(agreement=agreement, actor=circulation)


def amend(agreement: Agreement, actor: Any, ends_on: date | None = None, **lending: Any) -> Agreement:
    """An addendum, the whole way: drafted, sent, signed by both, in force."""
    row = amend_agreement(agreement=agreement, actor=actor)
    changes = {"ends_on": ends_on} if ends_on else {}
    row = revise_agreement(agreement=row, actor=actor, lending=lending, **changes)
    row = submit_agreement(agreement=row, actor=actor)
    for party in row.parties.all():
        record_signature(agreement=row, actor=actor, party=party, signed_on=clock.today())
    return activate_agreement(agreement=row, actor=actor)


def dates(programme: Programme) -> list[tuple[str, str]]:
    rows = programme.periods.exclude(status=PeriodStatus.CANCELLED).order_by("sequence")
    return [(row.starts_on.isoformat(), row.ends_on.isoformat()) for row in rows]


def deliver(programme: Programme, actor: Any) -> Any:
    shelve(programme.lender, 8)
    consignment = propose_consignment(period=programme.periods.get(sequence=1), actor=actor)
    scan_all(consignment, actor)
    return dispatch_consignment(consignment=consignment, actor=actor)


def test_fewer_books_from_the_next_delivery_on(year: Programme, officer: Any, circulation: Any) -> None:
    delivered = deliver(year, circulation)
    before = dates(year)
    amend(year.agreement, officer, quantity=3, receipt_days=7, replacement_days=14)
    assert open_programmes() == 1
    year.refresh_from_db()
    assert (year.quantity, year.receipt_days, year.replacement_days) == (3, 7, 14)
    assert dates(year) == before
    delivered.refresh_from_db()
    assert delivered.lines.count() == 5, "what was delivered keeps the terms of its day"
    event = year.events.get(action="follow")
    assert event.actor is None and "3" in event.note
    assert open_programmes() == 0


def test_a_longer_term_has_more_deliveries(year: Programme, officer: Any) -> None:
    before = dates(year)
    amend(year.agreement, officer, ends_on=date(2027, 8, 1))
    assert follow_agreement(programme=year)
    after = dates(year)
    assert after[:3] == before[:3]
    assert len(after) == 6 and after[-1][0] > "2027-04-30"
    assert all(a[1] == b[0] for a, b in pairwise(after))
    assert [row.sequence for row in year.periods.order_by("sequence")] == [1, 2, 3, 4, 5, 6]
    assert not follow_agreement(programme=year)


def test_a_shorter_term_has_fewer_and_the_books_come_back_sooner(
    year: Programme, officer: Any, circulation: Any
) -> None:
    delivered = deliver(year, circulation)
    amend(year.agreement, officer, ends_on=date(2026, 4, 20))
    follow_agreement(programme=year)
    assert dates(year) == [("2026-02-02", "2026-04-20")]
    delivered.refresh_from_db()
    assert delivered.due_on == date(2026, 4, 20)


def test_another_interval_counts_from_the_delivery_that_was_made(
    year: Programme, officer: Any, circulation: Any
) -> None:
    delivered = deliver(year, circulation)
    amend(year.agreement, officer, interval_months=6)
    follow_agreement(programme=year)
    assert dates(year) == [("2026-02-02", "2026-08-03"), ("2026-08-03", "2027-02-01")]
    delivered.refresh_from_db()
    assert delivered.due_on == date(2026, 8, 3)


def test_what_people_decided_stays(year: Programme, officer: Any, circulation: Any) -> None:
    """A day moved by hand, a delivery given up, a list that is being picked."""
    shelve(year.lender, 8)
    propose_consignment(period=year.periods.get(sequence=1), actor=circulation)
    move_period(period=year.periods.get(sequence=2), starts_on=date(2026, 5, 5), actor=circulation)
    cancel_period(period=year.periods.get(sequence=3), actor=circulation, note="ujian")
    amend(year.agreement, officer, ends_on=date(2027, 8, 1))
    follow_agreement(programme=year)
    rows = list(year.periods.order_by("sequence"))
    assert rows[0].starts_on == TODAY and rows[0].ends_on == date(2026, 5, 5)
    assert rows[1].starts_on == date(2026, 5, 5)
    assert rows[2].status == PeriodStatus.CANCELLED
    assert [row.nominal_on for row in rows].count(rows[2].nominal_on) == 1
    assert all(row.starts_on < row.ends_on for row in rows)
    assert len(rows) == 6


def test_reckoning_again_follows_too(year: Programme, officer: Any, circulation: Any) -> None:
    amend(year.agreement, officer, ends_on=date(2027, 8, 1))
    replan_periods(programme=year, actor=circulation)
    assert len(dates(year)) == 6
    assert year.events.get(action="follow").actor == circulation


def test_an_addendum_has_no_programme_of_its_own(year: Programme, officer: Any, refusal: Any) -> None:
    addendum = amend(year.agreement, officer, quantity=3)
    assert refusal(open_programme, agreement=addendum, actor=officer).code == "addendum"


def test_a_programme_that_has_ended_stays_as_it_was(year: Programme, officer: Any, circulation: Any) -> None:
    end_programme(programme=year, actor=circulation, note="selesai")
    amend(year.agreement, officer, quantity=3)
    assert follow_amended_agreements().count == 0
    year.refresh_from_db()
    assert year.quantity == 5


def test_nothing_to_follow_is_one_query(
    year: Programme, library: Any, django_assert_num_queries: Any
) -> None:
    for _number in range(3):
        row = AgreementFactory(office=library, in_force=True, starts_on=TODAY, ends_on=date(2027, 2, 1))
        open_programme(agreement=row, actor=None)
    with django_assert_num_queries(1):
        assert follow_amended_agreements().count == 0


def test_the_page_of_the_programme_says_so(
    year: Programme, officer: Any, circulation: Any, signed_in: Any
) -> None:
    amend(year.agreement, officer, quantity=3, ends_on=year.ends_on + timedelta(days=90))
    follow_agreement(programme=year)
    page = signed_in(circulation).get(f"/admin/kerja/program/{year.pk}/").content.decode()
    assert "Diubah dengan adendum" in page and "3 buku" in page
