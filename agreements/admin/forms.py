"""Forms of the agreement pages. They check shapes; whether something is allowed, the services say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreedHow, AgreementKind, InitiatedBy, ReplacementWay
from agreements.models import Agreement, LendingTerm, Party
from kerjasama.domain.errors import Sentence
from libraries.access import access_of
from libraries.choices import Role
from libraries.desk import day_field
from libraries.models import Institution

KEEPERS = {Role.OFFICER, Role.HEAD, Role.ADMINISTRATOR}

KINDS = [
    (
        AgreementKind.PKS,
        _("Cooperation agreement (PKS): detailed, written and signed by both sides"),
    ),
    (
        AgreementKind.MOU,
        _("Memorandum of understanding (MoU): a written intent, under which PKS follow"),
    ),
    (
        AgreementKind.IMPLICIT,
        _("Implicit agreement: agreed but unwritten; you note who agreed, when and how"),
    ),
]

LENDING_FIELDS = (
    "quantity",
    "interval_months",
    "first_delivery_on",
    "replacement_days",
    "replacement_ways",
    "receipt_days",
)
LENDING_NEEDS = ("quantity", "interval_months", "replacement_days", "receipt_days")


class LongText(forms.CharField):
    def __init__(self, label: Sentence, help_text: Sentence, rows: int = 4) -> None:
        super().__init__(
            label=label, help_text=help_text, required=False, widget=forms.Textarea(attrs={"rows": rows})
        )


class NewAgreementForm(forms.Form):
    """The least that a draft needs; everything else is filled in on the next page."""

    office = forms.ModelChoiceField(
        label=_("Our library"),
        queryset=Institution.objects.none(),
        help_text=_("It keeps and carries out the agreement."),
    )
    partner = forms.ModelChoiceField(
        label=_("Partner"),
        queryset=Institution.objects.none(),
        help_text=_("Not in the list? Add the institution first, under “Institutions”."),
    )
    kind = forms.ChoiceField(
        label=_("What kind of agreement is it?"), choices=KINDS, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("What is it about?"),
        max_length=200,
        help_text=_("A few words, for example: Lending of reading books with rotation."),
    )
    initiated_by = forms.ChoiceField(
        label=_("Who began it?"),
        choices=InitiatedBy.choices,
        widget=forms.RadioSelect,
        initial=InitiatedBy.LIBRARY,
    )
    starts_on = day_field(_("First day"), required=False)
    ends_on = day_field(_("Last day"), required=False)
    lends = forms.BooleanField(
        label=_("Books are lent under it and swapped regularly"), required=False, initial=True
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Institution.objects.visible_to(user).filter(is_active=True)
        access = access_of(user)
        offices = seen.offices() if access.everything else seen.filter(pk__in=access.having(KEEPERS))
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        self.fields["partner"].queryset = seen.order_by("kind", "name")  # type: ignore[attr-defined]
        known = list(offices[:2])
        if len(known) == 1:
            # There is only one answer, so it is not asked (U9).
            self.fields["office"].initial = known[0].pk
            self.fields["office"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refuse_turned_round(self, cleaned)
        if cleaned.get("office") and cleaned.get("office") == cleaned.get("partner"):
            self.add_error("partner", _("A library cannot make an agreement with itself."))
        return cleaned


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
    parent = forms.ModelChoiceField(
        label=_("Under which MoU?"),
        queryset=Agreement.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("The MoU that this agreement carries out."),
    )
    initiated_by = forms.ChoiceField(
        label=_("Who began it?"), choices=InitiatedBy.choices, widget=forms.RadioSelect
    )
    starts_on = day_field(_("First day"), required=False)
    ends_on = day_field(_("Last day"), required=False)
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
            (("title",), ("starts_on", "ends_on"), ("parent",), ("initiated_by",)),
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
                ("aims",),
                ("scope",),
                ("division_of_work",),
                ("procedures",),
                ("financing",),
                ("relation",),
                ("technology",),
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
        written = agreement.is_written
        absent = ("agreed_by", "agreed_on", "agreed_how", "agreed_note") if written else ("parent",)
        if agreement.kind == AgreementKind.MOU:
            absent = (*absent, "parent")
        if self.term is not None:
            # Terms once written stay; what is lent under them may be asked about for years.
            absent = (*absent, "lends")
        for name in absent:
            del self.fields[name]
        for name in LENDING_NEEDS:
            self.fields[name].required = self.term is not None
        if "parent" in self.fields:
            self.fields["parent"].queryset = (  # type: ignore[attr-defined]
                Agreement.objects.visible_to(user)
                .filter(kind=AgreementKind.MOU, office=agreement.office_id, partner=agreement.partner_id)
                .exclude(pk=agreement.pk)
            )

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
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

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


class PartyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Party
        fields = ("signatory_name", "signatory_position", "signatory_nip", "obligations")
        widgets = {"obligations": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "signatory_name": _("With titles, as it is printed under the signature."),
            "signatory_nip": _("18 digits; empty for people who are no civil servants."),
            "obligations": _("One to a line; they become the numbered duties of this party."),
        }


class AddPartyForm(forms.Form):
    institution = forms.ModelChoiceField(label=_("Institution"), queryset=Institution.objects.none())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = Institution.objects.visible_to(user).filter(is_active=True)  # type: ignore[attr-defined]


class SignatureForm(forms.Form):
    signed_on = day_field(_("Signed on"), help_text=_("The day on the paper, not the day you record it."))


class ScanForm(forms.Form):
    file = forms.FileField(
        label=_("Scan of the signed paper"),
        help_text=_("A PDF, JPEG or PNG file of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


def refuse_turned_round(form: forms.Form, cleaned: dict[str, Any]) -> None:
    starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
    if starts and ends and ends <= starts:
        form.add_error("ends_on", _("The agreement must end after it starts."))
