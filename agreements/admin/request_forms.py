"""Forms about requests to cooperate. They check shapes; whether something is allowed, the services say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agreements.admin.forms import KEEPERS, KINDS, refuse_turned_round
from agreements.asking import WishesForm
from libraries.access import access_of
from libraries.choices import InstitutionKind
from libraries.desk import day_field
from libraries.models import Institution


class OutreachForm(WishesForm):
    """Our own wish toward a partner."""

    office = forms.ModelChoiceField(label=_("Our library"), queryset=Institution.objects.none())
    institution = forms.ModelChoiceField(
        label=_("Partner"),
        queryset=Institution.objects.none(),
        help_text=_("Not in the list? Add the institution first, in the directory."),
    )
    field_order = ("office", "institution", *WishesForm.field_order)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Institution.objects.visible_to(user).filter(is_active=True)
        access = access_of(user)
        offices = seen.offices() if access.everything else seen.filter(pk__in=access.having(KEEPERS))
        self.fields["office"].queryset = offices
        self.fields["institution"].queryset = seen.order_by("kind", "name")
        known = list(offices[:2])
        if len(known) == 1:
            # There is only one answer, so it is not asked (U9).
            self.fields["office"].initial = known[0].pk
            self.fields["office"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("office") and cleaned.get("office") == cleaned.get("institution"):
            self.add_error("institution", _("A library cannot ask itself to cooperate."))
        return cleaned


class MeetingForm(forms.Form):
    on = day_field(_("Day"))
    at = forms.TimeField(
        label=pgettext_lazy("clock", "Time"),
        required=False,
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    place = forms.CharField(
        label=_("Place"), max_length=200, help_text=_("Where you meet, or how: by video, by telephone.")
    )


class AcceptForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What kind of agreement is it?"), choices=KINDS, widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("What is it about?"), max_length=200)
    starts_on = day_field(_("First day"), required=False)
    ends_on = day_field(_("Last day"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refuse_turned_round(self, cleaned)
        return cleaned


class LinkForm(forms.Form):
    institution = forms.ModelChoiceField(
        label=_("Institution in the directory"),
        queryset=Institution.objects.none(),
        help_text=_("Its people then find the request in their portal too."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Institution.objects.visible_to(user).filter(is_active=True).order_by("name")
        self.fields["institution"].queryset = seen


class RegisterForm(forms.ModelForm):
    """The stranger's institution for the directory, filled in from what was typed."""

    kind = forms.ChoiceField(label=_("Kind"), choices=InstitutionKind.choices)
    contact = forms.BooleanField(
        label=_("Enter the contact into the directory too"), required=False, initial=True
    )

    class Meta:
        model = Institution
        fields = ("name", "short_name", "kind", "npsn", "npp", "address", "city", "email", "phone")
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}

    def _post_clean(self) -> None:
        """The service checks the row, with the address name that it makes; the form has no row to check."""
