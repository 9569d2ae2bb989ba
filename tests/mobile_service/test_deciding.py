"""What a phone told and the present contradicts waits for a person, who decides with one press (U21)."""

from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kerjasama.domain import clock
from libraries.catalogue.models import Copy
from libraries.models import Institution, Notice, User
from loans.models import Consignment
from loans.services.custody import check_custody
from mobile_service.models import Entry, Tally
from mobile_service.services.calling_off import cancel_trip
from mobile_service.services.deciding import apply_entry, attach_entry, fix_of, may_attach, note_entry
from mobile_service.services.devices import revoke_device
from mobile_service.services.retrying import retry_waiting
from mobile_service.services.scheduling import cancel_visit
from mobile_service.services.syncing import settle_trips
from tests.factories import StopFactory, TripFactory, VisitFactory
from tests.mobile_service.road import Road, entry_of
from tests.mobile_service.test_van_api import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    return Road(library, school_library, circulation, account=crew)


def test_it_took_place_after_all(road: Road, officer: User, dispatched: Consignment) -> None:
    cancel_visit(visit=road.visit, actor=officer, note="Hujan.")
    line = dispatched.lines.first()
    told = road.phone.send(
        road.phone.write("arrive", road.visit),
        road.phone.write("count", road.visit, kind="pupils", delta=5),
        road.phone.write("take_back", road.visit, barcode=line.copy.barcode),
    )
    assert {row.code for row in told} == {"visit_cancelled"}
    row = entry_of(told[1])
    assert fix_of(row) == "took_place" and may_attach(row)
    done = apply_entry(entry=row, actor=officer)
    assert (done.outcome, done.decided_by, done.decision) == ("applied", officer, "took_place")
    assert set(Entry.objects.values_list("outcome", flat=True)) == {"applied"}, (
        "one answer for all of the visit"
    )
    road.visit.refresh_from_db()
    assert road.visit.status == "arrived"
    assert Tally.objects.get(visit=road.visit).visitor_count == 5
    line.refresh_from_db()
    assert line.status == "returned"
    assert refusal(apply_entry, entry=row, actor=officer).code == "decided"


class TestTheCrewWentAllTheSame:
    """A whole day by a phone without a network; the desk reads of it in the evening, or on another day."""

    @pytest.fixture(params=[0, 1, 20], ids=["that evening", "next day", "weeks later"])
    def later(self, request: pytest.FixtureRequest) -> Any:
        with clock.pretend(clock.now() + timedelta(days=request.param)):
            yield

    @staticmethod
    def day(road: Road) -> set[str]:
        write, visit = road.phone.write, road.visit
        answers = road.phone.send(
            write("start", odometer=1000), write("arrive", visit), write("count", visit, kind="pupils", delta=5),
            write("leave", visit), write("finish", odometer=1042),
        )  # fmt: skip
        return {row.code for row in answers}

    def stands(self, road: Road) -> None:
        road.trip.refresh_from_db()
        road.visit.refresh_from_db()
        assert (road.trip.status, road.trip.odometer_end, road.visit.status) == ("done", 1042, "done")
        assert Tally.objects.get(visit=road.visit).visitor_count == 5
        assert set(Entry.objects.values_list("outcome", flat=True)) == {"applied"}

    def test_to_a_stop_that_was_called_off(self, road: Road, officer: User, later: None) -> None:
        cancel_visit(visit=road.visit, actor=officer, note="Hujan.")
        assert self.day(road) == {"", "visit_cancelled"}
        row = Entry.objects.get(kind="arrive")
        assert fix_of(row) == "took_place"
        apply_entry(entry=row, actor=officer)
        self.stands(road)

    @pytest.mark.parametrize("pressed", ["start", "arrive"])
    def test_on_a_trip_that_was_called_off(
        self, road: Road, officer: User, later: None, pressed: str
    ) -> None:
        for visit in (road.visit, road.village):
            cancel_visit(visit=visit, actor=officer, note="Hujan.")
        assert self.day(road) == {"trip_cancelled"}
        told = Notice.objects.count()
        row = Entry.objects.get(kind=pressed)
        assert fix_of(row) == "trip_took_place"
        done = apply_entry(entry=row, actor=officer)
        assert (done.decision, done.decided_by) == ("trip_took_place", officer)
        self.stands(road)
        road.village.refresh_from_db()
        assert road.village.status == "cancelled", "nobody says that the van was there"
        assert Notice.objects.count() == told, "nobody hears that a van comes which has gone"
        assert set(road.trip.duties.values_list("member", flat=True)) == {road.member.pk}

    def test_where_the_van_has_another_trip_of_that_day(self, road: Road, officer: User) -> None:
        cancel_trip(trip=road.trip, actor=officer, note="Hujan.")
        other = VisitFactory(trip=TripFactory(vehicle=road.trip.vehicle, on=road.trip.on), hour=14)
        self.day(road)
        apply_entry(entry=Entry.objects.get(kind="start"), actor=officer)
        road.visit.refresh_from_db()
        assert (road.visit.trip, road.visit.status, road.visit.trip.status) == (other.trip, "done", "done")

    def test_where_another_visit_has_its_time(self, road: Road, officer: User) -> None:
        cancel_visit(visit=road.visit, actor=officer, note="Hujan.")
        other = VisitFactory(trip=road.trip, stop=StopFactory(office=road.trip.office), hour=9)
        self.day(road)
        row = Entry.objects.get(kind="arrive")
        assert refusal(apply_entry, entry=row, actor=officer).code == "vehicle_busy"
        cancel_visit(visit=other, actor=officer, note="Tidak jadi.")
        apply_entry(entry=row, actor=officer)
        self.stands(road)


