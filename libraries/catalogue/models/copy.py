from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of
from libraries.catalogue.choices import Condition, CopyPlace


class CopyQuerySet(models.QuerySet["Copy"]):
    def visible_to(self, user: object) -> "CopyQuerySet":
        """The owner's staff see their copies; a partner sees those it holds."""
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(owner__in=access.offices) | Q(holder__in=access.institutions))

    def on_shelf(self) -> "CopyQuerySet":
        return self.filter(place=CopyPlace.SHELF)


@audited(
    fields=["id", "barcode", "title", "owner", "call_number", "accession_number", "price", "condition"],
)
class Copy(Record):
    """One physical item.

    ``holder`` and ``place`` say where it is now. Only the custody service of the loans moves them, and every move is a
    row of the custody ledger, from which `manage.py check_custody` proves them.
    """

    title = models.ForeignKey(
        "catalogue.Title", verbose_name=_("title"), on_delete=models.PROTECT, related_name="copies"
    )
    owner = models.ForeignKey(
        "libraries.Institution", verbose_name=_("owner"), on_delete=models.PROTECT, related_name="copies"
    )
    barcode = models.CharField(_("barcode"), max_length=40)
    accession_number = models.CharField(_("accession number"), max_length=60, blank=True)
    call_number = models.CharField(_("call number"), max_length=80, blank=True)
    location = models.CharField(_("shelf location"), max_length=60, blank=True)
    price = models.DecimalField(_("price (Rp)"), max_digits=12, decimal_places=2, null=True, blank=True)
    condition = models.CharField(_("condition"), max_length=10, choices=Condition, default=Condition.GOOD)
    may_travel = models.BooleanField(
        _("may be lent to partners"),
        default=True,
        help_text=_("Reference works and single treasures stay at home."),
    )
    acquired_on = models.DateField(_("acquired"), null=True, blank=True)
    holder = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("now with"),
        on_delete=models.PROTECT,
        related_name="held_copies",
        editable=False,
    )
    place = models.CharField(
        _("place"), max_length=10, choices=CopyPlace, default=CopyPlace.SHELF, editable=False
    )
    placed_at = models.DateTimeField(_("there since"), auto_now_add=True)
    rests_since = models.DateField(_("rests since"), null=True, editable=False)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy")
        verbose_name_plural = _("copies")
        ordering = ("barcode",)
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "barcode"],
                name="copy_barcode_once",
                violation_error_message=_("Another copy of this library already has this barcode."),
            ),
            models.CheckConstraint(condition=Q(place__in=CopyPlace.values), name="copy_place_known"),
            models.CheckConstraint(
                condition=Q(place__in=["away", "lost"]) | Q(holder=models.F("owner")),
                name="copy_at_home_is_with_owner",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "place", "rests_since"], name="copy_resting"),
            models.Index(fields=["holder", "place"], name="copy_held"),
            models.Index(fields=["owner", "call_number", "id"], name="copy_shelf_order"),
            models.Index(fields=["updated_at", "id"], name="copy_changes"),
            models.Index(fields=["barcode"], name="copy_barcode"),
        ]

    def __str__(self) -> str:
        return self.barcode
