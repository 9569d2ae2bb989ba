"""What is sent about differences on receipt, losses and damage."""

from rest_framework import serializers

from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from libraries.access import roles_toward
from loans.api.rows import days_late
from loans.lifecycle import CONSIGNMENT, steps_of_case
from loans.models import Case, Discrepancy, Plea


class DiscrepancyRow(Row):
    url = Url("discrepancies")
    display = Display()
    consignment = Link("consignments")
    title = Computed(
        serializers.CharField(help_text="The book that it is about; empty for one that is not on the list."),
        lambda row, audience: str(row.line.copy.title) if row.line_id else "",
    )
    barcode = Computed(
        serializers.CharField(), lambda row, audience: row.line.copy.barcode if row.line_id else ""
    )
    line = Computed(serializers.UUIDField(allow_null=True), lambda row, audience: row.line_id)
    available_actions = Computed(
        serializers.ListField(child=serializers.CharField()),
        lambda row, audience: _discrepancy_actions(row, audience),
    )

    class Meta:
        model = Discrepancy
        example = {
            "display": "Damaged",
            "consignment": "KRM-0042",
            "kind": "damaged",
            "barcode": "BH-000123",
            "title": "Si Jamin dan si Johan",
            "description": "Sampul sobek.",
            "resolved_at": None,
            "available_actions": ["resolve"],
        }
        fields = (
            "id",
            "url",
            "display",
            "consignment",
            "kind",
            "line",
            "barcode",
            "title",
            "description",
            "resolved_at",
            "resolution",
            "available_actions",
            "created_at",
            "updated_at",
        )


def _discrepancy_actions(row: Discrepancy, audience: Audience) -> list[str]:
    """Resolving is part of taking back: who may do the one may do the other."""
    side = row.consignment
    roles = roles_toward(audience.user, lender=side.lender_id, partner=side.partner_id)
    may = "take_back" in CONSIGNMENT.available(side.status, roles)
    return ["resolve"] if may and row.resolved_at is None else []


class CaseRow(Row):
    url = Url("cases")
    display = Display()
    lender = Link("institutions")
    partner = Link("institutions")
    copy = Link("copies")
    title = Link("titles", lambda row: row.copy.title)
    consignment = Link("consignments", lambda row: row.line.consignment)
    replacement_copy = Link("copies", allow_null=True)
    letter = Link("documents", allow_null=True)
    settlement_record = Link("documents", allow_null=True)
    warning = Link("documents", allow_null=True)
    days_late = days_late()
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        lambda row, audience: steps_of_case(
            row.kind,
            row.status,
            roles_toward(audience.user, lender=row.lender_id, partner=row.partner_id),
        ),
    )

    class Meta:
        model = Case
        example = {
            "display": "KHR-0007",
            "code": "KHR-0007",
            "status": "assessed",
            "lender": "Perpustakaan Bung Hatta",
            "partner": "SDN 01",
            "copy": "BH-000123",
            "title": "Si Jamin dan si Johan",
            "consignment": "KRM-0042",
            "account": "Hilang saat kunjungan kelas.",
            "demand": "same_title",
            "amount": None,
            "days_late": 0,
            "settlement": "",
            "settled_on": None,
            "paid_amount": None,
            "replacement_copy": "BH-009001",
            "reason": "",
            "letter": "Penggantian buku 021/SP/BH/XI/2026",
            "settlement_record": "Penyelesaian kasus KHR-0007 022/BA/BH/XI/2026",
            "write_off_number": "",
            "warning": None,
            "available_actions": ["offer", "appeal", "extend", "settle", "find"],
        }
        fields = (
            "id",
            "url",
            "display",
            "code",
            "kind",
            "status",
            "lender",
            "partner",
            "copy",
            "title",
            "consignment",
            "reported_on",
            "account",
            "demand",
            "amount",
            "due_on",
            "days_late",
            "settlement",
            "settled_on",
            "paid_amount",
            "replacement_copy",
            "reason",
            "letter",
            "settlement_record",
            "write_off_number",
            "warning",
            "available_actions",
            "created_at",
            "updated_at",
        )


class PleaRow(Row):
    letter = Link("documents", allow_null=True)
    photograph = Computed(
        serializers.URLField(allow_null=True, help_text="Where the photograph is read, if there is one."),
        lambda row, audience: (
            audience.absolute(f"/berkas/{row.photograph_id}/") if row.photograph_id else None
        ),
    )

    class Meta:
        model = Plea
        example = {
            "kind": "offer",
            "title": "Ragam Batik Nusantara untuk Anak",
            "isbn": "9786020332959",
            "condition": "good",
            "words": "Terbitan baru, masih tersegel.",
            "photograph": None,
            "answer": "accepted",
            "answer_note": "",
            "letter": "Jawaban kasus KHR-0007 023/SP/BH/XI/2026",
        }
        fields = (
            "id",
            "kind",
            "title",
            "isbn",
            "condition",
            "words",
            "photograph",
            "made_on",
            "answer",
            "answer_note",
            "answered_on",
            "letter",
        )


class CaseDetail(CaseRow):
    pleas = Computed(
        PleaRow(
            many=True, help_text="Books offered in its place and objections to the demand, oldest first."
        ),
        lambda row, audience: [PleaRow.say(plea, audience) for plea in row.pleas.all()],
    )

    class Meta(CaseRow.Meta):
        example = {**CaseRow.Meta.example, "pleas": []}
        fields = (*CaseRow.Meta.fields, "pleas")
