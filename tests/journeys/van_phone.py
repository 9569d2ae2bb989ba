"""The crew's phone, for journeys: a browser with a profile of its own whose line can be cut and whose battery can die."""

import contextlib
import os
import re
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Error as PlaywrightError

from libraries.models import Institution, User
from loans.models import Consignment, LoanLine, Programme
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from tests.chromium import FLAGS
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve
from tests.support.cable import Cable, cable

SCANNER = 20  # milliseconds from key to key
# What the crew's browser may say: a cut line is a cut line, and a revoked phone is told so.
EXPECTED = ("ERR_", "Failed to fetch", "status of 401")
# Everything that the phone keeps, as text.
ALL_KEPT = """async () => {
    const found = [JSON.stringify({ ...localStorage })];
    for (const { name } of await indexedDB.databases()) {
        const base = await new Promise((done) => { indexedDB.open(name).onsuccess = (event) => done(event.target.result); });
        for (const store of base.objectStoreNames) {
            const rows = base.transaction(store).objectStore(store).getAll();
            await new Promise((done) => { rows.onsuccess = done; });
            found.push(JSON.stringify(rows.result));
        }
        base.close();
    }
    for (const name of await caches.keys()) {
        const store = await caches.open(name);
        for (const key of await store.keys()) found.push(await (await store.match(key)).text());
    }
    return found.join("\\n");
}"""


@dataclass
class Pocket:
    """A phone with a profile of its own; ``open()`` starts its browser, also after it was killed."""

    chromium: Browser
    folder: Path
    address: str
    said: list[str]
    context: BrowserContext | None = None

    def open(self, path: str = "/portal/van/") -> Page:
        binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        self.context = self.chromium.browser_type.launch_persistent_context(
            str(self.folder),
            executable_path=binary,
            args=FLAGS,
            viewport={"width": 360, "height": 740},
            locale="id-ID",
            base_url=self.address,
            has_touch=True,
        )
        page = self.context.pages[0]
        page.set_default_timeout(15_000)
        page.on("console", lambda each: self.said.append(each.text) if each.type == "error" else None)
        page.on("pageerror", lambda fault: self.said.append(str(fault)))
        page.goto(path)
        return page

    def close(self) -> None:
        if self.context:
            self.context.close()
        self.context = None

    def dies(self) -> None:
        """The battery is empty: nobody asks the browser whether it is ready."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if f"--user-data-dir={self.folder}" in words and not any(w.startswith("--type=") for w in words):
                os.kill(int(folder.name), signal.SIGKILL)
        with contextlib.suppress(PlaywrightError):
            assert self.context
            self.context.close()
        self.context = None


@pytest.fixture
def line(live_server: Any) -> Iterator[Cable]:
    with cable(("127.0.0.1", live_server.thread.port)) as made:
        yield made


@pytest.fixture
def pocket(chromium: Browser, line: Cable, tmp_path: Path) -> Iterator[Pocket]:
    made = Pocket(chromium, tmp_path / "phone", f"http://localhost:{line.port}", [])
    yield made
    made.close()
    assert [words for words in made.said if not any(known in words for known in EXPECTED)] == []


def signs_in(pocket: Pocket, path: str) -> Page:
    """By the address that the desk's code holds; until the page says that it needs no network any more."""
    page = pocket.open(path)
    page.get_by_role("button", name="Daftarkan ponsel ini").click()
    needs_no_network(page)
    return page


def needs_no_network(page: Page) -> None:
    """The page says so itself, once everything is kept."""
    expect(page.locator(".van-ready")).to_be_visible(timeout=20_000)


def press(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("#van-screen").get_by_role("link", name=re.compile(name)).first.click()


def scanner(page: Page, *barcodes: str) -> None:
    """As a wedge types: into whatever has the focus, the next without waiting for an answer. The screen must be there by then."""
    expect(page.locator("#barcode")).to_be_focused()
    for barcode in barcodes:
        page.keyboard.type(barcode, delay=SCANNER)
        page.keyboard.press("Enter")


def sign(page: Page) -> None:
    glass = page.locator(".van-pad__glass").bounding_box()
    assert glass
    page.mouse.move(glass["x"] + 40, glass["y"] + 80)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(glass["x"] + 40 + 18 * step, glass["y"] + (60 if step % 2 else 110))
    page.mouse.up()


def bar(page: Page) -> Any:
    return page.locator("#van-bar")


def all_sent(page: Page) -> None:
    """Nothing waits, nothing is under way any more, and the pack was fetched after it."""
    expect(bar(page)).to_have_text(re.compile(r"^Semua terkirim · \d\d\.\d\d$"), timeout=30_000)


def books_out(
    office: Institution, school: Institution, desk: User, count: int
) -> tuple[list[str], Programme]:
    """So many books at the school since last time: their barcodes, and the programme under which more will come."""
    shelve(office, 2 * count)
    agreement = AgreementFactory(office=office, partner=school, in_force=True, lending={"quantity": count})
    programme = open_programme(agreement=agreement, actor=desk)
    out = packed(programme, 0, desk)
    dispatch_consignment(consignment=out, actor=desk)
    lines = LoanLine.objects.filter(consignment=out).select_related("copy").in_shelf_order()
    return [line.copy.barcode for line in lines], programme


def packed(programme: Programme, number: int, desk: User) -> Consignment:
    """The books of a period, every one scanned into its box."""
    made = propose_consignment(period=programme.periods.order_by("sequence")[number], actor=desk)
    scan_all(made, desk)
    return made
