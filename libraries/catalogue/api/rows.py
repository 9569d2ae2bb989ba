"""What is sent about titles, copies and imports. The lists of copies and titles are the longest of the house."""

from rest_framework import serializers

from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from libraries.access import access_of
from libraries.catalogue.choices import ImportStatus
from libraries.catalogue.models import Copy, ImportJob, ImportRecord, Title
from libraries.catalogue.services.importing import MAY_IMPORT


class TitleRow(Row):
    url = Url("titles")
    display = Display()

    class Meta:
        model = Title
        example = {
            "display": "Si Jamin dan si Johan",
            "title": "Si Jamin dan si Johan",
            "authors": ["Merari Siregar"],
            "publisher": "Balai Pustaka",
            "place": "Jakarta",
            "year": 1921,
            "language": "ind",
            "ddc": "899.2213",
            "subjects": ["Fiksi anak"],
            "reading_level": "upper",
            "material": "book",
        }
        fields = (
            "id",
            "url",
            "display",
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
            "version",
            "created_at",
            "updated_at",
        )


class CopyRow(Row):
    url = Url("copies")
    display = Display()
    title = Link("titles")
    owner = Link("institutions")
    holder = Link("institutions")

    class Meta:
        model = Copy
        example = {
            "display": "BH-000123",
            "barcode": "BH-000123",
            "title": "Si Jamin dan si Johan",
            "owner": "Perpustakaan Bung Hatta",
            "holder": "SDN 01",
            "place": "away",
            "call_number": "899.221 3 MER s",
            "accession_number": "00123/BH/2019",
        }
        fields = (
            "id",
            "url",
            "display",
            "barcode",
            "title",
            "owner",
            "holder",
            "place",
            "placed_at",
            "rests_since",
            "call_number",
            "location",
            "accession_number",
            "condition",
            "may_travel",
            "price",
            "acquired_on",
            "created_at",
            "updated_at",
        )


def _import_actions(row: ImportJob, audience: Audience) -> list[str]:
    may = access_of(audience.user).at(row.institution_id) & MAY_IMPORT
    return ["resume"] if may and row.status == ImportStatus.FAILED else []


class ImportRow(Row):
    url = Url("imports")
    display = Display()
    institution = Link("institutions")
    percent = Computed(
        serializers.IntegerField(help_text="Of the file, 0–100."), lambda row, audience: row.percent
    )
    problem = Computed(
        serializers.CharField(help_text="Why it stopped, as a sentence."),
        lambda row, audience: row.problem_sentence if row.problem else "",
    )
    available_actions = Computed(
        serializers.ListField(child=serializers.CharField()),
        _import_actions,
    )

    class Meta:
        model = ImportJob
        example = {
            "display": "katalog.mrc",
            "institution": "Perpustakaan Bung Hatta",
            "status": "running",
            "percent": 40,
            "done": 560,
            "created_titles": 410,
            "matched_titles": 148,
            "new_copies": 902,
            "rejected": 2,
        }
        fields = (
            "id",
            "url",
            "display",
            "institution",
            "format",
            "status",
            "invent_copies",
            "percent",
            "done",
            "created_titles",
            "matched_titles",
            "new_copies",
            "rejected",
            "problem",
            "available_actions",
            "finished_at",
            "created_at",
            "updated_at",
        )


class ImportRecordRow(Row):
    title = Link("titles", allow_null=True)
    reason = Computed(
        serializers.CharField(help_text="Why it was refused, or what was put right in it."),
        lambda row, audience: row.reason,
    )

    class Meta:
        model = ImportRecord
        example = {"label": "Si Jamin dan si Johan", "title": "Si Jamin dan si Johan"}
        fields = ("position", "outcome", "label", "reason", "title", "copies")
