from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of


class ClosureQuerySet(models.QuerySet["Closure"]):
    def visible_to(self, user: object) -> "ClosureQuerySet":
        access = access_of(user)
        if access.is_office:
            return self
        return self.filter(Q(institution__isnull=True) | Q(institution__in=access.institutions))


@audited()
class Closure(Record):
    """Days on which a library or school is closed. Without an institution: a public holiday, closed for everyone."""

    institution = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("institution"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="closures",
        help_text=_("Leave empty for a public holiday."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=120)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed days")
        verbose_name_plural = _("closed days")
        ordering = ("starts_on",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="closure_ends_after_start",
                violation_error_message=_("The last closed day cannot be before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.reason
