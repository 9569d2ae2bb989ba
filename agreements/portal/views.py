"""What a partner may read of its agreements: the terms in plain words, the dates, the papers (P1)."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from agreements.choices import AgreementStatus
from agreements.clauses import typed_lines
from agreements.models import Agreement, Evaluation, LendingTerm
from agreements.portal.sentences import lending_promises
from agreements.terms import LABELS
from libraries.choices import PaperKind, PaperStatus
from libraries.models import Document
from libraries.portal.acting import PortalRequest, portal_page, show

# What a person typed into the agreement, in the order of the nine factors.
TYPED = ("aims", "scope", "relation", "division_of_work", "procedures", "financing", "technology")
RECENT_PAPERS = 6


@require_safe
@portal_page
def agreements(request: PortalRequest) -> HttpResponse:
    """All agreements of the school; the only one is shown at once."""
    rows = list(_own(request).order_by("-starts_on", "-created_at"))
    if len(rows) == 1:
        return redirect("portal:agreement", rows[0].pk)
    open_states = {AgreementStatus.SIGNING, AgreementStatus.ACTIVE}
    return show(
        request,
        "portal/agreements.html",
        {
            "running": [row for row in rows if row.status in open_states],
            "past": [row for row in rows if row.status not in open_states],
        },
    )


@require_safe
@portal_page
def agreement(request: PortalRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(
        Agreement.objects.visible_to(request.user)
        .filter(parties__institution__in=request.acting.keys)
        .select_related("office", "partner", "lending_term", "document", "signed_scan", "parent")
        .distinct(),
        pk=pk,
    )
    term: LendingTerm | None = getattr(row, "lending_term", None)
    parties = list(row.parties.select_related("institution"))
    mine = next(
        (party.institution for party in parties if party.institution_id in request.acting.keys), row.partner
    )
    today = request.acting.toward(mine.pk).today
    return show(
        request,
        "portal/agreement.html",
        {
            "agreement": row,
            "promises": lending_promises(term, str(row.office)) if term else [],
            "articles": [
                (LABELS[name], typed_lines(getattr(row, name))) for name in TYPED if getattr(row, name)
            ],
            "parties": parties,
            "share": _share(row, today),
            "papers": _papers(request, row, mine.pk)[:RECENT_PAPERS],
            "evaluations": list(Evaluation.objects.visible_to(request.user).filter(agreement=row).finished()),
        },
        school_id=mine.pk,
    )


def _own(request: PortalRequest) -> "QuerySet[Agreement]":
    return (
        Agreement.objects.visible_to(request.user)
        .filter(parties__institution=request.acting.school)
        .select_related("office", "partner")
    )


def _share(row: Agreement, today: date) -> int | None:
    """How much of its term has passed, in percent; None when it is not in force."""
    if row.status != AgreementStatus.ACTIVE or not row.starts_on or not row.ends_on:
        return None
    whole = (row.ends_on - row.starts_on).days
    return max(0, min(100, round(100 * (today - row.starts_on).days / whole)))


def _papers(request: PortalRequest, row: Agreement, school_id: UUID) -> "QuerySet[Document]":
    """Handover records and letters from this library since the agreement began."""
    papers = Document.objects.visible_to(request.user).filter(
        issuer=row.office_id, recipient=school_id, status=PaperStatus.ISSUED
    )
    if row.starts_on:
        papers = papers.filter(issued_on__gte=row.starts_on)
    return papers.exclude(kind=PaperKind.AGREEMENT).defer("content")
