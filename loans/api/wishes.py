"""Wishes of schools over the API (L10)."""

from typing import Any

from rest_framework import serializers

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import Input, NoteInput, Visible
from kerjasama.api.rows import Computed, Display, Link, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from libraries.catalogue.choices import ReadingLevel
from libraries.catalogue.models import Title
from libraries.models import Institution
from loans.api.rotation import SOME_ID
from loans.api.rows import CONSEQUENCES, actions, count
from loans.choices import Subject, WishPriority
from loans.filters import WishFilter
from loans.lifecycle import WISH
from loans.models import Period, Wish
from loans.services import wishing


class WishRow(Row):
    url = Url("wishes")
    display = Display()
    lender = Link("institutions")
    partner = Link("institutions")
    title = Link("titles", allow_null=True)
    period = Link("periods", allow_null=True)
    consignment = Link("consignments", allow_null=True)
    stock = count("stock", "Copies of the title at the library that may travel; 0 is for the next purchase.")
    free = count("free", "Those of them that are on the shelf and on no list.")
    remark = Computed(
        serializers.CharField(
            help_text="What can be said at once, such as that there is no copy; else empty."
        ),
        lambda row, audience: wishing.remark(row),
    )
    available_actions = actions(WISH)

    class Meta:
        model = Wish
        example = {
            "display": "Si Jamin dan si Johan",
            "lender": "Perpustakaan Bung Hatta",
            "partner": "SDN 01",
            "title": "Si Jamin dan si Johan",
            "subject": "",
            "reading_level": "",
            "words": "",
            "note": "Untuk pelajaran Bahasa Indonesia.",
            "priority": 3,
            "status": "planned",
            "period": "Period 2",
            "consignment": None,
            "answer": "Ada dua eksemplar.",
            "remark": "",
            "available_actions": ["promise", "serve", "decline"],
        }
        fields = (
            "id",
            "url",
            "display",
            "lender",
            "partner",
            "title",
            "subject",
            "reading_level",
            "words",
            "note",
            "priority",
            "status",
            "wished_on",
            "period",
            "consignment",
            "answer",
            "answered_on",
            "stock",
            "free",
            "remark",
            "available_actions",
            "created_at",
            "updated_at",
        )


class WishInput(Input):
    lender = Visible(Institution, help_text="A library with a running lending programme for the school.")
    partner = Visible(Institution, help_text="The school that wishes.")
    title = Visible(Title, required=False, allow_null=True, help_text="Or give a subject, or words.")
    subject = serializers.ChoiceField(
        choices=Subject.choices, required=False, allow_blank=True, help_text="A hundred of the DDC."
    )
    reading_level = serializers.ChoiceField(
        choices=ReadingLevel.choices, required=False, allow_blank=True, help_text="Only with a subject."
    )
    words = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=300,
        help_text="Where the catalogue does not have it: title, author, or what it is about.",
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)
    priority = serializers.IntegerField(
        min_value=1,
        max_value=3,
        default=WishPriority.WANTED.value,
        help_text="1 would be nice, 2 wanted, 3 needed for lessons.",
    )


class PromiseInput(Input):
    period = Visible(Period, help_text="A planned period of the school's programme.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ServeInput(Input):
    note = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="What was brought for it."
    )


class WishViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """What a school would like to be brought: a title, a subject, or a book in its own words.

    A delivery that brings the title fulfils the wish by itself.
    """

    scope_noun = "wishes"
    queryset = Wish.objects.with_stock().for_list()
    serializer_class = WishRow
    filterset_class = WishFilter
    create_input = WishInput
    create_example = {"lender": SOME_ID, "partner": SOME_ID, "title": SOME_ID, "priority": 3}
    lives = (WISH,)
    consequences = CONSEQUENCES[WISH.name]
    subject = "wish"
    acts = {
        "promise": Act(
            wishing.promise_wish,
            PromiseInput,
            says="It comes with the delivery of a planned period.",
            example={"period": SOME_ID, "note": "Ada dua eksemplar."},
        ),
        "serve": Act(
            wishing.serve_wish,
            ServeInput,
            says="It has been brought. Wishes for a title are fulfilled by the handover itself.",
            example={"note": "Dua puluh buku IPA untuk kelas rendah."},
        ),
        "decline": Act(
            wishing.decline_wish,
            NoteInput,
            says="It cannot be brought; the school reads the reason as the answer.",
            example={"note": "Hanya ada satu eksemplar, untuk dibaca di tempat."},
        ),
        "withdraw": Act(wishing.withdraw_wish, says="The school needs it no longer."),
    }

    def do_create(self, data: dict[str, Any]) -> Wish:
        return wishing.make_wish(actor=self.actor, **data)
