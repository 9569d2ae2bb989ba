from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import StatusEvent, Versioned
from kerjasama.domain.wording import long_date
from libraries.access import access_of
from mobile_service.choices import HOLDING_VISITS, VisitorKind, VisitStatus

SPAN = Func("begins_at", "ends_at", function="TSTZRANGE", output_field=DateTimeRangeField())


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: object) -> "VisitQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(stop__office__in=access.offices) | Q(stop__partner__in=access.institutions))

    def public(self) -> "VisitQuerySet":
        return self.filter(stop__is_public=True, stop__is_active=True)

    def holding(self) -> "VisitQuerySet":
        """Those that take place, or have taken place."""
        return self.filter(status__in=HOLDING_VISITS)

    def for_list(self) -> "VisitQuerySet":
        return self.select_related("stop__office", "stop__partner", "vehicle", "trip", "series__stop")


@audited()
class Visit(Versioned):
    """The van at one stop on one day, from a series, a plan, a request, or by hand (M2, M3, M5).

    ``begins_at`` and ``ends_at`` are what is planned and published; ``arrived_at`` and ``left_at`` what happened.
    """

    trip = models.ForeignKey(
        "mobile_service.Trip", verbose_name=_("trip"), on_delete=models.PROTECT, related_name="visits"
    )
    vehicle = models.ForeignKey("mobile_service.Vehicle", on_delete=models.PROTECT, related_name="+")
    stop = models.ForeignKey(
        "mobile_service.Stop", verbose_name=_("stop"), on_delete=models.PROTECT, related_name="visits"
    )
    begins_at = models.DateTimeField(_("arrives at"))
    ends_at = models.DateTimeField(_("leaves at"))
    series = models.ForeignKey(
        "mobile_service.Series",
        verbose_name=_("series"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="visits",
    )
    # The day that the rule of the series gave (RECURRENCE-ID); it stays when the visit is moved.
    series_on = models.DateField(_("day of the series"), null=True, blank=True, editable=False)
    plan = models.ForeignKey(
        "mobile_service.RoutePlan",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="visits",
        editable=False,
    )
    status = models.CharField(
        _("status"), max_length=10, choices=VisitStatus, default=VisitStatus.PLANNED, editable=False
    )
    reason = models.CharField(
        _("reason"), max_length=200, blank=True, help_text=_("Published with the change.")
    )
    # Placed by a person: a later plan keeps it where it is.
    is_pinned = models.BooleanField(_("fixed by hand"), default=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    arrived_at = models.DateTimeField(_("arrived"), null=True, editable=False)
    left_at = models.DateTimeField(_("left"), null=True, editable=False)
    note = models.TextField(_("note"), blank=True)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("begins_at", "id")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=VisitStatus.values), name="visit_status_known"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="visit_ends_after_begin",
                violation_error_message=_("A visit ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, series_on__isnull=True)
                | Q(series__isnull=False, series_on__isnull=False),
                name="visit_of_series_has_day",
            ),
            models.UniqueConstraint(fields=["series", "series_on"], name="visit_once_per_day_of_series"),
            # Deferrable, because adopting a plan lets visits change places; whoever moves a single one is told at once.
            ExclusionConstraint(
                name="visit_vehicle_at_one_place",
                expressions=[("vehicle", RangeOperators.EQUAL), (SPAN, RangeOperators.OVERLAPS)],
                condition=Q(status__in=["planned", "arrived"]),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("The vehicle is at another stop at that time."),
            ),
            ExclusionConstraint(
                name="visit_stop_one_vehicle",
                expressions=[("stop", RangeOperators.EQUAL), (SPAN, RangeOperators.OVERLAPS)],
                condition=Q(status__in=["planned", "arrived"]),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("A vehicle is at this stop at that time already."),
            ),
        ]
        indexes = [
            models.Index(fields=["stop", "begins_at"], name="visit_by_stop"),
            models.Index(fields=["begins_at"], name="visit_by_time"),
            models.Index(fields=["trip", "begins_at"], name="visit_by_trip"),
        ]

    def __str__(self) -> str:
        return f"{self.stop}, {long_date(timezone.localdate(self.begins_at), get_language() or 'id')}"


class VisitEvent(StatusEvent):
    subject = models.ForeignKey("mobile_service.Visit", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"


class Tally(models.Model):
    """What was counted at a visit, summed up from the entries of the crew's phones: never typed over, always added."""

    visit = models.OneToOneField("mobile_service.Visit", on_delete=models.CASCADE, related_name="tally")
    visitors = models.JSONField(_("visitors by kind"), default=dict)
    visitor_count = models.PositiveIntegerField(_("visitors"), default=0)
    lent = models.PositiveIntegerField(_("lent from the van"), default=0)
    returned = models.PositiveIntegerField(_("back to the van"), default=0)

    class Meta:
        verbose_name = _("count of a visit")
        verbose_name_plural = _("counts of visits")

    def __str__(self) -> str:
        return f"{self.visitor_count}"

    def of(self, kind: VisitorKind) -> int:
        return int(self.visitors.get(kind, 0))
