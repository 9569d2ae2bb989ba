"""The swap on one page: what comes back is scanned, what goes in is looked at, one press makes both records (L6)."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.access import roles_toward
from libraries.catalogue.choices import Condition
from libraries.desk import DeskPage
from loans.admin.scan_desk import still_out
from loans.admin.scan_page import SHOWN, UNDO
from loans.choices import LineStatus, PeriodStatus, VisitStatus
from loans.lifecycle import DESK, PERIOD
from loans.models import Consignment, LoanLine, Programme, ReturnVisit
from loans.panels import panel_of_row
from loans.services.returning import open_return_visit
from loans.services.swapping import delivery_of, swap


class Swap(DeskPage):
    """Old books in on the left, new ones out on the right. ``POST`` begins to take back, or confirms both sides."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        programme = self.find(Programme.objects.for_list(), pk)
        return self.show("admin/loans/swap.html", **self.facts(programme))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        programme = self.find(Programme.objects.for_list(), pk)
        try:
            if "confirm" in request.POST:
                done = swap(
                    programme=programme,
                    actor=self.actor,
                    leave_out_missing="leave_out_missing" in request.POST,
                )
                papers = [
                    paper.number
                    for paper in (
                        done.visit.document if done.visit else None,
                        done.consignment.handover_document if done.consignment else None,
                    )
                    if paper
                ]
                messages.success(
                    request,
                    _("Swapped. Print for both signatures: %(papers)s.") % {"papers": "; ".join(papers)},
                )
            else:
                open_return_visit(lender=programme.lender, partner=programme.partner, actor=self.actor)
        except DomainError as error:
            messages.error(request, str(error.message))
            return self.show("admin/loans/swap.html", error.status, **self.facts(programme))
        return redirect("work:swap", pk)

    def facts(self, programme: Programme) -> dict[str, Any]:
        today = clock.today(programme.lender.zone)
        roles = roles_toward(self.request.user, lender=programme.lender_id)
        mine = Consignment.objects.filter(lender=programme.lender_id, partner=programme.partner_id)
        gone = (
            mine.filter(dispatched_on=today, period__programme=programme)
            .select_related("handover_document")
            .first()
        )
        old = [
            row
            for row in mine.out().with_counts().select_related("period").order_by("due_on")
            if gone is None or row.pk != gone.pk
        ]
        visit = (
            ReturnVisit.objects.filter(lender=programme.lender_id, partner=programme.partner_id)
            .filter(Q(status=VisitStatus.OPEN) | Q(on=today))
            .annotate(
                back=Count("lines", filter=Q(lines__consignment__partner=programme.partner_id)),
                others=Count("lines", filter=~Q(lines__consignment__partner=programme.partner_id)),
            )
            .select_related("document", "lender", "partner")
            .order_by("-status", "-on", "-pk")
            .first()
        )
        is_open = visit is not None and visit.status == VisitStatus.OPEN
        period = (
            programme.periods.filter(status=PeriodStatus.PLANNED)
            .annotate(books=Count("planned_books"))
            .order_by("sequence")
            .first()
        )
        left = sum(row.out_count for row in old)
        return {
            "programme": programme,
            "old": old,
            "still_out": left,
            "visit": visit,
            "visit_open": is_open,
            "period": period,
            "gone": gone,
            "may_work": bool(roles & DESK),
            "may_propose": period is not None and "propose" in PERIOD.available(period.status, roles),
            "today": today,
            **self.going(programme),
            **(self.coming(visit, left) if visit is not None and is_open else {}),
        }

    def going(self, programme: Programme) -> dict[str, Any]:
        """The box that lies ready, and what of its list is not in it."""
        new = delivery_of(programme)
        if new is None:
            return {"new": None}
        lines = list(
            LoanLine.objects.filter(
                consignment=new, status__in=[LineStatus.PROPOSED, LineStatus.PICKED]
            ).in_shelf_order()
        )
        waiting = [line for line in lines if line.status == LineStatus.PROPOSED]
        return {"new": new, "lines": lines, "picked": len(lines) - len(waiting), "waiting": waiting}

    def coming(self, visit: ReturnVisit, left: int) -> dict[str, Any]:
        """The return desk of the open visit, as part of this page."""
        scans = visit.scans.order_by("-at", "-id")[:SHOWN]
        return {
            "action": reverse("work:return_desk", args=[visit.pk]),
            "conditions": Condition.choices,
            "event_id": uuid.uuid4(),
            "panel": None,
            "done": visit.back,
            "total": visit.back + left,
            "recent": [panel_of_row(row, UNDO) for row in scans],
            "out_of": still_out(visit),
        }
