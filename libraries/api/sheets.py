"""School lists over the API: handed over, columns chosen, every row checked, adopted (D1)."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.inputs import Input, Visible
from kerjasama.api.rows import Computed, Display, Link, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from kerjasama.domain.errors import NotPermitted
from libraries.access import access_of
from libraries.choices import InstitutionKind
from libraries.filters import SheetFilter, SheetRowFilter
from libraries.models import Institution, Region, Sheet, SheetRow
from libraries.services import sheets
from libraries.services.directory import KEEPS_DIRECTORY
from libraries.sheets.fields import FIELDS

COLUMNS = ", ".join(f"`{field.name}`" for field in FIELDS)


class SheetSaid(Row):
    url = Url("school-lists")
    display = Display()
    office = Link("institutions")
    region = Link("regions", allow_null=True)
    heads = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="The heads of the columns, from the first."
        ),
        lambda row, audience: row.heads,
    )
    mapping = Computed(
        serializers.DictField(
            child=serializers.IntegerField(), help_text="Field and number of its column, from 0."
        ),
        lambda row, audience: row.mapping,
    )
    percent = Computed(
        serializers.IntegerField(help_text="How far the present step has come."),
        lambda row, audience: row.percent,
    )
    problem = Computed(
        serializers.CharField(help_text="Why it was stopped, in a sentence."),
        lambda row, audience: row.problem_sentence,
    )

    class Meta:
        model = Sheet
        example = {
            "display": "sekolah-payakumbuh.xlsx",
            "office": "Dinas Perpustakaan Payakumbuh",
            "region": "Kota Payakumbuh",
            "name": "sekolah-payakumbuh.xlsx",
            "status": "checked",
            "heads": ["NPSN", "Nama Sekolah", "Kelurahan"],
            "mapping": {"npsn": 0, "name": 1, "village": 2},
            "kind": "school",
            "total": 58,
            "done": 58,
            "new": 55,
            "changed": 2,
            "unchanged": 0,
            "bad": 1,
            "adopted": 0,
            "percent": 99,
            "problem": "",
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "name",
            "status",
            "heads",
            "mapping",
            "kind",
            "region",
            "list_publicly",
            "total",
            "done",
            "new",
            "changed",
            "unchanged",
            "bad",
            "adopted",
            "percent",
            "problem",
            "finished_at",
            "created_at",
            "updated_at",
        )


class ChangeShape(serializers.Serializer):
    """One field of an institution that the row would change."""

    label = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class SheetLine(Row):
    institution = Link("institutions", allow_null=True)
    changes = Computed(
        ChangeShape(many=True, help_text="What it would change, each with before and after."),
        lambda row, audience: row.changed_fields,
    )
    remarks = Computed(
        serializers.ListField(child=serializers.CharField(), help_text="What there is to say about it."),
        lambda row, audience: row.sentences,
    )

    class Meta:
        model = SheetRow
        example = {
            "number": 2,
            "outcome": "new",
            "label": "SD Negeri 01 Benteng",
            "institution": None,
            "changes": [],
            "remarks": [],
        }
        fields = ("number", "outcome", "label", "institution", "changes", "remarks", "adopted")


class SheetUpload(Input):
    office = Visible(Institution, help_text="The library that keeps the directory; you must work there.")
    file = serializers.FileField(help_text="An Excel workbook (.xlsx) or a CSV file.")


class ColumnsInput(Input):
    mapping = serializers.DictField(
        child=serializers.IntegerField(min_value=0),
        help_text=f"Field and number of its column, from 0. Fields are: {COLUMNS}. `name` is needed.",
    )
    kind = serializers.ChoiceField(
        choices=InstitutionKind.choices, default=InstitutionKind.SCHOOL, help_text="Of those that do not say."
    )
    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.all(),
        required=False,
        allow_null=True,
        help_text="Code of the region that all of them lie in.",
    )
    list_publicly = serializers.BooleanField(
        default=False, help_text="Show new ones in the public directory."
    )


class AdoptInput(Input):
    only_new = serializers.BooleanField(default=False, help_text="Leave those alone that are known already.")


class SheetViewSet(CreateMixin, ReadViewSet):
    """Spreadsheets of institutions on their way into the directory. A worker checks and adopts them: read the list again
    until its `status` says that the step is done."""

    scope_noun = "school-lists"
    queryset = Sheet.objects.select_related("office", "region")
    serializer_class = SheetSaid
    filterset_class = SheetFilter
    create_input = SheetUpload
    subject = "sheet"
    acts = {
        "choose_columns": Act(
            sheets.choose_columns,
            ColumnsInput,
            says="Say what the columns mean, and have every row checked. Nothing is adopted by this.",
            example={"mapping": {"npsn": 0, "name": 1, "village": 2}, "region": "13.76"},
        ),
        "adopt": Act(
            sheets.adopt_sheet,
            AdoptInput,
            says="Write the usable rows to the directory.",
            example={"only_new": True},
        ),
        "put_aside": Act(sheets.put_sheet_aside, says="It is not to be adopted: its rows and its file go."),
    }

    def get_parsers(self) -> list[Any]:
        uploading = getattr(self, "action_map", None) and self.action_map.get("post") == "create"
        return [MultiPartParser()] if uploading else super().get_parsers()

    def do_create(self, data: dict[str, Any]) -> Sheet:
        return sheets.hand_over_sheet(office=data["office"], upload=data["file"], actor=self.actor)

    @extend_schema(responses=SheetLine(many=True), filters=True, operation_id="school_lists_rows")
    @action(detail=True, methods=["get"], filterset_class=SheetRowFilter, queryset=SheetRow.objects.all())
    def rows(self, request: Request, **kwargs: Any) -> Response:
        """What each row means and would change, in the order of the file. They name people: for those who keep the
        directory."""
        sheet = self.acting_object()
        if not access_of(request.user).at(sheet.office_id) & KEEPS_DIRECTORY:
            raise NotPermitted(
                "role_missing", _("Only a cooperation officer or a network coordinator keeps the directory.")
            )
        return self.page_of(sheet.rows.select_related("institution"), SheetLine, order=("number",))
