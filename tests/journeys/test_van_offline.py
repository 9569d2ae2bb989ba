"""The crew's phones on bad days: two of one trip, five hundred scans, a new version in between, one that is revoked (M5, M6, R13, R14, S21).

An orderly day, with a dead battery in it, is driven in test_van_quarter.
"""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from libraries.models import Institution, User
from loans.models import LoanLine
from loans.services.custody import check_custody
from mobile_service.models import Device, Entry, Tally, Visit
from mobile_service.portal import van, van_api
from mobile_service.services.devices import invite_device, revoke_device
from tests.journeys.conftest import EVERY_APP, Visitor
from tests.journeys.seeing import shows_a_label
from tests.journeys.van_phone import (
    ALL_KEPT,
    Pocket,
    all_sent,
    bar,
    books_out,
    follow,
    needs_no_network,
    press,
    scanner,
    signs_in,
)
from tests.mobile_service.road import Phone, Road

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

CONTACT = "Bu Yusnidar"
MANY = 500
# What waited when the phone was switched off: rows in its own store, as its queue writes them.
WRITE = """async (entries) => {
    const base = await new Promise((done) => { indexedDB.open("kerjasama-van").onsuccess = (event) => done(event.target.result); });
    const writing = base.transaction(["entries", "meta"], "readwrite");
    for (const entry of entries) writing.objectStore("entries").put({ ...entry, state: "kept" });
    writing.objectStore("meta").put({ key: "counter", value: entries.length });
    await new Promise((done) => { writing.oncomplete = done; });
    base.close();
}"""
# What becomes of the next version of the page.
NEXT_VERSION = """async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update();
    const next = registration.installing || registration.waiting;
    if (!next) return "redundant";
    await new Promise((done) => {
        next.onstatechange = done;
        if (next.state !== "installing") done();
    });
    return next.state;
}"""


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    made = Road(library, school_library, circulation, account=crew)
    made.visit.stop.contact_name = CONTACT
    made.visit.stop.save()
    return made


def sign_in(pocket: Pocket, road: Road) -> Page:
    _device, code = invite_device(member=road.member, name="HP uji", actor=road.desk)
    return signs_in(pocket, reverse("portal:van_sign_in", args=[code]))


def open_phone(visitor: Visitor, phone: Phone, address: str) -> Page:
    """The page on a phone that is signed in already."""
    page = visitor(None, width=360)
    page.context.add_cookies(
        [{"name": van_api.COOKIE, "value": phone.key, "url": f"{address}{van_api.PATH}"}]
    )
    page.goto(van_api.PATH)
    needs_no_network(page)
    return page


def test_two_phones_of_one_trip_end_in_one_truth(
    visitor: Visitor,
    road: Road,
    library: Institution,
    school_library: Institution,
    circulation: User,
    live_server: Any,
) -> None:
    """Both without a network at the same stop: what both did counts once, what each did counts, what cannot be is listed."""
    out, _programme = books_out(library, school_library, circulation, 3)
    phones = [open_phone(visitor, phone, str(live_server)) for phone in (road.phone, road.second)]
    stop = f"{van_api.PATH}#/henti/{road.visit.pk}"
    for page, pupils, barcodes in ((phones[0], 2, out[:2]), (phones[1], 1, [*out[1:], "BUKAN-KODE"])):
        page.context.set_offline(True)
        page.goto(stop)
        press(page, "Sudah tiba")
        follow(page, "Hitung pengunjung")
        press(page, *["Murid +5"] * pupils)
        page.goto(f"{van_api.PATH}#/terima/{road.visit.pk}")
        scanner(page, *barcodes)
        expect(page.locator(".van-entry")).to_have_count(len(barcodes))
        if "BUKAN-KODE" in barcodes:
            expect(page.locator(".van-total")).to_have_text("2 kembali · 1 belum · 1 di luar daftar")
        expect(bar(page)).to_contain_text(f"{1 + pupils + len(barcodes)} menunggu")
    press_leave(phones[1], stop)
    for page in reversed(phones):
        page.context.set_offline(False)
        all_sent(page)
    assert Tally.objects.get(visit=road.visit).visitors == {"pupils": 15}
    assert Visit.objects.get(pk=road.visit.pk).status == "done"
    back = LoanLine.objects.filter(copy__barcode__in=out, status="returned")
    assert {row.copy.barcode for row in back} == set(out)
    assert list(check_custody()) == []
    odd = Entry.objects.exclude(outcome="applied").get()
    assert (odd.outcome, odd.data["barcode"]) == ("review", "BUKAN-KODE")
    for page in phones:
        page.goto(f"{van_api.PATH}#/kirim")
        press(page, "Kirim sekarang")
        page.goto(stop)
        expect(page.get_by_text("15 pengunjung")).to_be_visible()
    expect(phones[1].get_by_text("3 kembali · 0 belum · 1 di luar daftar")).to_be_visible()


