"""Reading lists of classes over the API (F15)."""

from typing import Any

from rest_framework import serializers

from kerjasama.api.inputs import Input, ModelInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Removed, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from libraries.catalogue.api.views import SOME_ID
from libraries.catalogue.filters import ReadingListFilter
from libraries.catalogue.models import ReadingList, ReadingListItem, Title
from libraries.catalogue.services import reading_lists
from libraries.models import Institution

VERBS = ["add_item", "move_item", "drop_item", "remove"]


def _actions(row: ReadingList, audience: Audience) -> list[str]:
    return VERBS if reading_lists.may_keep(audience.user, row.institution_id) else []


class ReadingListItemRow(Row):
    title = Link("titles", allow_null=True)
    name = Computed(
        serializers.CharField(help_text="The title, of the catalogue or as typed."),
        lambda row, audience: row.name,
    )
    author = Computed(
        serializers.CharField(help_text="Who wrote it, as far as known."),
        lambda row, audience: row.author_line,
    )

    class Meta:
        model = ReadingListItem
        example = {
            "title": "Si Jamin dan si Johan",
            "name": "Si Jamin dan si Johan",
            "author": "Merari Siregar",
            "note": "Dibaca bersama di kelas.",
        }
        fields = ("id", "position", "title", "name", "author", "note")


class ReadingListRow(Row):
    url = Url("reading-lists")
    display = Display()
    institution = Link("institutions")
    item_count = Computed(
        serializers.IntegerField(help_text="Books on the list."), lambda row, audience: row.item_count
    )
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        _actions,
    )

    class Meta:
        model = ReadingList
        example = {
            "display": "Cerita dari laut (Kelas 4)",
            "institution": "SDN 01",
            "class_name": "Kelas 4",
            "school_year": "2026/2027",
            "title": "Cerita dari laut",
            "item_count": 12,
            "available_actions": VERBS,
        }
        fields: tuple[str, ...] = (
            "id",
            "url",
            "display",
            "institution",
            "class_name",
            "school_year",
            "title",
            "is_public",
            "item_count",
            "available_actions",
            "version",
            "created_at",
            "updated_at",
        )


class ReadingListDetail(ReadingListRow):
    items = ReadingListItemRow(many=True)

    class Meta(ReadingListRow.Meta):
        fields = (*ReadingListRow.Meta.fields, "note", "items")


class ReadingListChange(ModelInput):
    class Meta:
        model = ReadingList
        fields: tuple[str, ...] = ("class_name", "school_year", "title", "note", "is_public")


class ReadingListInput(ReadingListChange):
    institution = Visible(Institution, help_text="Your school.")

    class Meta(ReadingListChange.Meta):
        fields = ("institution", *ReadingListChange.Meta.fields)


class BookInput(Input):
    title = Visible(Title, required=False, help_text="A title of the catalogue.")
    typed_title = serializers.CharField(
        max_length=300,
        required=False,
        help_text="Or what it is called, where the catalogue does not have it.",
    )
    author = serializers.CharField(max_length=200, required=False, allow_blank=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class ListedBookInput(Input):
    item = serializers.PrimaryKeyRelatedField(
        queryset=ReadingListItem.objects.all(), help_text="The id of one of the list's `items`."
    )

    def validate_item(self, item: ReadingListItem) -> ReadingListItem:
        if item.reading_list_id != self.context["row"].pk:
            # Told like an id that does not exist.
            self.fields["item"].fail("does_not_exist", pk_value=item.pk)
        return item


class BookMoveInput(ListedBookInput):
    by = serializers.IntegerField(
        min_value=-200, max_value=200, help_text="Places: negative is up, positive is down."
    )


def remove(view: Any, row: ReadingList, data: dict[str, Any]) -> Any:
    key = row.pk
    reading_lists.remove_reading_list(reading_list=row, actor=view.actor)
    return key


class ReadingListViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """What classes read. A school keeps its own; its libraries read them, and other partners those that are shared."""

    scope_noun = "reading-lists"
    queryset = ReadingList.objects.for_list().prefetch_related("items__title")
    list_queryset = ReadingList.objects.for_list()
    serializer_class = ReadingListRow
    detail_class = ReadingListDetail
    filterset_class = ReadingListFilter
    create_input = ReadingListInput
    revise_input = ReadingListChange
    create_example = {
        "institution": SOME_ID,
        "class_name": "Kelas 4",
        "school_year": "2026/2027",
        "title": "Cerita dari laut",
    }
    revise_example = {"is_public": True}
    subject = "reading_list"
    acts = {
        "add_item": Act(
            reading_lists.add_to_reading_list,
            BookInput,
            says="Put a book at the end of the list.",
            example={"typed_title": "Malin Kundang", "author": "Cerita rakyat"},
        ),
        "move_item": Act(
            reading_lists.move_in_reading_list,
            BookMoveInput,
            says="Move a book up or down.",
            example={"item": SOME_ID, "by": -1},
        ),
        "drop_item": Act(
            reading_lists.take_from_reading_list,
            ListedBookInput,
            says="Take a book off the list.",
            example={"item": SOME_ID},
        ),
        "remove": Act(
            reading_lists.remove_reading_list,
            says="Throw the list away, with its books.",
            answers=Removed,
            run=remove,
        ),
    }

    def do_create(self, data: dict[str, Any]) -> ReadingList:
        return reading_lists.begin_reading_list(actor=self.actor, **data)

    def do_revise(self, row: ReadingList, data: dict[str, Any]) -> ReadingList:
        return reading_lists.revise_reading_list(
            reading_list=row, actor=self.actor, version=row.version, **data
        )