def test_it_belongs_to_another_visit(road: Road, officer: User, perpusnas: User) -> None:
    entry = road.phone.write("count", road.visit, kind="adults", delta=4)
    row = entry_of(road.phone.send(entry | {"visit": None})[0])
    assert row.code == "visit_unknown" and fix_of(row) == ""
    office = perpusnas.memberships.get().institution
    foreign = VisitFactory(stop=StopFactory(office=office), trip=TripFactory(vehicle__office=office))
    assert refusal(attach_entry, entry=row, visit=foreign, actor=officer).code == "visit"
    attach_entry(entry=row, visit=road.village, actor=officer)
    assert Tally.objects.get(visit=road.village).visitors == {"adults": 4}
    assert road.phone.send(entry)[0].outcome == "applied"


def test_taken_back_for_whoever_holds_it(
    road: Road, officer: User, dispatched: Consignment, other_school_library: Institution
) -> None:
    stop = StopFactory(school=True, office=road.trip.office, partner=other_school_library)
    elsewhere = VisitFactory(trip=road.trip, stop=stop, hour=14)
    line = dispatched.lines.first()
    row = entry_of(road.phone.tell("take_back", elsewhere, barcode=line.copy.barcode, condition="worn"))
    assert (row.code, fix_of(row)) == ("with_other_partner", "take_back_for_them")
    apply_entry(entry=row, actor=officer)
    line.refresh_from_db()
    assert (line.status, line.condition_back) == ("returned", "worn")
    assert list(check_custody()) == []


def test_tried_again_and_still_refused_stays(road: Road, officer: User, picking: Consignment) -> None:
    copy = Copy.objects.filter(place="shelf", loan_lines=None).first()
    assert copy is not None
    row = entry_of(road.phone.tell("lend", road.visit, barcode=copy.barcode))
    assert (row.code, fix_of(row)) == ("list_full", "again")
    assert refusal(apply_entry, entry=row, actor=officer).code == "list_full"
    row.refresh_from_db()
    assert row.outcome == "review"


def entry_of_id(told: Any) -> str:
    outcome: str = Entry.objects.get(client_id=told["id"]).outcome
    return outcome


