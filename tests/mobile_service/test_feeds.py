"""Calendars, pure: what a phone reads out of the bytes is what was put in, for any rule and whatever became of its days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar.parser import unescape_char

from mobile_service.feeds import Calendar, Occasion, Series, WholeDay, Words, calendar_bytes, days_of

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
CHANGED = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
WORDS = Words(
    title="Pusling di SDN 01",
    place="SDN 01, Benteng",
    text="Gerbang timur",
    url="https://x.example/jadwal/sdn-01/",
)
RULES = (
    "FREQ=WEEKLY;BYDAY=SU",
    "FREQ=WEEKLY;INTERVAL=8;BYDAY=MO",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SU;WKST=MO",
    "FREQ=MONTHLY;BYDAY=2TU,4TU",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2,4",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15",
    "FREQ=WEEKLY;BYDAY=SA;COUNT=9",
    "FREQ=DAILY;INTERVAL=5",
    "FREQ=WEEKLY;INTERVAL=4;BYDAY=MO,TH;BYSETPOS=1",
    "FREQ=WEEKLY",
)


def occasion(number: int, begins: datetime, minutes: int = 90, **more) -> Occasion:
    given = {"words": WORDS, "changed_at": CHANGED, **more}
    return Occasion(
        uid=f"visit-{number}", begins_at=begins, ends_at=begins + timedelta(minutes=minutes), **given
    )


def read(calendar: Calendar) -> icalendar.Calendar:
    content = calendar_bytes(calendar)
    assert content == calendar_bytes(calendar)
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    found = icalendar.Calendar.from_ical(content)
    assert not found.errors
    for event in found.walk("VEVENT"):
        assert not event.errors
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS"} <= set(event)
        assert str(event["DTSTAMP"].dt.tzinfo) == "UTC"
    return found


def expanded(calendar: icalendar.Calendar) -> set[tuple]:
    """As a phone shows it: everything in ten years, each with what people see."""
    events = recurring_ical_events.of(calendar).between(date(2020, 1, 1), date(2031, 1, 1))
    return {
        (event["DTSTART"].dt, event["DTEND"].dt, str(event["STATUS"]), str(event["SUMMARY"]), str(event.get("DESCRIPTION", "")))
        for event in events
    }  # fmt: skip


def told(*occasions: Occasion) -> set[tuple]:
    return {
        (
            it.begins_at,
            it.ends_at,
            "CANCELLED" if it.cancelled else "CONFIRMED",
            it.words.title,
            it.words.text,
        )
        for it in occasions
    }


@st.composite
def series(draw) -> Series:
    """A rule some of whose days are left out, moved, called off or given a word; some occasions follow no rule at all."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    rule = draw(st.sampled_from(RULES))
    starts_on = date(2025, 6, 1) + timedelta(days=draw(st.integers(0, 400)))
    begins_at = time(draw(st.integers(7, 15)), draw(st.sampled_from((0, 30))))
    days = days_of(rule, starts_on, starts_on, starts_on + timedelta(days=300))
    # What lies behind the window of a calendar is not in it.
    days = days[draw(st.integers(0, min(5, len(days)))) :]
    if draw(st.booleans()):  # changed on the way: days that the rule of today does not give
        days += [starts_on + timedelta(days=n) for n in draw(st.sets(st.integers(0, 300), max_size=3))]
    found = []
    for number, day in enumerate(sorted(set(days))):
        fate = draw(st.sampled_from(("kept", "kept", "kept", "left out", "moved", "off", "noted", "longer")))
        begins = datetime.combine(day, begins_at, zone)
        words = WORDS
        if fate == "left out":
            continue
        if fate == "moved":
            # Never onto another's time, which would be told apart by nobody.
            begins += timedelta(days=draw(st.integers(-3, 3)), minutes=draw(st.integers(1, 25)))
        if fate in ("off", "noted"):
            words = Words(
                title=WORDS.title, place=WORDS.place, text="Karena jalan putus; banjir, lumpur\nMaaf"
            )
        found.append(
            occasion(number, begins, 120 if fate == "longer" else 90, words=words, cancelled=fate == "off", slot=day, sequence=fate != "kept")
        )  # fmt: skip
    return Series(
        uid="series-1", rule=rule, starts_on=starts_on, begins_at=begins_at, minutes=90, zone=zone.key,
        words=WORDS, changed_at=CHANGED, occasions=found,
    )  # fmt: skip


@given(series())
@settings(max_examples=120)
def test_a_phone_shows_exactly_the_occasions(made: Series):
    found = read(Calendar(name="Uji", zone=made.zone, series=[made]))
    assert expanded(found) == told(*made.occasions)
    ids = [
        (str(e["UID"]), str(e["RECURRENCE-ID"].dt) if "RECURRENCE-ID" in e else "")
        for e in found.walk("VEVENT")
    ]
    assert len(ids) == len(set(ids))


def weekly(occasions: list[Occasion], rule: str = "FREQ=WEEKLY;BYDAY=MO") -> Series:
    return Series(
        uid="series-1", rule=rule, starts_on=date(2026, 1, 5), begins_at=time(8), minutes=90, zone="Asia/Jakarta",
        words=WORDS, changed_at=CHANGED, occasions=occasions,
    )  # fmt: skip


def mondays(count: int) -> list[Occasion]:
    zone = ZoneInfo("Asia/Jakarta")
    days = [date(2026, 1, 5) + timedelta(weeks=n) for n in range(count)]
    return [occasion(n, datetime.combine(day, time(8), zone), slot=day) for n, day in enumerate(days)]


