"""Keys for programs: issued once, shown once, narrowed by scopes (S19)."""

import re
from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from kerjasama.domain.errors import InvalidInput, NotPermitted
from libraries.access import access_of
from libraries.models import ApiToken, User

LONGEST = timedelta(days=365)
_SCOPE = re.compile(r"^(\*|[a-z]+(-[a-z]+)*):(read|write)$")


def issue_token(
    *,
    user: User,
    name: str,
    scopes: Sequence[str],
    nouns: Sequence[str],
    valid_for: timedelta = LONGEST,
) -> str:
    """A new key of ``user``; the return value is the only time that it is seen.

    ``nouns`` are those that the API has: a scope of any other is a typing error and refused. Raises InvalidInput
    (``scope_missing``, ``unknown_scope``, ``too_long``).
    """
    if not scopes:
        raise InvalidInput(
            "scope_missing", _("Name at least one scope, such as copies:read."), field="scopes"
        )
    for scope in scopes:
        noun = scope.partition(":")[0]
        if not _SCOPE.match(scope) or (noun != "*" and noun not in nouns):
            raise InvalidInput(
                "unknown_scope",
                _(
                    "There is no scope “%(scope)s”. A scope is a noun and read or write; the nouns are: %(nouns)s."
                )
                % {"scope": scope, "nouns": ", ".join(nouns)},
                field="scopes",
            )
    if not timedelta(0) < valid_for <= LONGEST:
        raise InvalidInput("too_long", _("A key is valid for 1 to 365 days."), field="valid_for")
    _row, key = ApiToken.objects.create(
        user=user, expiry=valid_for, name=name[:80], scopes=sorted(set(scopes))
    )
    return str(key)


def revoke_token(*, actor: User, token: ApiToken) -> None:
    """From now on the key opens nothing. Raises NotPermitted for somebody else's key."""
    if token.user_id != actor.pk and not access_of(actor).everything:
        raise NotPermitted("role_missing", _("Only the owner of a key revokes it."))
    token.delete()
