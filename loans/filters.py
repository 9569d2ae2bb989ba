"""What lists of lending can be narrowed by; for the API and the pages alike."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from kerjasama.domain import clock
from kerjasama.filters import RecordFilter, StrictFilter, YesNoFilter, of_user, related
from libraries.catalogue.models import Copy, Title
from libraries.models import Institution
from loans.choices import (
    CaseKind,
    CaseStatus,
    ConsignmentStatus,
    DiscrepancyKind,
    LineStatus,
    PeriodStatus,
    PlanStatus,
    ProgrammeStatus,
    ReceiptState,
    ReviewState,
    ScanDesk,
    ScanOutcome,
    StocktakeStatus,
    Subject,
    VisitStatus,
    WishPriority,
    WishStatus,
)
from loans.models import (
    Case,
    Consignment,
    Discrepancy,
    LoanLine,
    MissingCopy,
    Period,
    PlannedBook,
    Programme,
    QuotaProfile,
    ReturnVisit,
    RotationPlan,
    Scan,
    ShelfZone,
    Stocktake,
    StrayBook,
    TitleBan,
    Wish,
)
from loans.models.case import WITHOUT_NUMBER
from loans.models.programme import late_on


class ProgrammeFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=ProgrammeStatus.choices)
    lender = related(Institution, label=_("lender"))
    partner = related(Institution, label=_("partner"))
    agreement = related(Agreement, label=_("agreement"))

    class Meta:
        model = Programme
        fields = ["status", "lender", "partner", "agreement", "updated_since"]


class PeriodFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=PeriodStatus.choices)
    programme = related(Programme, label=_("programme"))
    partner = django_filters.ModelChoiceFilter(
        field_name="programme__partner", queryset=of_user(Institution), label=_("partner")
    )
    starts_from = django_filters.DateFilter(field_name="starts_on", lookup_expr="gte", label=_("from"))
    starts_until = django_filters.DateFilter(field_name="starts_on", lookup_expr="lte", label=_("until"))
    ends_until = django_filters.DateFilter(
        field_name="ends_on", lookup_expr="lte", label=_("goes back until")
    )
    overdue = YesNoFilter(
        method="is_overdue", label=_("late"), help_text=_("Books are out and the last day has passed.")
    )

    class Meta:
        model = Period
        fields = [
            "status",
            "programme",
            "partner",
            "starts_from",
            "starts_until",
            "ends_until",
            "overdue",
            "updated_since",
        ]

    def is_overdue(self, queryset: "QuerySet[Period]", name: str, value: bool) -> "QuerySet[Period]":
        late = late_on(clock.today())
        return queryset.filter(late if value else ~late)


class ConsignmentFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=ConsignmentStatus.choices)
    lender = related(Institution, label=_("lender"))
    partner = related(Institution, label=_("partner"))
    period = related(Period, label=_("period"))
    code = django_filters.CharFilter(lookup_expr="iexact", label=_("code"))
    due_until = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("goes back until"))

    class Meta:
        model = Consignment
        fields = ["status", "lender", "partner", "period", "code", "due_until", "updated_since"]


class LineFilter(StrictFilter):
    status = django_filters.MultipleChoiceFilter(choices=LineStatus.choices)
    receipt = django_filters.MultipleChoiceFilter(choices=ReceiptState.choices)
    barcode = django_filters.CharFilter(field_name="copy__barcode", label=_("barcode"))

    class Meta:
        model = LoanLine
        fields = ["status", "receipt", "barcode"]


class MissingCopyFilter(RecordFilter):
    office = related(Institution, label=_("library"))
    consignment = related(Consignment, label=_("delivery"))
    barcode = django_filters.CharFilter(field_name="copy__barcode", label=_("barcode"))
    open = YesNoFilter(
        field_name="found_at", lookup_expr="isnull", label=_("looked for"), help_text=_("Not yet turned up.")
    )

    class Meta:
        model = MissingCopy
        fields = ["office", "consignment", "barcode", "open", "updated_since"]


class ShelfZoneFilter(RecordFilter):
    office = related(Institution, label=_("library"))

    class Meta:
        model = ShelfZone
        fields = ["office", "updated_since"]


class StrayBookFilter(RecordFilter):
    office = related(Institution, label=_("turned up at"))
    owner = related(Institution, label=_("belongs to"))
    barcode = django_filters.CharFilter(label=_("barcode"))
    open = YesNoFilter(
        field_name="sent_on", lookup_expr="isnull", label=_("to send home"), help_text=_("Not yet sent home.")
    )

    class Meta:
        model = StrayBook
        fields = ["office", "owner", "barcode", "open", "updated_since"]


class DiscrepancyFilter(RecordFilter):
    kind = django_filters.ChoiceFilter(choices=DiscrepancyKind.choices)
    open = YesNoFilter(
        field_name="resolved_at", lookup_expr="isnull", label=_("open"), help_text=_("Not yet resolved.")
    )
    consignment = related(Consignment, label=_("delivery"))

    class Meta:
        model = Discrepancy
        fields = ["kind", "open", "consignment", "updated_since"]


class ReturnVisitFilter(RecordFilter):
    status = django_filters.ChoiceFilter(choices=VisitStatus.choices)
    lender = related(Institution, label=_("lender"))
    partner = related(Institution, label=_("partner"))

    class Meta:
        model = ReturnVisit
        fields = ["status", "lender", "partner", "on", "updated_since"]


class ScanFilter(StrictFilter):
    desk = django_filters.ChoiceFilter(choices=ScanDesk.choices)
    outcome = django_filters.MultipleChoiceFilter(choices=ScanOutcome.choices)
    consignment = related(Consignment, label=_("delivery"))
    return_visit = related(ReturnVisit, label=_("return visit"))
    stocktake = related(Stocktake, label=_("stocktake"))
    review = django_filters.ChoiceFilter(
        choices=[choice for choice in ReviewState.choices if choice[0]],
        label=_("review"),
        help_text=_("“open”: refused scans that were made without a connection and wait for a decision."),
    )

    class Meta:
        model = Scan
        fields = [
            "desk",
            "outcome",
            "reason",
            "consignment",
            "return_visit",
            "stocktake",
            "barcode",
            "client_event_id",
            "batch",
            "recorded_offline",
            "review",
        ]


class StocktakeFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=StocktakeStatus.choices)
    lender = related(Institution, label=_("lender"))
    partner = related(Institution, label=_("partner"))

    class Meta:
        model = Stocktake
        fields = ["status", "lender", "partner", "on", "updated_since"]


class CaseFilter(RecordFilter):
    kind = django_filters.ChoiceFilter(choices=CaseKind.choices)
    status = django_filters.MultipleChoiceFilter(choices=CaseStatus.choices)
    lender = related(Institution, label=_("lender"))
    partner = related(Institution, label=_("partner"))
    copy = related(Copy, label=_("copy"))
    code = django_filters.CharFilter(lookup_expr="iexact", label=_("code"))
    due_until = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("due until"))
    without_number = YesNoFilter(
        method="has_no_number",
        label=_("without write-off number"),
        help_text=_("The copy has left the stock, and its list or decision is not noted yet."),
    )

    class Meta:
        model = Case
        fields = [
            "kind",
            "status",
            "lender",
            "partner",
            "copy",
            "code",
            "due_until",
            "without_number",
            "updated_since",
        ]

    def has_no_number(self, queryset: "QuerySet[Case]", name: str, value: bool) -> "QuerySet[Case]":
        return queryset.filter(WITHOUT_NUMBER) if value else queryset.exclude(WITHOUT_NUMBER)


class WishFilter(RecordFilter):
    q = django_filters.CharFilter(
        method="search",
        label=_("title or school"),
        help_text=_("Words of the title, of the wish or of the school."),
    )
    status = django_filters.MultipleChoiceFilter(choices=WishStatus.choices)
    unanswered = YesNoFilter(
        method="is_unanswered",
        label=_("waiting for an answer"),
        help_text=_("Nothing was said yet, or what was promised did not come."),
    )
    lender = related(Institution, label=_("library"))
    partner = related(Institution, label=_("school"))
    title = related(Title, label=_("title"))
    subject = django_filters.ChoiceFilter(choices=Subject.choices)
    priority = django_filters.ChoiceFilter(choices=WishPriority.choices)

    class Meta:
        model = Wish
        fields = [
            "q",
            "status",
            "unanswered",
            "lender",
            "partner",
            "title",
            "subject",
            "priority",
            "updated_since",
        ]

    def search(self, queryset: "QuerySet[Wish]", name: str, value: str) -> "QuerySet[Wish]":
        found = Q()
        for word in value.split()[:8]:
            found &= (
                Q(title__title__icontains=word)
                | Q(words__icontains=word)
                | Q(partner__name__icontains=word)
                | Q(partner__short_name__icontains=word)
            )
        return queryset.filter(found)

    def is_unanswered(self, queryset: "QuerySet[Wish]", name: str, value: bool) -> "QuerySet[Wish]":
        waiting = Wish.objects.unanswered().values("pk")
        return queryset.filter(pk__in=waiting) if value else queryset.exclude(pk__in=waiting)


class QuotaProfileFilter(RecordFilter):
    office = related(Institution, label=_("office"))

    class Meta:
        model = QuotaProfile
        fields = ["office", "updated_since"]


class RotationPlanFilter(RecordFilter):
    status = django_filters.MultipleChoiceFilter(choices=PlanStatus.choices)
    lender = related(Institution, label=_("lender"))

    class Meta:
        model = RotationPlan
        fields = ["status", "lender", "updated_since"]


class PlannedBookFilter(RecordFilter):
    period = related(Period, label=_("period"))
    partner = django_filters.ModelChoiceFilter(
        field_name="period__programme__partner", queryset=of_user(Institution), label=_("partner")
    )
    copy = related(Copy, label=_("copy"))
    is_locked = YesNoFilter(label=_("fixed by hand"))

    class Meta:
        model = PlannedBook
        fields = ["period", "partner", "copy", "is_locked", "updated_since"]


class TitleBanFilter(RecordFilter):
    lender = related(Institution, label=_("library"))
    partner = related(Institution, label=_("school"))
    title = related(Title, label=_("title"))

    class Meta:
        model = TitleBan
        fields = ["lender", "partner", "title", "updated_since"]
