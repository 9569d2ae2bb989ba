"""What is due among the things that are done together: this week's activities, and tools that somebody waits for."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agreements.choices import BookingStatus
from agreements.models import Activity, Agreement, Booking
from kerjasama.domain import clock
from kerjasama.house import HomeCard, MenuItem
from kerjasama.pages.templatetags.house import plain_date
from libraries.access import access_of

SHOWN = 3
WEEK = 7
# More open activities than these no desk has before it; beyond it the card counts no further.
MOST = 300


def together_cards(user: Any) -> Iterable[HomeCard]:
    """At most three matters, two queries."""
    access = access_of(user)
    if not access.is_office:
        return
    today = clock.today()
    own = Activity.objects.all() if access.everything else Activity.objects.filter(office__in=access.offices)
    near = own.open().filter(begins_on__lte=today + clock.days(WEEK)).order_by("begins_at", "pk")
    found = list(near[:MOST])
    week = [row for row in found if row.ends_on >= today]
    if week:
        yield HomeCard(
            title=_("Activities of this week"),
            count=len(week),
            sentence=_("What takes place within seven days, and who comes."),
            url=reverse("work:activities"),
            order=35,
            lines=tuple(
                (
                    row.title,
                    f"{plain_date(row.begins_on)}, {row.place}",
                    reverse("work:activity", args=[row.pk]),
                )
                for row in week[:SHOWN]
            ),
        )
    over = [row for row in found if row.ends_on < today]
    if over:
        yield HomeCard(
            title=_("Activities to be recorded"),
            count=len(over),
            sentence=_("They are over. Record how many came and what came of it."),
            url=reverse("work:activities") + "?bagian=catat",
            tone="due",
            order=36,
            lines=tuple(
                (row.title, plain_date(row.begins_on), reverse("work:activity", args=[row.pk]))
                for row in over[:SHOWN]
            ),
        )
    mine = (
        Booking.objects.all()
        if access.everything
        else Booking.objects.filter(equipment__owner__in=access.offices)
    )
    late = Q(status=BookingStatus.CONFIRMED, ends_at__lt=clock.now())
    waiting = list(
        mine.filter(Q(status=BookingStatus.REQUESTED) | late)
        .select_related("equipment", "institution")
        .annotate(total=Window(Count("pk")))
        .order_by("begins_at", "pk")[:SHOWN]
    )
    if waiting:
        yield HomeCard(
            title=_("Bookings of tools"),
            count=waiting[0].total,
            sentence=_("Somebody waits for an answer, or a tool is not back yet."),
            url=reverse("work:bookings"),
            tone="due",
            order=37,
            lines=tuple(
                (
                    str(row.equipment),
                    f"{row.institution}, {plain_date(timezone.localtime(row.begins_at).date())}",
                    reverse("work:booking", args=[row.pk]),
                )
                for row in waiting
            ),
        )


def links_to_activities(user: Any, agreement: Agreement) -> Iterable[MenuItem]:
    """The way from an agreement to what was done under it. One query."""
    number = Activity.objects.visible_to(user).filter(agreement=agreement).count()
    if number:
        label = ngettext("%(count)d activity under it", "%(count)d activities under it", number)
        url = f"{reverse('work:activities')}?bagian=semua&perjanjian={agreement.pk}"
        yield MenuItem(label % {"count": number}, url, "calendar", order=40)
