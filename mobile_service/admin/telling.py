"""What happened on a trip, typed at the desk: for a day on which the crew's phone failed (M5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain import clock
from kerjasama.pages.templatetags.house import short_date
from libraries.desk import ActPage
from mobile_service.admin.page import VanPage
from mobile_service.admin.plan_forms import time_field
from mobile_service.choices import EntryOutcome, VisitorKind
from mobile_service.lifecycle import TRIP, VISIT
from mobile_service.models import Entry, Trip, Visit
from mobile_service.services.reading_entries import MOST_COUNTED
from mobile_service.services.telling_at_desk import (
    CORRECT,
    TAKES_BACK,
    TRIP_KINDS,
    VISIT_KINDS,
    correct_odometer,
    moment_on_road,
    steps_of_trip,
    steps_of_visit,
    take_back_counts,
    take_back_step,
    tell_counts,
    tell_of_trip,
    tell_of_visit,
    told_of_road,
)

TITLES = {
    "start": gettext_lazy("When did the van set off?"),
    "finish": gettext_lazy("When was the van back?"),
    "arrive": gettext_lazy("When did the van arrive?"),
    "arrive_late": gettext_lazy("When did the van arrive?"),
    "leave": gettext_lazy("When did the van leave?"),
    "skip": gettext_lazy("Why did the van not come?"),
    "count": gettext_lazy("What was counted at this stop?"),
    "uncount": gettext_lazy("Take back what the desk counted?"),
    CORRECT: gettext_lazy("What did the odometer show?"),
}
WORDS = {
    "count": gettext_lazy("Note what was counted"),
    "uncount": gettext_lazy("Take back the count"),
    CORRECT: gettext_lazy("Correct the odometer"),
}
# The fields of a correction, by the step of which each figure was told.
SHOWN = {
    "start": gettext_lazy("Odometer at the start"),
    "finish": gettext_lazy("Odometer at the end"),
}


class WhenForm(forms.Form):
    at = time_field(gettext_lazy("At what time"))


def _reading(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=9_999_999,
        required=False,
        help_text=gettext_lazy("In kilometres. Empty: nobody read it."),
    )


class RoadForm(WhenForm):
    odometer = _reading(gettext_lazy("Odometer"))


class OdometerForm(forms.Form):
    """What it showed, filled in as it was told; only of what was told at all."""

    def __init__(self, *args: Any, told: Mapping[str, Sequence[Entry]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in SHOWN.items():
            rows = told.get(TRIP_KINDS[name], ())
            # What a phone told since the page was opened was not asked about: empty would say that nobody read it.
            if rows and (not self.is_bound or name in self.data):
                self.fields[name] = _reading(label)
                # A figure that a person has set aside is not offered again.
                open_ones = [row for row in rows if row.outcome != EntryOutcome.SETTLED]
                figures = [row.data["odometer"] for row in open_ones if "odometer" in row.data]
                self.initial[name] = next(iter(figures if name == "start" else figures[::-1]), None)


class SkipForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("It is published with the visit. For example: the bridge is closed."),
    )


class CountForm(forms.Form):
    """Visitors by kind, never by name; and the van's own books."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in VisitorKind:
            self.fields[kind.value] = _number(kind.label)
        self.fields["lent"] = _number(gettext_lazy("Lent from the van"))
        self.fields["returned"] = _number(gettext_lazy("Back to the van"))


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_COUNTED, required=False)


