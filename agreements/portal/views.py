"""What a partner may read of its agreements: the terms in plain words, the dates, the papers (P1)."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.choices import AgreementKind, AgreementStatus
from agreements.lifecycle import life_of
from agreements.models import Agreement, Evaluation, LendingTerm
from agreements.portal.finding import own_agreement, own_side
from agreements.portal.sentences import lending_promises
from agreements.reading import talk_of
from agreements.services.stepping import roles_of
from agreements.terms import last_notice_on
from kerjasama.domain.errors import Sentence
from kerjasama.house import collect
from libraries.choices import PaperKind, PaperStatus
from libraries.models import Document
from libraries.portal.acting import PortalRequest, portal_page, show

RECENT_PAPERS = 6


@require_safe
@portal_page
def agreements(request: PortalRequest) -> HttpResponse:
    """All agreements of the school; the only one is shown at once."""
    rows = list(_own(request).order_by("-starts_on", "-created_at"))
    if len(rows) == 1:
        return redirect("portal:agreement", rows[0].pk)
    open_states = {
        AgreementStatus.NEGOTIATION,
        AgreementStatus.LEGAL_REVIEW,
        AgreementStatus.SIGNING,
        AgreementStatus.ACTIVE,
    }
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
    row = own_agreement(request, pk)
    mine = own_side(request, row)
    term: LendingTerm | None = getattr(row, "lending_term", None)
    today = request.acting.toward(mine.pk).today
    duties = list(row.obligations.select_related("party__institution"))
    parties = list(row.parties.select_related("institution"))
    return show(
        request,
        "portal/agreement.html",
        {
            "agreement": row,
            "talk": talk_of(row, mine) if row.status == AgreementStatus.NEGOTIATION else None,
            "may": life_of(row.kind).available(row.status, roles_of(request.user, row)),
            "notice_on": last_notice_on(row.ends_on, row.notice_days)
            if row.ends_on and row.notice_days and row.status == AgreementStatus.ACTIVE
            else None,
            "promises": lending_promises(term, str(row.office)) if term else [],
            "own_duties": [duty for duty in duties if duty.party.institution_id == mine.pk],
            "other_duties": [duty for duty in duties if duty.party.institution_id != mine.pk],
            "parties": parties,
            "unsigned": [party.institution for party in parties if not party.signed_on],
            "share": _share(row, today),
            "papers": _papers(request, row, mine.pk)[:RECENT_PAPERS],
            "versions": list(row.paper_versions.exclude(document=row.document).select_related("document")),
            "scans": list(row.signed_scans.exclude(file=row.signed_scan).select_related("file")),
            "relatives": _relatives(request, row),
            "parts": collect("portal_agreement_parts", request.user, row, mine),
            "evaluations": list(Evaluation.objects.visible_to(request.user).filter(agreement=row).finished()),
        },
        school_id=mine.pk,
    )


def _relatives(request: PortalRequest, row: Agreement) -> list[tuple[Sentence, Agreement]]:
    """What stands under this agreement, above it, before and after it, as far as the reader may see it."""
    near = (
        Agreement.objects.visible_to(request.user)
        .filter(Q(parent=row) | Q(predecessor=row) | Q(pk__in=[row.parent_id, row.predecessor_id]))
        .select_related("office", "partner")
        .order_by("starts_on", "created_at")
    )
    return [(_relation(row, other), other) for other in near]


def _relation(row: Agreement, other: Agreement) -> Sentence:
    if other.pk == row.parent_id:
        return _("Changes") if row.kind == AgreementKind.ADDENDUM else _("Stands under")
    if other.pk == row.predecessor_id:
        return _("Continues")
    if other.predecessor_id == row.pk:
        return _("Is continued by")
    return other.get_kind_display()


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
