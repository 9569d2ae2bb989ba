"""How pages say dates, sums and states: the same fact, in the words of each language."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from kerjasama.pages.templatetags import house

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("due", "indonesian", "english", "tone"),
    [
        (date(2026, 12, 14), "21 hari lagi", "in 21 days", "calm"),
        (date(2026, 11, 30), "7 hari lagi", "in 7 days", "warn"),
        (date(2026, 11, 24), "besok", "tomorrow", "warn"),
        (date(2026, 11, 23), "hari ini", "today", "warn"),
        (date(2026, 11, 22), "terlambat 1 hari", "1 day late", "bad"),
        (date(2026, 11, 3), "terlambat 20 hari", "20 days late", "bad"),
    ],
)
def test_a_due_date_says_how_far_it_is(due: date, indonesian: str, english: str, tone: str) -> None:
    with translation.override("id"):
        assert house.days_until(due, TODAY) == indonesian
    with translation.override("en"):
        assert house.days_until(due, TODAY) == english
    assert house.due_tone(due, TODAY) == tone


def test_what_takes_long_to_prepare_warns_earlier() -> None:
    assert house.due_tone(date(2026, 12, 14), TODAY, 90) == "warn"
    assert "badge--warn" in house.due_badge(date(2026, 12, 14), TODAY, 90)


def test_the_past_is_told_without_blame() -> None:
    with translation.override("id"):
        assert house.days_ago(date(2026, 11, 22), TODAY) == "kemarin"
        assert house.days_ago(date(2026, 11, 18), TODAY) == "5 hari yang lalu"
        assert house.days_ago(TODAY, TODAY) == "hari ini"


def test_dates_are_written_out(settings: object) -> None:
    with translation.override("id"):
        assert house.long_date(TODAY) == "Senin, 23 November 2026"
        assert house.plain_date(TODAY) == "23 November 2026"
        assert house.short_date(date(2026, 8, 17)) == "17 Agu 2026"
    with translation.override("en"):
        assert house.long_date(TODAY) == "Monday, 23 November 2026"


def test_a_moment_is_shown_in_the_zone_of_the_page() -> None:
    late_in_london = datetime(2026, 11, 22, 18, 5, tzinfo=UTC)
    with translation.override("id"):
        assert house.moment(late_in_london) == "23 November 2026, pukul 01.05"
        assert house.long_date(late_in_london) == "Senin, 23 November 2026"
        assert house.clock_time(late_in_london) == "01.05"
    with translation.override("en"):
        assert house.moment(late_in_london) == "23 November 2026, 01:05"


@pytest.mark.parametrize("value", [None, "", "tomorrow", 3])
def test_what_is_no_date_is_silent(value: object) -> None:
    assert (
        house.long_date(value)
        == house.short_date(value)
        == house.moment(value)
        == house.days_until(value)
        == ""
    )


def test_sums_and_counts_follow_the_language() -> None:
    with translation.override("id"):
        assert (house.money(45000), house.money("0"), house.money(None), house.money("?")) == (
            "Rp45.000",
            "Rp0",
            "",
            "",
        )
        assert (house.count(12500), house.count("x")) == ("12.500", "")
    with translation.override("en"):
        assert house.count(12500) == "12,500"


def test_progress_stays_between_nothing_and_all() -> None:
    assert [house.percent_of(*pair) for pair in ((27, 100), (5, 0), (None, 3), (12, 10))] == [27, 0, 0, 100]


def test_a_badge_says_in_words_what_its_colour_says() -> None:
    shown = house.badge("Terlambat", "bad")
    assert "badge--bad" in shown and "#stop" in shown and "Terlambat" in shown
    assert "<script>" not in house.badge("<script>")
    assert "badge--calm" in house.badge("x", "nonsense")


def test_every_tone_of_a_state_exists() -> None:
    assert set(house.STATE_TONES.values()) <= set(house.TONES)
    assert set(house.TONE_ICONS) == set(house.TONES)


def test_icons_named_in_python_are_in_the_sprite() -> None:
    from pathlib import Path

    sprite = (Path(__file__).resolve().parents[2] / "static/img/icons.svg").read_text()
    for name in filter(None, house.TONE_ICONS.values()):
        assert f'id="{name}"' in sprite


def test_a_device_is_named_as_its_owner_knows_it() -> None:
    phone = "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
    assert house.device(phone) == "Chrome, Android"
    with translation.override("id"):
        assert house.device("curl/8") == "Perangkat tak dikenal"


def test_the_menu_marks_where_the_reader_is(rf) -> None:  # type: ignore[no-untyped-def]
    request = rf.get("/portal/buku/42/")
    assert house.is_here(request, "/portal/buku/")
    assert not house.is_here(request, "/portal/")
    assert house.is_here(rf.get("/portal/"), "/portal/")


def test_a_field_ties_words_help_and_error_to_its_box() -> None:
    from kerjasama.pages.style import StyleForm

    form = StyleForm({"name": ""})
    shown = Template("{{ form.name.as_field_group }}").render(Context({"form": form}))
    assert 'for="id_name"' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_helptext"' in shown and 'id="id_name_error"' in shown
    assert 'aria-invalid="true"' in shown
