"""Forms of the agreement pages. They check shapes; whether something is allowed, the services say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.admin.fields import KEEPERS, AgreementField, parents_of, refuse_turned_round
from agreements.admin.wording import KINDS
from agreements.choices import KINDS_UNDER_ANOTHER, AgreementKind, InitiatedBy, PartyRole
from agreements.models import Agreement, AgreementTemplate, Party
from agreements.services.continuing import PARTS
from kerjasama.domain import clock
from libraries.access import access_of
from libraries.desk import day_field, note_field
from libraries.models import Institution, Person

SCANS = ".pdf,.jpg,.jpeg,.png"
PART_LABELS = {
    "words": _("The text: considerations, aims, scope, division of work and the other factors"),
    "lending": _("The terms of the collection loan"),
    "provisions": _("The terms of the other forms of cooperation"),
    "parties": _("Further parties, contacts and duties"),
}


class InstitutionsMixin:
    """Our own libraries where the reader keeps agreements, and everybody they can be made with."""

    fields: dict[str, Any]

    def choose_institutions(self, user: Any) -> None:
        seen = Institution.objects.visible_to(user).filter(is_active=True)
        access = access_of(user)
        offices = seen.offices() if access.everything else seen.filter(pk__in=access.having(KEEPERS))
        self.fields["office"].queryset = offices
        if "partner" in self.fields:
            self.fields["partner"].queryset = seen.order_by("kind", "name")
        known = list(offices[:2])
        if len(known) == 1:
            # There is only one answer, so it is not asked (U9).
            self.fields["office"].initial = known[0].pk
            self.fields["office"].widget = forms.HiddenInput()


class NewAgreementForm(InstitutionsMixin, forms.Form):
    """The least that a draft needs; everything else is filled in on the next page."""

    office = forms.ModelChoiceField(
        label=_("Our library"),
        queryset=Institution.objects.none(),
        help_text=_("It keeps and carries out the agreement."),
    )
    kind = forms.ChoiceField(
        label=_("What kind of agreement is it?"), choices=list(KINDS.items()), widget=forms.RadioSelect
    )
    parent = AgreementField(
        label=_("Under which agreement?"),
        queryset=Agreement.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("A work plan and an addendum need one; a PKS may have a MoU above it."),
    )
    partner = forms.ModelChoiceField(
        label=_("Partner"),
        queryset=Institution.objects.none(),
        help_text=_("Not in the list? Add the institution first, in the directory."),
    )
    title = forms.CharField(
        label=_("What is it about?"),
        max_length=200,
        help_text=_("A few words, for example: Lending of reading books with rotation."),
    )
    template = forms.ModelChoiceField(
        label=_("Begin with the text of a template?"),
        queryset=AgreementTemplate.objects.none(),
        required=False,
        empty_label=_("No, with an empty draft"),
        help_text=_("It brings its words and terms along. Everything can be changed afterwards."),
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
        label=_("Books are lent under it and swapped regularly"),
        required=False,
        initial=True,
        help_text=_("Take the tick away where nothing is lent. With a template, its own terms count."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_institutions(user)
        offices = list(self.fields["office"].queryset[:5])
        parents = Agreement.objects.none()
        for kind in (AgreementKind.PKS, AgreementKind.ADDENDUM):
            parents = parents | parents_of(user, kind)
        for office in offices:
            parents = parents | parents_of(user, AgreementKind.WORK_PLAN, office=office)
        self.fields["parent"].queryset = parents
        templates: Any = self.fields["template"]
        templates.queryset = AgreementTemplate.objects.visible_to(user).filter(is_active=True)
        templates.label_from_instance = lambda row: f"{row.get_kind_display()}: {row.name}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refuse_turned_round(self, cleaned)
        office, partner, parent = cleaned.get("office"), cleaned.get("partner"), cleaned.get("parent")
        kind, template = cleaned.get("kind"), cleaned.get("template")
        if office and office == partner:
            self.add_error("partner", _("A library cannot make an agreement with itself."))
        if kind in KINDS_UNDER_ANOTHER and not parent:
            self.add_error("parent", _("Say under which agreement it stands."))
        if kind == AgreementKind.ADDENDUM and parent and partner and parent.partner_id != partner.pk:
            self.add_error("partner", _("This agreement was made with another partner."))
        if template and kind and template.kind != kind:
            self.add_error("template", _("This template is for another kind of agreement."))
        return cleaned


class PartyForm(forms.ModelForm):
    class Meta:
        model = Party
        fields = (
            "role",
            "signatory_name",
            "signatory_position",
            "signatory_nip",
            "contact",
            "obligations",
        )
        widgets = {"obligations": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "signatory_name": _("With titles, as it is printed under the signature."),
            "signatory_nip": _("18 digits; empty for people who are no civil servants."),
            "obligations": _(
                "One to a line; they become the numbered duties of this party, and rows to tick once it holds."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        party: Party = self.instance
        contact: Any = self.fields["contact"]
        contact.queryset = Person.objects.filter(institution=party.institution_id).order_by("name")
        contact.empty_label = _("Nobody in particular")
        if party.institution_id in (party.agreement.office_id, party.agreement.partner_id):
            del self.fields["role"]
        else:
            self.fields["role"].choices = FURTHER_ROLES


# The first and the second party are the office and its partner; whoever joins is one of these.
FURTHER_ROLES = [(role.value, role.label) for role in (PartyRole.MEMBER, PartyRole.FOCAL, PartyRole.EXECUTOR)]


class AddPartyForm(forms.Form):
    institution = forms.ModelChoiceField(label=_("Institution"), queryset=Institution.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=FURTHER_ROLES, initial=PartyRole.MEMBER)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = Institution.objects.visible_to(user).filter(is_active=True)


class SignatureForm(forms.Form):
    signed_on = day_field(_("Signed on"), help_text=_("The day on the paper, not the day you record it."))
    place = forms.CharField(label=_("Signed at"), max_length=80, required=False)
    scan = forms.FileField(
        label=_("Scan of the signature page"),
        required=False,
        help_text=_(
            "A PDF, JPEG or PNG file of at most 10 MB. The scan of the whole paper goes under “Papers”."
        ),
        widget=forms.FileInput(attrs={"accept": SCANS}),
    )


class ScanForm(forms.Form):
    file = forms.FileField(
        label=_("Scan of the signed paper"),
        help_text=_("A PDF, JPEG or PNG file of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": SCANS}),
    )


class RemarkForm(forms.Form):
    note = note_field(_("Your remark"), help_text=_("The partner reads it too."))


class ReviewPassedForm(forms.Form):
    reviewed_by = forms.CharField(
        label=_("Reviewed by"), max_length=120, help_text=_("Name and office, for example: Bagian Hukum.")
    )
    reviewed_on = day_field(_("On which day?"))


class ReviewForm(forms.Form):
    note = note_field(_("What came of it?"))
    next_review_on = day_field(_("The next review"))


class CopyForm(forms.Form):
    partner = forms.ModelChoiceField(label=_("Partner"), queryset=Institution.objects.none())
    title = forms.CharField(label=_("What is it about?"), max_length=200)
    parts = forms.MultipleChoiceField(
        label=_("What is taken over?"),
        choices=[(part, PART_LABELS[part]) for part in PARTS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partner: Any = self.fields["partner"]
        partner.queryset = (
            Institution.objects.visible_to(user).filter(is_active=True).order_by("kind", "name")
        )


class RenewForm(forms.Form):
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))
    unevaluated_because = forms.CharField(
        label=_("If this term has not been evaluated: why not?"),
        max_length=500,
        required=False,
        help_text=_("A term is evaluated before it goes on. The reason is kept in the history."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refuse_turned_round(self, cleaned)
        return cleaned


class WriteDownForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("As what?"),
        choices=[(kind, KINDS[kind]) for kind in (AgreementKind.PKS, AgreementKind.MOU)],
        widget=forms.RadioSelect,
        initial=AgreementKind.PKS,
    )


class AmendForm(forms.Form):
    title = forms.CharField(
        label=_("What is it about?"),
        max_length=200,
        help_text=_("For example: Change of the number of books."),
    )


class DeriveForm(InstitutionsMixin, forms.Form):
    office = forms.ModelChoiceField(label=_("Our library"), queryset=Institution.objects.none())
    partner = forms.ModelChoiceField(label=_("Partner"), queryset=Institution.objects.none())
    title = forms.CharField(
        label=_("What is done?"), max_length=200, help_text=_("For example: Lending of books to SDN 01.")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_institutions(user)


class DutyForm(forms.Form):
    text = forms.CharField(label=_("What is to be done?"), max_length=300)
    due_on = day_field(_("Due on"))


class NewDutyForm(DutyForm):
    party = forms.ModelChoiceField(label=_("Whose duty is it?"), queryset=Party.objects.none())

    field_order = ("party", "text", "due_on")

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        party: Any = self.fields["party"]
        party.queryset = agreement.parties.select_related("institution")


class DoneForm(forms.Form):
    on = day_field(_("Done on"), required=False, help_text=_("Empty means today."))
    note = note_field(_("Note"), required=False, rows=2)

    def clean_on(self) -> Any:
        return self.cleaned_data["on"] or clock.today()
