"""A rotation plan on paper, as another system fetches it (L2)."""

import io
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from kerjasama.domain import clock
from libraries.models import Institution, User
from loans.services.programmes import open_programme
from loans.services.rotating import ask_plan, run_waiting_plans
from tests.factories import AgreementFactory, shelve

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    """Its words, whatever line they stand on."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_programs_print_what_the_desk_prints(program: Any, library: Institution, circulation: User) -> None:
    schools = [
        open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)
        for _school in range(2)
    ]
    shelve(library, 40)
    plan = ask_plan(office=library, actor=circulation, starts_on=clock.today() - timedelta(days=30))
    run_waiting_plans()
    client, address = program(circulation), f"/api/v1/rotation-plans/{plan.pk}/pdf/"
    whole = text_of(client.get(address).content)
    assert all(row.partner.name in whole for row in schools)
    one = text_of(client.get(f"{address}?programme={schools[0].pk}").content)
    assert schools[0].partner.name in one and schools[1].partner.name not in one
    wrong = client.get(f"{address}?programme={plan.pk}")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not_in_plan")
