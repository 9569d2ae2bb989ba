"""What a school changes about itself."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from libraries.models import Person


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language of the pages and e-mails"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """The parts of a contact that a school keeps itself; who signs and the NIP stay with the library."""

    class Meta:
        model = Person
        fields = ("name", "position", "phone", "email")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        help_texts = {
            "position": _("For example: principal, teacher-librarian."),
            "phone": _("The library calls this number when something about the books is unclear."),
            "email": _("Letters go to this address. It does not change the address that you sign in with."),
        }
