"""Visits that stand on days on which their vehicle cannot drive: they stay until somebody moves or calls off each of them (M1)."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from kerjasama.domain import clock
from mobile_service.choices import VisitStatus
from mobile_service.models import Outage, Visit
from mobile_service.models.visit import VisitQuerySet
from mobile_service.services.days_off import Hit, nearest_days


class OutOfService:
    """On which days which vehicles cannot drive, and why, read once for a page."""

    def __init__(self, vehicles: Iterable[UUID], first: date, last: date) -> None:
        self.spells: dict[UUID, list[tuple[date, date, str]]] = {}
        rows = Outage.objects.filter(vehicle__in=set(vehicles), starts_on__lte=last, ends_on__gte=first)
        for vehicle, starts_on, ends_on, reason in rows.values_list(
            "vehicle", "starts_on", "ends_on", "reason"
        ):
            self.spells.setdefault(vehicle, []).append((starts_on, ends_on, reason))

    def why(self, vehicle: UUID, on: date) -> str:
        """The reason; empty: it drives."""
        spells = self.spells.get(vehicle, ())
        return next((reason for first, last, reason in spells if first <= on <= last), "")


def on_outages(user: Any) -> VisitQuerySet:
    """Planned visits to come on days on which their vehicle is out of service."""
    out = Outage.objects.filter(
        vehicle=OuterRef("vehicle"), starts_on__lte=OuterRef("trip__on"), ends_on__gte=OuterRef("trip__on")
    )
    planned = Visit.objects.visible_to(user).filter(status=VisitStatus.PLANNED, trip__on__gte=clock.today())
    return planned.filter(Exists(out))


def visits_on_outages(user: Any, *, with_free: bool = False, most: int = 100) -> list[Hit]:
    """Those of ``on_outages``, soonest first, each with the reason; ``with_free`` also the nearest days with nothing in the way."""
    visits = list(on_outages(user).for_list().order_by("begins_at")[:most])
    if not visits:
        return []
    days = [visit.trip.on for visit in visits]
    out = OutOfService({visit.vehicle_id for visit in visits}, min(days), max(days))
    free = nearest_days(visits, min(days), max(days)) if with_free else {}
    return [
        Hit(
            visit,
            f"{visit.vehicle}: {out.why(visit.vehicle_id, visit.trip.on)}",
            free.get(visit.pk, ()),
        )
        for visit in visits
    ]
