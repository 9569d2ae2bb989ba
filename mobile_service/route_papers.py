"""A quarter's calendar of the vans for the wall: every day, every van, every stop with its hour (M3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kerjasama.documents.paper import Words
from kerjasama.domain.wording import long_date, plain_date


@dataclass(frozen=True, kw_only=True)
class WallTour:
    """One van's day: from when to when it is out, and (hours, stop) in their order."""

    on: date
    vehicle: str
    out: str
    stops: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class WallCalendarPaper:
    """Render with ``wall_calendar``. Days are gathered by month."""

    institution: str
    starts_on: date
    ends_on: date
    is_draft: bool
    tours: Sequence[WallTour]
    printed_on: date | None = None

    def words(self, language: str) -> Words:
        name = _("Calendar of the mobile library")
        visits = sum(len(tour.stops) for tour in self.tours)
        span = f"{plain_date(self.starts_on, language)} – {plain_date(self.ends_on, language)}"
        return {
            "title": f"{name} {span}",
            "footer": " · ".join((name, self.institution)),
            "name": name,
            "facts": [
                row
                for row in (
                    (_("Library"), self.institution),
                    (_("Days"), span),
                    (_("Visits"), ngettext("%(n)s visit", "%(n)s visits", visits) % {"n": visits}),
                    (_("State"), _("Not adopted yet: it may still change") if self.is_draft else ""),
                    (_("Printed"), long_date(self.printed_on, language) if self.printed_on else ""),
                )
                if row[1]
            ],
            "heads": [_("Day"), _("Vehicle"), pgettext("van", "Out"), _("Stops")],
            "months": self._months(language),
        }

    def _months(self, language: str) -> list[Words]:
        found: dict[tuple[int, int], list[list[object]]] = {}
        for tour in self.tours:
            found.setdefault((tour.on.year, tour.on.month), []).append(
                [
                    long_date(tour.on, language).rsplit(" ", 2)[0],
                    tour.vehicle,
                    tour.out,
                    [list(stop) for stop in tour.stops],
                ]
            )
        return [
            {"title": plain_date(date(year, month, 1), language).split(" ", 1)[1], "rows": rows}
            for (year, month), rows in sorted(found.items())
        ]
