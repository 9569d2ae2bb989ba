"""What an agreement of each kind cannot do without (A2). Pure rules: no database."""

from datetime import date

import pytest

from agreements import terms
from agreements.choices import AgreementKind

FULL = dict.fromkeys(terms.LABELS, "terisi")


@pytest.mark.parametrize("kind", AgreementKind.values)
def test_nothing_is_missing_where_everything_is_said(kind: str) -> None:
    assert terms.missing(kind, FULL) == []


@pytest.mark.parametrize("kind", AgreementKind.values)
def test_an_empty_one_misses_everything_its_kind_requires(kind: str) -> None:
    signs = [] if kind == AgreementKind.IMPLICIT else ["signatories"]
    assert terms.missing(kind, {}) == [*terms.REQUIRED[kind], *signs]


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
