"""Whatever goes wrong is told in one shape, in the reader's language, without the inside of the machine."""

import re
from pathlib import Path
from typing import Any

import knox
import pytest
import rest_framework
from django import forms
from django.db import OperationalError
from rest_framework.test import APIClient

from kerjasama.borrowed_words import OF_DJANGO, OF_THE_API
from libraries.models import User
from loans.models import Consignment
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db
SHAPE = {"type", "title", "status", "code", "detail", "instance", "request_id"}


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["nothing/", "copies/not-an-id/", "copies", "a/b/c", "../v1/none/"])
def test_addresses_that_are_not_ours_are_problems(method: str, path: str) -> None:
    answer = getattr(APIClient(), method)(f"/api/v1/{path}", {}, format="json")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()) == SHAPE
    assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_the_sentence_follows_the_reader_and_the_code_never_changes(
    program: Program, dispatched: Consignment, circulation: User
) -> None:
    url = f"/api/v1/consignments/{dispatched.pk}/dispatch/"
    told = {}
    for language in ("en", "id"):
        answer = program(circulation, HTTP_ACCEPT_LANGUAGE=language).post(url, {})
        assert (answer.status_code, answer.json()["code"], answer["Content-Language"]) == (
            409,
            "wrong_state",
            language,
        )
        assert answer.json()["state"] == "dispatched"
        told[language] = answer.json()["detail"]
    assert "is not possible now" in told["en"]


def test_a_cookie_of_the_pages_does_not_outvote_what_a_program_asks_for(
    program: Program, circulation: User
) -> None:
    """Pages go by the cookie alone; the API by what is asked, then by the cookie, then Indonesian."""
    for cookie, asked, said in (
        ("id", "en", "en"),
        ("en", "id-ID,id;q=0.9,en;q=0.8", "id"),
        ("en", "fr,*;q=0.5", "en"),
        ("en", "", "en"),
        ("", "fr", "id"),
    ):
        client = program(circulation, HTTP_ACCEPT_LANGUAGE=asked)
        client.cookies["bahasa"] = cookie
        assert client.get("/api/v1/nothing/")["Content-Language"] == said, (cookie, asked)
    page = APIClient().get("/", headers={"Accept-Language": "en", "Cookie": "bahasa=id"})
    assert page["Content-Language"] == "id"


MOMENTS = {"2026-12-10T09:00:00": 400, "2026-12-10": 400, "2026-12-10T09:00": 400, "besok": 400}


@pytest.mark.parametrize("given", MOMENTS)
def test_a_moment_without_its_offset_is_not_guessed(program: Program, circulation: User, given: str) -> None:
    """09.00 is three moments in a country of three zones (R12)."""
    body = {"desk": "pick", "barcode": "x", "scanned_at": given}
    answer = program(circulation).post("/api/v1/scans/", body)
    (error,) = [it for it in answer.json()["errors"] if it["pointer"] == "/scanned_at"]
    assert (answer.status_code, error["code"]) == (400, "invalid" if given == "besok" else "offset_missing")
    assert given == "besok" or "+07:00" in error["detail"]
    for good in ("2026-12-10T09:00:00+07:00", "2026-12-10T02:00:00Z", None):
        told = program(circulation).post("/api/v1/scans/", {**body, "scanned_at": good}).json()
        assert "/scanned_at" not in {it["pointer"] for it in told.get("errors", [])}


def test_every_borrowed_sentence_is_said_letter_by_letter_by_whom_it_is_borrowed_from() -> None:
    """A sentence that they have changed would fall back into English unseen."""
    theirs = "".join(
        path.read_text()
        for package in (forms, rest_framework, knox)
        for path in Path(package.__file__).parent.glob("*.py")
    )
    lines = theirs.replace("'\n", "'").replace('"\n', '"')
    for sentence in (*OF_DJANGO, *OF_THE_API):
        assert sentence in re.sub(r"""['"]\s*['"]""", "", lines), sentence


def test_a_fault_tells_nothing_of_the_inside(
    program: Program, circulation: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_options: Any) -> Any:
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr("kerjasama.api.pagination.CursorPages.paginate_queryset", broken)
    answer = program(circulation).get("/api/v1/copies/")
    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert answer["Content-Type"] == "application/problem+json"
    assert b"secret" not in answer.content
    assert set(answer.json()) == SHAPE


def test_a_database_that_is_away_is_told_with_when_to_try_again(
    program: Program, circulation: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_options: Any) -> Any:
        raise OperationalError("connection refused")

    monkeypatch.setattr("kerjasama.api.pagination.CursorPages.paginate_queryset", away)
    answer = program(circulation).get("/api/v1/copies/")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (
        503,
        "database_unavailable",
        "30",
    )


def test_malformed_json_and_wrong_media_types(program: Program, circulation: User) -> None:
    client = program(circulation)
    broken = client.generic("POST", "/api/v1/titles/", "{nope", content_type="application/json")
    assert (broken.status_code, broken.json()["code"]) == (400, "parse_error")
    form = client.post("/api/v1/titles/", {"title": "x"}, format="multipart")
    assert (form.status_code, form.json()["code"]) == (415, "unsupported_media_type")
    xml = client.get("/api/v1/titles/", headers={"Accept": "text/xml"})
    assert xml.status_code == 406
    for body in ("[]", '"x"', "null", "1"):
        answer = client.generic("POST", "/api/v1/titles/", body, content_type="application/json")
        assert answer.status_code == 400, body


def test_pointers_lead_to_the_field_even_inside(
    program: Program, dispatched: Consignment, school: User
) -> None:
    answer = program(school).post(
        f"/api/v1/consignments/{dispatched.pk}/receive/",
        {"differences": [{"kind": "missing"}, {"kind": "eaten"}, {"kind": "extra", "colour": "red"}]},
    )
    assert answer.status_code == 400
    assert [(row["pointer"], row["code"]) for row in answer.json()["errors"]] == [
        ("/differences/1/kind", "invalid_choice"),
        ("/differences/2/colour", "unknown_field"),
    ]


def test_wrong_methods(program: Program, circulation: User) -> None:
    answer = program(circulation).put("/api/v1/copies/", {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_answers_are_kept_out_of_caches(program: Program, circulation: User) -> None:
    answer = program(circulation).get("/api/v1/copies/")
    assert "no-store" in answer["Cache-Control"]
    assert "Authorization" in answer["Vary"]
    assert answer["API-Version"] == "1"
