"""The mobile library's report to the head: what was planned and done, for whom, how far, and whom it did not reach (M8).

Facts in, sentences and bars out; typeset by ``templates/documents/visit_report.typ``. Knows no rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.documents.paper import Letterhead, Signatory, Text, Words, place_and_date, signature
from kerjasama.domain.wording import grouped
from mobile_service.spans import Span

LISTED = 12


@dataclass(frozen=True, kw_only=True)
class PartLine:
    label: str
    planned: int
    done: int
    visitors: int
    lent: int


@dataclass(frozen=True, kw_only=True)
class StopLine:
    name: str
    community: str
    done: int
    visitors: int
    lent: int


@dataclass(frozen=True, kw_only=True)
class VisitReportPaper:
    """Render with ``visit_report``. ``figures`` are (label, now, before); ``kinds`` (label, now)."""

    on: date
    letterhead: Letterhead
    signatory: Signatory
    place: str
    office: str
    start: date
    end: date
    kind: str
    done: int
    due: int
    cancelled: int
    estimated: Decimal
    figures: Sequence[tuple[Text, Decimal | int, Decimal | int]]
    kinds: Sequence[tuple[Text, int]]
    reach: Sequence[tuple[Text, int, int]]
    parts: Sequence[PartLine]
    stops: Sequence[StopLine]
    little: Sequence[str] = ()
    unvisited: Sequence[str] = ()

    def words(self, language: str) -> Words:
        span = Span(self.start, self.end, self.kind)
        label, before = span.label(language), span.before().label(language)
        title = _("Report of the mobile library")
        longest = max((part.planned for part in self.parts), default=0) or 1
        return {
            "title": f"{title} {label}",
            "name": title,
            "span": label,
            "footer": f"{title} · {self.office} · {label}",
            "summary": self._summary(label, language),
            "figures_title": _("What was carried out"),
            "figures_heads": [_("Figure"), label, before, _("Difference")],
            "figures": [
                [
                    str(name),
                    number(now, language),
                    number(earlier, language),
                    change(now, earlier),
                ]
                for name, now, earlier in self.figures
            ],
            "estimated": _(
                "Of the kilometres %(km)s are estimated from the plan, because the odometer was not read."
            )
            % {"km": number(self.estimated, language)}
            if self.estimated
            else "",
            "parts_title": _("Planned and done"),
            "parts_heads": [
                _("Month") if self.kind != "month" else _("Days"),
                _("Planned"),
                _("Visited"),
                "",
                _("Visitors"),
                _("Lent"),
            ],
            "parts": [
                {
                    "cells": [part.label, grouped(part.planned, language), grouped(part.done, language)],
                    "rest": [grouped(part.visitors, language), grouped(part.lent, language)],
                    "planned": 1000 * part.planned // longest,
                    "done": 1000 * part.done // longest,
                }
                for part in self.parts
            ],
            "legend": {"planned": _("planned"), "done": _("done")},
            "kinds_title": _("Visitors by kind"),
            "kinds": [[str(name), grouped(count, language)] for name, count in self.kinds],
            "reach_title": _("Whom it reached"),
            "reach": [
                [
                    str(name),
                    _("%(reached)d of %(whole)d") % {"reached": reached, "whole": whole},
                    f"{round(100 * reached / whole)} %" if whole else "–",
                ]
                for name, reached, whole in self.reach
            ],
            "stops_title": _("Stops with the most visitors a visit"),
            "stops_heads": [_("Van stop"), _("Visits"), _("Visitors"), _("Lent")],
            "stops": [
                [
                    stop.name + (f", {stop.community}" if stop.community else ""),
                    grouped(stop.done, language),
                    grouped(stop.visitors, language),
                    grouped(stop.lent, language),
                ]
                for stop in self.stops[:LISTED]
            ],
            "little": self._listed(_("Far fewer people come here than to a usual stop:"), self.little),
            "unvisited": self._listed(_("Not visited in this time:"), self.unvisited),
            "signatures": [
                signature("", self.signatory, above=place_and_date(self.place, self.on, language))
            ],
            "verify": {},
        }

    def _summary(self, label: str, language: str) -> str:
        facts = {
            "span": label,
            "done": grouped(self.done, language),
            "due": grouped(self.due, language),
            "percent": round(100 * self.done / self.due) if self.due else 0,
        }
        if not self.due:
            return _("In %(span)s no visits were planned.") % facts
        said = _("In %(span)s %(done)s of %(due)s planned visits took place (%(percent)d%%).") % facts
        if self.cancelled:
            said += " " + ngettext(
                "%(count)d was cancelled.", "%(count)d were cancelled.", self.cancelled
            ) % {"count": self.cancelled}
        return said

    def _listed(self, sentence: str, names: Sequence[str]) -> str:
        if not names:
            return ""
        said = f"{sentence} " + ", ".join(names[:LISTED])
        if len(names) > LISTED:
            said += " " + _("and %(count)d more") % {"count": len(names) - LISTED}
        return said + "."


def number(value: Decimal | int, language: str) -> str:
    """ "1.250" or "87,5": at most one decimal."""
    whole = int(value)
    tenth = int(abs(Decimal(value) - whole) * 10)
    mark = "," if language.startswith("id") else "."
    return grouped(whole, language) + (f"{mark}{tenth}" if tenth else "")


def change(now: Decimal | int, before: Decimal | int) -> str:
    """ "+12 %": against the time before; "–" where that had nothing."""
    if not before:
        return "–"
    percent = round(100 * (Decimal(now) - Decimal(before)) / Decimal(before))
    return f"{percent:+d} %" if percent else "0 %"
