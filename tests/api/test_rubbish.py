"""Whatever is thrown at an address, it is never our fault: no answer of 500, and every refusal is a problem (S26)."""

import itertools
import json
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from kerjasama.api.filtering import COMMON
from kerjasama.api.routing import api_views
from libraries.models import Institution, User
from tests.api.conftest import Program
from tests.api.population import populate

pytestmark = pytest.mark.django_db

STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    "",
    "x" * 20_000,
    "a\x00b",
    "\ud83d",  # half a sign
    "📖 \u202e <script>'\"; --",
    "2026-02-30",
    "99999-01-01",
    "NaN",
    "1e400",
    [],
    [[]],
    {},
    {"id": 1},
    [None],
)
QUERIES = (
    "",
    "\x00",
    "x" * 5000,
    "-1",
    "NaN",
    "2026-02-30",
    "9" * 40,
    "true",
    "[]",
    "é",
    "%",
    "_",
    "' OR 1=1 --",
)


@pytest.fixture
def rubbish_heap(program: Program, library: Institution, circulation: User) -> APIClient:
    populate(1, library, circulation)
    for role in ("officer", "head", "administrator"):
        circulation.memberships.create(institution=library, role=role)
    return program(circulation)


def unhurt(answer: Any, what: object) -> None:
    assert answer.status_code < 500, (what, answer.content[:300])
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", what


def send(client: APIClient, method: str, url: str, body: Any) -> Any:
    """As JSON with every sign escaped, so that halves of signs arrive as well."""
    return client.generic(
        method.upper(), url, json.dumps(body), content_type="application/json", HTTP_IF_MATCH="*"
    )


def address(client: APIClient, path: str, noun: str) -> str:
    if "<" not in path:
        return path
    row = client.get(f"/api/v1/{noun}/").json()["results"][0]
    return path.replace("<uuid:pk>", str(row.get("id"))).replace("<str:pk>", str(row.get("code")))


def viewsets() -> list[Any]:
    found = {view for _path, view in api_views() if getattr(view, "scope_noun", "")}
    return sorted(found, key=lambda view: view.scope_noun)


@pytest.mark.parametrize("view", viewsets(), ids=lambda view: view.scope_noun)
def test_strange_bodies(view: Any, rubbish_heap: APIClient) -> None:
    """Every field of every body gets four of the strange values in turn, so that each value meets each address."""
    strange = itertools.cycle(STRANGE)
    # What takes a row away comes last: the others need it.
    for path in sorted((path for path, found in api_views() if found is view), key=lambda it: "forget" in it):
        url = address(rubbish_heap, path, view.scope_noun)
        for body in ("", "{", "[]", "null", '"x"', "1"):
            for method in ("POST", "PATCH"):
                answer = rubbish_heap.generic(
                    method, url, body, content_type="application/json", HTTP_IF_MATCH="*"
                )
                unhurt(answer, (method, url, body))
        for method, shape, example in bodies(view, path):
            for name in shape().fields:
                for value in itertools.islice(strange, 4):
                    answer = send(rubbish_heap, method, url, {**example, name: value})
                    unhurt(answer, (method, url, name, value))


def bodies(view: Any, path: str) -> list[tuple[str, Any, dict[str, Any]]]:
    """(method, input, example) of what this very address takes."""
    last = path.rstrip("/").rsplit("/", 1)[1]
    act = view.acts.get(last)
    if act is not None:
        return [("post", act.takes, dict(act.example))] if act.takes else []
    if last == view.scope_noun:
        shape = getattr(view, "create_input", None)
        return [("post", shape, dict(getattr(view, "create_example", {})))] if shape else []
    shape = getattr(view, "revise_input", None)
    return [("patch", shape, dict(view.revise_example))] if shape and last.startswith("<") else []


def test_strange_queries(rubbish_heap: APIClient) -> None:
    """Every filter of every list gets five of the strange values in turn, so that each value meets each list."""
    strange = itertools.cycle(QUERIES)
    for path, view in api_views():
        noun = getattr(view, "scope_noun", "")
        filters = getattr(view, "filterset_class", None)
        if not noun or "<" in path or "batch" in path:
            continue
        for name in [*sorted(COMMON), *(filters.base_filters if filters else ())]:
            for value in itertools.islice(strange, 5):
                unhurt(rubbish_heap.get(path, {name: value}), (path, name, value))


@pytest.mark.parametrize("tail", ["%00/", "13.75%00/", "x" * 3000 + "/", "..%2f..%2f/", "%ff%fe/", "é/"])
def test_strange_addresses(rubbish_heap: APIClient, tail: str) -> None:
    for noun in ("regions", "copies"):
        answer = rubbish_heap.get(f"/api/v1/{noun}/{tail}")
        assert answer.status_code == 404
        unhurt(answer, tail)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer kjs_" + "x" * 9000},
        {"If-None-Match": '"' * 500},
        {"X-Request-ID": "x\ny"},
        {"Accept-Language": "xx-yy;q=abc, *;q=2"},
        {"Accept": "*/*;q=nope"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_strange_headers(rubbish_heap: APIClient, headers: dict[str, str]) -> None:
    unhurt(rubbish_heap.get("/api/v1/copies/", headers=headers), headers)
    unhurt(rubbish_heap.get(f"/api/v1/copies/{uuid4()}/", headers=headers), headers)


def test_scans_in_a_batch_may_be_anything(rubbish_heap: APIClient) -> None:
    for value in STRANGE:
        for url, body in (
            ("/api/v1/scans/batch/", {"scans": value}),
            (
                "/api/v1/scans/batch/",
                {"scans": [{"desk": value, "barcode": value, "client_event_id": value}]},
            ),
            ("/api/v1/scans/", {"desk": "pick", "barcode": value}),
        ):
            unhurt(send(rubbish_heap, "post", url, body), (url, value))
