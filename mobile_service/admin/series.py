"""Visits that repeat, at the desk: built without typing a rule, looked at day by day before they are saved (M2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError, NotPermitted, TransitionRefused
from kerjasama.pages.templatetags.house import long_date
from libraries.desk import ActPage, StepWords, Told, offer_step, refuse, status_of, timeline
from mobile_service.admin.page import VanPage
from mobile_service.admin.plan_forms import DayForm, EndForm, LeaveOutForm, SeriesForm
from mobile_service.choices import SeriesStatus
from mobile_service.lifecycle import SERIES
from mobile_service.models import Series
from mobile_service.recurrence import in_words
from mobile_service.services.checking import said
from mobile_service.services.occurring import PlannedDay, in_force
from mobile_service.services.series import (
    change_series,
    end_series,
    except_day,
    include_day,
    make_series,
)
from mobile_service.services.series_days import next_days, preview
from mobile_service.services.stepping import roles_of

ALSO = {"begin": gettext_lazy("Begun")}
STEPS = {
    "change": StepWords("", "", "", "primary", "edit"),
    "except": StepWords(
        gettext_lazy("Leave out one day?"),
        gettext_lazy("Nothing takes place on it and nothing is shown. The school is told at once."),
        gettext_lazy("The day is left out."),
        icon="minus",
    ),
    "include": StepWords(
        gettext_lazy("Put a day back?"),
        gettext_lazy("A day that was left out takes place after all, if nothing is in the way."),
        gettext_lazy("The day is back in the calendar."),
        icon="plus",
    ),
    "end": StepWords(
        gettext_lazy("End this series?"),
        gettext_lazy("Planned visits from that day on leave the calendar. The school gets one message."),
        gettext_lazy("The series is ended."),
        "danger",
        "cross",
    ),
}
TO_VILLAGES = {
    "except": gettext_lazy(
        "Nothing takes place on it and nothing is shown. No school belongs to this stop, so nobody gets a mail. "
        "Call its contact, if it has one."
    ),
    "end": gettext_lazy(
        "Planned visits from that day on leave the calendar. No school belongs to this stop, so nobody gets a mail. "
        "Call its contact, if it has one."
    ),
}
FORMS = {"except": LeaveOutForm, "include": DayForm, "end": EndForm}


class SeriesList(VanPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        words = self.words()
        ended = request.GET.get("bagian") == "berakhir"
        rows = Series.objects.visible_to(request.user).for_list()
        if words:
            rows = rows.filter(Q(stop__name__icontains=words) | Q(stop__partner__name__icontains=words))
        counts = rows.aggregate(
            running=Count("pk", filter=Q(status=SeriesStatus.ACTIVE)),
            over=Count("pk", filter=Q(status=SeriesStatus.ENDED)),
        )
        status = SeriesStatus.ENDED if ended else SeriesStatus.ACTIVE
        page = self.page_of(rows.filter(status=status).order_by("stop__name", "starts_on", "pk"))
        return self.show(
            "admin/van/series_list.html",
            page_obj=page,
            counts=counts,
            ended=ended,
            words=words,
            may_plan=self.may_plan,
        )


class SeriesPage(VanPage):
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        series = self.find(Series.objects.for_list(), pk)
        able = SERIES.available(series.status, roles_of(self.actor, series))
        if not series.left_out:
            able = [name for name in able if name != "include"]
        visits = {
            row.series_on: row
            for row in series.visits.select_related("vehicle", "trip").order_by("begins_at")
            if row.series_on
        }
        today = clock.today(series.stop.office.zone)
        coming = [row for day, row in visits.items() if day >= today][:12]
        return self.show(
            "admin/van/series.html",
            series=series,
            steps=[
                offer_step(SERIES, name, words, reverse("work:van_series_step", args=[series.pk, name]))
                for name, words in STEPS.items()
                if name in able
            ],
            coming=coming,
            # One that was changed ends, and another one goes on under an address of its own.
            others=Series.objects.for_list()
            .filter(in_force(today), stop=series.stop_id)
            .exclude(pk=series.pk)
            .order_by("starts_on", "pk"),
            past=sum(day < today for day in visits),
            left_out=[day for day in series.left_out if day >= today],
            next_days=next_days(series, 3),
            events=[
                day_written_out(told)
                for told in timeline(series.events.select_related("actor"), SERIES, ALSO)
            ],
            today=today,
        )


class SeriesFormPage(VanPage):
    """A new series, or one changed from a day on. "Show the days" looks, "Save" looks and saves."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except TransitionRefused as refusal:
            # Somebody has ended or changed it meanwhile: its page says so, and which one goes on.
            messages.error(request, str(refusal))
            return redirect("work:van_series", kwargs["pk"])

    def get(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        series = self.subject(pk)
        initial: dict[str, Any] = {"starts_on": clock.today() + clock.days(1)}
        if request.GET.get("titik"):
            initial["stop"] = request.GET["titik"]
        return self.answer(series, self.form(series, initial=initial))

    def post(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        series = self.subject(pk)
        form = self.form(series, request.POST)
        if not form.is_valid():
            return self.answer(series, form, 422)
        given = form.cleaned_data
        stop = series.stop if series else given["stop"]
        minutes = given["minutes"] or stop.minutes
        wanted = {name: given[name] for name in ("vehicle", "rule", "ends_on", "begins_at")}
        wanted["minutes"] = minutes
        try:
            if "look" in request.POST:
                days = preview(stop=stop, starts_on=given["starts_on"], instead_of=series, **wanted)
                return self.looked(series, form, days, 200)
            careful = not given["despite"]
            if series is None:
                made = make_series(
                    actor=self.actor, stop=stop, starts_on=given["starts_on"], careful=careful, **wanted
                )
            else:
                made = change_series(
                    series=series, actor=self.actor, from_on=given["starts_on"], careful=careful, **wanted
                )
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            if isinstance(error, DomainError) and error.code in ("days_clash", "no_day_possible"):
                days = preview(stop=stop, starts_on=given["starts_on"], instead_of=series, **wanted)
                return self.looked(series, form, days, status_of(error))
            return self.answer(series, form, status_of(error))
        return redirect("work:van_series", made.pk)

    def subject(self, pk: UUID | None) -> Series | None:
        if pk is None:
            self.require_planner()
            return None
        series: Series = self.find(Series.objects.for_list(), pk)
        try:
            SERIES.ask("change", series.status, roles_of(self.actor, series))
        except NotPermitted as refusal:
            raise PermissionDenied from refusal
        return series

    def form(self, series: Series | None, *data: Any, **kwargs: Any) -> SeriesForm:
        return SeriesForm(*data, stops=self.stops(), vehicles=self.vehicles(), series=series, **kwargs)

    def looked(self, series: Series | None, form: SeriesForm, days: Any, status: int) -> HttpResponse:
        clashing = [day for day in days if day.clashes]
        out = [day for day in days if not day.possible]
        kept = [day for day in clashing if day.possible]
        if out:
            form.offer_despite(_("Leave out the days on which it cannot be, and save the others as they are"))
        elif kept:
            form.offer_despite()
        return self.answer(
            series,
            form,
            status,
            days=days,
            clashing=clashing,
            out=out,
            out_why=by_reason(out),
            kept=kept,
            kept_why=by_reason(kept),
            said=in_words(form.cleaned_data["rule"]),
        )

    def answer(self, series: Series | None, form: SeriesForm, status: int = 200, **more: Any) -> HttpResponse:
        if series is None:
            more |= self.missing()
        return self.show("admin/van/series_form.html", status, series=series, form=form, **more)


def by_reason(days: Sequence[PlannedDay]) -> list[tuple[str, list[date]]]:
    """Each sentence once, with the days that it holds for, where it does not name its day itself, or holds for all of ``days``.

    Of a day that is left out only what makes it impossible.
    """
    found: dict[str, list[date]] = {}
    for day in days:
        for clash in day.clashes:
            if clash.hard or day.possible:
                named = found.setdefault(clash.sentence, [])
                if said(day.on) not in clash.sentence:
                    named.append(day.on)
    return [(sentence, [] if len(on) == len(days) > 1 else on) for sentence, on in found.items()]


class SeriesAct(VanPage, ActPage):
    life = SERIES
    subject: Series

    def subject_of(self, pk: UUID, action: str, **kwargs: Any) -> Series:
        if action not in FORMS:
            raise Http404
        self.action = action
        self.kind = "danger-solid" if action == "end" else "primary"
        series: Series = self.find(Series.objects.for_list(), pk)
        return series

    def title(self) -> Any:
        return STEPS[self.action].title

    def text(self) -> Any:
        if self.subject.stop.partner_id is None and self.action in TO_VILLAGES:
            return TO_VILLAGES[self.action]
        return STEPS[self.action].text

    def label(self) -> Any:
        return SERIES.transition(self.action).label

    def about(self) -> str:
        return str(self.subject.stop)

    def crumbs(self) -> Any:
        return [(_("Series"), reverse("work:van_serieses")), (str(self.subject.stop), self.back())]

    def back(self) -> str:
        return reverse("work:van_series", args=[self.subject.pk])

    def make_form(self, *data: Any) -> forms.Form:
        today = clock.today(self.subject.stop.office.zone)
        coming = next_days(self.subject, 1)
        left_out = [day for day in self.subject.left_out if day >= today]
        asked = self.request.GET.get("hari")
        first = {"except": coming, "include": left_out, "end": [today]}[self.action]
        given = data[0] if data else None
        form: forms.Form = FORMS[self.action](given, initial={"on": asked or (first[0] if first else None)})
        if self.subject.stop.partner_id is None and "note" in form.fields:
            form.fields["note"].help_text = ""  # it says that the school reads it
        return form

    def ask(self, form: forms.Form, status: int = 200) -> HttpResponse:
        facts = getattr(self.refusal, "facts", {})
        clashes = facts.get("clashes", [])
        if isinstance(form, DayForm) and clashes and not any(clash["hard"] for clash in clashes):
            form.offer_despite()
        return super().ask(form, status)

    def act(self, cleaned: dict[str, Any]) -> Any:
        series, actor, on = self.subject, self.actor, cleaned["on"]
        if self.action == "except":
            except_day(series=series, actor=actor, on=on, note=cleaned["note"])
        elif self.action == "include":
            include_day(series=series, actor=actor, on=on, careful=not cleaned["despite"])
        else:
            ended = end_series(series=series, actor=actor, on=on, note=cleaned["note"])
            if ended.status == SeriesStatus.ACTIVE and ended.ends_on:
                return _("The series goes on until its last day, %(day)s.") % {"day": said(ended.ends_on)}
        return STEPS[self.action].done


def day_written_out(told: Told) -> Told:
    """The day with which a note of a series begins is kept for programs; people read it written out."""
    day, colon, why = told.note.partition(": ")
    try:
        said = long_date(date.fromisoformat(day))
    except ValueError:
        return told
    return replace(told, note=f"{said}{colon}{why}")
