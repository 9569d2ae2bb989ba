"""What an agreement of each kind cannot do without (A2). Pure rules: no database."""

from datetime import date

import pytest

from agreements import terms
from agreements.choices import KINDS_UNDER_ANOTHER, AgreementKind

FULL = dict.fromkeys(terms.LABELS, "terisi")


@pytest.mark.parametrize("kind", AgreementKind.values)
def test_nothing_is_missing_where_everything_is_said(kind: str) -> None:
    assert terms.missing(kind, FULL) == []


@pytest.mark.parametrize("kind", AgreementKind.values)
def test_an_empty_one_misses_everything_its_kind_requires(kind: str) -> None:
    evidence = terms.EVIDENCE if kind == AgreementKind.IMPLICIT else ()
    signs = [] if kind == AgreementKind.IMPLICIT else ["signatories"]
    above = ["parent"] if kind in KINDS_UNDER_ANOTHER else []
    assert terms.missing(kind, {}) == [*terms.REQUIRED[kind], *evidence, *terms.TERM, *signs, *above]


def test_an_office_demands_what_it_rules() -> None:
    ruled = {"technology", "scope"}
    assert terms.missing(
        AgreementKind.PKS, dict.fromkeys(terms.TERM, "ada") | {"signatories": True}, ruled
    ) == [
        "scope",
        "technology",
    ]


def test_completeness_counts_all_nine_factors_demanded_or_not() -> None:
    assert terms.completeness(AgreementKind.MOU, {}) == (0, 10)
    assert terms.completeness(AgreementKind.MOU, FULL) == (11, 11)  # FULL lends


def test_an_unwritten_one_is_reviewed_within_its_term() -> None:
    first, last = date(2026, 1, 31), date(2026, 12, 31)
    assert terms.first_review(AgreementKind.IMPLICIT, first, last, 6) == date(2026, 7, 31)
    assert terms.first_review(AgreementKind.IMPLICIT, first, date(2026, 3, 1), 6) == date(2026, 3, 1)
    assert terms.first_review(AgreementKind.IMPLICIT, None, last, 6) is None
    assert terms.first_review(AgreementKind.PKS, first, last, 6) is None


def test_notice_is_given_so_many_days_before_the_end() -> None:
    assert terms.last_notice_on(date(2026, 12, 31), 30) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in AgreementKind.values for name in terms.REQUIRED[kind]]
)
def test_each_gap_is_named_alone(kind: str, name: str) -> None:
    assert terms.missing(kind, {**FULL, name: ""}) == [name]
    assert terms.missing(kind, {**FULL, name: None}) == [name]


def test_only_one_that_lends_needs_its_first_delivery() -> None:
    lends = {**FULL, "first_delivery_on": None}
    silent = {name: value for name, value in FULL.items() if name != "first_delivery_on"}
    for kind in AgreementKind.values:
        assert terms.missing(kind, lends) == ["first_delivery_on"]
        assert terms.missing(kind, silent) == []


def test_an_implicit_one_names_no_signatories() -> None:
    unsigned = {**FULL, "signatories": False}
    assert terms.missing(AgreementKind.IMPLICIT, unsigned) == []
    assert terms.missing(AgreementKind.PKS, unsigned) == ["signatories"]


def test_every_required_part_has_its_label() -> None:
    assert {name for names in terms.REQUIRED.values() for name in names} <= set(terms.LABELS)


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(2026, 1, 1), True),
        (date(2026, 12, 30), True),
        (date(2026, 12, 31), False),
        (date(2025, 12, 31), False),
    ],
)
def test_the_first_delivery_lies_within_the_term(day: date, fits: bool) -> None:
    assert terms.first_delivery_fits(day, date(2026, 1, 1), date(2026, 12, 31)) is fits


@pytest.mark.parametrize(
    ("starts", "ends", "first", "next_end"),
    [
        # A year is a year though the next one holds a leap day.
        (date(2026, 8, 19), date(2027, 8, 18), date(2027, 8, 19), date(2028, 8, 18)),
        (date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31)),
        (date(2026, 9, 1), date(2026, 9, 10), date(2026, 9, 11), date(2026, 9, 20)),
    ],
)
def test_the_next_term_lasts_as_long_as_this_one(
    starts: date, ends: date, first: date, next_end: date
) -> None:
    assert terms.next_last_day(starts, ends, first) == next_end
