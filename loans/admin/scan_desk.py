"""The scan desks of the circulation: packing a delivery, and taking books back in a visit (L3, L6)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from kerjasama.domain.errors import DomainError
from libraries.catalogue.choices import Condition
from libraries.desk import DeskPage, plain, status_of
from loans.admin.scan_page import ManyMixin, ScanPage
from loans.admin.stocktaking import CountDesk
from loans.choices import LineStatus, ScanDesk
from loans.models import Consignment, LoanLine, ReturnVisit, Scan
from loans.panels import panel_of_undo, refusal
from loans.services.crating import boxes_of
from loans.services.proposing import add_line
from loans.services.scanning import undo_scan


class PackingDesk(ScanPage):
    template_name = "admin/loans/packing_desk.html"
    desk = ScanDesk.PICK
    place_name = "consignment"
    route = "work:scan"
    place: Consignment

    def place_of(self, pk: UUID) -> Consignment:
        consignment: Consignment = self.find(Consignment.objects.for_list(), pk)
        return consignment

    def figures(self) -> tuple[int, int]:
        open_lines = self.place.lines.filter(status__in=[LineStatus.PROPOSED, LineStatus.PICKED])
        states = list(open_lines.values_list("status", flat=True))
        return states.count(LineStatus.PICKED), len(states)

    def urls(self) -> dict[str, str]:
        return super().urls() | {"add_url": reverse("work:scan_add", args=[self.place.pk])}

    def context(self) -> dict[str, Any]:
        missing = self.place.lines.filter(status=LineStatus.PROPOSED).in_shelf_order()[:200]
        return {"consignment": self.place, "missing": missing, **self.beside()}

    def beside(self) -> dict[str, Any]:
        return {"packed": boxes_of(self.place)}


class PackMany(ManyMixin, PackingDesk):
    pass


class ScanAdd(PackingDesk):
    """“Add anyway”: the book in the hand is put on the list on purpose, and scanned with it."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.place = self.place_of(pk)
        barcode = plain(request.POST.get("barcode", ""))
        try:
            add_line(consignment=self.place, barcode=barcode, actor=self.actor)
        except DomainError as error:
            return self.reply(refusal(error, barcode), None, status_of(error))
        return super().post(request, pk)


class ReturnDesk(ScanPage):
    template_name = "admin/loans/return_desk.html"
    desk = ScanDesk.RETURN
    place_name = "return_visit"
    route = "work:return_desk"
    place: ReturnVisit

    def place_of(self, pk: UUID) -> ReturnVisit:
        rows = ReturnVisit.objects.select_related("lender", "partner", "document")
        visit: ReturnVisit = self.find(rows, pk)
        return visit

    def figures(self) -> tuple[int, int]:
        done = self.place.lines.filter(consignment__partner=self.place.partner_id).count()
        left = LoanLine.objects.filter(
            consignment__partner_id=self.place.partner_id,
            consignment__lender_id=self.place.lender_id,
            status=LineStatus.OUT,
        ).count()
        return done, done + left

    def urls(self) -> dict[str, str]:
        """``take_back_url``: what another school has, taken back for it; ``stray_url``: whose is a book nobody knows?"""
        return super().urls() | {
            "take_back_url": reverse("work:return_for_others", args=[self.place.pk])
            + f"?keadaan={self.condition()}",
            "stray_url": f"{reverse('work:stray_new')}?kunjungan={self.place.pk}",
        }

    def context(self) -> dict[str, Any]:
        return {"visit": self.place, "conditions": Condition.choices, "still_out": still_out(self.place)}


class ReturnMany(ManyMixin, ReturnDesk):
    pass


def still_out(visit: ReturnVisit) -> list[dict[str, Any]]:
    """What the partner still holds, delivery by delivery, the first due first."""
    lines = (
        LoanLine.objects.filter(
            consignment__partner_id=visit.partner_id,
            consignment__lender_id=visit.lender_id,
            status__in=[LineStatus.OUT, LineStatus.LOST],
        )
        .select_related("copy__title", "consignment")
        .order_by("consignment__due_on", "consignment_id", "copy__title__title")
    )
    found: dict[UUID, dict[str, Any]] = {}
    for line in lines:
        entry = found.setdefault(line.consignment_id, {"consignment": line.consignment, "lines": []})
        entry["lines"].append(line)
    return list(found.values())


class ScanUndo(DeskPage):
    """One key takes back the last scan, or any other that is shown (U18)."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = get_object_or_404(
            Scan.objects.visible_to(request.user).select_related("consignment", "return_visit", "stocktake"),
            pk=pk,
        )
        desk = self.desk_of(row)
        try:
            answer = undo_scan(scan=row, actor=self.actor)
        except DomainError as error:
            return desk.reply(refusal(error, row.barcode), None, status_of(error))
        return desk.reply(panel_of_undo(answer, row.pk), (answer.count, answer.total))

    def desk_of(self, row: Scan) -> ScanPage:
        """The desk on which the scan was made, to answer in its words."""
        desks = {ScanDesk.PICK: PackingDesk, ScanDesk.RETURN: ReturnDesk, ScanDesk.COUNT: CountDesk}
        desk: ScanPage = desks[ScanDesk(row.desk)]()
        desk.setup(self.request)
        desk.place = desk.place_of(row.place.pk)
        return desk
