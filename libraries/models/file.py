from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.fields import Uuid7Field
from libraries.access import access_of
from libraries.choices import FilePurpose
from libraries.models.sharing import shared_with


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: object) -> "StoredFileQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            Q(owner__in=access.institutions)
            | Q(counterpart__in=access.institutions)
            | shared_with("shared_files", access.institutions)
        )


class StoredFile(models.Model):
    """Bytes that belong to an institution and may be seen by one counterpart, and by those whom an app shares them with. They leave only by a checked view."""

    id = Uuid7Field()
    owner = models.ForeignKey("libraries.Institution", on_delete=models.PROTECT, related_name="+")
    counterpart = models.ForeignKey(
        "libraries.Institution", null=True, on_delete=models.PROTECT, related_name="+"
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=FilePurpose)
    file = models.FileField(_("file"), max_length=200)
    original_name = models.CharField(_("name"), max_length=200)
    extension = models.CharField(max_length=8)
    content_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.original_name


class FileView(models.Model):
    """Who opened a file, and when (A8)."""

    file = models.ForeignKey("libraries.StoredFile", on_delete=models.CASCADE, related_name="views")
    user = models.ForeignKey("libraries.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.user} {self.at:%Y-%m-%d %H:%M}"
