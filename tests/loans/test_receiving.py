"""The school confirms what came, with its differences; the desk resolves them (L5)."""

from typing import Any

import pytest
from django.utils import translation

from libraries.models import Notice
from loans.models import Case, Consignment, Discrepancy, LoanLine
from loans.services.custody import check_custody
from loans.services.receiving import Difference, confirm_receipt, resolve_discrepancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(dispatched: Consignment) -> list[LoanLine]:
    return list(LoanLine.objects.filter(consignment=dispatched).in_shelf_order())


class TestConfirming:
    def test_everything_is_there(self, dispatched: Consignment, school: Any) -> None:
        row = confirm_receipt(consignment=dispatched, actor=school)
        assert (row.status, row.received_by) == ("received", school.name)
        assert set(row.lines.values_list("receipt", flat=True)) == {"ok"}
        assert not Discrepancy.objects.exists()
        assert not Notice.objects.open().filter(rule="delivered").exists()
        assert Notice.objects.get(rule="received").recipient == row.lender

    def test_with_differences(self, dispatched: Consignment, lines: Any, school: Any) -> None:
        row = confirm_receipt(
            consignment=dispatched,
            actor=school,
            received_by="Bu Nur",
            differences=[
                Difference("missing", lines[0].pk),
                Difference("damaged", lines[1].pk, " sampul robek "),
                Difference("extra", description="Atlas Dunia"),
            ],
        )
        assert row.received_by == "Bu Nur"
        assert [line.receipt for line in row.lines.in_shelf_order()] == [
            "missing",
            "damaged",
            "ok",
            "ok",
            "ok",
        ]
        found = {item.kind: item for item in row.discrepancies.all()}
        assert set(found) == {"missing", "damaged", "extra"}
        assert (found["damaged"].description, found["damaged"].reported_by) == ("sampul robek", school)
        assert Notice.objects.get(rule="received").tone == "due"

    def test_a_flagged_delivery_may_still_be_confirmed(self, dispatched: Consignment, school: Any) -> None:
        Consignment.objects.filter(pk=dispatched.pk).update(status="flagged")
        assert confirm_receipt(consignment=dispatched, actor=school).status == "received"

    def test_a_second_receipt_names_who_was_first(
        self, dispatched: Consignment, school: Any, refusal: Any
    ) -> None:
        confirm_receipt(consignment=dispatched, actor=school, received_by="Bu Nur")
        refused = refusal(confirm_receipt, consignment=dispatched, actor=school)
        assert refused.code == "already_received"
        assert "Bu Nur" in str(refused.message)

    def test_strangers_are_not_told_who(
        self, dispatched: Consignment, school: Any, everybody: Any, refusal: Any
    ) -> None:
        confirm_receipt(consignment=dispatched, actor=school, received_by="Bu Nur")
        for name in ("other_school", "perpusnas", "circulation"):
            refused = refusal(confirm_receipt, consignment=dispatched, actor=everybody[name])
            assert (refused.code, "Bu Nur" in str(refused.message)) == ("role_missing", False)

    def test_refused_differences(
        self, dispatched: Consignment, lines: Any, school: Any, refusal: Any
    ) -> None:
        LoanLine.objects.filter(pk=lines[4].pk).update(status="lost")
        for differences, code in (
            ([Difference("missing", lines[0].pk), Difference("damaged", lines[0].pk)], "named_twice"),
            ([Difference("extra", description=" ")], "description_missing"),
            ([Difference("missing", dispatched.pk)], "not_in_this_delivery"),
            ([Difference("missing")], "not_in_this_delivery"),
            ([Difference("basah", lines[0].pk)], "not_in_this_delivery"),
            ([Difference("missing", lines[4].pk)], "not_in_this_delivery"),
        ):
            refused = refusal(confirm_receipt, consignment=dispatched, actor=school, differences=differences)
            assert refused.code == code
            assert not Discrepancy.objects.exists()


