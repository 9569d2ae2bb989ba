from django.db import models
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.fields import Uuid7Field


class PaperVersion(models.Model):
    """One paper that was issued for an agreement. The last is the one that holds; earlier ones stay readable (A8)."""

    id = Uuid7Field()
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.CASCADE, related_name="paper_versions"
    )
    document = models.OneToOneField(
        "libraries.Document", verbose_name=_("document"), on_delete=models.PROTECT, related_name="+"
    )
    ordinal = models.PositiveSmallIntegerField(_("version"))

    class Meta:
        ordering = ("agreement", "-ordinal")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "ordinal"], name="paper_version_once"),
        ]

    def __str__(self) -> str:
        return str(self.ordinal)


class SignedScan(models.Model):
    """A scan of the signed paper. A better one replaces it on the page; none is ever thrown away (A8)."""

    id = Uuid7Field()
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.CASCADE, related_name="signed_scans"
    )
    file = models.OneToOneField(
        "libraries.StoredFile", verbose_name=_("file"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("agreement", "-id")

    def __str__(self) -> str:
        return str(self.file)
