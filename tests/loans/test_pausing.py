"""A programme that pauses, gets another last day, or ends early with everything coming home (L1)."""

from datetime import date
from typing import Any

import pytest

from libraries.catalogue.models import Copy
from libraries.models import Notice
from loans.choices import PeriodStatus, ProgrammeStatus
from loans.models import Consignment, PlannedBook, Programme
from loans.services.claiming import assess_case, report_loss, settle_case
from loans.services.dispatching import dispatch_consignment
from loans.services.following import follow_amended_agreements
from loans.services.pausing import (
    books_of,
    bring_home,
    finish_programmes_brought_home,
    pause_programme,
    resume_due_programmes,
    resume_programme,
    set_end,
)
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.reminding import send_due_reminders
from loans.services.returning import ReturnedCopy, finish_return_visit, open_return_visit, return_copies
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 2)


@pytest.fixture
def year(time_machine: Any, library: Any, school_library: Any, circulation: Any) -> Programme:
    """Quarters from a Monday: 2 February, 2 May, 3 August, 2 November 2026, to 1 February 2027."""
    time_machine.move_to("2026-02-02T02:00:00+00:00", tick=False)
    agreement = AgreementFactory(
        office=library, partner=school_library, in_force=True, starts_on=TODAY, ends_on=date(2027, 2, 1)
    )
    return open_programme(agreement=agreement, actor=circulation)


@pytest.fixture
def out(year: Programme, circulation: Any) -> Consignment:
    """The five books of the first period are at the school."""
    shelve(year.lender, 20)
    consignment = propose_consignment(period=year.periods.get(sequence=1), actor=circulation)
    scan_all(consignment, circulation)
    return dispatch_consignment(consignment=consignment, actor=circulation)


def states(programme: Programme) -> list[tuple[str, str]]:
    return [(row.starts_on.isoformat(), row.status) for row in programme.periods.order_by("sequence")]


def coming(programme: Programme) -> list[str]:
    planned = programme.periods.filter(status=PeriodStatus.PLANNED).order_by("starts_on")
    return [row.starts_on.isoformat() for row in planned]


