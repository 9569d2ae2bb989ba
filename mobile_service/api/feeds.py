"""The calendar of a stop, a vehicle or a crew member over the API: its address, and another one (M4)."""

from django.urls import reverse
from rest_framework import serializers

from kerjasama.api.rows import Audience, Computed
from kerjasama.api.transitions import Act
from mobile_service.models import CrewMember, Stop, Vehicle
from mobile_service.services.feeding import may_renew, renew_feed, token_of


def feed_url() -> Computed:
    """The field; it costs no query."""
    return Computed(
        serializers.URLField(
            help_text="Its calendar (iCalendar). A public stop's is open to everybody; any other holds a secret, is told to those "
            "alone who may change it, and is empty until `renew_feed` makes it."
        ),
        _address,
    )


def _address(row: Stop | Vehicle | CrewMember, audience: Audience) -> str:
    if isinstance(row, Stop) and row.is_public and row.is_active:
        return audience.absolute(reverse("schedule_feed", args=[row.slug]))
    token = token_of(row)
    return audience.absolute(reverse("ical", args=[token])) if token and _may(row, audience) else ""


def feed_verbs(row: Stop | Vehicle | CrewMember, audience: Audience) -> list[str]:
    return ["renew_feed"] if row.is_active and _may(row, audience) else []


def _may(row: Stop | Vehicle | CrewMember, audience: Audience) -> bool:
    return audience.user is not None and may_renew(row, audience.user)


RENEW_FEED = Act(
    renew_feed,
    says="A secret address for its calendar: the first, or another when it went astray. The one before is dead at once.",
    run=lambda view, row, data: renew_feed(owner=row, actor=view.actor),
)
