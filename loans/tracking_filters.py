"""What the lists of tracking can be narrowed by; for the API and the pages alike (L7)."""

from datetime import date, timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from kerjasama.filters import RecordFilter, StrictFilter, YesNoFilter, related
from libraries.catalogue.choices import ReadingLevel
from libraries.catalogue.models import Copy, Title
from libraries.models import Institution
from loans.choices import WriteOffReason
from loans.models import Consignment, LoanLine, Programme
from loans.services.watching import WINDOW_DAYS, lent_since, never_asked_for, with_heat


def found_by(words: str, *paths: str) -> Q:
    """Each word must stand in one of the paths."""
    found = Q()
    for word in words.replace("\x00", "").split()[:8]:
        one = Q()
        for path in paths:
            one |= Q(**{f"{path}__icontains": word})
        found &= one
    return found


class BalanceFilter(RecordFilter):
    q = django_filters.CharFilter(method="search", label=_("school or agreement"))
    partner = related(Institution, label=_("school"))
    lender = related(Institution, label=_("library"))
    late = YesNoFilter(method="is_late", label=_("with late books"))
    money = YesNoFilter(method="owes_money", label=_("owes money"))

    class Meta:
        model = Programme
        fields = ["q", "partner", "lender", "late", "money", "updated_since"]

    def search(self, rows: "QuerySet[Programme]", name: str, value: str) -> "QuerySet[Programme]":
        return rows.filter(found_by(value, "partner__name", "partner__short_name", "agreement__number"))

    def is_late(self, rows: "QuerySet[Programme]", name: str, value: bool) -> "QuerySet[Programme]":
        return rows.filter(books_late__gt=0) if value else rows.filter(books_late=0)

    def owes_money(self, rows: "QuerySet[Programme]", name: str, value: bool) -> "QuerySet[Programme]":
        return rows.filter(money_owed__gt=0) if value else rows.filter(money_owed=0)


class LateBookFilter(StrictFilter):
    q = django_filters.CharFilter(method="search", label=_("title, barcode, school or delivery"))
    partner = related(Institution, field_name="consignment__partner", label=_("school"))
    min_days = django_filters.NumberFilter(
        method="late_by", label=_("late by at least (days)"), min_value=1, max_value=36500
    )

    class Meta:
        model = LoanLine
        fields = ["q", "partner", "min_days"]

    def search(self, rows: "QuerySet[LoanLine]", name: str, value: str) -> "QuerySet[LoanLine]":
        paths = ("copy__title__title", "copy__barcode", "consignment__partner__name", "consignment__code")
        return rows.filter(found_by(value, *paths))

    def late_by(self, rows: "QuerySet[LoanLine]", name: str, value: Any) -> "QuerySet[LoanLine]":
        return rows.filter(consignment__due_on__lte=clock.today() - timedelta(days=int(value)))


class SilentDeliveryFilter(RecordFilter):
    q = django_filters.CharFilter(method="search", label=_("school or delivery"))
    partner = related(Institution, label=_("school"))
    min_days = django_filters.NumberFilter(
        method="silent_for",
        label=_("past the day to confirm by at least (days)"),
        min_value=1,
        max_value=36500,
    )

    class Meta:
        model = Consignment
        fields = ["q", "partner", "min_days", "updated_since"]

    def search(self, rows: "QuerySet[Consignment]", name: str, value: str) -> "QuerySet[Consignment]":
        return rows.filter(found_by(value, "partner__name", "partner__short_name", "code"))

    def silent_for(self, rows: "QuerySet[Consignment]", name: str, value: Any) -> "QuerySet[Consignment]":
        return rows.filter(confirm_by__lte=clock.today() - timedelta(days=int(value)))


class TitleHeatFilter(StrictFilter):
    """The window is part of the question: everything else is asked of what it gives."""

    q = django_filters.CharFilter(method="search", label=_("title or author"))
    reading_level = django_filters.ChoiceFilter(choices=ReadingLevel.choices, label=_("reading level"))
    since = django_filters.DateFilter(
        method="keep", label=_("since"), help_text=_("Lent on this day or later; a year when not given.")
    )
    never = YesNoFilter(
        method="is_never", label=_("never asked for"), help_text=_("Never lent, never wished for.")
    )

    class Meta:
        model = Title
        fields = ["q", "reading_level", "since", "never"]

    def filter_queryset(self, queryset: "QuerySet[Title]") -> "QuerySet[Title]":
        return super().filter_queryset(with_heat(queryset, self.first_day(), clock.today()))

    def first_day(self) -> date:
        """The day from which the window is open."""
        return self.form.cleaned_data.get("since") or clock.today() - timedelta(days=WINDOW_DAYS)

    def keep(self, rows: "QuerySet[Title]", name: str, value: Any) -> "QuerySet[Title]":
        return rows

    def search(self, rows: "QuerySet[Title]", name: str, value: str) -> "QuerySet[Title]":
        return rows.filter(found_by(value, "title", "responsibility"))

    def is_never(self, rows: "QuerySet[Title]", name: str, value: bool) -> "QuerySet[Title]":
        return never_asked_for(rows) if value else lent_since(rows, self.first_day(), clock.today())


class WriteOffFilter(RecordFilter):
    q = django_filters.CharFilter(method="search", label=_("title or barcode"))
    reason = django_filters.MultipleChoiceFilter(
        choices=WriteOffReason.choices, method="for_reason", label=_("reason")
    )

    class Meta:
        model = Copy
        fields = ["q", "reason", "updated_since"]

    def search(self, rows: "QuerySet[Copy]", name: str, value: str) -> "QuerySet[Copy]":
        return rows.filter(found_by(value, "title__title", "barcode", "accession_number"))

    def for_reason(self, rows: "QuerySet[Copy]", name: str, value: list[str]) -> "QuerySet[Copy]":
        return rows.filter(reason__in=value) if value else rows
