"""Stops at the desk: all of them with their map, one, and the form (M1)."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.desk import SHEET_ROWS, ActPage, chosen, plain, refuse, status_of
from libraries.hours import interval_words, open_lines
from libraries.models import Institution
from mobile_service.admin.fields import point_words
from mobile_service.admin.fleet import MobilePage
from mobile_service.admin.fleet_forms import OfficeChoice
from mobile_service.admin.stop_forms import StopForm
from mobile_service.choices import StopKind, VisitStatus, Weekday
from mobile_service.models import Stop, StopWindow
from mobile_service.services import stops
from mobile_service.services.examining import doubts_of, doubts_of_all, point_of
from mobile_service.services.stop_export import sheet_of_all
from mobile_service.services.stop_hours import proposal_at, visits_outside

CUTS: dict[str, tuple[Any, Q]] = {
    "": (pgettext_lazy("stop", "Open"), Q(is_active=True)),
    "umum": (gettext_lazy("Public"), Q(is_active=True, is_public=True)),
    "tanpa-titik": (gettext_lazy("Not on the map"), Q(is_active=True, latitude__isnull=True)),
    "tutup": (pgettext_lazy("stop", "Closed"), Q(is_active=False)),
}
DOUBTFUL = "periksa"
MOST_POINTS = 5_000


class StopsPage(MobilePage):
    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Stops"), reverse("work:stops"))]

    def wanted(self) -> Any:
        """The stops that the address asks for, but for the cut."""
        rows = Stop.objects.visible_to(self.request.user).filter(office__in=self.own_offices())
        words = self.words()
        if words:
            rows = rows.filter(
                Q(name__icontains=words)
                | Q(community__icontains=words)
                | Q(address__icontains=words)
                | Q(contact_name__icontains=words)
            )
        kind = chosen(self.request.GET.get("jenis"), StopKind.values)
        if kind:
            rows = rows.filter(kind=kind)
        day = chosen(self.request.GET.get("hari"), {str(number) for number in range(7)})
        if day:
            # A stop without windows may be visited on any day.
            windows = StopWindow.objects.all()
            on_day = Q(pk__in=windows.filter(weekday=int(day)).values("stop"))
            rows = rows.filter(on_day | ~Q(pk__in=windows.values("stop")))
        return rows

    def own_offices(self) -> Any:
        """A coordinator may see everything of schools; this list is of the libraries where the reader works."""
        offices = Institution.objects.offices()
        return offices if self.access.everything else offices.filter(pk__in=self.access.offices)

    def cut(self) -> str:
        return chosen(self.request.GET.get("bagian"), (*CUTS, DOUBTFUL))

    def cut_rows(self, rows: Any, cut: str) -> tuple[Any, dict[Any, Any]]:
        """The rows of a cut; for the doubtful ones also what is doubtful about each."""
        if cut != DOUBTFUL:
            return rows.filter(CUTS[cut][1]), {}
        doubts = {
            key: found
            for key, found in doubts_of_all(rows.filter(is_active=True).for_list()).items()
            if found
        }
        return rows.filter(pk__in=doubts), doubts


class StopList(StopsPage):
    """All stops: searched, narrowed, on the map; ``?bentuk=csv`` gives them in the open-data schema."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        cut = self.cut()
        every = self.wanted()
        rows, doubts = self.cut_rows(every, cut)
        rows = rows.order_by("name", "pk")
        if request.GET.get("bentuk") == "csv":
            return HttpResponse(
                sheet_of_all(Stop.objects.filter(pk__in=rows.values("pk")[:SHEET_ROWS])),
                content_type="text/csv; charset=utf-8",
                headers={
                    "Content-Disposition": 'attachment; filename="titik-pusling.csv"',
                    "Cache-Control": "private, no-store",
                },
            )
        page = self.page_of(rows.for_list())
        doubts = doubts or doubts_of_all(page.object_list)
        for stop in page.object_list:
            stop.doubts = doubts.get(stop.pk, ())
            stop.week = windows_lines(stop)
        asked = request.GET.copy()
        for name in ("page", "bagian"):
            asked.pop(name, None)
        return self.show(
            "admin/mobile/stops.html",
            page_obj=page,
            words=self.words(),
            cut=cut,
            tabs=[
                *((key, label, every.filter(part).count()) for key, (label, part) in CUTS.items()),
                (DOUBTFUL, _("Worth a look"), None),
            ],
            kinds=StopKind.choices,
            kind=chosen(request.GET.get("jenis"), StopKind.values),
            weekdays=Weekday.choices,
            weekday=request.GET.get("hari", ""),
            narrowed=bool(self.words() or request.GET.get("jenis") or request.GET.get("hari")),
            asked=asked.urlencode(),
            may_add=self.may_add,
        )


