"""Books that are not on their shelf, and what goes instead, over the API (L3)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import ReadViewSet
from libraries.access import roles_toward
from loans.api.inputs import BarcodeInput, LineOrBarcode
from loans.api.rows import LineRow
from loans.filters import MissingCopyFilter
from loans.lifecycle import DESK
from loans.models import MissingCopy
from loans.services import missing


def _actions(row: MissingCopy, audience: Audience) -> list[str]:
    if not roles_toward(audience.user, lender=row.office_id) & DESK:
        return []
    wanting = row.consignment is not None and row.consignment.status == "picking" and not row.substitute_id
    return [*(["substitute"] if wanting else []), *([] if row.found_at else ["find"])]


class MissingCopyRow(Row):
    url = Url("missing-copies")
    display = Display()
    office = Link("institutions")
    copy = Link("copies")
    title = Link("titles", lambda row: row.copy.title)
    consignment = Link("consignments", allow_null=True)
    substitute = Link("copies", lambda row: row.substitute.copy if row.substitute else None, allow_null=True)
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        _actions,
    )

    class Meta:
        model = MissingCopy
        example = {
            "display": "BH-000123",
            "office": "Perpustakaan Bung Hatta",
            "copy": "BH-000123",
            "title": "Si Jamin dan si Johan",
            "consignment": "KRM-0042",
            "note": "",
            "substitute": None,
            "found_at": None,
            "available_actions": ["substitute", "find"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "copy",
            "title",
            "consignment",
            "missed_at",
            "note",
            "substitute",
            "found_at",
            "available_actions",
            "created_at",
            "updated_at",
        )


class SubstituteShape(serializers.Serializer):
    """A copy that could go instead. Taken by `substitute`, with its barcode."""

    barcode = serializers.CharField()
    title = serializers.CharField()
    call_number = serializers.CharField()
    reason = serializers.ChoiceField(choices=sorted(missing.WHY), help_text="Stable; for programs.")
    why = serializers.CharField(help_text="For people, in the language of Accept-Language.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        copy = instance.copy
        return {
            "barcode": copy.barcode,
            "title": copy.title.title,
            "call_number": copy.call_number,
            "reason": instance.reason,
            "why": instance.why,
        }


class SubstitutesShape(serializers.Serializer):
    results = SubstituteShape(many=True, help_text="At most three, the best first; empty when nothing fits.")


class NotOnShelfInput(LineOrBarcode):
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class MissingCopyViewSet(ReadViewSet):
    """Copies that were looked for on their shelf in vain. A scan at any desk closes the matter by itself."""

    scope_noun = "missing-copies"
    queryset = MissingCopy.objects.for_list()
    serializer_class = MissingCopyRow
    filterset_class = MissingCopyFilter
    subject = "missing"
    acts = {
        "substitute": Act(
            missing.put_substitute,
            BarcodeInput,
            says="Put a copy in its place on the list; `substitutes` says which may go.",
            example={"barcode": "BH-000125"},
            answers=LineRow,
            status=201,
        ),
        "find": Act(missing.find_missing, says="It has turned up, without a scan."),
    }

    @extend_schema(responses=SubstitutesShape, operation_id="missing_copies_substitutes")
    @action(detail=True, methods=["get"])
    def substitutes(self, request: Request, **kwargs: Any) -> Response:
        """What could go instead: another copy of the title, then titles of its kind that are new at the school."""
        row = self.get_object()
        return Response(
            {"results": [SubstituteShape().to_representation(it) for it in missing.substitutes_for(row)]}
        )
