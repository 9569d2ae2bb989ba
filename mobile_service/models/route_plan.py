from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent
from mobile_service.choices import RoutePlanStatus
from mobile_service.models.fleet import OfficeOwnQuerySet


class RoutePlanQuerySet(OfficeOwnQuerySet["RoutePlan"]):
    def for_list(self) -> "RoutePlanQuerySet":
        return self.select_related("office", "asked_by").defer("result", "problem", "before")


@audited(
    exclude=["result", "problem", "figures", "unmet", "report", "hand", "before", "progress", "claimed_until"]
)
class RoutePlan(Record):
    """A quarter's calendar and each day's order of stops: asked for, reckoned by a worker, looked at, adopted (M3).

    Nothing outside this row changes before it is adopted. ``problem`` is what the planner was told, ``result`` what it answered, both as
    canonical JSON, compressed. ``hand`` is what a person changed in the plan since: it is kept when the plan is reckoned again.
    """

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="+"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    seconds = models.PositiveSmallIntegerField(_("time to reckon (seconds)"), default=60)
    seed = models.PositiveIntegerField(_("seed"), default=1)
    status = models.CharField(
        _("status"), max_length=10, choices=RoutePlanStatus, default=RoutePlanStatus.WAITING, editable=False
    )
    asked_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    # Reckoned again from this one, with what was changed by hand in it.
    continues = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="continued_by", editable=False
    )
    keeps_calendar = models.BooleanField(_("keep near the present calendar"), default=True)
    progress = models.PositiveSmallIntegerField(_("progress (%)"), default=0, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    figures = models.JSONField(default=dict, editable=False)
    unmet = models.JSONField(default=list, editable=False)
    faults = models.JSONField(default=list, editable=False)
    report = models.JSONField(default=dict, editable=False)
    hand = models.JSONField(default=list, editable=False)
    problem = models.BinaryField(null=True, editable=False)
    result = models.BinaryField(null=True, editable=False)
    # The calendar as it was before the adoption, compressed, as long as it can be put back.
    before = models.BinaryField(null=True, editable=False)
    adopted_at = models.DateTimeField(_("adopted"), null=True, editable=False)

    objects = RoutePlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("route plan")
        verbose_name_plural = _("route plans")
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RoutePlanStatus.values), name="route_plan_status_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="route_plan_ends_after_start",
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["ready", "adopted"]) | Q(result__isnull=False),
                name="route_plan_ready_has_result",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(status__in=["waiting", "running"]),
                name="route_plan_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.starts_on}"


class RoutePlanEvent(StatusEvent):
    subject = models.ForeignKey("mobile_service.RoutePlan", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
