from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepRun(models.Model):
    """The last turn of one sweep of the timetable: `/readyz` and staff see from it whether the clock still ticks."""

    name = models.CharField(_("sweep"), max_length=80, primary_key=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, help_text=_("Empty while it runs, or died."))
    count = models.PositiveIntegerField(_("rows dealt with"), default=0)
    error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
