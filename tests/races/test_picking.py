"""Two people pick for the same school at the same moment: a book is missed once, and goes to one school (L3)."""

from functools import partial

import pytest

from libraries.catalogue.models import Title
from libraries.models import User
from loans.models import Consignment, LoanLine, MissingCopy
from loans.services.custody import check_custody
from loans.services.missing import put_substitute, report_missing, substitutes_for
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.scanning import scan
from tests.factories import AgreementFactory
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
