"""Forms of the pages on which a cooperation is judged. They check shapes; whether something is allowed, the services say."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.choices import Direction, Gathering, IndicatorKind, Recommendation
from agreements.models import Agreement, Evaluation, Indicator, Obstacle
from agreements.services.measuring import figures_known
from libraries.choices import OFFICE_ROLES
from libraries.desk import day_field, note_field
from libraries.models import User

AS_USUAL = "usual"


def figure_choices(agreement: Agreement) -> list[tuple[str, Any]]:
    return [
        ("", _("Nobody: the values are entered")),
        *((row.key, row.label) for row in figures_known(agreement)),
    ]


def amount_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, required=required, min_value=0, max_digits=12, decimal_places=2
    )


class AimFields(forms.Form):
    """What was before and what is wanted."""

    baseline_value = amount_field(
        _("Value before"), _("Where it stood before the cooperation. Empty: not known.")
    )
    baseline_from = day_field(_("Before: from"), required=False)
    baseline_until = day_field(
        _("Before: until"),
        required=False,
        help_text=_("The time in which that value came about, for example the whole year before."),
    )
    baseline_source = forms.CharField(
        label=_("Where that value comes from"),
        max_length=200,
        required=False,
        help_text=_("For example: guest book of 2020."),
    )
    target_value = amount_field(_("Target"), _("For as long a time as the value before."))
    target_on = day_field(_("Target by"), required=False)


class NewIndicatorForm(AimFields):
    field_order = ("kind", "name", "unit", "figure", "direction", "gathering")

    kind = forms.ChoiceField(label=_("What tells whether the aim is reached?"), choices=IndicatorKind.choices)
    name = forms.CharField(
        label=_("In your words"),
        max_length=120,
        required=False,
        help_text=_("For example: class visits from the school. Empty: the words above."),
    )
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False, help_text=_("Empty: as usual."))
    figure = forms.ChoiceField(label=_("Who counts it?"), required=False, initial=AS_USUAL)
    direction = forms.ChoiceField(
        label=_("What is better?"), choices=[("", _("As usual")), *Direction.choices], required=False
    )
    gathering = forms.ChoiceField(
        label=_("When there are several values"),
        choices=[("", _("As usual")), *Gathering.choices],
        required=False,
    )

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["figure"].choices = [
            (AS_USUAL, _("As usual: the system, where it can")),
            *figure_choices(agreement),
        ]


class IndicatorForm(AimFields):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("What is measured"), max_length=120)
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)
    figure = forms.ChoiceField(label=_("Who counts it?"), required=False)
    direction = forms.ChoiceField(
        label=_("What is better?"), choices=Direction.choices, widget=forms.RadioSelect
    )
    gathering = forms.ChoiceField(
        label=_("When there are several values"), choices=Gathering.choices, widget=forms.RadioSelect
    )
    field_order = ("version", "name", "unit", "figure", "direction", "gathering")

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(indicator, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.fields["figure"].choices = figure_choices(indicator.agreement)


class TimeForm(forms.Form):
    starts_on = day_field(_("From"))
    ends_on = day_field(_("Until"))


class MeasurementForm(TimeForm):
    value = amount_field(_("Value"), required=True)
    note = forms.CharField(
        label=_("Where the value comes from"),
        max_length=200,
        required=False,
        help_text=_("For example: guest book, register of members."),
    )


class ObstacleForm(forms.ModelForm):
    class Meta:
        model = Obstacle
        fields = ("kind", "description", "remedy", "owner", "due_on")
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "remedy": forms.Textarea(attrs={"rows": 3}),
        }

    due_on = day_field(
        _("To be done by"),
        required=False,
        help_text=_("On that day it appears on the first page of your colleagues."),
    )

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = (
            User.objects.filter(
                is_active=True,
                memberships__institution=agreement.office_id,
                memberships__role__in=OFFICE_ROLES,
            )
            .distinct()
            .order_by("name")
        )
        self.fields["owner"].empty_label = _("Nobody yet")

    def _post_clean(self) -> None:
        """The row is validated by its service; here only the shapes count."""


class ResolutionForm(forms.Form):
    resolution = note_field(_("How it was resolved"))
    resolved_on = day_field(_("On which day?"), required=False, help_text=_("Empty means today."))


class ConclusionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    conclusion = note_field(
        _("What did the cooperation bring?"),
        required=False,
        rows=6,
        help_text=_(
            "Three or four sentences: what became better, what did not, and why. The partner reads them."
        ),
    )
    recommendation = forms.ChoiceField(
        label=_("What should follow?"),
        choices=Recommendation.choices,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, evaluation: Evaluation, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(evaluation, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)


def within(agreement: Agreement, today: date) -> dict[str, date | None]:
    """The time usually measured: the term so far."""
    return {
        "starts_on": agreement.starts_on,
        "ends_on": min(agreement.ends_on or today, today),
    }
