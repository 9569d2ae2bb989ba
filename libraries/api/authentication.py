"""Tokens for programs; the session only for reading the docs in a browser, with CSRF."""

from datetime import timedelta
from hmac import compare_digest
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from kerjasama.api.throttling import note_failure
from kerjasama.domain import clock
from libraries.access import grant
from libraries.models import ApiToken, Membership, User
from libraries.second_factor import factor_missing

# "Last used" is written at most this often, so that reading costs no writes.
USE_NOTED_EVERY = timedelta(minutes=10)


class TokenAuthentication(KnoxTokenAuthentication):
    """``Authorization: Bearer kjs_…``. Only the digest is stored. One query: the token, its user, the user's roles."""

    def authenticate(self, request: Request) -> Any:
        try:
            answer = super().authenticate(request)
        except AuthenticationFailed:
            note_failure(request.META.get("REMOTE_ADDR", ""))
            raise
        if answer is not None:
            _user, token = answer
            moment = clock.now()
            if token.last_used_at is None or moment - token.last_used_at > USE_NOTED_EVERY:
                ApiToken.objects.filter(pk=token.pk).update(last_used_at=moment)
        return answer

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        refused = AuthenticationFailed(_("This token is not valid, or no longer valid."))
        try:
            key = token.decode("ascii")
        except UnicodeDecodeError:
            raise refused
        digest = hash_token(key)
        for found in _with_roles().filter(token_key=key[: CONSTANTS.TOKEN_KEY_LENGTH]):
            if not compare_digest(digest, found.digest):
                continue
            if not found.user.is_active or (found.expiry is not None and found.expiry < clock.now()):
                raise refused
            grant(found.user, ((held["institution"], held["role"]) for held in found.held))
            return found.user, found
        raise refused


class SessionAuthentication(authentication.SessionAuthentication):
    """For a browser that is signed in. What pages demand of staff, a second factor, is demanded here as well."""

    def authenticate(self, request: Request) -> Any:
        answer = super().authenticate(request)
        if answer is not None and factor_missing(request._request):
            raise AuthenticationFailed(_("Confirm your second step in the browser first."))
        return answer

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _with_roles() -> Any:
    held = Membership.objects.current().filter(user=OuterRef("user_id"))
    return ApiToken.objects.select_related("user").annotate(
        held=ArraySubquery(held.values(held=JSONObject(institution="institution_id", role="role")))
    )


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "libraries.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "kjs_…",
            "description": "A key made by `manage.py create_token`, with scopes such as `copies:read` or `scans:write`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "libraries.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The browser session, for trying things out on these pages.",
        }
