"""Two desks at the same book at the same moment: one wins, the other is answered with a sentence (L3, L6, R1, R3)."""

from functools import partial
from typing import Any

import pytest

from libraries.catalogue.models import Copy
from libraries.models import Institution
from loans.choices import LineStatus
from loans.models import Case, Consignment, CustodyMove, LoanLine, Programme, Scan
from loans.services.claiming import find_case, report_loss, settle_case
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import add_line, drop_line, propose_consignment
from loans.services.receiving import confirm_receipt
from loans.services.returning import (
    ReturnedCopy,
    finish_return_visit,
    open_return_visit,
    return_copies,
)
from loans.services.scanning import scan
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve
from tests.races.conftest import Ahead, again, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 5


@pytest.fixture
def neighbour(picking: Consignment, circulation: Any) -> Programme:
    """The programme of another school of the same library."""
    return open_programme(agreement=AgreementFactory(office=picking.lender, in_force=True), actor=circulation)


def lines_of(consignment: Consignment) -> list[LoanLine]:
    return list(LoanLine.objects.filter(consignment=consignment).in_shelf_order())


def test_two_desks_scan_the_same_copy_for_the_same_box(
    picking: Consignment, circulation: Any, officer: Any
) -> None:
    for line in lines_of(picking):
        answers = at_once(
            [
                partial(scan, desk="pick", consignment=picking, barcode=line.copy.barcode, actor=again(user))
                for user in (circulation, officer)
            ]
        )
        assert sorted(answer.reason for answer in answers) == ["already_scanned", "picked"]
        loser = next(answer for answer in answers if answer.reason == "already_scanned")
        winner = LoanLine.objects.get(pk=line.pk).picked_by
        assert str(winner) in loser.sentence
    assert CustodyMove.objects.count() == 5
    assert list(check_custody()) == []


def test_the_same_scan_sent_twice_at_once(picking: Consignment, circulation: Any) -> None:
    import uuid

    for line in lines_of(picking):
        event = uuid.uuid4()
        answers = at_once(
            [
                partial(
                    scan,
                    desk="pick",
                    consignment=picking,
                    barcode=line.copy.barcode,
                    actor=again(circulation),
                    client_event_id=event,
                )
                for _time in range(2)
            ]
        )
        assert [answer.reason for answer in answers] == ["picked", "picked"]
        assert answers[0].scan_id == answers[1].scan_id
    assert (Scan.objects.count(), CustodyMove.objects.count()) == (5, 5)


def test_the_last_copy_is_put_on_two_lists_at_once(
    picking: Consignment, neighbour: Programme, circulation: Any, officer: Any
) -> None:
    other = propose_consignment(period=neighbour.periods.first(), actor=circulation)
    for consignment in (picking, other):
        for line in lines_of(consignment):
            drop_line(line=line, actor=circulation)
    free = Copy.objects.filter(loan_lines__isnull=True)
    for copy in free:
        results = at_once(
            [
                partial(add_line, consignment=consignment, barcode=copy.barcode, actor=again(user))
                for consignment, user in ((picking, circulation), (other, officer))
            ]
        )
        assert refusals(results) == ["on_other_list"]
        winner = next(row for row in results if isinstance(row, LoanLine))
        loser = other if winner.consignment_id == picking.pk else picking
        answer = scan(desk="pick", consignment=loser, barcode=copy.barcode, actor=circulation)
        assert answer.reason == "on_other_list"


def test_a_copy_is_added_while_another_desk_is_proposing_it(
    picking: Consignment, neighbour: Programme, circulation: Any, officer: Any
) -> None:
    """The proposal is not committed yet: the look finds the copy free, the unique constraint does not."""
    drop_line(line=picking.lines.first(), actor=circulation)
    Programme.objects.filter(pk=neighbour.pk).update(quantity=50)  # so it takes whatever is free
    proposed: list[str] = []

    def propose() -> None:
        made = propose_consignment(period=neighbour.periods.first(), actor=again(officer))
        proposed.extend(line.copy.barcode for line in lines_of(made))

    with Ahead(propose) as ahead:
        # Not the one that was dropped: its line stands in this box already.
        taken = next(code for code in proposed if not picking.lines.filter(copy__barcode=code).exists())
        ahead.commit_soon()
        results = at_once([partial(add_line, consignment=picking, barcode=taken, actor=again(circulation))])
    assert refusals(results) == ["on_other_list"]
    assert not picking.lines.filter(copy__barcode=taken).exists()


