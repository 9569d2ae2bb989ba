"""Opening hours: read as people type them, said as people read them, kept without contradiction."""

from datetime import time

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from kerjasama.domain.errors import InvalidInput, NotPermitted
from libraries.hours import Day, day_words, read_day, week_lines, week_words
from libraries.models import Institution, Opening, User
from libraries.services.opening import set_opening_hours

MORNING, AFTERNOON = (time(8), time(12)), (time(13), time(16))


@pytest.mark.parametrize(
    "text, day",
    [
        ("08.00–16.00", ((time(8), time(16)),)),
        ("8-16", ((time(8), time(16)),)),
        ("08:00 s.d. 12:00", (MORNING,)),
        ("08.00 s/d 12.00 dan 13.00 s/d 16.00 WIB", (MORNING, AFTERNOON)),
        ("13.00-16.00, 08.00-12.00", (MORNING, AFTERNOON)),
        ("08.00-12.00; 12.00-16.00", ((time(8), time(16)),)),
        ("pukul 08.00 sampai 24.00", ((time(8), time(23, 59)),)),
        ("", ()),
        ("Tutup", ()),
        ("-", ()),
    ],
)
def test_hours_are_read_as_they_are_typed(text: str, day: Day) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    "text, code",
    [
        ("pagi", "hours_unreadable"),
        ("08.00", "hours_unreadable"),
        ("08.00-25.00", "hours_unreadable"),
        ("16.00-08.00", "hours_turned_round"),
        ("08.00-12.00, 11.00-16.00", "hours_overlap"),
        ("1-2, 3-4, 5-6, 7-8, 9-10", "hours_too_many"),
    ],
)
def test_what_is_no_hour_is_told(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_day(text, field="day_0")
    assert (refused.value.code, refused.value.field) == (code, "day_0")


def test_a_week_is_said_in_few_words() -> None:
    whole: Day = ((time(8), time(16)),)
    week = (whole,) * 5 + ((MORNING,), ())
    with translation.override("en"):
        assert week_lines(week) == [
            ("Monday–Friday", "08:00–16:00"),
            ("Saturday", "08:00–12:00"),
            ("Sunday", "closed"),
        ]
        assert week_words(week) == "Monday–Friday 08:00–16:00; Saturday 08:00–12:00"
        assert week_lines(((),) * 7) == []
        assert read_day(day_words((MORNING, AFTERNOON))) == (MORNING, AFTERNOON)
    assert day_words((MORNING, AFTERNOON)) == "08.00–12.00, 13.00–16.00"


@pytest.mark.django_db
class TestKeeping:
    def week(self, **days: Day) -> list[Day]:
        return [days.get(f"day{number}", ()) for number in range(7)]

    def test_who_may(
        self, everybody: dict[str, User | None], school_library: Institution, library: Institution
    ) -> None:
        may = {"officer", "coordinator", "administrator", "school"}
        for name, user in everybody.items():
            if user is None:
                continue
            if name in may:
                set_opening_hours(institution=school_library, actor=user, week=self.week(day0=(MORNING,)))
            else:
                with pytest.raises(NotPermitted):
                    set_opening_hours(institution=school_library, actor=user, week=self.week())
        with pytest.raises(NotPermitted):
            set_opening_hours(institution=library, actor=everybody["school"], week=self.week())  # type: ignore[arg-type]

    def test_a_week_replaces_the_week_before(self, school_library: Institution, school: User) -> None:
        set_opening_hours(
            institution=school_library,
            actor=school,
            week=self.week(day0=(MORNING, AFTERNOON), day1=(MORNING,)),
        )
        kept = set_opening_hours(institution=school_library, actor=school, week=self.week(day2=(AFTERNOON,)))
        assert school_library.openings.week() == kept == tuple(self.week(day2=(AFTERNOON,)))  # type: ignore[attr-defined]
        school_library.refresh_from_db()
        assert school_library.version == 3
        set_opening_hours(institution=school_library, actor=school, week=kept)
        school_library.refresh_from_db()
        assert school_library.version == 3, "the same week is no change"

    def test_a_closed_weekday_has_no_hours(self, school_library: Institution, school: User) -> None:
        with pytest.raises(InvalidInput) as refused:
            set_opening_hours(institution=school_library, actor=school, week=self.week(day6=(MORNING,)))
        assert (refused.value.code, refused.value.field) == ("hours_closed_day", "day_6")
        with pytest.raises(InvalidInput):
            set_opening_hours(institution=school_library, actor=school, week=[()])

    def test_the_database_itself_knows_no_overlap(self, school_library: Institution) -> None:
        Opening.objects.create(institution=school_library, weekday=0, opens=time(8), closes=time(12))
        for wrong in ({"opens": time(11), "closes": time(13)}, {"opens": time(14), "closes": time(14)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Opening.objects.create(institution=school_library, weekday=0, **wrong)
        Opening.objects.create(institution=school_library, weekday=0, opens=time(12), closes=time(13))
