from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.fields import Uuid7Field
from libraries.access import access_of
from libraries.catalogue.choices import Condition, CopyPlace
from loans.choices import MoveKind


class CustodyMoveQuerySet(models.QuerySet["CustodyMove"]):
    def visible_to(self, user: object) -> "CustodyMoveQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            Q(copy__owner__in=access.offices)
            | Q(from_holder__in=access.institutions)
            | Q(to_holder__in=access.institutions)
        )


class CustodyMove(models.Model):
    """One row of the custody ledger: a copy left one holder and place for another. Rows are only ever added.

    A copy's ledger begins on its owner's shelf. ``sequence`` orders the moves of one copy without trusting clocks,
    and its uniqueness makes two moves at once impossible.
    """

    id = Uuid7Field()
    copy = models.ForeignKey("catalogue.Copy", on_delete=models.PROTECT, related_name="moves")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(_("what happened"), max_length=10, choices=MoveKind)
    from_holder = models.ForeignKey("libraries.Institution", on_delete=models.PROTECT, related_name="+")
    from_place = models.CharField(max_length=10, choices=CopyPlace)
    to_holder = models.ForeignKey("libraries.Institution", on_delete=models.PROTECT, related_name="+")
    to_place = models.CharField(max_length=10, choices=CopyPlace)
    line = models.ForeignKey("loans.LoanLine", null=True, on_delete=models.PROTECT, related_name="moves")
    condition = models.CharField(_("condition"), max_length=10, choices=Condition, blank=True)
    note = models.CharField(
        _("note"),
        max_length=200,
        blank=True,
        help_text=_("Such as the decision by which it was written off."),
    )
    actor = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = CustodyMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("custody move")
        verbose_name_plural = _("custody ledger")
        ordering = ("copy", "sequence")
        constraints = [models.UniqueConstraint(fields=["copy", "sequence"], name="custody_sequence_once")]
        indexes = [models.Index(fields=["line"], name="custody_by_line")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"
