"""Numbers, dates and money in words, as official papers write them. Pure: no settings, no clock, no database.

Indonesian is written out by rule (an office reads "seratus (100)" on every paper); English papers are reading aids
and keep their figures.
"""

from datetime import date, datetime, time
from decimal import Decimal

_DIGITS = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))
LARGEST_SPELLED = 10**15 - 1

_DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def _tongue(language: str) -> str:
    """``id-ID`` and ``id`` are one; whatever is not Indonesian is served in English."""
    return "id" if language.split("-")[0].lower() == "id" else "en"


def _below_thousand(value: int) -> str:
    if value < 12:
        return _DIGITS[value]
    if value < 20:
        return f"{_DIGITS[value - 10]} belas"
    if value < 100:
        tens, rest = divmod(value, 10)
        head = f"{_DIGITS[tens]} puluh"
    else:
        hundreds, rest = divmod(value, 100)
        head = "seratus" if hundreds == 1 else f"{_DIGITS[hundreds]} ratus"
    return f"{head} {_below_thousand(rest)}" if rest else head


def terbilang(value: int) -> str:
    """``value`` in Indonesian words: 123 → "seratus dua puluh tiga". Up to 999 trillion; below zero with "minus".

    Raises ValueError beyond that: no paper of ours counts so far, and a wrong word is worse than none.
    """
    if abs(value) > LARGEST_SPELLED:
        raise ValueError(f"{value} has more digits than can be written in words")
    if value < 0:
        return f"minus {terbilang(-value)}"
    words: list[str] = []
    rest = value
    for scale, name in _SCALES:
        count, rest = divmod(rest, scale)
        if count == 1 and scale == 1000:
            words.append("seribu")
        elif count:
            words.append(f"{_below_thousand(count)} {name}")
    if rest or not words:
        words.append(_below_thousand(rest))
    return " ".join(words)


def counted(value: int, language: str = "id") -> str:
    """A number as a paper states it: "100 (seratus)" in Indonesian, "100" in English."""
    return f"{grouped(value)} ({terbilang(value)})" if _tongue(language) == "id" else grouped(value, language)


def grouped(value: int, language: str = "id") -> str:
    """Thousands set apart by a full stop in Indonesian, by a comma in English: 12.500, 12,500."""
    text = f"{value:,}"
    return text.replace(",", ".") if _tongue(language) == "id" else text


def date_in_words(day: date) -> str:
    """As a berita acara opens: "Senin, tanggal dua puluh tiga bulan November tahun dua ribu dua puluh enam"."""
    return (
        f"{_DAYS['id'][day.weekday()]}, tanggal {terbilang(day.day)} "
        f"bulan {_MONTHS['id'][day.month - 1]} tahun {terbilang(day.year)}"
    )


def plain_date(day: date, language: str = "id") -> str:
    """ "23 November 2026", the month in ``language``."""
    return f"{day.day} {_MONTHS[_tongue(language)][day.month - 1]} {day.year}"


def long_date(day: date, language: str = "id") -> str:
    """ "Senin, 23 November 2026" or "Monday, 23 November 2026"."""
    return f"{_DAYS[_tongue(language)][day.weekday()]}, {plain_date(day, language)}"


def hour(moment: time | datetime, language: str = "id") -> str:
    """ "07.45" as it is written in Indonesian, "07:45" in English."""
    return f"{moment:%H.%M}" if _tongue(language) == "id" else f"{moment:%H:%M}"


def formal_date(day: date, language: str = "id") -> str:
    """How a record names its own day: in words in Indonesian, as a long date in English."""
    return date_in_words(day) if _tongue(language) == "id" else long_date(day, language)


def roman_month(day: date) -> str:
    """The month as letter numbers write it: February → "II"."""
    return _ROMAN_MONTHS[day.month - 1]


def rupiah(amount: Decimal, language: str = "id") -> str:
    """ "Rp85.000" (EYD: no space); cents only where there are any: "Rp85.000,50". Rounded to whole cents."""
    cents = int((abs(amount) * 100).to_integral_value())
    whole, rest = divmod(cents, 100)
    comma = "," if _tongue(language) == "id" else "."
    text = f"Rp{grouped(whole, language)}" + (f"{comma}{rest:02}" if rest else "")
    return f"-{text}" if amount < 0 and cents else text


def rupiah_in_words(amount: Decimal) -> str:
    """ "delapan puluh lima ribu rupiah", with "sen" where there are any."""
    cents = int((abs(amount) * 100).to_integral_value())
    whole, rest = divmod(cents, 100)
    text = f"{terbilang(whole)} rupiah" + (f" {terbilang(rest)} sen" if rest else "")
    return f"minus {text}" if amount < 0 and cents else text


def priced(amount: Decimal, language: str = "id") -> str:
    """A sum as a paper states it: "Rp85.000 (delapan puluh lima ribu rupiah)"; in English the figure only."""
    figure = rupiah(amount, language)
    return f"{figure} ({rupiah_in_words(amount)})" if _tongue(language) == "id" else figure
