from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.models import Record
from libraries.access import access_of
from loans.choices import HIDDEN_FROM_PARTNERS


class BoxQuerySet(models.QuerySet["Box"]):
    def visible_to(self, user: object) -> "BoxQuerySet":
        """As the delivery: the lender's office always, the partner once the books were handed over."""
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            Q(consignment__lender__in=access.offices)
            | Q(consignment__partner__in=access.institutions)
            & ~Q(consignment__status__in=HIDDEN_FROM_PARTNERS)
        )

    def with_books(self) -> "BoxQuerySet":
        """Adds ``books``: how many were scanned into it."""
        return self.annotate(books=Count("lines"))


class Box(Record):
    """One box of a delivery (L3). Counted when it is closed; the handover closes what is open without a count."""

    consignment = models.ForeignKey("loans.Consignment", on_delete=models.CASCADE, related_name="boxes")
    number = models.PositiveSmallIntegerField(gettext_lazy("number"))
    closed_at = models.DateTimeField(gettext_lazy("closed"), null=True)
    closed_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    counted = models.PositiveSmallIntegerField(gettext_lazy("books counted"), null=True)

    # Only where ``with_books`` was asked.
    books: int

    objects = BoxQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("box")
        verbose_name_plural = gettext_lazy("boxes")
        ordering = ("consignment", "number")
        constraints = [
            models.UniqueConstraint(fields=["consignment", "number"], name="box_number_once"),
            models.UniqueConstraint(
                fields=["consignment"], condition=Q(closed_at__isnull=True), name="box_one_open"
            ),
        ]

    def __str__(self) -> str:
        return _("Box %(number)s") % {"number": self.number}

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