class TestPause:
    def test_what_falls_into_it_is_left_out_in_sight(
        self, year: Programme, out: Consignment, circulation: Any
    ) -> None:
        pause_programme(programme=year, actor=circulation, note="renovasi", until=date(2026, 8, 1))
        assert states(year) == [
            ("2026-02-02", "running"),
            ("2026-05-02", "cancelled"),
            ("2026-08-03", "planned"),
            ("2026-11-02", "planned"),
        ]
        assert year.periods.get(sequence=2).events.get().action == "skip"
        out.refresh_from_db()
        assert out.due_on == date(2026, 5, 2), "books that are out keep their day unless they are called home"

    def test_it_goes_on_by_itself_on_the_day(
        self, year: Programme, out: Consignment, circulation: Any, time_machine: Any
    ) -> None:
        pause_programme(programme=year, actor=circulation, note="renovasi", until=date(2026, 8, 1))
        assert resume_due_programmes().count == 0
        time_machine.move_to("2026-08-01T02:00:00+00:00", tick=False)
        assert resume_due_programmes().count == 1
        year.refresh_from_db()
        assert (year.status, year.paused_until) == (ProgrammeStatus.RUNNING, None)
        assert coming(year) == ["2026-08-03", "2026-11-02"]

    def test_resumed_early_what_was_left_out_is_planned_again(
        self, year: Programme, out: Consignment, circulation: Any, time_machine: Any
    ) -> None:
        pause_programme(programme=year, actor=circulation, note="renovasi", until=date(2026, 8, 1))
        time_machine.move_to("2026-03-02T02:00:00+00:00", tick=False)
        resume_programme(programme=year, actor=circulation)
        assert coming(year) == ["2026-05-02", "2026-08-03", "2026-11-02"]

    def test_without_a_day_what_was_missed_is_left_out_when_it_goes_on(
        self, year: Programme, out: Consignment, circulation: Any, time_machine: Any
    ) -> None:
        pause_programme(programme=year, actor=circulation, note="renovasi")
        assert coming(year) == ["2026-05-02", "2026-08-03", "2026-11-02"]
        time_machine.move_to("2026-06-15T02:00:00+00:00", tick=False)
        resume_programme(programme=year, actor=circulation)
        assert coming(year) == ["2026-08-03", "2026-11-02"]
        assert states(year)[1] == ("2026-05-02", "cancelled")

    def test_another_last_day_meanwhile_plans_nothing_into_it(
        self, year: Programme, out: Consignment, circulation: Any
    ) -> None:
        pause_programme(programme=year, actor=circulation, note="renovasi", until=date(2026, 8, 1))
        set_end(programme=year, ends_on=date(2026, 12, 31), actor=circulation)
        assert coming(year) == ["2026-08-03", "2026-11-02"]

    def test_one_that_is_being_packed_waits(self, year: Programme, circulation: Any) -> None:
        shelve(year.lender, 12)
        propose_consignment(period=year.periods.get(sequence=1), actor=circulation)
        pause_programme(programme=year, actor=circulation, note="renovasi", until=date(2026, 6, 1))
        assert [status for _day, status in states(year)] == ["planned", "cancelled", "planned", "planned"]

    def test_books_are_called_home_when_that_is_chosen(
        self, year: Programme, out: Consignment, circulation: Any
    ) -> None:
        pause_programme(programme=year, actor=circulation, note="banjir", call_home=True)
        out.refresh_from_db()
        assert out.due_on == date(2026, 2, 16)
        told = Notice.objects.get(rule="programme_changed")
        assert (told.recipient, told.context["what"], told.context["home"]) == (
            year.partner,
            "paused",
            "2026-02-16",
        )

    def test_the_word_about_it_leaves_the_page_after_a_month(
        self, year: Programme, circulation: Any, time_machine: Any
    ) -> None:
        pause_programme(programme=year, actor=circulation, note="banjir")
        time_machine.move_to("2026-03-20T02:00:00+00:00", tick=False)
        send_due_reminders()
        assert Notice.objects.get(rule="programme_changed").settled_at is not None

    @pytest.mark.parametrize(
        ("given", "code", "field"),
        [
            ({"note": " "}, "reason_missing", "note"),
            ({"until": TODAY}, "date_past", "until"),
            ({"until": date(2027, 2, 1)}, "beyond_end", "until"),
            ({"call_home": True, "home_on": date(2026, 2, 8)}, "closed_day", "home_on"),
            ({"call_home": True, "home_on": TODAY}, "date_past", "home_on"),
        ],
    )
    def test_refused_with_the_reason(
        self, given: dict[str, Any], code: str, field: str, year: Programme, circulation: Any, refusal: Any
    ) -> None:
        asked = {"note": "renovasi", **given}
        refused = refusal(pause_programme, programme=year, actor=circulation, **asked)
        assert (refused.code, refused.field) == (code, field)


class TestLastDay:
    def test_shorter_and_longer_again(self, year: Programme, circulation: Any) -> None:
        set_end(programme=year, ends_on=date(2026, 8, 28), actor=circulation)
        assert coming(year) == ["2026-02-02", "2026-05-02"]
        assert year.periods.get(sequence=2).ends_on == date(2026, 8, 28)
        year.refresh_from_db()
        assert year.own_end
        assert follow_amended_agreements().count == 0, "its own last day is no difference to the agreement"
        set_end(programme=year, ends_on=date(2027, 2, 1), actor=circulation)
        year.refresh_from_db()
        assert not year.own_end
        assert coming(year) == ["2026-02-02", "2026-05-02", "2026-08-03", "2026-11-02"]

    @pytest.mark.parametrize(("day", "code"), [(date(2027, 2, 2), "beyond_agreement"), (TODAY, "date_past")])
    def test_within_the_agreement(
        self, day: date, code: str, year: Programme, circulation: Any, refusal: Any
    ) -> None:
        refused = refusal(set_end, programme=year, ends_on=day, actor=circulation)
        assert (refused.code, refused.field) == (code, "ends_on")

    def test_not_past_what_is_being_packed(self, year: Programme, circulation: Any, refusal: Any) -> None:
        shelve(year.lender, 6)
        propose_consignment(period=year.periods.get(sequence=3), actor=circulation)
        refused = refusal(set_end, programme=year, ends_on=date(2026, 6, 30), actor=circulation)
        assert refused.code == "being_picked"


