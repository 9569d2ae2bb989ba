"""What two phones of one trip tell differently of the same thing: the truth counts, and whatever is lost by it is kept or listed (R13)."""

import itertools
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from libraries.catalogue.models import Copy
from libraries.models import Document, Institution, User
from libraries.services.documents import pdf_of
from loans.models import Case, Consignment, CustodyMove, LoanLine
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.proposing import drop_line, propose_consignment
from loans.services.scanning import scan
from mobile_service.models import Entry, Tally
from mobile_service.services.deciding import apply_entry, fix_of, note_entry
from mobile_service.services.noted import noted_on
from mobile_service.services.retrying import retry_waiting
from tests.factories import shelve
from tests.mobile_service.road import Phone, Road, entry_of
from tests.mobile_service.test_van_api import refusal

pytestmark = pytest.mark.django_db


def first_of(consignment: Consignment) -> LoanLine:
    line: LoanLine = LoanLine.objects.filter(consignment=consignment).in_shelf_order()[0]
    return line


def spare() -> Copy:
    return Copy.objects.filter(place="shelf", loan_lines=None).order_by("barcode")[0]


def hand_over(phone: Phone, consignment: Consignment | None, name: str, **more: Any) -> dict[str, Any]:
    key = str(consignment.pk) if consignment is not None else None
    return phone.write("hand_over", phone.road.visit, consignment=key, received_by=name, **more)


class TestInWhichCondition:
    @pytest.fixture
    def line(self, dispatched: Consignment) -> LoanLine:
        return first_of(dispatched)

    @staticmethod
    def stands(line: LoanLine) -> tuple[str, str, str]:
        line.refresh_from_db()
        line.copy.refresh_from_db()
        return line.status, line.condition_back, line.copy.condition

    def book(self, phone: Phone, line: LoanLine, condition: str) -> dict[str, Any]:
        return phone.write("take_back", phone.road.visit, barcode=line.copy.barcode, condition=condition)

    @pytest.mark.parametrize("told", list(itertools.permutations(["good", "worn", "damaged"])))
    def test_the_worst_that_was_seen_counts(self, road: Road, line: LoanLine, told: tuple[str, ...]) -> None:
        phones = [road.phone, road.second, Phone(road, "HP ketiga")]
        entries = [self.book(phone, line, condition) for phone, condition in zip(phones, told, strict=True)]
        for _twice in range(2):
            answers = [phone.send(entry)[0] for phone, entry in zip(phones, entries, strict=True)]
        assert {row.outcome for row in answers} == {"applied"}
        assert [row.code == "already_back" for row in answers] == [each != "damaged" for each in told]
        assert self.stands(line) == ("returned", "damaged", "damaged")
        assert CustodyMove.objects.filter(copy=line.copy, kind="return").last().condition == "damaged"
        assert list(check_custody()) == [] and not Entry.objects.to_decide().exists()
        # The one paper of the visit says so, and the case is opened with it, as at the desk.
        road.phone.tell("hand_over", road.visit, consignment=None)
        assert Case.objects.get(copy=line.copy).kind == "damaged"

    def test_each_may_take_its_own_telling_back(self, road: Road, line: LoanLine) -> None:
        good, damaged = self.book(road.phone, line, "good"), self.book(road.second, line, "damaged")
        road.phone.send(good)
        assert road.second.send(damaged)[0].code == "returned_damaged"
        assert road.phone.tell("undo", road.visit, of=good["id"]).outcome == "applied"
        assert self.stands(line)[:2] == ("returned", "damaged")
        assert road.second.tell("undo", road.visit, of=damaged["id"]).outcome == "applied"
        assert self.stands(line)[0] == "out" and list(check_custody()) == []

    def test_who_saw_it_better_counts_again(self, road: Road, line: LoanLine) -> None:
        good, damaged = self.book(road.phone, line, "good"), self.book(road.second, line, "damaged")
        road.phone.send(good)
        road.second.send(damaged)
        road.second.tell("undo", road.visit, of=damaged["id"])
        assert self.stands(line) == ("returned", "good", "good")
        assert entry_of(road.phone.send(good)[0]).code == "returned"

    def test_after_the_paper_a_person_records_it(self, road: Road, line: LoanLine, officer: User) -> None:
        road.phone.send(self.book(road.phone, line, "good"), hand_over(road.phone, None, "Ibu Yusnimar"))
        papers = Document.objects.count()
        answer = road.second.send(self.book(road.second, line, "damaged"))[0]
        assert (answer.outcome, answer.code) == ("review", "came_back_damaged")
        assert line.copy.title.title in answer.sentence
        row = entry_of(answer)
        assert fix_of(row) == "record_condition"
        assert apply_entry(entry=row, actor=officer).outcome == "applied"
        assert self.stands(line) == ("returned", "damaged", "damaged")
        case = Case.objects.get(copy=line.copy)
        assert (case.kind, case.reported_by, Document.objects.count()) == ("damaged", officer, papers)
        # A third one says the same: nothing is asked any more.
        third = Phone(road, "HP ketiga")
        assert third.send(self.book(third, line, "damaged"))[0].code == "already_back"
        assert Case.objects.count() == 1 and list(check_custody()) == []

    def test_or_only_notes_it(self, road: Road, line: LoanLine, officer: User) -> None:
        road.phone.send(self.book(road.phone, line, "good"), hand_over(road.phone, None, "Ibu Yusnimar"))
        row = entry_of(road.second.send(self.book(road.second, line, "worn"))[0])
        assert row.code == "came_back_worn"
        note_entry(entry=row, actor=officer, note="Hanya sampul kotor.")
        assert self.stands(line) == ("returned", "good", "good")


