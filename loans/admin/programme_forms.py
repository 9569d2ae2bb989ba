"""Forms about a programme: opened, divided, paused, given another end, brought home, its weekdays."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from libraries.catalogue.choices import ReadingLevel
from libraries.desk import day_field, note_field
from libraries.hours import WEEKDAYS
from loans.models import QuotaProfile


def weekdays_field() -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("Preferred weekdays"),
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked means: every day on which the library and the school are open."),
    )


class WeekdaysForm(forms.Form):
    weekdays = weekdays_field()


class OpenProgrammeForm(forms.Form):
    label = forms.CharField(
        label=_("For whom"),
        max_length=60,
        required=False,
        help_text=_("Only when this agreement has several programmes, such as “Kelas 1–3”."),
    )
    quantity = forms.IntegerField(
        label=_("Books per delivery"),
        min_value=1,
        max_value=5000,
        required=False,
        help_text=_("Empty means: all that the agreement allows and no other programme brings."),
    )
    reading_levels = forms.MultipleChoiceField(
        label=_("Reading levels"),
        choices=ReadingLevel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("From which books to choose. Nothing ticked means: from all."),
    )
    profile = forms.ModelChoiceField(
        label=_("Quota profile"),
        queryset=QuotaProfile.objects.none(),
        required=False,
        empty_label=_("None: subjects are spread evenly"),
    )
    weekdays = weekdays_field()

    def __init__(self, *args: Any, profiles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"].queryset = profiles


class TermsForm(forms.Form):
    label = forms.CharField(
        label=_("For whom"), max_length=60, required=False, help_text=_("Such as “Kelas 1–3”.")
    )
    quantity = forms.IntegerField(label=_("Books per delivery"), min_value=1, max_value=5000)
    interval_months = forms.IntegerField(label=_("Swapped every … months"), min_value=1, max_value=60)


def told_reason() -> forms.CharField:
    return note_field(_("Reason"), help_text=_("Kept in the history, and told to the school."))


class PauseForm(forms.Form):
    note = told_reason()
    until = day_field(
        _("Until"),
        required=False,
        help_text=_(
            "Deliveries planned before this day are left out, and the programme goes on by itself on it. Empty: until "
            "somebody resumes it."
        ),
    )
    call_home = forms.BooleanField(
        label=_("Call the books home that are at the school; otherwise they come back on their day"),
        required=False,
    )
    home_on = day_field(
        _("The books come back by"),
        required=False,
        help_text=_("Only when they are called home. Empty: in two weeks, on an open day."),
    )


class HomeForm(forms.Form):
    note = told_reason()
    home_on = day_field(
        _("The books come back by"),
        required=False,
        help_text=_("Empty: in two weeks, on an open day. The school is told."),
    )


class LastDayForm(forms.Form):
    ends_on = day_field(_("New last day"), help_text=_("Within the agreement."))
