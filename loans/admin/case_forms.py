"""Forms of the steps that follow a demand. They check shapes; whether something is allowed, the services say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.choices import ReplacementWay
from agreements.models import LendingTerm
from kerjasama.domain import clock
from libraries.catalogue.choices import Condition
from libraries.desk import day_field, note_field
from loans.admin.forms import NOTHING_ASKED
from loans.models import Case

READ_BY_SCHOOL = _("The school reads it in the letter.")
NUMBER_MISSING = _("Enter the number of the write-off list or of the decision.")
DAYS_GIVEN_BACK = _("Left empty, the days that the answer took are added.")


class ReasonForm(forms.Form):
    note = note_field(
        _("Reason"),
        help_text=READ_BY_SCHOOL,
        missing=_("Write the reason; the school reads it in the letter."),
    )


class DecisionForm(ReasonForm):
    due_on = day_field(_("To be done by"), required=False, help_text=DAYS_GIVEN_BACK)


class AcceptForm(forms.Form):
    due_on = day_field(_("To be brought by"), required=False, help_text=DAYS_GIVEN_BACK)
    note = note_field(_("Remark"), required=False, rows=2, help_text=READ_BY_SCHOOL)


class ReduceForm(DecisionForm):
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
        help_text=_("Only when its price is asked for."),
    )
    field_order = ("demand", "amount", "due_on", "note")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement = case.line.consignment.period.programme.agreement
        term = LendingTerm.objects.filter(agreement=agreement).first()
        ways = list(term.replacement_ways) if term else []
        self.fields["demand"].choices = [
            (value, label) for value, label in ReplacementWay.choices if not ways or value in ways
        ]


class ExtendForm(forms.Form):
    due_on = day_field(_("New day"))
    note = note_field(_("Reason"), required=False, rows=2, help_text=_("Kept in the history."))


class WarnForm(forms.Form):
    note = note_field(
        _("Remark"), required=False, rows=2, help_text=_("Kept in the history; not in the letter.")
    )


class OfferForm(forms.Form):
    """A school rang, or came by: the desk notes what it offers."""

    title = forms.CharField(
        label=_("Title of the book"),
        max_length=300,
        error_messages={"required": _("Type the title of the offered book.")},
    )
    isbn = forms.CharField(label=_("ISBN"), max_length=20, required=False)
    condition = forms.ChoiceField(
        label=_("In what condition is it?"),
        choices=[(value, label) for value, label in Condition.choices if value != Condition.DAMAGED],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the condition of the book.")},
    )
    words = note_field(_("Remark"), required=False, rows=2)


class AppealForm(forms.Form):
    words = note_field(
        _("In the school's words"), rows=4, missing=_("Write why the demand should be looked at again.")
    )


class DecisionNumberForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the list or decision"),
        max_length=120,
        help_text=_("By which the copy leaves the inventory, for example SK 12/PBH/2027."),
        error_messages={"required": NUMBER_MISSING},
    )


class WriteOffForm(DecisionNumberForm):
    note = note_field(
        _("Reason"),
        help_text=_("Why nothing can be had. It is printed on the record."),
        missing=_("Write why nothing can be had; it is printed on the record."),
    )


class TakeBackForm(forms.Form):
    note = note_field(
        _("Reason"), help_text=_("Kept in the history."), missing=_("Write why the report is taken back.")
    )


CASE_FORMS: dict[str, Any] = {
    "offer": OfferForm,
    "accept": AcceptForm,
    "refuse": DecisionForm,
    "appeal": AppealForm,
    "uphold": DecisionForm,
    "reduce": ReduceForm,
    "withdraw": ReasonForm,
    "extend": ExtendForm,
    "warn": WarnForm,
    "write_off": WriteOffForm,
    "note_write_off": DecisionNumberForm,
    "retract": TakeBackForm,
}


def initial_of(action: str, case: Case) -> dict[str, Any]:
    """What is known already is filled in (U9)."""
    if action == "reduce":
        return {"demand": case.demand, "amount": int(case.amount) if case.amount else None}
    if action == "offer":
        return {"condition": Condition.GOOD}
    if action == "extend":
        return {"due_on": max(case.due_on, clock.today(case.lender.zone)) + clock.days(14)}
    if action == "note_write_off":
        return {"number": case.write_off_number}
    return {}
