"""Patterns of document numbers (A8)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerjasama.domain.errors import InvalidInput
from kerjasama.domain.numbering import LONGEST, expand, validate
from libraries.choices import PaperKind
from libraries.services.numbering import USUAL_PATTERNS, draw_number
from tests.factories import InstitutionFactory

FEBRUARY = date(2026, 2, 9)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{code}/{number:03}/{unit}/{roman_month}/{year}", "000.4/007/DPK-Pyk/II/2026"),
        ("B-{number}/{unit}/{month}/{year}", "B-7/DPK-Pyk/02/2026"),
        ("{number}", "7"),
        ("{number:09}", "000000007"),
        ("{number}/{number}", "7/7"),
    ],
)
def test_patterns_of_real_offices(pattern: str, number: str) -> None:
    assert expand(pattern, number=7, on=FEBRUARY, code="000.4", unit="DPK-Pyk") == number


def test_a_number_wider_than_its_place_is_never_cut() -> None:
    assert expand("{number:02}", number=1234, on=FEBRUARY) == "1234"


def test_what_a_unit_is_called_is_not_read_as_a_pattern() -> None:
    assert expand("{unit}/{number}", number=7, on=FEBRUARY, unit="{year}") == "{year}/7"


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("", "number_missing"),
        ("{code}/{year}", "number_missing"),
        ("{number}/{tahun}", "unknown_token"),
        ("{number}/{", "stray_brace"),
        ("{number}}", "stray_brace"),
        ("{number!r}", "stray_brace"),
        ("{number.__class__}", "stray_brace"),
        ("{number:3}", "stray_brace"),
        ("{number}/{month:02}", "stray_brace"),
        ("{number}" + "/" * LONGEST, "too_long"),
    ],
)
def test_an_unusable_pattern_is_refused_with_a_sentence(pattern: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        validate(pattern)
    assert (refusal.value.code, refusal.value.field) == (code, "pattern")
    assert str(refusal.value.message).endswith((".", "}"))


def test_a_sequence_that_restarts_needs_its_year() -> None:
    validate("{number}")
    with pytest.raises(InvalidInput) as refusal:
        validate("{number}/{month}", restarts_yearly=True)
    assert refusal.value.code == "year_missing"
    validate("{number}/{year}", restarts_yearly=True)


@pytest.mark.parametrize("kind", PaperKind.values)
def test_every_kind_of_paper_has_a_usual_pattern(kind: str) -> None:
    validate(USUAL_PATTERNS[kind], restarts_yearly=True)


@pytest.mark.django_db
def test_an_office_is_given_the_usual_pattern_with_its_own_unit_and_may_change_it() -> None:
    office = InstitutionFactory(office=True, slug="perpustakaan-kota")
    first = draw_number(office=office, kind=PaperKind.EVALUATION, on=FEBRUARY)
    assert first == "001/EVAL/PERPUSTAKAAN-KOTA/II/2026"
    pattern = office.number_patterns.get()
    pattern.unit, pattern.pattern = "DPK-Pyk", "{number:02}/EV/{unit}/{year}"
    pattern.save()
    assert draw_number(office=office, kind=PaperKind.EVALUATION, on=FEBRUARY) == "02/EV/DPK-Pyk/2026"
    assert draw_number(office=office, kind=PaperKind.MINUTES, on=FEBRUARY) == "001/NOTULEN/DPK-Pyk/II/2026"


@given(st.text(max_size=60))
def test_any_text_either_works_or_is_refused(pattern: str) -> None:
    try:
        number = expand(pattern, number=42, on=FEBRUARY)
    except InvalidInput:
        return
    assert "42" in number


@given(first=st.integers(1, 10**6), second=st.integers(1, 10**6))
def test_two_numbers_never_look_the_same(first: int, second: int) -> None:
    pattern = "{number:03}/BAST/{year}"
    same = expand(pattern, number=first, on=FEBRUARY) == expand(pattern, number=second, on=FEBRUARY)
    assert same == (first == second)
