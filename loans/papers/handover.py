"""The handover record (berita acara serah terima, BAST) out, and the record of a return (L4, L6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
    signature,
    verification_words,
)
from kerjasama.domain.wording import counted, long_date, plain_date
from loans.papers.items import Basis, Drawn, Item, PackedBox, columns, copies, titles_in

# Of the giver and of the receiver: the picture of a signature, and who drew it.
Pictures = tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class HandoverPaper:
    """The library hands copies to a partner. Render with ``handover``.

    ``giver`` and ``receiver`` become first and second party. ``period`` is the label of the loan period
    ("Periode 2"); ``due_on`` the day by which the copies come back or are swapped.
    """

    number: str
    on: date
    letterhead: Letterhead
    giver: Party
    receiver: Party
    basis: Basis
    items: Sequence[Item]
    place: str = ""
    period: Text = ""
    due_on: date | None = None
    boxes: int = 0
    """How many, where nobody scanned books into boxes; else ``packed`` says it."""
    packed: Sequence[PackedBox] = ()
    acknowledged_by: Signatory | None = None
    drawn: Drawn | None = None
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        name = _("Handover record of library material")
        facts = {
            "basis": self.basis.name(language),
            "copies": copies(len(self.items), language),
            "giver": party_title(0),
            "receiver": party_title(1),
        }
        return {
            "title": _("%(name)s %(number)s") % {"name": name, "number": self.number},
            "footer": _footer(_("Handover record"), self.number, self.verification),
            "name": name,
            "number": _("Number: %(number)s") % {"number": self.number},
            "opening": opening(self.on, self.place, language),
            "parties": introductions((self.giver, self.receiver)),
            "statement": _(
                "On the basis of %(basis)s, the %(giver)s hands over to the %(receiver)s, and the %(receiver)s "
                "receives from the %(giver)s, %(copies)s of library material as listed in the annex, which is an "
                "inseparable part of this record."
            )
            % facts,
            "condition": _(
                "The library material was handed over complete and in the condition stated in the annex. From the "
                "moment of handover until its return the %(receiver)s is answerable for its safety."
            )
            % facts,
            "closing": _("This record is made truthfully in %(count)s originals, to be used as is fitting.")
            % {"count": counted(2, language)},
            "totals": self._totals(language),
            "packed": self._packed(),
            "signatures": _both_sign(self.giver, self.receiver, self._drawn()),
            "acknowledged": _acknowledged(self.acknowledged_by),
            "annex": _annex(name, self.number, self.on, language),
            "columns": columns(),
            "total": copies(len(self.items), language),
            "verify": verification_words(),
        }

    def _drawn(self) -> Pictures:
        drawn = self.drawn or Drawn()
        return (drawn.library, drawn.library_name), (drawn.partner, drawn.partner_name)

    def _totals(self, language: str) -> list[tuple[str, str]]:
        boxes = len(self.packed) or self.boxes
        rows = [
            (_("Loan period"), str(self.period)),
            (_("Titles"), counted(titles_in(self.items), language)),
            (_("Copies"), counted(len(self.items), language)),
            (_("Boxes"), counted(boxes, language) if boxes else ""),
            (_("Back by"), long_date(self.due_on, language) if self.due_on else ""),
        ]
        return [row for row in rows if row[1]]

    def _packed(self) -> str:
        """What is in each box, for whoever counts them at the door."""
        each = [
            ngettext("box %(number)s with %(count)s book", "box %(number)s with %(count)s books", box.count)
            % {"number": box.number, "count": box.count}
            for box in self.packed
        ]
        return _("Packed in: %(boxes)s.") % {"boxes": ", ".join(each)} if each else ""


@dataclass(frozen=True, kw_only=True)
class ReturnPaper:
    """A partner gives copies back, all or some. Render with ``return_record``.

    ``returned``, ``still_out`` and ``lost`` are disjoint; ``handovers`` are the numbers of the records that the copies
    went out with. ``giver`` is the partner, ``receiver`` the library.
    """

    number: str
    on: date
    letterhead: Letterhead
    giver: Party
    receiver: Party
    basis: Basis
    returned: Sequence[Item]
    still_out: Sequence[Item] = ()
    lost: Sequence[Item] = ()
    of_others: Sequence[Item] = ()
    """What the giver brought back of other schools' books, each with its school as ``note``."""
    handovers: Sequence[str] = ()
    place: str = ""
    acknowledged_by: Signatory | None = None
    drawn: Drawn | None = None
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        name = _("Return record of library material")
        facts = {
            "basis": self.basis.name(language),
            "copies": copies(len(self.returned) + len(self.of_others), language),
            "giver": party_title(0),
            "receiver": party_title(1),
        }
        return {
            "title": _("%(name)s %(number)s") % {"name": name, "number": self.number},
            "footer": _footer(_("Return record"), self.number, self.verification),
            "name": name,
            "number": _("Number: %(number)s") % {"number": self.number},
            "opening": opening(self.on, self.place, language),
            "parties": introductions((self.giver, self.receiver)),
            "statement": _(
                "On the basis of %(basis)s, the %(giver)s returns to the %(receiver)s, and the %(receiver)s takes "
                "back from the %(giver)s, %(copies)s of library material as listed in the annex, which is an "
                "inseparable part of this record."
            )
            % facts,
            "condition": self._remainder(language, facts["giver"]),
            "closing": _("This record is made truthfully in %(count)s originals, to be used as is fitting.")
            % {"count": counted(2, language)},
            "totals": self._totals(language),
            "signatures": _both_sign(self.giver, self.receiver, self._drawn()),
            "acknowledged": _acknowledged(self.acknowledged_by),
            "annex": _annex(name, self.number, self.on, language),
            "columns": columns(),
            "lists": [
                self._list(_("Returned"), self.returned, language),
                self._list(_("Of other schools, brought along"), self.of_others, language),
                self._list(_("Still with the partner"), self.still_out, language, due=True),
                self._list(_("Reported lost"), self.lost, language),
            ],
            "verify": verification_words(),
        }

    def _remainder(self, language: str, giver: str) -> str:
        facts = {
            "giver": giver,
            "out": copies(len(self.still_out), language),
            "lost": copies(len(self.lost), language),
        }
        if self.still_out and self.lost:
            return (
                _(
                    "Remaining with the %(giver)s until the dates in the annex: %(out)s. Reported lost, and to be "
                    "settled separately: %(lost)s."
                )
                % facts
            )
        if self.still_out:
            return _("Remaining with the %(giver)s until the dates in the annex: %(out)s.") % facts
        if self.lost:
            return (
                _(
                    "With this return the %(giver)s holds nothing more. Reported lost, and to be settled separately: "
                    "%(lost)s."
                )
                % facts
            )
        return _("With this return all copies that were handed over are back.")

    def _drawn(self) -> Pictures:
        """The school gives here, and the library receives."""
        drawn = self.drawn or Drawn()
        return (drawn.partner, drawn.partner_name), (drawn.library, drawn.library_name)

    def _totals(self, language: str) -> list[tuple[str, str]]:
        rows = [
            (
                ngettext("Went out with record", "Went out with records", len(self.handovers)),
                "\n".join(self.handovers),
            ),
            (_("Copies returned"), counted(len(self.returned), language)),
            (
                _("Copies of other schools"),
                counted(len(self.of_others), language) if self.of_others else "",
            ),
            (_("Copies still out"), counted(len(self.still_out), language)),
            (_("Copies lost"), counted(len(self.lost), language)),
        ]
        return [row for row in rows if row[1]]

    def _list(self, title: str, items: Sequence[Item], language: str, *, due: bool = False) -> Words:
        return {
            "title": title,
            "total": copies(len(items), language),
            "due": due,
            # Dates are words too: the template shows what stands here, row by row.
            "items": [
                {**vars(item), "due_on": plain_date(item.due_on, language) if item.due_on else ""}
                for item in items
            ],
        }


def _both_sign(giver: Party, receiver: Party, drawn: Pictures) -> list[Words]:
    return [
        {
            **signature(
                heading, _signed_by(party, name), institution=party.institution, above=party_title(index)
            ),
            "drawn": picture,
            "drawn_alt": _("Signature of %(name)s") % {"name": name or party.institution} if picture else "",
        }
        for index, (heading, party, (picture, name)) in enumerate(
            [(_("Handed over by"), giver, drawn[0]), (_("Received by"), receiver, drawn[1])]
        )
    ]


def _signed_by(party: Party, name: str) -> Signatory:
    """Who has signed on the spot stands below the signature, not whoever signs at a desk."""
    return Signatory(name=name) if name else party.signatory


def _acknowledged(person: Signatory | None) -> list[Words]:
    return [signature(_("Acknowledged by"), person)] if person else []


def _annex(name: str, number: str, on: date, language: str) -> Words:
    return {
        "title": _("Annex"),
        "to": name,
        "number": _("Number: %(number)s") % {"number": number},
        "date": _("Date: %(date)s") % {"date": plain_date(on, language)},
    }


def _footer(name: str, number: str, verification: Verification | None) -> str:
    return " · ".join(filter(None, (f"{name} {number}", verification.code if verification else "")))
