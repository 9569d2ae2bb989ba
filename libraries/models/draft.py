from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.fields import Uuid7Field


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: object) -> "DraftQuerySet":
        """What somebody has not yet sent is theirs alone: no colleague and no office reads along."""
        key = getattr(user, "pk", None)
        return self.filter(user_id=key) if key else self.none()


class Draft(models.Model):
    """What one person has answered so far in a form of several pages, and not yet sent (U6).

    It outlives the session, so a sign-in that ran out between two pages costs nothing, and the phone may be laid aside
    and taken up again, or another one used. ``form`` names the form, ``subject_id`` the thing that it is about.
    """

    id = Uuid7Field()
    user = models.ForeignKey("libraries.User", on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(_("form"), max_length=30)
    subject_id = models.UUIDField()
    answers: Any = models.JSONField(default=dict)
    updated_at = models.DateTimeField(_("changed"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["user", "form", "subject_id"], name="draft_once")]
        indexes = [models.Index(fields=["updated_at"], name="draft_age")]

    def __str__(self) -> str:
        return f"{self.form} {self.subject_id}"
