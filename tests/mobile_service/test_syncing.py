"""What phones tell of a trip adds up to one truth, whatever the order, however often, by whatever clock (M5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kerjasama.domain import clock
from libraries.models import Institution, User
from loans.models import Consignment, CustodyMove, LoanLine, ReturnVisit
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.returning import open_return_visit
from loans.services.scanning import scan
from mobile_service.choices import EntryOutcome
from mobile_service.models import Entry, Tally
from mobile_service.services.calling_off import cancel_trip
from mobile_service.services.retrying import retry_waiting
from mobile_service.services.scheduling import cancel_visit
from tests.conftest import scan_all
from tests.mobile_service.road import Road, entry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    return Road(library, school_library, circulation, account=crew)


def figures(road: Road) -> tuple[Any, ...]:
    road.trip.refresh_from_db()
    road.visit.refresh_from_db()
    tally = Tally.objects.filter(visit=road.visit).first()
    return (
        road.trip.status,
        road.trip.odometer_start,
        road.trip.odometer_end,
        road.visit.status,
        road.visit.arrived_at,
        road.visit.left_at,
        (tally.visitors, tally.visitor_count, tally.lent, tally.returned) if tally else None,
    )


def a_day(road: Road) -> list[dict[str, Any]]:
    write, visit = road.phone.write, road.visit
    return [
        write("start", odometer=1000),
        write("arrive", visit),
        write("count", visit, kind="pupils", delta=30),
        write("count", visit, kind="pupils", delta=1),
        write("count", visit, kind="teachers", delta=2),
        wrong := write("count", visit, kind="adults", delta=9),
        write("undo", visit, of=wrong["id"]),
        write("stock_lend", visit, delta=12),
        write("stock_return", visit, delta=7),
        write("leave", visit),
        write("finish", odometer=1042),
    ]


def test_a_day_is_the_same_in_any_order_and_twice(road: Road) -> None:
    day = a_day(road)
    assert {answer.outcome for answer in road.phone.send(*day)} == {"applied"}
    told = figures(road)
    assert told[:4] == ("done", 1000, 1042, "done")
    assert told[6] == ({"pupils": 31, "teachers": 2}, 33, 12, 7)
    assert told[4] < told[5]
    assert road.visit.events.latest("at").actor == road.member.user
    Entry.objects.all().delete()
    for entry in reversed(day):
        road.phone.send(entry, entry)
    road.phone.send(*day)
    assert figures(road) == told
    assert Entry.objects.count() == len(day)


def test_pressed_by_mistake(road: Road) -> None:
    arrive = road.phone.write("arrive", road.visit)
    start = road.phone.write("start")
    road.phone.send(start, arrive, road.phone.write("leave", road.visit))
    assert figures(road)[3] == "done"
    for entry in list(Entry.objects.exclude(kind="undo")):
        road.phone.tell("undo", of=str(entry.client_id))
    assert figures(road)[0] == "planned" and figures(road)[3] == "planned"
    assert road.visit.left_at is None
    road.phone.tell("skip", road.visit, reason="Jembatan putus")
    assert figures(road)[3] == "missed" and road.visit.reason == "Jembatan putus"
    road.phone.tell("count", road.visit, kind="pupils", delta=3)
    assert figures(road)[3] == "arrived", "whoever counts is there"


def test_who_is_back_at_the_depot_has_left_every_stop(road: Road) -> None:
    write, visit = road.phone.write, road.visit
    day = [
        write("arrive", visit),
        last := write("count", visit, kind="pupils", delta=4),
        back := write("finish"),
    ]
    road.phone.send(*reversed(day))
    assert (figures(road)[0], figures(road)[3]) == ("done", "done")
    assert road.visit.left_at == Entry.objects.get(client_id=last["id"]).at, "not before it was last heard of"
    road.phone.tell("undo", of=back["id"])
    assert (figures(road)[0], figures(road)[3], road.visit.left_at) == ("under_way", "arrived", None)
    leave = write("leave", visit)
    road.phone.send(leave, write("finish"))
    assert figures(road)[3] == "done"
    assert road.visit.left_at == Entry.objects.get(client_id=leave["id"]).at
    road.village.refresh_from_db()
    assert road.village.status == "planned"


def test_an_undo_waits_for_what_it_undoes(road: Road) -> None:
    count = road.phone.write("count", road.visit, kind="pupils", delta=5)
    undo = road.phone.write("undo", of=count["id"])
    assert road.phone.send(undo)[0].outcome == "waiting"
    assert road.phone.send(count)[0].outcome == "applied"
    assert figures(road)[6] == ({}, 0, 0, 0)
    assert road.phone.send(undo)[0].outcome == "applied"


@pytest.mark.parametrize("error", [timedelta(days=1), timedelta(days=-1), timedelta(hours=5), timedelta(0)])
def test_a_wrong_clock_is_set_right(road: Road, error: timedelta) -> None:
    road.phone.error = error
    entry = entry_of(road.phone.tell("arrive", road.visit))
    assert abs(entry.at - (road.phone.began + timedelta(minutes=1))) < timedelta(minutes=1)
    # Set right between writing and sending: the day of the trip decides.
    late = road.phone.write("leave", road.visit)
    road.phone.error = timedelta()
    at = entry_of(road.phone.send(late)[0]).at
    assert at <= clock.now() and abs(at - clock.now()) < timedelta(hours=36)
    road.visit.refresh_from_db()
    assert road.visit.arrived_at <= road.visit.left_at


class TestBooks:
    @pytest.fixture
    def out(self, dispatched: Consignment) -> list[str]:
        lines = LoanLine.objects.filter(consignment=dispatched).in_shelf_order()
        return [line.copy.barcode for line in lines]

    def test_taken_back_as_lending_does_it(self, road: Road, out: list[str]) -> None:
        entries = [road.phone.write("take_back", road.visit, barcode=code) for code in out[:3]]
        assert [row.code for row in road.phone.send(*entries)] == ["returned"] * 3
        moves = CustodyMove.objects.filter(kind="return")
        assert {move.actor for move in moves} == {road.member.user} and len(moves) == 3
        assert {row.outcome for row in road.phone.send(*entries)} == {"applied"} and len(moves.all()) == 3
        assert list(check_custody()) == []

    def test_without_an_account_in_the_name_of_who_gave_out_the_phone(
        self, road: Road, out: list[str]
    ) -> None:
        road.phone.device.member.user = None
        row = entry_of(road.phone.tell("take_back", road.visit, barcode=out[0]))
        assert (row.outcome, row.actor, row.device) == ("applied", road.desk, road.phone.device)

    def test_books_wait_for_the_numbers_before_them(self, road: Road, out: list[str]) -> None:
        first = road.phone.write("take_back", road.visit, barcode=out[0])
        undo = road.phone.write("undo", road.visit, of=first["id"])
        third = road.phone.write("take_back", road.visit, barcode=out[1])
        assert road.phone.send(third)[0].outcome == "waiting"
        assert road.phone.send(undo)[0].outcome == "waiting"
        road.phone.send(first)
        assert {row.outcome for row in road.phone.send(third, undo)} == {"applied"}
        assert set(CustodyMove.objects.filter(kind="return").values_list("copy__barcode", flat=True)) >= {
            out[1]
        }
        assert LoanLine.objects.get(copy__barcode=out[0]).status == "out"
        assert LoanLine.objects.get(copy__barcode=out[1]).status == "returned"

    def test_a_phone_that_holds_nothing_earlier_is_not_waited_for(self, road: Road, out: list[str]) -> None:
        road.phone.write("note", text="Hilang bersama catatan lama.")
        second = road.phone.write("take_back", road.visit, barcode=out[0])
        assert road.phone.send(second)[0].outcome == "waiting"
        assert road.phone.send(second, first=2)[0].outcome == "applied"

    def test_two_phones_take_back_the_same_book(self, road: Road, out: list[str]) -> None:
        mine = road.phone.write("take_back", road.visit, barcode=out[0])
        theirs = road.second.write("take_back", road.visit, barcode=out[0])
        assert road.phone.send(mine)[0].code == "returned"
        assert road.second.send(theirs)[0].code == "already_back"
        # One of the two takes it back again: the other still says that it came.
        undone = road.phone.tell("undo", road.visit, of=mine["id"])
        assert undone.outcome == "applied", undone
        assert LoanLine.objects.get(copy__barcode=out[0]).status == "returned"
        road.second.tell("undo", road.visit, of=theirs["id"])
        assert LoanLine.objects.get(copy__barcode=out[0]).status == "out"
        assert list(check_custody()) == []

    def test_what_the_desk_took_back_before_is_looked_at(self, road: Road, out: list[str]) -> None:
        visit = open_return_visit(lender=road.trip.office, partner=road.visit.stop.partner, actor=road.desk)
        scan(desk="return", return_visit=visit, barcode=out[0], actor=road.desk)
        answer = road.phone.tell("take_back", road.visit, barcode=out[0])
        assert (answer.outcome, answer.code) == ("review", "not_out")
        assert road.phone.tell("take_back", road.visit, barcode="TIDAK-ADA").code == "unknown_barcode"
        assert road.phone.tell("take_back", road.village, barcode=out[1]).code == "stop_without_partner"

    def test_a_book_is_added_to_what_rides_along(self, road: Road, picking: Consignment) -> None:
        road.load(picking)
        line = LoanLine.objects.filter(consignment=picking).in_shelf_order()[0]
        added = road.phone.write("lend", road.visit, barcode=line.copy.barcode)
        assert road.phone.send(added)[0].code == "picked"
        line.refresh_from_db()
        assert (line.status, line.picked_by) == ("picked", road.member.user)
        road.phone.tell("undo", road.visit, of=added["id"])
        line.refresh_from_db()
        assert line.status == "proposed"
        spare = str(
            line.copy.__class__.objects.filter(place="shelf", loan_lines=None).values_list("barcode")[0][0]
        )
        assert road.phone.tell("lend", road.visit, barcode=spare).code == "picked", (
            "nothing else is in the box"
        )
        scan_all(picking, road.desk)
        dispatch_consignment(consignment=picking, actor=road.desk)
        assert road.phone.tell("lend", road.visit, barcode=line.copy.barcode).code == "still_at_school"
        left_out = picking.lines.get(status="dropped").copy.barcode
        assert road.phone.tell("lend", road.visit, barcode=left_out).code == "no_delivery_to_add"

    def test_two_phones_put_the_same_book_into_the_box(self, road: Road, picking: Consignment) -> None:
        road.load(picking)
        line = LoanLine.objects.filter(consignment=picking).in_shelf_order()[0]
        mine = road.phone.write("lend", road.visit, barcode=line.copy.barcode)
        theirs = road.second.write("lend", road.visit, barcode=line.copy.barcode)
        assert road.phone.send(mine)[0].code == "picked"
        assert road.second.send(theirs)[0].code == "already_scanned"
        # One of the two takes it out again: the other still says that it is in there, as if it had told first.
        road.phone.tell("undo", road.visit, of=mine["id"])
        line.refresh_from_db()
        assert line.status == "picked" and entry_of(road.second.send(theirs)[0]).code == "picked"
        road.second.tell("undo", road.visit, of=theirs["id"])
        line.refresh_from_db()
        assert line.status == "proposed" and list(check_custody()) == []

    def test_a_box_packed_at_the_stop_costs_the_same_for_any_number(
        self, road: Road, picking: Consignment
    ) -> None:
        road.load(picking)
        codes = [line.copy.barcode for line in LoanLine.objects.filter(consignment=picking).in_shelf_order()]

        def statements(barcodes: list[str]) -> int:
            entries = [road.phone.write("lend", road.visit, barcode=code) for code in barcodes]
            with CaptureQueriesContext(connection) as caught:
                assert {row.code for row in road.phone.send(*entries)} == {"picked"}
            return len(caught)

        statements(codes[:1])  # The van arrives by it.
        assert statements(codes[1:2]) == statements(codes[2:])


class TestConflicts:
    def test_cancelled_at_the_desk_meanwhile(self, road: Road, officer: User) -> None:
        cancel_visit(visit=road.visit, actor=officer, note="Hujan.")
        answers = road.phone.send(
            road.phone.write("arrive", road.visit),
            road.phone.write("count", road.visit, kind="pupils", delta=5),
            road.phone.write("note", road.visit, text="Jalan licin."),
        )
        assert [row.code for row in answers] == ["visit_cancelled", "visit_cancelled", ""]
        assert answers[0].sentence
        cancel_trip(trip=road.trip, actor=officer, note="Mogok.")
        assert road.phone.tell("arrive", road.village).code in ("trip_cancelled", "visit_cancelled")

    def test_what_is_not_of_this_library_waits_for_a_person(self, road: Road, perpusnas: User) -> None:
        other = Road(
            perpusnas.memberships.get().institution,
            road.visit.stop.partner,
            road.desk.__class__.objects.get(pk=perpusnas.pk),
        )
        strange = road.phone.write("arrive", other.visit) | {"trip": str(other.trip.pk)}
        assert road.phone.send(strange)[0].code == "trip_unknown"
        assert road.phone.tell("arrive", other.visit).code == "visit_unknown"
        assert road.phone.tell("arrive").code == "visit_unknown"
        other.visit.refresh_from_db()
        assert other.visit.status == "planned"
        row = Entry.objects.get(client_id=strange["id"])
        assert row.trip is None and row.office == road.trip.office
        assert list(Entry.objects.visible_to(perpusnas)) == []

    def test_rubbish_holds_up_nobody(self, road: Road) -> None:
        good = road.phone.write("arrive", road.visit)
        bad = [
            None, "x", {}, good | {"id": "x"}, good | {"at": "gestern"}, good | {"kind": "fly"}, good | {"counter": True},
            road.phone.write("count", road.visit, kind="cats", delta=1),
            road.phone.write("take_back", road.visit, barcode="\x00"),
        ]  # fmt: skip
        answers = road.phone.send(*bad, good)
        assert [row.outcome for row in answers] == ["refused"] * 7 + ["review"] * 2 + ["applied"]
        assert all(row.sentence for row in answers[:9])

    def test_an_odometer_that_runs_backwards(self, road: Road) -> None:
        road.phone.tell("finish", odometer=900)
        start = road.phone.tell("start", odometer=1000)
        assert start.outcome == "applied"
        assert figures(road)[:3] == ("done", 1000, None)
        assert Entry.objects.get(kind="finish").code == "odometer_backwards"

    @pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 0, 2, 1), (2, 3, 1, 0), (0, 3, 1, 2)])
    def test_it_counts_once_the_morning_is_put_right(self, road: Road, order: tuple[int, ...]) -> None:
        """Whatever comes first: what is told adds up to the same."""
        write = road.phone.write
        wrong, right, back = write("start", odometer=10_000), write("start", odometer=1000), write("finish", odometer=1042)  # fmt: skip
        told = [wrong, write("undo", of=wrong["id"]), right, back]
        for number in order:
            road.phone.send(told[number])
        assert figures(road)[:3] == ("done", 1000, 1042)
        assert not Entry.objects.to_decide().exists()

    def test_only_the_figure_that_cannot_be_is_listed(self, road: Road) -> None:
        write = road.phone.write
        road.phone.send(write("start", odometer=1000), write("finish", odometer=1042))
        wrong = entry_of(road.second.tell("finish", odometer=42))
        assert (wrong.code, wrong.facts) == ("odometer_backwards", {"start": 1000, "end": 42})
        assert figures(road)[:3] == ("done", 1000, 1042) and Entry.objects.to_decide().get() == wrong


def test_what_waits_is_tried_again_by_the_sweep(road: Road, dispatched: Consignment) -> None:
    """The house went down between keeping and doing."""
    line = dispatched.lines.first()
    row = entry_of(road.phone.tell("take_back", road.visit, barcode=line.copy.barcode))
    assert row.outcome == EntryOutcome.APPLIED
    road.phone.write("note", text="x")
    row = entry_of(road.phone.tell("arrive", road.visit))
    Entry.objects.filter(pk=row.pk).update(outcome="waiting")
    assert retry_waiting().count == 1
    row.refresh_from_db()
    assert row.outcome == "applied" and not ReturnVisit.objects.filter(status="closed").exists()


def test_five_hundred_entries_cost_no_more_statements_than_fifty(road: Road, dispatched: Consignment) -> None:
    def told(count: int) -> int:
        rows = [
            road.phone.write("count", road.visit if number % 2 else road.village, kind="pupils", delta=1)
            for number in range(count)
        ]
        rows += [
            road.phone.write("take_back", road.visit, barcode=f"X{count}-{number}") for number in range(count)
        ]
        with CaptureQueriesContext(
            connection,
        ) as caught:
            road.phone.send(*rows)
        return len(caught)

    told(5)
    few, many = told(25), told(250)
    assert many <= few + 4, (few, many)
    assert Tally.objects.get(visit=road.village).visitor_count == 3 + 13 + 125
