"""What moving a swap does to the adopted plan is said with numbers before anybody moves it (L1, L2)."""

from datetime import date
from typing import Any

import pytest

from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.models import Period, PlannedBook, Programme
from loans.services.dispatching import dispatch_consignment
from loans.services.moving import look_at_move
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from tests.conftest import scan_all
from tests.factories import AgreementFactory, InstitutionFactory, shelve

pytestmark = pytest.mark.django_db

# A Monday.
TODAY = date(2026, 2, 2)


@pytest.fixture
def shelf(library: Institution, time_machine: Any) -> list[Copy]:
    time_machine.move_to("2026-02-02T02:00:00+00:00", tick=False)
    return shelve(library, 12)


@pytest.fixture
def schools(shelf: list[Copy], library: Institution, circulation: User) -> list[Programme]:
    """Two schools with 5 books each, on 2 February, 2 May, 3 August, and 2 November."""
    return [
        open_programme(
            agreement=AgreementFactory(
                office=library,
                partner=InstitutionFactory(school=True, name=name, closed_weekdays=[6]),
                in_force=True,
                starts_on=TODAY,
                ends_on=date(2027, 2, 1),
            ),
            actor=circulation,
        )
        for name in ("SD Satu", "SD Dua")
    ]


def promise(period: Period, copies: list[Copy]) -> None:
    PlannedBook.objects.bulk_create(
        PlannedBook(period=period, title=copy.title, copy=copy) for copy in copies
    )


def remarks(period: Period, day: date, actor: User) -> str:
    look = look_at_move(period=period, starts_on=day, actor=actor)
    assert look.refusal is None
    return " ".join(look.remarks)


def test_a_stay_that_shrinks_and_books_that_are_not_back_are_counted(
    schools: list[Programme], shelf: list[Copy], circulation: User
) -> None:
    first, second = schools
    promise(second.periods.get(sequence=1), shelf[:5])
    out = propose_consignment(period=second.periods.get(sequence=1), actor=circulation)
    scan_all(out, circulation)
    dispatch_consignment(consignment=out, actor=circulation)
    promise(first.periods.get(sequence=1), shelf[5:10])
    # Three come back from the other school on 2 May, one has rested since.
    coming = first.periods.get(sequence=2)
    promise(coming, [*shelf[:3], shelf[10]])
    said = remarks(coming, date(2026, 2, 4), circulation)
    assert "Buku periode 1 menjadi hanya 2 hari di sekolah, bukan 89 hari." in said
    assert "3 dari 4 buku yang dijanjikan untuk kiriman ini masih di sekolah lain" in said
    # Its own day breaks nothing, nor does one some days later.
    for day in (coming.starts_on, date(2026, 5, 5)):
        said = remarks(coming, day, circulation)
        assert "dijanjikan" not in said and "bukan" not in said


def test_books_that_another_school_waits_for_are_counted(
    schools: list[Programme], shelf: list[Copy], circulation: User
) -> None:
    first, second = schools
    promise(first.periods.get(sequence=2), shelf[:4])
    # The other school gets two of them when this one gives them back, on 3 August.
    promise(second.periods.get(sequence=3), shelf[:2])
    later = remarks(first.periods.get(sequence=3), date(2026, 9, 3), circulation)
    assert "2 buku yang dijanjikan kepada sekolah lain" in later
    assert "Buku periode 2 menjadi 124 hari di sekolah, bukan 93 hari." in later
    # Earlier than planned, it takes a book that the other school has, and one that it is to have before.
    Period.objects.filter(programme=second, sequence=3).update(starts_on=date(2026, 7, 1))
    promise(second.periods.get(sequence=2), [shelf[6]])
    promise(second.periods.get(sequence=3), [shelf[7]])
    promise(first.periods.get(sequence=3), shelf[6:9])
    earlier = remarks(first.periods.get(sequence=3), date(2026, 5, 4), circulation)
    assert "1 dari 3 buku yang dijanjikan untuk kiriman ini masih di sekolah lain" in earlier
    assert "1 buku yang dijanjikan kepada sekolah lain" in earlier


def test_the_planned_books_of_a_delivery_say_which_are_not_back_by_its_day(
    schools: list[Programme], shelf: list[Copy], circulation: User, signed_in: Any
) -> None:
    first, second = schools
    coming = first.periods.get(sequence=3)
    promise(coming, shelf[:3])
    promise(second.periods.get(sequence=2), shelf[:2])
    desk, url = signed_in(circulation), f"/admin/kerja/periode/{coming.pk}/buku/"
    assert "masih di sekolah lain" not in desk.get(url).content.decode()
    Period.objects.filter(pk=coming.pk).update(starts_on=date(2026, 5, 4))
    assert "2 dari 3 buku" in desk.get(url).content.decode()


def test_a_day_that_is_typed_at_once_is_moved_with_the_warning(
    schools: list[Programme], circulation: User, signed_in: Any
) -> None:
    coming = schools[0].periods.get(sequence=2)
    done = signed_in(circulation).post(
        f"/admin/kerja/periode/{coming.pk}/geser/", {"starts_on": "2026-02-04"}, follow=True
    )
    coming.refresh_from_db()
    assert coming.starts_on == date(2026, 2, 4)
    assert "Buku periode 1 menjadi hanya 2 hari di sekolah, bukan 89 hari." in done.content.decode()
