"""Hands and phones that do not do as planned: presses twice, two tabs, no room left, an act that cannot be taken back (M5, M6, U20)."""

import io
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from kerjasama.domain import clock
from libraries.models import Institution, User
from loans.models import Consignment, LoanLine
from loans.services.proposing import propose_consignment
from loans.services.scanning import scan
from mobile_service.models import Entry, Tally, TripFile
from mobile_service.portal import van_api
from tests.factories import StopFactory, TripFactory, VisitFactory
from tests.journeys.conftest import EVERY_APP, Visitor
from tests.journeys.van_phone import (
    ALL_KEPT,
    all_sent,
    bar,
    books_out,
    follow,
    needs_no_network,
    packed,
    press,
    scanner,
    sign,
)
from tests.mobile_service.road import Road

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

HOME = van_api.PATH
# What a browser answers that has no room left: the row is not taken, and its transaction is void. Until the page is opened anew.
FULL = """() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
        const request = put.apply(this, given);
        Object.defineProperty(this.transaction, "error", { value: new DOMException("", "QuotaExceededError") });
        this.transaction.abort();
        return request;
    };
}"""
# Two taps that come faster than the disk writes.
TWICE = "(button) => { button.click(); button.click(); }"
# As if the pack had been fetched a day earlier.
OLDER = """async () => {
    const base = await new Promise((done) => { indexedDB.open("kerjasama-van").onsuccess = (event) => done(event.target.result); });
    const writing = base.transaction("meta", "readwrite");
    const pack = writing.objectStore("meta").get("pack");
    pack.onsuccess = () => {
        pack.result.value.at -= 86400000;
        writing.objectStore("meta").put(pack.result);
    };
    await new Promise((done) => { writing.oncomplete = done; });
    base.close();
}"""


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    return Road(library, school_library, circulation, account=crew)


@pytest.fixture
def load(road: Road, library: Institution, school_library: Institution, circulation: User) -> Consignment:
    """Today's delivery for the school, on the van."""
    _out, programme = books_out(library, school_library, circulation, 3)
    made = packed(programme, 1, circulation)
    road.load(made)
    return made


@pytest.fixture
def page(visitor: Visitor, road: Road, live_server: Any) -> Page:
    made = opened(visitor, road, live_server)
    needs_no_network(made)
    return made


def opened(visitor: Visitor, road: Road, live_server: Any) -> Page:
    """The page on a phone that is signed in."""
    made = visitor(None, width=360)
    made.context.add_cookies(
        [{"name": van_api.COOKIE, "value": road.phone.key, "url": f"{live_server}{HOME}"}]
    )
    made.goto(HOME)
    return made


def handed_over(page: Page, road: Road, load: Consignment, *, twice: bool = False) -> None:
    """Both sides sign on the glass."""
    page.goto(f"{HOME}#/serah/{road.visit.pk}/{load.pk}")
    page.get_by_label("Siapa yang menerima buku?").fill("Ibu Yusnimar")
    press(page, "Lanjut ke tanda tangan")
    sign(page)
    press(page, "Berikutnya")
    sign(page)
    page.get_by_role("button", name="Serahkan", exact=True).evaluate(
        TWICE if twice else "(button) => button.click()"
    )
    expect(page.get_by_role("heading", name="Diserahkan dan ditandatangani")).to_be_visible()


def test_what_cannot_be_taken_back_any_more_is_said_and_stands(
    load: Consignment, page: Page, road: Road
) -> None:
    """The school has signed for it with both papers made: the phone shows it as the house has it, and why."""
    handed_over(page, road, load)
    all_sent(page)
    assert TripFile.objects.count() == 2
    load.refresh_from_db()
    assert load.handover_document is not None and load.status != "picking"
    line = page.locator(".van-entry")
    line.get_by_role("button", name="Batalkan").click()
    why = "Ini tidak dapat ditarik lagi"
    expect(page.locator("#van-says")).to_contain_text(why)
    for _reload in range(2):
        expect(page.get_by_role("heading", name="Diserahkan dan ditandatangani")).to_be_visible()
        expect(line).to_contain_text(why)
        expect(line.get_by_role("button")).to_have_count(0)
        all_sent(page)
        page.reload()
    assert Entry.objects.filter(kind="undo").count() == 1


