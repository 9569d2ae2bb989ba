"""A network, questions that wait and answers that were given, all about SDN 01; regions, and school lists that were checked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kerjasama.domain import clock
from libraries.models import Assessment, Institution, Network, NetworkMember, Region, Sheet, User
from libraries.services.readiness import answer_assessment
from libraries.services.sheets import choose_columns, hand_over_sheet, run_waiting_sheets
from tests.factories import AssessmentFactory, NetworkFactory, all_answers
from tests.support.ledger import ledger  # noqa: F401  # a fixture


@pytest.fixture
def network(library: Any, school_library: Any, other_school_library: Any) -> Network:
    """Being formed; the library leads, two schools are members."""
    made = NetworkFactory(office=library, name="Jaringan Bukittinggi", led=True)
    for school in (school_library, other_school_library):
        NetworkMember.objects.create(network=made, institution=school, joined_on=clock.today())
    return made


@pytest.fixture
def answered(library: Any, school_library: Any, school: User) -> Assessment:
    """Answered by SDN 01: no catalogue, rules half."""
    row = AssessmentFactory(office=library, respondent=school_library)
    return answer_assessment(
        assessment=row, actor=school, answers=all_answers(catalogue="no", rules="partly")
    )


@pytest.fixture
def asked(library: Any, school_library: Any) -> Assessment:
    """Questions that wait for SDN 01."""
    return AssessmentFactory(office=library, respondent=school_library)


@pytest.fixture
def office(signed_in: Callable[[User], Client], officer: User) -> Client:
    return signed_in(officer)


@pytest.fixture
def phone(signed_in: Callable[[User], Client], school: User) -> Client:
    return signed_in(school)


@pytest.fixture
def regions(db: None) -> dict[str, Region]:
    made: dict[str, Region] = {}
    for code, name, level in (
        ("13", "Sumatera Barat", "province"),
        ("13.76", "Kota Payakumbuh", "regency"),
        ("13.76.01", "Payakumbuh Barat", "district"),
        ("13.76.01.1007", "Talang", "village"),
        ("13.76.02", "Payakumbuh Utara", "district"),
        ("13.76.02.1034", "Tigo Koto Dibaruah", "village"),
    ):
        made[code] = Region.objects.create(
            code=code, name=name, level=level, parent=made.get(code.rpartition(".")[0])
        )
    return made


@pytest.fixture
def checked(library: Institution, officer: User, regions: dict[str, Region]) -> Callable[..., Sheet]:
    """``checked(upload, **options)``: a list handed over with its guessed columns, and checked."""

    def make(upload: SimpleUploadedFile, **options: Any) -> Sheet:
        sheet = hand_over_sheet(office=library, upload=upload, actor=officer)
        options = {"mapping": sheet.mapping, "kind": "school", "region": regions["13.76"], **options}
        choose_columns(sheet=sheet, actor=officer, **options)
        run_waiting_sheets()
        return Sheet.objects.get(pk=sheet.pk)

    return make
