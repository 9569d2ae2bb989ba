"""What lists of the mobile library can be narrowed by; for the API and the pages alike."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from kerjasama.filters import RecordFilter, StrictFilter, YesNoFilter, related
from libraries.models import Institution
from mobile_service.choices import (
    CrewFunction,
    EntryKind,
    EntryOutcome,
    RequestStatus,
    SeriesStatus,
    StopKind,
    StopSheetStatus,
    TripStatus,
    VisitStatus,
)
from mobile_service.models import (
    CrewMember,
    Device,
    Entry,
    SchoolFeed,
    Series,
    Stop,
    StopSheet,
    Trip,
    Vehicle,
    Visit,
    VisitRequest,
)
from mobile_service.services.statistics import with_figures
from mobile_service.spans import Span, span_of

EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)


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
    has_place = YesNoFilter(field_name="latitude", lookup_expr="isnull", exclude=True, label=_("on the map"))
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
    partner = related(Institution, field_name="stop__partner", label=_("school or partner"))
    vehicle = related(Vehicle, label=_("vehicle"))
    series = related(Series, label=_("series of visits"))
    from_on = django_filters.DateFilter(field_name="trip__on", lookup_expr="gte", label=_("from this day on"))
    until = django_filters.DateFilter(field_name="trip__on", lookup_expr="lte", label=_("up to this day"))

    class Meta:
        model = Visit
        fields = [
            "status",
            "stop",
            "partner",
            "vehicle",
            "series",
            "from_on",
            "until",
            "is_pinned",
            "updated_since",
        ]


class SchoolFeedFilter(RecordFilter):
    partner = related(Institution, label=_("school or partner"))

    class Meta:
        model = SchoolFeed
        fields = ["partner", "updated_since"]


class TripFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=TripStatus.choices)
    office = related(Institution, label=_("library"))
    vehicle = related(Vehicle, label=_("vehicle"))
    from_on = django_filters.DateFilter(field_name="on", lookup_expr="gte", label=_("from this day on"))
    until = django_filters.DateFilter(field_name="on", lookup_expr="lte", label=_("up to this day"))

    class Meta:
        model = Trip
        fields = ["status", "office", "vehicle", "from_on", "until", "updated_since"]


class DeviceFilter(RecordFilter):
    office = related(Institution, label=_("library"))
    member = related(CrewMember, label=_("crew member"))
    in_use = YesNoFilter(field_name="revoked_at", lookup_expr="isnull", label=_("not taken out of use"))

    class Meta:
        model = Device
        fields = ["office", "member", "in_use", "updated_since"]


class EntryFilter(StrictFilter):
    trip = related(Trip, label=_("trip"))
    visit = related(Visit, label=_("visit"))
    device = related(Device, label=_("crew's phone"))
    kind = django_filters.MultipleChoiceFilter(choices=EntryKind.choices)
    outcome = django_filters.MultipleChoiceFilter(
        choices=EntryOutcome.choices,
        help_text=_("“review”: what contradicts the present and waits for a decision."),
    )

    class Meta:
        model = Entry
        fields = ["trip", "visit", "device", "kind", "outcome", "code", "client_id"]


class VisitRequestFilter(RecordFilter):
    office = related(Institution, label=_("library"))
    partner = related(Institution, label=_("school or partner"))
    stop = related(Stop, label=_("stop"))
    status = django_filters.MultipleChoiceFilter(choices=RequestStatus.choices, label=_("status"))

    class Meta:
        model = VisitRequest
        fields = ["office", "partner", "stop", "status", "is_from_outside", "updated_since"]


def _last_month_over() -> Span:
    return span_of("month", span_of("month", clock.today()).start - clock.days(1))


def last_month() -> tuple[datetime, datetime]:
    """The moments between which the last month that is over lies, by the clock of the installation."""
    span = _last_month_over()
    return _moments(span.start)[0], _moments(span.end)[1]


class SpanForm(forms.Form):
    """Days that run backwards are refused: they would give every stop with nothing, as if no van had come."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        since, until, usual = given.get("since"), given.get("until"), _last_month_over()
        if since and until and until < since:
            self.add_error("until", _("“until” lies before “since”. Give the earlier day as “since”."))
        elif since and not until and usual.end < since:
            self.add_error("until", _("Give “until” as well: without it the days end with the last month."))
        elif until and not since and until < usual.start:
            self.add_error("since", _("Give “since” as well: without it the days begin with the last month."))
        return given


class VisitStatisticsFilter(StrictFilter):
    """The days are part of the question: everything else is asked of what it gives."""

    office = related(Institution, label=_("library"))
    kind = django_filters.ChoiceFilter(choices=StopKind.choices)
    since = django_filters.DateFilter(
        method="keep",
        label=_("from"),
        help_text=_("The first day; the first of the last month when not given."),
    )
    until = django_filters.DateFilter(
        method="keep", label=_("until"), help_text=_("The last day; the end of that month when not given.")
    )

    class Meta:
        model = Stop
        form = SpanForm
        fields = ["office", "kind", "since", "until"]

    def filter_queryset(self, queryset: "QuerySet[Stop]") -> "QuerySet[Stop]":
        given = self.form.cleaned_data
        starts, ends = last_month()
        if given.get("since"):
            starts = _moments(given["since"])[0]
        if given.get("until"):
            ends = _moments(given["until"])[1]
        bare = Stop.objects.filter(pk__in=queryset.values("pk")).select_related("office")
        return super().filter_queryset(with_figures(bare, starts, ends))

    def keep(self, rows: "QuerySet[Stop]", name: str, value: Any) -> "QuerySet[Stop]":
        return rows


def _moments(day: date) -> tuple[datetime, datetime]:
    """The day's beginning and end; far from any calendar all days are one, for their sums leave what a date can say."""
    day = min(max(day, EARLIEST), LATEST)
    begins = datetime.combine(day, time.min, ZoneInfo(settings.TIME_ZONE))
    return begins, begins + timedelta(days=1)
