"""The closed days of a year: national holidays taken over, joint leave, school holidays, and the visits that stand on them (M2)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.desk import ActPage, refuse, status_of
from libraries.models import Closure
from mobile_service.admin.page import VanPage
from mobile_service.admin.plan_forms import DaysOffForm, ReasonForm
from mobile_service.services.days_off import (
    KEEPERS,
    Hit,
    keep_days_off,
    propose_holidays,
    remove_days_off,
    resolve_days_off,
    take_over_holidays,
    visits_on_days_off,
)
from mobile_service.services.outages import visits_on_outages


class DaysOffPage(VanPage):
    @property
    def may_keep(self) -> bool:
        return self.access.everything or bool(self.access.having(KEEPERS))

    def require_keeper(self) -> None:
        if not self.may_keep:
            raise PermissionDenied

    def year(self) -> int:
        given = self.request.GET.get("tahun", "")
        this = clock.today().year
        return int(given) if given.isascii() and given.isdigit() and 2020 <= int(given) <= 2077 else this


class DaysOff(DaysOffPage):
    """The year; a POST adds a day, joint leave or school holidays."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(DaysOffForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require_keeper()
        form = DaysOffForm(request.POST)
        if not form.is_valid():
            return self.answer(form, 422)
        try:
            row = keep_days_off(actor=self.actor, **form.cleaned_data)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(form, status_of(error))
        messages.success(request, _("%(reason)s is kept.") % {"reason": row.reason})
        return redirect(f"{reverse('work:days_off')}?tahun={row.starts_on.year}")

    def answer(self, form: DaysOffForm, status: int = 200) -> HttpResponse:
        year = self.year()
        first, last = date(year, 1, 1), date(year, 12, 31)
        proposals = [it for it in propose_holidays(year) if not it.kept]
        rows = Closure.objects.filter(institution__isnull=True).between(first, last)
        return self.show(
            "admin/van/days_off.html",
            status,
            year=year,
            rows=rows.order_by("starts_on", "ends_on"),
            proposals=proposals,
            hits=visits_on_days_off(self.request.user),
            form=form,
            may_keep=self.may_keep,
        )


class TakeOver(DaysOffPage):
    """The national holidays of a year, all or those that are ticked."""

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require_keeper()
        days = []
        for given in request.POST.getlist("day"):
            try:
                days.append(date.fromisoformat(given))
            except ValueError:
                continue
        year = self.year()
        rows = take_over_holidays(actor=self.actor, year=year, days=days)
        said = ngettext("%(count)d holiday is kept now.", "%(count)d holidays are kept now.", len(rows))
        messages.success(request, said % {"count": len(rows)})
        return redirect(f"{reverse('work:days_off')}?tahun={year}")


class DayOffAct(DaysOffPage, ActPage):
    """Change or remove one entry."""

    subject: Closure

    def subject_of(self, pk: UUID, action: str, **kwargs: Any) -> Closure:
        if action not in ("change", "remove"):
            raise Http404
        self.action = action
        self.kind = "primary" if action == "change" else "danger-solid"
        self.require_keeper()
        return get_object_or_404(Closure.objects.filter(institution__isnull=True), pk=pk)

    def title(self) -> str:
        if self.action == "change":
            return _("Change “%(reason)s”") % {"reason": self.subject}
        return _("Remove “%(reason)s”?") % {"reason": self.subject}

    def text(self) -> str:
        if self.action == "change":
            return ""
        return _("Days that were left out of series because of it stay out until you put them back.")

    def label(self) -> str:
        return _("Save") if self.action == "change" else _("Remove")

    def crumbs(self) -> Any:
        return [(_("Holidays"), self.back())]

    def back(self) -> str:
        return f"{reverse('work:days_off')}?tahun={self.subject.starts_on.year}"

    def make_form(self, *data: Any) -> Any:
        if self.action == "remove":
            return super().make_form(*data)
        names = ("starts_on", "ends_on", "reason", "scope")
        given = data[0] if data else None
        return DaysOffForm(given, initial={name: getattr(self.subject, name) for name in names})

    def act(self, cleaned: dict[str, Any]) -> str:
        if self.action == "change":
            keep_days_off(actor=self.actor, closure=self.subject, **cleaned)
            return _("The days are changed.")
        remove_days_off(actor=self.actor, closure=self.subject)
        return _("They are no closed days any more.")


class OnDaysOff(DaysOffPage):
    """Visits on closed days, with the nearest free days; all of them are moved or called off in one act."""

    def hits(self, **given: Any) -> list[Hit]:
        return visits_on_days_off(self.request.user, **given)

    def headings(self) -> dict[str, Any]:
        return {"title": _("Visits on closed days"), "nothing": _("No visit stands on a closed day")}

    def back(self) -> tuple[Any, str]:
        """The page that it belongs to."""
        return _("Holidays"), reverse("work:days_off")

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require_planner()
        return self.answer(ReasonForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require_planner()
        form = ReasonForm(request.POST)
        hits = self.hits()
        cancelled, moved, unread = [], {}, False
        for hit in hits:
            chosen = request.POST.get(f"visit-{hit.visit.pk}", "")
            if chosen == "cancel":
                cancelled.append(hit.visit)
            elif chosen and chosen != "leave":
                moment = _moment(chosen)
                unread = unread or moment is None
                if moment is not None:
                    moved[hit.visit.pk] = moment
        if not form.is_valid():
            return self.answer(form, 422)
        if unread:
            form.add_error(
                None, _("Choose for each visit one of the days that are offered, or leave it for now.")
            )
            return self.answer(form, 422)
        if not cancelled and not moved:
            form.add_error(None, _("Choose for at least one visit what becomes of it."))
            return self.answer(form, 422)
        try:
            off, gone = resolve_days_off(
                actor=self.actor, cancelled=cancelled, moved=moved, note=form.cleaned_data["note"]
            )
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(form, status_of(error))
        messages.success(
            request,
            _("%(off)d visits are called off, %(moved)d are moved. The schools have been told.")
            % {"off": off, "moved": gone},
        )
        return redirect(self.back()[1])

    def answer(self, form: ReasonForm, status: int = 200) -> HttpResponse:
        hits = self.hits(with_free=True, most=50)
        picked = {f"{hit.visit.pk}": self.request.POST.get(f"visit-{hit.visit.pk}", "leave") for hit in hits}
        rows = [
            (hit, picked[f"{hit.visit.pk}"], [(moment, moment.isoformat()) for moment in hit.free])
            for hit in hits
        ]
        return self.show(
            "admin/van/on_days_off.html",
            status,
            rows=rows,
            form=form,
            crumbs=[self.back()],
            cancel_url=self.back()[1],
            **self.headings(),
        )


class OnOutages(OnDaysOff):
    """The same for visits on days on which their vehicle is out of service."""

    def hits(self, **given: Any) -> list[Hit]:
        return visits_on_outages(self.request.user, **given)

    def headings(self) -> dict[str, Any]:
        return {
            "title": _("Visits without their vehicle"),
            "nothing": _("No visit stands on a day on which its vehicle is out of service"),
        }

    def back(self) -> tuple[Any, str]:
        return _("Vehicles and crew"), reverse("work:vehicles")


def _moment(given: str) -> datetime | None:
    """One of those offered, which say on which clock they are."""
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
