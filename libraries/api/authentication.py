"""Tokens for programs; the session only for reading the docs in a browser, with CSRF."""

from datetime import timedelta
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework import authentication
from rest_framework.request import Request

from kerjasama.domain import clock

# "Last used" is written at most this often, so that reading costs no writes.
USE_NOTED_EVERY = timedelta(minutes=10)


class TokenAuthentication(KnoxTokenAuthentication):
    """``Authorization: Bearer kjs_…``. Only the digest is stored."""

    def authenticate(self, request: Request) -> Any:
        answer = super().authenticate(request)
        if answer is not None:
            _user, token = answer
            moment = clock.now()
            if token.last_used_at is None or moment - token.last_used_at > USE_NOTED_EVERY:
                type(token).objects.filter(pk=token.pk).update(last_used_at=moment)
        return answer

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Whether this token has expired. Knox would also read and delete the user's other tokens on every request."""
        return auth_token.expiry is not None and auth_token.expiry < clock.now()


class SessionAuthentication(authentication.SessionAuthentication):
    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "libraries.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "kjs_…"}
