"""The form by which anybody may ask to cooperate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.asking import WishesForm
from agreements.public import guarding
from libraries.choices import InstitutionKind
from libraries.models import Institution

SALT = "cooperation request form"
# Kinds that a stranger may be; the national library does not ask by this page.
KINDS = [
    ("", _("Choose …")),
    *(pair for pair in InstitutionKind.choices if pair[0] != InstitutionKind.NATIONAL),
]


def stamp() -> str:
    return guarding.stamp(SALT)


class PublicRequestForm(guarding.GuardedForm, WishesForm):
    """Who asks, whom, and what for."""

    salt = SALT
    plain = ("subject", "institution_name", "institution_city", "contact_name", "contact_position")

    office = forms.ModelChoiceField(
        label=_("Which library do you ask?"), queryset=Institution.objects.none(), empty_label=_("Choose …")
    )
    institution_name = forms.CharField(
        label=_("Name of your institution"),
        max_length=200,
        help_text=_("School, library, community or office."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    institution_kind = forms.ChoiceField(label=_("What kind of institution is it?"), choices=KINDS)
    institution_city = forms.CharField(
        label=_("City or regency"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    contact_name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_position = forms.CharField(
        label=_("Your position there"),
        max_length=120,
        help_text=_("For example: principal, teacher-librarian."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    contact_email = forms.EmailField(
        label=_("E-mail of your office"),
        help_text=_("We send a link there. Only when you have opened it does the library read your request."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    contact_phone = forms.CharField(
        label=_("Telephone of your office"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    SECTIONS = (
        ("matter", _("What you wish for"), ("office", "subject", "forms", "wishes")),
        ("when", _("When and how much"), ("wanted_from", "wanted_months", "books", "pupils")),
        (
            "who",
            _("Who you are"),
            (
                "institution_name",
                "institution_kind",
                "institution_city",
                "contact_name",
                "contact_position",
                "contact_email",
                "contact_phone",
            ),
        ),
    )
    SELF = SECTIONS[2][2]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Institution.objects.offices().filter(is_active=True)
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

    def self_given(self) -> dict[str, Any]:
        """What goes to the service about who asks."""
        return {name: self.cleaned_data[name] for name in self.SELF}
