from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of
from mobile_service.choices import StopSheetStatus


class StopSheetQuerySet(models.QuerySet["StopSheet"]):
    def visible_to(self, user: object) -> "StopSheetQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(office__in=access.offices)

    def for_list(self) -> "StopSheetQuerySet":
        return self.select_related("office", "started_by").defer("rows")


@audited(exclude=["rows", "passed_over"])
class StopSheet(Record):
    """A timetable handed over as a file: read once, compared with the stops whenever it is looked at, adopted whole or not (M1).

    ``rows``: what was read, one entry a stop, and one for each row that cannot be used (``stop_sheet.Read.kept``).
    ``passed_over``: heads of columns that were not understood; what stands below them is not taken.
    """

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("file name"), max_length=200)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=StopSheetStatus,
        default=StopSheetStatus.CHECKED,
        editable=False,
    )
    rows = models.JSONField(default=list, editable=False)
    passed_over = models.JSONField(_("columns not understood"), default=list, editable=False)
    new = models.PositiveIntegerField(default=0, editable=False)
    changed = models.PositiveIntegerField(default=0, editable=False)
    unchanged = models.PositiveIntegerField(default=0, editable=False)
    bad = models.PositiveIntegerField(default=0, editable=False)
    started_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    objects = StopSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of stops")
        verbose_name_plural = _("lists of stops")
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=StopSheetStatus.values), name="stop_sheet_status_known"
            )
        ]

    def __str__(self) -> str:
        return self.name
