"""Acts on many over the API (U14): done in one transaction, refusals row by row, taken back for ten minutes."""

from typing import Any

from rest_framework import serializers

from kerjasama.api.inputs import Input, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from kerjasama.domain import clock
from libraries.access import roles_toward
from libraries.models import Institution
from loans.choices import BulkKind
from loans.lifecycle import DESK
from loans.models import BulkAct
from loans.services.bulk import MOST, do_many, undo_many

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


class BulkRowShape(serializers.Serializer):
    id = serializers.UUIDField()
    label = serializers.CharField()
    outcome = serializers.CharField(
        help_text="done, refused; after taking back: undone, kept, or refused still."
    )
    said = serializers.CharField(help_text="Why it was refused, or why it was not taken back; else empty.")


def _rows(row: BulkAct, audience: Audience) -> list[dict[str, str]]:
    return [{name: each[name] for name in ("id", "label", "outcome", "said")} for each in row.rows]


def _actions(row: BulkAct, audience: Audience) -> list[str]:
    may = roles_toward(audience.user, lender=row.office_id) & DESK
    return ["undo"] if may and row.may_be_undone(clock.now()) else []


class BulkActRow(Row):
    url = Url("bulk-acts")
    display = Display()
    office = Link("institutions")
    rows = Computed(BulkRowShape(many=True, help_text="What became of each."), _rows)
    undo_until = Computed(serializers.DateTimeField(), lambda row, audience: row.undo_until().isoformat())
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        _actions,
    )

    class Meta:
        model = BulkAct
        example = {
            "display": "Copies written off",
            "office": "Perpustakaan Bung Hatta",
            "kind": "write_off",
            "rows": [
                {"id": SOME_ID, "label": "Si Jamin dan si Johan (BH-000123)", "outcome": "done", "said": ""}
            ],
            "done": 1,
            "refused": 0,
            "undone_at": None,
            "available_actions": ["undo"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "kind",
            "made_at",
            "rows",
            "done",
            "refused",
            "undo_until",
            "undone_at",
            "available_actions",
        )


class BulkInput(Input):
    office = Visible(Institution, help_text="The library whose rows they are.")
    kind = serializers.ChoiceField(choices=BulkKind.choices)
    ids = serializers.ListField(
        child=serializers.UUIDField(),
        allow_empty=False,
        max_length=MOST,
        help_text="write_off: copies. report_lost: lines. remind: consignments. extend: cases.",
    )
    number = serializers.CharField(
        required=False, max_length=120, help_text="write_off: of the list or decision."
    )
    note = serializers.CharField(required=False, max_length=2000, help_text="write_off: the reason.")
    account = serializers.CharField(required=False, max_length=4000, help_text="report_lost: what happened.")
    due_on = serializers.DateField(required=False, help_text="extend: the new day.")


class BulkActViewSet(CreateMixin, ReadViewSet):
    """Several rows, one act. What is refused is left as it was and listed; the rest can be taken back for ten minutes."""

    scope_noun = "bulk-acts"
    queryset = BulkAct.objects.select_related("office")
    serializer_class = BulkActRow
    create_input = BulkInput
    create_example = {
        "office": SOME_ID,
        "kind": "write_off",
        "ids": [SOME_ID],
        "number": "SK 12/PBH/2027",
        "note": "Usang dan tidak terbaca.",
    }
    subject = "act"
    acts = {"undo": Act(undo_many, says="Take it back, wherever nothing has happened since.")}

    def do_create(self, data: dict[str, Any]) -> BulkAct:
        office, kind, ids = data.pop("office"), data.pop("kind"), data.pop("ids")
        return do_many(office=office, actor=self.actor, kind=kind, ids=ids, facts=data)
