"""Visits that repeat out of a timetable file: shown before they are begun, and written so that they come back (M1, M2)."""

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict
from kerjasama.domain.wording import plain_date
from libraries.models import Closure, Institution, Notice, User
from mobile_service.models import Duty, Outage, Series, Stop, TravelTime, Trip, Vehicle, Visit
from mobile_service.recurrence import days_of, first_day, parse
from mobile_service.services import sheet_series
from mobile_service.services.scheduling import place_visit
from mobile_service.services.series import except_day, make_series
from mobile_service.services.series_days import preview
from mobile_service.services.stop_export import all_rows, open_rows
from mobile_service.services.stop_sheets import adopt_stops, hand_over_stops, lines_of
from mobile_service.stop_sheet_words import OWN, SCHEMA
from tests.factories import WIB, CrewMemberFactory, InstitutionFactory, StopFactory, VehicleFactory

pytestmark = pytest.mark.django_db

TODAY = clock.today()
TUESDAY = TODAY + timedelta(days=(1 - TODAY.weekday()) % 7 + 7)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling 1")


def row(**said: Any) -> list[str]:
    """A row of the schema: every second Tuesday, from half a year ago in the weeks of the coming one."""
    usual = {
        "mobile": "pusling  1",
        "stop": "Balai Talang",
        "day": "Tuesday",
        "arrival": "09:00",
        "departure": "10:30",
        "frequency": "FREQ=WEEKLY;INTERVAL=2",
        "start": TUESDAY - timedelta(weeks=26),
    }
    return [str(said.get(head, usual.get(head, ""))) for head in SCHEMA]


def sheet(office: Institution, actor: User, *rows: list[str], heads: Any = SCHEMA) -> Any:
    text = io.StringIO()
    csv.writer(text).writerows([heads, *rows])
    upload = SimpleUploadedFile("titik.csv", text.getvalue().encode())
    return hand_over_stops(office=office, upload=upload, actor=actor)


def remarks(found: Any) -> list[str]:
    with translation.override("en"):
        return [sentence for line in lines_of(found) for sentence in line.sentences]


