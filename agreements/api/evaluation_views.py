"""Judging a cooperation over the API: aims, their measurements, and the evaluation made of them (A11)."""

from typing import Any

from agreements.api.evaluation_inputs import (
    EvaluationChange,
    EvaluationInput,
    IndicatorChange,
    IndicatorInput,
    MeasurementInput,
    NewObstacleInput,
    ObstacleInput,
    ResolutionInput,
)
from agreements.api.evaluation_rows import (
    EvaluationDetail,
    EvaluationRow,
    IndicatorRow,
    MeasurementRow,
    NotedRow,
)
from agreements.filters import EvaluationFilter, IndicatorFilter, MeasurementFilter, ObstacleFilter
from agreements.lifecycle import EVALUATION
from agreements.models import Evaluation, Indicator, Measurement, Obstacle
from agreements.services import evaluating, measuring, obstacles
from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import NoteInput
from kerjasama.api.rows import Removed
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


def count(view: Any, row: Evaluation, data: dict[str, Any]) -> Any:
    return measuring.count_measurements(
        agreement=row.agreement, actor=view.actor, starts_on=row.starts_on, ends_on=row.ends_on
    )


def note_obstacle(view: Any, row: Evaluation, data: dict[str, Any]) -> Any:
    return obstacles.note_obstacle(agreement=row.agreement, actor=view.actor, **data)


def remove_indicator(view: Any, row: Indicator, data: dict[str, Any]) -> Any:
    key = row.pk
    measuring.drop_indicator(indicator=row, actor=view.actor)
    return key


def remove_measurement(view: Any, row: Measurement, data: dict[str, Any]) -> Any:
    key = row.pk
    measuring.drop_measurement(measurement=row, actor=view.actor)
    return key


class EvaluationViewSet(EventsMixin, CreateMixin, ReviseMixin, ReadViewSet):
    """What an agreement brought, in figures and in words. The keeping office sees it always, its parties once it is
    finished."""

    scope_noun = "evaluations"
    queryset = Evaluation.objects.select_related(
        "agreement__office", "agreement__partner", "document"
    ).prefetch_related("agreement__indicators__measurements", "agreement__obstacles__owner")
    list_queryset = Evaluation.objects.select_related("agreement")
    serializer_class = EvaluationRow
    detail_class = EvaluationDetail
    filterset_class = EvaluationFilter
    create_input = EvaluationInput
    revise_input = EvaluationChange
    create_example = {"agreement": SOME_ID}
    revise_example = {"conclusion": "Murid lebih sering datang.", "recommendation": "renew"}
    lives = (EVALUATION,)
    subject = "evaluation"
    acts = {
        "finish": Act(
            evaluating.finish_evaluation,
            says="Freeze its figures and obstacles, and issue the numbered paper.",
        ),
        "reopen": Act(
            evaluating.reopen_evaluation,
            NoteInput,
            says="Back to a draft; the paper is withdrawn and the figures are live again.",
            example={"note": "Angka kunjungan keliru."},
        ),
        "count": Act(
            measuring.count_measurements,
            says="Count what the system knows about the time judged and write it to the indicators.",
            run=count,
        ),
        "note_obstacle": Act(
            obstacles.note_obstacle,
            ObstacleInput,
            says="Note what stood in the way.",
            example={
                "kind": "staff",
                "description": "Guru pustakawan sering berganti.",
                "remedy": "Pelatihan setiap semester.",
                "due_on": "2026-12-15",
            },
            run=note_obstacle,
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Evaluation:
        return evaluating.begin_evaluation(actor=self.actor, **data)

    def do_revise(self, row: Evaluation, data: dict[str, Any]) -> Evaluation:
        return evaluating.revise_evaluation(evaluation=row, actor=self.actor, version=row.version, **data)


class IndicatorViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """The aims of agreements as figures: what was before, what is wanted. The keeping office's own."""

    scope_noun = "indicators"
    queryset = Indicator.objects.select_related("agreement")
    serializer_class = IndicatorRow
    filterset_class = IndicatorFilter
    create_input = IndicatorInput
    revise_input = IndicatorChange
    create_example = {
        "agreement": SOME_ID,
        "kind": "visits",
        "baseline_value": "900",
        "baseline_from": "2020-01-01",
        "baseline_until": "2020-12-31",
        "baseline_source": "Buku tamu 2020",
        "target_value": "1200",
    }
    revise_example = {"target_value": "1500"}
    subject = "indicator"
    acts = {
        "remove": Act(
            measuring.drop_indicator,
            says="Take the aim back, as long as nothing was measured for it.",
            answers=Removed,
            run=remove_indicator,
        )
    }

    def do_create(self, data: dict[str, Any]) -> Indicator:
        return measuring.add_indicator(actor=self.actor, **data)

    def do_revise(self, row: Indicator, data: dict[str, Any]) -> Indicator:
        return measuring.revise_indicator(indicator=row, actor=self.actor, version=row.version, **data)


class MeasurementViewSet(CreateMixin, ReadViewSet):
    """Values of indicators over a time. A value for exactly the same time takes the place of the earlier one."""

    scope_noun = "measurements"
    queryset = Measurement.objects.select_related("indicator", "entered_by")
    serializer_class = MeasurementRow
    filterset_class = MeasurementFilter
    create_input = MeasurementInput
    create_example = {
        "indicator": SOME_ID,
        "starts_on": "2021-01-01",
        "ends_on": "2021-06-30",
        "value": "640",
        "note": "Buku tamu",
    }
    subject = "measurement"
    acts = {
        "remove": Act(
            measuring.drop_measurement,
            says="Take a value away. Finished evaluations keep it.",
            answers=Removed,
            run=remove_measurement,
        )
    }

    def do_create(self, data: dict[str, Any]) -> Measurement:
        return measuring.record_measurement(actor=self.actor, **data)


class ObstacleViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """What stands in the way of a cooperation, of the eight kinds of the field. The keeping office's own."""

    scope_noun = "obstacles"
    queryset = Obstacle.objects.select_related("agreement", "owner")
    serializer_class = NotedRow
    filterset_class = ObstacleFilter
    create_input = NewObstacleInput
    revise_input = ObstacleInput
    create_example = {
        "agreement": SOME_ID,
        "kind": "staff",
        "description": "Guru pustakawan sering berganti.",
        "remedy": "Pelatihan setiap semester.",
        "due_on": "2026-12-15",
    }
    revise_example = {"due_on": "2027-01-15"}
    subject = "obstacle"
    acts = {
        "resolve": Act(
            obstacles.resolve_obstacle,
            ResolutionInput,
            says="It stands in the way no longer.",
            example={"resolution": "Guru baru sudah dilatih."},
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Obstacle:
        return obstacles.note_obstacle(actor=self.actor, **data)

    def do_revise(self, row: Obstacle, data: dict[str, Any]) -> Obstacle:
        return obstacles.revise_obstacle(obstacle=row, actor=self.actor, version=row.version, **data)