def test_names_go_with_their_day(page: Page, road: Road) -> None:
    """A phone that is taken out of the drawer the day after, where there is no network."""
    names = ("Bu Yus", "0812 1")
    page.context.set_offline(True)
    page.reload()
    needs_no_network(page)
    assert all(name in page.evaluate(ALL_KEPT) for name in names)
    page.evaluate(OLDER)
    page.reload()
    expect(page.get_by_text(road.village.stop.name)).to_be_visible()
    page.wait_for_function("async () => !van.queue.state.pack.trips[0].visits[0].contact")
    assert not any(name in page.evaluate(ALL_KEPT) for name in names)


def test_a_full_phone_says_so_and_loses_nothing(page: Page, road: Road) -> None:
    """What was written before stays, what could not be written is not shown as done, and both go once there is room."""
    page.context.set_offline(True)
    page.goto(f"{HOME}#/henti/{road.visit.pk}")
    press(page, "Sudah tiba")
    page.goto(f"{HOME}#/pengunjung/{road.visit.pk}")
    press(page, "Murid +5")
    expect(bar(page)).to_contain_text("2 menunggu")
    page.evaluate(FULL)
    press(page, "Murid +5")
    expect(page.locator("#van-says")).to_contain_text("Ponsel penuh dan tidak menyimpan ini")
    expect(page.get_by_role("status").filter(has_text="5 pengunjung")).to_be_visible()
    expect(bar(page)).to_contain_text("2 menunggu")
    page.context.set_offline(False)
    page.goto(f"{HOME}#/kirim")
    press(page, "Kirim sekarang")
    page.wait_for_function("() => van.sync.status.trouble === 'full' && !van.sync.status.busy")
    expect(bar(page)).to_contain_text("2 menunggu")
    page.context.set_offline(True)
    page.goto(f"{HOME}#/pengunjung/{road.visit.pk}")
    page.reload()
    expect(page.get_by_role("status").filter(has_text="5 pengunjung")).to_be_visible()
    press(page, "Murid +5")
    expect(page.get_by_role("status").filter(has_text="10 pengunjung")).to_be_visible()
    page.context.set_offline(False)
    all_sent(page)
    assert list(Entry.objects.order_by("counter").values_list("counter", flat=True)) == [1, 2, 3]
    assert Tally.objects.get(visit=road.visit).visitor_count == 10


def test_pressed_twice_is_done_once(load: Consignment, page: Page, road: Road) -> None:
    """Arrived, a note, the handover, left: each is one act, which one press takes back. Counting is what a thumb may do quickly."""
    page.goto(f"{HOME}#/henti/{road.visit.pk}")
    page.get_by_role("button", name="Sudah tiba").evaluate(TWICE)
    expect(page.locator("#van-says")).to_contain_text("Kedatangan dicatat")
    page.locator("#van-says").get_by_role("button", name="Batalkan").evaluate(TWICE)
    expect(page.locator("#van-says")).to_contain_text("Dibatalkan")
    press(page, "Sudah tiba")
    follow(page, "Hitung pengunjung")
    page.get_by_role("button", name="Murid +5").evaluate(TWICE)
    expect(page.get_by_role("status").filter(has_text="10 pengunjung")).to_be_visible()
    page.goto(f"{HOME}#/catatan/{road.visit.pk}")
    page.get_by_label("Catatan Anda").fill("Jalan becek")
    page.get_by_role("button", name="Simpan").evaluate(TWICE)
    expect(page.locator("#van-says")).to_contain_text("Catatan disimpan")
    handed_over(page, road, load, twice=True)
    page.goto(f"{HOME}#/henti/{road.visit.pk}")
    page.get_by_role("button", name="Tinggalkan tempat ini").evaluate(TWICE)
    expect(page.locator("#van-says")).to_contain_text("Keberangkatan dicatat")
    all_sent(page)
    told = list(Entry.objects.order_by("counter").values_list("kind", flat=True))
    assert told == ["arrive", "undo", "arrive", "count", "count", "note", "hand_over", "leave"]
    assert TripFile.objects.count() == 2


