"""Forms of the templates: their words and their terms; the forms of cooperation are in provision_forms.py."""

from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.admin.draft_form import LENDING_NEEDS, AgreementForm
from agreements.choices import AgreementKind
from agreements.models import AgreementTemplate
from agreements.services.continuing import WORDS
from agreements.services.templates import TERMS_OF_LOAN


class TemplateNameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)


class TemplateForm(forms.Form):
    """The fields of a draft that are no days, no parties and no numbers."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=AgreementKind.choices)
    months = forms.IntegerField(label=_("Usual term in months"), min_value=1, max_value=120)
    is_active = forms.BooleanField(label=_("It is offered for new drafts"), required=False, initial=True)
    lends = forms.BooleanField(label=_("Books are lent under it and swapped regularly"), required=False)

    def __init__(self, *args: Any, template: AgreementTemplate, **kwargs: Any) -> None:
        self.template = template
        initial = {
            "version": template.version,
            "name": template.name,
            "kind": template.kind or AgreementKind.PKS,
            "months": template.months,
            "is_active": template.is_active,
            "lends": template.lending is not None,
            **template.words,
            **(template.lending or {}),
        }
        super().__init__(*args, initial=initial, **kwargs)
        for name in (*TERMS_OF_LOAN, *WORDS):
            self.fields[name] = deepcopy(AgreementForm.base_fields[name])
            self.fields[name].required = False

    def rows(self, *names: str) -> list[Any]:
        return [self[name] for name in names]

    @property
    def head(self) -> list[Any]:
        return self.rows("name", "kind", "months", "is_active")

    @property
    def loan(self) -> list[Any]:
        return self.rows("lends", *TERMS_OF_LOAN)

    @property
    def text(self) -> list[Any]:
        return self.rows(*WORDS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("lends"):
            for name in LENDING_NEEDS:
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("Type a number; the terms of lending need it."))
        return cleaned

    def fields_given(self) -> dict[str, Any]:
        """What goes to the service, but for the forms of cooperation."""
        given = self.cleaned_data
        return {
            **{name: given[name] for name in ("name", "kind", "months", "is_active")},
            "words": {name: given[name] for name in WORDS if given[name] not in (None, "")},
            "lending": {name: given[name] for name in TERMS_OF_LOAN} if given["lends"] else None,
        }
