"""The record of how a loss or damage ended: settled by both sides, or written off by the library (L8, A9)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from kerjasama.documents.paper import (
    Letterhead,
    Party,
    Signatory,
    Verification,
    Words,
    introductions,
    opening,
    party_title,
    signature,
    verification_words,
)
from kerjasama.domain.wording import counted, long_date, priced
from loans.papers.items import Basis, Item, columns
from loans.papers.losses import ClaimedItem, Kind, claimed_row

Outcome = Literal["same_title", "equal_title", "price", "waived", "written_off"]


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
    accession: str = ""
    """The inventory number of the copy, and ``replacement_accession`` that of the one in its place."""
    replacement_accession: str = ""
    decision: str = ""
    """The number of the list or decision by which a copy is written off."""
    reported_on: date | None = None
    acknowledged_by: Signatory | None = None
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        name = self._name()
        by_library = self.outcome == "written_off"
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
            "parties": introductions((self.library,) if by_library else (self.partner, self.library)),
            "statement": self._statement(language),
            "items": [claimed_row(self.item, language)],
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
                    if self.kind == "lost" and not self.decision
                    else []
                ),
                _("With this the matter is closed. This record is made truthfully, to be used as is fitting.")
                if by_library
                else _(
                    "With this the matter is closed. This record is made truthfully in %(count)s originals, to be used "
                    "as is fitting."
                )
                % {"count": counted(2, language)},
            ],
            "signatures": [signature("", self.library.signatory, institution=self.library.institution)]
            if by_library
            else [
                signature(party_title(0), self.partner.signatory, institution=self.partner.institution),
                signature(party_title(1), self.library.signatory, institution=self.library.institution),
            ],
            "acknowledged": [signature(_("Acknowledged by"), self.acknowledged_by)]
            if self.acknowledged_by
            else [],
            "verify": verification_words(),
        }

    def _name(self) -> str:
        if self.outcome == "written_off":
            return _("Record of the write-off of library material")
        if self.kind == "lost":
            return _("Record of the settlement of a loss of library material")
        return _("Record of the settlement of damage to library material")

    def _statement(self, language: str) -> str:
        facts = {"basis": self.basis.name(language), "partner": self.partner.institution}
        if self.outcome != "written_off":
            return _("On the basis of %(basis)s, the PARTIES have settled the matter of this copy:") % facts
        if self.kind == "lost":
            return (
                _("This copy was lent to %(partner)s on the basis of %(basis)s and was lost there:") % facts
            )
        return (
            _("This copy was lent to %(partner)s on the basis of %(basis)s and was damaged beyond use there:")
            % facts
        )

    def _case(self, language: str) -> list[tuple[str, str]]:
        rows = [
            (_("Case"), self.case),
            (_("Inventory number"), self.accession),
            (_("Inventory number of the new copy"), self.replacement_accession),
            (_("Reported on"), long_date(self.reported_on, language) if self.reported_on else ""),
            (_("Replacement letter"), self.letter),
        ]
        return [row for row in rows if row[1]]

    def _outcome(self, language: str) -> str:
        facts = {"partner": party_title(0), "library": party_title(1)}
        if self.outcome == "written_off":
            return _(
                "By decision %(decision)s the copy is written off and leaves the inventory, for this reason: %(reason)s"
            ) % {"decision": self.decision, "reason": self.reason}
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