def test_two_tabs_of_one_phone_are_one_phone(page: Page, road: Road) -> None:
    """What one writes the other shows; together they have one row of numbers, and everything is sent once."""
    other = page.context.new_page()
    tabs = [page, other]
    page.context.set_offline(True)
    for tab in tabs:
        tab.goto(f"{HOME}#/pengunjung/{road.visit.pk}")
    for number in range(1, 4):
        for tab in tabs:
            press(tab, "Murid +5")
        for tab in tabs:
            expect(tab.get_by_role("status").filter(has_text=f"{10 * number} pengunjung")).to_be_visible()
    page.context.set_offline(False)
    for tab in tabs:
        all_sent(tab)
    counters = Entry.objects.order_by("counter").values_list("counter", flat=True)
    assert list(counters) == [1, 2, 3, 4, 5, 6]
    assert Tally.objects.get(visit=road.visit).visitor_count == 30


@pytest.mark.parametrize(
    ("hour", "first"), [(1, "yesterday"), (7, "today")], ids=["at night", "in the morning"]
)
def test_a_trip_that_nobody_ended_does_not_hide_the_next(
    hour: int, first: str, road: Road, visitor: Visitor, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At night the van is still on its way home; in the morning the new day comes first, and the old one can still be ended."""
    now = datetime.combine(road.trip.on, time(hour), ZoneInfo(road.trip.office.zone))
    ahead = now - timezone.now()
    monkeypatch.setattr(clock, "now", lambda: timezone.now() + ahead)
    old = TripFactory(vehicle=road.trip.vehicle, on=road.trip.on - timedelta(days=1), status="under_way")
    gone = VisitFactory(trip=old, stop=StopFactory(office=road.trip.office, name="Balai Kemarin"))
    page = opened(visitor, road, live_server)
    here = {"yesterday": gone, "today": road.village}
    there = here.pop("today" if first == "yesterday" else "yesterday")
    expect(page.get_by_role("link", name=here[first].stop.name)).to_be_visible()
    expect(page.get_by_text(there.stop.name)).to_have_count(0)
    page.locator(f'a[href="#/perjalanan/{there.trip_id}"]').click()
    expect(page.get_by_role("link", name=there.stop.name).first).to_be_visible()


def test_a_browser_that_has_cleared_its_store_counts_on(page: Page, road: Road) -> None:
    """The house knows which numbers it has heard: with a number twice, books could be moved in another order than the hands did."""
    for number in (1, 2):
        page.goto(f"{HOME}#/pengunjung/{road.visit.pk}")
        press(page, "Murid +5")
        expect(page.get_by_role("status").filter(has_text=f"{5 * number} pengunjung")).to_be_visible()
        all_sent(page)
        assert list(Entry.objects.order_by("counter").values_list("counter", flat=True)) == [1, 2][:number]
        page.evaluate("() => van.store.wipe()")
        page.reload()
        expect(page.get_by_role("status").filter(has_text=f"{5 * number} pengunjung")).to_be_visible()
    assert Tally.objects.get(visit=road.visit).visitor_count == 10


def test_the_square_at_the_desk_can_be_read_by_a_camera(visitor: Visitor, officer: User, road: Road) -> None:
    """Each of its dots must be several pixels wide, on the desk's screen and when it is shown on a phone."""
    for width in (1280, 360):
        desk = visitor(officer, width=width)
        desk.goto(reverse("work:van_device_new"))
        desk.get_by_label("Ponsel siapa").select_option(label=road.member.name)
        desk.get_by_label("Ponsel yang mana").fill(f"HP {width}")
        desk.get_by_role("button", name="Tampilkan kodenya").click()
        square = desk.locator("img.qr")
        box = square.bounding_box()
        assert box and 180 <= box["width"] <= 300
        (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(square.screenshot())))
        desk.get_by_text("Ponsel tidak dapat memindai").click()
        assert found.text == desk.locator(".code.break").inner_text().strip()


