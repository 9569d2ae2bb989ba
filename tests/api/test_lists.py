"""Every list and detail: what it costs, that it says what the description promises, and how it is narrowed and paged."""

import json
from typing import Any

import pytest
from django.core.cache import cache

from kerjasama.api.routing import nouns
from kerjasama.domain import clock
from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.models import Consignment
from tests.api.conftest import Program
from tests.api.population import populate
from tests.factories import shelve
from tests.support.ledger import LEDGER, Ledger

pytestmark = pytest.mark.django_db

SUB_LISTS = {
    "consignments": ("lines", "events"),
    "imports": ("records",),
    "agreements": ("events",),
    "cooperation-requests": ("events", "messages"),
    "evaluations": ("events",),
    "activities": ("events",),
    "equipment": ("busy",),
    "bookings": ("events",),
    "programmes": ("events",),
    "periods": ("events",),
    "return-visits": ("events",),
    "stocktakes": ("events", "lines"),
    "cases": ("events",),
    "rotation-plans": ("events",),
    "route-plans": ("events",),
    "series": ("events",),
    "visits": ("events",),
    "trips": ("events", "entries"),
    "wishes": ("events",),
    "networks": ("events",),
    "assessments": ("events",),
    "follow-ups": ("events",),
    "visit-requests": ("events",),
}


@pytest.fixture(scope="session")
def description() -> dict[str, Any]:
    from drf_spectacular.generators import SchemaGenerator

    drawn: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return drawn


def promised(description: dict[str, Any], path: str) -> set[str]:
    """The names that the description promises for one row of ``GET path``."""
    answer = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    parts = description["components"]["schemas"]
    answer = parts[answer["$ref"].rsplit("/", 1)[1]]
    if "results" in answer["properties"]:
        answer = parts[answer["properties"]["results"]["items"]["$ref"].rsplit("/", 1)[1]]
    return set(answer["properties"])


@pytest.mark.parametrize("rows", [1, 20])
def test_lists_cost_the_same_however_long_they_are(
    rows: int, program: Program, library: Institution, circulation: User, ledger: Ledger
) -> None:
    populate(rows, library, circulation)
    client = program(circulation)
    cache.clear()
    for noun in nouns():
        answer = ledger.weigh(f"GET /api/v1/{noun}/", rows, lambda noun=noun: client.get(f"/api/v1/{noun}/"))
        assert answer.status_code == 200, (noun, answer.json())
        found = answer.json()["results"]
        assert len(found) >= rows, noun
        own = found[0]["url"]
        assert (
            ledger.weigh(f"GET /api/v1/{noun}/{{id}}/", rows, lambda own=own: client.get(own)).status_code
            == 200
        )
        for part in SUB_LISTS.get(noun, ()):
            below = ledger.weigh(
                f"GET /api/v1/{noun}/{{id}}/{part}/",
                rows,
                lambda own=own, part=part: client.get(f"{own}{part}/"),
            )
            assert below.status_code == 200


def test_no_list_in_the_ledger_pays_for_each_row() -> None:
    for name, counts in json.loads(LEDGER.read_text()).items():
        assert len(set(counts.values())) == 1, f"{name}: {counts}"


def test_answers_say_exactly_what_is_promised(
    program: Program, library: Institution, circulation: User, description: dict[str, Any]
) -> None:
    populate(1, library, circulation)
    client = program(circulation)
    for noun in nouns():
        row = client.get(f"/api/v1/{noun}/").json()["results"][0]
        assert set(row) == promised(description, f"/api/v1/{noun}/"), noun
        key = "code" if noun == "regions" else "id"
        detail = client.get(row["url"]).json()
        assert set(detail) == promised(description, f"/api/v1/{noun}/{{{key}}}/"), noun
        assert {"url"} <= set(row), noun
        for part in SUB_LISTS.get(noun, ()):
            found = client.get(f"{row['url']}{part}/").json()["results"]
            for each in found[:1]:
                assert set(each) == promised(description, f"/api/v1/{noun}/{{id}}/{part}/"), (noun, part)