def test_two_proposals_at_once_share_no_copy(
    library: Institution, school_library: Institution, circulation: Any, officer: Any
) -> None:
    shelve(library, 9)
    for _round in range(ROUNDS):
        LoanLine.objects.all().delete()
        Consignment.objects.all().delete()
        Programme.objects.all().delete()
        programmes = [
            open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)
            for _school in range(2)
        ]
        made = at_once(
            [
                partial(propose_consignment, period=programme.periods.first(), actor=again(user))
                for programme, user in zip(programmes, (circulation, officer), strict=True)
            ]
        )
        chosen = [set(row.lines.values_list("copy_id", flat=True)) for row in made]
        assert not chosen[0] & chosen[1]
        assert len(chosen[0] | chosen[1]) == 9
        lacking = [
            row for consignment in made for row in Consignment.objects.get(pk=consignment.pk).shortfall
        ]
        assert sum(row["missing"] for row in lacking) == 1


def test_the_same_proposal_asked_for_twice_is_made_once(
    programme: Programme, circulation: Any, officer: Any
) -> None:
    shelve(programme.lender, 12)
    period = programme.periods.first()
    made = at_once(
        [partial(propose_consignment, period=period, actor=again(user)) for user in (circulation, officer)]
    )
    assert made[0].pk == made[1].pk
    assert Consignment.objects.get().lines.count() == 5


def test_handed_over_twice_at_once_there_is_one_record(
    picking: Consignment, circulation: Any, officer: Any
) -> None:
    scan_all(picking, circulation)
    results = at_once(
        [
            partial(dispatch_consignment, consignment=picking, actor=again(user))
            for user in (circulation, officer)
        ]
    )
    assert refusals(results) == ["wrong_state"]
    assert CustodyMove.objects.filter(kind="dispatch").count() == 5


def test_a_book_is_scanned_while_its_box_leaves(picking: Consignment, circulation: Any, officer: Any) -> None:
    """Either the scan comes first and the book is on the record, or the box has left and the scan is refused."""
    first, *rest = lines_of(picking)
    for line in rest:
        scan(desk="pick", consignment=picking, barcode=line.copy.barcode, actor=circulation)
    scanned, handed = at_once(
        [
            partial(scan, desk="pick", consignment=picking, barcode=first.copy.barcode, actor=again(officer)),
            partial(
                dispatch_consignment, consignment=picking, actor=again(circulation), leave_out_missing=True
            ),
        ]
    )
    first.refresh_from_db()
    if refusals([scanned]):
        assert first.status == LineStatus.DROPPED
    else:
        assert first.status == LineStatus.OUT
    listed = handed.handover_document.content["paper"]["items"]
    assert len(listed) == LoanLine.objects.filter(status=LineStatus.OUT).count()
    assert list(check_custody()) == []


