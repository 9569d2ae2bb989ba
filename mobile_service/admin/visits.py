"""A visit on the calendar: planned after a look at what is in the way, moved, called off, put back (M2)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, DomainError, Sentence
from libraries.desk import ActPage, StepWords, offer_step, refuse, status_of, timeline
from mobile_service.admin.page import VanPage
from mobile_service.admin.plan_forms import CancelForm, DespiteForm, MoveForm, RestoreForm, VisitForm
from mobile_service.choices import VisitStatus
from mobile_service.lifecycle import VISIT
from mobile_service.models import Stop, Visit
from mobile_service.services.changed_hands import school_books
from mobile_service.services.checking import hour, said
from mobile_service.services.noted import noted_on
from mobile_service.services.outages import OutOfService
from mobile_service.services.scheduling import (
    cancel_visit,
    move_visit,
    pin_visit,
    place_visit,
    restore_visit,
    unpin_visit,
)
from mobile_service.services.stepping import roles_of

ALSO = {"plan": gettext_lazy("Planned")}
# The steps that the desk takes on the visit's own page; those of a trip are told by the crew, or on the trip's page.
STEPS = {
    "move": StepWords("", "", "", "primary", "calendar"),
    "cancel": StepWords("", "", "", "danger", "cross"),
    "restore": StepWords("", "", "", "primary", "swap"),
    "pin": StepWords(
        gettext_lazy("Fix this visit where it is?"),
        gettext_lazy("A later plan of the routes keeps it there."),
        gettext_lazy("The visit is fixed."),
        icon="pin",
    ),
    "unpin": StepWords(
        gettext_lazy("Release this visit?"),
        gettext_lazy("A later plan of the routes may move it."),
        gettext_lazy("The visit is released."),
        icon="pin",
    ),
}

# What is said before an act where there is no school that would be told of it.
TO_VILLAGES = {
    "move": gettext_lazy(
        "No school belongs to this stop, so nobody gets a mail. Call its contact, if it has one."
    ),
    "cancel": gettext_lazy(
        "The van does not come. No school belongs to this stop, so nobody gets a mail. Call its contact, if it has one."
    ),
    "restore": gettext_lazy(
        "The van comes after all, at the time it was planned for. No school belongs to this stop, so nobody gets a mail. "
        "Call its contact, if it has one."
    ),
}


# What stands in the way because of the day, at whatever hour.
OF_THE_DAY = {"vehicle_out", "holiday", "stop_closed", "trip_over", "in_the_past", "too_far"}


def at_its_field(error: DomainError | ValidationError) -> None:
    """The desk types a day and a time where a program gives one moment. What the box above says is not said again beside it."""
    if not isinstance(error, DomainError) or error.field != "begins_at":
        return
    clashes = error.facts.get("clashes", ())
    codes = {clash["code"] for clash in clashes if clash["hard"]} if clashes else {error.code}
    by_day = bool(codes & OF_THE_DAY)
    error.field = "on" if by_day else "begins_at" if codes else None
    if clashes:
        error.message = _("Choose another day.") if by_day else _("Choose another time.")


class ClashMixin:
    """Shows what is in the way before anything is saved: sentences, free times to press, a box to accept warnings."""

    def clash_context(self, form: DespiteForm, error: Any) -> dict[str, Any]:
        facts = error.facts if isinstance(error, Conflict) else {}
        clashes = facts.get("clashes", [])
        if clashes and not any(clash["hard"] for clash in clashes):
            form.offer_despite()
        # Of a day in another year no nearest free days are looked for: it is to be read again first.
        far = any(clash["code"] == "far_ahead" for clash in clashes)
        return {"clashes": clashes, "free": facts.get("free", []), "far": far}

    @staticmethod
    def with_choice(data: QueryDict, zone: str) -> QueryDict:
        """What was typed, with the free time that was pressed."""
        given = data.copy()
        try:
            moment = datetime.fromisoformat(given.get("instead", "")).astimezone(ZoneInfo(zone))
        except (ValueError, OverflowError):
            return given
        given["on"], given["begins_at"] = f"{moment:%Y-%m-%d}", f"{moment:%H:%M}"
        return given


class NewVisit(ClashMixin, VanPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        self.require_planner()
        asked = request.GET
        initial = {"on": asked.get("hari"), "stop": asked.get("titik"), "vehicle": asked.get("mobil")}
        return self.answer(self.form(initial={name: value for name, value in initial.items() if value}))

    @staticmethod
    def zone_of(stop: str) -> str:
        """Where the day and the hour of a visit to the chosen stop are read, wherever the reader is."""
        try:
            found = Stop.objects.select_related("office").filter(pk=UUID(stop)).first()
        except ValueError:
            found = None
        return found.office.zone if found else timezone.get_current_timezone_name()

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require_planner()
        form = self.form(self.with_choice(request.POST, self.zone_of(request.POST.get("stop", ""))))
        if not form.is_valid():
            return self.answer(form, 422)
        given = form.cleaned_data
        stop = given["stop"]
        begins_at = form.moment(stop.office.zone)
        try:
            visit = place_visit(
                actor=self.actor,
                stop=stop,
                vehicle=given["vehicle"],
                begins_at=begins_at,
                ends_at=_ends(begins_at, given["minutes"]),
                careful=not given["despite"],
            )
        except (DomainError, ValidationError) as error:
            at_its_field(error)
            refuse(form, error)
            return self.answer(form, status_of(error), **self.clash_context(form, error))
        return redirect("work:van_visit", visit.pk)

    def form(self, *data: Any, **kwargs: Any) -> VisitForm:
        return VisitForm(*data, stops=self.stops(), vehicles=self.vehicles(), **kwargs)

    def answer(self, form: VisitForm, status: int = 200, **more: Any) -> HttpResponse:
        return self.show("admin/van/visit_form.html", status, form=form, **self.missing(), **more)


class VisitPage(VanPage):
    """One visit: when, on which trip, what became of it, and what can be done now."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        visit = self.find(Visit.objects.for_list(), pk)
        able = VISIT.available(visit.status, roles_of(self.actor, visit))
        hidden = "pin" if visit.is_pinned else "unpin"
        steps = [
            offer_step(VISIT, name, words, reverse("work:van_visit_step", args=[visit.pk, name]))
            for name, words in STEPS.items()
            if name in able and name != hidden
        ]
        tally = getattr(visit, "tally", None)
        planned, on = visit.status == VisitStatus.PLANNED, visit.trip.on
        return self.show(
            "admin/van/visit.html",
            visit=visit,
            steps=steps,
            loads=visit.loads.select_related("consignment"),
            tally=tally,
            school_books=school_books(visit),
            stays=OutOfService([visit.vehicle_id], on, on).why(visit.vehicle_id, on) if planned else "",
            may_change="move" in able,
            to_call=visit.status == "cancelled" and not visit.stop.partner_id and visit.stop.contact_phone,
            noted=noted_on(visit.trip, visit),
            events=timeline(visit.events.select_related("actor"), VISIT, ALSO),
            today=clock.today(),
        )


