"""What is sent about agreements."""

from rest_framework import serializers

from agreements.lifecycle import life_of
from agreements.models import Agreement, LendingTerm, Party
from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from libraries.access import roles_toward


def _actions(row: Agreement, audience: Audience) -> list[str]:
    return life_of(row.kind).available(row.status, roles_toward(audience.user, office=row.office_id))


class PartyRow(Row):
    institution = Link("institutions")

    class Meta:
        model = Party
        example = {
            "institution": "SDN 01",
            "role": "second",
            "signatory_name": "Yusnida, S.Pd.",
            "signatory_position": "Kepala Sekolah",
        }
        fields = (
            "id",
            "institution",
            "role",
            "obligations",
            "signatory_name",
            "signatory_position",
            "signatory_nip",
            "signed_on",
        )


class LendingTermRow(Row):
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


class AgreementRow(Row):
    url = Url("agreements")
    display = Display()
    office = Link("institutions")
    partner = Link("institutions")
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        _actions,
    )

    class Meta:
        model = Agreement
        example = {
            "display": "012/PKS/BH/VI/2026",
            "kind": "pks",
            "title": "Peminjaman koleksi bergilir",
            "number": "012/PKS/BH/VI/2026",
            "status": "active",
            "office": "Perpustakaan Bung Hatta",
            "partner": "SDN 01",
            "available_actions": ["terminate"],
            "parent": "003/MoU/BH/2025",
            "document": "Peminjaman koleksi bergilir 012/PKS/BH/VI/2026",
            "aims": "Meningkatkan minat baca siswa.",
            "starts_on": "2026-07-01",
            "ends_on": "2027-06-30",
        }
        fields: tuple[str, ...] = (
            "id",
            "url",
            "display",
            "kind",
            "title",
            "number",
            "status",
            "office",
            "partner",
            "starts_on",
            "ends_on",
            "available_actions",
            "version",
            "created_at",
            "updated_at",
        )


class AgreementDetail(AgreementRow):
    parent = Link("agreements", allow_null=True)
    document = Link("documents", allow_null=True)
    has_signed_scan = Computed(
        serializers.BooleanField(help_text="Whether a scan of the signed paper is kept."),
        lambda row, audience: row.signed_scan_id is not None,
    )
    parties = PartyRow(many=True)
    lending = LendingTermRow(source="lending_term", allow_null=True)

    class Meta(AgreementRow.Meta):
        fields = (
            *AgreementRow.Meta.fields,
            "partner_number",
            "parent",
            "initiated_by",
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
            "document",
            "has_signed_scan",
            "parties",
            "lending",
        )
