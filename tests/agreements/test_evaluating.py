"""An evaluation from its draft to its paper: frozen when finished, live again when opened, seen by the partner (A10, A11)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from agreements.choices import AgreementStatus
from agreements.lifecycle import EVALUATION
from agreements.models import Agreement, Evaluation, Measurement
from agreements.services.evaluating import (
    begin_evaluation,
    draft_pdf,
    evaluation_due_on,
    figures_of,
    finish_evaluation,
    finished_evaluation,
    missing,
    obstacles_of,
    reopen_evaluation,
    revise_evaluation,
)
from agreements.services.prompting import remind_evaluations
from agreements.services.stepping import roles_of
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.choices import PaperStatus
from libraries.models import Document, Notice, NumberPattern
from libraries.services.documents import pdf_of
from tests.factories import AgreementFactory, IndicatorFactory, MeasurementFactory, ObstacleFactory
from tests.lives import put_into, walk

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refusal(act: Any, **arguments: Any) -> DomainError:
    with translation.override("en"), pytest.raises(DomainError) as refused:
        act(**arguments)
    assert str(refused.value.message)
    return refused.value


@pytest.fixture
def ready(agreement: Agreement, officer: Any) -> Evaluation:
    """A draft that lacks nothing: visits rose from 100 to 130, one obstacle, a conclusion."""
    MeasurementFactory(indicator=IndicatorFactory(agreement=agreement, name="Kunjungan"))
    ObstacleFactory(agreement=agreement)
    draft = begin_evaluation(agreement=agreement, actor=officer)
    return revise_evaluation(
        evaluation=draft, actor=officer, conclusion="Murid lebih sering datang.", recommendation="renew"
    )


class TestBeginning:
    def test_about_the_term_so_far(self, agreement: Agreement, officer: Any) -> None:
        draft = begin_evaluation(agreement=agreement, actor=officer)
        assert (draft.starts_on, draft.ends_on) == (agreement.starts_on, clock.today())
        assert draft.events.get().action == "begin"

    def test_an_ended_agreement_is_judged_over_its_term(self, agreement: Agreement, officer: Any) -> None:
        today = clock.today()
        Agreement.objects.filter(pk=agreement.pk).update(
            status=AgreementStatus.EXPIRED, starts_on=today - 99 * DAY, ends_on=today - 9 * DAY
        )
        draft = begin_evaluation(agreement=agreement, actor=officer)
        assert draft.ends_on == today - 9 * DAY

    def test_only_one_at_a_time(self, agreement: Agreement, officer: Any) -> None:
        first = begin_evaluation(agreement=agreement, actor=officer)
        refused = refusal(begin_evaluation, agreement=agreement, actor=officer)
        assert (refused.code, refused.facts["evaluation"]) == ("already_begun", first.pk)

    def test_not_before_there_was_anything(self, library: Any, school_library: Any, officer: Any) -> None:
        draft = AgreementFactory(office=library, partner=school_library)
        assert refusal(begin_evaluation, agreement=draft, actor=officer).code == "not_begun"

    def test_not_by_others(self, agreement: Agreement, circulation: Any, school: Any) -> None:
        for stranger in (circulation, school):
            assert refusal(begin_evaluation, agreement=agreement, actor=stranger).code == "role_missing"

    @pytest.mark.parametrize(
        ("start", "end", "code"),
        [
            (0, 0, "time_reversed"),
            (0, 1, "date_to_come"),
            (-5, 0, "outside_term"),
        ],
    )
    def test_the_time_lies_within_the_term(
        self, start: int, end: int, code: str, agreement: Agreement, officer: Any
    ) -> None:
        today = clock.today()
        refused = refusal(
            begin_evaluation,
            agreement=agreement,
            actor=officer,
            starts_on=today + start * DAY,
            ends_on=today + end * DAY,
        )
        assert refused.code == code


class TestWriting:
    def test_two_officers(self, ready: Evaluation, officer: Any) -> None:
        refused = refusal(revise_evaluation, evaluation=ready, actor=officer, version=1, conclusion="X")
        assert refused.code == "stale"
        assert refusal(revise_evaluation, evaluation=ready, actor=officer, status="x").code == "unknown_field"

    def test_not_by_others(self, ready: Evaluation, circulation: Any) -> None:
        assert refusal(revise_evaluation, evaluation=ready, actor=circulation, conclusion="X").code == (
            "role_missing"
        )

    def test_not_once_finished(self, ready: Evaluation, officer: Any) -> None:
        done = finish_evaluation(evaluation=ready, actor=officer)
        assert (
            refusal(revise_evaluation, evaluation=done, actor=officer, conclusion="X").code == "not_a_draft"
        )

    def test_figures_take_what_lies_within_the_time(self, ready: Evaluation) -> None:
        (line,) = figures_of(ready)
        assert (line.baseline, line.now, line.verdict, line.source) == (100, 130, "reached", "entered")
        Measurement.objects.update(starts_on=ready.starts_on - DAY)
        assert figures_of(ready)[0].verdict == "unmeasured"


class TestFinishing:
    def test_everything_that_lacks_is_named_at_once(self, agreement: Agreement, officer: Any) -> None:
        draft = begin_evaluation(agreement=agreement, actor=officer)
        refused = refusal(finish_evaluation, evaluation=draft, actor=officer)
        assert refused.code == "incomplete"
        assert len(refused.facts["missing"]) == 3
        IndicatorFactory(agreement=agreement)
        with translation.override("en"):
            assert missing(draft)[0] == "a measurement in the time judged"

    def test_freezes_what_it_says(self, ready: Evaluation, officer: Any) -> None:
        done = finish_evaluation(evaluation=ready, actor=officer)
        Measurement.objects.update(value=Decimal(1))
        done.agreement.indicators.update(name="Lain")
        done.agreement.obstacles.update(description="Lain")
        done.refresh_from_db()
        assert [(line.name, line.now) for line in figures_of(done)] == [("Kunjungan", 130)]
        assert obstacles_of(done)[0].description == "Guru pustakawan sering berganti."
        assert done.finished_on == clock.today()

    def test_issues_a_paper_in_indonesian_on_one_page(self, ready: Evaluation, officer: Any) -> None:
        with translation.override("en"):
            done = finish_evaluation(evaluation=ready, actor=officer)
        assert done.number and done.document.number == done.number
        assert done.document.recipient == done.agreement.partner
        assert done.document.content["language"] == "id"
        assert pdf_of(done.document).size > 1000

    def test_tells_the_partner_once_and_takes_it_back(self, ready: Evaluation, officer: Any) -> None:
        done = finish_evaluation(evaluation=ready, actor=officer)
        told = Notice.objects.get(rule="evaluation_finished")
        assert (told.recipient, told.path) == (done.agreement.partner, f"/portal/evaluasi/{done.pk}/")
        again = reopen_evaluation(evaluation=done, actor=officer, note="Angka keliru.")
        assert not Notice.objects.open().filter(rule="evaluation_finished").exists()
        finish_evaluation(evaluation=again, actor=officer)
        assert Notice.objects.open().filter(rule="evaluation_finished").count() == 1

    def test_an_office_that_was_here_before_evaluations_were_numbered(
        self, ready: Evaluation, officer: Any
    ) -> None:
        NumberPattern.objects.filter(kind="evaluation").delete()
        NumberPattern.objects.filter(kind="agreement").update(unit="UPT-PBH")
        assert finish_evaluation(evaluation=ready, actor=officer).number.startswith("001/EVAL/UPT-PBH/")
        assert NumberPattern.objects.get(kind="evaluation").institution == ready.agreement.office

    def test_the_draft_prints_too(self, ready: Evaluation) -> None:
        assert draft_pdf(ready).startswith(b"%PDF")


class TestReopening:
    def test_withdraws_the_paper_and_keeps_the_number(self, ready: Evaluation, officer: Any) -> None:
        done = finish_evaluation(evaluation=ready, actor=officer)
        assert refusal(reopen_evaluation, evaluation=done, actor=officer, note=" ").code == "reason_missing"
        again = reopen_evaluation(evaluation=done, actor=officer, note="Angka kunjungan keliru.")
        assert Document.objects.get().status == PaperStatus.WITHDRAWN
        assert (again.document, again.record, again.finished_on) == (None, {}, None)
        Measurement.objects.update(value=Decimal(90))
        final = finish_evaluation(evaluation=again, actor=officer)
        assert (final.number, figures_of(final)[0].verdict) == (done.number, "worse")

    def test_not_beside_another_draft(self, ready: Evaluation, officer: Any) -> None:
        done = finish_evaluation(evaluation=ready, actor=officer)
        begin_evaluation(agreement=done.agreement, actor=officer)
        assert refusal(reopen_evaluation, evaluation=done, actor=officer, note="x").code == "already_begun"


def test_the_whole_table(ready: Evaluation, everybody: dict[str, Any]) -> None:
    verbs = {
        "finish": lambda row, actor: finish_evaluation(evaluation=row, actor=actor),
        "reopen": lambda row, actor: reopen_evaluation(evaluation=row, actor=actor, note="alasan"),
    }

    def prepare(_action: str, state: str) -> None:
        if state == "finished":
            Evaluation.objects.filter(pk=ready.pk).update(finished_on=clock.today())
        put_into(ready, state)

    wrong = walk(
        EVALUATION, ready, verbs, everybody, lambda actor: set(roles_of(actor, ready.agreement)), prepare
    )
    assert wrong == []


class TestWhoSeesIt:
    def test_the_partner_once_it_is_finished(
        self,
        ready: Evaluation,
        officer: Any,
        circulation: Any,
        school: Any,
        other_school: Any,
        perpusnas: Any,
    ) -> None:
        def seen(user: Any) -> bool:
            return Evaluation.objects.visible_to(user).exists()

        assert [seen(user) for user in (circulation, school, other_school, perpusnas)] == [
            True,
            False,
            False,
            False,
        ]
        finish_evaluation(evaluation=ready, actor=officer)
        assert [seen(user) for user in (circulation, school, other_school, perpusnas)] == [
            True,
            True,
            False,
            False,
        ]


class TestRenewal:
    def test_asks_for_a_finished_one(self, ready: Evaluation, officer: Any) -> None:
        assert finished_evaluation(ready.agreement) is None
        done = finish_evaluation(evaluation=ready, actor=officer)
        assert finished_evaluation(ready.agreement) == done

    def test_due_thirty_days_before_the_end(self, agreement: Agreement) -> None:
        assert evaluation_due_on(agreement) == agreement.ends_on - 30 * DAY
        agreement.ends_on = None
        assert evaluation_due_on(agreement) is None


class TestReminding:
    def ending_in(self, agreement: Agreement, days: int) -> None:
        today = clock.today()
        Agreement.objects.filter(pk=agreement.pk).update(
            starts_on=today - 300 * DAY, ends_on=today + days * DAY
        )

    @pytest.mark.parametrize(("days", "rungs"), [(61, []), (60, [-30]), (30, [0]), (5, [14])])
    def test_by_the_ladder_once(self, days: int, rungs: list[int], agreement: Agreement) -> None:
        self.ending_in(agreement, days)
        remind_evaluations()
        remind_evaluations()
        told = Notice.objects.filter(rule="evaluation_due")
        assert list(told.values_list("rung", flat=True)) == rungs
        assert all(notice.recipient == agreement.office for notice in told)

    def test_falls_silent_when_it_is_judged(self, ready: Evaluation, officer: Any) -> None:
        self.ending_in(ready.agreement, 20)
        remind_evaluations()
        assert Notice.objects.open().filter(rule="evaluation_due").exists()
        finish_evaluation(evaluation=ready, actor=officer)
        assert not Notice.objects.open().filter(rule="evaluation_due").exists()
        remind_evaluations()
        assert Notice.objects.filter(rule="evaluation_due").count() == 1

    def test_falls_silent_when_the_agreement_is_over(self, agreement: Agreement) -> None:
        self.ending_in(agreement, 20)
        remind_evaluations()
        Agreement.objects.filter(pk=agreement.pk).update(status=AgreementStatus.TERMINATED)
        remind_evaluations()
        assert not Notice.objects.open().filter(rule="evaluation_due").exists()
