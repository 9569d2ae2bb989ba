from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.models import Record
from libraries.access import access_of


class MissingCopyQuerySet(models.QuerySet["MissingCopy"]):
    def visible_to(self, user: object) -> "MissingCopyQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(office__in=access.offices)

    def open(self) -> "MissingCopyQuerySet":
        return self.filter(found_at__isnull=True)

    def for_list(self) -> "MissingCopyQuerySet":
        return self.select_related(
            "office",
            "copy__title",
            "consignment__partner",
            "line",
            "missed_by",
            "found_by",
            "substitute__copy__title",
        )


class MissingCopy(Record):
    """A copy that should stand on its shelf and was looked for in vain (L3). It moves nothing: by the ledger it is home.

    While the row is open nobody is offered the copy. It is closed by whoever scans the book again, at whatever desk, or
    says by hand that it turned up. What stays open for long is for the stocktaking to decide.
    """

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="+"
    )
    copy = models.ForeignKey(
        "catalogue.Copy", verbose_name=_("copy"), on_delete=models.PROTECT, related_name="missed"
    )
    consignment = models.ForeignKey(
        "loans.Consignment",
        verbose_name=_("was to go with"),
        null=True,
        on_delete=models.PROTECT,
        related_name="missing_copies",
    )
    line = models.ForeignKey("loans.LoanLine", null=True, on_delete=models.PROTECT, related_name="missed")
    missed_at = models.DateTimeField(_("looked for in vain"))
    missed_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("remark"), max_length=200, blank=True)
    substitute = models.OneToOneField(
        "loans.LoanLine",
        verbose_name=_("goes in its place"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="stands_in_for",
    )
    found_at = models.DateTimeField(_("turned up"), null=True)
    found_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects = MissingCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy not on its shelf")
        verbose_name_plural = _("copies not on their shelf")
        ordering = ("-missed_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["copy"],
                condition=Q(found_at__isnull=True),
                name="missing_once_per_copy",
                violation_error_message=_("This copy is already known to be missing from its shelf."),
            )
        ]
        indexes = [
            models.Index(
                fields=["office", "missed_at"], condition=Q(found_at__isnull=True), name="missing_now"
            )
        ]

    def __str__(self) -> str:
        return self.copy.barcode


def looked_for() -> Exists:
    """Of a copy: whether it was looked for in vain and has not turned up. Nobody is offered such a copy."""
    return Exists(MissingCopy.objects.open().filter(copy=OuterRef("pk")))
