from django.db import models
from django.utils.translation import gettext_lazy as _

from libraries.choices import RegionLevel


class RegionQuerySet(models.QuerySet["Region"]):
    def visible_to(self, user: object) -> "RegionQuerySet":
        """Regions are public facts."""
        return self


class Region(models.Model):
    """A province, regency, district or village by its Kemendagri code (``13.76.01.1002``)."""

    code = models.CharField(_("code"), max_length=13, primary_key=True)
    name = models.CharField(_("name"), max_length=120)
    level = models.CharField(_("level"), max_length=10, choices=RegionLevel)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name
