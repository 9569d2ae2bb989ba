from datetime import date

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.fields import Uuid7Field
from kerjasama.domain.models import Record, StatusEvent
from libraries.access import access_of
from libraries.catalogue.choices import Condition
from loans.choices import HIDDEN_FROM_PARTNERS, OPEN_LINES, ConsignmentStatus, LineStatus, ReceiptState


class ConsignmentQuerySet(models.QuerySet["Consignment"]):
    def visible_to(self, user: object) -> "ConsignmentQuerySet":
        """The lender's office always; the partner once the books were handed over."""
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            Q(lender__in=access.offices)
            | Q(partner__in=access.institutions) & ~Q(status__in=HIDDEN_FROM_PARTNERS)
        )

    def out(self) -> "ConsignmentQuerySet":
        return self.filter(
            status__in=[ConsignmentStatus.DISPATCHED, ConsignmentStatus.FLAGGED, ConsignmentStatus.RECEIVED]
        )

    def with_counts(self) -> "ConsignmentQuerySet":
        """Adds ``line_count``, ``picked_count``, ``out_count``, ``lost_count``, ``returned_count``."""
        return self.annotate(
            line_count=Count("lines", filter=~Q(lines__status=LineStatus.DROPPED)),
            picked_count=Count("lines", filter=Q(lines__status=LineStatus.PICKED)),
            out_count=Count("lines", filter=Q(lines__status=LineStatus.OUT)),
            lost_count=Count("lines", filter=Q(lines__status=LineStatus.LOST)),
            returned_count=Count("lines", filter=Q(lines__status=LineStatus.RETURNED)),
        )

    def for_list(self) -> "ConsignmentQuerySet":
        return self.select_related("lender", "partner", "period", "handover_document")


@audited()
class Consignment(Record):
    """The books of one period on their way: proposed, scanned, handed over with a BAST, received, back (L3–L7)."""

    code = models.CharField(_("code"), max_length=20, editable=False)
    period = models.ForeignKey(
        "loans.Period", verbose_name=_("period"), on_delete=models.PROTECT, related_name="consignments"
    )
    lender = models.ForeignKey(
        "libraries.Institution", verbose_name=_("lender"), on_delete=models.PROTECT, related_name="+"
    )
    partner = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("partner"),
        on_delete=models.PROTECT,
        related_name="consignments",
    )
    quantity = models.PositiveSmallIntegerField(_("books wanted"))
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=ConsignmentStatus,
        default=ConsignmentStatus.PICKING,
        editable=False,
    )
    due_on = models.DateField(_("goes back"))
    shortfall = models.JSONField(_("what the proposal could not fill"), default=list, editable=False)
    dispatched_on = models.DateField(_("handed over"), null=True, editable=False)
    confirm_by = models.DateField(_("to be confirmed by"), null=True, editable=False)
    received_on = models.DateField(_("received"), null=True, editable=False)
    received_by = models.CharField(_("received by"), max_length=120, blank=True, editable=False)
    handover_document = models.OneToOneField(
        "libraries.Document",
        verbose_name=_("handover record"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    objects = ConsignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["lender", "code"], name="consignment_code_once"),
            models.UniqueConstraint(
                fields=["period"],
                condition=~Q(status=ConsignmentStatus.CANCELLED),
                name="consignment_one_per_period",
                violation_error_message=_("This period already has a delivery."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=ConsignmentStatus.values), name="consignment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["picking", "cancelled"])
                | Q(dispatched_on__isnull=False, confirm_by__isnull=False, handover_document__isnull=False),
                name="consignment_out_has_record",
            ),
        ]
        indexes = [
            models.Index(
                fields=["confirm_by"], condition=Q(status="dispatched"), name="consignment_unconfirmed"
            ),
            models.Index(fields=["partner", "status"], name="consignment_by_partner"),
        ]

    def __str__(self) -> str:
        return self.code

    def days_late(self, on: date) -> int:
        """Days past the day on which the books should have gone back; 0 when not late or not out."""
        out = {ConsignmentStatus.DISPATCHED, ConsignmentStatus.FLAGGED, ConsignmentStatus.RECEIVED}
        return max(0, (on - self.due_on).days) if self.status in out else 0


class ConsignmentEvent(StatusEvent):
    subject = models.ForeignKey("loans.Consignment", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"


class LoanLineQuerySet(models.QuerySet["LoanLine"]):
    def visible_to(self, user: object) -> "LoanLineQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            Q(consignment__lender__in=access.offices)
            | Q(consignment__partner__in=access.institutions)
            & ~Q(consignment__status__in=HIDDEN_FROM_PARTNERS)
        )

    def open(self) -> "LoanLineQuerySet":
        return self.filter(status__in=OPEN_LINES)

    def in_shelf_order(self) -> "LoanLineQuerySet":
        return self.select_related("copy__title").order_by("copy__call_number", "copy__barcode")


class LoanLine(models.Model):
    """One copy in one consignment. While it is open, no other open line may name the same copy."""

    id = Uuid7Field()
    consignment = models.ForeignKey("loans.Consignment", on_delete=models.CASCADE, related_name="lines")
    copy = models.ForeignKey(
        "catalogue.Copy", verbose_name=_("copy"), on_delete=models.PROTECT, related_name="loan_lines"
    )
    status = models.CharField(_("status"), max_length=10, choices=LineStatus, default=LineStatus.PROPOSED)
    picked_at = models.DateTimeField(_("scanned"), null=True)
    picked_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    condition_out = models.CharField(_("condition when lent"), max_length=10, choices=Condition, blank=True)
    receipt = models.CharField(
        _("receipt"), max_length=12, choices=ReceiptState, default=ReceiptState.UNCONFIRMED
    )
    returned_at = models.DateTimeField(_("returned"), null=True)
    returned_to = models.ForeignKey(
        "loans.ReturnVisit", null=True, on_delete=models.PROTECT, related_name="lines"
    )
    condition_back = models.CharField(_("condition on return"), max_length=10, choices=Condition, blank=True)
    # In which box it was packed; none where a delivery goes without.
    box = models.ForeignKey("loans.Box", null=True, on_delete=models.SET_NULL, related_name="lines")
    # Written when a stocktake is finished: when the book was last seen at the partner.
    seen_at = models.DateTimeField(_("last seen"), null=True)

    objects = LoanLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan line")
        verbose_name_plural = _("loan lines")
        constraints = [
            models.UniqueConstraint(
                fields=["copy"],
                condition=Q(status__in=["proposed", "picked", "out", "lost"]),
                name="line_one_open_per_copy",
                violation_error_message=_("This copy is already in another delivery."),
            ),
            models.UniqueConstraint(fields=["consignment", "copy"], name="line_copy_once_per_consignment"),
            models.CheckConstraint(condition=Q(status__in=LineStatus.values), name="line_status_known"),
        ]
        indexes = [models.Index(fields=["consignment", "status"], name="line_by_consignment")]

    def __str__(self) -> str:
        return str(self.pk)
