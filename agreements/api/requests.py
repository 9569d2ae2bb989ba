"""Requests to cooperate over the API: asked, talked about, accepted into a draft (A6)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.api.request_rows import (
    AcceptInput,
    CooperationRequestDetail,
    CooperationRequestInput,
    CooperationRequestRow,
    LinkInput,
    MeetingInput,
    MessageInput,
    RequestMessageRow,
    WithdrawInput,
)
from agreements.filters import CooperationRequestFilter
from agreements.lifecycle import KEEPS, REQUEST
from agreements.models import CooperationRequest
from agreements.services.requesting import deciding, opening, talking
from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import NoteInput
from kerjasama.api.parsing import JSONParser
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from libraries.access import roles_toward

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


def write(view: Any, row: CooperationRequest, data: dict[str, Any]) -> Any:
    return talking.write_message(request=row, actor=view.actor, text=data["text"], upload=data.get("file"))


class CooperationRequestViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """Who would like to cooperate for what. Both sides see it; what a stranger has not confirmed, nobody does."""

    scope_noun = "cooperation-requests"
    queryset = CooperationRequest.objects.select_related("office", "institution", "agreement")
    list_queryset = CooperationRequest.objects.select_related("office", "institution")
    serializer_class = CooperationRequestRow
    detail_class = CooperationRequestDetail
    filterset_class = CooperationRequestFilter
    create_input = CooperationRequestInput
    create_example = {
        "office": SOME_ID,
        "institution": "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20",
        "subject": "Pojok baca untuk kelas rendah",
        "wishes": "Seratus buku cerita, ditukar setiap tiga bulan.",
        "forms": ["collection_loan"],
        "books": 100,
        "wanted_months": 12,
    }
    lives = (REQUEST,)
    # Confirmed is what a stranger asked, by the link in the mail; a program has an account.
    consequences = frozenset({"confirm"})
    subject = "request"
    acts = {
        "discuss": Act(deciding.discuss_request, says="Take the matter up."),
        "show_interest": Act(deciding.show_interest, says="The invited partner would like to go on."),
        "meet": Act(
            talking.set_meeting,
            MeetingInput,
            says="Set a day and a place to meet, or move them.",
            example={"on": "2026-12-01", "at": "10:00", "place": "Ruang baca anak"},
        ),
        "link": Act(
            deciding.link_institution,
            LinkInput,
            says="Say which institution of the directory a stranger speaks for.",
            example={"institution": SOME_ID},
        ),
        "accept": Act(
            deciding.accept_request,
            AcceptInput,
            says="Accept: a draft agreement opens that says everything that was said.",
            example={"kind": "pks"},
        ),
        "decline": Act(
            deciding.decline_request,
            NoteInput,
            says="Decline, with a reason that the other side reads.",
            example={"note": "Koleksi anak sedang dipinjam semua."},
        ),
        "withdraw": Act(
            deciding.withdraw_request,
            WithdrawInput,
            says="Whoever asked does not ask any more.",
            example={"note": "Kami mulai tahun depan saja."},
        ),
        "write": Act(
            talking.write_message,
            MessageInput,
            says="Write to the other side; as JSON, or as multipart with a file.",
            example={"text": "Berapa kelas yang ikut?"},
            run=write,
            parsers=(JSONParser, MultiPartParser),
        ),
    }

    def do_create(self, data: dict[str, Any]) -> CooperationRequest:
        keeps = roles_toward(self.actor, office=data["office"].pk) & KEEPS
        begin = opening.record_outreach if keeps else opening.ask_in_portal
        return begin(actor=self.actor, **data)

    @extend_schema(responses=RequestMessageRow(many=True), filters=False)
    @action(detail=True, methods=["get"], filterset_class=None)
    def messages(self, request: Request, **kwargs: Any) -> Response:
        """What was written, oldest first."""
        rows = self.acting_object().messages.select_related("author", "attachment")
        return self.page_of(rows, RequestMessageRow, order=("at", "id"))
