"""The year board at the desk: what it shows, how a swap is moved on it, and what it costs (L1)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from libraries.models import Institution, User
from loans.models import Programme
from loans.services.pausing import pause_programme
from loans.services.programmes import open_programme
from tests.factories import AgreementFactory, InstitutionFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 2)
BOARD = "/admin/kerja/papan/"


@pytest.fixture
def year(
    time_machine: Any, library: Institution, school_library: Institution, circulation: User
) -> Programme:
    """2 February, 2 May (a Saturday), 3 August, 2 November 2026."""
    time_machine.move_to("2026-02-02T02:00:00+00:00", tick=False)
    agreement = AgreementFactory(
        office=library, partner=school_library, in_force=True, starts_on=TODAY, ends_on=date(2027, 2, 1)
    )
    return open_programme(agreement=agreement, actor=circulation)


@pytest.fixture
def desk(signed_in: Any, circulation: User) -> Client:
    client: Client = signed_in(circulation)
    return client


def test_each_day_stands_in_its_month_with_a_field_to_move_it(desk: Client, year: Programme) -> None:
    page = desk.get(BOARD).content.decode()
    assert page.count("data-day=") == 4
    for month in ("2026-02", "2026-05", "2026-08", "2026-11"):
        assert f'data-month="{month}"' in page
    move = reverse("work:period_move", args=[year.periods.get(sequence=2).pk])
    assert f'action="{move}"' in page and 'value="2026-05-02"' in page
    assert 'name="papan" value="/admin/kerja/papan/?dari=2026-02"' in page


def test_a_move_is_looked_at_made_and_taken_back(desk: Client, year: Programme) -> None:
    period = year.periods.get(sequence=2)
    move = reverse("work:period_move", args=[period.pk])
    board = f"{BOARD}?dari=2026-02"
    look = desk.get(move, {"tanggal": "2026-05-06", "papan": board}).content.decode()
    assert 'value="2026-05-06"' in look and "6 Mei 2026" in look
    period.refresh_from_db()
    assert period.starts_on == date(2026, 5, 2), "looking changes nothing"
    form = {"starts_on": "2026-05-06", "expected": "2026-05-02", "board": board}
    moved = desk.post(move, form)
    assert moved.status_code == 302 and moved["Location"].startswith(board)
    period.refresh_from_db()
    assert period.starts_on == date(2026, 5, 6)
    page = desk.get(moved["Location"]).content.decode()
    assert "Urungkan" in page and 'name="starts_on" value="2026-05-02"' in page
    # Somebody who still sees the old day is told, and nothing moves.
    assert desk.post(move, form).status_code == 409
    undone = desk.post(
        move, {"starts_on": "2026-05-02", "expected": "2026-05-06", "board": board, "undo": "1"}
    )
    assert undone["Location"] == board
    period.refresh_from_db()
    assert period.starts_on == date(2026, 5, 2)


@pytest.mark.parametrize(
    ("day", "word"),
    [("2026-05-03", "tutup"), ("2026-01-05", "lewat"), ("2026-08-10", "di antara")],
)
def test_what_is_not_possible_is_said_before_it_is_sent(
    day: str, word: str, desk: Client, year: Programme
) -> None:
    period = year.periods.get(sequence=2)
    page = desk.get(reverse("work:period_move", args=[period.pk]), {"tanggal": day}).content.decode()
    assert "tidak dapat dipilih" in page and word in page


def test_a_day_that_cannot_be_read_is_said_and_one_typed_by_hand_is_read(
    desk: Client, year: Programme
) -> None:
    move = reverse("work:period_move", args=[year.periods.get(sequence=2).pk])
    for given, words in (
        ("abc", "“abc” bukan tanggal"),
        ("", "Pilih tanggalnya"),
        ("2026-02-30", "bukan tanggal"),
    ):
        page = desk.get(move, {"tanggal": given}).content.decode()
        assert words in page and "dapat dipilih" not in page
    assert "6 Mei 2026 dapat dipilih" in desk.get(move, {"tanggal": "06/05/2026"}).content.decode()
    assert "bukan tanggal" not in desk.get(move).content.decode()


def test_another_place_is_never_returned_to(desk: Client, year: Programme) -> None:
    move = reverse("work:period_move", args=[year.periods.get(sequence=2).pk])
    answer = desk.post(move, {"starts_on": "2026-05-06", "board": "https://example.org/?x"})
    assert answer["Location"] == reverse("work:programme", args=[year.pk])


def test_who_may_not_move_sees_the_days_without_the_fields(
    signed_in: Any, everybody: Any, year: Programme
) -> None:
    page = signed_in(everybody["head"]).get(BOARD).content.decode()
    assert "data-day=" not in page and 'class="yearboard__number">2<' in page


def test_it_is_narrowed(desk: Client, year: Programme, library: Institution, circulation: User) -> None:
    other = open_programme(
        agreement=AgreementFactory(
            office=library, partner=InstitutionFactory(name="SD Negeri 77"), in_force=True
        ),
        actor=circulation,
    )
    pause_programme(programme=other, actor=circulation, note="renovasi")
    paused = desk.get(BOARD, {"bagian": "paused"}).content.decode()
    assert "SD Negeri 77" in paused and str(year.pk) not in paused
    assert str(year.pk) in desk.get(BOARD, {"bagian": "running"}).content.decode()
    assert "<table" not in desk.get(BOARD, {"bagian": "late"}).content.decode()


def test_a_late_school_stands_there_whenever_its_books_went_out(
    desk: Client, year: Programme, time_machine: Any
) -> None:
    """Also in the hours before the clock has marked it."""
    year.periods.filter(sequence=1).update(status="running")
    time_machine.move_to("2026-05-04T02:00:00+00:00", tick=False)
    for cut in ("", "late"):
        page = desk.get(BOARD, {"bagian": cut}).content.decode()
        assert "yearboard__day--late" in page and '<span class="yearboard__number">2 Feb</span>' in page
    # A year from then the books are expected back.
    assert "2 Feb" not in desk.get(BOARD, {"dari": "2027-05"}).content.decode()
    # A last day that was moved makes it no longer late, and it stays on the board.
    year.periods.filter(sequence=1).update(ends_on=date(2026, 5, 9), overdue_since=date(2026, 5, 3))
    page = desk.get(BOARD).content.decode()
    assert '<span class="yearboard__number">2 Feb</span>' in page
    assert 'class="yearboard__day yearboard__day--late"' not in page


def test_it_costs_the_same_for_one_school_and_for_many(
    desk: Client, year: Programme, library: Institution, circulation: User
) -> None:
    desk.get(BOARD)
    with CaptureQueriesContext(connection) as one:
        desk.get(BOARD)
    for _school in range(4):
        open_programme(
            agreement=AgreementFactory(
                office=library,
                partner=InstitutionFactory(),
                in_force=True,
                starts_on=TODAY,
                ends_on=TODAY + timedelta(days=364),
            ),
            actor=circulation,
        )
    with CaptureQueriesContext(connection) as many:
        desk.get(BOARD)
    assert len(many) == len(one) <= 12
