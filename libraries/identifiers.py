"""The numbers that libraries and schools are known by (D1). Pure: forms only, for none of them has a check digit.

NPSN: of schools, by the ministry of education. NPP: of libraries, by Perpusnas. ISIL: of libraries, by ISO 15511.
"""

import re

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

NPSN_FORM = r"^(\d{8}|[PK]\d{7}|\d{6})$"
NPP_FORM = r"^[A-Z0-9]+$"
# A country (two letters: ID for Indonesia) or another registered prefix of one, three or four letters; then, after a
# hyphen, at most eleven letters, digits, slashes, colons and hyphens.
ISIL_FORM = r"^([A-Z]{1,4})-[A-Za-z0-9/:\-]{1,11}$"

NPSN_WRONG = _("An NPSN has eight digits (or P or K and seven digits; six digits for a university).")
NPP_WRONG = _("An NPP has capital letters and digits only.")
ISIL_WRONG = _(
    "An ISIL begins with the country and a hyphen, as in ID-BKT0001, followed by at most eleven letters or digits."
)

check_npsn = RegexValidator(NPSN_FORM, NPSN_WRONG)
check_npp = RegexValidator(NPP_FORM, NPP_WRONG)
check_isil = RegexValidator(ISIL_FORM, ISIL_WRONG)


def plain_number(text: str) -> str:
    """A number as it is kept: capitals, without the blanks, dots and “.0” that spreadsheets put into it."""
    number = re.sub(r"\s+", "", text).upper()
    number = re.sub(r"^(\d+)[.,]0$", r"\1", number)
    return number.strip("'")


def plain_isil(text: str) -> str:
    """An ISIL as it is kept: the prefix in capitals, the rest as its library writes it."""
    prefix, hyphen, rest = re.sub(r"\s+", "", text).partition("-")
    return f"{prefix.upper()}{hyphen}{rest}"
