"""The lists of tracking over the API (L7): what schools have, what is late or silent, what is asked for, what to write off.

Each is a question about today, not a thing of its own: rows appear and vanish as the world changes. The filters are those of
the pages.
"""

from datetime import date, timedelta
from typing import Any

from rest_framework import serializers

from kerjasama.api.rows import Computed, Display, Link, Row, Url
from kerjasama.api.viewsets import ReadViewSet
from kerjasama.domain import clock
from libraries.catalogue.models import Copy, Title
from loans.api.rows import count
from loans.choices import WriteOffReason
from loans.models import Consignment, LoanLine, Programme
from loans.services.balances import OWING, with_balance
from loans.services.watching import (
    WINDOW_DAYS,
    late_books,
    silent_deliveries,
    titles_owned,
    with_heat,
    write_off_candidates,
)
from loans.tracking_filters import (
    BalanceFilter,
    LateBookFilter,
    SilentDeliveryFilter,
    TitleHeatFilter,
    WriteOffFilter,
)


class BalanceRow(Row):
    url = Url("balances")
    display = Display()
    programme = Link("programmes", lambda row: row)
    agreement = Link("agreements")
    lender = Link("institutions")
    partner = Link("institutions")
    books_out = count("books_out", "With the partner now.")
    books_late = count("books_late", "Of those, past their day.")
    open_cases = count("open_cases", "Losses and damages that are not closed.")
    money_owed = Computed(
        serializers.DecimalField(max_digits=14, decimal_places=2, help_text="Rupiah asked for and not paid."),
        lambda row, audience: f"{row.money_owed:.2f}",
    )

    class Meta:
        model = Programme
        example = {
            "display": "SDN 01 – 012/PKS/BH/VI/2026",
            "programme": "SDN 01 – 012/PKS/BH/VI/2026",
            "agreement": "012/PKS/BH/VI/2026",
            "lender": "Perpustakaan Bung Hatta",
            "partner": "SDN 01",
            "books_out": 12,
            "books_late": 2,
            "open_cases": 1,
            "money_owed": "45000.00",
        }
        fields = (
            "id",
            "url",
            "display",
            "programme",
            "agreement",
            "lender",
            "partner",
            "starts_on",
            "books_out",
            "books_late",
            "open_cases",
            "money_owed",
        )


class LateBookRow(Row):
    url = Url("late-books")
    copy = Link("copies")
    title = Link("titles", lambda row: row.copy.title)
    partner = Link("institutions", lambda row: row.consignment.partner)
    consignment = Link("consignments")
    due_on = Computed(serializers.DateField(), lambda row, audience: row.consignment.due_on)
    days_late = Computed(
        serializers.IntegerField(),
        lambda row, audience: row.consignment.days_late(clock.today(row.consignment.lender.zone)),
    )

    class Meta:
        model = LoanLine
        example = {
            "copy": "BH-000123",
            "title": "Si Jamin dan si Johan",
            "partner": "SDN 01",
            "consignment": "KRM-0042",
            "due_on": "2026-11-01",
            "days_late": 22,
        }
        fields = ("id", "url", "copy", "title", "partner", "consignment", "due_on", "days_late")


class SilentDeliveryRow(Row):
    url = Url("silent-deliveries")
    display = Display()
    consignment = Link("consignments", lambda row: row)
    lender = Link("institutions")
    partner = Link("institutions")
    books = count("out_count", "With the partner now.")
    days_silent = Computed(
        serializers.IntegerField(help_text="Since the last day to confirm."),
        lambda row, audience: (clock.today(row.lender.zone) - row.confirm_by).days,
    )

    class Meta:
        model = Consignment
        example = {
            "display": "KRM-0042",
            "consignment": "KRM-0042",
            "lender": "Perpustakaan Bung Hatta",
            "partner": "SDN 01",
            "books": 100,
            "days_silent": 9,
        }
        fields = (
            "id",
            "url",
            "display",
            "consignment",
            "lender",
            "partner",
            "status",
            "dispatched_on",
            "confirm_by",
            "books",
            "days_silent",
        )


