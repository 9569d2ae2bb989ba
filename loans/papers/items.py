"""What the papers of lending share: a copy as a row, and the agreement that a paper rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kerjasama.documents.paper import Text
from kerjasama.domain.wording import counted, plain_date


@dataclass(frozen=True, kw_only=True)
class Item:
    """One copy, as a list on paper shows it. ``condition`` is the label, ``note`` whatever was remarked on it."""

    barcode: str
    title: str
    author: str = ""
    call_number: str = ""
    condition: Text = ""
    note: Text = ""
    due_on: date | None = None
    """Only where the list is of copies that are still out."""


@dataclass(frozen=True, kw_only=True)
class PackedBox:
    """One box of a delivery, and how many copies are in it."""

    number: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What both sides have signed with their fingers where they stood together: pictures (SVG), and who signed."""

    library: str = ""
    library_name: str = ""
    partner: str = ""
    partner_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """The agreement that a paper rests on. ``number`` may be empty for one that was never written."""

    subject: str
    written: bool = True
    number: str = ""
    dated: date | None = None

    def name(self, language: str) -> str:
        """ "Perjanjian Kerja Sama Nomor … tanggal … tentang …", to stand within a sentence."""
        facts = {
            "number": self.number,
            "date": plain_date(self.dated, language) if self.dated else "",
            "subject": self.subject,
        }
        if not self.written:
            if self.dated:
                return _("the unwritten agreement of %(date)s on %(subject)s") % facts
            return _("the unwritten agreement on %(subject)s") % facts
        if self.number and self.dated:
            return _("Agreement Number %(number)s of %(date)s on %(subject)s") % facts
        if self.number:
            return _("Agreement Number %(number)s on %(subject)s") % facts
        return _("the agreement on %(subject)s") % facts


def titles_in(items: Sequence[Item]) -> int:
    """How many different titles, as far as the list itself tells: the same title by the same author counts once."""
    return len({(item.title.casefold(), item.author.casefold()) for item in items})


def copies(count: int, language: str) -> str:
    """ "100 (seratus) eksemplar"."""
    return ngettext("%(count)s copy", "%(count)s copies", count) % {"count": counted(count, language)}


def columns() -> dict[str, str]:
    """Heads of the columns that lists of copies have."""
    return {
        "index": pgettext("column", "No."),
        "barcode": pgettext("column", "Barcode"),
        "title": pgettext("column", "Title and author"),
        "call_number": pgettext("column", "Call number"),
        "condition": pgettext("column", "Condition"),
        "due": pgettext("column", "Due back"),
        "price": pgettext("column", "Price"),
        "total": pgettext("column", "Total"),
    }
