"""What is sent about lending."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from kerjasama.domain import clock
from kerjasama.domain.lifecycle import Life
from libraries.access import roles_toward
from loans.lifecycle import CASE, CONSIGNMENT, PERIOD, PROGRAMME, RETURN_VISIT
from loans.models import Case, Consignment, Discrepancy, LoanLine, Period, Programme, ReturnVisit, Scan

# Steps that other verbs bring about: handing over begins a period, the last book back closes both.
CONSEQUENCES: dict[str, frozenset[str]] = {
    PERIOD.name: frozenset({"begin", "close"}),
    CONSIGNMENT.name: frozenset({"close"}),
}


def actions(life: Life, sides: Callable[[Any], Any] = lambda row: row) -> Computed:
    """The verbs that the reader may POST to now. ``sides`` gives what names the lender and the partner."""
    left_out = CONSEQUENCES.get(life.name, frozenset())

    def read(row: Any, audience: Audience) -> list[str]:
        side = sides(row)
        roles = roles_toward(audience.user, lender=side.lender_id, partner=side.partner_id)
        return [action for action in life.available(row.status, roles) if action not in left_out]

    shape = serializers.ListField(
        child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
    )
    return Computed(shape, read)


def days_late(sides: Callable[[Any], Any] = lambda row: row) -> Computed:
    return Computed(
        serializers.IntegerField(help_text="0 when it is not late."),
        lambda row, audience: row.days_late(clock.today(sides(row).lender.zone)),
    )


def count(name: str, words: str) -> Computed:
    return Computed(serializers.IntegerField(help_text=words), lambda row, audience: getattr(row, name))


class ProgrammeRow(Row):
    url = Url("programmes")
    display = Display()
    agreement = Link("agreements")
    lender = Link("institutions")
    partner = Link("institutions")
    available_actions = actions(PROGRAMME)

    class Meta:
        model = Programme
        fields = (
            "id",
            "url",
            "display",
            "agreement",
            "lender",
            "partner",
            "quantity",
            "interval_months",
            "receipt_days",
            "replacement_days",
            "reading_levels",
            "starts_on",
            "ends_on",
            "status",
            "available_actions",
            "created_at",
            "updated_at",
        )


class PeriodRow(Row):
    url = Url("periods")
    display = Display()
    programme = Link("programmes")
    lender = Link("institutions", lambda row: row.programme.lender)
    partner = Link("institutions", lambda row: row.programme.partner)
    days_late = days_late(lambda row: row.programme)
    available_actions = actions(PERIOD, lambda row: row.programme)

    class Meta:
        model = Period
        fields = (
            "id",
            "url",
            "display",
            "programme",
            "lender",
            "partner",
            "sequence",
            "nominal_on",
            "starts_on",
            "ends_on",
            "status",
            "overdue_since",
            "days_late",
            "available_actions",
            "created_at",
            "updated_at",
        )


class ConsignmentRow(Row):
    url = Url("consignments")
    display = Display()
    period = Link("periods")
    lender = Link("institutions")
    partner = Link("institutions")
    handover_document = Link("documents", allow_null=True)
    days_late = days_late()
    available_actions = actions(CONSIGNMENT)

    class Meta:
        model = Consignment
        fields: tuple[str, ...] = (
            "id",
            "url",
            "display",
            "code",
            "period",
            "lender",
            "partner",
            "quantity",
            "status",
            "due_on",
            "dispatched_on",
            "confirm_by",
            "received_on",
            "received_by",
            "handover_document",
            "days_late",
            "available_actions",
            "created_at",
            "updated_at",
        )


class ConsignmentDetail(ConsignmentRow):
    line_count = count("line_count", "Books on the list.")
    picked_count = count("picked_count", "Scanned into the box.")
    out_count = count("out_count", "With the partner now.")
    lost_count = count("lost_count", "Reported lost.")
    returned_count = count("returned_count", "Back.")
    shortfall = Computed(
        serializers.ListField(
            child=serializers.DictField(), help_text="What the proposal could not fill, and by how many."
        ),
        lambda row, audience: row.shortfall,
    )
    lines_url = Computed(
        serializers.URLField(help_text="Its books, one row each."),
        lambda row, audience: f"{audience.address('consignments', row.pk)}lines/",
    )

    class Meta(ConsignmentRow.Meta):
        fields = (
            *ConsignmentRow.Meta.fields,
            "shortfall",
            "line_count",
            "picked_count",
            "out_count",
            "lost_count",
            "returned_count",
            "lines_url",
        )


class LineRow(Row):
    copy = Link("copies")
    title = Link("titles", lambda row: row.copy.title)

    class Meta:
        model = LoanLine
        fields = (
            "id",
            "copy",
            "title",
            "status",
            "picked_at",
            "condition_out",
            "receipt",
            "returned_at",
            "condition_back",
        )


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

    class Meta:
        model = Scan
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
        )


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
    days_late = days_late()
    available_actions = actions(CASE)

    class Meta:
        model = Case
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
            "available_actions",
            "created_at",
            "updated_at",
        )
