from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of
from libraries.choices import ClosureScope, InstitutionKind

if TYPE_CHECKING:
    from libraries.models.institution import Institution

SCHOOLS = frozenset({InstitutionKind.SCHOOL, InstitutionKind.MADRASAH})


class ClosureQuerySet(models.QuerySet["Closure"]):
    def visible_to(self, user: object) -> "ClosureQuerySet":
        access = access_of(user)
        if access.is_office:
            return self
        return self.filter(Q(institution__isnull=True) | Q(institution__in=access.institutions))

    def shutting(self, institutions: "Iterable[Institution]") -> "ClosureQuerySet":
        """The days on which one of ``institutions`` is shut: its own, everybody's, and for a school those of all schools."""
        given = list(institutions)
        scopes = [ClosureScope.EVERYONE]
        if any(row.kind in SCHOOLS for row in given):
            scopes.append(ClosureScope.SCHOOLS)
        return self.filter(Q(institution__in=given) | Q(institution__isnull=True, scope__in=scopes))

    def between(self, first: date, last: date) -> "ClosureQuerySet":
        return self.filter(starts_on__lte=last, ends_on__gte=first)


@audited()
class Closure(Record):
    """Days on which a library or school is closed. Without an institution: a public holiday, or the holidays of all schools."""

    institution = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("institution"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="closures",
        help_text=_("Leave empty for a public holiday."),
    )
    scope = models.CharField(
        _("who is closed"), max_length=10, choices=ClosureScope, default=ClosureScope.EVERYONE
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
            ),
            models.CheckConstraint(condition=Q(scope__in=ClosureScope.values), name="closure_scope_known"),
            models.CheckConstraint(
                condition=Q(institution__isnull=True) | Q(scope=ClosureScope.EVERYONE),
                name="closure_of_one_has_no_scope",
                violation_error_message=_(
                    "The closed days of one institution are its own, not those of all schools."
                ),
            ),
        ]

    def shuts(self, institutions: "Iterable[Institution]") -> bool:
        """What ``shutting`` asks the database, of one row."""
        given = list(institutions)
        if self.institution_id is not None:
            return any(row.pk == self.institution_id for row in given)
        return self.scope == ClosureScope.EVERYONE or any(row.kind in SCHOOLS for row in given)

    def __str__(self) -> str:
        return self.reason
