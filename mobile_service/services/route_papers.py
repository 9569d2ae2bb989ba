"""A plan on paper (M3)."""

from django.utils import translation

from kerjasama.documents.rendering import render_pdf
from kerjasama.domain import clock
from mobile_service.choices import RoutePlanStatus
from mobile_service.models import RoutePlan
from mobile_service.route_papers import WallCalendarPaper, WallTour
from mobile_service.services.routing_result import tours_of


def wall_calendar_pdf(plan: RoutePlan, *, language: str = "id") -> bytes:
    """Every day of the plan, for the wall. Raises ValueError when it has no result."""
    with translation.override(language):
        paper = WallCalendarPaper(
            institution=str(plan.office),
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            is_draft=plan.status != RoutePlanStatus.ADOPTED,
            printed_on=clock.today(plan.office.zone),
            tours=[
                WallTour(
                    on=tour.on,
                    vehicle=tour.name,
                    out=f"{tour.leaves:%H.%M}–{tour.back:%H.%M}",
                    stops=[(f"{row.begins:%H.%M}–{row.ends:%H.%M}", row.name) for row in tour.visits],
                )
                for tour in tours_of(plan)
            ],
        )
        return render_pdf("wall_calendar", paper, language=language)
