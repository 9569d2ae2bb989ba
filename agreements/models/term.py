from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.choices import ReplacementWay
from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record


@audited()
class LendingTerm(Record):
    """The terms of a collection loan with rotation, as data that the loans obey (A7, A9, F1)."""

    agreement = models.OneToOneField(
        "agreements.Agreement", on_delete=models.CASCADE, related_name="lending_term"
    )
    quantity = models.PositiveSmallIntegerField(
        _("books per delivery"), default=100, validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    interval_months = models.PositiveSmallIntegerField(
        _("swapped every (months)"), default=3, validators=[MinValueValidator(1), MaxValueValidator(24)]
    )
    first_delivery_on = models.DateField(_("first delivery"), null=True, blank=True)
    replacement_days = models.PositiveSmallIntegerField(
        _("days to replace a lost book"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    replacement_ways = ArrayField(
        models.CharField(max_length=12, choices=ReplacementWay),
        verbose_name=_("a lost book is replaced by"),
        default=list,
        blank=True,
        help_text=_("Nothing chosen means: any of them."),
    )
    receipt_days = models.PositiveSmallIntegerField(
        _("days to confirm receipt"), default=3, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )

    class Meta:
        verbose_name = _("lending terms")
        verbose_name_plural = _("lending terms")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    quantity__gte=1, interval_months__gte=1, replacement_days__gte=1, receipt_days__gte=1
                ),
                name="lending_term_positive",
                violation_error_message=_("Quantity, interval and days must be at least 1."),
            )
        ]

    def __str__(self) -> str:
        return str(
            _("%(quantity)s books every %(months)s months")
            % {
                "quantity": self.quantity,
                "months": self.interval_months,
            }
        )
