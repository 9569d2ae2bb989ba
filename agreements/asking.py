"""The questions that everybody is asked who wishes to cooperate: the same in the portal, on the public page and at the desk."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from agreements.choices import CooperationForm
from libraries.desk import day_field, note_field

LONG = 4000


class WishesForm(forms.Form):
    """What is wished for. Doors add who asks whom."""

    subject = forms.CharField(
        label=_("What is it about?"),
        max_length=200,
        help_text=_("A few words, for example: Reading corner for the lower classes."),
    )
    wishes = forms.CharField(
        label=_("What do you have in mind?"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Why, for whom, how often. Please write no pupils' names."),
    )
    wanted_from = day_field(_("From when?"), required=False)
    wanted_months = forms.IntegerField(
        label=_("For how many months?"), min_value=1, max_value=120, required=False
    )
    books = forms.IntegerField(
        label=_("How many books at a time?"),
        min_value=1,
        max_value=2000,
        required=False,
        help_text=_("Only where books are to be lent."),
    )
    pupils = forms.IntegerField(
        label=_("For how many pupils or readers?"), min_value=0, max_value=100_000, required=False
    )

    # The last of the fields, because its name hides the module's from here on.
    forms = forms.MultipleChoiceField(
        label=_("Which kinds of cooperation?"),
        choices=CooperationForm.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As many as fit. Nothing ticked means: that is to be talked about."),
    )

    field_order = ("subject", "forms", "wishes", "wanted_from", "wanted_months", "books", "pupils")
    WISHES = ("subject", "wishes", "forms", "wanted_from", "wanted_months", "books", "pupils")

    def wishes_given(self) -> dict[str, Any]:
        """What goes to the service about the matter itself."""
        return {name: self.cleaned_data[name] for name in self.WISHES}


class MessageForm(forms.Form):
    """Something to say to the other side, with a file if there is one."""

    text = note_field(_("Your message"), rows=4)
    file = forms.FileField(
        label=_("Attachment"),
        required=False,
        help_text=_("A PDF, JPEG or PNG file of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def said(self) -> dict[str, Any]:
        upload: UploadedFile[bytes] | None = self.cleaned_data["file"]
        return {"text": self.cleaned_data["text"], "upload": upload}


class DeclineForm(forms.Form):
    note = note_field(
        _("Reason"), help_text=_("The other side reads it. Say what would be possible instead.")
    )