def test_what_a_form_still_shows_is_not_offered_back(visitor: Visitor, officer: User, road: Road) -> None:
    """A look at the days of a series brings the form again, with what was typed and perhaps one box more."""
    desk = visitor(officer, width=360)
    desk.goto(reverse("work:van_series_new"))
    desk.locator("[name=stop]").select_option(label=str(road.visit.stop))
    desk.locator("[name=weekdays]").first.check()
    desk.locator("[name=begins_at]").fill("23:00")
    desk.get_by_role("button", name="Lihat harinya dulu").click()
    expect(desk.locator("[name=despite]:visible")).to_be_visible()
    expect(desk.locator("[data-draft-offer]")).to_be_hidden()
    desk.goto(reverse("work:van_series_new"))
    expect(desk.locator("[data-draft-offer]")).to_be_visible()


def test_hours_and_counts_are_written_as_the_crew_reads_them(page: Page, road: Road) -> None:
    begins = road.visit.begins_at.astimezone(ZoneInfo(road.trip.office.zone))
    for language, hour, books in (("id", f"{begins:%H.%M}", "1.200"), ("en", f"{begins:%H:%M}", "1,200")):
        page.evaluate("(language) => van.speak(language)", language)
        page.evaluate("() => { location.hash = '#/kirim'; }")
        page.evaluate("(id) => { location.hash = `#/henti/${id}`; }", str(road.visit.pk))
        expect(page.locator("#van-screen")).to_contain_text(f"{hour}–")
        assert page.evaluate("() => van.t('own_books', { n: 1200 })").startswith(books)


def test_a_school_signs_for_what_is_in_the_box(
    visitor: Visitor,
    road: Road,
    live_server: Any,
    library: Institution,
    school_library: Institution,
    circulation: User,
) -> None:
    """A delivery that was not scanned to its end: the house hands over what was scanned, so that is what the phone counts."""
    _out, programme = books_out(library, school_library, circulation, 3)
    made = propose_consignment(period=programme.periods.order_by("sequence")[1], actor=circulation)
    first = LoanLine.objects.filter(consignment=made).select_related("copy").in_shelf_order()[0]
    scan(desk="pick", consignment=made, barcode=first.copy.barcode, actor=circulation)
    road.load(made)
    page = opened(visitor, road, live_server)
    needs_no_network(page)
    # One that stayed at home is not in the box, whatever its list says.
    at_home = LoanLine.objects.filter(consignment=made, status="proposed").select_related("copy")[0]
    page.goto(f"{HOME}#/tambah/{road.visit.pk}")
    scanner(page, first.copy.barcode, at_home.copy.barcode)
    expect(page.locator(".van-entry")).to_have_count(1)
    expect(page.locator(".van-entry")).to_contain_text(at_home.copy.barcode)
    page.locator(".van-entry button").click()
    page.goto(f"{HOME}#/serah/{road.visit.pk}/{made.pk}")
    expect(page.locator(".van-figure")).to_have_text(f"1 buku {made.code}")
    expect(page.locator(".notice--warn").filter(has_text="2 ")).to_be_visible()
    handed_over(page, road, made)
    all_sent(page)
    assert LoanLine.objects.filter(consignment=made, status="out").count() == 1
