"""What is taken about agreements."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from agreements.choices import AgreementKind, PartyRole, ReplacementWay
from agreements.models import Agreement, LendingTerm, Obligation, Party, Provision, SigningAuthority
from agreements.services.continuing import PARTS
from kerjasama.api.inputs import Input, ModelInput, NoteInput, Visible
from libraries.models import Institution, Person


class LendingInput(ModelInput):
    replacement_ways = serializers.ListField(
        child=serializers.ChoiceField(choices=ReplacementWay.choices),
        required=False,
        help_text="What may take the place of a lost book; empty means any.",
    )

    class Meta:
        model = LendingTerm
        fields = (
            "quantity",
            "interval_months",
            "first_delivery_on",
            "replacement_days",
            "replacement_ways",
            "receipt_days",
        )


class ProvisionInput(ModelInput):
    """Only the terms that the form has are taken; `GET /agreements/` says them back."""

    class Meta:
        model = Provision
        fields = (
            "form",
            "quantity",
            "interval_months",
            "loan_limit",
            "loan_days",
            "replacement_days",
            "response_days",
            "visits_per_month",
            "ratio_given",
            "ratio_received",
            "audience",
            "proof",
            "cost_bearer",
            "clause",
        )


class AgreementChange(ModelInput):
    parent = Visible(
        Agreement,
        required=False,
        allow_null=True,
        help_text="The agreement that it carries out or, as an addendum, changes.",
    )
    provisions = ProvisionInput(
        many=True,
        required=False,
        help_text="Terms of the other forms of cooperation; what is given replaces all there are.",
    )
    lending = LendingInput(required=False, help_text="Terms of lending; leave out where nothing is lent.")

    class Meta:
        model = Agreement
        fields: tuple[str, ...] = (
            "title",
            "number",
            "partner_number",
            "parent",
            "initiated_by",
            "starts_on",
            "ends_on",
            "signed_place",
            "aims",
            "scope",
            "relation",
            "division_of_work",
            "procedures",
            "financing",
            "technology",
            "recitals",
            "further_provisions",
            "notice_days",
            "review_on",
            "agreed_by",
            "agreed_on",
            "agreed_how",
            "agreed_note",
            "lending",
            "provisions",
        )


class AgreementInput(AgreementChange):
    office = Visible(Institution, help_text="The library that keeps the agreement; you must work there.")
    partner = Visible(Institution)

    class Meta(AgreementChange.Meta):
        fields = ("office", "partner", "kind", *AgreementChange.Meta.fields)


class PartyField(serializers.PrimaryKeyRelatedField):
    """A party of the very agreement; one of another is told like an id that does not exist."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "The id of one of the agreement's `parties`.")
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Party.objects.all())
        super().__init__(**kwargs)

    def get_queryset(self) -> Any:
        row = self.context.get("row")
        return Party.objects.filter(agreement=row) if row is not None else Party.objects.none()


class SignatureInput(Input):
    party = PartyField()
    signed_on = serializers.DateField()
    place = serializers.CharField(max_length=80, required=False)


class SignatureBack(NoteInput):
    party = PartyField()


class LegalReviewInput(Input):
    reviewed_by = serializers.CharField(
        max_length=120, help_text="Who has looked at it: an office, a person."
    )
    reviewed_on = serializers.DateField()


class StandingInput(NoteInput):
    next_review_on = serializers.DateField(help_text="When both look at it again.")


class TermInput(Input):
    starts_on = serializers.DateField(
        required=False, help_text="The day after the last of this term, if left out."
    )
    ends_on = serializers.DateField(required=False, help_text="As long again, if left out.")
    unevaluated_because = serializers.CharField(
        max_length=500, required=False, help_text="Why the term that ends has no finished evaluation."
    )


class WrittenInput(Input):
    kind = serializers.ChoiceField(choices=AgreementKind.choices, default=AgreementKind.PKS)
    parent = Visible(Agreement, required=False, help_text="For a work plan: what it stands under.")


class AddendumInput(Input):
    title = serializers.CharField(max_length=200, required=False)


class AgreementCopyInput(Input):
    partner = Visible(Institution, required=False, help_text="Another partner; the same, if left out.")
    title = serializers.CharField(max_length=200, required=False)
    parts = serializers.MultipleChoiceField(choices=[(part, part) for part in PARTS], required=False)


class DerivedInput(Input):
    office = Visible(Institution, help_text="The unit that carries it out; you must work there.")
    partner = Visible(Institution)
    title = serializers.CharField(max_length=200)


class PartyInput(Input):
    institution = Visible(Institution)
    role = serializers.ChoiceField(choices=PartyRole.choices, required=False)


class PartyChange(Input):
    party = PartyField()
    signatory_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    signatory_position = serializers.CharField(max_length=120, required=False, allow_blank=True)
    signatory_nip = serializers.CharField(max_length=18, required=False, allow_blank=True)
    obligations = serializers.CharField(required=False, allow_blank=True)
    contact = Visible(Person, required=False, allow_null=True)


class PartyChosen(Input):
    party = PartyField()


class ObligationInput(ModelInput):
    agreement = Visible(Agreement)
    party = serializers.PrimaryKeyRelatedField(
        queryset=Party.objects.all(), help_text="The id of one of the agreement's `parties`."
    )

    class Meta:
        model = Obligation
        fields = ("agreement", "party", "text", "due_on")

    def validate(self, attrs: Any) -> Any:
        if attrs["party"].agreement_id != attrs["agreement"].pk:
            raise serializers.ValidationError(
                {"party": _("This is no party of the agreement.")}, code="does_not_exist"
            )
        return attrs


class ObligationChange(ModelInput):
    class Meta:
        model = Obligation
        fields = ("text", "due_on")


class FulfilmentInput(Input):
    note = serializers.CharField(max_length=2000, required=False)
    on = serializers.DateField(required=False, help_text="The day on which it was done; today, if left out.")


class AuthorityChange(ModelInput):
    class Meta:
        model = SigningAuthority
        fields: tuple[str, ...] = ("starts_on", "ends_on", "basis")


class AuthorityInput(AuthorityChange):
    institution = Visible(Institution)

    class Meta(AuthorityChange.Meta):
        fields = ("institution", "kind", *AuthorityChange.Meta.fields)


class SignedScanInput(Input):
    file = serializers.FileField(help_text="The scan of the signed paper: PDF, JPEG or PNG.")
