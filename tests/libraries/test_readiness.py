"""Readiness assessments and what follows from them: the whole tables, every refusal, the reminders (D6)."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, DomainError, InvalidInput, NotPermitted, TransitionRefused
from libraries.choices import AssessmentStatus, FilePurpose, FollowUpStatus
from libraries.lifecycle import ASSESSMENT, FOLLOW_UP
from libraries.models import Answer, Assessment, FollowUp, Notice
from libraries.questions import CONDITIONS, NETWORK, SETS, gaps, readiness
from libraries.services.files import keep_bytes
from libraries.services.follow_ups import (
    add_follow_up,
    complete_follow_up,
    drop_follow_up,
    reopen_follow_up,
    revise_follow_up,
)
from libraries.services.networks import dissolve_network
from libraries.services.readiness import (
    GivenAnswer,
    answer_assessment,
    cancel_assessment,
    previous_of,
    review_assessment,
    send_assessment,
    send_assessments,
)
from libraries.services.reminding import remind_unanswered
from libraries.services.stepping import roles_of
from tests.factories import AssessmentFactory, InstitutionFactory, NetworkFactory, all_answers
from tests.lives import put_into, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(asked: Assessment, school: Any) -> Assessment:
    return answer_assessment(
        assessment=asked, actor=school, answers=all_answers(catalogue="no", rules="partly")
    )


class TestTheQuestions:
    def test_codes_are_told_apart(self) -> None:
        for asked in SETS.values():
            assert len(set(asked.codes)) == len(asked.codes)
            assert all(len(code) <= 30 for code in (*asked.codes, asked.code))
        assert (len(CONDITIONS.codes), len(NETWORK.codes)) == (8, 7)

    @pytest.mark.parametrize(("value", "share"), [("yes", 100), ("partly", 50), ("no", 0)])
    def test_a_figure_of_what_could_be_reached(self, value: str, share: int) -> None:
        assert readiness(dict.fromkeys(CONDITIONS.codes, value), CONDITIONS) == share
        assert readiness({}, CONDITIONS) == 0

    def test_gaps_in_the_order_of_the_questions(self) -> None:
        values = {"rules": "no", "basis": "partly", "staff": "yes"}
        assert gaps(values, CONDITIONS) == ["basis", "rules"]


class TestTheTables:
    VERBS = {
        "answer": lambda row, actor: answer_assessment(assessment=row, actor=actor, answers=all_answers()),
        "review": lambda row, actor: review_assessment(assessment=row, actor=actor),
        "cancel": lambda row, actor: cancel_assessment(assessment=row, actor=actor, note="keliru"),
    }
    AFTERWARDS = {
        "complete": lambda row, actor: complete_follow_up(follow_up=row, actor=actor),
        "drop": lambda row, actor: drop_follow_up(follow_up=row, actor=actor, note="tidak perlu"),
        "reopen": lambda row, actor: reopen_follow_up(follow_up=row, actor=actor),
    }

    def test_every_state_action_and_actor(self, asked: Assessment, everybody: Any) -> None:
        assert set(self.VERBS) == set(ASSESSMENT.actions)

        def prepare(action: str, state: str) -> None:
            day = clock.today() if state in ("answered", "reviewed") else None
            Assessment.objects.filter(pk=asked.pk).update(status=state, answered_on=day)

        def roles(actor: Any) -> set[str]:
            return set(roles_of(actor, asked))

        assert walk(ASSESSMENT, asked, self.VERBS, everybody, roles, prepare) == []

    def test_of_follow_ups(self, answered: Assessment, everybody: Any) -> None:
        assert set(self.AFTERWARDS) == set(FOLLOW_UP.actions)
        row = answered.follow_ups.first()

        def prepare(action: str, state: str) -> None:
            day = None if state == FollowUpStatus.OPEN else clock.today()
            FollowUp.objects.filter(pk=row.pk).update(status=state, closed_on=day)

        def roles(actor: Any) -> set[str]:
            return set(roles_of(actor, row))

        assert walk(FOLLOW_UP, row, self.AFTERWARDS, everybody, roles, prepare) == []


class TestAsking:
    def test_it_is_told_at_once(self, library: Any, school_library: Any, coordinator: Any) -> None:
        row = send_assessment(
            actor=coordinator,
            office=library,
            respondent=school_library,
            due_on=clock.today() + timedelta(days=14),
            message=" Mohon diisi. ",
        )
        assert (row.questions, row.message, row.status) == (CONDITIONS.code, "Mohon diisi.", "sent")
        told = Notice.objects.get(subject_id=row.pk)
        assert (told.recipient, told.rule, told.path) == (
            school_library,
            "assessment_sent",
            f"/portal/kesiapan/{row.pk}/",
        )

    def test_refusals(self, library: Any, asked: Assessment, officer: Any, circulation: Any) -> None:
        soon = clock.today() + timedelta(days=7)
        other = InstitutionFactory(school=True)

        def code(**changes: Any) -> str:
            facts = {"actor": officer, "office": library, "respondent": other, "due_on": soon} | changes
            with pytest.raises(DomainError) as refused, transaction.atomic():
                send_assessment(**facts)
            return refused.value.code

        assert code(actor=circulation) == "role_missing"
        assert code(office=other) == "role_missing"
        assert code(respondent=None) == "nobody_asked"
        assert code(due_on=clock.today() - timedelta(days=1)) == "due_in_the_past"
        assert code(respondent=asked.respondent) == "already_asked"
        assert code(network=NetworkFactory()) == "role_missing"
        own = NetworkFactory(office=library)
        assert code(network=own) == "no_focal_point"
        dissolve_network(network=own, actor=officer, note="x")
        assert code(network=own) == "network_at_rest"

    def test_many_at_once_and_who_still_has_questions_is_left_alone(
        self, library: Any, asked: Assessment, officer: Any
    ) -> None:
        schools = InstitutionFactory.create_batch(3, school=True)
        report = send_assessments(
            actor=officer,
            office=library,
            respondents=[*schools, schools[0], asked.respondent, library],
            due_on=clock.today(),
        )
        assert {row.respondent for row in report.sent} == set(schools)
        assert report.waiting == [asked.respondent]
        assert Notice.objects.filter(rule="assessment_sent").count() == 3
        with pytest.raises(InvalidInput):
            send_assessments(actor=officer, office=library, respondents=[], due_on=clock.today())

    def test_a_network_answers_by_its_focal_point(self, library: Any, officer: Any, coordinator: Any) -> None:
        network = NetworkFactory(office=library, led=True)
        row = send_assessment(actor=officer, office=library, network=network, due_on=clock.today())
        assert (row.respondent, row.questions, row.about) == (library, NETWORK.code, network)
        assert Notice.objects.get(subject_id=row.pk).path == f"/admin/kerja/kesiapan/{row.pk}/jawab/"
        with pytest.raises(Conflict):
            send_assessment(actor=officer, office=library, network=network, due_on=clock.today())
        answer_assessment(assessment=row, actor=coordinator, answers=all_answers("no", NETWORK))
        assert row.follow_ups.count() == 7

    def test_the_database_holds_one_open(self, asked: Assessment) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            AssessmentFactory(office=asked.office, respondent=asked.respondent)


class TestAnswering:
    def test_gaps_become_follow_ups_and_the_office_is_told(
        self, answered: Assessment, school: Any, library: Any
    ) -> None:
        assert (answered.status, answered.answered_by) == (AssessmentStatus.ANSWERED, school)
        assert answered.answers.count() == 8
        proposed = answered.follow_ups.order_by("pk")
        assert [row.question for row in proposed] == ["catalogue", "rules"]
        assert {row.due_on - clock.today() for row in proposed} == {timedelta(days=90)}
        told = Notice.objects.get(rule="assessment_answered")
        assert (told.recipient, told.context["gaps"], told.context["readiness"]) == (library, 2, 81)
        assert not Notice.objects.open().filter(rule="assessment_sent").exists()

    def test_refusals(self, asked: Assessment, school: Any, library: Any) -> None:
        def code(answers: list[GivenAnswer]) -> tuple[str, str | None]:
            with pytest.raises(InvalidInput) as refused:
                answer_assessment(assessment=asked, actor=school, answers=answers)
            return refused.value.code, refused.value.field

        everything = all_answers()
        assert code(everything[:-1]) == ("unanswered", "answers")
        assert code([*everything, GivenAnswer("weather", "yes")]) == ("unknown_question", "answers")
        assert code([*everything, everything[0]]) == ("answered_twice", "answers")
        assert code(all_answers(staff="perhaps")) == ("unknown_answer", "staff")
        foreign = keep_bytes(
            b"%PDF-1.4",
            owner_id=library.pk,
            counterpart_id=None,
            purpose=FilePurpose.EVIDENCE,
            name="bukti.pdf",
            extension="pdf",
            content_type="application/pdf",
            actor=None,
        )
        assert code([GivenAnswer("basis", "yes", evidence=foreign), *everything[1:]])[0] == "foreign_evidence"
        asked.refresh_from_db()
        assert (asked.status, Answer.objects.count()) == (AssessmentStatus.SENT, 0)

    def test_once(self, answered: Assessment, school: Any) -> None:
        with pytest.raises(TransitionRefused):
            answer_assessment(assessment=answered, actor=school, answers=all_answers())

    def test_compared_with_the_one_before(self, answered: Assessment, library: Any, officer: Any) -> None:
        assert previous_of(answered) is None
        again = send_assessment(
            actor=officer, office=library, respondent=answered.respondent, due_on=clock.today()
        )
        assert previous_of(again) == answered
        cancel_assessment(assessment=again, actor=officer, note="belum waktunya")
        third = send_assessment(
            actor=officer, office=library, respondent=answered.respondent, due_on=clock.today()
        )
        assert previous_of(third) == answered

    def test_review_keeps_its_note(self, answered: Assessment, officer: Any) -> None:
        row = review_assessment(assessment=answered, actor=officer, note=" Dibahas 3 Desember. ")
        assert (row.status, row.review_note) == (AssessmentStatus.REVIEWED, "Dibahas 3 Desember.")

    def test_taken_back_with_a_reason(self, asked: Assessment, officer: Any) -> None:
        with pytest.raises(InvalidInput):
            cancel_assessment(assessment=asked, actor=officer, note=" ")
        assert (
            cancel_assessment(assessment=asked, actor=officer, note="sekolah tutup").status
            == AssessmentStatus.CANCELLED
        )


class TestFollowUps:
    def test_added_and_changed_by_the_office(
        self, answered: Assessment, officer: Any, school: Any, asked: Assessment
    ) -> None:
        with pytest.raises(NotPermitted):
            add_follow_up(assessment=answered, actor=school, what="x", due_on=clock.today())
        with pytest.raises(InvalidInput):
            add_follow_up(
                assessment=answered, actor=officer, what="x", due_on=clock.today(), question="weather"
            )
        row = add_follow_up(assessment=answered, actor=officer, what=" Latih ", due_on=clock.today())
        assert row.what == "Latih"
        with pytest.raises(NotPermitted):
            revise_follow_up(follow_up=row, actor=school, what="Lain")
        with pytest.raises(InvalidInput):
            revise_follow_up(follow_up=row, actor=officer, status="done")
        revise_follow_up(follow_up=row, actor=officer, version=1, who="Guru pustakawan")
        with pytest.raises(Conflict):
            revise_follow_up(follow_up=row, actor=officer, version=1, who="Lain")
        complete_follow_up(follow_up=row, actor=school)
        with pytest.raises(TransitionRefused) as refused:
            revise_follow_up(follow_up=row, actor=officer, who="Lain")
        assert refused.value.code == "closed"

    def test_nothing_follows_before_there_are_answers(self, asked: Assessment, officer: Any) -> None:
        with pytest.raises(TransitionRefused) as refused:
            add_follow_up(assessment=asked, actor=officer, what="x", due_on=clock.today())
        assert refused.value.code == "not_answered"

    def test_closing_and_opening_again(self, answered: Assessment, officer: Any, school: Any) -> None:
        row = answered.follow_ups.first()
        with pytest.raises(InvalidInput):
            drop_follow_up(follow_up=row, actor=officer, note="")
        assert drop_follow_up(follow_up=row, actor=officer, note="x").closed_on == clock.today()
        assert reopen_follow_up(follow_up=row, actor=officer).closed_on is None
        done = complete_follow_up(follow_up=row, actor=school, note="Katalog selesai")
        assert done.status == FollowUpStatus.DONE
        assert [event.action for event in row.events.all()] == ["propose", "drop", "reopen", "complete"]


def test_who_sees_it(answered: Assessment, everybody: Any) -> None:
    office = {"officer", "circulation", "crew", "head", "administrator", "coordinator"}
    for rows in (Assessment.objects, FollowUp.objects):
        seers = {
            name for name, user in everybody.items() if user is not None and rows.visible_to(user).exists()
        }
        assert seers == office | {"school"}


class TestReminding:
    def on(self, asked: Assessment, days: int) -> Any:
        day = asked.due_on + timedelta(days=days)
        return clock.pretend(datetime.combine(day, time(9), ZoneInfo("Asia/Jakarta")))

    def test_the_ladder_once_each(self, asked: Assessment, library: Any, school_library: Any) -> None:
        told = []
        for day in (-10, -3, -3, 0, 1, 5, 8, 9):
            with self.on(asked, day):
                told.append(remind_unanswered().count)
        assert told == [0, 1, 0, 0, 1, 0, 1, 0]
        assert Notice.objects.filter(recipient=school_library, rule="assessment_due").count() == 3
        late = Notice.objects.get(recipient=library, rule="assessment_due")
        assert (late.rung, late.roles) == (8, ["officer", "coordinator"])

    def test_silent_once_answered(self, asked: Assessment, school: Any) -> None:
        with self.on(asked, 1):
            remind_unanswered()
            answer_assessment(assessment=asked, actor=school, answers=all_answers())
            assert not Notice.objects.open().filter(rule="assessment_due").exists()
            assert remind_unanswered().count == 0

    def test_a_reminder_of_what_is_no_longer_asked_is_settled(self, asked: Assessment) -> None:
        with self.on(asked, 1):
            remind_unanswered()
            put_into(asked, "cancelled")
            remind_unanswered()
        assert not Notice.objects.open().filter(rule="assessment_due").exists()
