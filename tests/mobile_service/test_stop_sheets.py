"""Timetables as files, in the open-data schema: read, shown, adopted whole; and written so that they come back (M1)."""

import csv
import io
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.models import Institution, User
from mobile_service.models import Series, Stop, StopSheet
from mobile_service.services.stop_export import all_rows, open_rows
from mobile_service.services.stop_sheets import (
    adopt_stops,
    brought_by,
    hand_over_stops,
    lines_of,
    put_stops_aside,
)
from mobile_service.services.stops import windows_of
from mobile_service.stop_sheet import read_sheet
from mobile_service.stop_sheet_rhythm import weeks_of
from mobile_service.stop_sheet_values import day_from, rule_of
from mobile_service.stop_sheet_words import OWN, SCHEMA, sentence
from tests.factories import InstitutionFactory, StopFactory, VehicleFactory

HEADS = ",".join(SCHEMA)
BALAI = "Kota,Pusling 1,A,Talang,Balai Talang,Jalan 1,26211,100.6312,-0.2283,Tuesday,Public,10:05,11:20,FREQ=WEEKLY;INTERVAL=4,2026-11-03,,,"


def file_of(*lines: str, encoding: str = "utf-8", name: str = "titik.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\r\n".join(lines).encode(encoding))


def read(*lines: str, encoding: str = "utf-8") -> list[Any]:
    return read_sheet(io.BytesIO("\r\n".join(lines).encode(encoding))).reads


