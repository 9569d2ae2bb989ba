"""The form of a draft: everything that may be changed in it but its forms of cooperation (A1, A2, A7)."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agreements import terms
from agreements.admin.fields import AgreementField, LongText, parents_of, refuse_turned_round
from agreements.choices import KINDS_UNDER_ANOTHER, AgreedHow, AgreementKind, InitiatedBy, ReplacementWay
from agreements.models import Agreement, LendingTerm
from agreements.services.ruling import rule_of
from kerjasama.domain.errors import Sentence
from libraries.desk import day_field

LENDING_FIELDS = (
    "quantity",
    "interval_months",
    "first_delivery_on",
    "replacement_days",
    "replacement_ways",
    "receipt_days",
)
LENDING_NEEDS = ("quantity", "interval_months", "replacement_days", "receipt_days")


PARENT_HELP = {
    AgreementKind.PKS: _("The MoU that this agreement carries out, if there is one."),
    AgreementKind.WORK_PLAN: _("The MoU or PKS in force that this work plan carries out."),
    AgreementKind.ADDENDUM: _("The agreement in force whose terms it changes."),
}


class AgreementForm(forms.Form):
    """All that may be changed in a draft. Fields of the other kind of agreement are left out."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("What is it about?"), max_length=200)
    number = forms.CharField(
        label=_("Number"),
        max_length=120,
        required=False,
        help_text=_("Leave empty: the next number is drawn when it is sent for signature."),
    )
    partner_number = forms.CharField(label=_("Number at the partner"), max_length=120, required=False)
    parent = AgreementField(
        queryset=Agreement.objects.none(), label=_("Under which agreement?"), required=False
    )
    initiated_by = forms.ChoiceField(
        label=_("Who began it?"), choices=InitiatedBy.choices, widget=forms.RadioSelect
    )
    starts_on = day_field(_("First day"), required=False)
    ends_on = day_field(_("Last day"), required=False)
    notice_days = forms.IntegerField(
        label=_("Days of notice"),
        min_value=0,
        max_value=365,
        required=False,
        help_text=_("Who does not want to go on says so this many days before the end."),
    )
    review_on = day_field(
        _("Look at it again on"),
        required=False,
        help_text=_("Does it still hold, and should it be written down? Both are reminded."),
    )
    recitals = LongText(
        _("Considerations"), _("What the parties consider first (“menimbang”), one to a line."), rows=3
    )
    further_provisions = LongText(
        _("Further provisions"), _("What else is agreed, one to a line: they close the articles."), rows=3
    )
    signed_place = forms.CharField(
        label=_("Place of signing"),
        max_length=80,
        required=False,
        help_text=_("Empty means the office's own town."),
    )
    agreed_by = forms.CharField(
        label=_("Who agreed?"),
        max_length=200,
        required=False,
        help_text=_("Names and positions, for example: Ibu Ratna, principal, and Bapak Dedi, librarian."),
    )
    agreed_on = day_field(_("When was it agreed?"), required=False)
    agreed_how = forms.ChoiceField(
        label=_("How was it agreed?"), choices=[("", "–"), *AgreedHow.choices], required=False
    )
    agreed_note = LongText(_("Note or witness"), _("What was said, who was there. This is the evidence."))
    aims = LongText(
        _("Reasons and aims"), _("Why the two work together, and what is to be better afterwards.")
    )
    scope = LongText(_("Scope"), _("What is done together, and what is not."))
    relation = LongText(_("Relation between the parties"), _("Who stands how to whom; who decides."))
    division_of_work = LongText(_("Division of work"), _("Who does what, so that nothing is done twice."))
    procedures = LongText(
        _("Procedures and equipment"), _("How books are fetched, brought, counted and returned.")
    )
    financing = LongText(
        _("Financing"), _("Who pays what. “Each party bears its own costs” is an answer too.")
    )
    technology = LongText(
        _("Technology"), _("What is used: this system, WhatsApp, e-mail, a barcode scanner.")
    )
    lends = forms.BooleanField(label=_("Books are lent under it and swapped regularly"), required=False)
    quantity = forms.IntegerField(label=_("Books per delivery"), min_value=1, max_value=2000, required=False)
    interval_months = forms.IntegerField(
        label=_("Swapped every … months"), min_value=1, max_value=24, required=False
    )
    first_delivery_on = day_field(
        _("First delivery"),
        required=False,
        help_text=_("Later swaps follow from it; they are moved off closed days."),
    )
    receipt_days = forms.IntegerField(
        label=_("Days to confirm receipt"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=_("After that a silent delivery is flagged."),
    )
    replacement_days = forms.IntegerField(
        label=_("Days to replace a lost book"), min_value=1, max_value=365, required=False
    )
    replacement_ways = forms.MultipleChoiceField(
        label=_("A lost book is replaced by"),
        choices=ReplacementWay.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked means: any of them."),
    )

    SECTIONS: tuple[tuple[str, Sentence, Sentence, tuple[tuple[str, ...], ...]], ...] = (
        (
            "about",
            _("What and how long"),
            "",
            (
                ("title",),
                ("starts_on", "ends_on"),
                ("notice_days", "review_on"),
                ("parent",),
                ("initiated_by",),
            ),
        ),
        (
            "agreed",
            _("How it was agreed"),
            _("Nothing is written, so this is what everything rests on."),
            (("agreed_by",), ("agreed_on", "agreed_how"), ("agreed_note",)),
        ),
        (
            "lending",
            _("Terms of lending"),
            _("These figures are obeyed by everything that follows: planning, reminders and letters."),
            (
                ("lends",),
                ("quantity", "interval_months"),
                ("first_delivery_on", "receipt_days"),
                ("replacement_days",),
                ("replacement_ways",),
            ),
        ),
        (
            "factors",
            _("What the parties agree on"),
            _("Full sentences: they are printed as articles of the paper."),
            (
                ("recitals",),
                ("aims",),
                ("scope",),
                ("division_of_work",),
                ("procedures",),
                ("financing",),
                ("relation",),
                ("technology",),
                ("further_provisions",),
            ),
        ),
        ("paper", _("Numbers and place"), "", (("number", "partner_number"), ("signed_place",))),
    )

    def __init__(self, *args: Any, agreement: Agreement, user: Any, **kwargs: Any) -> None:
        self.agreement = agreement
        self.term = LendingTerm.objects.filter(agreement=agreement).first()
        initial = {name: getattr(agreement, name) for name in self.base_fields if hasattr(agreement, name)}
        term = self.term or LendingTerm(agreement=agreement)
        initial |= {name: getattr(term, name) for name in LENDING_FIELDS}
        initial |= {"lends": self.term is not None, "parent": agreement.parent_id}
        super().__init__(*args, initial=initial, **kwargs)
        for name in self.absent():
            del self.fields[name]
        for name in LENDING_NEEDS:
            self.fields[name].required = self.term is not None
        if "parent" in self.fields:
            field: Any = self.fields["parent"]
            field.queryset = parents_of(
                user,
                agreement.kind,
                office=agreement.office,
                partner=agreement.partner,
                chosen=agreement.parent_id,
            ).exclude(pk=agreement.pk)
            field.required = agreement.kind in KINDS_UNDER_ANOTHER
            field.help_text = PARENT_HELP[agreement.kind]
        for name in rule_of(agreement.office, agreement.kind).required:
            # Not required to save, but before it can hold: the words say so instead of refusing to keep a draft.
            self.fields[name].help_text = format_lazy("{} {}", self.fields[name].help_text, _("Needed."))

    def absent(self) -> set[str]:
        """Fields that this kind of agreement does not have."""
        kind = self.agreement.kind
        if kind == AgreementKind.IMPLICIT:
            names = {"parent", "recitals", "further_provisions", "signed_place"}
        else:
            names = {*terms.EVIDENCE, "review_on"}
        if kind == AgreementKind.MOU:
            names.add("parent")
        if self.term is not None:
            # Terms once written stay; what is lent under them may be asked about for years.
            names.add("lends")
        return names

    def sections(self) -> list[dict[str, Any]]:
        """What the page shows: sections of groups of bound fields, empty ones left out."""
        found = []
        for key, title, text, groups in self.SECTIONS:
            bound = [[self[name] for name in group if name in self.fields] for group in groups]
            bound = [group for group in bound if group]
            if bound:
                found.append({"key": key, "title": title, "text": text, "groups": bound})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refuse_turned_round(self, cleaned)
        if self.is_lending(cleaned):
            for name in LENDING_NEEDS:
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("Type a number; the terms of lending need it."))
        return cleaned

    def is_lending(self, cleaned: dict[str, Any]) -> bool:
        return self.term is not None or bool(cleaned.get("lends"))

    def changes(self) -> dict[str, Any]:
        """What goes to the service besides lending and version."""
        apart = {"version", "lends", *LENDING_FIELDS}
        given = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        if given["notice_days"] is None:
            del given["notice_days"]
        return given

    def lending(self) -> dict[str, Any] | None:
        if not self.is_lending(self.cleaned_data):
            return None
        return {name: self.cleaned_data[name] for name in LENDING_FIELDS}

    def differences(self, saved: Agreement) -> list[tuple[str, str]]:
        """What somebody else saved meanwhile and what was typed here differ in: (label, the saved words)."""
        term = LendingTerm.objects.filter(agreement=saved).first()
        found = []
        for name, field in self.fields.items():
            if name in ("version", "lends") or name not in self.cleaned_data:
                continue
            theirs = getattr(term if name in LENDING_FIELDS else saved, name, None)
            if (theirs or "") != (self.cleaned_data[name] or ""):
                found.append((str(field.label), str(theirs or "–")))
        return found
