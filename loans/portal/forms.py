"""What a school types: about a book that is damaged or not on the list, about a loss, and who took the box."""

from django import forms
from django.utils.translation import gettext_lazy as _

from libraries.catalogue.choices import Condition
from loans.choices import CaseKind


class PhotographField(forms.FileField):
    """The phone's camera at one touch; a file chooser where there is no camera. What is accepted is checked on keeping."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"})


class RemarkForm(forms.Form):
    """Words about one book, with a photograph where words are not enough."""

    description = forms.CharField(
        max_length=1000, required=False, strip=True, widget=forms.Textarea(attrs={"rows": 4})
    )
    photograph = PhotographField(label=_("Photograph"), required=False)
    drop_photograph = forms.BooleanField(label=_("Take the photograph away"), required=False)


class DamageForm(RemarkForm):
    field_order = ("description", "photograph", "drop_photograph")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["description"].label = _("What is damaged?")
        self.fields["description"].help_text = _("For example: pages 10 to 12 are torn.")


class ExtraForm(RemarkForm):
    """A book without a line: its words are all that the library has to recognise it by."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        description = self.fields["description"]
        description.label = _("Which book is it?")
        description.help_text = _("Type the title and the number under the barcode.")
        description.required = True
        description.error_messages = {"required": _("Type the title or the number of the book.")}


class ReceivedByForm(forms.Form):
    received_by = forms.CharField(
        label=_("Who counted the books?"),
        max_length=120,
        help_text=_("This name stands on the record of the delivery."),
        error_messages={"required": _("Type the name of the person who counted the books.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class LossForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What happened to the book?"),
        choices=[
            (CaseKind.LOST, _("It is lost: we have looked for it and cannot find it")),
            (CaseKind.DAMAGED, _("It is damaged: it can no longer be read or lent")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the book is lost or damaged.")},
    )
    account = forms.CharField(
        label=_("How did it happen?"),
        max_length=2000,
        required=False,
        help_text=_("A sentence or two is enough. Please do not name any child."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    photograph = PhotographField(
        label=_("Photograph"), required=False, help_text=_("Of the damage, if there is any to see.")
    )
    drop_photograph = forms.BooleanField(label=_("Take the photograph away"), required=False)


class OfferBookForm(forms.Form):
    title = forms.CharField(
        label=_("Title of the book"),
        max_length=300,
        help_text=_("As it stands on the cover."),
        error_messages={"required": _("Type the title of the book that you offer.")},
    )
    isbn = forms.CharField(
        label=_("ISBN"),
        max_length=20,
        required=False,
        help_text=_("The number above the barcode on the back, if there is one."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class OfferConditionForm(forms.Form):
    condition = forms.ChoiceField(
        label=_("In what condition is it?"),
        choices=[
            (Condition.GOOD, _("Good: new, or as good as new")),
            (Condition.WORN, _("Worn: used, but whole and readable")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the condition of the book.")},
    )
    words = forms.CharField(
        label=_("What else should the library know?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photograph = PhotographField(
        label=_("Photograph"), required=False, help_text=_("Of the cover. It helps the library to decide.")
    )
    drop_photograph = forms.BooleanField(label=_("Take the photograph away"), required=False)


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("Why should it be looked at again?"),
        max_length=2000,
        help_text=_("For example: the roof leaked during the holidays. Please do not name any child."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write why the demand should be looked at again.")},
    )
    photograph = PhotographField(
        label=_("Photograph"), required=False, help_text=_("Of what you describe, if there is any to see.")
    )
    drop_photograph = forms.BooleanField(label=_("Take the photograph away"), required=False)


class RetractForm(forms.Form):
    note = forms.CharField(
        label=_("What happened?"),
        max_length=500,
        help_text=_("For example: the book was in another classroom."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why the report is taken back.")},
    )