def as_csv(heads: Any, rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([heads, *rows])
    return text.getvalue()


# --- reading: pure ----------------------------------------------------------------------------------------------------


def test_a_row_of_the_schema_is_read() -> None:
    (stop,) = read(HEADS, BALAI)
    assert stop.bad == stop.remarks == []
    assert stop.spans == [(1, "10:05", "11:20")]
    assert stop.values["minutes"] == 75
    assert (stop.values["every_weeks"], stop.values["is_public"]) == (4, True)
    assert (stop.values["latitude"], stop.values["longitude"]) == ("-0.228300", "100.631200")


def test_a_telephone_that_cannot_be_dialled_is_left_out() -> None:
    both = read("stop,minutes,phone", "Balai Talang,60,Pak Eko", "Balai Ibuh,60,0812 3456 7890")
    assert [row.values.get("contact_phone") for row in both] == [None, "0812 3456 7890"]
    assert [row.remarks for row in both] == [[("phone_left_out", {"text": "Pak Eko"})], []]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24 Des 2026", date(2026, 12, 24)), ("3 agustus 2026", date(2026, 8, 3)), ("3 Agu. 2026", date(2026, 8, 3)),
        ("1 May 2027", date(2027, 5, 1)), ("24/12/2026", date(2026, 12, 24)),
        ("31 Feb 2026", None), ("24 Xyz 2026", None), ("24 De 2026", None), ("Des 2026", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_pages_print_it(text: str, day: date | None) -> None:
    assert day_from(text) == day


def test_a_point_abroad_is_said_before_it_is_adopted() -> None:
    (stop,) = read(HEADS, BALAI.replace("100.6312,-0.2283", "-0.12,51.5"))
    assert stop.remarks == [("place_abroad", {})] and stop.values["latitude"] == "51.500000"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_every_usual_file_is_read(encoding: str, sign: str) -> None:
    lines = [
        sign.join(["stop", "day", "arrival", "departure"]),
        sign.join(["Café Ibuh", "Jum’at", "9.00", "10.00"]),
    ]
    (stop,) = read(*lines, encoding=encoding)
    assert (stop.values["stop"], stop.spans) == ("Café Ibuh", [(4, "09:00", "10:00")])


def test_heads_of_people_are_understood() -> None:
    (stop,) = read(
        "Nama Titik;Kelurahan;Lintang;Bujur;Hari;Tiba;Berangkat;Kontak",
        "Balai;Talang;-0,2283;100,6312;Minggu;08.00;10.00;Bu Ani",
    )
    assert stop.spans == [(6, "08:00", "10:00")]
    assert stop.values["contact_name"] == "Bu Ani"
    assert stop.values["latitude"] == "-0.228300"


def test_a_missing_hour_is_named_and_no_other_cell_is_blamed() -> None:
    (row,) = read("Nama titik;Alamat;Hari;Jam datang", "Lapangan Kantin;Jl Kantin;Rabu;09.00")
    with override("en"):
        (said,) = [sentence(code, facts) for code, facts in row.bad]
    assert said == "How long the van stays is missing. Write arrival and departure, or the minutes."
    (stop,) = read("Nama titik;Hari;Jam datang;Jam pergi", "Lapangan Kantin;Rabu;09.00;10.00")
    assert stop.spans == [(2, "09:00", "10:00")]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Tiap minggu", "FREQ=WEEKLY;INTERVAL=1"),
        ("setiap 2 minggu", "FREQ=WEEKLY;INTERVAL=2"),
        ("dua  minggu sekali", "FREQ=WEEKLY;INTERVAL=2"),
        ("Seminggu sekali", "FREQ=WEEKLY;INTERVAL=1"),
        ("every 4 weeks", "FREQ=WEEKLY;INTERVAL=4"),
        ("rrule:freq=weekly;interval=3;", "FREQ=WEEKLY;INTERVAL=3"),
        ("Minggu", "MINGGU"),
    ],
)
def test_how_often_may_be_written_in_words(text: str, rule: str) -> None:
    assert rule_of(text) == rule


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stop": ""}, "stop_missing"),
        ({"day": "Mondey"}, "day_unknown"),
        ({"arrival": "25:00"}, "time_wrong"),
        ({"arrival": "12:00"}, "departure_first"),
        ({"arrival": "", "departure": ""}, "times_missing"),
        ({"arrival": "00:05"}, "minutes_wrong"),
        ({"geox": ""}, "place_half"),
        ({"geox": "295000", "geoy": "133000"}, "place_wrong"),
        ({"geox": "NaN"}, "place_wrong"),
        ({"frequency": "now and then"}, "frequency_wrong"),
        ({"start": "soon"}, "date_wrong"),
        ({"end": "2020-01-01"}, "end_first"),
        ({"stop": "x" * 121}, "too_long"),
        ({"community": "=1+1"}, "formula"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(change: dict[str, str], code: str) -> None:
    cells = dict(zip(SCHEMA, BALAI.split(","), strict=True)) | change
    (row,) = read(HEADS, ",".join(cells.values()))
    assert code in {found for found, _facts in row.bad}


def test_rows_of_one_stop_come_together_and_overlapping_ones_do_not() -> None:
    again = BALAI.replace("Tuesday", "Friday").replace("INTERVAL=4", "INTERVAL=2").replace("11:20", "10:35")
    (stop,) = read(HEADS, BALAI, again)
    assert (stop.rows, len(stop.spans)) == ([2, 3], 2)
    assert (stop.values["every_weeks"], stop.values["minutes"]) == (2, 75)
    (stop,) = read(HEADS, BALAI, BALAI.replace("10:05", "10:30"))
    assert [code for code, _facts in stop.bad] == ["rows_overlap"]


def said_of(stop: Any) -> list[str]:
    with override("en"):
        return [sentence(code, facts) for code, facts in (*stop.bad, *stop.remarks)]


def test_rows_that_overlap_are_named_and_told_apart_from_doubles() -> None:
    later = BALAI.replace("10:05", "10:30")
    (stop,) = read(
        HEADS, BALAI, BALAI.replace("Talang,J", "Ibuh,J").replace("Balai", "Lapangan"), BALAI, later
    )[:1]
    assert stop.rows == [2, 4, 5]
    assert said_of(stop) == [
        "Rows 2 and 5 of this stop overlap on Tuesday.",
        "Row 4 says the same as row 2; it adds nothing.",
    ]
    (stop,) = read(HEADS, BALAI, BALAI)
    assert (stop.rows, len(stop.series), stop.bad) == ([2, 3], 1, [])
    assert said_of(stop) == ["Row 3 says the same as row 2; it adds nothing."]


def test_windows_of_one_row_that_overlap_are_its_own() -> None:
    (stop,) = read("stop,minutes,windows", "Balai,60,MO 08:00-10:00; MO 09:00-11:00")
    assert said_of(stop) == ["Row 2: two of its time windows overlap on Monday."]


@pytest.mark.parametrize(
    ("rule", "weeks"),
    [
        ("FREQ=WEEKLY", 1),
        ("FREQ=WEEKLY;INTERVAL=8", 8),
        ("FREQ=MONTHLY;BYDAY=2MO", 4),
        ("FREQ=MONTHLY;BYDAY=2TU,4TU", 2),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1SU", 12),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1,3", 2),
        ("FREQ=MONTHLY;BYMONTHDAY=5,20", 2),
        ("FREQ=MONTHLY;BYDAY=TU", 1),
        ("FREQ=YEARLY", 52),
        ("FREQ=DAILY", 1),
    ],
)
def test_how_often_a_rule_comes(rule: str, weeks: int) -> None:
    assert weeks_of(rule) == weeks


