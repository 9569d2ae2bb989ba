"""Months, quarters and years as they are counted and compared. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.wording import plain_date

MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` to ``end``, both included."""

    start: date
    end: date
    kind: str = ""

    def before(self) -> "Span":
        """As long, right before it."""
        if self.kind:
            return span_of(self.kind, self.start - timedelta(days=1))
        length = self.end - self.start
        return Span(self.start - timedelta(days=1) - length, self.start - timedelta(days=1))

    def after(self) -> "Span":
        return span_of(self.kind, self.end + timedelta(days=1))

    def label(self, language: str) -> str:
        """ "November 2026", "October to December 2026", "2026"."""
        if self.kind == "year":
            return str(self.start.year)
        if self.kind == "month":
            return _month(self.start, language)
        if self.kind == "quarter":
            first = _month(self.start, language).rsplit(" ", 1)[0]
            return _("%(first)s to %(last)s") % {"first": first, "last": _month(self.end, language)}
        return _("%(first)s to %(last)s") % {
            "first": plain_date(self.start, language),
            "last": plain_date(self.end, language),
        }

    def parts(self) -> list["Span"]:
        """What a chart of it is made of: months, and of a month its weeks from Monday."""
        found, day = [], self.start
        while day <= self.end:
            if self.kind == "month":
                end = min(self.end, day + timedelta(days=6 - day.weekday()))
                found.append(Span(day, end))
            else:
                month = span_of("month", day)
                end = month.end
                found.append(month)
            day = end + timedelta(days=1)
        return found


def span_of(kind: str, day: date) -> Span:
    """The month, quarter or year that ``day`` is in."""
    months = MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Span(first, clock.add_months(first, months) - timedelta(days=1), kind)


def month_name(day: date, language: str) -> str:
    """ "November": as it stands in a list of months."""
    return _month(day, language).rsplit(" ", 1)[0]


def _month(day: date, language: str) -> str:
    return plain_date(day, language).split(" ", 1)[1]
