"""The public and account pages as people meet them: a small phone, a dark room, a keyboard, a cut connection."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, expect

from libraries.models import User
from tests.support.barriers import by_day_and_in_the_dark

# Naming the apps lets the clean-up cascade: knox keeps a table of its own beside the token model that replaces it.
EVERY_APP = [config.name for config in apps.get_app_configs()]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

PUBLIC = [
    "/",
    "/privasi/",
    "/verify/TIDAK-ADA",
    "/akun/login/",
    "/akun/login/code/",
    "/akun/password/reset/",
    "/nihil/",
]
OWN = ["/akun/2fa/", "/akun/sessions/", "/akun/password/change/", "/akun/logout/", "/akun/2fa/totp/activate/"]


def open_page(chromium: Browser, *, width: int = 360, **options: object) -> Page:
    context = chromium.new_context(
        viewport={"width": width, "height": 740},
        locale="id-ID",
        **options,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = open_page(chromium)
    yield page
    page.context.close()


def sign_in(page: Page, live_server: object, *, staff: bool = False) -> None:
    User.objects.create_user(
        "rahmi", "rahmi@contoh.sch.id", "kata-sandi-yang-panjang", name="Rahmi Yanti", is_staff=staff
    )
    page.goto(f"{live_server}/akun/login/")
    page.get_by_label("E-mail atau nama pengguna").fill("rahmi")
    page.get_by_label("Kata sandi").fill("kata-sandi-yang-panjang")
    page.locator("form[data-sign-in]").get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_load_state()


def test_nothing_on_the_public_pages_keeps_a_reader_out(chromium: Browser, live_server: object) -> None:
    page = open_page(chromium, bypass_csp=True, reduced_motion="reduce")
    for address in PUBLIC:
        page.goto(f"{live_server}{address}")
        assert by_day_and_in_the_dark(page) == {}, address
    page.context.close()


def test_nothing_on_the_account_pages_keeps_a_reader_out(chromium: Browser, live_server: object) -> None:
    page = open_page(chromium, bypass_csp=True, reduced_motion="reduce")
    sign_in(page, live_server)
    for address in OWN:
        page.goto(f"{live_server}{address}")
        assert by_day_and_in_the_dark(page) == {}, address
    page.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_moves_sideways(chromium: Browser, live_server: object, width: int) -> None:
    page = open_page(chromium, width=width)
    for address in PUBLIC:
        page.goto(f"{live_server}{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.context.close()


def test_a_finger_hits_every_control(page: Page, live_server: object) -> None:
    """U2: 44 px both ways. Links inside a sentence are exempt, as in WCAG 2.5.8."""
    for address in PUBLIC:
        page.goto(f"{live_server}{address}")
        for control in page.locator(
            "main button, main a.btn, header a, header button, footer a, main input"
        ).all():
            if control.is_visible() and control.get_attribute("type") != "checkbox":
                box = control.bounding_box()
                assert box and box["height"] >= 43.5, (
                    f"{address}: {control.evaluate('e => e.outerHTML')[:120]}"
                )


def test_the_policy_is_never_broken(page: Page, live_server: object) -> None:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    for address in PUBLIC:
        page.goto(f"{live_server}{address}")
    assert [line for line in said if "404" not in line] == []


def test_the_first_tab_offers_the_way_past_the_head(page: Page, live_server: object) -> None:
    page.goto(f"{live_server}/privasi/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Langsung ke isi")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_an_error_is_met_first_and_leads_to_its_field(page: Page, live_server: object) -> None:
    page.goto(f"{live_server}/akun/login/")
    form = page.locator("form[data-sign-in]")
    page.get_by_label("E-mail atau nama pengguna").fill("bukan-siapa-siapa")
    page.get_by_label("Kata sandi").fill("salah-salah-salah")
    form.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.title().startswith("Galat:")
    assert page.get_by_label("E-mail atau nama pengguna").input_value() == "bukan-siapa-siapa"


def test_the_person_sheet_closes_by_escape(page: Page, live_server: object) -> None:
    sign_in(page, live_server)
    page.goto(f"{live_server}/privasi/")
    page.locator("details.person > summary").click()
    out = page.get_by_role("button", name="Keluar")
    expect(out).to_be_visible()
    page.keyboard.press("Escape")
    expect(out).to_be_hidden()
    expect(page.locator("details.person > summary")).to_be_focused()


def test_the_pages_read_and_send_without_script(chromium: Browser, live_server: object) -> None:
    page = open_page(chromium, java_script_enabled=False)
    sign_in(page, live_server)
    page.goto(f"{live_server}/")
    expect(page.get_by_role("heading", name="Selamat datang kembali")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Books that travel, and come home")).to_be_visible()
    page.context.close()


# --- drafts (U8): a form of our own, served at an address of the live server so that it shares its storage ----------

DRAFTS = Path(__file__).resolve().parents[2] / "static" / "js" / "draft.js"
FORM = """<!doctype html><html lang="id"><title>Uji</title><form method="post" action="/uji/kirim/" data-draft="uji-7">
<input type="hidden" name="csrfmiddlewaretoken" value="lama"><label>Catatan <textarea name="note"></textarea></label>
<label><input type="radio" name="kind" value="lost"> Hilang</label><label><input type="radio" name="kind" value="damaged"> Rusak</label>
<label>Sandi <input type="password" name="secret"></label>%s<button>Kirim</button></form><script src="/static/js/draft.js"></script>"""


@pytest.fixture
def draft_page(page: Page, live_server: object) -> Page:
    offer = render_to_string("components/_draft.html")
    page.route("**/uji/formulir/", lambda route: route.fulfill(content_type="text/html", body=FORM % offer))
    page.route(
        "**/uji/kirim/",
        lambda route: route.fulfill(
            content_type="text/html",
            body="<!doctype html>Terkirim<script src='/static/js/draft.js'></script>",
        ),
    )
    script = DRAFTS.read_text()
    page.route(
        "**/static/js/draft.js", lambda route: route.fulfill(content_type="text/javascript", body=script)
    )
    page.goto(f"{live_server}/uji/formulir/")
    return page


def stored(page: Page) -> str:
    return str(page.evaluate("localStorage.getItem('draft:uji-7') || ''"))


def test_what_was_typed_survives_a_cut_and_is_offered_back(draft_page: Page) -> None:
    page = draft_page
    page.get_by_label("Catatan").fill("Satu buku basah")
    page.get_by_label("Rusak").check()
    page.get_by_label("Sandi").fill("rahasia")
    page.reload()
    assert "rahasia" not in stored(page)
    expect(page.get_by_label("Catatan")).to_have_value("")
    page.get_by_role("button", name="Pakai lagi").click()
    expect(page.get_by_label("Catatan")).to_have_value("Satu buku basah")
    expect(page.get_by_label("Rusak")).to_be_checked()
    assert page.locator("[name=csrfmiddlewaretoken]").input_value() == "lama"


def test_a_draft_can_be_discarded(draft_page: Page) -> None:
    page = draft_page
    page.get_by_label("Catatan").fill("tidak jadi")
    page.reload()
    page.get_by_role("button", name="Buang").click()
    page.reload()
    expect(page.locator("[data-draft-offer]")).to_be_hidden()


def test_a_form_that_was_sent_leaves_no_draft(draft_page: Page) -> None:
    page = draft_page
    page.get_by_label("Catatan").fill("Satu buku basah")
    page.get_by_role("button", name="Kirim").click()
    expect(page.get_by_text("Terkirim")).to_be_visible()
    assert stored(page) == ""
