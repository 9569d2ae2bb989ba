"""What a school still has or owes, agreement by agreement (L7, L8): it outlives the agreement and goes into the next."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from agreements.choices import ReplacementWay
from loans.choices import OPEN_CASES, LineStatus
from loans.models import Case, LoanLine, Programme


def with_balance(programmes: QuerySet[Programme], today: date) -> QuerySet[Programme]:
    """Adds ``books_out``, ``books_late``, ``open_cases`` and ``money_owed`` to each programme: one statement for any number."""
    lines = LoanLine.objects.filter(
        status=LineStatus.OUT, consignment__period__programme=OuterRef("pk")
    ).order_by()
    cases = Case.objects.filter(
        status__in=OPEN_CASES, line__consignment__period__programme=OuterRef("pk")
    ).order_by()
    return programmes.annotate(
        books_out=_count(lines, "consignment__period__programme"),
        books_late=_count(lines.filter(consignment__due_on__lt=today), "consignment__period__programme"),
        open_cases=_count(cases, "line__consignment__period__programme"),
        money_owed=Coalesce(
            Subquery(
                cases.filter(demand=ReplacementWay.PRICE)
                .values("line__consignment__period__programme")
                .annotate(total=Sum("amount"))
                .values("total"),
                output_field=DecimalField(max_digits=14, decimal_places=2),
            ),
            Decimal(0),
            output_field=DecimalField(max_digits=14, decimal_places=2),
        ),
    )


OWING = Q(books_out__gt=0) | Q(open_cases__gt=0)


def balances(user: Any, today: date, **of: Any) -> QuerySet[Programme]:
    """Programmes under which something is out or owed, oldest first. ``of``: lender, partner."""
    seen = Programme.objects.visible_to(user).filter(**of)
    return (
        with_balance(seen, today)
        .filter(OWING)
        .select_related("agreement", "lender", "partner")
        .order_by("starts_on", "pk")
    )


def earlier_balances(programme_or_agreement: Any, user: Any, today: date, **of: Any) -> list[Programme]:
    """What the same partner owes the same lender under other agreements; ``of`` names lender and partner."""
    return list(balances(user, today, **of).exclude(agreement=programme_or_agreement))


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
