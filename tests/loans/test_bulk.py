"""One press on many things, and taking it back for ten minutes where nothing has happened since (U14)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from kerjasama.domain import clock
from libraries.catalogue.models import Copy
from libraries.models import Message, Notice
from loans.choices import LineStatus
from loans.models import BulkAct, Case, Consignment, CustodyMove, LoanLine
from loans.services.bulk import MOST, do_many, undo_many
from loans.services.claiming import assess_case, report_loss
from loans.services.custody import check_custody
from loans.services.ending_cases import note_write_off
from tests.factories import CopyFactory

pytestmark = pytest.mark.django_db

DECISION = {"number": "SK 12/2027", "note": "Usang."}


@pytest.fixture
def lines(dispatched: Consignment) -> list[LoanLine]:
    return list(LoanLine.objects.filter(consignment=dispatched, status=LineStatus.OUT).select_related("copy"))


@pytest.fixture
def lost(lines: list[LoanLine], school: Any, circulation: Any) -> Case:
    case = report_loss(line=lines[0], actor=school, kind="lost")
    return assess_case(case=case, actor=circulation, demand="same_title")


def outcomes(act: BulkAct) -> dict[str, str]:
    return {row["id"]: row["outcome"] for row in act.rows}


class TestWritingOff:
    @pytest.fixture
    def shelf(self, library: Any) -> list[Copy]:
        return [CopyFactory(owner=library, condition="damaged") for _number in range(2)]

    def write_off(self, library: Any, actor: Any, copies: list[Any]) -> BulkAct:
        return do_many(
            office=library, actor=actor, kind="write_off", ids=[one.pk for one in copies], facts=DECISION
        )

    def test_from_the_shelf_and_through_a_case_and_back(
        self, library: Any, circulation: Any, shelf: list[Copy], lost: Case
    ) -> None:
        act = self.write_off(library, circulation, [*shelf, lost.copy])
        assert (act.done, act.refused) == (3, 0)
        places = Copy.objects.filter(pk__in=[*(one.pk for one in shelf), lost.copy_id])
        assert set(places.values_list("place", flat=True)) == {"withdrawn"}
        assert set(CustodyMove.objects.filter(kind="withdraw").values_list("note", flat=True)) == {
            "SK 12/2027"
        }
        lost.refresh_from_db()
        assert (lost.status, lost.write_off_number, lost.settlement_record) == (
            "written_off",
            "SK 12/2027",
            None,
        )
        back = undo_many(act=act, actor=circulation)
        assert set(outcomes(back).values()) == {"undone"}
        lost.refresh_from_db()
        assert (lost.status, lost.copy.place, lost.line.status) == ("assessed", "lost", LineStatus.LOST)
        assert list(check_custody()) == []

    def test_what_cannot_be_is_listed_and_left_as_it_was(
        self, library: Any, circulation: Any, shelf: list[Copy], lines: list[LoanLine]
    ) -> None:
        act = self.write_off(library, circulation, [*shelf, lines[1].copy])
        assert (act.done, act.refused) == (2, 1)
        refused = next(row for row in act.rows if row["outcome"] == "refused")
        assert refused["id"] == str(lines[1].copy_id)
        assert lines[1].copy.barcode in refused["label"]
        assert refused["said"]
        assert Copy.objects.get(pk=lines[1].copy_id).place == "away"

    def test_what_moved_on_stays_and_says_so(
        self, library: Any, circulation: Any, shelf: list[Copy], lost: Case
    ) -> None:
        act = self.write_off(library, circulation, [shelf[0], lost.copy])
        note_write_off(case=lost, actor=circulation, number="SK 13/2027")
        back = undo_many(act=act, actor=circulation)
        assert outcomes(back) == {str(shelf[0].pk): "undone", str(lost.copy_id): "kept"}
        lost.refresh_from_db()
        assert lost.status == "written_off"
        assert list(check_custody()) == []

    def test_a_copy_of_another_library_is_not_even_named(self, library: Any, circulation: Any) -> None:
        other = CopyFactory()
        act = self.write_off(library, circulation, [other])
        assert (act.done, act.rows[0]["label"]) == (0, "–")
        assert Copy.objects.get(pk=other.pk).place == "shelf"


class TestReporting:
    def test_several_lost_and_back(self, library: Any, circulation: Any, lines: list[LoanLine]) -> None:
        act = do_many(
            office=library,
            actor=circulation,
            kind="report_lost",
            ids=[line.pk for line in lines[:2]],
            facts={"account": "Banjir."},
        )
        assert act.done == 2
        assert set(Case.objects.values_list("account", flat=True)) == {"Banjir."}
        case = Case.objects.first()
        assess_case(case=case, actor=circulation, demand="same_title")
        back = undo_many(act=act, actor=circulation)
        assert sorted(outcomes(back).values()) == ["kept", "undone"]
        assert LoanLine.objects.filter(status=LineStatus.LOST).count() == 1
        assert list(check_custody()) == []


class TestReminding:
    @pytest.fixture
    def silent(self, dispatched: Consignment) -> Consignment:
        Consignment.objects.filter(pk=dispatched.pk).update(confirm_by=clock.today() - timedelta(days=5))
        return dispatched

    def test_reminded_and_unsaid(self, library: Any, circulation: Any, silent: Consignment) -> None:
        act = do_many(office=library, actor=circulation, kind="remind", ids=[silent.pk])
        assert Notice.objects.open().filter(rule="receipt", recipient=silent.partner).exists()
        again = do_many(office=library, actor=circulation, kind="remind", ids=[silent.pk])
        assert (again.done, again.refused) == (0, 1)
        undo_many(act=act, actor=circulation)
        assert not Notice.objects.open().filter(rule="receipt", recipient=silent.partner).exists()

    def test_what_was_sent_cannot_be_unsaid(
        self, library: Any, circulation: Any, silent: Consignment
    ) -> None:
        act = do_many(office=library, actor=circulation, kind="remind", ids=[silent.pk])
        notice = Notice.objects.open().get(rule="receipt", recipient=silent.partner)
        Message.objects.create(
            notice=notice,
            address="guru@contoh.test",
            template="receipt",
            dedupe_key="x",
            status="sent",
            not_before=clock.now(),
        )
        back = undo_many(act=act, actor=circulation)
        assert set(outcomes(back).values()) == {"kept"}


class TestMoreTime:
    def test_several_and_back(self, library: Any, circulation: Any, lost: Case) -> None:
        due, later = lost.due_on, lost.due_on + timedelta(days=20)
        act = do_many(
            office=library, actor=circulation, kind="extend", ids=[lost.pk], facts={"due_on": later}
        )
        lost.refresh_from_db()
        assert lost.due_on == later
        undo_many(act=act, actor=circulation)
        lost.refresh_from_db()
        assert lost.due_on == due


class TestTheMechanism:
    def make(self, library: Any, actor: Any, **changes: Any) -> BulkAct:
        copy = CopyFactory(owner=library)
        facts = {"kind": "write_off", "ids": [copy.pk], "facts": DECISION} | changes
        return do_many(office=library, actor=actor, **facts)

    def test_not_after_ten_minutes(self, library: Any, circulation: Any, refusal: Any) -> None:
        act = self.make(library, circulation)
        BulkAct.objects.filter(pk=act.pk).update(made_at=clock.now() - timedelta(minutes=10))
        assert refusal(lambda: undo_many(act=act, actor=circulation)).code == "too_late"

    def test_not_twice(self, library: Any, circulation: Any, refusal: Any) -> None:
        act = self.make(library, circulation)
        undo_many(act=act, actor=circulation)
        assert refusal(lambda: undo_many(act=act, actor=circulation)).code == "undone"

    def test_a_colleague_may_take_it_back(self, library: Any, circulation: Any, officer: Any) -> None:
        act = undo_many(act=self.make(library, circulation), actor=officer)
        assert (act.undone_by, set(outcomes(act).values())) == (officer, {"undone"})

    @pytest.mark.parametrize("name", ["school", "perpusnas", "head", "crew"])
    def test_only_the_desk(
        self, name: str, library: Any, circulation: Any, everybody: Any, refusal: Any
    ) -> None:
        act = self.make(library, circulation)
        assert refusal(lambda: undo_many(act=act, actor=everybody[name])).code == "role_missing"
        assert (
            refusal(do_many, office=library, actor=everybody[name], kind="remind", ids=[uuid4()]).code
            == "role_missing"
        )

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"kind": "explode"}, "kind"),
            ({"ids": []}, "ids"),
            ({"ids": [uuid4() for _n in range(MOST + 1)]}, "ids"),
            ({"facts": {"number": "SK"}}, "note"),
            ({"facts": {"note": "x", "number": "  "}}, "number"),
        ],
    )
    def test_what_is_missing(self, changes: Any, field: str, library: Any, circulation: Any) -> None:
        from kerjasama.domain.errors import InvalidInput

        with pytest.raises(InvalidInput) as caught:
            self.make(library, circulation, **changes)
        assert caught.value.field == field
        assert not BulkAct.objects.exists()
