"""The load list on paper: what is unloaded last is loaded first, so it is read from below (M6). Facts in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kerjasama.documents.paper import Words
from kerjasama.domain.wording import grouped, long_date


@dataclass(frozen=True, kw_only=True)
class LoadLine:
    stop: str
    delivery: str
    boxes: int
    books: int
    fetch: int


@dataclass(frozen=True, kw_only=True)
class LoadListPaper:
    """Render with ``load_list``. ``lines`` come in the order of the stops."""

    institution: str
    vehicle: str
    on: date
    crew: Sequence[str]
    lines: Sequence[LoadLine]
    room: str
    own_books: int = 0

    def words(self, language: str) -> Words:
        name = _("Load list")
        return {
            "title": f"{name} {self.vehicle} {self.on.isoformat()}",
            "footer": " · ".join((name, self.vehicle, self.on.isoformat())),
            "name": name,
            "facts": [
                (_("Vehicle"), self.vehicle),
                (_("Day"), long_date(self.on, language)),
                *([(_("Crew"), ", ".join(self.crew))] if self.crew else []),
                (_("Room"), self.room),
                *([(_("Books of its own"), grouped(self.own_books, language))] if self.own_books else []),
            ],
            "advice": _(
                "Load from the last line to the first: what is unloaded first stands nearest to the door."
            ),
            "heads": [
                _("No."),
                _("Van stop"),
                _("Delivery"),
                _("Boxes"),
                _("Books"),
                _("To fetch"),
                _("Loaded"),
            ],
            "rows": [
                [
                    str(number),
                    line.stop,
                    line.delivery or "–",
                    str(line.boxes) if line.delivery else "–",
                    str(line.books) if line.delivery else "–",
                    str(line.fetch) if line.fetch else "–",
                ]
                for number, line in enumerate(self.lines, start=1)
            ],
            "none": _("Nothing to bring and nothing to fetch."),
        }