class VisitAct(ClashMixin, VanPage, ActPage):
    """One act on a visit, as ``/kunjungan/<pk>/<name>/``."""

    template_name = "admin/van/visit_act.html"
    life = VISIT
    subject: Visit
    theirs: Sequence[tuple[Sentence, Sentence]] = ()

    def subject_of(self, pk: UUID, action: str, **kwargs: Any) -> Visit:
        if action not in STEPS:
            raise Http404
        self.action = action
        self.kind = "danger-solid" if action == "cancel" else "primary"
        visit: Visit = self.find(Visit.objects.for_list(), pk)
        return visit

    def title(self) -> str:
        return {
            "move": _("Move the visit"),
            "cancel": _("Call off the visit?"),
            "restore": _("Put the visit back?"),
        }.get(self.action) or str(STEPS[self.action].title)

    def text(self) -> str:
        if self.subject.stop.partner_id is None and self.action in TO_VILLAGES:
            return str(TO_VILLAGES[self.action])
        return {
            "move": _("The school is told at once, with the reason."),
            "cancel": _("The van does not come. The school is told at once, with the reason."),
            "restore": _(
                "The van comes after all, at the time it was planned for. The school is told at once."
            ),
        }.get(self.action) or str(STEPS[self.action].text)

    def label(self) -> Any:
        return VISIT.transition(self.action).label

    def about(self) -> str:
        return f"{self.subject.stop} · {self.subject.vehicle}"

    def back(self) -> str:
        return reverse("work:van_visit", args=[self.subject.pk])

    def make_form(self, *data: Any) -> forms.Form:
        visit = self.subject
        given, seen = data[0] if data else None, {"sequence": visit.sequence}
        if self.action == "cancel":
            return CancelForm(given, initial=seen)
        if self.action == "restore":
            return RestoreForm(given, initial=seen)
        if self.action in ("pin", "unpin"):
            return forms.Form(*data)
        begins = visit.begins_at.astimezone(ZoneInfo(visit.stop.office.zone))
        initial = {
            **seen,
            "on": begins.date(),
            "begins_at": begins.time(),
            "minutes": (visit.ends_at - visit.begins_at).seconds // 60,
            "vehicle": visit.vehicle_id,
        }
        if data:
            data = (self.with_choice(data[0], visit.stop.office.zone), *data[1:])
        return MoveForm(*data, vehicles=self.vehicles(), initial=initial)

    def more(self) -> dict[str, Any]:
        clashes = self.clash_context(self.shown, self.refusal) if isinstance(self.shown, DespiteForm) else {}
        return {**clashes, "theirs": self.theirs}

    def ask(self, form: forms.Form, status: int = 200) -> HttpResponse:
        if isinstance(self.refusal, DomainError) and self.refusal.code == "stale":
            self.show_theirs(form)
        self.shown = form
        return super().ask(form, status)

    def show_theirs(self, form: Any) -> None:
        """What it is now stands above what was typed here; to press once more is then a choice made knowingly (R15)."""
        self.subject = self.find(Visit.objects.for_list(), self.subject.pk)
        form.data = form.data.copy()
        form.data["sequence"] = str(self.subject.sequence)
        form.data.pop("despite", None)  # the warnings were about the visit as it was
        self.theirs = now_stands(self.subject)

    def told(self, school: str, nobody: str) -> str:
        return school if self.subject.stop.partner_id else nobody

    def act(self, cleaned: dict[str, Any]) -> str:
        try:
            return self.acted(cleaned)
        except DomainError as error:
            at_its_field(error)
            raise

    def acted(self, cleaned: dict[str, Any]) -> str:
        visit, actor, seen = self.subject, self.actor, cleaned.get("sequence")
        if self.action == "move":
            zone = ZoneInfo(visit.stop.office.zone)
            begins_at = datetime.combine(cleaned["on"], cleaned["begins_at"], zone)
            move_visit(
                visit=visit,
                actor=actor,
                begins_at=begins_at,
                ends_at=_ends(begins_at, cleaned["minutes"]),
                vehicle=cleaned["vehicle"],
                reason=cleaned["reason"],
                sequence=seen,
                careful=not cleaned["despite"],
            )
            return self.told(_("The visit is moved; the school has been told."), _("The visit is moved."))
        if self.action == "cancel":
            cancel_visit(visit=visit, actor=actor, note=cleaned["note"], sequence=seen)
            return self.told(
                _("The visit is called off; the school has been told."), _("The visit is called off.")
            )
        if self.action == "restore":
            restore_visit(visit=visit, actor=actor, sequence=seen, careful=not cleaned["despite"])
            return _("The visit takes place after all.")
        (pin_visit if self.action == "pin" else unpin_visit)(visit=visit, actor=actor)
        return str(STEPS[self.action].done)


def now_stands(visit: Visit) -> list[tuple[Sentence, Sentence]]:
    """What a colleague has made of a visit, as label and words, on the clock of its library."""
    zone = ZoneInfo(visit.stop.office.zone)
    begins, ends = visit.begins_at.astimezone(zone), visit.ends_at.astimezone(zone)
    facts: list[tuple[Sentence, Sentence]] = [
        (_("Day"), said(begins.date())),
        (_("Arrives at"), f"{hour(begins)}–{hour(ends)}"),
        (_("Vehicle"), str(visit.vehicle)),
    ]
    return [*facts, (_("Reason"), visit.reason)] if visit.reason else facts


def _ends(begins_at: datetime, minutes: int | None) -> datetime | None:
    return begins_at + timedelta(minutes=minutes) if minutes else None
