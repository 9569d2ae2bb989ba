"""Letters and records about lost and damaged copies (L8, A9)."""

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
    Party,
    Signatory,
    Text,
    Verification,
    Words,
    introductions,
    opening,
    party_title,
    place_and_date,
    signature,
    verification_words,
)
from kerjasama.domain.wording import counted, long_date, plain_date, priced, rupiah
from loans.papers.items import Basis, Item, columns, copies

Kind = Literal["lost", "damaged"]
Outcome = Literal["same_title", "equal_title", "price", "waived"]


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
            "items": [_row(item, language) for item in self.items],
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
        if not self.replacement_days:
            return ""
        return ngettext(
            "The agreement provides that a copy that is lost or damaged beyond use is replaced within %(days)s day "
            "after this was established.",
            "The agreement provides that a copy that is lost or damaged beyond use is replaced within %(days)s days "
            "after this was established.",
            self.replacement_days,
        ) % {"days": counted(self.replacement_days, language)}

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


@dataclass(frozen=True, kw_only=True)
class SettlementPaper:
    """How a loss or damage was settled. Render with ``settlement_record``.

    ``partner`` and ``library`` become first and second party. What an ``outcome`` needs: ``replacement`` for the two
    kinds of title, ``amount`` for a price (``receipt`` is the number of the receipt), ``reason`` for a waiver.
    """

    number: str
    on: date
    letterhead: Letterhead
    partner: Party
    library: Party
    basis: Basis
    kind: Kind
    item: ClaimedItem
    outcome: Outcome
    case: str = ""
    """What the office calls the case, and ``letter`` the number of the letter that asked for the replacement."""
    letter: str = ""
    place: str = ""
    replacement: Item | None = None
    amount: Decimal | None = None
    receipt: str = ""
    reason: str = ""
    reported_on: date | None = None
    acknowledged_by: Signatory | None = None
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        name = (
            _("Record of the settlement of a loss of library material")
            if self.kind == "lost"
            else _("Record of the settlement of damage to library material")
        )
        return {
            "title": _("%(name)s %(number)s") % {"name": name, "number": self.number},
            "footer": " · ".join(
                filter(
                    None,
                    (
                        _("Settlement record"),
                        self.number,
                        self.verification.code if self.verification else "",
                    ),
                )
            ),
            "name": name,
            "number": _("Number: %(number)s") % {"number": self.number},
            "opening": opening(self.on, self.place, language),
            "parties": introductions((self.partner, self.library)),
            "statement": _("On the basis of %(basis)s, the PARTIES have settled the matter of this copy:")
            % {"basis": self.basis.name(language)},
            "items": [_row(self.item, language)],
            "columns": columns(),
            "case": self._case(language),
            "outcome_title": _("The settlement"),
            "outcome": self._outcome(language),
            "replacements": self._replacements(),
            "closing": [
                *(
                    [
                        _(
                            "In the inventory the lost copy stays recorded as lost until it is written off under the "
                            "rules for public property."
                        )
                    ]
                    if self.kind == "lost"
                    else []
                ),
                _(
                    "With this the matter is closed. This record is made truthfully in %(count)s originals, to be used "
                    "as is fitting."
                )
                % {"count": counted(2, language)},
            ],
            "signatures": [
                signature(party_title(0), self.partner.signatory, institution=self.partner.institution),
                signature(party_title(1), self.library.signatory, institution=self.library.institution),
            ],
            "acknowledged": [signature(_("Acknowledged by"), self.acknowledged_by)]
            if self.acknowledged_by
            else [],
            "verify": verification_words(),
        }

    def _case(self, language: str) -> list[tuple[str, str]]:
        rows = [
            (_("Case"), self.case),
            (_("Reported on"), long_date(self.reported_on, language) if self.reported_on else ""),
            (_("Replacement letter"), self.letter),
        ]
        return [row for row in rows if row[1]]

    def _outcome(self, language: str) -> str:
        facts = {"partner": party_title(0), "library": party_title(1)}
        if self.outcome == "price":
            paid = {**facts, "price": priced(self.amount or Decimal(0), language), "receipt": self.receipt}
            if self.receipt:
                return _("The %(partner)s paid %(price)s, receipt number %(receipt)s.") % paid
            return _("The %(partner)s paid %(price)s.") % paid
        if self.outcome == "waived":
            return _("The %(library)s waives the replacement, for this reason: %(reason)s") % {
                **facts,
                "reason": self.reason,
            }
        if self.outcome == "same_title":
            return (
                _(
                    "The %(partner)s replaced the copy by another copy of the same title, which the %(library)s accepted:"
                )
                % facts
            )
        return (
            _("The %(partner)s replaced the copy by an equal title, which the %(library)s accepted:") % facts
        )

    def _replacements(self) -> list[Words]:
        if self.replacement is None or self.outcome not in ("same_title", "equal_title"):
            return []
        return [vars(self.replacement)]


def _row(item: ClaimedItem, language: str) -> Words:
    """The copy with its price as text; a dash where the library has none on file."""
    return {**vars(item), "price": rupiah(item.price, language) if item.price is not None else "–"}