def press_leave(page: Page, stop: str) -> None:
    page.goto(stop)
    press(page, "Tinggalkan tempat ini")
    expect(page.get_by_text("Keberangkatan dicatat")).to_be_visible()


def test_five_hundred_scans_leave_in_few_requests(
    visitor: Visitor,
    road: Road,
    library: Institution,
    school_library: Institution,
    circulation: User,
    live_server: Any,
) -> None:
    """A long day without a network; then the camera reads one book more."""
    *out, last = books_out(library, school_library, circulation, 21)[0]
    page = open_phone(visitor, road.phone, str(live_server))
    page.context.set_offline(True)
    told = [road.phone.write("take_back", road.visit, barcode=code, condition="good") for code in out]
    told += [road.phone.write("count", road.visit, kind="pupils", delta=1) for _ in range(MANY - len(out))]
    page.evaluate(WRITE, told)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    page.reload()
    expect(bar(page)).to_contain_text(f"{MANY} menunggu", timeout=20_000)
    page.context.set_offline(False)
    all_sent(page)
    assert len([url for url in asked if url.endswith("/kirim/")]) <= 4
    assert Entry.objects.filter(outcome="applied").count() == Entry.objects.count() == MANY
    assert Tally.objects.get(visit=road.visit).visitor_count == MANY - len(out)
    shows_a_label(page, last)
    page.goto(f"{van_api.PATH}#/terima/{road.visit.pk}")
    page.reload()
    expect(page.locator(".van-total")).to_have_text("20 kembali · 1 belum")
    press(page, "Kamera")
    expect(page.locator(".van-total")).to_have_text("21 kembali · 0 belum", timeout=20_000)
    expect(page.locator(".van-entry").first).to_contain_text(last)
    press(page, "Tutup kamera")
    expect(page.locator("video")).to_be_hidden()
    expect(bar(page)).to_contain_text("Semua terkirim")
    assert LoanLine.objects.filter(status="returned").count() == 21


def test_a_new_version_strands_nothing(pocket: Pocket, road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    """R14: it waits for the queue, the queue goes out by the old page to a newer house, and then the new one takes over."""
    page = sign_in(pocket, road)
    versions = "async () => (await caches.keys()).filter((name) => name.startsWith('van-'))"
    before = page.evaluate(versions)
    # Half of the house is newer: its list names a file that the page does not know.
    with monkeypatch.context() as halfway:
        halfway.setattr(van, "version", lambda: "setengah-baru")
        halfway.setattr(van, "PICTURES", (*van.PICTURES, "img/band.svg"))
        assert page.evaluate(NEXT_VERSION) == "redundant"
    assert page.evaluate(versions) == before
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
    said = page.locator("#van-says")
    expect(said).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    # Nothing is left on the glass that could be pressed and written down again.
    expect(said).to_be_hidden()
    expect(bar(page)).to_have_text("Ponsel ini sudah dikeluarkan oleh perpustakaan")
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
