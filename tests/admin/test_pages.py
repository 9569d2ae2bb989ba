"""Every work page opens for those who work there, stays shut for everybody else, and costs few queries."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from openpyxl import load_workbook

from libraries.models import User

pytestmark = pytest.mark.django_db

# Lists are read all day: their cost is bounded whatever they hold (U26).
LISTS = {
    "agreements", "agreement_board", "agreement_templates", "authority", "requests", "programmes", "consignments",
    "tracking", "missing_copies", "strays", "zones", "cases", "wishes", "wishes_wanted", "receipts", "activities", "equipment_list", "bookings",
    "plans", "board_year", "profiles", "stocktakes", "scan_reviews", "visit_requests", "vehicles", "stops", "van_serieses", "van_trips",
    "route_plans", "travel_times",
    "van_devices", "entry_reviews",
}  # fmt: skip
# Not even the empty form is shown to who may not use it.
KEEPERS_ONLY = {
    "agreement_new", "agreement_template_new", "authority_add", "authority_edit", "network_new", "readiness_send",
    "request_new",
}  # fmt: skip
BUDGET = 12
ONE_THING = 16
# Every part of the house puts its own matter on the first page, with one query each.
FIRST_PAGE = 27
# Everything about a cooperation on one page: two sides, terms, duties, papers, readers, relatives and their history.
ONE_AGREEMENT = 24


def cost_of(browser: Client, url: str) -> int:
    """Queries of a page that was opened before; what only brackets a transaction is not counted."""
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        browser.get(url)
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


def test_every_page_opens_for_the_desk_in_both_languages(desk: Client, pages: dict[str, str]) -> None:
    """And says what it does without colour or script, under one heading."""
    for language, title in (("id", '<html lang="id"'), ("en", '<html lang="en"')):
        desk.cookies["bahasa"] = language
        for name, url in pages.items():
            answer = desk.get(url)
            expected = 403 if name in KEEPERS_ONLY else 200
            assert answer.status_code == expected, (name, language)
            if not answer["Content-Type"].startswith("text/html"):
                assert answer.content.startswith(b"%PDF-"), name
                continue
            body = answer.content.decode()
            assert title in body, (name, language)
            if expected == 200:
                assert " style=" not in body, name
                assert "onclick=" not in body, name
                assert body.count("<h1") == 1, name


def test_a_school_a_stranger_and_another_library_find_nothing(
    pages: dict[str, str], signed_in: Callable[[User | None], Client], school: User, perpusnas: User
) -> None:
    open_to_any_desk = {
        "agreements", "agreement_board", "agreement_rules", "agreement_templates", "authority", "programmes",
        "consignments", "return_open", "receipts", "tracking", "missing_copies", "strays", "stray_new", "zones", "van_calendars", "zone_new", "cases", "search",
        "requests",
        "activities", "activity_calendar", "activity_new", "equipment_list", "equipment_new", "bookings",
        "networks", "readiness", "follow_ups", "reading_lists", "wishes", "wishes_wanted", "plans", "plan_ask", "board_year",
        "profiles", "profile_new", "stocktakes", "stocktake_new", "look", "scan_reviews",
        "evaluations",
        "vehicles", "vehicle_new", "crew_member_new", "stops", "stop_new", "stops_of_partners", "stop_sheets",
        "balances", "late_books", "silent_deliveries", "title_heat", "write_off", "bulk_list",
        "van_figures", "van_devices", "van_device_new", "entry_reviews", "van_report", "visit_requests", "van_calendar", "van_serieses", "van_series_new", "van_trips",
        "route_plans", "route_plan_ask", "travel_times",
        "van_trip_new", "van_visit_new", "days_off", "days_off_visits", "outage_visits",
    }  # fmt: skip
    of_school, of_nobody, of_another = (signed_in(user) for user in (school, None, perpusnas))
    for name, url in pages.items():
        assert of_school.get(url).status_code == 404, name
        anonymous = of_nobody.get(url)
        assert anonymous.status_code == 302 and "/akun/" in anonymous["Location"], name
        elsewhere = of_another.get(url)
        if name in open_to_any_desk:
            assert elsewhere.status_code == 200, name
            # Who would sign with whom is chosen from the directory, which all offices share.
            assert name == "authority" or b"SD Negeri 01" not in elsewhere.content, name
        elif name in KEEPERS_ONLY:
            assert elsewhere.status_code == 403
        else:
            assert elsewhere.status_code == 404, name


def test_nobody_changes_anything_of_another_library(
    pages: dict[str, str],
    world: dict[str, Any],
    signed_in: Callable[[User | None], Client],
    school: User,
    perpusnas: User,
) -> None:
    for user in (school, perpusnas):
        browser = signed_in(user)
        for name in (
            "agreement_step", "agreement_duty_step", "agreement_copy", "agreement_renew", "agreement_rule", "request_step",
            "request_meet", "request_accept", "request_link", "programme_step", "propose", "period_move", "dispatch", "scan", "line_drop", "line_missing", "missing_copy", "missing_found", "stray_send", "stray_forget", "return_for_others", "report_loss",
            "discrepancy", "return_desk", "return_finish", "case_assess", "case_settle", "case_find", "case_step", "swap",
        ):  # fmt: skip
            assert browser.post(pages[name], {"barcode": "x", "note": "x"}).status_code == 404, (name, user)


def test_lists_cost_the_same_whatever_they_hold(desk: Client, pages: dict[str, str]) -> None:
    for name in LISTS:
        cost = cost_of(desk, pages[name])
        assert cost <= BUDGET, (name, cost)


def test_single_pages_stay_within_their_means(desk: Client, pages: dict[str, str]) -> None:
    for name in (
        "activity",
        "equipment",
        "booking",
        "agreement",
        "request",
        "programme",
        "consignment",
        "scan",
        "return_desk",
        "case",
        "copy",
        "missing_copy",
        "swap",
        "dispatch",
    ):
        cost = cost_of(desk, pages[name])
        assert cost <= (ONE_AGREEMENT if name == "agreement" else ONE_THING), (name, cost)


def test_the_first_page_shows_todays_work(desk: Client, world: dict[str, Any]) -> None:
    answer = desk.get(reverse("admin:index"))
    body = answer.content.decode()
    assert world["case"].copy.title.title in body
    assert reverse("work:consignment", args=[world["out"].pk]) in body
    assert reverse("work:tracking") in body
    assert cost_of(desk, reverse("admin:index")) <= FIRST_PAGE


def test_an_empty_library_is_told_what_comes_next(desk: Client) -> None:
    assert "belum" in desk.get(reverse("work:agreements")).content.decode().lower()
    for name in LISTS - {"agreements"}:
        assert 'class="empty"' in desk.get(reverse(f"work:{name}")).content.decode(), name
    assert desk.get(reverse("admin:index")).status_code == 200


def test_every_work_address_is_among_the_pages_or_only_posts(pages: dict[str, str]) -> None:
    only_posted = {
        "line_add",
        "stop_hours_accept",
        "stop_sheet_adopt",
        "stop_sheet_aside",
        "plan_adopt",
        "wishes_decline",
        "scan_add",
        "scan_undo",
        "silence_remind",
        "bulk_undo",
        "agreement_sign",
        "agreement_unsign",
        "agreement_party",
        "boxes",
        "agreement_party_remove",
    }
    # Walked with a directory and a desk of their own: tests/libraries, tests/agreements/test_desk_pages.py, test_rotation.py and
    # tests/mobile_service.
    elsewhere = {
        "bulk", "bulk_ask",
        "borrowing_rule", "contact", "contact_data", "contact_edit", "contact_erase", "contact_new", "contact_withdraw",
        "desk_check", "desk_check_institutions", "desk_check_regions", "directory", "directory_paper",
        "directory_points", "partner", "plan_progress", "pick_part", "pick_zone", "partner_hours", "permission", "sheet", "sheet_adopt", "sheet_aside",
        "sheet_columns", "sheet_progress", "sheets", "stop_points", "stop_sheet_template", "van_points", "van_calendar_renew",
        "day_off_step", "days_off_take", "route_plan_points", "route_plan_progress",
    }  # fmt: skip
    known = set(pages) | only_posted | elsewhere
    names = {name for name in get_resolver().namespace_dict["work"][1].reverse_dict if isinstance(name, str)}
    assert names - known == set(), sorted(names - known)
    assert known - names == set(), sorted(known - names)


@pytest.mark.parametrize("words", ["BH", "SD Negeri 01", "KRM", "%", "'; --", "\x00"])
def test_searching_never_fails(desk: Client, world: dict[str, Any], words: str) -> None:
    for name in (
        "agreements",
        "agreement_board",
        "programmes",
        "consignments",
        "tracking",
        "cases",
        "wishes",
        "wishes_wanted",
    ):
        for extra in ({}, {"tampilan": "eksemplar"}, {"bagian": "terlambat", "page": "999"}):
            assert desk.get(reverse(f"work:{name}"), {"q": words, **extra}).status_code == 200, name


def test_a_barcode_leads_to_its_copy(desk: Client, world: dict[str, Any]) -> None:
    copy = world["out_line"].copy
    answer = desk.get(reverse("work:tracking"), {"q": copy.barcode.lower()})
    assert answer["Location"] == reverse("work:copy", args=[copy.pk])
    assert copy.holder.name in desk.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("npsn", "work:partner"),
        ("code", "work:consignment"),
        ("case", "work:case"),
        ("barcode", "work:copy"),
        ("number", "admin:libraries_document_change"),
    ],
)
def test_one_box_leads_from_a_code_to_its_page(
    desk: Client, world: dict[str, Any], words: str, target: str
) -> None:
    out = world["out"]
    known = {
        "npsn": (out.partner.npsn, out.partner_id),
        "code": (out.code.lower(), out.pk),
        "case": (world["case"].code, world["case"].pk),
        "barcode": (world["out_line"].copy.barcode, world["out_line"].copy_id),
        "number": (out.handover_document.number, out.handover_document_id),
    }
    typed, key = known[words]
    answer = desk.get(reverse("work:search"), {"q": typed})
    assert answer["Location"] == reverse(target, args=[key])


def test_one_box_finds_by_words_and_only_what_is_ours(
    desk: Client, outside: Client, world: dict[str, Any]
) -> None:
    title = world["out_line"].copy.title.title
    search = reverse("work:search")
    words = " ".join(reversed(title.split()))
    assert title in desk.get(search, {"q": words}).content.decode()
    assert title not in outside.get(search, {"q": title}).content.decode().replace(f'value="{title}"', "")
    assert "empty" in desk.get(search, {"q": "tidak ada sama sekali"}).content.decode()
    assert cost_of(desk, search + "?q=uji") <= ONE_THING


def test_lists_are_given_as_sheets_that_hold_no_formula(desk: Client, world: dict[str, Any]) -> None:
    partner = world["out"].partner
    partner.name = "=1+1 SDN"
    partner.save()
    for name, extra in (
        ("agreements", {}),
        ("agreement_board", {}),
        ("programmes", {}),
        ("consignments", {}),
        ("cases", {}),
        ("wishes", {}),
        ("tracking", {}),
        ("tracking", {"tampilan": "eksemplar"}),
    ):
        answer = desk.get(reverse(f"work:{name}"), {"bentuk": "csv", **extra})
        text = answer.content.decode("utf-8-sig")
        assert answer["Content-Type"].startswith("text/csv"), name
        assert "'=1+1 SDN" in text and ";=1+1" not in text, name
        assert len(text.splitlines()) >= 2, name
        book = desk.get(reverse(f"work:{name}"), {"bentuk": "xlsx", **extra})
        assert book["Content-Type"].endswith("spreadsheetml.sheet"), name
        cells = [
            cell for row in load_workbook(BytesIO(book.content)).worksheets[0].iter_rows() for cell in row
        ]
        assert not any(cell.data_type == "f" for cell in cells), name
        assert any("=1+1 SDN" in str(cell.value) for cell in cells), name
