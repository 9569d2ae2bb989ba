"""What lists of agreements can be narrowed by; for the API and the pages alike."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agreements.choices import (
    ActivityKind,
    ActivityStatus,
    AgreementKind,
    AgreementStatus,
    BookingStatus,
    CooperationForm,
    EvaluationStatus,
    Ground,
    IndicatorKind,
    MeasurementSource,
    ObligationStatus,
    ObstacleKind,
    Recommendation,
    RequestChannel,
    RequestSide,
    RequestStatus,
)
from agreements.models import (
    Activity,
    Agreement,
    AgreementTemplate,
    Booking,
    CooperationRequest,
    Equipment,
    Evaluation,
    Indicator,
    KindRule,
    Measurement,
    Obligation,
    Obstacle,
    Provision,
    SigningAuthority,
)
from kerjasama.filters import RecordFilter, YesNoFilter, related
from libraries.models import Institution


class AgreementFilter(RecordFilter):
    q = django_filters.CharFilter(method="search", label=_("number, title or partner"))
    kind = django_filters.MultipleChoiceFilter(choices=AgreementKind.choices)
    status = django_filters.MultipleChoiceFilter(choices=AgreementStatus.choices)
    office = related(Institution, label=_("office"))
    partner = related(Institution, label=_("partner"))
    parent = related(Agreement, label=_("under"))
    form = django_filters.ChoiceFilter(
        choices=CooperationForm.choices, method="covers", label=_("form of cooperation")
    )
    in_force_on = django_filters.DateFilter(method="holds_on", label=_("in force on"))
    ends_from = django_filters.DateFilter(field_name="ends_on", lookup_expr="gte", label=_("ends from"))
    ends_until = django_filters.DateFilter(field_name="ends_on", lookup_expr="lte", label=_("ends until"))

    class Meta:
        model = Agreement
        fields = [
            "q",
            "kind",
            "status",
            "office",
            "partner",
            "parent",
            "number",
            "form",
            "in_force_on",
            "ends_from",
            "ends_until",
            "updated_since",
        ]

    def search(self, queryset: "QuerySet[Agreement]", name: str, value: str) -> "QuerySet[Agreement]":
        return queryset.filter(
            Q(number__icontains=value) | Q(title__icontains=value) | Q(partner__name__icontains=value)
        )

    def covers(self, queryset: "QuerySet[Agreement]", name: str, value: str) -> "QuerySet[Agreement]":
        if value == CooperationForm.COLLECTION_LOAN:
            return queryset.filter(lending_term__isnull=False)
        return queryset.filter(pk__in=Provision.objects.filter(form=value).values("agreement"))

    def holds_on(self, queryset: "QuerySet[Agreement]", name: str, value: object) -> "QuerySet[Agreement]":
        return queryset.filter(status=AgreementStatus.ACTIVE, starts_on__lte=value, ends_on__gte=value)


class CooperationRequestFilter(RecordFilter):
    q = django_filters.CharFilter(method="search", label=_("subject or institution"))
    status = django_filters.MultipleChoiceFilter(choices=RequestStatus.choices)
    came_by = django_filters.MultipleChoiceFilter(choices=RequestChannel.choices)
    turn = django_filters.ChoiceFilter(choices=RequestSide.choices)
    form = django_filters.ChoiceFilter(
        choices=CooperationForm.choices, method="wishes_for", label=_("form of cooperation")
    )
    office = related(Institution, label=_("library"))
    institution = related(Institution, label=_("institution"))
    asked_since = django_filters.IsoDateTimeFilter(
        field_name="asked_at", lookup_expr="gte", label=_("asked since")
    )

    class Meta:
        model = CooperationRequest
        fields = [
            "q",
            "status",
            "came_by",
            "turn",
            "form",
            "office",
            "institution",
            "asked_since",
            "updated_since",
        ]

    def search(
        self, queryset: "QuerySet[CooperationRequest]", name: str, value: str
    ) -> "QuerySet[CooperationRequest]":
        return queryset.filter(
            Q(subject__icontains=value)
            | Q(institution__name__icontains=value)
            | Q(institution_name__icontains=value)
        )

    def wishes_for(
        self, queryset: "QuerySet[CooperationRequest]", name: str, value: str
    ) -> "QuerySet[CooperationRequest]":
        return queryset.filter(forms__contains=[value])


class EvaluationFilter(RecordFilter):
    agreement = related(Agreement, label=_("agreement"))
    status = django_filters.MultipleChoiceFilter(choices=EvaluationStatus.choices)
    recommendation = django_filters.MultipleChoiceFilter(choices=Recommendation.choices)
    partner = related(Institution, field_name="agreement__partner", label=_("partner"))

    class Meta:
        model = Evaluation
        fields = ["agreement", "status", "recommendation", "partner", "updated_since"]


class IndicatorFilter(RecordFilter):
    agreement = related(Agreement, label=_("agreement"))
    kind = django_filters.MultipleChoiceFilter(choices=IndicatorKind.choices)

    class Meta:
        model = Indicator
        fields = ["agreement", "kind", "figure", "updated_since"]


class MeasurementFilter(RecordFilter):
    indicator = related(Indicator, label=_("indicator"))
    agreement = related(Agreement, field_name="indicator__agreement", label=_("agreement"))
    source = django_filters.MultipleChoiceFilter(choices=MeasurementSource.choices)

    class Meta:
        model = Measurement
        fields = ["indicator", "agreement", "source", "updated_since"]


class ActivityFilter(RecordFilter):
    q = django_filters.CharFilter(method="search", label=_("title or place"))
    kind = django_filters.MultipleChoiceFilter(choices=ActivityKind.choices)
    status = django_filters.MultipleChoiceFilter(choices=ActivityStatus.choices)
    ground = django_filters.MultipleChoiceFilter(choices=Ground.choices)
    office = related(Institution, label=_("office"))
    partner = related(Institution, field_name="participations__institution", label=_("invited"))
    agreement = related(Agreement, label=_("under"))
    since = django_filters.DateFilter(field_name="ends_on", lookup_expr="gte", label=_("not before"))
    until = django_filters.DateFilter(field_name="begins_on", lookup_expr="lte", label=_("not after"))

    class Meta:
        model = Activity
        fields = [
            "q",
            "kind",
            "status",
            "ground",
            "office",
            "partner",
            "agreement",
            "since",
            "until",
            "updated_since",
        ]

    def search(self, queryset: "QuerySet[Activity]", name: str, value: str) -> "QuerySet[Activity]":
        return queryset.filter(Q(title__icontains=value) | Q(place__icontains=value))


class EquipmentFilter(RecordFilter):
    q = django_filters.CharFilter(method="search", label=_("name or description"))
    owner = related(Institution, label=_("owner"))

    class Meta:
        model = Equipment
        fields = ["q", "owner", "is_active", "updated_since"]

    def search(self, queryset: "QuerySet[Equipment]", name: str, value: str) -> "QuerySet[Equipment]":
        return queryset.filter(Q(name__icontains=value) | Q(description__icontains=value))


class BookingFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=BookingStatus.choices)
    equipment = related(Equipment, label=_("tool"))
    institution = related(Institution, label=_("for"))
    since = django_filters.IsoDateTimeFilter(field_name="ends_at", lookup_expr="gte", label=_("not before"))
    until = django_filters.IsoDateTimeFilter(field_name="begins_at", lookup_expr="lte", label=_("not after"))

    class Meta:
        model = Booking
        fields = ["status", "equipment", "institution", "since", "until", "updated_since"]


class ObligationFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=ObligationStatus.choices)
    agreement = related(Agreement, label=_("agreement"))
    institution = related(Institution, field_name="party__institution", label=_("whose duty"))
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte", label=_("due from"))
    due_until = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("due until"))

    class Meta:
        model = Obligation
        fields = ["status", "agreement", "institution", "due_from", "due_until", "updated_since"]


class AuthorityFilter(RecordFilter):
    institution = related(Institution, label=_("institution"))
    on = django_filters.DateFilter(method="holds_on", label=_("held on"))

    class Meta:
        model = SigningAuthority
        fields = ["institution", "kind", "on", "updated_since"]

    def holds_on(self, queryset: "QuerySet[SigningAuthority]", name: str, value: object) -> Any:
        return queryset.on(value)


class ObstacleFilter(RecordFilter):
    agreement = related(Agreement, label=_("agreement"))
    kind = django_filters.MultipleChoiceFilter(choices=ObstacleKind.choices)
    resolved = YesNoFilter(
        field_name="resolved_on", lookup_expr="isnull", exclude=True, label=_("out of the way")
    )
    due_until = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("to be done until"))

    class Meta:
        model = Obstacle
        fields = ["agreement", "kind", "resolved", "due_until", "updated_since"]


class TemplateFilter(RecordFilter):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("name"))
    office = related(Institution, label=_("library"))
    kind = django_filters.MultipleChoiceFilter(choices=AgreementKind.choices)

    class Meta:
        model = AgreementTemplate
        fields = ["q", "office", "kind", "is_active", "updated_since"]


class KindRuleFilter(RecordFilter):
    office = related(Institution, label=_("library"))
    kind = django_filters.MultipleChoiceFilter(choices=AgreementKind.choices)

    class Meta:
        model = KindRule
        fields = ["office", "kind", "updated_since"]
