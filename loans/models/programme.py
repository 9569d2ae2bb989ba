from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent
from libraries.access import access_of
from loans.choices import PeriodStatus, ProgrammeStatus


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: object) -> "ProgrammeQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(lender__in=access.offices) | Q(partner__in=access.institutions))

    def for_list(self) -> "ProgrammeQuerySet":
        return self.select_related("lender", "partner", "agreement")


@audited()
class Programme(Record):
    """A rotation under an agreement: so many books, swapped every so many months (L1).

    Most agreements carry one; some several (60 picture books for the lower classes, 40 for the upper), each with its name.
    The terms are copied from the agreement when the programme opens, and again when an addendum has changed them: what
    was delivered before keeps the terms of its day.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement",
        verbose_name=_("agreement"),
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    label = models.CharField(
        _("for whom"),
        max_length=60,
        blank=True,
        help_text=_("Tells several programmes of one agreement apart, such as “Kelas 1–3”."),
    )
    lender = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("lender"),
        on_delete=models.PROTECT,
        related_name="lent_programmes",
    )
    partner = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("partner"),
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    quantity = models.PositiveSmallIntegerField(_("books per delivery"))
    interval_months = models.PositiveSmallIntegerField(_("swapped every (months)"))
    receipt_days = models.PositiveSmallIntegerField(_("days to confirm receipt"))
    replacement_days = models.PositiveSmallIntegerField(_("days to replace a lost book"))
    own_terms = models.BooleanField(
        _("own number and interval"),
        default=False,
        editable=False,
        help_text=_("It keeps its own number of books and interval when the agreement is amended."),
    )
    starts_on = models.DateField(_("first delivery"))
    ends_on = models.DateField(_("ends"))
    own_end = models.BooleanField(
        _("own last day"),
        default=False,
        editable=False,
        help_text=_("It ends before its agreement does, on a day that was chosen."),
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("preferred weekdays"),
        default=list,
        blank=True,
        help_text=_(
            "On which swaps are planned, 0 is Monday; empty means every day that both sides are open."
        ),
    )
    paused_until = models.DateField(_("paused until"), null=True, blank=True, editable=False)
    reading_levels = models.JSONField(
        _("reading levels"), default=list, blank=True, help_text=_("Levels to choose from; empty means all.")
    )
    profile = models.ForeignKey(
        "loans.QuotaProfile",
        verbose_name=_("quota profile"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="programmes",
        help_text=_("What each delivery is made of; without one, subjects are spread evenly."),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ProgrammeStatus, default=ProgrammeStatus.RUNNING, editable=False
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("lending programme")
        verbose_name_plural = _("lending programmes")
        ordering = ("-starts_on", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="programme_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, interval_months__gte=1), name="programme_terms_positive"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ProgrammeStatus.values), name="programme_status_known"
            ),
            models.UniqueConstraint(
                fields=["agreement", "label"],
                name="programme_label_once",
                violation_error_message=_("The agreement already has a programme of this name."),
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]), name="programme_weekdays_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} – {self.agreement}" + (f" ({self.label})" if self.label else "")

    @property
    def for_whom(self) -> str:
        """The partner, and which of its programmes where there are several: “SDN 01, Kelas 1–3”."""
        return f"{self.partner}, {self.label}" if self.label else str(self.partner)


class ProgrammeEvent(StatusEvent):
    subject = models.ForeignKey("loans.Programme", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"


def late_on(on: date) -> Q:
    """Books of the period are out and its last day has passed: everywhere the same, whether the clock has noticed or not."""
    return Q(status=PeriodStatus.RUNNING, ends_on__lt=on)


class PeriodQuerySet(models.QuerySet["Period"]):
    def visible_to(self, user: object) -> "PeriodQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            Q(programme__lender__in=access.offices) | Q(programme__partner__in=access.institutions)
        )

    def overdue(self, on: date) -> "PeriodQuerySet":
        return self.filter(late_on(on))

    def for_list(self) -> "PeriodQuerySet":
        return self.select_related("programme__lender", "programme__partner")


@audited()
class Period(Record):
    """One stay of a hundred books at the partner: from the swap that brings them to the swap that takes them (L1)."""

    programme = models.ForeignKey(
        "loans.Programme", verbose_name=_("programme"), on_delete=models.CASCADE, related_name="periods"
    )
    sequence = models.PositiveSmallIntegerField(_("number"))
    nominal_on = models.DateField(
        _("date by the interval"), help_text=_("Before it was moved off closed days.")
    )
    starts_on = models.DateField(_("delivery"))
    ends_on = models.DateField(_("goes back"))
    status = models.CharField(
        _("status"), max_length=10, choices=PeriodStatus, default=PeriodStatus.PLANNED, editable=False
    )
    overdue_since = models.DateField(_("late since"), null=True, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ("programme", "sequence")
        constraints = [
            models.UniqueConstraint(fields=["programme", "sequence"], name="period_sequence_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="period_ends_after_start",
                violation_error_message=_("Books must go back after they were delivered."),
            ),
            models.CheckConstraint(condition=Q(status__in=PeriodStatus.values), name="period_status_known"),
        ]
        indexes = [
            models.Index(fields=["ends_on"], condition=Q(status="running"), name="period_running"),
            models.Index(fields=["starts_on"], condition=Q(status="planned"), name="period_planned"),
        ]

    def __str__(self) -> str:
        return str(_("Period %(number)s") % {"number": self.sequence})

    def days_late(self, on: date) -> int:
        """Days past the last day; 0 when not late. Only a running period can be late."""
        return max(0, (on - self.ends_on).days) if self.status == PeriodStatus.RUNNING else 0


class PeriodEvent(StatusEvent):
    subject = models.ForeignKey("loans.Period", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
