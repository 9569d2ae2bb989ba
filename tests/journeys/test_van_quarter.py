"""The whole mobile library (M1–M8): 58 schools and 12 villages with one van. A quarter planned and adopted, published, a day of it
driven without a network, sent and reported.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from kerjasama.domain import clock
from libraries.models import Institution, User
from loans.models import Consignment, LoanLine, Programme
from loans.services.custody import check_custody
from mobile_service.models import Entry, RoutePlan, Stop, Tally, Trip, TripFile, Visit
from mobile_service.services.loading import add_load
from mobile_service.services.routing import run_waiting_plans
from tests.factories import WIB, CrewMemberFactory, InstitutionFactory, StopFactory, VehicleFactory
from tests.journeys.conftest import EVERY_APP, Visitor, fetch_pdf, moves_sideways
from tests.journeys.van_phone import (
    ALL_KEPT,
    Pocket,
    all_sent,
    bar,
    books_out,
    follow,
    packed,
    press,
    scanner,
    sign,
    signs_in,
)
from tests.support.cable import Cable

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

CONTACT = "Bu Yusnidar"
RECEIVER = "Pak Zulkifli"
SCHOOLS, VILLAGES, BOOKS = 58, 12, 12
SCHOOL_DAYS, SUNDAY = range(5), 6

TravelTo = Callable[[date], None]


@pytest.fixture
def travel_to(monkeypatch: pytest.MonkeyPatch) -> TravelTo:
    """Eight in the morning of a day to come, in the house alone: the phone's own clock stays behind by weeks."""

    def go(day: date) -> None:
        ahead = datetime.combine(day, time(8), WIB) - timezone.now()
        monkeypatch.setattr(clock, "now", lambda: timezone.now() + ahead)

    return go


@pytest.fixture
def gate(library: Institution, school_library: Institution, crew: User) -> Stop:
    """One van and its stops; the one at the gate of SDN 01, which borrows books."""
    van = VehicleFactory(office=library, name="Pusling Satu", boxes=4, own_books=600)
    CrewMemberFactory(office=library, vehicle=van, user=crew, name="Tini")
    mornings = [(day, time(7, 30), time(12)) for day in SCHOOL_DAYS]
    partners = [school_library, *(InstitutionFactory(school=True) for _ in range(SCHOOLS - 1))]
    stops = [
        StopFactory(
            school=True,
            office=library,
            partner=partner,
            name=partner.name,
            slug=partner.slug,
            windows=mornings,
        )
        for partner in partners
    ]
    for number in range(VILLAGES):
        windows = [(SUNDAY, time(8), time(14))]
        StopFactory(
            office=library, name=f"Balai Nagari {number:02}", slug=f"balai-{number:02}", windows=windows
        )
    stops[0].contact_name = CONTACT
    stops[0].save()
    return stops[0]


@pytest.fixture
def lent(library: Institution, school_library: Institution, circulation: User) -> tuple[list[str], Programme]:
    return books_out(library, school_library, circulation, BOOKS)


def test_a_quarter_is_planned_published_driven_and_reported(
    visitor: Visitor,
    officer: User,
    pocket: Pocket,
    line: Cable,
    gate: Stop,
    lent: tuple[list[str], Programme],
    circulation: User,
    travel_to: TravelTo,
) -> None:
    desk = visitor(officer)
    plan = planned(desk)
    published(visitor, plan)
    visit = Visit.objects.filter(stop=gate).earliest("begins_at")
    load = packed(lent[1], 1, circulation)
    add_load(visit=visit, consignment=load, actor=circulation)
    travel_to(visit.trip.on)
    driven(pocket, line, visit, code_of(desk), lent[0])
    told(visit, load, lent[0])
    reported(desk, visit)


