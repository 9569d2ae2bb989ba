"""The figures of a span as the sheets of one workbook: stop by stop, and everything that the report says of the whole (M8, U25)."""

from typing import Any

from django.utils.translation import gettext as _

from libraries.models import Institution
from libraries.spreadsheets import Sheet
from mobile_service.choices import VisitorKind
from mobile_service.services.reporting import figure_rows, reach_rows
from mobile_service.services.statistics import by_part, figures_of
from mobile_service.spans import Span


def whole_in_sheets(office: Institution, span: Span, language: str) -> list[Sheet]:
    """Sums, weeks (or months), kinds of visitors, and whom it reached; nine queries."""
    before = span.before()
    now, earlier = figures_of(office, span), figures_of(office, before)
    compared = (span.label(language), before.label(language))
    sums: list[tuple[Any, ...]] = figure_rows(now, earlier)
    sums += [
        (_("Visits planned"), now.visits.planned, earlier.visits.planned),
        (_("Visits missed"), now.visits.missed, earlier.visits.missed),
        (_("Visits cancelled"), now.visits.cancelled, earlier.visits.cancelled),
        (_("Kilometres estimated from the plan"), now.trips.estimated, earlier.trips.estimated),
    ]
    counts = (_("Planned"), _("Visited"), _("Not visited"), _("Cancelled"))
    parts = [
        (
            part.start, part.end, row.planned, row.done, row.missed, row.cancelled,
            row.visitors, row.lent, row.returned,
        )
        for part, row in by_part(office, span)
    ]  # fmt: skip
    kinds = [
        (str(kind.label), now.visits.kinds.get(kind, 0), earlier.visits.kinds.get(kind, 0))
        for kind in VisitorKind
    ]
    reach = [
        (str(label), reached, whole, round(100 * reached / whole) if whole else None)
        for label, reached, whole in reach_rows(now)
    ]
    return [
        Sheet(_("What was carried out"), (_("Figure"), *compared), sums),
        Sheet(
            _("Planned and done"),
            (_("First day"), _("Last day"), *counts, _("Visitors"), _("Lent"), _("Brought back")),
            parts,
        ),
        Sheet(_("Visitors by kind"), (_("Kind"), *compared), kinds),
        Sheet(_("Whom it reached"), (_("Kind"), _("Visited"), _("Stops or villages in all"), "%"), reach),
    ]