def test_a_row_is_shown_as_the_series_that_it_will_be(
    library: Institution, school_library: Institution, officer: User, van: Vehicle
) -> None:
    gate = StopFactory(office=library, school=True, partner=school_library, name="SDN 01", minutes=90)
    rows = (row(), row(day="Friday", arrival="14:00", departure="15:00"), row(stop="SDN 01", day="Thursday"))
    handed = sheet(library, officer, *rows)
    with translation.override("en"):
        new, known = lines_of(handed)
    assert (new.outcome, known.outcome) == ("new", "changed")
    shown = [after for label, _before, after in new.changes if "every 2 weeks" in after]
    assert len(shown) == 2 and "on Tuesday, 09:00–10:30, Pusling 1, first on" in shown[0]
    assert not Series.objects.exists()

    adopt_stops(sheet=handed, actor=officer)
    made = Series.objects.get(stop__name="Balai Talang", begins_at=time(9))
    # Weeks are counted as the file has them, not from the day on which it was handed over.
    assert (made.starts_on, made.rule, made.minutes) == (TUESDAY, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", 90)
    days = sorted(made.visits.values_list("series_on", flat=True))
    assert len(days) >= 12 and {(day - TUESDAY).days % 14 for day in days} == {0}
    told = Notice.objects.filter(rule="van_changed", recipient=school_library)
    assert told.count() == 1 and gate.series.count() == 1
    # Handed over once more it changes nothing.
    assert {line.outcome for line in lines_of(sheet(library, officer, *rows))} == {"unchanged"}


def test_a_first_day_beyond_the_calendar_is_said(library: Institution, officer: User, van: Vehicle) -> None:
    for frequency in ("FREQ=WEEKLY", "FREQ=WEEKLY;COUNT=3"):
        (said,) = remarks(sheet(library, officer, row(start="9999-12-01", frequency=frequency)))
        assert "not planned" in said and "5 years ahead" in said


def test_days_in_the_way_are_left_out_with_the_reason(
    library: Institution, officer: User, van: Vehicle, django_assert_max_num_queries: Any
) -> None:
    Outage.objects.create(vehicle=van, starts_on=TUESDAY, ends_on=TUESDAY, reason="Servis")
    rows = [row(stop=f"Balai {n}", arrival=f"{8 + n}:00", departure=f"{8 + n}:45") for n in range(6)]
    handed = sheet(library, officer, *rows)
    with django_assert_max_num_queries(60):
        adopt_stops(sheet=handed, actor=officer)
    for made in Series.objects.all():
        assert made.left_out == [TUESDAY] and not made.visits.filter(series_on=TUESDAY).exists()
        begun, out = made.events.order_by("at", "pk")
        assert (begun.action, out.action) == ("begin", "except") and "Servis" in out.note
        assert made.visits.count() == Visit.objects.filter(series=made, events__action="plan").count() > 10


@pytest.mark.parametrize(
    ("said", "ends_on", "count"),
    [
        ({"end": TUESDAY + timedelta(weeks=4)}, TUESDAY + timedelta(weeks=4), 3),
        ({"frequency": f"FREQ=WEEKLY;UNTIL={TUESDAY + timedelta(weeks=1):%Y%m%d}T235959Z"}, TUESDAY + timedelta(weeks=1), 3),
        ({"frequency": "FREQ=WEEKLY;COUNT=3", "start": TUESDAY}, TUESDAY + timedelta(weeks=2), 3),
        ({"frequency": "FREQ=WEEKLY;COUNT=4", "start": TUESDAY - timedelta(weeks=2)}, TUESDAY + timedelta(weeks=1), 3),
    ],
)  # fmt: skip
def test_an_end_is_understood_however_it_is_written(
    said: dict[str, Any], ends_on: date, count: int, library: Institution, officer: User, van: Vehicle
) -> None:
    adopt_stops(sheet=sheet(library, officer, row(**said)), actor=officer)
    made = Series.objects.get()
    assert (made.ends_on, made.visits.count()) == (ends_on, count)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"mobile": "Pusling 9"}, "Row 2: no vehicle in use is called “Pusling 9”"),
        ({"mobile": ""}, "Row 2: its visits are not planned. Write into the column “mobile”"),
        ({"frequency": "FREQ=YEARLY"}, "Row 2: its visits are not planned. Write FREQ=WEEKLY or FREQ=MONTHLY"),
        ({"end": TODAY - timedelta(days=1)}, "Row 2: its last day has passed"),
        ({"day": "Monday"}, "Row 2: on that weekday the van comes already, every Monday"),
        ({"arrival": "10:00", "departure": "11:00", "day": "Wednesday"}, "Row 2: days of the next half year that are left out: 1."),
        ({"end": TUESDAY, "arrival": "11:00", "departure": "12:00"}, "Row 2: on none of its days the van can come"),
    ],
)  # fmt: skip
def test_what_a_row_cannot_bring_is_said_with_its_number(
    said: dict[str, Any], sentence: str, library: Institution, officer: User, van: Vehicle
) -> None:
    VehicleFactory(office=library, name="Pusling 2")
    known = StopFactory(office=library, name="Balai Talang", minutes=90)
    make_series(
        actor=officer, stop=known, vehicle=van, rule="FREQ=WEEKLY;BYDAY=MO", starts_on=TODAY, begins_at=time(13)
    )  # fmt: skip
    Closure.objects.create(starts_on=TUESDAY, ends_on=TUESDAY, reason="Libur")
    elsewhere = StopFactory(office=library, name="Balai Ibuh")
    begins_at = datetime.combine(TUESDAY + timedelta(days=1), time(10), WIB)
    place_visit(actor=officer, stop=elsewhere, vehicle=van, begins_at=begins_at)
    handed = sheet(library, officer, row(**said))
    assert any(found.startswith(sentence) for found in remarks(handed)), remarks(handed)
    begun = {line.outcome: line.series for line in lines_of(handed)}
    assert bool(begun["changed"]) == ("left out: 1" in sentence)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"mobile": "Tanpa jam"}, "Tanpa jam stays at home on this weekday."),
        ({"day": "Sunday"}, "Pusling 1 stays at home on this weekday."),
        ({"arrival": "06:00", "departure": "07:00"}, "Pusling 1 is out from"),
        ({"stop": "Balai Ibuh"}, "Balai Ibuh is open for the van at other times"),
        ({"stop": "Balai Jauh"}, "Balai Jauh is meant for another vehicle."),
        ({"arrival": "11:00", "departure": "12:00"}, "by the map the drive takes about"),
        ({"start": TUESDAY + timedelta(weeks=30), "mobile": "Tanpa jam"}, "stays at home on this weekday"),
    ],
)  # fmt: skip
def test_a_list_warns_of_what_the_form_warns_of(
    said: dict[str, Any], why: str, library: Institution, officer: User
) -> None:
    """It plans the visits all the same, as whoever has read the warning on the form may (M2)."""
    van = VehicleFactory(
        office=library, name="Pusling 1", hours=[(day, time(7, 30), time(15)) for day in range(6)]
    )
    other = VehicleFactory(office=library, name="Tanpa jam", hours=())
    place = {"latitude": "-0.228300", "longitude": "100.631200", "minutes": 90}
    StopFactory(office=library, name="Balai Ibuh", windows=[(0, time(8), time(10))], **place)
    StopFactory(office=library, name="Balai Jauh", vehicle=other, **place)
    far = StopFactory(office=library, name="Balai Hulu", latitude="-1.300000", longitude="101.400000")
    begins_at = datetime.combine(TUESDAY, time(12, 10), WIB)
    place_visit(actor=officer, stop=far, vehicle=van, begins_at=begins_at)
    given = {"geox": "100.6312", "geoy": "-0.2283", **said}
    heads = (*SCHEMA, "windows")
    handed = sheet(library, officer, [*row(**given), ""], heads=heads)
    (line,) = lines_of(handed)
    found = remarks(handed)
    (wish,) = line.series
    days = max(1, len(wish.days))
    begin = "Row 2: something is in the way on"
    assert any(it.startswith(begin) and f" of {days} days" in it and why in it for it in found), found
    known = Stop.objects.filter(name=line.name).first()
    if known is not None:
        with translation.override("en"):
            shown = preview(
                stop=known, vehicle=wish.vehicle, rule=wish.rule, starts_on=wish.starts_on,
                ends_on=None, begins_at=wish.begins_at, minutes=wish.minutes,
            )  # fmt: skip
            by_hand = {clash.sentence for day in shown for clash in day.clashes}
        assert by_hand and all(any(it.endswith(sentence) for it in found) for sentence in by_hand)
    adopt_stops(sheet=handed, actor=officer)
    assert Series.objects.get().visits.count() == len(wish.days)


