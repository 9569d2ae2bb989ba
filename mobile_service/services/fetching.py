"""What a trip fetches: the books that its schools have of last time, whatever became of them on the way (M6)."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from loans.choices import LineStatus
from loans.models import LoanLine
from mobile_service.choices import TripStatus
from mobile_service.models import Trip, TripLoad


def books_to_fetch(trip: Trip, partners: Iterable[UUID]) -> dict[UUID, int]:
    """By school. One query. What is lost is not waited for, and what this very trip brings stays.

    Of a trip that has set off it is what there was to fetch that day: books that have come back since count, those that were
    brought on later days do not.
    """
    waiting = Q(status=LineStatus.OUT)
    if trip.status in (TripStatus.UNDER_WAY, TripStatus.DONE):
        began = trip.started_at or datetime.combine(trip.on, time(), ZoneInfo(trip.office.zone))
        waiting |= Q(status=LineStatus.RETURNED, returned_at__gte=began)
    rows = (
        LoanLine.objects.filter(
            waiting,
            consignment__lender=trip.office_id,
            consignment__partner__in=list(partners),
            consignment__dispatched_on__lte=trip.on,
        )
        .exclude(consignment__in=TripLoad.objects.filter(visit__trip=trip).values("consignment"))
        .order_by()
        .values_list("consignment__partner")
        .annotate(Count("pk"))
    )
    return dict(rows)
