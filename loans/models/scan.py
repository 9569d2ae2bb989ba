import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.fields import Uuid7Field
from libraries.access import access_of
from loans.choices import ScanDesk, ScanOutcome


class ScanQuerySet(models.QuerySet["Scan"]):
    def visible_to(self, user: object) -> "ScanQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            Q(consignment__lender__in=access.offices) | Q(return_visit__lender__in=access.offices)
        )


class Scan(models.Model):
    """Every scan at a desk, accepted or refused, with the answer that was given (L3).

    ``client_event_id`` is unique for ever: a scan that is sent again is answered again, not done again.
    """

    id = Uuid7Field()
    client_event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    desk = models.CharField(_("desk"), max_length=10, choices=ScanDesk)
    consignment = models.ForeignKey(
        "loans.Consignment", null=True, on_delete=models.CASCADE, related_name="scans"
    )
    return_visit = models.ForeignKey(
        "loans.ReturnVisit", null=True, on_delete=models.CASCADE, related_name="scans"
    )
    barcode = models.CharField(_("barcode"), max_length=80)
    line = models.ForeignKey("loans.LoanLine", null=True, on_delete=models.PROTECT, related_name="scans")
    outcome = models.CharField(_("answer"), max_length=10, choices=ScanOutcome)
    reason = models.CharField(_("reason"), max_length=40)
    facts = models.JSONField(default=dict)
    actor = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    undone_at = models.DateTimeField(_("taken back"), null=True)

    objects = ScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ("-at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(consignment__isnull=False) ^ Q(return_visit__isnull=False),
                name="scan_at_one_desk",
            )
        ]
        indexes = [
            models.Index(fields=["consignment", "-at"], name="scan_by_consignment"),
            models.Index(fields=["return_visit", "-at"], name="scan_by_visit"),
        ]

    def __str__(self) -> str:
        return f"{self.barcode} {self.reason}"
