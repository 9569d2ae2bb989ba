"""What is sent about scans and books that come back."""

from rest_framework import serializers

from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from libraries.access import roles_toward
from loans.choices import ReviewState
from loans.lifecycle import RETURN_VISIT
from loans.models import ReturnVisit, Scan
from loans.services.reviewing import fix_of


class ReturnVisitRow(Row):
    url = Url("return-visits")
    display = Display()
    lender = Link("institutions")
    partner = Link("institutions")
    document = Link("documents", allow_null=True)
    available_actions = Computed(
        serializers.ListField(child=serializers.CharField()),
        # Books are taken back as long as the visit may be finished.
        lambda row, audience: [
            *(["take_back"] if "finish" in _visit_actions(row, audience) else []),
            *_visit_actions(row, audience),
        ],
    )

    class Meta:
        model = ReturnVisit
        example = {
            "display": "SDN 01 2026-11-23",
            "lender": "Perpustakaan Bung Hatta",
            "partner": "SDN 01",
            "status": "open",
            "document": "Pengembalian 98 buku oleh SDN 01 015/BAST/BH/XI/2026",
            "available_actions": ["take_back", "finish"],
        }
        fields = (
            "id",
            "url",
            "display",
            "lender",
            "partner",
            "on",
            "status",
            "document",
            "available_actions",
            "created_at",
            "updated_at",
        )


def _visit_actions(row: ReturnVisit, audience: Audience) -> list[str]:
    return RETURN_VISIT.available(
        row.status, roles_toward(audience.user, lender=row.lender_id, partner=row.partner_id)
    )


class ScanRow(Row):
    url = Url("scans")
    consignment = Link("consignments", allow_null=True)
    return_visit = Link("return-visits", allow_null=True)
    stocktake = Link("stocktakes", allow_null=True)
    fix = Computed(
        serializers.CharField(
            help_text="What `mend` would do: put_on_list, take_back or count_as_seen; empty where nothing can be done."
        ),
        lambda row, audience: fix_of(row) if row.review == ReviewState.OPEN else "",
    )

    class Meta:
        model = Scan
        example = {
            "consignment": "KRM-0042",
            "return_visit": "SDN 01 2026-11-23",
            "barcode": "BH-000123",
            "reason": "picked",
            "undone_at": None,
            "stocktake": None,
            "batch": None,
            "scanned_at": None,
            "review": "",
            "fix": "",
        }
        fields = (
            "id",
            "url",
            "client_event_id",
            "desk",
            "consignment",
            "return_visit",
            "barcode",
            "outcome",
            "reason",
            "at",
            "undone_at",
            "stocktake",
            "batch",
            "recorded_offline",
            "scanned_at",
            "review",
            "review_note",
            "fix",
        )
