"""Forms of the route planner: which days to plan, a visit moved by hand, driving times."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from libraries.desk import day_field
from libraries.models import Institution
from mobile_service.models import Stop
from mobile_service.services.routing import MOST_SECONDS


class OfficeForm(forms.Form):
    """Asks for the library only from those who plan for several."""

    office = forms.ModelChoiceField(label=_("Library"), queryset=Institution.objects.none())

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["office"]
        field.queryset = offices
        known = list(offices[:2])
        if len(known) == 1:
            field.initial = known[0].pk
            field.widget = forms.HiddenInput()


class AskRouteForm(OfficeForm):
    starts_on = day_field(_("From"))
    ends_on = day_field(_("Until"), help_text=_("A quarter, as a rule; at most half a year."))
    seconds = forms.IntegerField(
        label=_("Seconds to reckon"),
        min_value=5,
        max_value=MOST_SECONDS,
        initial=60,
        help_text=_(
            "Longer finds shorter ways. A minute is good for some sixty stops, five minutes for three hundred."
        ),
    )
    keeps_calendar = forms.BooleanField(
        label=_("Stay near the present calendar"),
        required=False,
        initial=True,
        help_text=_("A visit moves to another day only where that saves half an hour of driving."),
    )


class ChangeVisitForm(forms.Form):
    """One visit of a plan: where it goes. What is left empty stays as it is."""

    stop = forms.UUIDField(widget=forms.HiddenInput)
    to = day_field(_("Day"), required=False)
    vehicle = forms.ChoiceField(label=_("Vehicle"), required=False)
    position = forms.IntegerField(label=_("Number in the tour"), min_value=1, max_value=99, required=False)
    begins_at = forms.TimeField(
        label=_("Begins at"),
        required=False,
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, vehicles: dict[str, str], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["vehicle"]
        field.choices = [("", _("as it is")), *vehicles.items()]
        self.on = on


class TravelTimeForm(OfficeForm):
    origin = forms.ModelChoiceField(
        label=_("From"), queryset=Stop.objects.none(), required=False, empty_label=_("the depot")
    )
    target = forms.ModelChoiceField(
        label=_("To"), queryset=Stop.objects.none(), required=False, empty_label=_("the depot")
    )
    minutes = forms.DecimalField(label=_("Minutes needed"), min_value=0, max_value=1440, decimal_places=1)
    kilometres = forms.DecimalField(
        label=_("Kilometres"), min_value=0, max_value=9999, decimal_places=2, required=False
    )
    both = forms.BooleanField(label=_("The way back takes as long"), required=False, initial=True)

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, offices=offices, **kwargs)
        for name in ("origin", "target"):
            field: Any = self.fields[name]
            field.queryset = Stop.objects.filter(office__in=offices).order_by("name")


class PasteTimesForm(OfficeForm):
    prefix = "tempel"

    text = forms.CharField(
        label=_("Table"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "A line for each drive: from; to; minutes; kilometres. Names as the stops have them, “depot” for where the van starts. "
            "Copied from a spreadsheet it works too."
        ),
    )
    both = forms.BooleanField(label=_("The way back takes as long"), required=False, initial=True)