@pytest.mark.parametrize(
    ("second", "weeks"),
    [
        ({"start": "2019-11-26"}, 2),  # the first and the third week of four
        ({"day": "Friday", "start": "2019-11-15"}, 4),  # both in the same week
        ({"day": "Friday", "start": "2019-11-22"}, 2),
        ({"start": "2019-11-19", "frequency": "FREQ=WEEKLY;INTERVAL=2"}, 1),
        ({"start": "2021-01-05"}, 4),  # a later timetable, when the earlier one is over
        ({"start": "2019-11-26", "frequency": "FREQ=MONTHLY;BYMONTHDAY=5"}, 2),
    ],
)  # fmt: skip
def test_rows_of_one_stop_say_together_how_often_it_is_visited(second: dict[str, str], weeks: int) -> None:
    cells = dict(zip(SCHEMA, BALAI.split(","), strict=True)) | {"start": "2019-11-12"}
    earlier = cells | {"end": "2020-12-31"} if second.get("start") == "2021-01-05" else cells
    (stop,) = read(HEADS, ",".join(earlier.values()), ",".join((cells | second).values()))
    assert (stop.bad, stop.values["every_weeks"]) == ([], weeks)
    # Where the file says it in a column of its own, that holds.
    heads, own = f"{HEADS},every_weeks", "9"
    (stop,) = read(heads, ",".join([*earlier.values(), own]), ",".join([*(cells | second).values(), own]))
    assert stop.values["every_weeks"] == 9


def test_hours_may_overlap_where_the_weeks_do_not() -> None:
    cells = dict(zip(SCHEMA, BALAI.split(","), strict=True)) | {"start": "2019-11-12"}
    later = cells | {"start": "2019-11-26", "arrival": "11:00", "departure": "12:30"}
    (stop,) = read(HEADS, ",".join(cells.values()), ",".join(later.values()))
    assert (stop.bad, stop.spans) == ([], [(1, "10:05", "12:30")])
    (stop,) = read(HEADS, ",".join(cells.values()), ",".join((later | {"start": "2019-12-10"}).values()))
    assert [code for code, _facts in stop.bad] == ["rows_overlap"]


