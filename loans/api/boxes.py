"""The boxes of a delivery over the API: begun, counted, closed, opened again (L3)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.inputs import Input
from kerjasama.api.transitions import Act
from loans.models import Consignment
from loans.services import crating


class BoxShape(serializers.Serializer):
    """One box of one delivery."""

    number = serializers.IntegerField()
    books = serializers.IntegerField(help_text="Scanned into it.")
    counted = serializers.IntegerField(
        allow_null=True, help_text="Counted by hand when it was closed; null while nobody has."
    )
    closed_at = serializers.DateTimeField(allow_null=True, help_text="Null while it is the open one.")


class BoxesShape(serializers.Serializer):
    results = BoxShape(many=True, help_text="By number; empty where the delivery goes without boxes.")
    loose = serializers.IntegerField(
        help_text="Scanned while no box was open; these go into the one opened next."
    )


class BoxInput(Input):
    number = serializers.IntegerField(min_value=1, max_value=9999)


class CountedInput(BoxInput):
    counted = serializers.IntegerField(min_value=0, max_value=9999, help_text="Books counted by hand.")


def boxes_said(consignment: Consignment) -> dict[str, Any]:
    packed = crating.boxes_of(consignment)
    return {"results": packed.boxes, "loose": packed.loose}


def closed(view: Any, row: Consignment, data: dict[str, Any]) -> dict[str, Any]:
    crating.close_box(box=crating.find_box(row, data["number"]), counted=data["counted"], actor=view.actor)
    return boxes_said(row)


def reopened(view: Any, row: Consignment, data: dict[str, Any]) -> dict[str, Any]:
    crating.reopen_box(box=crating.find_box(row, data["number"]), actor=view.actor)
    return boxes_said(row)


BOX_ACTS = {
    "close_box": Act(
        crating.close_box,
        CountedInput,
        says="Close the open box. A count that differs from what was scanned is refused, with the titles scanned last.",
        example={"number": 2, "counted": 25},
        answers=BoxesShape,
        run=closed,
    ),
    "reopen_box": Act(
        crating.reopen_box,
        BoxInput,
        says="Open a box again to put something in or take it out; its count is forgotten.",
        example={"number": 2},
        answers=BoxesShape,
        run=reopened,
    ),
}


class BoxesMixin:
    """`consignments/{id}/boxes/`: GET lists them, POST begins the next one."""

    @extend_schema(responses=BoxesShape, operation_id="consignments_boxes")
    @action(detail=True, methods=["get"])
    def boxes(self, request: Request, **kwargs: Any) -> Response:
        """The boxes of this delivery, each with its books."""
        return Response(BoxesShape(boxes_said(self.acting_object())).data)

    @extend_schema(request=None, responses={201: BoxesShape}, operation_id="consignments_open_box")
    @boxes.mapping.post
    def open_box(self, request: Request, **kwargs: Any) -> Response:
        """Begin the next box: what is scanned from now on goes into it, and what lies in none yet."""
        row = self.acting_object()
        crating.open_box(consignment=row, actor=self.actor)
        return Response(BoxesShape(boxes_said(row)).data, 201)
