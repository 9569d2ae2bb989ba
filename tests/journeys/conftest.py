"""People at their screens: a page with somebody's session, on which the policy may never be broken."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page

from libraries.models import User
from tests.api.conftest import program
from tests.journeys.van_phone import line, pocket

__all__ = ["line", "pocket", "program"]

# Naming the apps lets the clean-up cascade: knox keeps a table of its own beside the token model that replaces it.
EVERY_APP = [config.name for config in apps.get_app_configs()]
# What the browser notes and no page can help: a refusal (4xx) is an answer, and a cut line is a cut line.
EXPECTED = ("responded with a status of 4", "ERR_INTERNET_DISCONNECTED")
PASSWORD = "kata sandi uji 2026"

Visitor = Callable[..., Page]
_UNHEARD: set[Page] = set()


@contextmanager
def unheard(page: Page) -> Iterator[None]:
    """What the console says meanwhile is the doing of a tool that looks at the page, not of the page."""
    _UNHEARD.add(page)
    yield
    _UNHEARD.discard(page)


@pytest.fixture
def visitor(chromium: Browser, live_server: Any, signed_in: Callable[[User], Client]) -> Iterator[Visitor]:
    """``visitor(user, width=…)``: a page of the live server for ``user``; None is not signed in.

    Whatever a page says to its console against the policy, or as an error of its script, fails the test at its end.
    """
    contexts: list[Any] = []
    said: list[str] = []

    def listen(page: Page) -> None:
        page.set_default_timeout(20_000)
        page.on(
            "console",
            lambda line: (
                said.append(f"{page.url}: {line.text}")
                if line.type == "error" and page not in _UNHEARD
                else None
            ),
        )
        page.on("pageerror", lambda fault: said.append(f"{page.url}: {fault}"))

    def make(user: User | None, width: int = 1280, script: bool = True, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 740 if width < 700 else 860},
            locale="id-ID",
            java_script_enabled=script,
            base_url=str(live_server),
            **options,
        )
        contexts.append(context)
        if user is not None:
            name = settings.SESSION_COOKIE_NAME
            value = signed_in(user).cookies[name].value
            context.add_cookies([{"name": name, "value": value, "url": str(live_server)}])
        context.on("page", listen)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert [line for line in said if not any(words in line for words in EXPECTED)] == []


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photograph as a telephone takes it, only smaller."""
    content = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 80, 40)).save(content, "JPEG")
    path = tmp_path / "foto.jpg"
    path.write_bytes(content.getvalue())
    return path


def fetch_pdf(page: Page, link: str) -> bytes:
    """What the link named so leads to; it must be a PDF. Chromium would hand it to its viewer, so it is fetched."""
    # A paper may be offered twice on a page: above its books, where a phone shows it, and among all papers.
    address = page.get_by_role("link", name=link).first.get_attribute("href")
    assert address, link
    response: Any = page.request.get(address)
    assert response.ok, f"{link}: {response.status}"
    content: bytes = response.body()
    assert content.startswith(b"%PDF-"), link
    return content


def moves_sideways(page: Page) -> bool:
    """U1: whether the page is wider than the screen. A page that has only begun to arrive has no width yet: it is awaited."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def sign_in_by_password(page: Page, user: User) -> None:
    page.get_by_label("E-mail atau nama pengguna").fill(user.username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.locator("form[data-sign-in]").get_by_role("button", name="Masuk", exact=True).click()
