from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from kerjasama.domain.audit import audited
from kerjasama.domain.fields import Uuid7Field
from kerjasama.domain.models import Record
from libraries.access import access_of
from libraries.choices import Role


@audited(exclude=["password", "last_login"])
class User(AbstractUser):
    """Somebody who signs in. What they may do stands in their memberships."""

    id = Uuid7Field()
    first_name = None
    last_name = None
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(
        _("language"), max_length=2, choices=[("id", _("Indonesian")), ("en", _("English"))], default="id"
    )

    REQUIRED_FIELDS = ["email", "name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Another account already uses this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: object) -> "MembershipQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(institution__in=access.having({Role.ADMINISTRATOR}))

    def current(self, on: date | None = None) -> "MembershipQuerySet":
        day = on or clock.today()
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )


@audited()
class Membership(Record):
    """A role of a user at an institution, for a time or without end."""

    user = models.ForeignKey(
        "libraries.User", verbose_name=_("account"), on_delete=models.CASCADE, related_name="memberships"
    )
    institution = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("institution"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "institution", "role"],
                name="membership_once",
                violation_error_message=_("This account already has this role there."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
                violation_error_message=_("The last day cannot be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"
