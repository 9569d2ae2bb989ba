"""The calendar that a school puts into its phones over the API: its secret address, another one, or none any more (M4)."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from rest_framework import serializers

from kerjasama.api.inputs import Input, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Removed, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from libraries.models import Institution
from mobile_service.api.fleet import SOME_ID, VERBS
from mobile_service.filters import SchoolFeedFilter
from mobile_service.models import SchoolFeed
from mobile_service.services.feeding import (
    may_keep_school_feed,
    renew_school_feed,
    revoke_school_feed,
    token_of,
)


def _address(row: SchoolFeed, audience: Audience) -> str:
    if not may_keep_school_feed(row.partner_id, audience.user):
        return ""
    return audience.absolute(reverse("ical", args=[token_of(row)]))


def _verbs(row: SchoolFeed, audience: Audience) -> list[str]:
    return ["renew", "revoke"] if may_keep_school_feed(row.partner_id, audience.user) else []


class SchoolCalendarRow(Row):
    url = Url("school-calendars")
    display = Display()
    partner = Link("institutions")
    feed_url = Computed(
        serializers.URLField(
            help_text="The calendar (iCalendar): the visits of the van and the days of the swaps. It holds a secret and is told to "
            "the school alone; the library sees only that there is one."
        ),
        _address,
    )
    available_actions = Computed(VERBS, _verbs)

    class Meta:
        model = SchoolFeed
        example = {
            "display": "SDN 01",
            "partner": "SDN 01",
            "feed_url": "https://kerjasama.example/ical/pQ2v0LrA8s0dXh1yV6b9ZkT3mN5cR7eW4uJqPiFgDsoE.ics",
            "available_actions": ["renew", "revoke"],
        }
        fields = (
            "id",
            "url",
            "display",
            "partner",
            "feed_url",
            "available_actions",
            "created_at",
            "updated_at",
        )


class SchoolCalendarInput(Input):
    partner = Visible(Institution, help_text="Your school.")


def revoked(view: Any, row: SchoolFeed, data: dict[str, Any]) -> UUID:
    key: UUID = row.pk
    revoke_school_feed(feed=row, actor=view.actor)
    return key


class SchoolCalendarViewSet(CreateMixin, ReadViewSet):
    """Calendars of schools: one each, made, given another address, and ended by the school itself."""

    scope_noun = "school-calendars"
    queryset = SchoolFeed.objects.select_related("partner")
    serializer_class = SchoolCalendarRow
    filterset_class = SchoolFeedFilter
    create_input = SchoolCalendarInput
    create_example = {"partner": SOME_ID}
    subject = "feed"
    acts = {
        "renew": Act(
            renew_school_feed,
            says="Another address, when the one before went astray; that one is dead at once.",
            run=lambda view, row, data: renew_school_feed(partner=row.partner, actor=view.actor),
        ),
        "revoke": Act(
            revoke_school_feed,
            says="No calendar any more: its address is dead at once.",
            answers=Removed,
            run=revoked,
        ),
    }

    def do_create(self, data: dict[str, Any]) -> SchoolFeed:
        return renew_school_feed(actor=self.actor, **data)
