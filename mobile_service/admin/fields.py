"""Fields that forms of the mobile library share: a place on the map, a week, days."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from libraries.entry_forms import HoursForm
from libraries.hours import Week
from mobile_service.coordinates import Point, PointRefused, parse_point
from mobile_service.stop_sheet_values import day_from

PASTE = gettext_lazy(
    "Click on the map and drag the pin, or paste the numbers or the link of a map: -0.2283, 100.6312"
)


# Links of map services grow with everything that was searched for before.
LONGEST_LINK = 4_000


class PointField(forms.CharField):
    """A place in any of the ways in which people paste one; ``None`` when it is left empty.

    Its box has no ``maxlength``: a browser would cut off a longer link without a word, and the place stands near its end.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=kwargs.pop("label", gettext_lazy("Place on the map")),
            required=False,
            help_text=kwargs.pop("help_text", PASTE),
            widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "data-point": ""}),
            **kwargs,
        )

    def clean(self, value: Any) -> Point | None:
        said = super().clean(value)
        if not said:
            return None
        if len(said) > LONGEST_LINK:
            raise ValidationError(
                _(
                    "This is longer than %(limit)d characters. Paste only the two numbers of the place: -0.2283, 100.6312"
                )
                % {"limit": LONGEST_LINK},
                code="too_long",
            )
        try:
            return parse_point(said)
        except PointRefused as refusal:
            raise ValidationError(refusal.sentence, code=refusal.code) from None


def choose_among(form: forms.BaseForm, name: str, rows: Any) -> None:
    """What may be chosen in a field; who reads the form decides it, so it is not known before."""
    field: Any = form.fields[name]
    field.queryset = rows


def split_point(cleaned: dict[str, Any]) -> dict[str, Any]:
    """``point`` of a form as the two columns that keep it."""
    point = cleaned.pop("point")
    return cleaned | {
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
    }


def point_words(row: Any) -> str:
    return "" if row is None or row.latitude is None else f"{row.latitude:.6f}, {row.longitude:.6f}"


class WeekForm(HoursForm):
    """Seven lines of hours behind the other fields of a form."""

    def week(self) -> Week:
        return self.week_of(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.once:
            for day in range(7):
                if len(cleaned.get(f"day_{day}") or ()) > 1:
                    self.add_error(
                        f"day_{day}",
                        _(
                            "The vehicle leaves once a day: type one span such as 07.30–15.00. Rests are counted by themselves."
                        ),
                    )
        return cleaned

    def days(self) -> list[Any]:
        return [self[f"day_{day}"] for day in range(7)]

    def without_days(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith("day_")}


class DaysField(forms.CharField):
    """Days, typed one after another: “24/12/2026, 25/12/2026”."""

    def clean(self, value: Any) -> list[date]:
        said = super().clean(value)
        days = []
        for part in said.replace(";", ",").replace("\n", ",").split(","):
            if not part.strip():
                continue
            day = day_from(part.strip())
            if day is None:
                raise ValidationError(
                    _("“%(text)s” is no day. Type it like this: 24/12/2026") % {"text": part.strip()[:40]}
                )
            days.append(day)
        return sorted(set(days))
