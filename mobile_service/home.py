"""The mobile library's place in the menu of the desk, and what of it is due today."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kerjasama.house import Area, HomeCard, MenuItem
from kerjasama.pages.templatetags.house import long_date
from libraries.access import Access, access_of
from mobile_service.choices import RequestStatus
from mobile_service.models import Entry, HoursProposal, VisitRequest
from mobile_service.own_trip import own_trip_card
from mobile_service.services.days_off import KEEPERS, on_days_off
from mobile_service.services.outages import on_outages
from mobile_service.services.telling_at_desk import trips_not_home

SHOWN = 3


def work_menu(user: Any) -> Iterable[MenuItem]:
    yield MenuItem(
        _("Calendar"),
        reverse("work:van_calendar"),
        "calendar",
        order=46,
        area=Area.MOBILE,
        also=(
            *(reverse(f"work:{name}") for name in ("van_serieses", "van_trips")),
            "/admin/kerja/pusling/kunjungan/",
        ),
    )
    yield MenuItem(_("Holidays"), reverse("work:days_off"), "clock", order=47, area=Area.MOBILE)
    yield MenuItem(_("Stops"), reverse("work:stops"), "pin", order=48, area=Area.MOBILE)
    yield MenuItem(
        _("Vehicles and crew"),
        reverse("work:vehicles"),
        "van",
        order=48,
        area=Area.MOBILE,
        also=("/admin/kerja/pusling/awak/", "/admin/kerja/pusling/tidak-jalan/"),
    )
    yield MenuItem(_("Requests"), reverse("work:visit_requests"), "mail", order=46, area=Area.MOBILE)
    yield MenuItem(
        _("Crew's phones"),
        reverse("work:van_devices"),
        "phone",
        order=48,
        area=Area.MOBILE,
        also=("/admin/kerja/pusling/tinjauan/",),
    )
    yield MenuItem(_("Figures"), reverse("work:van_figures"), "chart", order=49, area=Area.MOBILE)
    yield MenuItem(
        _("Calendars for phones"), reverse("work:van_calendars"), "phone", order=79, area=Area.MOBILE
    )
    yield MenuItem(
        _("Route plans"),
        reverse("work:route_plans"),
        "chart",
        order=58,
        area=Area.MOBILE,
        also=("/admin/kerja/pusling/waktu-tempuh/",),
    )


def home_cards(user: Any) -> Iterable[HomeCard]:
    """The crew's own trip; who asks for the van, which schools propose other hours, which trips were never told home, and what of
    the crew's telling is to be decided."""
    yield from told_by_phones(user)
    access = access_of(user)
    yield from own_trip_card(user, access)
    if access.everything or access.having(KEEPERS):
        yield from _on_closed_days(user)
        yield from _on_outages(user)
        yield from _not_home(user)
    if access.is_office:
        yield from _who_asks(user, access)
        yield from _other_hours(user, access)


def _who_asks(user: Any, access: Access) -> Iterable[HomeCard]:
    """Who asks for the van and waits for our answer. One query."""
    waiting = VisitRequest.objects.visible_to(user).filter(
        status__in=[RequestStatus.OPEN, RequestStatus.UNCONFIRMED]
    )
    if not access.everything:
        waiting = waiting.filter(office__in=access.offices)
    rows: list[Any] = list(
        waiting.select_related("stop", "partner")
        .annotate(total=Window(Count("pk")))
        .order_by("created_at")[:SHOWN]
    )
    if rows:
        yield HomeCard(
            title=_("Requests for a visit"),
            count=rows[0].total,
            sentence=_("They wait for an answer: the page says what each day would cost."),
            url=reverse("work:visit_requests"),
            tone="due",
            order=45,
            lines=tuple((str(row), row.who, reverse("work:visit_request", args=[row.pk])) for row in rows),
        )


def _other_hours(user: Any, access: Access) -> Iterable[HomeCard]:
    """Schools that propose when the van may come. One query."""
    waiting = HoursProposal.objects.visible_to(user)
    if not access.everything:
        waiting = waiting.filter(stop__office__in=access.offices)
    rows: list[Any] = list(
        waiting.select_related("stop").annotate(total=Window(Count("pk"))).order_by("created_at")[:SHOWN]
    )
    if rows:
        yield HomeCard(
            title=_("Hours that schools propose"),
            count=rows[0].total,
            sentence=_("Take them over for the stop, or say why not."),
            url=reverse("work:stop", args=[rows[0].stop_id]),
            tone="due",
            order=46,
            lines=tuple(
                (str(row), long_date(row.created_at), reverse("work:stop", args=[row.stop_id]))
                for row in rows
            ),
        )


def _on_closed_days(user: Any) -> Iterable[HomeCard]:
    """One query, and the names of the first ones with it."""
    found = on_days_off(user).select_related("stop", "trip").annotate(total=Window(Count("pk")))
    hits: list[Any] = list(found.order_by("begins_at")[:SHOWN])
    if hits:
        yield HomeCard(
            _("Visits on closed days"),
            hits[0].total,
            ngettext(
                "A visit of the van stands on a closed day. Move it or call it off.",
                "Visits of the van stand on closed days. Move them or call them off.",
                hits[0].total,
            ),
            reverse("work:days_off_visits"),
            tone="due",
            order=45,
            lines=tuple(
                (str(visit.stop), long_date(visit.trip.on), reverse("work:van_visit", args=[visit.pk]))
                for visit in hits
            ),
        )


def _on_outages(user: Any) -> Iterable[HomeCard]:
    """Visits whose vehicle is out of service that day. One query, and the names of the first ones with it."""
    found = on_outages(user).select_related("stop", "trip").annotate(total=Window(Count("pk")))
    hits: list[Any] = list(found.order_by("begins_at")[:SHOWN])
    if hits:
        yield HomeCard(
            _("Visits without their vehicle"),
            hits[0].total,
            ngettext(
                "A visit stands on a day on which its vehicle is out of service. Move it or call it off.",
                "Visits stand on days on which their vehicle is out of service. Move them or call them off.",
                hits[0].total,
            ),
            reverse("work:outage_visits"),
            tone="due",
            order=45,
            lines=tuple(
                (str(visit.stop), long_date(visit.trip.on), reverse("work:van_visit", args=[visit.pk]))
                for visit in hits
            ),
        )


def _not_home(user: Any) -> Iterable[HomeCard]:
    """Trips of days before of which nobody told that the van is back. One query."""
    open_ones = trips_not_home(user).select_related("vehicle").annotate(total=Window(Count("pk")))
    rows: list[Any] = list(open_ones.order_by("on", "pk")[:SHOWN])
    if rows:
        yield HomeCard(
            title=_("Trips without a return"),
            count=rows[0].total,
            sentence=_(
                "Nobody has told that the van is back. Ask the crew, and note the time and the odometer."
            ),
            url=f"{reverse('work:van_trips')}?bagian=lalu",
            tone="due",
            order=46,
            lines=tuple(
                (str(trip.vehicle), long_date(trip.on), reverse("work:van_trip", args=[trip.pk]))
                for trip in rows
            ),
        )


def told_by_phones(user: Any) -> Iterable[HomeCard]:
    """What of the crew's telling is to be decided. One query."""
    waiting = Entry.objects.visible_to(user).to_decide().count()
    if waiting:
        yield HomeCard(
            _("Told by phones"),
            waiting,
            _("What the crew told contradicts what was decided here. Look at it."),
            reverse("work:entry_reviews"),
            tone="due",
            order=47,
        )
