from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of


class HoursProposalQuerySet(models.QuerySet["HoursProposal"]):
    def visible_to(self, user: object) -> "HoursProposalQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            models.Q(stop__office__in=access.offices) | models.Q(stop__partner__in=access.institutions)
        )


@audited()
class HoursProposal(Record):
    """Other hours that a school proposes for the stop at its gate. It stands until the desk answers, then it is gone: what was
    accepted are the stop's windows, and every word of it stays in the audit (M1).
    """

    stop = models.OneToOneField(
        "mobile_service.Stop", on_delete=models.CASCADE, related_name="hours_proposal", verbose_name=_("stop")
    )
    # [[weekday, "07:30", "12:00"], …], in order; empty: at any time.
    hours = models.JSONField(_("hours"), default=list)
    note = models.CharField(_("note"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        "libraries.User", verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = HoursProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed hours")
        verbose_name_plural = _("proposed hours")
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return str(self.stop)

    @property
    def spans(self) -> list[tuple[int, time, time]]:
        """(weekday, from, until), as a stop's own windows are read."""
        return [
            (int(day), time.fromisoformat(begin), time.fromisoformat(end)) for day, begin, end in self.hours
        ]
