"""Reminders about agreements: each rung once, caught up after missed nights, silent when dealt with (A1, A3, A5, A10)."""

from datetime import date, timedelta
from typing import Any

import pytest

from agreements.choices import AgreementKind, AgreementStatus
from agreements.models import Agreement, Obligation
from agreements.services.drafting import revise_agreement
from agreements.services.ending import cancel_agreement, confirm_review, terminate_agreement
from agreements.services.negotiating import (
    agree_to_text,
    negotiate_agreement,
    remark_on_agreement,
    send_back,
    send_to_review,
)
from agreements.services.obligations import (
    add_obligation,
    fulfil_obligation,
    fulfil_partly,
    let_lapse,
    revise_obligation,
)
from agreements.services.pressing import remind_of_duties
from agreements.services.reminding import remind_expiring
from agreements.services.signing import submit_agreement
from kerjasama.domain import clock
from libraries.choices import MessageStatus
from libraries.models import Institution, Message, Notice, User
from libraries.services.addressing import address_notices
from tests.clock.conftest import at_six
from tests.clock.test_reminding import both, told
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


def still_open(rule: str) -> set[str]:
    return set(Notice.objects.open().filter(rule=rule).values_list("recipient__slug", flat=True))


@pytest.fixture
def draft(library: Institution, school_library: Institution) -> Agreement:
    return AgreementFactory(office=library, partner=school_library, relation="Setara.")


class TestNotice:
    def test_both_are_told_a_month_and_a_week_before_the_last_day_of_notice(
        self, agreement: Agreement
    ) -> None:
        assert agreement.ends_on
        notice_on = agreement.ends_on - timedelta(days=agreement.notice_days)
        for day in range(-40, 5):
            with at_six(notice_on + timedelta(days=day)):
                remind_expiring()
        assert told("agreement_notice") == both(-30) + both(-7)
        assert {row.due_on for row in Notice.objects.filter(rule="agreement_notice")} == {notice_on}

    def test_once_the_day_has_passed_nothing_is_said_any_more(self, agreement: Agreement) -> None:
        assert agreement.ends_on
        with at_six(agreement.ends_on - timedelta(days=10)):
            remind_expiring()
        assert told("agreement_notice") == []

    def test_an_end_that_moves_takes_the_day_with_it(self, agreement: Agreement) -> None:
        assert agreement.ends_on
        with at_six(agreement.ends_on - timedelta(days=60)):
            remind_expiring()
            assert still_open("agreement_notice") == {"bung-hatta", "sdn-01"}
            Agreement.objects.filter(pk=agreement.pk).update(ends_on=agreement.ends_on + timedelta(days=200))
            remind_expiring()
        assert still_open("agreement_notice") == set()


class TestReview:
    @pytest.fixture
    def unwritten(self, library: Institution, school_library: Institution) -> Agreement:
        row = AgreementFactory(office=library, partner=school_library, implicit=True, in_force=True)
        Agreement.objects.filter(pk=row.pk).update(
            kind=AgreementKind.IMPLICIT, review_on=clock.today() + timedelta(days=90)
        )
        row.refresh_from_db()
        return row

    def test_the_office_is_told_before_on_the_day_and_after(self, unwritten: Agreement) -> None:
        for day in range(-20, 35):
            with at_six(unwritten.review_on + timedelta(days=day)):
                remind_expiring()
        assert told("agreement_review") == [("bung-hatta", rung) for rung in (-14, 0, 7, 28)]

    def test_a_review_that_was_recorded_is_not_asked_for(self, unwritten: Agreement, officer: User) -> None:
        with at_six(unwritten.review_on):
            remind_expiring()
            assert still_open("agreement_review") == {"bung-hatta"}
            confirm_review(
                agreement=unwritten,
                actor=officer,
                note="masih berjalan",
                next_review_on=unwritten.review_on + timedelta(days=60),
            )
            assert still_open("agreement_review") == set()
            assert remind_expiring().count == 0


