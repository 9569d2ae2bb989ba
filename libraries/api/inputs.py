"""What is taken about the directory."""

from kerjasama.api.inputs import ModelInput, Visible
from libraries.models import Institution, Person, Region


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
            "latitude",
            "longitude",
            "zone",
            "closed_weekdays",
            "is_active",
        )


class PersonChange(ModelInput):
    class Meta:
        model = Person
        fields: tuple[str, ...] = ("name", "position", "nip", "email", "phone", "signs")


class PersonInput(PersonChange):
    institution = Visible(Institution)

    class Meta(PersonChange.Meta):
        fields = ("institution", *PersonChange.Meta.fields)
