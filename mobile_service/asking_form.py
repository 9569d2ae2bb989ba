"""The questions that everybody is asked who asks for the van: the same in the portal and on the public page (M7)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.desk import day_field, note_field, refuse
from mobile_service.limits import MOST_DAYS
from mobile_service.models import Stop

# As many days are asked for on the page; a program may name more.
DAYS = ("day_1", "day_2", "day_3")
assert len(DAYS) <= MOST_DAYS


def time_field(label: Any, **kwargs: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        **kwargs,
    )


class DaysForm(forms.Form):
    """On which days the van would suit."""

    day_1 = day_field(
        _("Which day would suit?"), required=False, help_text=_("From tomorrow on. Empty: any day suits.")
    )
    day_2 = day_field(_("Or another day"), required=False)
    day_3 = day_field(_("Or a third day"), required=False)

    def days_given(self) -> list[Any]:
        return sorted({self.cleaned_data[name] for name in DAYS if self.cleaned_data[name]})

    def refuse(self, error: DomainError | ValidationError) -> None:
        """As ``libraries.desk.refuse``; what is wrong with a day stands beside that day."""
        if not isinstance(error, DomainError) or error.field != "wanted_on":
            refuse(self, error)
            return
        wrong = error.facts.get("days", ())
        typed = {name: self.cleaned_data.get(name) for name in DAYS}
        names = [name for name, day in typed.items() if day and day.isoformat() in wrong]
        for name in names or ["day_1"]:
            self.add_error(name, str(error.message))


class AskAgainForm(DaysForm):
    # Without a day there is nothing to ask, so the first one is not optional.
    day_1 = day_field(
        _("Which day would suit?"),
        help_text=_("From tomorrow on, at least one day."),
        error_messages={"required": _("Choose at least one day that suits.")},
    )
    note = note_field(_("A word with it"), required=False, help_text=_("The library reads it."))

    @classmethod
    def after(cls, refusal: DomainError, zone: str) -> "AskAgainForm | None":
        """What is offered to whoever agreed too late: the next best day, to be asked for with one press (M7).

        Only the library places a visit on a day that it has not proposed, so the day is asked for and not taken. None: it was
        refused for another reason.
        """
        if refusal.code != "slot_taken":
            return None
        found = refusal.facts.get("begins_at")
        day = datetime.fromisoformat(found).astimezone(ZoneInfo(zone)).date() if found else None
        # Days are asked for from tomorrow on.
        return cls(initial={"day_1": day} if day is not None and day > clock.today(zone) else {})


class WishForm(DaysForm):
    occasion = forms.CharField(
        label=_("What for?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example: library day of all classes. Please write no pupils' names."),
    )
    wanted_from = time_field(_("Not earlier than"))
    wanted_until = time_field(_("Not after"))
    minutes = forms.IntegerField(
        label=_("How many minutes?"), min_value=15, max_value=480, initial=60, required=False
    )
    people = forms.IntegerField(
        label=_("How many people do you expect?"), min_value=1, max_value=10_000, required=False
    )

    def wishes_given(self) -> dict[str, Any]:
        """What goes to the service about the visit itself."""
        names = ("occasion", "wanted_from", "wanted_until", "minutes", "people")
        return {name: self.cleaned_data[name] for name in names} | {"wanted_on": self.days_given()}


class SchoolWishForm(WishForm):
    """A school with several stops says which; with one there is nothing to choose (U9)."""

    stop = forms.ModelChoiceField(label=_("Where?"), queryset=Stop.objects.none(), required=False)
    field_order = ("stop", "occasion")

    def __init__(self, *args: Any, stops: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(stops) > 1:
            self.fields["stop"].queryset = Stop.objects.filter(pk__in=[row.pk for row in stops])
            self.fields["stop"].required = True
            self.fields["stop"].empty_label = _("Choose …")
        else:
            del self.fields["stop"]
