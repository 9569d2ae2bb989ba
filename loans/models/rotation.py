"""A rotation plan, what it promises, and what a person has fixed beforehand."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent
from kerjasama.domain.wording import plain_date
from libraries.access import access_of
from loans.choices import PlanMode, PlanStatus


class RotationPlanQuerySet(models.QuerySet["RotationPlan"]):
    def visible_to(self, user: object) -> "RotationPlanQuerySet":
        """A plan is the office's own paper; a school sees what comes of it."""
        access = access_of(user)
        return self if access.everything else self.filter(lender__in=access.offices)

    def for_list(self) -> "RotationPlanQuerySet":
        return self.select_related("lender", "asked_by").defer("result", "before")


@audited(exclude=["result", "report", "before", "progress", "claimed_until"])
class RotationPlan(Record):
    """The next periods of all schools of a lender, planned at once (L2): asked for, reckoned by a worker, looked at, adopted.

    Nothing outside this row changes before it is adopted. ``result`` is the plan as canonical JSON, compressed.
    """

    lender = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("lender"),
        on_delete=models.PROTECT,
        related_name="rotation_plans",
    )
    starts_on = models.DateField(_("deliveries from"))
    periods = models.PositiveSmallIntegerField(_("periods"), default=4)
    mode = models.CharField(_("way"), max_length=10, choices=PlanMode, default=PlanMode.PERSONAL)
    fixed = models.PositiveSmallIntegerField(_("books in fixed boxes"), default=0)
    memory = models.PositiveSmallIntegerField(
        _("a title may come again after (periods)"),
        null=True,
        blank=True,
        help_text=_("Empty means never again."),
    )
    weights = models.JSONField(_("weights"), default=dict, blank=True)
    seed = models.PositiveIntegerField(_("seed"), default=1)
    status = models.CharField(
        _("status"), max_length=10, choices=PlanStatus, default=PlanStatus.WAITING, editable=False
    )
    asked_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    progress = models.PositiveSmallIntegerField(_("progress (%)"), default=0, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    schools = models.JSONField(default=list, editable=False)
    left_out = models.JSONField(default=list, editable=False)
    figures = models.JSONField(default=dict, editable=False)
    faults = models.JSONField(default=list, editable=False)
    report = models.JSONField(default=dict, editable=False)
    result = models.BinaryField(null=True, editable=False)
    continues = models.ForeignKey(
        "self",
        verbose_name=_("reckons the rest of"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="continued_by",
        editable=False,
    )
    adopted_at = models.DateTimeField(_("adopted"), null=True, editable=False)
    # What the periods promised before the adoption, compressed, as long as it can be put back.
    before = models.BinaryField(null=True, editable=False)

    objects = RotationPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("rotation plan")
        verbose_name_plural = _("rotation plans")
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=PlanStatus.values), name="plan_status_known"),
            models.CheckConstraint(condition=Q(mode__in=PlanMode.values), name="plan_mode_known"),
            models.CheckConstraint(
                condition=Q(periods__gte=1, periods__lte=12),
                name="plan_periods_few",
                violation_error_message=_("A plan covers 1 to 12 periods."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["ready", "adopted"]) | Q(result__isnull=False),
                name="plan_ready_has_result",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(status__in=["waiting", "running"]), name="plan_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lender} {plain_date(self.starts_on, get_language() or 'id')}"


class RotationPlanEvent(StatusEvent):
    subject = models.ForeignKey("loans.RotationPlan", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"


class PlannedBookQuerySet(models.QuerySet["PlannedBook"]):
    def visible_to(self, user: object) -> "PlannedBookQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(period__programme__lender__in=access.offices)

    def for_list(self) -> "PlannedBookQuerySet":
        return self.select_related(
            "period__programme__partner", "period__programme__lender", "title", "copy", "source"
        )


class PlannedBook(Record):
    """A copy that a period is to bring. It binds nothing yet: the list of the delivery does, when it is proposed.

    ``source`` is the school that hands it on directly. ``is_locked``: fixed by a person, and kept by every later plan.
    """

    period = models.ForeignKey(
        "loans.Period", verbose_name=_("period"), on_delete=models.CASCADE, related_name="planned_books"
    )
    title = models.ForeignKey(
        "catalogue.Title", verbose_name=_("title"), on_delete=models.CASCADE, related_name="+"
    )
    copy = models.ForeignKey(
        "catalogue.Copy", verbose_name=_("copy"), on_delete=models.CASCADE, related_name="planned"
    )
    source = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("straight from"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    plan = models.ForeignKey(
        "loans.RotationPlan", null=True, on_delete=models.SET_NULL, related_name="planned_books"
    )
    is_locked = models.BooleanField(_("fixed by hand"), default=False)

    objects = PlannedBookQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned book")
        verbose_name_plural = _("planned books")
        ordering = ("period", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["period", "title"],
                name="planned_title_once",
                violation_error_message=_("This title is in the plan of that period already."),
            ),
            models.UniqueConstraint(fields=["copy", "period"], name="planned_copy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} → {self.period}"


class TitleBanQuerySet(models.QuerySet["TitleBan"]):
    def visible_to(self, user: object) -> "TitleBanQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(lender__in=access.offices)

    def for_list(self) -> "TitleBanQuerySet":
        return self.select_related("lender", "partner", "title")


@audited()
class TitleBan(Record):
    """This title never goes to this school: a person has said so, with the reason (L2)."""

    lender = models.ForeignKey("libraries.Institution", on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(
        "libraries.Institution", verbose_name=_("school"), on_delete=models.CASCADE, related_name="title_bans"
    )
    title = models.ForeignKey(
        "catalogue.Title", verbose_name=_("title"), on_delete=models.CASCADE, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200)

    objects = TitleBanQuerySet.as_manager()

    class Meta:
        verbose_name = _("title never sent")
        verbose_name_plural = _("titles never sent")
        constraints = [
            models.UniqueConstraint(
                fields=["lender", "partner", "title"],
                name="title_ban_once",
                violation_error_message=_("This title is kept from that school already."),
            ),
            models.CheckConstraint(condition=~Q(lender=F("partner")), name="title_ban_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ↛ {self.partner}"
