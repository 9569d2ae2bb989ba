"""Default deny: a request needs a signed-in user, and a token needs the scope of the noun it touches."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from libraries.models import ApiToken


class HasScope(BasePermission):
    """Scopes narrow what a token may do; what its user may see and do is asked again below."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        if not isinstance(request.auth, ApiToken):
            return True
        noun = getattr(view, "scope_noun", "")
        return bool(noun) and request.auth.allows(noun, write=request.method not in SAFE_METHODS)
