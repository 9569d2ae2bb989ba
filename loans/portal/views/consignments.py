"""One delivery: what came, when it goes back, what we said about it, its papers."""

from collections import Counter
from uuid import UUID

from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.services.permits import cite
from libraries.portal.acting import PortalRequest, portal_page, show
from loans.choices import ConsignmentStatus, LineStatus
from loans.models import Consignment, Discrepancy, LoanLine, ReturnVisit
from loans.portal.views.holdings import looked_for, may
from loans.services.crating import sentence_of_counts


@require_safe
@portal_page
def consignment(request: PortalRequest, pk: UUID) -> HttpResponse:
    row = consignment_of(request, pk)
    words = request.GET.get("q", "").strip()[:80]
    lines = list(
        looked_for(row.lines.exclude(status=LineStatus.DROPPED), words)
        .select_related("copy__title", "box")
        .order_by(Lower("copy__title__title"), "pk")
    )
    visits = (
        ReturnVisit.objects.visible_to(request.user)
        .filter(lines__consignment=row, document__isnull=False)
        .select_related("document")
        .defer("document__content")
        .distinct()
    )
    return show(
        request,
        "portal/consignment.html",
        {
            "consignment": row,
            "lines": lines,
            "q": words,
            "differences": [
                (difference, answer_to(difference))
                for difference in row.discrepancies.select_related("line__copy__title", "photograph")
            ],
            "visits": visits,
            "is_out": row.status
            in (ConsignmentStatus.DISPATCHED, ConsignmentStatus.FLAGGED, ConsignmentStatus.RECEIVED),
            "under": cite(row.period.programme.agreement),
            "may_confirm": may(request.user, "receive", row),
            "boxes": "" if words else in_boxes(lines),
        },
        school_id=row.partner_id,
    )


def in_boxes(lines: list[LoanLine]) -> str:
    """How many books came in each box, by their numbers; counted from the lines that the page shows anyway."""
    counts = Counter(line.box.number for line in lines if line.box is not None)
    return sentence_of_counts([books for _number, books in sorted(counts.items())])


def answer_to(difference: Discrepancy) -> str:
    """What the library found out about a reported difference; "" while it is still looking."""
    if difference.resolved_at is None:
        return ""
    outcome = difference.resolution.partition(":")[0]
    answers = {
        "was_in_box": _("It was in the box after all"),
        "stayed_here": _("It had stayed at the library"),
        "open_case": _("It became a report of a loss"),
        "noted": _("The library has noted it"),
    }
    return answers.get(outcome, _("Cleared up"))


def consignment_of(request: PortalRequest, pk: UUID) -> Consignment:
    """A delivery to one of the person's schools, with its counts. Raises Http404."""
    return get_object_or_404(
        Consignment.objects.visible_to(request.user)
        .filter(partner__in=request.acting.keys)
        .with_counts()
        .select_related("lender", "partner", "period__programme__agreement__office", "handover_document")
        .defer("handover_document__content"),
        pk=pk,
    )
