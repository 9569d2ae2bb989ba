from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from agreements.choices import SignedKind
from kerjasama.domain.audit import audited
from kerjasama.domain.models import Versioned
from libraries.access import access_of
from libraries.choices import Role


class AuthorityQuerySet(models.QuerySet["SigningAuthority"]):
    def visible_to(self, user: object) -> "AuthorityQuerySet":
        """Every office may look up who may sign; it is public law."""
        return self if access_of(user).is_office else self.none()

    def on(self, day: date) -> "AuthorityQuerySet":
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def for_list(self) -> "AuthorityQuerySet":
        return self.select_related("institution")


@audited()
class SigningAuthority(Versioned):
    """That an institution may sign a kind of agreement, from one day to another, and on what basis (A4).

    An institution without any row is not governed by this table: nobody has looked up its authority yet.
    """

    institution = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("institution"),
        on_delete=models.CASCADE,
        related_name="signing_authorities",
    )
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=SignedKind,
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    basis = models.CharField(
        _("basis"),
        max_length=200,
        help_text=_("The regulation or decree that gives, or took away, the authority."),
    )

    objects = AuthorityQuerySet.as_manager()
    KEEPERS = frozenset({Role.OFFICER, Role.HEAD, Role.ADMINISTRATOR})

    class Meta:
        verbose_name = _("authority to sign")
        verbose_name_plural = _("authorities to sign")
        ordering = ("institution", "kind", "starts_on")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="authority_ends_after_start",
                violation_error_message=_("The last day cannot be before the first."),
            ),
            ExclusionConstraint(
                name="authority_once_a_day",
                expressions=[
                    ("institution", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (
                        Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("This authority is already recorded for some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.get_kind_display()}"