class TestGivenAfterTheHandover:
    def test_lent_with_the_delivery_that_has_gone(
        self, road: Road, packed: Consignment, officer: User, school: User, signed_in: Any
    ) -> None:
        road.load(packed)
        drop_line(line=first_of(packed), actor=road.desk)
        road.phone.send(hand_over(road.phone, packed, "Ibu Yusnimar"))
        copy, papers = spare(), Document.objects.count()
        answer = road.second.tell("lend", road.visit, barcode=copy.barcode)
        row = entry_of(answer)
        assert (row.outcome, row.code, fix_of(row)) == ("review", "no_delivery_to_add", "lend_after")
        assert packed.code in answer.sentence and copy.barcode in answer.sentence
        page = signed_in(officer).get(reverse("work:entry_reviews")).content.decode()
        assert reverse("work:entry_apply", args=[row.pk]) in page
        assert refusal(apply_entry, entry=row, actor=school).code == "role_missing"

        done = apply_entry(entry=row, actor=officer)
        assert (done.outcome, done.code, done.decision) == ("applied", "lent_after", "lend_after")
        line = LoanLine.objects.get(copy=copy)
        assert (line.consignment, line.status, line.condition_out) == (packed, "out", copy.condition)
        copy.refresh_from_db()
        assert (copy.place, copy.holder) == ("away", road.visit.stop.partner)
        moves = CustodyMove.objects.filter(copy=copy).order_by("sequence")
        assert [(move.kind, move.actor) for move in moves] == [("pick", officer), ("dispatch", officer)]
        assert list(check_custody()) == []
        # A record of its own: the one that was signed is never written over.
        record = Document.objects.latest("pk")
        assert (Document.objects.count(), record.item_count, record.kind) == (papers + 1, 1, "handover")
        assert done.facts["number"] == record.number and pdf_of(record).size > 5_000
        packed.refresh_from_db()
        assert packed.handover_document != record
        assert refusal(apply_entry, entry=row, actor=officer).code == "decided"
        assert road.second.tell("undo", road.visit, of=str(row.client_id)).code == "cannot_be_undone"
        # It comes back like any other.
        assert road.phone.tell("take_back", road.visit, barcode=copy.barcode).code == "returned"
        assert list(check_custody()) == []

    def test_no_more_than_is_agreed(self, road: Road, packed: Consignment, officer: User) -> None:
        road.phone.send(hand_over(road.phone, packed, "Ibu Yusnimar"))
        row = entry_of(road.second.tell("lend", road.visit, barcode=spare().barcode))
        assert refusal(apply_entry, entry=row, actor=officer).code == "more_than_agreed"
        assert list(check_custody()) == [] and Entry.objects.to_decide().get() == row

    def test_what_would_have_to_be_at_two_places(
        self, road: Road, packed: Consignment, officer: User
    ) -> None:
        gone = first_of(packed)
        drop_line(line=gone, actor=road.desk)
        road.phone.send(hand_over(road.phone, packed, "Ibu Yusnimar"))
        unknown = entry_of(road.second.tell("lend", road.visit, barcode="TIDAK-ADA"))
        assert refusal(apply_entry, entry=unknown, actor=officer).code == "unknown_barcode"
        copy = spare()
        row = entry_of(road.second.tell("lend", road.visit, barcode=copy.barcode))
        copy.place = "withdrawn"
        copy.save()
        assert refusal(apply_entry, entry=row, actor=officer).code == "copy_not_free"
        # One that was left out of this very delivery can go with it all the same.
        again = entry_of(road.second.tell("lend", road.visit, barcode=gone.copy.barcode))
        assert apply_entry(entry=again, actor=officer).code == "lent_after"
        gone.refresh_from_db()
        assert gone.status == "out"

    def test_where_the_school_has_none_the_way_is_said(
        self, road: Road, officer: User, school_library: Institution, signed_in: Any
    ) -> None:
        answer = road.phone.tell("lend", road.visit, barcode="BH-1")
        row = entry_of(answer)
        assert (row.code, fix_of(row)) == ("no_delivery_to_add", "again")
        page = signed_in(officer).get(reverse("work:entry_reviews")).content.decode()
        assert f'href="{reverse("work:partner", args=[school_library.pk])}"' in page

    def test_once_a_delivery_is_proposed_it_goes_into_its_box(
        self, road: Road, programme: Any, officer: User, circulation: User, library: Institution
    ) -> None:
        copy = shelve(library, 12)[0]
        row = entry_of(road.phone.tell("lend", road.visit, barcode=copy.barcode))
        period = programme.periods.order_by("sequence")[0]
        consignment = propose_consignment(period=period, actor=circulation)
        if not consignment.lines.filter(copy=copy).exists():
            drop_line(line=first_of(consignment), actor=circulation)
        assert apply_entry(entry=row, actor=officer).code == "picked"