class StopPoints(StopsPage):
    """The places of the list as GeoJSON."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows, _doubts = self.cut_rows(self.wanted(), self.cut())
        features = [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [float(row.longitude), float(row.latitude)]},
                "properties": {
                    "name": row.name,
                    # The town would be written under its points where there are no tiles: here it is one town.
                    "kind": " · ".join(filter(None, (str(row.get_kind_display()), row.community))),
                    "city": "",
                    "url": reverse("work:stop", args=[row.pk]),
                },
            }
            for row in rows.filter(latitude__isnull=False).order_by("name")[:MOST_POINTS]
        ]
        return JsonResponse({"type": "FeatureCollection", "features": features})


class StopPage(StopsPage):
    """One stop: where, when, how often; and what is doubtful about it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        stop: Stop = self.find(Stop.objects.for_list(), pk)
        proposed = proposal_at(stop)
        now, visits = clock.now(), stop.visits.select_related("vehicle")
        return self.show(
            "admin/mobile/stop.html",
            stop=stop,
            keeps=self.keeps(stop),
            doubts=doubts_of(stop) if stop.is_active else [],
            week=windows_lines(stop),
            point=point_of(stop),
            series=stop.series.select_related("vehicle").order_by("status", "-starts_on")[:5],
            coming=visits.filter(ends_at__gte=now)
            .exclude(status=VisitStatus.CANCELLED)
            .order_by("begins_at")[:5],
            past=visits.filter(ends_at__lt=now).order_by("-begins_at")[:3],
            proposed=proposed,
            wish=open_lines(proposed.spans) if proposed else [],
            outside=visits_outside(stop, proposed.spans) if proposed else 0,
            crumbs=self.crumbs(),
        )


