"""The desk's answer to the hours that a school proposes for its stop (M1)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.domain.errors import DomainError
from libraries.desk import ActPage
from mobile_service.admin.stop_forms import HoursAnswerForm
from mobile_service.admin.stops import StopsPage
from mobile_service.models import Stop
from mobile_service.services.stop_hours import accept_hours, decline_hours


class AcceptHours(StopsPage):
    """The hours that the school proposed hold from now on."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        stop: Stop = self.find(Stop.objects.for_list(), pk)
        self.require_keeps(stop)
        try:
            accept_hours(stop=stop, actor=self.actor)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("The stop has the hours that the school proposed, and the school is told.")
            )
        return redirect("work:stop", stop.pk)


class DeclineHours(ActPage, StopsPage):
    """The hours stay, and the school reads why."""

    form_class = HoursAnswerForm
    subject: Stop

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        stop = self.find(Stop.objects.for_list(), pk)
        self.require_keeps(stop)
        return stop

    def title(self) -> str:
        return _("Leave the hours as they are?")

    def text(self) -> str:
        return _("The school reads your reason.")

    def label(self) -> str:
        return _("Decline the proposal")

    def back(self) -> str:
        return reverse("work:stop", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*StopsPage.crumbs(self), (str(self.subject), self.back())]

    def act(self, cleaned: dict[str, Any]) -> str:
        decline_hours(stop=self.subject, actor=self.actor, note=cleaned["note"])
        return _("The hours stay as they are, and the school is told why.")