def test_a_rule_is_written_as_one_event_with_its_end_in_utc():
    found = read(Calendar(name="Uji", zone="Asia/Jakarta", series=[weekly(mondays(20))]))
    (event,) = found.walk("VEVENT")
    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20260518T010000Z;BYDAY=MO"
    assert (
        event["DTSTART"].to_ical() == b"20260105T080000" and event["DTSTART"].params["TZID"] == "Asia/Jakarta"
    )


def test_a_day_left_out_is_an_exception_and_a_moved_one_stands_beside_it():
    rows = mondays(6)
    moved = occasion(3, rows[3].begins_at + timedelta(days=1), slot=rows[3].slot, sequence=2)
    found = read(
        Calendar(name="Uji", zone="Asia/Jakarta", series=[weekly([*rows[:1], rows[2], moved, *rows[4:]])])
    )
    master, beside = found.walk("VEVENT")
    assert [day.dt for day in master["EXDATE"].dts] == [rows[1].begins_at]
    assert beside["RECURRENCE-ID"].dt == rows[3].begins_at and beside["UID"] == master["UID"]
    assert beside["SEQUENCE"] == 2


def test_the_second_and_fourth_tuesday_keep_their_numbers():
    zone = ZoneInfo("Asia/Jakarta")
    days = days_of("FREQ=MONTHLY;BYDAY=2TU,4TU", date(2026, 1, 1), date(2026, 1, 1), date(2026, 6, 30))
    assert days[:2] == [date(2026, 1, 13), date(2026, 1, 27)]
    rows = [occasion(n, datetime.combine(day, time(8), zone), slot=day) for n, day in enumerate(days)]
    (event,) = read(
        Calendar(name="Uji", zone="Asia/Jakarta", series=[weekly(rows, "FREQ=MONTHLY;BYDAY=2TU,4TU")])
    ).walk("VEVENT")
    assert b"BYDAY=2TU,4TU" in event["RRULE"].to_ical()


def test_what_a_changed_rule_no_longer_gives_stands_by_itself():
    zone = ZoneInfo("Asia/Jakarta")
    old = occasion(9, datetime(2026, 1, 7, 9, tzinfo=zone), slot=date(2026, 1, 7))
    found = read(Calendar(name="Uji", zone="Asia/Jakarta", series=[weekly([old, *mondays(4)])]))
    assert {str(event["UID"]) for event in found.walk("VEVENT")} == {"series-1", "visit-9"}
    assert expanded(found) == told(old, *mondays(4))


def test_a_visit_called_off_is_told_for_weeks_and_not_just_missing():
    zone = ZoneInfo("Asia/Jakarta")
    off = occasion(1, datetime(2026, 3, 2, 8, tzinfo=zone), cancelled=True, sequence=3)
    (event,) = read(Calendar(name="Uji", zone="Asia/Jakarta", single=[off])).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"], event["UID"]) == ("CANCELLED", 3, "visit-1")


def test_the_head_says_its_name_its_zone_and_when_to_look_again():
    day = WholeDay(
        uid="swap-1",
        on=date(2026, 4, 1),
        words=Words(title="Rotasi; 100 buku, triwulan II"),
        changed_at=CHANGED,
    )
    found = read(Calendar(name="Jadwal, SDN 01", zone="Asia/Makassar", text="Kapan?", days=[day]))
    assert found["METHOD"] == "PUBLISH" and unescape_char(found["X-WR-CALNAME"]) == "Jadwal, SDN 01"
    assert found["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    (zone,) = found.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Makassar" and zone.walk("STANDARD")[0]["TZOFFSETTO"].td == timedelta(hours=8)
    (event,) = found.walk("VEVENT")
    assert event["DTSTART"].params["VALUE"] == "DATE" and event["DTEND"].dt == date(2026, 4, 2)
    assert event["SUMMARY"] == "Rotasi; 100 buku, triwulan II"


def test_a_name_is_text_whatever_stands_in_it():
    """A program that reads on takes a bare semicolon for the end of the value, and a line break for the next property."""
    said = "Pusling; Baru, 2\\3\nTalang"
    content = calendar_bytes(Calendar(name=said, zone="Asia/Jakarta", text=said))
    for name in (b"NAME", b"X-WR-CALNAME", b"DESCRIPTION", b"X-WR-CALDESC"):
        assert b"\r\n" + name + rb":Pusling\; Baru\, 2\\3\nTalang" + b"\r\n" in content, name


@pytest.mark.parametrize("zone", ZONES)
def test_each_zone_is_described_once_with_its_own_offset(zone: str):
    begins = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo(zone))
    found = read(
        Calendar(
            name="Uji",
            zone="Asia/Jakarta",
            single=[occasion(1, begins), occasion(2, begins + timedelta(days=1))],
        )
    )
    names = [str(it["TZID"]) for it in found.walk("VTIMEZONE")]
    assert sorted(names) == sorted({"Asia/Jakarta", zone})
    for it in found.walk("VTIMEZONE"):
        wanted = begins.replace(tzinfo=ZoneInfo(str(it["TZID"]))).utcoffset()
        assert {rule["TZOFFSETTO"].td for rule in it.walk("STANDARD")} == {wanted}
    assert found.walk("VEVENT")[0]["DTSTART"].dt == begins


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=200))
@settings(max_examples=150, deadline=None)
def test_whatever_is_said_comes_back_as_it_was(said: str) -> None:
    """Backslashes, semicolons, line ends and signs of four octets, at any place of a folded line."""
    at = datetime(2026, 3, 3, 9, tzinfo=ZoneInfo(ZONES[0]))
    words = Words(title=f"Pusling {said}", text=said * 2, place=f"{said}\\,;")
    (event,) = read(Calendar(name="Uji", zone=ZONES[0], single=[occasion(1, at, words=words)])).walk("VEVENT")
    for name, meant in (("SUMMARY", words.title), ("DESCRIPTION", words.text), ("LOCATION", words.place)):
        assert str(event.get(name, "")) == meant