def planned(desk: Page) -> RoutePlan:
    """The officer asks for a quarter, watches it, looks at it, and adopts it."""
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())
    desk.goto(reverse("work:route_plan_ask"))
    desk.get_by_label("Dari", exact=True).fill(monday.isoformat())
    desk.get_by_label("Sampai", exact=True).fill((monday + timedelta(weeks=13, days=-1)).isoformat())
    desk.get_by_label("Detik untuk menghitung").fill("10")
    desk.get_by_role("button", name="Hitung rencana").click()
    expect(desk.locator("#route-progress progress")).to_be_visible()
    assert run_waiting_plans() == 1
    expect(desk.get_by_role("heading", name="Hasil rencana")).to_be_visible(timeout=20_000)
    plan = RoutePlan.objects.get()
    assert plan.figures["met"] == plan.figures["asked"] >= 3 * (SCHOOLS + VILLAGES)
    expect(desk.locator(".stat").first).to_contain_text(str(plan.figures["met"]))
    desk.get_by_role("link", name="Pakai", exact=True).click()
    desk.get_by_role("dialog").get_by_role("button", name="Pakai").click()
    expect(desk.get_by_text(f"Dipakai: {plan.figures['met']} kunjungan baru").first).to_be_visible()
    assert Visit.objects.filter(plan=plan).count() == plan.figures["met"]
    return plan


def published(visitor: Visitor, plan: RoutePlan) -> None:
    """Everybody sees where the van comes on Sundays; nobody sees when it is at a school's gate."""
    page = visitor(None, width=360)
    page.goto(reverse("schedule"))
    for number in range(VILLAGES):
        expect(page.get_by_role("link", name=f"Balai Nagari {number:02}")).to_be_visible()
    expect(page.get_by_text("SD Negeri")).to_have_count(0)
    page.get_by_role("link", name="Balai Nagari 00").click()
    expect(page.locator(".next-visit__day")).to_contain_text("Minggu")
    visits = Visit.objects.filter(stop__slug="balai-00")
    expect(page.locator(".lines > li")).to_have_count(visits.count())
    assert {visit.begins_at.astimezone(WIB).weekday() for visit in visits} == {SUNDAY}
    assert not moves_sideways(page)


def code_of(desk: Page) -> str:
    """The address in the QR that the desk shows once, for the phone of the crew."""
    desk.goto(reverse("work:van_device_new"))
    desk.get_by_label("Ponsel siapa").select_option(label="Tini")
    desk.get_by_label("Ponsel yang mana").fill("HP uji")
    desk.get_by_role("button", name="Tampilkan kodenya").click()
    expect(desk.locator("img.qr")).to_be_visible()
    desk.get_by_text("Ponsel tidak dapat memindai").click()
    return re.sub(r"^https?://[^/]+", "", desk.locator(".code.break").inner_text().strip())


