"""The union catalogue over the API: titles, copies, imports."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from libraries.catalogue.api.inputs import CopyChange, CopyInput, ImportInput, TitleInput
from libraries.catalogue.api.rows import CopyRow, ImportRecordRow, ImportRow, TitleRow
from libraries.catalogue.filters import CopyFilter, ImportFilter, ImportRecordFilter, TitleFilter
from libraries.catalogue.models import Copy, ImportJob, ImportRecord, Title
from libraries.catalogue.services.importing import queue_import, resume_import
from libraries.catalogue.services.registering import keep_copy, keep_title

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


def changed(row: Any, data: dict[str, Any]) -> Any:
    """The locked row with what was sent, as an edited form leaves it; the service checks and saves it."""
    for name, value in data.items():
        setattr(row, name, value)
    if hasattr(row, "version"):
        row.version += 1
    return row


class TitleViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """One entry per title, whichever libraries hold copies of it. Open to everyone who signs in."""

    scope_noun = "titles"
    queryset = Title.objects.all()
    serializer_class = TitleRow
    filterset_class = TitleFilter
    create_input = revise_input = TitleInput
    create_example = {
        "title": "Si Jamin dan si Johan",
        "authors": ["Merari Siregar"],
        "publisher": "Balai Pustaka",
        "year": 1921,
        "language": "ind",
        "ddc": "899.2213",
        "reading_level": "upper",
    }
    revise_example = {"reading_level": "middle"}

    def do_create(self, data: dict[str, Any]) -> Title:
        return keep_title(title=Title(**data), actor=self.actor)

    def do_revise(self, row: Title, data: dict[str, Any]) -> Title:
        return keep_title(title=changed(row, data), actor=self.actor)


class CopyViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """Physical items. Offices see their own, partners those that they hold. Place and holder move only by lending."""

    scope_noun = "copies"
    queryset = Copy.objects.select_related("title", "owner", "holder").only(
        *(name for name in CopyRow.Meta.fields if name not in ("url", "display")),
        "title__title",
        "owner__name",
        "owner__short_name",
        "holder__name",
        "holder__short_name",
    )
    serializer_class = CopyRow
    filterset_class = CopyFilter
    create_input = CopyInput
    revise_input = CopyChange
    create_example = {
        "owner": SOME_ID,
        "title": "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20",
        "barcode": "BH-000123",
        "call_number": "899.221 3 MER s",
        "price": "45000.00",
    }
    revise_example = {"condition": "worn"}

    def do_create(self, data: dict[str, Any]) -> Copy:
        return keep_copy(copy=Copy(**data), actor=self.actor)

    def do_revise(self, row: Copy, data: dict[str, Any]) -> Copy:
        return keep_copy(copy=changed(row, data), actor=self.actor)


class ImportViewSet(CreateMixin, ReadViewSet):
    """Catalogue files on their way in. A worker reads them; what became of each record stands under ``records/``."""

    scope_noun = "imports"
    queryset = ImportJob.objects.select_related("institution", "file")
    serializer_class = ImportRow
    filterset_class = ImportFilter
    create_input = ImportInput
    subject = "job"
    acts = {
        "resume": Act(
            resume_import, says="Go on with an import that has stopped, behind the last record read."
        )
    }

    def get_parsers(self) -> list[Any]:
        uploading = getattr(self, "action_map", None) and self.action_map.get("post") == "create"
        return [MultiPartParser()] if uploading else super().get_parsers()

    def do_create(self, data: dict[str, Any]) -> ImportJob:
        return queue_import(
            institution=data["institution"],
            upload=data["file"],
            actor=self.actor,
            invent_copies=data["invent_copies"],
        )

    @extend_schema(responses=ImportRecordRow(many=True), filters=True, operation_id="imports_records")
    @action(
        detail=True, methods=["get"], filterset_class=ImportRecordFilter, queryset=ImportRecord.objects.all()
    )
    def records(self, request: Request, **kwargs: Any) -> Response:
        """One row per record of the file, in its order."""
        rows = self.acting_object().records.select_related("title")
        return self.page_of(rows, ImportRecordRow, order=("position",))
