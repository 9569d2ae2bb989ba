"""Receipts that need somebody: not confirmed in time, or confirmed with differences (L5)."""

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from libraries.desk import DeskPage, chosen
from loans.choices import ConsignmentStatus
from loans.models import Consignment, Discrepancy


class Receipts(DeskPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        differing = Exists(Discrepancy.objects.open().filter(consignment=OuterRef("pk")))
        rows = Consignment.objects.visible_to(request.user)
        cuts = {
            "": (_("Flagged"), Q(status=ConsignmentStatus.FLAGGED)),
            "menunggu": (_("Not yet confirmed"), Q(status=ConsignmentStatus.DISPATCHED)),
            "selisih": (_("With differences"), Q(differing)),
        }
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=q) for n, (_l, q) in enumerate(cuts.values())}
        )
        tabs = [(key, label, counts[f"cut{n}"]) for n, (key, (label, _q)) in enumerate(cuts.items())]
        rows = (
            rows.filter(cuts[cut][1])
            .for_list()
            .annotate(
                differences=Count(
                    "discrepancies", filter=Q(discrepancies__resolved_at__isnull=True), distinct=True
                )
            )
            .order_by("confirm_by", "pk")
        )
        return self.show(
            "admin/loans/receipts.html", page_obj=self.page_of(rows), tabs=tabs, cut=cut, today=clock.today()
        )
