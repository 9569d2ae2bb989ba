import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.fields import Uuid7Field
from libraries.access import access_of
from loans.choices import ReviewState, ScanDesk, ScanOutcome
from loans.models.consignment import Consignment
from loans.models.return_visit import ReturnVisit
from loans.models.stocktake import Stocktake


class ScanQuerySet(models.QuerySet["Scan"]):
    def visible_to(self, user: object) -> "ScanQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            Q(consignment__lender__in=access.offices)
            | Q(return_visit__lender__in=access.offices)
            | Q(stocktake__lender__in=access.offices)
            | Q(stocktake__partner__in=access.institutions)
        )

    def to_review(self) -> "ScanQuerySet":
        return self.filter(review=ReviewState.OPEN)


class Scan(models.Model):
    """Every scan at a desk, accepted or refused, with the answer that was given (L3).

    ``client_event_id`` is unique for ever: a scan that is sent again is answered again, not done again. ``batch`` holds
    together what was pasted at once. ``recorded_offline`` tells of a physical fact: it is kept even where a rule says
    no, and then stands in the list of what a person decides (``review``).
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
    stocktake = models.ForeignKey(
        "loans.Stocktake", null=True, on_delete=models.CASCADE, related_name="scans"
    )
    barcode = models.CharField(_("barcode"), max_length=80)
    line = models.ForeignKey("loans.LoanLine", null=True, on_delete=models.PROTECT, related_name="scans")
    outcome = models.CharField(_("answer"), max_length=10, choices=ScanOutcome)
    reason = models.CharField(_("reason"), max_length=40)
    facts = models.JSONField(default=dict)
    actor = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    undone_at = models.DateTimeField(_("taken back"), null=True)
    batch = models.UUIDField(_("pasted at once"), null=True)
    recorded_offline = models.BooleanField(_("recorded without a connection"), default=False)
    scanned_at = models.DateTimeField(
        _("scanned"), null=True, help_text=_("By the clock of the device, where it waited to be sent.")
    )
    review = models.CharField(_("review"), max_length=10, choices=ReviewState, blank=True, default="")
    reviewed_at = models.DateTimeField(_("decided"), null=True)
    reviewed_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    review_note = models.CharField(_("remark"), max_length=300, blank=True)

    objects = ScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ("-at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(consignment__isnull=False, return_visit__isnull=True, stocktake__isnull=True)
                | Q(consignment__isnull=True, return_visit__isnull=False, stocktake__isnull=True)
                | Q(consignment__isnull=True, return_visit__isnull=True, stocktake__isnull=False),
                name="scan_at_one_desk",
            ),
            models.CheckConstraint(condition=Q(review__in=ReviewState.values), name="scan_review_known"),
        ]
        indexes = [
            models.Index(fields=["consignment", "-at"], name="scan_by_consignment"),
            models.Index(fields=["return_visit", "-at"], name="scan_by_visit"),
            models.Index(fields=["stocktake", "-at"], name="scan_by_stocktake"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="scan_by_batch"),
            models.Index(fields=["-at"], condition=Q(review="open"), name="scan_to_review"),
        ]

    def __str__(self) -> str:
        return f"{self.barcode} {self.reason}"

    @property
    def place(self) -> "Consignment | ReturnVisit | Stocktake":
        """Where it was made; the database holds that there is exactly one."""
        found = self.consignment or self.return_visit or self.stocktake
        assert found is not None
        return found
