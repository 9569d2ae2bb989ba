"""A day of the mobile library on a phone: the line is cut, the battery dies, a new version comes, the phone is revoked (M5, M6, R13, R14, S21)."""

import contextlib
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Error as PlaywrightError

from libraries.models import Institution, User
from loans.models import Consignment, LoanLine, Period
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from mobile_service.models import Device, Entry, Tally, Trip, TripFile, Visit
from mobile_service.portal import van, van_api
from mobile_service.services.devices import invite_device, revoke_device
from tests.chromium import FLAGS
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve
from tests.journeys.conftest import EVERY_APP, moves_sideways
from tests.mobile_service.road import Road
from tests.support.cable import Cable, cable

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

SCANNER = 20  # milliseconds from key to key
CONTACT = "Bu Yusnidar"
RECEIVER = "Pak Zulkifli"
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

Opener = Callable[..., Page]


@pytest.fixture
def thirty_out(library: Institution, school_library: Institution, circulation: User) -> list[str]:
    """Thirty books at the school since last time, and thirty more packed to be handed over."""
    shelve(library, 80)
    agreement = AgreementFactory(
        office=library, partner=school_library, in_force=True, lending={"quantity": 30}
    )
    programme = open_programme(agreement=agreement, actor=circulation)
    first, *_later = programme.periods.order_by("sequence")
    out = propose_consignment(period=first, actor=circulation)
    scan_all(out, circulation)
    dispatch_consignment(consignment=out, actor=circulation)
    return [line.copy.barcode for line in LoanLine.objects.filter(consignment=out).in_shelf_order()]


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    made = Road(library, school_library, circulation, account=crew)
    made.visit.stop.contact_name = CONTACT
    made.visit.stop.save()
    return made


@pytest.fixture
def line(live_server: Any) -> Iterator[Cable]:
    with cable(("127.0.0.1", live_server.thread.port)) as made:
        yield made


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
def pocket(chromium: Browser, line: Cable, tmp_path: Path) -> Iterator[Pocket]:
    made = Pocket(chromium, tmp_path / "phone", f"http://localhost:{line.port}", [])
    yield made
    if made.context:
        made.context.close()
    assert [words for words in made.said if not any(known in words for known in EXPECTED)] == []


def sign_in(pocket: Pocket, road: Road) -> Page:
    """By the code that the desk shows; until the page says that it needs no network any more."""
    _device, code = invite_device(member=road.member, name="HP uji", actor=road.desk)
    page = pocket.open(reverse("portal:van_sign_in", args=[code]))
    page.get_by_role("button", name="Daftarkan ponsel ini").click()
    expect(page.locator(".van-ready")).to_be_visible()
    return page


