"""What lists of the directory and the office can be narrowed by; for the API and the pages alike."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kerjasama.filters import RecordFilter, StrictFilter, YesNoFilter, related
from libraries.choices import (
    AssessmentStatus,
    FollowUpStatus,
    InstitutionKind,
    NetworkKind,
    NetworkStatus,
    PaperKind,
    PaperStatus,
    PersonFunction,
    RegionLevel,
    RowOutcome,
    ServiceKind,
    SheetStatus,
    Tone,
)
from libraries.models import (
    Assessment,
    Document,
    FollowUp,
    Institution,
    Network,
    Notice,
    Person,
    Region,
    Sheet,
    SheetRow,
)


class InstitutionFilter(RecordFilter):
    q = django_filters.CharFilter(
        method="search", label=_("name or number"), help_text=_("Part of the name, or NPP, NPSN, ISIL whole.")
    )
    kind = django_filters.ChoiceFilter(choices=InstitutionKind.choices)
    parent = related(Institution, label=_("part of"))
    region = django_filters.CharFilter(
        field_name="region__code",
        lookup_expr="startswith",
        label=_("region"),
        help_text=_("Code, or its beginning."),
    )
    city = django_filters.CharFilter(lookup_expr="iexact", label=_("city"))
    service = django_filters.ChoiceFilter(choices=ServiceKind.choices, label=_("service"), method="offers")
    has_place = YesNoFilter(field_name="latitude", lookup_expr="isnull", exclude=True, label=_("on the map"))

    class Meta:
        model = Institution
        fields = [
            "q",
            "kind",
            "is_office",
            "is_active",
            "is_listed",
            "npsn",
            "npp",
            "isil",
            "parent",
            "region",
            "city",
            "service",
            "has_place",
            "updated_since",
        ]

    def offers(self, queryset: "QuerySet[Institution]", name: str, value: str) -> "QuerySet[Institution]":
        return queryset.filter(services__contains=[value])

    def search(self, queryset: "QuerySet[Institution]", name: str, value: str) -> "QuerySet[Institution]":
        number = value.strip().upper()
        return queryset.filter(
            Q(name__icontains=value)
            | Q(short_name__icontains=value)
            | Q(npsn=number)
            | Q(npp=number)
            | Q(isil=number)
        )


class PersonFilter(RecordFilter):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("name"))
    institution = related(Institution, label=_("institution"))
    function = django_filters.ChoiceFilter(choices=PersonFunction.choices)

    class Meta:
        model = Person
        fields = ["q", "institution", "function", "signs", "show_publicly", "updated_since"]


class RegionFilter(StrictFilter):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("name"))
    level = django_filters.ChoiceFilter(choices=RegionLevel.choices)
    parent = django_filters.CharFilter(field_name="parent_id", label=_("part of"), help_text=_("Code."))

    class Meta:
        model = Region
        fields = ["q", "level", "parent"]


class DocumentFilter(RecordFilter):
    q = django_filters.CharFilter(field_name="number", lookup_expr="icontains", label=_("number"))
    kind = django_filters.ChoiceFilter(choices=PaperKind.choices)
    status = django_filters.ChoiceFilter(choices=PaperStatus.choices)
    issuer = related(Institution, label=_("issued by"))
    recipient = related(Institution, label=_("given to"))
    issued_from = django_filters.DateFilter(field_name="issued_on", lookup_expr="gte", label=_("from"))
    issued_until = django_filters.DateFilter(field_name="issued_on", lookup_expr="lte", label=_("until"))

    class Meta:
        model = Document
        fields = [
            "q",
            "kind",
            "status",
            "issuer",
            "recipient",
            "issued_from",
            "issued_until",
            "updated_since",
        ]


class NoticeFilter(RecordFilter):
    open = YesNoFilter(
        field_name="settled_at", lookup_expr="isnull", label=_("open"), help_text=_("Not yet settled.")
    )
    tone = django_filters.ChoiceFilter(choices=Tone.choices)
    recipient = related(Institution, label=_("recipient"))
    due_until = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("due until"))

    class Meta:
        model = Notice
        fields = ["open", "rule", "tone", "recipient", "subject_id", "due_until", "updated_since"]


class NetworkFilter(RecordFilter):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("name"))
    kind = django_filters.ChoiceFilter(choices=NetworkKind.choices)
    status = django_filters.MultipleChoiceFilter(choices=NetworkStatus.choices)
    office = related(Institution, label=_("kept by"))
    member = related(
        Institution,
        method="with_member",
        label=_("member"),
        help_text=_("An institution that is a member now."),
    )

    class Meta:
        model = Network
        fields = ["q", "kind", "status", "office", "member", "updated_since"]

    def with_member(
        self, queryset: "QuerySet[Network]", name: str, value: Institution
    ) -> "QuerySet[Network]":
        within = value.network_memberships.filter(left_on__isnull=True)
        return queryset.filter(pk__in=within.values("network"))


class AssessmentFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=AssessmentStatus.choices)
    office = related(Institution, label=_("asked by"))
    respondent = related(Institution, label=_("answered by"))
    network = related(Network, label=_("network"))
    due_until = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("due until"))

    class Meta:
        model = Assessment
        fields = ["status", "questions", "office", "respondent", "network", "due_until", "updated_since"]


class FollowUpFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=FollowUpStatus.choices)
    assessment = related(Assessment, label=_("assessment"))
    institution = related(Institution, field_name="assessment__respondent", label=_("institution"))
    due_until = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("due until"))

    class Meta:
        model = FollowUp
        fields = ["status", "question", "assessment", "institution", "due_until", "updated_since"]


class SheetFilter(RecordFilter):
    office = related(Institution, label=_("library"))
    status = django_filters.MultipleChoiceFilter(choices=SheetStatus.choices)

    class Meta:
        model = Sheet
        fields = ["office", "status", "updated_since"]


class SheetRowFilter(StrictFilter):
    outcome = django_filters.MultipleChoiceFilter(choices=RowOutcome.choices)
    adopted = YesNoFilter()

    class Meta:
        model = SheetRow
        fields = ["outcome", "adopted"]
