"""The school's hundred, swapped at its gate with both signatures on the glass: one act, both papers (M6)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kerjasama.domain import clock
from libraries.models import Document, User
from libraries.services.documents import pdf_of
from loans.models import Consignment, LoanLine
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from mobile_service.models import Entry
from mobile_service.services.changed_hands import school_books
from mobile_service.services.loading import add_load, load_list, propose_loads, remove_load
from mobile_service.services.retrying import retry_waiting
from tests.factories import WIB, VisitFactory
from tests.mobile_service.road import Road, entry_of
from tests.mobile_service.test_van_api import refusal

pytestmark = pytest.mark.django_db


def told(road: Road, old: Consignment, new: Consignment | None, signed: bool = True) -> list[dict[str, Any]]:
    """What the phone writes at the gate."""
    barcodes = (
        LoanLine.objects.filter(consignment=old).in_shelf_order().values_list("copy__barcode", flat=True)
    )
    entries = [road.phone.write("take_back", road.visit, barcode=code) for code in barcodes]
    entries.append(
        road.phone.write(
            "hand_over",
            road.visit,
            consignment=str(new.pk) if new else None,
            received_by="Ibu Yusnimar",
            school_signature=str(uuid4()) if signed else None,
            crew_signature=str(uuid4()) if signed else None,
        )
    )
    return entries


def test_swapped_on_the_spot(road: Road, dispatched: Consignment, packed: Consignment) -> None:
    entries = told(road, dispatched, packed)
    swap = entries[-1]
    answers = road.phone.send(*entries)
    assert (answers[-1].outcome, answers[-1].code) == ("waiting", "signature_missing")
    road.phone.sign("school_signature", swap["data"]["school_signature"], road.visit)
    assert road.phone.send(swap)[0].outcome == "waiting"
    road.phone.sign("crew_signature", swap["data"]["crew_signature"], road.visit)
    done = road.phone.send(swap)[0]
    assert (done.outcome, done.code) == ("applied", "handed_over")
    dispatched.refresh_from_db()
    packed.refresh_from_db()
    assert (dispatched.status, packed.status) == ("closed", "received")
    told_on = datetime.fromisoformat(swap["at"]).astimezone(WIB).date()
    assert (packed.received_by, packed.dispatched_on) == ("Ibu Yusnimar", told_on)
    papers = list(Document.objects.order_by("pk"))[-2:]
    for paper in papers:
        blocks = paper.content["words"]["signatures"]
        assert all(block["drawn"].startswith("<svg") for block in blocks)
        assert {block["name"] for block in blocks} == {"Tini", "Ibu Yusnimar"}
        assert pdf_of(paper).size > 5_000
    assert entry_of(done).facts["handed_over"] in {paper.number for paper in papers}
    assert list(check_custody()) == []
    assert (
        road.second.send(road.second.write("hand_over", road.visit, **swap["data"]))[0].code
        == "already_handed_over"
    )
    assert road.phone.tell("undo", road.visit, of=swap["id"]).code == "cannot_be_undone"
    assert Document.objects.count() == 3


def test_the_desk_reads_at_the_visit_what_changed_hands(
    road: Road, dispatched: Consignment, packed: Consignment, circulation: User, signed_in: Any
) -> None:
    """What was counted is of the van's own books; the school's hundred stands beside it, with its paper. Two queries, whatever moved."""
    desk, page = signed_in(circulation), reverse("work:van_visit", args=[road.visit.pk])
    assert desk.get(page).context["school_books"] is None
    road.phone.tell("stock_lend", road.visit, delta=2)
    road.phone.send(*told(road, dispatched, packed, signed=False))
    with CaptureQueriesContext(connection) as asked:
        books = school_books(road.visit)
    assert books is not None and len(asked) == 2
    ((consignment, receiver),) = books.handed_over
    assert (consignment, receiver, books.taken_back) == (packed, "Ibu Yusnimar", 5)
    assert consignment.line_count == packed.lines.filter(status="out").count()
    shown = desk.get(page).content.decode()
    assert reverse("work:consignment", args=[packed.pk]) in shown and "Ibu Yusnimar" in shown


def test_without_a_signature_the_school_confirms_later(
    road: Road, dispatched: Consignment, packed: Consignment
) -> None:
    assert road.phone.send(*told(road, dispatched, packed, signed=False))[-1].code == "handed_over"
    packed.refresh_from_db()
    assert packed.status == "dispatched"


def test_books_only_come_back(road: Road, dispatched: Consignment) -> None:
    assert road.phone.send(*told(road, dispatched, None, signed=False))[-1].code == "handed_over"
    dispatched.refresh_from_db()
    assert dispatched.status == "closed"
    again = road.phone.tell("hand_over", road.visit, consignment=None)
    assert (again.outcome, again.code) == ("review", "nothing_to_swap")


def test_the_desk_was_faster(road: Road, dispatched: Consignment, packed: Consignment) -> None:
    dispatch_consignment(consignment=packed, actor=road.desk)
    answer = road.phone.send(*told(road, dispatched, packed, signed=False))[-1]
    assert (answer.outcome, answer.code) == ("review", "handed_over_at_desk")
    assert packed.code in answer.sentence
    strange = road.phone.tell("hand_over", road.visit, consignment=str(uuid4()))
    assert strange.code == "no_delivery"


def test_no_other_librarys_signature_stands_for_ours(
    road: Road, dispatched: Consignment, packed: Consignment, perpusnas: User
) -> None:
    theirs = Road(perpusnas.memberships.get().institution, road.visit.stop.partner, perpusnas)
    entries = told(road, dispatched, packed)
    swap = entries[-1]
    for name in ("school_signature", "crew_signature"):
        theirs.phone.sign(name, swap["data"][name], theirs.visit)
    assert road.phone.send(*entries)[-1].code == "signature_missing"
    taken = {"client_id": swap["data"]["crew_signature"], "visit": road.visit}
    assert refusal(road.phone.sign, purpose="crew_signature", **taken).code == "unreadable"
    packed.refresh_from_db()
    assert packed.status == "picking"


class TestTakenBackOnThePhone:
    """Before it was sent: nothing of it is done, for the phone has shown that it is not."""

    def none_of_it(self, packed: Consignment, papers: int) -> None:
        packed.refresh_from_db()
        assert (packed.status, Document.objects.count()) == ("picking", papers)
        assert set(Entry.objects.filter(kind__in=["hand_over", "undo"]).values_list("kind", "outcome")) == {
            ("hand_over", "undone"), ("undo", "applied"),
        }  # fmt: skip

    def test_in_the_same_batch(self, road: Road, dispatched: Consignment, packed: Consignment) -> None:
        papers = Document.objects.count()
        entries = told(road, dispatched, packed, signed=False)
        undo = road.phone.write("undo", road.visit, of=entries[-1]["id"])
        assert {row.outcome for row in road.phone.send(*entries, undo)} == {"applied"}
        self.none_of_it(packed, papers)
        again = road.phone.write("hand_over", road.visit, **entries[-1]["data"])
        assert road.phone.send(again)[0].code == "handed_over"

    def test_while_it_waits_for_its_signatures(
        self, road: Road, dispatched: Consignment, packed: Consignment
    ) -> None:
        papers = Document.objects.count()
        entries = told(road, dispatched, packed)
        swap = entries[-1]
        assert road.phone.send(*entries)[-1].code == "signature_missing"
        assert road.phone.tell("undo", road.visit, of=swap["id"]).outcome == "applied"
        for name in ("school_signature", "crew_signature"):
            road.phone.sign(name, swap["data"][name], road.visit)
        self.none_of_it(packed, papers)
        unknown = road.phone.tell("take_back", road.visit, barcode="TIDAK-ADA")
        assert unknown.code == "unknown_barcode", "nothing is held up by it"

    @pytest.mark.parametrize("given_up", [False, True], ids=["at once", "weeks later"])
    def test_what_takes_it_back_came_first(
        self, road: Road, dispatched: Consignment, packed: Consignment, given_up: bool
    ) -> None:
        """Its own answer was lost, or it was sent from a stop without a network: the undoing waits, however long."""
        papers = Document.objects.count()
        entries = told(road, dispatched, packed, signed=False)
        undo = road.phone.write("undo", road.visit, of=entries[-1]["id"])
        assert road.phone.send(undo)[0].outcome == "waiting"
        if given_up:
            Entry.objects.update(received_at=clock.now() - timedelta(days=8))
            retry_waiting()
            assert Entry.objects.to_decide().get().code == "earlier_missing"
        assert {row.outcome for row in road.phone.send(*entries)} == {"applied"}
        self.none_of_it(packed, papers)

    def test_too_late(self, road: Road, dispatched: Consignment, packed: Consignment) -> None:
        """Both records are made: it stands, and the phone is told why."""
        entries = told(road, dispatched, packed, signed=False)
        assert road.phone.send(*entries)[-1].code == "handed_over"
        for _again in range(2):
            answer = road.phone.tell("undo", road.visit, of=entries[-1]["id"])
            assert (answer.outcome, answer.code) == ("review", "cannot_be_undone") and answer.sentence
        packed.refresh_from_db()
        assert packed.status != "picking"


class TestLoading:
    def test_what_is_near_is_proposed_once(self, road: Road, picking: Consignment, officer: User) -> None:
        picking.period.starts_on = road.trip.on
        picking.period.save()
        assert propose_loads(trip=road.trip, actor=officer) == 1
        assert propose_loads(trip=road.trip, actor=officer) == 0
        listed = load_list(road.trip)
        assert [(row.consignment, row.boxes, row.books) for row in listed.bring] == [(picking, 1, 5)]
        assert "1" in listed.sentence and not listed.is_too_full
        remove_load(load=listed.bring[0].load, actor=officer)
        assert load_list(road.trip).bring == []

    def test_a_van_holds_so_many_boxes(self, road: Road, picking: Consignment, officer: User) -> None:
        road.trip.vehicle.boxes = 0
        road.trip.vehicle.save()
        refused = refusal(add_load, visit=road.visit, consignment=picking, actor=officer)
        assert refused.code == "van_full" and refused.facts == {"room": 0, "taken": 0, "boxes": 1}

    def test_what_does_not_belong(
        self, road: Road, dispatched: Consignment, officer: User, school: User
    ) -> None:
        add = {"consignment": dispatched, "actor": officer}
        assert refusal(add_load, visit=road.visit, **add).code == "left_already"
        assert refusal(add_load, visit=road.village, **add).code == "not_for_this_stop"
        assert (
            refusal(add_load, visit=road.visit, consignment=dispatched, actor=school).code == "role_missing"
        )

    def test_it_may_change_the_trip(self, road: Road, picking: Consignment, officer: User) -> None:
        first = add_load(visit=road.visit, consignment=picking, actor=officer)
        later = VisitFactory(trip=road.trip, stop=road.visit.stop, hour=14)
        assert add_load(visit=later, consignment=picking, actor=officer).pk == first.pk
        assert load_list(road.trip).bring[0].visit == later
