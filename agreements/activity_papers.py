"""The papers of what is done together: acceptance of interns, certificates, lists, minutes (F9, F11, A12).

Frozen facts and the sentences made of them; see ``kerjasama.documents.paper``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kerjasama.documents.paper import (
    Letterhead,
    Signatory,
    Text,
    Verification,
    Words,
    place_and_date,
    signature,
    verification_words,
)
from kerjasama.domain.wording import counted, long_date, plain_date


@dataclass(frozen=True, kw_only=True)
class ListedIntern:
    """One line of a list of interns. ``share``: per cent of the days present; None when none was taken down."""

    name: str
    programme: str
    share: int | None = None
    certificate: str = ""


def period(begins_on: date, ends_on: date, language: str) -> str:
    """ "23 November 2026", or "23 November 2026 to 4 December 2026"."""
    if begins_on == ends_on:
        return plain_date(begins_on, language)
    return _("%(start)s to %(end)s") % {
        "start": plain_date(begins_on, language),
        "end": plain_date(ends_on, language),
    }


@dataclass(frozen=True, kw_only=True)
class AcceptancePaper:
    """The library's answer to the letter of an institution that wants to send interns. Render with ``acceptance``."""

    number: str
    on: date
    letterhead: Letterhead
    sender: Signatory
    recipient: str
    recipient_address: str = ""
    letter_number: str
    letter_on: date | None
    title: str
    begins_on: date
    ends_on: date
    at: str
    """Where the interns work."""
    places: int
    interns: Sequence[ListedIntern] = ()
    agreement: str = ""
    place: str = ""
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        matter = _("Acceptance of interns")
        return {
            "title": _("%(name)s %(number)s") % {"name": matter, "number": self.number},
            "footer": " · ".join(filter(None, (matter, self.number))),
            "date": place_and_date(self.place, self.on, language),
            "references": [
                (pgettext("letter", "Number"), self.number),
                (pgettext("letter", "Subject"), matter),
            ],
            "to": [line for line in (_("To:"), self.recipient, self.recipient_address) if line],
            "salutation": _("Dear Sir or Madam,"),
            "body": [self._answer(language), self._accepted(language)],
            "columns": [_("No."), _("Name"), _("Study programme")],
            "rows": [
                [str(index), intern.name, intern.programme] for index, intern in enumerate(self.interns, 1)
            ],
            "closing": [
                _(
                    "The interns follow the rules of the library and its hours. Their attendance is taken down every day; "
                    "at the end each receives a certificate that states it."
                ),
                _("Thank you for your trust and for working together with us."),
            ],
            "signatures": [signature("", self.sender)],
            "verify": verification_words(),
        }

    def _answer(self, language: str) -> str:
        if not self.letter_number:
            return _("Thank you for your wish to let students learn in our library.")
        if self.letter_on is None:
            return _("This answers your letter number %(number)s.") % {"number": self.letter_number}
        return _("This answers your letter number %(number)s of %(date)s.") % {
            "number": self.letter_number,
            "date": plain_date(self.letter_on, language),
        }

    def _accepted(self, language: str) -> str:
        number = len(self.interns) or self.places
        sentence = ngettext(
            "We gladly take %(count)s student as intern for “%(title)s” from %(start)s to %(end)s at %(place)s.",
            "We gladly take %(count)s students as interns for “%(title)s” from %(start)s to %(end)s at %(place)s.",
            number,
        ) % {
            "count": counted(number, language),
            "title": self.title,
            "start": long_date(self.begins_on, language),
            "end": long_date(self.ends_on, language),
            "place": self.at,
        }
        if self.agreement:
            sentence += " " + _("The internship is carried out under agreement %(agreement)s.") % {
                "agreement": self.agreement
            }
        return sentence


