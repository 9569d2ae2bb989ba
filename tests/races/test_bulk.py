"""Two people at once with acts on many: each row is done once, and taking back never undoes what another has done (U14)."""

from functools import partial
from typing import Any

import pytest

from libraries.catalogue.models import Copy
from libraries.models import Institution
from loans.choices import LineStatus
from loans.models import BulkAct, Consignment, LoanLine
from loans.services.bulk import do_many, undo_many
from loans.services.claiming import assess_case
from loans.services.custody import check_custody
from tests.factories import CopyFactory
from tests.races.conftest import again, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_the_same_copies_written_off_by_two(library: Institution, circulation: Any, officer: Any) -> None:
    copies = [CopyFactory(owner=library, condition="damaged") for _n in range(6)]
    acts = at_once(
        [
            partial(
                do_many,
                office=library,
                actor=again(user),
                kind="write_off",
                ids=[copy.pk for copy in order],
                facts={"number": "SK 1", "note": "rusak"},
            )
            for user, order in ((circulation, copies), (officer, copies[::-1]))
        ]
    )
    assert sum(act.done for act in acts) == 6
    assert set(Copy.objects.filter(pk__in=[copy.pk for copy in copies]).values_list("place", flat=True)) == {
        "withdrawn"
    }
    assert list(check_custody()) == []


def test_the_same_books_reported_lost_by_two(dispatched: Consignment, circulation: Any, officer: Any) -> None:
    lines = list(LoanLine.objects.filter(consignment=dispatched, status=LineStatus.OUT))
    acts = at_once(
        [
            partial(
                do_many,
                office=dispatched.lender,
                actor=again(user),
                kind="report_lost",
                ids=[line.pk for line in lines],
                facts={"account": "banjir"},
            )
            for user in (circulation, officer)
        ]
    )
    assert sum(act.done for act in acts) == len(lines)
    assert sum(act.refused for act in acts) == len(lines)
    assert list(check_custody()) == []


def test_taken_back_by_two(library: Institution, circulation: Any, officer: Any) -> None:
    copies = [CopyFactory(owner=library) for _n in range(3)]
    act = do_many(
        office=library,
        actor=circulation,
        kind="write_off",
        ids=[copy.pk for copy in copies],
        facts={"number": "SK 1", "note": "rusak"},
    )
    results = at_once([partial(undo_many, act=act, actor=again(user)) for user in (circulation, officer)])
    assert refusals(results) == ["undone"]
    assert {row["outcome"] for row in BulkAct.objects.get().rows} == {"undone"}
    assert list(check_custody()) == []


def test_taken_back_while_a_colleague_goes_on(
    dispatched: Consignment, circulation: Any, officer: Any
) -> None:
    lines = list(LoanLine.objects.filter(consignment=dispatched, status=LineStatus.OUT))[:2]
    act = do_many(
        office=dispatched.lender,
        actor=circulation,
        kind="report_lost",
        ids=[line.pk for line in lines],
        facts={"account": "banjir"},
    )
    case = lines[0].cases.get()
    results = at_once(
        [
            partial(undo_many, act=act, actor=again(circulation)),
            partial(assess_case, case=case, actor=again(officer), demand="same_title"),
        ]
    )
    case.refresh_from_db()
    # Whoever was first: either the case went on and was kept, or it was taken back and the colleague was told so.
    assert (case.status, refusals(results)) in (("assessed", []), ("retracted", ["wrong_state"]))
    assert list(check_custody()) == []
