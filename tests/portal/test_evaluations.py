"""A school reads what its cooperation brought, once the library has finished the evaluation, and nothing before (A11, P1)."""

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, Evaluation
from agreements.services.evaluating import begin_evaluation, finish_evaluation, revise_evaluation
from libraries.models import User
from tests.factories import MeasurementFactory, ObstacleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def writing(agreement: Agreement, officer: User) -> Evaluation:
    MeasurementFactory(indicator__agreement=agreement, indicator__name="Kunjungan kelas")
    ObstacleFactory(agreement=agreement)
    draft = begin_evaluation(agreement=agreement, actor=officer)
    return revise_evaluation(
        evaluation=draft, actor=officer, conclusion="Murid lebih sering datang.", recommendation="renew"
    )


def test_a_draft_is_nobodys_but_the_librarys(phone: Client, writing: Evaluation) -> None:
    assert phone.get(reverse("portal:evaluation", args=[writing.pk])).status_code == 404
    assert b"empty" in phone.get(reverse("portal:evaluations")).content


def test_a_finished_one_is_read_with_its_figures_and_its_paper(
    phone: Client, writing: Evaluation, officer: User
) -> None:
    done = finish_evaluation(evaluation=writing, actor=officer)
    page = reverse("portal:evaluation", args=[done.pk])
    assert phone.get(reverse("portal:evaluations"))["Location"] == page
    agreement = phone.get(reverse("portal:agreement", args=[done.agreement_id])).content.decode()
    assert page in agreement
    told = phone.get(page).content.decode()
    for words in ("Kunjungan kelas", "130", "Guru pustakawan sering berganti.", "Murid lebih sering datang."):
        assert words in told
    paper = reverse("document", args=[done.document_id])
    assert paper in told
    assert phone.get(paper).status_code == 200