class TestFull:
    def test_what_stayed_at_home_takes_no_place(self, road: Road, picking: Consignment) -> None:
        road.load(picking)
        lines = list(LoanLine.objects.filter(consignment=picking).in_shelf_order())
        for line in lines[:3]:
            scan(desk="pick", consignment=picking, barcode=line.copy.barcode, actor=road.desk)
        copy = spare()
        added = road.phone.write("lend", road.visit, barcode=copy.barcode)
        answer = road.phone.send(added)[0]
        assert (answer.outcome, answer.code) == ("applied", "picked")
        assert picking.lines.open().count() == 5
        # Taken out again, its place is as before.
        assert road.phone.tell("undo", road.visit, of=added["id"]).outcome == "applied"
        assert set(picking.lines.open()) == set(lines)
        # One that lies in the box unscanned comes back onto the list by its scan.
        road.phone.tell("lend", road.visit, barcode=copy.barcode)
        assert road.phone.tell("lend", road.visit, barcode=lines[4].copy.barcode).code == "picked"
        last = Copy.objects.filter(place="shelf", loan_lines=None).order_by("barcode")[0]
        full = road.phone.tell("lend", road.visit, barcode=last.barcode)
        assert (full.outcome, full.code) == ("review", "list_full")
        assert list(check_custody()) == []
        assert road.phone.send(hand_over(road.phone, picking, "Ibu Yusnimar"))[0].code == "handed_over"
        assert LoanLine.objects.filter(consignment=picking, status="out").count() == 5

    def test_what_is_refused_puts_nothing_out(self, road: Road, picking: Consignment) -> None:
        road.load(picking)
        listed = set(picking.lines.open())
        copy = spare()
        copy.may_travel = False
        copy.save()
        assert road.phone.tell("lend", road.visit, barcode=copy.barcode).code == "copy_not_free"
        assert set(picking.lines.open()) == listed

    def test_a_book_that_the_school_has_is_said_first(
        self, road: Road, dispatched: Consignment, packed: Consignment, officer: User
    ) -> None:
        """A full list is not what stands in the way."""
        road.load(packed)
        copy = first_of(dispatched).copy
        answer = road.phone.tell("lend", road.visit, barcode=copy.barcode)
        assert (answer.outcome, answer.code) == ("review", "still_at_school")
        assert copy.title.title in answer.sentence and dispatched.code in answer.sentence
        row = entry_of(answer)
        assert fix_of(row) == "" and note_entry(entry=row, actor=officer, note="Masih di sana.")

    def test_so_is_one_that_another_school_has(
        self, road: Road, dispatched: Consignment, other_school_library: Institution
    ) -> None:
        road.visit.stop.partner = other_school_library
        road.visit.stop.save()
        line = first_of(dispatched)
        answer = road.phone.tell("lend", road.visit, barcode=line.copy.barcode)
        assert (answer.outcome, answer.code) == ("review", "with_partner")
        assert str(dispatched.partner) in answer.sentence


