"""Whom a visit concerns besides the school at whose gate the van stands: a partner that asked for it at another place (M2, M7, L9)."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from libraries.models import Institution
from mobile_service import addresses
from mobile_service.choices import RequestStatus
from mobile_service.models import Visit, VisitRequest

# Who is told, and the page on which it finds the visit.
Concerned = tuple[Institution, str]


def of_somebody() -> Q:
    """Visits of which a partner is told."""
    asked = VisitRequest.objects.filter(
        visit=OuterRef("pk"), status=RequestStatus.ACCEPTED, partner__isnull=False
    )
    return Q(stop__partner__isnull=False) | Q(Exists(asked))


def concerned_by(visits: Iterable[Visit]) -> dict[UUID, list[Concerned]]:
    """For each visit the partner of its stop, and who has asked for it. One statement, however many there are."""
    rows = {visit.pk: visit for visit in visits}
    found: dict[UUID, list[Concerned]] = {
        key: [(visit.stop.partner, addresses.visits_for_partner())] if visit.stop.partner is not None else []
        for key, visit in rows.items()
    }
    asked = VisitRequest.objects.filter(
        visit__in=list(rows), status=RequestStatus.ACCEPTED, partner__isnull=False
    ).select_related("partner")
    for request in asked.order_by("created_at", "pk"):
        if request.visit_id is None or request.partner is None:
            continue
        told = found[request.visit_id]
        if all(partner.pk != request.partner.pk for partner, _path in told):
            told.append((request.partner, addresses.request_for_partner(request.pk)))
    return found
