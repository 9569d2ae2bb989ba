"""Stops and visits as open data, and the page that explains them (M4)."""

import csv

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kerjasama import brakes
from kerjasama.domain import clock
from mobile_service.models import Stop
from mobile_service.public.schedule import HEAVY_PER_ADDRESS
from mobile_service.services import open_data
from mobile_service.services.stop_export import open_rows
from mobile_service.stop_sheet_words import SCHEMA

COLUMNS = (
    ("organisation", _("The library that sends the van.")),
    ("mobile, route", _("The vehicle, and the route: what it drives on one weekday.")),
    ("community", _("Village or neighbourhood.")),
    ("stop", _("Name of the stop.")),
    ("address, postcode", _("Where it is.")),
    ("geox, geoy", _("Longitude and latitude (WGS 84), in degrees.")),
    ("day", _("Weekday, in English.")),
    ("type", _("Always Public: other stops are not in it.")),
    ("arrival, departure", _("Time on the spot, as 08:30.")),
    ("frequency", _("How it repeats on that weekday: a rule as in RFC 5545 (RRULE).")),
    (
        "start, end",
        _(
            "First day on which it comes by the rule, and the last day of the rule; an empty end means that none is planned."
        ),
    ),
    ("exceptions", _("Days of the rule on which nothing takes place, parted by semicolons.")),
    ("timetable", _("The page of the stop.")),
)
FIELDS = (
    ("made_at", _("When the answer was made.")),
    ("visits_from, visits_until", _("First and last day of the visits that are told.")),
    ("stops[].id, page, calendar", _("Lasting name of the stop, its page, and its calendar.")),
    ("stops[].name, kind, library", _("Name; school, village or other; the library that sends the van.")),
    ("stops[].address, community, postcode, hint", _("Where it is, and how to find the van there.")),
    ("stops[].latitude, longitude", _("In degrees (WGS 84), or null.")),
    ("stops[].time_zone", _("Zone of all times of the stop.")),
    ("visits[].id", _("Lasting number of the visit; it stays when the visit is moved.")),
    ("visits[].begins_at, ends_at", _("Moments with their offset from UTC.")),
    (
        "visits[].status",
        _(
            "planned, arrived (the van is there), done, missed (it did not come), cancelled. Words may be added."
        ),
    ),
    ("visits[].reason", _("Why it was moved or cancelled; empty otherwise.")),
    ("visits[].vehicle", _("Name of the vehicle.")),
)


@login_not_required
@require_safe
def explained(request: HttpRequest) -> HttpResponse:
    """What there is, what each field means, what one may do with it."""
    first, last = open_data.span()
    context = {"first": first, "last": last, "columns": COLUMNS, "fields": FIELDS}
    return render(request, "public/schedule/data.html", context)


@login_not_required
@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    refused = brakes.stop(request, "schedule data", HEAVY_PER_ADDRESS)
    if refused:
        return refused
    site = request.build_absolute_uri("/").rstrip("/")
    first, last = open_data.span()
    return _open(
        JsonResponse(
            {
                "made_at": clock.now().isoformat(timespec="seconds"),
                "documentation": f"{site}{reverse('schedule_data')}",
                "visits_from": first.isoformat(),
                "visits_until": last.isoformat(),
                "stops": open_data.stops_and_visits(site),
            },
            json_dumps_params={"ensure_ascii": False},
        )
    )


@login_not_required
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """The repeating visits in the schema of LibrariesHacked."""
    refused = brakes.stop(request, "schedule data", HEAVY_PER_ADDRESS)
    if refused:
        return refused
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="pusling.csv"'
    writer = csv.writer(response)
    writer.writerow(SCHEMA)
    site = request.build_absolute_uri("/").rstrip("/")
    writer.writerows(
        open_rows(
            Stop.objects.all(), timetable=lambda stop: f"{site}{reverse('schedule_stop', args=[stop.slug])}"
        )
    )
    return _open(response)


def _open(response: HttpResponse) -> HttpResponse:
    """Any page of any site may read it, and any cache keep it for a while."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=900"
    response["X-Content-Type-Options"] = "nosniff"
    return response
