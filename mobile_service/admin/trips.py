"""A vehicle's day out at the desk: its stops in order, its crew, what it loads; called off as a whole (M2, M3)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from kerjasama.pages.templatetags.house import clock_time
from libraries.desk import ActPage, chosen, refuse, status_of, timeline
from mobile_service.admin.page import PLANNERS, VanPage
from mobile_service.admin.plan_forms import CrewForm, ReasonForm, TripForm
from mobile_service.admin.telling import offers_for_trip, offers_for_visit
from mobile_service.choices import HOLDING_VISITS, TripStatus
from mobile_service.lifecycle import CREW, DESK, TRIP
from mobile_service.models import Trip, Visit
from mobile_service.services.calling_off import cancel_trip
from mobile_service.services.loading import load_list
from mobile_service.services.noted import noted_on
from mobile_service.services.odometer import doubt_about_odometer
from mobile_service.services.outages import OutOfService
from mobile_service.services.stepping import roles_of
from mobile_service.services.telling_at_desk import counted_at_desk, left_open
from mobile_service.services.trips import OPEN_TRIPS, change_crew, make_trip, revise_trip

ALSO = {
    "plan": gettext_lazy("Planned"),
    "revise": gettext_lazy("Times or note changed"),
    "crew": gettext_lazy("Crew changed"),
}


class TripList(VanPage):
    """Coming and past days out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        past = request.GET.get("bagian") == "lalu"
        rows = Trip.objects.visible_to(request.user).for_list()
        vehicle = chosen(
            request.GET.get("mobil"), [str(pk) for pk in self.vehicles().values_list("pk", flat=True)]
        )
        if vehicle:
            rows = rows.filter(vehicle=UUID(vehicle))
        rows = rows.filter(on__lt=today) if past else rows.filter(on__gte=today)
        rows = rows.annotate(stops=Count("visits", filter=Q(visits__status__in=HOLDING_VISITS)))
        page = self.page_of(rows.order_by("-on" if past else "on", "vehicle__name", "pk"))
        mark_outages(page.object_list)
        return self.show(
            "admin/van/trips.html",
            page_obj=page,
            past=past,
            vehicles=self.vehicles(),
            vehicle=vehicle,
            may_plan=self.may_plan,
        )


class TripPage(VanPage):
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        trip = self.find(Trip.objects.for_list(), pk)
        roles = roles_of(self.actor, trip)
        able = TRIP.available(trip.status, roles)
        rows = trip.visits.select_related("trip", "stop__office", "stop__partner", "series", "tally")
        visits = list(rows.prefetch_related("loads__consignment").order_by("begins_at", "pk"))
        for visit in visits:
            visit.told = told_of(visit)
        counted = set(counted_at_desk(trip).values_list("visit", flat=True))
        open_ones = left_open(trip)
        mark_outages([trip])
        stops = [
            (
                visit,
                offers_for_visit(
                    visit, self.actor, counted=visit.pk in counted, left_open=visit.pk in open_ones
                ),
            )
            for visit in visits
        ]
        return self.show(
            "admin/van/trip.html",
            trip=trip,
            stops=stops,
            offers=offers_for_trip(trip, self.actor),
            may_tell=any(offers for _visit, offers in stops),
            listed=load_list(trip),
            may_load=bool(roles & (DESK | CREW)) and trip.status in OPEN_TRIPS,
            to_decide=trip.entries.to_decide().count(),
            duties=[duty.member for duty in trip.duties.all()],
            may_change=self.may_plan and trip.status in OPEN_TRIPS,
            may_cancel="cancel" in able,
            events=timeline(trip.events.select_related("actor"), TRIP, ALSO),
            today=clock.today(),
            noted=noted_on(trip),
            not_home=trip.status == TripStatus.UNDER_WAY and trip.on < clock.today(),
            odometer_doubt=doubt_about_odometer(trip),
        )


def mark_outages(trips: Iterable[Any]) -> None:
    """``stays``: why the vehicle of a planned trip cannot drive. One query."""
    planned = [trip for trip in trips if trip.status == TripStatus.PLANNED]
    days = [trip.on for trip in planned]
    if planned:
        out = OutOfService((trip.vehicle_id for trip in planned), min(days), max(days))
        for trip in planned:
            trip.stays = out.why(trip.vehicle_id, trip.on)


