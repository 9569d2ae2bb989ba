from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementStatus, ObligationStatus
from agreements.models.agreement import Agreement
from kerjasama.domain.audit import audited
from kerjasama.domain.models import StatusEvent, Versioned
from libraries.access import access_of


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def visible_to(self, user: object) -> "ObligationQuerySet":
        """Whoever may see the agreement: all its parties see what each has taken on."""
        access = access_of(user)
        return self if access.everything else self.filter(agreement__in=Agreement.objects.visible_to(user))

    def unfulfilled(self) -> "ObligationQuerySet":
        return self.filter(status__in=[ObligationStatus.OPEN, ObligationStatus.PARTLY])

    def overdue(self, on: date) -> "ObligationQuerySet":
        return self.unfulfilled().filter(due_on__lt=on, agreement__status=AgreementStatus.ACTIVE)

    def for_list(self) -> "ObligationQuerySet":
        return self.select_related("agreement__office", "agreement__partner", "party__institution")


@audited()
class Obligation(Versioned):
    """One duty that a party has taken on, with the day by which it is due (A5)."""

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.CASCADE, related_name="obligations"
    )
    party = models.ForeignKey(
        "agreements.Party",
        verbose_name=_("whose duty"),
        on_delete=models.PROTECT,
        related_name="duties",
    )
    text = models.CharField(_("duty"), max_length=300)
    due_on = models.DateField(_("due"))
    status = models.CharField(
        _("status"), max_length=10, choices=ObligationStatus, default=ObligationStatus.OPEN, editable=False
    )
    note = models.TextField(_("note"), blank=True, editable=False)
    done_on = models.DateField(_("fulfilled on"), null=True, blank=True, editable=False)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ("due_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ObligationStatus.values), name="obligation_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=ObligationStatus.LAPSED) | ~Q(note=""),
                name="obligation_lapses_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(status__in=["open", "partly"]), name="obligation_due")
        ]

    def __str__(self) -> str:
        return self.text


class ObligationEvent(StatusEvent):
    """One step in the life of an obligation."""

    subject = models.ForeignKey("agreements.Obligation", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
