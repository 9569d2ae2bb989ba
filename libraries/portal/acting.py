"""For which school somebody stands in the portal, and what a portal page may take for granted.

Every portal view wears ``portal_page``: behind it ``request.acting`` names the school, its day, and the other schools of
the same person. Rows are looked up by ``visible_to(user)`` all the same; this only chooses among what is one's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from libraries.access import access_of
from libraries.models import Institution

# Where the choice of somebody with several schools is kept, for this session.
SESSION_KEY = "acting_school"


@dataclass(frozen=True, slots=True)
class Acting:
    """The school acted for, today's date there, and all schools of the person."""

    school: Institution
    schools: tuple[Institution, ...]

    @property
    def today(self) -> date:
        return clock.today(self.school.zone)

    @property
    def keys(self) -> list[UUID]:
        return [school.pk for school in self.schools]

    def toward(self, school_id: UUID) -> "Acting":
        """The same person, about a thing of another of their schools: a link in a mail may lead to any of them."""
        chosen = next((school for school in self.schools if school.pk == school_id), self.school)
        return Acting(chosen, self.schools)


class PortalRequest(HttpRequest):
    """A request behind ``portal_page``."""

    acting: Acting
    user: Any


Page = Callable[..., HttpResponse]


def portal_page(view: Page) -> Page:
    """Only for people of a partner school; the page then speaks of dates and times of that school's zone."""

    @wraps(view)
    def page(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        acting = acting_for(request)
        if acting is None:
            return _turned_away(request)
        request.acting = acting
        with timezone.override(ZoneInfo(acting.school.zone)):
            return view(request, *args, **kwargs)

    return page


def acting_for(request: HttpRequest) -> Acting | None:
    """The chosen school, else the first by name; None for somebody without any."""
    keys = access_of(request.user).schools
    schools = tuple(Institution.objects.filter(pk__in=keys)) if keys else ()
    if not schools:
        return None
    chosen = request.session.get(SESSION_KEY, "")
    return Acting(next((school for school in schools if str(school.pk) == chosen), schools[0]), schools)


def _turned_away(request: HttpRequest) -> HttpResponse:
    """Librarians have their own face; for everybody else the page says who can let them in."""
    access = access_of(request.user)
    if access.is_office and getattr(request.user, "is_staff", False):
        if request.method not in ("GET", "HEAD"):
            return render(request, "portal/no_school.html", status=403)
        messages.info(
            request,
            _("The portal is for partner schools. Here is your own first page; deliveries stand under it."),
        )
        return redirect("admin:index")
    return render(request, "portal/no_school.html", status=403)


def show(
    request: PortalRequest,
    template: str,
    context: dict[str, Any],
    *,
    school_id: UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a portal page; ``school_id`` where the page is about a thing of one particular school."""
    acting = request.acting.toward(school_id) if school_id else request.acting
    given = {
        "acting": acting,
        "acting_institution": acting.school,
        "school": acting.school,
        "today": acting.today,
    }
    return render(request, template, given | context, status=status)