class Telling(VanPage, ActPage):
    """One thing that happened. The trip's page offers what can be told now; whoever may tell it, the service says."""

    action: str
    trip: Trip

    def title(self) -> str:
        if self.action in TITLES:
            return str(TITLES[self.action])
        return str(self.label())

    def text(self) -> str:
        if self.action == "count":
            return _("It is added to what phones have counted. Type only what no phone has told.")
        if self.action == "uncount":
            return _("What phones have counted stands.")
        if self.action == CORRECT:
            return _("What was told of it before counts no more. The times stay.")
        if self.action in TAKES_BACK:
            return _("What was told counts no more, as if nobody had pressed it.")
        return ""

    def back(self) -> str:
        return reverse("work:van_trip", args=[self.trip.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        trip = f"{self.trip.vehicle}, {short_date(self.trip.on)}"
        return [(_("Trips"), reverse("work:van_trips")), (trip, self.back())]

    def initial(self) -> dict[str, Any]:
        """The time that was planned, or now when that has not come yet."""
        planned, now = self.planned(), clock.now()
        at = min(planned, now) if planned is not None else now
        return {"at": at.astimezone(self.zone).time().replace(second=0, microsecond=0)}

    def planned(self) -> datetime | None:
        raise NotImplementedError

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.trip.office.zone)

    def moment(self, at: time | None) -> datetime | None:
        return datetime.combine(self.trip.on, at, self.zone) if at is not None else None


class TellOfTrip(Telling):
    """``/perjalanan/<pk>/lapor/<action>/``: set off, back, one of both taken back, or what the odometer showed corrected."""

    subject: Trip

    def subject_of(self, pk: UUID, action: str) -> Trip:
        trip: Trip = self.find(Trip.objects.for_list(), pk)
        known = {name for name in (*TRIP_KINDS, *TAKES_BACK) if name in TRIP.actions}
        if action not in {*known, CORRECT}:
            raise Http404
        self.action, self.trip = action, trip
        return trip

    def label(self) -> Any:
        return WORDS.get(self.action) or TRIP.transition(self.action).label

    def too_late(self) -> str:
        if self.action == CORRECT and not any(told_of_road(self.trip).values()):
            return _("Nobody has told this yet. Note first when it was.")
        return ""

    def planned(self) -> datetime | None:
        return self.moment(self.trip.leaves_at if self.action == "start" else self.trip.back_at)

    def make_form(self, *data: Any) -> forms.Form:
        if self.action in TAKES_BACK:
            return forms.Form(*data)
        if self.action == CORRECT:
            return OdometerForm(data[0] if data else None, told=told_of_road(self.trip))
        return RoadForm(data[0] if data else None, initial=self.initial())

    def act(self, cleaned: dict[str, Any]) -> str:
        if self.action in TAKES_BACK:
            take_back_step(trip=self.trip, actor=self.actor, action=self.action)
        elif self.action == CORRECT:
            correct_odometer(trip=self.trip, actor=self.actor, figures=cleaned)
        else:
            tell_of_trip(
                trip=self.trip,
                actor=self.actor,
                action=self.action,
                at=moment_on_road(self.trip, self.action, cleaned["at"]),
                odometer=cleaned["odometer"],
            )
        return _("It is noted.")


class TellOfVisit(Telling):
    """``/kunjungan/<pk>/lapor/<action>/``: arrived, left, left out, counted, or one of these taken back."""

    subject: Visit

    def subject_of(self, pk: UUID, action: str) -> Visit:
        visit: Visit = self.find(Visit.objects.for_list().select_related("trip__office", "trip__vehicle"), pk)
        known = {name for name in (*VISIT_KINDS, *TAKES_BACK) if name in VISIT.actions}
        if action not in {*known, "count", "uncount"}:
            raise Http404
        self.action, self.trip = action, visit.trip
        return visit

    def about(self) -> str:
        return str(self.subject.stop)

    def label(self) -> Any:
        return WORDS.get(self.action) or VISIT.transition(self.action).label

    def planned(self) -> datetime | None:
        return self.subject.ends_at if self.action == "leave" else self.subject.begins_at

    def make_form(self, *data: Any) -> forms.Form:
        if self.action == "count":
            return CountForm(*data)
        if self.action == "skip":
            return SkipForm(*data)
        if self.action in TAKES_BACK or self.action == "uncount":
            return forms.Form(*data)
        return WhenForm(data[0] if data else None, initial=self.initial())

    def act(self, cleaned: dict[str, Any]) -> str:
        visit, actor = self.subject, self.actor
        if self.action == "count":
            visitors = {kind: cleaned[kind] or 0 for kind in VisitorKind.values}
            books = {name: cleaned[name] or 0 for name in ("lent", "returned")}
            tell_counts(visit=visit, actor=actor, visitors=visitors, **books)
        elif self.action == "uncount":
            take_back_counts(visit=visit, actor=actor)
        elif self.action in TAKES_BACK:
            take_back_step(trip=self.trip, actor=actor, action=self.action, visit=visit)
        elif self.action == "skip":
            tell_of_visit(visit=visit, actor=actor, action="skip", reason=cleaned["reason"])
        else:
            tell_of_visit(visit=visit, actor=actor, action=self.action, at=self.moment(cleaned["at"]))
        return _("It is noted.")


def offers_for_trip(trip: Trip, actor: Any) -> list[tuple[str, Any]]:
    """(address, label) of what can be told of the trip itself."""
    return [
        (reverse("work:van_trip_tell", args=[trip.pk, name]), WORDS.get(name) or TRIP.transition(name).label)
        for name in steps_of_trip(trip, actor)
    ]


def offers_for_visit(visit: Visit, actor: Any, *, counted: bool, left_open: bool) -> list[tuple[str, Any]]:
    """The same of one stop, the mistakes last. ``counted``: whether the desk has counted anything there; ``left_open``: nobody
    told that the van left."""
    names = steps_of_visit(visit, actor, left_open=left_open)
    if "count" in names and counted:
        names.append("uncount")
    names.sort(key=lambda name: name in TAKES_BACK or name == "uncount")
    return [
        (
            reverse("work:van_visit_tell", args=[visit.pk, name]),
            WORDS.get(name) or VISIT.transition(name).label,
        )
        for name in names
    ]
