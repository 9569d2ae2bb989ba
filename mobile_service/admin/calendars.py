"""Calendars of the vehicles, of the crew and of stops that are not public: their addresses, made and changed here (M4)."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.domain.errors import Sentence
from libraries.desk import ActPage, DeskPage
from mobile_service.models import CrewMember, Stop, Vehicle
from mobile_service.services.feeding import may_renew, renew_feed, token_of

KINDS: dict[str, type[Any]] = {"kendaraan": Vehicle, "awak": CrewMember, "titik": Stop}


class Calendars(DeskPage):
    """What the reader may give out: the desk everything of its library, the crew each their own."""

    def get(self, request: HttpRequest) -> HttpResponse:
        words = self.words()
        private = Stop.objects.visible_to(request.user).filter(is_active=True, is_public=False)
        if words:
            private = private.filter(Q(name__icontains=words) | Q(community__icontains=words))
        page = self.page_of(private.select_related("office"))
        vehicles = Vehicle.objects.visible_to(request.user).filter(is_active=True).select_related("office")
        members = CrewMember.objects.visible_to(request.user).filter(is_active=True).select_related("office")
        return self.show(
            "admin/mobile/calendars.html",
            vehicles=[self.line("kendaraan", row) for row in vehicles if may_renew(row, self.actor)],
            members=[self.line("awak", row) for row in members if may_renew(row, self.actor)],
            stops=[self.line("titik", row) for row in page if may_renew(row, self.actor)],
            page_obj=page,
            q=words,
        )

    def line(self, kind: str, row: Any) -> dict[str, Any]:
        token = token_of(row)
        return {
            "name": str(row),
            "sub": row.get_function_display()
            if isinstance(row, CrewMember)
            else getattr(row, "community", ""),
            "url": reverse("work:van_calendar_renew", args=[kind, row.pk]),
            "feed_url": self.request.build_absolute_uri(reverse("ical", args=[token])) if token else "",
        }


class Renew(ActPage):
    """Make an address, or another when the old one went astray."""

    def subject_of(self, *, kind: str, pk: UUID) -> Any:
        if kind not in KINDS:
            raise Http404
        model = KINDS[kind]
        return self.find(model.objects.filter(is_active=True).select_related("office"), pk)

    def about(self) -> str:
        return str(self.subject)

    def title(self) -> Sentence:
        return (
            _("Change the address of the calendar?")
            if self.subject.feed_key
            else _("Make a calendar address?")
        )

    def label(self) -> Sentence:
        return _("Change the address") if self.subject.feed_key else _("Make the address")

    def text(self) -> Sentence:
        if self.subject.feed_key:
            return _("The old address stops at once. Every phone that uses it must be given the new one.")
        return _("Whoever has the address can read the calendar: places and times, no names and no numbers.")

    def back(self) -> str:
        return reverse("work:van_calendars")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Calendars for phones"), self.back())]

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        renew_feed(owner=self.subject, actor=self.actor)
        return _("The calendar of %(name)s has a new address.") % {"name": self.subject}
