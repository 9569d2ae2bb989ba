"""Drawing document numbers: never one twice, none skipped, however many draw at once (A8)."""

import json
from datetime import date
from typing import Any

from django.db import connection

from kerjasama.domain import numbering
from libraries.choices import PaperKind
from libraries.models import Institution, NumberPattern

# How a kind of paper is numbered until the office says otherwise, in the fashion of the field. A kind that is added to the
# house later stops nobody for want of a pattern: the row is made when the first number is drawn, and can be changed after.
USUAL_PATTERNS: dict[str, str] = {
    PaperKind.AGREEMENT: "{number:03}/PKS/{unit}/{roman_month}/{year}",
    PaperKind.HANDOVER: "{number:03}/BAST/{unit}/{roman_month}/{year}",
    PaperKind.RETURN: "{number:03}/BAST-K/{unit}/{roman_month}/{year}",
    PaperKind.REPLACEMENT: "{number:03}/GANTI/{unit}/{roman_month}/{year}",
    PaperKind.SETTLEMENT: "{number:03}/BA/{unit}/{roman_month}/{year}",
    PaperKind.ACCEPTANCE: "{number:03}/MAGANG/{unit}/{roman_month}/{year}",
    PaperKind.CERTIFICATE: "{number:03}/SERTIFIKAT/{unit}/{roman_month}/{year}",
    PaperKind.MINUTES: "{number:03}/NOTULEN/{unit}/{roman_month}/{year}",
    PaperKind.EVALUATION: "{number:03}/EVAL/{unit}/{roman_month}/{year}",
    PaperKind.MOU: "{number:03}/MOU/{unit}/{roman_month}/{year}",
    PaperKind.WORK_PLAN: "{number:03}/RK/{unit}/{roman_month}/{year}",
    PaperKind.ADDENDUM: "{number:03}/ADD/{unit}/{roman_month}/{year}",
    PaperKind.IMPLICIT: "{number:03}/CAT/{unit}/{roman_month}/{year}",
}
UNIT_LENGTH = 30

# One statement: the counter's row lock serialises drawers until their transaction ends, and a rollback gives the
# number back. An office whose pattern does not restart each year counts under the year 0.
_DRAW = """
    WITH pattern AS (
        SELECT pattern, code, unit, resets_yearly FROM libraries_numberpattern
        WHERE institution_id = %(office)s AND kind = %(kind)s
    )
    INSERT INTO libraries_numbercounter AS counter (institution_id, kind, year, last)
    SELECT %(office)s, %(kind)s, CASE WHEN resets_yearly THEN %(year)s ELSE 0 END, 1 FROM pattern
    ON CONFLICT (institution_id, kind, year) DO UPDATE SET last = counter.last + 1
    RETURNING last, (SELECT json_build_object('pattern', pattern, 'code', code, 'unit', unit) FROM pattern)
"""


def draw_number(*, office: Institution, kind: str, on: date) -> str:
    """The next number of this office for this kind of paper, by its own pattern.

    Must be called inside the transaction that uses the number. An office that has no pattern for such papers yet is given
    the usual one.
    """
    row = _draw(office, kind, on)
    if row is None:
        _begin_as_usual(office, kind)
        row = _draw(office, kind, on)
    assert row is not None
    last, shape = row
    shape = json.loads(shape) if isinstance(shape, str) else shape
    return numbering.expand(shape["pattern"], number=last, on=on, code=shape["code"], unit=shape["unit"])


def _draw(office: Institution, kind: str, on: date) -> tuple[int, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, {"office": office.pk, "kind": kind, "year": on.year})
        row: tuple[int, Any] | None = cursor.fetchone()
    return row


def _begin_as_usual(office: Institution, kind: str) -> None:
    """The usual pattern for this kind, with the unit and code that the office writes on its other papers."""
    known = (
        NumberPattern.objects.filter(institution=office).exclude(unit="").order_by("created_at", "pk").first()
    )
    row = NumberPattern(
        institution=office,
        kind=kind,
        pattern=USUAL_PATTERNS[kind],
        code=known.code if known else "",
        unit=known.unit if known else office.slug.upper()[:UNIT_LENGTH],
    )
    # Two who draw the first number at once: one writes the pattern, the other finds it.
    NumberPattern.objects.bulk_create([row], ignore_conflicts=True)


_DRAW_CODE = """
    INSERT INTO libraries_numbercounter AS counter (institution_id, kind, year, last) VALUES (%s, %s, 0, 1)
    ON CONFLICT (institution_id, kind, year) DO UPDATE SET last = counter.last + 1
    RETURNING last
"""


def draw_code(*, office: Institution, prefix: str) -> str:
    """A short code that people can say on the telephone, such as ``KRM-0042``; runs on for ever per office."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAW_CODE, [office.pk, prefix])
        last: int = cursor.fetchone()[0]
    return f"{prefix}-{last:04}"
