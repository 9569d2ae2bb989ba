"""The history of a thing: the steps of its life, with who and when. The same for everything that has a life."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.rows import Audience, Computed, PlainRow


def _actor(row: Any, audience: Audience) -> str:
    return str(row.actor) if row.actor_id else ""


class EventRow(PlainRow):
    id = serializers.UUIDField()
    action = serializers.CharField()
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    actor = Computed(
        serializers.CharField(help_text="Who; empty when the clock acted, or somebody without an account."),
        _actor,
    )
    at = serializers.DateTimeField()
    note = serializers.CharField()


class EventsMixin:
    """Gives a viewset ``GET …/{id}/events/``."""

    @extend_schema(responses=EventRow(many=True), filters=False)
    @action(detail=True, methods=["get"], filterset_class=None)
    def events(self, request: Request, **kwargs: Any) -> Response:
        """The steps of its life, oldest first."""
        rows = self.acting_object().events.select_related("actor")
        return self.page_of(rows, EventRow, order=("at", "id"))