class TestDuties:
    @pytest.fixture
    def duty(self, agreement: Agreement, officer: User) -> Obligation:
        return add_obligation(
            agreement=agreement,
            actor=officer,
            party=agreement.parties.get(role="second"),
            text="Menyediakan rak",
            due_on=clock.today() + timedelta(days=60),
        )

    def test_the_party_and_the_office_before_on_the_day_and_weekly_after(self, duty: Obligation) -> None:
        for day in range(-20, 60):
            with at_six(duty.due_on + timedelta(days=day)):
                remind_of_duties()
        rungs = (-14, -3, 0, 7, 14, 21, 28)
        assert told("obligation_due") == [row for rung in rungs for row in both(rung)]

    def test_missed_nights_are_made_up_by_one(self, duty: Obligation) -> None:
        with at_six(duty.due_on + timedelta(days=16)):
            assert remind_of_duties().count == 1
            assert remind_of_duties().count == 0
        assert told("obligation_due") == both(14)

    def test_the_office_is_told_once_about_its_own(self, agreement: Agreement, officer: User) -> None:
        own = add_obligation(
            agreement=agreement,
            actor=officer,
            party=agreement.parties.get(role="first"),
            text="Melatih",
            due_on=clock.today() + timedelta(days=30),
        )
        with at_six(own.due_on):
            remind_of_duties()
        assert told("obligation_due") == [("bung-hatta", 0)]

    @pytest.mark.parametrize("end", ["fulfil", "lapse", "revise", "terminate"])
    def test_what_is_dealt_with_falls_silent(
        self, end: str, duty: Obligation, agreement: Agreement, officer: User, school: User
    ) -> None:
        with at_six(duty.due_on):
            remind_of_duties()
            address_notices()
            assert still_open("obligation_due") == {"bung-hatta", "sdn-01"}
            if end == "fulfil":
                fulfil_obligation(obligation=duty, actor=school)
            elif end == "lapse":
                let_lapse(obligation=duty, actor=officer, note="rak tidak diperlukan")
            elif end == "revise":
                revise_obligation(obligation=duty, actor=officer, due_on=duty.due_on + timedelta(days=40))
            else:
                terminate_agreement(agreement=agreement, actor=officer, note="sekolah tutup")
                remind_of_duties()
            assert still_open("obligation_due") == set()
            assert set(
                Message.objects.filter(notice__rule="obligation_due").values_list("status", flat=True)
            ) == {MessageStatus.SILENCED}

    def test_what_is_done_in_part_is_still_asked_for(self, duty: Obligation, school: User) -> None:
        with at_six(duty.due_on - timedelta(days=14)):
            fulfil_partly(obligation=duty, actor=school, note="satu dari dua rak")
            remind_of_duties()
        assert told("obligation_due") == both(-14)
        assert Notice.objects.filter(rule="obligation_due").first().context["note"] == "satu dari dua rak"


class TestAnswers:
    def at(self, agreement: Agreement, days: int) -> Any:
        return at_six(self.asked_on + timedelta(days=days))

    @pytest.fixture
    def before_them(self, draft: Agreement, officer: User) -> Agreement:
        row = negotiate_agreement(agreement=draft, actor=officer)
        self.asked_on: date = clock.today()
        return row

    def test_the_partner_after_a_week_and_two_the_office_after_two(self, before_them: Agreement) -> None:
        for day in range(25):
            with self.at(before_them, day):
                remind_of_duties()
        assert told("agreement_answer") == [("sdn-01", 7), ("bung-hatta", 14), ("sdn-01", 14)]
        assert still_open("agreement_negotiation") == set(), "one word about one text"

    @pytest.mark.parametrize("answer", ["remark", "agree"])
    def test_an_answer_settles_it(self, answer: str, before_them: Agreement, school: User) -> None:
        assert still_open("agreement_negotiation") == {"sdn-01"}
        with self.at(before_them, 8):
            remind_of_duties()
            if answer == "remark":
                remark_on_agreement(agreement=before_them, actor=school, note="Pasal 3 terlalu ketat.")
            else:
                agree_to_text(agreement=before_them, actor=school)
            assert still_open("agreement_negotiation") == still_open("agreement_answer") == set()
            assert still_open("agreement_remark") == {"bung-hatta"}
        with self.at(before_them, 20):
            assert remind_of_duties().count == 0

    def test_what_the_office_answers_begins_anew(
        self, before_them: Agreement, school: User, officer: User
    ) -> None:
        with self.at(before_them, 3):
            remark_on_agreement(agreement=before_them, actor=school, note="Pasal 3 terlalu ketat.")
        with self.at(before_them, 5):
            remark_on_agreement(agreement=before_them, actor=officer, note="Diubah menjadi 60 buku.")
            assert still_open("agreement_remark") == {"sdn-01"}
        with self.at(before_them, 11):
            assert remind_of_duties().count == 0
        with self.at(before_them, 12):
            assert remind_of_duties().count == 1
        assert told("agreement_answer") == [("sdn-01", 7)]

    @pytest.mark.parametrize("step", ["submit", "review", "cancel"])
    def test_a_state_that_moves_on_settles_it(
        self, step: str, before_them: Agreement, school: User, officer: User
    ) -> None:
        remark_on_agreement(agreement=before_them, actor=school, note="Pasal 3 terlalu ketat.")
        if step == "submit":
            submit_agreement(agreement=before_them, actor=officer)
        elif step == "review":
            send_to_review(agreement=before_them, actor=officer)
        else:
            cancel_agreement(agreement=before_them, actor=officer, note="tidak jadi")
        assert not Notice.objects.open().exists()

    def test_back_from_review_the_partner_is_asked_again(
        self, before_them: Agreement, school: User, officer: User
    ) -> None:
        agree_to_text(agreement=before_them, actor=school)
        row = send_to_review(agreement=before_them, actor=officer)
        send_back(agreement=row, actor=officer, note="pasal 4 tidak jelas")
        with self.at(before_them, 7):
            assert remind_of_duties().count == 1