def press(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("#van-screen").get_by_role("link", name=re.compile(name)).first.click()


def scanner(page: Page, *barcodes: str) -> None:
    """As a wedge types: into whatever has the focus, the next without waiting for an answer."""
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


def test_a_day_without_a_network_is_told_once(
    pocket: Pocket, line: Cable, road: Road, thirty_out: list[str], circulation: User
) -> None:
    packed = carried(road, circulation)
    page = sign_in(pocket, road)
    expect(bar(page)).to_contain_text("Semua terkirim")
    assert pocket.context
    pocket.context.close()
    line.cut()
    page = pocket.open()
    assert pocket.context
    pocket.context.set_offline(True)
    follow(page, "Berangkat")
    page.get_by_label("Odometer (km)").fill("45.210")
    press(page, "Berangkat")
    follow(page, "Buka titik layanan")
    press(page, "Sudah tiba")
    follow(page, "Hitung pengunjung")
    press(page, *["Siswa +5"] * 5, "Siswa −1", "Guru +1")
    expect(page.get_by_role("status").filter(has_text="25 pengunjung")).to_be_visible()
    follow(page, "Selesai")
    follow(page, "Terima buku kembali")
    scanner(page, *thirty_out[:6])
    expect(page.locator(".van-total")).to_have_text("6 kembali · 24 belum")
    scanner(page, thirty_out[0])
    expect(page.locator(".van-answer")).to_contain_text("Sudah dipindai")
    page.locator(".van-entry").first.get_by_role("button").click()
    expect(page.locator(".van-total")).to_have_text("5 kembali · 25 belum")
    # 2 + 7 + 6 + one taken back
    expect(bar(page)).to_contain_text("16 menunggu")
    page.reload()
    expect(page.locator(".van-total")).to_have_text("5 kembali · 25 belum")
    pocket.dies()
    page = pocket.open()
    expect(bar(page)).to_contain_text("16 menunggu · terakhir terkirim")
    follow(page, "Lanjutkan di sini")
    follow(page, "Serahkan buku baru")
    assert not moves_sideways(page)
    page.get_by_label("Siapa yang menerima buku?").fill(RECEIVER)
    press(page, "Lanjut ke tanda tangan", "Berikutnya")
    expect(page.get_by_text("Tanda tangani dengan jari")).to_be_visible()
    sign(page)
    press(page, "Berikutnya")
    sign(page)
    press(page, "Serahkan")
    expect(page.get_by_role("heading", name="Diserahkan dan ditandatangani")).to_be_visible()
    assert Entry.objects.count() == 0
    # The first answer is lost on the way: the phone cannot know, and sends the same again.
    line.lose_answer_to("POST /portal/van/kirim/")
    line.mend()
    page.goto("/portal/van/#/kirim")
    press(page, "Kirim sekarang")
    expect(bar(page)).to_contain_text("Semua terkirim", timeout=20_000)
    assert line.lost == 1
    assert Entry.objects.count() == 17 and TripFile.objects.count() == 2
    assert set(Entry.objects.exclude(outcome="undone").values_list("outcome", flat=True)) == {"applied"}
    tally = Tally.objects.get(visit=road.visit)
    assert (tally.visitors, tally.visitor_count) == ({"pupils": 24, "teachers": 1}, 25)
    assert Trip.objects.get().odometer_start == 45_210
    assert Visit.objects.get(pk=road.visit.pk).status == "arrived"
    back = LoanLine.objects.filter(copy__barcode__in=thirty_out, status="returned")
    assert {row.copy.barcode for row in back} == set(thirty_out[:5])
    assert Consignment.objects.get(pk=packed.pk).status != "picking"
    assert list(check_custody()) == []
    kept = page.evaluate(ALL_KEPT)
    assert CONTACT in kept and RECEIVER not in kept and road.member.name not in kept
    page.goto(f"/portal/van/#/henti/{road.visit.pk}")
    expect(page.get_by_text("25 pengunjung")).to_be_visible()
    expect(page.get_by_text("Diserahkan dan ditandatangani")).to_be_visible()


def carried(road: Road, desk: User) -> Consignment:
    """The next thirty, packed and on the van."""
    coming = Period.objects.filter(programme__partner=road.visit.stop.partner).order_by("sequence")[1]
    made = propose_consignment(period=coming, actor=desk)
    scan_all(made, desk)
    road.load(made)
    return made


def test_a_new_version_strands_nothing(pocket: Pocket, road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    """R14: it waits for the queue, the queue goes out by the old page to a newer house, and then the new one takes over."""
    page = sign_in(pocket, road)
    versions = "async () => (await caches.keys()).filter((name) => name.startsWith('van-'))"
    before = page.evaluate(versions)
    page.context.route("**/portal/van/kirim/", lambda route: route.abort())
    follow(page, road.village.stop.name)
    press(page, "Sudah tiba")
    follow(page, "Hitung pengunjung")
    press(page, "Anak-anak +5")
    expect(bar(page)).to_contain_text("2 menunggu")
    monkeypatch.setattr(van, "version", lambda: "lebih-baru")
    monkeypatch.setattr(van_api, "SPOKEN", (1, 2))
    page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    page.goto("/portal/van/#/kirim")
    expect(page.get_by_role("button", name="Pakai versi baru halaman ini")).to_be_visible()
    page.goto("/portal/van/#/")
    page.reload()
    expect(bar(page)).to_contain_text("2 menunggu")
    assert set(page.evaluate(versions)) == {*before, "van-lebih-baru"}
    page.context.unroute("**/portal/van/kirim/")
    with page.expect_navigation():
        page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(bar(page)).to_contain_text("Semua terkirim")
    assert page.evaluate(versions) == ["van-lebih-baru"]
    assert Tally.objects.get(visit=road.village).visitor_count == 5
    follow(page, road.village.stop.name)
    expect(page.get_by_text("5 pengunjung")).to_be_visible()


def test_a_revoked_phone_forgets_everything(pocket: Pocket, road: Road) -> None:
    """S21."""
    page = sign_in(pocket, road)
    page.context.route("**/portal/van/kirim/", lambda route: route.abort())
    page.goto(f"/portal/van/#/catatan/{road.visit.pk}")
    page.get_by_label("Catatan Anda").fill("Kunci ada pada Pak Amir")
    press(page, "Simpan")
    expect(bar(page)).to_contain_text("1 menunggu")
    kept = page.evaluate(ALL_KEPT)
    assert "Pak Amir" in kept and CONTACT in kept
    revoke_device(device=Device.objects.get(name="HP uji"), actor=road.desk)
    page.context.unroute("**/portal/van/kirim/")
    page.goto("/portal/van/#/kirim")
    press(page, "Kirim sekarang")
    page.goto("/portal/van/#/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Ponsel ini sudah dikeluarkan oleh perpustakaan"
    )
    expect(page.get_by_text("Catatan: 1")).to_be_visible()
    kept = page.evaluate(ALL_KEPT)
    for name in ("Pak Amir", CONTACT, "0812 1", road.visit.stop.name, road.village.stop.name, "HP uji"):
        assert name not in kept, name
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Ponsel ini sudah dikeluarkan oleh perpustakaan"
    )
    assert Entry.objects.count() == 0
