"""The papers of the mobile library: the sheet for the wall of a stop (M4). See ``kerjasama.documents.paper``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from kerjasama.documents.paper import Verification, Words
from kerjasama.domain.wording import long_date, plain_date


@dataclass(frozen=True, kw_only=True)
class StopPoster:
    """Render with ``stop_poster``. ``verification.url``: the stop's page, which becomes the QR."""

    stop: str
    place: str
    hint: str
    library: str
    zone: str
    visits: Sequence[tuple[datetime, datetime]]
    """From when to when, as the clock on the wall shows it."""
    printed_on: date
    verification: Verification

    def words(self, language: str) -> Words:
        point = "." if language.startswith("id") else ":"
        return {
            "title": _("Mobile library: %(stop)s") % {"stop": self.stop},
            "footer": "",
            "head": _("The mobile library comes here"),
            "dates": [
                {
                    "day": long_date(begins.date(), language),
                    "time": f"{begins:%H{point}%M}–{ends:%H{point}%M} {self.zone}".strip(),
                }
                for begins, ends in self.visits
            ],
            "nothing": _("The next day is not fixed yet. The page behind the square knows it first."),
            "scan": _("Scan: every date, and what was changed"),
            "free": _("Free for everybody. Come, read, borrow."),
            "alt": _("QR code of the page of this stop"),
            "library": self.library,
            "printed": _("As of %(day)s. Days may change; the page behind the square always knows.")
            % {"day": plain_date(self.printed_on, language)},
        }