class TestBringingHome:
    def test_everything_planned_is_given_up_and_books_get_a_new_day(
        self, year: Programme, out: Consignment, circulation: Any
    ) -> None:
        packed = propose_consignment(period=year.periods.get(sequence=2), actor=circulation)
        scan_all(packed, circulation)
        spare = Copy.objects.filter(place="shelf").first()
        PlannedBook.objects.create(period=year.periods.get(sequence=3), title=spare.title, copy=spare)
        bring_home(programme=year, actor=circulation, note="sekolah digabung")
        year.refresh_from_db()
        packed.refresh_from_db()
        out.refresh_from_db()
        assert year.status == ProgrammeStatus.RETURNING
        assert [status for _day, status in states(year)] == ["running", "cancelled", "cancelled", "cancelled"]
        assert packed.status == "cancelled"
        assert set(packed.lines.values_list("copy__place", flat=True)) == {"shelf"}
        assert not PlannedBook.objects.exists()
        assert out.due_on == date(2026, 2, 16)
        assert Notice.objects.get(rule="programme_changed").context["what"] == "ending"
        assert books_of(year) == (0, 5)

    def test_it_ends_by_itself_when_the_last_is_back(
        self, year: Programme, out: Consignment, circulation: Any
    ) -> None:
        bring_home(programme=year, actor=circulation, note="sekolah digabung", home_on=date(2026, 2, 20))
        out.refresh_from_db()
        assert out.due_on == date(2026, 2, 20)
        barcodes = [line.copy.barcode for line in out.lines.select_related("copy")]
        give_back(out, barcodes[:2], circulation)
        year.refresh_from_db()
        assert (year.status, books_of(year)) == (ProgrammeStatus.RETURNING, (2, 5))
        give_back(out, barcodes[2:], circulation)
        year.refresh_from_db()
        assert year.status == ProgrammeStatus.ENDED
        assert year.events.get(action="end").actor is None

    def test_a_lost_book_is_waited_for_until_it_is_settled(
        self, year: Programme, out: Consignment, circulation: Any
    ) -> None:
        bring_home(programme=year, actor=circulation, note="sekolah digabung")
        lost, *others = out.lines.select_related("copy")
        case = report_loss(line=lost, actor=circulation, kind="lost")
        give_back(out, [line.copy.barcode for line in others], circulation)
        assert finish_programmes_brought_home().count == 0
        year.refresh_from_db()
        assert (year.status, books_of(year)) == (ProgrammeStatus.RETURNING, (4, 5))
        assess_case(case=case, actor=circulation, demand="same_title")
        settle_case(case=case, actor=circulation, settlement="waived", reason="banjir")
        assert books_of(year) == (5, 5)
        assert finish_programmes_brought_home().count == 1
        year.refresh_from_db()
        assert year.status == ProgrammeStatus.ENDED

    def test_with_nothing_out_it_ends_at_once(self, year: Programme, circulation: Any) -> None:
        assert bring_home(programme=year, actor=circulation, note="pindah").status == ProgrammeStatus.ENDED
        assert {status for _day, status in states(year)} == {"cancelled"}

    def test_the_pages_say_how_far_it_is(
        self, year: Programme, out: Consignment, circulation: Any, school: Any, signed_in: Any
    ) -> None:
        bring_home(programme=year, actor=circulation, note="sekolah digabung")
        give_back(out, [out.lines.first().copy.barcode], circulation)
        page = signed_in(circulation).get(f"/admin/kerja/program/{year.pk}/").content.decode()
        assert 'value="1"' in page and 'max="5"' in page
        portal = signed_in(school).get("/portal/").content.decode()
        assert "dipulangkan" in portal and 'value="1"' in portal and 'max="5"' in portal


def give_back(consignment: Consignment, barcodes: list[str], actor: Any) -> None:
    visit = open_return_visit(lender=consignment.lender, partner=consignment.partner, actor=actor)
    return_copies(visit=visit, copies=[ReturnedCopy(barcode) for barcode in barcodes], actor=actor)
    finish_return_visit(visit=visit, actor=actor)