class TestHandedOverTwice:
    @pytest.mark.parametrize("name", ["Ibu Yusnimar", "  ibu  YUSNIMAR ", ""])
    def test_by_one_receiver_is_once(self, road: Road, packed: Consignment, name: str) -> None:
        road.phone.send(hand_over(road.phone, packed, "Ibu Yusnimar"))
        answer = road.second.send(hand_over(road.second, packed, name))[0]
        assert (answer.outcome, answer.code) == ("applied", "already_handed_over")
        assert not Entry.objects.to_decide().exists()

    @pytest.mark.parametrize("by", ["one tap", "a remark"])
    def test_by_two_is_listed_and_kept(
        self, road: Road, packed: Consignment, officer: User, signed_in: Any, by: str
    ) -> None:
        keys = {"school_signature": str(uuid4()), "crew_signature": str(uuid4())}
        road.phone.send(hand_over(road.phone, packed, "Ibu Yusnimar"))
        for purpose, key in keys.items():
            road.second.sign(purpose, key, road.visit)
        entry = hand_over(road.second, packed, "Pak Dedi", **keys)
        answer = road.second.send(entry)[0]
        assert (answer.outcome, answer.code) == ("review", "handed_over_to_other")
        assert all(said in answer.sentence for said in ("Ibu Yusnimar", "Pak Dedi", packed.code))
        assert road.second.send(entry)[0].code == answer.code and Document.objects.count() == 2
        row = entry_of(answer)
        assert fix_of(row) == "keep_as_note"
        if by == "one tap":
            done = apply_entry(entry=row, actor=officer)
        else:
            done = note_entry(entry=row, actor=officer, note="Keduanya hadir.")
        assert done.outcome == "settled"
        [noted] = noted_on(road.trip, road.visit)
        assert "Pak Dedi" in noted.words and ("Keduanya hadir." in noted.words) == (by == "a remark")
        page = signed_in(officer).get(reverse("work:van_visit", args=[road.visit.pk])).content.decode()
        assert "Pak Dedi" in page
        packed.refresh_from_db()
        assert packed.status == "dispatched" and list(check_custody()) == []


class TestLeftOutAndThere:
    @pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
    @pytest.mark.parametrize("together", [True, False], ids=["at once", "one by one"])
    def test_the_reason_stands_in_the_history(
        self, road: Road, officer: User, signed_in: Any, order: tuple[int, ...], together: bool
    ) -> None:
        tellings = [
            (road.phone, road.phone.write("skip", road.visit, reason="Jembatan putus 100%")),
            (road.second, road.second.write("arrive", road.visit)),
        ]
        told = [tellings[number] for number in order]
        if together:
            # Both were kept, and the house went down before it did anything.
            for phone, entry in told:
                phone.send(entry)
            Entry.objects.update(outcome="waiting")
            road.visit.events.all().delete()
            road.visit.status, road.visit.reason = "planned", ""
            road.visit.save()
            retry_waiting()
        else:
            for phone, entry in told:
                assert phone.send(entry)[0].outcome == "applied"
        road.visit.refresh_from_db()
        assert road.visit.status == "arrived" and not Entry.objects.to_decide().exists()
        notes = list(road.visit.events.filter(action="skip").values_list("note", flat=True))
        assert len(notes) == 1 and "Jembatan putus 100%" in notes[0]
        page = signed_in(officer).get(reverse("work:van_visit", args=[road.visit.pk])).content.decode()
        assert "Jembatan putus 100%" in page
        # Sent again, it is told no second time.
        for phone, entry in told:
            phone.send(entry)
        assert road.visit.events.filter(action="skip").count() == 1

    def test_taken_back_it_leaves_nothing(self, road: Road) -> None:
        road.second.tell("arrive", road.visit)
        skip = road.phone.write("skip", road.visit, reason="Salah tekan")
        road.phone.send(skip, road.phone.write("undo", road.visit, of=skip["id"]))
        assert not road.visit.events.filter(action="skip").exists()