class TestComingBack:
    @pytest.fixture
    def visit(self, dispatched: Consignment, library: Any, school_library: Any, circulation: Any) -> Any:
        return open_return_visit(lender=library, partner=school_library, actor=circulation)

    def test_one_visit_however_many_desks_open_it(
        self, dispatched: Consignment, library: Any, school_library: Any, circulation: Any
    ) -> None:
        visits = at_once(
            [
                partial(open_return_visit, lender=library, partner=school_library, actor=again(circulation))
                for _desk in range(4)
            ]
        )
        assert len({visit.pk for visit in visits}) == 1

    def test_the_same_copy_is_taken_back_once(
        self, dispatched: Any, visit: Any, circulation: Any, officer: Any
    ) -> None:
        for line in lines_of(dispatched):
            answers = at_once(
                [
                    partial(
                        scan, desk="return", return_visit=visit, barcode=line.copy.barcode, actor=again(user)
                    )
                    for user in (circulation, officer)
                ]
            )
            assert sorted(answer.reason for answer in answers) == ["not_out", "returned"]
        assert CustodyMove.objects.filter(kind="return").count() == 5
        assert list(check_custody()) == []

    def test_two_lists_of_the_same_books(
        self, dispatched: Any, visit: Any, circulation: Any, officer: Any
    ) -> None:
        copies = [ReturnedCopy(line.copy.barcode) for line in lines_of(dispatched)]
        reports = at_once(
            [
                partial(return_copies, visit=visit, copies=order, actor=again(user))
                for order, user in ((copies, circulation), (copies[::-1], officer))
            ]
        )
        assert sorted(report.returned for report in reports) == [0, 5]
        assert list(check_custody()) == []

    def test_a_scan_while_the_visit_is_finished(
        self, dispatched: Any, visit: Any, circulation: Any, officer: Any
    ) -> None:
        """The book is on the record or still out; never home and on no record."""
        first, *rest = lines_of(dispatched)
        return_copies(
            visit=visit, copies=[ReturnedCopy(line.copy.barcode) for line in rest], actor=circulation
        )
        scanned, finished = at_once(
            [
                partial(
                    scan, desk="return", return_visit=visit, barcode=first.copy.barcode, actor=again(officer)
                ),
                partial(finish_return_visit, visit=visit, actor=again(circulation)),
            ]
        )
        listed = len(finished.document.content["paper"]["returned"])
        assert listed == LoanLine.objects.filter(status=LineStatus.RETURNED).count()
        assert listed == (4 if refusals([scanned]) else 5)
        dispatched.refresh_from_db()
        assert dispatched.status == ("closed" if listed == 5 else "dispatched")

    def test_finished_twice_there_is_one_record(
        self, dispatched: Any, visit: Any, circulation: Any, officer: Any
    ) -> None:
        return_copies(
            visit=visit,
            copies=[ReturnedCopy(line.copy.barcode) for line in lines_of(dispatched)],
            actor=circulation,
        )
        results = at_once(
            [partial(finish_return_visit, visit=visit, actor=again(user)) for user in (circulation, officer)]
        )
        assert refusals(results) == ["wrong_state"]

    def test_confirmed_while_it_comes_back(
        self, dispatched: Any, visit: Any, circulation: Any, school: Any
    ) -> None:
        """Both touch every line of the delivery; neither waits for the other for ever."""
        copies = [ReturnedCopy(line.copy.barcode) for line in reversed(lines_of(dispatched))]
        results = at_once(
            [
                partial(confirm_receipt, consignment=dispatched, actor=again(school)),
                partial(return_copies, visit=visit, copies=copies, actor=again(circulation)),
            ]
        )
        assert refusals(results) == []
        assert list(check_custody()) == []

    def test_found_at_the_desk_and_on_the_cases_page_at_once(
        self, dispatched: Any, visit: Any, circulation: Any, officer: Any
    ) -> None:
        """The desk locks copy then case; so does whoever works on the case."""
        for line in lines_of(dispatched)[:4]:
            case = report_loss(line=line, actor=circulation, kind="lost")
            results = at_once(
                [
                    partial(
                        scan,
                        desk="return",
                        return_visit=visit,
                        barcode=line.copy.barcode,
                        actor=again(circulation),
                    ),
                    partial(find_case, case=case, actor=again(officer)),
                ]
            )
            assert Case.objects.get(pk=case.pk).status == "found"
            assert case.events.filter(action="find").count() == 1
            assert CustodyMove.objects.filter(copy=line.copy_id, kind="find").count() == 1
            assert len(refusals(results)) <= 1
        assert list(check_custody()) == []


def test_received_twice_at_once_the_second_is_told_who(dispatched: Consignment, school: Any) -> None:
    results = at_once(
        [
            partial(confirm_receipt, consignment=dispatched, actor=again(school), received_by=name)
            for name in ("Bu Nur", "Pak Jon")
        ]
    )
    assert refusals(results) == ["already_received"]
    dispatched.refresh_from_db()
    refused = next(str(row) for row in results if not isinstance(row, Consignment))
    assert dispatched.received_by in refused


def test_reported_twice_at_once_there_is_one_case(
    dispatched: Consignment, circulation: Any, school: Any
) -> None:
    for line in lines_of(dispatched)[:3]:
        results = at_once(
            [
                partial(report_loss, line=line, actor=again(user), kind="lost")
                for user in (circulation, school)
            ]
        )
        assert refusals(results) == ["not_out"]
    assert Case.objects.count() == 3


def test_settled_twice_at_once_one_copy_is_registered(
    dispatched: Consignment, circulation: Any, officer: Any
) -> None:
    case = report_loss(line=dispatched.lines.first(), actor=circulation, kind="lost")
    results = at_once(
        [
            partial(
                settle_case,
                case=case,
                actor=again(user),
                settlement="same_title",
                replacement_barcode=f"BARU-{user.username}",
            )
            for user in (circulation, officer)
        ]
    )
    assert refusals(results) == ["wrong_state"]
    assert Copy.objects.filter(barcode__startswith="BARU-").count() == 1


def test_two_cases_settled_with_the_same_barcode(
    dispatched: Consignment, circulation: Any, officer: Any
) -> None:
    cases = [
        report_loss(line=line, actor=circulation, kind="lost") for line in dispatched.lines.order_by("pk")[:2]
    ]
    results = at_once(
        [
            partial(
                settle_case,
                case=case,
                actor=again(user),
                settlement="same_title",
                replacement_barcode="BARU-1",
            )
            for case, user in zip(cases, (circulation, officer), strict=True)
        ]
    )
    assert refusals(results) == ["barcode_used"]
    assert Copy.objects.filter(barcode="BARU-1").count() == 1
