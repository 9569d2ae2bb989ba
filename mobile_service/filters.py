"""What lists of the mobile library can be narrowed by; for the API and the pages alike."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kerjasama.filters import RecordFilter, related
from libraries.models import Institution
from mobile_service.choices import (
    CrewFunction,
    SeriesStatus,
    StopKind,
    StopSheetStatus,
    TripStatus,
    VisitStatus,
)
from mobile_service.models import CrewMember, Series, Stop, StopSheet, Trip, Vehicle, Visit


class VehicleFilter(RecordFilter):
    q = django_filters.CharFilter(method="search", label=_("name or number plate"))
    office = related(Institution, label=_("library"))

    class Meta:
        model = Vehicle
        fields = ["q", "office", "is_active", "updated_since"]

    def search(self, queryset: "QuerySet[Vehicle]", name: str, value: str) -> "QuerySet[Vehicle]":
        return queryset.filter(Q(name__icontains=value) | Q(plate__icontains=value))


class CrewMemberFilter(RecordFilter):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("name"))
    office = related(Institution, label=_("library"))
    vehicle = related(Vehicle, label=_("usually on"))
    function = django_filters.ChoiceFilter(choices=CrewFunction.choices)

    class Meta:
        model = CrewMember
        fields = ["q", "office", "vehicle", "function", "is_active", "updated_since"]


class StopFilter(RecordFilter):
    q = django_filters.CharFilter(method="search", label=_("name, village or address"))
    office = related(Institution, label=_("library"))
    partner = related(Institution, label=_("school or partner"))
    vehicle = related(Vehicle, label=_("only this vehicle"))
    kind = django_filters.ChoiceFilter(choices=StopKind.choices)
    community = django_filters.CharFilter(lookup_expr="iexact", label=_("village or neighbourhood"))
    has_place = django_filters.BooleanFilter(
        field_name="latitude", lookup_expr="isnull", exclude=True, label=_("on the map")
    )
    weekday = django_filters.NumberFilter(
        field_name="windows__weekday",
        distinct=True,
        label=_("weekday"),
        min_value=0,
        max_value=6,
        help_text=_("0 is Monday: stops with a time window on that day."),
    )

    class Meta:
        model = Stop
        fields = [
            "q",
            "office",
            "partner",
            "vehicle",
            "kind",
            "community",
            "is_public",
            "is_active",
            "has_place",
            "weekday",
            "updated_since",
        ]

    def search(self, queryset: "QuerySet[Stop]", name: str, value: str) -> "QuerySet[Stop]":
        return queryset.filter(
            Q(name__icontains=value) | Q(community__icontains=value) | Q(address__icontains=value)
        )


class StopSheetFilter(RecordFilter):
    office = related(Institution, label=_("library"))
    status = django_filters.MultipleChoiceFilter(choices=StopSheetStatus.choices)

    class Meta:
        model = StopSheet
        fields = ["office", "status", "updated_since"]


class SeriesFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=SeriesStatus.choices)
    stop = related(Stop, label=_("stop"))
    vehicle = related(Vehicle, label=_("vehicle"))

    class Meta:
        model = Series
        fields = ["status", "stop", "vehicle", "updated_since"]


class VisitFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=VisitStatus.choices)
    stop = related(Stop, label=_("stop"))
    vehicle = related(Vehicle, label=_("vehicle"))
    series = related(Series, label=_("series of visits"))
    from_on = django_filters.DateFilter(field_name="trip__on", lookup_expr="gte", label=_("from this day on"))
    until = django_filters.DateFilter(field_name="trip__on", lookup_expr="lte", label=_("up to this day"))

    class Meta:
        model = Visit
        fields = ["status", "stop", "vehicle", "series", "from_on", "until", "is_pinned", "updated_since"]


class TripFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=TripStatus.choices)
    office = related(Institution, label=_("library"))
    vehicle = related(Vehicle, label=_("vehicle"))
    from_on = django_filters.DateFilter(field_name="on", lookup_expr="gte", label=_("from this day on"))
    until = django_filters.DateFilter(field_name="on", lookup_expr="lte", label=_("up to this day"))

    class Meta:
        model = Trip
        fields = ["status", "office", "vehicle", "from_on", "until", "updated_since"]