# --- handing over and adopting ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "code"),
    [
        (file_of("a,b,c", "1,2,3"), "sheet_no_heads"),
        (file_of(HEADS), "sheet_no_rows"),
        (SimpleUploadedFile("x.csv", b"%PDF-1.4"), "sheet_not_a_sheet"),
        (SimpleUploadedFile("x.xlsx", b"PK\x03\x04rubbish"), "sheet_unreadable"),
    ],
)
def test_what_is_no_timetable(library: Institution, officer: User, file: Any, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        hand_over_stops(office=library, upload=file, actor=officer)
    assert (refused.value.code, refused.value.field) == (code, "file")


@pytest.mark.django_db
def test_a_file_is_shown_stop_by_stop_and_adopted_once(
    library: Institution, circulation: User, school_library: Institution
) -> None:
    known = StopFactory(office=library, name="Balai Talang", hint="Gerbang timur", minutes=75)
    at_school = BALAI.replace("Balai Talang", "SDN 1 Benteng").replace("Public", "")
    wrong = BALAI.replace("Tuesday", "Someday").replace("Balai Talang", "Lapangan")
    sheet = hand_over_stops(office=library, upload=file_of(HEADS, BALAI, wrong, at_school), actor=circulation)
    outcomes = {line.name: line.outcome for line in lines_of(sheet)}
    assert outcomes == {"Balai Talang": "changed", "Lapangan": "bad", "SDN 1 Benteng": "new"}
    assert Stop.objects.count() == 1 and (sheet.new, sheet.changed, sheet.bad) == (1, 1, 1)

    done = adopt_stops(sheet=sheet, actor=circulation)
    known.refresh_from_db()
    assert (known.community, known.hint, known.version) == ("Talang", "Gerbang timur", 2)
    assert windows_of(known) == [(1, time(10, 5), time(11, 20))]
    new = Stop.objects.get(name="SDN 1 Benteng")
    assert (new.partner, new.kind, new.is_public) == (school_library, "school", False)
    assert (done.status, lines_of(done)) == ("adopted", [])
    assert {(each.stop, each.is_new) for each in brought_by(done)} == {(new, True), (known, False)}
    with pytest.raises(Conflict) as again:
        adopt_stops(sheet=sheet, actor=circulation)
    assert again.value.code == "sheet_done"


@pytest.mark.django_db
def test_rows_are_counted_as_rows(library: Institution, officer: User, client: Client) -> None:
    """Three rows of a stop that overlap are three rows that cannot be used, on the page, in the list of lists and afterwards."""
    one, other = BALAI.replace("Balai", "Lapangan"), BALAI.replace("Tuesday", "Someday")
    file = file_of(HEADS, BALAI, BALAI.replace("10:05", "10:30"), BALAI.replace("10:05", "10:40"), other, one)
    sheet = hand_over_stops(office=library, upload=file, actor=officer)
    assert (sheet.new, sheet.bad) == (1, 4)
    client.force_login(officer)
    client.cookies["bahasa"] = "en"
    page = client.get(reverse("work:stop_sheet", args=[sheet.pk]))
    counts = {value: number for value, _label, number in page.context["tabs"]}
    assert (counts[""], counts["new"], counts["bad"]) == (5, 1, 4)
    assert "4 rows cannot be used" in page.content.decode()


@pytest.mark.django_db
def test_a_stop_is_the_one_that_is_written(library: Institution, officer: User) -> None:
    """An exact name wins; one that differs in capitals alone is taken where there is only one."""
    great, small = (
        StopFactory(office=library, name=name, minutes=30) for name in ("Balai Talang", "balai talang")
    )
    plain = "stop,minutes"

    def lines(*rows: str) -> list[Any]:
        return lines_of(hand_over_stops(office=library, upload=file_of(plain, *rows), actor=officer))

    both = lines("Balai Talang,45", "balai  talang,50")
    assert [(line.stop, line.outcome) for line in both] == [(great, "changed"), (small, "changed")]
    (line,) = lines("BALAI TALANG,45")
    assert (line.stop, line.outcome) == (None, "bad")
    with override("en"):
        assert line.sentences[0].startswith("Several stops of the library differ from this name")
        assert "“Balai Talang”, “balai talang”" in line.sentences[0]
    small.delete()
    assert [line.stop for line in lines("BALAI TALANG,45")] == [great]


@pytest.mark.django_db
def test_the_numbers_afterwards_are_of_what_was_done(library: Institution, officer: User) -> None:
    stop = StopFactory(office=library, name="Balai Talang", minutes=30)
    file = file_of(HEADS, BALAI, BALAI.replace("Balai", "Lapangan"))
    sheet = hand_over_stops(office=library, upload=file, actor=officer)
    done = adopt_stops(sheet=sheet, actor=officer, only_new=True)
    assert (done.new, done.changed, done.unchanged) == (1, 0, 1)
    assert stop.pk not in {each.stop.pk for each in brought_by(done) if each.stop}


@pytest.mark.django_db
def test_columns_that_nobody_understands_are_named(
    library: Institution, officer: User, client: Client
) -> None:
    file = file_of(f"{HEADS}, Luas <gedung>,,kontak", f"{BALAI},120 m2,,Bu Rina")
    sheet = hand_over_stops(office=library, upload=file, actor=officer)
    assert sheet.passed_over == ["Luas <gedung>"]
    client.force_login(officer)
    page = client.get(reverse("work:stop_sheet", args=[sheet.pk])).content.decode()
    assert "“Luas &lt;gedung&gt;”" in page
    plain = hand_over_stops(office=library, upload=file_of(f"{HEADS},{','.join(OWN)}", BALAI), actor=officer)
    assert plain.passed_over == []


def test_it_is_never_half_done(library: Institution, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    StopFactory(office=library, name="Balai Talang")
    sheet = hand_over_stops(
        office=library, upload=file_of(HEADS, BALAI.replace("Balai", "Lapangan"), BALAI), actor=officer
    )

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("mobile_service.services.stop_sheets._change", fail)
    with pytest.raises(RuntimeError):
        adopt_stops(sheet=sheet, actor=officer)
    assert Stop.objects.count() == 1
    assert StopSheet.objects.get().status == "checked"


@pytest.mark.django_db
def test_the_desk_alone_hands_lists_over(library: Institution, crew: User, officer: User) -> None:
    with pytest.raises(NotPermitted):
        hand_over_stops(office=library, upload=file_of(HEADS, BALAI), actor=crew)
    sheet = hand_over_stops(office=library, upload=file_of(HEADS, BALAI), actor=officer)
    with pytest.raises(NotPermitted):
        adopt_stops(sheet=sheet, actor=crew)
    assert put_stops_aside(sheet=sheet, actor=officer).status == "cancelled"
    assert not Stop.objects.exists()


@pytest.mark.django_db
def test_only_new_ones_on_wish_and_nothing_twice(library: Institution, officer: User) -> None:
    stop = StopFactory(office=library, name="Balai Talang", minutes=30)
    sheet = hand_over_stops(office=library, upload=file_of(HEADS, BALAI), actor=officer)
    with pytest.raises(Conflict) as nothing:
        adopt_stops(sheet=sheet, actor=officer, only_new=True)
    assert nothing.value.code == "nothing_to_adopt"
    adopt_stops(sheet=sheet, actor=officer)
    stop.refresh_from_db()
    assert stop.minutes == 75
    again = hand_over_stops(office=library, upload=file_of(HEADS, BALAI), actor=officer)
    assert [line.outcome for line in lines_of(again)] == ["unchanged"]


@pytest.mark.django_db
def test_namesakes_in_two_villages_stay_two(library: Institution, officer: User) -> None:
    other = BALAI.replace(",Talang,", ",Ibuh,")
    sheet = hand_over_stops(office=library, upload=file_of(HEADS, BALAI, other), actor=officer)
    adopt_stops(sheet=sheet, actor=officer)
    assert set(Stop.objects.values_list("name", flat=True)) == {
        "Balai Talang (Talang)",
        "Balai Talang (Ibuh)",
    }
    again = hand_over_stops(office=library, upload=file_of(HEADS, BALAI, other), actor=officer)
    assert {line.outcome for line in lines_of(again)} == {"unchanged"}


@pytest.mark.django_db
def test_a_workbook_and_reading_do_not_ask_more_of_a_longer_list(
    library: Institution, officer: User, django_assert_max_num_queries: Any
) -> None:
    rows = [BALAI.replace("Balai Talang", f"Balai {number}") for number in range(200)]
    sheet = hand_over_stops(office=library, upload=file_of(HEADS, *rows), actor=officer)
    with django_assert_max_num_queries(5):
        assert len(lines_of(sheet)) == 200
    with django_assert_max_num_queries(20):
        adopt_stops(sheet=sheet, actor=officer)


# --- writing ----------------------------------------------------------------------------------------------------------


def a_series(stop: Stop, rule: str, **more: Any) -> Series:
    return Series.objects.create(
        stop=stop,
        vehicle=VehicleFactory(office=stop.office, name=f"Pusling {rule}"),
        rule=rule,
        starts_on=date(2026, 11, 1),
        begins_at=time(9),
        minutes=90,
        **more,
    )


@pytest.mark.django_db
def test_what_the_desk_takes_out_comes_back_whole(library: Institution, officer: User) -> None:
    stop = StopFactory(
        office=library, name="=Balai", hint="-pagar", closed_on=[date(2027, 1, 4)], minutes=45, every_weeks=2,
        community="Ibuh", contact_name="Bu Ani", windows=[(0, time(8), time(10)), (0, time(13), time(15))],
    )  # fmt: skip
    a_series(stop, "FREQ=MONTHLY;BYDAY=2MO,4MO")
    StopFactory(office=library, is_public=False, latitude=None, longitude=None)
    text = as_csv((*SCHEMA, *OWN), all_rows(Stop.objects.all()))
    assert "\n=" not in text and ",=" not in text
    sheet = hand_over_stops(office=library, upload=file_of(*text.splitlines()), actor=officer)
    assert [(line.outcome, line.read.bad) for line in lines_of(sheet)] == [("unchanged", [])] * 2

    before = Stop.objects.filter(pk=stop.pk).values().get()
    other = InstitutionFactory(office=True)
    officer.memberships.create(institution=other, role="officer")
    del officer._access
    there = hand_over_stops(office=other, upload=file_of(*text.splitlines()), actor=officer)
    adopt_stops(sheet=there, actor=officer)
    copy = Stop.objects.get(office=other, name="=Balai")
    kept = (
        "hint",
        "closed_on",
        "minutes",
        "every_weeks",
        "latitude",
        "longitude",
        "contact_name",
        "is_public",
    )
    assert {name: getattr(copy, name) for name in kept} == {name: before[name] for name in kept}
    assert windows_of(copy) == windows_of(stop)


@pytest.mark.django_db
def test_private_stops_and_contacts_are_in_no_open_row(library: Institution) -> None:
    public = StopFactory(office=library, contact_name="Bu Ani", contact_phone="0812", hint="Rahasia")
    private = StopFactory(office=library, is_public=False)
    closed = StopFactory(office=library, is_active=False)
    StopFactory(office=library)  # visited by no series
    for stop in (public, private, closed):
        a_series(
            stop, f"FREQ=WEEKLY;INTERVAL={Stop.objects.filter(name__lt=stop.name).count() + 1};BYDAY=TU,SU"
        )
    a_series(public, "FREQ=WEEKLY;BYDAY=FR", status="ended")
    rows = [dict(zip(SCHEMA, row, strict=True)) for row in open_rows(Stop.objects.all())]
    assert [(row["stop"], row["day"], row["start"]) for row in rows] == [
        (public.name, "Tuesday", "2026-11-03"),
        (public.name, "Sunday", "2026-11-01"),
    ]
    assert rows[0]["frequency"].endswith("BYDAY=TU") and rows[0]["type"] == "Public"
    assert (rows[0]["arrival"], rows[0]["departure"]) == ("09:00", "10:30")
    assert Decimal(rows[0]["geoy"]) == public.latitude
    assert not {"Bu Ani", "0812", "Rahasia"} & {cell for row in rows for cell in row.values()}
