"""Forms about an entry of the directory that the desk and the portal share."""

from typing import Any

from django import forms

from kerjasama.domain.errors import DomainError
from libraries.hours import WEEKDAYS, Week, day_words, read_day
from libraries.models import Person


class HoursForm(forms.Form):
    """A week in seven lines, each typed as it would be written on a door. ``once``: one span a day."""

    once = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, label in enumerate(WEEKDAYS):
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=label,
                required=False,
                max_length=80,
                widget=forms.TextInput(attrs={"placeholder": "08.00–16.00", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for weekday in range(7):
            name = f"day_{weekday}"
            try:
                cleaned[name] = read_day(cleaned.get(name, ""), field=name, once=self.once)
            except DomainError as refusal:
                self.add_error(name, str(refusal))
        return cleaned

    @staticmethod
    def week_of(cleaned: dict[str, Any]) -> Week:
        return tuple(cleaned[f"day_{weekday}"] for weekday in range(7))

    @staticmethod
    def initial_of(week: Week) -> dict[str, str]:
        return {f"day_{weekday}": day_words(day) for weekday, day in enumerate(week)}


def consent_of(cleaned: dict[str, Any], person: Person | None = None) -> dict[str, Any]:
    """What goes to the service: what was said about consent only where it differs from what is noted already."""
    names = ("consent_on", "consent_how", "show_publicly")
    before = (
        {name: getattr(person, name) for name in names}
        if person
        else {"consent_on": None, "consent_how": "", "show_publicly": False}
    )
    said = {name: cleaned[name] for name in names if name in cleaned}
    rest = {name: value for name, value in cleaned.items() if name not in names}
    return rest | (said if said != {name: before[name] for name in said} else {})