class TestArrivedByMistake:
    """What was counted afterwards says that the van was there: the phone is told, and its act stands."""

    def written(self, road: Road) -> list[dict[str, Any]]:
        arrive = road.phone.write("arrive", road.visit)
        count = road.phone.write("count", road.visit, kind="pupils", delta=12)
        return [arrive, count, road.phone.write("undo", road.visit, of=arrive["id"])]

    @pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
    def test_while_what_was_counted_stands(self, road: Road, order: tuple[int, ...]) -> None:
        """In whatever order it arrives."""
        entries = self.written(road)
        for number in order:
            road.phone.send(entries[number])
        answer = road.phone.send(*entries)[2]
        assert (answer.outcome, answer.code) == ("review", "cannot_be_undone")
        assert "buku" not in answer.sentence and "books have moved" not in answer.sentence
        row = entry_of(answer)
        assert Entry.objects.to_decide().get() == row and fix_of(row) == ""
        road.visit.refresh_from_db()
        arrive = Entry.objects.get(kind="arrive")
        assert (road.visit.status, road.visit.arrived_at, arrive.outcome) == ("arrived", arrive.at, "applied")

    def test_once_that_is_taken_back_so_is_the_arrival(self, road: Road) -> None:
        entries = self.written(road)
        road.phone.send(*entries)
        assert road.phone.tell("undo", road.visit, of=entries[1]["id"]).outcome == "applied"
        road.visit.refresh_from_db()
        assert road.visit.status == "planned" and road.visit.arrived_at is None
        assert not Entry.objects.to_decide().exists()
        assert road.phone.send(entries[2])[0].outcome == "applied"
        assert Tally.objects.get(visit=road.visit).visitor_count == 0

    def test_what_was_counted_after_it_is_another_arrival(self, road: Road) -> None:
        arrive = road.phone.write("arrive", road.visit)
        undo = road.phone.write("undo", road.visit, of=arrive["id"])
        later = road.phone.write("arrive", road.visit)
        count = road.phone.write("count", road.visit, kind="pupils", delta=12)
        assert {row.outcome for row in road.phone.send(arrive, undo, later, count)} == {"applied"}
        road.visit.refresh_from_db()
        assert road.visit.arrived_at == Entry.objects.get(client_id=later["id"]).at

    def test_pressed_twice_is_taken_back_once(self, road: Road) -> None:
        """The other arrival says that the van was there: nothing contradicts it."""
        first, double = road.phone.write("arrive", road.visit), road.phone.write("arrive", road.visit)
        count = road.phone.write("count", road.visit, kind="pupils", delta=12)
        undo = road.phone.write("undo", road.visit, of=double["id"])
        assert road.phone.send(undo, count, double)[0].outcome in ("review", "applied")
        assert {row.outcome for row in road.phone.send(first, double, count, undo)} == {"applied"}
        road.visit.refresh_from_db()
        assert road.visit.arrived_at == Entry.objects.get(client_id=first["id"]).at

    def test_books_say_so_as_well(self, road: Road, dispatched: Consignment) -> None:
        """They are done after everything else, and still the answer is right."""
        arrive = road.phone.write("arrive", road.visit)
        book = road.phone.write("take_back", road.visit, barcode=first_of(dispatched).copy.barcode)
        undo = road.phone.write("undo", road.visit, of=arrive["id"])
        assert road.phone.send(arrive, book, undo)[2].code == "cannot_be_undone"
        road.phone.tell("undo", road.visit, of=book["id"])
        road.visit.refresh_from_db()
        assert road.visit.status == "planned" and not Entry.objects.to_decide().exists()

    def test_what_another_phone_counted_before(self, road: Road) -> None:
        arrive = road.phone.write("arrive", road.visit)
        road.phone.send(arrive)
        road.second.tell("count", road.visit, kind="pupils", delta=12)
        for _later in range(5):
            undo = road.phone.write("undo", road.visit, of=arrive["id"])
        answer = road.phone.send(undo, first=undo["counter"])[0]
        assert (answer.outcome, answer.code) == ("review", "cannot_be_undone")

    def test_what_a_person_has_noted_stays(self, road: Road, officer: User) -> None:
        entries = self.written(road)
        row = entry_of(road.phone.send(*entries)[2])
        note_entry(entry=row, actor=officer, note="Memang ada di sana.")
        road.phone.tell("undo", road.visit, of=entries[1]["id"])
        row.refresh_from_db()
        road.visit.refresh_from_db()
        assert (row.outcome, road.visit.status) == ("settled", "arrived")


def test_handed_over_at_the_desk_meanwhile(road: Road, packed: Consignment, officer: User) -> None:
    """The desk was faster: a book that the crew gave besides is lent with it all the same."""
    drop_line(line=first_of(packed), actor=road.desk)
    dispatch_consignment(consignment=packed, actor=road.desk)
    row = entry_of(road.phone.tell("lend", road.visit, barcode=spare().barcode))
    assert apply_entry(entry=row, actor=officer).code == "lent_after"
    road.visit.refresh_from_db()
    assert road.visit.status == "arrived", "whoever lends there is there"
