from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.choices import DeskOutcome
from agreements.models.ruling import OfOfficeQuerySet
from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, Versioned
from libraries.access import access_of


class BorrowingRuleQuerySet(models.QuerySet["BorrowingRule"]):
    def visible_to(self, user: object) -> "BorrowingRuleQuerySet":
        """It hangs at the library's door: every office may read every other's."""
        return self if access_of(user).is_office else self.none()


@audited()
class BorrowingRule(Versioned):
    """Who may borrow from a library without any agreement: people whose identity card is of its regions (F6).

    Everybody else reads on the spot, unless an agreement of their institution lifts that.
    """

    office = models.OneToOneField(
        "libraries.Institution",
        verbose_name=_("office"),
        on_delete=models.CASCADE,
        related_name="borrowing_rule",
    )
    regions = models.ManyToManyField(
        "libraries.Region",
        verbose_name=_("identity card of"),
        blank=True,
        related_name="+",
        help_text=_("People whose KTP is of one of these regions may become members and borrow."),
    )
    loan_limit = models.PositiveSmallIntegerField(
        _("items at a time"), default=2, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    loan_days = models.PositiveSmallIntegerField(
        _("loan period (days)"), default=7, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    note = models.CharField(_("note for the desk"), max_length=300, blank=True)

    objects = BorrowingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("borrowing rule")
        verbose_name_plural = _("borrowing rules")

    def __str__(self) -> str:
        return str(self.office)


class DeskCount(Record):
    """How often the desk of an office gave an answer on a day. That is all a desk check leaves behind (F6, A11)."""

    office = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("office"),
        on_delete=models.CASCADE,
        related_name="desk_counts",
    )
    day = models.DateField(_("day"))
    outcome = models.CharField(_("answer"), max_length=8, choices=DeskOutcome)
    count = models.PositiveIntegerField(_("number"), default=0)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of desk checks")
        verbose_name_plural = _("counts of desk checks")
        ordering = ("-day", "outcome")
        constraints = [
            models.UniqueConstraint(fields=["office", "day", "outcome"], name="desk_count_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=DeskOutcome.values), name="desk_count_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.get_outcome_display()}"
