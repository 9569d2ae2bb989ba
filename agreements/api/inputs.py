"""What is taken about agreements."""

from typing import Any

from rest_framework import serializers

from agreements.choices import ReplacementWay
from agreements.models import Agreement, LendingTerm, Party
from kerjasama.api.inputs import Input, ModelInput, Visible
from libraries.models import Institution


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


class AgreementChange(ModelInput):
    parent = Visible(Agreement, required=False, allow_null=True, help_text="The MoU that it carries out.")
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
            "agreed_by",
            "agreed_on",
            "agreed_how",
            "agreed_note",
            "lending",
        )


class AgreementInput(AgreementChange):
    office = Visible(Institution, help_text="The library that keeps the agreement; you must work there.")
    partner = Visible(Institution)

    class Meta(AgreementChange.Meta):
        fields = ("office", "partner", "kind", *AgreementChange.Meta.fields)


class SignatureInput(Input):
    party = serializers.PrimaryKeyRelatedField(
        queryset=Party.objects.all(), help_text="The id of one of the agreement's `parties`."
    )
    signed_on = serializers.DateField()

    def validate_party(self, party: Party) -> Any:
        if party.agreement_id != self.context["row"].pk:
            # Told like an id that does not exist.
            self.fields["party"].fail("does_not_exist", pk_value=party.pk)
        return party


class SignedScanInput(Input):
    file = serializers.FileField(help_text="The scan of the signed paper: PDF, JPEG or PNG.")
