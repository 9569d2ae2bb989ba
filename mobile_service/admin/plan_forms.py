"""Forms of the calendar. They check shapes; what is possible, the services say."""

from datetime import date, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import DomainError
from libraries.choices import ClosureScope
from libraries.desk import day_field, note_field
from mobile_service.admin.fields import choose_among
from mobile_service.choices import Weekday
from mobile_service.models import CrewMember, Series, Stop, Vehicle
from mobile_service.recurrence import Rule, in_words, monthly_by_date, monthly_on, parse, weekly
from mobile_service.services.scheduling import LONGEST_REASON

PLACES = (
    (1, pgettext_lazy("weekday of a month", "first")),
    (2, pgettext_lazy("weekday of a month", "second")),
    (3, pgettext_lazy("weekday of a month", "third")),
    (4, pgettext_lazy("weekday of a month", "fourth")),
    (5, pgettext_lazy("weekday of a month", "fifth")),
    (-1, pgettext_lazy("weekday of a month", "last")),
)

# What is ticked or typed for each way of repeating; what the others need may be left out.
NEEDED = {"weeks": ("weekdays",), "places": ("places", "weekdays"), "dates": ("dates",)}
# How a series repeats whose rule was written over the API, or comes from elsewhere.
AS_IT_IS = "kept"


def time_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class SeenForm(forms.Form):
    """Carries which of its states the reader has seen of a visit, so that nothing else is changed than what was read (R15)."""

    sequence = forms.IntegerField(required=False, widget=forms.HiddenInput)


class DespiteForm(forms.Form):
    """A form whose warnings may be accepted; the box is shown once there are any."""

    despite = forms.BooleanField(
        label=_("I have read this; save it all the same"), required=False, widget=forms.HiddenInput
    )

    def offer_despite(self, label: Any = None) -> None:
        self.fields["despite"].widget = forms.CheckboxInput()
        if label:
            # The form has been looked through by now, and keeps what it read of the field.
            self.fields["despite"].label = self["despite"].label = label


class MoveForm(SeenForm, DespiteForm):
    on = day_field(_("Day"))
    begins_at = time_field(_("Arrives at"))
    minutes = forms.IntegerField(
        label=_("Minutes needed"),
        min_value=5,
        max_value=480,
        required=False,
        help_text=_("Empty: as long as usual."),
    )
    vehicle = forms.ModelChoiceField(label=_("Vehicle"), queryset=Vehicle.objects.none(), empty_label=None)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("Published with the change."),
    )

    def __init__(self, *args: Any, vehicles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "vehicle", vehicles)

    def moment(self, zone: str) -> datetime:
        given = self.cleaned_data
        return datetime.combine(given["on"], given["begins_at"], ZoneInfo(zone))


class VisitForm(MoveForm):
    stop = forms.ModelChoiceField(
        label=_("Van stop"), queryset=Stop.objects.none(), empty_label=_("Choose a stop")
    )
    field_order = ("stop", "vehicle", "on", "begins_at", "minutes", "despite")

    def __init__(self, *args: Any, stops: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "stop", stops)
        del self.fields["reason"], self.fields["sequence"]


