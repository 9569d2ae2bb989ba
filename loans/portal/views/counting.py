"""Counting our own books on the shelf: with the camera of a phone, a scanner, or the last digits of a label (L7)."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kerjasama.domain.errors import DomainError
from kerjasama.pages.camera import with_camera
from libraries.desk import plain
from libraries.models import Institution
from libraries.portal.acting import PortalRequest, portal_page, show
from loans.choices import ScanDesk, StocktakeStatus
from loans.countings import besides, not_seen, not_seen_yet
from loans.models import Consignment, Scan, Stocktake
from loans.panels import Panel, panel_of, panel_of_row, panel_of_undo, refusal
from loans.scan_form import event_id_of, kept_by_device
from loans.services.counting import (
    cancel_stocktake,
    close_stocktake,
    missing_lines,
    open_stocktake,
    report_missing,
)
from loans.services.places import counts_of
from loans.services.scanning import scan, undo_scan

UNDO = "portal:counting_undo"
SHOWN = 20
# So many last digits of a label name a book among some hundreds well enough.
FEWEST_DIGITS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def countings(request: PortalRequest) -> HttpResponse:
    """What we have counted; POST begins, or goes on with what is open."""
    school = request.acting.school
    lenders = Institution.objects.filter(
        pk__in=Consignment.objects.visible_to(request.user).filter(partner=school).out().values("lender")
    )
    status = 200
    if request.method == "POST":
        lender = lenders.filter(pk__in=_keys(request.POST.get("perpustakaan"))).first()
        try:
            if lender is None:
                raise Http404
            row = open_stocktake(lender=lender, partner=school, actor=request.user)
            return redirect("portal:counting", row.pk)
        except DomainError as error:
            messages.error(request, str(error.message))
            status = error.status
    rows = Stocktake.objects.visible_to(request.user).filter(partner=school).for_list()
    context = {"stocktakes": rows.order_by("-on", "-id")[:20], "lenders": lenders.order_by("name")}
    return show(request, "portal/counting/list.html", context, status=status)


def _keys(text: str | None) -> list[UUID]:
    try:
        return [UUID(text or "")]
    except ValueError:
        return []


@with_camera
@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def counting(request: PortalRequest, pk: UUID) -> HttpResponse:
    """While it is open, a field, an answer and a figure; afterwards what was found."""
    row = stocktake_of(request, pk)
    if request.method != "POST":
        return _page(request, row, None) if row.status == StocktakeStatus.OPEN else _result(request, row)
    typed = plain(request.POST.get("barcode", ""))
    try:
        answer = scan(
            desk=ScanDesk.COUNT,
            stocktake=row,
            barcode=_whole(row, typed),
            actor=request.user,
            client_event_id=event_id_of(request),
            **kept_by_device(request),
        )
    except DomainError as error:
        return _reply(request, row, refusal(error, typed), None, error.status)
    return _reply(request, row, panel_of(answer, UNDO), (answer.count, answer.total))


def _whole(row: Stocktake, typed: str) -> str:
    """The code that its last digits name: the only book that should be here and ends so. Else what was typed."""
    if not typed.isdigit() or len(typed) < FEWEST_DIGITS:
        return typed
    fitting = not_seen_yet(row).filter(copy__barcode__endswith=typed)
    found = list(fitting.values_list("copy__barcode", flat=True)[:2])
    return found[0] if len(found) == 1 else typed


@require_POST
@portal_page
def counting_undo(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One key takes back the last scan, or any other that is shown (U18)."""
    found = get_object_or_404(
        Scan.objects.visible_to(request.user)
        .filter(stocktake__partner__in=request.acting.keys)
        .select_related("stocktake__lender", "stocktake__partner"),
        pk=pk,
    )
    row = found.stocktake
    assert row is not None
    try:
        answer = undo_scan(scan=found, actor=request.user)
    except DomainError as error:
        return _reply(request, row, refusal(error, found.barcode), None, error.status)
    return _reply(request, row, panel_of_undo(answer, found.pk), (answer.count, answer.total))


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def counting_step(request: PortalRequest, pk: UUID, action: str) -> HttpResponse:
    """Finish, or give up: asked once."""
    row = stocktake_of(request, pk)
    if action not in ("selesai", "batal"):
        raise Http404
    error = None
    if request.method == "POST":
        try:
            if action == "selesai":
                close_stocktake(stocktake=row, actor=request.user)
            else:
                cancel_stocktake(stocktake=row, actor=request.user)
            return redirect("portal:counting", row.pk)
        except DomainError as refused:
            error = refused
    done, total = counts_of(row)
    return show(
        request,
        "portal/counting/step.html",
        {"stocktake": row, "action": action, "done": done, "total": total, "refusal": error and str(error)},
        school_id=row.partner_id,
        status=error.status if error else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def counting_missing(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What was not seen, ticked; the ticked ones are reported as lost in one act."""
    row = stocktake_of(request, pk)
    lines = list(missing_lines(row).select_related("copy__title").order_by("copy__title__title", "pk"))
    error = None
    if request.method == "POST":
        known = {str(line.pk): line.pk for line in lines}
        chosen = [known[key] for key in request.POST.getlist("line") if key in known]
        try:
            cases = report_missing(
                stocktake=row,
                actor=request.user,
                lines=chosen,
                account=request.POST.get("account", "").strip()[:2000],
            )
        except DomainError as refused:
            error = refused
        else:
            said = ngettext(
                "%(count)d book is reported as lost. The library answers each report.",
                "%(count)d books are reported as lost. The library answers each report.",
                len(cases),
            )
            messages.success(request, said % {"count": len(cases)})
            return redirect("portal:counting", row.pk)
    return show(
        request,
        "portal/counting/missing.html",
        {
            "stocktake": row,
            "lines": lines,
            "chosen": request.POST.getlist("line") if error else [str(line.pk) for line in lines],
            "account": request.POST.get("account", ""),
            "refusal": error and str(error),
        },
        school_id=row.partner_id,
        status=error.status if error else 200,
    )


def stocktake_of(request: PortalRequest, pk: UUID) -> Stocktake:
    rows = Stocktake.objects.visible_to(request.user).filter(partner__in=request.acting.keys)
    return get_object_or_404(rows.for_list(), pk=pk)


def _reply(
    request: PortalRequest,
    row: Stocktake,
    panel: Panel,
    figures: tuple[int, int] | None,
    status: int = 200,
) -> HttpResponse:
    if not _wants_fragment(request):
        return _page(request, row, panel, status)
    done, total = figures or counts_of(row)
    context = {"panel": panel, "done": done, "total": total}
    return show(request, "admin/loans/_scan_answer.html", context, school_id=row.partner_id, status=status)


def _wants_fragment(request: HttpRequest) -> bool:
    htmx: Any = getattr(request, "htmx", False)
    return bool(htmx)


def _page(request: PortalRequest, row: Stocktake, panel: Panel | None, status: int = 200) -> HttpResponse:
    done, total = counts_of(row)
    return show(
        request,
        "portal/counting/scan.html",
        {
            "stocktake": row,
            "panel": panel,
            "done": done,
            "total": total,
            "recent": [panel_of_row(it, UNDO) for it in row.scans.order_by("-at", "-id")[:SHOWN]],
            "missing": not_seen_yet(row)[:500],
            "event_id": uuid.uuid4(),
            "action": reverse("portal:counting", args=[row.pk]),
            "digits": True,
        },
        school_id=row.partner_id,
        status=status,
    )


def _result(request: PortalRequest, row: Stocktake) -> HttpResponse:
    return show(
        request,
        "portal/counting/result.html",
        {
            "stocktake": row,
            "not_seen": not_seen(row),
            "besides": besides(row),
            "to_report": missing_lines(row).count(),
        },
        school_id=row.partner_id,
    )
