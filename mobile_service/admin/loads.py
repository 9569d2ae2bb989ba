"""What a van takes along and fetches: proposed, changed by hand, and as a list for whoever loads it (M6)."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from libraries.access import roles_toward
from libraries.desk import ActPage, DeskPage
from loans.models import Consignment
from mobile_service.choices import VisitStatus
from mobile_service.lifecycle import CREW, DESK
from mobile_service.models import Trip, TripLoad, Visit
from mobile_service.services.load_paper import load_list_pdf
from mobile_service.services.loading import (
    OPEN_TRIPS,
    add_load,
    load_list,
    may_ride,
    propose_loads,
    remove_load,
)


class TripLoadPage(DeskPage):
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        trip = self.find(Trip.objects.for_list(), pk)
        may = roles_toward(request.user, office=trip.office_id) & (DESK | CREW)
        return self.show(
            "admin/mobile/trip_load.html",
            trip=trip,
            listed=load_list(trip),
            may_change=bool(may) and trip.status in OPEN_TRIPS,
        )


class LoadAct(ActPage):
    subject: Trip

    def subject_of(self, pk: UUID) -> Trip:
        trip: Trip = self.find(Trip.objects.for_list(), pk)
        return trip

    def back(self) -> str:
        return reverse("work:trip_load", args=[self.subject.pk])


class ProposeLoads(LoadAct):
    def title(self) -> str:
        return _("Propose what to take along")

    def text(self) -> str:
        return _("Deliveries whose swap is within a week of the visit to their school are put on the van.")

    def act(self, cleaned: dict[str, Any]) -> str:
        added = propose_loads(trip=self.subject, actor=self.actor)
        if not added:
            return _("Nothing was added: no delivery that is being packed is due about this day.")
        return ngettext("%(count)s delivery was added.", "%(count)s deliveries were added.", added) % {
            "count": added
        }


class LoadForm(forms.Form):
    visit = forms.ModelChoiceField(Visit.objects.none(), label=gettext_lazy("With which visit"))
    consignment = forms.ModelChoiceField(Consignment.objects.none(), label=gettext_lazy("Delivery"))

    def __init__(self, *args: Any, trip: Trip, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visits = Visit.objects.filter(trip=trip, status=VisitStatus.PLANNED, stop__partner__isnull=False)
        schools = visits.values_list("stop__partner", flat=True)
        fields: dict[str, Any] = self.fields
        fields["visit"].queryset = visits.select_related("stop").order_by("begins_at")
        fields["consignment"].queryset = may_ride(trip.office_id, schools)
        fields["consignment"].label_from_instance = lambda row: f"{row.code} · {row.partner}"


class AddLoad(LoadAct):
    def make_form(self, *data: Any) -> forms.Form:
        asked = {"consignment": self.request.GET.get("kiriman"), "visit": self.request.GET.get("kunjungan")}
        initial = {name: value for name, value in asked.items() if value}
        return LoadForm(*data, trip=self.subject, initial=initial)

    def title(self) -> str:
        return _("Put a delivery on the van")

    def act(self, cleaned: dict[str, Any]) -> str:
        load = add_load(actor=self.actor, **cleaned)
        return _("%(code)s goes along.") % {"code": load.consignment.code}


class RemoveLoad(LoadAct):
    kind = "danger-solid"
    load: TripLoad

    def subject_of(self, pk: UUID, load: UUID) -> Trip:  # type: ignore[override]
        trip = super().subject_of(pk)
        rows = TripLoad.objects.filter(visit__trip=trip).select_related("visit", "consignment__partner")
        self.load = get_object_or_404(rows, pk=load)
        return trip

    def title(self) -> str:
        return _("Take %(code)s off the van") % {"code": self.load.consignment.code}

    def text(self) -> str:
        return _("The delivery for %(partner)s stays at the library and is handed over in another way.") % {
            "partner": self.load.consignment.partner
        }

    def act(self, cleaned: dict[str, Any]) -> str:
        remove_load(load=self.load, actor=self.actor)
        return _("%(code)s stays here.") % {"code": self.load.consignment.code}


class LoadPaper(DeskPage):
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        trip = self.find(Trip.objects.for_list(), pk)
        response = HttpResponse(load_list_pdf(trip), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="muatan-{trip.on}.pdf"'
        return response
