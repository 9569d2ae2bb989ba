"""The desk judges a cooperation in four steps; what a service refuses is said on the page, with what was typed kept (A11)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, Evaluation, Indicator, Measurement, Obstacle
from agreements.services.evaluating import begin_evaluation, finish_evaluation, revise_evaluation
from agreements.services.measuring import add_indicator
from kerjasama.domain import clock
from libraries.models import Institution, User
from tests.factories import (
    AgreementFactory,
    IndicatorFactory,
    InstitutionFactory,
    MeasurementFactory,
    ObstacleFactory,
)
from tests.support.ledger import Ledger, ledger

__all__ = ["ledger"]

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def body(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def measured(agreement: Agreement) -> Indicator:
    return MeasurementFactory(indicator__agreement=agreement, indicator__name="Kunjungan kelas").indicator


@pytest.fixture
def writing(measured: Indicator, officer: User) -> Evaluation:
    return begin_evaluation(agreement=measured.agreement, actor=officer)


@pytest.fixture
def finished(writing: Evaluation, officer: User) -> Evaluation:
    row = revise_evaluation(
        evaluation=writing, actor=officer, conclusion="Murid lebih sering datang.", recommendation="renew"
    )
    return finish_evaluation(evaluation=row, actor=officer)


def test_from_an_aim_to_the_paper(office: Client, agreement: Agreement) -> None:
    """The whole way as an officer goes it, form by form."""
    page = reverse("work:indicators", args=[agreement.pk])
    assert page in body(office.get(reverse("work:agreement", args=[agreement.pk])))
    added = office.post(
        reverse("work:indicator_add", args=[agreement.pk]),
        {"kind": "visits", "name": "Kunjungan kelas", "figure": "usual", "baseline_value": "100"},
    )
    assert added["Location"] == page
    aim = Indicator.objects.get()
    today = clock.today()
    office.post(
        reverse("work:measurement_add", args=[aim.pk]),
        {"starts_on": agreement.starts_on, "ends_on": today, "value": "130", "note": "Buku tamu"},
    )
    office.post(
        reverse("work:evaluation_begin", args=[agreement.pk]),
        {"starts_on": agreement.starts_on, "ends_on": today},
    )
    draft = Evaluation.objects.get()
    first = body(office.get(reverse("work:evaluation", args=[draft.pk])))
    assert "Kunjungan kelas" in first and 'class="bars"' in first
    noted = office.post(
        reverse("work:obstacle_add", args=[agreement.pk]),
        {"kind": "staff", "description": "Guru berganti.", "remedy": "Pelatihan.", "due_on": today},
    )
    assert noted["Location"] == reverse("work:evaluation_obstacles", args=[draft.pk])
    words = office.post(
        reverse("work:evaluation_words", args=[draft.pk]),
        {"version": draft.version, "conclusion": "Berhasil.", "recommendation": "renew"},
    )
    check = reverse("work:evaluation_finish", args=[draft.pk])
    assert words["Location"] == check
    assert "Guru berganti." in body(office.get(check))
    assert office.get(reverse("work:evaluation_draft", args=[draft.pk]))["Content-Type"] == "application/pdf"
    done = office.post(check)
    assert done["Location"] == reverse("work:evaluation", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.is_finished
    told = body(office.get(done["Location"]))
    assert draft.number in told and "Berhasil." in told
    assert office.get(reverse("work:evaluation_draft", args=[draft.pk])).status_code == 302


def test_what_lacks_is_named_and_cannot_be_finished(
    office: Client, writing: Evaluation, officer: User
) -> None:
    check = reverse("work:evaluation_finish", args=[writing.pk])
    assert f'action="{check}"' not in body(office.get(check))
    refused = office.post(check)
    assert refused.status_code == 422
    writing.refresh_from_db()
    assert not writing.is_finished


def test_steps_of_a_finished_one_lead_to_its_page(office: Client, finished: Evaluation) -> None:
    for name in ("evaluation_obstacles", "evaluation_words", "evaluation_finish"):
        answer = office.get(reverse(f"work:{name}", args=[finished.pk]))
        assert answer["Location"] == reverse("work:evaluation", args=[finished.pk])
    assert office.post(reverse("work:evaluation_finish", args=[finished.pk])).status_code == 302


def test_two_officers_lose_no_words(office: Client, writing: Evaluation, officer: User) -> None:
    revise_evaluation(evaluation=writing, actor=officer, conclusion="Kata rekan")
    url = reverse("work:evaluation_words", args=[writing.pk])
    answer = office.post(url, {"version": 1, "conclusion": "Kata saya", "recommendation": "end"})
    assert answer.status_code == 409
    assert "Kata rekan" in body(answer) and "Kata saya" in body(answer)
    again = office.post(url, {"version": 2, "conclusion": "Kata saya", "recommendation": "end"})
    assert again.status_code == 302
    writing.refresh_from_db()
    assert writing.conclusion == "Kata saya"


def test_opened_again_with_a_reason(office: Client, finished: Evaluation) -> None:
    url = reverse("work:evaluation_reopen", args=[finished.pk])
    assert url in body(office.get(reverse("work:evaluation", args=[finished.pk])))
    assert office.post(url, {"note": ""}).status_code == 422
    assert office.post(url, {"note": "Angka keliru."}).status_code == 302
    finished.refresh_from_db()
    assert finished.status == "draft"


def test_count_now_says_what_it_did(office: Client, dispatched: Any, officer: User) -> None:
    agreement = dispatched.period.programme.agreement
    add_indicator(agreement=agreement, actor=officer, kind="books_out", name="Buku bergilir")
    add_indicator(agreement=agreement, actor=officer, kind="in_time", name="Tepat waktu")
    answer = office.post(
        reverse("work:count_now", args=[agreement.pk]),
        {"starts_on": agreement.starts_on, "ends_on": clock.today()},
        follow=True,
    )
    assert Measurement.objects.get().value == 5
    assert "Tepat waktu" in " ".join(str(message) for message in answer.context["messages"])


def test_aims_and_obstacles_are_changed_and_taken_away(
    office: Client, measured: Indicator, officer: User
) -> None:
    url = reverse("work:indicator", args=[measured.pk])
    fields = {
        "version": 1,
        "name": "Kunjungan",
        "direction": "more",
        "gathering": "sum",
        "baseline_from": "2026-02-01",
        "baseline_until": "2026-01-01",
    }
    assert office.post(url, fields).status_code == 422
    assert office.post(url, fields | {"baseline_until": "2026-03-01"}).status_code == 302
    drop = reverse("work:indicator_drop", args=[measured.pk])
    assert office.post(drop).status_code == 409
    value = measured.measurements.get()
    assert office.post(reverse("work:measurement_drop", args=[value.pk])).status_code == 302
    assert office.post(drop).status_code == 302
    row = ObstacleFactory(agreement=measured.agreement)
    edit = {"kind": "funds", "description": "Dana.", "remedy": "", "owner": officer.pk, "due_on": ""}
    assert office.post(reverse("work:obstacle", args=[row.pk]), edit).status_code == 302
    resolve = reverse("work:obstacle_resolve", args=[row.pk])
    assert office.post(resolve, {"resolution": ""}).status_code == 422
    assert office.post(resolve, {"resolution": "Selesai."}).status_code == 302
    row.refresh_from_db()
    assert (row.kind, row.owner, row.resolution) == ("funds", officer, "Selesai.")


def test_another_time_is_judged(office: Client, writing: Evaluation) -> None:
    url = reverse("work:evaluation_time", args=[writing.pk])
    outside = {"starts_on": writing.starts_on - DAY, "ends_on": writing.ends_on}
    assert office.post(url, outside).status_code == 422
    assert office.post(url, {"starts_on": writing.starts_on, "ends_on": writing.ends_on}).status_code == 302


def test_who_may_not_keep_reads_only(desk: Client, writing: Evaluation) -> None:
    agreement = writing.agreement
    for name, pk in (("indicators", agreement.pk), ("evaluation", writing.pk)):
        page = body(desk.get(reverse(f"work:{name}", args=[pk])))
        assert reverse("work:indicator_add", args=[agreement.pk]) not in page
    refused = desk.post(reverse("work:evaluation_finish", args=[writing.pk]))
    assert refused.status_code == 403


class TestTheFirstPage:
    def cards(self, client: Client) -> str:
        return body(client.get(reverse("admin:index")))

    def test_names_what_ends_without_an_evaluation(self, office: Client, agreement: Agreement) -> None:
        page = reverse("work:indicators", args=[agreement.pk])
        assert page not in self.cards(office)
        Agreement.objects.filter(pk=agreement.pk).update(ends_on=clock.today() + 50 * DAY)
        assert page in self.cards(office)
        listed = body(office.get(reverse("work:evaluations") + "?bagian=perlu"))
        assert page in listed

    def test_names_remedies_whose_day_has_come(
        self, office: Client, desk: Client, agreement: Agreement, circulation: User
    ) -> None:
        row = ObstacleFactory(agreement=agreement, due_on=clock.today() + DAY)
        link = reverse("work:indicators", args=[agreement.pk]) + "#obstacles"
        assert link not in self.cards(office)
        Obstacle.objects.update(due_on=clock.today())
        assert link in self.cards(office)
        assert link not in self.cards(desk)  # not theirs to see to
        Obstacle.objects.filter(pk=row.pk).update(owner=circulation)
        assert link in self.cards(desk)


class TestTheList:
    def test_is_cut_searched_and_saved_as_a_sheet(
        self, office: Client, finished: Evaluation, library: Institution
    ) -> None:
        url = reverse("work:evaluations")
        page = reverse("work:evaluation", args=[finished.pk])
        for query, there in (
            ("", True),
            ("?bagian=selesai", True),
            ("?bagian=konsep", False),
            ("?q=benteng", True),
            ("?q=tidak-ada", False),
        ):
            assert (page in body(office.get(url + query))) is there, query
        for cut in ("", "&bagian=perlu"):
            sheet = office.get(f"{url}?bentuk=csv{cut}")
            assert sheet["Content-Type"].startswith("text/csv")

    @pytest.mark.parametrize("rows", [1, 20])
    def test_costs_the_same_however_long(
        self, rows: int, office: Client, library: Institution, ledger: Ledger
    ) -> None:
        for _number in range(rows):
            agreement = AgreementFactory(
                office=library, partner=InstitutionFactory(school=True), in_force=True
            )
            row = MeasurementFactory(indicator=IndicatorFactory(agreement=agreement))
            Evaluation.objects.create(agreement=agreement, starts_on=row.starts_on, ends_on=row.ends_on)
            ending = AgreementFactory(office=library, partner=InstitutionFactory(school=True), in_force=True)
            Agreement.objects.filter(pk=ending.pk).update(ends_on=clock.today() + 40 * DAY)
            for _aim in range(rows):
                ObstacleFactory(agreement=agreement)
        office.get(reverse("work:evaluations"))
        pages = (
            ("", reverse("work:evaluations")),
            (" to be evaluated", reverse("work:evaluations") + "?bagian=perlu"),
        )
        for name, url in pages:
            answer = ledger.weigh(f"desk evaluations{name}", rows, lambda url=url: office.get(url))
            assert answer.status_code == 200
