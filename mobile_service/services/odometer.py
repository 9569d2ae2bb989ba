"""Whether what was read of an odometer can be: against what the vehicle's last trip ended with."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from kerjasama.pages.templatetags.house import count
from mobile_service.models import Trip

# No van of a library drives farther in a day; the page of the phone asks with the same figure.
FAR_FOR_A_DAY = 1_000


def with_last_reading(trips: "QuerySet[Trip]") -> "QuerySet[Trip]":
    """Adds ``odometer_last``: what the vehicle's odometer showed at the end of the last trip before, None when nobody read it."""
    earlier = Trip.objects.filter(
        vehicle=OuterRef("vehicle"), on__lt=OuterRef("on"), odometer_end__isnull=False
    )
    return trips.annotate(odometer_last=Subquery(earlier.order_by("-on").values("odometer_end")[:1]))


def doubt_about_odometer(trip: Trip) -> str:
    """A sentence where a figure of ``trip`` is not likely; empty when all is well. One query at most."""
    start, end = trip.odometer_start, trip.odometer_end
    if start is not None and end is not None and end - start > FAR_FOR_A_DAY:
        return _(
            "By the odometer the van drove %(km)s km on this day. Ask the crew what it showed: the kilometres of the month are "
            "reckoned from it."
        ) % {"km": count(end - start)}
    if start is None:
        return ""
    row: Any = with_last_reading(Trip.objects.filter(pk=trip.pk)).get()
    last = row.odometer_last
    if last is None or last <= start <= last + FAR_FOR_A_DAY:
        return ""
    return _(
        "The odometer showed %(start)s when the van set off, and %(last)s at the end of its trip before. Ask the crew what it "
        "showed: the kilometres of the month are reckoned from it."
    ) % {"start": count(start), "last": count(last)}
