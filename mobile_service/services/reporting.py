"""From the figures of a span to the report on paper (M8)."""

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from libraries.models import Institution, Person
from libraries.services.documents import PAPER_LANGUAGE
from libraries.services.letters import letterhead_of, signatory_of
from mobile_service.choices import VisitorKind
from mobile_service.report_paper import PartLine, StopLine, VisitReportPaper
from mobile_service.services.statistics import Figures, bringing_little, by_part, figures_of, stops_of
from mobile_service.spans import Span, month_name


def visit_report(office: Institution, span: Span, *, on: date) -> VisitReportPaper:
    """Eleven queries, whatever the number of visits."""
    now, before = figures_of(office, span), figures_of(office, span.before())
    stops = list(stops_of(office, span))
    figures = figure_rows(now, before)
    head = (
        Person.objects.filter(institution=office, signs=True, erased_at__isnull=True).order_by("name").first()
    )
    with translation.override(PAPER_LANGUAGE):
        return VisitReportPaper(
            on=on,
            letterhead=letterhead_of(office),
            signatory=signatory_of(office, head),
            place=office.city,
            office=str(office),
            start=span.start,
            end=span.end,
            kind=span.kind,
            done=now.visits.done,
            due=now.visits.planned - now.visits.ahead,
            cancelled=now.visits.cancelled,
            estimated=now.trips.estimated,
            figures=figures,
            kinds=[(kind.label, now.visits.kinds.get(kind, 0)) for kind in VisitorKind],
            reach=reach_rows(now),
            parts=[
                PartLine(
                    label=month_name(part.start, PAPER_LANGUAGE)
                    if part.kind
                    else f"{part.start.day}–{part.end.day}",
                    planned=found.planned,
                    done=found.done,
                    visitors=found.visitors,
                    lent=found.lent,
                )
                for part, found in by_part(office, span)
            ],
            stops=[
                StopLine(
                    name=row.name,
                    community=row.community,
                    done=row.visits_done,
                    visitors=row.visitors,
                    lent=row.lent,
                )
                for row in stops
                if row.visits_done
            ],
            little=[row.name for row in bringing_little(stops)],
            unvisited=[row.name for row in stops if row.is_active and not row.visits_done],
        )


def figure_rows(now: Figures, before: Figures) -> list[tuple[Any, Any, Any]]:
    """(label, now, before), in the order of the report."""
    return [
        (_("Visits made"), now.visits.done, before.visits.done),
        (_("Visitors"), now.visits.visitors, before.visits.visitors),
        (_("Books lent from the van"), now.visits.lent, before.visits.lent),
        (_("Books brought back to the van"), now.visits.returned, before.visits.returned),
        (_("Books brought for schools"), now.books_brought, before.books_brought),
        (_("Trips"), now.trips.trips, before.trips.trips),
        (_("Kilometres"), now.trips.kilometres, before.trips.kilometres),
        (_("Hours on the road"), now.trips.out_hours, before.trips.out_hours),
        (_("Hours at stops"), now.visits.stay_hours, before.visits.stay_hours),
    ]


def reach_rows(now: Figures) -> list[tuple[Any, int, int]]:
    """(label, visited, in all)."""
    return [
        (_("Schools"), now.schools.reached, now.schools.whole),
        (_("Other places"), now.places.reached, now.places.whole),
        (_("Villages and neighbourhoods"), now.communities.reached, now.communities.whole),
    ]
