from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from libraries.access import access_of


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: object) -> "ApiTokenQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(user_id=getattr(user, "pk", None))


class ApiToken(AbstractAuthToken):
    """A key for programs: only its digest is stored, it is shown once, and it may do only what its scopes name.

    A scope is ``noun:read`` or ``noun:write`` (``consignments:write``); ``*:read`` reads everything its user may see.
    """

    name = models.CharField(_("what it is for"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"), default=list)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def allows(self, noun: str, *, write: bool) -> bool:
        """Whether a scope of this token covers ``noun``. Write includes read; nothing else includes anything."""
        verbs = {"write"} if write else {"read", "write"}
        return any(f"{name}:{verb}" in self.scopes for name in (noun, "*") for verb in verbs)

    def __str__(self) -> str:
        return self.name
