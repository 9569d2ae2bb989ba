"""What every paper is made of: a letterhead, the people who sign, the code that verifies it.

A paper is a frozen dataclass of facts (names, dates, numbers, rows); it asks the database nothing and knows no model.
Its sentences come from ``words``, which runs while the paper's language is active, so that every word on a paper goes
through gettext and the Typst template only arranges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kerjasama.domain.wording import formal_date, plain_date

# A label that a caller passes may still be lazy: it is resolved in the language of the paper.
Text: TypeAlias = str | Promise
# What a template reads: text, numbers, lists and tables of them. Nothing in it is ever executed.
Words: TypeAlias = Mapping[str, Any]

# What a hand fills in on a paper that is printed before the fact is known.
BLANK = "…" * 12


class Paper(Protocol):
    """What ``render_pdf`` needs of a paper, besides being a frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def words(self, language: str) -> Words:
        """Every sentence and label of the paper. Has at least ``title``, the title of the PDF."""


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """The head of official paper (kop surat). ``above`` names the bodies over the institution, highest first."""

    name: str
    above: Sequence[str] = ()
    address: str = ""
    contacts: Sequence[str] = ()
    """Telephone, e-mail, site: printed on one line."""


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Somebody who signs. ``employee_number`` is the NIP; private schools and citizens have none.

    An empty ``name`` leaves a dotted line for a hand to fill.
    """

    name: str = ""
    position: str = ""
    employee_number: str = ""
    institution: str = ""


@dataclass(frozen=True, kw_only=True)
class Party:
    """One side of a paper: the institution and the person who acts for it."""

    institution: str
    signatory: Signatory
    address: str = ""
    acting_for: str = ""
    """Whom the signatory represents, if not simply the institution (a head of office acting for a mayor)."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """``url`` is the full address of the public page that vouches for the paper; it becomes the QR."""

    code: str
    url: str


def opening(on: date | None, place: str, language: str) -> str:
    """ "Pada hari ini, Senin, tanggal dua puluh tiga …, bertempat di Bukittinggi, kami …:"; dots for what is open."""
    facts = {"date": formal_date(on, language) if on else BLANK, "place": place or BLANK}
    return _("On this day, %(date)s, in %(place)s, we the undersigned:") % facts


def party_title(index: int) -> str:
    """What the paper calls its ``index``-th party, counted from 0: FIRST PARTY, SECOND PARTY, …"""
    titles = (
        pgettext("party", "FIRST PARTY"),
        pgettext("party", "SECOND PARTY"),
        pgettext("party", "THIRD PARTY"),
        pgettext("party", "FOURTH PARTY"),
        pgettext("party", "FIFTH PARTY"),
    )
    return (
        titles[index]
        if index < len(titles)
        else pgettext("party", "PARTY %(number)s") % {"number": index + 1}
    )


def introductions(parties: Sequence[Party]) -> list[Words]:
    """Each party as the opening introduces it: labelled facts, and the sentence that gives it its title."""
    return [_introduction(party, party_title(index)) for index, party in enumerate(parties)]


def _introduction(party: Party, title: str) -> Words:
    person = party.signatory
    rows = [
        (_("Name"), person.name or BLANK),
        (_("Employee number"), person.employee_number),
        (_("Position"), person.position or BLANK),
        (_("Address"), party.address),
    ]
    sentence = _("acting for and on behalf of %(institution)s, hereinafter called the %(title)s.") % {
        "institution": party.acting_for or party.institution,
        "title": title,
    }
    return {"rows": [row for row in rows if row[1]], "sentence": sentence, "title": title}


def signature(heading: str, person: Signatory, *, institution: str = "", above: str = "") -> Words:
    """One signature block. ``above`` is the line over it (place and date, or "acknowledged by")."""
    number = person.employee_number
    return {
        "above": above,
        "heading": heading,
        "institution": institution or person.institution,
        "position": person.position,
        "name": person.name,
        "number": _("NIP %(number)s") % {"number": number} if number else "",
    }


def place_and_date(place: str, on: date | None, language: str) -> str:
    """ "Bukittinggi, 23 November 2026", as it stands over a signature."""
    return ", ".join(part for part in (place, plain_date(on, language) if on else BLANK) if part)


def verification_words() -> Words:
    """The words beside the QR."""
    return {
        "check": _("Check this paper: scan the code, or open the address and compare."),
        "code": _("Verification code"),
        "alt": _("QR code of the address that verifies this paper"),
    }
