"""Drawing document numbers: never one twice, none skipped, however many draw at once (A8)."""

import json
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from kerjasama.domain import numbering
from kerjasama.domain.errors import InvalidInput
from libraries.models import Institution

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

    Must be called inside the transaction that uses the number. Raises InvalidInput (``no_number_pattern``) when the
    office has not said how it numbers such papers.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, {"office": office.pk, "kind": kind, "year": on.year})
        row = cursor.fetchone()
    if row is None:
        raise InvalidInput(
            "no_number_pattern",
            _(
                "%(office)s has no numbering pattern for this kind of document yet. Add one under “Numbering patterns”."
            )
            % {"office": office},
            facts={"kind": kind},
        )
    last, shape = row
    shape = json.loads(shape) if isinstance(shape, str) else shape
    return numbering.expand(shape["pattern"], number=last, on=on, code=shape["code"], unit=shape["unit"])


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
