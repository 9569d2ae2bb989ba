"""What a partner types about invitations and tools."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """Whether the institution comes. The reason is asked for where it does not."""

    comes = forms.ChoiceField(
        label=_("Do you come?"),
        choices=[("yes", _("Yes, we come")), ("no", _("No, we cannot come"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you come.")},
    )
    expected = forms.IntegerField(
        label=_("With how many people?"),
        required=False,
        min_value=1,
        max_value=30_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    note = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=2000,
        help_text=_("If you cannot come, say why. Please do not name any child."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _moment(label: object) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H.%M", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class BookingForm(forms.Form):
    begins_at = _moment(_("From"))
    ends_at = _moment(_("Until"))
    purpose = forms.CharField(
        label=_("What do you need it for?"), max_length=300, help_text=_("For example: a film for class 5.")
    )


class GiveUpForm(forms.Form):
    note = forms.CharField(
        label=_("Why do you no longer need it?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
