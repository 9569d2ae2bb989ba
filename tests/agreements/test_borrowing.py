"""Who may read and who may borrow, for everything that can be shown (F6). Pure rules: no database."""

from dataclasses import dataclass

import pytest

from agreements.borrowing import OwnRule, Shown, judge, within
from agreements.choices import Audience, DeskOutcome, Proof


@dataclass(frozen=True)
class Grant:
    audience: str = Audience.STUDENTS
    proof: str = Proof.ENROLMENT_LETTER
    loan_limit: int | None = 3
    loan_days: int | None = 14


RULE = OwnRule(["13.75", "13.06"], loan_limit=2, loan_days=7)
STUDENTS = Grant()
BUKITTINGGI, AGAM, PADANG = "13.75.01.1005", "13.06", "13.71"


@pytest.mark.parametrize("region", [BUKITTINGGI, "13.75", AGAM])
def test_a_card_of_the_own_regions_makes_a_member(region: str) -> None:
    assert judge(Shown(Proof.ID_CARD, region=region), [], RULE).outcome == DeskOutcome.MEMBER


def test_a_card_of_elsewhere_reads_on_the_spot() -> None:
    verdict = judge(Shown(Proof.ID_CARD, region=PADANG), [], RULE)
    assert (verdict.outcome, verdict.proofs, verdict.wants_card) == (DeskOutcome.READ, (), False)


def test_a_card_without_its_region_is_asked_for_it() -> None:
    verdict = judge(Shown(Proof.ID_CARD), [], RULE)
    assert verdict.outcome == DeskOutcome.PROOF
    assert verdict.wants_region


def test_whoever_shows_nothing_is_told_what_to_show() -> None:
    verdict = judge(Shown(Proof.NONE), [STUDENTS], RULE)
    assert (verdict.outcome, verdict.proofs) == (DeskOutcome.PROOF, (Proof.ENROLMENT_LETTER,))
    assert verdict.wants_card


def test_an_agreement_lifts_the_rule_on_its_proof() -> None:
    verdict = judge(Shown(Proof.ENROLMENT_LETTER), [STUDENTS], RULE)
    assert (verdict.outcome, verdict.grant) == (DeskOutcome.BORROW, 0)


@pytest.mark.parametrize("proof", [Proof.STUDENT_CARD, Proof.ID_CARD])
def test_another_proof_does_not_but_the_right_one_would(proof: str) -> None:
    verdict = judge(Shown(proof, region=PADANG), [STUDENTS], RULE)
    assert (verdict.outcome, verdict.proofs) == (DeskOutcome.PROOF, (Proof.ENROLMENT_LETTER,))


@pytest.mark.parametrize(
    ("proof", "audience"), [(Proof.STAFF_CARD, ""), (Proof.ENROLMENT_LETTER, Audience.STAFF)]
)
def test_it_is_for_its_audience_only(proof: str, audience: str) -> None:
    verdict = judge(Shown(proof, audience), [STUDENTS], RULE)
    assert (verdict.outcome, verdict.proofs) == (DeskOutcome.READ, ())
    assert verdict.refused_audiences == (Audience.STUDENTS,)


def test_where_the_proof_does_not_tell_who_it_is_somebody_asks() -> None:
    lecturers = Grant(Audience.TEACHERS, Proof.MEMBER_CARD)
    verdict = judge(Shown(Proof.MEMBER_CARD), [lecturers], RULE)
    assert (verdict.outcome, verdict.audiences) == (DeskOutcome.PROOF, (Audience.TEACHERS,))
    assert judge(Shown(Proof.MEMBER_CARD, Audience.TEACHERS), [lecturers], RULE).outcome == DeskOutcome.BORROW


def test_the_grant_that_lends_most_is_used() -> None:
    grants = [Grant(loan_limit=2), Grant(Audience.EVERYBODY, Proof.NONE, None, None), Grant(loan_limit=5)]
    assert judge(Shown(Proof.ENROLMENT_LETTER), grants, None).grant == 2


def test_a_grant_for_reading_is_named_but_lends_nothing() -> None:
    reading = Grant(Audience.EVERYBODY, Proof.NONE, None, None)
    verdict = judge(Shown(Proof.STAFF_CARD), [reading], RULE)
    assert (verdict.outcome, verdict.grant) == (DeskOutcome.READ, 0)


def test_without_a_rule_everybody_reads() -> None:
    for proof in Proof.values:
        assert judge(Shown(proof, region=BUKITTINGGI), [], None).outcome == DeskOutcome.READ


def test_a_region_lies_in_what_its_code_begins_with_and_in_nothing_else() -> None:
    assert within("13.75.01", ["13.75"])
    assert not within("13.7", ["13.75"])
    assert not within("13.755", ["13.75"])
