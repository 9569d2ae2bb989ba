"""What lists of the catalogue can be narrowed by; for the API and the pages alike."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kerjasama.filters import RecordFilter, StrictFilter, of_user, related
from libraries.catalogue.choices import (
    Condition,
    CopyPlace,
    ImportOutcome,
    ImportStatus,
    Material,
    ReadingLevel,
)
from libraries.catalogue.matching import valid_isbn13
from libraries.catalogue.models import Copy, ImportJob, ImportRecord, ReadingList, Title
from libraries.catalogue.searching import find_titles
from libraries.models import Institution


class TitleFilter(RecordFilter):
    q = django_filters.CharFilter(
        method="search",
        label=_("title or author"),
        help_text=_("Words of the title or of its authors, or an ISBN."),
    )
    isbn = django_filters.CharFilter(
        method="by_isbn", label=_("ISBN"), help_text=_("With or without hyphens.")
    )
    reading_level = django_filters.ChoiceFilter(choices=ReadingLevel.choices)
    material = django_filters.ChoiceFilter(choices=Material.choices)
    ddc = django_filters.CharFilter(
        field_name="ddc", lookup_expr="startswith", label=_("DDC number"), help_text=_("Its beginning.")
    )
    held_by = django_filters.ModelChoiceFilter(
        queryset=of_user(Institution), method="by_owner", label=_("held by"), help_text=_("Owner of a copy.")
    )

    class Meta:
        model = Title
        fields = [
            "q",
            "isbn",
            "reading_level",
            "material",
            "ddc",
            "year",
            "language",
            "held_by",
            "updated_since",
        ]

    def search(self, queryset: "QuerySet[Title]", name: str, value: str) -> "QuerySet[Title]":
        return find_titles(queryset, value)

    def by_isbn(self, queryset: "QuerySet[Title]", name: str, value: str) -> "QuerySet[Title]":
        isbn = valid_isbn13(value)
        return queryset.filter(isbn=isbn) if isbn else queryset.none()

    def by_owner(self, queryset: "QuerySet[Title]", name: str, value: Institution) -> "QuerySet[Title]":
        return queryset.filter(pk__in=Copy.objects.filter(owner=value).values("title"))


class CopyFilter(RecordFilter):
    barcode = django_filters.CharFilter(field_name="barcode", label=_("barcode"))
    title = related(Title, label=_("title"))
    owner = related(Institution, label=_("owner"))
    holder = related(Institution, label=_("now with"))
    place = django_filters.MultipleChoiceFilter(choices=CopyPlace.choices)
    condition = django_filters.ChoiceFilter(choices=Condition.choices)
    call_number = django_filters.CharFilter(
        field_name="call_number",
        lookup_expr="startswith",
        label=_("call number"),
        help_text=_("Its beginning."),
    )

    class Meta:
        model = Copy
        fields = [
            "barcode",
            "title",
            "owner",
            "holder",
            "place",
            "condition",
            "may_travel",
            "call_number",
            "updated_since",
        ]


class ImportFilter(RecordFilter):
    institution = related(Institution, label=_("library"))
    status = django_filters.ChoiceFilter(choices=ImportStatus.choices)

    class Meta:
        model = ImportJob
        fields = ["institution", "status", "updated_since"]


class ImportRecordFilter(StrictFilter):
    outcome = django_filters.MultipleChoiceFilter(choices=ImportOutcome.choices)

    class Meta:
        model = ImportRecord
        fields = ["outcome"]


class ReadingListFilter(RecordFilter):
    q = django_filters.CharFilter(method="search", label=_("title, class or school"))
    institution = related(Institution, label=_("school"))

    class Meta:
        model = ReadingList
        fields = ["q", "institution", "school_year", "is_public", "updated_since"]

    def search(self, queryset: "QuerySet[ReadingList]", name: str, value: str) -> "QuerySet[ReadingList]":
        return queryset.filter(
            Q(title__icontains=value)
            | Q(class_name__icontains=value)
            | Q(institution__name__icontains=value)
            | Q(institution__short_name__icontains=value)
        )