class TestResolving:
    @pytest.fixture
    def differences(self, dispatched: Consignment, lines: Any, school: Any) -> dict[str, Discrepancy]:
        confirm_receipt(
            consignment=dispatched,
            actor=school,
            differences=[
                Difference("missing", lines[0].pk),
                Difference("damaged", lines[1].pk, "sampul robek"),
                Difference("extra", description="Atlas Dunia"),
            ],
        )
        return {row.kind: row for row in Discrepancy.objects.all()}

    def test_it_was_in_the_box_after_all(self, differences: Any, lines: Any, circulation: Any) -> None:
        row = resolve_discrepancy(discrepancy=differences["missing"], actor=circulation, outcome="was_in_box")
        lines[0].refresh_from_db()
        assert (lines[0].receipt, lines[0].status) == ("ok", "out")
        assert (row.resolved_by, row.resolution) == (circulation, "was_in_box")

    def test_it_never_left(self, differences: Any, lines: Any, circulation: Any) -> None:
        resolve_discrepancy(
            discrepancy=differences["missing"], actor=circulation, outcome="stayed_here", resolution="di rak"
        )
        lines[0].refresh_from_db()
        assert (lines[0].status, lines[0].copy.place) == ("returned", "shelf")
        assert Discrepancy.objects.get(kind="missing").resolution == "stayed_here: di rak"
        assert list(check_custody()) == []

    @pytest.mark.parametrize(
        ("difference", "kind", "place"), [("missing", "lost", "lost"), ("damaged", "damaged", "away")]
    )
    def test_it_becomes_a_case(
        self, difference: str, kind: str, place: str, differences: Any, circulation: Any
    ) -> None:
        resolve_discrepancy(discrepancy=differences[difference], actor=circulation, outcome="open_case")
        case = Case.objects.get()
        assert (case.kind, case.status, case.copy.place) == (kind, "reported", place)
        assert list(check_custody()) == []

    @pytest.mark.parametrize("difference", ["damaged", "extra"])
    def test_it_is_noted(self, difference: str, differences: Any, circulation: Any) -> None:
        row = resolve_discrepancy(
            discrepancy=differences[difference], actor=circulation, outcome="noted", resolution="dilihat"
        )
        assert row.resolved_at is not None
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        ("difference", "outcome"),
        [
            ("missing", "noted"),
            ("missing", "hilang"),
            ("damaged", "was_in_box"),
            ("damaged", "stayed_here"),
            ("extra", "open_case"),
            ("extra", "was_in_box"),
        ],
    )
    def test_what_does_not_fit(
        self, difference: str, outcome: str, differences: Any, circulation: Any, refusal: Any
    ) -> None:
        refused = refusal(
            resolve_discrepancy, discrepancy=differences[difference], actor=circulation, outcome=outcome
        )
        assert refused.code == "outcome"

    def test_not_twice(self, differences: Any, circulation: Any, officer: Any, refusal: Any) -> None:
        resolve_discrepancy(discrepancy=differences["extra"], actor=circulation, outcome="noted")
        refused = refusal(
            resolve_discrepancy, discrepancy=differences["extra"], actor=officer, outcome="noted"
        )
        assert refused.code == "already_resolved"
        assert str(circulation) in str(refused.message)

    def test_only_by_the_desk(self, differences: Any, everybody: Any, refusal: Any) -> None:
        for name in ("crew", "head", "coordinator", "school", "other_school", "perpusnas"):
            refused = refusal(
                resolve_discrepancy, discrepancy=differences["extra"], actor=everybody[name], outcome="noted"
            )
            assert refused.code == "role_missing"

    def test_the_last_book_that_stayed_here_closes_the_delivery(
        self, dispatched: Consignment, lines: Any, school: Any, circulation: Any
    ) -> None:
        confirm_receipt(
            consignment=dispatched,
            actor=school,
            differences=[Difference("missing", line.pk) for line in lines],
        )
        found = list(Discrepancy.objects.all())
        for row in found[:-1]:
            resolve_discrepancy(discrepancy=row, actor=circulation, outcome="stayed_here")
            dispatched.refresh_from_db()
            assert dispatched.status == "received"
        resolve_discrepancy(discrepancy=found[-1], actor=circulation, outcome="stayed_here")
        dispatched.refresh_from_db()
        dispatched.period.refresh_from_db()
        assert (dispatched.status, dispatched.period.status) == ("closed", "closed")


def test_the_note_counts_the_differences_in_the_readers_language(
    dispatched: Consignment, lines: Any, school: Any
) -> None:
    with translation.override("en"):
        confirm_receipt(
            consignment=dispatched, actor=school, differences=[Difference("missing", lines[0].pk)]
        )
    assert dispatched.events.get(action="receive").note == "1 differences"
