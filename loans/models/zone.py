from django.db import models
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.models import Record
from libraries.access import access_of


class ShelfZoneQuerySet(models.QuerySet["ShelfZone"]):
    def visible_to(self, user: object) -> "ShelfZoneQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(office__in=access.offices)


class ShelfZone(Record):
    """A part of the house in which one person fetches books (L3): a room, or some shelves of it.

    Where an office has made none, the shelf locations of its catalogue are the zones, and the hundreds of the DDC.
    """

    office = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("library"),
        on_delete=models.CASCADE,
        related_name="shelf_zones",
    )
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(
        _("place on the round"), default=1, help_text=_("Zones are walked through in this order.")
    )
    shelves = models.CharField(
        _("what stands there"),
        max_length=300,
        help_text=_(
            "Class numbers (000-299), beginnings of call numbers (R, FIK) or shelf locations, with commas."
        ),
    )

    objects = ShelfZoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("shelf zone")
        verbose_name_plural = _("shelf zones")
        ordering = ("position", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="shelf_zone_name_once",
                violation_error_message=_("There is already a zone of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ZoneClaimQuerySet(models.QuerySet["ZoneClaim"]):
    def visible_to(self, user: object) -> "ZoneClaimQuerySet":
        """Who fetches what is the office's own matter."""
        access = access_of(user)
        return self if access.everything else self.filter(consignment__lender__in=access.offices)


class ZoneClaim(models.Model):
    """Somebody fetches the books of one zone for one delivery. It tells the others; it locks nothing."""

    consignment = models.ForeignKey("loans.Consignment", on_delete=models.CASCADE, related_name="zone_claims")
    zone = models.CharField(max_length=80)
    user = models.ForeignKey("libraries.User", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects = ZoneClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("zone being fetched")
        verbose_name_plural = _("zones being fetched")
        constraints = [models.UniqueConstraint(fields=["consignment", "zone"], name="zone_claimed_once")]

    def __str__(self) -> str:
        return self.zone
