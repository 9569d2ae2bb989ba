"""What can be dialled. A crew presses the number on its phone, and a library calls whoever left no mailbox. Pure."""

import re

from django.utils.translation import gettext as _

from kerjasama.domain.errors import InvalidInput

# An area code with a number has at least 8 digits in Indonesia; E.164 allows no more than 15.
FEWEST_DIGITS, MOST_DIGITS = 8, 15
# Words before or behind a number would be lost when it is dialled, so they belong elsewhere.
WRITTEN = re.compile(r"\+?[\d\s().\-/]+")


def can_be_dialled(text: str) -> bool:
    digits = sum(sign.isdigit() for sign in text)
    return bool(WRITTEN.fullmatch(text.strip())) and FEWEST_DIGITS <= digits <= MOST_DIGITS


def require_telephone(text: str, field: str) -> str:
    """``text`` without the spaces around it. Raises InvalidInput (``telephone_unusable``); none at all is nobody's mistake."""
    text = text.strip()
    if text and not can_be_dialled(text):
        raise InvalidInput(
            "telephone_unusable",
            _("Type one telephone number of %(fewest)d to %(most)d digits, for example 0812 3456 7890.")
            % {"fewest": FEWEST_DIGITS, "most": MOST_DIGITS},
            field=field,
        )
    return text
