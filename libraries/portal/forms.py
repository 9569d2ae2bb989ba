"""What a school changes about itself."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from libraries.choices import PersonFunction, ServiceKind
from libraries.models import Institution


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language of the pages and e-mails"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )


class ContactForm(forms.Form):
    """What a school notes about a contact; who signs and the NIP stay with the library."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    function = forms.ChoiceField(
        label=_("Function"),
        choices=PersonFunction.choices,
        help_text=_("What the person does at your school."),
    )
    position = forms.CharField(
        label=_("Position"),
        max_length=120,
        required=False,
        help_text=_("For example: principal, teacher of class 4, parent of class 2."),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("The library calls this number when something about the books is unclear."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Letters go to this address. It does not change the address that you sign in with."),
    )
    agreed = forms.BooleanField(
        label=_("The person agrees to being kept here"),
        required=False,
        help_text=_("Ask first. Adults only: pupils are never kept."),
    )
    show_publicly = forms.BooleanField(
        label=_("The person agrees to being shown in the public directory"),
        required=False,
        help_text=_("Anybody can then read name, function, telephone and e-mail."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("show_publicly") and not cleaned.get("agreed"):
            self.add_error("agreed", _("Nobody is shown who has not agreed to being kept. Tick this too."))
        return cleaned


class EntryForm(forms.ModelForm):
    """What a school keeps of its own entry."""

    services = forms.MultipleChoiceField(
        label=_("Services"),
        choices=ServiceKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What visitors and partners find there."),
    )

    class Meta:
        model = Institution
        fields = ("address", "phone", "email", "website", "latitude", "longitude", "services")
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "phone": forms.TextInput(attrs={"type": "tel"}),
            "website": forms.URLInput(),
        }
        help_texts = {
            "latitude": _("As the map on a phone shows it, for example -0.305440."),
            "longitude": _("For example 100.369210."),
        }


class ErasureForm(forms.Form):
    sure = forms.BooleanField(label=_("Yes, erase this contact for good"))
