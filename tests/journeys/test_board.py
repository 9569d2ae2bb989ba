"""The year board with the hand, with the keys alone, and without script: a swap is moved, and the move is taken back."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from kerjasama.domain import clock
from libraries.models import Institution, User
from loans.models import Period
from loans.services.programmes import open_programme
from tests.factories import AgreementFactory
from tests.journeys.conftest import EVERY_APP, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, available_apps=EVERY_APP)]

BOARD = "/admin/kerja/papan/"


@pytest.fixture
def second(library: Institution, school_library: Institution, circulation: User) -> Period:
    """The second swap of a year that begins on the first day of this month, so that every swap lies early in its month."""
    agreement = AgreementFactory(
        office=library,
        partner=school_library,
        in_force=True,
        starts_on=clock.today().replace(day=1),
        ends_on=clock.today() + timedelta(days=330),
    )
    programme = open_programme(agreement=agreement, actor=circulation)
    return programme.periods.get(sequence=2)


def day_of(page: Page, period: Period) -> str:
    return f'summary[data-day="{period.starts_on.isoformat()}"]'


def test_dragged_over_its_month_and_taken_back(visitor: Visitor, circulation: User, second: Period) -> None:
    page = visitor(circulation)
    page.goto(BOARD)
    day = page.locator(day_of(page, second))
    cell = day.locator("xpath=ancestor::td").bounding_box()
    at = day.bounding_box()
    assert cell and at
    page.mouse.move(at["x"] + 8, at["y"] + 8)
    page.mouse.down()
    page.mouse.move(cell["x"] + cell["width"] * 0.7, at["y"] + 8, steps=5)
    expect(page.locator(".yearboard__drag")).to_be_visible()
    page.mouse.up()
    page.wait_for_url("**/geser/?**")
    asked = date.fromisoformat(page.locator("[name=starts_on]").input_value())
    assert (asked.year, asked.month) == (second.starts_on.year, second.starts_on.month)
    assert asked > second.starts_on
    before = second.starts_on
    # A Sunday is refused by the page before it is sent; the Monday after it, or the day itself, is not.
    chosen = asked + timedelta(days=asked.weekday() == 6)
    page.locator("[name=starts_on]").fill(chosen.isoformat())
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/papan/**")
    second.refresh_from_db()
    assert second.starts_on == chosen
    page.locator("main .notice form button").click()
    expect(page.locator("main .notice form")).to_have_count(0)
    second.refresh_from_db()
    assert second.starts_on == before


def test_by_the_keys_alone(visitor: Visitor, circulation: User, second: Period) -> None:
    page = visitor(circulation)
    page.goto(BOARD)
    days = page.locator("summary[data-day]")
    days.nth(0).focus()
    first = days.nth(0).get_attribute("data-day")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.day") != first
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.day") == first
    page.locator(day_of(page, second)).focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.keyboard.press("-")
    page.keyboard.press("Enter")
    page.wait_for_url("**/geser/?**")
    asked = page.locator("[name=starts_on]").input_value()
    assert asked == (second.starts_on + timedelta(days=1)).isoformat()


def test_without_script_a_date_is_typed(visitor: Visitor, circulation: User, second: Period) -> None:
    page = visitor(circulation, script=False)
    page.goto(BOARD)
    day = page.locator(day_of(page, second))
    day.click()
    wanted = second.starts_on + timedelta(days=2)
    place = day.locator("xpath=..")
    place.locator("input[type=date]").fill(wanted.isoformat())
    place.locator("button").click()
    page.wait_for_url("**/geser/?**")
    assert page.locator("[name=starts_on]").input_value() == wanted.isoformat()
    second.refresh_from_db()
    assert second.starts_on != wanted, "looking moves nothing"
