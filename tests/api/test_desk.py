"""The desk over the API: the check, what is permitted, and the offices' own rules (F6)."""

import pytest

from agreements.models import Agreement
from libraries.models import Institution, User
from tests.api.conftest import Program
from tests.factories import lend_to_students

pytestmark = pytest.mark.django_db


@pytest.fixture
def university(library: Institution) -> Institution:
    return lend_to_students(library).partner


def test_the_api_gives_the_same_answer_and_keeps_nothing(
    program: Program, circulation: User, university: Institution
) -> None:
    client = program(circulation, "desk-checks:write")
    answer = client.post(
        "/api/v1/desk-checks/",
        {"institution": str(university.pk), "proof": "enrolment_letter"},
        format="json",
    )
    said = answer.json()
    assert (answer.status_code, said["outcome"], said["loan_limit"]) == (200, "borrow", 3)
    assert said["agreement"]["id"] == str(Agreement.objects.get().pk)
    counts = client.get("/api/v1/desk-checks/").json()["results"]
    assert [(row["outcome"], row["count"]) for row in counts] == [("borrow", 1)]


def test_programs_ask_what_is_permitted(
    program: Program, circulation: User, school: User, other_school: User, agreement: Agreement
) -> None:
    asked = f"/api/v1/permissions/?form=collection_loan&office={agreement.office_id}&partner={agreement.partner_id}"
    for actor in (circulation, school):
        said = program(actor, "agreements:read").get(asked).json()
        assert (said["allowed"], said["limits"]["quantity"]) == (True, 5)
        assert said["agreement"]["id"] == str(agreement.pk)
    assert program(circulation).get(f"{asked}&quantity=6").json()["allowed"] is False
    assert program(circulation).get(f"{asked}&on=2001-01-01").json()["agreement"] is None
    assert program(other_school).get(asked).status_code == 400  # the other side is not theirs to see
    assert program(circulation).get(f"{asked}&colour=red").status_code == 400


def test_two_others_are_nobodys_business(program: Program, perpusnas: User, agreement: Agreement) -> None:
    asked = f"/api/v1/permissions/?form=exchange&office={agreement.office_id}&partner={agreement.partner_id}"
    answer = program(perpusnas).get(asked)
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
