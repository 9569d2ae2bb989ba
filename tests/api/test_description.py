"""The description is drawn without a warning, complete, and readable in a browser under our own strict policy."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from playwright.sync_api import Browser, expect

EVERY_APP = [config.name for config in apps.get_app_configs()]


@pytest.fixture(scope="module")
def drawn() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


def operations(drawn: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, it) for path, methods in drawn["paths"].items() for method, it in methods.items()]


def test_it_is_valid_and_drawn_without_a_warning(tmp_path: Any) -> None:
    target = tmp_path / "openapi.json"
    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", file=str(target))
    assert '"openapi": "3.1' in target.read_text()


def test_every_operation_says_what_it_is_and_how_it_refuses(drawn: dict[str, Any]) -> None:
    names = [it["operationId"] for _method, _path, it in operations(drawn)]
    assert len(names) == len(set(names))
    for method, path, it in operations(drawn):
        assert it.get("description"), f"{method} {path} has no description"
        assert len(it["tags"]) == 1
        wanted = {"400", "401", "403", "404", "429"} | ({"409", "422"} if method != "get" else set())
        assert wanted <= set(it["responses"]), f"{method} {path}"
        for status in wanted:
            assert set(it["responses"][status]["content"]) == {"application/problem+json"}
        headers = {each["name"] for each in it.get("parameters", ()) if each["in"] == "header"}
        if method == "post":
            assert "Idempotency-Key" in headers, path
        if method == "patch":
            assert "If-Match" in headers, path


def test_every_json_body_has_an_example(drawn: dict[str, Any]) -> None:
    for method, path, it in operations(drawn):
        for media, content in it.get("requestBody", {}).get("content", {}).items():
            if media == "application/json":
                assert content.get("examples"), f"{method} {path}"


def test_every_list_is_a_cursor_page(drawn: dict[str, Any]) -> None:
    for _method, path, it in operations(drawn):
        if it["operationId"].endswith("_list") and "application/json" in it["responses"]["200"]["content"]:
            names = {each["name"] for each in it["parameters"]}
            assert {"cursor", "limit", "count"} <= names, path


@pytest.mark.django_db
def test_it_is_served_to_everybody_in_json() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"]
    assert "Problem" in answer.json()["components"]["schemas"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)
def test_the_pages_open_in_a_browser_without_a_word_on_its_console(
    chromium: Browser, live_server: Any
) -> None:
    page = chromium.new_context(locale="id-ID").new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    page.goto(f"{live_server}/api/v1/docs/")
    tag = page.locator("#operations-tag-consignments")
    expect(tag).to_be_visible(timeout=30_000)
    tag.click()
    handing_over = page.locator("#operations-consignments-consignments_dispatch")
    handing_over.locator(".opblock-summary-control").click()
    expect(handing_over).to_contain_text("leave_out_missing")
    page.context.close()
    assert said == []
