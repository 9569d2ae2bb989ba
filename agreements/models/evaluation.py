from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from agreements.choices import (
    Direction,
    EvaluationStatus,
    Gathering,
    IndicatorKind,
    MeasurementSource,
    ObstacleKind,
    Recommendation,
)
from agreements.models.agreement import Agreement
from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent, Versioned
from libraries.access import access_of


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, user: object) -> "IndicatorQuerySet":
        """The keeping office's own, whatever the partner may see of the agreement."""
        access = access_of(user)
        return self if access.everything else self.filter(agreement__office__in=access.offices)


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def visible_to(self, user: object) -> "MeasurementQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(indicator__agreement__office__in=access.offices)


class ObstacleQuerySet(models.QuerySet["Obstacle"]):
    def visible_to(self, user: object) -> "ObstacleQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(agreement__office__in=access.offices)

    def open(self) -> "ObstacleQuerySet":
        return self.filter(resolved_on__isnull=True)

    def due(self, on: date) -> "ObstacleQuerySet":
        """Those whose remedy was to be done by ``on`` and is not."""
        return self.open().filter(due_on__lte=on)


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, user: object) -> "EvaluationQuerySet":
        """The office that keeps the agreement; its parties once the evaluation is finished."""
        access = access_of(user)
        if access.everything:
            return self
        shared = Agreement.objects.filter(parties__institution__in=access.institutions).values("pk")
        return self.filter(
            Q(agreement__office__in=access.offices)
            | Q(status=EvaluationStatus.FINISHED, agreement__in=shared)
        )

    def finished(self) -> "EvaluationQuerySet":
        return self.filter(status=EvaluationStatus.FINISHED)

    def drafts(self) -> "EvaluationQuerySet":
        return self.filter(status=EvaluationStatus.DRAFT)


@audited()
class Indicator(Versioned):
    """One aim of an agreement as a figure: where it stood before, where it should go (A11)."""

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.CASCADE, related_name="indicators", editable=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=IndicatorKind)
    name = models.CharField(_("what is measured"), max_length=120)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.MORE)
    gathering = models.CharField(
        _("several measurements"), max_length=6, choices=Gathering, default=Gathering.SUM
    )
    figure = models.CharField(
        _("counted as"),
        max_length=40,
        blank=True,
        help_text=_("The figure that the system counts for it. Empty: somebody enters the values."),
    )
    baseline_value = models.DecimalField(
        _("value before"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    baseline_from = models.DateField(_("before: from"), null=True, blank=True)
    baseline_until = models.DateField(_("before: until"), null=True, blank=True)
    baseline_source = models.CharField(_("source of the value before"), max_length=200, blank=True)
    target_value = models.DecimalField(
        _("target"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    target_on = models.DateField(_("target by"), null=True, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ("agreement", "created_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "name"],
                name="indicator_name_once",
                violation_error_message=_("The agreement already has an indicator of this name."),
            ),
            models.CheckConstraint(
                condition=Q(baseline_from__isnull=True)
                | Q(baseline_until__isnull=True)
                | Q(baseline_until__gte=F("baseline_from")),
                name="indicator_baseline_ordered",
                violation_error_message=_("The time before must end after it begins."),
            ),
            models.CheckConstraint(
                condition=(Q(baseline_value__isnull=True) | Q(baseline_value__gte=0))
                & (Q(target_value__isnull=True) | Q(target_value__gte=0)),
                name="indicator_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class Measurement(Record):
    """The value of an indicator for a time: entered by somebody, or counted by the system."""

    indicator = models.ForeignKey(
        "agreements.Indicator", on_delete=models.CASCADE, related_name="measurements", editable=False
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    value = models.DecimalField(
        _("value"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    source = models.CharField(_("source"), max_length=8, choices=MeasurementSource, editable=False)
    entered_by = models.ForeignKey(
        "libraries.User",
        verbose_name=_("entered by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    note = models.CharField(_("where the value comes from"), max_length=200, blank=True)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ("indicator", "starts_on")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="measurement_ordered",
                violation_error_message=_("The time measured must end after it begins."),
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="measurement_not_negative"),
            ExclusionConstraint(
                name="measurement_times_apart",
                expressions=[
                    ("indicator", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("There is already a value for a part of this time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value}"


@audited()
class Obstacle(Versioned):
    """What stood in the way of a cooperation, and what is done about it (A11)."""

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.CASCADE, related_name="obstacles", editable=False
    )
    kind = models.CharField(_("kind"), max_length=14, choices=ObstacleKind)
    description = models.TextField(_("what stands in the way"))
    remedy = models.TextField(_("what is done about it"), blank=True)
    owner = models.ForeignKey(
        "libraries.User",
        verbose_name=_("who sees to it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    noted_on = models.DateField(_("noted on"), editable=False)
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True, editable=False)
    resolution = models.TextField(_("how it was resolved"), blank=True, editable=False)

    objects = ObstacleQuerySet.as_manager()

    class Meta:
        verbose_name = _("obstacle")
        verbose_name_plural = _("obstacles")
        ordering = ("agreement", "noted_on", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True) | Q(resolved_on__gte=F("noted_on")),
                name="obstacle_resolved_after_noted",
                violation_error_message=_("It cannot be resolved before it was noted."),
            )
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(resolved_on__isnull=True), name="obstacle_to_do")
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


@audited(exclude=["record"])
class Evaluation(Versioned):
    """What an agreement brought over a time, judged in figures and in words (A11).

    ``record`` holds the figures and obstacles as they stood when it was finished; a draft reads them as they are now.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="evaluations", editable=False
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=EvaluationStatus,
        default=EvaluationStatus.DRAFT,
        editable=False,
    )
    conclusion = models.TextField(_("conclusion"), blank=True)
    recommendation = models.CharField(_("recommendation"), max_length=8, choices=Recommendation, blank=True)
    record = models.JSONField(default=dict, editable=False)
    finished_on = models.DateField(_("finished on"), null=True, editable=False)
    number = models.CharField(_("number"), max_length=120, blank=True, editable=False)
    document = models.ForeignKey(
        "libraries.Document",
        verbose_name=_("document"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ("-ends_on", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="evaluation_ordered",
                violation_error_message=_("The time judged must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=EvaluationStatus.values), name="evaluation_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=EvaluationStatus.FINISHED)
                | Q(finished_on__isnull=False) & ~Q(recommendation=""),
                name="evaluation_finished_says_what",
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(status=EvaluationStatus.DRAFT),
                name="evaluation_one_draft",
                violation_error_message=_("An evaluation of this agreement is already being written."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self._meta.verbose_name)

    @property
    def is_finished(self) -> bool:
        return self.status == EvaluationStatus.FINISHED


class EvaluationEvent(StatusEvent):
    """One step in the life of an evaluation."""

    subject = models.ForeignKey("agreements.Evaluation", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
