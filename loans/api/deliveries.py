"""Deliveries over the API: proposed, handed over, received; their books and differences (L2–L5)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.events import EventsMixin
from kerjasama.api.filtering import refuse_unknown
from kerjasama.api.inputs import NoteInput
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from libraries.access import roles_toward
from loans.api.answers import ReturnReportShape
from loans.api.boxes import BOX_ACTS, BoxesMixin
from loans.api.claim_rows import CaseRow, DiscrepancyRow
from loans.api.inputs import (
    BarcodeInput,
    ConsignmentInput,
    DispatchInput,
    LineOrBarcode,
    LossInput,
    ReceiptInput,
    ResolveInput,
    TakeBackInput,
)
from loans.api.missing import MissingCopyRow, NotOnShelfInput
from loans.api.rows import CONSEQUENCES, ConsignmentDetail, ConsignmentRow, LineRow
from loans.api.zones import ZONE_ACTS, PartShape, PartsShape
from loans.filters import ConsignmentFilter, DiscrepancyFilter, LineFilter
from loans.lifecycle import CONSIGNMENT
from loans.models import Case, Consignment, Discrepancy, LoanLine, MissingCopy
from loans.services import claiming, dispatching, missing, proposing, receiving, returning
from loans.services.printing import pick_list_pdf
from loans.services.zones import parts_of

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
ANOTHER_ID = "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20"


def took_back(view: Any, row: Consignment, data: dict[str, Any]) -> returning.ReturnReport:
    """Books of any delivery to this partner come back in the one open visit; it is finished by `return-visits`."""
    visit = returning.open_return_visit(lender=row.lender, partner=row.partner, actor=view.actor)
    copies = [returning.ReturnedCopy(**each) for each in data["copies"]]
    return returning.return_copies(
        visit=visit, copies=copies, actor=view.actor, for_others=data["for_others"]
    )


class ConsignmentViewSet(BoxesMixin, EventsMixin, CreateMixin, ReadViewSet):
    """The books of one period on their way. The lender sees them always, the partner once they were handed over."""

    scope_noun = "consignments"
    queryset = Consignment.objects.for_list().with_counts()
    list_queryset = Consignment.objects.for_list()
    serializer_class = ConsignmentRow
    detail_class = ConsignmentDetail
    filterset_class = ConsignmentFilter
    create_input = ConsignmentInput
    create_example = {"period": SOME_ID}
    lives = (CONSIGNMENT,)
    consequences = CONSEQUENCES[CONSIGNMENT.name]
    subject = "consignment"
    acts = {
        "dispatch": Act(
            dispatching.dispatch_consignment,
            DispatchInput,
            says="Hand over what was scanned: the handover record (BAST) is numbered and issued, the school is told.",
            example={"leave_out_missing": True},
            # The service returns the row with all that a list says of it; the detail would be one more query.
            answers=ConsignmentRow,
        ),
        "receive": Act(
            receiving.confirm_receipt,
            ReceiptInput,
            says="The school has counted the box. What it does not name as different is received.",
            example={
                "received_by": "Yusnida, S.Pd.",
                "differences": [
                    {"kind": "missing", "line": SOME_ID},
                    {"kind": "damaged", "line": ANOTHER_ID, "description": "Sampul sobek."},
                    {"kind": "extra", "description": "Laskar Pelangi, BH-004711"},
                ],
            },
        ),
        "take_back": Act(
            returning.return_copies,
            TakeBackInput,
            says="Books come back, in the open return visit of this partner; one is opened when there is none.",
            example={"copies": [{"barcode": "BH-000123"}, {"barcode": "BH-000124", "condition": "worn"}]},
            answers=ReturnReportShape,
            run=took_back,
        ),
        "report_loss": Act(
            claiming.report_loss,
            LossInput,
            says="A book of this delivery is lost or damaged; a case is opened.",
            example={"barcode": "BH-000123", "kind": "lost", "account": "Hilang saat kunjungan kelas."},
            answers=CaseRow,
            run=lambda view, row, data: case_of(claiming.report_loss(actor=view.actor, **data)),
            status=201,
        ),
        "cancel": Act(
            proposing.cancel_consignment,
            NoteInput,
            says="Give it up while it is being picked: every copy goes back to the shelf.",
            example={"note": "Salah memilih periode."},
        ),
        "add_line": Act(
            proposing.add_line,
            BarcodeInput,
            says="Put a copy on the list by hand.",
            example={"barcode": "BH-000125"},
            answers=LineRow,
            status=201,
        ),
        "drop_line": Act(
            proposing.drop_line,
            LineOrBarcode,
            says="Leave a copy out while the delivery is being picked.",
            example={"barcode": "BH-000125"},
            answers=LineRow,
            run=lambda view, row, data: proposing.drop_line(actor=view.actor, **data),
        ),
        **ZONE_ACTS,
        **BOX_ACTS,
        "report_missing": Act(
            missing.report_missing,
            NotOnShelfInput,
            says="A book of the list is not on its shelf: it is left out and looked for. `missing-copies` says what "
            "may go instead.",
            example={"barcode": "BH-000125", "note": "Rak sedang dipindah."},
            answers=MissingCopyRow,
            run=lambda view, row, data: as_listed(missing.report_missing(actor=view.actor, **data)),
            status=201,
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Consignment:
        return proposing.propose_consignment(actor=self.actor, **data)

    @extend_schema(responses=LineRow(many=True), filters=True, operation_id="consignments_lines")
    @action(detail=True, methods=["get"], filterset_class=LineFilter, queryset=LoanLine.objects.all())
    def lines(self, request: Request, **kwargs: Any) -> Response:
        """Its books, one row each."""
        rows = self.acting_object().lines.select_related("copy__title", "box")
        return self.page_of(rows, LineRow, order=("id",))

    @extend_schema(responses=PartsShape, operation_id="consignments_zones")
    @action(detail=True, methods=["get"])
    def zones(self, request: Request, **kwargs: Any) -> Response:
        """What is to be fetched, zone by zone, and who fetches it. For the library's own desk."""
        row = self.acting_object()
        if not roles_toward(request.user, lender=row.lender_id):
            raise Http404
        return Response({"results": [PartShape().to_representation(part) for part in parts_of(row)]})

    @extend_schema(
        parameters=[OpenApiParameter("zone", str, description="One zone of `zones`; all when not given.")],
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "The list.")},
        operation_id="consignments_pick_list",
    )
    @action(detail=True, methods=["get"])
    def pick_list(self, request: Request, **kwargs: Any) -> HttpResponse:
        """What is to be fetched, in shelf order, as PDF in the language of Accept-Language."""
        row = self.acting_object()
        refuse_unknown(set(request.query_params) - {"zone"}, {"zone"})
        zone = request.query_params.get("zone", "")
        paper = pick_list_pdf(row, language=get_language() or "id", zone=zone)
        response = HttpResponse(paper, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{row.code}.pdf"'
        return response


def as_listed(row: MissingCopy) -> MissingCopy:
    """The missing copy as its row says it."""
    found: MissingCopy = MissingCopy.objects.for_list().get(pk=row.pk)
    return found


def case_of(row: Case) -> Case:
    """The case as its row says it."""
    found: Case = Case.objects.select_related(*CASE_JOINS).get(pk=row.pk)
    return found


CASE_JOINS = (
    "lender",
    "partner",
    "copy__title",
    "line__consignment",
    "replacement_copy",
    "letter",
    "settlement_record",
    "warning",
)


class DiscrepancyViewSet(ReadViewSet):
    """Differences between list and box that a school reported on receipt."""

    scope_noun = "discrepancies"
    queryset = Discrepancy.objects.select_related("consignment", "line__copy__title")
    serializer_class = DiscrepancyRow
    filterset_class = DiscrepancyFilter
    subject = "discrepancy"
    acts = {
        "resolve": Act(
            receiving.resolve_discrepancy,
            ResolveInput,
            says="Say what became of it.",
            example={"outcome": "was_in_box", "resolution": "Terselip di buku lain."},
        )
    }