def test_typed_drives_and_the_crew_are_known_to_a_list(
    library: Institution, officer: User, van: Vehicle
) -> None:
    here, there = (
        StopFactory(office=library, name=name, minutes=90) for name in ("Balai Talang", "Balai Ibuh")
    )
    TravelTime.objects.create(office=library, origin=here, target=there, minutes=55, is_typed=True)
    place_visit(
        actor=officer, stop=there, vehicle=van, begins_at=datetime.combine(TUESDAY, time(11), WIB)
    )  # fmt: skip
    other = VehicleFactory(office=library, name="Pusling 2")
    trip = Trip.objects.create(office=library, vehicle=other, on=TUESDAY + timedelta(weeks=2))
    member = CrewMemberFactory(office=library, vehicle=van, name="Hendra")
    Duty.objects.create(trip=trip, member=member, on=trip.on)
    tight, crew = remarks(sheet(library, officer, row()))
    assert tight.endswith("Between Balai Ibuh and Balai Talang there are 30 minutes; the drive takes 55.")
    assert "on 1 of" in crew and "Hendra is on Pusling 2 on" in crew


def test_a_list_without_obstacles_says_none(library: Institution, officer: User, van: Vehicle) -> None:
    assert remarks(sheet(library, officer, row())) == []


def test_what_the_file_says_of_a_stop_holds_for_its_visits(
    library: Institution, officer: User, van: Vehicle
) -> None:
    """A stop that is known is looked at as the file has it: nobody comes on a day that it closes."""
    StopFactory(office=library, name="Balai Talang", minutes=90)
    handed = sheet(library, officer, [*row(), TUESDAY.isoformat()], heads=(*SCHEMA, "closed_on"))
    adopt_stops(sheet=handed, actor=officer)
    made = Series.objects.get()
    assert made.left_out == [TUESDAY] and not made.visits.filter(series_on=TUESDAY).exists()


def test_the_page_does_not_say_that_all_is_well(
    library: Institution, officer: User, van: Vehicle, client: Client
) -> None:
    VehicleFactory(office=library, name="Tanpa jam", hours=())
    handed = sheet(library, officer, row(mobile="Tanpa jam"), row(stop="Balai Ibuh"))
    client.force_login(officer)
    client.cookies["bahasa"] = "en"
    page = client.get(reverse("work:stop_sheet", args=[handed.pk]))
    text = page.content.decode()
    assert "All rows can be used" not in text and "At 1 stop something is in the way" in text
    cut = client.get(reverse("work:stop_sheet", args=[handed.pk]), {"bagian": "periksa"})
    assert [line.name for line in cut.context["page_obj"]] == ["Balai Talang"]
    assert [(value, number) for value, _label, number in page.context["tabs"]] == [
        ("", 2), ("new", 2), ("periksa", 1),
    ]  # fmt: skip


