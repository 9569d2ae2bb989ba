"""The frame of the mobile library's pages at the desk: times on the clock of the reader's own library, and who plans."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from libraries.access import access_of
from libraries.choices import Role
from libraries.desk import DeskPage
from libraries.models import Institution
from mobile_service.models import CrewMember, Stop, Vehicle

PLANNERS = frozenset({Role.OFFICER, Role.CIRCULATION})


class VanPage(DeskPage):
    """A page about the van. Everybody at the desk reads it; who plans is asked by ``may_plan``."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        zone = Institution.objects.filter(pk__in=access_of(request.user).offices).values_list(
            "zone", flat=True
        )
        with timezone.override(ZoneInfo(zone.first() or timezone.get_default_timezone_name())):
            return super().dispatch(request, *args, **kwargs)

    @property
    def may_plan(self) -> bool:
        return self.access.everything or bool(self.access.having(PLANNERS))

    def require_planner(self) -> None:
        if not self.may_plan:
            raise PermissionDenied

    def missing(self) -> dict[str, bool]:
        """What has to be there before anything can be planned."""
        return {
            "no_vehicle": not self.vehicles().exists(),
            "no_stop": not self.stops().exists(),
            "may_plan": self.may_plan,
        }

    def vehicles(self) -> Any:
        return Vehicle.objects.visible_to(self.request.user).filter(is_active=True).order_by("name")

    def stops(self) -> Any:
        rows = Stop.objects.visible_to(self.request.user).filter(is_active=True)
        return rows.select_related("office", "partner").order_by("name")

    def crew(self) -> Any:
        return CrewMember.objects.visible_to(self.request.user).filter(is_active=True).order_by("name")
