"""The whole way of a hundred books through the services, in small."""

import pytest

from libraries.services.documents import pdf_of
from loans.choices import CaseStatus, ConsignmentStatus, LineStatus
from loans.models import Consignment, LoanLine
from loans.services.claiming import assess_case, report_loss, settle_case
from loans.services.custody import check_custody
from loans.services.receiving import Difference, confirm_receipt
from loans.services.returning import ReturnedCopy, finish_return_visit, open_return_visit, return_copies
from loans.services.scanning import scan

pytestmark = pytest.mark.django_db


def test_from_the_proposal_to_the_settled_loss(
    dispatched: Consignment, circulation, school, library, school_library
):
    lines = list(LoanLine.objects.filter(consignment=dispatched).in_shelf_order())
    assert [line.status for line in lines] == [LineStatus.OUT] * 5
    assert pdf_of(dispatched.handover_document).size > 1000
    confirm_receipt(
        consignment=dispatched, actor=school, differences=[Difference("damaged", lines[0].pk, "sampul robek")]
    )
    case = report_loss(line=lines[1], actor=school, kind="lost", account="tidak ditemukan")
    case = assess_case(case=case, actor=circulation, demand="same_title")
    assert case.letter and pdf_of(case.letter).size > 1000
    visit = open_return_visit(lender=library, partner=school_library, actor=circulation)
    answer = scan(
        desk="return",
        return_visit=visit,
        barcode=lines[0].copy.barcode,
        actor=circulation,
        condition="damaged",
    )
    assert answer.reason == "returned_damaged"
    report = return_copies(
        visit=visit,
        copies=[ReturnedCopy(line.copy.barcode) for line in lines[2:]] + [ReturnedCopy("tidak-ada")],
        actor=circulation,
    )
    assert report.returned == 3
    assert [row.reason for row in report.answers] == ["unknown_barcode"]
    finish_return_visit(visit=visit, actor=circulation)
    dispatched.refresh_from_db()
    assert dispatched.status == ConsignmentStatus.CLOSED
    case = settle_case(case=case, actor=circulation, settlement="same_title", replacement_barcode="BARU-1")
    assert case.status == CaseStatus.SETTLED
    assert case.replacement_copy.title_id == case.copy.title_id
    assert pdf_of(case.settlement_record).size > 1000
    assert list(check_custody()) == []
