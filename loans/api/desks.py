"""The desks over the API: scans, one or many, and books that come back (L3, L6)."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import NoteInput
from kerjasama.api.problems import exception_handler
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from kerjasama.domain.errors import DomainError
from loans.api.answers import BatchAnswerShape, ReturnReportShape, ScanAnswerShape
from loans.api.desk_rows import ReturnVisitRow, ScanRow
from loans.api.inputs import ScanBatchInput, ScanInput, TakeBackInput, VisitInput
from loans.choices import ScanDesk
from loans.filters import ReturnVisitFilter, ScanFilter
from loans.lifecycle import RETURN_VISIT
from loans.models import ReturnVisit, Scan
from loans.services import looking, returning, reviewing, scanning
from loans.services.answers import ScanAnswer

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
SCAN_EXAMPLE = {
    "desk": "pick",
    "consignment": SOME_ID,
    "barcode": "BH-000123",
    "client_event_id": "7f1f0f1e-3a44-4d0b-9b32-0d1f4ac0a001",
}


class ScanViewSet(ReadViewSet):
    """Every scan at a desk with its answer. A refused scan is an answer (`outcome: error`), not an error of HTTP."""

    scope_noun = "scans"
    queryset = Scan.objects.select_related("consignment", "return_visit__partner", "stocktake__partner")
    serializer_class = ScanRow
    filterset_class = ScanFilter
    subject = "scan"
    acts = {
        "undo": Act(scanning.undo_scan, says="Take an accepted scan back.", answers=ScanAnswerShape),
        "mend": Act(
            reviewing.mend_scan,
            says="Do after all what a refused scan from without a connection was for (`fix` names it).",
        ),
        "note": Act(
            reviewing.note_scan,
            NoteInput,
            says="Nothing is done about a refused scan from without a connection, and why.",
            example={"note": "Buku dipindai dua kali di mobil."},
        ),
    }

    @extend_schema(
        request=ScanInput,
        responses={200: ScanAnswerShape},
        examples=[OpenApiExample("Request", value=SCAN_EXAMPLE, request_only=True)],
        operation_id="scans_create",
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Scan one book. Needs no Idempotency-Key: `client_event_id` does the same and is kept for ever."""
        return Response(ScanAnswerShape().to_representation(self.answer_to(self.taken(ScanInput))))

    def answer_to(self, data: dict[str, Any]) -> ScanAnswer:
        """At the desk `check` nothing is kept and nothing changes: it only says what the book is."""
        if data["desk"] == ScanDesk.CHECK:
            return looking.look_up(barcode=data["barcode"], actor=self.actor).answer
        return scanning.scan(actor=self.actor, **data)

    @extend_schema(
        request=ScanBatchInput,
        responses={200: BatchAnswerShape},
        examples=[OpenApiExample("Request", value={"scans": [SCAN_EXAMPLE]}, request_only=True)],
        operation_id="scans_batch",
    )
    @action(detail=False, methods=["post"])
    def batch(self, request: Request, **kwargs: Any) -> Response:
        """Scans that were collected while there was no network, in their order; each is answered by itself."""
        rows = self.taken(ScanBatchInput)["scans"]
        return Response({"results": [self.one_of_many(row) for row in rows]})

    def one_of_many(self, sent: dict[str, Any]) -> dict[str, Any]:
        said = {"client_event_id": str(sent["client_event_id"]) if sent.get("client_event_id") else None}
        taken = ScanInput(data=sent, context=self.get_serializer_context())
        try:
            taken.is_valid(raise_exception=True)
            answer = self.answer_to(taken.validated_data)
        except (DomainError, ValidationError, APIException) as refusal:
            problem = exception_handler(refusal, {"request": self.request, "view": self})
            return {"status": problem.status_code, **said, "problem": problem.data}
        return {"status": 200, **said, "answer": ScanAnswerShape().to_representation(answer)}


def took_back(view: Any, row: ReturnVisit, data: dict[str, Any]) -> returning.ReturnReport:
    copies = [returning.ReturnedCopy(**each) for each in data["copies"]]
    return returning.return_copies(visit=row, copies=copies, actor=view.actor, for_others=data["for_others"])


class ReturnVisitViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """One occasion on which books come back from a partner: mixed and partial. It ends with a return record."""

    scope_noun = "return-visits"
    queryset = ReturnVisit.objects.select_related("lender", "partner", "document")
    serializer_class = ReturnVisitRow
    filterset_class = ReturnVisitFilter
    create_input = VisitInput
    create_example = {"lender": SOME_ID, "partner": "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20"}
    lives = (RETURN_VISIT,)
    subject = "visit"
    acts = {
        "take_back": Act(
            returning.return_copies,
            TakeBackInput,
            says="Many books at once. One that does not belong here is answered, not an obstacle.",
            example={"copies": [{"barcode": "BH-000123"}, {"barcode": "BH-000124", "condition": "worn"}]},
            answers=ReturnReportShape,
            run=took_back,
        ),
        "finish": Act(
            returning.finish_return_visit,
            says="Close it with its return record; deliveries of which nothing is out any more are closed with it.",
        ),
    }

    def do_create(self, data: dict[str, Any]) -> ReturnVisit:
        return returning.open_return_visit(actor=self.actor, **data)
