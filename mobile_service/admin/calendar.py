"""The van's calendar: a month at a glance, or what comes as a list (M2)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.months import Entry, last_day, month_of, weeks_of
from kerjasama.domain import clock
from kerjasama.pages.templatetags.house import clock_time
from libraries.desk import SHEET_ROWS, chosen
from libraries.models import Closure
from mobile_service.admin.page import VanPage
from mobile_service.choices import VisitStatus
from mobile_service.models import Trip, Visit
from mobile_service.services.days_off import on_days_off
from mobile_service.services.outages import OutOfService, on_outages

TONES = {
    VisitStatus.DONE: "quiet",
    VisitStatus.MISSED: "warn",
    VisitStatus.CANCELLED: "off",
    VisitStatus.ARRIVED: "",
}
AGENDA_DAYS = 31
MOST = 800
READ = ("begins_at", "ends_at", "status", "reason", "stop__name", "trip__on", "vehicle__name")


class VanCalendar(VanPage):
    """Narrowed by vehicle, stop or crew member; ``?tampilan=agenda`` lists it, ``?bentuk=`` gives it as a sheet."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        month = month_of(request.GET.get("bulan", ""), today)
        agenda = request.GET.get("tampilan") == "agenda"
        begins = today if agenda and not request.GET.get("bulan") else month
        ends = begins + timedelta(days=AGENDA_DAYS) if agenda else last_day(month)
        rows = self.narrowed(
            Visit.objects.visible_to(request.user).filter(
                begins_at__gte=_start(begins), begins_at__lt=_start(ends + timedelta(days=1))
            )
        )
        rows = rows.order_by("begins_at", "pk")
        if self.wants_sheet:
            return self.as_sheet(rows.for_list()[:SHEET_ROWS])
        # What a line shows and no more, and for a month no objects: a city has hundreds of visits in one.
        visits: list[Any] = list(
            rows.select_related("stop", "trip", "vehicle").only(*READ)[:MOST]
            if agenda
            else rows.values_list("pk", "trip__on", "begins_at", "status", "stop__name", "vehicle")[:MOST]
        )
        closed = list(
            Closure.objects.filter(institution__isnull=True).between(begins, ends).order_by("starts_on")
        )
        vehicles, stops = (
            list(self.vehicles()),
            [(str(pk), name) for pk, name in self.stops().values_list("pk", "name")],
        )
        out = OutOfService((row.pk for row in vehicles), begins, ends)
        context = {
            "agenda": agenda,
            "month": month,
            "today": today,
            "earlier": f"{clock.add_months(month, -1):%Y-%m}",
            "later": f"{clock.add_months(month, 1):%Y-%m}",
            "vehicles": vehicles,
            "stops": stops,
            "no_vehicle": not vehicles,
            "no_stop": not stops,
            "crew": self.crew(),
            "chosen": {name: request.GET.get(name, "") for name in ("mobil", "titik", "awak")},
            "may_plan": self.may_plan,
            "closed": [row for row in closed if (row.ends_on - row.starts_on).days >= 3],
            "hits": on_days_off(request.user).count(),
            "without": on_outages(request.user).count(),
            "found": len(visits),
            "most": MOST,
        }
        short = [row for row in closed if (row.ends_on - row.starts_on).days < 3]
        if agenda:
            return self.show(
                "admin/van/calendar.html", days=_days(visits, out, short, begins, ends), **context
            )
        return self.show(
            "admin/van/calendar.html",
            weeks=weeks_of(month, [*map(_holiday, short), *_entries(visits, out)]),
            **context,
        )

    def narrowed(self, rows: Any) -> Any:
        given = self.request.GET
        known = {
            "mobil": (self.vehicles, "vehicle"),
            "titik": (self.stops, "stop"),
            "awak": (self.crew, "trip__duties__member"),
        }
        for name, (choices, column) in known.items():
            if given.get(name):
                key = chosen(given.get(name), [str(pk) for pk in choices().values_list("pk", flat=True)])
                rows = rows.filter(**{column: key}) if key else rows.none()
        if given.get("batal") != "ya":
            rows = rows.exclude(Q(status=VisitStatus.CANCELLED) & ~Q(trip__on__gte=clock.today()))
        return rows

    def as_sheet(self, rows: Any) -> HttpResponse:
        heads = (
            _("Day"),
            _("Arrives at"),
            _("Leaves at"),
            _("Van stop"),
            _("School or partner"),
            _("Vehicle"),
            _("Status"),
            _("Reason"),
        )
        return self.sheet(
            "kalender-pusling",
            heads,
            (
                (
                    row.trip.on,
                    clock_time(row.begins_at),
                    clock_time(row.ends_at),
                    row.stop.name,
                    str(row.stop.partner or ""),
                    str(row.vehicle),
                    row.get_status_display(),
                    row.reason,
                )
                for row in rows
            ),
        )


def _start(on: Any) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))


def _entries(visits: Iterable[tuple[UUID, date, datetime, str, str, UUID]], out: OutOfService) -> list[Entry]:
    nothing = UUID(int=0)
    before, after = reverse("work:van_visit", args=[nothing]).split(str(nothing))
    entries = []
    for pk, on, begins_at, status, stop, vehicle in visits:
        stays = status == VisitStatus.PLANNED and out.why(vehicle, on)
        entries.append(
            Entry(
                first=on,
                last=on,
                title=stop,
                url=f"{before}{pk}{after}",
                when=clock_time(begins_at),
                sub=_("vehicle out of service") if stays else _said(status),
                tone="warn" if stays else TONES.get(VisitStatus(status), ""),
            )
        )
    return entries


def _said(status: str) -> str:
    """What its colour means, in words."""
    if status == VisitStatus.CANCELLED:
        return _("called off")
    return str(VisitStatus.MISSED.label).lower() if status == VisitStatus.MISSED else ""


def _holiday(row: Closure) -> Entry:
    return Entry(
        first=row.starts_on,
        last=row.ends_on,
        title=row.reason,
        url=f"{reverse('work:days_off')}?tahun={row.starts_on.year}",
        tone="holiday",
    )


@dataclass(slots=True)
class Day:
    """``trips``: each with its visits, and why its vehicle cannot drive although some are planned."""

    on: date
    closed: list[str] = field(default_factory=list)
    trips: list[tuple[Trip, list[Visit], str]] = field(default_factory=list)


def _days(
    visits: list[Visit], out: OutOfService, closures: Iterable[Closure], first: date, last: date
) -> list[Day]:
    days: dict[date, Day] = {}
    for row in closures:
        begins, ends = max(first, row.starts_on), min(last, row.ends_on)
        for on in (begins + timedelta(days=more) for more in range((ends - begins).days + 1)):
            days.setdefault(on, Day(on)).closed.append(row.reason)
    for trip, group in groupby(sorted(visits, key=_by_trip), key=lambda row: row.trip):
        rows = list(group)
        planned = any(row.status == VisitStatus.PLANNED for row in rows)
        why = out.why(rows[0].vehicle_id, trip.on) if planned else ""
        days.setdefault(trip.on, Day(trip.on)).trips.append((trip, rows, why))
    return [days[on] for on in sorted(days)]


def _by_trip(row: Visit) -> Any:
    return (str(row.vehicle), row.trip_id, row.begins_at)
