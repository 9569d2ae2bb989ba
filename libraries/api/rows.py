"""What is sent about the directory and the office."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from libraries.models import Document, Institution, Notice, Opening, Person, Region

INSTITUTION_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


class OpeningRow(Row):
    class Meta:
        model = Opening
        example = {"weekday": 0, "opens": "08:00:00", "closes": "16:00:00"}
        fields = ("weekday", "opens", "closes")


class InstitutionRow(Row):
    url = Url("institutions")
    display = Display()
    parent = Link("institutions", allow_null=True)
    region = Link("regions", allow_null=True)
    opening_hours = OpeningRow(many=True, source="openings", read_only=True)

    class Meta:
        model = Institution
        example = {
            "display": "SDN 01",
            "name": "SD Negeri 01 Benteng Pasar Atas",
            "short_name": "SDN 01",
            "slug": "sd-negeri-01-benteng-pasar-atas",
            "kind": "school",
            "is_office": False,
            "npsn": "10304780",
            "parent": "Dinas Pendidikan Kota Bukittinggi",
            "region": "Guguk Panjang",
            "city": "Bukittinggi",
            "email": "sdn01@example.sch.id",
            "latitude": "-0.305440",
            "longitude": "100.369210",
            "website": "https://sdn01.example.sch.id",
            "services": ["lending", "reading"],
            "closed_weekdays": [6],
        }
        fields = (
            "id",
            "url",
            "display",
            "name",
            "short_name",
            "slug",
            "kind",
            "is_office",
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
            "opening_hours",
            "is_active",
            "is_listed",
            "version",
            "created_at",
            "updated_at",
        )


class PersonRow(Row):
    url = Url("people")
    display = Display()
    institution = Link("institutions")

    class Meta:
        model = Person
        example = {
            "display": "Yusnida, S.Pd.",
            "institution": "SDN 01",
            "name": "Yusnida, S.Pd.",
            "function": "principal",
            "position": "Kepala Sekolah",
            "nip": "196904121994032005",
            "consent_on": "2026-11-23",
            "consent_how": "form",
            "consent_withdrawn_on": None,
        }
        fields = (
            "id",
            "url",
            "display",
            "institution",
            "name",
            "function",
            "position",
            "nip",
            "email",
            "phone",
            "signs",
            "consent_on",
            "consent_how",
            "consent_withdrawn_on",
            "show_publicly",
            "keep_until",
            "created_at",
            "updated_at",
        )


class ErasedRow(serializers.ModelSerializer):
    """What is left of a contact that was erased."""

    class Meta:
        model = Person
        fields = ("id", "erased_at")
        read_only_fields = fields


class RegionRow(Row):
    url = Url("regions")
    display = Display()
    parent = Link("regions", allow_null=True)

    class Meta:
        model = Region
        example = {
            "code": "13.75.02",
            "display": "Guguk Panjang",
            "name": "Guguk Panjang",
            "level": "district",
            "parent": "Kota Bukittinggi",
        }
        fields = ("code", "url", "display", "name", "level", "parent")


def _pdf(row: Any, audience: Audience) -> str:
    return audience.absolute(reverse("api:documents-pdf", args=[row.pk]))


def _verify(row: Any, audience: Audience) -> str:
    return audience.absolute(reverse("verify", args=[row.verify_code]))


class DocumentRow(Row):
    url = Url("documents")
    display = Display()
    issuer = Link("institutions")
    recipient = Link("institutions", allow_null=True)
    pdf = Computed(serializers.URLField(help_text="The PDF itself; asked for with the same token."), _pdf)
    verify = Computed(serializers.URLField(help_text="The public page that the QR code leads to."), _verify)

    class Meta:
        model = Document
        example = {
            "display": "Serah terima 100 buku kepada SDN 01 014/BAST/BH/XI/2026",
            "issuer": "Perpustakaan Bung Hatta",
            "recipient": "SDN 01",
            "kind": "handover",
            "number": "014/BAST/BH/XI/2026",
            "title": "Serah terima 100 buku kepada SDN 01",
            "item_count": 100,
            "verify_code": "K7QM-2XHD-9PRT",
        }
        fields = (
            "id",
            "url",
            "display",
            "issuer",
            "recipient",
            "kind",
            "number",
            "title",
            "issued_on",
            "status",
            "item_count",
            "verify_code",
            "verify",
            "pdf",
            "created_at",
            "updated_at",
        )


class NoticeRow(Row):
    url = Url("notices")
    display = Display()
    recipient = Link("institutions")
    sender = Link("institutions", allow_null=True)
    context = Computed(
        serializers.DictField(help_text="The facts of the sentence: names, numbers, dates."),
        lambda row, audience: row.context,
    )

    class Meta:
        model = Notice
        example = {
            "display": "delivered 2026-11-26",
            "recipient": "SDN 01",
            "sender": "Perpustakaan Bung Hatta",
            "rule": "delivered",
            "subject_kind": "consignment",
            "context": {"code": "KRM-0042", "count": 100},
            "settled_at": None,
        }
        fields = (
            "id",
            "url",
            "display",
            "recipient",
            "sender",
            "rule",
            "rung",
            "subject_kind",
            "subject_id",
            "due_on",
            "tone",
            "context",
            "path",
            "settled_at",
            "created_at",
            "updated_at",
        )
