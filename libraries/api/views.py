"""The directory and the office over the API."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from libraries.api.inputs import HoursInput, InstitutionInput, PersonChange, PersonInput
from libraries.api.rows import (
    INSTITUTION_ID,
    DocumentRow,
    ErasedRow,
    InstitutionRow,
    NoticeRow,
    PersonRow,
    RegionRow,
)
from libraries.filters import DocumentFilter, InstitutionFilter, NoticeFilter, PersonFilter, RegionFilter
from libraries.hours import week_of
from libraries.models import Document, Institution, Notice, Person, Region
from libraries.services import contacts, directory, erasing
from libraries.services.documents import note_view, pdf_of
from libraries.services.opening import set_opening_hours


def _set_hours(view: Any, row: Institution, data: dict[str, Any]) -> Any:
    week = week_of((span["weekday"], span["opens"], span["closes"]) for span in data["hours"])
    return set_opening_hours(institution=row, actor=view.actor, week=week)


class InstitutionViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """Libraries, schools, and partners that are neither. Offices see the whole directory, a school itself and its libraries."""

    scope_noun = "institutions"
    queryset = Institution.objects.select_related("parent", "region").prefetch_related("openings")
    serializer_class = InstitutionRow
    subject = "institution"
    acts = {
        "set_hours": Act(
            set_opening_hours,
            takes=HoursInput,
            says="Replace the opening hours of the whole week. People of the institution itself may do this too.",
            example={"hours": [{"weekday": 0, "opens": "08:00", "closes": "16:00"}]},
            run=_set_hours,
        )
    }
    filterset_class = InstitutionFilter
    create_input = revise_input = InstitutionInput
    create_example = {
        "name": "SD Negeri 01 Benteng Pasar Atas",
        "short_name": "SDN 01",
        "kind": "school",
        "npsn": "10304780",
        "city": "Bukittinggi",
        "email": "sdn01@example.sch.id",
        "closed_weekdays": [6],
    }
    revise_example = {"phone": "(0752) 21234"}

    def do_create(self, data: dict[str, Any]) -> Institution:
        return directory.register_institution(actor=self.actor, **data)

    def do_revise(self, row: Institution, data: dict[str, Any]) -> Institution:
        return directory.revise_institution(institution=row, actor=self.actor, **data)


class PersonViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """Official contacts of institutions; never pupils."""

    scope_noun = "people"
    queryset = Person.objects.select_related("institution")
    serializer_class = PersonRow
    subject = "person"
    acts = {
        "withdraw_consent": Act(
            contacts.withdraw_consent,
            says="The person no longer agrees to being kept or shown: at once nobody outside reads of them.",
        ),
        "erase": Act(
            erasing.erase_contact,
            says="Erase the contact and its history for good. Refused while the person signs an agreement in force.",
            answers=ErasedRow,
        ),
    }
    filterset_class = PersonFilter
    create_input = PersonInput
    revise_input = PersonChange
    create_example = {
        "institution": INSTITUTION_ID,
        "name": "Yusnida, S.Pd.",
        "position": "Kepala Sekolah",
        "nip": "196904121994032005",
        "signs": True,
    }
    revise_example = {"signs": True}

    def do_create(self, data: dict[str, Any]) -> Person:
        return contacts.register_person(actor=self.actor, **data)

    def do_revise(self, row: Person, data: dict[str, Any]) -> Person:
        return contacts.revise_person(person=row, actor=self.actor, **data)

    @extend_schema(
        responses={
            200: OpenApiResponse(OpenApiTypes.OBJECT, "The contact, its history, and where else it stands.")
        },
        operation_id="people_everything",
    )
    @action(detail=True, methods=["get"])
    def everything(self, request: Request, **kwargs: Any) -> Response:
        """All that is kept about this contact, for the person it is about."""
        kept = erasing.everything_kept(person=self.acting_object(), actor=self.actor)
        return Response(kept.data(), headers={"Cache-Control": "no-store"})


class RegionViewSet(ReadViewSet):
    """Provinces, regencies, districts and villages by their Kemendagri codes."""

    scope_noun = "regions"
    queryset = Region.objects.select_related("parent")
    serializer_class = RegionRow
    filterset_class = RegionFilter
    cursor_ordering = ("code",)
    lookup_value_converter = "str"


class DocumentViewSet(ReadViewSet):
    """Numbered papers: agreements, handover and return records, letters."""

    scope_noun = "documents"
    queryset = Document.objects.select_related("issuer", "recipient").defer("content")
    serializer_class = DocumentRow
    filterset_class = DocumentFilter

    @extend_schema(
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "The paper.")},
        operation_id="documents_pdf",
    )
    @action(detail=True, methods=["get"])
    def pdf(self, request: Request, **kwargs: Any) -> FileResponse:
        """The paper itself, typeset when it is first asked for. Who opened it is noted."""
        row = self.acting_object()
        note_view(document=row, user=request.user)
        file = pdf_of(row)
        response = FileResponse(
            file.file.open("rb"), filename=file.original_name, content_type=file.content_type
        )
        response["X-Content-Type-Options"] = "nosniff"
        return response


class NoticeViewSet(ReadViewSet):
    """What an institution has been told: reminders, deliveries, late returns."""

    scope_noun = "notices"
    queryset = Notice.objects.select_related("recipient", "sender")
    serializer_class = NoticeRow
    filterset_class = NoticeFilter
