"""When the van comes to our school, what was changed, when books are swapped; and the school's calendar for phones (M4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kerjasama.domain import clock
from libraries.portal.acting import PortalRequest, portal_page, show
from loans.choices import PeriodStatus, ProgrammeStatus
from loans.models import Period
from mobile_service.models import SchoolFeed, Stop, Visit
from mobile_service.services.feeding import renew_school_feed, revoke_school_feed, token_of
from mobile_service.services.publishing import coming_visits

MOST = 20
SWAPS = 6


@require_safe
@portal_page
def visits(request: PortalRequest) -> HttpResponse:
    school = request.acting.school
    rows = Visit.objects.visible_to(request.user).filter(stop__partner=school, stop__is_active=True)
    coming = coming_visits(rows, clock.now(), MOST)
    stops = list(Stop.objects.visible_to(request.user).filter(partner=school, is_active=True))
    swaps = (
        Period.objects.visible_to(request.user)
        .filter(
            programme__partner=school,
            programme__status=ProgrammeStatus.RUNNING,
            status=PeriodStatus.PLANNED,
            starts_on__gte=request.acting.today,
        )
        .select_related("programme__lender")
        .order_by("starts_on")[:SWAPS]
    )
    own = SchoolFeed.objects.filter(partner=school).first()
    context = {
        "visits": coming,
        "next": next((visit for visit in coming if not visit.is_off), None),
        "stops": stops,
        "several": len(stops) > 1,
        "swaps": swaps,
        **(addresses_of(request, token_of(own)) if own else {"feed_url": ""}),
    }
    return show(request, "portal/visits/visits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def feed(request: PortalRequest) -> HttpResponse:
    """Make the school's calendar address, another when the old one went astray, or end it. GET asks before it does the latter two."""
    school = request.acting.school
    own = SchoolFeed.objects.filter(partner=school).first()
    if request.method != "POST":
        return show(request, "portal/visits/renew.html", {"had": own is not None})
    if request.POST.get("akhiri"):
        if own is not None:
            revoke_school_feed(feed=own, actor=request.user)
        messages.success(request, _("The calendar is ended. You can make another one at any time."))
        return redirect("portal:van_visits")
    had = own is not None
    renew_school_feed(partner=school, actor=request.user)
    messages.success(
        request,
        _("The calendar has a new address. Phones that used the old one must be given it.")
        if had
        else _("Your school's calendar is ready. Now put it into your phone."),
    )
    return redirect(reverse("portal:van_visits") + "#ponsel")


def addresses_of(request: HttpRequest, token: str) -> dict[str, str]:
    """The full address of a calendar, plain and for calendar programs; it speaks the reader's language."""
    address = request.build_absolute_uri(reverse("ical", args=[token]))
    language = get_language() or "id"
    if not language.startswith("id"):
        address += f"?bahasa={language}"
    return {"feed_url": address, "webcal_url": "webcal:" + address.partition(":")[2]}
