"""What is sent about the judging of a cooperation."""

from typing import Any

from rest_framework import serializers

from agreements.lifecycle import EVALUATION
from agreements.models import Evaluation, Indicator, Measurement, Obstacle
from agreements.services.evaluating import figures_of, obstacles_of
from kerjasama.api.rows import Audience, Computed, Display, Link, PlainRow, Row, Url
from libraries.access import roles_toward


def _actions(row: Evaluation, audience: Audience) -> list[str]:
    roles = roles_toward(audience.user, office=row.agreement.office_id)
    return EVALUATION.available(row.status, roles)


def _entered_by(row: Measurement, audience: Audience) -> str:
    return str(row.entered_by) if row.entered_by else ""


class NotedRow(Row):
    """An obstacle by itself."""

    url = Url("obstacles")
    display = Display()
    agreement = Link("agreements")
    owner = Computed(
        serializers.CharField(help_text="Who sees to it; empty when nobody was named."),
        lambda row, audience: str(row.owner) if row.owner else "",
    )

    class Meta:
        model = Obstacle
        example = {
            "display": "Ketenagaan",
            "agreement": "012/PKS/BH/VI/2026",
            "kind": "staff",
            "description": "Guru pustakawan sering berganti.",
            "remedy": "Pelatihan setiap semester.",
            "owner": "Rina Marlina",
        }
        fields = (
            "id",
            "url",
            "display",
            "agreement",
            "kind",
            "description",
            "remedy",
            "owner",
            "noted_on",
            "due_on",
            "resolved_on",
            "resolution",
            "version",
            "created_at",
            "updated_at",
        )


class MeasurementRow(Row):
    url = Url("measurements")
    display = Display()
    indicator = Link("indicators")
    entered_by = Computed(serializers.CharField(help_text="Who; empty when the system counted."), _entered_by)

    class Meta:
        model = Measurement
        example = {"display": "1250", "indicator": "Kunjungan", "value": "1250.00", "entered_by": "Rina"}
        fields = (
            "id",
            "url",
            "display",
            "indicator",
            "starts_on",
            "ends_on",
            "value",
            "source",
            "entered_by",
            "note",
            "created_at",
            "updated_at",
        )


class IndicatorRow(Row):
    url = Url("indicators")
    display = Display()
    agreement = Link("agreements")

    class Meta:
        model = Indicator
        example = {
            "display": "Kunjungan",
            "agreement": "012/PKS/BH/VI/2026",
            "name": "Kunjungan",
            "unit": "kunjungan",
            "figure": "",
            "baseline_value": "900.00",
            "baseline_source": "Buku tamu 2020",
            "target_value": "1200.00",
        }
        fields = (
            "id",
            "url",
            "display",
            "agreement",
            "kind",
            "name",
            "unit",
            "direction",
            "gathering",
            "figure",
            "baseline_value",
            "baseline_from",
            "baseline_until",
            "baseline_source",
            "target_value",
            "target_on",
            "version",
            "created_at",
            "updated_at",
        )


class FigureRow(PlainRow):
    """An indicator over the time judged. ``now`` is ``measured`` in the length of the time before."""

    name = serializers.CharField()
    unit = serializers.CharField()
    direction = serializers.CharField()
    baseline = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    target = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    measured = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    now = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    days = serializers.IntegerField(help_text="How many days were measured.")
    verdict = serializers.CharField()
    source = serializers.CharField(help_text="counted, entered, both, or empty when nothing was measured.")

    class Meta:
        example = {"name": "Kunjungan", "unit": "kunjungan", "direction": "more", "verdict": "reached"}


class ObstacleRow(PlainRow):
    kind = serializers.CharField()
    description = serializers.CharField()
    remedy = serializers.CharField()
    owner = serializers.CharField(help_text="Who sees to it; empty when nobody was named.")
    due_on = serializers.DateField(allow_null=True)
    resolved_on = serializers.DateField(allow_null=True)
    resolution = serializers.CharField()

    class Meta:
        example = {"kind": "staff", "description": "Guru pustakawan berganti.", "remedy": "Pelatihan."}


def _say_all(row_class: Any, lines: Any, audience: Audience) -> list[dict[str, Any]]:
    return [row_class.say(line, audience) for line in lines]


class EvaluationRow(Row):
    url = Url("evaluations")
    display = Display()
    agreement = Link("agreements")
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        _actions,
    )

    class Meta:
        model = Evaluation
        example = {
            "display": "004/EVAL/BH/XI/2026",
            "agreement": "012/PKS/BH/VI/2026",
            "number": "004/EVAL/BH/XI/2026",
            "status": "finished",
            "recommendation": "renew",
            "conclusion": "Murid lebih sering datang ke perpustakaan.",
            "document": "Evaluasi kerja sama 004/EVAL/BH/XI/2026",
            "available_actions": ["reopen"],
        }
        fields: tuple[str, ...] = (
            "id",
            "url",
            "display",
            "agreement",
            "number",
            "status",
            "starts_on",
            "ends_on",
            "recommendation",
            "finished_on",
            "available_actions",
            "version",
            "created_at",
            "updated_at",
        )


class EvaluationDetail(EvaluationRow):
    document = Link("documents", allow_null=True)
    figures = Computed(
        FigureRow(many=True, help_text="Frozen once it is finished."),
        lambda row, audience: _say_all(FigureRow, figures_of(row), audience),
    )
    obstacles = Computed(
        ObstacleRow(many=True, help_text="Frozen once it is finished."),
        lambda row, audience: _say_all(ObstacleRow, obstacles_of(row), audience),
    )

    class Meta(EvaluationRow.Meta):
        fields = (*EvaluationRow.Meta.fields, "conclusion", "document", "figures", "obstacles")
