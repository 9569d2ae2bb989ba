"""Rules by which visits repeat: what is understood, refused, reckoned and said (M2)."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from kerjasama.domain.errors import InvalidInput
from mobile_service.recurrence import (
    ORDINALS,
    Rule,
    days_of,
    first_day,
    in_words,
    monthly_by_date,
    monthly_on,
    parse,
    weekly,
)

SUNDAY = date(2027, 1, 3)
intervals = st.integers(1, 52)
weekdays = st.sets(st.integers(0, 6), min_size=1)
rules = st.one_of(
    st.builds(weekly, weekdays, intervals),
    st.builds(
        monthly_on,
        st.sets(st.tuples(st.sampled_from(ORDINALS), st.integers(0, 6)), min_size=1, max_size=6),
        st.integers(1, 12),
    ),
    st.builds(
        monthly_by_date,
        st.sets(st.integers(1, 31) | st.just(-1), min_size=1, max_size=6),
        st.integers(1, 12),
    ),
)
starts = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@given(rule=rules)
def test_a_rule_written_is_the_rule_read(rule: Rule) -> None:
    assert parse(str(rule)) == rule
    assert parse(f"RRULE:{str(rule).lower()};") == rule


def by_hand(rule: Rule, starts_on: date, last: date) -> Iterator[date]:
    """The meaning of a rule, day by day, without any library."""
    monday = starts_on - timedelta(days=starts_on.weekday())
    day = starts_on
    while day <= last:
        left = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - day
        if not rule.monthly:
            takes = day.weekday() in rule.weekdays and (day - monday).days // 7 % rule.interval == 0
        else:
            months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
            ordinals = {((day.day - 1) // 7 + 1, day.weekday())}
            if left.days <= 7:
                ordinals.add((-1, day.weekday()))
            dates = {day.day} | ({-1} if left.days == 1 else set())
            takes = months % rule.interval == 0 and bool(
                ordinals & set(rule.ordinals) or dates & set(rule.monthdays)
            )
        if takes:
            yield day
        day += timedelta(days=1)


@settings(max_examples=60)
@given(rule=rules, starts_on=starts, skip=st.integers(0, 400))
def test_days_are_what_the_rule_means(rule: Rule, starts_on: date, skip: int) -> None:
    first, last = starts_on + timedelta(days=skip), starts_on + timedelta(days=500)
    wanted = list(by_hand(rule, starts_on, last))
    assert days_of(rule, starts_on, starts_on, last) == wanted
    assert days_of(rule, starts_on, first, last) == [day for day in wanted if day >= first]
    assert days_of(rule, starts_on, last, first - timedelta(days=1)) == []


@settings(max_examples=60)
@given(rule=rules, starts_on=starts)
def test_a_series_that_begins_on_its_first_day_has_the_same_days(rule: Rule, starts_on: date) -> None:
    """Phones count from DTSTART, so it must itself be a day of the rule."""
    first = first_day(rule, starts_on)
    last = starts_on + timedelta(days=900)
    wanted = days_of(rule, starts_on, starts_on, last)
    assert (first is None or first > last) if not wanted else first == wanted[0]
    if first:
        assert days_of(rule, first, first, last) == wanted


@settings(max_examples=80)
@given(rule=rules)
def test_every_rule_has_words_of_its_own_in_both_languages(rule: Rule) -> None:
    other = Rule(rule.monthly, rule.interval + 1, rule.weekdays, rule.ordinals, rule.monthdays)
    for language in ("en", "id"):
        with translation.override(language):
            assert "%(" not in in_words(rule) and in_words(rule) != in_words(other)


@pytest.mark.parametrize(
    ("text", "en", "id_"),
    [
        ("FREQ=WEEKLY;BYDAY=SU", "every Sunday", "setiap Minggu"),
        ("FREQ=WEEKLY;INTERVAL=8;BYDAY=MO,TH", "every 8 weeks on Monday and Thursday", "tiap 8 minggu pada Senin dan Kamis"),
        ("FREQ=MONTHLY;BYDAY=2TU,4TU", "on the second and fourth Tuesday of every month", "setiap bulan pada Selasa kedua dan keempat"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month", "setiap bulan pada hari terakhir"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,15,-1", "every 3 months on day 1 and 15 and the last day", "tiap 3 bulan pada tanggal 1 dan 15 dan hari terakhir"),
        ("FREQ=MONTHLY;BYDAY=-1SU,1MO", "on the first Monday and the last Sunday of every month", "setiap bulan pada Senin pertama dan Minggu terakhir"),
        ("FREQ=DAILY", "every day", "setiap hari"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every Monday to Friday", "setiap Senin sampai Jumat"),
    ],
)  # fmt: skip
def test_words(text: str, en: str, id_: str) -> None:
    for language, words in (("en", en), ("id", id_)):
        with translation.override(language):
            assert in_words(parse(text)) == words


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("RRULE:FREQ=WEEKLY;WKST=MO;INTERVAL=1;BYDAY=TH,MO", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=SU"),
        ("FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=3"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2,-1", "FREQ=MONTHLY;BYDAY=2TU,-1TU"),
        ("FREQ=MONTHLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU"),
    ],
)
def test_what_means_the_same_is_written_the_same(text: str, same: str) -> None:
    assert str(parse(text, SUNDAY)) == same


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "rule_unreadable"),
        ("every Sunday", "rule_unreadable"),
        ("FREQ=WEEKLY;BYDAY=XX", "rule_unreadable"),
        ("FREQ=WEEKLY;INTERVAL=two;BYDAY=SU", "rule_unreadable"),
        ("FREQ=WEEKLY;FREQ=WEEKLY", "rule_unreadable"),
        ("FREQ=YEARLY", "rule_unsupported"),
        ("FREQ=HOURLY", "rule_unsupported"),
        ("FREQ=DAILY;INTERVAL=2", "rule_unsupported"),
        ("FREQ=WEEKLY;BYDAY=SU;COUNT=5", "rule_unsupported"),
        ("FREQ=WEEKLY;BYDAY=SU;UNTIL=20270101", "rule_unsupported"),
        ("FREQ=WEEKLY;BYDAY=SU;WKST=SU", "rule_unsupported"),
        ("FREQ=WEEKLY;BYDAY=SU;BYHOUR=9", "rule_unsupported"),
        ("FREQ=WEEKLY;BYDAY=2SU", "rule_unsupported"),
        ("FREQ=WEEKLY;BYDAY=SU;INTERVAL=0", "rule_unsupported"),
        ("FREQ=WEEKLY;BYDAY=SU;INTERVAL=53", "rule_unsupported"),
        ("FREQ=MONTHLY;BYDAY=6TU", "rule_unsupported"),
        ("FREQ=MONTHLY;BYDAY=-2TU", "rule_unsupported"),
        ("FREQ=MONTHLY;BYDAY=2TU,WE", "rule_unsupported"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "rule_unsupported"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "rule_unsupported"),
        ("FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1", "rule_unsupported"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "rule_unsupported"),
    ],
)
def test_what_is_not_supported_is_refused_in_a_sentence(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert refused.value.code == code and refused.value.field == "rule" and str(refused.value).endswith(".")


@given(
    text=st.text(max_size=60) | st.builds("FREQ={};BYDAY={}".format, st.text(max_size=8), st.text(max_size=8))
)
def test_rubbish_is_refused_and_nothing_else(text: str) -> None:
    try:
        parse(text, SUNDAY)
    except InvalidInput as refused:
        assert refused.field == "rule"
