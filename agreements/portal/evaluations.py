"""What a partner reads of the evaluation of its cooperation, once it is finished (A11, P1)."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from agreements.evaluation_paper import figure_words
from agreements.models import Agreement, Evaluation
from agreements.services.evaluating import figures_of, obstacles_of
from libraries.portal.acting import PortalRequest, portal_page, show


@require_safe
@portal_page
def evaluations(request: PortalRequest) -> HttpResponse:
    """Every finished evaluation of the school's agreements; the only one is shown at once."""
    rows = list(_own(request))
    if len(rows) == 1:
        return redirect("portal:evaluation", rows[0].pk)
    return show(request, "portal/evaluations.html", {"rows": rows})


@require_safe
@portal_page
def evaluation(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The figures in plain words and bars, what stood in the way, and what the library recommends; no draft is shown."""
    rows = Evaluation.objects.visible_to(request.user).finished()
    mine = Agreement.objects.filter(parties__institution__in=request.acting.keys).values("pk")
    row = get_object_or_404(
        rows.filter(agreement__in=mine).select_related("agreement__office", "agreement__partner", "document"),
        pk=pk,
    )
    return show(
        request,
        "portal/evaluation.html",
        {
            "evaluation": row,
            "agreement": row.agreement,
            "lines": [figure_words(line, get_language() or "id") for line in figures_of(row)],
            "obstacles": obstacles_of(row),
        },
    )


def _own(request: PortalRequest) -> "QuerySet[Evaluation]":
    mine = Agreement.objects.filter(parties__institution=request.acting.school).values("pk")
    return (
        Evaluation.objects.visible_to(request.user)
        .finished()
        .filter(agreement__in=mine)
        .select_related("agreement__office")
    )
