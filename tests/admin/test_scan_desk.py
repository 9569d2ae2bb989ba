"""The scan desk: fragments and pages, answers of every colour, taking back, adding, sending twice (L3, L6, U15–U18)."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.models import Case, Consignment, LoanLine, ReturnVisit, Scan
from loans.services.returning import finish_return_visit
from loans.services.scanning import scan
from tests.factories import CopyFactory, shelve

pytestmark = pytest.mark.django_db

# Four for who asks and where they are signed in, one for the place, the rest for the scan itself.
COST = 17
HTMX = {"HTTP_HX_REQUEST": "true"}


def at(consignment: Consignment) -> str:
    return reverse("work:scan", args=[consignment.pk])


def barcodes(consignment: Consignment) -> list[str]:
    lines = LoanLine.objects.filter(consignment=consignment).in_shelf_order()
    return [line.copy.barcode for line in lines]


def test_a_right_book_is_answered_with_colour_picture_words_and_count(
    desk: Client, picking: Consignment
) -> None:
    first, *_rest = barcodes(picking)
    answer = desk.post(at(picking), {"barcode": f" {first} ", "event": str(uuid.uuid4())}, **HTMX)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in body
    assert "scan-answer--good" in body and "#good" in body and "Benar" in body
    assert 'id="scan-count" class="scan-count">1 <small>dari 5' in body


def test_the_whole_page_is_made_of_the_same_fragment(desk: Client, picking: Consignment) -> None:
    first, *_rest = barcodes(picking)
    body = desk.post(at(picking), {"barcode": first}).content.decode()
    assert "<html" in body and "scan-answer--good" in body and "dari 5" in body
    assert "autofocus data-scan-field" in body


def test_a_second_scan_says_when_and_by_whom(desk: Client, picking: Consignment, circulation: User) -> None:
    first, *_rest = barcodes(picking)
    desk.post(at(picking), {"barcode": first}, **HTMX)
    body = desk.post(at(picking), {"barcode": first}, **HTMX).content.decode()
    assert "scan-answer--warn" in body and circulation.name in body


def test_a_scan_that_is_sent_again_is_not_done_again(desk: Client, picking: Consignment) -> None:
    first, *_rest = barcodes(picking)
    event = str(uuid.uuid4())
    for _time in range(2):
        body = desk.post(at(picking), {"barcode": first, "event": event}, **HTMX).content.decode()
        assert "scan-answer--good" in body
    assert Scan.objects.count() == 1


def test_a_wrong_book_is_refused_and_can_be_added_on_purpose(desk: Client, picking: Consignment) -> None:
    line = picking.lines.first()
    assert line is not None
    desk.post(reverse("work:line_drop", args=[line.pk]))
    stranger = Copy.objects.filter(place="shelf", loan_lines__isnull=True).first()
    assert stranger is not None
    body = desk.post(at(picking), {"barcode": stranger.barcode}, **HTMX).content.decode()
    assert "scan-answer--bad" in body and reverse("work:scan_add", args=[picking.pk]) in body
    body = desk.post(
        reverse("work:scan_add", args=[picking.pk]), {"barcode": stranger.barcode}, **HTMX
    ).content.decode()
    assert "scan-answer--good" in body
    assert LoanLine.objects.filter(consignment=picking, copy=stranger, status="picked").exists()


def test_adding_beyond_the_agreed_number_is_refused_in_words(desk: Client, picking: Consignment) -> None:
    extra = shelve(picking.lender, 1)[0]
    answer = desk.post(reverse("work:scan_add", args=[picking.pk]), {"barcode": extra.barcode}, **HTMX)
    assert answer.status_code == 409 and "scan-answer--bad" in answer.content.decode()


@pytest.mark.parametrize("barcode", ["", "TIDAK-ADA", "x" * 300, "<b>'\";"])
def test_nonsense_gets_a_sentence(desk: Client, picking: Consignment, barcode: str) -> None:
    body = desk.post(at(picking), {"barcode": barcode}, **HTMX).content.decode()
    assert "scan-answer--bad" in body
    assert "<b>'" not in body


def test_one_key_takes_the_last_scan_back(desk: Client, picking: Consignment) -> None:
    first, *_rest = barcodes(picking)
    desk.post(at(picking), {"barcode": first}, **HTMX)
    undo = reverse("work:scan_undo", args=[Scan.objects.get().pk])
    body = desk.post(undo, **HTMX).content.decode()
    assert 'class="scan-count">0 <small>dari 5' in body and "is-undone" in body
    assert LoanLine.objects.filter(consignment=picking, status="picked").count() == 0
    again = desk.post(undo, **HTMX)
    assert again.status_code == 409 and "scan-answer--bad" in again.content.decode()


def test_a_scan_costs_the_same_from_the_first_to_the_last(desk: Client, picking: Consignment) -> None:
    costs = set()
    desk.get(at(picking))
    for barcode in barcodes(picking):
        with CaptureQueriesContext(connection) as queries:
            desk.post(at(picking), {"barcode": barcode, "event": str(uuid.uuid4())}, **HTMX)
        costs.add(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
    assert len(costs) == 1 and max(costs) <= COST, costs


def test_a_delivery_that_has_left_takes_no_more_scans(desk: Client, dispatched: Consignment) -> None:
    answer = desk.post(at(dispatched), {"barcode": "x"}, **HTMX)
    assert answer.status_code == 409 and "scan-answer--bad" in answer.content.decode()


def test_books_come_back_with_their_condition(
    desk: Client, dispatched: Consignment, visit: ReturnVisit
) -> None:
    first, second, *_rest = barcodes(dispatched)
    url = reverse("work:return_desk", args=[visit.pk])
    good = desk.post(url, {"barcode": first, "condition": "good"}, **HTMX).content.decode()
    torn = desk.post(url, {"barcode": second, "condition": "damaged"}, **HTMX).content.decode()
    assert "scan-answer--good" in good and "scan-answer--warn" in torn
    assert 'class="scan-count">2 <small>dari 5' in torn
    page = desk.get(url).content.decode()
    assert "KRM-" in page and page.count("data-missing") == 3
    undo = reverse("work:scan_undo", args=[Scan.objects.order_by("-at").first().pk])  # type: ignore[union-attr]
    assert 'class="scan-count">1 <small>dari 5' in desk.post(undo, **HTMX).content.decode()


def test_a_finished_visit_offers_nothing_to_take_back_and_says_why_it_refuses(
    desk: Client, dispatched: Consignment, visit: ReturnVisit, circulation: User
) -> None:
    url = reverse("work:return_desk", args=[visit.pk])
    desk.post(url, {"barcode": barcodes(dispatched)[0], "condition": "good"})
    undo = reverse("work:scan_undo", args=[Scan.objects.get(return_visit=visit).pk])
    assert undo in desk.get(url).content.decode()
    finish_return_visit(visit=visit, actor=circulation)
    assert undo not in desk.get(url).content.decode()
    refused = desk.post(undo)
    assert refused.status_code == 409
    assert (
        "scan-answer--bad" in refused.content.decode() and f'action="{undo}"' not in refused.content.decode()
    )


def test_a_book_scanned_back_twice_is_told_when_and_by_whom(
    desk: Client, dispatched: Consignment, visit: ReturnVisit, circulation: User
) -> None:
    url, first = reverse("work:return_desk", args=[visit.pk]), barcodes(dispatched)[0]
    body = [desk.post(url, {"barcode": first}, **HTMX).content.decode() for _time in range(2)][1]
    assert "scan-answer--warn" in body and f"oleh {circulation.name}." in body
    loose = shelve(visit.lender, 1)[0].barcode
    assert circulation.name not in desk.post(url, {"barcode": loose}, **HTMX).content.decode()


def test_a_delivery_in_picking_links_its_papers_above_the_books(desk: Client, picking: Consignment) -> None:
    """On a phone the margin with the papers comes below every book."""
    page = desk.get(reverse("work:consignment", args=[picking.pk])).content.decode()
    assert page.index(reverse("work:pick_list", args=[picking.pk])) < page.index('id="daftar"')
    assert page.index('href="#papers"') < page.index('id="daftar"') < page.index('id="papers"')


def test_a_case_of_the_return_desk_leads_to_the_return(
    desk: Client, dispatched: Consignment, visit: ReturnVisit, circulation: User
) -> None:
    url = reverse("work:return_desk", args=[visit.pk])
    desk.post(url, {"barcode": barcodes(dispatched)[0], "condition": "damaged"})
    finish_return_visit(visit=visit, actor=circulation)
    page = desk.get(reverse("work:case", args=[Case.objects.get().pk])).content.decode()
    assert f'href="{url}"' in page


def test_what_did_not_come_back_is_listed_when_a_visit_is_finished_and_afterwards(
    desk: Client, dispatched: Consignment, visit: ReturnVisit, circulation: User
) -> None:
    last = LoanLine.objects.filter(consignment=dispatched).in_shelf_order().last()
    assert last is not None
    for barcode in barcodes(dispatched):
        if barcode != last.copy.barcode:
            scan(desk="return", return_visit=visit, barcode=barcode, actor=circulation)
    report = reverse("work:report_loss", args=[last.pk])
    links = (report, f'href="{reverse("work:consignment", args=[dispatched.pk])}"', last.copy.barcode)
    asked = desk.get(reverse("work:return_finish", args=[visit.pk])).content.decode()
    finish_return_visit(visit=visit, actor=circulation)
    after = desk.get(reverse("work:return_desk", args=[visit.pk])).content.decode()
    for page in (asked, after):
        assert all(link in page for link in links) and page.count("/lapor/") == 1


def test_a_book_of_another_library_is_named_with_its_owner(
    desk: Client, picking: Consignment, perpusnas: User
) -> None:
    owner = Institution.objects.get(slug="perpusnas")
    theirs = CopyFactory(title__title="Salah Asuhan", owner=owner, barcode="PN-000777")
    body = desk.post(at(picking), {"barcode": theirs.barcode}, **HTMX).content.decode()
    assert "scan-answer--bad" in body and str(owner) in body
    many = desk.post(reverse("work:scan_many", args=[picking.pk]), {"barcodes": theirs.barcode}, follow=True)
    assert str(owner) in many.content.decode()
    assert set(Scan.objects.values_list("reason", flat=True)) == {"unknown_barcode"}


def test_another_library_cannot_take_a_scan_back(outside: Client, desk: Client, picking: Consignment) -> None:
    desk.post(at(picking), {"barcode": barcodes(picking)[0]}, **HTMX)
    assert outside.post(reverse("work:scan_undo", args=[Scan.objects.get().pk]), **HTMX).status_code == 404


def test_crew_may_look_but_not_pack(signed_in: Any, crew: User, picking: Consignment) -> None:
    browser = signed_in(crew)
    assert browser.get(at(picking)).status_code == 200
    answer = browser.post(at(picking), {"barcode": barcodes(picking)[0]}, **HTMX)
    assert answer.status_code == 403 and "scan-answer--bad" in answer.content.decode()
    assert not LoanLine.objects.filter(status="picked").exists()


class TestManyAtOnce:
    def test_what_fits_is_taken_and_what_does_not_is_named(self, desk: Client, picking: Consignment) -> None:
        codes = barcodes(picking)
        text = f"{codes[0]}, {codes[1]};{codes[2]}\r\n{codes[3]}\tTIDAK-ADA\n{codes[0]}\n"
        address = reverse("work:scan_many", args=[picking.pk])
        sent = desk.post(address, {"barcodes": text, "event": str(uuid.uuid4())})
        assert sent.status_code == 302
        body = desk.get(sent["Location"]).content.decode()
        assert "5 barkode dijawab" in body
        assert body.count('class="table__row--bad"') == 1 and "TIDAK-ADA" in body
        assert LoanLine.objects.filter(consignment=picking, status="picked").count() == 4

    def test_sent_again_it_is_answered_again_and_not_done_again(
        self, desk: Client, picking: Consignment
    ) -> None:
        address = reverse("work:scan_many", args=[picking.pk])
        sent = {"barcodes": "\n".join(barcodes(picking)), "event": str(uuid.uuid4())}
        first, again = desk.post(address, sent), desk.post(address, sent)
        assert first["Location"] == again["Location"]
        assert Scan.objects.count() == 5
        assert "table__row--bad" not in desk.get(again["Location"]).content.decode()

    def test_the_answers_as_a_file(self, desk: Client, picking: Consignment) -> None:
        address = reverse("work:scan_many", args=[picking.pk])
        sent = desk.post(address, {"barcodes": f"{barcodes(picking)[0]} NIX"})
        file = desk.get(f"{sent['Location']}&bentuk=csv")
        assert file["Content-Type"].startswith("text/csv")
        text = b"".join(file).decode()
        assert "NIX" in text and barcodes(picking)[0] in text

    @pytest.mark.parametrize("text", ["", "  \n ", " ".join(f"X{number}" for number in range(501))])
    def test_nothing_or_too_much_is_told_and_kept(
        self, desk: Client, picking: Consignment, text: str
    ) -> None:
        answer = desk.post(reverse("work:scan_many", args=[picking.pk]), {"barcodes": text})
        assert answer.status_code == 422 and "error-summary" in answer.content.decode()
        assert text.strip()[:20] in answer.content.decode()
        assert not Scan.objects.exists()

    def test_a_delivery_that_has_left_keeps_the_list(self, desk: Client, dispatched: Consignment) -> None:
        answer = desk.post(reverse("work:scan_many", args=[dispatched.pk]), {"barcodes": "A1 B2"})
        assert answer.status_code == 409 and "A1 B2" in answer.content.decode()

    def test_returned_all_worn(self, desk: Client, dispatched: Consignment, visit: ReturnVisit) -> None:
        address = reverse("work:return_desk_many", args=[visit.pk])
        desk.post(address, {"barcodes": "\n".join(barcodes(dispatched)), "condition": "worn"})
        back = LoanLine.objects.filter(returned_to=visit)
        assert {line.condition_back for line in back} == {"worn"} and back.count() == 5

    def test_somebody_elses_answers_are_not_found(
        self, desk: Client, outside: Client, picking: Consignment
    ) -> None:
        sent = desk.post(reverse("work:scan_many", args=[picking.pk]), {"barcodes": "NIX"})
        assert outside.get(sent["Location"]).status_code == 404
        address = reverse("work:scan_many", args=[picking.pk])
        assert desk.get(f"{address}?hasil={uuid.uuid4()}").status_code == 404


def test_a_scan_that_waited_in_the_browser_is_kept_as_a_fact(desk: Client, dispatched: Consignment) -> None:
    event = {"event": str(uuid.uuid4()), "offline": "1", "scanned_at": "2026-11-01T03:00:00Z"}
    answer = desk.post(at(dispatched), {"barcode": "NIX", **event}, **HTMX)
    assert answer.status_code == 200 and "scan-answer--bad" in answer.content.decode()
    row = Scan.objects.get(client_event_id=event["event"])
    assert row.recorded_offline and row.review == "open" and row.scanned_at is not None
