"""What was agreed on, in the plain words of somebody who explains it. Pure: data in, sentences out (A7, A9).

The signed paper speaks of parties and articles; this page speaks to a teacher, from the same data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from agreements.choices import ReplacementWay
from agreements.models import LendingTerm
from kerjasama.domain.wording import long_date


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing that was agreed on: a picture, a sentence, and what follows from it."""

    icon: str
    what: str
    detail: str = ""


def lending_promises(term: LendingTerm, library: str) -> list[Promise]:
    """The terms of a collection loan as sentences, in the order in which a school meets them."""
    facts = {
        "library": library,
        "quantity": term.quantity,
        "months": term.interval_months,
        "receipt": term.receipt_days,
        "replacement": term.replacement_days,
    }
    promises = [
        Promise(
            "books",
            ngettext(
                "%(library)s lends you %(quantity)d book at a time.",
                "%(library)s lends you %(quantity)d books at a time.",
                term.quantity,
            )
            % facts,
            _("They stay the property of the library; pupils read them at school.") if term.quantity else "",
        ),
        Promise(
            "swap",
            ngettext(
                "Every month all of them are swapped for others.",
                "Every %(months)d months all of them are swapped for others.",
                term.interval_months,
            )
            % facts,
            _("On the day of the swap the old books go back and the new ones stay."),
        ),
        Promise(
            "check",
            ngettext(
                "You confirm within %(receipt)d day that they arrived.",
                "You confirm within %(receipt)d days that they arrived.",
                term.receipt_days,
            )
            % facts,
            _("Count them, and say here what is missing or damaged."),
        ),
        Promise(
            "history",
            ngettext(
                "A lost or ruined book is replaced within %(replacement)d day.",
                "A lost or ruined book is replaced within %(replacement)d days.",
                term.replacement_days,
            )
            % facts,
            replacement_words(term.replacement_ways),
        ),
    ]
    if term.first_delivery_on:
        promises.insert(
            1,
            Promise(
                "calendar",
                _("The first delivery: %(date)s.")
                % {"date": long_date(term.first_delivery_on, get_language() or "id")},
            ),
        )
    return promises


def replacement_words(ways: Sequence[str]) -> str:
    """By what a lost book may be replaced, as one sentence; an empty choice means any of the three."""
    words = {
        ReplacementWay.SAME_TITLE: _("the same title"),
        ReplacementWay.EQUAL_TITLE: _("another title of equal worth"),
        ReplacementWay.PRICE: _("its price"),
    }
    chosen = [words[way] for way in ReplacementWay if not ways or way in ways]
    if len(chosen) == 1:
        return _("By %(way)s.") % {"way": chosen[0]}
    return _("By %(ways)s or %(last)s. The library tells you which.") % {
        "ways": ", ".join(chosen[:-1]),
        "last": chosen[-1],
    }