class TitleHeatRow(Row):
    url = Url("title-heat")
    display = Display()
    title = Link("titles", lambda row: row)
    copies = count("stock", "Copies that are not written off.")
    times_lent = count("times", "Handed over within the window.")
    days_away = Computed(
        serializers.IntegerField(help_text="Of all its books together, within the window."),
        lambda row, audience: row.days_away.days,
    )
    last_out = Computed(
        serializers.DateField(allow_null=True, help_text="Last handed over, whenever that was."),
        lambda row, audience: row.last_out,
    )
    last_seen = Computed(
        serializers.DateField(allow_null=True, help_text="When a copy of it was last moved or counted."),
        lambda row, audience: row.last_seen,
    )
    wishes = count("wished", "Wishes of schools for it, answered or not.")

    class Meta:
        model = Title
        example = {
            "display": "Si Jamin dan si Johan",
            "title": "Si Jamin dan si Johan",
            "copies": 3,
            "times_lent": 7,
            "days_away": 540,
            "last_out": "2026-10-01",
            "last_seen": "2026-10-01",
            "wishes": 2,
        }
        fields = (
            "id",
            "url",
            "display",
            "title",
            "reading_level",
            "copies",
            "times_lent",
            "days_away",
            "last_out",
            "last_seen",
            "wishes",
        )


class WriteOffRow(Row):
    url = Url("write-off-candidates")
    display = Display()
    copy = Link("copies", lambda row: row)
    title = Link("titles")
    owner = Link("institutions")
    reason = Computed(
        serializers.ChoiceField(choices=WriteOffReason.choices), lambda row, audience: row.reason
    )
    since = Computed(
        serializers.DateTimeField(help_text="When it came to where it is."),
        lambda row, audience: row.placed_at.isoformat(),
    )
    case = Computed(
        serializers.CharField(help_text="The code of its open case; empty when there is none."),
        lambda row, audience: row.case_code or "",
    )

    class Meta:
        model = Copy
        example = {
            "display": "BH-000123",
            "copy": "BH-000123",
            "title": "Si Jamin dan si Johan",
            "owner": "Perpustakaan Bung Hatta",
            "accession_number": "0012/PBH/2019",
            "reason": "lost",
            "since": "2026-01-12T08:00:00+07:00",
            "case": "KHR-0007",
        }
        fields = (
            "id",
            "url",
            "display",
            "copy",
            "title",
            "owner",
            "accession_number",
            "reason",
            "since",
            "case",
        )


class _AboutToday(ReadViewSet):
    """Rows of a question that needs to know who asks, and on which day."""

    def rows_for(self, user: Any, today: date) -> Any:
        raise NotImplementedError

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.rows_for(self.request.user, clock.today())


class BalanceViewSet(_AboutToday):
    """What each partner has or owes, agreement by agreement. It outlives the agreement and goes into the next."""

    scope_noun = "balances"
    queryset = Programme.objects.all()
    serializer_class = BalanceRow
    filterset_class = BalanceFilter

    def rows_for(self, user: Any, today: date) -> Any:
        seen = Programme.objects.visible_to(user)
        return with_balance(seen, today).filter(OWING).select_related("agreement", "lender", "partner")


class LateBookViewSet(_AboutToday):
    """Books that should be back, one row each."""

    scope_noun = "late-books"
    queryset = LoanLine.objects.all()
    serializer_class = LateBookRow
    filterset_class = LateBookFilter
    cursor_ordering = ("id",)

    def rows_for(self, user: Any, today: date) -> Any:
        return late_books(user, today)


class SilentDeliveryViewSet(_AboutToday):
    """Deliveries whose receipt nobody has confirmed in time. `consignments` has the verb that confirms."""

    scope_noun = "silent-deliveries"
    queryset = Consignment.objects.all()
    serializer_class = SilentDeliveryRow
    filterset_class = SilentDeliveryFilter

    def rows_for(self, user: Any, today: date) -> Any:
        return silent_deliveries(user, today)


class TitleHeatViewSet(_AboutToday):
    """How often each title of one's own stock is asked for, and what never was."""

    scope_noun = "title-heat"
    queryset = Title.objects.all()
    serializer_class = TitleHeatRow
    filterset_class = TitleHeatFilter

    def rows_for(self, user: Any, today: date) -> Any:
        return with_heat(titles_owned(user), today - timedelta(days=WINDOW_DAYS), today)


class WriteOffViewSet(_AboutToday):
    """Copies that are perhaps to be written off, each with its reason."""

    scope_noun = "write-off-candidates"
    queryset = Copy.objects.all()
    serializer_class = WriteOffRow
    filterset_class = WriteOffFilter

    def rows_for(self, user: Any, today: date) -> Any:
        return write_off_candidates(user, today)


TRACKING = (BalanceViewSet, LateBookViewSet, SilentDeliveryViewSet, TitleHeatViewSet, WriteOffViewSet)
