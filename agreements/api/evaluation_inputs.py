"""What is taken about the judging of a cooperation."""

from rest_framework import serializers

from agreements.models import Agreement, Evaluation, Indicator, Measurement, Obstacle
from kerjasama.api.inputs import Input, ModelInput, Visible


class IndicatorChange(ModelInput):
    class Meta:
        model = Indicator
        fields: tuple[str, ...] = (
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
        )


class IndicatorInput(IndicatorChange):
    agreement = Visible(Agreement, help_text="The agreement whose aim it is; you must keep it.")
    name = serializers.CharField(
        max_length=120, required=False, help_text="What is measured; left out, the kind's own words."
    )
    unit = serializers.CharField(max_length=40, required=False)

    class Meta(IndicatorChange.Meta):
        fields = ("agreement", "kind", *IndicatorChange.Meta.fields)


class MeasurementInput(ModelInput):
    indicator = Visible(Indicator)

    class Meta:
        model = Measurement
        fields = ("indicator", "starts_on", "ends_on", "value", "note")


class EvaluationChange(ModelInput):
    class Meta:
        model = Evaluation
        fields: tuple[str, ...] = ("starts_on", "ends_on", "conclusion", "recommendation")


class EvaluationInput(ModelInput):
    agreement = Visible(Agreement, help_text="The agreement to judge; you must keep it.")
    starts_on = serializers.DateField(required=False, help_text="Left out: the first day of the agreement.")
    ends_on = serializers.DateField(required=False, help_text="Left out: today, or its last day.")

    class Meta:
        model = Evaluation
        fields = ("agreement", "starts_on", "ends_on")


class ObstacleInput(ModelInput):
    class Meta:
        model = Obstacle
        fields: tuple[str, ...] = ("kind", "description", "remedy", "due_on")


class NewObstacleInput(ObstacleInput):
    agreement = Visible(Agreement, help_text="The agreement it stands in the way of; you must keep it.")

    class Meta(ObstacleInput.Meta):
        fields = ("agreement", *ObstacleInput.Meta.fields)


class ResolutionInput(Input):
    resolution = serializers.CharField(max_length=2000, help_text="How it was resolved, in a sentence.")
    resolved_on = serializers.DateField(required=False, help_text="Left out: today.")
