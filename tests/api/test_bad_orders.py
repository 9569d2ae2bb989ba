"""What cannot be planned is said in a sentence of its own, on the page and over the API (L2)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.choices import PlanStatus
from loans.models import PlannedBook, Programme, QuotaProfile, QuotaRow, RotationPlan, TitleBan
from loans.services.programmes import open_programme
from loans.services.rotating import run_waiting_plans
from tests.factories import AgreementFactory, CopyFactory, TitleFactory, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture
def programmes(library: Institution, circulation: User) -> list[Programme]:
    return [
        open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)
        for _school in range(2)
    ]


def fixed(programme: Programme, copy: Copy, sequence: int = 1) -> PlannedBook:
    """Written straight into the table: the desk would have refused it, but the world has changed since."""
    return PlannedBook.objects.create(
        period=programme.periods.get(sequence=sequence), title=copy.title, copy=copy, is_locked=True
    )


def empty_pool(programmes: list[Programme], library: Institution) -> None:
    Copy.objects.update(may_travel=False)


def quotas_above_quantity(programmes: list[Programme], library: Institution) -> None:
    """More than a hundred of a hundred: no form takes it, but it may stand there from an import."""
    profile = QuotaProfile.objects.create(office=library, name="Terlalu banyak", levels=["general"])
    for subject, share in (("000", 40), ("100", 40), ("200", 40)):
        QuotaRow.objects.create(profile=profile, share=share, subject=subject)
        CopyFactory.create_batch(3, owner=library, title__ddc=subject, title__reading_level="general")
    programmes[0].profile = profile
    programmes[0].save(update_fields=["profile"])


def quota_without_title(programmes: list[Programme], library: Institution) -> None:
    profile = QuotaProfile.objects.create(office=library, name="Tanpa judul")
    QuotaRow.objects.create(profile=profile, share=40, subject="700", reading_level="picture")
    programmes[0].profile = profile
    programmes[0].save(update_fields=["profile"])


def lock_of_a_banned_title(programmes: list[Programme], library: Institution) -> None:
    row = fixed(programmes[0], Copy.objects.filter(owner=library)[0])
    TitleBan.objects.create(lender=library, partner=programmes[0].partner, title=row.title, reason="x")


def lock_of_another_level(programmes: list[Programme], library: Institution) -> None:
    copy = CopyFactory(owner=library, title=TitleFactory(reading_level="picture"))
    programmes[0].reading_levels = ["general"]
    programmes[0].save(update_fields=["reading_levels"])
    fixed(programmes[0], copy)


def one_copy_for_two_schools(programmes: list[Programme], library: Institution) -> None:
    copy = Copy.objects.filter(owner=library)[0]
    for programme in programmes:
        fixed(programme, copy)


def title_twice(programmes: list[Programme], library: Institution) -> None:
    first = Copy.objects.filter(owner=library)[0]
    fixed(programmes[0], first)
    fixed(programmes[0], CopyFactory(owner=library, title=first.title), 2)


def a_copy_that_may_not_leave(programmes: list[Programme], library: Institution) -> None:
    """A title in no copy that may travel, fixed all the same."""
    copy = CopyFactory(owner=library)
    fixed(programmes[0], copy)
    Copy.objects.filter(pk=copy.pk).update(may_travel=False)


WRONG: list[tuple[Any, str, str]] = [
    (empty_pool, "empty_pool", "Tidak ada buku yang boleh dibawa keluar"),
    (quotas_above_quantity, "quotas_above_size", "6 buku"),
    (quota_without_title, "quota_without_title", "Tidak ada judul"),
    (lock_of_a_banned_title, "lock_banned", ""),
    (lock_of_another_level, "lock_other_level", ""),
    (one_copy_for_two_schools, "lock_copy_twice", ""),
    (title_twice, "lock_twice", ""),
    (a_copy_that_may_not_leave, "lock_unknown_title", ""),
]


@pytest.mark.parametrize(("spoil", "code", "words"), WRONG, ids=[code for _spoil, code, _words in WRONG])
def test_each_contradiction_has_its_own_sentence_on_the_page_and_its_code_over_the_api(
    spoil: Any,
    code: str,
    words: str,
    programmes: list[Programme],
    library: Institution,
    circulation: User,
    signed_in: Any,
    program: Any,
) -> None:
    shelve(library, 30)
    spoil(programmes, library)
    client: Client = signed_in(circulation)
    starts = clock.today() - timedelta(days=30)
    asked = {"office": str(library.pk), "starts_on": starts.isoformat(), "periods": "4", "mode": "personal"}
    client.post(reverse("work:plan_ask"), asked)
    run_waiting_plans()
    plan = RotationPlan.objects.get()
    assert plan.status == PlanStatus.FAILED
    assert code in [row["code"] for row in plan.faults]
    page = client.get(reverse("work:plan", args=[plan.pk]))
    said = page.context["faults"]
    assert len(said) == len(set(said)) >= 1
    assert not any("%(" in sentence or code in sentence for sentence in said)
    assert words in page.content.decode()
    school = programmes[0].partner.name
    if code.startswith(("quota", "lock_o", "lock_b", "lock_twice")):
        assert any(school in sentence for sentence in said), said
    answer = program(circulation).get(f"/api/v1/rotation-plans/{plan.pk}/").json()
    assert (answer["status"], code in [row["code"] for row in answer["faults"]]) == ("failed", True)
    paper = program(circulation).get(f"/api/v1/rotation-plans/{plan.pk}/pdf/")
    assert (paper.status_code, paper.json()["code"]) == (409, "not_reckoned")


def test_sentences_differ_from_one_another() -> None:
    from loans.services.planner_words import _FAULTS

    english = [str(words) for words in _FAULTS.values()]
    assert len(english) == len(set(english))
