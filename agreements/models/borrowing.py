from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models.ruling import OfOfficeQuerySet
from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, Versioned


@audited()
class BorrowingRule(Record, Versioned):
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

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("borrowing rule")
        verbose_name_plural = _("borrowing rules")

    def __str__(self) -> str:
        return str(self.office)
