"""What is taken about the directory."""

from rest_framework import serializers

from kerjasama.api.inputs import Input, ModelInput, Visible
from libraries.models import Institution, Opening, Person, Region


class InstitutionInput(ModelInput):
    parent = Visible(Institution, required=False, allow_null=True)
    region = Visible(Region, required=False, allow_null=True, help_text="Kemendagri code, such as 13.75.02.")

    class Meta:
        model = Institution
        fields = (
            "name",
            "short_name",
            "kind",
            "npp",
            "npsn",
            "isil",
            "parent",
            "region",
            "address",
            "city",
            "email",
            "phone",
            "website",
            "services",
            "latitude",
            "longitude",
            "zone",
            "closed_weekdays",
            "is_active",
            "is_listed",
        )


class OpeningInput(ModelInput):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday, 6 is Sunday.")

    class Meta:
        model = Opening
        fields = ("weekday", "opens", "closes")


class HoursInput(Input):
    hours = OpeningInput(many=True, help_text="The whole week; a weekday that is not named is closed.")


class PersonChange(ModelInput):
    class Meta:
        model = Person
        fields: tuple[str, ...] = (
            "name",
            "function",
            "position",
            "nip",
            "email",
            "phone",
            "signs",
            "consent_on",
            "consent_how",
            "show_publicly",
            "keep_until",
        )


class PersonInput(PersonChange):
    institution = Visible(Institution)

    class Meta(PersonChange.Meta):
        fields = ("institution", *PersonChange.Meta.fields)
