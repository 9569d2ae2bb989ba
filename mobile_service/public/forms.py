"""The form by which anybody may ask for a visit of the van (M7)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.public import guarding
from libraries.models import Institution
from mobile_service.asking_form import WishForm
from mobile_service.models import Stop

SALT = "visit request form"


def stamp() -> str:
    return guarding.stamp(SALT)


class PublicVisitForm(guarding.GuardedForm, WishForm):
    salt = SALT
    plain = ("place", "asker_name")

    office = forms.ModelChoiceField(
        label=_("Which library do you ask?"), queryset=Institution.objects.none(), empty_label=_("Choose …")
    )
    place = forms.CharField(
        label=_("Where should the van come?"),
        max_length=200,
        help_text=_("The name of the place and the village, for example: Balai Nagari, Koto Tangah."),
    )
    asker_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    asker_email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("We send a link there. Only when you have opened it does the library read your request."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    asker_phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        help_text=_("Without an e-mail address the library calls you. One of the two is needed."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    SECTIONS = (
        ("where", _("Where and what for"), ("office", "place", "occasion", "people")),
        ("when", _("When"), ("day_1", "day_2", "day_3", "wanted_from", "wanted_until", "minutes")),
        ("who", _("Who you are"), ("asker_name", "asker_email", "asker_phone")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only libraries that have a van to send.
        offices = Institution.objects.offices().filter(is_active=True, vehicles__is_active=True).distinct()
        self.fields["office"].queryset = offices
        known = list(offices[:2])
        if len(known) == 1:
            # There is only one answer, so it is not asked (U9).
            self.fields["office"].initial = known[0].pk
            self.fields["office"].widget = forms.HiddenInput()

    def sections(self) -> list[dict[str, Any]]:
        return [
            {"key": key, "title": title, "fields": [self[name] for name in names]}
            for key, title, names in self.SECTIONS
        ]

    def given(self) -> dict[str, Any]:
        """Everything that goes to the service. A place that is the name of a public stop means that stop."""
        names = ("office", "asker_name", "asker_email", "asker_phone")
        found = {name: self.cleaned_data[name] for name in names} | self.wishes_given()
        place = " ".join(self.cleaned_data["place"].split())
        stop = Stop.objects.public().filter(office=found["office"], name__iexact=place).first()
        return found | ({"stop": stop} if stop is not None else {"place": place})