@dataclass(frozen=True, kw_only=True)
class CertificatePaper:
    """A certificate for one person. Render with ``certificate``; landscape, one page.

    ``kind``: the label of the activity's kind. ``share``: attendance of an intern in per cent; None leaves it out.
    """

    number: str
    on: date
    letterhead: Letterhead
    signatory: Signatory
    name: str
    belongs_to: str
    """Study programme and university, or position and institution."""
    kind: Text
    title: str
    begins_on: date
    ends_on: date
    intern: bool = False
    share: int | None = None
    place: str = ""
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        name = _("Certificate")
        facts = {
            "title": self.title,
            "kind": str(self.kind),
            "period": period(self.begins_on, self.ends_on, language),
            "library": self.letterhead.name,
        }
        said = (
            _("has completed an internship at %(library)s: “%(title)s”, %(period)s.")
            if self.intern
            else _("has taken part in “%(title)s” (%(kind)s) at %(library)s, %(period)s.")
        ) % facts
        return {
            "title": _("%(name)s %(number)s") % {"name": name, "number": self.number},
            "footer": "",
            "name": name,
            "number": _("Number: %(number)s") % {"number": self.number},
            "given_to": _("is given to"),
            "said": said,
            "share": ""
            if self.share is None
            else _("Present on %(share)s%% of the days.") % {"share": self.share},
            "signatures": [
                signature("", self.signatory, above=place_and_date(self.place, self.on, language))
            ],
            "verify": verification_words(),
        }


@dataclass(frozen=True, kw_only=True)
class CohortListPaper:
    """All interns of one internship with attendance and certificate. Render with ``cohort_list``. Has no number."""

    letterhead: Letterhead
    title: str
    sender: str
    begins_on: date
    ends_on: date
    printed_on: date
    signatory: Signatory
    interns: Sequence[ListedIntern] = ()
    days: int = 0
    place: str = ""

    def words(self, language: str) -> Words:
        name = _("List of interns")
        return {
            "title": _("%(name)s: %(title)s") % {"name": name, "title": self.title},
            "footer": " · ".join((name, self.title)),
            "name": name,
            "facts": [
                (_("About"), self.title),
                (_("Sent by"), self.sender),
                (pgettext("paper", "Term"), period(self.begins_on, self.ends_on, language)),
                (_("Days taken down"), str(self.days)),
            ],
            "columns": [_("No."), _("Name"), _("Study programme"), _("Present"), _("Certificate")],
            "rows": [
                [
                    str(index),
                    intern.name,
                    intern.programme,
                    "–" if intern.share is None else f"{intern.share}%",
                    intern.certificate or "–",
                ]
                for index, intern in enumerate(self.interns, 1)
            ],
            "signatures": [
                signature("", self.signatory, above=place_and_date(self.place, self.printed_on, language))
            ],
            "verify": verification_words(),
        }


@dataclass(frozen=True, kw_only=True)
class Guest:
    """One institution in the attendance list of a meeting. ``people``: with how many it came; None when not noted."""

    institution: str
    people: int | None = None
    persons: Sequence[str] = ()
    """Official contacts of the institution who were there."""


@dataclass(frozen=True, kw_only=True)
class MinutesPaper:
    """What was said and decided at a meeting, and which institutions were there. Render with ``minutes``."""

    number: str
    on: date
    letterhead: Letterhead
    signatory: Signatory
    title: str
    kind: Text
    held_on: date
    time: str
    at: str
    minutes: str
    guests: Sequence[Guest] = field(default_factory=tuple)
    result: str = ""
    place: str = ""
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        name = _("Minutes")
        return {
            "title": _("%(name)s %(number)s") % {"name": name, "number": self.number},
            "footer": " · ".join((name, self.number)),
            "name": name,
            "number": _("Number: %(number)s") % {"number": self.number},
            "facts": [
                (_("About"), self.title),
                (_("Kind"), str(self.kind)),
                (_("Day"), long_date(self.held_on, language)),
                (pgettext("clock", "Time"), self.time),
                (_("Place"), self.at),
            ],
            "minutes_title": _("What was said and decided"),
            "paragraphs": [line.strip() for line in self.minutes.splitlines() if line.strip()],
            "result_title": _("Result"),
            "result": [line.strip() for line in self.result.splitlines() if line.strip()],
            "guests_title": _("Attendance list"),
            "columns": [_("No."), _("Institution"), _("Who was there"), _("People"), _("Signature")],
            "rows": [
                [
                    str(index),
                    guest.institution,
                    ", ".join(guest.persons),
                    "" if guest.people is None else str(guest.people),
                    "",
                ]
                for index, guest in enumerate(self.guests, 1)
            ],
            "signatures": [
                signature("", self.signatory, above=place_and_date(self.place, self.on, language))
            ],
            "verify": verification_words(),
        }