def told_of(visit: Visit) -> list[str]:
    """In a few words: whose stop, when the van was there, what was counted, why it did not come, what it brings."""
    stop, tally = visit.stop, getattr(visit, "tally", None)
    when = "–".join(clock_time(at) for at in (visit.arrived_at, visit.left_at) if at)
    people = tally.visitor_count if tally is not None else 0
    words = [
        str(stop.partner) if stop.partner is not None and stop.partner.name != stop.name else "",
        # Not within an f-string: what collects the sentences does not look into one.
        _("Was there") + f" {when}" if when else "",
        ngettext("%(count)d visitor", "%(count)d visitors", people) % {"count": people} if people else "",
        visit.reason,
        *(_("brings %(delivery)s") % {"delivery": load.consignment} for load in visit.loads.all()),
    ]
    return [word for word in words if word]


class NewTrip(VanPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        self.require_planner()
        return self.answer(TripForm(vehicles=self.vehicles()))

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require_planner()
        form = TripForm(request.POST, vehicles=self.vehicles())
        if not form.is_valid():
            return self.answer(form, 422)
        try:
            trip = make_trip(actor=self.actor, **form.cleaned_data)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(form, status_of(error))
        return redirect("work:van_trip", trip.pk)

    def answer(self, form: TripForm, status: int = 200) -> HttpResponse:
        return self.show("admin/van/trip_form.html", status, form=form)


class TripAct(VanPage, ActPage):
    """Change the times, choose the crew, or call the day off: ``/perjalanan/<pk>/<name>/``."""

    subject: Trip

    def subject_of(self, pk: UUID, action: str, **kwargs: Any) -> Trip:
        if action not in ("revise", "crew", "cancel"):
            raise Http404
        self.action = action
        self.kind = "danger-solid" if action == "cancel" else "primary"
        trip: Trip = self.find(Trip.objects.for_list(), pk)
        if not self.access.everything and not self.access.at(trip.office_id) & PLANNERS:
            raise PermissionDenied
        return trip

    def title(self) -> str:
        return {
            "revise": _("Change the times of the trip"),
            "crew": _("Who is on this trip?"),
            "cancel": _("Call off the whole day?"),
        }[self.action]

    def text(self) -> str:
        if self.action == "cancel":
            planned = self.subject.visits.filter(status="planned").count()
            if not planned:
                return _("No visit is planned on this day any more.")
            return ngettext(
                "%(count)d visit is called off. Its school gets one message with the reason, the crew as well.",
                "%(count)d visits are called off. Each school gets one message with the reason, the crew as well.",
                planned,
            ) % {"count": planned}
        return ""

    def label(self) -> Any:
        return TRIP.transition("cancel").label if self.action == "cancel" else _("Save")

    def crumbs(self) -> Any:
        return [(_("Trips"), reverse("work:van_trips")), (str(self.subject), self.back())]

    def back(self) -> str:
        return reverse("work:van_trip", args=[self.subject.pk])

    def make_form(self, *data: Any) -> forms.Form:
        trip = self.subject
        if self.action == "cancel":
            return ReasonForm(*data)
        if self.action == "crew":
            on_duty = [duty.member_id for duty in trip.duties.all()]
            return CrewForm(
                *data, crew=self.crew().filter(office=trip.office_id), initial={"members": on_duty}
            )
        return TripForm(
            *data, initial={name: getattr(trip, name) for name in ("leaves_at", "back_at", "note")}
        )

    def act(self, cleaned: dict[str, Any]) -> str:
        if self.action == "cancel":
            cancel_trip(trip=self.subject, actor=self.actor, note=cleaned["note"])
            return _("The day is called off; everyone concerned has been told.")
        if self.action == "crew":
            change_crew(trip=self.subject, actor=self.actor, members=cleaned["members"])
            return _("The crew is on duty.")
        revise_trip(trip=self.subject, actor=self.actor, **cleaned)
        return _("The trip is changed.")
