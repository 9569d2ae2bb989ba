"""Books of other libraries that came back with ours, over the API (L6)."""

from typing import Any

from rest_framework import serializers

from kerjasama.api.inputs import Input, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Removed, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from libraries.access import roles_toward
from libraries.models import Institution
from loans.filters import StrayBookFilter
from loans.lifecycle import DESK
from loans.models import StrayBook
from loans.services import straying

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


def _actions(row: StrayBook, audience: Audience) -> list[str]:
    mine = roles_toward(audience.user, lender=row.office_id) & DESK
    return ["send_home", "forget"] if mine and row.sent_on is None else []


class StrayBookRow(Row):
    url = Url("stray-books")
    display = Display()
    office = Link("institutions")
    owner = Link("institutions", allow_null=True)
    brought_by = Link("institutions", allow_null=True)
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        _actions,
    )

    class Meta:
        model = StrayBook
        example = {
            "display": "Laskar Pelangi",
            "office": "Perpustakaan Bung Hatta",
            "barcode": "PYK-004711",
            "title": "Laskar Pelangi",
            "owner": "Perpustakaan Umum Payakumbuh",
            "owner_name": "",
            "brought_by": "SDN 01",
            "sent_on": None,
            "sent_how": "",
            "available_actions": ["send_home", "forget"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "barcode",
            "title",
            "owner",
            "owner_name",
            "brought_by",
            "noted_on",
            "sent_on",
            "sent_how",
            "available_actions",
            "created_at",
            "updated_at",
        )


class StrayInput(Input):
    office = Visible(Institution, help_text="The library where it turned up.")
    barcode = serializers.CharField(required=False, allow_blank=True, max_length=80)
    title = serializers.CharField(required=False, allow_blank=True, max_length=300)
    owner = Visible(
        Institution, required=False, allow_null=True, help_text="Whose it is, if in the directory."
    )
    owner_name = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="The stamp in the book, if not."
    )
    brought_by = Visible(Institution, required=False, allow_null=True)


class SendHomeInput(Input):
    on = serializers.DateField(required=False, allow_null=True, help_text="Today when not given.")
    how = serializers.CharField(required=False, allow_blank=True, max_length=200)


def forgot(view: Any, row: StrayBook, data: dict[str, Any]) -> Any:
    key = row.pk
    straying.forget_stray(stray=row, actor=view.actor)
    return key


class StrayBookViewSet(CreateMixin, ReadViewSet):
    """Books of other libraries. One that a scan recognises is noted by itself; its owner sees it here as well."""

    scope_noun = "stray-books"
    queryset = StrayBook.objects.for_list()
    serializer_class = StrayBookRow
    filterset_class = StrayBookFilter
    create_input = StrayInput
    create_example = {"office": SOME_ID, "title": "Laskar Pelangi", "owner_name": "TBM Sari Bacaan"}
    subject = "stray"
    acts = {
        "send_home": Act(
            straying.send_home,
            SendHomeInput,
            says="It is on its way to its owner.",
            example={"how": "Pos, nomor resi 0012"},
        ),
        "forget": Act(straying.forget_stray, says="It was noted by mistake.", answers=Removed, run=forgot),
    }

    def do_create(self, data: dict[str, Any]) -> StrayBook:
        return straying.keep_stray(actor=self.actor, **data)