def test_the_first_visit_is_named_and_the_exceptions(
    library: Institution, officer: User, van: Vehicle
) -> None:
    days = days_of(parse("FREQ=MONTHLY;BYDAY=2TU,4TU"), TODAY, TODAY, TODAY + timedelta(days=90))
    rule = {"frequency": "FREQ=MONTHLY;BYDAY=2TU,4TU", "start": TODAY, "exceptions": f"{days[0]};{days[2]}"}
    handed = sheet(library, officer, row(**rule))
    with translation.override("en"):
        ((shown,),) = [[str(wish) for wish in line.series] for line in lines_of(handed)]
        first, out = plain_date(days[1], "en"), [plain_date(day, "en") for day in (days[0], days[2])]
    assert shown.endswith(f"first on {first}, not on {', '.join(out)}")
    adopt_stops(sheet=handed, actor=officer)
    assert min(Visit.objects.values_list("series_on", flat=True)) == days[1]
    # A day in the way is no first day either.
    Closure.objects.create(starts_on=TUESDAY, ends_on=TUESDAY, reason="Libur")
    other = sheet(library, officer, row(stop="Balai Ibuh", arrival="13:00", departure="14:00"))
    assert [wish.first for line in lines_of(other) for wish in line.series] == [TUESDAY + timedelta(weeks=2)]


def test_a_row_all_of_whose_days_are_exceptions_says_so(
    library: Institution, officer: User, van: Vehicle
) -> None:
    said = row(start=TUESDAY, end=TUESDAY, exceptions=TUESDAY)
    assert remarks(sheet(library, officer, said)) == [
        "Row 2: all of its days are exceptions, so no visits are planned."
    ]


def test_a_vehicle_is_the_one_that_is_written(library: Institution, officer: User) -> None:
    small = VehicleFactory(office=library, name="uji z mobil")
    great = VehicleFactory(office=library, name="Uji Z Mobil")
    for name, vehicle in (("Uji Z Mobil", great), ("uji z  mobil", small)):
        ((wish,),) = [line.series for line in lines_of(sheet(library, officer, row(mobile=name)))]
        assert wish.vehicle == vehicle
    (said,) = remarks(sheet(library, officer, row(mobile="UJI Z MOBIL")))
    assert said.startswith("Row 2: several vehicles in use differ from “UJI Z MOBIL” in capitals alone")
    assert "“Uji Z Mobil”, “uji z mobil”" in said
    Vehicle.objects.filter(pk=small.pk).update(is_active=False)
    ((wish,),) = [line.series for line in lines_of(sheet(library, officer, row(mobile="UJI Z MOBIL")))]
    assert wish.vehicle == great
    # Neither counts for the other where a row names none: there are two.
    Vehicle.objects.filter(pk=small.pk).update(is_active=True)
    assert "Write into the column “mobile”" in remarks(sheet(library, officer, row(mobile="")))[0]


def test_what_was_planned_is_said_and_shown(
    library: Institution, officer: User, van: Vehicle, client: Client
) -> None:
    StopFactory(office=library, name="Balai Ibuh", minutes=10)
    handed = sheet(
        library, officer, row(), row(day="Friday", arrival="08:00", departure="09:00"),
        row(stop="Balai Ibuh", day="Monday"),
    )  # fmt: skip
    client.force_login(officer)
    client.cookies["bahasa"] = "en"
    done = client.post(reverse("work:stop_sheet_adopt", args=[handed.pk]), follow=True)
    assert done.redirect_chain[-1][0] == reverse("work:stop_sheet", args=[handed.pk])
    visits = Visit.objects.count()
    said = [str(message) for message in done.context["messages"]]
    assert said == [
        "The list is adopted. New stops: 1. Changed stops: 1. "
        f"Series begun: 3. Visits planned in the next half year: {visits}."
    ]
    page = done.content.decode()
    assert reverse("work:van_serieses") in page
    for stop in Stop.objects.all():
        assert reverse("work:stop", args=[stop.pk]) in page
    assert {(each.stop.name, each.is_new, each.series) for each in done.context["page_obj"]} == {
        ("Balai Talang", True, 2), ("Balai Ibuh", False, 1),
    }  # fmt: skip
    assert sum(each.visits for each in done.context["page_obj"]) == visits


