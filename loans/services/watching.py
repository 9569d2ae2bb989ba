"""What there is to see of the stock: late, silent, asked for or not, to be written off (L7). Queries only; nothing is moved."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, TruncDate

from kerjasama.domain import clock
from libraries.access import access_of
from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy, Title
from loans.choices import ConsignmentStatus, LineStatus, WriteOffReason
from loans.models import Case as LossCase
from loans.models import Consignment, LoanLine, MissingCopy, StocktakeLine, Wish

# What is lost for so long, or worn for so many years, is proposed for writing off.
LOST_DAYS = 180
OLD_YEARS = 10
# Titles are looked at over this window unless another is asked for.
WINDOW_DAYS = 365
UNCONFIRMED = (ConsignmentStatus.DISPATCHED, ConsignmentStatus.FLAGGED)


def late_books(user: Any, today: date) -> QuerySet[LoanLine]:
    """Books that should be back, the longest late first."""
    return (
        LoanLine.objects.visible_to(user)
        .filter(status=LineStatus.OUT, consignment__due_on__lt=today)
        .select_related("copy__title", "consignment__partner", "consignment__lender")
    )


def silent_deliveries(user: Any, today: date) -> QuerySet[Consignment]:
    """Deliveries that nobody has confirmed, with ``out_count``; silence is not a receipt."""
    counted = (
        LoanLine.objects.filter(consignment=OuterRef("pk"), status=LineStatus.OUT)
        .order_by()
        .values("consignment")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        Consignment.objects.visible_to(user)
        .filter(status__in=UNCONFIRMED, confirm_by__lt=today)
        .select_related("lender", "partner")
        .annotate(out_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
    )


def titles_owned(user: Any) -> QuerySet[Title]:
    """Titles of which the reader's own libraries have a copy that is not written off."""
    copies = Copy.objects.filter(title=OuterRef("pk")).exclude(place=CopyPlace.WITHDRAWN)
    access = access_of(user)
    if not access.everything:
        copies = copies.filter(owner__in=access.offices)
    return Title.objects.filter(Exists(copies))


def with_heat(titles: QuerySet[Title], since: date, today: date) -> QuerySet[Title]:
    """Adds what tells how much a title is asked for since a day.

    ``times`` it was handed over, ``days_away`` of all its books, ``last_out``, ``stock``, ``last_seen``, ``wished``.
    """
    lines = LoanLine.objects.filter(
        copy__title=OuterRef("pk"), consignment__dispatched_on__isnull=False
    ).exclude(status=LineStatus.DROPPED)
    within = lines.filter(consignment__dispatched_on__range=(since, today))
    away = ExpressionWrapper(
        Coalesce(TruncDate("returned_at"), Value(today), output_field=DateField())
        - F("consignment__dispatched_on"),
        output_field=DurationField(),
    )
    copies = Copy.objects.filter(title=OuterRef("pk")).exclude(place=CopyPlace.WITHDRAWN)
    return titles.annotate(
        times=_one(within, "copy__title", Count("pk"), IntegerField(), 0),
        days_away=_one(within, "copy__title", Sum(away), DurationField(), timedelta(0)),
        last_out=_one(lines, "copy__title", Max("consignment__dispatched_on"), DateField()),
        stock=_one(copies, "title", Count("pk"), IntegerField(), 0),
        last_seen=Greatest(
            _one(copies, "title", Max(TruncDate("placed_at")), DateField()),
            _one(
                StocktakeLine.objects.filter(line__copy__title=OuterRef("pk")),
                "line__copy__title",
                Max(TruncDate("seen_at")),
                DateField(),
            ),
        ),
        wished=_one(Wish.objects.filter(title=OuterRef("pk")), "title", Count("pk"), IntegerField(), 0),
    )


def lent_since(titles: QuerySet[Title], since: date, today: date) -> QuerySet[Title]:
    """Titles that were handed over within the window; one pass over its loans, whatever the number of titles."""
    lines = LoanLine.objects.filter(consignment__dispatched_on__range=(since, today)).exclude(
        status=LineStatus.DROPPED
    )
    return titles.filter(pk__in=lines.order_by().values("copy__title"))


def never_asked_for(titles: QuerySet[Title]) -> QuerySet[Title]:
    """Titles that never went out and that nobody has wished for."""
    out = LoanLine.objects.filter(copy__title=OuterRef("pk"), consignment__dispatched_on__isnull=False)
    return titles.exclude(Exists(out)).exclude(Exists(Wish.objects.filter(title=OuterRef("pk"))))


def write_off_candidates(
    user: Any, today: date, *, lost_days: int = LOST_DAYS, old_years: int = OLD_YEARS
) -> QuerySet[Copy]:
    """Copies that are perhaps to be written off, each with its ``reason`` (a value of ``WriteOffReason``) and open case."""
    lost_before = clock.now() - clock.days(lost_days)
    old_before = today - timedelta(days=365 * old_years)
    lost = Q(place=CopyPlace.LOST, placed_at__lte=lost_before)
    missing = Q(Exists(MissingCopy.objects.open().filter(copy=OuterRef("pk"), missed_at__lte=lost_before)))
    damaged = Q(place=CopyPlace.SHELF, condition=Condition.DAMAGED)
    worn = Q(place=CopyPlace.SHELF, condition=Condition.WORN, acquired_on__lte=old_before)
    owned = Copy.objects.all()
    access = access_of(user)
    if not access.everything:
        owned = owned.filter(owner__in=access.offices)
    return (
        owned.filter(lost | Q(place=CopyPlace.SHELF) & missing | damaged | worn)
        .annotate(
            reason=Case(
                When(lost, then=Value(WriteOffReason.LOST.value)),
                When(missing, then=Value(WriteOffReason.MISSING.value)),
                When(damaged, then=Value(WriteOffReason.DAMAGED.value)),
                default=Value(WriteOffReason.WORN.value),
                output_field=CharField(),
            ),
            case_code=Subquery(
                LossCase.objects.open().filter(copy=OuterRef("pk")).values("code")[:1],
                output_field=CharField(),
            ),
        )
        .select_related("title", "owner", "holder")
    )


def _one(rows: QuerySet[Any], by: str, what: Any, kind: Any, empty: Any = None) -> Any:
    found = Subquery(rows.order_by().values(by).annotate(found=what).values("found"), output_field=kind)
    return found if empty is None else Coalesce(found, Value(empty), output_field=kind)