class EditStop(StopsPage):
    """A stop; without ``pk`` a new one, which ``?mitra=`` fills from what the directory knows."""

    def stop(self, pk: UUID | None) -> Stop | None:
        if pk is None:
            return None
        found: Stop = self.find(Stop.objects.for_list(), pk)
        self.require_keeps(found)
        return found

    def get(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        stop = self.stop(pk)
        office = stop.office if stop else self.office()
        return self.answer(
            stop, office, StopForm(office=office, stop=stop, proposal=self.proposal(stop), asked=self.asked())
        )

    def post(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        stop = self.stop(pk)
        office = stop.office if stop else self.office()
        form = StopForm(request.POST, office=office, stop=stop, asked=self.asked())
        if not form.is_valid():
            return self.answer(stop, office, form, 422)
        given = form.given()
        version = given.pop("version")
        try:
            if stop is None:
                stop = stops.add_stop(office=office, actor=self.actor, **given)
            else:
                stops.revise_stop(stop=stop, actor=self.actor, version=version, **given)
        except (DomainError, ValidationError) as error:
            if isinstance(error, DomainError) and error.code == "place_doubtful":
                form.add_error("point", str(error))
                form.offer_despite()
            else:
                refuse(form, error)
            return self.answer(stop, office, form, status_of(error))
        return redirect("work:stop", stop.pk)

    def asked(self) -> UUID | None:
        """The school that the address or the form names, whether or not it is a partner already."""
        named = self.request.POST.get("partner") or self.request.GET.get("mitra", "")
        try:
            return UUID(plain(named))
        except ValueError:
            return None

    def proposal(self, stop: Stop | None) -> dict[str, Any] | None:
        named = self.asked()
        if stop is not None or named is None:
            return None
        partner = Institution.objects.visible_to(self.request.user).filter(pk=named).first()
        if partner is None:
            return None
        said = stops.proposal_for(partner)
        week: dict[str, str] = {}
        for window in stops.usual_windows(partner):
            name = f"day_{window['weekday']}"
            span = interval_words((window["opens_at"], window["closes_at"]))
            week[name] = f"{week[name]}, {span}" if name in week else span
        return said | week | {"partner": partner.pk, "point": point_words(partner)}

    def answer(
        self, stop: Stop | None, office: Institution, form: StopForm, status: int = 200
    ) -> HttpResponse:
        return self.show(
            "admin/mobile/stop_form.html",
            status,
            stop=stop,
            office=office,
            offices=self.offices()[:20],
            form=form,
            crumbs=self.crumbs(),
        )


class CloseStop(ActPage, StopsPage):
    """Closed, or open again: whichever it is not."""

    subject: Stop

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        stop = self.find(Stop.objects.for_list(), pk)
        self.require_keeps(stop)
        return stop

    def title(self) -> str:
        words = (
            _("Close the stop “%(name)s”?")
            if self.subject.is_active
            else _("Open the stop “%(name)s” again?")
        )
        return words % {"name": self.subject}

    def text(self) -> str:
        return (
            _("The van comes here no more. What was, stays in the reports, and the stop can be opened again.")
            if self.subject.is_active
            else ""
        )

    def label(self) -> str:
        return _("Close the stop") if self.subject.is_active else _("Open it again")

    def back(self) -> str:
        return reverse("work:stop", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*StopsPage.crumbs(self), (str(self.subject), self.back())]

    def act(self, cleaned: dict[str, Any]) -> str:
        if self.subject.is_active:
            stops.close_stop(stop=self.subject, actor=self.actor)
            return _("The stop is closed.")
        stops.reopen_stop(stop=self.subject, actor=self.actor)
        return _("The stop is open again.")


class StopsOfPartners(ActPage, StopsPage):
    """One stop for every school with a running agreement that has none."""

    subject: Institution

    def subject_of(self, **kwargs: Any) -> Any:
        return self.office()

    def make_form(self, *data: Any) -> Any:
        return OfficeChoice(*data, offices=self.offices(), initial={"office": self.subject.pk})

    def title(self) -> str:
        return _("Make stops of all partner schools?")

    def text(self) -> str:
        count = len(stops.schools_without_stop(self.subject))
        if not count:
            return _("Every school with a running agreement has its stop already.")
        return ngettext(
            "%(count)s school with a running agreement has no stop yet. Its name, place, contact and hours are taken from the "
            "directory; look at it afterwards.",
            "%(count)s schools with a running agreement have no stop yet. Their names, places, contacts and hours are taken from "
            "the directory; look at them afterwards.",
            count,
        ) % {"count": count}

    def label(self) -> str:
        # Nothing is there to be made: no button that does nothing. Who works for several libraries may choose another one.
        nothing = not stops.schools_without_stop(self.subject) and len(self.offices()[:2]) < 2
        return "" if nothing else _("Make the stops")

    def back(self) -> str:
        return reverse("work:stops")

    def crumbs(self) -> list[tuple[Any, str]]:
        return StopsPage.crumbs(self)

    def act(self, cleaned: dict[str, Any]) -> str:
        made = len(stops.make_stops_of_partners(office=cleaned["office"], actor=self.actor))
        return ngettext("%(count)s stop was made.", "%(count)s stops were made.", made) % {"count": made}


def windows_lines(stop: Stop) -> list[tuple[str, str]]:
    """The days on which a stop may be visited with their hours; days of the same hours together."""
    return open_lines((row.weekday, row.opens_at, row.closes_at) for row in stop.windows.all())
