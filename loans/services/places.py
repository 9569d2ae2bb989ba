"""The three places a scan may belong to: a delivery that is packed, a return visit, a stocktake. What they share."""

from collections.abc import Set as AbstractSet

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from loans.choices import (
    OPEN_LINES,
    ConsignmentStatus,
    LineStatus,
    ReceiptState,
    StocktakeStatus,
    VisitStatus,
)
from loans.lifecycle import CONSIGNMENT, RETURN_VISIT, STOCKTAKE
from loans.models import Consignment, LoanLine, ReturnVisit, Scan, Stocktake
from loans.services.judging import COUNTED
from loans.services.locking import hold_consignment, hold_stocktake, hold_visit

Place = Consignment | ReturnVisit | Stocktake


def hold_place(place: Place) -> Place:
    """The fresh row alone under lock, with its two sides: a scan must not wait for the whole house."""
    if isinstance(place, Consignment):
        return hold_consignment(place)
    return hold_visit(place) if isinstance(place, ReturnVisit) else hold_stocktake(place)


def ask_place(place: Place, roles: AbstractSet[str]) -> None:
    """Whether scans are taken here now, by somebody with ``roles``. Raises NotPermitted, TransitionRefused."""
    if isinstance(place, Consignment):
        CONSIGNMENT.ask("dispatch", place.status, roles)
    elif isinstance(place, ReturnVisit):
        RETURN_VISIT.ask("finish", place.status, roles)
    else:
        STOCKTAKE.ask("count", place.status, roles)


def takes_scans(place: Place) -> bool:
    """Whether anybody may scan here now: not when the delivery has left, or the visit or the stocktake is closed."""
    return place.status in (ConsignmentStatus.PICKING, VisitStatus.OPEN, StocktakeStatus.OPEN)


def counts_of(place: Place) -> tuple[int, int]:
    """Packing: scanned of all on the list. Returning: back in this visit, of that and what is still out. Counting: seen
    of what should be there. One statement."""
    if isinstance(place, Consignment):
        figures = place.lines.aggregate(
            done=Count("pk", filter=Q(status=LineStatus.PICKED)),
            all=Count("pk", filter=Q(status__in=OPEN_LINES)),
        )
        return figures["done"], figures["all"]
    if isinstance(place, Stocktake):
        figures = with_seen(place).aggregate(
            done=Count("pk", filter=Q(is_seen=True)),
            all=Count("pk"),
        )
        return figures["done"], figures["all"]
    figures = LoanLine.objects.filter(
        consignment__partner_id=place.partner_id, consignment__lender_id=place.lender_id
    ).aggregate(
        done=Count("pk", filter=Q(returned_to=place)), left=Count("pk", filter=Q(status=LineStatus.OUT))
    )
    return figures["done"], figures["done"] + figures["left"]


def with_seen(stocktake: Stocktake) -> "QuerySet[LoanLine]":
    """The books that should be at the school now, each with ``is_seen`` in this stocktake.

    One that was not in the box, by the school's receipt, is not expected there, unless it is seen after all.
    """
    seen = Scan.objects.filter(
        line=OuterRef("pk"), stocktake=stocktake, reason=COUNTED, undone_at__isnull=True
    )
    return (
        LoanLine.objects.filter(
            consignment__partner_id=stocktake.partner_id,
            consignment__lender_id=stocktake.lender_id,
            status=LineStatus.OUT,
        )
        .annotate(is_seen=Exists(seen))
        .exclude(receipt=ReceiptState.MISSING, is_seen=False)
    )
