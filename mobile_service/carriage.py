"""What the page of a delivery says of the van: on which trip it rides, or on which it could (M6)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.house import Carriage
from kerjasama.pages.templatetags.house import clock_time, long_date
from loans.choices import ConsignmentStatus
from loans.models import Consignment
from mobile_service.choices import HOLDING_VISITS, VisitStatus
from mobile_service.models import Visit
from mobile_service.services.loading import OPEN_TRIPS, rides, van_of


def carriage_of(user: Any, consignment: Consignment) -> Iterable[Carriage]:
    """The van that takes it; else the next one that comes to its school. Two queries at most."""
    visit = van_of([consignment]).get(consignment.pk)
    waits = consignment.status == ConsignmentStatus.PICKING
    if visit is not None and (rides(visit) if waits else visit.status in HOLDING_VISITS):
        yield Carriage(
            text=_("%(vehicle)s, %(when)s") % {"vehicle": visit.vehicle, "when": _when(visit)},
            url=reverse("work:van_trip", args=[visit.trip_id]),
            rides=True,
        )
        return
    if not waits:
        return
    coming = (
        Visit.objects.visible_to(user)
        .filter(
            stop__office=consignment.lender_id,
            stop__partner=consignment.partner_id,
            status=VisitStatus.PLANNED,
            trip__status__in=OPEN_TRIPS,
            begins_at__gte=clock.now(),
        )
        .select_related("stop__office", "vehicle", "trip")
        .order_by("begins_at")
        .first()
    )
    if coming is not None:
        yield Carriage(
            text=_("Put it on the van: %(vehicle)s, %(when)s")
            % {"vehicle": coming.vehicle, "when": _when(coming)},
            url=f"{reverse('work:trip_load_add', args=[coming.trip_id])}?kiriman={consignment.pk}&kunjungan={coming.pk}",
        )


def _when(visit: Visit) -> str:
    with timezone.override(visit.stop.office.zone):
        return _("%(day)s at %(time)s") % {
            "day": long_date(visit.trip.on),
            "time": clock_time(visit.begins_at),
        }
