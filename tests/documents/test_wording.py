"""Numbers, dates and money in words."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerjasama.domain.wording import (
    LARGEST_SPELLED,
    counted,
    date_in_words,
    formal_date,
    grouped,
    long_date,
    plain_date,
    priced,
    roman_month,
    rupiah,
    rupiah_in_words,
    terbilang,
)

UNITS = {
    word: value
    for value, word in enumerate(
        ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
    )
}
SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}


def read_aloud(words: str) -> int:
    """The other way round, read as a listener does: by what each word does to the number so far."""
    total = group = 0
    for word in words.split():
        match word:
            case "sepuluh":
                group += 10
            case "sebelas":
                group += 11
            case "seratus":
                group += 100
            case "seribu":
                total += 1000
            case "belas":
                group += 10
            case "puluh":
                group += group % 10 * 9
            case "ratus":
                group += group % 10 * 99
            case _ if word in SCALES:
                total, group = total + group * SCALES[word], 0
            case _:
                group += UNITS[word]
    return total + group


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (99, "sembilan puluh sembilan"),
        (100, "seratus"),
        (101, "seratus satu"),
        (111, "seratus sebelas"),
        (123, "seratus dua puluh tiga"),
        (200, "dua ratus"),
        (999, "sembilan ratus sembilan puluh sembilan"),
        (1_000, "seribu"),
        (1_001, "seribu satu"),
        (1_100, "seribu seratus"),
        (2_026, "dua ribu dua puluh enam"),
        (10_000, "sepuluh ribu"),
        (11_000, "sebelas ribu"),
        (85_000, "delapan puluh lima ribu"),
        (100_000, "seratus ribu"),
        (101_000, "seratus satu ribu"),
        (1_000_000, "satu juta"),
        (1_001_000, "satu juta seribu"),
        (1_000_000_000, "satu miliar"),
        (1_000_000_000_000, "satu triliun"),
        (
            LARGEST_SPELLED,
            " ".join(
                f"sembilan ratus sembilan puluh sembilan {s}" for s in ("triliun", "miliar", "juta", "ribu")
            )
            + " sembilan ratus sembilan puluh sembilan",
        ),
        (-5, "minus lima"),
    ],
)
def test_numbers_are_spelled_as_indonesian_offices_spell_them(value: int, words: str) -> None:
    assert terbilang(value) == words


@given(st.integers(min_value=0, max_value=LARGEST_SPELLED))
def test_every_number_can_be_read_back(value: int) -> None:
    assert read_aloud(terbilang(value)) == value


@pytest.mark.parametrize("value", [LARGEST_SPELLED + 1, -LARGEST_SPELLED - 1])
def test_a_number_too_large_is_refused_rather_than_misspelled(value: int) -> None:
    with pytest.raises(ValueError, match="digits"):
        terbilang(value)


def test_counts_carry_figure_and_word_in_indonesian_only() -> None:
    assert counted(100) == "100 (seratus)"
    assert counted(12_500) == "12.500 (dua belas ribu lima ratus)"
    assert counted(12_500, "en") == "12,500"
    assert grouped(1_000_000) == "1.000.000"


def test_dates() -> None:
    day = date(2026, 11, 23)
    assert date_in_words(day) == "Senin, tanggal dua puluh tiga bulan November tahun dua ribu dua puluh enam"
    assert long_date(day) == long_date(day, "id-ID") == "Senin, 23 November 2026"
    assert long_date(day, "en") == "Monday, 23 November 2026"
    assert plain_date(date(2026, 8, 1), "id") == "1 Agustus 2026"
    assert formal_date(day, "en") == "Monday, 23 November 2026"
    assert formal_date(day, "id") == date_in_words(day)


def test_every_weekday_and_month_has_its_name() -> None:
    days = [long_date(date(2026, 11, number)).split(",")[0] for number in range(23, 30)]
    assert days == ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
    months = [plain_date(date(2026, month, 1)).split()[1] for month in range(1, 13)]
    assert months[0] == "Januari" and months[7] == "Agustus" and months[11] == "Desember"
    assert len(set(months)) == 12


def test_roman_months() -> None:
    assert [roman_month(date(2026, month, 1)) for month in (1, 4, 5, 9, 12)] == ["I", "IV", "V", "IX", "XII"]


@pytest.mark.parametrize(
    ("amount", "figure", "words"),
    [
        ("0", "Rp0", "nol rupiah"),
        ("85000", "Rp85.000", "delapan puluh lima ribu rupiah"),
        ("85000.00", "Rp85.000", "delapan puluh lima ribu rupiah"),
        ("1250.5", "Rp1.250,50", "seribu dua ratus lima puluh rupiah lima puluh sen"),
        ("0.05", "Rp0,05", "nol rupiah lima sen"),
        ("-100", "-Rp100", "minus seratus rupiah"),
        ("-0.001", "Rp0", "nol rupiah"),
    ],
)
def test_money(amount: str, figure: str, words: str) -> None:
    assert rupiah(Decimal(amount)) == figure
    assert rupiah_in_words(Decimal(amount)) == words


def test_money_as_a_paper_states_it() -> None:
    assert priced(Decimal(85000)) == "Rp85.000 (delapan puluh lima ribu rupiah)"
    assert priced(Decimal("1250.50"), "en") == "Rp1,250.50"
