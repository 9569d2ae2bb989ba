"""The paper of an agreement, from its rows (A3, A5, A7, A8)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from agreements.choices import AgreementKind, CooperationForm
from agreements.models import Agreement, SigningAuthority
from agreements.papers import AgreementPaper
from agreements.services.continuing import amend_agreement
from agreements.services.drafting import revise_agreement
from agreements.services.obligations import add_obligation
from agreements.services.printing import compose, draft_pdf
from agreements.services.ruling import set_kind_rule
from agreements.services.writing import set_provision
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


def paper_of(row: Agreement) -> AgreementPaper:
    with translation.override("id"):
        paper = compose(row, None)
    assert isinstance(paper, AgreementPaper)
    return paper


def titles(row: Agreement) -> list[str]:
    with translation.override("id"):
        return [article.title for article in paper_of(row).articles("id")]


@pytest.fixture
def draft(library: Any, school_library: Any) -> Agreement:
    return AgreementFactory(office=library, partner=school_library)


def test_every_form_of_cooperation_has_its_article(draft: Agreement, officer: Any) -> None:
    set_provision(agreement=draft, actor=officer, form=CooperationForm.MOBILE_LIBRARY, visits_per_month=2)
    assert "Perpustakaan keliling" in titles(draft)
    assert draft_pdf(draft).startswith(b"%PDF-")


def test_duties_name_their_day_where_they_have_one_of_their_own(draft: Agreement, officer: Any) -> None:
    party = draft.parties.get(role="second")
    party.obligations = "Menyediakan rak.\nMenjaga buku"
    party.save()
    assert draft.starts_on and draft.ends_on
    day = draft.starts_on + timedelta(days=30)
    for text, due_on in (("Menyediakan rak.", day), ("Menjaga buku", draft.ends_on), ("Melapor", day)):
        add_obligation(agreement=draft, actor=officer, party=party, text=text, due_on=due_on)
    first, second, third = paper_of(draft).obligations[1].split("\n")
    assert first.startswith("Menyediakan rak, paling lambat tanggal ")
    assert second == "Menjaga buku"
    assert third.startswith("Melapor, paling lambat")


def test_the_authority_to_sign_stands_among_what_is_taken_into_view(draft: Agreement) -> None:
    SigningAuthority.objects.create(
        institution=draft.office,
        kind=AgreementKind.PKS,
        starts_on=date(2020, 1, 1),
        basis="Keputusan Nomor 7 Tahun 2020",
    )
    SigningAuthority.objects.create(
        institution=draft.office,
        kind=AgreementKind.MOU,
        starts_on=date(2020, 1, 1),
        basis="Tentang yang lain",
    )
    basis = [str(text) for text in paper_of(draft).legal_basis]
    assert basis[-1] == "Keputusan Nomor 7 Tahun 2020"
    assert len(basis) == 3


def test_an_office_says_what_its_papers_of_a_kind_stand_on(draft: Agreement, officer: Any) -> None:
    usual = [str(text) for text in paper_of(draft).legal_basis]
    set_kind_rule(
        actor=officer,
        office=draft.office,
        kind=draft.kind,
        legal_basis="1. Undang-Undang Nomor 43 Tahun 2007\n\n2. Peraturan Wali Kota Nomor 5 Tahun 2024",
    )
    own = [str(text) for text in paper_of(draft).legal_basis]
    assert own == ["Undang-Undang Nomor 43 Tahun 2007", "Peraturan Wali Kota Nomor 5 Tahun 2024"]
    set_kind_rule(actor=officer, office=draft.office, kind=draft.kind, legal_basis=" ")
    assert [str(text) for text in paper_of(draft).legal_basis] == usual


def test_an_addendum_prints_what_it_changes_and_nothing_else(agreement: Agreement, officer: Any) -> None:
    addendum = amend_agreement(agreement=agreement, actor=officer)
    assert titles(addendum) == ["Keberlakuan"]
    assert agreement.ends_on
    revise_agreement(
        agreement=addendum,
        actor=officer,
        lending={"quantity": 3},
        ends_on=agreement.ends_on + timedelta(days=60),
    )
    addendum.refresh_from_db()
    with translation.override("id"):
        held = [article.title for article in compose(agreement, None).articles("id")]
    loan, term = held.index("Peminjaman koleksi") + 1, held.index("Jangka waktu") + 1
    assert titles(addendum) == [f"Perubahan Pasal {loan}", f"Perubahan Pasal {term}", "Keberlakuan"]
    assert paper_of(addendum).above is not None
    assert draft_pdf(addendum).startswith(b"%PDF-")


def test_an_addendum_in_force_still_shows_what_it_changed(agreement: Agreement, officer: Any) -> None:
    addendum = amend_agreement(agreement=agreement, actor=officer)
    type(addendum).objects.filter(pk=addendum.pk).update(status="active")
    addendum.refresh_from_db()
    assert any(title.startswith("Perubahan Pasal") for title in titles(addendum))


def test_a_paper_is_composed_in_a_handful_of_queries(
    agreement: Agreement, officer: Any, django_assert_max_num_queries: Any
) -> None:
    addendum = amend_agreement(agreement=agreement, actor=officer)
    row = Agreement.objects.select_related("office", "parent__office", "document", "parent__document").get(
        pk=addendum.pk
    )
    with django_assert_max_num_queries(16):
        paper_of(row)