class TestWaitsInVain:
    """What it waits for does not come any more: a person says what is to be done."""

    @pytest.fixture(params=["a week later", "the phone is out of use"])
    def later(self, request: pytest.FixtureRequest, road: Road, officer: User) -> Any:
        def go() -> None:
            retry_waiting()
            assert not Entry.objects.to_decide().exists(), "it may still come"
            if request.param == "a week later":
                Entry.objects.update(received_at=clock.now() - timedelta(days=8))
            else:
                revoke_device(device=road.phone.device, actor=officer)
            retry_waiting()

        return go

    def test_for_an_earlier_number(
        self, road: Road, officer: User, dispatched: Consignment, later: Any
    ) -> None:
        codes = [line.copy.barcode for line in dispatched.lines.select_related("copy")[:2]]
        road.phone.write("note", text="Hilang bersama ponsel.")
        books = [road.phone.write("take_back", road.visit, barcode=code) for code in codes]
        wrong = road.phone.write("undo", road.visit, of=books[1]["id"])
        assert {row.outcome for row in road.phone.send(*books, wrong)} == {"waiting"}
        later()
        rows = Entry.objects.to_decide()
        assert {row.code for row in rows} == {"earlier_missing"} and len(rows) == 3
        apply_entry(entry=rows[0], actor=officer)
        assert not Entry.objects.to_decide().exists(), "one answer for all of the visit"
        back = dispatched.lines.filter(status="returned").values_list("copy__barcode", flat=True)
        assert list(back) == codes[:1]

    def test_for_its_signatures(self, road: Road, officer: User, dispatched: Consignment, later: Any) -> None:
        keys = {"school_signature": str(uuid4()), "crew_signature": str(uuid4())}
        swap = entry_of(
            road.phone.tell("hand_over", road.visit, consignment=None, received_by="Bu Yus", **keys)
        )
        barcode = dispatched.lines.first().copy.barcode
        held = entry_of(road.phone.tell("take_back", road.visit, barcode=barcode))
        assert (swap.code, held.outcome) == ("signature_missing", "waiting")
        later()
        held.refresh_from_db()
        swap.refresh_from_db()
        assert (held.outcome, swap.outcome, swap.code) == ("applied", "review", "signature_never_came")
        assert refusal(apply_entry, entry=swap, actor=officer).code == "signature_missing"
        for purpose, key in keys.items():
            road.phone.sign(purpose, key, road.visit)
        assert apply_entry(entry=swap, actor=officer).code == "handed_over"

    def test_for_what_it_takes_back(self, road: Road, officer: User, later: Any) -> None:
        row = entry_of(road.phone.tell("undo", of=str(uuid4())))
        later()
        row.refresh_from_db()
        assert (row.outcome, row.code) == ("review", "nothing_to_undo")
        assert refusal(apply_entry, entry=row, actor=officer).code == "still_waits"
        assert note_entry(entry=row, actor=officer, note="Tidak ada.").outcome == "settled"

    def test_what_it_takes_back_comes_all_the_same(self, road: Road) -> None:
        count = road.phone.write("count", road.visit, kind="pupils", delta=5)
        undo = entry_of(road.phone.tell("undo", road.visit, of=count["id"]))
        Entry.objects.update(received_at=clock.now() - timedelta(days=8))
        retry_waiting()
        assert Entry.objects.to_decide().get() == undo
        assert road.phone.send(count)[0].outcome == "applied"
        undo.refresh_from_db()
        assert (undo.outcome, undo.code, entry_of_id(count)) == ("applied", "", "undone")


@pytest.mark.parametrize("act", ["apply", "attach", "note"])
def test_locks_in_the_order_of_the_house(road: Road, officer: User, act: str) -> None:
    """Syncing holds the trip and its visits when it writes entries: who decides must not hold an entry and wait for those."""
    cancel_visit(visit=road.visit, actor=officer, note="Hujan.")
    row = entry_of(road.phone.tell("arrive", road.visit))
    with CaptureQueriesContext(connection) as caught:
        if act == "apply":
            apply_entry(entry=row, actor=officer)
        elif act == "attach":
            attach_entry(entry=row, visit=road.village, actor=officer)
        else:
            note_entry(entry=row, actor=officer, note="Salah tekan.")
    locked = [
        next(name for name in ("trip", "visit", "entry") if f'FROM "mobile_service_{name}"' in each["sql"])
        for each in caught
        if "FOR NO KEY UPDATE" in each["sql"] and 'FROM "mobile_service_' in each["sql"]
    ]
    assert locked[:3] == ["trip", "visit", "entry"]


def test_what_one_trip_raises_leaves_the_others_alone(road: Road, perpusnas: User) -> None:
    other = Road(perpusnas.memberships.get().institution, road.visit.stop.partner, perpusnas)
    for each in (road, other):
        each.phone.tell("arrive", each.visit)
    Entry.objects.update(outcome="waiting")
    first = min(road.trip.pk, other.trip.pk)

    def settle(keys: list[Any]) -> None:
        if first in keys:
            raise RuntimeError
        settle_trips(keys)

    with mock.patch("mobile_service.services.retrying.settle_trips", settle):
        swept = retry_waiting()
    assert (swept.count, swept.failed) == (1, 1)
    assert set(Entry.objects.values_list("trip", "outcome")) == {
        (first, "waiting"),
        (max(road.trip.pk, other.trip.pk), "applied"),
    }


def test_noted_with_a_remark(road: Road, everybody: Any) -> None:
    row = entry_of(road.phone.tell("take_back", road.visit, barcode="TIDAK-ADA"))
    assert fix_of(row) == ""
    assert refusal(apply_entry, entry=row, actor=everybody["officer"]).code == "cannot_be_applied"
    for name in ("crew", "school", "perpusnas"):
        assert refusal(note_entry, entry=row, actor=everybody[name], note="x").code == "role_missing"
    assert refusal(note_entry, entry=row, actor=everybody["officer"], note=" ").code == "note"
    done = note_entry(entry=row, actor=everybody["officer"], note="Label rusak.")
    assert (done.outcome, done.facts["note"]) == ("settled", "Label rusak.")
    revoke_device(device=road.phone.device, actor=everybody["officer"])
    assert Entry.objects.get(pk=row.pk).device == road.phone.device, "what a lost phone told is kept"
