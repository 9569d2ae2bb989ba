"""The check at the desk of Bung Hatta: the KTP rule, and what an agreement with a university lifts (F6)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.choices import AgreementStatus, Audience, CooperationForm, DeskOutcome, Proof
from agreements.models import Agreement, BorrowingRule, DeskCount, Provision
from agreements.services.desk_check import (
    DeskAnswer,
    check_at_desk,
    institutions_meant,
    label_of,
    regions_meant,
)
from agreements.services.ruling import set_borrowing_rule
from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput, NotPermitted
from libraries.choices import InstitutionKind
from libraries.models import Closure, Institution, Region, User
from tests.factories import AgreementFactory, InstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def regions() -> dict[str, Region]:
    made = {}
    for code, name, level in (
        ("13", "Sumatera Barat", "province"),
        ("13.06", "Kabupaten Agam", "regency"),
        ("13.71", "Kota Padang", "regency"),
        ("13.75", "Kota Bukittinggi", "regency"),
        ("13.75.01", "Guguak Panjang", "district"),
    ):
        made[name] = Region.objects.create(
            code=code,
            name=name,
            level=level,
            parent=Region.objects.filter(pk=code.rpartition(".")[0]).first(),
        )
    return made


@pytest.fixture
def rule(library: Institution, officer: User, regions: dict[str, Region]) -> BorrowingRule:
    return set_borrowing_rule(
        actor=officer,
        office=library,
        regions=[regions["Kota Bukittinggi"], regions["Kabupaten Agam"]],
        loan_limit=2,
        loan_days=7,
        note="Daftar di meja layanan.",
    )


@pytest.fixture
def university(db: None) -> Institution:
    return InstitutionFactory(
        name="Universitas Perintis Indonesia",
        short_name="Universitas Perintis",
        slug="universitas-perintis",
        kind=InstitutionKind.ACADEMIC,
        npsn="101010",
        city="Padang",
    )


@pytest.fixture
def lifted(library: Institution, university: Institution) -> Agreement:
    """Students of the university borrow three items for fourteen days on their enrolment letter."""
    agreement = AgreementFactory(office=library, partner=university, in_force=True, lending=False)
    Provision.objects.create(
        agreement=agreement,
        form=CooperationForm.SERVICE_USE,
        audience=Audience.STUDENTS,
        proof=Proof.ENROLMENT_LETTER,
        loan_limit=3,
        loan_days=14,
    )
    return agreement


@pytest.fixture
def check(library: Institution, circulation: User) -> Any:
    def ask(institution: Institution | None = None, proof: str = Proof.NONE, **more: Any) -> DeskAnswer:
        return check_at_desk(actor=circulation, office=library, institution=institution, proof=proof, **more)

    return ask


def test_an_identity_card_of_bukittinggi_or_agam_makes_a_member(
    check: Any, rule: BorrowingRule, regions: dict[str, Region]
) -> None:
    for name in ("Kota Bukittinggi", "Guguak Panjang", "Kabupaten Agam"):
        said = check(proof=Proof.ID_CARD, region=regions[name])
        assert said.outcome == DeskOutcome.MEMBER
        assert (said.loan_limit, said.loan_days) == (2, 7)
        assert "Kota Bukittinggi" in said.reasons[0]
        assert said.note == "Daftar di meja layanan."


def test_a_card_of_padang_reads_and_is_told_of_which_regions_members_are(
    check: Any, rule: BorrowingRule, regions: dict[str, Region]
) -> None:
    said = check(proof=Proof.ID_CARD, region=regions["Kota Padang"])
    assert (said.outcome, said.until, said.changes) == (DeskOutcome.READ, None, ())
    assert "Kabupaten Agam" in " ".join(said.reasons)


def test_the_enrolment_letter_lifts_the_rule_for_students_of_the_university(
    check: Any, rule: BorrowingRule, lifted: Agreement, university: Institution, regions: dict[str, Region]
) -> None:
    said = check(university, Proof.ENROLMENT_LETTER)
    assert said.outcome == DeskOutcome.BORROW
    assert (said.loan_limit, said.loan_days, said.agreement) == (3, 14, lifted)
    assert said.until == clock.today() + timedelta(days=14)
    assert str(lifted) in said.reasons[0]
    assert said.clause in said.reasons[0]


def test_another_proof_is_answered_with_the_one_that_is_missing(
    check: Any, rule: BorrowingRule, lifted: Agreement, university: Institution, regions: dict[str, Region]
) -> None:
    for proof in (Proof.STUDENT_CARD, Proof.NONE):
        said = check(university, proof)
        assert said.outcome == DeskOutcome.PROOF
        assert str(Proof.ENROLMENT_LETTER.label) in said.changes[0]
    said = check(university, Proof.ID_CARD, region=regions["Kota Padang"])
    assert (said.outcome, len(said.changes)) == (DeskOutcome.PROOF, 1)


def test_its_staff_are_not_meant(
    check: Any, rule: BorrowingRule, lifted: Agreement, university: Institution
) -> None:
    said = check(university, Proof.STAFF_CARD)
    assert said.outcome == DeskOutcome.READ
    assert str(Audience.STUDENTS.label) in " ".join(said.reasons)


def test_an_agreement_that_has_ended_is_named(
    check: Any, rule: BorrowingRule, lifted: Agreement, university: Institution
) -> None:
    Agreement.objects.filter(pk=lifted.pk).update(
        status=AgreementStatus.EXPIRED, starts_on=date(2019, 3, 1), ends_on=date(2021, 2, 28)
    )
    said = check(university, Proof.ENROLMENT_LETTER)
    assert said.outcome == DeskOutcome.READ
    assert lifted.number in said.reasons[0]
    assert "2021" in said.reasons[0]


def test_an_agreement_about_something_else_or_none_at_all_is_said(
    check: Any, rule: BorrowingRule, library: Institution, university: Institution
) -> None:
    assert "Universitas Perintis" in check(university, Proof.STUDENT_CARD).reasons[0]
    other = AgreementFactory(office=library, partner=university, in_force=True)
    assert str(other) in check(university, Proof.STUDENT_CARD).reasons[0]


def test_a_faculty_stands_under_the_agreement_of_its_university(
    check: Any, lifted: Agreement, university: Institution
) -> None:
    faculty = InstitutionFactory(parent=university)
    assert check(faculty, Proof.ENROLMENT_LETTER).outcome == DeskOutcome.BORROW


def test_nothing_falls_due_on_a_closed_day(
    check: Any, library: Institution, lifted: Agreement, university: Institution
) -> None:
    first = clock.today() + timedelta(days=14)
    Closure.objects.create(starts_on=first, ends_on=first + timedelta(days=1), reason="Libur")
    library.closed_weekdays = [(first + timedelta(days=2)).weekday()]
    library.save()
    assert check(university, Proof.ENROLMENT_LETTER).until == first + timedelta(days=3)


def test_only_the_number_of_answers_is_kept(
    check: Any, rule: BorrowingRule, library: Institution, lifted: Agreement, university: Institution
) -> None:
    for _person in range(3):
        check(university, Proof.ENROLMENT_LETTER)
    check()
    kept = DeskCount.objects.values_list("office", "day", "outcome", "count").order_by("outcome")
    assert list(kept) == [
        (library.pk, clock.today(), DeskOutcome.BORROW, 3),
        (library.pk, clock.today(), DeskOutcome.PROOF, 1),
    ]


def test_a_check_costs_few_queries(
    check: Any, rule: BorrowingRule, lifted: Agreement, university: Institution
) -> None:
    check(university, Proof.ENROLMENT_LETTER)
    with CaptureQueriesContext(connection) as queries:
        check(university, Proof.ENROLMENT_LETTER)
    assert len(queries) <= 12


def test_who_does_not_work_there_is_refused(library: Institution, school: User, perpusnas: User) -> None:
    for stranger in (school, perpusnas):
        with pytest.raises(NotPermitted) as refusal:
            check_at_desk(actor=stranger, office=library, institution=None, proof=Proof.NONE)
        assert refusal.value.code == "role_missing"


@pytest.mark.parametrize(
    ("given", "code"),
    [({"proof": "passport"}, "unknown_proof"), ({"audience": "friends"}, "unknown_audience")],
)
def test_what_is_not_known_is_refused(check: Any, given: dict[str, str], code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check(**given)
    assert refusal.value.code == code
    assert not DeskCount.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "101010",
        "Universitas Perintis",
        "universitas perintis indonesia",
        "perintis",
        "univ perintis",
        "Universitas Perints",
        "Universitas Perintis (101010)",
        "https://kerjasama.test/direktori/universitas-perintis/",
    ],
)
def test_an_institution_is_found_by_whatever_is_typed_or_scanned(words: str, university: Institution) -> None:
    InstitutionFactory(school=True)
    assert institutions_meant(Institution.objects.all(), words) == [university]
    assert institutions_meant(Institution.objects.all(), label_of(university)) == [university]


def test_what_means_several_is_left_to_be_chosen(university: Institution) -> None:
    InstitutionFactory(name="Universitas Bung Hatta")
    found = institutions_meant(Institution.objects.all(), "universitas")
    assert len(found) == 2


@pytest.mark.parametrize("words", ["1375010101900001", "1375.0101.0190.0001", "NIK 1375010101900001"])
def test_the_number_of_a_person_is_not_looked_for(words: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        institutions_meant(Institution.objects.all(), words)
    assert refusal.value.code == "identity_number"
    assert words not in str(refusal.value.message)


def test_a_region_is_found_by_name_or_code(regions: dict[str, Region]) -> None:
    assert regions_meant("bukittinggi") == [regions["Kota Bukittinggi"]]
    assert regions_meant("13.75") == [regions["Kota Bukittinggi"]]
    assert regions_meant("Kota Bukittinggi (13.75)") == [regions["Kota Bukittinggi"]]
    assert [row.name for row in regions_meant("kota")] == ["Kota Padang", "Kota Bukittinggi"]
    assert regions_meant("") == []
