from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of
from loans.choices import BulkKind

# How long an act on many things can be taken back (U14).
UNDO_FOR = timedelta(minutes=10)


class BulkActQuerySet(models.QuerySet["BulkAct"]):
    def visible_to(self, user: object) -> "BulkActQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(office__in=access.offices)


@audited(exclude=["rows"])
class BulkAct(Record):
    """One press on many things: who, when, what, and what became of each. It can be taken back for ten minutes (U14).

    ``rows`` holds, for each thing asked for: ``id``, ``label``, ``outcome`` (done, refused, undone, kept), ``said`` (why
    not), and ``before``, what undoing needs to know. A thing that was refused was not touched.
    """

    office = models.ForeignKey("libraries.Institution", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what was done"), max_length=12, choices=BulkKind)
    made_by = models.ForeignKey("libraries.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("at"))
    facts = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    done = models.PositiveIntegerField(_("done"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    undone_at = models.DateTimeField(_("taken back at"), null=True)
    undone_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects = BulkActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act on many")
        verbose_name_plural = _("acts on many")
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def undo_until(self) -> datetime:
        return self.made_at + UNDO_FOR

    def may_be_undone(self, now: datetime) -> bool:
        return self.undone_at is None and self.done > 0 and now < self.undo_until()
