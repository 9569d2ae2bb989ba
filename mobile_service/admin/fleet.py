"""Vehicles and the crew at the desk (M1)."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.choices import Role
from libraries.desk import ActPage, DeskPage, chosen, refuse, status_of
from libraries.models import Institution
from mobile_service.admin.fleet_forms import CrewForm, OutageForm, VehicleForm
from mobile_service.admin.trips import mark_outages
from mobile_service.choices import TripStatus
from mobile_service.models import CrewMember, Outage, Trip, Vehicle
from mobile_service.services import fleet
from mobile_service.services.keeping import keeps_fleet
from mobile_service.services.outages import on_outages

KEEPERS = frozenset({Role.OFFICER, Role.CIRCULATION})
COMING = 10


class MobilePage(DeskPage):
    """A page about the mobile library. Everybody of the library may look; who keeps it, is asked by the services."""

    def offices(self) -> Any:
        """The libraries whose mobile service the reader keeps."""
        offices = Institution.objects.offices().order_by("name")
        return offices if self.access.everything else offices.filter(pk__in=self.access.having(KEEPERS))

    def office(self) -> Institution:
        """The library for which something new is entered: the one that the address names, else the reader's first."""
        wanted = self.request.GET.get("perpustakaan") or self.request.POST.get("office") or ""
        offices: list[Institution] = list(self.offices()[:20])
        if not offices:
            raise PermissionDenied
        return next((row for row in offices if str(row.pk) == wanted), offices[0])

    def keeps(self, row: Any) -> bool:
        return keeps_fleet(self.request.user, row.office_id)

    def require_keeps(self, row: Any) -> None:
        if not self.keeps(row):
            raise PermissionDenied

    @property
    def may_add(self) -> bool:
        return self.access.everything or bool(self.access.having(KEEPERS))


class FleetPage(MobilePage):
    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Vehicles and crew"), reverse("work:vehicles"))]


class VehicleList(FleetPage):
    """Vehicles and, below them, the crew: a library has one or two of the one and a handful of the other."""

    def get(self, request: HttpRequest) -> HttpResponse:
        words = self.words()
        cut = chosen(request.GET.get("bagian"), ("semua",))
        vehicles = Vehicle.objects.visible_to(request.user).for_list()
        crew = CrewMember.objects.visible_to(request.user).for_list()
        if words:
            vehicles = vehicles.filter(Q(name__icontains=words) | Q(plate__icontains=words))
            crew = crew.filter(Q(name__icontains=words) | Q(phone__icontains=words))
        if not cut:
            vehicles, crew = vehicles.filter(is_active=True), crew.filter(is_active=True)
        return self.show(
            "admin/mobile/vehicles.html",
            page_obj=self.page_of(vehicles.order_by("office__name", "name", "pk"), 20),
            crew=crew.order_by("office__name", "name", "pk")[:200],
            words=words,
            cut=cut,
            may_add=self.may_add,
            today=clock.today(),
        )


