"""Forms about requests for a visit. They check shapes; whether something is possible, the services say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from libraries.desk import day_field, note_field
from mobile_service.admin.fields import choose_among
from mobile_service.models import Stop, Vehicle, VisitRequest


class SlotForm(forms.Form):
    """A slot as the page has offered it."""

    vehicle = forms.ModelChoiceField(queryset=Vehicle.objects.none(), widget=forms.HiddenInput)
    begins_at = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: VisitRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "vehicle", Vehicle.objects.filter(office=row.office_id, is_active=True))


class ProposeForm(forms.Form):
    on = day_field(_("Day"))
    at = forms.TimeField(
        label=pgettext_lazy("clock", "Time"),
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    vehicle = forms.ModelChoiceField(label=_("Vehicle"), queryset=Vehicle.objects.none())
    note = note_field(_("A word with it"), required=False, help_text=_("The other side reads it."))

    def __init__(self, *args: Any, row: VisitRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vehicles = Vehicle.objects.filter(office=row.office_id, is_active=True)
        choose_among(self, "vehicle", vehicles)
        known = list(vehicles[:2])
        if len(known) == 1:
            # There is only one answer, so it is not asked (U9).
            self.fields["vehicle"].initial = known[0].pk
            self.fields["vehicle"].widget = forms.HiddenInput()


class LocateForm(forms.Form):
    stop = forms.ModelChoiceField(
        label=_("Van stop"),
        queryset=Stop.objects.none(),
        required=False,
        empty_label=_("Make a new stop of it"),
        help_text=_("Choose the stop that is meant, if there is one already."),
    )
    name = forms.CharField(
        label=_("Name of the new stop"),
        max_length=120,
        required=False,
        help_text=_(
            "Only for a new one. It stands on no public page until you say so on the page of the stop."
        ),
    )

    def __init__(self, *args: Any, row: VisitRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "stop", Stop.objects.filter(office=row.office_id, is_active=True))


class DeclineForm(forms.Form):
    note = note_field(
        _("Reason"), help_text=_("The other side reads it. Say what would be possible instead.")
    )
