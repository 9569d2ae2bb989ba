from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.models import Record
from libraries.access import access_of
from loans.choices import DiscrepancyKind


class DiscrepancyQuerySet(models.QuerySet["Discrepancy"]):
    def visible_to(self, user: object) -> "DiscrepancyQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            Q(consignment__lender__in=access.offices) | Q(consignment__partner__in=access.institutions)
        )

    def open(self) -> "DiscrepancyQuerySet":
        return self.filter(resolved_at__isnull=True)


class Discrepancy(Record):
    """A difference between the list and the box, reported by the school when it confirms receipt (L5)."""

    consignment = models.ForeignKey(
        "loans.Consignment", on_delete=models.CASCADE, related_name="discrepancies"
    )
    line = models.ForeignKey(
        "loans.LoanLine", null=True, on_delete=models.PROTECT, related_name="discrepancies"
    )
    kind = models.CharField(_("difference"), max_length=10, choices=DiscrepancyKind)
    description = models.TextField(_("description"), blank=True)
    photograph = models.ForeignKey(
        "libraries.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reported_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    resolved_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    resolution = models.CharField(_("resolution"), max_length=200, blank=True)

    objects = DiscrepancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference on receipt")
        verbose_name_plural = _("differences on receipt")
        ordering = ("created_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=DiscrepancyKind.EXTRA) ^ Q(line__isnull=False),
                name="discrepancy_names_its_line",
            ),
            models.UniqueConstraint(
                fields=["line"], condition=Q(line__isnull=False), name="discrepancy_once_per_line"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
