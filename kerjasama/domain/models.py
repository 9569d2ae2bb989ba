"""Abstract rows that every app builds on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.fields import Uuid7Field


class Record(models.Model):
    """A row with an unguessable, time-ordered id and the two moments everybody asks for."""

    id = Uuid7Field()
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True, db_index=True)

    class Meta:
        abstract = True


class Versioned(Record):
    """A record that two people may edit: ``version`` grows with each save of the form, and makes the ETag."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def touch(self) -> None:
        """Count a change of this row's parts as one of its own, so that whoever edits it meanwhile is told."""
        self.version += 1
        self.save(update_fields=["version", "updated_at"])


class StatusEvent(models.Model):
    """One step in the life of a thing: the timeline on the page, the audit, the source of statistics.

    The concrete class adds the foreign key to its subject, named ``subject``. Rows are only ever added.
    ``actor`` is empty when the clock acted.
    """

    id = Uuid7Field()
    action = models.CharField(_("action"), max_length=40)
    from_state = models.CharField(_("from"), max_length=30, blank=True)
    to_state = models.CharField(_("to"), max_length=30)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True
        ordering = ("at", "id")
