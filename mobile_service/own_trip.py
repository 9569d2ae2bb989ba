"""A crew's own trip on its first page: where it goes today, or next, what is loaded, and where the phone's page is."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.house import HomeCard
from kerjasama.pages.templatetags.house import clock_time, long_date
from libraries.access import Access
from libraries.choices import Role
from mobile_service.choices import HOLDING_VISITS
from mobile_service.models import CrewMember, Trip
from mobile_service.services.loading import load_list
from mobile_service.services.trips import OPEN_TRIPS

# A day has seldom more; the others stand on the page of the trip.
SHOWN = 12


def own_trip_card(user: Any, access: Access) -> Iterable[HomeCard]:
    """For people of the crew alone. One query where they have no trip ahead."""
    if not access.having([Role.CREW]):
        return
    trip = next_trip_of(user)
    if trip is None:
        return
    listed = load_list(trip)
    visits = trip.visits.filter(status__in=HOLDING_VISITS).select_related("stop").order_by("begins_at", "pk")
    today = trip.on <= clock.today(trip.office.zone)
    page = reverse("work:van_trip", args=[trip.pk])
    lines = [
        (str(visit.stop), clock_time(visit.begins_at), reverse("work:van_visit", args=[visit.pk]))
        for visit in visits
    ]
    yield HomeCard(
        title=_("Today's trip") if today else _("Your next trip"),
        count=len(lines),
        sentence=f"{trip.vehicle}, {long_date(trip.on)}. {listed.sentence}",
        url=page,
        tone="due" if today else "calm",
        order=1,
        lines=(*lines[:SHOWN], (_("The trip on your phone"), "", reverse("portal:van"))),
    )


def next_trip_of(user: Any) -> Trip | None:
    """The one on which the holder of this account is, today or next; where nobody was put down, whoever is usually on that
    vehicle, as the phone has it (``packing_trip``). One query."""
    own = CrewMember.objects.filter(user=user, is_active=True)
    mine = Q(duties__member__in=own) | Q(duties__isnull=True, vehicle__in=own.values("vehicle"))
    return (
        Trip.objects.visible_to(user)
        .filter(mine, status__in=OPEN_TRIPS, on__gte=clock.today())
        .select_related("vehicle", "office")
        .order_by("on", "leaves_at", "pk")
        .first()
    )
