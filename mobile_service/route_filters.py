"""Filters of route plans and driving times."""

import django_filters
from django.utils.translation import gettext_lazy as _

from kerjasama.filters import RecordFilter, YesNoFilter, related
from libraries.models import Institution
from mobile_service.choices import RoutePlanStatus
from mobile_service.models import RoutePlan, Stop, TravelTime


class RoutePlanFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=RoutePlanStatus.choices)
    office = related(Institution, label=_("library"))

    class Meta:
        model = RoutePlan
        fields = ["status", "office", "updated_since"]


class TravelTimeFilter(RecordFilter):
    office = related(Institution, label=_("library"))
    origin = related(Stop, label=_("from"))
    target = related(Stop, label=_("to"))
    is_typed = YesNoFilter(label=_("typed by hand"))

    class Meta:
        model = TravelTime
        fields = ["office", "origin", "target", "is_typed", "updated_since"]
