"""A week of hours as somebody typed it, where no hours at all mean "at any time": closed days alone are no hours (M1)."""

from django import forms
from django.utils.translation import gettext as _


def refuse_only_closed(form: forms.Form) -> None:
    """Refuse a week of which nothing is said but that it is closed: as hours it would be open at any time, which nobody has meant."""
    days = [f"day_{weekday}" for weekday in range(7)]
    if any(name in form.errors or form.cleaned_data.get(name) for name in days):
        return
    closed = next((name for name in days if str(form.data.get(form.add_prefix(name)) or "").strip()), None)
    if closed is not None:
        form.add_error(
            closed,
            _(
                "No day has hours, only “closed”. Type the hours of the days on which it can be; all days left empty mean at any time."
            ),
        )
