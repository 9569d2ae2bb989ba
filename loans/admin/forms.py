"""Forms of the circulation desk. They check shapes; whether something is allowed, the services say."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.choices import ReplacementWay
from libraries.catalogue.choices import Condition
from libraries.desk import day_field, note_field
from libraries.models import Institution
from loans.admin.wording import RESOLUTIONS
from loans.choices import CaseKind, Settlement
from loans.models import Case

NOTHING_ASKED = _("Choose what the book is to be replaced by.")


class MovePeriodForm(forms.Form):
    starts_on = day_field(_("New date of the swap"))
    expected = forms.DateField(required=False, widget=forms.HiddenInput)
    board = forms.CharField(required=False, widget=forms.HiddenInput)


class DispatchForm(forms.Form):
    on = day_field(_("Handed over on"), help_text=_("The day on the handover record; today or earlier."))
    leave_out_missing = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, waiting: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if waiting:
            self.fields["leave_out_missing"].label = _(
                "Leave out the %(count)s books that were not scanned; they stay on the shelf"
            ) % {"count": waiting}
        else:
            del self.fields["leave_out_missing"]


class AddLineForm(forms.Form):
    barcode = forms.CharField(
        label=_("Barcode"),
        max_length=80,
        error_messages={"required": _("Nothing was scanned. Scan the barcode of a book.")},
    )


class ResolveForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What became of it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what became of the book.")},
    )
    resolution = note_field(_("Remark"), required=False, rows=2)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = RESOLUTIONS[kind]


class OpenVisitForm(forms.Form):
    partner = forms.ModelChoiceField(
        label=_("Who brings books back?"),
        queryset=Institution.objects.none(),
        help_text=_("Partners that hold books of ours."),
        error_messages={"required": _("Choose who brings books back.")},
    )
    on = day_field(_("Date of the return"), help_text=_("The day on the return record; today or earlier."))


class ReportLossForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What happened?"),
        choices=CaseKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the book is lost or damaged.")},
    )
    account = note_field(_("How did it happen?"), required=False)


class AssessForm(forms.Form):
    """What is asked of the partner, within what the agreement allows."""

    demand = forms.ChoiceField(
        label=_("What is asked of the partner?"),
        widget=forms.RadioSelect,
        error_messages={"required": NOTHING_ASKED},
    )
    amount = forms.DecimalField(
        label=_("Amount (Rp)"),
        required=False,
        min_value=1,
        max_digits=12,
        decimal_places=0,
        help_text=_("Only when its price is asked for. Empty means the price on record."),
    )
    due_on = day_field(_("To be done by"))
    note = note_field(
        _("Remark"), required=False, rows=2, help_text=_("Kept in the history; not in the letter.")
    )

    def __init__(self, *args: Any, ways: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [(value, label) for value, label in ReplacementWay.choices if not ways or value in ways]
        self.fields["demand"].choices = allowed
        if len(allowed) == 1:
            self.fields["demand"].initial = allowed[0][0]


class SettleForm(forms.Form):
    settlement = forms.ChoiceField(
        label=_("How was it settled?"),
        choices=Settlement.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the case was settled.")},
    )
    replacement_barcode = forms.CharField(
        label=_("Barcode of the new book"),
        max_length=40,
        required=False,
        help_text=_("When a book was brought: stick a new barcode on it and scan that."),
    )
    replacement_title = forms.CharField(
        label=_("Title of the new book"),
        max_length=300,
        required=False,
        help_text=_("Only for an equal title; the same title is known already."),
    )
    paid_amount = forms.DecimalField(
        label=_("Amount paid (Rp)"), required=False, min_value=1, max_digits=12, decimal_places=0
    )
    reason = note_field(
        _("Reason"), required=False, rows=2, help_text=_("Needed for a waiver; it is printed on the record.")
    )
    on = day_field(_("Settled on"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("settlement") == Settlement.EQUAL_TITLE and not cleaned.get("replacement_title"):
            self.add_error("replacement_title", _("Type the title of the book that was brought."))
        return cleaned


class FindForm(forms.Form):
    condition = forms.ChoiceField(
        label=_("In what condition is it?"),
        choices=Condition.choices,
        widget=forms.RadioSelect,
        initial=Condition.GOOD,
        error_messages={"required": _("Choose the condition of the book.")},
    )


def first_assessment(case: Case, today: date) -> dict[str, Any]:
    """What is known already is filled in (U9)."""
    price = case.copy.price
    return {"due_on": max(case.due_on, today), "amount": int(price) if price else None}