class TestParents:
    @pytest.fixture
    def orphan(self, library: Institution, school_library: Institution, officer: User) -> Agreement:
        parent = AgreementFactory(office=library, partner=school_library, in_force=True, kind="mou")
        child = AgreementFactory(office=library, partner=school_library, in_force=True, parent=parent)
        terminate_agreement(agreement=parent, actor=officer, note="diakhiri")
        assert still_open("agreement_parent_ended") == {"bung-hatta"}
        return child

    def test_the_sweep_leaves_it_while_it_holds(self, orphan: Agreement) -> None:
        remind_expiring()
        assert still_open("agreement_parent_ended") == {"bung-hatta"}

    def test_the_end_of_the_child_settles_it(self, orphan: Agreement, officer: User) -> None:
        terminate_agreement(agreement=orphan, actor=officer, note="ikut berakhir")
        assert still_open("agreement_parent_ended") == set()

    def test_another_parent_settles_it(
        self, orphan: Agreement, library: Institution, school_library: Institution, officer: User
    ) -> None:
        other = AgreementFactory(office=library, partner=school_library, in_force=True, kind="mou")
        Agreement.objects.filter(pk=orphan.pk).update(status=AgreementStatus.NEGOTIATION)
        revise_agreement(agreement=orphan, actor=officer, parent=other)
        assert still_open("agreement_parent_ended") == set()

    def test_a_parent_that_holds_again_settles_it_by_night(self, orphan: Agreement) -> None:
        Agreement.objects.filter(pk=orphan.parent_id).update(status=AgreementStatus.ACTIVE)
        remind_expiring()
        assert still_open("agreement_parent_ended") == set()


def test_idle_runs_cost_a_handful_of_queries(
    agreement: Agreement, officer: User, django_assert_max_num_queries: Any
) -> None:
    for row in (agreement, *AgreementFactory.create_batch(3, in_force=True)):
        add_obligation(
            agreement=row,
            actor=User.objects.create_superuser(f"akar{row.pk}", f"{row.pk}@contoh.test"),
            party=row.parties.get(role="second"),
            text="Menyediakan rak",
            due_on=clock.today() + timedelta(days=3),
        )
    assert remind_of_duties().count == 4
    with django_assert_max_num_queries(14):
        remind_of_duties()
    with django_assert_max_num_queries(18):
        remind_expiring()


def test_one_row_costs_the_same_however_many_there_are(
    agreement: Agreement, officer: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        add_obligation(
            agreement=agreement,
            actor=officer,
            party=agreement.parties.get(role="second"),
            text=f"Tugas {number}",
            due_on=clock.today() + timedelta(days=3),
        )
    with django_assert_max_num_queries(14 + 12 * 6):
        assert remind_of_duties().count == 12
