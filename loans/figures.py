"""What lending can say in figures about an office and a partner over some time: its part of ``indicators`` (A11, B1)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.house import Counted
from libraries.models import Institution
from loans.choices import CaseKind, CaseStatus, LineStatus, Settlement
from loans.models import Case, Consignment, LoanLine

# A line past packing: the copy did go to the partner.
LENT = (LineStatus.OUT, LineStatus.LOST, LineStatus.RETURNED, LineStatus.SETTLED)
REPLACED = (Settlement.SAME_TITLE, Settlement.EQUAL_TITLE, Settlement.PRICE)


def indicators(office: Institution, partner: Institution, start: date, end: date) -> Iterable[Counted]:
    """Deliveries, copies, losses and returns from ``start`` to ``end``, both included. Four queries."""
    sides = {"lender": office, "partner": partner}
    handed_over = Consignment.objects.filter(**sides, dispatched_on__range=(start, end))
    # A delivery whose days of grace are not over, and which is not confirmed, says nothing yet.
    said = Q(received_on__isnull=False) | Q(confirm_by__lt=end)
    deliveries = handed_over.aggregate(
        all=Count("pk"),
        said=Count("pk", filter=said),
        in_time=Count("pk", filter=Q(received_on__lte=F("confirm_by"))),
    )
    lines = LoanLine.objects.filter(
        **{f"consignment__{side}": institution for side, institution in sides.items()}, status__in=LENT
    )
    lent = lines.filter(consignment__dispatched_on__range=(start, end)).aggregate(
        copies=Count("pk"), titles=Count("copy__title", distinct=True)
    )
    late = lines.filter(
        returned_at__date__range=(start, end), returned_at__date__gt=F("consignment__due_on")
    ).count()
    cases = Case.objects.filter(**sides).aggregate(
        lost=Count(
            "pk",
            filter=Q(kind=CaseKind.LOST, reported_on__range=(start, end))
            & ~Q(status__in=[CaseStatus.FOUND, CaseStatus.RETRACTED]),
        ),
        replaced=Count("pk", filter=Q(settlement__in=REPLACED, settled_on__range=(start, end))),
    )
    share = Decimal(100 * deliveries["in_time"]) / deliveries["said"] if deliveries["said"] else None
    counted = (
        ("copies_lent", _("Books lent to the partner"), lent["copies"], _("books")),
        ("distinct_titles", _("Different titles lent"), lent["titles"], _("titles")),
        ("deliveries", _("Deliveries"), deliveries["all"], _("deliveries")),
        ("lost", _("Lost books"), cases["lost"], _("books")),
        ("replaced", _("Lost or damaged books replaced or paid"), cases["replaced"], _("books")),
        ("late_returns", _("Books returned late"), late, _("books")),
    )
    for order, (key, label, value, unit) in enumerate(counted):
        yield Counted(f"loans.{key}", label, Decimal(value), unit, order=10 + order)
    yield Counted(
        "loans.confirmed_in_time",
        _("Deliveries confirmed in time"),
        None if share is None else share.quantize(Decimal("0.1")),
        "%",
        order=20,
    )
