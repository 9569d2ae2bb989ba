"""When the van comes, for everybody: by stop, soonest first, by month, on a map; a page and a poster for each stop (M4).

Stops that are not public are not there, whoever asks.
"""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from agreements.months import month_of
from kerjasama import brakes
from kerjasama.documents.rendering import render_pdf
from kerjasama.domain import clock
from kerjasama.domain.wording import hour, long_date
from kerjasama.pages.position import with_position
from mobile_service.models import Stop, Visit
from mobile_service.services import publishing
from mobile_service.services.postering import poster_of

PER_PAGE = 30
MOST_OF_A_MONTH = 600
MOST_OF_A_STOP = 12
# Papers and whole lists cost more than a page: a robot that collects them is told to wait (S25).
HEAVY_PER_ADDRESS = (10, 60)


@login_not_required
@require_safe
@with_position
def stops(request: HttpRequest) -> HttpResponse:
    """Where the van stands next: every stop with its next visit, soonest first; ``?q=`` a village, a school, a place."""
    words, now = _words(request), clock.now()
    rows = publishing.by_next_visit(publishing.looked_for(Stop.objects.public(), words), now)
    rows = rows.only("name", "slug", "kind", "community")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "stops": publishing.stops_shown(page.object_list, now),
        "q": words,
        "today": clock.today(),
    }
    return render(request, "public/schedule/stops.html", context)


@login_not_required
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """All visits of a month, day by day; ``?bulan=2026-12``, narrowed by ``?q=``."""
    words, now, today = _words(request), clock.now(), clock.today()
    first = month_of(request.GET.get("bulan", ""), today)
    rows = Visit.objects.public()
    if words:
        rows = rows.filter(stop__in=publishing.looked_for(Stop.objects.public(), words))
    context = {
        "visits": publishing.visits_of_month(rows, first, now, MOST_OF_A_MONTH),
        "most": MOST_OF_A_MONTH,
        "q": words,
        "month": first,
        "earlier": f"{clock.add_months(first, -1):%Y-%m}",
        "later": f"{clock.add_months(first, 1):%Y-%m}",
        "today": today,
    }
    return render(request, "public/schedule/month.html", context)


@login_not_required
@require_safe
def points(request: HttpRequest) -> JsonResponse:
    """The public stops as GeoJSON, each with its next visit in words; what the map and "near me" read."""
    rows = publishing.looked_for(Stop.objects.public(), _words(request))
    return JsonResponse(
        publishing.points_of(rows, clock.now(), lambda slug: reverse("schedule_stop", args=[slug]), _said)
    )


@login_not_required
@require_safe
def stop(request: HttpRequest, slug: str) -> HttpResponse:
    """One stop: when the van comes next, what was moved or called off and why, how to find it, its calendar."""
    row = get_object_or_404(Stop.objects.public().select_related("office", "partner"), slug=slug)
    now = clock.now()
    visits = publishing.coming_visits(Visit.objects.filter(stop=row), now, MOST_OF_A_STOP)
    feed = request.build_absolute_uri(reverse("schedule_feed", args=[slug]))
    context = {
        "stop": row,
        "visits": visits,
        "next": next((visit for visit in visits if not visit.is_off), None),
        "usual": publishing.usual_visits(row),
        "feed_url": feed,
        "webcal_url": "webcal:" + feed.partition(":")[2],
        "today": clock.today(row.office.zone),
    }
    return render(request, "public/schedule/stop.html", context)


@login_not_required
@require_safe
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """A sheet for the wall of the place: the next visits, and a QR of its page, which knows of changes."""
    refused = brakes.stop(request, "poster", HEAVY_PER_ADDRESS)
    if refused:
        return refused
    row = get_object_or_404(Stop.objects.public().select_related("office"), slug=slug)
    page = request.build_absolute_uri(reverse("schedule_stop", args=[slug]))
    content = render_pdf("stop_poster", poster_of(row, page=page), language=get_language() or "id")
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="pusling-{row.slug}.pdf"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _words(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\x00", "").split())[:120]


def _said(moment: datetime) -> str:
    language = get_language() or "id"
    return f"{long_date(moment.date(), language)}, {hour(moment, language)}"
