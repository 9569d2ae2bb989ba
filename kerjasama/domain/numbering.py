"""An office's own pattern for its document numbers: ``{code}/{number:03}/{unit}/{roman_month}/{year}``.

Pure. Which number comes next, without gaps and doubles, is the business of the sequence in the database; this module
only says whether a pattern is usable and what a number looks like in it. Patterns are read here and never handed to
``str.format``, so what somebody types as a pattern can reach nothing but the tokens below.
"""

import re
from datetime import date

from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import InvalidInput, Sentence
from kerjasama.domain.wording import roman_month

TOKENS = ("number", "code", "unit", "roman_month", "month", "year")
# What the column that keeps an expanded number holds.
LONGEST = 120

_TOKEN = re.compile(r"\{(?P<name>[a-z_]+)(?::0(?P<width>[1-9]))?\}")


def validate(pattern: str, *, restarts_yearly: bool = False) -> None:
    """Refuse a pattern that cannot make usable numbers.

    ``restarts_yearly``: the sequence begins again each January, so the year has to be part of the number.
    Raises InvalidInput: ``number_missing``, ``year_missing``, ``unknown_token``, ``stray_brace``, ``too_long``.
    """
    names = [match["name"] for match in _TOKEN.finditer(pattern)]
    for name in names:
        if name not in TOKENS:
            raise _refusal(
                "unknown_token",
                _("“%(token)s” is not known in a numbering pattern. Known are: %(tokens)s.")
                % {"token": f"{{{name}}}", "tokens": ", ".join(f"{{{token}}}" for token in TOKENS)},
                pattern,
            )
    if re.search(r"[{}]", _TOKEN.sub("", pattern)):
        raise _refusal(
            "stray_brace",
            _(
                "The numbering pattern has a curly bracket that belongs to no token. Write for example {number:03}."
            ),
            pattern,
        )
    if any(match["width"] and match["name"] != "number" for match in _TOKEN.finditer(pattern)):
        raise _refusal(
            "stray_brace",
            _("Only {number} takes a width in a numbering pattern, for example {number:03}."),
            pattern,
        )
    if "number" not in names:
        raise _refusal(
            "number_missing",
            _("The numbering pattern must contain {number}, otherwise numbers repeat."),
            pattern,
        )
    if restarts_yearly and "year" not in names:
        raise _refusal(
            "year_missing",
            _(
                "The numbering begins again every year, so the pattern must contain {year}, otherwise numbers repeat."
            ),
            pattern,
        )
    if len(pattern) > LONGEST:
        raise _refusal("too_long", _("The numbering pattern is too long."), pattern)


def expand(pattern: str, *, number: int, on: date, code: str = "", unit: str = "") -> str:
    """The document number that ``pattern`` makes: ``expand("{number:03}/{unit}/{year}", …)`` → "007/DPK/2026".

    Raises InvalidInput as ``validate`` does.
    """
    validate(pattern)
    values = {
        "code": code,
        "unit": unit,
        "roman_month": roman_month(on),
        "month": f"{on.month:02}",
        "year": f"{on.year:04}",
    }

    def value(match: re.Match[str]) -> str:
        if match["name"] == "number":
            return f"{number:0{match['width'] or 1}}"
        return values[match["name"]]

    return _TOKEN.sub(value, pattern)


def _refusal(code: str, message: Sentence, pattern: str) -> InvalidInput:
    return InvalidInput(code, message, field="pattern", facts={"pattern": pattern})
