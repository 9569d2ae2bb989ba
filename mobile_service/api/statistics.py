"""What the van has brought over the API: stop by stop over some days (M8)."""

from typing import Any

from rest_framework import serializers

from kerjasama.api.rows import Computed, Display, Link, Row, Url
from kerjasama.api.viewsets import ReadViewSet
from libraries.access import access_of
from mobile_service.filters import VisitStatisticsFilter, last_month
from mobile_service.models import Stop
from mobile_service.services.statistics import with_figures


def _count(name: str, words: str) -> Computed:
    return Computed(serializers.IntegerField(help_text=words), lambda row, audience: getattr(row, name))


class VisitStatisticsRow(Row):
    url = Url("visit-statistics")
    display = Display()
    office = Link("institutions")
    visits_planned = _count("visits_planned", "All that stood on the calendar, called off or not.")
    visits_done = _count("visits_done", "Of those, made.")
    visits_missed = _count("visits_missed", "Of those, not made.")
    visits_cancelled = _count("visits_cancelled", "Of those, called off.")
    visitors = _count("visitors", "Counted by the crew.")
    lent = _count("lent", "Books lent from the van.")
    returned = _count("returned", "Books brought back to the van.")
    last_visited_at = Computed(
        serializers.DateTimeField(allow_null=True, help_text="The last visit made in the time asked for."),
        lambda row, audience: row.last_visited_at,
    )

    class Meta:
        model = Stop
        example = {
            "display": "Balai Kelurahan Talang",
            "office": "Perpustakaan Payakumbuh",
            "kind": "village",
            "community": "Talang",
            "visits_planned": 4,
            "visits_done": 3,
            "visits_missed": 1,
            "visits_cancelled": 0,
            "visitors": 96,
            "lent": 41,
            "returned": 38,
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "kind",
            "community",
            "visits_planned",
            "visits_done",
            "visits_missed",
            "visits_cancelled",
            "visitors",
            "lent",
            "returned",
            "last_visited_at",
            "created_at",
            "updated_at",
        )


class VisitStatisticsViewSet(ReadViewSet):
    """What was planned, done, counted and lent at each stop, from `since` to `until`; the last month that is over when not given."""

    scope_noun = "visit-statistics"
    queryset = Stop.objects.all()
    serializer_class = VisitStatisticsRow
    filterset_class = VisitStatisticsFilter

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        access = access_of(self.request.user)
        rows = Stop.objects.select_related("office")
        if not access.everything:
            rows = rows.filter(office__in=access.offices)
        return with_figures(rows, *last_month())