def test_pages_follow_one_another_both_ways_without_gaps(
    program: Program, library: Institution, circulation: User
) -> None:
    shelve(library, 23)
    client = program(circulation)
    seen: list[str] = []
    url = "/api/v1/copies/?limit=5"
    pages = []
    while url:
        answer = client.get(url)
        page = answer.json()
        pages.append([row["id"] for row in page["results"]])
        seen += pages[-1]
        assert ('rel="next"' in answer.get("Link", "")) == bool(page["next"])
        last, url = url, page["next"]
    assert len(seen) == len(set(seen)) == 23
    assert seen == sorted(seen, reverse=True)
    back = client.get(client.get(last).json()["previous"]).json()
    assert [row["id"] for row in back["results"]] == pages[-2]
    assert back["next"] and back["previous"]
    first = client.get(client.get(back["previous"]).json()["previous"])
    assert client.get("/api/v1/copies/?count=true&limit=1").json()["count"] == 23
    assert first.status_code == 200


def test_following_changes_repeats_and_loses_nothing_even_at_one_moment(
    program: Program, library: Institution, circulation: User
) -> None:
    shelve(library, 30)
    moment = clock.now()
    Copy.objects.update(updated_at=moment)
    client = program(circulation)
    url = f"/api/v1/copies/?limit=7&updated_since={moment.isoformat().replace('+', '%2B')}"
    seen: list[str] = []
    while url:
        page = client.get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 30


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("plcae=shelf", "/plcae", "unknown_parameter"),
        ("place=nowhere", "/place", "invalid_choice"),
        ("owner=abc", "/owner", "invalid"),
        ("updated_since=yesterday", "/updated_since", "invalid"),
        ("limit=0", "/limit", "malformed"),
        ("limit=201", "/limit", "malformed"),
        ("limit=five", "/limit", "malformed"),
        ("count=yes", "/count", "malformed"),
        ("cursor=abc", "/cursor", "malformed"),
        ("cursor=WzAsICJ4Il0", "/cursor", "malformed"),
        ("fields=barcode,secret", "/fields", "unknown_field"),
        ("fields=", "/fields", "unknown_field"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(
    query: str, pointer: str, code: str, program: Program, circulation: User
) -> None:
    answer = program(circulation).get(f"/api/v1/copies/?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["errors"][0]["pointer"]) == ("invalid", pointer)
    assert problem["errors"][0]["code"] == code


def test_fields_leave_only_what_was_asked_for(
    program: Program, library: Institution, circulation: User
) -> None:
    copy = shelve(library, 1)[0]
    client = program(circulation)
    assert client.get("/api/v1/copies/?fields=barcode,place").json()["results"] == [
        {"barcode": copy.barcode, "place": "shelf"}
    ]
    assert client.get(f"/api/v1/copies/{copy.pk}/?fields=barcode").json() == {"barcode": copy.barcode}
    assert client.get(f"/api/v1/copies/{copy.pk}/?place=shelf").status_code == 400


def test_filters_narrow(
    program: Program, library: Institution, circulation: User, dispatched: Consignment
) -> None:
    client = program(circulation)

    def count(path: str) -> int:
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.json()
        return len(answer.json()["results"])

    assert count("copies/?place=away") == 5
    assert count("copies/?place=away&place=shelf") == 12
    assert count(f"copies/?holder={dispatched.partner_id}") == 5
    assert count("consignments/?status=dispatched") == 1
    assert count("consignments/?status=closed") == 0
    assert count("periods/?overdue=true") == 0
    assert count(f"periods/?partner={dispatched.partner_id}&status=running") == 1
    assert count("agreements/?in_force_on=2020-01-01") == 0
    assert count("institutions/?q=benteng") == 1
    assert count("institutions/?region=13.75") == 0
    assert count(f"consignments/{dispatched.pk}/lines/?status=out") == 5
    assert count("scans/?desk=pick&outcome=ok") == 5
    assert count("documents/?kind=handover") == 1
