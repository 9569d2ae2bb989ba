"""The letter that asks for the replacement of lost or damaged copies (L8, A9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from agreements.clauses import replacement_points
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
from kerjasama.domain.wording import counted, long_date, plain_date, priced, rupiah
from loans.papers.items import Basis, Item, columns, copies

Kind = Literal["lost", "damaged"]


@dataclass(frozen=True, kw_only=True)
class ClaimedItem(Item):
    """A copy to be replaced; ``price`` in rupiah, None when the library has none on file."""

    price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class ReplacementLetterPaper:
    """The library asks a partner to replace what was lost or damaged. Render with ``replacement_letter``.

    ``chronology``: what happened when, oldest first. ``ways``: values of ``ReplacementWay`` that the agreement allows.
    ``handovers``: numbers of the records that the copies went out with.
    """

    number: str
    on: date
    letterhead: Letterhead
    sender: Signatory
    recipient: str
    """The institution; ``attention`` the person's position there ("Kepala Sekolah")."""
    kind: Kind
    items: Sequence[ClaimedItem]
    basis: Basis
    due_on: date
    ways: Sequence[str]
    replacement_days: int = 0
    """What the agreement says about the time to replace a copy; 0 leaves the clause unquoted."""
    attention: str = ""
    recipient_address: str = ""
    place: str = ""
    chronology: Sequence[tuple[date, Text]] = ()
    handovers: Sequence[str] = ()
    verification: Verification | None = None

    @property
    def total(self) -> Decimal | None:
        """The sum of the prices, if every copy has one."""
        prices = [item.price for item in self.items if item.price is not None]
        return sum(prices, Decimal(0)) if self.items and len(prices) == len(self.items) else None

    def words(self, language: str) -> Words:
        matter = (
            _("Replacement of lost library material")
            if self.kind == "lost"
            else _("Replacement of damaged library material")
        )
        return {
            "title": _("%(name)s %(number)s") % {"name": matter, "number": self.number},
            "footer": " · ".join(filter(None, (matter, self.number))),
            "name": matter,
            "date": place_and_date(self.place, self.on, language),
            "references": [
                (pgettext("letter", "Number"), self.number),
                (pgettext("letter", "Subject"), matter),
            ],
            "to": [
                line for line in (_("To:"), self.attention, self.recipient, self.recipient_address) if line
            ],
            "salutation": _("Dear Sir or Madam,"),
            "body": self._body(language),
            "columns": columns(),
            "items": [claimed_row(item, language) for item in self.items],
            "total": rupiah(self.total, language) if self.total is not None and len(self.items) > 1 else "",
            "chronology_title": _("What happened"),
            "chronology": [(plain_date(on, language), what) for on, what in self.chronology],
            "clause": self._clause(language),
            "request": self._request(language),
            "ways": self._ways(language),
            "closing": [
                _(
                    "Please hand over the replacement together with this letter; the settlement is laid down in a "
                    "record that both sides sign. Should the book be found meanwhile, let us know and return it: the "
                    "matter is then closed."
                )
                if self.kind == "lost"
                else _(
                    "Please hand over the replacement together with this letter; the settlement is laid down in a "
                    "record that both sides sign."
                ),
                _("Thank you for your attention and for the good cooperation."),
            ],
            "signatures": [signature("", self.sender)],
            "verify": verification_words(),
        }

    def _body(self, language: str) -> str:
        facts = {
            "basis": self.basis.name(language),
            "copies": copies(len(self.items), language),
            "handovers": ", ".join(self.handovers),
        }
        if self.kind == "lost":
            if self.handovers:
                return (
                    _(
                        "Under %(basis)s, library material was lent to you with handover record %(handovers)s. "
                        "Recorded as lost (%(copies)s):"
                    )
                    % facts
                )
            return (
                _("Of the library material lent to you under %(basis)s, recorded as lost (%(copies)s):")
                % facts
            )
        if self.handovers:
            return (
                _(
                    "Under %(basis)s, library material was lent to you with handover record %(handovers)s. "
                    "Recorded as damaged beyond use (%(copies)s):"
                )
                % facts
            )
        return (
            _(
                "Of the library material lent to you under %(basis)s, recorded as damaged beyond use (%(copies)s):"
            )
            % facts
        )

    def _clause(self, language: str) -> str:
        return replacement_clause(self.replacement_days, language)

    def _request(self, language: str) -> str:
        due = {"due": long_date(self.due_on, language)}
        if len(self.ways) == 1:
            return _("We therefore kindly ask you to make good for it no later than %(due)s, by:") % due
        return (
            _(
                "We therefore kindly ask you to make good for it no later than %(due)s, in one of the following ways:"
            )
            % due
        )

    def _ways(self, language: str) -> list[str]:
        points = replacement_points(self.ways)
        if self.total is None:
            return points
        sum_of = {"price": priced(self.total, language)}
        return [
            _("payment of its price, %(price)s") % sum_of if way == "price" else point
            for way, point in zip(self.ways, points, strict=True)
        ]


def replacement_clause(days: int, language: str) -> str:
    """What the agreement says about the time to replace a copy; "" where it says nothing."""
    if not days:
        return ""
    return ngettext(
        "The agreement provides that a copy that is lost or damaged beyond use is replaced within %(days)s day "
        "after this was established.",
        "The agreement provides that a copy that is lost or damaged beyond use is replaced within %(days)s days "
        "after this was established.",
        days,
    ) % {"days": counted(days, language)}


def claimed_row(item: ClaimedItem, language: str) -> Words:
    """The copy with its price as text; a dash where the library has none on file."""
    return {**vars(item), "price": rupiah(item.price, language) if item.price is not None else "–"}
