"""The little that keeps robots away from a form that anybody may fill in, without asking a third party (S25)."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from agreements.limits import FASTEST, SLOWEST
from kerjasama.domain import clock

ADDRESSES = ("://", "www.", "http:")


def stamp(salt: str) -> str:
    """When the form was handed out, so that nobody can say something else."""
    return signing.dumps(clock.now().timestamp(), salt=salt)


class GuardedForm(forms.Form):
    """``remarks`` is a field that no person sees: whoever fills it in is a robot. ``plain`` fields hold no web addresses."""

    salt = ""
    plain: tuple[str, ...] = ()

    remarks = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stamp"].initial = stamp(self.salt)

    @property
    def is_trapped(self) -> bool:
        """Something is written where no person writes."""
        return bool(self.data.get("remarks"))

    def clean_stamp(self) -> str:
        given = self.cleaned_data["stamp"]
        try:
            made = datetime.fromtimestamp(float(signing.loads(given, salt=self.salt)), UTC)
        except (signing.BadSignature, TypeError, ValueError):
            made = None
        age = clock.now() - made if made is not None else None
        if age is None or age > SLOWEST:
            raise forms.ValidationError(
                _("The form lay open for too long. Everything is still here: please send it again."),
                code="stale",
            )
        if age < FASTEST:
            raise forms.ValidationError(
                _("That was very fast. Please read your request once more, then send it."), code="fast"
            )
        return str(given)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.plain:
            if any(mark in str(cleaned.get(name, "")).lower() for mark in ADDRESSES):
                self.add_error(
                    name, _("Leave web addresses out here; write them into what you have in mind.")
                )
        if "stamp" in self.errors:
            # A hidden field has no place for its sentence; and the next try begins with a fresh stamp.
            self.add_error(None, self.errors.pop("stamp").as_data())
            self.data = self.data.copy()
            self.data[self.add_prefix("stamp")] = stamp(self.salt)
        return cleaned
