"""Who gets in, what a key may do, and what of other people's matters can be reached: nothing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from kerjasama.api.routing import api_views, nouns
from kerjasama.domain import clock
from libraries.models import ApiToken, Institution, User
from loans.models import Consignment
from tests.api.conftest import Program
from tests.api.population import populate

pytestmark = pytest.mark.django_db

# What a school sees of a world that is not its own: the common catalogue, the regions, and the library that lends to it.
COMMON = {"titles", "regions"}
# What offices keep together.
DIRECTORY = {"institutions", "people", "borrowing-rules", "signing-authorities"}


def test_without_a_key_nothing_opens() -> None:
    client = APIClient()
    for noun in nouns():
        answer = client.get(f"/api/v1/{noun}/")
        assert answer.status_code == 401, noun
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer.json()["code"] == "not_authenticated"
    for open_one in ("/api/v1/", "/api/v1/openapi.json", "/api/v1/docs/"):
        assert client.get(open_one).status_code == 200


@pytest.mark.parametrize("key", ["kjs_wrong", "", "kjs_ünïcode", "a b"])
def test_a_wrong_key_is_told_as_such(key: str) -> None:
    answer = APIClient().get(
        "/api/v1/copies/", headers={"Authorization": f"Bearer {key}".encode().decode("latin-1")}
    )
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_expired_revoked_and_disabled_keys_stop_at_once(program: Program, circulation: User) -> None:
    client = program(circulation)
    assert client.get("/api/v1/copies/").status_code == 200
    ApiToken.objects.update(expiry=clock.now() - timedelta(seconds=1))
    assert client.get("/api/v1/copies/").status_code == 401
    ApiToken.objects.update(expiry=clock.now() + timedelta(days=1))
    assert client.get("/api/v1/copies/").status_code == 200
    User.objects.filter(pk=circulation.pk).update(is_active=False)
    assert client.get("/api/v1/copies/").status_code == 401
    User.objects.filter(pk=circulation.pk).update(is_active=True)
    ApiToken.objects.all().delete()
    assert client.get("/api/v1/copies/").status_code == 401


def test_a_role_that_ended_yesterday_opens_nothing(
    program: Program, library: Institution, circulation: User
) -> None:
    populate(1, library, circulation)
    circulation.memberships.update(ends_on=clock.today() - timedelta(days=1))
    assert program(circulation).get("/api/v1/copies/").json()["results"] == []


def test_use_of_a_key_is_noted_but_not_at_every_request(program: Program, circulation: User) -> None:
    client = program(circulation)
    ApiToken.objects.update(last_used_at=None)
    client.get("/api/v1/copies/")
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    client.get("/api/v1/copies/")
    assert ApiToken.objects.get().last_used_at == first


# --- scopes ------------------------------------------------------------------------------------------------------


def test_a_key_without_scopes_can_do_nothing(
    program: Program, circulation: User, library: Institution
) -> None:
    populate(1, library, circulation)
    client = program(circulation)
    ApiToken.objects.update(scopes=[])
    for noun in nouns():
        answer = client.get(f"/api/v1/{noun}/")
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied"), noun


def test_every_address_is_closed_without_its_own_scope(program: Program, circulation: User) -> None:
    """Default deny: a key with all scopes but one meets 403 at every address and method of that one noun."""
    for noun in nouns():
        others = [f"{other}:write" for other in nouns() if other != noun]
        reader, outsider = program(circulation, *others, f"{noun}:read"), program(circulation, *others)
        for path, view in api_views():
            if getattr(view, "scope_noun", "") != noun:
                continue
            url = path.replace("<uuid:pk>", str(uuid4())).replace("<str:pk>", "13")
            assert reader.post(url, {}, format="json").status_code in (403, 405), url
            assert reader.patch(url, {}, format="json").status_code in (403, 405), url
            assert outsider.get(url).status_code in (403, 405), url


def test_every_view_names_its_noun_or_is_open_on_purpose() -> None:
    unnamed = {view.__name__ for _path, view in api_views() if not getattr(view, "scope_noun", "")}
    assert unnamed == {"Root", "Description", "Documentation", "Nothing"}


def test_reading_needs_no_more_than_the_read_scope(program: Program, circulation: User) -> None:
    assert program(circulation, "copies:read").get("/api/v1/copies/").status_code == 200
    assert program(circulation, "*:read").get("/api/v1/copies/").status_code == 200
    assert program(circulation, "copies:write").get("/api/v1/copies/").status_code == 200
    assert program(circulation, "copies:read").post("/api/v1/copies/", {}).status_code == 403


# --- other people's matters --------------------------------------------------------------------------------------


def test_a_stranger_finds_nothing_in_lists_and_by_guess(
    program: Program,
    library: Institution,
    circulation: User,
    other_school: User,
    other_school_library: Institution,
    perpusnas: User,
) -> None:
    populate(2, library, circulation)
    insider = program(circulation)
    for user in (other_school, perpusnas):
        stranger = program(user)
        for noun in nouns():
            rows = insider.get(f"/api/v1/{noun}/").json()["results"]
            assert rows
            if noun in COMMON or (user is perpusnas and noun in DIRECTORY):
                continue
            seen = {row["url"] for row in stranger.get(f"/api/v1/{noun}/").json()["results"]}
            for row in rows:
                if noun == "institutions" and (row["is_office"] or row["id"] == str(other_school_library.pk)):
                    continue
                assert row["url"] not in seen, noun
                answer = stranger.get(row["url"])
                assert answer.status_code == 404, noun
                assert answer.json()["code"] == "not_found"
                unknown = stranger.get(row["url"].replace(row["id"], str(uuid4())))
                assert {**answer.json(), "instance": "", "request_id": ""} == {
                    **unknown.json(),
                    "instance": "",
                    "request_id": "",
                }


def test_every_verb_on_a_strangers_row_is_answered_404_and_changes_nothing(
    program: Program, library: Institution, circulation: User, other_school: User, perpusnas: User
) -> None:
    populate(1, library, circulation)
    insider = program(circulation)
    strangers = {user: program(user) for user in (other_school, perpusnas)}
    for path, view in api_views():
        noun = getattr(view, "scope_noun", "")
        if "<uuid:pk>" not in path or noun in COMMON:
            continue
        row = insider.get(f"/api/v1/{noun}/").json()["results"][0]
        url = path.replace("<uuid:pk>", row["id"])
        for stranger, client in strangers.items():
            if stranger is perpusnas and noun in DIRECTORY:
                continue
            if noun == "institutions" and row.get("is_office"):
                continue
            for method in ("get", "post", "patch"):
                answer = getattr(client, method)(url, {}, format="json", headers={"If-Match": "*"})
                assert answer.status_code in (404, 405), (method, url, answer.json())
        again = insider.get(row["url"]).json()
        assert again["id"] == row["id"]
        assert again.get("status") == row.get("status")


def test_a_school_sees_its_own_delivery_and_only_once_it_is_on_its_way(
    program: Program, picking: Consignment, school: User, circulation: User
) -> None:
    client = program(school)
    assert client.get("/api/v1/consignments/").json()["results"] == []
    assert client.get(f"/api/v1/consignments/{picking.pk}/").status_code == 404
    assert client.get(f"/api/v1/consignments/{picking.pk}/pick_list/").status_code == 404


def test_an_insider_without_the_role_is_told_so(
    program: Program, dispatched: Consignment, crew: User, school: User
) -> None:
    answer = program(crew).post(f"/api/v1/consignments/{dispatched.pk}/receive/", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
    answer = program(school).post(f"/api/v1/consignments/{dispatched.pk}/dispatch/", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
    assert answer.json()["state"] == "dispatched"
    assert "receive" in answer.json()["allowed"]


def test_filters_cannot_be_used_to_guess(
    program: Program, library: Institution, circulation: User, other_school: User
) -> None:
    partner = populate(1, library, circulation)[0]
    client = program(other_school)
    hidden = client.get(f"/api/v1/consignments/?partner={partner.pk}")
    unknown = client.get(f"/api/v1/consignments/?partner={uuid4()}")
    assert hidden.status_code == unknown.status_code == 400
    assert hidden.json()["errors"] == unknown.json()["errors"]


# --- the session -------------------------------------------------------------------------------------------------


def test_a_session_opens_the_api_for_reading_and_needs_csrf_to_write(
    library: Institution, circulation: User
) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(circulation, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/copies/").status_code == 200
    answer = client.post("/api/v1/copies/", {}, format="json")
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"


def test_a_session_of_staff_without_the_second_factor_is_refused(
    settings: Any, circulation: User, school: User
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    client = APIClient()
    client.force_login(circulation, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/copies/").status_code == 401
    client.force_login(school, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/copies/").status_code == 200


# --- the brake ---------------------------------------------------------------------------------------------------


def test_too_many_requests_are_told_when_to_come_back(
    program: Program, circulation: User, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    client = program(circulation)
    for left in (2, 1, 0):
        answer = client.get("/api/v1/copies/")
        assert (answer.status_code, answer["RateLimit-Remaining"]) == (200, str(left))
    answer = client.get("/api/v1/copies/")
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert answer["Content-Type"] == "application/problem+json"
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert answer["RateLimit-Limit"] == "3"


def test_guessing_keys_is_slowed_down_per_address(settings: Any, db: None) -> None:
    settings.API_FAILURES_PER_MINUTE = 5
    client = APIClient(headers={"Authorization": "Bearer kjs_guess"})
    answers = [client.get("/api/v1/copies/").status_code for _turn in range(7)]
    assert answers == [401] * 5 + [429] * 2


# --- create_token ------------------------------------------------------------------------------------------------


def test_the_command_prints_a_key_that_works_and_only_its_digest_is_kept(
    circulation: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        "create_token", user=circulation.username, scopes="copies:read scans:write", name="SLiMS", days=30
    )
    key = capsys.readouterr().out.strip()
    assert key.startswith("kjs_")
    row = ApiToken.objects.get()
    assert row.scopes == ["copies:read", "scans:write"]
    assert key not in (row.digest, row.token_key)
    assert row.expiry is not None and row.expiry < clock.now() + timedelta(days=31)
    client = APIClient(headers={"Authorization": f"Bearer {key}"})
    assert client.get("/api/v1/copies/").status_code == 200
    assert client.get("/api/v1/cases/").status_code == 403


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"user": "nobody"}, "no active account"),
        ({"scopes": "books:read"}, "books:read"),
        ({"scopes": "copies:delete"}, "copies:delete"),
        ({"scopes": " "}, "copies:read"),
        ({"days": 400}, "365"),
        ({"days": 0}, "365"),
    ],
)
def test_the_command_refuses_what_makes_no_sense(
    options: dict[str, Any], words: str, circulation: User
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("create_token", **{"user": circulation.username, "scopes": "copies:read", **options})
    assert not ApiToken.objects.exists()
