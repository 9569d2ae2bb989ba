"""Stocktaking over the API (L7): what stands at a school, counted by either side."""

from typing import Any
from uuid import uuid4

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import Input, Visible
from kerjasama.api.rows import Computed, Display, Link, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from libraries.models import Institution
from loans.api.answers import CountReportShape, MissingReportShape
from loans.api.rotation import SOME_ID
from loans.api.rows import actions
from loans.filters import StocktakeFilter
from loans.lifecycle import STOCKTAKE
from loans.models import Stocktake, StocktakeLine
from loans.services import counting, scanning


class StocktakeRow(Row):
    url = Url("stocktakes")
    display = Display()
    lender = Link("institutions")
    partner = Link("institutions")
    available_actions = actions(STOCKTAKE)

    class Meta:
        model = Stocktake
        example = {
            "display": "SDN 01 2026-11-23",
            "lender": "Perpustakaan Bung Hatta",
            "partner": "SDN 01",
            "status": "closed",
            "expected_count": 100,
            "seen_count": 98,
            "extra_count": 1,
            "available_actions": ["report_missing"],
        }
        fields = (
            "id",
            "url",
            "display",
            "lender",
            "partner",
            "on",
            "status",
            "expected_count",
            "seen_count",
            "extra_count",
            "available_actions",
            "created_at",
            "updated_at",
        )


class StocktakeLineRow(Row):
    line = Computed(
        serializers.UUIDField(help_text="Its line in the delivery."), lambda row, audience: row.line_id
    )
    copy = Link("copies", lambda row: row.line.copy)
    title = Link("titles", lambda row: row.line.copy.title)
    consignment = Link("consignments", lambda row: row.line.consignment)

    class Meta:
        model = StocktakeLine
        example = {
            "line": SOME_ID,
            "copy": "BH-000123",
            "title": "Si Jamin dan si Johan",
            "consignment": "KRM-0042",
        }
        fields = ("id", "line", "copy", "title", "consignment", "seen_at")


class StocktakeInput(Input):
    lender = Visible(Institution, help_text="Whose books are counted.")
    partner = Visible(Institution, help_text="Where they stand.")
    on = serializers.DateField(
        required=False, allow_null=True, help_text="The day of the count; today when not given."
    )


class CountInput(Input):
    barcodes = serializers.ListField(
        child=serializers.CharField(max_length=80), allow_empty=False, max_length=scanning.MOST_AT_ONCE
    )
    batch = serializers.UUIDField(
        required=False,
        help_text="Made by the sender, once per list; the same list sent again gets its first answers again.",
    )


class MissingInput(Input):
    lines = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        allow_empty=False,
        max_length=scanning.MOST_AT_ONCE,
        help_text="`line` of each book, from `lines`; all that were not seen when not given.",
    )
    account = serializers.CharField(required=False, allow_blank=True, max_length=2000)


def counted(view: Any, row: Stocktake, data: dict[str, Any]) -> dict[str, Any]:
    batch = data.get("batch") or uuid4()
    answers = scanning.scan_many(place=row, barcodes=data["barcodes"], actor=view.actor, batch=batch)
    return {"batch": batch, "answers": answers}


def reported(view: Any, row: Stocktake, data: dict[str, Any]) -> dict[str, Any]:
    return {"cases": counting.report_missing(stocktake=row, actor=view.actor, **data)}


class StocktakeViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """The books of one library at one school, counted on one occasion. Single scans go to `scans` (`desk: count`)."""

    scope_noun = "stocktakes"
    queryset = Stocktake.objects.select_related("lender", "partner")
    serializer_class = StocktakeRow
    filterset_class = StocktakeFilter
    create_input = StocktakeInput
    create_example = {"lender": SOME_ID, "partner": "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20"}
    lives = (STOCKTAKE,)
    subject = "stocktake"
    acts = {
        "count": Act(
            scanning.scan_many,
            CountInput,
            says="Many books at once, each answered by itself; nothing is moved.",
            example={"barcodes": ["BH-000123", "BH-000124"]},
            answers=CountReportShape,
            run=counted,
        ),
        "close": Act(
            counting.close_stocktake,
            says="Write the result: every book that should be there, seen or not, and when each was last seen.",
        ),
        "cancel": Act(counting.cancel_stocktake, says="Give it up; what was scanned says nothing then."),
        "report_missing": Act(
            counting.report_missing,
            MissingInput,
            says="Report what was not seen as lost, in one act; a case is opened for each book.",
            example={"account": "Tidak ada di rak waktu dihitung."},
            answers=MissingReportShape,
            run=reported,
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Stocktake:
        return counting.open_stocktake(actor=self.actor, **data)

    @extend_schema(responses=StocktakeLineRow(many=True), filters=False, operation_id="stocktakes_lines")
    @action(detail=True, methods=["get"], filterset_class=None)
    def lines(self, request: Request, **kwargs: Any) -> Response:
        """The result, book by book; empty while it is open. `seen_at` null: it was not seen."""
        rows = self.acting_object().lines.select_related("line__copy__title", "line__consignment")
        return self.page_of(rows, StocktakeLineRow, order=("id",))
