"""Tools that a library lets us use: what there is, when it is free, our bookings (F14)."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.choices import BookingStatus
from agreements.models import Booking, Equipment
from agreements.portal.forms import BookingForm, GiveUpForm
from agreements.services.bookings import cancel_booking, request_booking
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.pages import send
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried

PAGE = 30
AHEAD = 60


@require_safe
@portal_page
def tools(request: PortalRequest) -> HttpResponse:
    """What we may borrow, and what we have booked."""
    may = Equipment.objects.bookable_by([request.acting.school.pk], request.acting.today)
    rows = Equipment.objects.filter(may).for_list()
    own = Booking.objects.filter(institution=request.acting.school).for_list().order_by("-begins_at", "-pk")
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    return show(request, "portal/equipment.html", {"tools": rows, "page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def tool(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One tool: when it is given away, and the form to ask for it."""
    row = _tool(request, pk)
    typed = request.POST if request.method == "POST" else carried(request)
    form = BookingForm(typed)
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            booking = request_booking(
                equipment=row, institution=request.acting.school, actor=request.user, **form.cleaned_data
            )
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("The library has your request and answers it."))
            return redirect("portal:booking", booking.pk)
    now = clock.now()
    busy = (
        row.bookings.filter(
            status=BookingStatus.CONFIRMED, ends_at__gte=now, begins_at__lte=now + clock.days(AHEAD)
        )
        .select_related("institution")
        .order_by("begins_at")
    )
    wrong = request.method == "POST"
    return show(
        request,
        "portal/tool.html",
        {
            "tool": row,
            "busy": busy,
            "form": form if typed is not None else BookingForm(),
            "refusal": refusal,
            "carried": request.method != "POST" and typed is not None,
            "ahead": AHEAD,
        },
        status=(refusal.status if refusal else 422) if wrong else 200,
    )


@require_safe
@portal_page
def picture(request: PortalRequest, pk: UUID) -> FileResponse:
    """The photograph of a tool that we may see."""
    row = _tool(request, pk)
    if row.photograph is None:
        raise Http404
    return send(row.photograph, inline=True)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def booking(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One booking of ours; it can be given up here."""
    row = get_object_or_404(
        Booking.objects.visible_to(request.user).filter(institution__in=request.acting.keys).for_list(), pk=pk
    )
    form = GiveUpForm(request.POST if request.method == "POST" else None)
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            cancel_booking(booking=row, actor=request.user, note=form.cleaned_data["note"])
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("The booking is given up; the library knows."))
            return redirect("portal:booking", pk)
    return show(
        request,
        "portal/booking.html",
        {
            "booking": row,
            "form": form,
            "refusal": refusal,
            "may_cancel": row.status in (BookingStatus.REQUESTED, BookingStatus.CONFIRMED),
            "reason": row.events.filter(action__in=("decline", "cancel"))
            .values_list("note", flat=True)
            .first(),
        },
        school_id=row.institution_id,
        status=(refusal.status if refusal else 422) if request.method == "POST" else 200,
    )


def _tool(request: PortalRequest, pk: UUID) -> Equipment:
    """A tool that some institution of the person may book or has booked."""
    own = Booking.objects.filter(institution__in=request.acting.keys).values("equipment")
    may = Equipment.objects.bookable_by(request.acting.keys, request.acting.today)
    rows = Equipment.objects.for_list()
    return get_object_or_404(rows.filter(may) | rows.filter(pk__in=own), pk=pk)
