"""Two people pick, or swap, for the same school at the same moment: nothing is missed, given or written twice (L3, L6)."""

from functools import partial

import pytest

from libraries.catalogue.models import Title
from libraries.models import Document, Institution, User
from loans.models import Consignment, LoanLine, MissingCopy, ZoneClaim
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.missing import put_substitute, report_missing, substitutes_for
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.returning import ReturnedCopy, open_return_visit, return_copies
from loans.services.scanning import scan
from loans.services.swapping import Swapped, swap
from loans.services.zones import claim_zone, parts_of
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve
from tests.races.conftest import again, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def lines_of(consignment: Consignment) -> list[LoanLine]:
    return list(LoanLine.objects.filter(consignment=consignment).in_shelf_order())


def test_two_pickers_miss_the_same_book(picking: Consignment, circulation: User, officer: User) -> None:
    for line in lines_of(picking):
        results = at_once(
            [partial(report_missing, line=line, actor=again(user)) for user in (circulation, officer)]
        )
        assert len({row.pk for row in results if isinstance(row, MissingCopy)}) == 1
    assert MissingCopy.objects.count() == 5
    assert Consignment.objects.get().shortfall == [{"reason": "not_on_shelf", "missing": 5}]


def test_one_scans_what_the_other_does_not_find(
    picking: Consignment, circulation: User, officer: User
) -> None:
    """Whoever comes first is right: it lies in the box, or it was looked for and has turned up."""
    for line in lines_of(picking):
        scanned, missed = at_once(
            [
                partial(
                    scan,
                    desk="pick",
                    consignment=picking,
                    barcode=line.copy.barcode,
                    actor=again(circulation),
                ),
                partial(report_missing, line=line, actor=again(officer)),
            ]
        )
        line.refresh_from_db()
        if isinstance(missed, MissingCopy):
            assert (scanned.reason, line.status) == ("not_on_list", "dropped")
            missed.refresh_from_db()
            assert missed.found_at is not None
        else:
            assert (scanned.reason, line.status, missed.code) == ("picked", "picked", "in_the_box")
    assert list(check_custody()) == []


def test_two_schools_are_given_the_same_substitute(
    picking: Consignment, circulation: User, officer: User
) -> None:
    programme = open_programme(
        agreement=AgreementFactory(office=picking.lender, in_force=True), actor=circulation
    )
    other = propose_consignment(period=programme.periods.first(), actor=circulation)
    Title.objects.update(reading_level="early", ddc="598.2")
    for _round in range(2):
        ours, theirs = (
            report_missing(line=row.lines.filter(status="proposed").first(), actor=circulation)
            for row in (picking, other)
        )
        wanted = substitutes_for(ours)[0].copy.barcode
        assert wanted in [row.copy.barcode for row in substitutes_for(theirs)]
        results = at_once(
            [
                partial(put_substitute, missing=row, barcode=wanted, actor=again(user))
                for row, user in ((ours, circulation), (theirs, officer))
            ]
        )
        assert refusals(results) == ["not_free_any_more"]
        assert LoanLine.objects.open().filter(copy__barcode=wanted).count() == 1


def test_two_desks_confirm_the_same_swap(dispatched: Consignment, circulation: User, officer: User) -> None:
    programme = dispatched.period.programme
    shelve(dispatched.lender, 8)
    packed = propose_consignment(period=programme.periods.order_by("sequence")[1], actor=circulation)
    scan_all(packed, circulation)
    visit = open_return_visit(lender=dispatched.lender, partner=dispatched.partner, actor=circulation)
    codes = [line.copy.barcode for line in lines_of(dispatched)]
    return_copies(visit=visit, copies=[ReturnedCopy(code) for code in codes], actor=circulation)
    results = at_once(
        [partial(swap, programme=programme, actor=again(user)) for user in (circulation, officer)]
    )
    assert len([row for row in results if isinstance(row, Swapped)]) == 1
    assert refusals(results)[0] in ("wrong_state", "nothing_to_swap")
    assert Document.objects.count() == 3
    assert list(check_custody()) == []


def test_two_schools_bring_the_same_book(
    picking: Consignment, other_school_library: Institution, circulation: User, officer: User
) -> None:
    """Scanned at both desks at once, for itself and for the other: it comes back once."""
    shelve(picking.lender, 8)
    scan_all(picking, circulation)
    dispatch_consignment(consignment=picking, actor=circulation)
    visits = [
        open_return_visit(lender=picking.lender, partner=partner, actor=circulation)
        for partner in (picking.partner, other_school_library)
    ]
    for line in lines_of(picking):
        answers = at_once(
            [
                partial(
                    scan,
                    desk="return",
                    return_visit=visit,
                    barcode=line.copy.barcode,
                    actor=again(user),
                    for_others=True,
                )
                for visit, user in zip(visits, (circulation, officer), strict=True)
            ]
        )
        reasons = sorted(answer.reason for answer in answers)
        assert reasons in (["not_out", "returned"], ["not_out", "returned_for_other"])
    assert list(check_custody()) == []


def test_two_people_fetch_the_same_delivery(picking: Consignment, circulation: User, officer: User) -> None:
    """Both tick the same lines at the same moment: each book is counted once, and each answer says the true count."""
    for number, line in enumerate(lines_of(picking), start=1):
        answers = at_once(
            [
                partial(scan, desk="pick", consignment=picking, barcode=line.copy.barcode, actor=again(user))
                for user in (circulation, officer)
            ]
        )
        assert sorted(answer.reason for answer in answers) == ["already_scanned", "picked"]
        assert {answer.count for answer in answers} == {number}
        assert sum(part.picked for part in parts_of(picking)) == number
    assert list(check_custody()) == []


def test_two_people_take_the_same_zone(picking: Consignment, circulation: User, officer: User) -> None:
    key = parts_of(picking)[0].zone.key
    for _round in range(5):
        results = at_once(
            [
                partial(claim_zone, consignment=picking, zone=key, actor=again(user))
                for user in (circulation, officer)
            ]
        )
        assert refusals(results) == ["zone_taken"]
        ZoneClaim.objects.all().delete()
