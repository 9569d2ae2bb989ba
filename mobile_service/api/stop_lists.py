"""Timetables as files over the API: handed over, looked at row by row, adopted or put aside (M1)."""

from typing import Any

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
from libraries.models import Institution
from mobile_service.api.fleet import VERBS
from mobile_service.filters import StopSheetFilter
from mobile_service.models import StopSheet
from mobile_service.services import stop_sheets
from mobile_service.services.keeping import keeps_fleet


class StopSheetRow(Row):
    url = Url("stop-lists")
    display = Display()
    office = Link("institutions")
    available_actions = Computed(
        VERBS,
        lambda row, audience: (
            ["adopt", "put_aside"]
            if row.status == "checked" and keeps_fleet(audience.user, row.office_id)
            else []
        ),
    )

    class Meta:
        model = StopSheet
        example = {
            "display": "titik-pusling.csv",
            "office": "Perpustakaan Payakumbuh",
            "name": "titik-pusling.csv",
            "status": "checked",
            "new": 55,
            "changed": 2,
            "unchanged": 0,
            "bad": 1,
            "passed_over": ["Luas gedung"],
            "available_actions": ["adopt", "put_aside"],
        }
        fields: tuple[str, ...] = (
            "id",
            "url",
            "display",
            "office",
            "name",
            "status",
            "new",
            "changed",
            "unchanged",
            "bad",
            "passed_over",
            "finished_at",
            "available_actions",
            "created_at",
            "updated_at",
        )


class StopChangeShape(serializers.Serializer):
    label = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class StopLineShape(serializers.Serializer):
    rows = serializers.ListField(child=serializers.IntegerField(), help_text="Rows of the file.")
    outcome = serializers.CharField(help_text="`new`, `changed`, `unchanged` or `bad`.")
    name = serializers.CharField(allow_blank=True)
    changes = StopChangeShape(many=True)
    remarks = serializers.ListField(
        child=serializers.CharField(), help_text="Why it is bad, or worth a look."
    )


class StopLinesShape(serializers.Serializer):
    results = StopLineShape(many=True)


class StopSheetUpload(Input):
    office = Visible(Institution, help_text="Your library.")
    file = serializers.FileField(help_text="CSV or Excel workbook (.xlsx), at most 5 MB and 3,000 rows.")


class StopAdoption(Input):
    only_new = serializers.BooleanField(default=False, help_text="Leave those alone that are known already.")


class StopSheetViewSet(CreateMixin, ReadViewSet):
    """Timetables as files on their way in, in the schema of LibrariesHacked (mobile-library-stops) with columns of our own.

    A row with a frequency, an arrival and a departure begins a series of visits. Nothing changes before `adopt`, which writes all
    usable rows or none.
    """

    scope_noun = "stop-lists"
    queryset = StopSheet.objects.for_list()
    serializer_class = StopSheetRow
    filterset_class = StopSheetFilter
    create_input = StopSheetUpload
    subject = "sheet"
    acts = {
        "adopt": Act(
            stop_sheets.adopt_stops,
            StopAdoption,
            says="Write the usable rows, in one transaction. Rows that cannot be used are left out.",
            example={"only_new": True},
        ),
        "put_aside": Act(stop_sheets.put_stops_aside, says="It is not to be adopted."),
    }

    def get_parsers(self) -> list[Any]:
        uploading = getattr(self, "action_map", None) and self.action_map.get("post") == "create"
        return [MultiPartParser()] if uploading else super().get_parsers()

    def do_create(self, data: dict[str, Any]) -> StopSheet:
        return stop_sheets.hand_over_stops(office=data["office"], upload=data["file"], actor=self.actor)

    @extend_schema(responses=StopLinesShape, filters=False, operation_id="stop_lists_rows")
    @action(detail=True, methods=["get"], filterset_class=None)
    def rows(self, request: Request, **kwargs: Any) -> Response:
        """What each row means now and would change; empty once the list is adopted or put aside."""
        return Response({"results": [_said(line) for line in stop_sheets.lines_of(self.acting_object())]})


def _said(line: stop_sheets.Line) -> dict[str, Any]:
    return {
        "rows": line.read.rows,
        "outcome": str(line.outcome),
        "name": line.name,
        "changes": [
            {"label": label, "before": before, "after": after} for label, before, after in line.changes
        ],
        "remarks": line.sentences,
    }