class SeriesForm(DespiteForm):
    """A rule built without typing one: by weeks, by the weekdays of a month, or by its dates."""

    stop = forms.ModelChoiceField(
        label=_("Van stop"), queryset=Stop.objects.none(), empty_label=_("Choose a stop")
    )
    vehicle = forms.ModelChoiceField(label=_("Vehicle"), queryset=Vehicle.objects.none(), empty_label=None)
    by = forms.ChoiceField(
        label=_("How does it repeat?"),
        choices=(
            ("weeks", _("By weeks, such as every Sunday or every 8 weeks")),
            ("places", _("By weekdays of the month, such as the second and fourth Tuesday")),
            ("dates", _("By days of the month, such as the 15th or the last day")),
        ),
        widget=forms.RadioSelect,
        initial="weeks",
    )
    interval = forms.IntegerField(
        label=_("Every how many weeks or months?"),
        min_value=1,
        max_value=52,
        initial=1,
        help_text=_("1 is every week or every month."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which weekdays?"),
        choices=Weekday.choices,
        coerce=int,
        error_messages={"required": _("Choose at least one day.")},
        widget=forms.CheckboxSelectMultiple,
    )
    places = forms.TypedMultipleChoiceField(
        label=_("Which of the month?"),
        choices=PLACES,
        coerce=int,
        error_messages={"required": _("Choose at least one day.")},
        widget=forms.CheckboxSelectMultiple,
    )
    dates = forms.CharField(
        label=_("On which days of the month?"),
        max_length=60,
        required=False,
        help_text=_("Numbers with commas, such as 1, 15."),
    )
    last_day = forms.BooleanField(label=_("On the last day of the month"), required=False)
    begins_at = time_field(_("Arrives at"))
    minutes = forms.IntegerField(
        label=_("Minutes needed"),
        min_value=5,
        max_value=480,
        required=False,
        help_text=_("Empty: as long as usual."),
    )
    starts_on = day_field(_("From"))
    ends_on = day_field(_("Until"), required=False, help_text=_("Empty: it goes on until you end it."))
    # As the page shows them, so that what is wrong is listed in that order.
    field_order = ("stop", "vehicle", "by", "places", "weekdays", "dates", "last_day", "interval")

    def __init__(
        self, *args: Any, stops: Any, vehicles: Any, series: Series | None = None, **kwargs: Any
    ) -> None:
        if series is not None:
            kwargs["initial"] = {**initial_of(series), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        choose_among(self, "stop", stops)
        choose_among(self, "vehicle", vehicles)
        # A rule that the boxes cannot say, such as the second Tuesday and the fourth Thursday: it can be kept as it is.
        self.kept: Rule | None = None
        if series is not None:
            del self.fields["stop"]
            self.fields["starts_on"].label = _("The change holds from")
            rule = parse(series.rule)
            if not can_be_ticked(rule):
                self.kept = rule
                said = gettext("As until now: %(words)s") % {"words": in_words(rule)}
                ways: Any = self.fields["by"]
                ways.choices = [(AS_IT_IS, said), *ways.choices]
                # Nothing to count or to tick for it; the browser asks for it where another answer is chosen.
                self.fields["interval"].required = False

        if self.is_bound:
            chosen = NEEDED.get(str(self["by"].data), ())
            for name in ("weekdays", "places"):
                self.fields[name].required = name in chosen

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("“Until” comes before the first day. Choose a later day."))
        needed = NEEDED.get(given.get("by", ""), ())
        if any(name in self.errors for name in ("by", "interval", *needed)):
            return given
        try:
            given["rule"] = self.rule(given)
        except DomainError as refusal:
            self.add_error(needed[0], str(refusal))
        except forms.ValidationError as mistake:
            self.add_error(None, mistake)
        return given

    def rule(self, given: dict[str, Any]) -> Rule:
        if given["by"] == AS_IT_IS and self.kept is not None:
            return self.kept
        interval = given["interval"] or 1
        if given["by"] == "weeks":
            return weekly(given["weekdays"], interval)
        if given["by"] == "places":
            return monthly_on(product(given["places"], given["weekdays"]), interval)
        text = given["dates"].replace(";", ",")
        numbers = [piece.strip() for piece in text.split(",") if piece.strip()]
        if not all(piece.isascii() and piece.isdigit() and len(piece) <= 2 for piece in numbers):
            raise forms.ValidationError({"dates": _("Write numbers with commas, such as 1, 15.")})
        last = [-1] if given["last_day"] else []
        return monthly_by_date([*(int(piece) for piece in numbers), *last], interval)


def can_be_ticked(rule: Rule) -> bool:
    """Whether the boxes can say it: each of its weekdays stands in each of its weeks of the month."""
    every = product({which for which, _day in rule.ordinals}, {day for _which, day in rule.ordinals})
    return set(rule.ordinals) == set(every)


def initial_of(series: Series) -> dict[str, Any]:
    """What the form shows of a rule that is there already."""
    rule = parse(series.rule)
    ticked = can_be_ticked(rule)
    return {
        "vehicle": series.vehicle_id,
        "by": by_of(rule),
        "interval": rule.interval,
        "weekdays": sorted({*rule.weekdays, *(day for _which, day in rule.ordinals)}) if ticked else [],
        "places": sorted({which for which, _day in rule.ordinals}) if ticked else [],
        "dates": ", ".join(str(day) for day in rule.monthdays if day > 0),
        "last_day": -1 in rule.monthdays,
        "begins_at": series.begins_at,
        "minutes": series.minutes,
        "ends_on": series.ends_on,
    }


def by_of(rule: Rule) -> str:
    if not can_be_ticked(rule):
        return AS_IT_IS
    return "dates" if rule.monthdays else "places" if rule.ordinals else "weeks"


class LeaveOutForm(forms.Form):
    on = day_field(_("Which day?"))
    note = note_field(_("Reason"), help_text=_("The school reads it."), max_length=LONGEST_REASON)


class DayForm(DespiteForm):
    on = day_field(_("Which day?"))


class EndForm(forms.Form):
    on = day_field(_("From which day on does the van not come any more?"))
    note = note_field(
        _("Reason"), required=False, help_text=_("The school reads it."), max_length=LONGEST_REASON
    )


class ReasonForm(forms.Form):
    note = note_field(
        _("Reason"),
        help_text=_("It is published, and those concerned read it at once."),
        max_length=LONGEST_REASON,
    )


class CancelForm(SeenForm, ReasonForm):
    """Calling off one visit."""


class RestoreForm(SeenForm, DespiteForm):
    """Putting one visit back."""


class TripForm(forms.Form):
    vehicle = forms.ModelChoiceField(label=_("Vehicle"), queryset=Vehicle.objects.none(), empty_label=None)
    on = day_field(_("Day"))
    leaves_at = time_field(
        pgettext_lazy("trip", "Leaves at"), required=False, help_text=_("Empty: as usual on this weekday.")
    )
    back_at = time_field(_("Back by"), required=False)
    note = note_field(_("Note for the crew"), required=False)

    def __init__(self, *args: Any, vehicles: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if vehicles is None:
            del self.fields["vehicle"]
            del self.fields["on"]
        else:
            choose_among(self, "vehicle", vehicles)


class CrewForm(forms.Form):
    members = forms.ModelMultipleChoiceField(
        label=_("Who is on this trip?"),
        queryset=CrewMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, crew: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "members", crew)


class DaysOffForm(forms.Form):
    starts_on = day_field(_("From"))
    ends_on = day_field(_("Until"), required=False, help_text=_("Empty: one day."))
    reason = forms.CharField(
        label=_("Which kind of day?"),
        max_length=120,
        help_text=_("Such as Cuti bersama Idulfitri or Libur semester."),
    )
    scope = forms.ChoiceField(
        label=_("Who is closed?"), choices=ClosureScope.choices, widget=forms.RadioSelect, initial="everyone"
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first: date | None = given.get("starts_on")
        given["ends_on"] = given.get("ends_on") or first
        return given
