"""Asking every address of the house as every actor, and noting what is answered and written."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.world import World

ANONYMOUS = "anonymous"
# Bookkeeping of the machine about the request itself: no matter of anybody's.
MACHINERY = (
    "django_session",
    "cache",
    "usersessions_usersession",
    "libraries_idempotencykey",
    "pghistory_context",
    "libraries_apitoken",
)


def addresses() -> dict[str, str]:
    """Every address by name (``portal:home``); one without a name is called by its pattern. Values: the pattern."""
    found: dict[str, str] = {}

    def walk(rows: Sequence[URLPattern | URLResolver], space: str, prefix: str) -> None:
        for row in rows:
            pattern = prefix + str(row.pattern)
            if isinstance(row, URLResolver):
                walk(row.url_patterns, f"{space}{row.namespace}:" if row.namespace else space, pattern)
            else:
                found.setdefault(f"{space}{row.name}" if row.name else f"{space}{pattern}", pattern)

    walk(get_resolver().url_patterns, "", "")
    return found


@dataclass
class Answer:
    """``status``; ``written``: tables that were changed; ``body`` without what differs between any two answers."""

    status: int
    location: str
    written: tuple[str, ...]
    body: str

    @property
    def kind(self) -> str:
        """``login`` for being sent to sign in, ``away`` to a home page, ``in`` for what was dealt with, else the status."""
        if self.status == 302 and "/login/" in self.location:
            return "login"
        if self.status == 302 and self.location in ("/admin/", "/beranda/"):
            return "away"
        return (
            "in" if self.status < 400 or self.status in (400, 409, 412, 415, 422, 428) else str(self.status)
        )


def ask(
    world: World, actor: str, path: str, *, method: str = "get", key: str = "", data: Any = None
) -> Answer:
    """One request, undone afterwards. ``key`` is an API key; without it the actor has a session."""
    client = Client(raise_request_exception=False)
    if actor != ANONYMOUS and not key:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[actor]
    headers = {"Accept-Language": "id"}
    if key:
        headers |= {"Authorization": f"Bearer {key}", "If-Match": "*"}
    with transaction.atomic():
        with writes() as written:
            kind = {"content_type": "application/json"} if key and method != "get" else {}
            response = getattr(client, method)(path, data or {}, headers=headers, **kind)
            body = read(response)
        transaction.set_rollback(True)
    return Answer(response.status_code, response.get("Location", ""), tuple(sorted(set(written))), body)


def sign_in(world: World, actor: str) -> None:
    """The actor's session, kept for all further requests of this world: signing out of it is undone like the rest."""
    client = Client()
    client.force_login(world.people[actor], backend="django.contrib.auth.backends.ModelBackend")
    world.sessions[actor] = client.cookies[settings.SESSION_COOKIE_NAME].value


def read(response: HttpResponse) -> str:
    if response.streaming:
        for _chunk in response:
            pass
        return ""
    return response.content.decode("utf-8", "replace")


@contextmanager
def writes() -> Iterator[list[str]]:
    """Names of the tables that are written to in the block, without the machinery's own."""
    found: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        for table in re.findall(r'(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?([a-z_0-9]+)', str(sql)):
            if table not in MACHINERY and table not in ("of", "set"):
                found.append(table)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def alike(body: str, *identifiers: str) -> str:
    """A body without the ids that were asked for, and without what every answer makes anew."""
    for identifier in identifiers:
        body = body.replace(identifier, "ID")
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body)
    body = re.sub(r'"request_id": ?"[^"]*"|X-Request-ID: \S+', "", body)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,40}", "", body)