class VehiclePage(FleetPage):
    """One vehicle: what it carries, its week, when it cannot drive, who is on it and what comes next."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        crew = Prefetch("crew", CrewMember.objects.filter(is_active=True).order_by("name"), to_attr="on_it")
        vehicle: Vehicle = self.find(Vehicle.objects.for_list().prefetch_related(crew), pk)
        today = clock.today(vehicle.office.zone)
        hours = fleet.hours_of(vehicle)
        trips = Trip.objects.filter(vehicle=vehicle, on__gte=today).exclude(status=TripStatus.CANCELLED)
        coming = list(trips.order_by("on")[:COMING])
        mark_outages(coming)
        return self.show(
            "admin/mobile/vehicle.html",
            vehicle=vehicle,
            keeps=self.keeps(vehicle),
            hours=hours,
            outages=[row for row in vehicle.outages.all() if row.ends_on >= today],
            trips=coming,
            crumbs=self.crumbs(),
        )


class EditVehicle(FleetPage):
    """A vehicle; without ``pk`` a new one."""

    def vehicle(self, pk: UUID | None) -> Vehicle | None:
        if pk is None:
            return None
        found: Vehicle = self.find(Vehicle.objects.for_list(), pk)
        self.require_keeps(found)
        return found

    def get(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        vehicle = self.vehicle(pk)
        office = vehicle.office if vehicle else self.office()
        return self.answer(vehicle, office, VehicleForm(vehicle=vehicle, office=office))

    def post(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        vehicle = self.vehicle(pk)
        office = vehicle.office if vehicle else self.office()
        form = VehicleForm(request.POST, vehicle=vehicle, office=office)
        if not form.is_valid():
            return self.answer(vehicle, office, form, 422)
        given = form.given()
        version = given.pop("version")
        try:
            if vehicle is None:
                vehicle = fleet.register_vehicle(office=office, actor=self.actor, **given)
            else:
                fleet.revise_vehicle(vehicle=vehicle, actor=self.actor, version=version, **given)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(vehicle, office, form, status_of(error))
        return redirect("work:vehicle", vehicle.pk)

    def answer(
        self, vehicle: Vehicle | None, office: Institution, form: VehicleForm, status: int = 200
    ) -> HttpResponse:
        return self.show(
            "admin/mobile/vehicle_form.html",
            status,
            vehicle=vehicle,
            office=office,
            offices=self.offices()[:20],
            form=form,
            crumbs=self.crumbs(),
        )


class VehicleAct(ActPage, FleetPage):
    """An act on a vehicle; it leads back to its page."""

    subject: Vehicle

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        vehicle = self.find(Vehicle.objects.for_list(), pk)
        self.require_keeps(vehicle)
        return vehicle

    def back(self) -> str:
        return reverse("work:vehicle", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*FleetPage.crumbs(self), (str(self.subject), self.back())]


class RetireVehicle(VehicleAct):
    """Out of use, or in use again: whichever it is not."""

    def title(self) -> str:
        words = _("Take “%(name)s” out of use?") if self.subject.is_active else _("Use “%(name)s” again?")
        return words % {"name": self.subject}

    def text(self) -> str:
        return (
            _("It is planned no more; its trips so far stay where they are.")
            if self.subject.is_active
            else ""
        )

    def label(self) -> str:
        return _("Take out of use") if self.subject.is_active else _("Use it again")

    def act(self, cleaned: dict[str, Any]) -> str:
        if self.subject.is_active:
            fleet.retire_vehicle(vehicle=self.subject, actor=self.actor)
            return _("The vehicle is out of use.")
        fleet.restore_vehicle(vehicle=self.subject, actor=self.actor)
        return _("The vehicle is in use again.")


class AddOutage(VehicleAct):
    form_class = OutageForm
    # The planned visits of those days, to be dealt with next.
    hit = False

    def back(self) -> str:
        return reverse("work:outage_visits") if self.hit else super().back()

    def title(self) -> str:
        return _("When can “%(name)s” not drive?") % {"name": self.subject}

    def text(self) -> str:
        return _("Visits planned on these days stay in the calendar and are shown as conflicts.")

    def label(self) -> str:
        return _("Note the days")

    def act(self, cleaned: dict[str, Any]) -> str:
        outage = fleet.add_outage(vehicle=self.subject, actor=self.actor, **cleaned)
        trips = fleet.trips_during(outage)
        self.hit = on_outages(self.actor).filter(vehicle=self.subject).exists()
        if not trips:
            return _("The days are noted.")
        return ngettext(
            "The days are noted. %(count)s planned trip lies on them: move or cancel it.",
            "The days are noted. %(count)s planned trips lie on them: move or cancel them.",
            trips,
        ) % {"count": trips}


class DropOutage(VehicleAct):
    outage: Outage

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.outage = self.find(Outage.objects.select_related("vehicle"), pk)
        return super().subject_of(self.outage.vehicle_id)

    def title(self) -> str:
        return _("Can “%(name)s” drive after all?") % {"name": self.subject}

    def about(self) -> str:
        return f"{self.outage.reason}: {self.outage.starts_on:%d/%m/%Y} – {self.outage.ends_on:%d/%m/%Y}"

    def label(self) -> str:
        return _("It can drive")

    def act(self, cleaned: dict[str, Any]) -> str:
        fleet.drop_outage(outage=self.outage, actor=self.actor)
        return _("The vehicle can drive on these days.")


# --- the crew ---------------------------------------------------------------------------------------------------------


class EditCrewMember(FleetPage):
    """Somebody of the crew with the trips to come; without ``pk`` somebody new."""

    def member(self, pk: UUID | None) -> CrewMember | None:
        return self.find(CrewMember.objects.for_list(), pk) if pk else None

    def get(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        member = self.member(pk)
        office = member.office if member else self.office()
        return self.answer(member, office, CrewForm(office=office, member=member))

    def post(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        member = self.member(pk)
        if member is not None:
            self.require_keeps(member)
        office = member.office if member else self.office()
        form = CrewForm(request.POST, office=office, member=member)
        if not form.is_valid():
            return self.answer(member, office, form, 422)
        given = dict(form.cleaned_data)
        version = given.pop("version")
        try:
            if member is None:
                fleet.add_crew_member(office=office, actor=self.actor, **given)
            else:
                fleet.revise_crew_member(member=member, actor=self.actor, version=version, **given)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(member, office, form, status_of(error))
        return redirect("work:vehicles")

    def answer(
        self, member: CrewMember | None, office: Institution, form: CrewForm, status: int = 200
    ) -> HttpResponse:
        duties: Any = ()
        if member is not None:
            ahead = member.duties.filter(on__gte=clock.today(office.zone)).select_related("trip__vehicle")
            duties = ahead.exclude(trip__status=TripStatus.CANCELLED).order_by("on")[:COMING]
        return self.show(
            "admin/mobile/crew_member.html",
            status,
            member=member,
            office=office,
            offices=self.offices()[:20],
            keeps=member is None or self.keeps(member),
            form=form,
            duties=duties,
            crumbs=self.crumbs(),
        )


class RetireCrewMember(ActPage, FleetPage):
    """Off the crew, or on it again: whichever somebody is not."""

    subject: CrewMember

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        member = self.find(CrewMember.objects.for_list(), pk)
        self.require_keeps(member)
        return member

    def title(self) -> str:
        words = (
            _("Has %(name)s left the crew?")
            if self.subject.is_active
            else _("Is %(name)s on the crew again?")
        )
        return words % {"name": self.subject}

    def text(self) -> str:
        if not self.subject.is_active or not self.subject.devices.usable().exists():
            return ""
        return _(
            "Their phones are taken out of use and wipe what they hold. What they have not sent by then is lost: send first."
        )

    def label(self) -> str:
        return _("Left the crew") if self.subject.is_active else _("On the crew again")

    def back(self) -> str:
        return reverse("work:crew_member", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*FleetPage.crumbs(self), (str(self.subject), self.back())]

    def act(self, cleaned: dict[str, Any]) -> str:
        if self.subject.is_active:
            fleet.retire_crew_member(member=self.subject, actor=self.actor)
            return _("Noted. The trips so far keep the name.")
        fleet.restore_crew_member(member=self.subject, actor=self.actor)
        return _("Noted.")