def driven(pocket: Pocket, line: Cable, visit: Visit, code: str, out: list[str]) -> None:
    """The day on the phone: packed, cut off, driven, the battery dead at noon, and told in the evening."""
    page = signs_in(pocket, code)
    expect(bar(page)).to_contain_text("Semua terkirim")
    pocket.close()
    line.cut()
    page = pocket.open()
    assert pocket.context
    pocket.context.set_offline(True)
    follow(page, "Daftar muatan")
    page.get_by_label(visit.stop.name).check()
    expect(page.get_by_text("1/1")).to_be_visible()
    page.goto("/portal/van/#/")
    follow(page, "Berangkat")
    page.get_by_label("Odometer (km)").fill("45.210")
    press(page, "Berangkat")
    expect(page.get_by_text("Selamat jalan")).to_be_visible()
    page.goto(f"/portal/van/#/henti/{visit.pk}")
    press(page, "Sudah tiba")
    follow(page, "Hitung pengunjung")
    press(page, *["Murid +5"] * 5, "Murid −1", "Guru +1")
    expect(page.get_by_role("status").filter(has_text="25 pengunjung")).to_be_visible()
    follow(page, "Selesai")
    follow(page, "Terima buku kembali")
    scanner(page, *out[:6])
    expect(page.locator(".van-total")).to_have_text("6 kembali · 6 belum")
    scanner(page, out[0])
    expect(page.locator(".van-answer")).to_contain_text("Sudah dipindai")
    page.locator(".van-entry").first.get_by_role("button").click()
    expect(page.locator(".van-total")).to_have_text("5 kembali · 7 belum")
    # Set off and arrived, counted seven times, six books, one of them taken back.
    expect(bar(page)).to_contain_text("16 menunggu")
    page.reload()
    expect(page.locator(".van-total")).to_have_text("5 kembali · 7 belum")
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
    follow(page, "Selesai")
    press(page, "Tinggalkan tempat ini")
    for other in visit.trip.visits.exclude(pk=visit.pk):
        expect(page).to_have_url(re.compile(r"#/$"))
        page.goto(f"/portal/van/#/henti/{other.pk}")
        press(page, "Sudah tiba", "Tinggalkan tempat ini")
    follow(page, "Kembali di pangkalan")
    page.get_by_label("Odometer (km)").fill("45252")
    press(page, "Kembali di pangkalan")
    expect(page.get_by_text("Perjalanan ini selesai")).to_be_visible()
    assert Entry.objects.count() == 0
    # The first answer is lost on the way: the phone cannot know, and sends the same again.
    line.lose_answer_to("POST /portal/van/kirim/")
    line.mend()
    page.goto("/portal/van/#/kirim")
    press(page, "Kirim sekarang")
    all_sent(page)
    assert line.lost == 1
    kept = page.evaluate(ALL_KEPT)
    assert RECEIVER not in kept and CONTACT not in kept and "Tini" not in kept
    page.goto(f"/portal/van/#/henti/{visit.pk}")
    for words in ("25 pengunjung", "5 kembali · 7 belum", "Diserahkan dan ditandatangani"):
        expect(page.get_by_text(words)).to_be_visible()


def told(visit: Visit, load: Consignment, out: list[str]) -> None:
    """What the house believes of the day: each act once, every book where it is."""
    stops = visit.trip.visits.count()
    assert Entry.objects.count() == 17 + 2 + 2 * (stops - 1) and TripFile.objects.count() == 2
    assert set(Entry.objects.exclude(outcome="undone").values_list("outcome", flat=True)) == {"applied"}
    tally = Tally.objects.get(visit=visit)
    assert (tally.visitors, tally.visitor_count) == ({"pupils": 24, "teachers": 1}, 25)
    trip = Trip.objects.get(pk=visit.trip_id)
    assert (trip.status, trip.odometer_start, trip.odometer_end) == ("done", 45_210, 45_252)
    assert set(trip.visits.values_list("status", flat=True)) == {"done"}
    back = LoanLine.objects.filter(copy__barcode__in=out, status="returned")
    assert {row.copy.barcode for row in back} == set(out[:5])
    assert Consignment.objects.get(pk=load.pk).status not in ("picking", "cancelled")
    assert list(check_custody()) == []


def reported(desk: Page, visit: Visit) -> None:
    """The desk sees the trip as done, and the month's report has its figures."""
    desk.goto(reverse("work:van_trip", args=[visit.trip_id]))
    expect(desk.locator(".lede .badge")).to_have_text("Selesai")
    expect(desk.get_by_text("45.210 – 45.252")).to_be_visible()
    month = visit.trip.on.replace(day=1).isoformat()
    desk.goto(f"{reverse('work:van_figures')}?rentang=bulan&mulai={month}")
    stats = desk.locator(".stat")
    expect(stats.filter(has_text="Kunjungan terlaksana")).to_contain_text(str(visit.trip.visits.count()))
    expect(stats.filter(has_text="Pengunjung")).to_contain_text("25")
    expect(stats.filter(has_text="Kilometer")).to_contain_text("42")
    row = desk.get_by_role("row").filter(has_text=visit.stop.name)
    expect(row.get_by_role("cell").nth(2)).to_have_text("25")
    fetch_pdf(desk, "Laporan (PDF)")
