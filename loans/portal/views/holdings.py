"""The books that a school holds, and one book of them."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from libraries.access import roles_toward
from libraries.portal.acting import PortalRequest, portal_page, show
from loans.choices import OPEN_CASES, OPEN_LINES, LineStatus, ReceiptState
from loans.lifecycle import CONSIGNMENT
from loans.models import Consignment, LoanLine

PAGE = 100


@require_safe
@portal_page
def holdings(request: PortalRequest) -> HttpResponse:
    """Every book that is at the school, by delivery, soonest back first; ``?q=`` looks in titles and numbers.

    ``?untuk=lapor`` comes from "report a loss": then each book leads to the report at once.
    """
    words = request.GET.get("q", "").strip()[:80]
    mine = held(request).filter(consignment__partner=request.acting.school)
    lines = looked_for(mine, words).order_by(
        "consignment__due_on", "consignment_id", Lower("copy__title__title"), "pk"
    )
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    totals = mine.aggregate(
        here=Count("pk", filter=Q(status=LineStatus.OUT) & ~Q(receipt=ReceiptState.MISSING)),
        lost=Count("pk", filter=Q(status=LineStatus.LOST)),
    )
    return show(
        request,
        "portal/holdings.html",
        {"page_obj": page, "q": words, "reporting": request.GET.get("untuk") == "lapor", "totals": totals},
    )


@require_safe
@portal_page
def book(request: PortalRequest, pk: UUID) -> HttpResponse:
    line = line_of(request, pk)
    case = line.cases.order_by("-reported_on", "-id").first()
    return show(
        request,
        "portal/book.html",
        {
            "line": line,
            "case": case,
            "consignment": line.consignment,
            "may_report": may_report(request, line),
        },
        school_id=line.consignment.partner_id,
    )


def line_of(request: PortalRequest, pk: UUID) -> LoanLine:
    """One book of one of the person's schools, with all that its page names. Raises Http404."""
    return get_object_or_404(
        LoanLine.objects.visible_to(request.user)
        .filter(consignment__partner__in=request.acting.keys)
        .exclude(status=LineStatus.DROPPED)
        .select_related("copy__title", "consignment__lender", "consignment__partner"),
        pk=pk,
    )


def held(request: PortalRequest) -> QuerySet[LoanLine]:
    """Books that left the library for one of the person's schools and have neither come back nor been settled."""
    return (
        LoanLine.objects.visible_to(request.user)
        .filter(consignment__partner__in=request.acting.keys, status__in=OPEN_LINES)
        .select_related("copy__title", "consignment__lender")
    )


def looked_for(lines: QuerySet[LoanLine], words: str) -> QuerySet[LoanLine]:
    """Each word must stand in the title, or the whole be a part of the barcode: its last digits are enough."""
    if not words:
        return lines
    in_title = Q()
    for word in words.split():
        in_title &= Q(copy__title__title__icontains=word)
    return lines.filter(in_title | Q(copy__barcode__icontains=words))


def may(user: Any, action: str, consignment: Consignment) -> bool:
    """Whether the table of a delivery's life lets this person do ``action`` now."""
    roles = roles_toward(user, lender=consignment.lender_id, partner=consignment.partner_id)
    return action in CONSIGNMENT.available(consignment.status, roles)


def may_report(request: PortalRequest, line: LoanLine) -> bool:
    """A book that is here, not known to be missing from the box, and about which no report is open."""
    return (
        line.status == LineStatus.OUT
        and line.receipt != ReceiptState.MISSING
        and may(request.user, "report_loss", line.consignment)
        and not line.cases.filter(status__in=OPEN_CASES).exists()
    )
