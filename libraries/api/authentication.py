"""Tokens for programs; the session only for reading the docs in a browser, with CSRF."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from hmac import compare_digest
from typing import Any

from django.db import connection
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
        for user, found in _bearers(key[: CONSTANTS.TOKEN_KEY_LENGTH]):
            if not compare_digest(digest, found.digest):
                continue
            if not user.is_active or (found.expiry is not None and found.expiry < clock.now()):
                raise refused
            return user, found
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


@cache
def _statement() -> tuple[str, list[str], list[str]]:
    """One statement for token, user and roles, written once: composing it anew costs more than running it."""
    token = [field.attname for field in ApiToken._meta.concrete_fields]
    user = [field.attname for field in User._meta.concrete_fields]
    columns = [
        *(f"token.{field.column}" for field in ApiToken._meta.concrete_fields),
        *(f"person.{field.column}" for field in User._meta.concrete_fields),
    ]
    statement = f"""
        SELECT {", ".join(columns)}, ARRAY(
            SELECT held.institution_id || ' ' || held.role FROM {Membership._meta.db_table} AS held
            WHERE held.user_id = person.id
              AND (held.starts_on IS NULL OR held.starts_on <= %(today)s)
              AND (held.ends_on IS NULL OR held.ends_on >= %(today)s)
        )
        FROM {ApiToken._meta.db_table} AS token JOIN {User._meta.db_table} AS person ON person.id = token.user_id
        WHERE token.token_key = %(key)s
    """  # noqa: S608 -- names of our own tables and columns
    return statement, token, user


def _bearers(token_key: str) -> Iterator[tuple[User, ApiToken]]:
    """Users and tokens whose key begins like this, the users' access filled in."""
    statement, token_fields, user_fields = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, {"today": clock.today(), "key": token_key})
        rows = cursor.fetchall()
    for row in rows:
        token = ApiToken.from_db(connection.alias, token_fields, row[: len(token_fields)])
        user = User.from_db(connection.alias, user_fields, row[len(token_fields) : -1])
        grant(user, (held.split(" ", 1) for held in row[-1]))
        token.user = user
        yield user, token


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "libraries.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "kjs_…",
            "description": "A key made by `manage.py create_token`, with scopes such as `copies:read` or `scans:write`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "libraries.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The browser session, for trying things out on these pages.",
        }
