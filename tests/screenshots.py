"""`make screenshots`: the pictures of the README, taken from a running demo with the demo's own people.

Reads BASE_URL and KERJASAMA_CHROMIUM from the environment and writes PNG files to static/img/tour/.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 860}
PASSWORD = "baca-buku-bersama"


@dataclass(frozen=True)
class Picture:
    """``who`` signs in (nobody when empty), goes to ``path``, and ``then`` leads on to what is to be seen."""

    name: str
    who: str
    path: str
    size: dict[str, int]
    then: Callable[[Page], None] | None = None
    dark: bool = False


def click(*selectors: str) -> Callable[[Page], None]:
    """Follow these, one page after another."""

    def then(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).first.click()
            page.wait_for_load_state("load")

    return then


def see(selector: str) -> Callable[[Page], None]:
    """Wait until this is there."""
    return lambda page: page.locator(selector).first.wait_for()


PICTURES = (
    Picture("depan", "", "/", DESK),
    Picture("portal", "sdn01", "/portal/", PHONE),
    Picture("terima", "sdn01", "/portal/", PHONE, click('a[href*="/terima/"]')),
    Picture("meja", "petugas.sirkulasi", "/admin/", DESK),
    Picture("posisi", "petugas.sirkulasi", "/admin/kerja/posisi/", DESK),
    Picture(
        "perjanjian",
        "petugas.kerjasama",
        "/admin/kerja/perjanjian/",
        DESK,
        click('main table a:has-text("SDN")'),
    ),
    Picture(
        "pindai",
        "petugas.sirkulasi",
        "/admin/kerja/kiriman/?bagian=disiapkan",
        DESK,
        click("main table a", 'main a[href$="/pindai/"]'),
    ),
    Picture("api", "", "/api/v1/docs/", DESK, see(".opblock-tag")),
)


def main() -> int:
    folder = Path(__file__).resolve().parent.parent / "static" / "img" / "tour"
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["KERJASAMA_CHROMIUM"], args=FLAGS)
        for picture in PICTURES:
            take(browser, os.environ["BASE_URL"], picture, folder)
            print(f"static/img/tour/{picture.name}.png")
        browser.close()
    return 0


def take(browser: Browser, base: str, picture: Picture, folder: Path) -> None:
    context = browser.new_context(
        viewport=picture.size,  # type: ignore[arg-type]
        base_url=base,
        locale="id-ID",
        color_scheme="dark" if picture.dark else "light",
    )
    page = context.new_page()
    if picture.who:
        page.goto("/akun/login/")
        page.locator('input[name="login"]').fill(picture.who)
        page.locator('input[name="password"]').fill(PASSWORD)
        page.locator('form:has(input[name="password"]) button[type="submit"]').first.click()
        page.wait_for_load_state("load")
    page.goto(picture.path)
    if picture.then is not None:
        picture.then(page)
    page.screenshot(path=folder / f"{picture.name}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
