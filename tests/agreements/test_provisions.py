"""Forms of cooperation as typed terms, in words and as permits (A7), and the duties of the parties (A5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from agreements.choices import CooperationForm
from agreements.models import Agreement, Obligation, Provision
from agreements.provisions import SHAPES, missing_terms, sentences
from agreements.services.obligations import add_obligation, fulfil_obligation, let_lapse
from agreements.services.permits import permission, require_permission
from agreements.services.signing import activate_agreement, record_signature, submit_agreement
from agreements.services.writing import drop_provision, set_provision
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError, NotPermitted
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(library: Any, school_library: Any) -> Agreement:
    return AgreementFactory(office=library, partner=school_library)


def code_of(act: Any, **arguments: Any) -> str:
    with pytest.raises(DomainError) as refused:
        act(**arguments)
    return refused.value.code


def test_every_form_but_the_loan_has_its_shape() -> None:
    assert set(SHAPES) == set(CooperationForm.values) - {CooperationForm.COLLECTION_LOAN}


@pytest.mark.parametrize("form", SHAPES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_form_speaks_with_and_without_its_terms(form: str, language: str) -> None:
    filled = dict.fromkeys(SHAPES[form].terms, 2)
    filled |= {"audience": "students", "proof": "enrolment_letter", "cost_bearer": "each"}
    given = {name: value for name, value in filled.items() if name in SHAPES[form].terms}
    with translation.override(language):
        bare = sentences(Provision(form=form), language)
        full = sentences(Provision(form=form, **given), language)
    assert bare and all(sentence.endswith(".") for sentence in [*bare, *full])
    assert not any("%(" in sentence or "None" in sentence for sentence in [*bare, *full])
    assert missing_terms(Provision(form=form, **given)) == []
    assert missing_terms(Provision(form=form)) == list(SHAPES[form].needs)


def test_one_for_one_is_said_as_the_libraries_say_it() -> None:
    with translation.override("en"):
        said = sentences(Provision(form="exchange", ratio_given=1, ratio_received=1), "en")
    assert said[0].startswith("The parties exchange publications one for one")


def test_a_form_takes_its_own_terms_only(draft: Agreement, officer: Any) -> None:
    set_provision(agreement=draft, actor=officer, form="exchange", ratio_given=1, ratio_received=1)
    assert (
        code_of(set_provision, agreement=draft, actor=officer, form="exchange", loan_days=3)
        == "unknown_field"
    )
    assert (
        code_of(set_provision, agreement=draft, actor=officer, form="collection_loan") == "loan_has_own_terms"
    )
    assert code_of(set_provision, agreement=draft, actor=officer, form="barter") == "unknown_form"
    with pytest.raises(ValidationError):
        set_provision(agreement=draft, actor=officer, form="exchange", ratio_given=0)
    drop_provision(agreement=draft, actor=officer, form="exchange")
    assert not draft.provisions.exists()


def test_a_form_without_what_it_needs_cannot_be_signed(draft: Agreement, officer: Any) -> None:
    set_provision(agreement=draft, actor=officer, form="service_use", audience="students")
    with pytest.raises(DomainError) as refused:
        submit_agreement(agreement=draft, actor=officer)
    assert refused.value.facts["missing"] == ["provisions"]


class TestPermission:
    def ask(self, agreement: Agreement, form: str = "exchange", **more: Any) -> Any:
        return permission(
            form=form, office=agreement.office, partner=agreement.partner, on=clock.today(), **more
        )

    def test_under_which_clause_within_which_limit(self, agreement: Agreement) -> None:
        Provision.objects.create(
            agreement=agreement, form="service_use", audience="students", proof="student_card",
            loan_limit=3, loan_days=14,
        )  # fmt: skip
        permit = self.ask(agreement, "service_use")
        assert (permit.allowed, permit.agreement) == (True, agreement)
        assert permit.limits["loan_limit"] == 3
        assert permit.limits["until"] == agreement.ends_on
        assert permit.clause.split(",")[0].endswith("4")  # aims, scope, loan, this

    def test_more_than_agreed_is_refused_by_its_clause(self, agreement: Agreement) -> None:
        assert self.ask(agreement, "collection_loan", quantity=5).allowed
        refused = self.ask(agreement, "collection_loan", quantity=6)
        assert not refused.allowed
        assert refused.clause in refused.sentence and "5" in refused.sentence

    def test_what_no_clause_speaks_of_is_not_agreed(self, agreement: Agreement) -> None:
        refused = self.ask(agreement, "internship")
        assert (refused.allowed, refused.agreement) == (False, agreement)
        with pytest.raises(NotPermitted) as error:
            require_permission(
                form="internship", office=agreement.office, partner=agreement.partner, on=clock.today()
            )
        assert error.value.code == "not_agreed"

    def test_without_an_agreement_in_force_nothing_is(self, draft: Agreement) -> None:
        refused = self.ask(draft, "collection_loan")
        assert (refused.allowed, refused.agreement) == (False, None)

    def test_of_two_agreements_the_one_that_speaks_of_it(
        self, agreement: Agreement, library: Any, school_library: Any
    ) -> None:
        other = AgreementFactory(office=library, partner=school_library, in_force=True, lending=False)
        Provision.objects.create(agreement=other, form="exchange", ratio_given=1, ratio_received=1)
        assert self.ask(agreement).agreement == other
        assert self.ask(agreement, "collection_loan").agreement == agreement


class TestObligations:
    def test_duties_typed_for_a_party_become_rows_to_tick(self, draft: Agreement, officer: Any) -> None:
        party = draft.parties.get(role="second")
        party.obligations = "- Menyediakan rak buku\n- Menunjuk seorang guru"
        party.save()
        submit_agreement(agreement=draft, actor=officer)
        for each in draft.parties.all():
            record_signature(agreement=draft, actor=officer, party=each, signed_on=clock.today())
        activate_agreement(agreement=draft, actor=officer)
        rows = Obligation.objects.filter(agreement=draft)
        assert {(row.text, row.due_on, row.party) for row in rows} == {
            ("Menyediakan rak buku", draft.ends_on, party),
            ("Menunjuk seorang guru", draft.ends_on, party),
        }

    def test_the_party_ticks_its_own_and_not_the_others(
        self, agreement: Agreement, officer: Any, school: Any, other_school: Any
    ) -> None:
        parties = {row.role: row for row in agreement.parties.all()}
        theirs, ours = (
            add_obligation(
                agreement=agreement, actor=officer, party=parties[role], text="Rak", due_on=agreement.ends_on
            )
            for role in ("second", "first")
        )
        done = fulfil_obligation(obligation=theirs, actor=school)
        assert (done.status, done.done_on) == ("fulfilled", clock.today())
        assert code_of(fulfil_obligation, obligation=ours, actor=school) == "role_missing"
        assert code_of(let_lapse, obligation=ours, actor=officer, note=" ") == "reason_missing"
        assert list(Obligation.objects.visible_to(other_school)) == []
        assert Obligation.objects.visible_to(school).count() == 2

    def test_it_is_not_due_before_the_agreement_begins(self, agreement: Agreement, officer: Any) -> None:
        party = agreement.parties.first()
        early = agreement.starts_on - timedelta(days=1)
        assert (
            code_of(add_obligation, agreement=agreement, actor=officer, party=party, text="Rak", due_on=early)
            == "outside_term"
        )
