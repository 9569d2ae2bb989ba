"""What stands at a partner, counted: one occasion, what was expected in it, and when each book was seen."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.fields import Uuid7Field
from kerjasama.domain.models import Record, StatusEvent
from libraries.access import access_of
from loans.choices import StocktakeStatus


class StocktakeQuerySet(models.QuerySet["Stocktake"]):
    def visible_to(self, user: object) -> "StocktakeQuerySet":
        """Both sides: the library on a visit, the school by itself."""
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(lender__in=access.offices) | Q(partner__in=access.institutions))

    def for_list(self) -> "StocktakeQuerySet":
        return self.select_related("lender", "partner")


@audited()
class Stocktake(Record):
    """The books of one library at one partner are counted, on one occasion. Counting moves no book.

    While it is open, its scans are the count; when it is finished the result is written as lines and does not change
    any more, whatever is returned later.
    """

    lender = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="+"
    )
    partner = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("school"),
        on_delete=models.PROTECT,
        related_name="stocktakes",
    )
    status = models.CharField(
        _("status"), max_length=10, choices=StocktakeStatus, default=StocktakeStatus.OPEN, editable=False
    )
    on = models.DateField(_("date"))
    opened_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    expected_count = models.PositiveIntegerField(_("expected"), null=True, editable=False)
    seen_count = models.PositiveIntegerField(_("seen"), null=True, editable=False)
    extra_count = models.PositiveIntegerField(_("found besides"), null=True, editable=False)

    objects = StocktakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("stocktake")
        verbose_name_plural = _("stocktakes")
        ordering = ("-on", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["lender", "partner"], condition=Q(status="open"), name="stocktake_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status__in=StocktakeStatus.values), name="stocktake_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="closed")
                | Q(expected_count__isnull=False, seen_count__isnull=False, extra_count__isnull=False),
                name="stocktake_closed_has_figures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.on}"


class StocktakeEvent(StatusEvent):
    subject = models.ForeignKey("loans.Stocktake", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"


class StocktakeLine(models.Model):
    """The result for one book that should have been there. ``seen_at`` None: it was not seen."""

    id = Uuid7Field()
    stocktake = models.ForeignKey("loans.Stocktake", on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey("loans.LoanLine", on_delete=models.PROTECT, related_name="countings")
    seen_at = models.DateTimeField(_("seen"), null=True)

    class Meta:
        verbose_name = _("counted book")
        verbose_name_plural = _("counted books")
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "line"], name="stocktake_line_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
