from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import StatusEvent, Versioned
from libraries.access import access_of
from mobile_service.choices import SeriesStatus


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: object) -> "SeriesQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(stop__office__in=access.offices) | Q(stop__partner__in=access.institutions))

    def for_list(self) -> "SeriesQuerySet":
        return self.select_related("stop__office", "stop__partner", "vehicle")


@audited()
class Series(Versioned):
    """Visits to a stop that repeat by a rule: every Sunday, the second and fourth Tuesday, every 8 weeks (M2).

    ``rule`` is an RRULE (RFC 5545 3.3.10) without DTSTART and UNTIL; ``starts_on``, ``ends_on`` and the times are fields. Its
    occurrences are ``Visit`` rows with ``series_on``, the day that the rule gave, whatever became of them.
    """

    stop = models.ForeignKey(
        "mobile_service.Stop", verbose_name=_("stop"), on_delete=models.PROTECT, related_name="series"
    )
    vehicle = models.ForeignKey(
        "mobile_service.Vehicle", verbose_name=_("vehicle"), on_delete=models.PROTECT, related_name="series"
    )
    rule = models.CharField(_("rule"), max_length=200)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    begins_at = models.TimeField(_("arrives at"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    # Days of the rule on which nothing takes place and nothing is shown (EXDATE): holidays, and what a person left out.
    left_out = ArrayField(models.DateField(), verbose_name=_("left out"), default=list, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=SeriesStatus, default=SeriesStatus.ACTIVE, editable=False
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of visits")
        verbose_name_plural = _("series of visits")
        ordering = ("starts_on", "id")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=SeriesStatus.values), name="series_status_known"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="series_ends_after_start",
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(5, 480)),
                name="series_minutes_sane",
                violation_error_message=_("A visit takes 5 minutes to 8 hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stop} {self.rule}"


class SeriesEvent(StatusEvent):
    subject = models.ForeignKey("mobile_service.Series", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
