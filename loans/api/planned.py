"""The books that coming deliveries are to bring, and titles that never go to a school, over the API (L2)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import serializers

from kerjasama.api.inputs import Input, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Removed, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from libraries.access import roles_toward
from libraries.catalogue.models import Copy, Title
from libraries.models import Institution
from loans.choices import PeriodStatus
from loans.filters import PlannedBookFilter, TitleBanFilter
from loans.lifecycle import DESK
from loans.models import Period, PlannedBook, TitleBan
from loans.services import banning, fixing

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
VERBS = serializers.ListField(
    child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
)


def _book_actions(row: PlannedBook, audience: Audience) -> list[str]:
    if row.period.status != PeriodStatus.PLANNED:
        return []
    if not roles_toward(audience.user, lender=row.period.programme.lender_id) & DESK:
        return []
    return ["remove", "unlock" if row.is_locked else "lock"]


def _ban_actions(row: TitleBan, audience: Audience) -> list[str]:
    return ["lift"] if roles_toward(audience.user, lender=row.lender_id) & DESK else []


def _gone(key: UUID, done: None) -> UUID:
    """The key of a row, taken before it was removed: a deleted row has none."""
    return key


class PlannedBookRow(Row):
    url = Url("planned-books")
    display = Display()
    period = Link("periods")
    partner = Link("institutions", lambda row: row.period.programme.partner)
    title = Link("titles")
    copy = Link("copies")
    source = Link("institutions", allow_null=True)
    available_actions = Computed(VERBS, _book_actions)

    class Meta:
        model = PlannedBook
        example = {
            "display": "Si Jamin dan si Johan → Period 2",
            "period": "Period 2",
            "partner": "SDN 01",
            "title": "Si Jamin dan si Johan",
            "copy": "BH-000123",
            "source": None,
            "is_locked": False,
            "available_actions": ["remove", "lock"],
        }
        fields = (
            "id",
            "url",
            "display",
            "period",
            "partner",
            "title",
            "copy",
            "source",
            "is_locked",
            "available_actions",
            "created_at",
            "updated_at",
        )


class BookChoice(Input):
    """One of the three: the copy, its barcode, or a title of which the first fitting copy is taken."""

    barcode = serializers.CharField(required=False, max_length=80)
    copy = Visible(Copy, required=False)
    title = Visible(Title, required=False, help_text="The first copy of it that fits is taken.")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if sum(name in data for name in ("barcode", "copy", "title")) != 1:
            raise serializers.ValidationError(
                _("Name one book: by `copy`, by `barcode` or by `title`."), "choose_book"
            )
        return data


class FixedBookInput(BookChoice):
    period = Visible(Period, help_text="A planned one that nobody packs yet.")


class PlannedBookViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """The copies that coming deliveries are to bring: by the plan in force, or fixed by hand."""

    scope_noun = "planned-books"
    queryset = PlannedBook.objects.for_list()
    serializer_class = PlannedBookRow
    filterset_class = PlannedBookFilter
    create_input = FixedBookInput
    revise_input = BookChoice
    create_example = {"period": SOME_ID, "barcode": "BH-000123"}
    revise_example = {"title": SOME_ID}
    subject = "book"
    acts = {
        "lock": Act(fixing.lock_book, says="Fix a planned book: every later plan keeps it there."),
        "unlock": Act(fixing.unlock_book, says="Let the next plan decide about it again."),
        "remove": Act(
            fixing.remove_book,
            says="Take it out of the plan of its delivery.",
            answers=Removed,
            run=lambda view, row, data: _gone(row.pk, fixing.remove_book(book=row, actor=view.actor)),
        ),
    }

    def do_create(self, data: dict[str, Any]) -> PlannedBook:
        return fixing.fix_book(actor=self.actor, **data)

    def do_revise(self, row: PlannedBook, data: dict[str, Any]) -> PlannedBook:
        return fixing.replace_book(book=row, actor=self.actor, **data)


class TitleBanRow(Row):
    url = Url("title-bans")
    display = Display()
    lender = Link("institutions")
    partner = Link("institutions")
    title = Link("titles")
    available_actions = Computed(VERBS, _ban_actions)

    class Meta:
        model = TitleBan
        example = {
            "display": "Si Jamin dan si Johan ↛ SDN 01",
            "lender": "Perpustakaan Bung Hatta",
            "partner": "SDN 01",
            "title": "Si Jamin dan si Johan",
            "reason": "Sekolah sudah punya.",
            "available_actions": ["lift"],
        }
        fields = (
            "id",
            "url",
            "display",
            "lender",
            "partner",
            "title",
            "reason",
            "available_actions",
            "created_at",
            "updated_at",
        )


class TitleBanInput(Input):
    lender = Visible(Institution, help_text="Your library.")
    partner = Visible(Institution, help_text="The school.")
    title = Visible(Title)
    reason = serializers.CharField(max_length=banning.REASON, help_text="Read by whoever plans next year.")


class TitleBanViewSet(CreateMixin, ReadViewSet):
    """Titles that never go to a school. What was planned of one is taken out; a book fixed by hand must be released first."""

    scope_noun = "title-bans"
    queryset = TitleBan.objects.for_list()
    serializer_class = TitleBanRow
    filterset_class = TitleBanFilter
    create_input = TitleBanInput
    create_example = {
        "lender": SOME_ID,
        "partner": SOME_ID,
        "title": SOME_ID,
        "reason": "Sekolah sudah punya.",
    }
    subject = "ban"
    acts = {
        "lift": Act(
            banning.lift_ban,
            says="The title may go there again, from the next plan on.",
            answers=Removed,
            run=lambda view, row, data: _gone(row.pk, banning.lift_ban(ban=row, actor=view.actor)),
        ),
    }

    def do_create(self, data: dict[str, Any]) -> TitleBan:
        return banning.ban_title(actor=self.actor, **data).ban
