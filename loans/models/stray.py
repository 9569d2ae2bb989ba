from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.models import Record
from libraries.access import access_of


class StrayBookQuerySet(models.QuerySet["StrayBook"]):
    def visible_to(self, user: object) -> "StrayBookQuerySet":
        """The library where it turned up, and the one whose book it is."""
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(office__in=access.offices) | Q(owner__in=access.offices))

    def open(self) -> "StrayBookQuerySet":
        return self.filter(sent_on__isnull=True)

    def for_list(self) -> "StrayBookQuerySet":
        return self.select_related("office", "owner", "brought_by", "copy__title", "noted_by", "sent_by")


class StrayBook(Record):
    """A book of another library that came back with ours (L6): whose it is, who brought it, and when it was sent home.

    It is no copy of ours: it has no place in our ledger, and by its owner's it is wherever the owner says.
    """

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("turned up at"), on_delete=models.PROTECT, related_name="+"
    )
    barcode = models.CharField(_("barcode"), max_length=80)
    copy = models.ForeignKey(
        "catalogue.Copy", verbose_name=_("copy"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    owner = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("belongs to"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    owner_name = models.CharField(
        _("stamp or name in the book"),
        max_length=200,
        blank=True,
        help_text=_("Where the owner is not in the directory."),
    )
    brought_by = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("brought by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    return_visit = models.ForeignKey(
        "loans.ReturnVisit", null=True, on_delete=models.PROTECT, related_name="strays"
    )
    noted_on = models.DateField(_("noted on"))
    noted_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField(_("sent home on"), null=True)
    sent_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    sent_how = models.CharField(_("how it was sent"), max_length=200, blank=True)

    objects = StrayBookQuerySet.as_manager()

    class Meta:
        verbose_name = _("book of another library")
        verbose_name_plural = _("books of other libraries")
        ordering = ("-noted_on", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "barcode"],
                condition=Q(sent_on__isnull=True),
                name="stray_noted_once",
                violation_error_message=_("This book is noted already."),
            )
        ]
        indexes = [models.Index(fields=["office"], condition=Q(sent_on__isnull=True), name="stray_waiting")]

    def __str__(self) -> str:
        return self.title or self.barcode

    @property
    def whose(self) -> str:
        return str(self.owner) if self.owner else self.owner_name
