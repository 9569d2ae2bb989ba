"""What the stacks and the packing table work with: the pick list in shelf order, and labels for the boxes (L3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kerjasama.documents.paper import Text, Verification, Words, verification_words
from kerjasama.domain.wording import long_date
from loans.papers.items import columns


@dataclass(frozen=True, kw_only=True)
class PickLine:
    """One copy to fetch. ``location`` names the room or shelf range; lines of one location stand under its name."""

    barcode: str
    call_number: str
    title: str
    author: str = ""
    location: str = ""


@dataclass(frozen=True, kw_only=True)
class PickListPaper:
    """Copies to fetch for one consignment. Render with ``pick_list``. ``lines`` come in shelf order and keep it."""

    institution: str
    partner: str
    consignment: str
    """The code of the consignment, as people read it."""
    lines: Sequence[PickLine]
    period: Text = ""
    dispatch_on: date | None = None
    printed_on: date | None = None

    def _by_location(self) -> list[tuple[str, list[PickLine]]]:
        return [(name, list(lines)) for name, lines in groupby(self.lines, key=attrgetter("location"))]

    def words(self, language: str) -> Words:
        name = _("Pick list")
        return {
            "title": _("%(name)s %(number)s") % {"name": name, "number": self.consignment},
            "footer": " · ".join(filter(None, (name, self.consignment, self.partner))),
            "name": name,
            "facts": [
                row
                for row in (
                    (pgettext("paper", "For"), self.partner),
                    (_("Loan period"), str(self.period)),
                    (
                        _("Planned handover"),
                        long_date(self.dispatch_on, language) if self.dispatch_on else "",
                    ),
                    (_("Copies"), str(len(self.lines))),
                    (_("Printed"), long_date(self.printed_on, language) if self.printed_on else ""),
                )
                if row[1]
            ],
            "columns": {**columns(), "done": pgettext("column", "Fetched")},
            "locations": [
                {
                    "name": location,
                    "count": ngettext("%(count)s book", "%(count)s books", len(lines))
                    % {"count": len(lines)},
                    "lines": [vars(line) for line in lines],
                }
                for location, lines in self._by_location()
            ],
            "hand": [_("Fetched by"), _("Date"), _("Not found")],
        }


@dataclass(frozen=True, kw_only=True)
class BoxLabelPaper:
    """Labels for the boxes of one consignment, four to a sheet of A4. Render with ``box_label``.

    ``boxes`` says how many copies are in each box, in order; their number is the number of labels. ``numbers``: what
    the boxes are called, where not all of them are printed; then nothing says how many there are.
    """

    sender: str
    partner: str
    consignment: str
    boxes: Sequence[int]
    numbers: Sequence[int] = ()
    partner_address: str = ""
    period: Text = ""
    due_on: date | None = None
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        total = len(self.boxes)
        return {
            "title": _("Box labels %(number)s") % {"number": self.consignment},
            "to": pgettext("box label", "To"),
            "from": pgettext("box label", "From %(sender)s") % {"sender": self.sender},
            "period": str(self.period),
            "due": _("Back by %(date)s") % {"date": long_date(self.due_on, language)} if self.due_on else "",
            "labels": [
                {
                    "box": _("Box %(number)s") % {"number": self.numbers[index - 1]}
                    if self.numbers
                    else _("Box %(index)s of %(total)s") % {"index": index, "total": total},
                    "content": ngettext("%(count)s book", "%(count)s books", count) % {"count": count}
                    if count
                    else "",
                }
                for index, count in enumerate(self.boxes, start=1)
            ],
            "verify": {**verification_words(), "alt": _("QR code that opens this delivery")},
        }
