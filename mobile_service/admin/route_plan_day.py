"""One day of a route plan: its tours on the map and in lists, and each visit to be moved by hand (M3)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.domain.errors import DomainError
from libraries.access import roles_toward
from libraries.desk import plain, refuse
from mobile_service.admin.route_forms import ChangeVisitForm
from mobile_service.admin.route_plans import RoutePage, parsed, title_of
from mobile_service.lifecycle import ROUTE_PLAN
from mobile_service.models import RoutePlan
from mobile_service.services.route_changing import change_visit, release_visit
from mobile_service.services.routing_result import VisitRow, days_of, tours_of
from mobile_service.services.routing_words import fault_words

EARLIER, LATER, RELEASE = "maju", "mundur", "lepas"


class RoutePlanDay(RoutePage):
    """GET shows the day; POST moves one of its visits: by typing, one place up or down, or takes the fixing back."""

    def get(self, request: HttpRequest, pk: UUID, on: str) -> HttpResponse:
        return self.answer(self.whole_plan(pk), day_of(on))

    def post(self, request: HttpRequest, pk: UUID, on: str) -> HttpResponse:
        plan, day = self.whole_plan(pk), day_of(on)
        if not self.may_change(plan):
            raise PermissionDenied
        form = ChangeVisitForm(request.POST, vehicles=plan.report.get("vehicles", {}), on=day)
        if not form.is_valid():
            return self.answer(plan, day, form, 422)
        told = plan.report.get("broken", ())
        try:
            broken = self.change(plan, day, form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
            return self.answer(plan, day, form, error.status)
        # The page lists everything that is broken; the message only what this change has done.
        if new := [row for row in broken if row not in told]:
            messages.warning(request, " ".join(fault_words(plan, new[:5])))
        elif broken:
            messages.success(
                request, _("Done. The rest of the day has followed, and nothing more is broken than before.")
            )
        else:
            messages.success(request, _("Done. The rest of the day has followed, and nothing is broken."))
        return redirect("work:route_plan_day", plan.pk, (form.cleaned_data["to"] or day).isoformat())

    def change(self, plan: RoutePlan, day: date, given: dict[str, Any]) -> list[dict[str, Any]]:
        stop, act = given["stop"], plain(self.request.POST.get("langkah", ""))
        if act == RELEASE:
            return release_visit(plan=plan, actor=self.actor, stop=stop, on=day)
        position = given["position"]
        if act in (EARLIER, LATER):
            row = next((row for row in self.visits(plan, day) if row.stop == str(stop)), None)
            position = row and row.position + (1 if act == LATER else -1)
            given = {**given, "to": None, "vehicle": "", "begins_at": None}
        return change_visit(
            plan=plan,
            actor=self.actor,
            stop=stop,
            on=day,
            to=given["to"],
            vehicle=UUID(given["vehicle"]) if given["vehicle"] else None,
            position=position,
            begins_at=given["begins_at"],
        )

    def visits(self, plan: RoutePlan, day: date) -> list[VisitRow]:
        return [row for tour in tours_of(plan, day, day) for row in tour.visits]

    def may_change(self, plan: RoutePlan) -> bool:
        roles = roles_toward(self.request.user, office=plan.office_id)
        return "change" in ROUTE_PLAN.available(plan.status, roles)

    def answer(
        self, plan: RoutePlan, day: date, form: ChangeVisitForm | None = None, status: int = 200
    ) -> HttpResponse:
        if not plan.starts_on <= day <= plan.ends_on:
            raise Http404
        may = self.may_change(plan)
        days = days_of(plan)
        vehicles = plan.report.get("vehicles", {})

        def of(row: VisitRow) -> ChangeVisitForm:
            if form is not None and form.data.get("stop") == row.stop:
                return form
            return ChangeVisitForm(
                vehicles=vehicles, on=day, initial={"stop": row.stop, "to": day}, auto_id=f"id_{row.stop}_%s"
            )

        return self.show(
            "admin/mobile/route_plan_day.html",
            status,
            plan=plan,
            day=day,
            form=form,
            tours=[
                (tour, [(row, of(row) if may and not row.is_kept else None) for row in tour.visits])
                for tour in tours_of(plan, day, day)
            ],
            broken=fault_words(plan, plan.report.get("broken", ())),
            may_change=may,
            earlier=max((it for it in days if it < day), default=None),
            later=min((it for it in days if it > day), default=None),
            crumbs=[*self.crumbs(), (title_of(plan), reverse("work:route_plan", args=[plan.pk]))],
        )


def day_of(text: str) -> date:
    found = parsed(text)
    if found is None:
        raise Http404
    return found
