"""A network, questions that wait and answers that were given, all about SDN 01."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kerjasama.domain import clock
from libraries.models import Assessment, Network, NetworkMember, User
from libraries.services.readiness import answer_assessment
from tests.factories import AssessmentFactory, NetworkFactory, all_answers


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
