"""Driving times that a person knows better than the straight line or the road engine: typed, pasted, taken out (M3)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kerjasama.domain.errors import DomainError, Sentence
from libraries.desk import ActPage, refuse
from mobile_service.admin.route_forms import PasteTimesForm, TravelTimeForm
from mobile_service.admin.route_plans import RoutePage
from mobile_service.models import TravelTime
from mobile_service.services.travel_times import paste_times, remove_time, set_time


class TravelTimes(RoutePage):
    """What is typed so far, and two ways to type more: one drive, or a table."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.wants_sheet:
            heads = (_("From"), _("To"), _("Minutes needed"), _("Kilometres"))
            rows = (
                (row.origin or say("depot"), row.target or say("depot"), row.minutes, row.kilometres)
                for row in self.rows()
            )
            return self.sheet("waktu-tempuh", heads, rows)
        return self.answer()

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.offices().exists():
            raise PermissionDenied
        one: Any = TravelTimeForm(offices=self.offices())
        many: Any = PasteTimesForm(offices=self.offices())
        form: Any
        pasted = "tempel-text" in request.POST
        if pasted:
            form = many = PasteTimesForm(request.POST, offices=self.offices())
        else:
            form = one = TravelTimeForm(request.POST, offices=self.offices())
        if not form.is_valid():
            return self.answer(one, many, 422)
        try:
            count = (
                paste_times(actor=self.actor, **form.cleaned_data)
                if pasted
                else 1 + bool(set_time(actor=self.actor, **form.cleaned_data) and form.cleaned_data["both"])
            )
        except DomainError as error:
            refuse(form, error)
            return self.answer(one, many, error.status)
        messages.success(
            request,
            ngettext("%(count)s driving time kept.", "%(count)s driving times kept.", count)
            % {"count": count},
        )
        return redirect("work:travel_times")

    def rows(self) -> Any:
        found = TravelTime.objects.visible_to(self.request.user).for_list().typed()
        return found.order_by("origin__name", "target__name", "pk")

    def answer(self, one: Any = None, many: Any = None, status: int = 200) -> HttpResponse:
        may = self.offices().exists()
        return self.show(
            "admin/mobile/travel_times.html",
            status,
            page_obj=self.page_of(self.rows()),
            one=one or (TravelTimeForm(offices=self.offices()) if may else None),
            many=many or (PasteTimesForm(offices=self.offices()) if may else None),
            form=one
            if one is not None and one.errors
            else many
            if many is not None and many.errors
            else None,
            engine=bool(settings.OSRM_URL),
            speed=settings.VAN_SPEED_KMH,
            leg=settings.VAN_LEG_MINUTES,
            crumbs=self.crumbs(),
        )


class RemoveTravelTime(ActPage, RoutePage):
    kind = "danger-solid"

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        return self.find(TravelTime.objects.for_list(), pk)

    def title(self) -> Sentence:
        return _("Forget this driving time?")

    def text(self) -> Sentence:
        return _("The planner takes the road engine's, or the straight line's, again.")

    def label(self) -> Sentence:
        return _("Forget it")

    def back(self) -> str:
        return reverse("work:travel_times")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*RoutePage.crumbs(self), (_("Driving times"), self.back())]

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        remove_time(travel_time=self.subject, actor=self.actor)
        return _("The driving time was forgotten.")
