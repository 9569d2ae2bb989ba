"""Handing over (L4): refusals, the numbered paper, and a hundred books at the price of one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agreements.models import Agreement, LendingTerm
from kerjasama.domain import clock
from kerjasama.domain.errors import LimitReached
from libraries.choices import PaperKind
from libraries.models import Document, Notice, NumberPattern, User
from libraries.services.documents import pdf_of
from loans.choices import ConsignmentStatus, LineStatus
from loans.models import Consignment, CustodyMove, LoanLine, Wish
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.printing import box_labels_pdf, pick_list_pdf
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.scanning import scan
from tests.conftest import scan_all
from tests.factories import AgreementFactory, WishFactory, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture
def packed(picking: Consignment, circulation: Any) -> Consignment:
    scan_all(picking, circulation)
    return picking


class TestRefusals:
    def test_nothing_scanned(self, picking: Consignment, circulation: Any, refusal: Any) -> None:
        for leave_out in (False, True):
            refused = refusal(
                dispatch_consignment, consignment=picking, actor=circulation, leave_out_missing=leave_out
            )
            assert refused.code == "nothing_scanned"

    def test_not_all_scanned(self, picking: Consignment, circulation: Any, refusal: Any) -> None:
        line = picking.lines.first()
        scan(desk="pick", consignment=picking, barcode=line.copy.barcode, actor=circulation)
        refused = refusal(dispatch_consignment, consignment=picking, actor=circulation)
        assert (refused.code, refused.facts["waiting"]) == ("not_all_scanned", 4)

    def test_not_in_the_future(self, packed: Consignment, circulation: Any, refusal: Any) -> None:
        tomorrow = clock.today(packed.lender.zone) + timedelta(days=1)
        refused = refusal(dispatch_consignment, consignment=packed, actor=circulation, on=tomorrow)
        assert (refused.code, refused.field) == ("date_to_come", "on")

    @pytest.mark.parametrize("status", ["expired", "terminated"])
    def test_not_under_an_agreement_that_has_ended(
        self, status: str, packed: Consignment, circulation: Any, refusal: Any
    ) -> None:
        Agreement.objects.update(status=status)
        refused = refusal(dispatch_consignment, consignment=packed, actor=circulation)
        assert refused.code == "not_in_force"
        assert Agreement.objects.get().number in str(refused.message)

    def test_not_before_the_agreement_began(
        self, packed: Consignment, circulation: Any, refusal: Any
    ) -> None:
        early = clock.today(packed.lender.zone) - timedelta(days=9)
        refused = refusal(dispatch_consignment, consignment=packed, actor=circulation, on=early)
        assert refused.code == "not_in_force"

    def test_without_a_pattern_of_its_own_it_is_numbered_as_usual(
        self, packed: Consignment, circulation: Any
    ) -> None:
        NumberPattern.objects.filter(kind=PaperKind.HANDOVER).delete()
        record = dispatch_consignment(consignment=packed, actor=circulation).handover_document
        assert record.number.startswith("001/BAST/BUNG-HATTA/")

    def test_not_twice(self, dispatched: Consignment, circulation: Any, refusal: Any) -> None:
        assert refusal(dispatch_consignment, consignment=dispatched, actor=circulation).code == "wrong_state"


def test_what_was_scanned_leaves_and_is_on_the_record(packed: Consignment, circulation: Any) -> None:
    row = dispatch_consignment(consignment=packed, actor=circulation)
    today = clock.today(row.lender.zone)
    assert (row.status, row.dispatched_on) == ("dispatched", today)
    assert row.confirm_by == today + timedelta(days=row.period.programme.receipt_days)
    assert row.due_on == row.period.ends_on
    lines = LoanLine.objects.filter(consignment=row).select_related("copy")
    assert {line.status for line in lines} == {LineStatus.OUT}
    assert {(line.copy.place, line.copy.holder_id) for line in lines} == {("away", row.partner_id)}
    assert {line.condition_out for line in lines} == {"good"}
    paper = row.handover_document
    assert (paper.number, paper.item_count) == (f"001/HAND/{today.year}", 5)
    assert [item["barcode"] for item in paper.content["paper"]["items"]] == [
        line.copy.barcode for line in lines.in_shelf_order()
    ]
    assert pdf_of(paper).size > 1000
    assert Notice.objects.get(rule="delivered").recipient_id == row.partner_id
    assert list(check_custody()) == []


def test_what_was_not_scanned_may_be_left_out_on_purpose(picking: Consignment, circulation: Any) -> None:
    lines = list(LoanLine.objects.filter(consignment=picking).in_shelf_order())
    for line in lines[:2]:
        scan(desk="pick", consignment=picking, barcode=line.copy.barcode, actor=circulation)
    row = dispatch_consignment(consignment=picking, actor=circulation, leave_out_missing=True)
    assert row.handover_document.item_count == 2
    assert sorted(row.lines.values_list("status", flat=True)) == ["dropped"] * 3 + ["out"] * 2
    assert CustodyMove.objects.filter(kind="dispatch").count() == 2
    assert list(check_custody()) == []


def test_a_backdated_handover_carries_its_day(packed: Consignment, circulation: Any) -> None:
    yesterday = clock.today(packed.lender.zone) - timedelta(days=1)
    row = dispatch_consignment(consignment=packed, actor=circulation, on=yesterday)
    assert (row.dispatched_on, row.handover_document.issued_on) == (yesterday, yesterday)


def test_the_record_is_indonesian_whatever_the_desk_reads(packed: Consignment, circulation: Any) -> None:
    with translation.override("en"):
        paper = dispatch_consignment(consignment=packed, actor=circulation).handover_document
    with translation.override("id"):
        good = str(LoanLine.objects.first().copy.get_condition_display())
        period = str(packed.period)
        title = translation.gettext("Handover of %(count)s books to %(partner)s") % {
            "count": 5,
            "partner": packed.partner,
        }
    content = paper.content
    assert content["language"] == "id"
    assert {item["condition"] for item in content["paper"]["items"]} == {good}
    assert content["paper"]["period"] == period
    assert paper.title == title


@pytest.mark.parametrize("quantity", [5, 50])
def test_statements_do_not_grow_with_the_books(
    quantity: int, library: Any, school_library: Any, circulation: Any
) -> None:
    """G7: the same number for 5 and for 50, at most twelve; the wishes that come true among them are one of it."""
    shelve(library, quantity)
    agreement = AgreementFactory(
        office=library, partner=school_library, in_force=True, lending={"quantity": quantity}
    )
    programme = open_programme(agreement=agreement, actor=circulation)
    consignment = propose_consignment(period=programme.periods.first(), actor=circulation)
    for line in consignment.lines.select_related("copy__title"):
        WishFactory(lender=library, partner=school_library, title=line.copy.title)
    scan_all(consignment, circulation)
    user = User.objects.get(pk=circulation.pk)
    with CaptureQueriesContext(connection) as statements:
        dispatch_consignment(consignment=consignment, actor=user)
    # Whoever comes through a door is known already; and the test's own transaction adds savepoints.
    own = [row for row in statements if "SAVEPOINT" not in row["sql"] and "membership" not in row["sql"]]
    assert len(own) == 9
    assert set(Wish.objects.values_list("status", flat=True)) == {"served"}
    assert Document.objects.get().item_count == quantity


def test_lists_for_the_desk_are_printed_in_its_language(packed: Consignment) -> None:
    for language in ("id", "en"):
        assert pick_list_pdf(packed, language=language).startswith(b"%PDF")
        assert box_labels_pdf(packed, boxes=3, language=language).startswith(b"%PDF")
    with translation.override("id"):
        assert pick_list_pdf(packed, language="en") != pick_list_pdf(packed, language="id")


def test_more_than_the_agreement_allows_does_not_leave(picking: Consignment, circulation: User) -> None:
    """An addendum came into force while the books lay packed."""
    scan_all(picking, circulation)
    LendingTerm.objects.update(quantity=4)
    with pytest.raises(LimitReached) as refused:
        dispatch_consignment(consignment=picking, actor=circulation)
    assert refused.value.code == "more_than_agreed"
    assert refused.value.facts["clause"] in str(refused.value.message)
    picking.refresh_from_db()
    assert picking.status == ConsignmentStatus.PICKING
