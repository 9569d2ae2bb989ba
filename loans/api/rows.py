"""What is sent about lending."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from kerjasama.domain import clock
from kerjasama.domain.lifecycle import Life
from libraries.access import roles_toward
from loans.lifecycle import CONSIGNMENT, PERIOD, PROGRAMME, WISH
from loans.models import Consignment, LoanLine, Period, Programme

# Steps that other verbs bring about: handing over begins a period, the last book back closes both.
CONSEQUENCES: dict[str, frozenset[str]] = {
    PERIOD.name: frozenset({"begin", "close", "skip"}),
    CONSIGNMENT.name: frozenset({"close"}),
    WISH.name: frozenset({"release"}),
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
        example = {
            "display": "SDN 01 – 012/PKS/BH/VI/2026",
            "agreement": "012/PKS/BH/VI/2026",
            "lender": "Perpustakaan Bung Hatta",
            "partner": "SDN 01",
            "label": "",
            "quantity": 100,
            "interval_months": 3,
            "weekdays": [0, 3],
            "paused_until": None,
            "reading_levels": ["early", "middle"],
            "available_actions": ["pause", "extend", "bring_home", "end"],
        }
        fields = (
            "id",
            "url",
            "display",
            "agreement",
            "label",
            "lender",
            "partner",
            "quantity",
            "interval_months",
            "weekdays",
            "paused_until",
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
        example = {
            "display": "Period 2",
            "programme": "SDN 01 – 012/PKS/BH/VI/2026",
            "lender": "Perpustakaan Bung Hatta",
            "partner": "SDN 01",
            "sequence": 2,
            "available_actions": ["propose", "move", "cancel"],
            "days_late": 0,
            "overdue_since": None,
        }
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
        example = {
            "display": "KRM-0042",
            "code": "KRM-0042",
            "period": "Period 2",
            "lender": "Perpustakaan Bung Hatta",
            "partner": "SDN 01",
            "quantity": 100,
            "status": "dispatched",
            "received_on": None,
            "handover_document": "Serah terima 100 buku kepada SDN 01 014/BAST/BH/XI/2026",
            "available_actions": ["take_back", "report_loss"],
            "days_late": 0,
            "line_count": 100,
            "out_count": 100,
            "picked_count": 0,
            "lost_count": 0,
            "returned_count": 0,
        }
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
    box = Computed(
        serializers.IntegerField(
            allow_null=True, help_text="Number of the box it was packed in; null where there are no boxes."
        ),
        lambda row, audience: row.box.number if row.box_id else None,
    )

    class Meta:
        model = LoanLine
        example = {
            "copy": "BH-000123",
            "title": "Si Jamin dan si Johan",
            "status": "out",
            "condition_out": "good",
            "box": 2,
        }
        fields = (
            "id",
            "copy",
            "title",
            "box",
            "status",
            "picked_at",
            "condition_out",
            "receipt",
            "returned_at",
            "condition_back",
            "seen_at",
        )
