"""``make bench ARGS=van``: the trip's page on a slow line, 1.6 Mbit/s and 300 ms, as a village has it.

Measured in a real Chromium against the real server, with files packed and named as in production: until the trip can be read on a phone that has never
seen the page, until it needs no network any more, and once more with no network at all.
"""

import shutil
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, sync_playwright

from libraries.choices import Role
from mobile_service.portal.van_api import COOKIE, PATH
from tests.bench.measures import Row
from tests.chromium import FLAGS
from tests.factories import InstitutionFactory, MembershipFactory, UserFactory
from tests.mobile_service.road import Road

LINE = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SECONDS, KILOBYTES = 3.0, 150


def measures(port: int) -> Iterator[Row]:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        yield Row("van: the trip's page", "no Chromium on the PATH", "", None)
        return
    office = InstitutionFactory(office=True, name="Perpustakaan Layar", slug="ukur-layar")
    desk = UserFactory(username="meja-layar", is_staff=True)
    MembershipFactory(user=desk, institution=office, role=Role.CIRCULATION)
    road = Road(office, InstitutionFactory(school=True), desk)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        rows = list(_measures(browser, f"http://127.0.0.1:{port}", road.phone.key))
        browser.close()
    yield from rows


def _measures(browser: Any, address: str, key: str) -> Iterator[Row]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    context.add_cookies([{"name": COOKIE, "value": key, "url": f"{address}{PATH}"}])
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", LINE)
    bytes_seen: list[float] = []
    wire.on("Network.loadingFinished", lambda told: bytes_seen.append(told["encodedDataLength"]))
    first = _opening(page, f"{address}{PATH}")
    yield Row(
        "van: first opening, until the trip is read", f"{first:.2f} s", f"≤ {SECONDS:.0f} s", first <= SECONDS
    )
    page.locator(".van-ready").wait_for(timeout=60_000)
    size = sum(bytes_seen) / 1024
    over = f"{size:.0f} KB, {len(bytes_seen)} files"
    yield Row(
        "van: over the wire for it, until it needs no network", over, f"< {KILOBYTES} KB", size < KILOBYTES
    )
    again = _opening(page, f"{address}{PATH}")
    yield Row("van: opening again on the same line", f"{again:.2f} s", "≤ 1 s", again <= 1)
    wire.send("Network.emulateNetworkConditions", {**LINE, "offline": True})
    context.set_offline(True)
    again = _opening(page, f"{address}{PATH}")
    yield Row("van: opening without a network", f"{again:.2f} s", "≤ 1 s", again <= 1)


def _opening(page: Page, address: str) -> float:
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(".van-lines a").first.wait_for(timeout=60_000)
    return time.perf_counter() - began
