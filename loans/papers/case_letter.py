"""Letters that follow a demand: the last reminder to the head, and the answers to an offer or an objection (L8)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from agreements.clauses import replacement_points
from kerjasama.documents.paper import (
    Letterhead,
    Signatory,
    Verification,
    Words,
    place_and_date,
    signature,
    verification_words,
)
from kerjasama.domain.wording import counted, long_date, plain_date, priced
from loans.papers.items import Basis, columns
from loans.papers.losses import ClaimedItem, Kind, claimed_row, replacement_clause

Matter = Literal["warning", "accepted", "refused", "upheld", "reduced"]


@dataclass(frozen=True, kw_only=True)
class CaseLetterPaper:
    """The library writes about one demand, by ``matter``. Render with ``case_letter``.

    ``letter`` is the number of the letter that made the demand, ``way`` what is asked now (a value of ``ReplacementWay``).
    ``offered`` and ``pleaded_on`` are about the school's offer or objection, ``reason`` is the library's.
    """

    number: str
    on: date
    letterhead: Letterhead
    sender: Signatory
    recipient: str
    matter: Matter
    kind: Kind
    item: ClaimedItem
    basis: Basis
    due_on: date
    way: str
    case: str = ""
    letter: str = ""
    reason: str = ""
    offered: str = ""
    pleaded_on: date | None = None
    days_late: int = 0
    replacement_days: int = 0
    attention: str = ""
    recipient_address: str = ""
    place: str = ""
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        matter = self._subject()
        return {
            "title": _("%(name)s %(number)s") % {"name": matter, "number": self.number},
            "footer": " · ".join(filter(None, (matter, self.number))),
            "date": place_and_date(self.place, self.on, language),
            "references": [
                (pgettext("letter", "Number"), self.number),
                *([(_("Case"), self.case)] if self.case else []),
                (pgettext("letter", "Subject"), matter),
            ],
            "to": [
                line for line in (_("To:"), self.attention, self.recipient, self.recipient_address) if line
            ],
            "salutation": _("Dear Sir or Madam,"),
            "body": self._body(language),
            "columns": columns(),
            "items": [claimed_row(self.item, language)],
            "reason_title": _("The reason") if self.reason else "",
            "reason": self.reason,
            "request": self._request(language),
            "way": self._way(language),
            "closing": [
                self._closing(),
                _("Thank you for your attention and for the good cooperation."),
            ],
            "signatures": [signature("", self.sender)],
            "verify": verification_words(),
        }

    def _subject(self) -> str:
        return {
            "warning": _("Reminder of the replacement of library material"),
            "accepted": _("Acceptance of a replacement of library material"),
            "refused": _("Answer to the replacement offered"),
            "upheld": _("Answer to the objection to a replacement"),
            "reduced": _("Change of the replacement asked for"),
        }[self.matter]

    def _body(self, language: str) -> str:
        facts = {
            "basis": self.basis.name(language),
            "letter": self.letter,
            "offered": self.offered,
            "day": plain_date(self.pleaded_on, language) if self.pleaded_on else "",
        }
        if self.matter == "warning":
            late = ngettext(
                "Up to today, %(days)s day after the day it was due, the replacement of this library material has not "
                "reached us.",
                "Up to today, %(days)s days after the day it was due, the replacement of this library material has not "
                "reached us.",
                self.days_late,
            ) % {"days": counted(self.days_late, language)}
            asked = (
                _("With letter %(letter)s, under %(basis)s, we asked you for it.")
                if self.letter
                else _("We asked you for it under %(basis)s.")
            ) % facts
            return f"{asked} {late}"
        if self.matter == "accepted":
            return (
                _(
                    "On %(day)s you offered “%(offered)s” in place of the library material below. We have looked at "
                    "the offer and accept the book as equal."
                )
                % facts
            )
        if self.matter == "refused":
            return (
                _(
                    "On %(day)s you offered “%(offered)s” in place of the library material below. Thank you for the "
                    "offer; we have looked at it, and cannot accept this book."
                )
                % facts
            )
        if self.matter == "upheld":
            return (
                _(
                    "On %(day)s you objected to what was asked for the library material below. We have looked at it "
                    "once more, and what was asked stands."
                )
                % facts
            )
        return (
            _(
                "On %(day)s you objected to what was asked for the library material below. We have looked at it once "
                "more, and change what is asked."
            )
            % facts
        )

    def _request(self, language: str) -> str:
        due = {"due": long_date(self.due_on, language)}
        if self.matter == "warning":
            clause = replacement_clause(self.replacement_days, language)
            asked = _("We therefore ask you once more to make good for it at once, by:")
            return " ".join(filter(None, (clause, asked)))
        if self.matter == "accepted":
            return _("Please bring the book to the library no later than %(due)s.") % due
        return _("We therefore kindly ask you to make good for it no later than %(due)s, by:") % due

    def _way(self, language: str) -> str:
        if self.matter == "accepted" or not self.way:
            return ""
        if self.way == "price" and self.item.price is not None:
            return _("payment of its price, %(price)s") % {"price": priced(self.item.price, language)}
        return replacement_points([self.way])[0]

    def _closing(self) -> str:
        if self.matter == "accepted":
            return _(
                "When it is handed over it enters the library's stock with a number of its own, and the settlement is "
                "laid down in a record that both sides sign."
            )
        if self.matter == "warning":
            return _(
                "Should there be a reason why this cannot be done, please tell us in writing or in the portal, so that "
                "we can look at it together."
            )
        return _("The settlement is laid down in a record that both sides sign.")