def test_what_nobody_foresaw_undoes_everything(
    library: Institution, officer: User, van: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database has the last word: what a look has missed is refused in a sentence, and nothing of the list is written."""
    handed = sheet(library, officer, row(), row(stop="Balai Ibuh"))
    monkeypatch.setattr(sheet_series, "clashes_of", lambda *given: [])
    with pytest.raises(Conflict) as refused:
        adopt_stops(sheet=handed, actor=officer)
    assert refused.value.code == "vehicle_busy"
    assert not Stop.objects.exists() and not Series.objects.exists()


RULES = (
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TH",
    "FREQ=MONTHLY;BYDAY=2TU,4TU",
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=1WE,-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=5,-1",
)


def test_what_is_written_comes_back_as_the_same_calendar(
    library: Institution, officer: User, van: Vehicle
) -> None:
    """Also where it is read by another library: the same days, the same days left out, and written again the same rows."""
    for number, rule in enumerate(RULES):
        stop = StopFactory(
            office=library, name=f"Balai {number}", closed_on=[TODAY + timedelta(days=40 + number)]
        )
        first = first_day(parse(rule), TODAY + timedelta(days=1))
        series = make_series(
            actor=officer, stop=stop, vehicle=van, rule=rule, starts_on=first, begins_at=time(8 + number), minutes=50,
            ends_on=TODAY + timedelta(days=120) if number % 2 else None,
        )  # fmt: skip
        except_day(
            series=series,
            actor=officer,
            on=sorted(series.visits.values_list("series_on", flat=True))[2],
            note="Rapat",
        )
    heads = (*SCHEMA, *OWN)
    rows = list(all_rows(Stop.objects.filter(office=library)))
    assert {line.outcome for line in lines_of(sheet(library, officer, *rows, heads=heads))} == {"unchanged"}

    other = InstitutionFactory(office=True)
    VehicleFactory(office=other, name="Pusling 1")
    officer.memberships.create(institution=other, role="officer")
    del officer._access
    adopt_stops(sheet=sheet(other, officer, *rows, heads=heads), actor=officer)

    def calendar(office: Institution) -> set[tuple[Any, ...]]:
        visits = Visit.objects.filter(stop__office=office)
        return set(visits.exclude(status="cancelled").values_list("stop__name", "begins_at", "ends_at"))

    assert calendar(other) == calendar(library) and len(calendar(library)) > 40
    again = list(all_rows(Stop.objects.filter(office=other)))

    def told(found: list[list[str]]) -> list[dict[str, str]]:
        named = [dict(zip(heads, each, strict=True)) | {"organisation": ""} for each in found]
        return sorted(named, key=lambda it: (it["stop"], it["day"], it["frequency"]))

    assert told(again) == told(rows)


def test_the_open_rows_come_back_too(library: Institution, officer: User, van: Vehicle) -> None:
    """A stop of the first and the third week of four, at hours that overlap; read by another library and written again."""
    stop = StopFactory(office=library, name="Balai Talang", minutes=90)
    for weeks, hour in ((0, 9), (2, 10)):
        first = TUESDAY + timedelta(weeks=weeks)
        make_series(
            actor=officer, stop=stop, vehicle=van, rule="FREQ=WEEKLY;INTERVAL=4;BYDAY=TU,TH", starts_on=first, begins_at=time(hour), minutes=90
        )  # fmt: skip
    rows = list(open_rows(Stop.objects.filter(office=library)))
    assert len(rows) == 4
    other = InstitutionFactory(office=True)
    VehicleFactory(office=other, name="Pusling 1")
    officer.memberships.create(institution=other, role="officer")
    del officer._access
    adopt_stops(sheet=sheet(other, officer, *rows), actor=officer)
    copy = Stop.objects.get(office=other)
    assert copy.every_weeks == 2
    again = list(open_rows(Stop.objects.filter(office=other)))
    assert sorted(row[1:] for row in again) == sorted(row[1:] for row in rows)


def test_looking_costs_the_same_however_long_the_list_is(
    library: Institution, officer: User, van: Vehicle, django_assert_max_num_queries: Any
) -> None:
    Outage.objects.create(vehicle=van, starts_on=TUESDAY, ends_on=TUESDAY, reason="Servis")
    rows = [
        row(stop=f"Balai {n}", day="Monday", arrival=f"{8 + n % 6:02}:00", departure=f"{8 + n % 6:02}:45")
        for n in range(60)
    ]
    handed = sheet(library, officer, *rows)
    with django_assert_max_num_queries(12):
        lines = lines_of(handed)
    # One van is at one place at a time, in the file as on the road.
    assert sum(bool(line.series) for line in lines) == 6
