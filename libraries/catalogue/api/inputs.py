"""What is taken about titles, copies and imports."""

from rest_framework import serializers

from kerjasama.api.inputs import Input, ModelInput, Visible
from libraries.catalogue.models import Copy, Title
from libraries.models import Institution


class TitleInput(ModelInput):
    isbn = serializers.CharField(
        required=False, allow_blank=True, max_length=20, help_text="With or without hyphens."
    )

    class Meta:
        model = Title
        fields = (
            "title",
            "subtitle",
            "part",
            "responsibility",
            "authors",
            "publisher",
            "place",
            "year",
            "edition",
            "series",
            "extent",
            "language",
            "isbn",
            "ddc",
            "subjects",
            "reading_level",
            "material",
            "control_number",
        )


class CopyChange(ModelInput):
    class Meta:
        model = Copy
        fields: tuple[str, ...] = (
            "barcode",
            "accession_number",
            "call_number",
            "location",
            "price",
            "condition",
            "may_travel",
            "acquired_on",
        )


class CopyInput(CopyChange):
    owner = Visible(Institution)
    title = Visible(Title)

    class Meta(CopyChange.Meta):
        fields = ("owner", "title", *CopyChange.Meta.fields)


class ImportInput(Input):
    institution = Visible(Institution, help_text="The library whose copies these are.")
    file = serializers.FileField(help_text="MARC 21, INDOMARC (ISO 2709) or MARCXML.")
    invent_copies = serializers.BooleanField(
        default=False, help_text="Make one copy, with a barcode of its own, for records that name none."
    )
