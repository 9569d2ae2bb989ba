"""Without a mouse: Tab leads through a page from top to bottom, and one always sees where one is (U4). And in English."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from agreements.models import Agreement
from libraries.models import User
from tests.factories import AgreementFactory
from tests.journeys.conftest import EVERY_APP, Visitor
from tests.support.barriers import AXE, barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

# Where the focus is: what it is on, its place in the document, whether it shows, and whether something lies over it.
WHERE = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const box = (here.matches("input[type=radio], input[type=checkbox]") && here.closest("label") || here).getBoundingClientRect();
  const style = getComputedStyle(here);
  const shown = [here, here.closest(".choice"), here.closest(".card--link")].filter(Boolean)
    .some((one) => { const s = getComputedStyle(one); return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none"; });
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 40), 1), innerWidth - 2);
  const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 2);
  const above = document.elementFromPoint(x, y);
  const free = !!above && (here.contains(above) || above.contains(here) || !!above.closest("label")?.contains(here) || above.closest("label")?.htmlFor === here.id);
  return {
    name: here.tagName + " " + (here.name || here.textContent || "").trim().replace(/\\s+/g, " ").slice(0, 40),
    place: [...document.querySelectorAll("*")].indexOf(here),
    shown, free, inside: box.bottom > 0 && box.top < innerHeight, display: style.display,
  };
}"""


def walk(page: Page, most: int = 150) -> list[dict[str, Any]]:
    """Where Tab stops from the first stop of the page to its last."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop is None or (stops and stop["place"] < stops[0]["place"]):
            break
        if stops and stop["place"] == stops[-1]["place"]:
            # Inside a box for a date: its day, month, year and calendar are stops of the browser's own, with its own ring.
            continue
        stops.append(stop)
    return stops


@pytest.mark.parametrize("who", ["officer", "school"])
def test_tab_leads_from_top_to_bottom_and_is_always_seen(
    who: str, visitor: Visitor, agreement: Agreement, officer: User, school: User
) -> None:
    desk = who == "officer"
    page = visitor(officer if desk else school, width=1280 if desk else 360)
    page.goto(reverse("work:agreement_new") if desk else "/portal/")
    stops = walk(page)
    assert len(stops) > 8
    assert [stop["place"] for stop in stops] == sorted(stop["place"] for stop in stops)
    assert [stop["name"] for stop in stops if not stop["shown"]] == []
    assert [stop["name"] for stop in stops if not (stop["free"] and stop["inside"])] == []
    if desk:
        assert any("Buat konsep" in stop["name"] for stop in stops)


def test_nothing_keeps_an_english_reader_out(
    visitor: Visitor, live_server: Any, agreement: Agreement, officer: User, school: User
) -> None:
    """The words are other words, and longer or shorter: a handful of pages of both faces, as a screen reader meets them."""
    draft = AgreementFactory(office=agreement.office, partner=agreement.partner)
    found: dict[str, list[str]] = {}
    for user, width, addresses in (
        (officer, 1280, [reverse("admin:index"), reverse("work:agreement", args=[draft.pk]),
                         reverse("work:agreement_edit", args=[draft.pk]), reverse("work:directory")]),
        (school, 360, ["/portal/", reverse("portal:agreement", args=[agreement.pk]), "/portal/permintaan/baru/"]),
    ):  # fmt: skip
        page = visitor(user, width=width, bypass_csp=True)
        page.context.add_cookies([{"name": "bahasa", "value": "en", "url": str(live_server)}])
        for address in addresses:
            page.goto(address)
            assert page.locator("html").get_attribute("lang") == "en"
            page.evaluate(AXE)
            if barred := barriers(page):
                found[address] = barred
    assert found == {}
