"""What is sent about agreements."""

from django.utils.translation import get_language
from rest_framework import serializers

from agreements.lifecycle import OBLIGATION, life_of
from agreements.models import Agreement, LendingTerm, Obligation, Party, Provision, SigningAuthority
from agreements.provisions import sentences
from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from libraries.access import roles_toward


def _actions(row: Agreement, audience: Audience) -> list[str]:
    roles = roles_toward(audience.user, office=row.office_id, partner=row.partner_id)
    return life_of(row.kind).available(row.status, roles)


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
            "signed_place",
        )


class ProvisionRow(Row):
    sentences = Computed(
        serializers.ListField(child=serializers.CharField(), help_text="What the article says, in words."),
        lambda row, audience: sentences(row, get_language() or "id"),
    )

    class Meta:
        model = Provision
        example = {"form": "exchange", "ratio_given": 1, "ratio_received": 1}
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
            "sentences",
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
    predecessor = Link("agreements", allow_null=True)
    parties = PartyRow(many=True)
    lending = LendingTermRow(source="lending_term", allow_null=True)
    provisions = ProvisionRow(many=True)

    class Meta(AgreementRow.Meta):
        fields = (
            *AgreementRow.Meta.fields,
            "partner_number",
            "parent",
            "predecessor",
            "initiated_by",
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
            "reviewed_by",
            "reviewed_on",
            "review_on",
            "agreed_by",
            "agreed_on",
            "agreed_how",
            "agreed_note",
            "document",
            "has_signed_scan",
            "parties",
            "lending",
            "provisions",
        )


class ObligationRow(Row):
    url = Url("obligations")
    display = Display()
    agreement = Link("agreements")
    institution = Link("institutions", through=lambda row: row.party.institution)
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        lambda row, audience: OBLIGATION.available(
            row.status,
            roles_toward(audience.user, office=row.agreement.office_id, party=row.party.institution_id),
        ),
    )

    class Meta:
        model = Obligation
        example = {
            "display": "Menyediakan rak buku",
            "text": "Menyediakan rak buku",
            "agreement": "012/PKS/BH/VI/2026",
            "institution": "SDN 01",
            "due_on": "2026-12-31",
            "status": "open",
            "available_actions": ["fulfil_partly", "fulfil"],
        }
        fields = (
            "id",
            "url",
            "display",
            "agreement",
            "institution",
            "text",
            "due_on",
            "status",
            "note",
            "done_on",
            "available_actions",
            "version",
            "created_at",
            "updated_at",
        )


class AuthorityRow(Row):
    url = Url("signing-authorities")
    display = Display()
    institution = Link("institutions")

    class Meta:
        model = SigningAuthority
        example = {
            "display": "Perpusnas: Nota Kesepahaman",
            "institution": "Perpusnas",
            "kind": "mou",
            "starts_on": "2015-01-01",
            "ends_on": None,
            "basis": "Peraturan tentang organisasi dan tata kerja",
        }
        fields = (
            "id",
            "url",
            "display",
            "institution",
            "kind",
            "starts_on",
            "ends_on",
            "basis",
            "version",
            "created_at",
            "updated_at",
        )
