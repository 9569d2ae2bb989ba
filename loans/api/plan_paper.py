"""A rotation plan on paper, over the API (L2)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from kerjasama.api.filtering import refuse_unknown
from kerjasama.domain.errors import Conflict, InvalidInput
from loans.services.planning_papers import plan_pdf


class PlanPaperMixin:
    """What the desk prints of a plan: all its schools in numbers, or the books of one."""

    acting_object: Any

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "programme",
                OpenApiTypes.UUID,
                description="The books of this programme; all in numbers, without it.",
            )
        ],
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "The plan.")},
        operation_id="rotation_plans_pdf",
    )
    @action(detail=True, methods=["get"])
    def pdf(self, request: Request, **kwargs: Any) -> HttpResponse:
        """The plan as PDF in the language of Accept-Language: numbers, gaps and purchases, or the list of one school."""
        plan = self.acting_object()
        refuse_unknown(set(request.query_params) - {"programme"}, {"programme"})
        if plan.result is None:
            raise Conflict("not_reckoned", _("This plan holds no books yet. Wait until it is reckoned."))
        asked = request.query_params.get("programme")
        if asked is not None and all(row["programme"] != asked for row in plan.schools):
            raise InvalidInput("not_in_plan", _("This programme is not in the plan."), field="programme")
        response = HttpResponse(
            plan_pdf(plan, programme=UUID(asked) if asked else None, language=get_language() or "id"),
            content_type="application/pdf",
        )
        response["Content-Disposition"] = f'inline; filename="rencana-{plan.starts_on:%Y-%m-%d}.pdf"'
        return response
